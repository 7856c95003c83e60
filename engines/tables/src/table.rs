//! Tables 表: what was recognised on the sheets of a workbook.
//!
//! Law, asserted on every file: cells read + cells listed as ignored with a
//! reason = non-empty cells ([`Sheet::is_balanced`]).

use crate::grid::{Cell, Grid};
use crate::range::Range;
use std::collections::BTreeMap;
use values::place::{cell_name, column_letters};
use values::{Finding, Period, Unit};

/// A file as people make it, recognised.
#[derive(Debug)]
pub struct Workbook {
    /// Which format it was: `xlsx`, `xlsb`, `xls`, `ods`, `csv`, `html`, `xml`.
    pub format: &'static str,
    /// All worksheets in the file's order, hidden ones included.
    pub sheets: Vec<Sheet>,
    /// What concerns the whole file, such as the encoding chosen.
    pub findings: Vec<Finding>,
    /// Defined names 名称 and what they stand for.
    pub names: Vec<(String, String)>,
}

impl Workbook {
    /// The sheet of that name.
    #[must_use]
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|s| s.name == name)
    }
    /// Every table with its sheet, in reading order.
    pub fn tables(&self) -> impl Iterator<Item = (&Sheet, &Table)> {
        self.sheets.iter().flat_map(|s| s.tables.iter().map(move |t| (s, t)))
    }
    /// All findings: of the file, of its sheets, of their tables.
    pub fn all_findings(&self) -> impl Iterator<Item = &Finding> {
        let sheets = self.sheets.iter().flat_map(|s| s.findings.iter().chain(s.tables.iter().flat_map(|t| &t.findings)));
        self.findings.iter().chain(sheets)
    }
}

/// One worksheet.
#[derive(Debug)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// True if it is hidden.
    pub hidden: bool,
    /// Tables in reading order.
    pub tables: Vec<Table>,
    /// Cells that belong to no table, each with the reason.
    pub ignored: Vec<Ignored>,
    /// Non-empty cells that belong to a table: title, unit, head, data, notes.
    pub read: u64,
    /// Non-empty cells that were ignored; as many as `ignored` lists.
    pub ignored_count: u64,
    /// Cells with a format and nothing in them.
    pub empty: u64,
    /// What a person should know about the sheet.
    pub findings: Vec<Finding>,
    pub(crate) grid: Grid,
}

/// A cell that was not taken over, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ignored {
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0.
    pub column: u16,
    /// Why.
    pub reason: Why,
}

impl Ignored {
    /// The cell's A1 name.
    #[must_use]
    pub fn cell(&self) -> String {
        cell_name(self.row, u32::from(self.column))
    }
}

/// Why a cell was not taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// Nothing but blanks in it 只有空格.
    OnlyBlanks,
    /// The head once more, as after a page break 重复表头.
    RepeatedHead,
    /// Under a merged range, so that nobody sees it.
    UnderMerge,
    /// Text apart from every table.
    Apart,
    /// The example row of a template 示例行.
    Example,
    /// The hidden row of keys in a template.
    TemplateKeys,
    /// The column of findings 错误 that a returned workbook carries.
    ErrorColumn,
}

impl Why {
    /// Stable key; its text is `ignored.KEY` in `texts.toml`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::OnlyBlanks => "only_blanks",
            Self::RepeatedHead => "repeated_head",
            Self::UnderMerge => "under_merge",
            Self::Apart => "apart",
            Self::Example => "example",
            Self::TemplateKeys => "template_keys",
            Self::ErrorColumn => "error_column",
        }
    }
}

impl Sheet {
    /// The cell at a row and column, counted from 0.
    #[must_use]
    pub fn cell(&self, row: u32, column: u32) -> Cell<'_> {
        self.grid.cell(row, column)
    }
    /// All non-empty cells, in reading order.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        self.grid.cells()
    }
    /// The raw grid: merges, hidden rows and columns, comments.
    #[must_use]
    pub fn grid(&self) -> &Grid {
        &self.grid
    }
    /// True if read + ignored = non-empty: nothing was lost without a word.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        self.read + self.ignored_count == self.grid.len() as u64 && self.ignored_count == self.ignored.len() as u64
    }
    /// The sheet around a cell, as displayed: at most `rows` above and below, `columns` left and right.
    #[must_use]
    pub fn window(&self, row: u32, column: u32, rows: u32, columns: u32) -> Window {
        let range = Range::new(
            row.saturating_sub(rows),
            column.saturating_sub(columns),
            row.saturating_add(rows).min(1_048_575),
            column.saturating_add(columns).min(16_383),
        );
        let lines = (range.top..=range.bottom)
            .map(|r| (range.left..=range.right).map(|c| self.grid.cell(r, c).text().into_owned()).collect())
            .collect();
        let merges = self.grid.merges().iter().filter(|m| m.touches(&range)).copied().collect();
        Window { range, lines, merges }
    }
}

