//! Growth 增长: given, 同口径, and as listed; and how the three fit together.

use crate::column::Pair;
use crate::definition::{GrowthWay, Metric, Time};
use crate::evaluate::{Answer, Asked, Basis, Query, Trail, Whom};
use crate::facts::{Facts, GROWTH, SeriesKey};
use crate::frame::Frames;
use crate::gather::Select;
use crate::subject::SubjectKind;
use rust_decimal::Decimal;
use values::Period;
use values::figure::{Growth, Reason};

/// All growths of one value that are known.
#[derive(Debug, Clone, Default)]
pub struct Growths {
    /// As given by who published the value, in % (百分点 for rates).
    pub given: Option<Decimal>,
    /// Over the subjects that filed both value and base 同口径.
    pub same_scope: Option<Decimal>,
    /// From the totals as listed.
    pub listed: Option<Decimal>,
    /// The values and bases behind `same_scope`, at the metric's scale.
    pub pair: Option<Pair>,
    /// Last year's value as it stands now.
    pub last_year: Option<Answer>,
    /// `%` or `百分点`.
    pub unit: &'static str,
}

impl Growths {
    /// The first that is known, in the metric's order; or why there is none.
    ///
    /// # Errors
    /// [`Reason::NoBase`] if there is a base but none to grow from, else [`Reason::NotFiled`].
    pub fn first(&self, ways: &[GrowthWay]) -> Result<Growth, Reason> {
        for way in ways {
            if let Some(value) = self.of(*way) {
                return Ok(Growth { how: (*way).into(), value, unit: self.unit });
            }
        }
        let base = self.last_year.as_ref().is_some_and(|a| a.value.is_some()) || self.pair.is_some();
        Err(if base { Reason::NoBase } else { Reason::NotFiled })
    }
    /// One of them.
    #[must_use]
    pub fn of(&self, way: GrowthWay) -> Option<Decimal> {
        match way {
            GrowthWay::Given => self.given,
            GrowthWay::SameScope => self.same_scope,
            GrowthWay::Listed => self.listed,
        }
    }
}

/// Growth in %; none if there is nothing to grow from (base missing, zero or negative).
#[must_use]
pub fn percent(value: Decimal, base: Decimal) -> Option<Decimal> {
    if base <= Decimal::ZERO {
        return None;
    }
    value.checked_sub(base)?.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(base)
}

/// The span that growth looks back at: a year before; for a level the same month of the year before, wherever the span ends.
pub(crate) fn base_span(metric: &Metric, span: Period, as_of: i32) -> Option<Period> {
    match metric.is.time {
        Time::Stock => Period::from_months(as_of - 12, as_of - 12),
        _ => span.year_before(),
    }
}

impl Facts {
    /// All growths of a query's value on the same period of the year before.
    #[must_use]
    pub fn growths(&self, query: &Query) -> Growths {
        let Some(asked) = self.look_up(query) else { return Growths::default() };
        let now = self.read(&asked, 0);
        self.growths_of(&asked, &now)
    }

    pub(crate) fn growths_of(&self, asked: &Asked<'_>, now: &Answer) -> Growths {
        let unit = if asked.metric.is_rate() { "百分点" } else { "%" };
        let mut found = Growths { unit, given: self.given_growth(asked, now), ..Growths::default() };
        if let Some(pair) = self.pair_of(asked, now) {
            let (value, base) = (asked.metric.decimal(pair.value), asked.metric.decimal(pair.base));
            found.same_scope = value.zip(base).and_then(|(v, b)| if asked.metric.is_rate() { v.checked_sub(b) } else { percent(v, b) });
            found.pair = Some(pair);
        }
        let year_before = base_span(asked.metric, asked.period, now.as_of);
        if let Some(year_before) = year_before {
            // The same source, so that two rulers are not compared.
            let source = if now.value.is_some() { Some(now.source) } else { asked.source };
            if let Some((metric, frames)) = asked.of.at(year_before.last()) {
                let target = self.carry_over(asked, frames);
                let last = self.read(&Asked { metric, frames, target, period: year_before, source, ..*asked }, 0);
                // One subject's sum with a month missing is no sum to grow from; a total says how many filed.
                let single = matches!(asked.target, Whom::One(..));
                let whole = |a: &Answer| !single || a.filed.is_none_or(|(filed, due)| filed == due);
                let both = now.value.zip(last.value).filter(|_| whole(now) && whole(&last));
                found.listed = both.and_then(|(v, b)| if asked.metric.is_rate() { v.checked_sub(b) } else { percent(v, b) });
                found.last_year = Some(last);
            }
        }
        found
    }

