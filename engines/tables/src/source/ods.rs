//! OpenDocument spreadsheets, streamed: values, merges, notes, what is hidden, what is struck through.
//!
//! OpenDocument v1.3 part 3: repeated cells and rows (19.675, 19.677) are
//! unrolled only where they hold something, since a sheet commonly ends in a
//! million repeated blanks.

use super::foreign::iso_serial;
use super::xlsx::xml::{Event, attribute, attribute_text, local_name, unescape};
use super::xlsx::{Parts, Reader};
use super::{RawBook, RawSheet, Task};
use crate::grid::{CellError, GridBuilder, Shared, Slot, Style};
use crate::limits::ReadError;
use crate::number::{Parsed, from_bytes};
use crate::range::Range;
use std::collections::HashMap;
use std::sync::Arc;
use values::place::cell_name;

/// What an automatic style says, as far as it matters.
#[derive(Debug, Clone, Copy, Default)]
struct Look {
    strike: bool,
    bold: bool,
    indent: u8,
    hidden_table: bool,
}

/// The cell being read.
#[derive(Debug, Default)]
struct Open {
    kind: String,
    value: Option<Vec<u8>>,
    formula: bool,
    style: Look,
    repeated: u32,
    spans: (u32, u32),
    text: String,
    lines: u32,
    note: String,
    note_lines: u32,
}

pub(crate) fn read(task: &mut Task<'_, '_>) -> Result<RawBook, ReadError> {
    let mut parts = Parts::open(task.bytes, task.name, task.limits.unpacked_bytes)?;
    let mut encrypted = false;
    parts.events("META-INF/manifest.xml", |events| {
        while let Some(event) = events.next()? {
            if let Event::Open(tag) | Event::Empty(tag) = event {
                encrypted |= local_name(tag) == b"encryption-data";
            }
        }
        Ok(())
    })?;
    if encrypted {
        return Err(ReadError::Password { name: task.name.into() });
    }
    let mut book =
        Book { shared: Shared { styles: vec![Style::default()], ..Shared::default() }, looks: HashMap::new(), built: Vec::new() };
    parts.events("content.xml", |events| book.content(events, task))?;
    if book.built.is_empty() {
        return Err(ReadError::damaged(task.name, "工作簿目录"));
    }
    let shared = Arc::new(book.shared);
    let sheets = book
        .built
        .into_iter()
        .map(|(name, hidden, builder)| RawSheet { name, hidden, grid: builder.finish(Arc::clone(&shared)) })
        .collect();
    Ok(RawBook { sheets, findings: Vec::new(), names: Vec::new(), format: "ods" })
}

struct Book {
    shared: Shared,
    looks: HashMap<String, Look>,
    built: Vec<(String, bool, GridBuilder)>,
}

impl Book {
    fn content(&mut self, events: &mut Reader<'_>, task: &mut Task<'_, '_>) -> Result<(), ReadError> {
        let mut style: Option<String> = None;
        while let Some(event) = events.next()? {
            match event {
                Event::Open(tag) | Event::Empty(tag) => match local_name(tag) {
                    b"style" => style = attribute_text(tag, b"name"),
                    b"text-properties" | b"table-properties" | b"paragraph-properties" => {
                        if let Some(name) = &style {
                            add_look(self.looks.entry(name.clone()).or_default(), tag);
                        }
                    }
                    b"table" => {
                        let name = attribute_text(tag, b"name").unwrap_or_default();
                        let hidden = attribute_text(tag, b"style-name").and_then(|s| self.looks.get(&s)).is_some_and(|l| l.hidden_table);
                        task.check_sheets(self.built.len() + 1)?;
                        let builder = self.table(events, &name, task)?;
                        self.built.push((name, hidden, builder));
                    }
                    _ => {}
                },
                Event::Close(b"style") => style = None,
                _ => {}
            }
        }
        Ok(())
    }

    fn table(&mut self, events: &mut Reader<'_>, sheet: &str, task: &mut Task<'_, '_>) -> Result<GridBuilder, ReadError> {
        let mut builder = GridBuilder::new();
        let (mut row, mut columns) = (0u32, 0u32);
        while let Some(event) = events.next()? {
            match event {
                Event::Open(tag) | Event::Empty(tag) if local_name(tag) == b"table-column" => {
                    let n = repeat(tag, b"number-columns-repeated");
                    if is_hidden(tag) && columns < 16_384 {
                        builder.grid.hidden_columns.push((columns, (columns + n - 1).min(16_383)));
                    }
                    columns = columns.saturating_add(n);
                }
                Event::Empty(tag) if local_name(tag) == b"table-row" => row = row.saturating_add(repeat(tag, b"number-rows-repeated")),
                Event::Open(tag) if local_name(tag) == b"table-row" => {
                    let (n, hidden) = (repeat(tag, b"number-rows-repeated"), is_hidden(tag));
                    let slots = self.row(events, sheet, row, &mut builder, task)?;
                    if !slots.is_empty() {
                        for r in row..row.saturating_add(n).min(1_048_576) {
                            builder.start_row(r, hidden);
                            slots.iter().for_each(|s| builder.push(*s));
                            if builder.rows().is_multiple_of(256) {
                                task.progress(builder.rows(), builder.cells())?;
                            }
                        }
                        task.progress(builder.rows(), builder.cells())?;
                    }
                    row = row.saturating_add(n);
                }
                Event::Close(b"table") => break,
                _ => {}
            }
        }
        task.sheet_done(builder.rows(), builder.cells())?;
        Ok(builder)
    }

