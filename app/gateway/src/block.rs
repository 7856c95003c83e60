//! How readings and roll-ups lie in bytes: blocks of one station, one kind of data, one day (or 32 days).

use hj212::value::{Moment, Num};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use validity::mark::Standing;
use validity::rollup::{Agg, Reading};

/// Readings of a block by factor number, sorted by time.
pub type Columns = BTreeMap<u16, Vec<Reading>>;
/// Hours of a block by factor number and start.
pub type Hours = BTreeMap<u16, BTreeMap<i64, Agg>>;

/// Appends a number, seven bits a byte.
pub fn put(out: &mut Vec<u8>, mut n: u128) {
    while n >= 0x80 {
        out.push((n as u8) | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Appends a signed number; small ones of either sign are short.
pub fn put_signed(out: &mut Vec<u8>, n: i128) {
    put(out, ((n << 1) ^ (n >> 127)) as u128);
}

/// Reads numbers off the front of bytes; None behind their end.
#[derive(Debug, Clone)]
pub struct Cursor<'a>(pub &'a [u8]);

impl Cursor<'_> {
    /// One byte.
    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }
    /// A number.
    pub fn number(&mut self) -> Option<u128> {
        let mut n = 0u128;
        for shift in (0..126).step_by(7) {
            let byte = self.byte()?;
            n |= u128::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(n);
            }
        }
        None
    }
    /// A signed number.
    pub fn signed(&mut self) -> Option<i128> {
        let n = self.number()?;
        Some((n >> 1) as i128 ^ -((n & 1) as i128))
    }
    fn small<T: TryFrom<u128>>(&mut self) -> Option<T> {
        T::try_from(self.number()?).ok()
    }
    fn decimal(&mut self) -> Option<Decimal> {
        let scale = u32::from(self.byte()?);
        Decimal::try_from_i128_with_scale(self.signed()?, scale).ok()
    }
    fn num(&mut self) -> Option<Num> {
        let scale = self.byte()?;
        Some(Num { scale, mantissa: i64::try_from(self.signed()?).ok()? })
    }
}

fn put_decimal(out: &mut Vec<u8>, decimal: Decimal) {
    out.push(decimal.scale() as u8);
    put_signed(out, decimal.mantissa());
}

fn standing_of(code: u8) -> Standing {
    match code {
        0 => Standing::Valid,
        1 => Standing::AboveRange,
        3 => Standing::InCheck,
        4 => Standing::NotDue,
        _ => Standing::Invalid,
    }
}

fn code_of(standing: Standing) -> u8 {
    match standing {
        Standing::Valid => 0,
        Standing::AboveRange => 1,
        Standing::Invalid => 2,
        Standing::InCheck => 3,
        Standing::NotDue => 4,
    }
}

fn values(reading: &Reading) -> [Option<Num>; 4] {
    [reading.mean, reading.min, reading.max, reading.total]
}

/// Appends a reading as it comes in: factor, seconds since the block's start, values.
pub fn push_hot(out: &mut Vec<u8>, factor: u16, start: i64, reading: &Reading) {
    put(out, u128::from(factor));
    put_signed(out, i128::from(reading.time.0 - start));
    let all = values(reading);
    let has = all.iter().enumerate().fold(0u8, |bits, (i, v)| bits | u8::from(v.is_some()) << i);
    out.push(has | code_of(reading.standing) << 4);
    for value in all.into_iter().flatten() {
        out.push(value.scale);
        put_signed(out, i128::from(value.mantissa));
    }
}

/// Reads what [`push_hot`] wrote, in its order.
pub fn hot_rows(bytes: &[u8], start: i64) -> impl Iterator<Item = (u16, Reading)> {
    let mut cursor = Cursor(bytes);
    std::iter::from_fn(move || {
        let factor = cursor.small()?;
        let time = Moment(start + i64::try_from(cursor.signed()?).ok()?);
        let bits = cursor.byte()?;
        let mut value = |i: u8| if bits >> i & 1 == 1 { cursor.num().map(Some) } else { Some(None) };
        let (mean, min, max, total) = (value(0)?, value(1)?, value(2)?, value(3)?);
        Some((factor, Reading { time, mean, min, max, total, standing: standing_of(bits >> 4) }))
    })
}

