//! Any ledger: list with filters, drawer with the record; an interpreter over its schema.
//!
//! The pages are functions of a View and the address; nothing here knows one ledger.

use crate::cx::{Cx, PageResult};
use axum::extract::{Path, Query as Ask};
use hub::{Act, Seen, View, ViewError};
use page::{
    Action, Cell, Column, Count, Drawer, Empty, Field, FieldKind, Filters, Held, Line, Link, Opt, Page, Pager, Row, Table, Toolbar, Voice,
};
use record::{FieldSpec, Filter, Kind, Ledger, Op, Query, Stored, Value};
use std::collections::BTreeMap;
use values::{Decimal, Place};

/// Address parameters of a list.
pub type Params = BTreeMap<String, String>;

const ROWS: i64 = 50;

/// `GET /ledgers/{ledger}`
pub async fn list(cx: Cx, Path(ledger): Path<String>, Ask(params): Ask<Params>) -> PageResult {
    cx.page(move |view| list_page(view, &ledger, &params)).await
}

/// The list page of a ledger, with the drawer of record `id` open if the address says so.
///
/// # Errors
/// No right, no such ledger, or the store's answer.
pub fn list_page(view: &dyn View, key: &str, params: &Params) -> Seen<Page> {
    let ledger = view
        .ledger(key)
        .ok_or_else(|| if view.ledgers().is_empty() { ViewError::Forbidden } else { ViewError::Unknown(key.to_owned()) })?;
    let filters = read_filters(ledger, params);
    let query = read_query(ledger, params, &filters);
    let mut rows = view.list(key, &query)?;
    let backwards = params.contains_key("before");
    let more = i64::try_from(rows.len()).unwrap_or(0) > ROWS;
    rows.truncate(usize::try_from(ROWS).unwrap_or(50));
    if backwards {
        rows.reverse();
    }
    let total = view.count(key, &filters)?;
    let names = names(view, ledger, &rows)?;
    let open = params.get("id").and_then(|id| id.parse::<i64>().ok());
    let mut list = vec![filter_bar(ledger, params).into(), page::Part::Toolbar(toolbar(view, ledger))];
    if rows.is_empty() {
        list.push(nothing(ledger, params).into());
    } else {
        list.push(table(ledger, &rows, &names, params, open).into());
    }
    list.push(pager(ledger, params, &query, &rows, (more, backwards), total).into());
    let mut drawer = Drawer { list, close: address(&ledger.key, params, &[("id", "")]), ..Drawer::default() };
    if let Some(id) = open
        && let Some(stored) = view.get(key, id)?
    {
        fill_drawer(view, ledger, &stored, &rows, params, &mut drawer)?;
    }
    let office = crate::menu::office_of(key);
    let mut page = Page::new(ledger.label.clone(), office).item(key);
    page.head = page::Head::Hidden;
    page.parts.push(page::Part::Drawer(Box::new(drawer)));
    Ok(page)
}

fn read_filters(ledger: &Ledger, params: &Params) -> Vec<Filter> {
    let mut filters = Vec::new();
    for field in ledger.declared().filter(|f| !f.personal) {
        let Some(text) = params.get(&format!("f.{}", field.key)).map(|t| t.trim()).filter(|t| !t.is_empty()) else { continue };
        let (op, value) = match field.kind {
            Kind::Text => (Op::Contains, Value::Text(text.to_owned())),
            Kind::Choice | Kind::Date => (Op::Eq, Value::Text(text.to_owned())),
            Kind::Code | Kind::CreditCode | Kind::Industry => (Op::Begins, Value::Text(text.to_uppercase())),
            Kind::Period => match values::Period::parse(text) {
                Ok(p) => (Op::Eq, Value::Int(p.code())),
                Err(_) => continue,
            },
            Kind::Bool => (Op::Eq, Value::Int(i64::from(text == "1"))),
            _ => match text.parse() {
                Ok(i) => (Op::Eq, Value::Int(i)),
                Err(_) => continue,
            },
        };
        filters.push(Filter { field: field.key.clone(), op, value });
    }
    filters
}

