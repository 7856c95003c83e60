//! Into a ledger: each row becomes a record, known again by its outer or natural key.

use crate::fields::{self, BY_CODE};
use crate::staged::Staged;
use crate::who::Register;
use crate::{IntakeError, Request};
use record::{Kind, Ledger, Stored, Value};
use std::collections::HashMap;
use std::sync::Arc;
use store::change::RecordChange;
use tables::mapping::{self, Remembered};
use tables::parse::{self, Context, Value as Read};
use tables::{FieldSpec as Asked, Row, Sheet, Table, Workbook};
use values::place::cell_name;
use values::{Finding, Findings, Severity, credit_code};
use view::Core;

/// One row as read, before it is held against the store.
struct Draft {
    sheet: usize,
    row: u32,
    place: String,
    read: HashMap<String, (Read, String)>,
    findings: Vec<Finding>,
}

/// A column below this is not taken over by itself.
pub(crate) const TAKEN: f64 = 0.6;

pub(crate) async fn stage(core: &Arc<Core>, request: &Request, book: &Workbook, key: &str, staged: &mut Staged) -> Result<(), IntakeError> {
    let ledger = core.ledgers.get(key).ok_or_else(|| IntakeError::NoLedger(key.to_owned()))?;
    let asked = fields::asked(ledger);
    let mut drafts = Vec::new();
    for (number, sheet) in book.sheets.iter().enumerate() {
        for table in &sheet.tables {
            read_table(ledger, &asked, number, sheet, table, staged, &mut drafts);
        }
    }
    if drafts.is_empty() && !staged.has_error() {
        staged.findings.push(Finding::error("import.no_table").expected(&ledger.label));
    }
    let register = register(core, request, &drafts).await?;
    let rows = records(core, ledger, &register, drafts);
    hold_against(core, request, ledger, rows, staged).await
}

fn read_table(ledger: &Ledger, asked: &[Asked], number: usize, sheet: &Sheet, table: &Table, staged: &mut Staged, drafts: &mut Vec<Draft>) {
    let columns = taken(sheet, table, asked);
    let has = |key: &str| columns.iter().any(|(_, f)| f.key == key || f.key == format!("{key}{BY_CODE}"));
    let missing: Vec<_> = ledger.fields.iter().filter(|f| f.required && !has(&f.key)).collect();
    if columns.len() < 2 && !missing.is_empty() {
        return; // another table, not a bad one of ours: listed as ignored by whoever reads it
    }
    let place = format!("{}!{}", sheet.name, cell_name(table.range.top, table.range.left));
    for field in &missing {
        staged.findings.push(Finding::error("import.missing_column").at(&place).field(&field.label));
    }
    for (i, column) in table.head.iter().enumerate() {
        match columns.iter().find(|(c, _)| *c == i) {
            Some((_, field)) => staged.mapped(number, &field.key, column.index),
            None => {
                let place = format!("{}!{}", sheet.name, column.letter);
                staged.unmapped.push(format!("{place} {}", column.heading()));
                staged.findings.push(Finding::note("import.column_not_used").at(place).found(column.heading()));
            }
        }
    }
    if missing.is_empty() {
        drafts.extend(table.records().map(|row| draft(ledger, number, sheet, table, row, &columns)));
    }
}

/// Columns that are taken over: position in the head and the field.
pub(crate) fn taken<'a>(sheet: &Sheet, table: &Table, asked: &'a [Asked]) -> Vec<(usize, &'a Asked)> {
    mapping::propose(sheet, table, asked, &Remembered::new())
        .into_iter()
        .filter(|p| p.score >= TAKEN)
        .filter_map(|p| asked.iter().find(|f| Some(&f.key) == p.field.as_ref()).map(|f| (p.column, f)))
        .collect()
}

