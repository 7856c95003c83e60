//! One worksheet rewritten while it streams: rows without findings pass as they are.

use super::ERROR_HEAD;
use super::WriteError;
use super::marks::SheetMarks;
use super::styles::Styles;
use crate::range::Range;
use crate::source::xlsx::xml::attribute;
use memchr::memmem;
use std::io::{Read, Write};
use values::Severity;
use values::place::cell_name;

const CHUNK: usize = 256 * 1024;
/// The part of a sheet before and after its rows is held whole, up to this.
const MOST_EDGE: usize = 256 << 20;

/// What a rewriting needs to know beside the marks.
pub(super) struct Job<'a> {
    pub marks: &'a SheetMarks,
    pub styles: &'a mut Styles,
    /// Relation id of the drawing of notes to be referred to; none if the sheet has one already or needs none.
    pub notes: Option<&'a str>,
}

struct Source<R> {
    reader: R,
    buffer: Vec<u8>,
    at: usize,
    eof: bool,
}

impl<R: Read> Source<R> {
    fn ahead(&self) -> &[u8] {
        &self.buffer[self.at..]
    }
    fn fill(&mut self) -> Result<bool, WriteError> {
        if self.eof {
            return Ok(false);
        }
        if self.at > CHUNK {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        let old = self.buffer.len();
        if old > MOST_EDGE {
            return Err(broken("sheet"));
        }
        self.buffer.resize(old + CHUNK, 0);
        let read = self.reader.read(&mut self.buffer[old..]).map_err(|_| broken("sheet"))?;
        self.buffer.truncate(old + read);
        self.eof = read == 0;
        Ok(read > 0)
    }
    /// Position of a text ahead, reading on as needed.
    fn find(&mut self, text: &[u8], from: usize) -> Result<Option<usize>, WriteError> {
        let mut from = from;
        loop {
            if let Some(i) = self.ahead().get(from..).and_then(|a| memmem::find(a, text)) {
                return Ok(Some(from + i));
            }
            from = self.ahead().len().saturating_sub(text.len());
            if !self.fill()? {
                return Ok(None);
            }
        }
    }
    fn take(&mut self, bytes: usize) -> &[u8] {
        let start = self.at;
        self.at += bytes;
        &self.buffer[start..start + bytes]
    }
}

fn broken(part: &str) -> WriteError {
    WriteError::Part { part: part.to_owned() }
}

fn put(out: &mut impl Write, bytes: &[u8]) -> Result<(), WriteError> {
    out.write_all(bytes).map_err(|_| broken("zip"))
}

/// Copies a worksheet from `reader` to `out` with the marks in it.
pub(super) fn rewrite(reader: impl Read, out: &mut impl Write, job: &mut Job<'_>) -> Result<(), WriteError> {
    let mut source = Source { reader, buffer: Vec::new(), at: 0, eof: false };
    let Some(start) = source.find(b"<sheetData", 0)? else { return Err(broken("sheetData")) };
    let Some(end) = source.find(b">", start)? else { return Err(broken("sheetData")) };
    let head = source.take(end + 1).to_vec();
    let empty = head.ends_with(b"/>");
    let head = if empty { [&head[..head.len() - 2], b">"].concat() } else { head };
    put(out, &edit_head(&head, job.marks))?;
    let mut wanted: Vec<u32> =
        job.marks.rows.keys().copied().chain(job.marks.cells.keys().map(|(r, _)| *r)).chain(job.marks.head).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut next = 0usize;
    if !empty {
        rows(&mut source, out, job, &wanted, &mut next)?;
    }
    for row in &wanted[next..] {
        put(out, &edit_row(&new_row(*row), *row, job))?;
    }
    if empty {
        put(out, b"</sheetData>")?;
    }
    while source.fill()? {}
    let tail = source.ahead().to_vec();
    put(out, &edit_tail(&tail, job))
}

/// Passes rows through up to and with `</sheetData>`'s start; rows in `wanted` are edited or put in.
fn rows<R: Read>(
    source: &mut Source<R>,
    out: &mut impl Write,
    job: &mut Job<'_>,
    wanted: &[u32],
    next: &mut usize,
) -> Result<(), WriteError> {
    let mut last = None::<u32>;
    loop {
        let Some(i) = source.find(b"<", 0)? else { return Err(broken("sheetData")) };
        if i > 0 {
            let blank = source.take(i).to_vec();
            put(out, &blank)?;
        }
        while source.ahead().len() < 12 && source.fill()? {}
        if !source.ahead().starts_with(b"<row") {
            return Ok(());
        }
        let Some(tag_end) = source.find(b">", 0)? else { return Err(broken("row")) };
        let tag = &source.ahead()[1..tag_end];
        let number = attribute(tag, b"r").and_then(|v| std::str::from_utf8(v).ok()?.parse::<u32>().ok()).and_then(|n| n.checked_sub(1));
        let row = number.unwrap_or(last.map_or(0, |l| l + 1));
        last = Some(row);
        let length = if tag.ends_with(b"/") {
            tag_end + 1
        } else {
            let Some(close) = source.find(b"</row>", tag_end)? else { return Err(broken("row")) };
            close + 6
        };
        while wanted.get(*next).is_some_and(|w| *w < row) {
            put(out, &edit_row(&new_row(wanted[*next]), wanted[*next], job))?;
            *next += 1;
        }
        let clear_old = job.marks.again && job.marks.head.is_some_and(|h| row > h);
        let raw = source.take(length);
        if wanted.get(*next) == Some(&row) {
            *next += 1;
            let edited = edit_row(raw, row, job);
            put(out, &edited)?;
        } else if clear_old {
            let edited = edit_row(raw, row, job);
            put(out, &edited)?;
        } else {
            put(out, raw)?;
        }
    }
}

fn new_row(row: u32) -> Vec<u8> {
    format!("<row r=\"{}\"></row>", row + 1).into_bytes()
}

/// A row with its bad cells coloured and its text in the column 错误.
fn edit_row(raw: &[u8], row: u32, job: &mut Job<'_>) -> Vec<u8> {
    let marks = job.marks;
    let Some(tag_end) = raw.iter().position(|b| *b == b'>') else { return raw.to_vec() };
    let closed = raw[..tag_end].ends_with(b"/");
    let tag = without_attribute(&raw[..if closed { tag_end - 1 } else { tag_end }], b"spans");
    let body: &[u8] = if closed { b"" } else { &raw[tag_end + 1..raw.len() - b"</row>".len()] };
    let mut out = tag.trim_ascii_end().to_vec();
    out.push(b'>');
    // Bad cells still to come, and the column 错误 behind them all.
    let mut wanted: Vec<u32> = marks.cells.range((row, 0)..=(row, u32::MAX)).map(|((_, c), _)| *c).collect();
    wanted.push(marks.column);
    wanted.sort_unstable();
    wanted.dedup();
    let mut wanted = wanted.into_iter().peekable();
    let mut at = 0;
    let mut next_column = 0u32;
    let mut neighbour = 0usize;
    while let Some(start) = memmem::find(&body[at..], b"<c").map(|i| at + i) {
        let after = body.get(start + 2).copied().unwrap_or(b'>');
        let Some(end) = body[start..].iter().position(|b| *b == b'>').map(|i| start + i) else { break };
        if !after.is_ascii_whitespace() && after != b'>' && after != b'/' {
            out.extend_from_slice(&body[at..=end]);
            at = end + 1;
            continue;
        }
        out.extend_from_slice(&body[at..start]);
        let tag = &body[start + 1..end];
        let self_closed = tag.ends_with(b"/");
        let stop = if self_closed { end + 1 } else { memmem::find(&body[end..], b"</c>").map_or(body.len(), |i| end + i + 4) };
        let column =
            attribute(tag, b"r").and_then(|r| values::place::parse_cell(std::str::from_utf8(r).ok()?)).map_or(next_column, |(_, c)| c);
        next_column = column + 1;
        while let Some(w) = wanted.next_if(|w| *w < column) {
            out.extend_from_slice(&new_cell(row, w, neighbour, job));
        }
        let style = attribute(tag, b"s").and_then(|s| std::str::from_utf8(s).ok()?.parse::<usize>().ok()).unwrap_or(0);
        if column == marks.column {
            wanted.next_if(|w| *w == column);
            out.extend_from_slice(&new_cell(row, column, neighbour, job));
        } else if wanted.next_if(|w| *w == column).is_some() {
            let severity = marks.cells.get(&(row, column)).map_or(Severity::Error, |m| m.severity);
            let colour = job.styles.coloured(style, severity);
            out.push(b'<');
            let inner = if self_closed { &tag[..tag.len() - 1] } else { tag };
            out.extend_from_slice(without_attribute(inner, b"s").trim_ascii_end());
            out.extend_from_slice(format!(" s=\"{colour}\"").as_bytes());
            out.extend_from_slice(if self_closed { b"/>" } else { b">" });
            out.extend_from_slice(&body[end + 1..stop]);
        } else {
            out.extend_from_slice(&body[start..stop]);
        }
        neighbour = style;
        at = stop;
    }
    // What stands behind the last cell is an extension list, which comes after all cells.
    for w in wanted {
        out.extend_from_slice(&new_cell(row, w, neighbour, job));
    }
    out.extend_from_slice(&body[at..]);
    out.extend_from_slice(b"</row>");
    out
}

/// A cell that was not there: a bad blank, or the column 错误.
fn new_cell(row: u32, column: u32, neighbour: usize, job: &mut Job<'_>) -> Vec<u8> {
    let marks = job.marks;
    let at = cell_name(row, column);
    if column == marks.column {
        let text = if marks.head == Some(row) { Some(ERROR_HEAD) } else { marks.rows.get(&row).map(String::as_str) };
        let Some(text) = text else { return Vec::new() };
        let style =
            if marks.head == Some(row) { format!(" s=\"{}\"", job.styles.coloured(neighbour, Severity::Error)) } else { String::new() };
        let text = escape(text);
        return format!("<c r=\"{at}\"{style} t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>").into_bytes();
    }
    let severity = marks.cells.get(&(row, column)).map_or(Severity::Error, |m| m.severity);
    format!("<c r=\"{at}\" s=\"{}\"/>", job.styles.coloured(0, severity)).into_bytes()
}

/// Text for XML; control characters that no XML may hold become blanks.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => out.push(' '),
            c if c < ' ' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A tag without one of its attributes.
pub(super) fn without_attribute(tag: &[u8], name: &[u8]) -> Vec<u8> {
    let mut at = 0;
    while let Some(i) = memmem::find(&tag[at..], name).map(|i| at + i) {
        let end = i + name.len();
        let starts = i > 0 && tag[i - 1].is_ascii_whitespace();
        let quote = tag.get(end + 1).copied().filter(|q| matches!(q, b'"' | b'\'')).filter(|_| starts && tag[end] == b'=');
        if let Some(close) = quote.and_then(|q| tag[end + 2..].iter().position(|b| *b == q)) {
            let mut out = tag[..i - 1].to_vec();
            out.extend_from_slice(&tag[end + 2 + close + 1..]);
            return out;
        }
        at = end;
    }
    tag.to_vec()
}

/// The used range grows by the column 错误, and the column gets a width.
fn edit_head(head: &[u8], marks: &SheetMarks) -> Vec<u8> {
    let mut text = String::from_utf8_lossy(head).into_owned();
    if let Some(start) = text.find("<dimension") {
        let end = text[start..].find('>').map_or(text.len(), |i| start + i);
        let range = attribute(&text.as_bytes()[start + 1..end], b"ref").and_then(|r| Range::parse(std::str::from_utf8(r).ok()?));
        if let Some(range) = range {
            let last = marks.rows.keys().chain(&marks.head).copied().max().unwrap_or(0);
            let grown = range.around(&Range::new(marks.head.unwrap_or(range.top), marks.column, last, marks.column));
            text.replace_range(start..end, &format!("<dimension ref=\"{grown}\"/"));
        }
    }
    let number = marks.column + 1;
    let column = format!("<col min=\"{number}\" max=\"{number}\" width=\"48\" customWidth=\"1\"/>");
    if let (Some(start), Some(end)) = (text.find("<cols>"), text.find("</cols>")) {
        // Columns stand in order and may not overlap.
        let side = |tag: &str, name: &[u8]| attribute(tag.as_bytes(), name).and_then(|v| std::str::from_utf8(v).ok()?.parse::<u32>().ok());
        let last = text[start..end].split("<col ").skip(1).filter_map(|t| side(&format!("col {t}"), b"max")).max().unwrap_or(0);
        if last < number {
            text.insert_str(end, &column);
        }
    } else if let Some(at) = text.find("<sheetData") {
        text.insert_str(at, &format!("<cols>{column}</cols>"));
    }
    text.into_bytes()
}

/// Elements of a worksheet that come after the filter, in the order of the schema (ECMA-376 part 1, 18.3.1.99).
const AFTER_FILTER: [&str; 27] = [
    "<sortState",
    "<dataConsolidate",
    "<customSheetViews",
    "<mergeCells",
    "<phoneticPr",
    "<conditionalFormatting",
    "<dataValidations",
    "<hyperlinks",
    "<printOptions",
    "<pageMargins",
    "<pageSetup",
    "<headerFooter",
    "<rowBreaks",
    "<colBreaks",
    "<customProperties",
    "<cellWatches",
    "<ignoredErrors",
    "<smartTags",
    "<drawing",
    "<legacyDrawing",
    "<legacyDrawingHF",
    "<picture",
    "<oleObjects",
    "<controls",
    "<webPublishItems",
    "<tableParts",
    "<extLst",
];
/// Those that come after the drawing of notes.
const AFTER_NOTES: [&str; 7] = ["<legacyDrawingHF", "<picture", "<oleObjects", "<controls", "<webPublishItems", "<tableParts", "<extLst"];

fn edit_tail(tail: &[u8], job: &Job<'_>) -> Vec<u8> {
    let mut text = String::from_utf8_lossy(tail).into_owned();
    if let Some(filter) = job.marks.filter {
        // A list object has a filter of its own, which no other may overlap.
        let filter = if text.contains("<tableParts") { Range::new(filter.top, filter.right, filter.bottom, filter.right) } else { filter };
        match (text.find("<autoFilter"), text.contains("<tableParts")) {
            (Some(start), false) => {
                let end = text[start..].find('>').map_or(text.len(), |i| start + i);
                let old = attribute(&text.as_bytes()[start + 1..end], b"ref").and_then(|r| Range::parse(std::str::from_utf8(r).ok()?));
                let grown = old.map_or(filter, |o| Range::new(o.top, o.left, o.bottom.max(filter.bottom), o.right.max(filter.right)));
                let closed = if text[start..end].ends_with('/') { "/" } else { "" };
                text.replace_range(start..end, &format!("<autoFilter ref=\"{grown}\"{closed}"));
            }
            (Some(_), true) => {}
            (None, _) => insert_before(&mut text, &AFTER_FILTER, &format!("<autoFilter ref=\"{filter}\"/>")),
        }
    }
    if let Some(id) = job.notes {
        let space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        insert_before(&mut text, &AFTER_NOTES, &format!("<legacyDrawing xmlns:r=\"{space}\" r:id=\"{id}\"/>"));
    }
    text.into_bytes()
}

/// Puts an element before the first of those that must come after it.
fn insert_before(text: &mut String, after: &[&str], element: &str) {
    let is_name = |i: usize, name: &str| text.as_bytes().get(i + name.len()).is_none_or(|b| !b.is_ascii_alphanumeric());
    let first = after.iter().filter_map(|name| text.match_indices(name).find(|(i, _)| is_name(*i, name)).map(|(i, _)| i)).min();
    let at = first.or_else(|| text.rfind("</worksheet>")).unwrap_or(text.len());
    text.insert_str(at, element);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_taken_out_whole() {
        assert_eq!(without_attribute(b"c r=\"A1\" s=\"5\" t=\"s\"", b"s"), b"c r=\"A1\" t=\"s\"");
        assert_eq!(without_attribute(b"row spans='1:7' r=\"1\"", b"spans"), b"row r=\"1\"");
        assert_eq!(without_attribute(b"c r=\"A1\"", b"s"), b"c r=\"A1\"");
    }

    #[test]
    fn elements_keep_the_order_of_the_schema() {
        let mut text = String::from("</sheetData><mergeCells/><legacyDrawingHF/></worksheet>");
        insert_before(&mut text, &AFTER_FILTER, "<autoFilter/>");
        insert_before(&mut text, &AFTER_NOTES, "<legacyDrawing/>");
        assert_eq!(text, "</sheetData><autoFilter/><mergeCells/><legacyDrawing/><legacyDrawingHF/></worksheet>");
    }
}
