//! Web pages and XML of Excel 2003 under the name of an xls: how many systems of offices export.
//!
//! Neither is a real workbook, but every spreadsheet program opens them, so
//! nobody knows. Tables of a page become sheets, one under another on one
//! sheet; spans become merged cells.

use super::text::decode;
use super::xlsx::xml::{Event, Events, attribute_text, local_name, unescape};
use super::{RawBook, RawSheet, Task};
use crate::grid::{CellError, GridBuilder, Shared, Slot, Style};
use crate::limits::ReadError;
use crate::number::{Parsed, from_bytes};
use crate::range::Range;
use std::collections::HashSet;
use std::sync::Arc;
use values::Finding;
use values::place::cell_name;

/// True for a page with a table, or for XML of Excel 2003.
pub(super) fn is_markup(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let head = start[..start.len().min(65_536)].to_ascii_lowercase();
    head.starts_with(b"<") && [&b"<table"[..], b"office:spreadsheet", b"<html"].iter().any(|t| memchr::memmem::find(&head, t).is_some())
}

/// A position in the sheet being built, and the cells that spans have taken.
#[derive(Default)]
struct Pen {
    row: u32,
    column: u32,
    taken: HashSet<(u32, u32)>,
    /// True once a row was begun.
    started: bool,
}

/// The cell being read.
#[derive(Default)]
struct Open {
    text: String,
    spans: (u32, u32),
    kind: String,
    style: u16,
    formula: bool,
}

pub(super) fn read(task: &mut Task<'_, '_>) -> Result<RawBook, ReadError> {
    let (text, encoding) = decode(task.bytes);
    let is_xml = text.contains("urn:schemas-microsoft-com:office:spreadsheet") && text.contains("<Workbook");
    let text = without_doctype(&text);
    let mut work = Work {
        shared: Shared { styles: vec![Style::default()], ..Shared::default() },
        sheets: Vec::new(),
        builder: GridBuilder::new(),
        pen: Pen::default(),
        name: String::new(),
    };
    let limit = task.limits.unpacked_bytes;
    let mut events = Events::new(text.as_bytes(), task.name, limit, limit);
    work.run(&mut events, task, is_xml)?;
    work.end_sheet(task, is_xml)?;
    let shared = Arc::new(work.shared);
    let sheets = work.sheets.into_iter().map(|(name, builder)| RawSheet { name, hidden: false, grid: builder.finish(Arc::clone(&shared)) });
    let sheets: Vec<RawSheet> = sheets.collect();
    if sheets.is_empty() {
        return Err(ReadError::NotATable { name: task.name.into(), what: "没有表格的网页" });
    }
    let (format, what) = if is_xml { ("xml", "Excel 2003 XML") } else { ("html", "网页表格") };
    let findings = vec![Finding::note("tables.markup").found(what).expected(encoding)];
    Ok(RawBook { sheets, findings, names: Vec::new(), format })
}

/// A page's own document type is harmless: nothing of it is ever loaded.
fn without_doctype(text: &str) -> String {
    let start = text
        .char_indices()
        .take(4_096)
        .find(|(i, c)| *c == '<' && text[*i..].get(..9).is_some_and(|t| t.eq_ignore_ascii_case("<!doctype")));
    match start.and_then(|(i, _)| text[i..].find('>').map(|end| (i, i + end + 1))) {
        Some((from, to)) => format!("{}{}", &text[..from], &text[to..]),
        None => text.to_owned(),
    }
}

struct Work {
    shared: Shared,
    sheets: Vec<(String, GridBuilder)>,
    builder: GridBuilder,
    pen: Pen,
    name: String,
}

impl Work {
    fn run(&mut self, events: &mut Events<&[u8]>, task: &mut Task<'_, '_>, is_xml: bool) -> Result<(), ReadError> {
        let mut open: Option<Open> = None;
        let mut depth = 0u32;
        let mut skip = false;
        while let Some(event) = events.next()? {
            let is_empty = matches!(event, Event::Empty(_));
            match event {
                Event::Open(tag) | Event::Empty(tag) => {
                    let name = local_name(tag).to_ascii_lowercase();
                    match name.as_slice() {
                        b"table" if !is_xml => depth += 1,
                        b"script" | b"style" if !is_xml => skip = true,
                        b"worksheet" if is_xml => {
                            self.end_sheet(task, is_xml)?;
                            self.name = attribute_text(tag, b"Name").unwrap_or_default();
                        }
                        b"row" | b"tr" => {
                            self.close(open.take(), task, is_xml)?;
                            self.start_row(number(tag, b"Index").filter(|_| is_xml), task)?;
                        }
                        b"cell" if is_xml => open = Some(self.start(tag, true)),
                        b"td" | b"th" if depth > 0 => {
                            // Pages leave the end of a cell out.
                            self.close(open.take(), task, is_xml)?;
                            open = Some(self.start(tag, false));
                        }
                        b"data" if is_xml => {
                            if let Some(cell) = &mut open {
                                cell.kind = attribute_text(tag, b"Type").unwrap_or_default();
                            }
                        }
                        b"comment" if is_xml => skip = true,
                        b"br" => {
                            if let Some(cell) = &mut open {
                                cell.text.push('\n');
                            }
                        }
                        _ => {}
                    }
                    // An empty cell of XML has no closing tag of its own.
                    if is_xml && name == b"cell" && is_empty {
                        self.close(open.take(), task, is_xml)?;
                    }
                }
                Event::Text(raw) if !skip => {
                    if let Some(cell) = open.as_mut().filter(|c| !is_xml || !c.kind.is_empty()) {
                        push_text(raw, &mut cell.text, is_xml);
                    }
                }
                Event::Close(name) => match name.to_ascii_lowercase().as_slice() {
                    b"td" | b"th" | b"cell" | b"tr" | b"row" => self.close(open.take(), task, is_xml)?,
                    b"table" if !is_xml => {
                        self.close(open.take(), task, is_xml)?;
                        depth = depth.saturating_sub(1);
                        // A blank row between one table and the next.
                        self.pen.row += 1;
                    }
                    b"script" | b"style" | b"comment" => skip = false,
                    _ => {}
                },
                _ => {}
            }
        }
        self.close(open.take(), task, is_xml)
    }

