//! Figures: definitions, resident columns of a zone, and lineage down to the cell.

use crate::core::{Core, CoreError};
use std::sync::Arc;
use store::published::Zone;

/// All metric definitions that a zone knows.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {}

impl Catalogue {
    /// Those embedded in the program.
    ///
    /// # Errors
    /// The first that does not hold together.
    pub fn embedded() -> Result<Self, String> {
        Ok(Self {})
    }
}

/// What a zone keeps in memory at one commit.
#[derive(Debug)]
pub struct Resident {
    /// The commit.
    pub seq: i64,
    /// Its anchor.
    pub anchor: String,
}

/// The resident data of a zone at its newest commit, loading what is new.
pub(crate) async fn resident(core: &Arc<Core>, zone: &Zone) -> Result<Arc<Resident>, CoreError> {
    let (seq, anchor) = core.store.head(&zone.zone).await?;
    if let Some(held) = core.resident.lock().ok().and_then(|map| map.get(&zone.zone).cloned())
        && held.seq == seq
    {
        return Ok(held);
    }
    let fresh = Arc::new(Resident { seq, anchor });
    if let Ok(mut map) = core.resident.lock() {
        map.insert(zone.zone.clone(), Arc::clone(&fresh));
    }
    Ok(fresh)
}
