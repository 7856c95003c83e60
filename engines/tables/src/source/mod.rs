//! Sources 来源格式: bytes of a file to the grids of its sheets.
//!
//! Reading order: [`kind`] (what is it really, whatever its name says), then
//! one file for each format.

pub(crate) mod foreign;
pub(crate) mod kind;
mod markup;
pub(crate) mod ods;
pub(crate) mod text;
pub(crate) mod xls;
pub(crate) mod xlsx;

use crate::grid::Grid;
use crate::limits::{Limits, ReadError, Watch};
use kind::Kind;
use values::Finding;

/// What every reader is given.
pub(crate) struct Task<'a, 'w> {
    pub bytes: &'a [u8],
    pub name: &'a str,
    pub limits: &'a Limits,
    pub watch: Option<Watch<'w>>,
    rows_done: usize,
    cells_done: usize,
}

/// One sheet as read, before anything is recognised in it.
#[derive(Debug, Default)]
pub(crate) struct RawSheet {
    pub name: String,
    pub hidden: bool,
    pub grid: Grid,
}

/// All sheets as read.
#[derive(Debug, Default)]
pub(crate) struct RawBook {
    pub sheets: Vec<RawSheet>,
    /// What a person should know about the reading itself, such as the encoding chosen.
    pub findings: Vec<Finding>,
    /// Defined names 名称 and what they stand for.
    pub names: Vec<(String, String)>,
    /// Which format it was.
    pub format: &'static str,
}

impl Task<'_, '_> {
    /// Told after some rows of a sheet: keeps the limits and the watch.
    pub(crate) fn progress(&mut self, rows: usize, cells: usize) -> Result<(), ReadError> {
        let (rows, cells) = (self.rows_done + rows, self.cells_done + cells);
        if rows > self.limits.rows {
            return Err(ReadError::TooManyRows { name: self.name.into(), limit: self.limits.rows });
        }
        if cells > self.limits.cells {
            return Err(ReadError::TooManyCells { name: self.name.into(), limit: self.limits.cells });
        }
        let stop = self.watch.as_mut().is_some_and(|watch| watch(rows as u64).is_break());
        if stop { Err(ReadError::Cancelled) } else { Ok(()) }
    }
    /// A sheet is done: its rows and cells count against the limits of the file.
    pub(crate) fn sheet_done(&mut self, rows: usize, cells: usize) -> Result<(), ReadError> {
        self.progress(rows, cells)?;
        self.rows_done += rows;
        self.cells_done += cells;
        Ok(())
    }
    pub(crate) fn check_sheets(&self, sheets: usize) -> Result<(), ReadError> {
        if sheets > self.limits.sheets {
            return Err(ReadError::TooManySheets { name: self.name.into(), sheets, limit: self.limits.sheets });
        }
        Ok(())
    }
    pub(crate) fn check_text(&self, bytes: usize, place: impl FnOnce() -> String) -> Result<(), ReadError> {
        if bytes > self.limits.cell_bytes {
            return Err(ReadError::CellTooLong { name: self.name.into(), place: place(), limit: self.limits.cell_bytes });
        }
        Ok(())
    }
}

/// Reads whatever the bytes are.
pub(crate) fn read(bytes: &[u8], name: &str, limits: &Limits, watch: Option<Watch<'_>>) -> Result<RawBook, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty { name: name.into() });
    }
    let size = bytes.len() as u64;
    if size > limits.file_bytes {
        return Err(ReadError::TooLarge { name: name.into(), size, limit: limits.file_bytes });
    }
    let mut task = Task { bytes, name, limits, watch, rows_done: 0, cells_done: 0 };
    match kind::sniff(bytes, name, limits)? {
        Kind::Xlsx => xlsx::read(&mut task),
        Kind::Xlsb => foreign::xlsb(&mut task),
        Kind::Ods => ods::read(&mut task),
        Kind::Xls => xls::read(&mut task),
        Kind::Markup => markup::read(&mut task),
        Kind::Text => text::read(&mut task),
    }
}
