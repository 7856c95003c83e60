//! An official document on screen and what checking found on it.

use crate::text::{self, some};
use crate::{Cx, layout, notice, table};
use maud::{Markup, html};
use page::{Block, Check, CheckState, Checks, DocRun, Document, Tone};

pub(crate) fn document(document: &Document, cx: Cx) -> Markup {
    html! {
        section.scroll tabindex="0" aria-label=(cx.t("document.label")) {
            article.doc {
                @if !document.redhead.is_empty() { p.redhead { (document.redhead) } }
                @if !document.number.is_empty() || !document.redhead.is_empty() { p.number { (document.number) } }
                // The page has its own h1; the document's title is the first heading below it.
                h2.title { (document.title) }
                @for one in &document.blocks { (block(one, cx)) }
            }
        }
    }
}

fn block(block: &Block, cx: Cx) -> Markup {
    match block {
        Block::Heading(1, words) => html! { h3.h { (words) } },
        Block::Heading(_, words) => html! { h4.h { (words) } },
        Block::Paragraph(runs) => html! { p { @for one in runs { (run(one)) } } },
        Block::Flush(words) => html! { p.flush { (words) } },
        Block::Sign(words) => html! { p.sign { (words) } },
        Block::Table(t) => table::table(t, cx),
    }
}

fn run(run: &DocRun) -> Markup {
    match run {
        DocRun::Text(words) => html! { (words) },
        DocRun::Figure { text, href } => html! {
            @if let Some(href) = some(href) { a.fig href=(href) { (text) } } @else { (text) }
        },
        DocRun::Mark { text, state, number } => {
            let class = mark_class(*state);
            html! {
                @if *number == 0 { span class=(class) { (text) } }
                @else { a class=(class) data-n=(number) id={ "m" (number) } href={ "#v" (number) } { (text) } }
            }
        }
    }
}

fn mark_class(state: CheckState) -> &'static str {
    match state {
        CheckState::True => "mk ok",
        CheckState::Restated => "mk re",
        CheckState::Altered => "mk al",
        CheckState::Unknown => "mk un",
    }
}

pub(crate) fn checks(checks: &Checks, cx: Cx) -> Markup {
    let keys = [cx.t("check.true"), cx.t("check.restated"), cx.t("check.altered"), cx.t("check.unknown")];
    html! {
        (bar(checks, &keys))
        p.legend {
            @for (i, state) in CheckState::ALL.iter().enumerate() {
                span { b class=(mark_class(*state)) { (checks.counts[i]) } " " (keys[i]) }
            }
        }
        @if !checks.views.items.is_empty() { (layout::tabs(&checks.views, cx)) }
        ul.items { @for item in &checks.items { (check(item, cx)) } }
        @if let Some(basis) = &checks.basis { (notice::note(basis, cx)) }
    }
}

/// The states as one bar, over the whole width of the panel.
fn bar(checks: &Checks, keys: &[String]) -> Markup {
    let total = f64::from(checks.counts.iter().sum::<u32>().max(1));
    let label = checks.counts.iter().zip(keys).map(|(n, key)| format!("{key} {n}")).collect::<Vec<_>>().join("，");
    let mut x = 0.0;
    let mut shown = Vec::new();
    for (count, class) in checks.counts.iter().zip(["f-bar", "f-amber", "f-red", "f-mute"]) {
        let width = f64::from(*count) / total * 434.0;
        if width > 0.0 {
            shown.push((class, format!("{x:.1}"), format!("{width:.1}")));
            x += width + 2.0;
        }
    }
    html! {
        svg viewBox="0 0 440 14" width="100%" height="14" role="img" aria-label=(label) preserveAspectRatio="none" {
            @for (class, x, width) in &shown { rect class=(class) x=(x) width=(width) height="14" {} }
        }
    }
}

fn check(item: &Check, cx: Cx) -> Markup {
    let class = match item.light.tone {
        Tone::Red => "no red",
        Tone::Amber => "no amber",
        Tone::Green | Tone::Grey => "no grey",
    };
    html! {
        li id=[(item.number > 0).then(|| format!("v{}", item.number))] {
            @if item.number > 0 { span class=(class) { (item.number) } }
            (text::light(&item.light, cx))
            span.grow {
                @if item.number > 0 { a href={ "#m" (item.number) } { b { (item.printed) } } } @else { b { (item.printed) } }
                br;
                span.s.dim { (text::line(&item.why, cx)) }
            }
            @if let Some(trace) = &item.trace { span.nowrap.s { (text::link(trace, cx)) } }
        }
    }
}
