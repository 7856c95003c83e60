//! Roll-ups of 10 minutes and hours from the readings of one station.
//!
//! Late, back-filled and corrected readings re-roll only the ten minutes that
//! they touch, and the hours those stand in. The answer equals brute force
//! over all readings; a property test says so.

use crate::mark::Standing;
use hj212::value::{Moment, Num};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// Seconds of the smallest roll-up.
pub const TEN: i64 = 600;
/// Seconds of an hour.
pub const HOUR: i64 = 3_600;
/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// One reading of one factor: the value of a slice that begins at `time`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Start of the slice.
    pub time: Moment,
    /// Mean of the slice (or the realtime value); None: empty or no number.
    pub mean: Option<Num>,
    /// Least.
    pub min: Option<Num>,
    /// Most.
    pub max: Option<Num>,
    /// Total of the slice (`-Cou`).
    pub total: Option<Num>,
    /// Whether it counts.
    pub standing: Standing,
}

/// What readings of a span add up to. Sums are exact decimals, so parts can be merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Agg {
    /// Readings there.
    pub count: u32,
    /// Readings that count.
    pub valid: u32,
    /// Readings above the instrument's range.
    pub above_range: u32,
    /// Readings under a standard-sample check.
    pub in_check: u32,
    /// Readings of times when nothing was due.
    pub not_due: u32,
    /// Sum of the means that count.
    pub sum: Decimal,
    /// Least of those that count.
    pub min: Option<Num>,
    /// Most of those that count.
    pub max: Option<Num>,
    /// Sum of totals that count.
    pub total: Decimal,
    /// How many totals counted.
    pub totals: u32,
    /// Pairs of value and flow that count.
    pub pairs: u32,
    /// Volume of those pairs, m³.
    pub volume: Decimal,
    /// Sum of value × volume of those pairs.
    pub product: Decimal,
}

impl Agg {
    /// Adds a reading; `volume` is that of the slice if flow counts there.
    pub fn add(&mut self, reading: &Reading, volume: Option<Decimal>) {
        self.count += 1;
        match reading.standing {
            Standing::Valid => {}
            Standing::AboveRange => return self.above_range += 1,
            Standing::InCheck => return self.in_check += 1,
            Standing::NotDue => return self.not_due += 1,
            Standing::Invalid => return,
        }
        if let Some(total) = reading.total
            && let Some(sum) = self.total.checked_add(total.decimal())
        {
            self.total = sum;
            self.totals += 1;
        }
        let Some(mean) = reading.mean else { return };
        // A value beyond 28 digits is no measurement.
        let Some(sum) = self.sum.checked_add(mean.decimal()) else { return };
        self.sum = sum;
        self.valid += 1;
        let (low, high) = (reading.min.unwrap_or(mean), reading.max.unwrap_or(mean));
        self.min = Some(self.min.map_or(low, |m| if low < m { low } else { m }));
        self.max = Some(self.max.map_or(high, |m| if high > m { high } else { m }));
        if let Some(volume) = volume
            && let Some(product) = mean.decimal().checked_mul(volume).and_then(|p| self.product.checked_add(p))
        {
            self.pairs += 1;
            self.volume += volume;
            self.product = product;
        }
    }

    /// Both together.
    #[must_use]
    pub fn merged(mut self, other: &Self) -> Self {
        self.count += other.count;
        self.valid += other.valid;
        self.above_range += other.above_range;
        self.in_check += other.in_check;
        self.not_due += other.not_due;
        self.sum = self.sum.saturating_add(other.sum);
        self.total = self.total.saturating_add(other.total);
        self.totals += other.totals;
        self.pairs += other.pairs;
        self.volume = self.volume.saturating_add(other.volume);
        self.product = self.product.saturating_add(other.product);
        self.min = [self.min, other.min].into_iter().flatten().reduce(|a, b| if b < a { b } else { a });
        self.max = [self.max, other.max].into_iter().flatten().reduce(|a, b| if b > a { b } else { a });
        self
    }

    /// Arithmetic mean of what counts.
    #[must_use]
    pub fn mean(&self) -> Option<Decimal> {
        if self.valid == 0 { None } else { self.sum.checked_div(Decimal::from(self.valid)) }
    }

    /// Mean weighted by volume: Σ C·V / Σ V; None without volume.
    #[must_use]
    pub fn weighted(&self) -> Option<Decimal> {
        if self.pairs == 0 || self.volume.is_zero() { None } else { self.product.checked_div(self.volume) }
    }
}

/// The readings of one factor, sorted by time, with their roll-ups.
#[derive(Debug, Clone, Default)]
pub struct Column {
    rows: Vec<Reading>,
    tens: BTreeMap<i64, Agg>,
    hours: BTreeMap<i64, Agg>,
    dirty: BTreeSet<i64>,
}

/// What became of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// New.
    New,
    /// The same was there.
    Same,
    /// Another value was there for this time; the newer counts.
    Replaced,
}