    /// The cells of one row.
    fn row(
        &mut self,
        events: &mut Reader<'_>,
        sheet: &str,
        row: u32,
        builder: &mut GridBuilder,
        task: &mut Task<'_, '_>,
    ) -> Result<Vec<Slot>, ReadError> {
        let mut slots = Vec::new();
        let mut column = 0u32;
        while let Some(event) = events.next()? {
            let (tag, is_open) = match event {
                Event::Open(tag) => (tag, true),
                Event::Empty(tag) => (tag, false),
                Event::Close(b"table-row") => break,
                _ => continue,
            };
            if !matches!(local_name(tag), b"table-cell" | b"covered-table-cell") {
                continue;
            }
            let mut open = self.start(tag);
            if is_open {
                content_of_cell(events, &mut open)?;
            }
            task.check_text(open.text.len(), || format!("{sheet}!{}", cell_name(row, column)))?;
            if open.spans != (1, 1) {
                let (right, bottom) = (column.saturating_add(open.spans.1 - 1), row.saturating_add(open.spans.0 - 1));
                builder.merges.push(Range::new(row, column, bottom.min(1_048_575), right.min(16_383)));
            }
            if !open.note.is_empty() {
                builder.grid.comments.insert((row, column), open.note.trim().to_owned());
            }
            let repeated = open.repeated;
            match u16::try_from(column).ok().filter(|c| *c < 16_384).map(|c| self.slot(&open, c)) {
                Some(Some(slot)) => {
                    for c in column..column.saturating_add(repeated).min(16_384) {
                        slots.push(Slot { column: u16::try_from(c).unwrap_or(u16::MAX), ..slot });
                    }
                }
                Some(None) if repeated == 1 => builder.blank(),
                _ => {}
            }
            column = column.saturating_add(repeated);
        }
        Ok(slots)
    }

    fn start(&self, tag: &[u8]) -> Open {
        let style = attribute_text(tag, b"style-name").and_then(|s| self.looks.get(&s).copied()).unwrap_or_default();
        let mut open = Open { style, repeated: repeat(tag, b"number-columns-repeated"), ..Open::default() };
        open.spans = (repeat(tag, b"number-rows-spanned"), repeat(tag, b"number-columns-spanned"));
        for (name, value) in super::xlsx::xml::attributes(tag) {
            match name {
                // `calcext:value-type` comes after `office:value-type` and alone knows errors.
                b"value-type" if open.kind.is_empty() || value == b"error" => open.kind = String::from_utf8_lossy(value).into_owned(),
                b"value" | b"date-value" | b"time-value" | b"boolean-value" | b"string-value" => open.value = Some(value.to_vec()),
                b"formula" => open.formula = true,
                _ => {}
            }
        }
        open
    }

    fn slot(&mut self, open: &Open, column: u16) -> Option<Slot> {
        let value = open.value.as_deref().unwrap_or(b"").trim_ascii();
        let shown = open.text.trim();
        let mut slot = match open.kind.as_str() {
            "float" | "currency" | "percentage" => {
                let style = self.style(number_format(&open.kind, shown), open.style);
                match from_bytes(value) {
                    Parsed::Exact(mantissa, scale) => Slot::number(column, style, mantissa, scale),
                    Parsed::Double(double) => Slot::double(column, style, double),
                    Parsed::No => return None,
                }
            }
            "date" => {
                let serial = iso_serial(std::str::from_utf8(value).ok()?)?;
                let code = match (
                    crate::looks::period(shown, false).is_some() && shown.contains('年') && !shown.contains('日'),
                    serial.fract() == 0.0,
                ) {
                    (true, true) => "yyyy\"年\"m\"月\"",
                    (_, true) => "yyyy-mm-dd",
                    _ => "yyyy-mm-dd hh:mm:ss",
                };
                let style = self.style(code.to_owned(), open.style);
                Slot::double(column, style, serial)
            }
            "time" => {
                let style = self.style("[h]:mm:ss".into(), open.style);
                Slot::double(column, style, duration_days(std::str::from_utf8(value).ok()?)?)
            }
            "boolean" => Slot::boolean(column, self.style(String::new(), open.style), value == b"true"),
            "error" => Slot::error(column, self.style(String::new(), open.style), CellError::parse(shown)),
            _ => {
                let style = self.style(String::new(), open.style);
                let mut text = open.text.clone();
                if text.is_empty() {
                    unescape(open.value.as_deref().unwrap_or(b""), &mut text);
                }
                if text.is_empty() {
                    return None;
                }
                // Errors of formulas are saved as text by some versions.
                match CellError::parse(&text) {
                    error if open.formula && error != CellError::Other => Slot::error(column, style, error),
                    _ => Slot::text(column, style, self.shared.texts.push(&text)?),
                }
            }
        };
        slot.formula = open.formula;
        Some(slot)
    }