/// Writes the hours of a block.
#[must_use]
pub fn encode_hours(hours: &Hours) -> Vec<u8> {
    let mut out = Vec::new();
    put(&mut out, hours.len() as u128);
    for (factor, of) in hours {
        put(&mut out, u128::from(*factor));
        put(&mut out, of.len() as u128);
        let mut before = 0;
        for (start, agg) in of {
            put_signed(&mut out, i128::from(start - before));
            before = *start;
            for n in [agg.count, agg.valid, agg.above_range, agg.in_check, agg.not_due, agg.totals, agg.pairs] {
                put(&mut out, u128::from(n));
            }
            for decimal in [agg.sum, agg.total, agg.volume, agg.product] {
                put_decimal(&mut out, decimal);
            }
            out.push(u8::from(agg.min.is_some()) | u8::from(agg.max.is_some()) << 1);
            for num in [agg.min, agg.max].into_iter().flatten() {
                out.push(num.scale);
                put_signed(&mut out, i128::from(num.mantissa));
            }
        }
    }
    out
}

/// Reads the hours of a block; None if they are damaged.
#[must_use]
pub fn decode_hours(bytes: &[u8]) -> Option<Hours> {
    let mut cursor = Cursor(bytes);
    let mut hours = Hours::new();
    for _ in 0..cursor.small::<u16>()? {
        let factor = cursor.small()?;
        let mut of = BTreeMap::new();
        let mut start = 0i64;
        for _ in 0..cursor.small::<u32>()? {
            start += i64::try_from(cursor.signed()?).ok()?;
            let mut agg = Agg {
                count: cursor.small()?,
                valid: cursor.small()?,
                above_range: cursor.small()?,
                in_check: cursor.small()?,
                not_due: cursor.small()?,
                totals: cursor.small()?,
                pairs: cursor.small()?,
                sum: cursor.decimal()?,
                total: cursor.decimal()?,
                volume: cursor.decimal()?,
                product: cursor.decimal()?,
                ..Agg::default()
            };
            let has = cursor.byte()?;
            agg.min = if has & 1 == 1 { Some(cursor.num()?) } else { None };
            agg.max = if has & 2 == 2 { Some(cursor.num()?) } else { None };
            of.insert(start, agg);
        }
        hours.insert(factor, of);
    }
    Some(hours)
}

/// Bit that says: the scales are those of the row before.
const SAME_SCALES: u8 = 0x80;

/// Writes the readings of a block: times and values as differences.
#[must_use]
pub fn encode_columns(columns: &Columns, start: i64) -> Vec<u8> {
    let mut out = Vec::new();
    put(&mut out, columns.len() as u128);
    for (factor, rows) in columns {
        put(&mut out, u128::from(*factor));
        put(&mut out, rows.len() as u128);
        let mut time = start;
        let mut before = [Num { mantissa: 0, scale: 0 }; 4];
        for row in rows {
            put_signed(&mut out, i128::from(row.time.0 - time));
            time = row.time.0;
            let all = values(row);
            let has = all.iter().enumerate().fold(0u8, |bits, (i, v)| bits | u8::from(v.is_some()) << i);
            let same = all.iter().zip(&before).all(|(v, b)| v.is_none_or(|v| v.scale == b.scale));
            out.push(has | code_of(row.standing) << 4 | if same { SAME_SCALES } else { 0 });
            for (value, last) in all.into_iter().zip(&mut before) {
                let Some(value) = value else { continue };
                if !same {
                    out.push(value.scale);
                }
                put_signed(&mut out, i128::from(value.mantissa) - i128::from(last.mantissa));
                *last = value;
            }
        }
    }
    out
}