fn read_query(ledger: &Ledger, params: &Params, filters: &[Filter]) -> Query {
    let sort = params.get("sort").filter(|s| ledger.field(s).is_some_and(|(_, f)| !f.personal && !f.custom)).cloned();
    let backwards = params.contains_key("before");
    let mark = params.get("before").or_else(|| params.get("after"));
    let after = mark.and_then(|m| m.rsplit_once('~')).and_then(|(value, id)| {
        let is_int = sort.as_deref().and_then(|s| ledger.field(s)).is_some_and(|(_, f)| f.is_int());
        let value = match (value, is_int) {
            ("", _) => Value::Null,
            (v, true) => Value::Int(v.parse().ok()?),
            (v, false) => Value::Text(v.to_owned()),
        };
        Some((value, id.parse().ok()?))
    });
    let descending = params.get("order").is_some_and(|o| o == "desc") != backwards;
    Query { filters: filters.to_vec(), sort, descending, after, limit: ROWS + 1 }
}

/// The list's address with some parameters changed; an empty value drops one.
fn address(ledger: &str, params: &Params, changes: &[(&str, &str)]) -> String {
    let mut kept: BTreeMap<&str, &str> = params.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    for (key, value) in changes {
        kept.insert(key, value);
    }
    let query: Vec<String> = kept
        .iter()
        .filter(|(_, v)| !v.is_empty())
        .map(|(k, v)| format!("{}={}", page::number::escape_path(k), page::number::escape_path(v)))
        .collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/ledgers/{ledger}{mark}{}", query.join("&"))
}

fn filter_bar(ledger: &Ledger, params: &Params) -> Filters {
    let mut fields: Vec<Field> = Vec::new();
    for spec in ledger.declared().filter(|f| !f.personal && !f.long) {
        let kind = match spec.kind {
            Kind::Text => FieldKind::Text,
            Kind::Choice => FieldKind::Choice(spec.options.iter().map(|(k, l)| Opt::new(k, l)).collect()),
            Kind::Code | Kind::CreditCode | Kind::Industry => FieldKind::Code,
            Kind::Period => FieldKind::Period,
            Kind::Bool => FieldKind::Choice(vec![Opt::new("1", "是"), Opt::new("0", "否")]),
            _ => continue,
        };
        let key = format!("f.{}", spec.key);
        let value = params.get(&key).cloned().unwrap_or_default();
        fields.push(Field::new(key, spec.label.clone(), kind).value(value));
    }
    let more = fields.split_off(fields.len().min(4));
    let hidden = ["sort", "order"].iter().filter_map(|k| params.get(*k).map(|v| ((*k).to_owned(), v.clone()))).collect();
    Filters { action: format!("/ledgers/{}", ledger.key), fields, more, hidden }
}

fn toolbar(view: &dyn View, ledger: &Ledger) -> Toolbar {
    let mut bar = Toolbar::default();
    let key = &ledger.key;
    if view.may(Act::Create, key) {
        bar.left.push(Action::link("新增", format!("/ledgers/{key}/new")).primary());
    }
    if view.may(Act::Import, key) {
        bar.left.push(Action::link("导入", format!("/imports/new?ledger={key}")));
        bar.left.push(Action::link("模板下载", format!("/ledgers/{key}/template.xlsx")));
    }
    if view.may(Act::Export, key) {
        bar.left.push(Action::link("导出", format!("/ledgers/{key}/export.xlsx")));
    }
    bar
}

fn nothing(ledger: &Ledger, params: &Params) -> Empty {
    let filtered = params.keys().any(|k| k.starts_with("f."));
    let line = if filtered {
        "没有符合条件的记录。可以放宽条件再查。"
    } else {
        "还没有记录。可以新增，或用模板导入。"
    };
    let actions = if filtered { vec![Action::link("清除条件", format!("/ledgers/{}", ledger.key))] } else { Vec::new() };
    Empty { title: format!("没有{}记录", ledger.label), line: line.into(), actions, small: false }
}

