//! The grid 网格: the non-empty cells of one sheet, sixteen bytes each.
//!
//! A file of 3,000,000 cells must fit in 150 MB, so texts are kept once in an
//! arena, numbers as whole number and digits after the point, and blank cells
//! not at all: a row that is only formatted is only counted.

use crate::format::{Format, Formats};
use crate::range::Range;
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use values::Date;
use values::place::cell_name;

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CellValue<'a> {
    /// Nothing, or nothing but a format.
    Empty,
    /// Text as typed, blanks and line breaks included.
    Text(&'a str),
    /// A number, exact.
    Number(Decimal),
    /// A calendar day.
    Date(Date),
    /// A day with a time of day.
    DateTime(jiff::civil::DateTime),
    /// A time of day or a duration, in seconds.
    Time(i64),
    /// Yes or no.
    Bool(bool),
    /// An error, as `#DIV/0!`.
    Error(CellError),
}

/// Errors that stand in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CellError {
    /// `#DIV/0!`
    Div0,
    /// `#N/A`
    NotAvailable,
    /// `#NAME?`
    Name,
    /// `#NULL!`
    Null,
    /// `#NUM!`
    Num,
    /// `#REF!`
    Ref,
    /// `#VALUE!`
    Value,
    /// Any other, such as `#SPILL!`.
    Other,
    /// A formula whose value was never stored: written by a program that does not calculate.
    Uncached,
    /// A number beyond 28 digits.
    TooLarge,
}

const ERRORS: [(CellError, &str); 10] = [
    (CellError::Div0, "#DIV/0!"),
    (CellError::NotAvailable, "#N/A"),
    (CellError::Name, "#NAME?"),
    (CellError::Null, "#NULL!"),
    (CellError::Num, "#NUM!"),
    (CellError::Ref, "#REF!"),
    (CellError::Value, "#VALUE!"),
    (CellError::Other, "#ERROR!"),
    (CellError::Uncached, ""),
    (CellError::TooLarge, "#######"),
];

impl CellError {
    /// As Excel shows it; empty for [`CellError::Uncached`].
    #[must_use]
    pub fn shown(self) -> &'static str {
        ERRORS[self as usize].1
    }
    /// Reads what Excel shows; [`CellError::Other`] for any unknown.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        ERRORS.iter().find(|(_, t)| !t.is_empty() && *t == text).map_or(Self::Other, |(e, _)| *e)
    }
    fn from_index(index: u64) -> Self {
        usize::try_from(index).ok().and_then(|i| ERRORS.get(i)).map_or(Self::Other, |(e, _)| *e)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Text,
    Number,
    /// A number too long for 64 bits; the bits of a double.
    Float,
    Bool,
    Error,
}

/// One non-empty cell: sixteen bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot {
    pub bits: u64,
    pub column: u16,
    pub style: u16,
    pub kind: Kind,
    /// Digits after the point of a number.
    pub scale: u8,
    pub formula: bool,
}

impl Slot {
    pub(crate) fn number(column: u16, style: u16, mantissa: i64, scale: u8) -> Self {
        Self { bits: mantissa.cast_unsigned(), column, style, kind: Kind::Number, scale, formula: false }
    }
    pub(crate) fn text(column: u16, style: u16, index: u32) -> Self {
        Self { bits: u64::from(index), column, style, kind: Kind::Text, scale: 0, formula: false }
    }
    pub(crate) fn error(column: u16, style: u16, error: CellError) -> Self {
        Self { bits: error as u64, column, style, kind: Kind::Error, scale: 0, formula: false }
    }
    pub(crate) fn boolean(column: u16, style: u16, yes: bool) -> Self {
        Self { bits: u64::from(yes), column, style, kind: Kind::Bool, scale: 0, formula: false }
    }
    /// A double as the nearest decimal that reads back as the same double.
    pub(crate) fn double(column: u16, style: u16, value: f64) -> Self {
        if !value.is_finite() {
            return Self::error(column, style, CellError::Num);
        }
        match crate::number::from_double(value) {
            Some((mantissa, scale)) => Self::number(column, style, mantissa, scale),
            None => Self { bits: value.to_bits(), column, style, kind: Kind::Float, scale: 0, formula: false },
        }
    }
}

