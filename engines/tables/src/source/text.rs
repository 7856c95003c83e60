//! Text tables: UTF-8 with or without BOM, UTF-16, GB18030; comma, tab, semicolon, bar.

use super::{RawBook, RawSheet, Task};
use crate::grid::{GridBuilder, Shared, Slot, Style};
use crate::limits::ReadError;
use std::borrow::Cow;
use std::sync::Arc;
use values::Finding;

/// A quoted field with more lines than this is an inch mark that swallowed the rows after it.
const LINES_IN_A_FIELD: usize = 50;

pub(crate) fn read(task: &mut Task<'_, '_>) -> Result<RawBook, ReadError> {
    let (text, encoding) = decode(task.bytes);
    let separator = separator(&text);
    let mut read = read_cells(task, &text, separator, true)?;
    if read.runaway_quote {
        read = read_cells(task, &text, separator, false)?;
        read.findings.push(Finding::warning("tables.text_stray_quote"));
    }
    task.sheet_done(read.builder.rows(), read.builder.cells())?;
    let word = match separator {
        b'\t' => "制表符",
        b';' => "分号",
        b'|' => "竖线",
        _ => "逗号",
    };
    let mut findings = read.findings;
    findings.push(Finding::note("tables.text_encoding").found(encoding).expected(word));
    if text.contains('\u{fffd}') {
        findings.push(Finding::warning("tables.text_undecodable").found(encoding));
    }
    let shared = Shared { styles: vec![Style::default()], texts: read.texts, ..Shared::default() };
    let grid = read.builder.finish(Arc::new(shared));
    let sheet = RawSheet { name: file_stem(task.name), hidden: false, grid };
    Ok(RawBook { sheets: vec![sheet], findings, names: Vec::new(), format: "csv" })
}

struct ReadCells {
    builder: GridBuilder,
    texts: crate::grid::Arena,
    findings: Vec<Finding>,
    runaway_quote: bool,
}

fn read_cells(task: &mut Task<'_, '_>, text: &str, separator: u8, quoting: bool) -> Result<ReadCells, ReadError> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).quoting(quoting).delimiter(separator).from_reader(text.as_bytes());
    let mut read =
        ReadCells { builder: GridBuilder::new(), texts: crate::grid::Arena::default(), findings: Vec::new(), runaway_quote: false };
    let mut record = csv::StringRecord::new();
    // Excel counts a record of several lines as one row; the reader counts lines and skips blank ones.
    let (mut lines_inside, mut beyond, mut next_row) = (0u64, 0u64, 0u32);
    while let Ok(true) = reader.read_record(&mut record) {
        lines_inside += record.iter().map(|f| f.bytes().filter(|b| *b == b'\n').count() as u64).sum::<u64>();
        let unended = u64::from(reader.is_done() && !text.ends_with('\n'));
        let line = (reader.position().line() + unended).saturating_sub(2).saturating_sub(lines_inside);
        let row = u32::try_from(line).unwrap_or(u32::MAX).max(next_row);
        next_row = row.saturating_add(1);
        read.builder.start_row(row, false);
        for (column, field) in record.iter().enumerate() {
            read.runaway_quote |= field.len() > 4 * LINES_IN_A_FIELD && field.bytes().filter(|b| *b == b'\n').count() > LINES_IN_A_FIELD;
            if field.is_empty() {
                continue;
            }
            let Ok(column) = u16::try_from(column) else {
                beyond += 1;
                continue;
            };
            task.check_text(field.len(), || values::place::cell_name(row, u32::from(column)))?;
            let index = read.texts.push(field).ok_or_else(|| ReadError::damaged(task.name, "文字"))?;
            read.builder.push(Slot::text(column, 0, index));
        }
        if read.builder.rows().is_multiple_of(1024) {
            task.progress(read.builder.rows(), read.builder.cells())?;
        }
    }
    if beyond > 0 {
        read.findings.push(Finding::error("tables.too_many_columns").found(beyond.to_string()));
    }
    Ok(read)
}

pub(super) fn file_stem(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    base.rsplit_once('.').map_or(base, |(stem, _)| stem).to_owned()
}

/// The text and the name of the encoding chosen.
pub(super) fn decode(bytes: &[u8]) -> (Cow<'_, str>, &'static str) {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let name = if encoding == encoding_rs::UTF_8 { "UTF-8（BOM）" } else { "UTF-16" };
        return (encoding.decode_without_bom_handling(&bytes[mark..]).0, name);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), "UTF-8"),
        // A file cut in the middle of a character is still UTF-8.
        Err(e) if e.error_len().is_none() && e.valid_up_to() > 0 => (String::from_utf8_lossy(bytes), "UTF-8"),
        Err(_) => (encoding_rs::GB18030.decode_without_bom_handling(bytes).0, "GB18030"),
    }
}

/// The separator that cuts the most of the first records into one same width.
///
/// The commonest width counts, so that commas inside sentences do not win over tabs.
fn separator(text: &str) -> u8 {
    let mut best = (b',', 0usize);
    for candidate in [b'\t', b',', b';', b'|'] {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(candidate).from_reader(text.as_bytes());
        let widths: Vec<usize> = reader.byte_records().take(50).filter_map(Result::ok).map(|r| r.len()).collect();
        let most = widths.iter().copied().max().unwrap_or(0);
        let score = (2..=most.min(512)).map(|w| widths.iter().filter(|x| **x == w).count() * w).max().unwrap_or(0);
        if score > best.1 {
            best = (candidate, score);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use crate::limits::Limits;

    fn check(bytes: &[u8], expected: &[&str]) {
        let book = super::super::read(bytes, "a.csv", &Limits::default(), None).expect("readable");
        let seen: Vec<String> = book.sheets[0].grid.cells().map(|c| format!("{}={}", c.at(), c.text())).collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn encodings_and_separators() {
        check("名称,产值\n甲,1\n".as_bytes(), &["A1=名称", "B1=产值", "A2=甲", "B2=1"]);
        check("\u{feff}名称\t产值\n甲\t1,5\n".as_bytes(), &["A1=名称", "B1=产值", "A2=甲", "B2=1,5"]);
        check("名称;产值\n甲;1\n".as_bytes(), &["A1=名称", "B1=产值", "A2=甲", "B2=1"]);
        let (gb, _, _) = encoding_rs::GB18030.encode("名称,产值\n镕公司,1\n");
        check(&gb, &["A1=名称", "B1=产值", "A2=镕公司", "B2=1"]);
        let mut wide = vec![0xff, 0xfe];
        wide.extend("名称\t产值\n".encode_utf16().flat_map(u16::to_le_bytes));
        check(&wide, &["A1=名称", "B1=产值"]);
    }

    #[test]
    fn rows_are_those_that_excel_shows() {
        check(b"a,b\n\n\"x\ny\",2\nz,3\n", &["A1=a", "B1=b", "A3=x\ny", "B3=2", "A4=z", "B4=3"]);
    }

    #[test]
    fn a_stray_quote_swallows_nothing() {
        let mut text = String::from("名称,说明\n甲,\"5寸管\n");
        for i in 0..100 {
            text += &format!("乙{i},好\n");
        }
        let book = super::super::read(text.as_bytes(), "a.csv", &Limits::default(), None).expect("readable");
        assert_eq!(book.sheets[0].grid.len(), 204);
        assert!(book.findings.iter().any(|f| f.rule == "tables.text_stray_quote"));
    }
}
