//! All metrics that the zone holds, with their latest value and course.

use crate::texts::t;
use hub::{Ask, Seen, View};
use page::number::{Aspect, Look};
use page::{Cell, Column, Empty, Number, Page, Panel, Row, Sparkline, Table};
use values::Period;

/// The page of all metrics at the last month held.
///
/// # Errors
/// The store's answer.
pub fn index(view: &dyn View, subject: &str) -> Seen<Page> {
    let lang = view.lang();
    let mut page = Page::new(t(lang, "metric.index"), "leader").item("metrics");
    let Some(month) = view.latest() else {
        let empty =
            Empty { title: t(lang, "metric.no_metric"), line: t(lang, "metric.no_metric_line").into(), actions: Vec::new(), small: false };
        return Ok(page.part(empty));
    };
    let columns = vec![
        Column::words(t(lang, "cockpit.indicator")).names_row(),
        Column::words(t(lang, "cockpit.as_of")),
        Column::numbers(t(lang, "metric.latest"), ""),
        Column::words(""),
        Column::numbers(t(lang, "cockpit.growth"), ""),
        Column::numbers(t(lang, "cockpit.completion"), "%"),
        Column::words(""),
    ];
    let mut table = Table::new(t(lang, "metric.index"), columns);
    for key in view.definitions().keys() {
        let Some(period) = Period::year_to_date(month.first_year(), month.first_month()) else { continue };
        let Some(figure) = [period, Period::year(period.first_year() - 1).unwrap_or(period)]
            .into_iter()
            .map(|p| view.figure(&Ask::zone(key, p).of(subject)))
            .find(|f| f.value.is_some())
        else {
            continue;
        };
        let growth = if figure.growth.is_some() { Cell::from(Number::of(&figure, Aspect::Growth)) } else { Cell::blank("—") };
        table = table.row(Row::new(vec![
            Cell::link(figure.label.clone(), format!("/figure/{}", page::number::escape_path(&figure.handle))),
            Cell::text(figure.period.chinese()),
            Number::from(&figure).look(Look::Strong).into(),
            Cell::text(figure.display_unit.clone()),
            growth,
            Cell::from(Number::of(&figure, Aspect::Completion)),
            Cell::from(spark(view, key, subject, figure.period)),
        ]));
    }
    page.parts.push(Panel::new(t(lang, "metric.index")).part(table).into());
    Ok(page)
}

/// The same period of the last five years.
fn spark(view: &dyn View, key: &str, subject: &str, period: Period) -> Sparkline {
    let points = (0..5)
        .rev()
        .map(|back| {
            period.back(back * 12).map(|p| view.figure(&Ask::zone(key, p).of(subject))).filter(|f| f.value.is_some()).map(Number::from)
        })
        .collect();
    Sparkline { label: String::new(), points }
}