/// How a cell looks, as far as its meaning depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Style {
    /// Index into the workbook's number formats.
    pub(crate) format: u16,
    /// Struck through 删除线.
    pub strike: bool,
    /// Bold.
    pub bold: bool,
    /// Indent 缩进, in steps.
    pub indent: u8,
}

/// What all sheets of a workbook share: texts, styles, number formats.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub texts: Arena,
    pub styles: Vec<Style>,
    pub formats: Formats,
    pub date1904: bool,
}

/// Texts end to end.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    buffer: String,
    ends: Vec<u32>,
}

impl Arena {
    pub(crate) fn get(&self, index: u32) -> &str {
        let i = index as usize;
        let Some(end) = self.ends.get(i) else { return "" };
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        self.buffer.get(start as usize..*end as usize).unwrap_or("")
    }
    /// Index of the text just added; `None` beyond 4 GB.
    pub(crate) fn push(&mut self, text: &str) -> Option<u32> {
        self.buffer.push_str(text);
        self.close()
    }
    /// The text being built: append to it, then [`Arena::close`].
    pub(crate) fn open(&mut self) -> &mut String {
        &mut self.buffer
    }
    pub(crate) fn close(&mut self) -> Option<u32> {
        let index = u32::try_from(self.ends.len()).ok()?;
        self.ends.push(u32::try_from(self.buffer.len()).ok()?);
        Some(index)
    }
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
    pub(crate) fn shrink(&mut self) {
        self.buffer.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct GridRow {
    pub number: u32,
    pub start: u32,
    pub hidden: bool,
}

/// The non-empty cells of one sheet, in reading order.
#[derive(Debug, Default)]
pub struct Grid {
    pub(crate) shared: Arc<Shared>,
    pub(crate) rows: Vec<GridRow>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) merges: Merges,
    /// Closed ranges of hidden columns.
    pub(crate) hidden_columns: Vec<(u32, u32)>,
    pub(crate) comments: BTreeMap<(u32, u32), String>,
    /// Cells with a format and nothing in them.
    pub(crate) blanks: u64,
}

/// Merged ranges 合并单元格, found by cell.
#[derive(Debug, Default)]
pub(crate) struct Merges {
    pub all: Vec<Range>,
    by_row: HashMap<u32, Vec<u32>>,
    tall: Vec<u32>,
}

/// Merges taller than this are looked through one by one instead of being noted on each row.
const TALL: u32 = 4_096;

impl Merges {
    pub(crate) fn new(all: Vec<Range>) -> Self {
        let mut merges = Self { all, ..Self::default() };
        for (i, range) in merges.all.iter().enumerate() {
            let i = u32::try_from(i).unwrap_or(u32::MAX);
            if range.height() > TALL {
                merges.tall.push(i);
            } else {
                for row in range.top..=range.bottom {
                    merges.by_row.entry(row).or_default().push(i);
                }
            }
        }
        merges
    }
    /// Merged ranges that reach over a row.
    pub(crate) fn on_row(&self, row: u32) -> impl Iterator<Item = &Range> {
        let tall = self.tall.iter().filter_map(move |i| self.all.get(*i as usize)).filter(move |r| (r.top..=r.bottom).contains(&row));
        self.by_row.get(&row).into_iter().flatten().filter_map(|i| self.all.get(*i as usize)).chain(tall)
    }
    pub(crate) fn at(&self, row: u32, column: u32) -> Option<&Range> {
        if self.all.is_empty() {
            return None;
        }
        let here = self.by_row.get(&row).into_iter().flatten().chain(&self.tall);
        here.filter_map(|i| self.all.get(*i as usize)).find(|r| r.contains(row, column))
    }
}

/// One cell of a grid, empty ones included.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'a> {
    grid: &'a Grid,
    slot: Option<&'a Slot>,
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0.
    pub column: u32,
}

