//! Evaluation 取数: one metric, one subject or slice, one span, one answer.
//!
//! Sources are asked in the metric's order and the first that has a value
//! answers; the others stand beside it ([`Facts::by_source`]). A figure that
//! the zone itself was given comes before a sum over its subjects of the same
//! source.

use crate::column::Sum;
use crate::definition::{Metric, Origin, Time};
use crate::facts::{Facts, Plan, SeriesKey, VALUE};
use crate::frame::Frames;
use crate::gather::{Gathered, Select, counts, part, worse};
use crate::span::{Gap, Term};
use crate::subject::SubjectKind;
use expr::{Value, Values};
use rust_decimal::Decimal;
use std::sync::Arc;
use values::figure::Reason;
use values::{Confidence, Period};

/// Code of the source `computed` in `values::fact::SOURCES`.
pub const COMPUTED: u8 = 10;
/// Formulas over formulas, at most so deep; the checker finds circles, this stops them.
const DEPTH_MAX: u8 = 16;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Query {
    /// Metric key.
    pub metric: String,
    /// Number of the subject; none for the zone.
    pub subject: Option<i64>,
    /// Dimension and value.
    pub slice: Option<(String, String)>,
    /// The span.
    pub period: Period,
    /// Code in `values::fact::SCENARIOS`; 0 is actual.
    pub scenario: u8,
    /// Only this source, as a code in `values::fact::SOURCES`; none for the metric's own order.
    pub source: Option<u8>,
}

impl Query {
    /// The zone's actual value of a metric in a span.
    #[must_use]
    pub fn zone(metric: &str, period: Period) -> Self {
        Self { metric: metric.to_owned(), subject: None, slice: None, period, scenario: 0, source: None }
    }
    /// Of one subject.
    #[must_use]
    pub fn of(mut self, subject: i64) -> Self {
        self.subject = Some(subject);
        self
    }
    /// Of one slice.
    #[must_use]
    pub fn slice(mut self, dimension: &str, value: &str) -> Self {
        self.slice = Some((dimension.to_owned(), value.to_owned()));
        self
    }
    /// From one source only.
    #[must_use]
    pub fn from_source(mut self, source: u8) -> Self {
        self.source = Some(source);
        self
    }
    /// Over another span.
    #[must_use]
    pub fn over(&self, period: Period) -> Self {
        Self { period, ..self.clone() }
    }
}

/// How a value came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// Given for the very subject.
    Given,
    /// Added over subjects.
    Added,
    /// Counted or added over a ledger's rows.
    Ledger,
    /// Computed from other metrics.
    Formula,
    /// There is no value.
    None,
}

/// An answer: a value, or why there is none.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The definition that held.
    pub metric: Arc<Metric>,
    /// In the metric's filed unit, unrounded.
    pub value: Option<Decimal>,
    /// At the metric's scale, where it is a sum of filed values.
    pub raw: Option<i128>,
    /// Why there is no value.
    pub reason: Option<Reason>,
    /// Where it came from.
    pub source: u8,
    /// How it came about.
    pub basis: Basis,
    /// What the sum rests on.
    pub sum: Sum,
    /// Reports that were filed, of those due; none where nothing is filed.
    pub filed: Option<(u32, u32)>,
    /// Periods of the span for which nobody filed.
    pub missing: Vec<Period>,
    /// Code of the status.
    pub status: u8,
    /// Code of the bound.
    pub bound: u8,
    /// Upper end of a range, in the filed unit.
    pub value_to: Option<Decimal>,
    /// Words of a value given in words.
    pub text: String,
    /// Last month that it speaks of.
    pub as_of: i32,
    /// Lowest confidence of its inputs.
    pub confidence: Confidence,
    /// What it is made of.
    pub(crate) trail: Trail,
}

/// What an answer is made of, for lineage.
#[derive(Debug, Clone)]
pub(crate) enum Trail {
    Nothing,
    Facts { key: SeriesKey, select: Select, terms: Vec<Term>, span: Period },
    Ledger { plan: u32, select: Select, span: Period },
    Formula(Vec<Answer>),
}

/// A query with its names looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub plan: u32,
    pub of: &'a Plan,
    pub metric: &'a Arc<Metric>,
    pub frames: &'a Frames,
    pub target: Whom,
    pub period: Period,
    pub scenario: u8,
    pub source: Option<u8>,
}

