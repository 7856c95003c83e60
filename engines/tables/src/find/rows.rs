//! Rows 行: records, totals, sections, levels; repeated heads and notes among them.

use super::blocks::Block;
use super::roles::{Role, Roles};
use crate::grid::{Cell, CellValue, Grid, Kind};
use crate::looks::{self, Sum};
use crate::table::{Line, Row, RowKind, Table, Why};
use values::place::cell_name;

/// Appends the rows of a block to a table, and says of each cell what became of it.
pub(crate) fn append(grid: &Grid, roles: &mut Roles, table: &mut Table, block: &Block) {
    let block = block.trimmed(grid);
    if block.is_empty() {
        return;
    }
    let end = note_start(grid, &block);
    let stubs = stub_columns(grid, &block);
    let mut indents: Vec<usize> = Vec::new();
    let mut pending: Vec<(Row, usize)> = Vec::new();
    for index in block.from..end {
        let number = grid.rows[index].number;
        if block.cells(grid, index).next().is_none() {
            continue;
        }
        if is_repeated_head(grid, table, index) {
            roles.set_row(grid, index, block.left, block.right, Role::Ignored(Why::RepeatedHead));
            continue;
        }
        roles.set_row(grid, index, block.left, block.right, Role::Data);
        let (kind, indent) = kind_of(grid, &block, index, stubs);
        if indent > 0 && !indents.contains(&indent) {
            indents.push(indent);
        }
        pending.push((Row { index: number, kind, level: 0, hidden: grid.rows[index].hidden }, indent));
    }
    indents.sort_unstable();
    for i in 0..pending.len() {
        // A label without values heads the deeper rows under it; else it is a record of which nothing was filed.
        let deeper = pending.get(i + 1).is_some_and(|next| next.1 > pending[i].1);
        if pending[i].0.kind == RowKind::Section && !deeper && !is_heading(grid, &block, pending[i].0.index) {
            pending[i].0.kind = RowKind::Data;
        }
    }
    for (mut row, indent) in pending {
        let level = indents.iter().position(|i| *i == indent).map_or(0, |p| p + 1);
        row.level = u8::try_from(level).unwrap_or(u8::MAX);
        table.rows.push(row);
    }
    for index in end..block.to {
        for cell in block.cells(grid, index).collect::<Vec<_>>() {
            roles.set(grid, cell.row, cell.column, Role::Note);
            table.notes.push(Line { cell: cell_name(cell.row, cell.column), text: cell.text().trim().to_owned() });
        }
        // Cells with blanks only and covered cells get their reasons later.
    }
    if let Some(last) = table.rows.last() {
        table.range.bottom = last.index;
    }
    table.range.right = table.range.right.max(block.right);
}

/// Index of the first row of the notes at the end of a block.
fn note_start(grid: &Grid, block: &Block) -> usize {
    let mut end = block.to;
    while end > block.from {
        let cells: Vec<Cell<'_>> = block.cells(grid, end - 1).collect();
        if cells.is_empty() || is_note_row(grid, block, &cells) { end -= 1 } else { break }
    }
    // A numbered list after 注： belongs to it, even if its lines alone do not read as notes.
    let notes = (block.from..end).rev().take(30).take_while(|i| {
        let cells: Vec<Cell<'_>> = block.cells(grid, *i).take(2).collect();
        cells.len() <= 1
    });
    let first_note = notes.filter(|i| block.cells(grid, *i).next().is_some_and(|c| looks::is_note(&c.text()))).last();
    first_note.unwrap_or(end)
}