/// Names of the records that the rows refer to: (ledger, id) → name.
fn names(view: &dyn View, ledger: &Ledger, rows: &[Stored]) -> Seen<BTreeMap<(String, i64), String>> {
    let mut names = BTreeMap::new();
    for (i, field) in ledger.fields.iter().enumerate() {
        let Kind::Ref(other) = field.kind else { continue };
        let Some(other_ledger) = view.ledger(other) else { continue };
        for id in rows.iter().filter_map(|r| r.row[i].int()) {
            if let std::collections::btree_map::Entry::Vacant(slot) = names.entry((other.to_owned(), id)) {
                let name = view.get(other, id)?.map(|s| other_ledger.name_of(&s.row));
                slot.insert(name.unwrap_or_else(|| format!("#{id}")));
            }
        }
    }
    for (i, _) in ledger.fields.iter().enumerate().filter(|(_, f)| NAMED.contains(&f.key.as_str())) {
        for code in rows.iter().filter_map(|r| r.row[i].text()) {
            names.insert((code.to_owned(), 0), name_of_code(view, code)?);
        }
    }
    Ok(names)
}

type Names = BTreeMap<(String, i64), String>;

/// Fields that hold a code of a metric, a form or a way of filing.
const NAMED: &[&str] = &["metric", "form", "items", "filers", "filed_by"];

/// The name of a code, or of each code in a list of them.
fn name_of_code(view: &dyn View, code: &str) -> Seen<String> {
    let label = |key: &str| view.definitions().versions(key).last().map(|m| m.is.label.get(view.lang()).to_owned());
    if code == "as_filed" {
        return Ok("代录".into());
    }
    let keys: Vec<&str> = code.split_whitespace().collect();
    if let Some(labels) = keys.iter().map(|k| label(k)).collect::<Option<Vec<String>>>().filter(|l| !l.is_empty()) {
        return Ok(labels.join("、"));
    }
    let filter = Filter { field: "code".into(), op: Op::Eq, value: Value::Text(code.to_owned()) };
    let found = match view.ledger("form") {
        Some(form) => {
            let query = Query { filters: vec![filter], limit: 1, ..Query::default() };
            view.list("form", &query)?.first().map(|s| form.name_of(&s.row))
        }
        None => None,
    };
    Ok(found.unwrap_or_else(|| code.to_owned()))
}

/// A value as people read it; codes of metrics and forms by their names, kept in `names` under the code and 0.
fn shown(names: &Names, field: &FieldSpec, value: &Value) -> String {
    let text = field.show(value);
    match names.get(&(text.clone(), 0)) {
        Some(name) if NAMED.contains(&field.key.as_str()) => name.clone(),
        _ => text,
    }
}

fn table(ledger: &Ledger, rows: &[Stored], names: &Names, params: &Params, open: Option<i64>) -> Table {
    // Columns that no row of the page fills in are left to the drawer; beside an open drawer there is room for five.
    let filled = |i: usize| rows.iter().any(|r| !r.row[i].is_null());
    let room = if open.is_some() { 5 } else { 9 };
    let shown: Vec<(usize, &FieldSpec)> =
        ledger.fields.iter().enumerate().filter(|(i, f)| !f.long && !f.personal && (f.required || filled(*i))).take(room).collect();
    let sorted = params.get("sort").map(String::as_str);
    let descending = params.get("order").is_some_and(|o| o == "desc");
    let columns = shown
        .iter()
        .map(|(_, f)| {
            let mut column = if is_number(f) { Column::numbers(f.label.clone(), f.unit.clone()) } else { Column::words(f.label.clone()) };
            let now = sorted == Some(f.key.as_str());
            let order = if now && !descending { "desc" } else { "" };
            let href = address(&ledger.key, params, &[("sort", &f.key), ("order", order), ("after", ""), ("before", "")]);
            column = column.key(f.key.clone()).sort(href, now.then_some(descending));
            if matches!(f.kind, Kind::Date | Kind::Period | Kind::CreditCode | Kind::Choice) {
                column = column.nowrap();
            }
            if f.key == ledger.title { column.names_row() } else { column }
        })
        .collect();
    let mut table = Table::new(ledger.label.clone(), columns);
    for stored in rows {
        let id = stored.id.to_string();
        let href = address(&ledger.key, params, &[("id", &id)]);
        let cells = shown.iter().map(|(i, f)| cell(ledger, f, &stored.row[*i], names, &href, stored)).collect();
        table = table.row(Row::new(cells).on_if(open == Some(stored.id)));
    }
    table
}