    /// The same slice under the definition that held a year ago.
    fn carry_over(&self, asked: &Asked<'_>, frames: &crate::frame::Frames) -> Whom {
        let again = |cut: usize, code: u16| {
            let key = &asked.frames.cuts.get(cut)?.key;
            let dimension = asked.frames.cuts.get(cut).map(|c| c.dimension)?;
            let value = self.ground.membership.dimensions(asked.frames.kind).get(dimension)?.values.get(usize::from(code))?;
            frames.place(&self.ground.membership, key, value)
        };
        match asked.target {
            Whom::Slice(cut, code) => again(cut, code).map_or(Whom::Nobody, |(c, v)| Whom::Slice(c, v)),
            Whom::OneOrSlice(kind, slot, cut, code) => {
                again(cut, code).map_or(Whom::One(kind, slot), |(c, v)| Whom::OneOrSlice(kind, slot, c, v))
            }
            other => other,
        }
    }

    /// Growth as given for exactly this subject and period: first by the value's own source.
    fn given_growth(&self, asked: &Asked<'_>, now: &Answer) -> Option<Decimal> {
        let (kind, slot) = match asked.target {
            Whom::Zone => (SubjectKind::Zone, 0),
            Whom::One(kind, slot) | Whom::OneOrSlice(kind, slot, ..) => (kind, slot),
            Whom::Slice(..) | Whom::Nobody => return None,
        };
        let own = now.value.is_some().then_some(now.source);
        own.into_iter().chain(self.sources(asked)).find_map(|source| {
            let key = SeriesKey { plan: asked.plan, scenario: asked.scenario, source, measure: GROWTH, kind };
            let series = self.series.get(&key)?;
            let cell = series.cell(series.find(asked.period)?, slot)?;
            Some(Decimal::new(cell.value, 4))
        })
    }

    fn pair_of(&self, asked: &Asked<'_>, now: &Answer) -> Option<Pair> {
        match &now.trail {
            Trail::Facts { key, select, terms, span } => {
                let series = self.series.get(key)?;
                if series.is_regular || matches!(select, Select::Slot(_)) {
                    self.pairs(asked.of, *key, series, terms, *select)
                } else {
                    self.mixed_pairs((asked.metric, asked.frames), *key, *span, *select)
                }
            }
            // A metric that is another's value in its own cut (产业链产值) grows as the other does.
            Trail::Formula(parts) => match parts.as_slice() {
                [one] if one.value == now.value && one.metric.is.unit == now.metric.is.unit => {
                    let of = self.plans.get(match &one.trail {
                        Trail::Facts { key, .. } => key.plan as usize,
                        _ => return None,
                    })?;
                    self.pair_of(&Asked { of, ..*asked }, one)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Periods overlap: each slot by its own terms.
    pub(crate) fn mixed_pairs(
        &self,
        (metric, frames): (&Metric, &Frames),
        key: SeriesKey,
        span: values::Period,
        select: Select,
    ) -> Option<Pair> {
        let series = self.series.get(&key)?;
        let base_key = SeriesKey { measure: crate::facts::BASE, ..key };
        let base = self.series.get(&base_key)?;
        let periods = Self::periods(series);
        let frame = frames.at(&self.ground.membership, span.last());
        let mut made = Pair::default();
        for slot in frame.mask.iter().filter(|s| crate::gather::counts(&frame, select, *s)) {
            let Ok(own) = Self::own_terms(metric, series, &periods, span, slot) else { continue };
            let same = |at: usize| base.find(periods[at]);
            let mut sums = Some((0i128, 0i128));
            for term in own {
                let base_term = term.in_series(&same);
                let value = self.resolve(key, series, term, slot);
                let filed = base_term.and_then(|t| self.resolve(base_key, base, t, slot));
                sums = sums.zip(value.zip(filed)).map(|((v, b), (value, filed))| (v + value.value, b + filed.value));
            }
            if let Some((value, base)) = sums {
                made.value += crate::gather::part(&frame, select, slot, value);
                made.base += crate::gather::part(&frame, select, slot, base);
                made.both += 1;
            }
        }
        (made.both > 0).then_some(made)
    }
}

/// True where growth has a meaning: not for ratios without parts that are no rates, nor where the definition names no way.
#[must_use]
pub fn has_growth(answer: &Answer) -> bool {
    !answer.metric.is.growth.is_empty() && (answer.metric.is.time != Time::Ratio || answer.basis != Basis::None)
}
