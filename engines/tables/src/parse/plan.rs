//! A plan 取值方案: a table's columns bound to fields once, then row after row.

use super::{Context, Known, Parsed, Value, parse_known};
use crate::field::FieldSpec;
use crate::grid::Cell;
use crate::mapping::Proposed;
use crate::table::{Column, DeclaredUnit, Row, Sheet, Table};
use values::Finding;

/// Columns bound to fields; see [`Plan::row`].
#[derive(Debug)]
pub struct Plan<'a> {
    sheet: &'a Sheet,
    table: &'a Table,
    fields: &'a [FieldSpec],
    /// For each field its column and the unit declared over it.
    bound: Vec<Option<Bound<'a>>>,
    year: Option<i32>,
}

#[derive(Debug)]
struct Bound<'a> {
    column: &'a Column,
    unit: Option<DeclaredUnit>,
    /// True if each row may say its own unit.
    by_row: bool,
    known: Known,
}

/// The values of one row in the order of the fields, and what was found.
#[derive(Debug, Default)]
pub struct RowValues {
    /// A value for each field; none where blank, unreadable or without a column.
    pub values: Vec<Option<Value>>,
    /// Errors, warnings, notes of the row's cells.
    pub findings: Vec<Finding>,
}

impl<'a> Plan<'a> {
    /// Binds the fields of a confirmed mapping to the table's columns.
    #[must_use]
    pub fn new(sheet: &'a Sheet, table: &'a Table, fields: &'a [FieldSpec], mapped: &[Proposed]) -> Self {
        let bind = |field: &FieldSpec| {
            let column = mapped.iter().find(|p| p.field.as_deref() == Some(field.key.as_str())).and_then(|p| table.head.get(p.column))?;
            Some(Bound { column, unit: table.unit_of(column).cloned(), by_row: table.unit_column.is_some(), known: Known::of(field) })
        };
        let bound = fields.iter().map(bind).collect();
        Self { sheet, table, fields, bound, year: table.period.map(|p| p.last_year()) }
    }
    /// Fields that have no column, each an error if required and a note if not.
    #[must_use]
    pub fn missing(&self) -> Vec<Finding> {
        let without = self.fields.iter().zip(&self.bound).filter(|(_, b)| b.is_none());
        without
            .map(|(field, _)| {
                let found = if field.required { Finding::error("tables.missing_column") } else { Finding::note("tables.missing_column") };
                found.at(format!("{}!{}", self.sheet.name, self.table.range)).field(&field.key).expected(field.heading())
            })
            .collect()
    }
    /// Columns that no field was bound to: listed, and kept with the source.
    #[must_use]
    pub fn unmapped(&self) -> Vec<&'a Column> {
        let is_bound = |c: &Column| self.bound.iter().flatten().any(|b| b.column.index == c.index);
        self.table.head.iter().filter(|c| !is_bound(c)).collect()
    }
    /// Reads one row.
    #[must_use]
    pub fn row(&self, row: &Row) -> RowValues {
        let mut out = RowValues { values: Vec::with_capacity(self.fields.len()), findings: Vec::new() };
        let cells = if self.table.transposed { None } else { Some(self.sheet.grid.row_view(row.index)) };
        for (field, bound) in self.fields.iter().zip(&self.bound) {
            let Some(bound) = bound else {
                out.values.push(None);
                continue;
            };
            let mut cell: Cell<'_> = match &cells {
                Some(view) => view.cell(bound.column.index),
                None => self.table.cell(self.sheet, row, bound.column),
            };
            if cell.is_empty() {
                cell = self.table.cell(self.sheet, row, bound.column);
            }
            let own = if bound.by_row { self.table.unit_at(self.sheet, row, bound.column) } else { None };
            let cx = Context { sheet: &self.sheet.name, unit: own.as_ref().or(bound.unit.as_ref()), year: self.year };
            let Parsed { value, mut findings } = parse_known(&cell, field, bound.known, &cx);
            out.findings.append(&mut findings);
            out.values.push(value);
        }
        out
    }
}