impl<'a> Cell<'a> {
    pub(crate) fn slot(&self) -> Option<&'a Slot> {
        self.slot
    }
    /// A1 name.
    #[must_use]
    pub fn at(&self) -> String {
        cell_name(self.row, self.column)
    }
    /// True if nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slot.is_none()
    }
    /// What it holds.
    #[must_use]
    pub fn value(&self) -> CellValue<'a> {
        let Some(slot) = self.slot else { return CellValue::Empty };
        match slot.kind {
            Kind::Text => CellValue::Text(self.grid.shared.texts.get(u32::try_from(slot.bits).unwrap_or(u32::MAX))),
            Kind::Number => {
                let number = Decimal::new(slot.bits.cast_signed(), u32::from(slot.scale));
                match self.format() {
                    Some(format) if format.is_moment() => moment(number, format, self.grid.shared.date1904),
                    _ => CellValue::Number(number),
                }
            }
            Kind::Float => {
                let double = f64::from_bits(slot.bits);
                match Decimal::try_from(double) {
                    Ok(number) => CellValue::Number(number),
                    Err(_) => CellValue::Error(CellError::TooLarge),
                }
            }
            Kind::Bool => CellValue::Bool(slot.bits != 0),
            Kind::Error => CellValue::Error(CellError::from_index(slot.bits)),
        }
    }
    /// The stored number, whatever its format makes of it.
    #[must_use]
    pub fn number(&self) -> Option<Decimal> {
        let slot = self.slot.filter(|s| s.kind == Kind::Number)?;
        Some(Decimal::new(slot.bits.cast_signed(), u32::from(slot.scale)))
    }
    /// As displayed: the text, or the number through its number format.
    #[must_use]
    pub fn text(&self) -> Cow<'a, str> {
        match self.value() {
            CellValue::Empty => Cow::Borrowed(""),
            CellValue::Text(text) => Cow::Borrowed(text),
            CellValue::Number(number) => match self.format() {
                Some(format) => Cow::Owned(format.show(number)),
                None => Cow::Owned(number.normalize().to_string()),
            },
            CellValue::Date(date) => Cow::Owned(date.to_string()),
            CellValue::DateTime(moment) => Cow::Owned(moment.to_string().replace('T', " ")),
            CellValue::Time(s) => Cow::Owned(format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)),
            CellValue::Bool(yes) => Cow::Borrowed(if yes { "TRUE" } else { "FALSE" }),
            CellValue::Error(error) => Cow::Borrowed(error.shown()),
        }
    }
    /// The number without its format, or the text: what stands in the file.
    #[must_use]
    pub fn raw(&self) -> Cow<'a, str> {
        match self.number() {
            Some(number) => Cow::Owned(number.normalize().to_string()),
            None => self.text(),
        }
    }
    /// True if a formula computes it.
    #[must_use]
    pub fn is_formula(&self) -> bool {
        self.slot.is_some_and(|s| s.formula)
    }
    /// True if it is struck through 删除线.
    #[must_use]
    pub fn is_struck(&self) -> bool {
        self.style().strike
    }
    /// The note 批注 that somebody attached to it.
    #[must_use]
    pub fn comment(&self) -> Option<&'a str> {
        self.grid.comments.get(&(self.row, self.column)).map(String::as_str)
    }
    /// How it looks.
    #[must_use]
    pub fn style(&self) -> Style {
        let style = self.slot.map_or(0, |s| s.style);
        self.grid.shared.styles.get(usize::from(style)).copied().unwrap_or_default()
    }
    /// Its number format, none for General.
    #[must_use]
    pub fn format(&self) -> Option<&'a Format> {
        self.grid.shared.formats.get(self.style().format)
    }
}

