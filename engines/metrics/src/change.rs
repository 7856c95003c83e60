//! Changes 变更: a new version by difference, equal to one built anew.

use crate::column::{Cell, Cells, Column, Kept};
use crate::facts::{BASE, FactKey, FactRow, Facts, Ground, SeriesKey, VALUE, extra_of};
use crate::keep::{self, Brings};
use crate::membership::Membership;
use crate::subject::SubjectKind;
use std::collections::BTreeMap;
use std::sync::Arc;
use values::{Findings, Lang, Period};

impl Facts {
    /// The version after a commit: rows set, then keys withdrawn. Only what depends on them is touched.
    ///
    /// A row without value and words withdraws its key. Rows that cannot be placed are findings. A commit that is not later than this version's is still applied: order is the caller's to keep, and the number given is the number shown.
    #[must_use]
    pub fn changed(&self, seq: i64, rows: &[FactRow], withdrawn: &[FactKey], lang: Lang) -> (Self, Findings) {
        let mut next = self.clone();
        let mut found = Findings::default();
        next.seq = seq;
        for row in rows {
            match next.locate(row) {
                Ok(((key, period), slot)) => next.put(key, period, slot, row),
                Err(rule) => found.push(next.row_finding(rule, row, lang)),
            }
        }
        for (metric, scenario, source, measure, period, subject) in withdrawn.iter().copied() {
            let blank = FactRow { metric, scenario, source, measure, period, subject, ..FactRow::default() };
            if let Ok(((key, period), slot)) = next.locate(&blank) {
                next.put(key, period, slot, &blank);
            }
        }
        (next, found)
    }

    fn put(&mut self, key: SeriesKey, period: Period, slot: u32, row: &FactRow) {
        let cell = row.value.map(|value| Cell { value, status: u8::try_from(row.status).unwrap_or(0) });
        let extra = extra_of(row);
        let value_key = SeriesKey { measure: VALUE, ..key };
        let is_new = self.series.get(&key).is_none_or(|s| s.find(period).is_none());
        if is_new {
            if cell.is_none() && extra.is_none() {
                return;
            }
            self.open_column(key, period);
        }
        // Kept sums stand on the value series; a base changes its pairs.
        let touched = self.touched(value_key, period, key.measure);
        let before: Vec<(usize, Brings)> = touched.iter().map(|at| (*at, self.brings(value_key, *at, slot))).collect();
        if let Some(series) = self.series.get_mut(&key) {
            let series = Arc::make_mut(series);
            if let Some(at) = series.find(period) {
                let column = &mut series.columns[at].1;
                Arc::make_mut(&mut column.cells).set(slot, cell);
                set_extra(column, slot, extra);
            }
        }
        let became_empty = self.close_column(key, period);
        if is_new || became_empty {
            self.rekeep(value_key, period);
            return;
        }
        for (at, old) in before {
            let new = self.brings(value_key, at, slot);
            self.shift(value_key, at, slot, old, new);
        }
    }

    /// Columns of the value series whose kept sums a change at `period` touches.
    fn touched(&self, key: SeriesKey, period: Period, measure: u8) -> Vec<usize> {
        let Some((series, at)) = self.series.get(&key).and_then(|s| Some((s, s.find(period)?))) else { return Vec::new() };
        match measure {
            VALUE => [Some(at), series.after(at)].into_iter().flatten().collect(),
            BASE => vec![at],
            _ => Vec::new(),
        }
    }

    fn brings(&self, key: SeriesKey, at: usize, slot: u32) -> Brings {
        let base = self.series.get(&SeriesKey { measure: BASE, ..key }).map(Arc::as_ref);
        match self.series.get(&key) {
            Some(series) => keep::brings(&self.ground.membership, key.kind, series, base, at, slot),
            None => Brings { cell: None, before: None, base: None },
        }
    }

    fn shift(&mut self, key: SeriesKey, at: usize, slot: u32, old: Brings, new: Brings) {
        let ground = Arc::clone(&self.ground);
        let plans = Arc::clone(&self.plans);
        let Some(series) = self.series.get_mut(&key) else { return };
        let Some(period) = series.columns.get(at).map(|(p, _)| *p) else { return };
        let Some((_, frames)) = plans.get(key.plan as usize).and_then(|p| p.at(period.last())).filter(|(_, f)| f.kind == key.kind) else {
            return;
        };
        let frame = frames.at(&ground.membership, period.last());
        if old == new || !frame.mask.has(slot) {
            return;
        }
        let kept = Arc::make_mut(&mut Arc::make_mut(series).columns[at].1.kept);
        keep::add(kept, frames, &frame, slot, old, -1);
        keep::add(kept, frames, &frame, slot, new, 1);
    }

    fn open_column(&mut self, key: SeriesKey, period: Period) {
        let slots = self.ground.subjects.count(key.kind);
        let time = self.time_of(key.plan);
        let series = Arc::make_mut(self.series.entry(key).or_default());
        let at = series.columns.partition_point(|(p, _)| *p < period);
        let (cells, _) = Cells::build(Vec::new(), slots.max(8));
        series.columns.insert(at, (period, Column { cells: Arc::new(cells), extras: None, kept: Arc::default() }));
        series.look(time);
    }

    /// Takes a column away that holds nothing any more; true if it did.
    fn close_column(&mut self, key: SeriesKey, period: Period) -> bool {
        let time = self.time_of(key.plan);
        let Some(series) = self.series.get_mut(&key) else { return false };
        let Some(at) = series.find(period) else { return false };
        let column = &series.columns[at].1;
        if column.cells.count() > 0 || column.extras.is_some() {
            return false;
        }
        let series = Arc::make_mut(series);
        series.columns.remove(at);
        series.look(time);
        if series.columns.is_empty() {
            self.series.remove(&key);
        }
        true
    }

