//! Lineage 溯源: four stops from the figure to the cell it came from.

use crate::form::{Action, Filters};
use crate::line::{Light, Line, Link};
use crate::number::{Count, Number};
use crate::table::Table;

/// From the figure to the cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Thread {
    /// ① The figure.
    pub figure: Number,
    /// ① Its scope: metric, period, list used.
    pub about: Line,
    /// ② The formula, with the unrounded sum.
    pub formula: Line,
    /// ② Estimates and late filers named.
    pub detail: Line,
    /// ③ The rows, biggest first.
    pub rows: ThreadRows,
    /// ④ The sheet, form, publication; none until a row is chosen.
    pub source: Option<Source>,
    /// When the cell was corrected and why, where else the figure is used.
    pub after: Vec<(String, Line)>,
}

/// Stop ③: the rows behind a figure.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ThreadRows {
    /// How many.
    pub total: Count,
    /// What is shown of them.
    pub remark: String,
    /// Leads to the rest.
    pub more: Option<Link>,
    /// Looks for one of them.
    pub find: Option<Filters>,
    /// The rows with file › cell.
    pub table: Table,
}

/// Stop ④: where the value stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A cell of an uploaded workbook.
    Cell {
        /// Name of the file.
        file: String,
        /// Sheet, cell, uploaded when and by whom.
        about: Line,
        /// The original.
        download: Option<Action>,
        /// The window around the cell.
        sheet: Sheet,
        /// 964,183.27 万元 ÷ 10,000 ＝ 96.42 亿元.
        conversion: Line,
        /// SHA-256, shortened.
        sha: String,
        /// Whether the cell still says what was read.
        light: Light,
    },
    /// A field of a form filled in on the web, in the same frame.
    Entry {
        /// Name of the form.
        form: String,
        /// Item, when and by whom.
        about: Line,
        /// The form's items as a sheet.
        sheet: Sheet,
        /// The conversion.
        conversion: Line,
    },
    /// Published elsewhere.
    Published {
        /// Title of the publication.
        title: String,
        /// Who published it and when, with the link.
        about: Line,
        /// The words in which it stands.
        quote: String,
        /// The conversion.
        conversion: Line,
    },
    /// The file was removed: by whom and when; the hash is kept.
    Gone {
        /// Name of the file.
        file: String,
        /// Who removed it, when, why.
        about: Line,
        /// SHA-256, shortened.
        sha: String,
    },
}

/// What a cell of somebody's sheet is marked as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// Rejected.
    Bad,
    /// Taken over, but look.
    Warning,
    /// Changed.
    Changed,
    /// In a new row.
    New,
}

/// One cell of somebody's sheet, as it stands there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SheetCell {
    /// What stands in it, as shown there.
    pub text: String,
    /// True if it is a number (right-aligned).
    pub number: bool,
    /// True if it is a head of the table that was read.
    pub head: bool,
    /// How it is marked.
    pub mark: Option<Mark>,
    /// What was held before, if changed.
    pub was: String,
    /// Number of its finding in the list beside.
    pub finding: Option<u32>,
}

impl SheetCell {
    /// A cell of words.
    #[must_use]
    pub fn words(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
    /// A cell with a number.
    #[must_use]
    pub fn number(text: impl Into<String>) -> Self {
        Self { text: text.into(), number: true, ..Self::default() }
    }
    /// Marked so.
    #[must_use]
    pub fn mark(mut self, mark: Mark) -> Self {
        self.mark = Some(mark);
        self
    }
    /// With the number of its finding.
    #[must_use]
    pub fn finding(mut self, number: u32) -> Self {
        self.finding = Some(number);
        self
    }
}

/// One row of somebody's sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SheetRow {
    /// Row number as the sheet counts, from 1.
    pub number: u32,
    /// Cells from the window's first column on.
    pub cells: Vec<SheetCell>,
}

/// A window on somebody's sheet, as they know it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// Read out: which sheet of which file.
    pub label: String,
    /// First column, from 0.
    pub first_column: u32,
    /// Rows of the window.
    pub rows: Vec<SheetRow>,
    /// Row (from 1, as the sheet counts) and column (from 0) that is looked at.
    pub hit: Option<(u32, u32)>,
    /// The raw value of that cell.
    pub raw: String,
    /// Whether the hit is ringed (lineage), or only named (import).
    pub ringed: bool,
    /// Sheets of the file; a link leads to each that can be looked at.
    pub tabs: Vec<Link>,
    /// True while its cells are not known yet: drawn grey.
    pub loading: bool,
}

impl Sheet {
    /// How many columns the window has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.rows.iter().map(|r| r.cells.len()).max().unwrap_or(0)
    }
    /// Name of the cell looked at (`B7`), or empty.
    #[must_use]
    pub fn name_box(&self) -> String {
        self.hit.map_or_else(String::new, |(row, column)| values::place::cell_name(row.saturating_sub(1), column))
    }
}
