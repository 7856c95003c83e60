//! Snapshots 快照: all columns as bytes, so that a start need not read every row.
//!
//! `SYFACTS` + format number, commit, fingerprint of what the slots stand for
//! (subjects in order, metric keys with numbers), series, check sum over
//! everything. A snapshot of another format, of other subjects, cut short or
//! with a flipped byte is refused, and the caller builds from rows. Kept sums
//! are not in it: they are built anew, so they can never be stale.

use crate::column::{Bits, Cell, Cells, Column, Extra};
use crate::facts::{Facts, Ground, Series, SeriesKey};
use crate::subject::SubjectKind;
use std::collections::BTreeMap;
use std::sync::Arc;
use values::Period;

const MAGIC: &[u8; 8] = b"SYFACTS\x01";

/// Why bytes are no snapshot for this ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Not a snapshot, or of another version of the format.
    #[error("不是快照，或是别的版本写的")]
    Format,
    /// The subjects or metrics are not those that it was written for.
    #[error("快照里的对象或指标与现在的不同")]
    Ground,
    /// Bytes are missing or changed.
    #[error("快照已损坏")]
    Damaged,
}

impl Facts {
    /// All columns as bytes.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes() + 4096);
        out.extend(MAGIC);
        put(&mut out, self.seq);
        out.extend(fingerprint(&self.ground).to_le_bytes());
        put_len(&mut out, self.series.len());
        for (key, series) in &self.series {
            put_text(&mut out, &self.plans[key.plan as usize].key);
            out.extend([key.scenario, key.source, key.measure, kind_code(key.kind)]);
            put_len(&mut out, series.columns.len());
            for (period, column) in &series.columns {
                put(&mut out, period.code());
                put_cells(&mut out, &column.cells);
                put_extras(&mut out, column);
            }
        }
        let sum = check_sum(&out);
        out.extend(sum.to_le_bytes());
        out
    }

    /// Reads a snapshot over the ground that it was written for.
    ///
    /// # Errors
    /// [`SnapshotError`]; nothing is taken over then.
    pub fn from_snapshot(ground: Ground, bytes: &[u8]) -> Result<Self, SnapshotError> {
        let body = bytes.len().checked_sub(8).ok_or(SnapshotError::Format)?;
        if bytes.get(..8) != Some(MAGIC) {
            return Err(SnapshotError::Format);
        }
        if check_sum(&bytes[..body]).to_le_bytes() != bytes[body..] {
            return Err(SnapshotError::Damaged);
        }
        let mut read = Read { rest: &bytes[8..body] };
        let seq = read.int()?;
        if read.take(8)? != fingerprint(&ground).to_le_bytes() {
            return Err(SnapshotError::Ground);
        }
        let mut made = Self::empty(ground, seq);
        for _ in 0..read.len()? {
            let (key, series) = made.read_series(&mut read)?;
            made.series.insert(key, Arc::new(series));
        }
        if !read.rest.is_empty() {
            return Err(SnapshotError::Damaged);
        }
        made.keep_all();
        Ok(made)
    }

    fn read_series(&self, read: &mut Read<'_>) -> Result<(SeriesKey, Series), SnapshotError> {
        let plan = *self.index.get(read.text()?).ok_or(SnapshotError::Ground)?;
        let codes = read.take(4)?;
        let kind = SubjectKind::ALL.get(usize::from(codes[3])).copied().ok_or(SnapshotError::Damaged)?;
        let key = SeriesKey { plan, scenario: codes[0], source: codes[1], measure: codes[2], kind };
        let mut series = Series::default();
        for _ in 0..read.len()? {
            let period = Period::from_code(read.int()?).ok_or(SnapshotError::Damaged)?;
            let cells = read.cells()?;
            let extras = read.extras()?;
            series.columns.push((period, Column { cells: Arc::new(cells), extras, kept: Arc::default() }));
        }
        if !series.columns.is_sorted_by(|a, b| a.0 < b.0) {
            return Err(SnapshotError::Damaged);
        }
        series.look(self.time_of(plan));
        Ok((key, series))
    }
}

