//! Facts in memory 数据列: metric → period → slot, an immutable version per commit.
//!
//! A version is built from the store's rows once and then changed by
//! difference; clones share everything that did not change. The engine keeps
//! no places of values: a fact's key is enough to ask the store for its cell.

use crate::catalogue::Metrics;
use crate::column::{Cell, Cells, Column, Extra, Kept};
use crate::definition::{Metric, Time};
use crate::frame::{Filter, Frames};
use crate::ledger::Counted;
use crate::membership::Membership;
use crate::subject::{SubjectKind, Subjects};
use crate::{check, keep};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use values::{Finding, Findings, Lang, Period};

/// Code of the measure value in `values::fact::MEASURES`.
pub(crate) const VALUE: u8 = 0;
/// Code of the measure base 上年同期.
pub(crate) const BASE: u8 = 1;
/// Code of the measure growth, given, at 0.0001 %.
pub(crate) const GROWTH: u8 = 2;

/// One fact as the store hands it over; codes are those of `values::fact`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FactRow {
    /// Number of the metric in the zone.
    pub metric: i64,
    /// actual · target · forecast.
    pub scenario: i64,
    /// enterprise · office · statistics …
    pub source: i64,
    /// value · base · growth.
    pub measure: i64,
    /// `Period::code`.
    pub period: i64,
    /// Number of the subject in the zone.
    pub subject: i64,
    /// At the metric's scale; empty for a text or an unknown.
    pub value: Option<i64>,
    /// Upper end of a range.
    pub value_to: Option<i64>,
    /// Words of a text target.
    pub text: Option<String>,
    /// eq ge gt le lt about range text.
    pub bound: i64,
    /// final · estimate · preliminary · carried.
    pub status: i64,
}

/// Key of a fact as in the store: (metric, scenario, source, measure, period, subject).
pub type FactKey = (i64, i64, i64, i64, i64, i64);

impl FactRow {
    /// Its key.
    #[must_use]
    pub fn key(&self) -> FactKey {
        (self.metric, self.scenario, self.source, self.measure, self.period, self.subject)
    }
}

/// Which series a column belongs to. `plan` is the metric's place in the version's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SeriesKey {
    pub plan: u32,
    pub scenario: u8,
    pub source: u8,
    pub measure: u8,
    pub kind: SubjectKind,
}

/// All columns of a series, by period.
#[derive(Debug, Clone, Default)]
pub(crate) struct Series {
    pub columns: Vec<(Period, Column)>,
    /// True if every slot of a span is answered by the same columns.
    pub is_regular: bool,
}

impl Series {
    #[inline]
    pub fn find(&self, period: Period) -> Option<usize> {
        self.columns.binary_search_by_key(&period, |(p, _)| *p).ok()
    }
    pub fn cell(&self, at: usize, slot: u32) -> Option<Cell> {
        self.columns.get(at).and_then(|(_, c)| c.cells.get(slot))
    }
    /// The cumulation just before a cumulation of the same year.
    pub fn before(&self, at: usize) -> Option<usize> {
        let period = self.columns.get(at)?.0;
        let lower = at.checked_sub(1)?;
        let other = self.columns[lower].0;
        (period.is_year_to_date() && other.first() == period.first()).then_some(lower)
    }
    /// The cumulation just after.
    pub fn after(&self, at: usize) -> Option<usize> {
        let next = at + 1;
        (next < self.columns.len() && self.before(next) == Some(at)).then_some(next)
    }
    pub fn look(&mut self, time: Time) {
        let periods = || self.columns.iter().map(|(p, _)| *p);
        self.is_regular = match time {
            Time::Ratio => true,
            // A year's and its December's level end together: each slot may have filed either.
            Time::Stock => {
                let mut ends: Vec<i32> = periods().map(Period::last).collect();
                ends.sort_unstable();
                ends.windows(2).all(|pair| pair[0] != pair[1])
            }
            Time::Cumulative if periods().all(Period::is_year_to_date) => true,
            Time::Flow | Time::Cumulative => {
                let mut last = i32::MIN;
                periods().all(|p| {
                    let apart = p.first() > last;
                    last = last.max(p.last());
                    apart
                })
            }
        };
    }
}