fn is_number(field: &FieldSpec) -> bool {
    matches!(field.kind, Kind::Int | Kind::Number(_) | Kind::Money | Kind::Usd)
}

fn cell(ledger: &Ledger, field: &FieldSpec, value: &Value, names: &Names, href: &str, stored: &Stored) -> Cell {
    if value.is_null() {
        return Cell::Nothing;
    }
    if let (Kind::Ref(other), Some(id)) = (field.kind, value.int()) {
        let name = names.get(&(other.to_owned(), id)).cloned().unwrap_or_else(|| format!("#{id}"));
        let to = if ledger.title == field.key { href.to_owned() } else { format!("/ledgers/{other}?id={id}") };
        return Cell::link(name, to);
    }
    if is_number(field) {
        return Cell::Held(held(field, value, href, stored));
    }
    let text = shown(names, field, value);
    if field.key == ledger.title { Cell::link(text, href) } else { Cell::text(text) }
}

fn held(field: &FieldSpec, value: &Value, href: &str, stored: &Stored) -> Held {
    let shown = field.show(value);
    let decimal: Decimal = shown.parse().unwrap_or_default();
    let place =
        if stored.batch > 0 { Place::Feed { name: "batch".into(), item: stored.batch.to_string() } } else { Place::Entry(stored.version) };
    Held { value: decimal, digits: decimal.scale(), unit: field.unit.clone(), place, href: href.to_owned() }
}

fn pager(ledger: &Ledger, params: &Params, query: &Query, rows: &[Stored], (more, backwards): (bool, bool), total: i64) -> Pager {
    let mark = |stored: &Stored| {
        let value = query.sort.as_deref().and_then(|s| ledger.field(s)).map(|(i, _)| &stored.row[i]);
        let text = match value {
            Some(Value::Int(i)) => i.to_string(),
            Some(Value::Text(t)) => t.clone(),
            _ => String::new(),
        };
        format!("{text}~{}", stored.id)
    };
    let has_next = if backwards { true } else { more };
    let has_previous = if backwards { more } else { params.contains_key("after") };
    let next = rows.last().filter(|_| has_next).map(|s| address(&ledger.key, params, &[("after", &mark(s)), ("before", "")]));
    let previous = rows.first().filter(|_| has_previous).map(|s| address(&ledger.key, params, &[("before", &mark(s)), ("after", "")]));
    Pager {
        total: Count::new(total, address(&ledger.key, params, &[("after", ""), ("before", "")])).unit("条"),
        previous,
        next,
        ..Pager::default()
    }
}