fn draft(ledger: &Ledger, number: usize, sheet: &Sheet, table: &Table, row: &Row, columns: &[(usize, &Asked)]) -> Draft {
    let mut draft = Draft {
        sheet: number,
        row: row.index,
        place: format!("{}!{}", sheet.name, row.number()),
        read: HashMap::new(),
        findings: Vec::new(),
    };
    for (i, field) in columns {
        let column = &table.head[*i];
        let cell = table.cell(sheet, row, column);
        let context = Context { sheet: &sheet.name, unit: table.unit_of(column), year: table.period.map(values::Period::first_year) };
        let parsed = parse::parse(&cell, field, &context);
        let label = ledger.field(&field.key).map_or(field.label.as_str(), |(_, f)| f.label.as_str());
        draft.findings.extend(parsed.findings.into_iter().map(|f| f.field(label)));
        if let Some(value) = parsed.value {
            draft.read.insert(field.key.clone(), (value, format!("{}!{}", sheet.name, cell.at())));
        }
    }
    draft
}

async fn register(core: &Arc<Core>, request: &Request, drafts: &[Draft]) -> Result<Register, IntakeError> {
    let Some(enterprises) = core.ledgers.get("enterprise") else { return Ok(Register::default()) };
    let texts = |suffix: bool| -> Vec<String> {
        drafts
            .iter()
            .flat_map(|d| &d.read)
            .filter(|(key, _)| key.ends_with(BY_CODE) == suffix)
            .filter_map(|(_, (value, _))| match value {
                Read::Text(t) => Some(t.clone()),
                _ => None,
            })
            .collect()
    };
    // A reference column may hold codes as well as names.
    let mut codes = texts(true);
    codes.extend(texts(false).into_iter().filter(|t| t.len() == 18));
    Ok(Register::read(&core.store, &request.zone, enterprises, &codes, &texts(false)).await?)
}

struct Ready {
    draft: Draft,
    row: Vec<Value>,
}

fn records(core: &Arc<Core>, ledger: &Ledger, register: &Register, drafts: Vec<Draft>) -> Vec<Ready> {
    drafts
        .into_iter()
        .map(|mut draft| {
            let mut row = Vec::with_capacity(ledger.fields.len());
            for field in &ledger.fields {
                let value = match field.kind {
                    Kind::Ref("enterprise") => refer(&mut draft, field, register),
                    _ => draft.read.get(&field.key).and_then(|(v, _)| fields::stored(field, v)).unwrap_or_default(),
                };
                row.push(value);
            }
            check(core, ledger, &mut draft, &mut row);
            Ready { draft, row }
        })
        .collect()
}

fn refer(draft: &mut Draft, field: &record::FieldSpec, register: &Register) -> Value {
    let text = |key: &str| match draft.read.get(key) {
        Some((Read::Text(t), place)) => Some((t.clone(), place.clone())),
        _ => None,
    };
    let (code, name) = (text(&format!("{}{BY_CODE}", field.key)), text(&field.key));
    // A column of codes under the name's head is a code all the same.
    let (code, name) = match (code, name) {
        (None, Some(n)) if n.0.len() == 18 && n.0.is_ascii() => (Some(n), None),
        other => other,
    };
    if code.is_none() && name.is_none() {
        if field.required && draft.findings.iter().all(|f| f.severity != Severity::Error) {
            draft.findings.push(Finding::error("tables.required").at(&draft.place).field(&field.label));
        }
        return Value::Null;
    }
    let place = code.as_ref().or(name.as_ref()).map(|(_, p)| p.clone()).unwrap_or_default();
    match register.find(code.as_ref().map(|c| c.0.as_str()), name.as_ref().map(|n| n.0.as_str())) {
        Ok(known) => Value::Int(known.id),
        Err(finding) => {
            draft.findings.push(finding.at(place));
            Value::Null
        }
    }
}

/// Codes, the ledger's own rules, whatever a reader cannot know.
fn check(core: &Arc<Core>, ledger: &Ledger, draft: &mut Draft, row: &mut [Value]) {
    for (field, value) in ledger.fields.iter().zip(row.iter_mut()) {
        let Value::Text(text) = &*value else { continue };
        let place = draft.read.get(&field.key).map_or(draft.place.clone(), |(_, p)| p.clone());
        match field.kind {
            Kind::CreditCode => {
                let (code, findings) = credit_code::check(text, values::Lang::Zh);
                draft.findings.extend(findings.into_iter().map(|f| f.at(&place).field(&field.label)));
                *value = code.map_or(Value::Null, |c| Value::Text(c.as_str().to_owned()));
            }
            Kind::Industry if values::industry::Industries::china().find(text).is_none() => {
                draft.findings.push(Finding::error("import.industry_unknown").at(&place).field(&field.label).found(text));
            }
            _ if ledger.key == "target" && field.key == "metric" => match core.definitions.metrics.find(text) {
                Some(key) => *value = Value::Text(key.to_owned()),
                None => draft.findings.push(Finding::error("import.target_unknown").at(&place).field(&field.label).found(text)),
            },
            _ => {}
        }
    }
    let clean = draft.findings.iter().all(|f| f.severity != Severity::Error);
    if let (true, Some(check)) = (clean, core.checks.get(&ledger.key)) {
        let mut found = Findings::default();
        check(row, &mut found);
        for finding in found.0 {
            let (label, place) = match ledger.field(&finding.field) {
                Some((_, f)) => (f.label.clone(), draft.read.get(&f.key).map_or(draft.place.clone(), |(_, p)| p.clone())),
                None => (finding.field.clone(), draft.place.clone()),
            };
            draft.findings.push(finding.at(place).field(label));
        }
    }
}

