//! Finding tables 识表: from the grid of a sheet to tables with heads, units, rows, notes.
//!
//! Reading order: [`blocks`] (where tables may lie), [`lines`] (titles and
//! notes), [`head`] (which rows are the head, and its tree), [`rows`] (totals,
//! sections, levels), [`measure`] (units and periods), [`turn`] (transposed
//! tables), [`twins`] (one table twice).

pub(crate) mod blocks;
pub(crate) mod head;
pub(crate) mod lines;
pub(crate) mod measure;
pub(crate) mod own;
pub(crate) mod roles;
pub(crate) mod rows;
pub(crate) mod turn;
pub(crate) mod twins;

use crate::grid::{CellError, CellValue, Grid, Kind};
use crate::looks;
use crate::source::{RawBook, RawSheet};
use crate::table::{Sheet, Table, Workbook, place};
use blocks::Block;
use roles::{Role, Roles};
use values::Finding;

/// Recognises everything in a workbook.
pub(crate) fn workbook(book: RawBook, file_name: &str) -> Workbook {
    let ours = book.sheets.iter().any(|raw| own::key_row(&raw.grid).is_some());
    let mut sheets: Vec<Sheet> = book.sheets.into_iter().map(|raw| sheet(raw, file_name, ours)).collect();
    let mut findings = book.findings;
    twins::report(&mut sheets, &mut findings);
    Workbook { format: book.format, sheets, findings, names: book.names }
}

fn sheet(raw: RawSheet, file_name: &str, ours: bool) -> Sheet {
    let RawSheet { name, hidden, grid } = raw;
    let mut roles = Roles::new(&grid);
    let mut findings = Vec::new();
    let mut tables = match own::key_row(&grid) {
        Some(keys) => own::table(&grid, &mut roles, keys).into_iter().collect(),
        None if ours && own::is_options(&name, hidden) => {
            own::ignore_all(&grid, &mut roles);
            Vec::new()
        }
        None => tables(&grid, &mut roles),
    };
    for table in &mut tables {
        measure::measure(&grid, &name, file_name, table);
        if table.template.is_none() {
            turn::turn(&grid, &name, table);
        }
    }
    roles.finish(&grid);
    report(&grid, &name, hidden, &mut findings);
    let (read, ignored) = roles.count(&grid);
    let ignored_count = ignored.len() as u64;
    Sheet { name, hidden, tables, ignored, read, ignored_count, empty: grid.blanks, findings, grid }
}

/// Takes block after block: a block without a head of its own goes on with the table before it.
fn tables(grid: &Grid, roles: &mut Roles) -> Vec<Table> {
    let blocks = blocks::blocks(grid);
    let any_table = blocks.iter().any(|b| b.is_table(grid));
    let mut tables: Vec<Table> = Vec::new();
    let mut waiting: Vec<lines::Found> = Vec::new();
    for block in blocks {
        let notes_wait = waiting.iter().all(|l| looks::is_note(&l.text));
        // Side by side stand a few tables at most; looking through all would take for ever on a sheet of thousands.
        let near = tables.len().saturating_sub(8);
        if let Some(i) = (near..tables.len()).rev().find(|i| notes_wait && head::goes_on(grid, &tables[*i], &block)) {
            lines::drop_into(grid, &mut waiting, &mut tables[i], roles);
            rows::append(grid, roles, &mut tables[i], &block);
            continue;
        }
        if !block.is_table(grid) && (any_table || !block.is_list(grid)) {
            let mut found = lines::of_block(grid, &block);
            lines::give_notes(grid, &mut found, tables.last_mut(), roles, waiting.is_empty());
            waiting.append(&mut found);
            continue;
        }
        if let Some(table) = table(grid, roles, &block, std::mem::take(&mut waiting)) {
            tables.push(table);
        }
    }
    lines::drop_rest(grid, waiting, tables.last_mut(), roles);
    tables
}

