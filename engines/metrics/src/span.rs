//! Spans 跨期: which columns answer a span of months.
//!
//! A flow is covered by periods that follow each other without a gap, the
//! longest first. A cumulation is taken as it is where the span begins in
//! January, otherwise as the difference of two; over several years piece by
//! piece. A stock takes the last. A ratio is taken as given or not at all.

use crate::definition::{January, Time};
use values::Period;

/// One step of an answer; places are those of the series' periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Term {
    /// The column as it is.
    Whole(usize),
    /// A cumulation less an earlier one of the same year: (later, earlier).
    Less(usize, usize),
}

impl Term {
    /// The column that decides who counts.
    pub fn at(self) -> usize {
        match self {
            Self::Whole(at) | Self::Less(at, _) => at,
        }
    }
    /// The same step in another series; none if a period is not there.
    pub fn in_series(self, find: &dyn Fn(usize) -> Option<usize>) -> Option<Self> {
        match self {
            Self::Whole(at) => find(at).map(Self::Whole),
            Self::Less(hi, lo) => find(hi).zip(find(lo)).map(|(hi, lo)| Self::Less(hi, lo)),
        }
    }
}

/// Why a span has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Gap {
    /// January is published with February only 1—2月.
    Merged,
    /// Nobody filed for these.
    Missing(Vec<Period>),
}

/// The columns that answer a span. `periods` are sorted; `has` says whether one of them may be used.
pub(crate) fn terms(periods: &[Period], span: Period, time: Time, january: January, has: &dyn Fn(usize) -> bool) -> Result<Vec<Term>, Gap> {
    let exact = || periods.binary_search(&span).ok().filter(|at| has(*at));
    match time {
        Time::Ratio => exact().map(|at| vec![Term::Whole(at)]).ok_or_else(|| Gap::Missing(vec![span])),
        Time::Stock => last(periods, span, has).map(|at| vec![Term::Whole(at)]).ok_or_else(|| Gap::Missing(vec![span])),
        Time::Flow | Time::Cumulative => {
            if let Some(at) = exact() {
                return Ok(vec![Term::Whole(at)]);
            }
            let found = if time == Time::Cumulative { by_year(periods, span, has) } else { None };
            found.or_else(|| cover(periods, span, has)).ok_or_else(|| gap(periods, span, time, january, has))
        }
    }
}

/// The last period that ends within the span; of those that end together the span itself, then the shortest.
fn last(periods: &[Period], span: Period, has: &dyn Fn(usize) -> bool) -> Option<usize> {
    let ends_inside = |p: &Period| (span.first()..=span.last()).contains(&p.last());
    let fits = periods.iter().enumerate().filter(|(at, p)| ends_inside(p) && has(*at));
    fits.max_by_key(|(_, p)| (p.last(), **p == span, -p.months())).map(|(at, _)| at)
}

/// Each calendar year's piece of the span, from cumulations.
fn by_year(periods: &[Period], span: Period, has: &dyn Fn(usize) -> bool) -> Option<Vec<Term>> {
    let find = |first: i32, last: i32| {
        let period = Period::from_months(first, last)?;
        periods.binary_search(&period).ok().filter(|at| has(*at))
    };
    let mut terms = Vec::new();
    let mut first = span.first();
    while first <= span.last() {
        let january = first - first.rem_euclid(12);
        let last = span.last().min(january + 11);
        let term = match find(first, last) {
            Some(at) => Term::Whole(at),
            None if first == january => return None,
            None => Term::Less(find(january, last)?, find(january, first - 1)?),
        };
        terms.push(term);
        first = last + 1;
    }
    Some(terms)
}

/// Periods that follow each other without a gap, the longest first.
fn cover(periods: &[Period], span: Period, has: &dyn Fn(usize) -> bool) -> Option<Vec<Term>> {
    // Months from which the end cannot be reached; keeps the search linear.
    let mut dead = vec![false; usize::try_from(span.months()).ok()?];
    let mut chosen = Vec::new();
    reach(periods, span, span.first(), has, &mut dead, &mut chosen).then(|| chosen.into_iter().map(Term::Whole).collect())
}

fn reach(periods: &[Period], span: Period, month: i32, has: &dyn Fn(usize) -> bool, dead: &mut [bool], chosen: &mut Vec<usize>) -> bool {
    if month > span.last() {
        return true;
    }
    let place = usize::try_from(month - span.first()).unwrap_or(0);
    if dead[place] {
        return false;
    }
    let begin = periods.partition_point(|p| p.first() < month);
    let end = begin + periods[begin..].partition_point(|p| p.first() == month && p.last() <= span.last());
    for at in (begin..end).rev().filter(|at| has(*at)) {
        chosen.push(at);
        if reach(periods, span, periods[at].last() + 1, has, dead, chosen) {
            return true;
        }
        chosen.pop();
    }
    dead[place] = true;
    false
}

/// Says why: January alone where only 1—2月 is published, or the months that no period covers.
fn gap(periods: &[Period], span: Period, time: Time, january: January, has: &dyn Fn(usize) -> bool) -> Gap {
    let january_alone = |month: i32| january == January::Merged && month.rem_euclid(12) == 0;
    let cuts_merged = january_alone(span.last()) || january_alone(span.first() - 1);
    if cuts_merged && span.months() <= 11 {
        return Gap::Merged;
    }
    let covered = |month: i32| {
        periods.iter().enumerate().any(|(at, p)| {
            let inside = p.first() <= month && month <= p.last() && has(at);
            // A cumulation that ends in or after the month tells of it; another period must lie inside the span.
            inside && (span.contains(*p) || time == Time::Cumulative && p.is_year_to_date() && p.last() <= span.last())
        })
    };
    let mut missing: Vec<Period> = Vec::new();
    for month in span.first()..=span.last() {
        if covered(month) {
            continue;
        }
        let joined = missing.last().filter(|p| p.last() == month - 1).and_then(|p| Period::from_months(p.first(), month));
        match joined {
            Some(longer) => {
                missing.pop();
                missing.push(longer);
            }
            None => missing.extend(Period::from_months(month, month)),
        }
    }
    if missing.is_empty() {
        missing.push(span);
    }
    Gap::Missing(missing)
}
