//! Contributions 贡献: who pulled growth up and down. Parts add up exactly, at the metric's scale.

use crate::evaluate::{Asked, Query, Trail};
use crate::facts::Facts;
use crate::gather::{Select, counts, part};
use crate::growth::base_span;
use crate::membership::share;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// By what growth is taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By<'a> {
    /// Each subject for itself.
    Subject,
    /// A dimension's values; who has none stands under an empty key.
    Dimension(&'a str),
}

/// One part of a change.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// Number of the subject, or 0.
    pub subject: i64,
    /// Name of the subject, or key of the dimension's value.
    pub name: String,
    /// This period; none if it has nothing (it left).
    pub now: Option<i128>,
    /// The same period a year before; none if it had nothing (it entered).
    pub before: Option<i128>,
    /// Now less before.
    pub change: i128,
    /// Points that it pulled 拉动, in 百分点: its change over last year's total.
    pub points: Option<Decimal>,
    /// Share of the whole change 贡献率, in %.
    pub share: Option<Decimal>,
}

/// A change taken apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contributions {
    /// This period's total.
    pub now: i128,
    /// Last year's total.
    pub before: i128,
    /// Change of those that stand in both years.
    pub stayed: i128,
    /// What entrants bring.
    pub entered: i128,
    /// What leavers took away, as a positive number.
    pub left: i128,
    /// The parts, the largest change first.
    pub parts: Vec<Contribution>,
}

/// How concentrated a total is.
#[derive(Debug, Clone, PartialEq)]
pub struct Concentration {
    /// Units with a positive value.
    pub units: u32,
    /// Share of the largest, in %.
    pub cr1: Decimal,
    /// Share of the five largest, in %.
    pub cr5: Decimal,
    /// Herfindahl–Hirschman index, 0–10,000.
    pub hhi: Decimal,
}

impl Facts {
    /// Takes the change on the year before apart; `None` if there is no metric, or its values are not added over subjects.
    #[must_use]
    pub fn contributions(&self, query: &Query, by: By<'_>) -> Option<Contributions> {
        let asked = self.look_up(query)?;
        let source = self.read(&asked, 0);
        let year_before = base_span(asked.metric, query.period, source.as_of)?;
        let only = Query { source: Some(source.source), ..query.clone() };
        let now = self.split(&self.look_up(&only)?, by)?;
        let before = self.split(&self.look_up(&only.over(year_before))?, by).unwrap_or_default();
        Some(compare(&now, &before, |id| self.part_name(&asked, by, id)))
    }

    /// Largest shares of a total over subjects; none without a positive value.
    #[must_use]
    pub fn concentration(&self, query: &Query) -> Option<Concentration> {
        let parts = self.split(&self.look_up(query)?, By::Subject)?;
        concentration_of(parts.into_values())
    }

    fn part_name(&self, asked: &Asked<'_>, by: By<'_>, id: u32) -> (i64, String) {
        match by {
            By::Subject => self.ground.subjects.at(asked.frames.kind, id).map_or((0, String::new()), |s| (s.number, s.name.clone())),
            By::Dimension(key) => {
                let dimension = self.ground.membership.dimension(asked.frames.kind, key);
                let value = dimension.and_then(|(_, d)| d.values.get(id as usize)).cloned();
                (0, value.unwrap_or_default())
            }
        }
    }

    /// A total's parts: slot or code of the dimension's value → amount. Adds up to the total unless the dimension overlaps.
    pub(crate) fn split(&self, asked: &Asked<'_>, by: By<'_>) -> Option<BTreeMap<u32, i128>> {
        let answer = self.read(asked, 0);
        let mut parts = BTreeMap::new();
        match &answer.trail {
            Trail::Facts { key, select, terms, span } if !matches!(select, Select::Slot(_)) => {
                let series = self.series.get(key)?;
                if series.is_regular {
                    for term in terms {
                        let month = series.columns[term.at()].0.last();
                        series.columns[term.at()].1.cells.each(|slot, _| {
                            if let Some(r) = self.resolve(*key, series, *term, slot) {
                                self.spread(asked, by, *select, month, slot, r.value, &mut parts);
                            }
                        });
                    }
                } else {
                    let periods = Self::periods(series);
                    for slot in 0..self.ground.subjects.count(key.kind) {
                        let own = self.resolve_span(asked.metric, *key, (series, &periods), *span, slot);
                        for r in own.into_iter().flatten() {
                            self.spread(asked, by, *select, span.last(), slot, r.value, &mut parts);
                        }
                    }
                }
            }
            Trail::Ledger { select, span, .. } => {
                let counted = asked.of.counted.as_ref()?;
                self.each_stay(asked.of, counted, Select::All, *span, &mut |stay, value| {
                    if let Some(slot) = stay.slot {
                        self.spread(asked, by, *select, span.last(), slot, value, &mut parts);
                    }
                });
            }
            _ => return None,
        }
        Some(parts)
    }

