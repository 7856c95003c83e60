//! What must hold after each commit, whoever writes: enterprises are subjects of facts.

use crate::Core;
use record::Value;
use store::ChangeSet;
use store::commit::{Author, Committed};
use store::database::{StoreError, Tx};

impl Core {
    /// Writes a change set and numbers what it adds.
    ///
    /// # Errors
    /// As the store's commit.
    pub async fn write(&self, zone: &str, author: &Author, set: &ChangeSet) -> Result<Committed, StoreError> {
        let mut tx = self.store.begin().await?;
        let done = tx.apply(zone, &self.ledgers, author, set).await?;
        self.number_enterprises(&mut tx, zone, set, &done).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Gives each enterprise of a change set its number as a subject of facts, and keeps its name there.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn number_enterprises(&self, tx: &mut Tx, zone: &str, set: &ChangeSet, done: &Committed) -> Result<(), StoreError> {
        let Some((name, _)) = self.ledgers.get("enterprise").and_then(|l| l.field("name")) else { return Ok(()) };
        for change in set.records.iter().filter(|c| c.ledger == "enterprise") {
            let id = if change.id < 0 { done.ids.get(&("enterprise".to_owned(), change.id)).copied() } else { Some(change.id) };
            let label = change.after.as_ref().and_then(|row| row.get(name)).and_then(Value::text).unwrap_or_default();
            if let (Some(id), false) = (id, label.is_empty()) {
                tx.number_subject(zone, "enterprise", &id.to_string(), label, "").await?;
                tx.name_subject(zone, "enterprise", &id.to_string(), label).await?;
            }
        }
        Ok(())
    }
}
