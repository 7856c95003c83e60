//! `content_hash(zone)`: one hash over ledgers and facts, not over the log.
//!
//! "Equal" in any test means an equal content hash: after undo, restore or a
//! move to another database. Versions, batches and cells do not count.

use crate::commit::Ledgers;
use crate::database::{Result, Store};
use record::{Query, json};
use sha2::{Digest, Sha256};

impl Store {
    /// Hash of all ledger rows and facts of a zone, hexadecimal.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn content_hash(&self, zone: &str, ledgers: &Ledgers) -> Result<String> {
        let mut hasher = Sha256::new();
        for ledger in ledgers.values() {
            hasher.update(ledger.key.as_bytes());
            let mut query = Query { limit: 1000, ..Query::default() };
            loop {
                let page = self.list(zone, ledger, &query).await?;
                for stored in &page {
                    hasher.update(stored.id.to_be_bytes());
                    hasher.update(json::row_to_json(ledger, &stored.row).to_string().as_bytes());
                }
                match page.last() {
                    Some(last) if page.len() == 1000 => query.after = Some((record::Value::Null, last.id)),
                    _ => break,
                }
            }
        }
        let metrics = self.metric_numbers(zone).await?;
        let name = |n: i64| metrics.iter().find(|m| m.metric == n).map_or("", |m| m.key.as_str());
        let mut facts = self.facts(zone).await?;
        facts.sort_unstable_by_key(crate::FactRow::key);
        for f in &facts {
            let line = format!("{}|{:?}|{:?}|{:?}|{:?}|{}|{}", name(f.metric), f.key(), f.value, f.value_to, f.text, f.bound, f.status);
            hasher.update(line.as_bytes());
        }
        Ok(crate::audit::hex(&hasher.finalize()))
    }
}
