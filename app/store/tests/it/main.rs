//! Store tests, on every database that we claim: SQLite always, PostgreSQL when `SUYUAN_TEST_PG` names a server.

mod audit;
mod commit;
mod support;
mod text;