    /// Builds the kept sums anew of the columns that lean on `period`: its own, and the cumulation after.
    fn rekeep(&mut self, key: SeriesKey, period: Period) {
        let Some(series) = self.series.get(&key).cloned() else { return };
        let Some(plan) = self.plans.get(key.plan as usize) else { return };
        let base = self.series.get(&SeriesKey { measure: BASE, ..key }).map(Arc::as_ref);
        let from = series.columns.partition_point(|(p, _)| *p < period);
        let made: Vec<(usize, Kept)> = (from..series.columns.len().min(from + 2))
            .map(|at| (at, keep::column(&self.ground.membership, plan, key.kind, &series, base, at)))
            .collect();
        if let Some(series) = self.series.get_mut(&key) {
            let series = Arc::make_mut(series);
            for (at, kept) in made {
                series.columns[at].1.kept = Arc::new(kept);
            }
        }
    }

    /// The version after one subject's membership changed: only its own share of the sums is moved.
    ///
    /// `membership` is [`Membership::with`] of that subject. New values of a dimension, or a new subject, need places that the kept sums do not have: then all are built anew.
    #[must_use]
    pub fn moved(&self, seq: i64, membership: Arc<Membership>, subject: i64) -> Self {
        let ground = Ground { membership, ..(*self.ground).clone() };
        let mut next = Self::empty(ground, seq);
        next.series = self.series.clone();
        let mut counted = (*next.plans).clone();
        for (plan, old) in counted.iter_mut().zip(self.plans.iter()) {
            plan.counted.clone_from(&old.counted);
        }
        next.plans = Arc::new(counted);
        let grown = next
            .plans
            .iter()
            .zip(self.plans.iter())
            .any(|(new, old)| new.versions.iter().zip(&old.versions).any(|((_, n), (_, o))| n.places != o.places || n.cuts != o.cuts));
        match self.ground.subjects.place(subject) {
            Some((kind, slot)) if !grown => next.move_slot(self, kind, slot),
            _ => next.keep_all(),
        }
        next
    }

    fn move_slot(&mut self, before: &Self, kind: SubjectKind, slot: u32) {
        let keys: Vec<SeriesKey> = self.series.keys().copied().filter(|k| k.measure == VALUE && k.kind == kind).collect();
        for key in keys {
            let Some(series) = self.series.get(&key).cloned() else { continue };
            for at in 0..series.columns.len() {
                let month = series.columns[at].0.last();
                let (Some((_, old)), Some((_, new))) = (before.plans[key.plan as usize].at(month), self.plans[key.plan as usize].at(month))
                else {
                    continue;
                };
                if new.kind != kind {
                    continue;
                }
                let (was, is) = (before.brings(key, at, slot), self.brings(key, at, slot));
                let (old_frame, new_frame) = (old.at(&before.ground.membership, month), new.at(&self.ground.membership, month));
                let mut kept = (*series.columns[at].1.kept).clone();
                if old_frame.mask.has(slot) {
                    keep::add(&mut kept, old, &old_frame, slot, was, -1);
                }
                if new_frame.mask.has(slot) {
                    keep::add(&mut kept, new, &new_frame, slot, is, 1);
                }
                if kept != *series.columns[at].1.kept
                    && let Some(own) = self.series.get_mut(&key)
                {
                    Arc::make_mut(own).columns[at].1.kept = Arc::new(kept);
                }
            }
        }
    }

    /// All facts, as rows, ordered by key: what a rebuild would read.
    #[must_use]
    pub fn rows(&self) -> Vec<FactRow> {
        let mut rows = Vec::new();
        for (key, series) in &self.series {
            let Some(number) = self.plans[key.plan as usize].number else { continue };
            for (period, column) in &series.columns {
                let subject = |slot| self.ground.subjects.at(key.kind, slot).map_or(0, |s| s.number);
                let blank = |slot| FactRow {
                    metric: number,
                    scenario: i64::from(key.scenario),
                    source: i64::from(key.source),
                    measure: i64::from(key.measure),
                    period: period.code(),
                    subject: subject(slot),
                    ..FactRow::default()
                };
                let mut here: BTreeMap<u32, FactRow> = BTreeMap::new();
                column.cells.each(|slot, cell| {
                    here.insert(slot, FactRow { value: Some(cell.value), status: i64::from(cell.status), ..blank(slot) });
                });
                for (slot, extra) in column.extras.iter().flat_map(|e| e.iter()) {
                    let row = here.entry(*slot).or_insert_with(|| blank(*slot));
                    row.bound = i64::from(extra.bound);
                    row.value_to = extra.value_to;
                    row.text = (!extra.text.is_empty()).then(|| extra.text.clone());
                }
                rows.extend(here.into_values());
            }
        }
        rows.sort_by_key(FactRow::key);
        rows
    }
}

fn set_extra(column: &mut Column, slot: u32, extra: Option<crate::column::Extra>) {
    match (extra, &mut column.extras) {
        (Some(extra), extras) => {
            Arc::make_mut(extras.get_or_insert_default()).insert(slot, extra);
        }
        (None, Some(extras)) if extras.contains_key(&slot) => {
            let rest = Arc::make_mut(extras);
            rest.remove(&slot);
            if rest.is_empty() {
                column.extras = None;
            }
        }
        (None, _) => {}
    }
}
