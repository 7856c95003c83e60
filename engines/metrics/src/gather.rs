//! Gathering 汇总: one series over one span for everybody, one slice, or one subject.

use crate::column::{Cell, FINAL, Pair, Sum};
use crate::definition::{Metric, Time};
use crate::facts::{BASE, Facts, Plan, Series, SeriesKey};
use crate::frame::{Frame, Frames};
use crate::keep;
use crate::membership::Codes;
use crate::span::{Gap, Term, terms};
use values::Period;

/// Whose values are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Select {
    /// Everybody that the metric counts.
    All,
    /// One value of one dimension: (place among the cuts, code).
    Slice(usize, u16),
    /// One subject, whether the metric counts it or not.
    Slot(u32),
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gathered {
    pub sum: Sum,
    /// How many should have filed.
    pub expected: u32,
    /// Last month that the values speak of.
    pub as_of: i32,
    /// The columns, for lineage; for an irregular series the terms of the whole, where there are any.
    pub terms: Vec<Term>,
}

/// A slot's resolved value in a span.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Resolved {
    pub value: i128,
    pub status: u8,
}

impl Facts {
    /// Periods of a series, for [`terms`].
    pub(crate) fn periods(series: &Series) -> Vec<Period> {
        series.columns.iter().map(|(p, _)| *p).collect()
    }

    /// Gathers a span of a series.
    pub(crate) fn gather(&self, plan: &Plan, key: SeriesKey, series: &Series, span: Period, select: Select) -> Result<Gathered, Gap> {
        let Some((metric, _)) = plan.at(span.last()) else { return Err(Gap::Missing(vec![span])) };
        if let (Select::All | Select::Slice(..), true, Some(at)) = (select, series.is_regular, series.find(span)) {
            // The common case needs no search: the period itself is there.
            return Ok(self.whole(plan, key, series, &[Term::Whole(at)], select));
        }
        let periods = Self::periods(series);
        let ask = |has: &dyn Fn(usize) -> bool| terms(&periods, span, metric.is.time, metric.is.january, has);
        match select {
            Select::Slot(slot) => {
                let found = ask(&|at| series.cell(at, slot).is_some()).or_else(|gap| {
                    // Partly filed is told as such: what is there, of what there should be.
                    if series.is_regular { ask(&|_| true).map_err(|_| gap) } else { Err(gap) }
                })?;
                Ok(self.one(key, series, &found, slot))
            }
            _ if series.is_regular => Ok(self.whole(plan, key, series, &ask(&|_| true)?, select)),
            _ => self.mixed(plan, key, series, span, select),
        }
    }

    fn one(&self, key: SeriesKey, series: &Series, found: &[Term], slot: u32) -> Gathered {
        let mut sum = Sum::default();
        for term in found {
            if let Some(r) = self.resolve(key, series, *term, slot) {
                sum.add(r.value, r.status, 1);
            }
        }
        let as_of = found.iter().map(|t| series.columns[t.at()].0.last()).max().unwrap_or(0);
        Gathered { sum, expected: u32::try_from(found.len()).unwrap_or(u32::MAX), as_of, terms: found.to_vec() }
    }

    /// A slot's value for one term; none if a part is not filed.
    pub(crate) fn resolve(&self, key: SeriesKey, series: &Series, term: Term, slot: u32) -> Option<Resolved> {
        match term {
            Term::Whole(at) => series.cell(at, slot).map(|c| Resolved { value: i128::from(c.value), status: c.status }),
            Term::Less(hi, lo) => {
                let cell: Cell = series.cell(hi, slot)?;
                let before = keep::before(&self.ground.membership, key.kind, series, lo, slot)?;
                Some(Resolved { value: i128::from(cell.value) - i128::from(before), status: cell.status })
            }
        }
    }

    fn whole(&self, plan: &Plan, key: SeriesKey, series: &Series, found: &[Term], select: Select) -> Gathered {
        let mut made = Gathered { sum: Sum::default(), expected: 0, as_of: i32::MIN, terms: found.to_vec() };
        for term in found {
            let (period, column) = &series.columns[term.at()];
            let Some((_, frames)) = plan.at(period.last()) else { continue };
            let frame = frames.at(&self.ground.membership, period.last());
            let place = place_of(frames, select);
            made.as_of = made.as_of.max(period.last());
            made.expected += frame.expected.get(place).copied().unwrap_or(0);
            let kept = match term {
                Term::Whole(_) => column.kept.sums.get(place),
                Term::Less(hi, lo) if series.before(*hi) == Some(*lo) => column.kept.steps.get(place),
                Term::Less(..) => None,
            };
            match kept {
                Some(sum) => made.sum.plus(sum),
                None => self.scan(key, series, *term, frames, &frame, select, &mut made.sum),
            }
        }
        made
    }

    /// Adds slot by slot, where no sum is kept.
    #[expect(clippy::too_many_arguments, reason = "one place, called once; a struct would only rename them")]
    fn scan(&self, key: SeriesKey, series: &Series, term: Term, frames: &Frames, frame: &Frame, select: Select, sum: &mut Sum) {
        if key.kind != frames.kind {
            return;
        }
        series.columns[term.at()].1.cells.each(|slot, _| {
            if !counts(frame, select, slot) {
                return;
            }
            if let Some(r) = self.resolve(key, series, term, slot) {
                sum.add(part(frame, select, slot, r.value), r.status, 1);
            }
        });
    }