/// One metric of this version: its definitions, each with who counts month by month.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub key: String,
    pub number: Option<i64>,
    pub versions: Vec<(Arc<Metric>, Arc<Frames>)>,
    pub counted: Option<Arc<Counted>>,
}

impl Plan {
    /// The definition that holds in a month, and its frames.
    #[inline]
    pub fn at(&self, month: i32) -> Option<&(Arc<Metric>, Arc<Frames>)> {
        self.versions.iter().rev().find(|(m, _)| m.first <= month).or_else(|| self.versions.first())
    }
}

/// What the facts stand on.
#[derive(Debug, Clone)]
pub struct Ground {
    /// Zone key.
    pub zone: String,
    /// All definitions.
    pub metrics: Arc<Metrics>,
    /// Number of each metric key in the facts table.
    pub numbers: BTreeMap<String, i64>,
    /// All subjects.
    pub subjects: Arc<Subjects>,
    /// Who belongs where, when.
    pub membership: Arc<Membership>,
}

/// The facts of one zone at one commit. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Facts {
    pub(crate) seq: i64,
    pub(crate) ground: Arc<Ground>,
    pub(crate) plans: Arc<Vec<Plan>>,
    pub(crate) index: Arc<HashMap<String, u32>>,
    pub(crate) numbers: Arc<HashMap<i64, u32>>,
    pub(crate) series: BTreeMap<SeriesKey, Arc<Series>>,
}

impl Facts {
    /// Builds a version from all rows of a zone, in any order; facts that cannot be placed are findings.
    pub fn build(ground: Ground, seq: i64, rows: impl IntoIterator<Item = FactRow>, lang: Lang) -> (Self, Findings) {
        let mut made = Self::empty(ground, seq);
        let mut found = Findings::default();
        let columns = made.sort_in(rows, &mut found, lang);
        made.fill(columns, &mut found, lang);
        (made, found)
    }

    /// A version without facts.
    pub(crate) fn empty(ground: Ground, seq: i64) -> Self {
        let (plans, index, numbers) = plans(&ground);
        Self {
            seq,
            ground: Arc::new(ground),
            plans: Arc::new(plans),
            index: Arc::new(index),
            numbers: Arc::new(numbers),
            series: BTreeMap::new(),
        }
    }

    fn sort_in(
        &self,
        rows: impl IntoIterator<Item = FactRow>,
        found: &mut Findings,
        lang: Lang,
    ) -> HashMap<(SeriesKey, Period), Gathering> {
        let mut columns: HashMap<(SeriesKey, Period), Gathering> = HashMap::new();
        // Rows come ordered by key from a store: a column that is left is packed at once, so that
        // the rows of one column at a time are held. One that is met again stays open to the end.
        let mut last: Option<((SeriesKey, Period), Raw)> = None;
        for row in rows {
            let (key, slot) = match self.locate(&row) {
                Ok(place) => place,
                Err(rule) => {
                    found.push(self.row_finding(rule, &row, lang));
                    continue;
                }
            };
            if last.as_ref().is_none_or(|(k, _)| *k != key) {
                if let Some((k, raw)) = last.take() {
                    columns.insert(k, self.leave(k, raw, found, lang));
                }
                let raw = columns.remove(&key).map(Gathering::reopen).unwrap_or_default();
                last = Some((key, raw));
            }
            if let Some((_, raw)) = &mut last {
                raw.push(slot, row);
            }
        }
        if let Some((k, raw)) = last {
            columns.insert(k, self.leave(k, raw, found, lang));
        }
        columns
    }

    fn leave(&self, (key, period): (SeriesKey, Period), raw: Raw, found: &mut Findings, lang: Lang) -> Gathering {
        if raw.stays_open { Gathering::Open(raw) } else { Gathering::Packed(self.pack(key, period, raw, found, lang)) }
    }

    fn pack(&self, key: SeriesKey, period: Period, raw: Raw, found: &mut Findings, lang: Lang) -> Column {
        let (cells, twice) = Cells::build(raw.cells, self.ground.subjects.count(key.kind));
        for slot in twice {
            let name = self.ground.subjects.at(key.kind, slot).map_or("", |s| s.name.as_str());
            let what = format!("{} {period} {name}", self.plans[key.plan as usize].key);
            found.push(check::say("fact.twice", &self.ground.zone, "", &what, "", lang));
        }
        let extras = (!raw.extras.is_empty()).then(|| Arc::new(raw.extras));
        Column { cells: Arc::new(cells), extras, kept: Arc::default() }
    }

