//! Undo 撤销 of a whole batch, as a new batch of inverse changes.
//!
//! A record or figure that was changed again since is a conflict: it is left
//! as it is and listed. Where nothing conflicts the zone's content is equal to
//! what it was before the import.

use crate::apply::{Applied, overtaken};
use crate::{Counts, IntakeError};
use record::json;
use std::collections::HashMap;
use std::sync::Arc;
use store::batch::Batch;
use store::commit::Author;
use store::{ChangeSet, FactRow, RecordChange};
use values::Finding;
use view::Core;

/// Takes a batch back. Returns what was done and the conflicts that were left alone.
///
/// # Errors
/// No such batch, undone already, or the store's answer.
pub async fn undo(core: &Arc<Core>, zone: &str, who: &str, batch: i64) -> Result<(Applied, Vec<Finding>), IntakeError> {
    let missing = |why: &str| IntakeError::NoBatch(format!("第 {batch} 批{why}"));
    let head = core.store.batch(zone, batch).await?.ok_or_else(|| missing("不存在"))?;
    if head.undone_by.is_some() {
        return Err(missing("已经撤销过"));
    }
    let mut conflicts = Vec::new();
    let mut set = ChangeSet::default();
    records(core, zone, batch, &mut set, &mut conflicts).await?;
    facts(core, zone, batch, &mut set, &mut conflicts).await?;
    let counts =
        Counts { changed: set.records.len() + set.facts.len() + set.withdrawn.len(), conflict: conflicts.len(), ..Counts::default() };
    let at = core.clock.stamp();
    let mut tx = core.store.begin().await?;
    let undo = Batch {
        at: at.clone(),
        who: who.to_owned(),
        kind: "undo".into(),
        target: head.target.clone(),
        period: head.period,
        sheets: "[]".into(),
        columns: "{}".into(),
        counts: serde_json::to_string(&counts).unwrap_or_default(),
        findings: serde_json::to_string(&conflicts).unwrap_or_default(),
        undo_of: Some(batch),
        ..Batch::default()
    };
    let number = tx.add_batch(zone, &undo).await?;
    let author = Author { who: who.to_owned(), at, batch: number };
    // Facts that come back keep the batch and cell that they had.
    let done = tx.apply(zone, &core.ledgers, &author, &set).await.map_err(overtaken)?;
    tx.commit().await?;
    Ok((Applied { batch: number, seq: done.seq, counts }, conflicts))
}

async fn records(core: &Core, zone: &str, batch: i64, set: &mut ChangeSet, conflicts: &mut Vec<Finding>) -> Result<(), IntakeError> {
    // The first image before and the last version after, for each record that the batch touched.
    let mut touched: HashMap<(String, i64), (Option<String>, i64)> = HashMap::new();
    for change in core.store.changes_of_batch(zone, batch).await? {
        let entry = touched.entry((change.0, change.1)).or_insert((change.2.before, change.2.version));
        entry.1 = entry.1.max(change.2.version);
    }
    for ((key, id), (before, version)) in touched {
        let Some(ledger) = core.ledgers.get(&key) else { continue };
        let now = core.store.get(zone, ledger, id).await?;
        if now.as_ref().map(|n| n.version) != Some(version) {
            let place = format!("{} {id}", ledger.label);
            conflicts.push(Finding::warning("import.changed_since").at(place).expected(version.to_string()));
            continue;
        }
        let after = before.and_then(|t| serde_json::from_str(&t).ok()).map(|j| json::row_from_json(ledger, &plain(j)));
        set.records.push(RecordChange { ledger: key, id, seen: version, after, source: -1 });
    }
    Ok(())
}

/// Personal values stand beside their hash in the log.
fn plain(image: serde_json::Value) -> serde_json::Value {
    let serde_json::Value::Object(map) = image else { return image };
    let value = |v: serde_json::Value| match v {
        serde_json::Value::Object(personal) => personal.get("v").cloned().unwrap_or_default(),
        other => other,
    };
    serde_json::Value::Object(map.into_iter().map(|(k, v)| (k, value(v))).collect())
}

async fn facts(core: &Core, zone: &str, batch: i64, set: &mut ChangeSet, conflicts: &mut Vec<Finding>) -> Result<(), IntakeError> {
    for fact in core.store.facts_of_batch(zone, batch).await? {
        let versions = core.store.fact_versions(zone, fact.key()).await?;
        let stands = versions.iter().any(|(f, until)| until.is_none() && f.batch == batch);
        if !stands {
            conflicts.push(Finding::warning("import.changed_since").at(format!("{:?}", fact.key())));
            continue;
        }
        // What stood when this batch first wrote the key.
        let before = versions.iter().rev().find(|(f, until)| f.batch != batch && *until == Some(fact.seq)).map(|(f, _)| f.clone());
        match before {
            Some(before) => set.facts.push(FactRow { seq: 0, ..before }),
            None => set.withdrawn.push(fact),
        }
    }
    Ok(())
}
