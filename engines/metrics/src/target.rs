//! Targets 目标任务: what a year shall reach, against what it has reached.

use crate::definition::{Metric, Time, convert_named};
use crate::evaluate::{Answer, Asked, Query};
use crate::facts::{Facts, GROWTH, SeriesKey, VALUE};
use crate::growth::Growths;
use crate::subject::SubjectKind;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use values::{Date, Period};

/// What a target sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Aim {
    /// The value.
    #[default]
    Value,
    /// Its growth, in % (百分点 for rates).
    Growth,
}

/// One version of a target, as announced.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetVersion {
    /// Metric key; additions are the metric `KEY.added`.
    pub metric: String,
    /// Number of the subject; none for the zone.
    pub subject: Option<i64>,
    /// Subject of the target above it, where it is a part of one that is not the zone's.
    pub under: Option<i64>,
    /// The span, mostly a year.
    pub span: Period,
    /// What it sets.
    pub aim: Aim,
    /// Version, from 1.
    pub version: i64,
    /// Holds from this day on.
    pub announced_on: Date,
    /// The number, in `unit`; none for a target in words.
    pub value: Option<Decimal>,
    /// Upper end of a range.
    pub value_to: Option<Decimal>,
    /// Unit of the number.
    pub unit: String,
    /// Code in `values::fact::BOUNDS`.
    pub bound: u8,
    /// The words.
    pub words: String,
    /// Own split: (month of the span from 1, cumulative % of the whole), rising.
    pub split: Vec<(i32, Decimal)>,
}

/// All targets of a zone, in all versions.
#[derive(Debug, Clone, Default)]
pub struct Targets(BTreeMap<(String, Option<i64>), Vec<TargetVersion>>);

/// A value held against its target.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// The version that holds.
    pub target: TargetVersion,
    /// The target in the metric's filed unit; for growth targets in % or 百分点.
    pub wanted: Option<Decimal>,
    /// What has been reached, in the same unit.
    pub reached: Option<Decimal>,
    /// In %; none where not defined: growth and text targets, a target of 0, nothing filed.
    pub completion: Option<Decimal>,
    /// 序时进度 in %; none for growth, level and rate targets without a split of their own.
    pub schedule: Option<Decimal>,
    /// Completion less schedule, in 百分点.
    pub pace: Option<Decimal>,
    /// Reached less wanted, in the unit of `wanted`.
    pub gap: Option<Decimal>,
    /// What each remaining month of the span must bring, in the filed unit; 0 once it is reached.
    pub needed_a_month: Option<Decimal>,
    /// Whether the bound holds now.
    pub is_met: Option<bool>,
}

/// A target with the parts that it was broken down into.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetNode {
    /// The target.
    pub target: TargetVersion,
    /// Its parts.
    pub parts: Vec<TargetNode>,
    /// The target less the sum of its parts, in its own unit; none without parts, or where one has no number or another unit.
    pub gap: Option<Decimal>,
}

impl Targets {
    /// From versions in any order.
    pub fn new(versions: impl IntoIterator<Item = TargetVersion>) -> Self {
        let mut all = Self::default();
        for version in versions {
            all.0.entry((version.metric.clone(), version.subject)).or_default().push(version);
        }
        for versions in all.0.values_mut() {
            versions.sort_by_key(|v| (v.span, v.aim as u8, v.announced_on, v.version));
        }
        all
    }

    /// The version that holds on a day, for the span that a period lies in: the shortest span of that aim.
    #[must_use]
    pub fn find(&self, metric: &str, subject: Option<i64>, aim: Aim, period: Period, on: Date) -> Option<&TargetVersion> {
        let versions = self.0.get(&(metric.to_owned(), subject))?;
        let fits = versions.iter().filter(|v| v.aim == aim && v.span.contains(period) && v.announced_on <= on);
        fits.min_by_key(|v| (v.span.months(), std::cmp::Reverse((v.announced_on, v.version))))
    }

    /// All versions of a target, oldest first.
    pub fn versions(&self, metric: &str, subject: Option<i64>) -> &[TargetVersion] {
        self.0.get(&(metric.to_owned(), subject)).map_or(&[], Vec::as_slice)
    }

    /// All targets that hold on a day for a span, each with its metric and subject.
    pub fn of_span(&self, span: Period, on: Date) -> impl Iterator<Item = &TargetVersion> {
        self.0.iter().flat_map(move |((metric, subject), _)| {
            [Aim::Value, Aim::Growth]
                .into_iter()
                .filter_map(move |aim| self.find(metric, *subject, aim, span, on))
                .filter(move |v| v.span == span)
        })
    }

