//! Heads 表头: which rows they are, and the tree they draw over the columns.

use super::blocks::Block;
use super::lines;
use crate::grid::{Cell, CellValue, Grid, Kind};
use crate::looks;
use crate::parse::number::number_text;
use crate::table::{Column, Measure, Table, letter_of};
use values::place::column_letters;

/// What was found of a head.
#[derive(Debug)]
pub(crate) struct Head {
    pub columns: Vec<Column>,
    /// Its first and last row; none if the data begins at once.
    pub rows: Option<(u32, u32)>,
    /// The first row of data.
    pub data_row: u32,
}

/// A head has at most this many rows; more is data that looks like text.
const MOST_ROWS: usize = 12;

/// Finds the head of a block whose titles are taken off already.
pub(crate) fn find(grid: &Grid, block: &Block) -> Option<Head> {
    if block.is_empty() {
        return None;
    }
    let rows = head_rows(grid, block);
    let data_from = rows.1;
    let data_row = grid.rows.get(block.from + data_from).map_or(block.bottom + 1, |r| r.number);
    if data_from == 0 {
        let columns = (block.left..=block.right).map(|c| plain_column(grid, c)).collect();
        return Some(Head { columns, rows: None, data_row });
    }
    let first = grid.rows[block.from].number;
    let last = data_row.min(block.bottom + 1).saturating_sub(1);
    let code_row = rows.0.map(|i| grid.rows[block.from + i].number);
    let columns = (block.left..=block.right).map(|c| column(grid, block, c, (first, last), code_row)).collect();
    Some(Head { columns, rows: Some((first, last)), data_row })
}

pub(crate) fn plain_column(grid: &Grid, index: u32) -> Column {
    Column {
        index,
        letter: letter_of(index, false),
        path: Vec::new(),
        label: column_letters(index),
        code: None,
        unit: None,
        period: None,
        measure: Measure::Value,
        key: None,
        fraction: false,
        placeholder: false,
        hidden: grid.is_column_hidden(index),
    }
}

/// (index of the row of column numbers, number of head rows), counted from the block's first row.
fn head_rows(grid: &Grid, block: &Block) -> (Option<usize>, usize) {
    let count = block.to - block.from;
    if count == 0 || is_data(grid, block, block.from) && !is_period_row(grid, block, block.from, 1) {
        return (None, 0);
    }
    // A row of column numbers with data under it ends the head, whatever stands above it.
    let most = count.min(MOST_ROWS);
    let numbered = (1..most)
        .take_while(|n| !is_data(grid, block, block.from + n) || is_code_row(grid, block, block.from + n))
        .find(|n| is_code_row(grid, block, block.from + n));
    if let Some(n) = numbered.filter(|n| n + 1 < count && is_data(grid, block, block.from + n + 1)) {
        return (Some(n), n + 1);
    }
    // Cells of the first row that are merged downwards reach over the whole head.
    let top = grid.rows[block.from].number;
    let reach = merged_reach(grid, block, top);
    let mut code_row = None;
    let mut n = 1;
    while n < count.min(MOST_ROWS) {
        let index = block.from + n;
        let row = grid.rows[index].number;
        if is_code_row(grid, block, index) {
            code_row = Some(n);
            n += 1;
            break;
        }
        if is_unit_row(grid, block, index) {
            n += 1;
            continue;
        }
        let inside = row <= reach;
        if !inside && is_data(grid, block, index) && !is_period_row(grid, block, index, 2) {
            break;
        }
        if !inside && !goes_under(grid, block, index, n) {
            break;
        }
        n += 1;
    }
    if n == count && code_row.is_none() && count > 1 && reach < grid.rows[block.from + 1].number {
        // Nothing but text: the first row is the head.
        n = 1;
    }
    (code_row, n)
}

/// A row of nothing but units under the names: `万元 | 万千瓦时 | 人`.
fn is_unit_row(grid: &Grid, block: &Block, index: usize) -> bool {
    let cells: Vec<Cell<'_>> = block.cells(grid, index).collect();
    let is_unit = |c: &Cell<'_>| matches!(c.value(), CellValue::Text(t) if looks::unit_text(t).is_some());
    let labelled = cells.first().is_some_and(|c| matches!(looks::fold(&c.text()).as_str(), "单位" | "计量单位"));
    let from = usize::from(labelled);
    cells.len() >= from + 2 && cells[from..].iter().all(is_unit) && (labelled || cells[0].column > block.left)
}

