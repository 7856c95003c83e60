//! What every View stands on: store, ledgers, clock, the zone's resident data.

use hub::{Visitor, ZoneInfo};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use store::Store;
use store::commit::Ledgers;
use store::published::Zone;
use values::{Date, Lang};

/// The clock, handed in so that tests and samples can set it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// A clock that asks `now` each time.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }
    /// A clock that stands still.
    #[must_use]
    pub fn fixed(at: Timestamp) -> Self {
        Self(Arc::new(move || at))
    }
    /// The moment, UTC.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
    /// The moment as stored: RFC 3339, UTC, whole seconds.
    #[must_use]
    pub fn stamp(&self) -> String {
        stamp(self.now())
    }
    /// The day in Beijing.
    #[must_use]
    pub fn today(&self) -> Date {
        beijing(self.now()).date()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

/// RFC 3339 with whole seconds.
#[must_use]
pub fn stamp(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

/// Civil time in Beijing (UTC+8, no daylight saving).
#[must_use]
pub fn beijing(at: Timestamp) -> jiff::civil::DateTime {
    jiff::tz::offset(8).to_datetime(at)
}

/// A stored moment as people read it in Beijing: `2026-01-20 10:00`; the text itself if it is none.
#[must_use]
pub fn beijing_text(stamp: &str) -> String {
    stamp.parse::<Timestamp>().map_or_else(|_| stamp.to_owned(), |at| beijing(at).strftime("%Y-%m-%d %H:%M").to_string())
}

/// Why a View could not be built.
#[derive(Debug, thiserror::Error)]
pub enum CoreError {
    /// No zone of that key.
    #[error("没有园区“{0}”")]
    NoZone(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// Definitions do not hold together.
    #[error("定义有误：{0}")]
    Definitions(String),
}

/// Store, ledgers, definitions and clock; one for the process.
#[derive(Debug)]
pub struct Core {
    /// The store.
    pub store: Store,
    /// All ledgers by key.
    pub ledgers: Ledgers,
    /// Checks of each ledger over a stored row.
    pub checks: HashMap<String, fn(&[record::Value], &mut values::Findings)>,
    /// Ledger keys in the order of the menu.
    pub order: Vec<String>,
    /// The clock.
    pub clock: Clock,
    /// The runtime that the store's work runs on while a View blocks.
    pub runtime: tokio::runtime::Handle,
    /// Metric definitions.
    pub definitions: crate::catalogue::Catalogue,
    pub(crate) resident: Mutex<HashMap<String, Arc<crate::figures::Resident>>>,
}

impl Core {
    /// Puts the parts together; must be called on a runtime.
    ///
    /// # Errors
    /// Definitions that do not hold together.
    pub fn new(store: Store, entries: Vec<record::Entry>, clock: Clock) -> Result<Self, CoreError> {
        let ledgers = entries.iter().map(|e| (e.schema.key.to_owned(), record::Ledger::from(e.schema))).collect();
        let checks = entries.iter().map(|e| (e.schema.key.to_owned(), e.check)).collect();
        let order = entries.iter().map(|e| e.schema.key.to_owned()).collect();
        let definitions = crate::catalogue::Catalogue::embedded().map_err(CoreError::Definitions)?;
        let runtime = tokio::runtime::Handle::current();
        Ok(Self { store, ledgers, checks, order, clock, runtime, definitions, resident: Mutex::default() })
    }

    /// The zone of that key; without a key the store's own zone (the first that is not `public`).
    ///
    /// # Errors
    /// No such zone.
    pub async fn zone(&self, key: Option<&str>) -> Result<Zone, CoreError> {
        let zones = self.store.zones().await?;
        let found = match key {
            Some(key) => zones.into_iter().find(|z| z.zone == key),
            None => zones.into_iter().min_by_key(|z| (z.kind == "public", z.zone.clone())),
        };
        found.ok_or_else(|| CoreError::NoZone(key.unwrap_or("（空）").to_owned()))
    }

    /// A View of a zone for a visitor, pinned to the zone's newest commit.
    ///
    /// # Errors
    /// No such zone, or the store's answer.
    pub async fn view(self: &Arc<Self>, zone: Option<&str>, visitor: Visitor, lang: Lang) -> Result<crate::ZoneView, CoreError> {
        let zone = self.zone(zone).await?;
        let resident = crate::figures::resident(self, &zone).await?;
        let today = zone.today.as_deref().and_then(|t| t.parse().ok()).unwrap_or_else(|| self.clock.today());
        let info = ZoneInfo { key: zone.zone, label: zone.label, synthetic: zone.synthetic };
        Ok(crate::ZoneView::new(Arc::clone(self), info, visitor, lang, today, resident))
    }
}
