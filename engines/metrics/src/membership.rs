//! Membership 归属: which slices a subject belongs to, dated, per month.
//!
//! A subject belongs to a month if it belongs on the month's last day. Titles,
//! chains, industry, kind, size, and presence in the zone are all dimensions;
//! nothing is a flag. A subject of a kind without any `presence` row is always
//! present.

use crate::subject::{SubjectKind, Subjects};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::BTreeMap;
use std::sync::Arc;
use values::Date;

/// How a dimension shares out a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sharing {
    /// One value at a time: kind, industry, size.
    #[default]
    Exclusive,
    /// Several with weights that add up to 1: a total exists.
    Shared,
    /// Several, each in full: the slices have no total.
    Overlapping,
}

/// One stay of one subject in one value of a dimension, as the ledgers say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipRow {
    /// Number of the subject.
    pub subject: i64,
    /// `presence`, `title`, `chain`, `industry`, `kind`, `size` …
    pub dimension: String,
    /// Key of the value; anything for `presence`.
    pub value: String,
    /// First day.
    pub from: Date,
    /// First day no longer; none while it lasts.
    pub until: Option<Date>,
    /// Share in %, for shared dimensions; none is 100.
    pub weight: Option<Decimal>,
}

/// The whole of a shared weight.
pub(crate) const WHOLE: u32 = 1_000_000;
/// No value.
pub(crate) const NONE: u16 = u16::MAX;
/// Several values, or one with a weight: look in `more`.
pub(crate) const SEVERAL: u16 = u16::MAX - 1;

/// A stay, in months: counts in `from..until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stay {
    pub value: u16,
    pub from: i32,
    pub until: i32,
    pub weight: u32,
}

/// The values of each slot in one month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Codes {
    pub one: Vec<u16>,
    pub more: BTreeMap<u32, Vec<(u16, u32)>>,
}

impl Codes {
    /// Calls `each(value, weight)` for the slot's values.
    #[inline]
    pub fn each(&self, slot: u32, mut each: impl FnMut(u16, u32)) {
        match self.one.get(slot as usize).copied().unwrap_or(NONE) {
            NONE => {}
            SEVERAL => {
                for (value, weight) in self.more.get(&slot).into_iter().flatten() {
                    each(*value, *weight);
                }
            }
            value => each(value, WHOLE),
        }
    }
    /// Calls `each(value, mark before, weight)` for the slot's values, for [`share`].
    #[inline]
    pub fn each_part(&self, slot: u32, mut each: impl FnMut(u16, u32, u32)) {
        let mut before = 0u32;
        self.each(slot, |value, weight| {
            each(value, before, weight);
            before = before.saturating_add(weight).min(WHOLE);
        });
    }
    /// True if the slot has that value.
    pub fn has(&self, slot: u32, value: u16) -> bool {
        let mut found = false;
        self.each(slot, |v, _| found |= v == value);
        found
    }
    /// The part of `amount` that falls to `value` in that slot; parts of a whole add up exactly.
    pub fn part(&self, slot: u32, value: u16, amount: i128) -> i128 {
        let mut sum = 0;
        self.each_part(slot, |v, before, weight| {
            if v == value {
                sum += share(amount, before, weight);
            }
        });
        sum
    }
}

/// The part between two marks of a whole, so that neighbouring parts add up without a gap.
pub(crate) fn share(amount: i128, before: u32, weight: u32) -> i128 {
    if weight == WHOLE {
        return amount;
    }
    let mark = |at: u32| (amount * i128::from(at)).div_euclid(i128::from(WHOLE));
    mark(before + weight) - mark(before)
}

/// One dimension over the subjects of one kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dimension {
    /// Its key.
    pub key: String,
    /// How it shares out a subject.
    pub sharing: Sharing,
    /// Keys of its values; a value's place is its code.
    pub values: Vec<String>,
    pub(crate) stays: Vec<Vec<Stay>>,
    months: Vec<Arc<Codes>>,
}

