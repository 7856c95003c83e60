//! Store tests, on every database that we claim: SQLite always, PostgreSQL when `SUYUAN_TEST_PG` names a server.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod audit;
mod commit;
mod support;
mod text;