    /// The tree of a target 目标分解: the zone's, or a subject's, with its parts.
    #[must_use]
    pub fn tree(&self, metric: &str, subject: Option<i64>, span: Period, on: Date) -> Option<TargetNode> {
        self.node(metric, subject, span, on, 0)
    }

    fn node(&self, metric: &str, subject: Option<i64>, span: Period, on: Date, depth: u8) -> Option<TargetNode> {
        let target = self.find(metric, subject, Aim::Value, span, on)?.clone();
        let below = self.0.keys().filter(|(m, s)| m == metric && s.is_some() && *s != subject);
        let mut parts: Vec<TargetNode> = Vec::new();
        for (_, part) in below {
            let under = self.find(metric, *part, Aim::Value, span, on).is_some_and(|v| v.under == subject);
            // Deeper than eight is a circle.
            if under && depth < 8 {
                parts.extend(self.node(metric, *part, span, on, depth + 1));
            }
        }
        let in_unit = |n: &TargetNode| convert_named(n.target.value?, &n.target.unit, &target.unit);
        let sum = parts.iter().map(in_unit).try_fold(Decimal::ZERO, |sum, v| sum.checked_add(v?));
        let gap = if parts.is_empty() { None } else { target.value.zip(sum).and_then(|(t, s)| t.checked_sub(s)) };
        Some(TargetNode { target, parts, gap })
    }
}

impl Facts {
    /// The target that a query's value is held against: from the targets, else from facts of the scenario target.
    #[must_use]
    pub fn target(&self, query: &Query, targets: &Targets, on: Date) -> Option<TargetVersion> {
        let subject = query.subject.filter(|n| self.ground.subjects.place(*n).is_none_or(|(k, _)| k != SubjectKind::Zone));
        let find = |aim| targets.find(&query.metric, subject, aim, query.period, on).cloned();
        if query.slice.is_some() {
            return None;
        }
        find(Aim::Value).or_else(|| find(Aim::Growth)).or_else(|| self.target_fact(query))
    }

    /// A target kept as a fact: of the calendar year that the period lies in.
    fn target_fact(&self, query: &Query) -> Option<TargetVersion> {
        let year = Period::year(query.period.first_year()).filter(|y| y.contains(query.period))?;
        let asked = self.look_up(&Query { scenario: 1, period: year, source: None, ..query.clone() })?;
        let answer = self.read(&asked, 0);
        let made = |aim, value: Option<Decimal>, unit: &str, answer: Option<&Answer>| TargetVersion {
            metric: query.metric.clone(),
            subject: query.subject,
            under: None,
            span: year,
            aim,
            version: 1,
            announced_on: Date::MIN,
            value,
            value_to: answer.and_then(|a| a.value_to),
            unit: unit.to_owned(),
            bound: answer.map_or(0, |a| a.bound),
            words: answer.map(|a| a.text.clone()).unwrap_or_default(),
            split: Vec::new(),
        };
        if answer.value.is_some() || !answer.text.is_empty() {
            return Some(made(Aim::Value, answer.value, &asked.metric.is.unit, Some(&answer)));
        }
        let (value, bound) = self.growth_target(&asked)?;
        let mut target = made(Aim::Growth, Some(value), if asked.metric.is_rate() { "百分点" } else { "%" }, None);
        target.bound = bound;
        Some(target)
    }

    fn growth_target(&self, asked: &Asked<'_>) -> Option<(Decimal, u8)> {
        let (kind, slot) = match asked.target {
            crate::evaluate::Whom::Zone => (SubjectKind::Zone, 0),
            crate::evaluate::Whom::One(kind, slot) => (kind, slot),
            _ => return None,
        };
        self.sources(asked).into_iter().find_map(|source| {
            let key = SeriesKey { plan: asked.plan, scenario: 1, source, measure: GROWTH, kind };
            let series = self.series.get(&key)?;
            let at = series.find(asked.period)?;
            let bound = series.columns[at].1.extras.as_ref().and_then(|e| e.get(&slot)).map_or(0, |e| e.bound);
            Some((Decimal::new(series.cell(at, slot)?.value, 4), bound))
        })
    }

    /// Holds a query's value against a target: what the target's span has brought up to the query's last month.
    #[must_use]
    pub fn progress(&self, query: &Query, target: TargetVersion) -> Option<Progress> {
        let so_far = Period::from_months(target.span.first(), query.period.last().min(target.span.last()))?;
        let asked = self.look_up(&query.over(so_far))?;
        let answer = self.read(&asked, 0);
        let growths = if target.aim == Aim::Growth { self.growths_of(&asked, &answer) } else { Growths::default() };
        Some(held_against(target, &answer, &growths, so_far))
    }

