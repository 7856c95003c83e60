//! Panels, columns, drawer, tiles, tabs, pager, steps, working-day clock.

use crate::text::{self, some};
use crate::{Cx, form, parts, table};
use maud::{Markup, PreEscaped, html};
use page::layout::Edge;
use page::{
    Action, ActionTarget, Chart, Columns, Day, DayKind, Drawer, Item, KeyFigure, Line, LineChart, Pager, Panel, Part, Seg, SeriesKind,
    Split, Step, StepState, Tile, TimelineItem, Tone,
};

pub(crate) fn panel(panel: &Panel, cx: Cx) -> Markup {
    let chart = panel.parts.iter().find_map(|p| match p {
        Part::Chart(Chart::Line(chart)) => Some(chart),
        _ => None,
    });
    html! {
        section.panel {
            @if !panel.title.is_empty() {
                header {
                    h2 { (panel.title) }
                    @if !panel.remark.is_empty() { span.mute.s { (text::line(&panel.remark, cx)) } }
                    @if let Some(views) = &panel.views { (seg(views, cx)) }
                    @if let Some(chart) = chart { (legend(chart)) }
                    @if let Some(more) = &panel.more { (more_link(more, cx)) }
                }
            }
            (parts::stack(&panel.parts, cx))
        }
    }
}

fn more_link(more: &Action, cx: Cx) -> Markup {
    match &more.target {
        ActionTarget::Link(href) => html! { a.more href=(href) hx-boost=[cx.stays(href)] { (more.label) " ›" } },
        ActionTarget::Copy(address) => html! { a.more href=(address) data-copy=(address) { (more.label) } },
        _ => html! { span.more { (form::action(more, cx)) } },
    }
}

