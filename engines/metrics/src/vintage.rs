//! Vintages 当时所知: any figure as known at an earlier commit, and what changed since.

use crate::evaluate::{Answer, Query};
use crate::facts::{FactKey, FactRow, Facts};
use crate::lineage::{Leaf, Line};
use std::collections::{BTreeMap, BTreeSet};
use values::Lang;

/// A fact that a later commit replaced or withdrew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactWas {
    /// As it stood.
    pub row: FactRow,
    /// Commit that wrote it.
    pub seq: i64,
    /// Commit that ended it.
    pub seq_until: i64,
}

/// One fact that differs between two versions, with what it adds to the answer in each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The fact or record.
    pub leaf: Leaf,
    /// Number of its subject.
    pub subject: Option<i64>,
    /// What it added then; none if it was not there.
    pub then: Option<i128>,
    /// What it adds now; none if it is gone.
    pub now: Option<i128>,
}

/// What changed in an answer between two versions.
#[derive(Debug, Clone)]
pub struct Restatement {
    /// The answer then.
    pub then: Answer,
    /// The answer now.
    pub now: Answer,
    /// True if the metric's definition is another one now.
    pub is_redefined: bool,
    /// Facts that differ, the largest difference first.
    pub changed: Vec<Changed>,
}

impl Facts {
    /// The version as known at commit `seq`: `was` are all facts ended after it, `newer` the keys of standing facts written after it.
    ///
    /// Definitions, subjects and membership stay those of this version; who wants them as they were hands over a [`Facts::build`] on that ground.
    #[must_use]
    pub fn as_known(&self, seq: i64, was: &[FactWas], newer: &[FactKey], lang: Lang) -> Self {
        let then: Vec<FactRow> = was.iter().filter(|w| w.seq <= seq && seq < w.seq_until).map(|w| w.row.clone()).collect();
        let known: BTreeSet<FactKey> = then.iter().map(FactRow::key).collect();
        let gone: Vec<FactKey> = newer.iter().filter(|k| !known.contains(*k)).copied().collect();
        self.changed(seq, &then, &gone, lang).0
    }

    /// What changed in a query's answer since another version; `None` if there is no such metric in both.
    #[must_use]
    pub fn restated(&self, then: &Self, query: &Query) -> Option<Restatement> {
        let (old, new) = (then.answer(query)?, self.answer(query)?);
        let mut all: BTreeMap<Leaf, Changed> = BTreeMap::new();
        let mut lay = |lines: Vec<Line>, is_now: bool| {
            for line in lines {
                let entry =
                    all.entry(line.leaf.clone()).or_insert(Changed { leaf: line.leaf, subject: line.subject, then: None, now: None });
                let side = if is_now { &mut entry.now } else { &mut entry.then };
                *side = Some(side.unwrap_or(0) + line.adds);
            }
        };
        lay(then.lines(&old), false);
        lay(self.lines(&new), true);
        let mut changed: Vec<Changed> = all.into_values().filter(|c| c.then != c.now).collect();
        let size = |c: &Changed| (c.now.unwrap_or(0) - c.then.unwrap_or(0)).abs();
        changed.sort_by(|a, b| size(b).cmp(&size(a)).then_with(|| a.leaf.cmp(&b.leaf)));
        Some(Restatement { is_redefined: old.metric.hash != new.metric.hash, then: old, now: new, changed })
    }
}