/// Whom a query is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whom {
    /// The zone: its own figure, or everybody's.
    Zone,
    /// A slice of everybody.
    Slice(usize, u16),
    /// One subject.
    One(SubjectKind, u32),
    /// A chain: its own figure, or the slice of its key.
    OneOrSlice(SubjectKind, u32, usize, u16),
    /// Nobody: an unknown subject, or a slice that the metric is not cut by.
    Nobody,
}

impl Facts {
    /// Answers a query; `None` if there is no metric of that key.
    #[must_use]
    pub fn answer(&self, query: &Query) -> Option<Answer> {
        Some(self.read(&self.look_up(query)?, 0))
    }

    /// The answer of each source that has one, in the metric's order 多来源并列.
    #[must_use]
    pub fn by_source(&self, query: &Query) -> Vec<Answer> {
        let Some(asked) = self.look_up(query) else { return Vec::new() };
        let each = self.sources(&asked).into_iter().map(|source| self.read(&Asked { source: Some(source), ..asked }, 0));
        each.filter(|a| a.value.is_some() || !a.text.is_empty()).collect()
    }

    /// Looks the query's names up once, so that the same can be asked for many periods.
    pub(crate) fn look_up(&self, query: &Query) -> Option<Asked<'_>> {
        let plan = *self.index.get(&query.metric)?;
        let of = self.plans.get(plan as usize)?;
        let (metric, frames) = of.at(query.period.last())?;
        let target = self.whom(frames, query);
        Some(Asked { plan, of, metric, frames, target, period: query.period, scenario: query.scenario, source: query.source })
    }

    fn whom(&self, frames: &Frames, query: &Query) -> Whom {
        let slice = |dimension: &str, value: &str| frames.place(&self.ground.membership, dimension, value);
        match (query.subject, &query.slice) {
            (None, None) => Whom::Zone,
            (None, Some((dimension, value))) => slice(dimension, value).map_or(Whom::Nobody, |(cut, code)| Whom::Slice(cut, code)),
            (Some(number), None) => match self.ground.subjects.place(number) {
                Some((SubjectKind::Zone, _)) => Whom::Zone,
                Some((kind @ SubjectKind::Chain, slot)) => {
                    let reference = self.ground.subjects.at(kind, slot).map_or("", |s| s.reference.as_str());
                    slice("chain", reference).map_or(Whom::One(kind, slot), |(cut, code)| Whom::OneOrSlice(kind, slot, cut, code))
                }
                Some((kind, slot)) => Whom::One(kind, slot),
                None => Whom::Nobody,
            },
            (Some(_), Some(_)) => Whom::Nobody,
        }
    }

    /// Sources in the order in which they are asked.
    pub(crate) fn sources(&self, asked: &Asked<'_>) -> Vec<u8> {
        if let Some(only) = asked.source {
            return vec![only];
        }
        let code = |key: &String| values::fact::code(values::fact::SOURCES, key).and_then(|c| u8::try_from(c).ok());
        let mut list: Vec<u8> = asked.metric.is.sources.iter().filter_map(code).collect();
        let computed = asked.metric.origin() != Origin::Facts && asked.scenario == 0;
        if computed && !list.contains(&COMPUTED) {
            list.insert(0, COMPUTED);
        }
        // What the order does not name stands behind it, so that no value is hidden.
        for source in 0..u8::try_from(values::fact::SOURCES.len()).unwrap_or(0) {
            if !list.contains(&source) && (source != COMPUTED || !computed) {
                list.push(source);
            }
        }
        list
    }

    pub(crate) fn read(&self, asked: &Asked<'_>, depth: u8) -> Answer {
        let mut best: Option<Answer> = None;
        for source in self.sources(asked) {
            let answer = self.read_source(asked, source, depth);
            if answer.value.is_some() || !answer.text.is_empty() {
                return answer;
            }
            // The most telling reason is kept: a source that has something says more than one that has nothing.
            if best.as_ref().is_none_or(|b| telling(answer.reason) > telling(b.reason)) {
                best = Some(answer);
            }
        }
        best.unwrap_or_else(|| self.none(asked, asked.source.unwrap_or(0), Reason::NotFiled))
    }

    fn read_source(&self, asked: &Asked<'_>, source: u8, depth: u8) -> Answer {
        if source == COMPUTED && asked.scenario == 0 {
            match asked.metric.origin() {
                Origin::Formula(_) => return self.read_formula(asked, depth),
                Origin::Count(_) | Origin::Sum(..) => return self.read_ledger(asked),
                Origin::Facts => {}
            }
        }
        let zone_slot = || (self.ground.subjects.count(SubjectKind::Zone) > 0).then_some((SubjectKind::Zone, 0));
        let (own, added) = match asked.target {
            Whom::Zone => (zone_slot(), (asked.frames.kind != SubjectKind::Zone).then_some(Select::All)),
            Whom::One(kind, slot) => (Some((kind, slot)), None),
            Whom::Slice(cut, code) => (None, Some(Select::Slice(cut, code))),
            Whom::OneOrSlice(kind, slot, cut, code) => (Some((kind, slot)), Some(Select::Slice(cut, code))),
            Whom::Nobody => (None, None),
        };
        let mut failed: Option<(Reason, Vec<Period>)> = None;
        let own = own.map(|(kind, slot)| (kind, Select::Slot(slot), Basis::Given));
        let added = added.map(|select| (asked.frames.kind, select, Basis::Added));
        for (kind, select, basis) in own.into_iter().chain(added) {
            if basis == Basis::Added && asked.metric.is.time == Time::Ratio {
                continue;
            }
            match self.read_facts(asked, source, kind, select, basis) {
                Ok(answer) => return answer,
                Err(Some(why)) if failed.as_ref().is_none_or(|f| telling(Some(why.0)) > telling(Some(f.0))) => failed = Some(why),
                Err(_) => {}
            }
        }
        let (reason, missing) = failed.unwrap_or((Reason::NotFiled, Vec::new()));
        let mut answer = self.none(asked, source, reason);
        answer.missing = missing;
        answer
    }

    /// Facts of one series; the error says why there is none, if the series has anything at all.
    fn read_facts(
        &self,
        asked: &Asked<'_>,
        source: u8,
        kind: SubjectKind,
        select: Select,
        basis: Basis,
    ) -> Result<Answer, Option<(Reason, Vec<Period>)>> {
        let key = SeriesKey { plan: asked.plan, scenario: asked.scenario, source, measure: VALUE, kind };
        let series = self.series.get(&key).ok_or(None)?;
        if let Select::Slot(slot) = select
            && let Some(said) = self.said(asked, key, series, slot)
        {
            return Ok(said);
        }
        let gathered = self.gather(asked.of, key, series, asked.period, select).map_err(|gap| {
            Some(match gap {
                Gap::Merged => (Reason::NotAnnounced, Vec::new()),
                Gap::Missing(periods) => (Reason::NotFiled, periods),
            })
        })?;
        if gathered.sum.cells == 0 {
            return Err(None);
        }
        Ok(self.added(asked, key, select, basis, gathered))
    }

    fn added(&self, asked: &Asked<'_>, key: SeriesKey, select: Select, basis: Basis, gathered: Gathered) -> Answer {
        let mut answer = self.none(asked, key.source, Reason::NotComputable);
        answer.sum = gathered.sum;
        answer.value = asked.metric.decimal(gathered.sum.value);
        answer.raw = Some(gathered.sum.value);
        // A value that 96 bits cannot hold is no value; it is never wrapped.
        answer.reason = answer.value.is_none().then_some(Reason::NotComputable);
        answer.basis = basis;
        answer.status = gathered.sum.status();
        // What is published for a zone is not filed by anybody.
        let given = matches!(key.kind, SubjectKind::Zone | SubjectKind::Peer);
        let partly = !given && (basis == Basis::Added || gathered.expected > 1);
        answer.filed = partly.then_some((gathered.sum.filed(), gathered.expected.max(gathered.sum.filed())));
        answer.as_of = gathered.as_of;
        if let (Select::Slot(slot), [Term::Whole(at)]) = (select, gathered.terms.as_slice()) {
            self.take_extra(&mut answer, key, *at, slot);
        }
        answer.trail = Trail::Facts { key, select, terms: gathered.terms, span: asked.period };
        answer
    }

    fn take_extra(&self, answer: &mut Answer, key: SeriesKey, at: usize, slot: u32) {
        let column = self.series.get(&key).and_then(|s| s.columns.get(at));
        let Some(extra) = column.and_then(|(_, c)| c.extras.as_ref()).and_then(|e| e.get(&slot)) else { return };
        answer.bound = extra.bound;
        answer.value_to = extra.value_to.and_then(|v| answer.metric.decimal(i128::from(v)));
        answer.text.clone_from(&extra.text);
    }

    /// A value given in words only, for exactly this period.
    fn said(&self, asked: &Asked<'_>, key: SeriesKey, series: &crate::facts::Series, slot: u32) -> Option<Answer> {
        let at = series.find(asked.period)?;
        let column = &series.columns[at].1;
        let extra = column.extras.as_ref()?.get(&slot)?;
        if column.cells.get(slot).is_some() || extra.text.is_empty() {
            return None;
        }
        let mut answer = self.none(asked, key.source, Reason::NotComputable);
        answer.basis = Basis::Given;
        answer.bound = extra.bound;
        answer.text.clone_from(&extra.text);
        answer.as_of = asked.period.last();
        answer.trail = Trail::Facts { key, select: Select::Slot(slot), terms: vec![Term::Whole(at)], span: asked.period };
        Some(answer)
    }

    pub(crate) fn none(&self, asked: &Asked<'_>, source: u8, reason: Reason) -> Answer {
        Answer {
            metric: Arc::clone(asked.metric),
            value: None,
            raw: None,
            reason: Some(reason),
            source,
            basis: Basis::None,
            sum: Sum::default(),
            filed: None,
            missing: Vec::new(),
            status: 0,
            bound: 0,
            value_to: None,
            text: String::new(),
            as_of: asked.period.last(),
            confidence: asked.metric.is.confidence,
            trail: Trail::Nothing,
        }
    }

    fn read_ledger(&self, asked: &Asked<'_>) -> Answer {
        let mut answer = self.none(asked, COMPUTED, Reason::NotComputable);
        let Some(counted) = &asked.of.counted else { return answer };
        let Some(select) = self.ledger_select(asked) else { return answer };
        let mut value: i128 = 0;
        let mut rows = 0u32;
        self.each_stay(asked.of, counted, select, asked.period, &mut |_, amount| {
            value += amount;
            rows = rows.saturating_add(1);
        });
        answer.raw = Some(value);
        answer.value = asked.metric.decimal(value);
        answer.reason = answer.value.is_none().then_some(Reason::NotComputable);
        answer.basis = Basis::Ledger;
        answer.sum = Sum { value, cells: rows, ..Sum::default() };
        answer.trail = Trail::Ledger { plan: asked.plan, select, span: asked.period };
        answer
    }

    fn ledger_select(&self, asked: &Asked<'_>) -> Option<Select> {
        match asked.target {
            Whom::Zone => Some(Select::All),
            Whom::Slice(cut, code) | Whom::OneOrSlice(_, _, cut, code) => Some(Select::Slice(cut, code)),
            Whom::One(kind, slot) => (kind == asked.frames.kind).then_some(Select::Slot(slot)),
            Whom::Nobody => None,
        }
    }

    /// Calls `each` with every stay that counts in the span, and its part.
    pub(crate) fn each_stay(
        &self,
        plan: &Plan,
        counted: &crate::ledger::Counted,
        select: Select,
        span: Period,
        each: &mut dyn FnMut(&crate::ledger::Stay, i128),
    ) {
        let Some((metric, frames)) = plan.at(span.last()) else { return };
        let stock = metric.is.time == Time::Stock;
        let mut frame = frames.at(&self.ground.membership, span.last());
        let mut month = span.last();
        for stay in &counted.stays {
            let counts_now =
                if stock { (stay.from..stay.until).contains(&span.last()) } else { (span.first()..=span.last()).contains(&stay.from) };
            if !counts_now {
                continue;
            }
            // A flow counts where its subject belonged when it happened.
            let wanted = if stock { span.last() } else { stay.from };
            if wanted != month {
                month = wanted;
                frame = frames.at(&self.ground.membership, month);
            }
            let value = i128::from(stay.value);
            match stay.slot {
                Some(slot) if counts(&frame, select, slot) => each(stay, part(&frame, select, slot, value)),
                None if select == Select::All => each(stay, value),
                _ => {}
            }
        }
    }

    fn read_formula(&self, asked: &Asked<'_>, depth: u8) -> Answer {
        let mut answer = self.none(asked, COMPUTED, Reason::NotComputable);
        let Some(formula) = self.ground.metrics.formula(asked.metric) else { return answer };
        if depth >= DEPTH_MAX {
            return answer;
        }
        let parts: Vec<Option<Answer>> = formula.parts.iter().map(|part| self.read_part(asked, part, depth)).collect();
        let values = PartValues(&parts);
        match formula.expr.value(&values) {
            Value::Number(number) => {
                answer.value = Some(number);
                answer.reason = None;
                answer.basis = Basis::Formula;
            }
            Value::Missing(reason) => answer.reason = Some(reason),
            _ => {}
        }
        let known: Vec<Answer> = parts.into_iter().flatten().collect();
        answer.confidence = known.iter().map(|p| p.confidence).fold(answer.confidence, Confidence::lower);
        answer.status = known.iter().fold(0, |worst, p| worse(worst, p.status));
        // What lies wholly before the span (last year's part) does not make it older.
        let within = known.iter().filter(|p| p.value.is_some() && p.as_of >= asked.period.first());
        answer.as_of = within.map(|p| p.as_of).min().unwrap_or(answer.as_of);
        // The part of which the least was filed limits the whole.
        let filed = known.iter().filter(|_| answer.value.is_some()).filter_map(|p| p.filed);
        answer.filed = filed.min_by(|a, b| (u64::from(a.0) * u64::from(b.1)).cmp(&(u64::from(b.0) * u64::from(a.1))));
        answer.missing = known.iter().find(|p| !p.missing.is_empty()).map(|p| p.missing.clone()).unwrap_or_default();
        answer.trail = Trail::Formula(known);
        answer
    }

    /// A part of a formula, for the same subject or slice and span, from its own sources.
    fn read_part(&self, asked: &Asked<'_>, part: &crate::catalogue::Part, depth: u8) -> Option<Answer> {
        let period = part.when.of(asked.period)?;
        let plan = *self.index.get(&part.metric)?;
        let of = self.plans.get(plan as usize)?;
        let (metric, frames) = of.at(period.last())?;
        let target = match asked.target {
            Whom::Slice(cut, code) => self.same_slice(asked.frames, frames, cut, code).map_or(Whom::Nobody, |(c, v)| Whom::Slice(c, v)),
            Whom::OneOrSlice(kind, slot, cut, code) => {
                let same = self.same_slice(asked.frames, frames, cut, code);
                same.map_or(Whom::One(kind, slot), |(c, v)| Whom::OneOrSlice(kind, slot, c, v))
            }
            other => other,
        };
        let part = Asked { plan, of, metric, frames, target, period, scenario: asked.scenario, source: None };
        Some(self.read(&part, depth + 1))
    }

    /// The same slice in another metric's frames.
    fn same_slice(&self, from: &Frames, to: &Frames, cut: usize, code: u16) -> Option<(usize, u16)> {
        let cut = from.cuts.get(cut)?;
        let value = self.ground.membership.dimensions(from.kind).get(cut.dimension)?.values.get(usize::from(code))?;
        to.place(&self.ground.membership, &cut.key, value)
    }
}

struct PartValues<'a>(&'a [Option<Answer>]);

impl Values for PartValues<'_> {
    fn get(&self, id: u32) -> Value<'_> {
        match self.0.get(id as usize) {
            Some(Some(answer)) => match (answer.value, answer.reason) {
                (Some(value), _) => Value::Number(value),
                (None, reason) => Value::Missing(reason.unwrap_or(Reason::NotFiled)),
            },
            _ => Value::NOT_FILED,
        }
    }
}

/// Which reason says more.
fn telling(reason: Option<Reason>) -> u8 {
    match reason {
        None => 0,
        Some(Reason::NotFiled) => 1,
        Some(Reason::NotAnnounced) => 3,
        Some(_) => 2,
    }
}