/// A serial number of days as a moment. Serial 60 of the 1900 system is the day
/// that never was (1900-02-29); Excel counts it, so days before it are one later.
fn moment(serial: Decimal, format: &Format, date1904: bool) -> CellValue<'static> {
    use rust_decimal::prelude::ToPrimitive;
    let (days, seconds) = if serial.scale() == 0 {
        (i64::try_from(serial.mantissa()).unwrap_or(i64::MAX), 0)
    } else {
        let days = serial.floor();
        let seconds = ((serial - days) * Decimal::from(86_400)).round().to_i64().unwrap_or(0);
        let Some(days) = days.to_i64() else { return CellValue::Number(serial) };
        (days, seconds)
    };
    if format.is_time_only() || (days == 0 && seconds > 0) {
        return CellValue::Time(days.saturating_mul(86_400).saturating_add(seconds));
    }
    let Some(date) = date_of_serial(days, date1904) else { return CellValue::Number(serial) };
    match seconds {
        0 => CellValue::Date(date),
        86_400 => date.tomorrow().map_or(CellValue::Number(serial), CellValue::Date),
        s => {
            let s = i32::try_from(s).unwrap_or(0);
            let part = |n: i32| i8::try_from(n).unwrap_or(0);
            CellValue::DateTime(date.at(part(s / 3600), part(s / 60 % 60), part(s % 60), 0))
        }
    }
}

/// The day of a serial number. None outside 1900–9999 and for the day that never was.
#[must_use]
pub(crate) fn date_of_serial(days: i64, date1904: bool) -> Option<Date> {
    if !((1..=2_958_465).contains(&days) || date1904 && days == 0) {
        return None;
    }
    // Days from 0000-03-01 to 1904-01-01, 1899-12-31 and 1899-12-30.
    let since = match (date1904, days) {
        (true, d) => d + 695_361,
        (false, 60) => return None,
        (false, d) if d < 60 => d + 693_900,
        (false, d) => d + 693_899,
    };
    civil(since)
}