fn fill_drawer(view: &dyn View, ledger: &Ledger, stored: &Stored, rows: &[Stored], params: &Params, drawer: &mut Drawer) -> Seen<()> {
    let names = names(view, ledger, std::slice::from_ref(stored))?;
    let id = stored.id.to_string();
    drawer.title = title_of(ledger, stored, &names);
    let tab = params.get("tab").map_or("all", String::as_str);
    drawer.tabs = [("all", "概况"), ("history", "变更记录")]
        .into_iter()
        .map(|(key, label)| Link::new(label, address(&ledger.key, params, &[("id", &id), ("tab", key)])).current_if(tab == key))
        .collect();
    let at = rows.iter().position(|r| r.id == stored.id);
    let neighbour = |i: Option<usize>| i.and_then(|i| rows.get(i)).map(|r| address(&ledger.key, params, &[("id", &r.id.to_string())]));
    drawer.previous = neighbour(at.and_then(|i| i.checked_sub(1)));
    drawer.next = neighbour(at.map(|i| i + 1));
    if tab == "history" {
        drawer.parts.push(page::Part::Timeline(history(view, ledger, stored)?));
        return Ok(());
    }
    let values = ledger
        .fields
        .iter()
        .zip(&stored.row)
        .filter(|(_, v)| !v.is_null())
        .map(|(f, v)| (f.label.clone(), value_line(f, v, &names)))
        .collect();
    drawer.parts.push(page::Part::KeyValues(values));
    drawer.parts.push(page::Part::Text(origin(ledger, stored)));
    if view.may(Act::Update, &ledger.key) {
        let bar = Toolbar { left: vec![Action::link("修改", format!("/ledgers/{}/{id}/edit", ledger.key))], ..Toolbar::default() };
        drawer.parts.push(page::Part::Toolbar(bar));
    }
    Ok(())
}

fn title_of(ledger: &Ledger, stored: &Stored, names: &Names) -> String {
    let Some((i, field)) = ledger.field(&ledger.title) else { return format!("#{}", stored.id) };
    match (field.kind, stored.row[i].int()) {
        (Kind::Ref(other), Some(id)) => names.get(&(other.to_owned(), id)).cloned().unwrap_or_default(),
        _ => shown(names, field, &stored.row[i]),
    }
}

fn value_line(field: &FieldSpec, value: &Value, names: &Names) -> Line {
    if let (Kind::Ref(other), Some(id)) = (field.kind, value.int()) {
        let name = names.get(&(other.to_owned(), id)).cloned().unwrap_or_else(|| format!("#{id}"));
        return Line::new().link(name, format!("/ledgers/{other}?id={id}"));
    }
    let text = shown(names, field, value);
    if field.unit.is_empty() { text.into() } else { Line::new().text(text).say(Voice::Unit, format!(" {}", field.unit)) }
}

/// Where the record came from, in one line.
fn origin(ledger: &Ledger, stored: &Stored) -> Line {
    if stored.batch == 0 {
        return Line::new().say(Voice::Remark, format!("页面录入，第 {} 版", stored.version));
    }
    let row = (stored.source & 0xffff_ffff) + 1;
    Line::new()
        .say(Voice::Remark, "来自 ")
        .link(format!("第 {} 批导入，第 {row} 行", stored.batch), format!("/imports/{}?ledger={}&row={row}", stored.batch, ledger.key))
}

fn history(view: &dyn View, ledger: &Ledger, stored: &Stored) -> Seen<Vec<page::TimelineItem>> {
    let changes = view.history(&ledger.key, stored.id)?;
    Ok(changes
        .iter()
        .map(|c| {
            let parse = |t: &Option<String>| t.as_deref().and_then(|t| serde_json::from_str::<serde_json::Value>(t).ok());
            let (before, after) = (parse(&c.before), parse(&c.after));
            let what = match (&before, &after) {
                (None, _) => Line::new().strong("新增"),
                (_, None) => Line::new().strong("删除"),
                (Some(b), Some(a)) => difference(ledger, b, a),
            };
            page::TimelineItem {
                what,
                when: view::core::beijing_text(&c.at),
                detail: Line::new().say(Voice::Note, format!("{} · 第 {} 版", c.who, c.version)),
                tone: None,
            }
        })
        .collect())
}

fn difference(ledger: &Ledger, before: &serde_json::Value, after: &serde_json::Value) -> Line {
    let mut line = Line::new();
    for field in ledger.fields.iter().filter(|f| !f.personal) {
        let (b, a) = (before.get(&field.key), after.get(&field.key));
        if b != a {
            let show = |v: Option<&serde_json::Value>| v.map_or_else(|| "（空）".into(), |v| field.show(&record::json::from_json(v)));
            line = line.strong(field.label.clone()).text(" ").say(Voice::Was, show(b)).text(format!(" → {}　", show(a)));
        }
    }
    line
}