/// The last row that a merged cell beginning in the head's first row reaches down to.
fn merged_reach(grid: &Grid, block: &Block, top: u32) -> u32 {
    let limit = top + 11;
    grid.merges
        .on_row(top)
        .filter(|m| m.top == top && m.left >= block.left && m.right <= block.right && m.bottom <= limit)
        .map(|m| m.bottom)
        .max()
        .unwrap_or(top)
}

/// True if a row of text is the next row of a head: it stands where the row above leaves blanks or is merged across.
fn goes_under(grid: &Grid, block: &Block, index: usize, n: usize) -> bool {
    let row = grid.rows[index].number;
    let above = grid.rows[block.from + n - 1].number;
    if row != above + 1 {
        return false;
    }
    let cells: Vec<Cell<'_>> = block.cells(grid, index).collect();
    if cells.len() < 2 {
        return false;
    }
    // Under a cell that is merged across, or under a blank right of a text that may be its group.
    let mut under = 0;
    let mut across = false;
    for cell in &cells {
        let merge = grid.merge_at(above, cell.column);
        let is_across = merge.is_some_and(|m| m.width() > 1 && m.bottom == above && (m.width() < block.width() || m.left > block.left));
        across |= is_across;
        let blank = merge.is_none() && super::blocks::is_blank(&grid.cell(above, cell.column));
        under += usize::from(is_across || blank);
    }
    let next_is_data = block.from + n + 1 < block.to && is_data(grid, block, index + 1);
    if across {
        return under * 2 >= cells.len();
    }
    // Without merges only the position speaks: half of the cells fill blanks, the first column stays blank
    // as the rowspan it is drawn to be, and data follows.
    let first_blank = cells.first().is_some_and(|c| c.column > block.left);
    under * 2 >= cells.len() && under >= 2 && first_blank && next_is_data
}

/// True if a row holds what only data holds: a number, a day, a share, a long code.
pub(crate) fn is_data(grid: &Grid, block: &Block, index: usize) -> bool {
    block.cells(grid, index).any(|c| is_evidence(&c))
}

fn is_evidence(cell: &Cell<'_>) -> bool {
    match cell.value() {
        CellValue::Number(_)
        | CellValue::Date(_)
        | CellValue::DateTime(_)
        | CellValue::Time(_)
        | CellValue::Bool(_)
        | CellValue::Error(_) => true,
        CellValue::Text(text) => is_text_evidence(text),
        CellValue::Empty => false,
    }
}

/// A number, share, date, credit code or telephone number typed as text.
fn is_text_evidence(text: &str) -> bool {
    let t = text.trim();
    if t.len() > 64 || !t.contains(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c)) {
        return false;
    }
    if looks::period(t, false).is_some() && !t.contains(['-', '.', '/']) || looks::months_only(t).is_some() {
        return false;
    }
    let code = t.len() >= 8 && t.bytes().all(|b| b.is_ascii_alphanumeric()) && t.bytes().filter(u8::is_ascii_digit).count() * 2 > t.len();
    code || number_text(t).is_some() && !looks::is_code_mark(t) || crate::parse::date::date_text(t).is_some()
}

/// True if every number of a row is a year or every text a period, and there are at least `least` of them.
fn is_period_row(grid: &Grid, block: &Block, index: usize, least: usize) -> bool {
    let (mut periods, mut others) = (0, 0);
    for cell in block.cells(grid, index) {
        match cell.value() {
            CellValue::Number(n) if is_year(n) => periods += 1,
            CellValue::Date(_) if cell.format().is_some_and(crate::format::Format::is_month) => periods += 1,
            CellValue::Text(t) if looks::period(t, false).is_some() || looks::months_only(t).is_some() => periods += 1,
            CellValue::Text(t) if is_text_evidence(t) => others += 1,
            CellValue::Text(_) | CellValue::Empty => {}
            _ => others += 1,
        }
    }
    periods >= least && others == 0
}

fn is_year(n: rust_decimal::Decimal) -> bool {
    n.scale() == 0 && (1949..=2100).contains(&n.mantissa())
}

