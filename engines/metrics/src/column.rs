//! Columns 列: the values of one series in one period, one place a subject.
//!
//! Dense where many filed, sparse where few did: a series has a column only
//! for periods in which somebody filed. A blank is not a zero: whether a slot
//! is filed is a bit of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A set of slots.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub fn new(slots: u32) -> Self {
        Self(vec![0; slots.div_ceil(64) as usize])
    }
    #[inline]
    pub fn has(&self, slot: u32) -> bool {
        self.0.get(slot as usize / 64).is_some_and(|w| w >> (slot % 64) & 1 == 1)
    }
    pub fn set(&mut self, slot: u32, on: bool) {
        let at = slot as usize / 64;
        if at >= self.0.len() {
            if !on {
                return;
            }
            self.0.resize(at + 1, 0);
        }
        let bit = 1u64 << (slot % 64);
        if on {
            self.0[at] |= bit;
        } else {
            self.0[at] &= !bit;
        }
    }
    pub fn count(&self) -> u32 {
        self.0.iter().map(|w| w.count_ones()).sum()
    }
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let base = u32::try_from(at * 64).unwrap_or(u32::MAX);
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros();
                (bit < 64).then(|| {
                    rest &= rest - 1;
                    base + bit
                })
            })
        })
    }
    pub fn words(&self) -> &[u64] {
        &self.0
    }
    pub fn from_words(words: Vec<u64>) -> Self {
        Self(words)
    }
    pub fn bytes(&self) -> usize {
        self.0.len() * 8
    }
}

/// One filed value: the number at the metric's scale, and the code of its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// At the metric's scale.
    pub value: i64,
    /// Code in `values::fact::STATUSES`.
    pub status: u8,
}

/// Code of a status in `values::fact::STATUSES`.
pub(crate) const FINAL: u8 = 0;
pub(crate) const ESTIMATE: u8 = 1;
pub(crate) const PRELIMINARY: u8 = 2;
pub(crate) const CARRIED: u8 = 3;

/// What a value has besides its number; rare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extra {
    /// Code in `values::fact::BOUNDS`.
    pub bound: u8,
    /// Upper end of a range.
    pub value_to: Option<i64>,
    /// Words of a text target.
    pub text: String,
}

/// The values of one period.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cells {
    /// Sorted by slot.
    Sparse(Vec<(u32, Cell)>),
    Dense {
        values: Vec<i64>,
        filed: Bits,
        /// Two bit planes of the status code; none while all are final.
        status: Option<Box<[Bits; 2]>>,
    },
}

impl Cells {
    /// From (slot, cell) in any order; of two for one slot the later stands, and its slot is returned.
    pub fn build(mut cells: Vec<(u32, Cell)>, slots: u32) -> (Self, Vec<u32>) {
        let mut twice = Vec::new();
        if !cells.is_sorted_by_key(|(slot, _)| *slot) {
            cells.sort_by_key(|(slot, _)| *slot);
        }
        cells.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                twice.push(later.0);
                earlier.1 = later.1;
            }
            same
        });
        let few = cells.len() < slots as usize / 6;
        let made = Self::Sparse(cells);
        (if few { made } else { made.into_dense(slots) }, twice)
    }

    fn into_dense(self, slots: u32) -> Self {
        let Self::Sparse(cells) = self else { return self };
        let mut dense = Self::Dense { values: vec![0; slots as usize], filed: Bits::new(slots), status: None };
        for (slot, cell) in cells {
            dense.set(slot, Some(cell));
        }
        dense
    }

    #[inline]
    pub fn get(&self, slot: u32) -> Option<Cell> {
        match self {
            Self::Sparse(cells) => cells.binary_search_by_key(&slot, |(s, _)| *s).ok().map(|i| cells[i].1),
            Self::Dense { values, filed, status } => filed.has(slot).then(|| Cell {
                value: values[slot as usize],
                status: status.as_ref().map_or(FINAL, |s| u8::from(s[0].has(slot)) | u8::from(s[1].has(slot)) << 1),
            }),
        }
    }

    pub fn set(&mut self, slot: u32, cell: Option<Cell>) {
        match self {
            Self::Sparse(cells) => match (cells.binary_search_by_key(&slot, |(s, _)| *s), cell) {
                (Ok(at), Some(cell)) => cells[at].1 = cell,
                (Ok(at), None) => {
                    cells.remove(at);
                }
                (Err(at), Some(cell)) => cells.insert(at, (slot, cell)),
                (Err(_), None) => {}
            },
            Self::Dense { values, filed, status } => {
                if cell.is_some() && slot as usize >= values.len() {
                    values.resize(slot as usize + 1, 0);
                }
                filed.set(slot, cell.is_some());
                if let Some(at) = values.get_mut(slot as usize) {
                    *at = cell.map_or(0, |c| c.value);
                }
                let code = cell.map_or(FINAL, |c| c.status);
                if code != FINAL || status.is_some() {
                    let planes = status.get_or_insert_with(Box::default);
                    planes[0].set(slot, code & 1 == 1);
                    planes[1].set(slot, code >> 1 & 1 == 1);
                }
            }
        }
    }

    pub fn each(&self, mut each: impl FnMut(u32, Cell)) {
        match self {
            Self::Sparse(cells) => cells.iter().for_each(|(slot, cell)| each(*slot, *cell)),
            Self::Dense { values, filed, status } => {
                for slot in filed.iter() {
                    let code = status.as_ref().map_or(FINAL, |s| u8::from(s[0].has(slot)) | u8::from(s[1].has(slot)) << 1);
                    each(slot, Cell { value: values[slot as usize], status: code });
                }
            }
        }
    }

    pub fn count(&self) -> u32 {
        match self {
            Self::Sparse(cells) => u32::try_from(cells.len()).unwrap_or(u32::MAX),
            Self::Dense { filed, .. } => filed.count(),
        }
    }

    pub fn bytes(&self) -> usize {
        match self {
            Self::Sparse(cells) => cells.capacity() * size_of::<(u32, Cell)>(),
            Self::Dense { values, filed, status } => {
                values.capacity() * 8 + filed.bytes() + status.as_ref().map_or(0, |s| s[0].bytes() + s[1].bytes())
            }
        }
    }
}