impl Column {
    /// Puts a reading in; a later one for the same time replaces the earlier.
    pub fn put(&mut self, reading: Reading) -> Put {
        let found = match self.rows.last() {
            Some(last) if last.time < reading.time => Err(self.rows.len()),
            None => Err(0),
            _ => self.rows.binary_search_by_key(&reading.time, |r| r.time),
        };
        let put = match found {
            Err(at) => {
                self.rows.insert(at, reading);
                Put::New
            }
            Ok(at) if self.rows[at] == reading => return Put::Same,
            Ok(at) => {
                self.rows[at] = reading;
                Put::Replaced
            }
        };
        self.dirty.insert(reading.time.floor(TEN).0);
        put
    }

    /// The readings of a span.
    #[must_use]
    pub fn rows(&self, from: Moment, until: Moment) -> &[Reading] {
        let start = self.rows.partition_point(|r| r.time < from);
        let end = self.rows.partition_point(|r| r.time < until);
        &self.rows[start..end.max(start)]
    }

    /// All readings.
    #[must_use]
    pub fn all(&self) -> &[Reading] {
        &self.rows
    }

    /// Hours by their start; true only after [`RollUp::refresh`].
    #[must_use]
    pub fn hours(&self) -> &BTreeMap<i64, Agg> {
        &self.hours
    }

    /// Ten minutes by their start; true only after [`RollUp::refresh`].
    #[must_use]
    pub fn tens(&self) -> &BTreeMap<i64, Agg> {
        &self.tens
    }
}

/// The readings of one station and what they add up to.
#[derive(Debug, Clone)]
pub struct RollUp {
    /// Code of the flow that weighs the others; None: nothing is weighted.
    flow: Option<String>,
    /// Seconds of one slice.
    slice_s: i64,
    columns: BTreeMap<String, Column>,
    rerolled: u64,
}

impl RollUp {
    /// An empty one. `flow`: the code of flow in L/s (its `-Cou` in m³), for water.
    #[must_use]
    pub fn new(flow: Option<&str>, slice_s: i64) -> Self {
        Self { flow: flow.map(str::to_owned), slice_s, columns: BTreeMap::new(), rerolled: 0 }
    }

    /// Puts a reading of a factor in.
    pub fn put(&mut self, code: &str, reading: Reading) -> Put {
        let column = match self.columns.get_mut(code) {
            Some(column) => column,
            None => self.columns.entry(code.to_owned()).or_default(),
        };
        let put = column.put(reading);
        if put != Put::Same && self.flow.as_deref() == Some(code) {
            let ten = reading.time.floor(TEN).0;
            for column in self.columns.values_mut() {
                column.dirty.insert(ten);
            }
        }
        put
    }

    /// Re-rolls what was touched; gives factor and hour of each hour that changed.
    pub fn refresh(&mut self) -> Vec<(String, Moment)> {
        let flow = self.flow.as_ref().and_then(|code| self.columns.get(code)).map(|c| c.rows.clone()).unwrap_or_default();
        let mut touched = Vec::new();
        for (code, column) in &mut self.columns {
            let dirty = std::mem::take(&mut column.dirty);
            let mut hours = BTreeSet::new();
            for ten in dirty {
                let rows = column.rows(Moment(ten), Moment(ten + TEN));
                if rows.is_empty() {
                    continue;
                }
                let agg = aggregate(rows, &flow, self.slice_s);
                column.tens.insert(ten, agg);
                self.rerolled += 1;
                hours.insert(Moment(ten).floor(HOUR).0);
            }
            for hour in hours {
                let parts = column.tens.range(hour..hour + HOUR).map(|(_, agg)| agg);
                let sum = parts.fold(Agg::default(), Agg::merged);
                column.hours.insert(hour, sum);
                touched.push((code.clone(), Moment(hour)));
            }
        }
        touched
    }

    /// The column of a factor.
    #[must_use]
    pub fn column(&self, code: &str) -> Option<&Column> {
        self.columns.get(code)
    }

    /// All columns by factor.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &Column)> {
        self.columns.iter().map(|(code, column)| (code.as_str(), column))
    }

    /// How many ten-minute roll-ups were computed so far.
    #[must_use]
    pub fn rerolled(&self) -> u64 {
        self.rerolled
    }
}

/// Adds readings up; volumes come from the flow reading of the same time.
#[must_use]
pub fn aggregate(rows: &[Reading], flow: &[Reading], slice_s: i64) -> Agg {
    let mut agg = Agg::default();
    let Some(first) = rows.first() else { return agg };
    let mut at = flow.partition_point(|f| f.time < first.time);
    for row in rows {
        while flow.get(at).is_some_and(|f| f.time < row.time) {
            at += 1;
        }
        let volume = flow.get(at).filter(|f| f.time == row.time).and_then(|f| volume_m3(f, slice_s));
        agg.add(row, volume);
    }
    agg
}

/// Volume of a slice, m³: its `-Cou`, or Q (L/s) × T (s) / 1000 (HJ 212-2017 annex D); None if flow does not count.
#[must_use]
pub fn volume_m3(flow: &Reading, slice_s: i64) -> Option<Decimal> {
    if flow.standing != Standing::Valid {
        return None;
    }
    let volume = match (flow.total, flow.mean) {
        (Some(total), _) => total.decimal(),
        (None, Some(mean)) => mean.decimal().checked_mul(Decimal::from(slice_s))?.checked_div(Decimal::from(1000))?,
        (None, None) => return None,
    };
    (!volume.is_sign_negative()).then_some(volume)
}
