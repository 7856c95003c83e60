//! Reconciliation 增速勾稽: how 同口径 growth and growth as listed fit together, to the last 分.
//!
//! Listed: this year's total over last year's as it stands. 同口径: those with a
//! filed base, over that base. Between the two bases lie entrants (a base but
//! no value last year), leavers (a value last year but no base now), and
//! restated values (基数调整: base and last year's value differ). All are sums
//! over the same subjects, so they add up exactly.

use crate::contribution::By;
use crate::evaluate::{Asked, Query, Trail};
use crate::facts::{BASE, Facts, SeriesKey};
use crate::gather::{counts, part};
use crate::growth::base_span;
use crate::span::Term;
use std::collections::{BTreeMap, BTreeSet};

/// One subject for which base and last year's value differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restated {
    /// Number of the subject.
    pub subject: i64,
    /// Its name.
    pub name: String,
    /// The base that it filed; none if it filed none.
    pub base: Option<i128>,
    /// Its value of last year as it stands; none if it has none.
    pub last_year: Option<i128>,
}

/// From last year's total to the base of 同口径 growth, at the metric's scale.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reconciliation {
    /// This year's total as listed.
    pub value: i128,
    /// Of it, those with a filed base.
    pub value_with_base: i128,
    /// Last year's total as it stands.
    pub last_year: i128,
    /// Base of those without a value last year.
    pub entered: i128,
    /// Last year's value of those without a base now.
    pub left: i128,
    /// Base less last year's value of those with both 基数调整.
    pub restated: i128,
    /// The base of 同口径 growth: `last_year + entered − left + restated`.
    pub base: i128,
    /// Subjects whose two differ, the largest difference first: entrants, leavers and restated ones.
    pub subjects: Vec<Restated>,
}

impl Facts {
    /// Takes the two bases of a query's growth apart; `None` if its values are not added over subjects.
    #[must_use]
    pub fn reconcile(&self, query: &Query) -> Option<Reconciliation> {
        let asked = self.look_up(query)?;
        let answer = self.read(&asked, 0);
        let only = Query { source: Some(answer.source), ..query.clone() };
        let asked = self.look_up(&only)?;
        let now = self.split(&asked, By::Subject)?;
        let last = self
            .look_up(&only.over(base_span(asked.metric, query.period, answer.as_of)?))
            .and_then(|q| self.split(&q, By::Subject))
            .unwrap_or_default();
        let pairs = self.pair_split(&asked)?;
        Some(self.take_apart(&asked, &now, &last, &pairs))
    }

    /// Value and filed base of each slot that has both, as [`Facts::growths`] adds them.
    fn pair_split(&self, asked: &Asked<'_>) -> Option<BTreeMap<u32, (i128, i128)>> {
        let answer = self.read(asked, 0);
        let Trail::Facts { key, select, terms, span } = &answer.trail else { return None };
        let series = self.series.get(key)?;
        let mut made: BTreeMap<u32, (i128, i128)> = BTreeMap::new();
        let base_key = SeriesKey { measure: BASE, ..*key };
        let Some(base) = self.series.get(&base_key) else { return Some(made) };
        let periods = Self::periods(series);
        let both = |term: Term, slot: u32| {
            let same = term.in_series(&|at| base.find(periods[at]))?;
            Some((self.resolve(*key, series, term, slot)?.value, self.resolve(base_key, base, same, slot)?.value))
        };
        let frame_at = |month: i32| Some(asked.of.at(month)?.1.at(&self.ground.membership, month));
        if series.is_regular {
            for term in terms {
                let Some(frame) = frame_at(periods[term.at()].last()) else { continue };
                series.columns[term.at()].1.cells.each(|slot, _| {
                    if let Some((value, base)) = both(*term, slot).filter(|_| counts(&frame, *select, slot)) {
                        let sums = made.entry(slot).or_default();
                        sums.0 += part(&frame, *select, slot, value);
                        sums.1 += part(&frame, *select, slot, base);
                    }
                });
            }
            return Some(made);
        }
        let frame = frame_at(span.last())?;
        for slot in frame.mask.iter().filter(|s| counts(&frame, *select, *s)) {
            let Ok(own) = Self::own_terms(asked.metric, series, &periods, *span, slot) else { continue };
            let sums = own.into_iter().try_fold((0, 0), |(v, b), term| both(term, slot).map(|(value, base)| (v + value, b + base)));
            if let Some((value, base)) = sums {
                made.insert(slot, (part(&frame, *select, slot, value), part(&frame, *select, slot, base)));
            }
        }
        Some(made)
    }

    fn take_apart(
        &self,
        asked: &Asked<'_>,
        now: &BTreeMap<u32, i128>,
        last: &BTreeMap<u32, i128>,
        pairs: &BTreeMap<u32, (i128, i128)>,
    ) -> Reconciliation {
        let mut made = Reconciliation {
            value: now.values().sum(),
            value_with_base: pairs.values().map(|p| p.0).sum(),
            last_year: last.values().sum(),
            base: pairs.values().map(|p| p.1).sum(),
            ..Reconciliation::default()
        };
        for slot in last.keys().chain(pairs.keys()).copied().collect::<BTreeSet<u32>>() {
            let (filed, was) = (pairs.get(&slot).map(|p| p.1), last.get(&slot).copied());
            match (filed, was) {
                (Some(filed), None) => made.entered += filed,
                (None, Some(was)) => made.left += was,
                (Some(filed), Some(was)) => made.restated += filed - was,
                (None, None) => {}
            }
            if filed != was {
                let subject = self.ground.subjects.at(asked.frames.kind, slot);
                let (number, name) = subject.map_or((0, String::new()), |s| (s.number, s.name.clone()));
                made.subjects.push(Restated { subject: number, name, base: filed, last_year: was });
            }
        }
        let size = |r: &Restated| (r.base.unwrap_or(0) - r.last_year.unwrap_or(0)).abs();
        made.subjects.sort_by(|a, b| size(b).cmp(&size(a)).then(a.subject.cmp(&b.subject)));
        made
    }
}