/// What the lines of a chart stand for; constants only, no text of others.
fn legend(chart: &LineChart) -> Markup {
    let stroke = |kind| match kind {
        SeriesKind::Actual => r#"class="l-brand" stroke-width="3""#,
        SeriesKind::YearBefore => r#"class="l-mute" stroke-width="1.6""#,
        SeriesKind::Target => r#"class="l-red" stroke-width="1.6" stroke-dasharray="7 4""#,
        SeriesKind::Forecast => r#"class="l-brand" stroke-width="1.6" stroke-dasharray="2 3""#,
    };
    html! {
        span.legend.more {
            @for series in &chart.series {
                span {
                    svg width="22" height="10" aria-hidden="true" {
                        (PreEscaped(format!(r#"<line {} x1="0" y1="5" x2="22" y2="5"/>"#, stroke(series.kind))))
                    }
                    (series.label)
                }
            }
        }
    }
}

pub(crate) fn columns(columns: &Columns, cx: Cx) -> Markup {
    let class = match columns.split {
        Split::Halves => "cols c2",
        Split::Thirds => "cols c-case",
        Split::Quarters => "cols c4",
        Split::Main => "cols c-main",
        Split::Lineage => "cols c-lin",
        Split::Document => "cols c-doc",
        Split::Gap => "cols c-gap",
    };
    html! {
        div class=(class) {
            @for column in &columns.columns {
                // One panel is the grid cell itself, so that neighbours are equally high.
                @match column.as_slice() {
                    [Part::Panel(one)] => (panel(one, cx)),
                    many => div.col { (parts::stack(many, cx)) },
                }
            }
        }
    }
}

/// The list, and the record beside it.
pub(crate) fn drawer(drawer: &Drawer, cx: Cx) -> Markup {
    let list = html! {
        @for one in &drawer.list {
            // The list scrolls under its head; filters and pager stay in view.
            @if let Part::Table(t) = one { (table::scrolling(t, cx)) } @else { (parts::part(one, cx)) }
        }
    };
    if drawer.title.is_empty() {
        return html! { section.panel { (list) } };
    }
    html! {
        div.with-drawer {
            section.panel { (list) }
            aside.drawer id="drawer" aria-label=(drawer.title) {
                div.row {
                    h2.grow { (drawer.title) }
                    @if let Some(href) = &drawer.previous {
                        a href=(href) hx-boost=[cx.stays(href)] title=(cx.t("drawer.previous")) rel="prev" data-key="previous" { "‹" }
                    }
                    @if let Some(href) = &drawer.next {
                        a href=(href) hx-boost=[cx.stays(href)] title=(cx.t("drawer.next")) rel="next" data-key="next" { "›" }
                    }
                    a.btn.sm href=(drawer.close) hx-boost=[cx.stays(&drawer.close)] data-key="close" { (cx.t("drawer.close")) }
                }
                @if !drawer.tags.is_empty() { p.row.wrap { @for tag in &drawer.tags { (text::tag(tag)) } } }
                @if !drawer.tabs.is_empty() {
                    nav.tabs aria-label=(cx.t("drawer.tabs")) { @for tab in &drawer.tabs { (text::link(tab, cx)) } }
                }
                div.stack { (parts::stack(&drawer.parts, cx)) }
            }
        }
    }
}

/// A switch drawn as segments.
pub(crate) fn seg(seg: &Seg, cx: Cx) -> Markup {
    html! {
        span.seg role="group" aria-label=(seg.label) {
            @for item in &seg.items {
                a href=(item.link.href) hx-boost=[cx.stays(&item.link.href)] aria-current=[item.link.current.then_some("true")] {
                    (item.link.label) @if let Some(n) = item.count { " " (n) }
                }
            }
        }
    }
}

/// A switch drawn as tabs.
pub(crate) fn tabs(seg: &Seg, cx: Cx) -> Markup {
    html! {
        nav.tabs aria-label=(seg.label) {
            @for item in &seg.items {
                a href=(item.link.href) hx-boost=[cx.stays(&item.link.href)] aria-current=[item.link.current.then_some("true")] {
                    (item.link.label) @if let Some(n) = item.count { " " (n) }
                }
            }
        }
    }
}

pub(crate) fn key_figures(figures: &[KeyFigure], cx: Cx) -> Markup {
    html! {
        div.kpis.panel {
            @for figure in figures {
                div { span.dim.s { (text::line(&figure.label, cx)) } div.row { (text::line(&figure.line, cx)) } }
            }
        }
    }
}

pub(crate) fn tiles(tiles: &[Tile], cx: Cx) -> Markup {
    html! {
        div.tiles {
            @for tile in tiles {
                @let class = match tile.edge {
                    Edge::Plain => "tile",
                    Edge::Green => "tile green",
                    Edge::Info => "tile info",
                    Edge::Red => "tile red",
                    Edge::Amber => "tile amber",
                };
                div class=(class) { span.dim { (tile.label) } " " (text::line(&tile.line, cx)) }
            }
        }
    }
}

pub(crate) fn items(items: &[Item], cx: Cx) -> Markup {
    html! {
        ul.items {
            @for item in items {
                li {
                    @if let Some(light) = &item.light { (text::light(light, cx)) }
                    span.grow { (text::line(&item.line, cx)) }
                    @if !item.aside.is_empty() { span.nowrap { (text::line(&item.aside, cx)) } }
                    @for action in &item.actions { (form::action(action, cx)) }
                }
            }
        }
    }
}

pub(crate) fn key_values(values: &[(String, Line)], cx: Cx) -> Markup {
    html! { dl.kv { @for (term, line) in values { dt { (term) } dd { (text::line(line, cx)) } } } }
}

pub(crate) fn pager(pager: &Pager, cx: Cx) -> Markup {
    let unit = if pager.total.unit.is_empty() { cx.t("pager.unit") } else { pager.total.unit.clone() };
    html! {
        nav.pager aria-label=(cx.t("pager.label")) {
            span {
                (cx.t("pager.total")) " " b { (text::count(&pager.total, cx)) } " " (unit)
                @if pager.ticks { span data-ticked="" hidden { (cx.t("pager.ticked")) " " b { "0" } } }
            }
            span.grow {}
            @if let Some(href) = &pager.previous {
                a href=(href) hx-boost=[cx.stays(href)] rel="prev" { "‹ " (cx.t("pager.previous")) }
            }
            @if let Some(href) = &pager.next {
                a href=(href) hx-boost=[cx.stays(href)] rel="next" { (cx.t("pager.next")) " ›" }
            }
            @if pager.sizes.len() > 1 {
                span.mute.s { (cx.t("pager.size")) }
                @for size in &pager.sizes { (text::link(size, cx)) }
            }
        }
    }
}

pub(crate) fn steps(steps: &[Step], cx: Cx) -> Markup {
    html! {
        ol.steps {
            @for (i, step) in steps.iter().enumerate() {
                @let words = format!("{} {}", i + 1, step.label);
                @match step.state {
                    StepState::Done => li.done { "✓ " (text::link(&page::Link::new(words, &step.href), cx)) },
                    StepState::Now => li aria-current="step" { (words) },
                    StepState::Later => li { (words) },
                }
            }
        }
    }
}

pub(crate) fn days(days: &[Day]) -> Markup {
    html! {
        ol.days {
            @for day in days {
                @let class = match day.kind {
                    DayKind::Plain => "day",
                    DayKind::Used => "day used",
                    DayKind::Rest => "day skip2",
                    DayKind::Stopped => "day stop",
                    DayKind::Today => "day now",
                    DayKind::Due => "day due",
                };
                li class=(class) { span { (day.date) } b { (day.mark) } span { (day.why) } }
            }
        }
    }
}

pub(crate) fn timeline(items: &[TimelineItem], cx: Cx) -> Markup {
    html! {
        ol.tl {
            @for item in items {
                @let class = match item.tone {
                    Some(Tone::Grey) => Some("wait"),
                    Some(Tone::Amber) => Some("pause"),
                    _ => None,
                };
                li class=[class] {
                    div.row { b { (text::line(&item.what, cx)) } @if let Some(when) = some(&item.when) { span.mute.s { (when) } } }
                    span.dim.s { (text::line(&item.detail, cx)) }
                }
            }
        }
    }
}
