//! Transposed tables 转置表: fields run down the first column, records run across.

use crate::grid::{CellValue, Grid};
use crate::looks::{self, Sum};
use crate::table::{Column, Measure, Row, RowKind, Table, letter_of};
use values::Finding;

/// Turns a table whose rows are fields. Told by its rows being of one kind each while its columns mix kinds.
pub(crate) fn turn(grid: &Grid, sheet: &str, table: &mut Table) {
    if !is_transposed(grid, table) {
        return;
    }
    let Some((_, head_row)) = table.head_rows else { return };
    let left = table.range.left;
    let corner = table.head.first().map(|c| c.label.clone()).unwrap_or_default();
    let mut fields = vec![field(grid, head_row, if corner.is_empty() || corner.len() == 1 { "名称" } else { &corner })];
    for row in &table.rows {
        let text = grid.merged_cell(row.index, left).text();
        let mut column = field(grid, row.index, &text);
        super::measure::column_unit(&mut column, |_| Some((row.index, left)));
        column.label = column.path.last().cloned().unwrap_or_default();
        fields.push(column);
    }
    let records = table.head.iter().skip(1).map(|c| Row {
        index: c.index,
        kind: if looks::sum_of(&c.label) == Sum::No { RowKind::Data } else { RowKind::Total },
        level: 0,
        hidden: c.hidden,
    });
    table.rows = records.collect();
    table.head = fields;
    table.transposed = true;
    table.unit_column = None;
    table.findings.retain(|f| !matches!(f.rule.as_str(), "tables.no_unit" | "tables.duplicate_head" | "tables.no_row_labels"));
    table.findings.push(Finding::note("tables.transposed").at(format!("{sheet}!{}", table.range)));
}

fn field(grid: &Grid, row: u32, text: &str) -> Column {
    Column {
        index: row,
        letter: letter_of(row, true),
        path: vec![text.to_owned()],
        label: looks::clean(text),
        code: None,
        unit: None,
        period: None,
        measure: Measure::Value,
        key: None,
        fraction: false,
        placeholder: false,
        hidden: grid.is_row_hidden(row),
    }
}

fn is_transposed(grid: &Grid, table: &Table) -> bool {
    if table.head_rows.is_none_or(|(first, last)| first != last) || table.head.len() < 2 || !(3..=200).contains(&table.rows.len()) {
        return false;
    }
    if table.rows.iter().any(|r| matches!(r.kind, RowKind::Total | RowKind::Subtotal | RowKind::Section)) {
        return false;
    }
    let left = table.range.left;
    let (mut text_rows, mut number_rows, mut mixed, mut units, mut labels) = (0usize, 0usize, 0usize, Vec::new(), 0usize);
    for row in &table.rows {
        let CellValue::Text(label) = grid.cell(row.index, left).value() else { continue };
        labels += 1;
        if let Some((_, (unit, _))) = looks::head_unit(label)
            && !units.contains(&unit)
        {
            units.push(unit);
        }
        let (mut texts, mut numbers) = (0, 0);
        for column in &table.head[1..] {
            match grid.cell(row.index, column.index).value() {
                CellValue::Empty => {}
                CellValue::Text(t) if looks::is_blank_mark(t) => {}
                CellValue::Text(t) if crate::parse::number::number_text(t).is_none() => texts += 1,
                CellValue::Date(_) | CellValue::DateTime(_) | CellValue::Bool(_) => texts += 1,
                _ => numbers += 1,
            }
        }
        match (texts, numbers) {
            (0, 0) => {}
            (_, 0) => text_rows += 1,
            (0, _) => number_rows += 1,
            _ => mixed += 1,
        }
    }
    let rows = table.rows.len();
    let named = labels == rows;
    let across_is_time = table.head[1..].iter().any(|c| c.period.is_some() || c.measure != Measure::Value);
    let kinds_differ =
        text_rows >= 2 && number_rows >= 1 && mixed == 0 || text_rows >= 1 && number_rows >= 1 && units.len() >= 2 && mixed == 0;
    // Columns of one kind each, such as a list of names beside numbers, are no transposed table.
    let columns_mix = table.head[1..].iter().all(|c| {
        let look = super::measure::column_look(grid, table, c);
        look.texts > 0 && look.numbers > 0
    });
    // One column beside the labels is a list, unless its labels speak of several units.
    let wide = table.head.len() > 2 || units.len() >= 2;
    named
        && wide
        && !across_is_time
        && (kinds_differ && columns_mix
            || units.len() >= 3 && mixed == 0 && table.unit.is_none() && table.head[1..].iter().all(|c| c.unit.is_none()))
}
