//! The error workbook 错误工作簿: the user's own file back, with what is wrong marked in it.
//!
//! Bad cells are coloured and carry a note, one column 错误 says it in words
//! and can be filtered by; nothing else is touched: every other part of an
//! xlsx is copied byte for byte, and of a sheet only the rows with findings
//! are written anew. For xls, xlsb, ods and csv an xlsx that looks like the
//! file is built ([`rebuild`]).
//!
//! Mend it, import it, done: the column 错误 is known by its head and not read.

mod marks;
mod notes;
mod package;
mod rebuild;
mod rewrite;
mod styles;

use super::WriteError;
use crate::table::Workbook;
use values::Finding;

pub(crate) use crate::find::own::ERROR_HEAD;

/// The user's file with its findings in it, as xlsx.
///
/// `book` is the file as read; `say` makes a finding a sentence in the user's
/// language. Findings whose place is `sheet!cell` are marked at their cell;
/// those that name a whole table or sheet stand in the note of the column's head.
///
/// # Errors
/// [`WriteError`] if the file cannot be unpacked again or a text exceeds what a workbook holds.
pub fn errors(bytes: &[u8], book: &Workbook, findings: &[Finding], say: &dyn Fn(&Finding) -> String) -> Result<Vec<u8>, WriteError> {
    let marked = marks::plan(book, findings, say);
    if book.format == "xlsx" {
        match package::in_place(bytes, &marked) {
            Err(WriteError::Part { .. }) => {}
            done => return done,
        }
    }
    rebuild::rebuild(book, &marked)
}
