//! xls, xlsb and ods through the crate `calamine`.

use super::{RawBook, RawSheet, Task};
use crate::format::Formats;
use crate::grid::{Arena, CellError, GridBuilder, Shared, Slot, Style};
use crate::limits::ReadError;
use crate::range::Range;
use calamine::{CellErrorType, Data, Dimensions, Reader, SheetVisible};
use std::io::Cursor;
use std::sync::Arc;

type Bytes<'a> = Cursor<&'a [u8]>;

pub(crate) fn xlsb(task: &mut Task<'_, '_>) -> Result<RawBook, ReadError> {
    unpack_all(task)?;
    let mut book = calamine::Xlsb::new(Cursor::new(task.bytes)).map_err(|e| match e {
        calamine::XlsbError::Password => ReadError::Password { name: task.name.into() },
        other => ReadError::damaged_by(task.name, "工作簿", other),
    })?;
    collect(task, &mut book, "xlsb", false, |_, _| Vec::new())
}

pub(crate) fn xls(task: &mut Task<'_, '_>) -> Result<RawBook, ReadError> {
    let mut book = calamine::Xls::new(Cursor::new(task.bytes)).map_err(|e| match e {
        calamine::XlsError::Password => ReadError::Password { name: task.name.into() },
        other => ReadError::damaged_by(task.name, "工作簿", other),
    })?;
    let date1904 = book.has_1904_epoch();
    collect(task, &mut book, "xls", date1904, |book, name| book.merge_cells_by_sheet_name(name).unwrap_or_default())
}

/// A package may lie about the size of its parts, so they are unpacked once and counted.
fn unpack_all(task: &Task<'_, '_>) -> Result<(), ReadError> {
    let mut zip = zip::ZipArchive::new(Cursor::new(task.bytes)).map_err(|e| ReadError::damaged_by(task.name, "压缩包目录", e))?;
    let mut left = task.limits.unpacked_bytes;
    for i in 0..zip.len() {
        let Ok(part) = zip.by_index(i) else { continue };
        let read = std::io::copy(&mut std::io::Read::take(part, left.saturating_add(1)), &mut std::io::sink()).unwrap_or(0);
        left = left.checked_sub(read).ok_or_else(|| ReadError::Bomb { name: task.name.into(), limit: task.limits.unpacked_bytes })?;
    }
    Ok(())
}

/// Styles that stand for what calamine tells of a cell: plain, day, moment, duration.
fn styles(formats: &mut Formats) -> Vec<Style> {
    ["", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "[h]:mm:ss"]
        .iter()
        .map(|code| Style { format: formats.intern(code), ..Style::default() })
        .collect()
}

fn collect<'a, R: Reader<Bytes<'a>>>(
    task: &mut Task<'_, '_>,
    book: &mut R,
    format: &'static str,
    date1904: bool,
    merges: impl Fn(&mut R, &str) -> Vec<Dimensions>,
) -> Result<RawBook, ReadError>
where
    R::Error: std::error::Error + Send + Sync + 'static,
{
    let meta: Vec<_> = book.sheets_metadata().to_vec();
    task.check_sheets(meta.len())?;
    let mut shared = Shared { date1904, ..Shared::default() };
    shared.styles = styles(&mut shared.formats);
    let mut built = Vec::new();
    for sheet in &meta {
        if !matches!(sheet.typ, calamine::SheetType::WorkSheet) {
            continue;
        }
        let range =
            book.worksheet_range(&sheet.name).map_err(|e| ReadError::damaged_by(task.name, format!("工作表“{}”", sheet.name), e))?;
        let formulas = book.worksheet_formula(&sheet.name).ok();
        let mut builder = GridBuilder::new();
        let (top, left) = range.start().unwrap_or((0, 0));
        let mut current = None;
        for (row, column, data) in range.used_cells() {
            let row = u32::try_from(row).unwrap_or(u32::MAX).saturating_add(top);
            let column = u32::try_from(column).unwrap_or(u32::MAX).saturating_add(left);
            if current != Some(row) {
                current = Some(row);
                builder.start_row(row, false);
                if builder.rows().is_multiple_of(1024) {
                    task.progress(builder.rows(), builder.cells())?;
                }
            }
            let Some(mut slot) = slot(data, column, &mut shared.texts) else { continue };
            slot.formula = formulas.as_ref().and_then(|f| f.get_value((row, column))).is_some_and(|f| !f.is_empty());
            builder.push(slot);
        }
        builder.merges = merges(book, &sheet.name).iter().map(|d| Range::new(d.start.0, d.start.1, d.end.0, d.end.1)).collect();
        task.sheet_done(builder.rows(), builder.cells())?;
        built.push((sheet, builder));
    }
    let shared = Arc::new(shared);
    let sheets = built
        .into_iter()
        .map(|(sheet, builder)| RawSheet {
            name: sheet.name.clone(),
            hidden: sheet.visible != SheetVisible::Visible,
            grid: builder.finish(Arc::clone(&shared)),
        })
        .collect();
    Ok(RawBook { sheets, findings: Vec::new(), names: book.defined_names().to_vec(), format })
}

fn slot(data: &Data, column: u32, texts: &mut Arena) -> Option<Slot> {
    let column = u16::try_from(column).ok()?;
    Some(match data {
        Data::Empty => return None,
        Data::String(text) if text.is_empty() => return None,
        Data::String(text) | Data::DurationIso(text) => Slot::text(column, 0, texts.push(text)?),
        Data::Int(value) => Slot::number(column, 0, *value, 0),
        Data::Float(value) => Slot::double(column, 0, *value),
        Data::Bool(yes) => Slot::boolean(column, 0, *yes),
        Data::Error(error) => Slot::error(column, 0, error_of(error)),
        Data::DateTime(moment) => {
            let serial = moment.as_f64();
            let style = if moment.is_duration() { 3 } else { 1 + u16::from(serial.fract() != 0.0) };
            Slot::double(column, style, serial)
        }
        Data::DateTimeIso(text) => match iso_serial(text) {
            Some(serial) => Slot::double(column, 1 + u16::from(serial.fract() != 0.0), serial),
            None => Slot::text(column, 0, texts.push(text)?),
        },
    })
}

/// `2025-03-01` or `2025-03-01T08:30:00` as a serial number.
pub(crate) fn iso_serial(text: &str) -> Option<f64> {
    let (day, seconds) = match text.parse::<jiff::civil::DateTime>() {
        Ok(moment) => (moment.date(), f64::from(moment.hour()) * 3600.0 + f64::from(moment.minute()) * 60.0 + f64::from(moment.second())),
        Err(_) => (text.parse::<jiff::civil::Date>().ok()?, 0.0),
    };
    let days = day.since(jiff::civil::date(1899, 12, 30)).ok()?.get_days();
    Some(f64::from(days) + seconds / 86_400.0)
}

fn error_of(error: &CellErrorType) -> CellError {
    match error {
        CellErrorType::Div0 => CellError::Div0,
        CellErrorType::NA => CellError::NotAvailable,
        CellErrorType::Name => CellError::Name,
        CellErrorType::Null => CellError::Null,
        CellErrorType::Num => CellError::Num,
        CellErrorType::Ref => CellError::Ref,
        CellErrorType::Value => CellError::Value,
        _ => CellError::Other,
    }
}