impl Dimension {
    /// Code of a value.
    #[must_use]
    pub fn code(&self, value: &str) -> Option<u16> {
        self.values.iter().position(|v| v == value).and_then(|i| u16::try_from(i).ok())
    }
    pub(crate) fn holds(&self, slot: u32, value: u16, month: i32) -> bool {
        self.stays.get(slot as usize).into_iter().flatten().any(|s| s.value == value && (s.from..s.until).contains(&month))
    }
    fn codes_of(&self, month: i32, slots: u32, before: Option<(&Arc<Codes>, i32)>) -> Arc<Codes> {
        // Only slots whose stays begin or end in this month differ from the month before.
        if let Some((codes, _)) = before {
            let changed: Vec<u32> = (0..slots).filter(|s| self.changes_in(*s, month)).collect();
            if changed.is_empty() {
                return Arc::clone(codes);
            }
            let mut next = (**codes).clone();
            for slot in changed {
                self.fill(&mut next, slot, month);
            }
            return Arc::new(next);
        }
        let mut codes = Codes { one: vec![NONE; slots as usize], more: BTreeMap::new() };
        for slot in 0..slots {
            self.fill(&mut codes, slot, month);
        }
        Arc::new(codes)
    }
    fn changes_in(&self, slot: u32, month: i32) -> bool {
        self.stays.get(slot as usize).into_iter().flatten().any(|s| s.from == month || s.until == month)
    }
    fn fill(&self, codes: &mut Codes, slot: u32, month: i32) {
        codes.more.remove(&slot);
        let mut held = self.stays.get(slot as usize).into_iter().flatten().filter(|s| (s.from..s.until).contains(&month));
        let first = held.next();
        codes.one[slot as usize] = match (first, held.next()) {
            (None, _) => NONE,
            (Some(only), None) if only.weight == WHOLE => only.value,
            (Some(only), None) => {
                codes.more.insert(slot, vec![(only.value, only.weight)]);
                SEVERAL
            }
            (Some(a), Some(b)) => {
                codes.more.insert(slot, weights(self.sharing, [a, b].into_iter().chain(held)));
                SEVERAL
            }
        };
    }
}

/// Weights of several stays at once; those of a shared dimension never exceed the whole together.
fn weights<'a>(sharing: Sharing, stays: impl Iterator<Item = &'a Stay>) -> Vec<(u16, u32)> {
    let mut left = WHOLE;
    let mut all = Vec::new();
    for stay in stays {
        let weight = if sharing == Sharing::Shared { stay.weight.min(left) } else { WHOLE };
        left -= if sharing == Sharing::Shared { weight } else { 0 };
        if weight > 0 {
            all.push((stay.value, weight));
        }
    }
    all
}

/// Which dimensions there are, and how they share out a subject.
pub type Sharings = BTreeMap<String, Sharing>;

/// All membership of a zone, by kind of subject.
#[derive(Debug, Clone, Default)]
pub struct Membership {
    pub(crate) kinds: BTreeMap<SubjectKind, Vec<Dimension>>,
    first: i32,
    last: i32,
    slots: BTreeMap<SubjectKind, u32>,
}

/// Key of the dimension that says whether a subject is in the zone at all.
pub const PRESENCE: &str = "presence";
/// Key of the dimension of titles held.
pub const TITLE: &str = "title";

impl Membership {
    /// From the ledgers' rows; months `first..=last` are laid out for speed, others are answered too.
    ///
    /// Rows of unknown subjects are left out. `title` is always overlapping; what `sharings` does not name is exclusive, and of two exclusive values at a time the one that began later counts.
    pub fn new(subjects: &Subjects, rows: impl IntoIterator<Item = MembershipRow>, sharings: &Sharings, first: i32, last: i32) -> Self {
        let mut made = Self { first, last: last.max(first), ..Self::default() };
        for kind in SubjectKind::ALL {
            made.slots.insert(kind, subjects.count(kind));
        }
        for row in rows {
            made.place(subjects, &row, sharings);
        }
        let (first, last) = (made.first, made.last);
        for (kind, dimensions) in &mut made.kinds {
            let slots = made.slots.get(kind).copied().unwrap_or(0);
            for dimension in dimensions {
                finish(dimension, slots);
                lay_out(dimension, slots, first, last);
            }
        }
        made
    }

    fn place(&mut self, subjects: &Subjects, row: &MembershipRow, sharings: &Sharings) {
        let Some((kind, slot)) = subjects.place(row.subject) else { return };
        let dimensions = self.kinds.entry(kind).or_default();
        let at = dimensions.iter().position(|d| d.key == row.dimension).unwrap_or_else(|| {
            let usual = if row.dimension == TITLE { Sharing::Overlapping } else { Sharing::Exclusive };
            let sharing = sharings.get(&row.dimension).copied().unwrap_or(usual);
            dimensions.push(Dimension { key: row.dimension.clone(), sharing, ..Dimension::default() });
            dimensions.len() - 1
        });
        let dimension = &mut dimensions[at];
        let value = match dimension.code(&row.value) {
            Some(code) => code,
            None => {
                let Some(code) = u16::try_from(dimension.values.len()).ok().filter(|c| *c < SEVERAL) else { return };
                dimension.values.push(row.value.clone());
                code
            }
        };
        if dimension.stays.len() <= slot as usize {
            dimension.stays.resize(slot as usize + 1, Vec::new());
        }
        let weight = match (dimension.sharing, row.weight) {
            (Sharing::Shared, Some(percent)) => (percent * Decimal::from(WHOLE / 100)).round().to_u32().unwrap_or(0).min(WHOLE),
            _ => WHOLE,
        };
        let until = row.until.map_or(i32::MAX, month_of);
        dimension.stays[slot as usize].push(Stay { value, from: month_of(row.from), until, weight });
    }

