//! Stored records and what a list asks for; shared by the store and everything above it.

use crate::schema::Value;

/// One stored record.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// Its id in zone and ledger.
    pub id: i64,
    /// Its version, from 1.
    pub version: i64,
    /// Batch that last wrote it, 0 if typed.
    pub batch: i64,
    /// Sheet << 32 | row of that batch's file; -1 if typed.
    pub source: i64,
    /// Values in the ledger's field order.
    pub row: Vec<Value>,
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Equal.
    Eq,
    /// At least.
    Ge,
    /// At most.
    Le,
    /// Contains the text.
    Contains,
    /// Begins with the text.
    Begins,
    /// Blank.
    Blank,
}

/// One condition of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// Field key (declared fields only).
    pub field: String,
    /// Comparison.
    pub op: Op,
    /// Value to compare with.
    pub value: Value,
}

/// What a list shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// All of these must hold.
    pub filters: Vec<Filter>,
    /// Field to sort by; id if none.
    pub sort: Option<String>,
    /// Largest first.
    pub descending: bool,
    /// Sort value and id of the last row of the page before.
    pub after: Option<(Value, i64)>,
    /// Rows of a page.
    pub limit: i64,
}

/// One logged change of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Commit.
    pub seq: i64,
    /// When, UTC.
    pub at: String,
    /// Who.
    pub who: String,
    /// Batch, 0 if typed.
    pub batch: i64,
    /// Version that it made.
    pub version: i64,
    /// JSON before.
    pub before: Option<String>,
    /// JSON after.
    pub after: Option<String>,
}