/// One table from one block, with the lines that waited for it.
fn table(grid: &Grid, roles: &mut Roles, block: &Block, waiting: Vec<lines::Found>) -> Option<Table> {
    let mut titles = waiting;
    let body = lines::split_top(grid, block, &mut titles);
    let found = head::find(grid, &body)?;
    let mut table = Table {
        range: body.range(),
        title: titles.iter().filter(|l| !l.is_unit()).map(|l| looks::clean(&l.text)).collect::<Vec<_>>().join(" "),
        lines: titles.iter().map(lines::Found::line).collect(),
        unit: None,
        period: None,
        head: found.columns,
        head_rows: found.rows,
        rows: Vec::new(),
        notes: Vec::new(),
        transposed: false,
        unit_column: None,
        template: None,
        findings: Vec::new(),
    };
    for line in &titles {
        roles.set(grid, line.row, line.column, Role::Line);
    }
    if let Some((first, last)) = found.rows {
        for index in body.row_indices(grid) {
            let row = grid.rows[index].number;
            if (first..=last).contains(&row) {
                roles.set_row(grid, index, body.left, body.right, Role::Head);
            }
        }
    }
    rows::append(grid, roles, &mut table, &body.below(found.data_row));
    own::drop_error_column(grid, roles, &mut table);
    Some(table)
}

/// Findings about the sheet as such.
fn report(grid: &Grid, name: &str, hidden: bool, findings: &mut Vec<Finding>) {
    if hidden && !grid.is_empty() {
        findings.push(Finding::note("tables.hidden_sheet").at(name));
    }
    if !grid.hidden_columns.is_empty() {
        let letters: Vec<String> = grid
            .hidden_columns
            .iter()
            .map(|(a, b)| format!("{}:{}", values::place::column_letters(*a), values::place::column_letters(*b)))
            .collect();
        findings.push(Finding::note("tables.hidden_columns").at(name).found(letters.join(",")));
    }
    cells(grid, name, findings);
    let rows: Vec<String> = grid.rows.iter().filter(|r| r.hidden).map(|r| (r.number + 1).to_string()).collect();
    if !rows.is_empty() {
        let shown = if rows.len() > 20 { format!("{},…（{} 行）", rows[..20].join(","), rows.len()) } else { rows.join(",") };
        findings.push(Finding::note("tables.hidden_rows").at(name).found(shown));
    }
}

/// Findings at single cells: errors, formulas without a value, strike-through, notes, numbers under merges.
fn cells(grid: &Grid, name: &str, findings: &mut Vec<Finding>) {
    let any_struck = grid.shared.styles.iter().any(|s| s.strike);
    for index in 0..grid.rows.len() {
        let row = grid.rows[index].number;
        for i in grid.span(index) {
            let slot = &grid.slots[i];
            if slot.kind == Kind::Error {
                let cell = grid.cell(row, u32::from(slot.column));
                let found = match cell.value() {
                    CellValue::Error(CellError::Uncached) => Finding::error("tables.formula_without_value"),
                    _ => Finding::error("tables.error_cell").found(cell.text()),
                };
                findings.push(found.at(place(name, row, u32::from(slot.column))));
            }
            if any_struck && grid.shared.styles.get(usize::from(slot.style)).is_some_and(|s| s.strike) {
                let cell = grid.cell(row, u32::from(slot.column));
                findings.push(Finding::warning("tables.struck").at(place(name, row, u32::from(slot.column))).found(cell.text().trim()));
            }
        }
    }
    for ((row, column), note) in &grid.comments {
        findings.push(Finding::note("tables.comment").at(place(name, *row, *column)).found(note));
    }
    for merge in grid.merges().iter().filter(|m| m.height() > 1) {
        if grid.cell(merge.top, merge.left).number().is_some() {
            findings.push(Finding::note("tables.merged_number").at(place(name, merge.top, merge.left)).found(merge.to_string()));
        }
    }
}
