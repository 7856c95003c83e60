//! Applies a staged import in one short transaction: file, batch, numbers, records, facts, log, link.

use crate::{Counts, IntakeError, Staged};
use std::collections::HashMap;
use std::sync::Arc;
use store::batch::Batch;
use store::commit::Author;
use store::{ChangeSet, FactRow, StoreError};
use view::Core;

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Its number.
    pub batch: i64,
    /// Commit.
    pub seq: i64,
    /// Counts, as the dry run said.
    pub counts: Counts,
}

/// Writes what was staged. Nothing is written if any part fails.
///
/// # Errors
/// [`IntakeError::Overtaken`] if somebody changed the same records since; the store's answer.
pub async fn apply(core: &Arc<Core>, zone: &str, who: &str, staged: &Staged) -> Result<Applied, IntakeError> {
    let at = core.clock.stamp();
    let mut tx = core.store.begin().await?;
    let sha = tx.keep_file(zone, &staged.file, &staged.bytes, &at, who).await?;
    let batch = tx.add_batch(zone, &head(staged, &at, who, &sha)).await?;
    let author = Author { who: who.to_owned(), at, batch };
    let mut numbers = Numbers::default();
    let mut facts = Vec::with_capacity(staged.facts.len());
    for fact in &staged.facts {
        let (metric, subject) = numbers.of(&mut tx, zone, fact).await?;
        facts.push(FactRow { metric, subject, batch, ..fact.row.clone() });
    }
    let set = ChangeSet { records: staged.records.clone(), facts, withdrawn: Vec::new() };
    let done = tx.apply(zone, &core.ledgers, &author, &set).await.map_err(overtaken)?;
    core.number_enterprises(&mut tx, zone, &set, &done).await?;
    tx.commit().await?;
    Ok(Applied { batch, seq: done.seq, counts: staged.counts })
}

pub(crate) fn overtaken(error: StoreError) -> IntakeError {
    match error {
        StoreError::Stale { .. } | StoreError::Duplicate { .. } => IntakeError::Overtaken,
        other => IntakeError::Store(other),
    }
}

fn head(staged: &Staged, at: &str, who: &str, sha: &str) -> Batch {
    let json = |value: serde_json::Result<String>| value.unwrap_or_else(|_| "null".into());
    Batch {
        batch: 0,
        at: at.to_owned(),
        who: who.to_owned(),
        kind: staged.kind.clone(),
        target: staged.target.clone(),
        period: staged.period,
        sha256: Some(sha.to_owned()),
        file: Some(staged.file.clone()),
        source: staged.source.clone(),
        sheets: json(serde_json::to_string(&staged.sheets)),
        columns: json(serde_json::to_string(&staged.columns)),
        counts: json(serde_json::to_string(&staged.counts)),
        findings: json(serde_json::to_string(&staged.findings.0.iter().take(5_000).collect::<Vec<_>>())),
        undo_of: None,
        undone_by: None,
    }
}

/// Numbers of metrics and subjects, asked once each.
#[derive(Default)]
struct Numbers {
    metrics: HashMap<String, i64>,
    subjects: HashMap<(String, String), i64>,
}

impl Numbers {
    async fn of(&mut self, tx: &mut store::database::Tx, zone: &str, fact: &crate::StagedFact) -> Result<(i64, i64), StoreError> {
        let metric = match self.metrics.get(&fact.metric) {
            Some(number) => *number,
            None => {
                let number = tx.number_metric(zone, &fact.metric, fact.kept.0, &fact.kept.1).await?;
                self.metrics.insert(fact.metric.clone(), number);
                number
            }
        };
        let subject = match self.subjects.get(&fact.subject) {
            Some(number) => *number,
            None => {
                let number = tx.number_subject(zone, &fact.subject.0, &fact.subject.1, &fact.label, &fact.class).await?;
                self.subjects.insert(fact.subject.clone(), number);
                number
            }
        };
        Ok((metric, subject))
    }
}