/// Reads the readings of a block; None if they are damaged.
#[must_use]
pub fn decode_columns(bytes: &[u8], start: i64) -> Option<Columns> {
    let mut cursor = Cursor(bytes);
    let mut columns = Columns::new();
    for _ in 0..cursor.small::<u16>()? {
        let factor = cursor.small()?;
        let count: u32 = cursor.small()?;
        let mut rows = Vec::with_capacity((count as usize).min(cursor.0.len()));
        let mut time = start;
        let mut before = [Num { mantissa: 0, scale: 0 }; 4];
        for _ in 0..count {
            time += i64::try_from(cursor.signed()?).ok()?;
            let bits = cursor.byte()?;
            let mut of = [None; 4];
            for (i, (slot, last)) in of.iter_mut().zip(&mut before).enumerate() {
                if bits >> i & 1 == 1 {
                    let scale = if bits & SAME_SCALES == 0 { cursor.byte()? } else { last.scale };
                    let mantissa = i64::try_from(cursor.signed()? + i128::from(last.mantissa)).ok()?;
                    *last = Num { mantissa, scale };
                    *slot = Some(*last);
                }
            }
            let [mean, min, max, total] = of;
            rows.push(Reading { time: Moment(time), mean, min, max, total, standing: standing_of(bits >> 4 & 7) });
        }
        columns.insert(factor, rows);
    }
    Some(columns)
}

/// Puts readings into a sorted column; the later of two for one time counts.
pub fn merge(rows: &mut Vec<Reading>, more: Vec<Reading>) {
    let in_order = more.windows(2).all(|w| w[0].time < w[1].time);
    let behind = match (rows.last(), more.first()) {
        (Some(last), Some(first)) => last.time < first.time,
        _ => true,
    };
    rows.extend(more);
    if in_order && behind {
        return;
    }
    // Stable: of one time the last put in stands last.
    rows.sort_by_key(|r| r.time);
    rows.reverse();
    rows.dedup_by_key(|r| r.time);
    rows.reverse();
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reading() -> impl Strategy<Value = Reading> {
        let num = || proptest::option::of((any::<i64>(), 0u8..19).prop_map(|(mantissa, scale)| Num { mantissa, scale }));
        (0i64..86_400, num(), num(), num(), num(), 0u8..5).prop_map(|(t, mean, min, max, total, s)| Reading {
            time: Moment(t),
            mean,
            min,
            max,
            total,
            standing: standing_of(s),
        })
    }

    proptest! {
        #[test]
        fn columns_and_hours_come_back(rows in proptest::collection::vec((0u16..4, reading()), 0..80)) {
            let mut hot = Vec::new();
            for (factor, r) in &rows {
                push_hot(&mut hot, *factor, 0, r);
            }
            prop_assert_eq!(hot_rows(&hot, 0).collect::<Vec<_>>(), rows.clone());
            let mut columns = Columns::new();
            for (factor, r) in &rows {
                merge(columns.entry(*factor).or_default(), vec![*r]);
            }
            for (factor, column) in &columns {
                prop_assert!(column.windows(2).all(|w| w[0].time < w[1].time));
                for r in column {
                    let last = rows.iter().rev().find(|(f, o)| f == factor && o.time == r.time).unwrap();
                    prop_assert_eq!(&last.1, r);
                }
            }
            prop_assert_eq!(decode_columns(&encode_columns(&columns, 0), 0).unwrap(), columns.clone());
            let hours: Hours = columns.iter().map(|(f, rows)| (*f, BTreeMap::from([(3_600, validity::rollup::aggregate(rows, &[], 60))]))).collect();
            prop_assert_eq!(decode_hours(&encode_hours(&hours)).unwrap(), hours);
        }

        #[test]
        fn damaged_bytes_do_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode_columns(&bytes, 0);
            let _ = decode_hours(&bytes);
            let _ = hot_rows(&bytes, 0).count();
        }
    }
}
