//! From a figure's handle to the rows, files and cells that it came from.

use crate::ZoneView;
use crate::access::sees_individuals;
use hub::{Origin, Seen, View, ViewError, Window};
use metrics::lineage::{Leaf, Line};
use metrics::{Handle, Query};
use std::collections::HashMap;
use store::batch::Batch;
use store::fact::unpack_cell;
use tables::Limits;
use values::place::cell_name;
use values::{Period, Place};

/// The rows behind a handle, biggest first; at most `limit` of them, and how many there are.
///
/// # Errors
/// No right, an unknown handle, or the store's answer.
pub fn origins(view: &ZoneView, handle: &str, limit: usize) -> Seen<(Vec<Origin>, usize)> {
    let unknown = || ViewError::Unknown(handle.to_owned());
    let parsed = Handle::parse(handle).ok_or_else(unknown)?;
    let facts = &view.resident().facts;
    let query = facts.query_of(&parsed).ok_or_else(unknown)?;
    if !sees_individuals(view.visitor()) && !is_own(view, &parsed.subject) {
        return Err(ViewError::Forbidden);
    }
    let mut lines = facts.lineage(&Query { source: query.source, ..query });
    lines.sort_by_key(|l| std::cmp::Reverse(l.adds.abs()));
    let total = lines.len();
    let mut files = Files::default();
    let rows = lines.iter().take(limit).map(|line| origin(view, line, &mut files)).collect::<Seen<Vec<_>>>()?;
    Ok((rows, total))
}

fn is_own(view: &ZoneView, subject: &str) -> bool {
    let own = view.visitor().enterprise.map(|id| format!("enterprise:{id}"));
    own.as_deref() == Some(subject) || subject.starts_with("peer:")
}

/// Batches and workbooks that were opened for one answer.
#[derive(Default)]
struct Files {
    batches: HashMap<i64, Option<Batch>>,
    books: HashMap<String, Option<tables::Workbook>>,
}

impl Files {
    fn batch(&mut self, view: &ZoneView, number: i64) -> Seen<Option<Batch>> {
        if let Some(held) = self.batches.get(&number) {
            return Ok(held.clone());
        }
        let found = if number > 0 { view.wait(view.core.store.batch(&view.zone().key, number))? } else { None };
        self.batches.insert(number, found.clone());
        Ok(found)
    }

    fn text(&mut self, view: &ZoneView, sha: &str, sheet: u32, row: u32, column: u32) -> Seen<String> {
        if !self.books.contains_key(sha) {
            let kept = view.wait(view.core.store.file(&view.zone().key, sha))?;
            let book = kept.and_then(|(info, bytes)| tables::read(&bytes, &info.name, &Limits::default()).ok());
            self.books.insert(sha.to_owned(), book);
        }
        let book = self.books.get(sha).and_then(Option::as_ref);
        let sheet = book.and_then(|b| b.sheets.get(sheet as usize));
        Ok(sheet.map(|s| s.cell(row, column).text().into_owned()).unwrap_or_default())
    }
}

fn origin(view: &ZoneView, line: &Line, files: &mut Files) -> Seen<Origin> {
    let facts = &view.resident().facts;
    let metrics = &view.catalogue().metrics;
    let period = line.period.or_else(|| Period::from_code(0)).unwrap_or_else(|| facts_period(view));
    let metric = metrics.at(&line.metric, period.last());
    let mut origin = Origin {
        subject: line.subject.and_then(|n| facts.ground().subjects.find(n)).map_or_else(|| view.zone().label.clone(), |s| s.name.clone()),
        subject_key: facts.subject_key(line.subject),
        metric: line.metric.clone(),
        period,
        value: metric.and_then(|m| m.decimal(line.adds)),
        unit: metric.map(|m| m.is.unit.clone()).unwrap_or_default(),
        file: String::new(),
        sha256: String::new(),
        sheet: String::new(),
        cell: String::new(),
        raw: String::new(),
        place: Place::Computed.to_string(),
        batch: 0,
        status: "final".into(),
    };
    match &line.leaf {
        Leaf::Fact(key) => fact(view, *key, &mut origin, files)?,
        Leaf::Record(ledger, id) => record(view, ledger, *id, &mut origin, files)?,
    }
    Ok(origin)
}

