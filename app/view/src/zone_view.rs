//! The View of one zone, for one visitor, at one pinned commit.

use crate::access::sees_individuals;
use crate::access::{Scope, own_field, scope};
use crate::core::Core;
use crate::figures::Resident;
use hub::{Act, Ask, Origin, Seen, View, ViewError, Visitor, ZoneInfo};
use record::{Change, Filter, Ledger, Op, Query, Stored, Value};
use std::sync::Arc;
use store::StoreError;
use values::{Confidence, Date, Figure, Lang, Period, Reason};

/// See the module's header. Blocks on the store: not for async threads.
#[derive(Debug)]
pub struct ZoneView {
    pub(crate) core: Arc<Core>,
    zone: ZoneInfo,
    visitor: Visitor,
    lang: Lang,
    today: Date,
    pub(crate) resident: Arc<Resident>,
}

impl ZoneView {
    pub(crate) fn new(core: Arc<Core>, zone: ZoneInfo, visitor: Visitor, lang: Lang, today: Date, resident: Arc<Resident>) -> Self {
        Self { core, zone, visitor, lang, today, resident }
    }

    /// Waits for the store; only on a blocking thread.
    pub(crate) fn wait<T>(&self, work: impl Future<Output = Result<T, StoreError>>) -> Seen<T> {
        self.core.runtime.block_on(work).map_err(|e| ViewError::Store(e.to_string()))
    }

    fn readable(&self, ledger: &str) -> Seen<(&Ledger, Scope)> {
        let ledger = self.core.ledgers.get(ledger).ok_or_else(|| ViewError::Unknown(ledger.to_owned()))?;
        match scope(&self.visitor, Act::Read, ledger) {
            Scope::Nothing => Err(ViewError::Forbidden),
            scope => Ok((ledger, scope)),
        }
    }

    /// The query narrowed to the visitor's own rows, where that is the scope.
    fn narrowed(&self, ledger: &Ledger, scope: Scope, filters: &[Filter]) -> Vec<Filter> {
        let mut filters = filters.to_vec();
        if scope == Scope::Own {
            let field = own_field(ledger).unwrap_or("id").to_owned();
            filters.push(Filter { field, op: Op::Eq, value: Value::Int(self.visitor.enterprise.unwrap_or(-1)) });
        }
        filters
    }

    fn masked(&self, ledger: &Ledger, mut stored: Stored) -> Stored {
        if scope(&self.visitor, Act::ReadPersonal, ledger) == Scope::Nothing {
            for (field, value) in ledger.fields.iter().zip(&mut stored.row) {
                if let (true, Value::Text(text)) = (field.personal, &*value) {
                    *value = Value::Text(mask(text));
                }
            }
        }
        stored
    }

    fn mine(&self, ledger: &Ledger, stored: &Stored) -> bool {
        let own = self.visitor.enterprise;
        match own_field(ledger) {
            Some("id") => own == Some(stored.id),
            Some(field) => ledger.field(field).and_then(|(i, _)| stored.row[i].int()) == own,
            None => true,
        }
    }
}

/// All but the first character hidden.
fn mask(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars.next().into_iter().collect();
    first + &"＊".repeat(chars.count().min(8))
}

