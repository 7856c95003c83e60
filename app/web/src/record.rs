//! One record of any ledger: its form, create and change; template and export of the ledger.

use crate::cx::{Cx, PageResult};
use crate::imports::download;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use hub::{Act, View, ViewError};
use page::{Action, Field, FieldKind, Note, Opt, Page, Panel};
use record::{FieldSpec, Kind, Ledger, Query, Stored, Value};
use std::collections::BTreeMap;
use store::change::RecordChange;
use store::commit::Author;
use store::{ChangeSet, StoreError};
use tables::FieldKind as Asked;
use values::{Findings, Severity};

/// What a record form sends: field key → text.
pub type Typed = BTreeMap<String, String>;

/// `GET /ledgers/{ledger}/new`
pub async fn new(cx: Cx, Path(key): Path<String>) -> PageResult {
    cx.page(move |view| {
        let ledger = allowed(view, Act::Create, &key)?;
        form_page(view, ledger, None, &Typed::new(), &[])
    })
    .await
}

/// `GET /ledgers/{ledger}/{id}/edit`
pub async fn edit(cx: Cx, Path((key, id)): Path<(String, i64)>) -> PageResult {
    cx.page(move |view| {
        let ledger = allowed(view, Act::Update, &key)?;
        let stored = view.get(&key, id)?.ok_or_else(|| ViewError::Unknown(format!("{} {id}", ledger.label)))?;
        let typed = typed_of(view, ledger, &stored)?;
        form_page(view, ledger, Some(&stored), &typed, &[])
    })
    .await
}

fn allowed<'v>(view: &'v dyn View, act: Act, key: &str) -> Result<&'v Ledger, ViewError> {
    let ledger = view.ledger(key).ok_or_else(|| ViewError::Unknown(key.to_owned()))?;
    if view.may(act, key) { Ok(ledger) } else { Err(ViewError::Forbidden) }
}

/// A stored record as its form shows it.
fn typed_of(view: &dyn View, ledger: &Ledger, stored: &Stored) -> Result<Typed, ViewError> {
    let mut typed = Typed::new();
    for (field, value) in ledger.fields.iter().zip(&stored.row) {
        let text = match (field.kind, value) {
            (Kind::Choice, Value::Text(key)) => key.clone(),
            (Kind::Bool, Value::Int(i)) => i.to_string(),
            (Kind::Ref(other), Value::Int(id)) => match (view.ledger(other), view.get(other, *id)?) {
                (Some(l), Some(s)) => l.name_of(&s.row),
                _ => id.to_string(),
            },
            _ => field.show(value),
        };
        typed.insert(field.key.clone(), text);
    }
    Ok(typed)
}

/// Field key and what is wrong with it; an empty key is the whole form.
type Wrong = (String, String);

fn form_page(view: &dyn View, ledger: &Ledger, stored: Option<&Stored>, typed: &Typed, wrong: &[Wrong]) -> Result<Page, ViewError> {
    let (action, title) = match stored {
        Some(s) => (format!("/ledgers/{}/{}/edit", ledger.key, s.id), format!("修改{}", ledger.label)),
        None => (format!("/ledgers/{}", ledger.key), format!("新增{}", ledger.label)),
    };
    let mut form = page::Form::new("record", action, "保存");
    if let Some(s) = stored {
        form.hidden.push(("version".into(), s.version.to_string()));
    }
    for (_, error) in wrong.iter().filter(|(k, _)| k.is_empty()) {
        form.notes.push(Note::red(error.clone()));
    }
    for spec in &ledger.fields {
        let mut field = Field::new(spec.key.clone(), spec.label.clone(), kind(spec)).unit(spec.unit.clone()).help(spec.help.clone());
        field.required = spec.required;
        field.wide = spec.long;
        field.value = typed.get(&spec.key).cloned().unwrap_or_default();
        field.errors = wrong.iter().filter(|(k, _)| *k == spec.key).map(|(_, e)| e.clone()).collect();
        form = form.field(field);
    }
    form.others.push(Action::link("不保存，返回列表", format!("/ledgers/{}", ledger.key)));
    let mut page = Page::new(title, crate::menu::office_of(&ledger.key)).item(ledger.key.clone());
    page.height = page::Height::Flow;
    let _ = view;
    Ok(page.part(Panel::new(ledger.label.clone()).part(form)))
}