/// A part of a sheet as displayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Which part.
    pub range: Range,
    /// Row by row, the texts as displayed.
    pub lines: Vec<Vec<String>>,
    /// Merged ranges that touch it.
    pub merges: Vec<Range>,
}

/// One recognised table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Head, data and what stands between; without title and notes.
    pub range: Range,
    /// Lines above the head, joined.
    pub title: String,
    /// Lines above the head with their cells.
    pub lines: Vec<Line>,
    /// The unit that holds for every number without one of its own.
    pub unit: Option<DeclaredUnit>,
    /// The period that the title, the lines above or the sheet's name speak of.
    pub period: Option<Period>,
    /// Columns, left to right. Of a transposed table: its fields, top to bottom.
    pub head: Vec<Column>,
    /// Rows of the head, from and to; none if the table has no head.
    pub head_rows: Option<(u32, u32)>,
    /// Rows under the head, in order. Of a transposed table: its columns of data.
    pub rows: Vec<Row>,
    /// Lines under the table 注, 资料来源, 填表人.
    pub notes: Vec<Line>,
    /// True if fields run down and records across.
    pub transposed: bool,
    /// Index into `head` of the column of units 计量单位.
    pub unit_column: Option<usize>,
    /// Key of the template it was made from, if it is one of ours.
    pub template: Option<String>,
    /// What a person should know about it.
    pub findings: Vec<Finding>,
}

/// One line of text beside a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its cell.
    pub cell: String,
    /// Its text, blanks at the ends dropped.
    pub text: String,
}

/// A unit as declared, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct DeclaredUnit {
    /// As written: `万元`, `公噸`.
    pub text: String,
    /// The unit, if it is a known one.
    pub unit: Option<&'static Unit>,
    /// Where it is declared: a cell, or `sheet` for the sheet's name.
    pub place: String,
}

/// One column, or one field of a transposed table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Column of the sheet, from 0 (row, in a transposed table).
    pub index: u32,
    /// Letters of the column (number of the row, in a transposed table).
    pub letter: String,
    /// Head texts from the outermost in, blanks and line breaks mended: `["2024年", "产值"]`.
    pub path: Vec<String>,
    /// The innermost head text without its unit; the letter if there is none.
    pub label: String,
    /// The column's number or code in a row of its own: `(4)=(1)-(2)＋(3)`, `甲`, `01`.
    pub code: Option<String>,
    /// Its own unit, from its head.
    pub unit: Option<DeclaredUnit>,
    /// The period that its head names, completed by the table's year.
    pub period: Option<Period>,
    /// What it measures of that period.
    pub measure: Measure,
    /// Key of the field, where a template of ours says so.
    pub key: Option<String>,
    /// True if its values are shares written as fractions: 0.12 for 12 %.
    pub fraction: bool,
    /// True if its head is a placeholder left by a program, such as `Unnamed: 3`.
    pub placeholder: bool,
    /// True if the sheet hides it.
    pub hidden: bool,
}

impl Column {
    /// The whole head as one line: `2024年 / 产值`.
    #[must_use]
    pub fn heading(&self) -> String {
        if self.path.is_empty() { self.label.clone() } else { self.path.join(" / ") }
    }
}

/// What a column of numbers measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Measure {
    /// A value, nothing more said.
    #[default]
    Value,
    /// From January on 累计.
    Cumulative,
    /// Of the month alone 当月.
    CurrentMonth,
    /// Growth on the year before 同比, 增速.
    Growth,
    /// The same period of the year before 上年同期.
    Base,
    /// A target 目标, 任务数.
    Target,
    /// A share of a whole 占比.
    Share,
}

impl Measure {
    /// Stable key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Cumulative => "cumulative",
            Self::CurrentMonth => "current_month",
            Self::Growth => "growth",
            Self::Base => "base",
            Self::Target => "target",
            Self::Share => "share",
        }
    }
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowKind {
    /// A record.
    Data,
    /// Of the whole table 合计, 总计.
    Total,
    /// Of some rows 小计, 工业合计.
    Subtotal,
    /// A part that its parent row holds already 其中.
    OfWhich,
    /// A heading inside the table: text and no values.
    Section,
}

