//! Kept sums 常备合计: one way of adding a slot to a column's sums, used to build them and to change them by difference.

use crate::column::{Cell, Kept, Pair, Sum};
use crate::facts::{Plan, Series};
use crate::frame::{Frame, Frames};
use crate::membership::{Membership, share};
use crate::subject::SubjectKind;

/// What a slot brings to a column: its value, the cumulation before, its filed base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Brings {
    pub cell: Option<Cell>,
    pub before: Option<i64>,
    pub base: Option<Cell>,
}

/// Kept sums of one column, from nothing. Empty if the series is of another kind of subject than the metric.
pub(crate) fn column(membership: &Membership, plan: &Plan, kind: SubjectKind, series: &Series, base: Option<&Series>, at: usize) -> Kept {
    let period = series.columns[at].0;
    let Some((_, frames)) = plan.at(period.last()).filter(|(_, f)| f.kind == kind) else { return Kept::default() };
    let frame = frames.at(membership, period.last());
    let mut kept = blank(frames, series, base, at);
    series.columns[at].1.cells.each(|slot, _| {
        if frame.mask.has(slot) {
            add(&mut kept, frames, &frame, slot, brings(membership, kind, series, base, at, slot), 1);
        }
    });
    kept
}

fn blank(frames: &Frames, series: &Series, base: Option<&Series>, at: usize) -> Kept {
    let period = series.columns[at].0;
    let steps = if series.before(at).is_some() { frames.places } else { 0 };
    let pairs = if base.is_some_and(|b| b.find(period).is_some()) { frames.places } else { 0 };
    Kept { sums: vec![Sum::default(); frames.places], steps: vec![Sum::default(); steps], pairs: vec![Pair::default(); pairs] }
}

/// What a slot brings to the column now.
pub(crate) fn brings(membership: &Membership, kind: SubjectKind, series: &Series, base: Option<&Series>, at: usize, slot: u32) -> Brings {
    let period = series.columns[at].0;
    let before = series.before(at).and_then(|lower| before(membership, kind, series, lower, slot));
    let base = base.and_then(|b| b.cell(b.find(period)?, slot));
    Brings { cell: series.cell(at, slot), before, base }
}

/// The cumulation before of one slot: as filed, or nothing for who had not come yet.
pub(crate) fn before(membership: &Membership, kind: SubjectKind, series: &Series, lower: usize, slot: u32) -> Option<i64> {
    let filed = series.cell(lower, slot).map(|c| c.value);
    filed.or_else(|| membership.is_before_first(kind, slot, series.columns[lower].0.last()).then_some(0))
}

/// Adds (`sign` 1) or takes away (`sign` −1) what a slot brings. The caller asks the mask.
pub(crate) fn add(kept: &mut Kept, frames: &Frames, frame: &Frame, slot: u32, brings: Brings, sign: i128) {
    let Some(cell) = brings.cell else { return };
    let value = i128::from(cell.value);
    let step = brings.before.map(|b| value - i128::from(b));
    let mut put = |place: usize, before: u32, weight: u32| {
        if let Some(sum) = kept.sums.get_mut(place) {
            sum.add(share(value, before, weight), cell.status, sign);
        }
        if let (Some(sum), Some(step)) = (kept.steps.get_mut(place), step) {
            sum.add(share(step, before, weight), cell.status, sign);
        }
        if let (Some(pair), Some(base)) = (kept.pairs.get_mut(place), brings.base) {
            pair.value += share(value, before, weight) * sign;
            pair.base += share(i128::from(base.value), before, weight) * sign;
            pair.both = pair.both.wrapping_add(if sign > 0 { 1 } else { u32::MAX });
        }
    };
    put(0, 0, crate::membership::WHOLE);
    for (cut, codes) in frames.cuts.iter().zip(&frame.codes) {
        codes.each_part(slot, |value, before, weight| put(cut.offset + usize::from(value), before, weight));
    }
}