/// True for a row of column numbers or codes: `代码 — 01 02 03`, `甲 1 2 3`, `(1) (2) (3)=(1)+(2)`.
fn is_code_row(grid: &Grid, block: &Block, index: usize) -> bool {
    let cells: Vec<Cell<'_>> = block.cells(grid, index).collect();
    if cells.len() < 2 {
        return false;
    }
    // 甲 over 乙 are two names, not the mark of a row of column numbers.
    let next = block.to.min(index + 2);
    let second = (index + 1..next).find_map(|i| block.cells(grid, i).next());
    if second.is_some_and(|c| looks::clean(&c.text()) == "乙") {
        return false;
    }
    let (mut marks, mut last) = (0usize, None);
    for cell in &cells {
        let text = cell.text();
        let number =
            cell.number().filter(|n| n.normalize().scale() == 0 && n.mantissa() >= 0 && n.mantissa() < 1000 * 10i128.pow(n.scale()));
        match (cell.slot().map(|s| s.kind), number) {
            (Some(Kind::Number), Some(n)) => {
                // Codes count up one by one; data seldom does.
                let n = n.normalize();
                if last.is_some_and(|l: rust_decimal::Decimal| n != l + rust_decimal::Decimal::ONE) {
                    return false;
                }
                last = Some(n);
            }
            (Some(Kind::Text), _) if looks::is_code_mark(&text) => {
                marks += 1;
                last = number_text(text.trim()).map(|n| n.value.normalize()).filter(|n| n.scale() == 0).or(last);
            }
            _ => return false,
        }
    }
    // Some text mark beside the numbers, or numbers from 1 on.
    let from_one = cells.iter().find_map(Cell::number).is_some_and(|n| n.normalize() == rust_decimal::Decimal::ONE);
    marks * 2 > cells.len() || marks >= 1 && cells.len() >= 3 || from_one && cells.len() >= 3 && marks + 1 >= 1
}

/// The head text over a column in one row: its own, its merged range's, or the group's to its left.
fn head_text<'a>(grid: &'a Grid, block: &Block, row: u32, column: u32, rows: (u32, u32)) -> Option<Cell<'a>> {
    if let Some(merge) = grid.merge_at(row, column) {
        let cell = grid.cell(merge.top, merge.left);
        return (merge.top >= rows.0 && !super::blocks::is_blank(&cell)).then_some(cell);
    }
    let own = grid.cell(row, column);
    if !super::blocks::is_blank(&own) {
        return Some(own);
    }
    // A blank in an upper row belongs to the group on its left if both have heads of their own below.
    if row == rows.1 || column == block.left {
        return None;
    }
    let has_below = |c: u32| (row + 1..=rows.1).any(|r| grid.merge_at(r, c).is_none() && !super::blocks::is_blank(&grid.cell(r, c)));
    if !has_below(column) {
        return None;
    }
    let left = (block.left..column).rev().find(|c| grid.merge_at(row, *c).is_some() || !super::blocks::is_blank(&grid.cell(row, *c)))?;
    let owner = grid.cell(row, left);
    (grid.merge_at(row, left).is_none() && has_below(left) && (left..column).all(has_below)).then_some(owner)
}

fn column(grid: &Grid, block: &Block, index: u32, rows: (u32, u32), code_row: Option<u32>) -> Column {
    let mut found = plain_column(grid, index);
    let mut seen: Vec<(u32, u32)> = Vec::new();
    for row in rows.0..=rows.1 {
        let Some(cell) = head_text(grid, block, row, index, rows) else { continue };
        if seen.contains(&(cell.row, cell.column)) {
            continue;
        }
        seen.push((cell.row, cell.column));
        let text = cell.text();
        if code_row == Some(row) {
            found.code = Some(looks::clean(&text)).filter(|c| !looks::is_blank_mark(c));
            continue;
        }
        let text = if index == block.left { corner(&text) } else { text.into_owned() };
        found.path.push(text);
    }
    super::measure::column_unit(&mut found, |depth| seen.get(depth).copied());
    found.placeholder = found.path.last().is_some_and(|t| is_placeholder(t));
    if let Some(last) = found.path.last() {
        found.label.clone_from(last);
    } else if let Some(code) = &found.code {
        found.label.clone_from(code);
    }
    found
}

/// `Unnamed: 3`, `列1`, `Column1`, `F3`: names that programs give to columns without a head.
fn is_placeholder(text: &str) -> bool {
    let t = looks::fold(text);
    let numbered = |prefix: &str| {
        t.strip_prefix(prefix).is_some_and(|rest| {
            !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit() || b == b':' || b == b'_' || b == b'l' || b == b'e' || b == b'v')
        })
    };
    numbered("unnamed:") || numbered("unnamed") || numbered("column") || numbered("列") && t.chars().count() <= 4
}