/// Each word changes every later state, and the step is a bijection of it: one changed word always shows.
fn check_sum(bytes: &[u8]) -> u64 {
    let mut state = 0x243f_6a88_85a3_08d3u64 ^ bytes.len() as u64;
    let mut words = bytes.chunks_exact(8);
    let mut step = |word: u64| state = (state ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    for word in words.by_ref() {
        step(u64::from_le_bytes(word.try_into().unwrap_or_default()));
    }
    for byte in words.remainder() {
        step(u64::from(*byte));
    }
    state
}

/// What slots and metric names stand for.
fn fingerprint(ground: &Ground) -> u64 {
    let mut text = Vec::new();
    for subject in ground.subjects.iter() {
        put(&mut text, subject.number);
        text.push(kind_code(subject.kind));
    }
    for (key, number) in &ground.numbers {
        put_text(&mut text, key);
        put(&mut text, *number);
        // A column's numbers are at the metric's scale, whatever version is meant.
        for metric in ground.metrics.versions(key) {
            put_text(&mut text, metric.stored_unit());
            text.push(metric.digits());
        }
    }
    check_sum(&text)
}

fn kind_code(kind: SubjectKind) -> u8 {
    SubjectKind::ALL.iter().position(|k| *k == kind).and_then(|i| u8::try_from(i).ok()).unwrap_or(u8::MAX)
}

fn put(out: &mut Vec<u8>, number: i64) {
    out.extend(number.to_le_bytes());
}

fn put_len(out: &mut Vec<u8>, len: usize) {
    put(out, i64::try_from(len).unwrap_or(i64::MAX));
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_len(out, text.len());
    out.extend(text.as_bytes());
}

fn put_cells(out: &mut Vec<u8>, cells: &Cells) {
    match cells {
        Cells::Sparse(list) => {
            out.push(0);
            put_len(out, list.len());
            for (slot, cell) in list {
                out.extend(slot.to_le_bytes());
                put(out, cell.value);
                out.push(cell.status);
            }
        }
        Cells::Dense { values, filed, status } => {
            out.push(1 + u8::from(status.is_some()));
            put_len(out, values.len());
            for value in values {
                put(out, *value);
            }
            for bits in [Some(filed)].into_iter().chain(status.iter().flat_map(|s| s.iter().map(Some))).flatten() {
                put_len(out, bits.words().len());
                for word in bits.words() {
                    out.extend(word.to_le_bytes());
                }
            }
        }
    }
}

fn put_extras(out: &mut Vec<u8>, column: &Column) {
    put_len(out, column.extras.as_ref().map_or(0, |e| e.len()));
    for (slot, extra) in column.extras.iter().flat_map(|e| e.iter()) {
        out.extend(slot.to_le_bytes());
        out.push(extra.bound);
        out.push(u8::from(extra.value_to.is_some()));
        put(out, extra.value_to.unwrap_or(0));
        put_text(out, &extra.text);
    }
}

struct Read<'a> {
    rest: &'a [u8],
}

impl<'a> Read<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], SnapshotError> {
        let (head, rest) = self.rest.split_at_checked(n).ok_or(SnapshotError::Damaged)?;
        self.rest = rest;
        Ok(head)
    }
    fn int(&mut self) -> Result<i64, SnapshotError> {
        Ok(i64::from_le_bytes(self.take(8)?.try_into().map_err(|_| SnapshotError::Damaged)?))
    }
    /// A length that what is left could hold.
    fn len(&mut self) -> Result<usize, SnapshotError> {
        usize::try_from(self.int()?).ok().filter(|n| *n <= self.rest.len()).ok_or(SnapshotError::Damaged)
    }
    fn byte(&mut self) -> Result<u8, SnapshotError> {
        Ok(self.take(1)?[0])
    }
    fn slot(&mut self) -> Result<u32, SnapshotError> {
        Ok(u32::from_le_bytes(self.take(4)?.try_into().map_err(|_| SnapshotError::Damaged)?))
    }
    fn text(&mut self) -> Result<&'a str, SnapshotError> {
        let n = self.len()?;
        std::str::from_utf8(self.take(n)?).map_err(|_| SnapshotError::Damaged)
    }
    fn bits(&mut self) -> Result<Bits, SnapshotError> {
        let n = self.len()?;
        let bytes = self.take(n.checked_mul(8).ok_or(SnapshotError::Damaged)?)?;
        Ok(Bits::from_words(bytes.chunks_exact(8).map(|w| u64::from_le_bytes(w.try_into().unwrap_or_default())).collect()))
    }
    fn cells(&mut self) -> Result<Cells, SnapshotError> {
        let form = self.byte()?;
        let n = self.len()?;
        match form {
            0 => {
                let mut list = Vec::with_capacity(n);
                for _ in 0..n {
                    list.push((self.slot()?, Cell { value: self.int()?, status: self.byte()? }));
                }
                if list.is_sorted_by(|a, b| a.0 < b.0) { Ok(Cells::Sparse(list)) } else { Err(SnapshotError::Damaged) }
            }
            1 | 2 => {
                let bytes = self.take(n.checked_mul(8).ok_or(SnapshotError::Damaged)?)?;
                let values: Vec<i64> = bytes.chunks_exact(8).map(|w| i64::from_le_bytes(w.try_into().unwrap_or_default())).collect();
                let filed = self.bits()?;
                if filed.iter().last().is_some_and(|slot| slot as usize >= values.len()) {
                    return Err(SnapshotError::Damaged);
                }
                let status = if form == 2 { Some(Box::new([self.bits()?, self.bits()?])) } else { None };
                Ok(Cells::Dense { values, filed, status })
            }
            _ => Err(SnapshotError::Damaged),
        }
    }
    fn extras(&mut self) -> Result<Option<Arc<BTreeMap<u32, Extra>>>, SnapshotError> {
        let mut all = BTreeMap::new();
        for _ in 0..self.len()? {
            let slot = self.slot()?;
            let (bound, has_to) = (self.byte()?, self.byte()? == 1);
            let to = self.int()?;
            let text = self.text()?.to_owned();
            all.insert(slot, Extra { bound, value_to: has_to.then_some(to), text });
        }
        Ok((!all.is_empty()).then(|| Arc::new(all)))
    }
}
