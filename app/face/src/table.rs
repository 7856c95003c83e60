//! Tables.

use crate::text::{self, drawing};
use crate::{Cx, form};
use maud::{Markup, PreEscaped, html};
use page::draw::{self, Ink};
use page::{Align, Aspect, Cell, Column, Density, Row, Table};

pub(crate) fn table(table: &Table, cx: Cx) -> Markup {
    drawn(table, table.scrolls, cx)
}

/// A table that scrolls by itself under a fixed head, whatever it says itself.
pub(crate) fn scrolling(table: &Table, cx: Cx) -> Markup {
    drawn(table, true, cx)
}

fn drawn(table: &Table, scrolls: bool, cx: Cx) -> Markup {
    let body = html! {
        table class=(class(table, scrolls)) {
            @if !table.caption.is_empty() { caption.sr { (table.caption) } }
            @if table.columns.iter().any(|c| !c.label.is_empty()) { thead { (head(table, cx)) } }
            tbody { @for r in &table.rows { (row(table, r, cx)) } }
            @if let Some(foot) = &table.foot { tfoot { (row(table, foot, cx)) } }
        }
    };
    html! {
        @if let Some(key) = &table.ticks {
            form id={ "ticks-" (key) } method="post" hidden { (form::csrf(cx)) }
        }
        @if scrolls {
            section.scroll.list tabindex="0" aria-label=(table.caption) data-ticks=[table.ticks.as_deref()] { (body) }
        } @else { (body) }
    }
}

fn class(table: &Table, scrolls: bool) -> String {
    let mut class = String::from(match table.density {
        Density::Tight => "table tight",
        Density::Cosy => "table cosy",
        Density::Roomy => "table roomy",
        Density::Tall => "table cosy tall",
    });
    if scrolls {
        class.push_str(" sticky");
    }
    if table.open_end {
        class.push_str(" plain");
    }
    class
}

fn head(table: &Table, cx: Cx) -> Markup {
    html! {
        tr {
            @if let Some(key) = &table.ticks {
                th.c scope="col" { input type="checkbox" data-tick-all=(key) aria-label=(cx.t("table.tick_all")); }
            }
            @for column in &table.columns { (column_head(column, cx)) }
        }
    }
}

fn column_head(column: &Column, cx: Cx) -> Markup {
    if column.label.is_empty() {
        return html! { td {} };
    }
    let words = html! {
        (column.label)
        @if !column.unit.is_empty() { " " (column.unit) }
        @if !column.under.is_empty() { br; (column.under) }
    };
    let sorted = column.sort.as_ref().map(|s| match s.descending {
        None => "none",
        Some(true) => "descending",
        Some(false) => "ascending",
    });
    html! {
        th scope="col" class=[align(column)] aria-sort=[sorted] {
            @if let Some(sort) = &column.sort {
                a.sort href=(sort.href) hx-boost=[cx.stays(&sort.href)] {
                    (words)
                    @match sort.descending { Some(true) => " ↓", Some(false) => " ↑", None => "" }
                }
            } @else { (words) }
        }
    }
}

fn align(column: &Column) -> Option<&'static str> {
    match column.align {
        Align::Start => None,
        Align::End => Some("n"),
        Align::Center => Some("c"),
    }
}

fn row(table: &Table, row: &Row, cx: Cx) -> Markup {
    let class = match (row.on, row.miss) {
        (true, _) => Some("on"),
        (false, true) => Some("miss"),
        _ => None,
    };
    html! {
        tr id=[text::some(&row.id)] class=[class] aria-current=[row.on.then_some("true")] {
            @if let Some(key) = &table.ticks {
                td.c {
                    @if let Some((value, name)) = &row.tick {
                        input type="checkbox" form={ "ticks-" (key) } name="tick" value=(value) aria-label=(cx.fill("table.tick", &[("name", name)]));
                    }
                }
            }
            @for (i, one) in row.cells.iter().enumerate() { (cell(one, table.columns.get(i), cx)) }
        }
    }
}

fn cell(cell: &Cell, column: Option<&Column>, cx: Cx) -> Markup {
    let mut classes: Vec<&str> = column.and_then(align).into_iter().collect();
    let is_nowrap = column.is_some_and(|c| c.nowrap) || matches!(cell, Cell::Tags(_));
    if is_nowrap && !classes.contains(&"n") {
        classes.push("nowrap");
    }
    let class = (!classes.is_empty()).then(|| classes.join(" "));
    let inner = inner(cell, column, cx);
    html! {
        @if column.is_some_and(|c| c.names_row) { th scope="row" class=[class] { (inner) } }
        @else { td class=[class] { (inner) } }
    }
}

fn inner(cell: &Cell, column: Option<&Column>, cx: Cx) -> Markup {
    match cell {
        Cell::Nothing => html! {},
        Cell::Line(line) => text::line(line, cx),
        Cell::Number(number) => {
            // The head says the unit; a cell of another unit says its own, lest they be mixed up.
            let has_unit = matches!(number.aspect, Aspect::Value | Aspect::Signed | Aspect::Target);
            let unit = number.unit(cx.lang);
            let other = column.is_some_and(|c| has_unit && !c.unit.is_empty() && c.unit != unit);
            // The word comes first, so that the digits of a column stay under each other.
            let standing = text::standing(number, cx).into_string();
            html! { @if !standing.is_empty() { (PreEscaped(standing.trim_start())) " " } (text::number(number, cx)) @if other { (text::unit(&unit)) } }
        }
        Cell::Count(count) => text::count(count, cx),
        Cell::Held(held) => {
            let other = column.is_none_or(|c| c.unit != held.unit);
            html! { (text::held(held, cx)) @if other { (text::unit(&held.unit)) } }
        }
        Cell::Light(light) => text::light(light, cx),
        Cell::Tags(tags) => html! {
            @for tag in tags { (text::tag(tag)) }
            @if tags.is_empty() { span.mute { "—" } }
        },
        Cell::Bullet(bullet) => drawing(draw::bullet(bullet, Ink::Screen)),
        Cell::Share(share) => drawing(draw::share(*share, Ink::Screen)),
        Cell::Tally(tally) => drawing(draw::tally(tally, Ink::Screen, cx.lang)),
        Cell::Spark(spark) => drawing(draw::chart(&page::Chart::Spark(spark.clone()), Ink::Screen, cx.lang)),
        Cell::Age(words, old) => text::age(words, old.as_deref()),
        Cell::Actions(actions) => html! { @for action in actions { (form::action(action, cx)) } },
    }
}
