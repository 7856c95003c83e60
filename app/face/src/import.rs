//! What an import found: steps, five counts, the user's sheet, what to type.

use crate::text;
use crate::{Cx, form, layout, lineage};
use maud::{Markup, html};
use page::layout::Edge;
use page::{Count, ImportCounts, ImportResult, Line, Look, NumberedFinding, Tile, Voice};
use values::Severity;

pub(crate) fn result(result: &ImportResult, cx: Cx) -> Markup {
    html! {
        (layout::steps(&result.steps, cx))
        (layout::tiles(&tiles(&result.counts, cx), cx))
        div.cols.c-imp {
            section.panel {
                header {
                    h2 { (cx.t("import.your_sheet")) }
                    (legend(cx))
                    span.more {
                        @if let Some(href) = &result.previous { a href=(href) hx-boost=[cx.stays(href)] { "‹ " (cx.t("import.previous")) } }
                        @if let Some(href) = &result.next { "　" a href=(href) hx-boost=[cx.stays(href)] { (cx.t("import.next")) " ›" } }
                    }
                }
                (lineage::sheet(&result.sheet, cx))
                @for note in &result.notes { p.s.dim { (text::line(note, cx)) } }
            }
            (findings(result, cx))
        }
        (form::action_bar(&result.actions, cx))
    }
}

fn tiles(counts: &ImportCounts, cx: Cx) -> Vec<Tile> {
    let tile = |label: String, count: &Count, unit: String, edge| Tile {
        label,
        line: Line::new().count(Count { look: Look::Mid, unit: String::new(), ..count.clone() }).say(Voice::Unit, unit),
        edge,
    };
    let rows = cx.t("import.rows");
    let cells = |n: u64| if n == 0 { rows.clone() } else { cx.fill("import.rows_cells", &[("n", &n.to_string())]) };
    vec![
        tile(cx.t("import.new"), &counts.new, rows.clone(), Edge::Green),
        tile(cx.t("import.changed"), &counts.changed, cells(counts.changed_cells), Edge::Info),
        tile(cx.t("import.same"), &counts.same, cx.t("import.untouched"), Edge::Plain),
        tile(cx.t("import.rejected"), &counts.rejected, cells(counts.rejected_cells), Edge::Red),
        tile(cx.t("import.reminders"), &counts.reminders, cx.t("import.cells"), Edge::Amber),
    ]
}

fn legend(cx: Cx) -> Markup {
    let marks = [
        ("#fbdad6", cx.t("import.rejected")),
        ("#fcf0d0", cx.t("import.reminders")),
        ("#e5eef8", cx.t("import.changed_legend")),
        ("#e2f1e8", cx.t("import.new")),
    ];
    html! {
        span.legend {
            @for (colour, word) in &marks {
                span { svg width="12" height="12" aria-hidden="true" { rect fill=(colour) stroke="#857f72" width="12" height="12" {} } (word) }
            }
        }
    }
}

fn findings(result: &ImportResult, cx: Cx) -> Markup {
    let (errors, others) = result.tally();
    let (errors, others) = (errors.to_string(), others.to_string());
    let title = match (errors.as_str(), others.as_str()) {
        ("0", "0") => cx.t("import.nothing_wrong"),
        ("0", n) => cx.fill("import.only_reminders", &[("n", n)]),
        (n, "0") => cx.fill("import.only_errors", &[("n", n)]),
        (n, m) => cx.fill("import.errors_and_reminders", &[("n", n), ("m", m)]),
    };
    html! {
        section.panel {
            header {
                h2 { (title) }
                @if let Some(rules) = &result.rules { span.more { (text::link(rules, cx)) } }
            }
            @if !result.findings.is_empty() { ul.items { @for one in &result.findings { (finding(one, cx)) } } }
            @if let Some(pager) = &result.pager { (layout::pager(pager, cx)) }
        }
    }
}

/// Number, cell, what is wrong, and — bold — what to type.
fn finding(one: &NumberedFinding, cx: Cx) -> Markup {
    let f = &one.finding;
    let class = if f.severity == Severity::Error { "no" } else { "no amber" };
    let cell = f.place.rsplit_once('!').map_or(f.place.as_str(), |(_, cell)| cell);
    let href = if one.href.is_empty() { format!("#m{}", one.number) } else { one.href.clone() };
    html! {
        li id={ "v" (one.number) } {
            span class=(class) { (one.number) }
            span.grow {
                a href=(href) hx-boost=[cx.stays(&href)] { b { (cell) } } " " (one.title)
                br;
                span.dim.s { (f.expected) @if !f.remedy.is_empty() { " " b { (f.remedy) } } }
            }
        }
    }
}