/// The day so many days after 0000-03-01, by eras of 400 years (146,097 days).
fn civil(since: i64) -> Option<Date> {
    let (era, day_of_era) = (since.div_euclid(146_097), since.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

impl Grid {
    /// The cell at a row and column, counted from 0.
    #[must_use]
    pub fn cell(&self, row: u32, column: u32) -> Cell<'_> {
        let slot = self.row_slots(row).and_then(|slots| {
            let column = u16::try_from(column).ok()?;
            slots.binary_search_by_key(&column, |s| s.column).ok().map(|i| &slots[i])
        });
        Cell { grid: self, slot, row, column }
    }
    /// The cell, or the top-left cell of the merged range that covers it.
    #[must_use]
    pub fn merged_cell(&self, row: u32, column: u32) -> Cell<'_> {
        match self.merges.at(row, column) {
            Some(range) => self.cell(range.top, range.left),
            None => self.cell(row, column),
        }
    }
    /// The merged range over a cell.
    #[must_use]
    pub fn merge_at(&self, row: u32, column: u32) -> Option<Range> {
        self.merges.at(row, column).copied()
    }
    /// One row, for asking several of its cells.
    #[must_use]
    pub fn row_view(&self, row: u32) -> RowView<'_> {
        RowView { grid: self, row, slots: self.row_slots(row).unwrap_or(&[]) }
    }
    /// All merged ranges.
    #[must_use]
    pub fn merges(&self) -> &[Range] {
        &self.merges.all
    }
    /// The non-empty cells of the sheet's rows, in reading order.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        (0..self.rows.len()).flat_map(move |i| self.cells_of(i))
    }
    /// The non-empty cells of one row, left to right.
    pub fn row(&self, row: u32) -> impl Iterator<Item = Cell<'_>> {
        let slots = self.row_slots(row).unwrap_or(&[]);
        slots.iter().map(move |slot| Cell { grid: self, slot: Some(slot), row, column: u32::from(slot.column) })
    }
    /// Number of non-empty cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }
    /// True if no cell holds anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
    /// The smallest range around all non-empty cells.
    #[must_use]
    pub fn extent(&self) -> Option<Range> {
        let (first, last) = (self.rows.first()?, self.rows.last()?);
        let left = self.slots.iter().map(|s| s.column).min()?;
        let right = self.slots.iter().map(|s| s.column).max()?;
        Some(Range::new(first.number, u32::from(left), last.number, u32::from(right)))
    }
    /// True if the row is hidden.
    #[must_use]
    pub fn is_row_hidden(&self, row: u32) -> bool {
        self.row_index(row).is_some_and(|i| self.rows[i].hidden)
    }
    /// True if the column is hidden.
    #[must_use]
    pub fn is_column_hidden(&self, column: u32) -> bool {
        self.hidden_columns.iter().any(|(a, b)| (*a..=*b).contains(&column))
    }
    pub(crate) fn row_index(&self, row: u32) -> Option<usize> {
        self.rows.binary_search_by_key(&row, |r| r.number).ok()
    }
    /// Positions in `slots` of the cells of the row at `index`.
    pub(crate) fn span(&self, index: usize) -> std::ops::Range<usize> {
        let end = self.rows.get(index + 1).map_or(self.slots.len(), |r| r.start as usize);
        self.rows.get(index).map_or(0..0, |r| r.start as usize..end)
    }
    pub(crate) fn cells_of(&self, index: usize) -> impl Iterator<Item = Cell<'_>> {
        let row = self.rows.get(index).map_or(0, |r| r.number);
        self.slots[self.span(index)].iter().map(move |slot| Cell { grid: self, slot: Some(slot), row, column: u32::from(slot.column) })
    }
    fn row_slots(&self, row: u32) -> Option<&[Slot]> {
        self.row_index(row).map(|i| &self.slots[self.span(i)])
    }
}

/// One row of a grid, found once.
#[derive(Debug, Clone, Copy)]
pub struct RowView<'a> {
    grid: &'a Grid,
    row: u32,
    slots: &'a [Slot],
}

impl<'a> RowView<'a> {
    /// The row's cell in a column.
    #[must_use]
    pub fn cell(&self, column: u32) -> Cell<'a> {
        // In a full row the cell stands at its own number.
        let straight = self.slots.get(column as usize).filter(|s| u32::from(s.column) == column);
        let slot = straight.or_else(|| {
            let wanted = u16::try_from(column).ok()?;
            self.slots.binary_search_by_key(&wanted, |s| s.column).ok().map(|i| &self.slots[i])
        });
        Cell { grid: self.grid, slot, row: self.row, column }
    }
}

/// Collects the cells of one sheet; rows and cells may come in any order.
#[derive(Debug, Default)]
pub(crate) struct GridBuilder {
    pub grid: Grid,
    pub merges: Vec<Range>,
    sorted: bool,
    last_column: Option<u16>,
}

