//! Where findings are marked: cells, rows of the column 错误, its head, the filter.

use super::ERROR_HEAD;
use crate::range::Range;
use crate::table::{Sheet, Workbook};
use std::collections::BTreeMap;
use values::place::{column_letters, parse_cell};
use values::{Finding, Severity};

/// More notes than this make a workbook slow to open; the rest is coloured and in the column all the same.
pub(super) const MOST_NOTES: usize = 5_000;
/// A cell of Excel holds 32,767 characters.
const LONGEST: usize = 32_000;

/// What is marked on one sheet.
#[derive(Debug)]
pub(super) struct SheetMarks {
    pub name: String,
    /// Worst severity and sentences of each cell.
    pub cells: BTreeMap<(u32, u32), Mark>,
    /// Text of the column 错误 by row.
    pub rows: BTreeMap<u32, String>,
    /// The column 错误, from 0.
    pub column: u32,
    /// Row of its head; none where there is no row above the first finding.
    pub head: Option<u32>,
    /// What the filter spans: the head's row to the last row of data.
    pub filter: Option<Range>,
    /// Sentences about the whole sheet or table: the note of the head.
    pub general: Vec<String>,
    /// True if the sheet had a column 错误 already, which is now written anew.
    pub again: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub severity: Severity,
    pub text: String,
}

/// One entry for each sheet of the workbook that has findings, in the file's order.
pub(super) fn plan(book: &Workbook, findings: &[Finding], say: &dyn Fn(&Finding) -> String) -> Vec<SheetMarks> {
    let mut planned: Vec<SheetMarks> = Vec::new();
    for sheet in &book.sheets {
        let prefix = format!("{}!", sheet.name);
        let mine: Vec<&Finding> = findings.iter().filter(|f| f.place == sheet.name || f.place.starts_with(&prefix)).collect();
        if !mine.is_empty() {
            planned.push(plan_sheet(sheet, &mine, say));
        }
    }
    planned
}

fn plan_sheet(sheet: &Sheet, findings: &[&Finding], say: &dyn Fn(&Finding) -> String) -> SheetMarks {
    let extent = sheet.grid().extent().unwrap_or(Range::new(0, 0, 0, 0));
    let old = sheet.cells().find(|c| c.text() == ERROR_HEAD);
    let table =
        sheet.tables.iter().max_by_key(|t| findings.iter().filter(|f| cell_of(f).is_some_and(|(r, c)| t.range.contains(r, c))).count());
    let head = old.map(|c| c.row).or_else(|| match table.map(|t| (t.head_rows, t.transposed)) {
        Some((Some((_, last)), false)) => Some(last),
        _ => extent.top.checked_sub(1),
    });
    // Right of everything, merged titles included, so that nothing is ever covered.
    let widest = sheet.grid().merges().iter().map(|m| m.right).filter(|r| *r < 16_000).max().unwrap_or(0);
    let column = old.map_or(extent.right.max(widest) + 1, |c| c.column).min(16_383);
    let mut marks = SheetMarks {
        name: sheet.name.clone(),
        cells: BTreeMap::new(),
        rows: BTreeMap::new(),
        column,
        head,
        filter: None,
        general: Vec::new(),
        again: old.is_some(),
    };
    for finding in findings {
        let sentence = say(finding);
        match cell_of(finding) {
            Some((row, column)) => {
                let line = format!("{}{}：{sentence}", column_letters(column), row + 1);
                append(marks.rows.entry(row).or_default(), &line);
                let mark = marks.cells.entry((row, column)).or_insert(Mark { severity: finding.severity, text: String::new() });
                mark.severity = mark.severity.min(finding.severity);
                append(&mut mark.text, &sentence);
            }
            None => marks.general.push(sentence),
        }
    }
    // A finding at the head itself would cover the column's own head.
    if let Some(text) = marks.head.and_then(|h| marks.rows.remove(&h)) {
        marks.general.insert(0, text);
    }
    let left = table.map_or(extent.left, |t| t.range.left);
    marks.filter = marks.head.filter(|h| *h < extent.bottom).map(|h| Range::new(h, left.min(column), extent.bottom, column));
    marks
}

fn append(text: &mut String, line: &str) {
    // The sheet and the field may both have found the same thing.
    if text.len() + line.len() < LONGEST && !text.lines().any(|l| l == line) {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line);
    }
}

/// The cell of a finding's place; of a range its first cell. None where the place is a sheet or a table's range.
fn cell_of(finding: &Finding) -> Option<(u32, u32)> {
    let (_, cell) = finding.place.rsplit_once('!')?;
    parse_cell(cell)
}