    fn fill(&mut self, columns: HashMap<(SeriesKey, Period), Gathering>, found: &mut Findings, lang: Lang) {
        let mut series: BTreeMap<SeriesKey, Series> = BTreeMap::new();
        for ((key, period), gathered) in columns {
            let column = match gathered {
                Gathering::Packed(column) => column,
                Gathering::Open(raw) => self.pack(key, period, raw, found, lang),
            };
            series.entry(key).or_default().columns.push((period, column));
        }
        for (key, mut one) in series {
            one.columns.sort_by_key(|(p, _)| *p);
            one.look(self.time_of(key.plan));
            self.series.insert(key, Arc::new(one));
        }
        self.keep_all();
    }

    /// Kept sums of every column, from nothing.
    pub(crate) fn keep_all(&mut self) {
        let keys: Vec<SeriesKey> = self.series.keys().copied().filter(|k| k.measure == VALUE).collect();
        for key in keys {
            let Some(series) = self.series.get(&key).cloned() else { continue };
            let Some(plan) = self.plans.get(key.plan as usize) else { continue };
            let base = self.series.get(&SeriesKey { measure: BASE, ..key });
            let kept: Vec<Arc<Kept>> = (0..series.columns.len())
                .map(|at| Arc::new(keep::column(&self.ground.membership, plan, key.kind, &series, base.map(Arc::as_ref), at)))
                .collect();
            if let Some(series) = self.series.get_mut(&key) {
                let series = Arc::make_mut(series);
                for ((_, column), kept) in series.columns.iter_mut().zip(kept) {
                    column.kept = kept;
                }
            }
        }
    }

    /// Series key, period and slot of a row.
    pub(crate) fn locate(&self, row: &FactRow) -> Result<((SeriesKey, Period), u32), &'static str> {
        let plan = *self.numbers.get(&row.metric).ok_or("fact.unknown_metric")?;
        let (kind, slot) = self.ground.subjects.place(row.subject).ok_or("fact.unknown_subject")?;
        let code = |list: &[&str], code: i64| u8::try_from(code).ok().filter(|c| usize::from(*c) < list.len()).ok_or("fact.bad_code");
        let key = SeriesKey {
            plan,
            scenario: code(values::fact::SCENARIOS, row.scenario)?,
            source: code(values::fact::SOURCES, row.source)?,
            measure: code(values::fact::MEASURES, row.measure)?,
            kind,
        };
        code(values::fact::STATUSES, row.status)?;
        code(values::fact::BOUNDS, row.bound)?;
        let period = Period::from_code(row.period).ok_or("fact.bad_code")?;
        Ok(((key, period), slot))
    }

    pub(crate) fn row_finding(&self, rule: &'static str, row: &FactRow, lang: Lang) -> Finding {
        let what = match rule {
            "fact.unknown_metric" => row.metric.to_string(),
            "fact.unknown_subject" => row.subject.to_string(),
            _ => format!("{:?}", row.key()),
        };
        check::say(rule, &self.ground.zone, "", &what, "", lang)
    }

    pub(crate) fn time_of(&self, plan: u32) -> Time {
        let plan = self.plans.get(plan as usize).and_then(|p| p.versions.last());
        plan.map_or(Time::Flow, |(m, _)| m.is.time)
    }

    /// Commit that this version stands at.
    #[must_use]
    pub fn seq(&self) -> i64 {
        self.seq
    }
    /// What the facts stand on.
    #[must_use]
    pub fn ground(&self) -> &Ground {
        &self.ground
    }
    /// Bytes held by columns and kept sums.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.series.values().flat_map(|s| &s.columns).map(|(_, c)| c.cells.bytes() + c.kept.bytes() + size_of::<(Period, Column)>()).sum()
    }
    /// Number of values held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.series.values().flat_map(|s| &s.columns).map(|(_, c)| c.cells.count() as usize).sum()
    }
    /// True if nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }
    /// Facts of subjects that were not in the zone at their period's end: kept, and not counted in any total.
    #[must_use]
    pub fn strays(&self, lang: Lang) -> Vec<Finding> {
        let mut found = Vec::new();
        for (key, series) in &self.series {
            if self.ground.membership.dimension(key.kind, crate::membership::PRESENCE).is_none() {
                continue;
            }
            for (period, column) in &series.columns {
                column.cells.each(|slot, _| {
                    if !self.ground.membership.is_present(key.kind, slot, period.last()) {
                        let name = self.ground.subjects.at(key.kind, slot).map_or("", |s| s.name.as_str());
                        let what = format!("{} {period} {name}", self.plans[key.plan as usize].key);
                        let finding = check::say("fact.left", &self.ground.zone, "", &what, "", lang);
                        found.push(Finding { severity: values::Severity::Warning, ..finding });
                    }
                });
            }
        }
        found
    }

    /// Last month for which anything actual is held; none if nothing is.
    #[must_use]
    pub fn last_month(&self) -> Option<i32> {
        let actual = self.series.iter().filter(|(k, _)| k.scenario == 0 && k.measure == VALUE);
        actual.flat_map(|(_, s)| s.columns.iter().map(|(p, _)| p.last())).max()
    }
}

