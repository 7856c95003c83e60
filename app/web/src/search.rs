//! The search box: enterprises by name or code, metrics by label; and the visitor's own page.

use crate::cx::{Cx, PageResult};
use axum::extract::Query as Ask;
use hub::{Ask as FigureAsk, Seen, View};
use page::{Action, Cell, Column, Empty, Line, Page, Panel, Part, Row, Table};
use record::{Filter, Op, Query, Value};
use serde::Deserialize;
use values::Period;

/// What is looked for.
#[derive(Debug, Deserialize)]
pub struct Looked {
    #[serde(default)]
    q: String,
}

/// Most hits of a kind.
const HITS: i64 = 20;

/// `GET /search`
pub async fn search(cx: Cx, Ask(looked): Ask<Looked>) -> PageResult {
    let q = looked.q.trim().to_owned();
    cx.page(move |view| found(view, &q)).await
}

fn found(view: &dyn View, q: &str) -> Seen<Page> {
    let mut page = Page::new("查找", "");
    page.remark = Line::from(q);
    let enterprises = if q.is_empty() { None } else { enterprises(view, q)? };
    let metrics = if q.is_empty() { None } else { metrics(view, q) };
    if enterprises.is_none() && metrics.is_none() {
        let line = if q.is_empty() {
            "请在上方输入企业名称、信用代码或指标名称。".to_owned()
        } else {
            format!("没有找到“{q}”。可以少输几个字再查。")
        };
        return Ok(page.part(Empty { title: "没有结果".into(), line: line.into(), actions: Vec::new(), small: false }));
    }
    page.parts.extend(enterprises.into_iter().chain(metrics).map(Part::from));
    Ok(page)
}

fn enterprises(view: &dyn View, q: &str) -> Seen<Option<Panel>> {
    let Some(ledger) = view.ledger("enterprise") else { return Ok(None) };
    let by = |field: &str, op, text: String| Query {
        filters: vec![Filter { field: field.to_owned(), op, value: Value::Text(text) }],
        limit: HITS,
        ..Query::default()
    };
    let mut rows = view.list("enterprise", &by("name", Op::Contains, q.to_owned()))?;
    if rows.is_empty() {
        rows = view.list("enterprise", &by("credit_code", Op::Begins, q.to_uppercase()))?;
    }
    if rows.is_empty() {
        return Ok(None);
    }
    let mut table = Table::new("企业", vec![Column::words("企业名称").names_row(), Column::words("统一社会信用代码")]);
    for stored in &rows {
        let code = stored.row.first().and_then(Value::text).unwrap_or_default();
        table = table.row(Row::new(vec![
            Cell::link(ledger.name_of(&stored.row), format!("/ledgers/enterprise?id={}", stored.id)),
            Cell::text(code),
        ]));
    }
    Ok(Some(Panel::new("企业").part(table)))
}

fn metrics(view: &dyn View, q: &str) -> Option<Panel> {
    let period = view.latest().and_then(|m| Period::year_to_date(m.first_year(), m.first_month()))?;
    let hits = view.definitions().keys().filter(|k| {
        let label = view.definitions().versions(k).last().map(|m| (m.is.label.zh.clone(), m.is.label.en.to_lowercase()));
        label.is_some_and(|(zh, en)| zh.contains(q) || en.contains(&q.to_lowercase()))
    });
    let mut table = Table::new("指标", vec![Column::words("指标").names_row(), Column::numbers("最新值", ""), Column::words("")]);
    for key in hits.take(20) {
        let figure = view.figure(&FigureAsk::zone(key, period));
        let href = page::number::figure_href(&figure).unwrap_or_default();
        let unit = figure.display_unit.clone();
        table = table.row(Row::new(vec![Cell::link(figure.label.clone(), href), page::Number::from(figure).into(), Cell::text(unit)]));
    }
    (!table.rows.is_empty()).then(|| Panel::new("指标").part(table))
}

/// `GET /me`: who is signed in, with what rights.
pub async fn me(cx: Cx) -> PageResult {
    let account = cx.account.clone();
    cx.page(move |view| {
        let visitor = view.visitor();
        let may: Vec<String> = view.ledgers().iter().map(|l| l.label.clone()).collect();
        let facts = vec![
            ("姓名".to_owned(), Line::from(visitor.label.clone())),
            ("用户名".to_owned(), Line::from(account.name.clone())),
            ("园区".to_owned(), Line::from(view.zone().label.clone())),
            ("科室".to_owned(), Line::from(visitor.office.clone())),
            ("可看的台账".to_owned(), Line::from(may.join("、"))),
        ];
        let mut page = Page::new("我的账号", "").part(Panel::new("我的账号").part(Part::KeyValues(facts)));
        page.tools.push(page::Tool::Action(Action::link("改口令", "/password")));
        Ok::<_, hub::ViewError>(page)
    })
    .await
}