    fn style(&mut self, format: String, look: Look) -> u16 {
        let format = self.shared.formats.intern(&format);
        let style = Style { format, strike: look.strike, bold: look.bold, indent: look.indent };
        let found = self.shared.styles.iter().position(|s| *s == style).unwrap_or_else(|| {
            self.shared.styles.push(style);
            self.shared.styles.len() - 1
        });
        u16::try_from(found).unwrap_or(0)
    }
}

/// The format that shows a number as the file shows it: zeros on the left of a code, digits of a share.
fn number_format(kind: &str, shown: &str) -> String {
    if kind == "percentage" {
        let digits = shown.trim_end_matches(['%', '％']).rsplit_once('.').map_or(0, |(_, f)| f.len());
        return if digits == 0 { "0%".to_owned() } else { format!("0.{}%", "0".repeat(digits.min(12))) };
    }
    if shown.len() > 1 && shown.len() <= 30 && shown.starts_with('0') && shown.bytes().all(|b| b.is_ascii_digit()) {
        return "0".repeat(shown.len());
    }
    String::new()
}

/// `PT08H30M00S` in days.
fn duration_days(text: &str) -> Option<f64> {
    let mut seconds = 0.0;
    let mut number = String::new();
    for c in text.strip_prefix("PT")?.chars() {
        match c {
            '0'..='9' | '.' => number.push(c),
            'H' | 'M' | 'S' => {
                let value: f64 = number.parse().ok()?;
                seconds += value
                    * if c == 'H' {
                        3600.0
                    } else if c == 'M' {
                        60.0
                    } else {
                        1.0
                    };
                number.clear();
            }
            _ => return None,
        }
    }
    Some(seconds / 86_400.0)
}

fn repeat(tag: &[u8], name: &[u8]) -> u32 {
    attribute(tag, name).and_then(|v| std::str::from_utf8(v).ok()?.parse().ok()).unwrap_or(1).clamp(1, 1_048_576)
}

fn is_hidden(tag: &[u8]) -> bool {
    attribute(tag, b"visibility").is_some_and(|v| matches!(v, b"collapse" | b"filter"))
}

fn add_look(look: &mut Look, tag: &[u8]) {
    look.strike |= attribute(tag, b"text-line-through-style").is_some_and(|v| v != b"none");
    look.bold |= attribute(tag, b"font-weight").is_some_and(|v| v == b"bold");
    look.hidden_table |= attribute(tag, b"display").is_some_and(|v| v == b"false");
    if let Some(margin) = attribute(tag, b"margin-left").and_then(|v| std::str::from_utf8(v).ok()) {
        // One step of indent is 0.353 cm, or 10 pt.
        let (number, unit) = margin.split_at(margin.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(margin.len()));
        let size: f64 = number.parse().unwrap_or(0.0);
        let centimetres = match unit {
            "in" => size * 2.54,
            "mm" => size / 10.0,
            "pt" => size * 0.0353,
            _ => size,
        };
        look.indent = (centimetres / 0.353).round().clamp(0.0, 200.0) as u8;
    }
}

/// Text and note of a cell, up to its end.
fn content_of_cell(events: &mut Reader<'_>, open: &mut Open) -> Result<(), ReadError> {
    let (mut in_note, mut in_paragraph) = (false, 0u32);
    while let Some(event) = events.next()? {
        let out = if in_note { &mut open.note } else { &mut open.text };
        match event {
            Event::Open(tag) => match local_name(tag) {
                b"annotation" => in_note = true,
                b"p" | b"h" => {
                    in_paragraph += 1;
                    let lines = if in_note { &mut open.note_lines } else { &mut open.lines };
                    if *lines > 0 {
                        out.push('\n');
                    }
                    *lines += 1;
                }
                _ => {}
            },
            Event::Empty(tag) => match local_name(tag) {
                b"s" => out.extend(std::iter::repeat_n(' ', repeat(tag, b"c").min(1_000) as usize)),
                b"tab" => out.push('\t'),
                b"line-break" => out.push('\n'),
                _ => {}
            },
            Event::Text(raw) if in_paragraph > 0 => unescape(raw, out),
            Event::Cdata(raw) if in_paragraph > 0 => out.push_str(&String::from_utf8_lossy(raw)),
            Event::Close(b"annotation") => in_note = false,
            Event::Close(b"p" | b"h") => in_paragraph = in_paragraph.saturating_sub(1),
            Event::Close(b"table-cell" | b"covered-table-cell") => return Ok(()),
            _ => {}
        }
    }
    Ok(())
}