/// A column as rows come in.
#[derive(Default)]
struct Raw {
    cells: Vec<(u32, Cell)>,
    extras: BTreeMap<u32, Extra>,
    /// Met a second time: rows do not come in order.
    stays_open: bool,
}

/// A column that was left, perhaps to be met again.
enum Gathering {
    Packed(Column),
    Open(Raw),
}

impl Gathering {
    fn reopen(self) -> Raw {
        match self {
            Self::Open(raw) => raw,
            Self::Packed(column) => {
                let mut raw = Raw { stays_open: true, ..Raw::default() };
                column.cells.each(|slot, cell| raw.cells.push((slot, cell)));
                raw.extras = column.extras.map(Arc::unwrap_or_clone).unwrap_or_default();
                raw
            }
        }
    }
}

impl Raw {
    fn push(&mut self, slot: u32, row: FactRow) {
        if let Some(value) = row.value {
            self.cells.push((slot, Cell { value, status: u8::try_from(row.status).unwrap_or(0) }));
        }
        if let Some(extra) = extra_of(&row) {
            self.extras.insert(slot, extra);
        }
    }
}

/// What a row has besides its number; none for a plain value.
pub(crate) fn extra_of(row: &FactRow) -> Option<Extra> {
    (row.bound != 0 || row.value_to.is_some() || row.text.is_some()).then(|| Extra {
        bound: u8::try_from(row.bound).unwrap_or(0),
        value_to: row.value_to,
        text: row.text.clone().unwrap_or_default(),
    })
}

type Plans = (Vec<Plan>, HashMap<String, u32>, HashMap<i64, u32>);

fn plans(ground: &Ground) -> Plans {
    let mut shared: HashMap<(SubjectKind, String, Vec<String>), Arc<Frames>> = HashMap::new();
    let (mut plans, mut index, mut numbers) = (Vec::new(), HashMap::new(), HashMap::new());
    for key in ground.metrics.keys() {
        let versions = ground.metrics.versions(key).iter().map(|metric| {
            let kind = SubjectKind::parse(&metric.is.subjects).unwrap_or(SubjectKind::Zone);
            // A ledger's filter is asked of its rows, not of subjects.
            let text = if metric.is.ledger.is_empty() { metric.is.filter.clone() } else { String::new() };
            let name = (kind, text.clone(), metric.is.slices.clone());
            let frames = shared.entry(name).or_insert_with(|| {
                let filter = Filter::compile(&text).unwrap_or_else(|_| Filter::nobody());
                Arc::new(Frames::new(&ground.membership, kind, filter, &metric.is.slices))
            });
            (Arc::clone(metric), Arc::clone(frames))
        });
        let number = ground.numbers.get(key).copied();
        let at = u32::try_from(plans.len()).unwrap_or(u32::MAX);
        index.insert(key.to_owned(), at);
        if let Some(number) = number {
            numbers.insert(number, at);
        }
        plans.push(Plan { key: key.to_owned(), number, versions: versions.collect(), counted: None });
    }
    (plans, index, numbers)
}