impl View for ZoneView {
    fn zone(&self) -> &ZoneInfo {
        &self.zone
    }
    fn visitor(&self) -> &Visitor {
        &self.visitor
    }
    fn today(&self) -> Date {
        self.today
    }
    fn seq(&self) -> i64 {
        self.resident.seq
    }
    fn lang(&self) -> Lang {
        self.lang
    }
    fn ledgers(&self) -> Vec<&Ledger> {
        self.core.order.iter().filter_map(|key| self.ledger(key)).collect()
    }
    fn ledger(&self, key: &str) -> Option<&Ledger> {
        self.readable(key).ok().map(|(ledger, _)| ledger)
    }
    fn may(&self, act: Act, ledger: &str) -> bool {
        self.core.ledgers.get(ledger).is_some_and(|l| scope(&self.visitor, act, l) != Scope::Nothing)
    }
    fn get(&self, ledger: &str, id: i64) -> Seen<Option<Stored>> {
        let (ledger, scope) = self.readable(ledger)?;
        let stored = self.wait(self.core.store.get(&self.zone.key, ledger, id))?;
        Ok(stored.filter(|s| scope == Scope::All || self.mine(ledger, s)).map(|s| self.masked(ledger, s)))
    }
    fn list(&self, ledger: &str, query: &Query) -> Seen<Vec<Stored>> {
        let (ledger, scope) = self.readable(ledger)?;
        let query = Query { filters: self.narrowed(ledger, scope, &query.filters), ..query.clone() };
        let rows = self.wait(self.core.store.list(&self.zone.key, ledger, &query))?;
        Ok(rows.into_iter().map(|s| self.masked(ledger, s)).collect())
    }
    fn count(&self, ledger: &str, filters: &[Filter]) -> Seen<i64> {
        let (ledger, scope) = self.readable(ledger)?;
        let filters = self.narrowed(ledger, scope, filters);
        self.wait(self.core.store.count(&self.zone.key, ledger, &filters))
    }
    fn history(&self, ledger: &str, id: i64) -> Seen<Vec<Change>> {
        // A visitor who may not see the record may not see what it was either.
        if self.get(ledger, id)?.is_none() {
            return Ok(Vec::new());
        }
        self.wait(self.core.store.history(&self.zone.key, ledger, id))
    }
    fn figure(&self, ask: &Ask) -> Figure {
        match ask.as_known {
            Some(day) => self.known_on(day, |v| v.figure_of(&v.resident, ask)).unwrap_or_else(|| self.nothing(ask, Reason::NotFiled)),
            None => self.figure_of(&self.resident, ask),
        }
    }
    fn origins(&self, handle: &str, limit: usize) -> Seen<(Vec<Origin>, usize)> {
        crate::lineage::origins(self, handle, limit)
    }
    fn slices(&self, metric: &str, dimension: &str) -> Vec<(String, String)> {
        crate::slices::values(self, metric, dimension)
    }
    fn latest(&self) -> Option<Period> {
        let month = self.resident.facts.last_month()?;
        Period::from_months(month, month)
    }
    fn definitions(&self) -> &metrics::Metrics {
        &self.core.definitions.metrics
    }
    fn anchor(&self) -> &str {
        &self.resident.anchor
    }
    fn held(&self, subject: &str, within: Period) -> Vec<(String, Period, String)> {
        self.held_of_peer(subject, within)
    }
    fn slice_label(&self, dimension: &str, value: &str) -> String {
        crate::slices::label(self, dimension, value)
    }
    fn window(&self, origin: &Origin) -> Seen<Option<hub::Window>> {
        crate::lineage::window(self, origin)
    }
    fn contributions(&self, ask: &Ask) -> Option<metrics::Contributions> {
        if !sees_individuals(&self.visitor) {
            return None;
        }
        let query = self.query(&self.resident, ask)?;
        self.resident.facts.contributions(&query, metrics::contribution::By::Subject)
    }
    fn by_source(&self, ask: &Ask) -> Vec<Figure> {
        let Some(query) = self.query(&self.resident, ask).filter(|_| self.may_see(&ask.subject)) else { return Vec::new() };
        let sources: Vec<u8> = self.resident.facts.by_source(&query).iter().map(|a| a.source).collect();
        let view = self.metrics(&self.resident);
        sources.into_iter().filter_map(|s| view.figure(&query.clone().from_source(s))).collect()
    }
}

impl ZoneView {
    /// A figure without a value, and why.
    pub(crate) fn nothing(&self, ask: &Ask, reason: Reason) -> Figure {
        Figure {
            metric: ask.metric.clone(),
            label: ask.metric.clone(),
            zone: self.zone.key.clone(),
            subject: ask.subject.clone(),
            slice: None,
            period: ask.period,
            scenario: ask.scenario.clone(),
            source: ask.source.clone().unwrap_or_default(),
            value: None,
            unit: String::new(),
            display: reason.word().into(),
            display_unit: String::new(),
            bound: "eq".into(),
            status: String::new(),
            growth: None,
            target: None,
            filed: None,
            estimated: None,
            as_of: None,
            seq: self.resident.seq,
            handle: String::new(),
            confidence: Confidence::A,
            reason: Some(reason),
        }
    }
}

impl ZoneView {
    /// The metrics engine's view of this zone, with this visitor's rights.
    #[must_use]
    pub fn metrics<'a>(&'a self, resident: &'a Resident) -> metrics::View<'a> {
        metrics::View {
            facts: &resident.facts,
            targets: &resident.targets,
            today: self.today,
            lang: self.lang,
            sees_filers: sees_individuals(&self.visitor),
        }
    }

