//! The cells of one sheet of a BIFF8 stream.

use super::super::Task;
use super::records::{self, Record, Records, Text};
use crate::grid::{CellError, GridBuilder, Shared, Slot};
use crate::limits::ReadError;
use crate::range::Range;
use std::collections::{BTreeMap, HashMap};
use values::place::cell_name;

/// Cells in the stream's order; the rows they belong to come before or after them.
#[derive(Default)]
struct Cells {
    slots: BTreeMap<u32, Vec<Slot>>,
    hidden: HashMap<u32, bool>,
    count: usize,
    blanks: u64,
}

impl Cells {
    fn push(&mut self, row: u16, slot: Slot) {
        self.slots.entry(u32::from(row)).or_default().push(slot);
        self.count += 1;
    }
}

pub(super) fn read(stream: &[u8], at: usize, sheet: &str, task: &mut Task<'_, '_>, shared: &mut Shared) -> Result<GridBuilder, ReadError> {
    let mut cells = Cells::default();
    let mut builder = GridBuilder::new();
    let mut records = Records::new(stream, at);
    let mut depth = 0u32;
    let mut texts: HashMap<u16, String> = HashMap::new();
    let mut notes: Vec<((u32, u32), u16)> = Vec::new();
    let mut object = 0u16;
    // Column and format of a formula whose text is in the next record.
    let mut waiting: Option<(u16, u16, u16)> = None;
    let mut seen = 0usize;
    while let Some(record) = records.next() {
        match record.kind {
            records::BOF => depth += 1,
            records::EOF if depth <= 1 => break,
            records::EOF => depth -= 1,
            // What stands in an embedded chart is no data of the sheet.
            _ if depth > 1 => {}
            records::STRING => {
                if let Some((row, column, style)) = waiting.take() {
                    let parts = records.with_continues(record.data);
                    let Some(text) = Text::long(&parts, 0).filter(|t| !t.is_empty()) else { continue };
                    task.check_text(text.len(), || format!("{sheet}!{}", cell_name(u32::from(row), u32::from(column))))?;
                    let index = shared.texts.push(&text).ok_or_else(|| ReadError::damaged(task.name, "文字"))?;
                    cells.push(row, Slot { formula: true, ..Slot::text(column, style, index) });
                }
            }
            records::LABEL | records::RSTRING => {
                let parts = records.with_continues(record.data);
                let (Some((row, column, style)), Some(text)) = (place(&record), Text::long(&parts, 6)) else { continue };
                if !text.is_empty() {
                    let index = shared.texts.push(&text).ok_or_else(|| ReadError::damaged(task.name, "文字"))?;
                    cells.push(row, Slot::text(column, style, index));
                }
            }
            records::FORMULA => waiting = formula(&record, &mut cells),
            records::OBJ => object = record.u16(6).unwrap_or(0),
            records::TXO => {
                let count = record.u16(10).map_or(0, usize::from);
                let parts = records.with_continues(&[]);
                let text = if count > 0 { Text::bare(parts.get(1..).unwrap_or(&[]), count) } else { None };
                texts.extend(text.map(|t| (object, t)));
            }
            records::NOTE => {
                if let (Some((row, column, _)), Some(id)) = (place(&record), record.u16(6)) {
                    notes.push(((u32::from(row), u32::from(column)), id));
                }
            }
            _ => simple(&record, &mut cells, &mut builder, shared),
        }
        seen += 1;
        if seen.is_multiple_of(8192) {
            task.progress(cells.slots.len(), cells.count)?;
        }
    }
    for (row, slots) in cells.slots {
        builder.start_row(row, cells.hidden.get(&row).copied().unwrap_or(false));
        slots.into_iter().for_each(|s| builder.push(s));
    }
    builder.grid.blanks = cells.blanks;
    builder.grid.comments = notes.into_iter().filter_map(|(at, id)| texts.get(&id).map(|t| (at, t.trim().to_owned()))).collect();
    Ok(builder)
}

fn place(record: &Record<'_>) -> Option<(u16, u16, u16)> {
    Some((record.u16(0)?, record.u16(2)?, record.u16(4)?))
}

