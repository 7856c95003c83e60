//! Tables 表格: spreadsheets as people make them, read, mapped, checked, written back.
//!
//! The pure part of the importer: bytes in, tables and findings out. It knows
//! no ledger (fields come in as [`FieldSpec`]s), no store, no clock.
//!
//! Reading order: [`read`] gives a [`Workbook`] of [`Sheet`]s and [`Table`]s;
//! [`mapping`] proposes a field for each column; [`mod@parse`] turns a cell into
//! a value of its field; [`checks`] holds totals against their members and
//! finds slips of units; [`write`] makes templates, lists and error workbooks.
//!
//! Law, asserted on every file: cells read + cells listed as ignored with a
//! reason = non-empty cells.

pub mod checks;
pub mod field;
mod find;
pub mod format;
pub mod grid;
pub mod limits;
pub mod looks;
pub mod mapping;
mod number;
pub mod parse;
pub mod range;
mod source;
pub mod table;
pub mod texts;
pub mod write;

pub use field::{ChoiceOption, FieldKind, FieldSpec};
pub use grid::{Cell, CellError, CellValue};
pub use limits::{Limits, ReadError, Watch};
pub use range::Range;
pub use table::{Column, DeclaredUnit, Ignored, Line, Measure, Row, RowKind, Sheet, Table, Why, Window, Workbook};

/// Reads a file whatever its name says it is, and recognises the tables in it.
///
/// # Errors
/// [`ReadError`] if it cannot be read at all: each limit and each kind of
/// wrong file has its own sentence.
pub fn read(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<Workbook, ReadError> {
    source::read(bytes, file_name, limits, None).map(|book| find::workbook(book, file_name))
}

/// [`read`] that tells how many rows are done and may be cancelled.
///
/// # Errors
/// As [`read`]; [`ReadError::Cancelled`] when the watch breaks off.
pub fn read_watched(bytes: &[u8], file_name: &str, limits: &Limits, watch: Watch<'_>) -> Result<Workbook, ReadError> {
    source::read(bytes, file_name, limits, Some(watch)).map(|book| find::workbook(book, file_name))
}