    fn start_row(&mut self, index: Option<u32>, task: &mut Task<'_, '_>) -> Result<(), ReadError> {
        self.pen.row = match index {
            Some(index) => index.saturating_sub(1),
            None if self.pen.started => self.pen.row.saturating_add(1),
            None => self.pen.row,
        };
        self.pen.started = true;
        self.pen.column = 0;
        self.builder.start_row(self.pen.row.min(1_048_575), false);
        task.progress(self.builder.rows(), self.builder.cells())
    }

    fn start(&mut self, tag: &[u8], is_xml: bool) -> Open {
        let more = |name: &[u8]| number(tag, name).unwrap_or(0).min(16_383);
        let spans =
            if is_xml { (more(b"MergeDown") + 1, more(b"MergeAcross") + 1) } else { (more(b"rowspan").max(1), more(b"colspan").max(1)) };
        if let Some(index) = number(tag, b"Index").filter(|_| is_xml) {
            self.pen.column = index.saturating_sub(1);
        }
        while self.pen.taken.remove(&(self.pen.row, self.pen.column)) {
            self.pen.column += 1;
        }
        // Pages carry Excel's formats in style="mso-number-format:…": `\@` is text, so that codes stay codes.
        let css = attribute_text(tag, b"style").unwrap_or_default();
        let kind = if css.contains("mso-number-format:'\\@'") || css.contains("\\@") { "text" } else { "" };
        let formula = is_xml && attribute_text(tag, b"Formula").is_some();
        Open { spans, kind: if is_xml { String::new() } else { kind.to_owned() }, formula, ..Open::default() }
    }

    fn close(&mut self, open: Option<Open>, task: &mut Task<'_, '_>, is_xml: bool) -> Result<(), ReadError> {
        let Some(open) = open else { return Ok(()) };
        let (row, column) = (self.pen.row, self.pen.column);
        self.pen.column = column.saturating_add(open.spans.1);
        if row >= 1_048_576 || column >= 16_384 {
            return Ok(());
        }
        task.check_text(open.text.len(), || cell_name(row, column))?;
        if open.spans != (1, 1) {
            let (height, width) = (open.spans.0.min(4_096), open.spans.1.min(256));
            self.builder.merges.push(Range::new(row, column, (row + height - 1).min(1_048_575), (column + width - 1).min(16_383)));
            if self.pen.taken.len() < 1_000_000 {
                for r in row + 1..row + height {
                    self.pen.taken.extend((column..column + width).map(|c| (r, c)));
                }
            }
        }
        let Some(slot) = self.slot(&open, u16::try_from(column).unwrap_or(u16::MAX), is_xml) else {
            self.builder.blank();
            return Ok(());
        };
        self.builder.push(slot);
        Ok(())
    }

    fn slot(&mut self, open: &Open, column: u16, is_xml: bool) -> Option<Slot> {
        let text = open.text.trim_matches(['\n', '\r', '\t', ' ', '\u{a0}']);
        if text.is_empty() {
            return None;
        }
        let mut slot = match open.kind.as_str() {
            "Number" => match from_bytes(text.as_bytes()) {
                Parsed::Exact(mantissa, scale) => Slot::number(column, open.style, mantissa, scale),
                Parsed::Double(double) => Slot::double(column, open.style, double),
                Parsed::No => Slot::text(column, 0, self.shared.texts.push(text)?),
            },
            "DateTime" => {
                let format = self.shared.formats.intern("yyyy-mm-dd");
                let style = Style { format, ..Style::default() };
                let index = self.shared.styles.iter().position(|s| *s == style).unwrap_or_else(|| {
                    self.shared.styles.push(style);
                    self.shared.styles.len() - 1
                });
                let moment = text.split('.').next().unwrap_or(text);
                match super::foreign::iso_serial(moment) {
                    Some(serial) => Slot::double(column, u16::try_from(index).unwrap_or(0), serial),
                    None => Slot::text(column, 0, self.shared.texts.push(text)?),
                }
            }
            "Boolean" => Slot::boolean(column, 0, text == "1"),
            "Error" => Slot::error(column, 0, CellError::parse(text)),
            _ => Slot::text(column, 0, self.shared.texts.push(if is_xml { &open.text } else { text })?),
        };
        slot.formula = open.formula;
        Some(slot)
    }

