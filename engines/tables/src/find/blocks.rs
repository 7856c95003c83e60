//! Blocks 块: parts of a sheet between blank rows and blank columns.

use crate::grid::{Cell, CellValue, Grid};
use crate::range::Range;

/// A rectangle in which one table, or a few lines of text, may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    /// Indices of the grid's rows, from and to (not included).
    pub from: usize,
    pub to: usize,
    pub top: u32,
    pub bottom: u32,
    pub left: u32,
    pub right: u32,
}

impl Block {
    pub(crate) fn range(&self) -> Range {
        Range::new(self.top, self.left, self.bottom, self.right)
    }
    pub(crate) fn width(&self) -> u32 {
        self.right - self.left + 1
    }
    pub(crate) fn row_indices(&self, _grid: &Grid) -> std::ops::Range<usize> {
        self.from..self.to
    }
    pub(crate) fn is_empty(&self) -> bool {
        self.from >= self.to
    }
    /// The non-blank cells of one row inside the block.
    pub(crate) fn cells<'a>(&self, grid: &'a Grid, index: usize) -> impl Iterator<Item = Cell<'a>> {
        let (left, right) = (self.left, self.right);
        grid.cells_of(index).filter(move |c| (left..=right).contains(&c.column) && !is_blank(c))
    }
    /// The block from a row of the sheet on.
    pub(crate) fn below(&self, row: u32) -> Self {
        let mut block = *self;
        block.top = row;
        block
    }
    /// Cuts `from` to the first row at or below `top`.
    pub(crate) fn trimmed(&self, grid: &Grid) -> Self {
        let mut block = *self;
        while block.from < block.to && grid.rows[block.from].number < block.top {
            block.from += 1;
        }
        block
    }
    /// True if it holds two rows of several cells each, or one such row and numbers.
    pub(crate) fn is_table(&self, grid: &Grid) -> bool {
        let mut wide = 0;
        for index in (self.from..self.to).take(200) {
            let cells: Vec<Cell<'_>> = self.cells(grid, index).take(4).collect();
            let informs =
                |c: &Cell<'_>| matches!(c.value(), CellValue::Text(t) if super::lines::is_information(t) || crate::looks::is_note(t));
            if cells.len() >= 2 && !cells.iter().all(informs) {
                wide += 1;
            }
        }
        wide >= 2 || wide == 1 && self.to - self.from >= 2 && self.has_numbers(grid)
    }
    fn has_numbers(&self, grid: &Grid) -> bool {
        (self.from..self.to).any(|i| self.cells(grid, i).any(|c| matches!(c.value(), CellValue::Number(_) | CellValue::Date(_))))
    }
    /// True if it may be a list of one column: at least three short texts one under another.
    pub(crate) fn is_list(&self, grid: &Grid) -> bool {
        let rows = self.to - self.from;
        let short = |c: &Cell<'_>| c.text().chars().count() <= 40 && !c.text().contains(['。', '；', '：']);
        rows >= 3
            && (self.from..self.to).take(50).all(|i| self.cells(grid, i).take(2).count() == 1 && self.cells(grid, i).all(|c| short(&c)))
    }
}

/// True if a cell holds nothing but blanks.
pub(crate) fn is_blank(cell: &Cell<'_>) -> bool {
    matches!(cell.value(), CellValue::Text(text) if text.trim().is_empty()) || cell.is_empty()
}

/// Blocks in reading order: top to bottom, then left to right.
pub(crate) fn blocks(grid: &Grid) -> Vec<Block> {
    let mut out = Vec::new();
    let mut from = 0;
    for index in 0..=grid.rows.len() {
        let gap = index == grid.rows.len()
            || index > from && !joined(grid, index)
            || index > from && row_is_blank(grid, index - 1) && index - 1 > from;
        if gap && index > from {
            band(grid, from, index, &mut out);
            from = index;
        }
    }
    out
}

/// True if a row follows right on the one before, or a merged range holds them together.
fn joined(grid: &Grid, index: usize) -> bool {
    let (above, here) = (grid.rows[index - 1].number, grid.rows[index].number);
    if here == above + 1 {
        return !row_is_blank(grid, index);
    }
    // A head merged over several rows leaves rows without any cell of their own.
    grid.merges.on_row(above).any(|m| m.bottom >= here - 1 && m.height() <= 64)
}

