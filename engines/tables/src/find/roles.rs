//! Roles 去向: what became of each non-empty cell; the ground of the law
//! "read + ignored = non-empty".

use crate::grid::{Grid, Kind};
use crate::table::{Ignored, Why};

/// What a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Unseen,
    Line,
    Head,
    Data,
    Note,
    Ignored(Why),
}

/// The role of each cell, in the grid's order.
#[derive(Debug)]
pub(crate) struct Roles(Vec<Role>);

impl Roles {
    pub(crate) fn new(grid: &Grid) -> Self {
        Self(vec![Role::Unseen; grid.slots.len()])
    }
    pub(crate) fn set(&mut self, grid: &Grid, row: u32, column: u32, role: Role) {
        if let Some(index) = grid.row_index(row) {
            self.set_row(grid, index, column, column, role);
        }
    }
    /// Every cell of a row (by its index) from one column to another.
    pub(crate) fn set_row(&mut self, grid: &Grid, index: usize, left: u32, right: u32, role: Role) {
        for i in grid.span(index) {
            if (left..=right).contains(&u32::from(grid.slots[i].column)) {
                self.0[i] = role;
            }
        }
    }
    /// Cells with nothing but blanks, cells under merges and cells that nobody took get their reason.
    pub(crate) fn finish(&mut self, grid: &Grid) {
        let merged = !grid.merges().is_empty();
        for index in 0..grid.rows.len() {
            let row = grid.rows[index].number;
            for i in grid.span(index) {
                let slot = &grid.slots[i];
                if slot.kind == Kind::Text {
                    let text = grid.shared.texts.get(u32::try_from(slot.bits).unwrap_or(u32::MAX));
                    if text.trim().is_empty() {
                        self.0[i] = Role::Ignored(Why::OnlyBlanks);
                        continue;
                    }
                }
                if merged {
                    let column = u32::from(slot.column);
                    if grid.merge_at(row, column).is_some_and(|m| (m.top, m.left) != (row, column)) {
                        self.0[i] = Role::Ignored(Why::UnderMerge);
                        continue;
                    }
                }
                if self.0[i] == Role::Unseen {
                    self.0[i] = Role::Ignored(Why::Apart);
                }
            }
        }
    }
    /// How many were read, and which were not.
    pub(crate) fn count(&self, grid: &Grid) -> (u64, Vec<Ignored>) {
        let mut ignored = Vec::new();
        let mut read = 0;
        for index in 0..grid.rows.len() {
            let row = grid.rows[index].number;
            for i in grid.span(index) {
                match self.0[i] {
                    Role::Ignored(reason) => {
                        ignored.push(Ignored { row, column: grid.slots[i].column, reason });
                    }
                    _ => read += 1,
                }
            }
        }
        (read, ignored)
    }
}
