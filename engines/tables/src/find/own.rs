//! Our own templates, lists and error workbooks, known by their marks instead of guessed.

use super::blocks::Block;
use super::roles::{Role, Roles};
use super::{head, lines, rows};
use crate::grid::{CellValue, Grid};
use crate::looks;
use crate::table::{Column, Line, Table, Why};
use crate::write::template::{EXAMPLE_MARK, KEY_MARK, OPTIONS_SHEET};

/// Index of the row of keys, among the first twenty rows.
pub(crate) fn key_row(grid: &Grid) -> Option<usize> {
    (0..grid.rows.len().min(20))
        .find(|i| grid.cells_of(*i).next().is_some_and(|c| matches!(c.value(), CellValue::Text(t) if t.starts_with(KEY_MARK))))
}

/// True for the hidden sheet of choices.
pub(crate) fn is_options(name: &str, hidden: bool) -> bool {
    hidden && name == OPTIONS_SHEET
}

/// Nothing on the sheet is for the reader.
pub(crate) fn ignore_all(grid: &Grid, roles: &mut Roles) {
    for index in 0..grid.rows.len() {
        roles.set_row(grid, index, 0, u32::from(u16::MAX), Role::Ignored(Why::TemplateKeys));
    }
}

/// The table of one of our templates: keys in one row, the head in the next.
pub(crate) fn table(grid: &Grid, roles: &mut Roles, keys: usize) -> Option<Table> {
    let extent = grid.extent()?;
    let key_row = grid.rows[keys].number;
    let head_row = grid.rows.get(keys + 1).map(|r| r.number)?;
    let mut template = None;
    let mut columns: Vec<Column> = Vec::new();
    for cell in grid.cells_of(keys) {
        let text = cell.text();
        let key = match text.strip_prefix(KEY_MARK).and_then(|rest| rest.split_once('|')) {
            Some((name, key)) => {
                template = Some(name.to_owned());
                key.to_owned()
            }
            None => text.trim().to_owned(),
        };
        let mut column = head::plain_column(grid, cell.column);
        column.path = vec![grid.cell(head_row, cell.column).text().into_owned()];
        super::measure::column_unit(&mut column, |_| Some((head_row, cell.column)));
        column.label = column.path.last().cloned().unwrap_or_default();
        column.key = Some(key);
        columns.push(column);
    }
    roles.set_row(grid, keys, 0, extent.right, Role::Ignored(Why::TemplateKeys));
    // Columns that somebody added beside ours are read too, without a key.
    for cell in grid.row(head_row) {
        roles.set(grid, head_row, cell.column, Role::Head);
        if !columns.iter().any(|c| c.index == cell.column) {
            let mut column = head::plain_column(grid, cell.column);
            column.path = vec![looks::clean(&cell.text())];
            column.label.clone_from(&column.path[0]);
            columns.push(column);
        }
    }
    columns.sort_by_key(|c| c.index);
    let above = Block { from: 0, to: keys, top: 0, bottom: key_row, left: 0, right: extent.right };
    let titles = lines::of_block(grid, &above);
    titles.iter().for_each(|l| roles.set(grid, l.row, l.column, Role::Line));
    let mut from = keys + 2;
    while from < grid.rows.len() && grid.cells_of(from).any(|c| matches!(c.value(), CellValue::Text(EXAMPLE_MARK))) {
        roles.set_row(grid, from, 0, extent.right, Role::Ignored(Why::Example));
        from += 1;
    }
    let lines: Vec<Line> = titles.iter().map(lines::Found::line).collect();
    let mut table = Table {
        range: crate::Range::new(head_row, columns.first()?.index, head_row, extent.right),
        title: lines.first().map(|l| l.text.clone()).unwrap_or_default(),
        lines: lines.into_iter().take(1).collect(),
        unit: None,
        period: None,
        head: columns,
        head_rows: Some((head_row, head_row)),
        rows: Vec::new(),
        notes: Vec::new(),
        transposed: false,
        unit_column: None,
        template,
        findings: Vec::new(),
    };
    if from < grid.rows.len() {
        let below = Block { from, to: grid.rows.len(), top: grid.rows[from].number, bottom: extent.bottom, left: 0, right: extent.right };
        rows::append(grid, roles, &mut table, &below);
    }
    drop_error_column(grid, roles, &mut table);
    Some(table)
}

/// Head of the column of findings in a returned workbook.
pub(crate) const ERROR_HEAD: &str = "错误（导入时不读）";

/// A returned workbook's column of findings is no data.
pub(crate) fn drop_error_column(grid: &Grid, roles: &mut Roles, table: &mut Table) {
    let Some(i) = table.head.iter().position(|c| c.path.last().is_some_and(|t| t == ERROR_HEAD)) else { return };
    let column = table.head.remove(i);
    for index in 0..grid.rows.len() {
        let row = grid.rows[index].number;
        if row >= table.range.top && row <= table.range.bottom.max(table.head_rows.map_or(0, |(_, last)| last)) {
            roles.set_row(grid, index, column.index, column.index, Role::Ignored(Why::ErrorColumn));
        }
    }
    if table.range.right == column.index && column.index > table.range.left {
        table.range.right -= 1;
    }
}