    /// Periods overlap: each slot is answered by its own.
    fn mixed(&self, plan: &Plan, key: SeriesKey, series: &Series, span: Period, select: Select) -> Result<Gathered, Gap> {
        let missing = || Gap::Missing(vec![span]);
        let (metric, frames) = plan.at(span.last()).ok_or_else(missing)?;
        let periods = Self::periods(series);
        let found = terms(&periods, span, metric.is.time, metric.is.january, &|_| true)?;
        let frame = frames.at(&self.ground.membership, span.last());
        let expected = frame.expected.get(place_of(frames, select)).copied().unwrap_or(0);
        let as_of = found.iter().map(|t| periods[t.at()].last()).max().unwrap_or(span.last());
        let mut made = Gathered { sum: Sum::default(), expected, as_of, terms: found };
        if key.kind != frames.kind {
            return Ok(made);
        }
        for slot in frame.mask.iter().filter(|s| counts(&frame, select, *s)) {
            if let Some(all) = self.resolve_span(metric, key, (series, &periods), span, slot) {
                // Shared out piece by piece, as lineage prints it.
                let value = all.iter().map(|r| part(&frame, select, slot, r.value)).sum();
                made.sum.add(value, all.iter().fold(FINAL, |worst, r| worse(worst, r.status)), 1);
            }
        }
        Ok(made)
    }

    /// A slot's own terms for a span. A stock is taken where everybody's is: at the last month in which anybody filed.
    pub(crate) fn own_terms(metric: &Metric, series: &Series, periods: &[Period], span: Period, slot: u32) -> Result<Vec<Term>, Gap> {
        let ask = |has: &dyn Fn(usize) -> bool| terms(periods, span, metric.is.time, metric.is.january, has);
        if metric.is.time == Time::Stock {
            let month = ask(&|_| true)?.first().map_or(span.last(), |t| periods[t.at()].last());
            return ask(&|at| periods[at].last() == month && series.cell(at, slot).is_some());
        }
        ask(&|at| series.cell(at, slot).is_some())
    }

    /// A slot's values over a span by its own periods, piece by piece; none unless every piece is there.
    pub(crate) fn resolve_span(
        &self,
        metric: &Metric,
        key: SeriesKey,
        (series, periods): (&Series, &[Period]),
        span: Period,
        slot: u32,
    ) -> Option<Vec<Resolved>> {
        let own = Self::own_terms(metric, series, periods, span, slot).ok()?;
        own.into_iter().map(|term| self.resolve(key, series, term, slot)).collect()
    }

    /// Values and filed bases over the slots that have both, for 同口径; none if no base is filed.
    pub(crate) fn pairs(&self, plan: &Plan, key: SeriesKey, series: &Series, found: &[Term], select: Select) -> Option<Pair> {
        let base = self.series.get(&SeriesKey { measure: BASE, ..key })?;
        let mut made = Pair::default();
        for term in found {
            let (period, column) = &series.columns[term.at()];
            let Some((_, frames)) = plan.at(period.last()) else { continue };
            match (term, select) {
                (Term::Whole(_), Select::All | Select::Slice(..)) if !column.kept.pairs.is_empty() => {
                    let pair = column.kept.pairs.get(place_of(frames, select)).copied().unwrap_or_default();
                    made.value += pair.value;
                    made.base += pair.base;
                    made.both += pair.both;
                }
                _ => self.scan_pairs(key, (series, base), *term, frames, select, &mut made),
            }
        }
        (made.both > 0).then_some(made)
    }

    fn scan_pairs(&self, key: SeriesKey, (series, base): (&Series, &Series), term: Term, frames: &Frames, select: Select, made: &mut Pair) {
        let (period, column) = &series.columns[term.at()];
        let same = |at: usize| base.find(series.columns[at].0);
        let Some(base_term) = term.in_series(&same) else { return };
        let frame = frames.at(&self.ground.membership, period.last());
        let mut one = |slot: u32| {
            let both = self.resolve(key, series, term, slot).zip(self.resolve(key, base, base_term, slot));
            if let Some((value, filed_base)) = both {
                made.value += part(&frame, select, slot, value.value);
                made.base += part(&frame, select, slot, filed_base.value);
                made.both += 1;
            }
        };
        match select {
            Select::Slot(slot) => one(slot),
            _ if key.kind != frames.kind => {}
            _ => column.cells.each(|slot, _| {
                if counts(&frame, select, slot) {
                    one(slot);
                }
            }),
        }
    }
}

/// The less final of two status codes: carried, estimate, preliminary, final.
pub(crate) fn worse(a: u8, b: u8) -> u8 {
    let rank = |s: u8| match s {
        crate::column::CARRIED => 3,
        crate::column::ESTIMATE => 2,
        crate::column::PRELIMINARY => 1,
        _ => 0,
    };
    if rank(b) > rank(a) { b } else { a }
}

pub(crate) fn place_of(frames: &Frames, select: Select) -> usize {
    match select {
        Select::Slice(cut, code) => frames.cuts.get(cut).map_or(usize::MAX, |c| c.offset + usize::from(code)),
        Select::All | Select::Slot(_) => 0,
    }
}

fn codes(frame: &Frame, cut: usize) -> Option<&Codes> {
    frame.codes.get(cut).map(std::sync::Arc::as_ref)
}

/// True if a slot counts for what is selected.
pub(crate) fn counts(frame: &Frame, select: Select, slot: u32) -> bool {
    frame.mask.has(slot)
        && match select {
            Select::All => true,
            Select::Slice(cut, code) => codes(frame, cut).is_some_and(|c| c.has(slot, code)),
            Select::Slot(only) => only == slot,
        }
}

/// The part of a slot's value that falls to what is selected.
pub(crate) fn part(frame: &Frame, select: Select, slot: u32, value: i128) -> i128 {
    match select {
        Select::Slice(cut, code) => codes(frame, cut).map_or(0, |c| c.part(slot, code, value)),
        Select::All | Select::Slot(_) => value,
    }
}