/// A sum over slots, with what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// At the metric's scale.
    pub value: i128,
    /// The part of it that rests on estimates and carried values.
    pub open: i128,
    /// Values in it, carried ones included.
    pub cells: u32,
    /// Carried forward for late filers.
    pub carried: u32,
    /// Estimates 快报.
    pub estimates: u32,
    /// Preliminary values.
    pub preliminary: u32,
}

impl Sum {
    #[inline]
    pub(crate) fn add(&mut self, value: i128, status: u8, sign: i128) {
        self.value += value * sign;
        let step = if sign > 0 { 1u32 } else { u32::MAX };
        self.cells = self.cells.wrapping_add(step);
        match status {
            CARRIED => self.carried = self.carried.wrapping_add(step),
            ESTIMATE => self.estimates = self.estimates.wrapping_add(step),
            PRELIMINARY => self.preliminary = self.preliminary.wrapping_add(step),
            _ => return,
        }
        if status != PRELIMINARY {
            self.open += value * sign;
        }
    }
    /// Two sums together.
    pub(crate) fn plus(&mut self, other: &Self) {
        self.value += other.value;
        self.open += other.open;
        self.cells += other.cells;
        self.carried += other.carried;
        self.estimates += other.estimates;
        self.preliminary += other.preliminary;
    }
    /// Values that were really filed.
    #[must_use]
    pub fn filed(&self) -> u32 {
        self.cells - self.carried
    }
    /// Code of the least final status of what was filed; carried only if nothing else is there.
    #[must_use]
    pub fn status(&self) -> u8 {
        match self {
            s if s.cells > 0 && s.cells == s.carried => CARRIED,
            s if s.estimates > 0 => ESTIMATE,
            s if s.preliminary > 0 => PRELIMINARY,
            _ => FINAL,
        }
    }
}

/// Values and their filed bases, over the slots that have both 同口径.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pair {
    /// Σ value.
    pub value: i128,
    /// Σ base 上年同期.
    pub base: i128,
    /// Slots that have both.
    pub both: u32,
}

/// Kept sums of one column: place 0 is the total, then each value of each dimension.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Of the values.
    pub sums: Vec<Sum>,
    /// Of the differences to the cumulation before, over slots that have both; empty if there is none.
    pub steps: Vec<Sum>,
    /// With the filed bases; empty if there are none.
    pub pairs: Vec<Pair>,
}

impl Kept {
    pub fn bytes(&self) -> usize {
        (self.sums.capacity() + self.steps.capacity()) * size_of::<Sum>() + self.pairs.capacity() * size_of::<Pair>()
    }
}

/// One column: cells, what is rare, and kept sums. Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    pub cells: Arc<Cells>,
    pub extras: Option<Arc<BTreeMap<u32, Extra>>>,
    pub kept: Arc<Kept>,
}