async fn hold_against(
    core: &Arc<Core>,
    request: &Request,
    ledger: &Ledger,
    rows: Vec<Ready>,
    staged: &mut Staged,
) -> Result<(), IntakeError> {
    let keys = ledger.key_fields();
    let standing = standing(core, request, ledger, &keys, &rows).await?;
    let mut seen: HashMap<Vec<Value>, String> = HashMap::new();
    for mut ready in rows {
        let key: Vec<Value> = keys.iter().map(|i| ready.row[*i].clone()).collect();
        let clean = ready.draft.findings.iter().all(|f| f.severity != Severity::Error);
        if clean && !key.is_empty() {
            if let Some(first) = seen.get(&key) {
                let name = ledger.name_of(&ready.row);
                ready.draft.findings.push(Finding::error("import.duplicate_row").at(&ready.draft.place).expected(first).found(name));
            } else {
                seen.insert(key.clone(), ready.draft.place.clone());
            }
        }
        one(ledger, ready, standing.get(&key), staged);
    }
    Ok(())
}

async fn standing(
    core: &Arc<Core>,
    request: &Request,
    ledger: &Ledger,
    keys: &[usize],
    rows: &[Ready],
) -> Result<HashMap<Vec<Value>, Stored>, IntakeError> {
    let Some(first) = keys.first() else { return Ok(HashMap::new()) };
    let values: Vec<Value> = rows.iter().map(|r| r.row[*first].clone()).collect();
    let found = core.store.find_in(&request.zone, ledger, &ledger.fields[*first].key, &values).await?;
    Ok(found.into_iter().map(|s| (keys.iter().map(|i| s.row[*i].clone()).collect(), s)).collect())
}

fn one(ledger: &Ledger, ready: Ready, standing: Option<&Stored>, staged: &mut Staged) {
    let rejected = ready.draft.findings.iter().any(|f| f.severity == Severity::Error);
    staged.findings.0.extend(ready.draft.findings);
    let sheet = u32::try_from(ready.draft.sheet).unwrap_or(u32::MAX);
    if rejected {
        staged.counts.rejected += 1;
        staged.rejected.push((sheet, ready.draft.row));
        return;
    }
    let source = (i64::from(sheet) << 32) | i64::from(ready.draft.row);
    let Some(before) = standing else {
        let id = -i64::try_from(staged.records.len()).unwrap_or(0) - 1;
        staged.counts.new += 1;
        staged.records.push(RecordChange { ledger: ledger.key.clone(), id, seen: 0, after: Some(ready.row), source });
        return;
    };
    // A column that the sheet does not have leaves the field as it was.
    let row: Vec<Value> =
        ready.row.iter().zip(&before.row).map(|(new, old)| if new.is_null() { old.clone() } else { new.clone() }).collect();
    if row == before.row {
        staged.counts.same += 1;
        return;
    }
    staged.counts.changed += 1;
    for ((field, new), old) in ledger.fields.iter().zip(&row).zip(&before.row).filter(|((_, n), o)| n != o) {
        let place = ready.draft.read.get(&field.key).map_or(ready.draft.place.clone(), |(_, p)| p.clone());
        staged.changed(place, &field.label, field.show(old), field.show(new));
    }
    staged.records.push(RecordChange { ledger: ledger.key.clone(), id: before.id, seen: before.version, after: Some(row), source });
}