    /// Resident data at the pinned commit.
    #[must_use]
    pub fn resident(&self) -> &Resident {
        &self.resident
    }

    /// Definitions and names of metrics.
    #[must_use]
    pub fn catalogue(&self) -> &crate::catalogue::Catalogue {
        &self.core.definitions
    }

    /// May the visitor see figures of this subject?
    fn may_see(&self, subject: &str) -> bool {
        match subject.split_once(':') {
            None => self.visitor.role != hub::Role::Anonymous,
            Some(("enterprise", id)) => sees_individuals(&self.visitor) || id.parse().ok() == self.visitor.enterprise,
            Some(("peer", _)) => self.visitor.role != hub::Role::Anonymous,
            Some(_) => sees_individuals(&self.visitor),
        }
    }

    fn figure_of(&self, resident: &Resident, ask: &Ask) -> Figure {
        if !self.may_see(&ask.subject) {
            return self.nothing(ask, Reason::Hidden);
        }
        match self.query(resident, ask) {
            Some(query) if query.scenario == 1 => self
                .metrics(resident)
                .target_figure(&metrics::Query { scenario: 0, ..query })
                .unwrap_or_else(|| self.nothing(ask, Reason::NoTarget)),
            Some(query) => {
                let figure = self.metrics(resident).figure(&query).unwrap_or_else(|| self.nothing(ask, Reason::NotFiled));
                let counts = self.core.definitions.metrics.versions(&ask.metric).last().map(|m| m.is.ledger.as_str());
                let uncounted = figure.source == "computed" && counts.is_some_and(|l| resident.empty.contains(l));
                if uncounted { self.nothing(ask, Reason::NotFiled) } else { figure }
            }
            None => self.nothing(ask, Reason::NotFiled),
        }
    }

    /// What is held of a peer within a span; nothing for other subjects, whose facts are too many to list.
    fn held_of_peer(&self, subject: &str, within: Period) -> Vec<(String, Period, String)> {
        let facts = &self.resident.facts;
        let number = facts.subject_number(subject).ok().flatten().filter(|_| subject.starts_with("peer:"));
        let names: std::collections::BTreeMap<i64, &String> = facts.ground().numbers.iter().map(|(k, n)| (*n, k)).collect();
        let mut held: Vec<(String, Period, String)> = facts
            .rows()
            .into_iter()
            .filter(|r| Some(r.subject) == number)
            .filter_map(|r| {
                let period = Period::from_code(r.period).filter(|p| within.contains(*p))?;
                Some(((*names.get(&r.metric)?).clone(), period, values::fact::key(values::fact::SCENARIOS, r.scenario).to_owned()))
            })
            .collect();
        held.sort();
        held.dedup();
        held
    }

    /// The engine's query of a question; `None` if subject, source or scenario is not known here.
    #[must_use]
    pub fn query(&self, resident: &Resident, ask: &Ask) -> Option<metrics::Query> {
        let code = |list: &[&str], key: &str| values::fact::code(list, key).and_then(|c| u8::try_from(c).ok());
        let source = match &ask.source {
            Some(key) => Some(code(values::fact::SOURCES, key)?),
            None => None,
        };
        Some(metrics::Query {
            metric: ask.metric.clone(),
            subject: resident.facts.subject_number(&ask.subject).ok()?,
            slice: ask.slice.clone(),
            period: ask.period,
            scenario: code(values::fact::SCENARIOS, &ask.scenario)?,
            source,
        })
    }

    /// Runs `work` on the zone as it was known at the end of a day, Beijing time; `None` if the store failed.
    fn known_on<T>(&self, day: Date, work: impl FnOnce(&Self) -> T) -> Option<T> {
        let end = day.tomorrow().ok()?.to_datetime(jiff::civil::Time::midnight());
        let end = jiff::tz::TimeZone::fixed(jiff::tz::offset(8)).to_timestamp(end).ok()?;
        let before = end.checked_sub(jiff::SignedDuration::from_secs(1)).ok()?;
        let seq = self.wait(self.core.store.seq_at(&self.zone.key, &crate::core::stamp(before))).ok()?;
        let resident = self.core.runtime.block_on(crate::figures::as_known(&self.core, &self.zone.key, seq)).ok()?;
        let then = Self {
            resident: Arc::new(resident),
            core: Arc::clone(&self.core),
            zone: self.zone.clone(),
            visitor: self.visitor.clone(),
            lang: self.lang,
            today: day,
        };
        Some(work(&then))
    }
}