impl GridBuilder {
    pub(crate) fn new() -> Self {
        Self { sorted: true, ..Self::default() }
    }
    pub(crate) fn start_row(&mut self, number: u32, hidden: bool) {
        self.drop_empty_row();
        if self.grid.rows.last().is_some_and(|r| r.number >= number) {
            self.sorted = false;
        }
        let start = u32::try_from(self.grid.slots.len()).unwrap_or(u32::MAX);
        self.grid.rows.push(GridRow { number, start, hidden });
        self.last_column = None;
    }
    pub(crate) fn push(&mut self, slot: Slot) {
        // A cell outside every row, in a damaged file, still has to be accounted for.
        if self.grid.rows.is_empty() {
            self.start_row(0, false);
        }
        if self.last_column.is_some_and(|c| c >= slot.column) {
            self.sorted = false;
        }
        self.last_column = Some(slot.column);
        self.grid.slots.push(slot);
    }
    pub(crate) fn blank(&mut self) {
        self.grid.blanks += 1;
    }
    pub(crate) fn rows(&self) -> usize {
        self.grid.rows.len()
    }
    pub(crate) fn cells(&self) -> usize {
        self.grid.slots.len()
    }
    fn drop_empty_row(&mut self) {
        if self.grid.rows.last().is_some_and(|r| r.start as usize == self.grid.slots.len()) {
            self.grid.rows.pop();
        }
    }
    pub(crate) fn finish(mut self, shared: Arc<Shared>) -> Grid {
        self.drop_empty_row();
        if !self.sorted {
            self.sort();
        }
        self.grid.merges = Merges::new(self.merges);
        self.grid.shared = shared;
        self.grid.rows.shrink_to_fit();
        self.grid.slots.shrink_to_fit();
        self.grid
    }
    /// Puts rows and cells in order; of two cells at one place the later wins, as in Excel.
    fn sort(&mut self) {
        let mut cells: Vec<(u32, bool, Slot)> = Vec::with_capacity(self.grid.slots.len());
        for (i, row) in self.grid.rows.iter().enumerate() {
            cells.extend(self.grid.slots[self.grid.span(i)].iter().map(|s| (row.number, row.hidden, *s)));
        }
        cells.sort_by_key(|(row, _, slot)| (*row, slot.column));
        self.grid.rows.clear();
        self.grid.slots.clear();
        for (row, hidden, slot) in cells {
            let new_row = self.grid.rows.last().is_none_or(|r| r.number != row);
            if new_row {
                let start = u32::try_from(self.grid.slots.len()).unwrap_or(u32::MAX);
                self.grid.rows.push(GridRow { number: row, start, hidden });
            } else if let Some(last) = self.grid.slots.last_mut().filter(|l| l.column == slot.column) {
                *last = slot;
                continue;
            }
            self.grid.slots.push(slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_takes_sixteen_bytes() {
        assert_eq!(std::mem::size_of::<Slot>(), 16);
    }

    #[test]
    fn cells_out_of_order_are_put_in_order() {
        let mut b = GridBuilder::new();
        b.start_row(3, false);
        b.push(Slot::number(2, 0, 32, 0));
        b.push(Slot::number(1, 0, 31, 0));
        b.start_row(1, false);
        b.push(Slot::number(0, 0, 10, 0));
        b.start_row(7, false);
        let grid = b.finish(Arc::default());
        let seen: Vec<String> = grid.cells().map(|c| format!("{}={}", c.at(), c.text())).collect();
        assert_eq!(seen, ["A2=10", "B4=31", "C4=32"]);
        assert_eq!(grid.extent(), Some(Range::new(1, 0, 3, 2)));
    }

    #[test]
    fn serials_know_the_day_that_never_was() {
        let day = |s, m| date_of_serial(s, m).map(|d| d.to_string());
        assert_eq!(day(1, false).as_deref(), Some("1900-01-01"));
        assert_eq!(day(59, false).as_deref(), Some("1900-02-28"));
        assert_eq!(day(60, false), None);
        assert_eq!(day(61, false).as_deref(), Some("1900-03-01"));
        assert_eq!(day(45_717, false).as_deref(), Some("2025-03-01"));
        assert_eq!(day(44_255, true).as_deref(), Some("2025-03-01"));
        assert_eq!(day(9_999_999, false), None);
        let epoch = jiff::civil::date(1899, 12, 30);
        for serial in (61..2_958_465).step_by(97) {
            let expected = epoch.checked_add(jiff::Span::new().days(serial)).expect("a day");
            assert_eq!(date_of_serial(serial, false), Some(expected));
        }
    }
}