    /// The last span from January on, up to the query's last month, that has a value: where a quarterly metric stands in August.
    #[must_use]
    pub fn latest(&self, query: &Query) -> Option<Period> {
        let january = query.period.last() - query.period.last_month() + 1;
        (january..=query.period.last())
            .rev()
            .filter_map(|last| Period::from_months(january, last))
            .find(|span| self.answer(&query.over(*span)).is_some_and(|a| a.value.is_some()))
    }

    /// True if the zone holds any value of that scenario for the metric.
    #[must_use]
    pub fn has_any(&self, metric: &str, scenario: u8) -> bool {
        let plan = self.index.get(metric);
        plan.is_some_and(|p| self.series.keys().any(|k| k.plan == *p && k.scenario == scenario && k.measure == VALUE))
    }
}

/// Completion, pace and what is still needed.
fn held_against(target: TargetVersion, answer: &Answer, growths: &Growths, so_far: Period) -> Progress {
    let metric: &Metric = &answer.metric;
    let adds_up = matches!(metric.is.time, Time::Flow | Time::Cumulative);
    let (wanted, reached) = match target.aim {
        Aim::Value => (target.value.and_then(|v| convert_named(v, &target.unit, &metric.is.unit)), answer.value),
        Aim::Growth => (target.value, growths.first(&metric.is.growth).ok().map(|g| g.value)),
    };
    let completion = match (target.aim, wanted.filter(|w| !w.is_zero()), reached) {
        (Aim::Value, Some(wanted), Some(reached)) => reached.checked_mul(Decimal::ONE_HUNDRED).and_then(|r| r.checked_div(wanted)),
        _ => None,
    };
    let schedule = (target.aim == Aim::Value).then(|| schedule(&target, metric, so_far, adds_up)).flatten();
    let gap = reached.zip(wanted).and_then(|(r, w)| r.checked_sub(w));
    let left = target.span.last() - so_far.last();
    let needed_a_month = match gap {
        Some(gap) if adds_up && target.aim == Aim::Value && left > 0 && matches!(target.bound, 0 | 1 | 2 | 5) => {
            (-gap).max(Decimal::ZERO).checked_div(Decimal::from(left))
        }
        _ => None,
    };
    let is_met = reached.zip(wanted).map(|(r, w)| holds(target.bound, r, w, target.value_to));
    let pace = completion.zip(schedule).and_then(|(c, s)| c.checked_sub(s));
    Progress { target, wanted, reached, completion, schedule, pace, gap, needed_a_month, is_met }
}

/// Whether the bound holds; codes are those of `values::fact::BOUNDS`. "Reach x" is met by more.
fn holds(bound: u8, reached: Decimal, wanted: Decimal, to: Option<Decimal>) -> bool {
    match bound {
        2 => reached > wanted,
        3 => reached <= wanted,
        4 => reached < wanted,
        6 => reached >= wanted && to.is_none_or(|to| reached <= to),
        _ => reached >= wanted,
    }
}

/// How far the target should be: its own split, else whole cycles of the metric over the span's months.
fn schedule(target: &TargetVersion, metric: &Metric, so_far: Period, adds_up: bool) -> Option<Decimal> {
    if !target.split.is_empty() {
        return split_at(&target.split, so_far.months(), target.span.months());
    }
    if !adds_up {
        return None;
    }
    let cycle = metric.is.cycle.months();
    let whole_cycles = so_far.months() / cycle * cycle;
    Decimal::from(whole_cycles * 100).checked_div(Decimal::from(target.span.months()))
}

/// The split's share at a month; between two marks in a straight line.
fn split_at(split: &[(i32, Decimal)], month: i32, months: i32) -> Option<Decimal> {
    let (mut from, mut to) = ((0, Decimal::ZERO), (months, Decimal::ONE_HUNDRED));
    for mark in split {
        if mark.0 <= month {
            from = *mark;
        } else {
            to = *mark;
            break;
        }
    }
    if month >= to.0 || to.0 <= from.0 {
        return Some(if month >= to.0 && from.0 < to.0 { to.1 } else { from.1 });
    }
    let step = (to.1 - from.1).checked_mul(Decimal::from(month - from.0))?.checked_div(Decimal::from(to.0 - from.0))?;
    from.1.checked_add(step)
}