/// A slashed head 斜线表头 names rows and columns in one cell: `产出\投入`, or two words far apart. The rows' name is the lower left one.
fn corner(text: &str) -> String {
    for slash in ['\\', '＼', '╲', '﹨'] {
        if let Some((_, rows)) = text.rsplit_once(slash)
            && !rows.trim().is_empty()
        {
            return rows.trim().to_owned();
        }
    }
    let trimmed = text.trim();
    let mut gaps: Vec<(usize, usize, usize)> = Vec::new();
    let mut start = None;
    for (i, c) in trimmed.char_indices() {
        match (c.is_whitespace(), start) {
            (true, None) => start = Some((i, 1)),
            (true, Some((at, n))) => start = Some((at, n + 1)),
            (false, Some((at, n))) => {
                gaps.push((n, at, i));
                start = None;
            }
            _ => {}
        }
    }
    // A first word pushed to the right by blanks leaves no doubt; else the gap itself must be wide.
    let pushed = text.chars().take_while(|c| c.is_whitespace()).count() >= 4;
    let least = if pushed && trimmed.contains('\n') { 1 } else { 4 };
    gaps.sort_unstable_by_key(|gap| std::cmp::Reverse(gap.0));
    match gaps.as_slice() {
        // One gap far wider than those between the characters of a spaced-out word.
        [widest, rest @ ..] if widest.0 >= least && rest.first().is_none_or(|next| widest.0 >= next.0 * 2) => {
            // So many blanks, or a line break, push the second word to a line of its own, down at the left.
            let wraps = widest.0 >= 16 || trimmed[widest.1..widest.2].contains('\n');
            if wraps { trimmed[widest.2..].to_owned() } else { trimmed[..widest.1].to_owned() }
        }
        _ => text.to_owned(),
    }
}

/// True if a block has no head of its own and lies under the same columns, so that it goes on with the table above.
pub(crate) fn goes_on(grid: &Grid, table: &Table, block: &Block) -> bool {
    let (left, right) = (table.range.left, table.range.right);
    let overlaps = block.left >= left && block.right <= right.max(left);
    if !overlaps || table.head.is_empty() || block.top <= table.range.bottom {
        return false;
    }
    let first = block.from;
    if super::rows::is_repeated_head(grid, table, first) {
        return true;
    }
    let mut cells = block.cells(grid, first);
    let (one, more) = (cells.next(), cells.next().is_some());
    if one.is_none_or(|c| looks::is_note(&c.text())) || !more && table.head.len() > 1 {
        return false;
    }
    if more && block.to - block.from > 1 && lines::is_line(grid, block, first) {
        return false;
    }
    if is_data(grid, block, first) {
        return !is_period_row(grid, block, first, 2);
    }
    // Text alone: a row that looks like the rows above goes on; one that looks like a head does not.
    let (_, n) = head_rows(grid, block);
    let data_under = (first + 1..block.to.min(first + 4)).any(|i| is_data(grid, block, i));
    let text_table = table.rows.iter().take(20).all(|r| grid.row_index(r.index).is_none_or(|i| !grid.cells_of(i).any(|c| is_evidence(&c))));
    n <= 1 && text_table && !data_under && !looks_like_head(grid, block, first)
}

/// A row of bold cells, or of words that heads end with.
fn looks_like_head(grid: &Grid, block: &Block, index: usize) -> bool {
    const ENDS: [&str; 40] = [
        "名称", "代码", "编号", "号", "日期", "时间", "单位", "金额", "数量", "面积", "地址", "电话", "人", "类别", "类型", "性质", "产值",
        "收入", "税", "投资", "额", "率", "数", "量", "人数", "备注", "说明", "状态", "进度", "情况", "内容", "年", "月", "季度", "行业",
        "地区", "省份", "项目", "指标", "级别",
    ];
    let cells: Vec<Cell<'_>> = block.cells(grid, index).collect();
    let bold = cells.iter().filter(|c| c.style().bold).count();
    let heads = cells.iter().filter(|c| ENDS.iter().any(|e| looks::clean(&c.text()).ends_with(e))).count();
    bold * 2 > cells.len() || heads * 2 > cells.len()
}