fn facts_period(view: &ZoneView) -> Period {
    view.latest().or_else(|| Period::year(2000)).expect("the year 2000 is a period")
}

fn fact(view: &ZoneView, key: metrics::FactKey, origin: &mut Origin, files: &mut Files) -> Seen<()> {
    let versions = view.wait(view.core.store.fact_versions(&view.zone().key, key))?;
    let seq = view.seq();
    let held = versions.iter().find(|(f, until)| f.seq <= seq && until.is_none_or(|u| u > seq)).or(versions.last());
    let Some((fact, _)) = held else { return Ok(()) };
    origin.status = values::fact::key(values::fact::STATUSES, fact.status).to_owned();
    origin.place = Place::Entry(fact.seq).to_string();
    let (Some(batch), Some((sheet, row, column))) = (files.batch(view, fact.batch)?, unpack_cell(fact.cell)) else { return Ok(()) };
    cell(view, &batch, (sheet, row, column), origin, files)
}

fn record(view: &ZoneView, ledger: &str, id: i64, origin: &mut Origin, files: &mut Files) -> Seen<()> {
    let Some(known) = view.ledger(ledger).cloned() else { return Ok(()) };
    let Some(stored) = view.get(ledger, id)? else { return Ok(()) };
    origin.place = Place::Entry(stored.version).to_string();
    let Some(batch) = files.batch(view, stored.batch)? else { return Ok(()) };
    let (sheet, row) = (u32::try_from(stored.source >> 32).unwrap_or(0), u32::try_from(stored.source & 0xffff_ffff).unwrap_or(0));
    // The cell of the field that names the record, else the first column that was taken.
    let column = batch.column(sheet, &known.title).or_else(|| batch.column(sheet, "enterprise.code")).unwrap_or(0);
    if origin.subject_key == "zone" {
        origin.subject = known.name_of(&stored.row);
    }
    cell(view, &batch, (sheet, row, column), origin, files)
}

fn cell(view: &ZoneView, batch: &Batch, (sheet, row, column): (u32, u32, u32), origin: &mut Origin, files: &mut Files) -> Seen<()> {
    let sha = batch.sha256.clone().unwrap_or_default();
    origin.batch = batch.batch;
    origin.file = batch.file.clone().unwrap_or_default();
    origin.sheet = batch.sheet(sheet);
    origin.cell = cell_name(row, column);
    origin.raw = files.text(view, &sha, sheet, row, column)?;
    let short: String = sha.chars().take(16).collect();
    origin.place = Place::File { sha: short, sheet: origin.sheet.clone(), cell: origin.cell.clone() }.to_string();
    origin.sha256 = sha;
    Ok(())
}

/// Rows and columns shown on each side of a cell.
const AROUND: (u32, u32) = (4, 4);

/// The sheet around the cell that a row came from; `None` if it came from no file.
///
/// # Errors
/// The store's answer.
pub fn window(view: &ZoneView, origin: &Origin) -> Seen<Option<Window>> {
    let Some((row, column)) = values::place::parse_cell(&origin.cell).filter(|_| !origin.sha256.is_empty()) else { return Ok(None) };
    let Some((info, bytes)) = view.wait(view.core.store.file(&view.zone().key, &origin.sha256))? else { return Ok(None) };
    let Ok(book) = tables::read(&bytes, &info.name, &Limits::default()) else { return Ok(None) };
    let Some(sheet) = book.sheet(&origin.sheet) else { return Ok(None) };
    let around = sheet.window(row, column, AROUND.0, AROUND.1);
    Ok(Some(Window {
        first_row: around.range.top,
        first_column: around.range.left,
        hit: (row, column),
        lines: around.lines,
        tabs: book.sheets.iter().map(|s| s.name.clone()).collect(),
        uploaded: (crate::core::beijing_text(&info.at), info.who),
        intact: store::file::sha256(&bytes) == origin.sha256,
    }))
}