fn is_note_row(grid: &Grid, block: &Block, cells: &[Cell<'_>]) -> bool {
    let all_text = cells.iter().all(|c| matches!(c.value(), CellValue::Text(_)));
    if !all_text {
        return false;
    }
    if looks::is_note(&cells[0].text()) && (cells.len() == 1 || cells.iter().all(|c| super::lines::is_information(&c.text()))) {
        return true;
    }
    let one = &cells[0];
    let long = one.text().chars().count() > 40;
    let merged = grid.merge_at(one.row, one.column).is_some_and(|m| m.width() * 2 > block.width());
    cells.len() == 1 && block.width() > 2 && (long || merged && one.text().contains(['。', '：', ':', '；']))
}

/// How many columns at the left hold labels rather than values: looked up in the first rows.
fn stub_columns(grid: &Grid, block: &Block) -> u32 {
    let sample = (block.from..block.to).take(40);
    let mut numeric = vec![0usize; block.width() as usize];
    let mut filled = vec![0usize; block.width() as usize];
    for index in sample {
        for cell in block.cells(grid, index) {
            let i = (cell.column - block.left) as usize;
            filled[i] += 1;
            numeric[i] += usize::from(matches!(cell.value(), CellValue::Number(_) | CellValue::Error(_)));
        }
    }
    let first = (0..numeric.len()).find(|i| numeric[*i] * 2 > filled[*i] && filled[*i] > 0 && *i > 0);
    first.map_or(1, |i| u32::try_from(i).unwrap_or(1)).max(1)
}

/// The kind of a row and the width of its indent, from its label.
fn kind_of(grid: &Grid, block: &Block, index: usize, stubs: u32) -> (RowKind, usize) {
    let mut label: Option<Cell<'_>> = None;
    let mut sum = Sum::No;
    let mut count = 0;
    let mut only_text = true;
    for cell in block.cells(grid, index) {
        count += 1;
        let Some(slot) = cell.slot() else { continue };
        if slot.kind != Kind::Text {
            only_text = false;
        } else if cell.column < block.left + stubs.max(3) {
            let CellValue::Text(text) = cell.value() else { continue };
            label = label.or(Some(cell));
            if sum == Sum::No {
                sum = looks::sum_of(text);
            }
        }
        if count > 8 && !only_text {
            break;
        }
    }
    let kind = match sum {
        Sum::Total => RowKind::Total,
        Sum::Subtotal => RowKind::Subtotal,
        Sum::OfWhich => RowKind::OfWhich,
        Sum::No if count == 1 && only_text && block.width() > 2 && is_section(grid, block, label.as_ref()) => RowKind::Section,
        Sum::No => RowKind::Data,
    };
    let indent = label.map_or(0, |cell| {
        let CellValue::Text(text) = cell.value() else { return 0 };
        let blanks: usize = text.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\u{3000}' { 2 } else { 1 }).sum();
        blanks + usize::from(cell.style().indent) * 2
    });
    (kind, indent)
}

/// A lone text is a section heading if it stands at the left or is merged across.
fn is_section(grid: &Grid, block: &Block, label: Option<&Cell<'_>>) -> bool {
    label.is_some_and(|c| c.column <= block.left + 1 || grid.merge_at(c.row, c.column).is_some_and(|m| m.width() * 2 > block.width()))
}

/// A lone text that is merged across, bold, or numbered as headings are: `一、工业`, `（二）`, `第三章`.
fn is_heading(grid: &Grid, block: &Block, row: u32) -> bool {
    let Some(index) = grid.row_index(row) else { return false };
    let Some(cell) = block.cells(grid, index).next() else { return false };
    if cell.style().bold || grid.merge_at(row, cell.column).is_some_and(|m| m.width() > 1) {
        return true;
    }
    let text = cell.text();
    let t = text.trim().trim_start_matches(['（', '(', '第']);
    let numerals = t.chars().take_while(|c| "一二三四五六七八九十".contains(*c)).count();
    numerals > 0 && t.chars().nth(numerals).is_some_and(|c| matches!(c, '、' | '）' | ')' | '.' | '．' | '部' | '章' | '类' | ' '))
}

/// True if a row repeats a row of the table's head, as after a page break.
pub(crate) fn is_repeated_head(grid: &Grid, table: &Table, index: usize) -> bool {
    let Some((first, last)) = table.head_rows else { return false };
    let row = grid.rows[index].number;
    if (first..=last).contains(&row) {
        return false;
    }
    let span = grid.span(index);
    // Numbers never repeat a head of words; most rows leave here.
    if grid.slots[span.clone()].iter().any(|s| s.kind != Kind::Text) || span.len() < 2 {
        return false;
    }
    (first..=last).any(|head_row| {
        let Some(head) = grid.row_index(head_row) else { return false };
        let head = grid.span(head);
        let same = |a: &crate::grid::Slot, b: &crate::grid::Slot| {
            a.column == b.column && a.kind == b.kind && (a.bits == b.bits || same_text(text(grid, a), text(grid, b)))
        };
        head.len() == span.len() && grid.slots[head].iter().zip(&grid.slots[span.clone()]).all(|(a, b)| same(a, b))
    })
}

/// Equal but for blanks; most texts differ in their first character, which is cheap to see.
fn same_text(a: &str, b: &str) -> bool {
    let first = |t: &str| t.chars().find(|c| !c.is_whitespace());
    first(a) == first(b) && looks::fold(a) == looks::fold(b)
}

fn text<'a>(grid: &'a Grid, slot: &crate::grid::Slot) -> &'a str {
    if slot.kind == Kind::Text { grid.shared.texts.get(u32::try_from(slot.bits).unwrap_or(u32::MAX)) } else { "" }
}