    #[expect(clippy::too_many_arguments, reason = "one row of a table: who, when, how much, where to")]
    fn spread(&self, asked: &Asked<'_>, by: By<'_>, select: Select, month: i32, slot: u32, value: i128, parts: &mut BTreeMap<u32, i128>) {
        let Some((_, frames)) = asked.of.at(month) else { return };
        let frame = frames.at(&self.ground.membership, month);
        if !counts(&frame, select, slot) {
            return;
        }
        let value = part(&frame, select, slot, value);
        let By::Dimension(key) = by else {
            *parts.entry(slot).or_default() += value;
            return;
        };
        let Some((at, _)) = self.ground.membership.dimension(frames.kind, key) else {
            *parts.entry(u32::MAX).or_default() += value;
            return;
        };
        let mut given = 0;
        self.ground.membership.codes(frames.kind, at, month).each_part(slot, |code, before, weight| {
            let part = share(value, before, weight);
            given += part;
            *parts.entry(u32::from(code)).or_default() += part;
        });
        let overlapping =
            given != value && given != 0 && self.ground.membership.dimensions(frames.kind)[at].sharing == crate::Sharing::Overlapping;
        if given != value && !overlapping {
            *parts.entry(u32::MAX).or_default() += value - given;
        }
    }

    /// Growth of a query's value by subject, for the period that it asks.
    #[must_use]
    pub fn parts(&self, query: &Query, by: By<'_>) -> Vec<(String, i128)> {
        let Some(asked) = self.look_up(query) else { return Vec::new() };
        let parts = self.split(&asked, by).unwrap_or_default();
        parts.into_iter().map(|(id, value)| (self.part_name(&asked, by, id).1, value)).collect()
    }
}

fn compare(now: &BTreeMap<u32, i128>, before: &BTreeMap<u32, i128>, name: impl Fn(u32) -> (i64, String)) -> Contributions {
    let mut made = Contributions { now: now.values().sum(), before: before.values().sum(), ..Contributions::default() };
    let ids: std::collections::BTreeSet<u32> = now.keys().chain(before.keys()).copied().collect();
    let whole = made.now - made.before;
    for id in ids {
        let (n, b) = (now.get(&id).copied(), before.get(&id).copied());
        let change = n.unwrap_or(0) - b.unwrap_or(0);
        match (n, b) {
            (Some(_), Some(_)) => made.stayed += change,
            (Some(n), None) => made.entered += n,
            (None, Some(b)) => made.left += b,
            (None, None) => {}
        }
        let (subject, name) = name(id);
        let points = if made.before > 0 { ratio(change, made.before) } else { None };
        made.parts.push(Contribution { subject, name, now: n, before: b, change, points, share: ratio(change, whole) });
    }
    made.parts
        .sort_by(|a, b| b.change.abs().cmp(&a.change.abs()).then_with(|| a.subject.cmp(&b.subject)).then_with(|| a.name.cmp(&b.name)));
    made
}

/// `part` in % of `whole`; none of nothing, or beyond the digits of a decimal.
fn ratio(part: i128, whole: i128) -> Option<Decimal> {
    let part = Decimal::try_from_i128_with_scale(part, 0).ok()?;
    let whole = Decimal::try_from_i128_with_scale(whole, 0).ok().filter(|w| !w.is_zero())?;
    part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)
}

/// Shares of the largest; negative and zero values do not count.
pub(crate) fn concentration_of(values: impl Iterator<Item = i128>) -> Option<Concentration> {
    let mut held: Vec<i128> = values.filter(|v| *v > 0).collect();
    held.sort_unstable_by(|a, b| b.cmp(a));
    let whole: i128 = held.iter().sum();
    let cr = |n: usize| ratio(held.iter().take(n).sum(), whole);
    let mut hhi = Decimal::ZERO;
    for value in &held {
        let share = ratio(*value, whole)?;
        hhi = hhi.checked_add(share.checked_mul(share)?)?;
    }
    Some(Concentration { units: u32::try_from(held.len()).ok()?, cr1: cr(1)?, cr5: cr(5)?, hhi })
}
