//! What an import found: five counts, the user's own sheet, what to type.

use crate::form::Toolbar;
use crate::layout::{Pager, Step};
use crate::line::{Line, Link};
use crate::lineage::Sheet;
use crate::number::Count;
use values::Finding;

/// The five counts; together with the ignored they add up to the rows read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportCounts {
    /// New rows.
    pub new: Count,
    /// Changed rows.
    pub changed: Count,
    /// How many cells changed.
    pub changed_cells: u64,
    /// Rows that change nothing.
    pub same: Count,
    /// Rejected rows.
    pub rejected: Count,
    /// How many cells are wrong.
    pub rejected_cells: u64,
    /// Cells to look at.
    pub reminders: Count,
}

/// A finding with the number by which it stands on the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedFinding {
    /// Its number.
    pub number: u32,
    /// What, where, what to type. `expected` is the sentence, `remedy` what to type.
    pub finding: Finding,
    /// Headline in the page's language: “4.12亿”不是数.
    pub title: String,
    /// Leads to the cell.
    pub href: String,
}

/// Step three of an import.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ImportResult {
    /// The three steps.
    pub steps: Vec<Step>,
    /// The counts.
    pub counts: ImportCounts,
    /// The user's own sheet around the findings.
    pub sheet: Sheet,
    /// Leads to the finding before and after.
    pub previous: Option<String>,
    /// Leads to the next finding.
    pub next: Option<String>,
    /// All findings (of this page, if there are very many).
    pub findings: Vec<NumberedFinding>,
    /// More findings, if there are very many.
    pub pager: Option<Pager>,
    /// The rules that were checked.
    pub rules: Option<Link>,
    /// Remarks: columns not read, what was ignored.
    pub notes: Vec<Line>,
    /// 仅导入合格的 n 行 · 下载错误工作簿 · 全部退回 · 撤销本批.
    pub actions: Toolbar,
}

impl ImportResult {
    /// How many findings keep a row out, and how many only remind.
    #[must_use]
    pub fn tally(&self) -> (usize, usize) {
        let errors = self.findings.iter().filter(|f| f.finding.severity == values::Severity::Error).count();
        (errors, self.findings.len() - errors)
    }
}
