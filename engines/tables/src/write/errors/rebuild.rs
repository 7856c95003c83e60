//! An xlsx that looks like a file of another format, with its findings in it.

use super::marks::{MOST_NOTES, SheetMarks};
use super::{ERROR_HEAD, WriteError};
use crate::grid::{Cell, CellValue};
use crate::table::{Sheet, Workbook};
use rust_xlsxwriter::{Color, Format, FormatAlign, Note, Workbook as Writer, Worksheet};
use values::Severity;

/// Every sheet with its values, number formats, merges, hidden rows and columns.
pub(super) fn rebuild(book: &Workbook, marked: &[SheetMarks]) -> Result<Vec<u8>, WriteError> {
    let mut writer = Writer::new();
    let mut used: Vec<String> = Vec::new();
    for sheet in &book.sheets {
        let page = writer.add_worksheet();
        page.set_name(free_name(&sheet.name, &mut used))?;
        if sheet.hidden && book.sheets.iter().any(|s| !s.hidden) {
            page.set_hidden(true);
        }
        copy(page, sheet, marked.iter().find(|m| m.name == sheet.name))?;
    }
    Ok(writer.save_to_buffer()?)
}

/// A name that a workbook allows and that is not taken.
fn free_name(name: &str, used: &mut Vec<String>) -> String {
    let clean: String = name.trim_matches('\'').chars().map(|c| if "[]:*?/\\".contains(c) { '_' } else { c }).take(28).collect();
    let base = if clean.is_empty() { "Sheet".to_owned() } else { clean };
    let mut free = base.clone();
    let mut n = 2;
    while used.iter().any(|u| u.to_lowercase() == free.to_lowercase()) {
        free = format!("{base}{n}");
        n += 1;
    }
    used.push(free.clone());
    free
}

fn copy(page: &mut Worksheet, sheet: &Sheet, marks: Option<&SheetMarks>) -> Result<(), WriteError> {
    let grid = sheet.grid();
    let mut covered: Vec<crate::Range> = Vec::new();
    for merge in grid.merges() {
        // Overlapping merges, which some programs write, are taken once.
        if merge.right < 16_384 && merge.bottom < 1_048_576 && covered.len() < 10_000 && !covered.iter().any(|c| c.touches(merge)) {
            page.merge_range(
                merge.top,
                column(merge.left),
                merge.bottom,
                column(merge.right),
                "",
                &format_of(&grid.cell(merge.top, merge.left), None),
            )?;
            covered.push(*merge);
        }
    }
    let mut widths: Vec<usize> = Vec::new();
    for cell in sheet.cells() {
        let mark = marks.and_then(|m| m.cells.get(&(cell.row, cell.column)));
        put(page, &cell, &format_of(&cell, mark.map(|m| m.severity)))?;
        let width = cell.text().lines().next().unwrap_or("").chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
        let i = cell.column as usize;
        if widths.len() <= i {
            widths.resize(i + 1, 0);
        }
        if grid.merge_at(cell.row, cell.column).is_none() {
            widths[i] = widths[i].max(width);
        }
    }
    for (i, width) in widths.iter().enumerate() {
        page.set_column_width(u16::try_from(i).unwrap_or(u16::MAX), (*width as f64 + 2.0).clamp(6.0, 50.0))?;
    }
    for row in grid.rows.iter().filter(|r| r.hidden) {
        page.set_row_hidden(row.number)?;
    }
    for (from, to) in grid.hidden_columns.iter().filter(|(_, to)| *to < 16_384) {
        page.set_column_range_hidden(column(*from), column(*to))?;
    }
    for ((row, c), text) in &grid.comments {
        if marks.is_none_or(|m| !m.cells.contains_key(&(*row, *c))) {
            page.insert_note(*row, column(*c), &Note::new(text.as_str()))?;
        }
    }
    marks.map_or(Ok(()), |m| mark(page, sheet, m))
}

fn column(column: u32) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

fn format_of(cell: &Cell<'_>, severity: Option<Severity>) -> Format {
    let style = cell.style();
    let mut format = Format::new();
    if let Some(number) = cell.format() {
        format = format.set_num_format(number.code());
    }
    if style.bold {
        format = format.set_bold();
    }
    if style.strike {
        format = format.set_font_strikethrough();
    }
    if style.indent > 0 {
        format = format.set_indent(style.indent);
    }
    match severity {
        None => format,
        Some(Severity::Error) => format.set_background_color(Color::RGB(0x00FF_C7CE)),
        Some(Severity::Warning) => format.set_background_color(Color::RGB(0x00FF_EB9C)),
        Some(Severity::Note) => format.set_background_color(Color::RGB(0x00DD_EBF7)),
    }
}

fn put(page: &mut Worksheet, cell: &Cell<'_>, format: &Format) -> Result<(), WriteError> {
    let (row, column) = (cell.row, column(cell.column));
    // Through text, since the way from a decimal to a double may be off by the last bit.
    match (cell.number().and_then(|n| n.to_string().parse::<f64>().ok()), cell.value()) {
        (Some(double), _) => {
            page.write_number_with_format(row, column, double, format)?;
        }
        (_, CellValue::Bool(yes)) => {
            page.write_boolean_with_format(row, column, yes, format)?;
        }
        _ => {
            let text: String = cell.text().chars().take(32_000).collect();
            page.write_string_with_format(row, column, text, format)?;
        }
    }
    Ok(())
}

/// The column 错误, its filter and the notes.
fn mark(page: &mut Worksheet, sheet: &Sheet, marks: &SheetMarks) -> Result<(), WriteError> {
    let right = column(marks.column);
    for ((row, c), mark) in marks.cells.iter().take(MOST_NOTES) {
        let mut text = mark.text.clone();
        if let Some(own) = sheet.grid().comments.get(&(*row, *c)) {
            text = format!("{own}\n{text}");
        }
        page.insert_note(*row, column(*c), &Note::new(text).set_author("溯园"))?;
        if sheet.cell(*row, *c).is_empty() {
            page.write_blank(*row, column(*c), &format_of(&sheet.cell(*row, *c), Some(mark.severity)))?;
        }
    }
    if let Some(head) = marks.head {
        let format = Format::new().set_bold().set_background_color(Color::RGB(0x00FF_C7CE));
        page.write_string_with_format(head, right, ERROR_HEAD, &format)?;
        if !marks.general.is_empty() {
            page.insert_note(head, right, &Note::new(marks.general.join("\n")).set_author("溯园"))?;
        }
    }
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (row, text) in &marks.rows {
        page.write_string_with_format(*row, right, text, &wrap)?;
    }
    page.set_column_width(right, 48)?;
    if let Some(filter) = marks.filter {
        page.autofilter(filter.top, column(filter.left), filter.bottom, column(filter.right))?;
    }
    Ok(())
}
