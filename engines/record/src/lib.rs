//! Declared ledgers 台账: a struct with a light derive gives a schema and two conversions.
//!
//! Table, form, list, filters, spreadsheet template, import, export, JSON and
//! change log are interpreters over a [`Ledger`] value: that schema plus the
//! zone's own fields. Reading order: [`schema`] (what is declared),
//! [`types`] (Rust types of fields and how they are stored), [`ledger`]
//! (the value that interpreters take), [`json`] (rows as canonical JSON), [`query`] (stored records, lists).
//!
//! Not here: storage, rights, pages.

pub mod json;
pub mod ledger;
pub mod query;
pub mod schema;
pub mod types;

pub use ledger::{FieldSpec, Ledger};
pub use query::{Change, Filter, Op, Query, Stored};
pub use record_derive::Record;
pub use schema::{Choice, Entry, Field, Kind, Record, RowError, Schema, Value, entry};
pub use types::{Cny, CreditCode, FieldType, IndustryCode, Number, Usd, read_field};

/// What checks a record beyond its field types: the ledger's own rules.
pub trait Check {
    /// Pushes what is wrong with this record; findings name fields by key. Nothing by default.
    fn check(&self, found: &mut values::Findings) {
        let _ = found;
    }
}
