//! xls of Excel 97 and later, WPS included (BIFF8, [MS-XLS]): values with their
//! formats, indents, strike-through, notes, what is hidden and merged.
//!
//! Older files (Excel 5 and 95) have no Unicode and go through `foreign`.

mod cfb;
mod records;
mod sheet;

use super::{RawBook, RawSheet, Task, foreign};
use crate::grid::{Shared, Style};
use crate::limits::ReadError;
use records::{Record, Records, Text};
use std::collections::HashMap;
use std::sync::Arc;

/// One sheet's place in the stream.
struct SheetEntry {
    name: String,
    hidden: bool,
    at: usize,
}

/// Reads all worksheets.
pub(crate) fn read(task: &mut Task<'_, '_>) -> Result<RawBook, ReadError> {
    let stream = cfb::stream(task.bytes, &["Workbook", "Book"]).ok_or_else(|| ReadError::damaged(task.name, "工作簿"))?;
    let Some(first) = Records::new(&stream, 0).next() else { return Err(ReadError::damaged(task.name, "工作簿")) };
    if first.kind != records::BOF || first.u16(0) != Some(0x0600) {
        return foreign::xls(task);
    }
    let mut shared = Shared::default();
    let entries = globals(&stream, &mut shared, task)?;
    if entries.is_empty() {
        return Err(ReadError::damaged(task.name, "工作簿目录"));
    }
    task.check_sheets(entries.len())?;
    let mut built = Vec::new();
    for entry in entries {
        let builder = sheet::read(&stream, entry.at, &entry.name, task, &mut shared)?;
        task.sheet_done(builder.rows(), builder.cells())?;
        built.push((entry, builder));
    }
    shared.texts.shrink();
    let shared = Arc::new(shared);
    let sheets = built
        .into_iter()
        .map(|(entry, builder)| RawSheet { name: entry.name, hidden: entry.hidden, grid: builder.finish(Arc::clone(&shared)) })
        .collect();
    Ok(RawBook { sheets, findings: Vec::new(), names: Vec::new(), format: "xls" })
}

/// Styles, strings and the list of sheets.
fn globals(stream: &[u8], shared: &mut Shared, task: &mut Task<'_, '_>) -> Result<Vec<SheetEntry>, ReadError> {
    let mut entries = Vec::new();
    let mut fonts: Vec<(bool, bool)> = Vec::new();
    let mut codes: HashMap<u16, u16> = HashMap::new();
    let mut formats: Vec<(u16, u16, u8)> = Vec::new();
    let mut records = Records::new(stream, 0);
    while let Some(record) = records.next() {
        match record.kind {
            records::EOF => break,
            records::FILEPASS if record.u16(0) != Some(0) || record.data.len() > 6 => {
                return Err(ReadError::Password { name: task.name.into() });
            }
            records::DATEMODE => shared.date1904 = record.u16(0) == Some(1),
            records::FONT => {
                let strike = record.u16(2).is_some_and(|g| g & 0x8 != 0);
                fonts.push((strike, record.u16(6).is_some_and(|w| w >= 700)));
            }
            records::FORMAT => {
                if let (Some(id), Some(code)) = (record.u16(0), Text::long(&[record.data], 2)) {
                    codes.insert(id, shared.formats.intern(&code));
                }
            }
            records::XF => formats.push((record.u16(0).unwrap_or(0), record.u16(2).unwrap_or(0), record.u8(8).unwrap_or(0) & 0x0f)),
            records::BOUNDSHEET => entries.extend(sheet_entry(&record)),
            records::SST => {
                let parts = records.with_continues(record.data);
                let mut text = Text::new(&parts, 8);
                let count = record.u32(4).unwrap_or(0) as usize;
                for i in 0..count {
                    let out = shared.texts.open();
                    let start = out.len();
                    if !text.read_long(out) {
                        break;
                    }
                    let length = shared.texts.open().len() - start;
                    task.check_text(length, || "SST".to_owned())?;
                    shared.texts.close().ok_or_else(|| ReadError::damaged(task.name, "共享字符串"))?;
                    if i % 4096 == 0 {
                        task.progress(0, 0)?;
                    }
                }
            }
            _ => {}
        }
    }
    for (font, format, indent) in formats {
        // Font number 4 was never given out.
        let (strike, bold) = fonts.get(usize::from(if font > 4 { font - 1 } else { font })).copied().unwrap_or_default();
        let format = codes.get(&format).copied().unwrap_or_else(|| shared.formats.built_in(format));
        shared.styles.push(Style { format, strike, bold, indent });
    }
    Ok(entries)
}

/// Worksheets only: charts and macro sheets hold no data.
fn sheet_entry(record: &Record<'_>) -> Option<SheetEntry> {
    let (at, state, kind) = (record.u32(0)? as usize, record.u8(4)?, record.u8(5)?);
    let name = Text::short(record.data, 6)?;
    (kind == 0).then_some(SheetEntry { name, hidden: state & 3 != 0, at })
}
