//! `suyuan tables read`: what the importer makes of any spreadsheet.
//!
//! Shape: `docs/cli.md`. What reads is the engine `tables`.

use crate::cli::{Global, Outcome, print, read_input};
use anyhow::Result;
use serde_json::{Value, json};
use tables::{CellValue, Column, Limits, RowKind, Sheet, Table, Workbook};
use values::{Finding, Lang, Severity};

/// `suyuan tables …`
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// 识读一个表格文件：xlsx、xlsm、xlsb、xls、ods、csv
    Read {
        /// 文件；- 为标准输入
        file: String,
    },
}

/// Runs `suyuan tables …`.
///
/// # Errors
/// A file that cannot be read at all, with its sentence.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    let Command::Read { file } = &args.command;
    let lang = Lang::from(global.lang);
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let book = tables::read(&read_input(file)?, name, &Limits::default())?;
    if global.json {
        print(&serde_json::to_string(&answer(&book, lang))?)?;
    } else {
        print(text(&book, lang).trim_end())?;
    }
    let blemished = book.all_findings().any(|f| f.severity != Severity::Note);
    Ok(if blemished { Outcome::Findings } else { Outcome::Done })
}

/// The whole answer, as `docs/cli.md` says.
fn answer(book: &Workbook, lang: Lang) -> Value {
    let sheets: Vec<Value> = book.sheets.iter().map(|s| sheet(s, lang)).collect();
    json!({ "format": book.format, "sheets": sheets, "findings": findings(&book.findings, lang) })
}

fn sheet(sheet: &Sheet, lang: Lang) -> Value {
    let tables: Vec<Value> = sheet.tables.iter().map(|t| table(sheet, t, lang)).collect();
    let ignored: Vec<Value> = sheet.ignored.iter().map(|i| json!({ "at": i.cell(), "reason": i.reason.key() })).collect();
    json!({
        "name": sheet.name,
        "hidden": sheet.hidden,
        "tables": tables,
        "read": sheet.read,
        "ignored": sheet.ignored_count,
        "empty": sheet.empty,
        "ignored_cells": ignored,
        "findings": findings(&sheet.findings, lang),
    })
}

fn table(sheet: &Sheet, table: &Table, lang: Lang) -> Value {
    let numeric: Vec<bool> = table.head.iter().map(|c| table.is_numeric(sheet, c)).collect();
    // A column of numbers without a unit of its own stands in the table's.
    let unit_of = |(c, numeric): (&Column, &bool)| column(c, if *numeric { table.unit_of(c) } else { c.unit.as_ref() });
    let head: Vec<Value> = table.head.iter().zip(&numeric).map(unit_of).collect();
    let mut cells = Vec::new();
    for row in &table.rows {
        for (column, numeric) in table.head.iter().zip(&numeric) {
            let cell = table.cell(sheet, row, column);
            if cell.is_empty() {
                continue;
            }
            let (kind, value) = kind_and_value(&cell, *numeric, column.fraction);
            let is_number = matches!(kind, "number" | "fraction" | "percent");
            let unit = if is_number { table.unit_at(sheet, row, column).map(|u| u.text) } else { None };
            cells.push(json!({ "at": cell.at(), "value": value, "kind": kind, "unit": unit }));
        }
    }
    let special: Vec<Value> = table
        .rows
        .iter()
        .filter(|r| r.kind != RowKind::Data || r.level > 0 || r.hidden)
        .map(|r| json!({ "row": r.number(), "kind": r.kind.key(), "level": r.level, "hidden": r.hidden }))
        .collect();
    json!({
        "range": table.range.to_string(),
        "title": table.title,
        "head": head,
        "unit": table.unit.as_ref().map(|u| &u.text),
        "period": table.period.map(|p| p.to_string()),
        "transposed": table.transposed,
        "template": table.template,
        "fingerprint": table.fingerprint(),
        "rows": table.rows.len(),
        "special_rows": special,
        "cells": cells,
        "notes": table.notes.iter().map(|n| json!({ "at": n.cell, "text": n.text })).collect::<Vec<_>>(),
        "findings": findings(&table.findings, lang),
    })
}