    /// The dimensions of a kind of subject.
    #[must_use]
    pub fn dimensions(&self, kind: SubjectKind) -> &[Dimension] {
        self.kinds.get(&kind).map_or(&[], Vec::as_slice)
    }
    /// One dimension of a kind of subject, with its place.
    #[must_use]
    pub fn dimension(&self, kind: SubjectKind, key: &str) -> Option<(usize, &Dimension)> {
        self.dimensions(kind).iter().enumerate().find(|(_, d)| d.key == key)
    }
    /// Months that are laid out.
    pub(crate) fn range(&self) -> (i32, i32) {
        (self.first, self.last)
    }
    pub(crate) fn slots(&self, kind: SubjectKind) -> u32 {
        self.slots.get(&kind).copied().unwrap_or(0)
    }
    /// Values of all slots of a dimension in a month.
    pub(crate) fn codes(&self, kind: SubjectKind, dimension: usize, month: i32) -> Arc<Codes> {
        let Some(dimension) = self.dimensions(kind).get(dimension) else { return Arc::default() };
        match usize::try_from(month - self.first).ok().and_then(|i| dimension.months.get(i)) {
            Some(codes) => Arc::clone(codes),
            None => dimension.codes_of(month, self.slots(kind), None),
        }
    }
    /// True if the subject is in the zone in that month.
    #[must_use]
    pub fn is_present(&self, kind: SubjectKind, slot: u32, month: i32) -> bool {
        let Some((_, presence)) = self.dimension(kind, PRESENCE) else { return true };
        let stays = presence.stays.get(slot as usize);
        stays.is_none_or(|s| s.is_empty() || s.iter().any(|s| (s.from..s.until).contains(&month)))
    }
    /// True if the subject had not yet come in that month: what it reports later counts from nothing.
    pub(crate) fn is_before_first(&self, kind: SubjectKind, slot: u32, month: i32) -> bool {
        let Some((_, presence)) = self.dimension(kind, PRESENCE) else { return false };
        presence.stays.get(slot as usize).is_some_and(|s| !s.is_empty() && s.iter().all(|s| s.from > month))
    }
    /// The same with one subject's stays replaced, of one dimension or all.
    #[must_use]
    pub fn with(&self, subjects: &Subjects, subject: i64, rows: &[MembershipRow], sharings: &Sharings) -> Self {
        let mut next = self.clone();
        for kind in SubjectKind::ALL {
            next.slots.insert(kind, subjects.count(kind));
        }
        let Some((kind, slot)) = subjects.place(subject) else { return next };
        for dimension in next.kinds.entry(kind).or_default() {
            if let Some(stays) = dimension.stays.get_mut(slot as usize) {
                stays.clear();
            }
        }
        for row in rows.iter().filter(|r| r.subject == subject) {
            next.place(subjects, row, sharings);
        }
        let (first, last) = (next.first, next.last);
        let slots = next.slots(kind);
        for dimension in next.kinds.entry(kind).or_default() {
            finish(dimension, slots);
            relay(dimension, slot, slots, first, last);
        }
        next
    }
}

fn month_of(date: Date) -> i32 {
    i32::from(date.year()) * 12 + i32::from(date.month()) - 1
}

/// Exclusive stays are cut where a later one begins; shared weights are cut at the whole.
fn finish(dimension: &mut Dimension, slots: u32) {
    dimension.stays.resize(slots as usize, Vec::new());
    let sharing = dimension.sharing;
    for stays in &mut dimension.stays {
        stays.sort_by_key(|s| (s.from, s.until, s.value));
        stays.dedup();
        if sharing == Sharing::Exclusive {
            for i in 1..stays.len() {
                let begins = stays[i].from;
                stays[i - 1].until = stays[i - 1].until.min(begins);
            }
            stays.retain(|s| s.from < s.until);
        }
    }
}

fn lay_out(dimension: &mut Dimension, slots: u32, first: i32, last: i32) {
    let mut months: Vec<Arc<Codes>> = Vec::new();
    for month in first..=last {
        let codes = dimension.codes_of(month, slots, months.last().map(|c| (c, month - 1)));
        months.push(codes);
    }
    dimension.months = months;
}

/// After one slot's stays changed: only that slot, and months stay shared where they are equal.
fn relay(dimension: &mut Dimension, slot: u32, slots: u32, first: i32, last: i32) {
    if dimension.months.first().is_none_or(|c| c.one.len() != slots as usize) {
        return lay_out(dimension, slots, first, last);
    }
    let mut months = std::mem::take(&mut dimension.months);
    let mut made: Option<(Arc<Codes>, Arc<Codes>)> = None;
    for (i, codes) in months.iter_mut().enumerate() {
        let month = first + i32::try_from(i).unwrap_or(0);
        let same_source = made.as_ref().filter(|(old, _)| Arc::ptr_eq(old, codes) && !dimension.changes_in(slot, month));
        let next = match same_source {
            Some((_, new)) => Arc::clone(new),
            None => {
                let mut next = (**codes).clone();
                dimension.fill(&mut next, slot, month);
                if next == **codes { Arc::clone(codes) } else { Arc::new(next) }
            }
        };
        made = Some((Arc::clone(codes), Arc::clone(&next)));
        *codes = next;
    }
    dimension.months = months;
}
