//! What was recognised on a sheet, in a form that is read at a glance.

use std::fmt::Write as _;
use tables::{CellValue, Measure, RowKind, Sheet};

/// Tables, heads, rows, notes, ignored cells, findings.
pub fn show(sheet: &Sheet) -> String {
    assert!(sheet.is_balanced(), "{}: {} read, {} ignored, {} there", sheet.name, sheet.read, sheet.ignored_count, sheet.grid().len());
    let mut out = String::new();
    if sheet.hidden {
        out.push_str("隐藏\n");
    }
    for table in &sheet.tables {
        let unit = table.unit.as_ref().map_or_else(String::new, |u| format!(" 单位={}", u.text));
        let period = table.period.map_or_else(String::new, |p| format!(" 期={p}"));
        let turned = if table.transposed { " 转置" } else { "" };
        let title = if table.title.is_empty() { String::new() } else { format!(" 题={}", table.title) };
        let _ = writeln!(out, "表 {}{unit}{period}{turned}{title}", table.range);
        let heads: Vec<String> = table
            .head
            .iter()
            .map(|c| {
                let code = c.code.as_ref().map_or_else(String::new, |c| format!("#{c}"));
                let unit = c.unit.as_ref().map_or_else(String::new, |u| format!("[{}]", u.text));
                let period = c.period.map_or_else(String::new, |p| format!("@{p}"));
                let measure = if c.measure == Measure::Value { String::new() } else { format!("~{}", c.measure.key()) };
                let hidden = if c.hidden { "(隐)" } else { "" };
                format!("{}{code}{unit}{period}{measure}{hidden}", c.heading())
            })
            .collect();
        let _ = writeln!(out, "头 {}", heads.join(" | "));
        for row in &table.rows {
            let cells: Vec<String> = table.head.iter().map(|c| one(&table.cell(sheet, row, c))).collect();
            let kind = if row.kind == RowKind::Data { String::new() } else { format!(" {}", row.kind.key()) };
            let level = if row.level == 0 { String::new() } else { format!(" L{}", row.level) };
            let hidden = if row.hidden { " (隐)" } else { "" };
            let _ = writeln!(out, "{}{kind}{level}{hidden} {}", row.number(), cells.join("|"));
        }
        for note in &table.notes {
            let _ = writeln!(out, "注 {} {}", note.cell, note.text);
        }
    }
    for ignored in &sheet.ignored {
        let _ = writeln!(out, "略 {} {}", ignored.cell(), ignored.reason.key());
    }
    for finding in sheet.findings.iter().chain(sheet.tables.iter().flat_map(|t| &t.findings)) {
        let place = finding.place.rsplit_once('!').map_or("", |(_, cell)| cell);
        let _ = writeln!(out, "问 {} {place} {} {}", finding.rule.trim_start_matches("tables."), finding.found, finding.expected);
    }
    for (sheet, table) in sheet.tables.iter().map(|t| (sheet, t)) {
        for finding in tables::checks::totals(sheet, table) {
            let _ = writeln!(out, "核 {} {} {}", finding.place, finding.found, finding.expected);
        }
    }
    out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n"
}

fn one(cell: &tables::Cell<'_>) -> String {
    let mut text = match cell.value() {
        CellValue::Empty => String::new(),
        CellValue::Text(t) => format!("'{}", t.replace('\n', "⏎")),
        CellValue::Number(n) => n.normalize().to_string(),
        CellValue::Date(d) => format!("D{d}"),
        CellValue::DateTime(d) => format!("D{d}"),
        CellValue::Time(s) => format!("T{s}"),
        CellValue::Bool(b) => b.to_string(),
        CellValue::Error(tables::CellError::Uncached) => "⚠无值".to_owned(),
        CellValue::Error(e) => e.shown().to_owned(),
    };
    if cell.is_struck() {
        text.insert(0, '~');
    }
    if cell.is_formula() {
        text.insert(0, '=');
    }
    if let Some(note) = cell.comment() {
        text.push_str(&format!("⟦{note}⟧"));
    }
    text
}