/// Records of one cell, one row, or columns.
fn simple(record: &Record<'_>, cells: &mut Cells, builder: &mut GridBuilder, shared: &Shared) {
    match record.kind {
        records::ROW => {
            if let (Some(row), Some(flags)) = (record.u16(0), record.u8(12))
                && flags & 0x20 != 0
            {
                cells.hidden.insert(u32::from(row), true);
            }
        }
        records::COLINFO => {
            if let (Some(from), Some(to), Some(flags)) = (record.u16(0), record.u16(2), record.u16(8))
                && flags & 1 != 0
            {
                builder.grid.hidden_columns.push((u32::from(from), u32::from(to)));
            }
        }
        records::MERGECELLS => {
            for i in 0..record.u16(0).map_or(0, usize::from) {
                let side = |n: usize| record.u16(2 + i * 8 + n * 2).map(u32::from);
                if let (Some(top), Some(bottom), Some(left), Some(right)) = (side(0), side(1), side(2), side(3))
                    && top <= bottom
                    && left <= right
                    && (top, left) != (bottom, right)
                {
                    builder.merges.push(Range::new(top, left, bottom, right));
                }
            }
        }
        records::BLANK => cells.blanks += 1,
        records::MULBLANK => cells.blanks += (record.data.len().saturating_sub(6) / 2) as u64,
        records::MULRK => {
            let (Some(row), Some(first)) = (record.u16(0), record.u16(2)) else { return };
            for (i, pair) in record.data.get(4..record.data.len().saturating_sub(2)).unwrap_or(&[]).chunks_exact(6).enumerate() {
                let (style, rk) = (u16::from_le_bytes([pair[0], pair[1]]), u32::from_le_bytes([pair[2], pair[3], pair[4], pair[5]]));
                let column = first.saturating_add(u16::try_from(i).unwrap_or(u16::MAX));
                cells.push(row, compact(column, style, rk));
            }
        }
        _ => {
            let Some((row, column, style)) = place(record) else { return };
            let slot = match record.kind {
                records::LABELSST => record.u32(6).filter(|i| !shared.texts.get(*i).is_empty()).map(|i| Slot::text(column, style, i)),
                records::RK => record.u32(6).map(|rk| compact(column, style, rk)),
                records::NUMBER => record.f64(6).map(|n| Slot::double(column, style, n)),
                records::BOOLERR => match (record.u8(6), record.u8(7)) {
                    (Some(value), Some(0)) => Some(Slot::boolean(column, style, value != 0)),
                    (Some(code), Some(_)) => Some(Slot::error(column, style, error_of(code))),
                    _ => None,
                },
                _ => return,
            };
            match slot {
                Some(slot) => cells.push(row, slot),
                None => cells.blanks += 1,
            }
        }
    }
}

/// A formula's value; a text stands in the next record, for which its place is answered.
fn formula(record: &Record<'_>, cells: &mut Cells) -> Option<(u16, u16, u16)> {
    let (row, column, style) = place(record)?;
    let slot = if record.u16(12)? == 0xffff {
        match record.u8(6)? {
            0 => return Some((row, column, style)),
            1 => Slot::boolean(column, style, record.u8(8)? != 0),
            2 => Slot::error(column, style, error_of(record.u8(8)?)),
            // A formula that gave an empty text shows nothing.
            _ => {
                cells.blanks += 1;
                return None;
            }
        }
    } else {
        Slot::double(column, style, record.f64(6)?)
    };
    cells.push(row, Slot { formula: true, ..slot });
    None
}

/// A number in thirty bits ([MS-XLS] 2.5.217): a whole number or the upper half of a double, divided by 100 or not.
fn compact(column: u16, style: u16, rk: u32) -> Slot {
    let hundredth = rk & 1 != 0;
    if rk & 2 != 0 {
        return Slot::number(column, style, i64::from(rk.cast_signed() >> 2), if hundredth { 2 } else { 0 });
    }
    let double = f64::from_bits(u64::from(rk & !3) << 32);
    Slot::double(column, style, if hundredth { double / 100.0 } else { double })
}

fn error_of(code: u8) -> CellError {
    match code {
        0x00 => CellError::Null,
        0x07 => CellError::Div0,
        0x0f => CellError::Value,
        0x17 => CellError::Ref,
        0x1d => CellError::Name,
        0x24 => CellError::Num,
        0x2a => CellError::NotAvailable,
        _ => CellError::Other,
    }
}