    fn end_sheet(&mut self, task: &mut Task<'_, '_>, is_xml: bool) -> Result<(), ReadError> {
        let builder = std::mem::replace(&mut self.builder, GridBuilder::new());
        self.pen = Pen::default();
        if builder.cells() > 0 || is_xml && !self.name.is_empty() {
            task.sheet_done(builder.rows(), builder.cells())?;
            let name = if self.name.is_empty() { super::text::file_stem(task.name) } else { std::mem::take(&mut self.name) };
            self.sheets.push((name, builder));
            task.check_sheets(self.sheets.len())?;
        }
        Ok(())
    }
}

/// Blanks and line breaks of a page's source are one blank; `&nbsp;` is a blank.
fn push_text(raw: &[u8], out: &mut String, is_xml: bool) {
    let mut text = String::new();
    unescape(raw, &mut text);
    if is_xml {
        out.push_str(&text);
        return;
    }
    let text =
        text.replace("&nbsp;", "\u{a0}").replace("&ensp;", " ").replace("&emsp;", "\u{3000}").replace("&mdash;", "—").replace("&yen;", "¥");
    for c in text.chars() {
        let blank = matches!(c, ' ' | '\n' | '\r' | '\t');
        if !blank {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with([' ', '\n']) {
            out.push(' ');
        }
    }
}

/// A number of an attribute, quoted or not, whatever its case.
fn number(tag: &[u8], name: &[u8]) -> Option<u32> {
    let lower = tag.to_ascii_lowercase();
    let mut wanted = name.to_ascii_lowercase();
    wanted.push(b'=');
    let at = memchr::memmem::find(&lower, &wanted)? + wanted.len();
    let digits: String =
        lower[at..].iter().skip_while(|b| matches!(b, b'"' | b'\'')).take_while(|b| b.is_ascii_digit()).map(|b| char::from(*b)).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use crate::{Limits, read};

    fn check(bytes: &[u8], format: &str, expected: &[&str]) {
        let book = read(bytes, "导出.xls", &Limits::default()).expect("readable");
        assert_eq!(book.format, format);
        let seen: Vec<String> =
            book.sheets.iter().flat_map(|s| s.cells().map(move |c| format!("{}!{}={}", s.name, c.at(), c.text()))).collect();
        assert_eq!(seen, expected);
        assert!(book.sheets.iter().all(crate::Sheet::is_balanced));
    }

    #[test]
    fn a_page_under_the_name_of_an_xls() {
        let page = "<!DOCTYPE html><html><head><meta charset=utf-8><style>td{a:b}</style></head><body><table border=1><tr><th rowspan=\"2\">企业<br>名称</th><th colspan=2>产值</th></tr><tr><td>当月<td>累计</tr><tr><td style=\"mso-number-format:'\\@'\">0012</td><td>1&nbsp;</td><td align=right>\n  2,000.5 </td></tr></table></body></html>";
        let expected =
            ["导出!A1=企业\n名称", "导出!B1=产值", "导出!B2=当月", "导出!C2=累计", "导出!A3=0012", "导出!B3=1", "导出!C3=2,000.5"];
        check(page.as_bytes(), "html", &expected);
        let (gb, _, _) = encoding_rs::GB18030.encode(page);
        check(&gb, "html", &expected);
        let book = read(page.as_bytes(), "导出.xls", &Limits::default()).expect("readable");
        let table = &book.sheets[0].tables[0];
        assert_eq!(table.head.iter().map(crate::Column::heading).collect::<Vec<_>>(), ["企业名称", "产值 / 当月", "产值 / 累计"]);
    }

    #[test]
    fn xml_of_excel_2003() {
        let xml = "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet ss:Name=\"月报\"><Table><Row><Cell ss:MergeAcross=\"1\"><Data ss:Type=\"String\">产值表</Data></Cell></Row><Row ss:Index=\"3\"><Cell><Data ss:Type=\"String\">企业</Data></Cell><Cell ss:Index=\"3\"><Data ss:Type=\"String\">产值</Data></Cell></Row><Row><Cell><Data ss:Type=\"String\">甲厂</Data></Cell><Cell/><Cell><Data ss:Type=\"Number\">12.50</Data></Cell></Row><Row><Cell><Data ss:Type=\"DateTime\">2025-03-01T00:00:00.000</Data></Cell></Row></Table></Worksheet></Workbook>";
        check(
            xml.as_bytes(),
            "xml",
            &["月报!A1=产值表", "月报!A3=企业", "月报!C3=产值", "月报!A4=甲厂", "月报!C4=12.5", "月报!A5=2025-03-01"],
        );
    }
}
