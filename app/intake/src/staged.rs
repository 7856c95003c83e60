//! What an import will do, before it is done.

use crate::Request;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::change::RecordChange;
use tables::Workbook;
use values::{Finding, Findings, Severity};

/// Counts of an import; new + changed + same + rejected = rows read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Rows that add something.
    pub new: usize,
    /// Rows that change something.
    pub changed: usize,
    /// Rows that change nothing.
    pub same: usize,
    /// Rows that stand against another row or a filing of the enterprise itself; left out.
    pub conflict: usize,
    /// Rows with an error; left out.
    pub rejected: usize,
    /// Cells listed as ignored with a reason.
    pub ignored: usize,
}

impl Counts {
    /// Rows read.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.new + self.changed + self.same + self.conflict + self.rejected
    }
}

/// One figure to be written, before its metric and subject are numbered.
#[derive(Debug, Clone, PartialEq)]
pub struct StagedFact {
    /// Metric key.
    pub metric: String,
    /// Digits that the zone's column keeps, and its unit.
    pub kept: (u8, String),
    /// Kind and reference of the subject.
    pub subject: (String, String),
    /// Name of the subject, for a new one.
    pub label: String,
    /// Class of a peer, for a new one.
    pub class: String,
    /// The row; `metric`, `subject`, `batch` are filled in when it is applied.
    pub row: store::FactRow,
}

/// One staged import.
#[derive(Debug, Clone)]
pub struct Staged {
    /// The request's file and bytes.
    pub file: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// ledger · form · figures.
    pub kind: String,
    /// Ledger or form key.
    pub target: String,
    /// Period of a form.
    pub period: Option<i64>,
    /// Source key of its facts.
    pub source: String,
    /// Sheet names, by number.
    pub sheets: Vec<String>,
    /// Sheet number → field key → column number.
    pub columns: BTreeMap<String, BTreeMap<String, u32>>,
    /// Columns that were not taken over, as `sheet!letter head`.
    pub unmapped: Vec<String>,
    /// Records to write.
    pub records: Vec<RecordChange>,
    /// Figures to write.
    pub facts: Vec<StagedFact>,
    /// Findings, in reading order.
    pub findings: Findings,
    /// Counts.
    pub counts: Counts,
    /// Old and new value of changed cells: place, field, was, now. At most a thousand are kept.
    pub changes: Vec<[String; 4]>,
    /// Places of rejected rows: (sheet, row).
    pub rejected: Vec<(u32, u32)>,
}

impl Staged {
    pub(crate) fn new(request: &Request, book: &Workbook) -> Self {
        let (kind, target, period) = match &request.target {
            crate::Target::Ledger(key) => ("ledger", key.clone(), None),
            crate::Target::AsFiled(form, period) | crate::Target::Office(form, period) => ("form", form.clone(), Some(period.code())),
            crate::Target::Figures => ("figures", "figures".into(), None),
        };
        Self {
            file: request.file.clone(),
            bytes: request.bytes.clone(),
            kind: kind.into(),
            target,
            period,
            source: String::new(),
            sheets: book.sheets.iter().map(|s| s.name.clone()).collect(),
            columns: BTreeMap::new(),
            unmapped: Vec::new(),
            records: Vec::new(),
            facts: Vec::new(),
            findings: Findings::default(),
            counts: Counts::default(),
            changes: Vec::new(),
            rejected: Vec::new(),
        }
    }

    /// Keeps which column of a sheet a field came from.
    pub(crate) fn mapped(&mut self, sheet: usize, field: &str, column: u32) {
        self.columns.entry(sheet.to_string()).or_default().insert(field.to_owned(), column);
    }

    pub(crate) fn changed(&mut self, place: String, field: &str, was: String, now: String) {
        if self.changes.len() < 1_000 {
            self.changes.push([place, field.to_owned(), was, now]);
        }
    }

    /// Adds what the reader itself found.
    pub(crate) fn finish(&mut self, book: &Workbook) {
        self.counts.ignored = book.sheets.iter().map(|s| s.ignored.len()).sum();
        let mut all: Vec<Finding> = book.all_findings().cloned().map(|f| crate::texts::filled(f, values::Lang::Zh)).collect();
        all.append(&mut self.findings.0);
        self.findings.0 = all;
    }

    /// True if something is wrong that kept a row or the file out.
    #[must_use]
    pub fn has_error(&self) -> bool {
        self.findings.iter().any(|f| f.severity == Severity::Error)
    }

    /// True if applying it would change nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && self.facts.is_empty()
    }
}