fn kind(spec: &FieldSpec) -> FieldKind {
    match spec.kind {
        Kind::Text if spec.long => FieldKind::LongText,
        Kind::Text | Kind::Ref(_) => FieldKind::Text,
        Kind::Int | Kind::Number(_) => FieldKind::Number,
        Kind::Money | Kind::Usd => FieldKind::Money,
        Kind::Date => FieldKind::Date,
        Kind::Period => FieldKind::Period,
        Kind::Code | Kind::CreditCode | Kind::Industry => FieldKind::Code,
        Kind::Choice => FieldKind::Choice(spec.options.iter().map(|(k, l)| Opt::new(k, l)).collect()),
        Kind::Bool => FieldKind::Choice(vec![Opt::new("1", "是"), Opt::new("0", "否")]),
    }
}

/// `POST /ledgers/{ledger}`
pub async fn create(cx: Cx, Path(key): Path<String>, Form(typed): Form<Typed>) -> PageResult {
    save(cx, key, None, typed).await
}

/// `POST /ledgers/{ledger}/{id}/edit`
pub async fn update(cx: Cx, Path((key, id)): Path<(String, i64)>, Form(typed): Form<Typed>) -> PageResult {
    save(cx, key, Some(id), typed).await
}

async fn save(cx: Cx, key: String, id: Option<i64>, typed: Typed) -> PageResult {
    cx.check_token(typed.get("csrf").map_or("", String::as_str))?;
    let act = if id.is_some() { Act::Update } else { Act::Create };
    let (own, sent) = (key.clone(), typed.clone());
    let (ledger, before, row, mut wrong, zone) = cx
        .run(move |view| {
            let ledger = allowed(view, act, &own)?.clone();
            let before = match id {
                Some(id) => Some(view.get(&own, id)?.ok_or_else(|| ViewError::Unknown(id.to_string()))?),
                None => None,
            };
            let (row, wrong) = read(view, &ledger, &sent, before.as_ref())?;
            Ok::<_, ViewError>((ledger, before, row, wrong, view.zone().key.clone()))
        })
        .await?;
    if wrong.is_empty()
        && let Some(check) = cx.app.core.checks.get(&key)
    {
        let mut found = Findings::default();
        check(&row, &mut found);
        let errors = found.iter().filter(|f| f.severity == Severity::Error);
        wrong.extend(errors.map(|f| (f.field.clone(), format!("{} {}", f.expected, f.remedy))));
    }
    if wrong.is_empty() {
        let seen = typed.get("version").and_then(|v| v.parse().ok()).unwrap_or(0);
        let change = RecordChange { ledger: key.clone(), id: id.unwrap_or(-1), seen, after: Some(row), source: -1 };
        let author = Author { who: cx.account.name.clone(), at: cx.app.core.clock.stamp(), batch: 0 };
        match cx.app.core.write(&zone, &author, &ChangeSet { records: vec![change], ..ChangeSet::default() }).await {
            Ok(done) => {
                let id = id.or_else(|| done.ids.get(&(key.clone(), -1)).copied()).unwrap_or(0);
                return Ok(Redirect::to(&format!("/ledgers/{key}?id={id}")).into_response());
            }
            Err(StoreError::Stale { .. }) => {
                let what = "您打开之后，别人已改动这条记录。您填的内容还在下面；请对照列表里的现值，改好后重新打开保存。".to_owned();
                wrong.push((String::new(), what));
            }
            Err(StoreError::Duplicate { key: field, .. }) => wrong.push((String::new(), format!("“{field}”已有相同的记录，没有保存。"))),
            Err(e) => return Err(e.into()),
        }
    }
    let page = cx.page(move |view| form_page(view, &ledger, before.as_ref(), &typed, &wrong)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The typed texts as a row; what is wrong comes beside it, by field.
fn read(view: &dyn View, ledger: &Ledger, typed: &Typed, before: Option<&Stored>) -> Result<(Vec<Value>, Vec<Wrong>), ViewError> {
    let mut wrong = Vec::new();
    let mut row = Vec::new();
    for (i, field) in ledger.fields.iter().enumerate() {
        let text = typed.get(&field.key).map_or("", |t| t.trim());
        let masked = field.personal && text.contains('＊');
        if masked {
            // What the visitor could not read stays as it was.
            row.push(before.map_or(Value::Null, |b| b.row[i].clone()));
            continue;
        }
        match one(view, field, text)? {
            Ok(Value::Null) if field.required => {
                wrong.push((field.key.clone(), "必填".into()));
                row.push(Value::Null);
            }
            Ok(value) => row.push(value),
            Err(why) => {
                wrong.push((field.key.clone(), why));
                row.push(Value::Null);
            }
        }
    }
    Ok((row, wrong))
}

fn one(view: &dyn View, field: &FieldSpec, text: &str) -> Result<Result<Value, String>, ViewError> {
    if text.is_empty() {
        return Ok(Ok(Value::Null));
    }
    if let Kind::Ref(other) = field.kind {
        return reference(view, other, text);
    }
    Ok(match field.kind {
        Kind::CreditCode => {
            let (code, findings) = values::credit_code::check(text, view.lang());
            code.map(|c| Value::Text(c.as_str().to_owned()))
                .ok_or_else(|| findings.first().map(|f| format!("{}{}", f.expected, f.remedy)).unwrap_or_default())
        }
        Kind::Industry if values::industry::Industries::china().find(text).is_none() => Err("不是 GB/T 4754—2017 的行业代码".into()),
        Kind::Date => match tables::parse::date::date_text(text) {
            Some(date) => Ok(Value::Text(date.to_string())),
            None => Err("不是日期，请填如 2025-08-31".into()),
        },
        Kind::Period => values::Period::parse(text).map(|p| Value::Int(p.code())).map_err(|e| e.to_string()),
        Kind::Bool => Ok(Value::Int(i64::from(text == "1"))),
        Kind::Int | Kind::Number(_) | Kind::Money | Kind::Usd => number(field, text),
        _ => Ok(Value::Text(text.to_owned())),
    })
}

fn number(field: &FieldSpec, text: &str) -> Result<Value, String> {
    let plain: String = text.chars().map(values::unit::half_width).filter(|c| !matches!(c, ',' | ' ')).collect();
    let value = values::Decimal::from_str_exact(&plain).map_err(|_| "不是数字".to_owned())?;
    let above = field.max.is_some_and(|m| value > values::Decimal::from(m));
    let below = field.min.is_some_and(|m| value < values::Decimal::from(m));
    if above || below {
        return Err(format!(
            "应在 {} 到 {} 之间",
            field.min.map_or("…".into(), |m| m.to_string()),
            field.max.map_or("…".into(), |m| m.to_string())
        ));
    }
    intake::fields::stored(field, &tables::parse::Value::Number(value)).ok_or_else(|| "太大，存不下".to_owned())
}

/// A record of another ledger, by number, outer key or name.
fn reference(view: &dyn View, other: &str, text: &str) -> Result<Result<Value, String>, ViewError> {
    let Some(ledger) = view.ledger(other) else { return Ok(Err("没有权限查看所指的台账".into())) };
    let mut fields: Vec<String> = ledger.unique().map(|(_, f)| f.key.clone()).into_iter().collect();
    fields.push(ledger.title.clone());
    for field in fields {
        let filter = record::Filter { field, op: record::Op::Eq, value: Value::Text(text.to_owned()) };
        let found = view.list(other, &Query { filters: vec![filter], limit: 2, ..Query::default() })?;
        match found.as_slice() {
            [one] => return Ok(Ok(Value::Int(one.id))),
            [] => {}
            _ => return Ok(Err(format!("{}里有多条“{text}”，请填代码", ledger.label))),
        }
    }
    Ok(Err(format!("{}里没有“{text}”", ledger.label)))
}

/// `GET /ledgers/{ledger}/template.xlsx`
pub async fn template(cx: Cx, Path(key): Path<String>) -> PageResult {
    let (name, bytes) = cx
        .run(move |view| {
            let ledger = allowed(view, Act::Import, &key)?;
            let fields = intake::fields::asked(ledger);
            let layout = layout(ledger, &fields, &[], "第一行示例不导入；带颜色的列必填");
            let book = tables::write::template(&layout).map_err(|e| ViewError::Store(e.to_string()))?;
            Ok::<_, ViewError>((format!("{}模板.xlsx", ledger.label), book))
        })
        .await?;
    Ok(download(&name, bytes))
}

/// `GET /ledgers/{ledger}/export.xlsx`: the whole list in the template's layout, harmless as formulas.
pub async fn export(cx: Cx, Path(key): Path<String>) -> PageResult {
    let (name, bytes) = cx
        .run(move |view| {
            let ledger = allowed(view, Act::Export, &key)?.clone();
            let book = workbook(view, &ledger)?;
            Ok::<_, ViewError>((format!("{}{}.xlsx", ledger.label, view.today()), book))
        })
        .await?;
    Ok(download(&name, bytes))
}

/// A ledger as a workbook, in the layout of its template: all rows that the visitor may see.
///
/// # Errors
/// The store's answer.
pub fn workbook(view: &dyn View, ledger: &Ledger) -> Result<Vec<u8>, ViewError> {
    let fields = intake::fields::asked(ledger);
    let rows = rows(view, ledger, &fields)?;
    tables::write::list(&layout(ledger, &fields, &rows, "")).map_err(|e| ViewError::Store(e.to_string()))
}

type Cells = Vec<Option<tables::parse::Value>>;

fn layout<'a>(ledger: &'a Ledger, fields: &'a [tables::FieldSpec], rows: &'a [Cells], note: &'a str) -> tables::write::Layout<'a> {
    tables::write::Layout { key: &ledger.key, title: &ledger.label, note, sheet: &ledger.label, fields, rows, fixed: &[] }
}

/// All rows that the visitor may see, as cells of the asked fields.
fn rows(view: &dyn View, ledger: &Ledger, fields: &[tables::FieldSpec]) -> Result<Vec<Cells>, ViewError> {
    let mut all = Vec::new();
    let mut query = Query { limit: 2_000, ..Query::default() };
    let mut names: BTreeMap<i64, (Option<String>, Option<String>)> = BTreeMap::new();
    loop {
        let page = view.list(&ledger.key, &query)?;
        for stored in &page {
            let mut cells = Vec::with_capacity(fields.len());
            for asked in fields {
                cells.push(cell(view, ledger, stored, asked, &mut names)?);
            }
            all.push(cells);
        }
        match page.last() {
            Some(last) if page.len() == 2_000 => query.after = Some((Value::Null, last.id)),
            _ => return Ok(all),
        }
    }
}

fn cell(
    view: &dyn View,
    ledger: &Ledger,
    stored: &Stored,
    asked: &tables::FieldSpec,
    names: &mut BTreeMap<i64, (Option<String>, Option<String>)>,
) -> Result<Option<tables::parse::Value>, ViewError> {
    let base = asked.key.trim_end_matches(intake::fields::BY_CODE);
    let Some((i, field)) = ledger.field(base) else { return Ok(None) };
    let (Kind::Ref(other), Some(id)) = (field.kind, stored.row[i].int()) else { return Ok(intake::fields::written(field, &stored.row[i])) };
    if other != "enterprise" {
        return Ok(Some(tables::parse::Value::Text(id.to_string())));
    }
    if let std::collections::btree_map::Entry::Vacant(slot) = names.entry(id) {
        let found = view.get(other, id)?;
        let text = |key: &str| {
            let (at, _) = view.ledger(other)?.field(key)?;
            found.as_ref()?.row[at].text().map(str::to_owned)
        };
        slot.insert((text("credit_code"), text("name")));
    }
    let (code, name) = names.get(&id).cloned().unwrap_or_default();
    let text = if matches!(asked.kind, Asked::CreditCode) { code } else { name };
    Ok(text.map(tables::parse::Value::Text))
}