fn row_is_blank(grid: &Grid, index: usize) -> bool {
    grid.cells_of(index).all(|c| is_blank(&c))
}

/// Cuts rows `from..to` at blank columns where both sides stand on their own.
fn band(grid: &Grid, from: usize, to: usize, out: &mut Vec<Block>) {
    let (mut from, mut to) = (from, to);
    while from < to && row_is_blank(grid, from) {
        from += 1;
    }
    while from < to && row_is_blank(grid, to - 1) {
        to -= 1;
    }
    if from == to {
        return;
    }
    let mut used: Vec<bool> = Vec::new();
    for index in from..to {
        for slot in &grid.slots[grid.span(index)] {
            let column = usize::from(slot.column);
            if used.len() <= column {
                used.resize(column + 1, false);
            }
            used[column] = used[column] || !is_blank(&grid.cell(grid.rows[index].number, u32::from(slot.column)));
        }
    }
    let (top, bottom) = (grid.rows[from].number, grid.rows[to - 1].number);
    // Each merged range once: on the row where it begins, or on the band's first.
    let begins = |row: u32| grid.merges.on_row(row).filter(move |m| m.top == row || row == top);
    for merge in (from..to).flat_map(|index| begins(grid.rows[index].number)) {
        let anchor_used = !is_blank(&grid.cell(merge.top, merge.left));
        if anchor_used && merge.width() <= 256 {
            let right = merge.right as usize;
            if used.len() <= right {
                used.resize(right + 1, false);
            }
            used[merge.left as usize..=right].fill(true);
        }
    }
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for (column, is_used) in used.iter().enumerate() {
        let column = u32::try_from(column).unwrap_or(u32::MAX);
        match runs.last_mut() {
            Some(run) if *is_used && run.1 + 1 == column => run.1 = column,
            _ if *is_used => runs.push((column, column)),
            _ => {}
        }
    }
    let make = |(left, right): (u32, u32)| Block { from, to, top, bottom, left, right };
    let mut cut: Vec<Block> = Vec::new();
    for run in runs {
        let block = make(run);
        // One text far to the right of everything is a remark, not a column.
        let gap = cut.last().map_or(0, |last| run.0 - last.right - 1);
        if gap >= 2 && is_remark(grid, &block) {
            continue;
        }
        match cut.last_mut() {
            Some(last) if !(stands_alone(grid, &block) && stands_alone(grid, last)) => last.right = run.1,
            _ => cut.push(block),
        }
    }
    out.extend(cut.iter().map(|b| tighten(grid, b)));
}

fn is_remark(grid: &Grid, block: &Block) -> bool {
    let mut cells = (block.from..block.to).flat_map(|i| block.cells(grid, i));
    cells.next().is_some_and(|c| matches!(c.value(), CellValue::Text(_))) && cells.next().is_none()
}

/// True if a part beside a blank column is a table of its own: two columns or
/// more, two rows or more, and rows that begin with a label (else the labels
/// stand to its left and it is the other half of that table).
fn stands_alone(grid: &Grid, block: &Block) -> bool {
    if block.width() < 2 {
        return false;
    }
    let rows: Vec<usize> = (block.from..block.to).filter(|i| block.cells(grid, *i).next().is_some()).collect();
    if rows.len() < 2 || !block.is_table(grid) {
        return false;
    }
    let labels = rows.iter().filter(|i| block.cells(grid, **i).next().is_some_and(|c| matches!(c.value(), CellValue::Text(_))));
    labels.count() * 4 > rows.len() * 3
}

/// Drops rows at both ends in which the block has nothing.
fn tighten(grid: &Grid, block: &Block) -> Block {
    let mut block = *block;
    while block.from + 1 < block.to && block.cells(grid, block.from).next().is_none() {
        block.from += 1;
    }
    while block.from + 1 < block.to && block.cells(grid, block.to - 1).next().is_none() {
        block.to -= 1;
    }
    block.top = grid.rows[block.from].number;
    block.bottom = grid.rows[block.to - 1].number;
    block
}
