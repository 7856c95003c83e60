//! The store: SQLite and PostgreSQL as one enum of two pools.
//!
//! Reading order: [`database`] (connections, statements, values), [`migrate`]
//! (numbered migrations), [`sql`] (the one place where SQL is built from a
//! ledger), [`change`] (what a writer hands in), [`commit`] (one transaction:
//! numbers, rows, facts, log, link), [`read`] (ledger rows and lists),
//! [`fact`] (facts as rows), [`file`] (uploads by SHA-256), [`batch`]
//! (imports), [`audit`] (the hash chain), [`content`] (content hash),
//! [`account`] (accounts and sessions), [`published`] (frozen reports).
//!
//! Every statement names a zone. Seen by `view`, `web` and `suyuan` only.

pub mod account;
pub mod audit;
pub mod batch;
pub mod change;
pub mod commit;
pub mod content;
pub mod database;
pub mod fact;
pub mod file;
pub mod find;
pub mod migrate;
pub mod published;
pub mod read;
pub mod sql;

pub use change::{ChangeSet, RecordChange};
pub use commit::Committed;
pub use database::{Bind, Row, Store, StoreError};
pub use fact::FactRow;