impl RowKind {
    /// Stable key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Total => "total",
            Self::Subtotal => "subtotal",
            Self::OfWhich => "of_which",
            Self::Section => "section",
        }
    }
}

/// One row of a table; its cells are asked from [`Table::cell`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Row of the sheet, from 0 (column, in a transposed table).
    pub index: u32,
    /// What it is.
    pub kind: RowKind,
    /// Depth in the hierarchy shown by indents, blanks or merged labels; 0 is the outermost.
    pub level: u8,
    /// True if the sheet hides it.
    pub hidden: bool,
}

impl Row {
    /// Number as Excel shows it, from 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.index + 1
    }
}

impl Table {
    /// Row and column of the sheet at which a record's field stands.
    #[must_use]
    pub fn position(&self, row: &Row, column: &Column) -> (u32, u32) {
        if self.transposed { (column.index, row.index) } else { (row.index, column.index) }
    }
    /// The cell of a record's field. Text that is merged downwards holds for
    /// every row it covers; a merged number stands in its first row alone, lest it be added up twice.
    #[must_use]
    pub fn cell<'a>(&self, sheet: &'a Sheet, row: &Row, column: &Column) -> Cell<'a> {
        let (r, c) = self.position(row, column);
        let own = sheet.grid.cell(r, c);
        if !own.is_empty() || sheet.grid.merges().is_empty() {
            return own;
        }
        let Some(merge) = sheet.grid.merge_at(r, c) else { return own };
        let along = if self.transposed { merge.height() == 1 } else { merge.width() == 1 };
        let anchor = sheet.grid.cell(merge.top, merge.left);
        let is_number = anchor.number().is_some();
        if along && !is_number && (merge.top, merge.left) != (r, c) { anchor } else { own }
    }
    /// Rows that are records: neither totals nor sections nor parts of others.
    pub fn records(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|r| r.kind == RowKind::Data)
    }
    /// The unit that holds for a column: its own, or the table's for a column of numbers.
    #[must_use]
    pub fn unit_of<'a>(&'a self, column: &'a Column) -> Option<&'a DeclaredUnit> {
        column.unit.as_ref().or(match column.measure {
            Measure::Growth | Measure::Share => None,
            _ => self.unit.as_ref(),
        })
    }
    /// The unit that holds for one cell: of its row's unit column, else of its column or table.
    #[must_use]
    pub fn unit_at(&self, sheet: &Sheet, row: &Row, column: &Column) -> Option<DeclaredUnit> {
        if matches!(column.measure, Measure::Growth | Measure::Share) {
            return column.unit.clone();
        }
        let own = self.unit_column.and_then(|i| self.head.get(i)).and_then(|c| {
            let (r, c) = self.position(row, c);
            let cell = sheet.grid.merged_cell(r, c);
            let (text, unit) = crate::looks::unit_text(&cell.text())?;
            Some(DeclaredUnit { text, unit, place: cell.at() })
        });
        own.or_else(|| self.unit_of(column).cloned())
    }
    /// The period that holds for a column: its own, or the table's.
    #[must_use]
    pub fn period_of(&self, column: &Column) -> Option<Period> {
        column.period.or(self.period)
    }
    /// True if most of a column's values are numbers, typed as such or as text.
    #[must_use]
    pub fn is_numeric(&self, sheet: &Sheet, column: &Column) -> bool {
        let look = crate::find::measure::column_look(&sheet.grid, self, column);
        look.numbers > look.texts
    }
    /// A stable text of the head by which the same form is known again, whatever its order of sheets,
    /// title, periods and blanks: sixteen hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        crate::mapping::fingerprint(self)
    }
    /// The column of that label.
    #[must_use]
    pub fn column(&self, label: &str) -> Option<&Column> {
        self.head.iter().find(|c| c.label == label)
    }
}

/// Counts by reason, for a page that does not list thousands of cells.
#[must_use]
pub fn count_by_reason(ignored: &[Ignored]) -> BTreeMap<Why, usize> {
    let mut counts = BTreeMap::new();
    for one in ignored {
        *counts.entry(one.reason).or_insert(0) += 1;
    }
    counts
}

pub(crate) fn letter_of(index: u32, transposed: bool) -> String {
    if transposed { (index + 1).to_string() } else { column_letters(index) }
}

pub(crate) fn place(sheet: &str, row: u32, column: u32) -> String {
    format!("{sheet}!{}", cell_name(row, column))
}
