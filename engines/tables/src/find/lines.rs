//! Lines 行外文字: titles and units above a table, notes under it.

use super::blocks::Block;
use super::roles::{Role, Roles};
use crate::grid::{CellValue, Grid};
use crate::looks;
use crate::table::{Line, Table};
use values::place::cell_name;

/// A line of text with its place.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub row: u32,
    pub column: u32,
    pub text: String,
}

impl Found {
    pub(crate) fn line(&self) -> Line {
        Line { cell: cell_name(self.row, self.column), text: self.text.trim().to_owned() }
    }
    /// True if it says a unit and nothing else.
    pub(crate) fn is_unit(&self) -> bool {
        let t = looks::clean(&self.text);
        looks::declared_unit(&t).is_some()
            && t.chars().count() <= 14
            && (t.contains("单位") || t.contains("單位") || t.starts_with(['(', '（']))
    }
}

/// Every cell of a block of text.
pub(crate) fn of_block(grid: &Grid, block: &Block) -> Vec<Found> {
    let cells = (block.from..block.to).flat_map(|i| block.cells(grid, i).collect::<Vec<_>>());
    cells.map(|c| Found { row: c.row, column: c.column, text: c.text().into_owned() }).collect()
}

/// Lines that read as notes go to the table above them; the rest waits for the table below.
pub(crate) fn give_notes(grid: &Grid, found: &mut Vec<Found>, table: Option<&mut Table>, roles: &mut Roles, nothing_waits: bool) {
    let Some(table) = table.filter(|_| nothing_waits) else { return };
    let notes = match found.iter().position(|l| !looks::is_note(&l.text) && !is_sentence(&l.text)) {
        Some(0) => return,
        Some(n) => n,
        None => found.len(),
    };
    push_notes(grid, found.drain(..notes).collect(), table, roles);
}

fn is_sentence(text: &str) -> bool {
    let t = text.trim();
    t.contains('。') || t.chars().count() > 60 || t.starts_with(|c: char| c.is_ascii_digit() || "①②③④⑤⑥（(".contains(c))
}

fn push_notes(grid: &Grid, notes: Vec<Found>, table: &mut Table, roles: &mut Roles) {
    for note in notes {
        roles.set(grid, note.row, note.column, Role::Note);
        table.notes.push(note.line());
    }
}

/// Every waiting line becomes a note of the table.
pub(crate) fn drop_into(grid: &Grid, waiting: &mut Vec<Found>, table: &mut Table, roles: &mut Roles) {
    push_notes(grid, std::mem::take(waiting), table, roles);
}

/// At the end of a sheet: what still waits belongs under the last table; with no table it stays apart.
pub(crate) fn drop_rest(grid: &Grid, waiting: Vec<Found>, table: Option<&mut Table>, roles: &mut Roles) {
    if let Some(table) = table {
        push_notes(grid, waiting, table, roles);
    }
}

/// Takes the lines at the top of a block that stand above its head; answers the rest of the block.
pub(crate) fn split_top(grid: &Grid, block: &Block, titles: &mut Vec<Found>) -> Block {
    let mut body = *block;
    while body.from + 1 < body.to && is_line(grid, &body, body.from) {
        titles.extend(body.cells(grid, body.from).map(|c| Found { row: c.row, column: c.column, text: c.text().into_owned() }));
        body.from += 1;
    }
    body.top = grid.rows.get(body.from).map_or(body.top, |r| r.number);
    body
}

/// True if a row above the head is a title, a unit, or a line such as `填报单位：… 2024年8月`.
pub(crate) fn is_line(grid: &Grid, block: &Block, index: usize) -> bool {
    let row = grid.rows[index].number;
    let cells: Vec<_> = block.cells(grid, index).collect();
    if cells.is_empty() {
        return true;
    }
    if cells.iter().any(|c| matches!(c.value(), CellValue::Number(_) | CellValue::Bool(_) | CellValue::Error(_))) {
        return false;
    }
    let one = &cells[0];
    if cells.len() == 1 {
        let Some(merge) = grid.merge_at(row, one.column) else { return block.width() > 1 };
        let wide = merge.width() * 5 >= block.width() * 4;
        // A cell merged over a part of the width is the upper half of a head: 2024年 over four columns.
        return wide && merge.width() > 1 || one.column == block.left && merge.height() == 1;
    }
    let few = cells.len() <= 3.max(block.width() as usize / 3);
    few && cells.iter().all(|c| is_information(&c.text())) && cells.len() < block.width() as usize
}

/// A cell that informs about the table: a unit, a period, `名：值`, or a remark in brackets.
pub(crate) fn is_information(text: &str) -> bool {
    let t = looks::clean(text);
    let colon = t.find(['：', ':']).is_some_and(|i| i > 0 && i < 30);
    let bracketed = t.starts_with(['(', '（']) && t.ends_with([')', '）']);
    looks::declared_unit(&t).is_some() && t.contains(['：', ':', '（', '(']) || looks::period(&t, false).is_some() || colon || bracketed
}
