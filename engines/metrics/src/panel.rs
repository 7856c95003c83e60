//! Panels 汇总表: one metric in one month for everybody and every slice at once.
//!
//! What a cockpit or a table of slices needs: the month, the year to date, and
//! both of the year before. The columns are found once, and all slices are
//! read from their kept sums together; the answers are those of
//! [`Facts::answer`] for each slice, and a test holds them equal.

use crate::column::{Pair, Sum};
use crate::definition::{GrowthWay, Metric, Time};
use crate::evaluate::Query;
use crate::facts::{BASE, Facts, Plan, Series, SeriesKey, VALUE};
use crate::growth::base_span;
use crate::span::{Term, terms};
use std::sync::Arc;
use values::{GrowthKind, Period};

/// A value of all places over one span: place 0 is the total.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spread {
    /// Sums; empty if the span has no answer. A place with no value in it has `cells` 0.
    pub sums: Vec<Sum>,
    /// Values with filed bases; empty if there are none.
    pub pairs: Vec<Pair>,
}

/// One metric in one month.
#[derive(Debug, Clone, Default)]
pub struct Panel {
    /// Dimension and value of each place; place 0 is the total, with empty texts.
    pub places: Arc<Vec<(String, String)>>,
    /// The month.
    pub month: Spread,
    /// January to the month.
    pub year_to_date: Spread,
    /// The same month of the year before.
    pub month_before: Spread,
    /// The same months of the year before.
    pub year_to_date_before: Spread,
    /// Source that all are from.
    pub source: u8,
}

impl Facts {
    /// A metric in a month over the total and the given dimensions, from the first source that has it by subject.
    ///
    /// `None` if there is no such metric, or its values are not added over subjects.
    #[must_use]
    pub fn panel(&self, metric: &str, month: Period) -> Option<Panel> {
        let query = Query::zone(metric, month);
        let asked = self.look_up(&query)?;
        let kind = asked.frames.kind;
        let year_to_date = Period::from_months(month.last() - month.last_month() + 1, month.last())?;
        for source in self.sources(&asked) {
            let key = SeriesKey { plan: asked.plan, scenario: 0, source, measure: VALUE, kind };
            let Some(series) = self.series.get(&key) else { continue };
            let spread = |span: Option<Period>| span.map(|s| self.spread_over(asked.of, key, series, s)).unwrap_or_default();
            let (now, so_far) = (spread(Some(month)), spread(Some(year_to_date)));
            if now.sums.is_empty() && so_far.sums.is_empty() {
                continue;
            }
            return Some(Panel {
                places: Arc::clone(&asked.frames.names),
                month: now,
                year_to_date: so_far,
                month_before: spread(month.year_before()),
                year_to_date_before: spread(base_span(asked.metric, year_to_date, as_of(asked.metric, series, year_to_date))),
                source,
            });
        }
        None
    }

    fn spread_over(&self, plan: &Plan, key: SeriesKey, series: &Series, span: Period) -> Spread {
        let Some((metric, frames)) = plan.at(span.last()) else { return Spread::default() };
        let found = match series.find(span).filter(|_| series.is_regular) {
            Some(at) => Ok(vec![Term::Whole(at)]),
            None => terms(&Self::periods(series), span, metric.is.time, metric.is.january, &|_| true),
        };
        let Ok(found) = found else { return Spread::default() };
        let places = frames.places;
        let same = |at: usize| plan.at(series.columns[at].0.last()).is_some_and(|(_, f)| Arc::ptr_eq(f, frames));
        if series.is_regular
            && found.iter().all(|t| same(t.at()))
            && let Some(spread) = self.kept_spread(key, series, &found, places)
        {
            return spread;
        }
        // Rare: periods overlap, definitions changed within the span, or a difference is not kept.
        let mut made = Spread { sums: Vec::with_capacity(places), pairs: Vec::new() };
        for place in 0..places {
            let select = frames.select(place);
            made.sums.push(self.gather(plan, key, series, span, select).map(|g| g.sum).unwrap_or_default());
            if self.series.contains_key(&SeriesKey { measure: BASE, ..key }) {
                let pair = if series.is_regular {
                    self.pairs(plan, key, series, &found, select)
                } else {
                    self.mixed_pairs((metric, frames), key, span, select)
                };
                made.pairs.push(pair.unwrap_or_default());
            }
        }
        made
    }

    fn kept_spread(&self, key: SeriesKey, series: &Series, found: &[Term], places: usize) -> Option<Spread> {
        let has_base = self.series.contains_key(&SeriesKey { measure: BASE, ..key });
        let mut made = Spread { sums: vec![Sum::default(); places], pairs: vec![Pair::default(); if has_base { places } else { 0 }] };
        for term in found {
            let kept = &series.columns[term.at()].1.kept;
            let sums = match term {
                Term::Whole(_) => &kept.sums,
                Term::Less(hi, lo) if series.before(*hi) == Some(*lo) && !has_base => &kept.steps,
                Term::Less(..) => return None,
            };
            if sums.len() != places {
                return None;
            }
            for (into, sum) in made.sums.iter_mut().zip(sums) {
                into.plus(sum);
            }
            for (into, pair) in made.pairs.iter_mut().zip(&kept.pairs) {
                into.value += pair.value;
                into.base += pair.base;
                into.both += pair.both;
            }
        }
        Some(made)
    }
}

/// Last month that a span's values speak of; the span's own where it has none.
fn as_of(metric: &Metric, series: &Series, span: Period) -> i32 {
    // Only a level may speak of an earlier month than its span's last.
    if metric.is.time != Time::Stock {
        return span.last();
    }
    let found = terms(&Facts::periods(series), span, metric.is.time, metric.is.january, &|_| true).unwrap_or_default();
    found.iter().map(|t| series.columns[t.at()].0.last()).max().unwrap_or(span.last())
}

/// Growth in 0.0001 %, and how it is known.
pub type Rate = (GrowthKind, i128);

impl Panel {
    /// Growth of a place: of the month, and of the year to date; each the first way of `ways` that is known from sums.
    ///
    /// Given growth belongs to single subjects and is not here.
    #[must_use]
    pub fn growth(&self, place: usize, ways: &[GrowthWay]) -> (Option<Rate>, Option<Rate>) {
        let first = |now: &Spread, before: &Spread| ways.iter().find_map(|way| rate(*way, now, before, place));
        (first(&self.month, &self.month_before), first(&self.year_to_date, &self.year_to_date_before))
    }
}

fn rate(way: GrowthWay, now: &Spread, before: &Spread, place: usize) -> Option<Rate> {
    let (value, base) = match way {
        GrowthWay::Given => return None,
        GrowthWay::SameScope => now.pairs.get(place).filter(|p| p.both > 0).map(|p| (p.value, p.base))?,
        GrowthWay::Listed => {
            let filed = |s: &Spread| s.sums.get(place).filter(|s| s.cells > 0).map(|s| s.value);
            (filed(now)?, filed(before)?)
        }
    };
    if base <= 0 {
        return None;
    }
    Some((way.into(), rounded(value.checked_sub(base)?.checked_mul(1_000_000)?, base)?))
}

/// `a / b` rounded half away from zero; `b` positive.
fn rounded(a: i128, b: i128) -> Option<i128> {
    let twice = a.checked_mul(2)?;
    Some((twice.abs() + b) / (b * 2) * a.signum())
}

impl Panel {
    /// The place of a dimension's value; 0 is the total.
    #[must_use]
    pub fn place(&self, dimension: &str, value: &str) -> Option<usize> {
        self.places.iter().position(|(d, v)| d == dimension && v == value)
    }
}
