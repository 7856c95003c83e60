//! The cells of one worksheet, in one pass.

use super::super::Task;
use super::rich_text;
use super::xml::{self, Event, Events, attributes, local_name};
use crate::grid::{CellError, GridBuilder, Shared, Slot};
use crate::limits::ReadError;
use crate::number::{Parsed, from_bytes};
use crate::range::Range;
use std::io::Read;
use values::place::cell_name;

/// Merged ranges beyond this many are not kept: no office merges so much by hand.
const MOST_MERGES: usize = 200_000;

/// What the attributes of `<c>` say.
#[derive(Debug, Clone, Copy)]
struct Head {
    column: u16,
    style: u16,
    kind: CellKind,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum CellKind {
    Number,
    Shared,
    /// `str`: the text that a formula gave.
    Plain,
    Inline,
    Bool,
    Error,
    Iso,
}

pub(crate) fn read<R: Read>(
    events: &mut Events<R>,
    sheet: &str,
    task: &mut Task<'_, '_>,
    shared: &mut Shared,
    builder: &mut GridBuilder,
) -> Result<(), ReadError> {
    let (mut row, mut next_row, mut next_column, mut seen) = (0u32, 0u32, 0u16, 0usize);
    while let Some(event) = events.next()? {
        match event {
            Event::Open(tag) => match local_name(tag) {
                b"c" => {
                    let Some(head) = cell_head(tag, next_column) else { continue };
                    next_column = head.column.saturating_add(1);
                    cell(events, head, row, (sheet, task), shared, builder)?;
                }
                b"row" => {
                    row = start_row(tag, next_row, builder);
                    (next_row, next_column) = (row.saturating_add(1), 0);
                    seen += 1;
                    if seen.is_multiple_of(2048) {
                        task.progress(builder.rows(), builder.cells())?;
                    }
                }
                _ => {}
            },
            Event::Empty(tag) => match local_name(tag) {
                b"c" => {
                    if let Some(head) = cell_head(tag, next_column) {
                        next_column = head.column.saturating_add(1);
                        builder.blank();
                    }
                }
                b"row" => {
                    next_row = start_row(tag, next_row, builder).saturating_add(1);
                    seen += 1;
                    if seen.is_multiple_of(2048) {
                        task.progress(builder.rows(), builder.cells())?;
                    }
                }
                b"col" => builder.grid.hidden_columns.extend(hidden_columns(tag)),
                b"mergeCell" if builder.merges.len() < MOST_MERGES => {
                    let range = xml::attribute_text(tag, b"ref").and_then(|r| Range::parse(&r));
                    builder.merges.extend(range.filter(|r| r.height() > 1 || r.width() > 1));
                }
                _ => {}
            },
            _ => {}
        }
    }
    Ok(())
}

fn start_row(tag: &[u8], next: u32, builder: &mut GridBuilder) -> u32 {
    let (mut row, mut hidden) = (next, false);
    for (name, value) in attributes(tag) {
        match name {
            b"r" => row = digits(value).and_then(|r| r.checked_sub(1)).filter(|r| *r < 1_048_576).unwrap_or(next),
            b"hidden" => hidden = matches!(value, b"1" | b"true"),
            _ => {}
        }
    }
    builder.start_row(row, hidden);
    row
}

fn hidden_columns(tag: &[u8]) -> Option<(u32, u32)> {
    let hidden = xml::attribute(tag, b"hidden").is_some_and(|v| matches!(v, b"1" | b"true"));
    let side = |name: &[u8]| xml::attribute(tag, name).and_then(digits).and_then(|n| n.checked_sub(1));
    if hidden { Some((side(b"min")?, side(b"max")?)) } else { None }
}

fn digits(text: &[u8]) -> Option<u32> {
    if text.is_empty() || text.len() > 9 {
        return None;
    }
    text.iter().try_fold(0u32, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
}

/// Column of an A1 reference; `None` beyond XFD.
fn column_of(reference: &[u8]) -> Option<u16> {
    let mut column = 0u32;
    for &b in reference {
        match b {
            b'A'..=b'Z' => column = column * 26 + u32::from(b - b'A' + 1),
            b'a'..=b'z' => column = column * 26 + u32::from(b - b'a' + 1),
            _ => break,
        }
        if column > 16_384 {
            return None;
        }
    }
    u16::try_from(column.checked_sub(1)?).ok()
}

fn cell_head(tag: &[u8], next: u16) -> Option<Head> {
    let mut head = Head { column: next, style: 0, kind: CellKind::Number };
    for (name, value) in attributes(tag) {
        match name {
            b"r" => head.column = column_of(value)?,
            b"s" => head.style = digits(value).and_then(|s| u16::try_from(s).ok()).unwrap_or(0),
            b"t" => {
                head.kind = match value {
                    b"s" => CellKind::Shared,
                    b"str" => CellKind::Plain,
                    b"inlineStr" => CellKind::Inline,
                    b"b" => CellKind::Bool,
                    b"e" => CellKind::Error,
                    b"d" => CellKind::Iso,
                    _ => CellKind::Number,
                }
            }
            _ => {}
        }
    }
    (head.column < 16_384).then_some(head)
}

type Where<'a, 'b, 'c, 'w> = (&'a str, &'b mut Task<'c, 'w>);

/// Reads up to `</c>` and puts the cell down.
fn cell<R: Read>(
    events: &mut Events<R>,
    head: Head,
    row: u32,
    place: Where<'_, '_, '_, '_>,
    shared: &mut Shared,
    builder: &mut GridBuilder,
) -> Result<(), ReadError> {
    if let Some((slot, length)) = quick(events.peek(), head) {
        events.skip(length);
        if head.kind == CellKind::Shared && shared.texts.get(u32::try_from(slot.bits).unwrap_or(u32::MAX)).is_empty() {
            builder.blank();
        } else {
            builder.push(slot);
        }
        return Ok(());
    }
    let (sheet, task) = place;
    let mut slot: Option<Slot> = None;
    let (mut formula, mut in_value, mut valued) = (false, false, false);
    while let Some(event) = events.next()? {
        match event {
            Event::Open(tag) => match local_name(tag) {
                b"v" => in_value = true,
                b"f" => formula = true,
                b"is" => {
                    let out = shared.texts.open();
                    let start = out.len();
                    rich_text(events, b"is", out)?;
                    let length = shared.texts.open().len() - start;
                    task.check_text(length, || format!("{sheet}!{}", cell_name(row, u32::from(head.column))))?;
                    let index = shared.texts.close().ok_or_else(|| ReadError::damaged(task.name, "文字"))?;
                    slot = (length > 0).then(|| Slot::text(head.column, head.style, index));
                }
                _ => {}
            },
            Event::Empty(tag) => formula |= local_name(tag) == b"f",
            Event::Text(raw) | Event::Cdata(raw) if in_value => {
                valued = true;
                task.check_text(raw.len(), || format!("{sheet}!{}", cell_name(row, u32::from(head.column))))?;
                slot = value(raw, head, shared).or(slot);
            }
            Event::Close(b"v") => in_value = false,
            Event::Close(b"c") => break,
            _ => {}
        }
    }
    match slot {
        Some(mut slot) => {
            slot.formula = formula;
            builder.push(slot);
        }
        // A formula that gave an empty text shows nothing; one without any value was never calculated.
        None if formula && !valued && head.kind != CellKind::Plain => {
            let mut slot = Slot::error(head.column, head.style, CellError::Uncached);
            slot.formula = true;
            builder.push(slot);
        }
        None => builder.blank(),
    }
    Ok(())
}

/// `<v>…</v></c>` of a number or a shared string that lies whole in the buffer: nearly every cell.
fn quick(ahead: &[u8], head: Head) -> Option<(Slot, usize)> {
    let rest = ahead.strip_prefix(b"<v>")?;
    let end = rest.iter().take(32).position(|b| *b == b'<')?;
    if !rest[end..].starts_with(b"</v></c>") || end == 0 {
        return None;
    }
    let text = &rest[..end];
    let slot = match head.kind {
        CellKind::Number => match from_bytes(text) {
            Parsed::Exact(mantissa, scale) => Slot::number(head.column, head.style, mantissa, scale),
            Parsed::Double(_) | Parsed::No => return None,
        },
        CellKind::Shared => Slot::text(head.column, head.style, digits(text)?),
        _ => return None,
    };
    Some((slot, 3 + end + 8))
}

fn value(raw: &[u8], head: Head, shared: &mut Shared) -> Option<Slot> {
    let (column, style) = (head.column, head.style);
    let trimmed = raw.trim_ascii();
    match head.kind {
        CellKind::Number => match from_bytes(trimmed) {
            Parsed::Exact(mantissa, scale) => Some(Slot::number(column, style, mantissa, scale)),
            Parsed::Double(double) => Some(Slot::double(column, style, double)),
            Parsed::No if trimmed.is_empty() => None,
            Parsed::No => text(raw, column, style, shared),
        },
        CellKind::Shared => {
            let index = digits(trimmed).filter(|i| !shared.texts.get(*i).is_empty())?;
            Some(Slot::text(column, style, index))
        }
        CellKind::Bool => Some(Slot::boolean(column, style, matches!(trimmed, b"1" | b"true"))),
        CellKind::Error => Some(Slot::error(column, style, CellError::parse(std::str::from_utf8(trimmed).unwrap_or("")))),
        CellKind::Iso => {
            let iso = std::str::from_utf8(trimmed).ok()?;
            match crate::source::foreign::iso_serial(iso) {
                Some(serial) => {
                    let code = if serial.fract() == 0.0 { "yyyy-mm-dd" } else { "yyyy-mm-dd hh:mm:ss" };
                    let style = date_style(shared, code);
                    Some(Slot::double(column, style, serial - if shared.date1904 { 1462.0 } else { 0.0 }))
                }
                None => text(raw, column, style, shared),
            }
        }
        CellKind::Plain | CellKind::Inline => text(raw, column, style, shared),
    }
}

fn text(raw: &[u8], column: u16, style: u16, shared: &mut Shared) -> Option<Slot> {
    if raw.is_empty() {
        return None;
    }
    xml::unescape(raw, shared.texts.open());
    shared.texts.close().map(|index| Slot::text(column, style, index))
}

/// Index of a style that is nothing but a date format, added once.
fn date_style(shared: &mut Shared, code: &str) -> u16 {
    let format = shared.formats.intern(code);
    let style = crate::grid::Style { format, ..crate::grid::Style::default() };
    let found = shared.styles.iter().position(|s| *s == style).unwrap_or_else(|| {
        shared.styles.push(style);
        shared.styles.len() - 1
    });
    u16::try_from(found).unwrap_or(0)
}