fn column(column: &Column, unit: Option<&tables::DeclaredUnit>) -> Value {
    json!({
        "at": column.letter,
        "label": column.label,
        "path": column.path,
        "code": column.code,
        "unit": unit.map(|u| &u.text),
        "period": column.period.map(|p| p.to_string()),
        "measure": column.measure.key(),
        "key": column.key,
        "hidden": column.hidden,
    })
}

/// `number` (typed as such, or as text in a column of numbers), `percent`, `fraction`, `text`, `date`, `bool`, `error`, `blank`.
fn kind_and_value(cell: &tables::Cell<'_>, numeric: bool, fraction: bool) -> (&'static str, String) {
    let percent = cell.format().is_some_and(tables::format::Format::is_percent);
    match cell.value() {
        CellValue::Empty => ("blank", String::new()),
        CellValue::Number(n) if percent => ("percent", n.normalize().to_string()),
        CellValue::Number(n) => (if fraction { "fraction" } else { "number" }, n.normalize().to_string()),
        CellValue::Text(text) if tables::looks::is_blank_mark(text) => ("blank", text.trim().to_owned()),
        CellValue::Text(text) => match tables::parse::number::number_text(text).filter(|n| numeric && n.factor == 1 && n.unit.is_none()) {
            Some(n) => ("number", n.value.normalize().to_string()),
            None => ("text", text.trim().to_owned()),
        },
        CellValue::Date(_) | CellValue::DateTime(_) | CellValue::Time(_) => ("date", cell.text().into_owned()),
        CellValue::Bool(yes) => ("bool", yes.to_string()),
        CellValue::Error(error) => ("error", error.shown().to_owned()),
    }
}

fn findings(findings: &[Finding], lang: Lang) -> Vec<Value> {
    let one = |f: &Finding| {
        json!({
            "rule": f.rule,
            "severity": f.severity,
            "place": f.place,
            "field": f.field,
            "found": f.found,
            "expected": f.expected,
            "remedy": tables::texts::remedy(f, lang),
            "text": tables::texts::sentence(f, lang),
        })
    };
    findings.iter().map(one).collect()
}

/// For people: sheets, tables, heads, counts, findings.
fn text(book: &Workbook, lang: Lang) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    for sheet in &book.sheets {
        let hidden = if sheet.hidden { "（隐藏）" } else { "" };
        let _ = writeln!(
            out,
            "工作表“{}”{hidden}：读 {} 格，忽略 {} 格，仅有格式的空格 {} 个",
            sheet.name, sheet.read, sheet.ignored_count, sheet.empty
        );
        for (reason, count) in tables::table::count_by_reason(&sheet.ignored) {
            let why = tables::texts::texts().get(lang, &format!("ignored.{}", reason.key()), &[]);
            let _ = writeln!(out, "  忽略 {count} 格：{why}");
        }
        for table in &sheet.tables {
            let unit = table.unit.as_ref().map_or_else(String::new, |u| format!("，单位 {}", u.text));
            let period = table.period.map_or_else(String::new, |p| format!("，{}", p.chinese()));
            let _ = writeln!(out, "  表 {}：{}{unit}{period}，{} 行", table.range, table.title, table.rows.len());
            for column in &table.head {
                let unit = column.unit.as_ref().map_or_else(String::new, |u| format!("（{}）", u.text));
                let _ = writeln!(out, "    {} {}{unit}", column.letter, column.heading());
            }
            for note in &table.notes {
                let _ = writeln!(out, "    注 {} {}", note.cell, note.text);
            }
        }
    }
    for finding in book.all_findings() {
        let _ = writeln!(out, "{} {}：{}", finding.place, finding.rule, tables::texts::sentence(finding, lang));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shape_of_tables_read() {
        let csv = "2024年8月产值表,,\n单位：万元,,\n企业名称,产值,增长率(%)\n甲公司,\"1,200.50\",—\n合计,1200.5,3.2\n注：示例,,\n";
        let book = tables::read(csv.as_bytes(), "a.csv", &Limits::default()).expect("readable");
        insta::assert_snapshot!(serde_json::to_string_pretty(&answer(&book, Lang::Zh)).expect("json"));
        insta::assert_snapshot!(text(&book, Lang::Zh));
    }
}
