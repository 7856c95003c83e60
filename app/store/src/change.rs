//! What a writer hands in: records and facts to change, as one unit.

use crate::fact::FactRow;
use record::Value;

/// One record to add, change or remove.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordChange {
    /// Ledger key.
    pub ledger: String,
    /// Its id; negative for a new record (the commit numbers it).
    pub id: i64,
    /// Version that the writer saw; 0 for a new record.
    pub seen: i64,
    /// The row as it shall be, in the ledger's field order; `None` removes it.
    pub after: Option<Vec<Value>>,
    /// Where it came from: sheet << 32 | row (0-based), -1 if typed.
    pub source: i64,
}

/// One unit of change: all of it is written, or nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChangeSet {
    /// Records.
    pub records: Vec<RecordChange>,
    /// Facts to set; a fact that stands unchanged is left alone.
    pub facts: Vec<FactRow>,
    /// Keys of facts to withdraw (undo of an import); the old value stays in `fact_was`.
    pub withdrawn: Vec<FactRow>,
}

impl ChangeSet {
    /// True if it would change nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && self.facts.is_empty() && self.withdrawn.is_empty()
    }
}
