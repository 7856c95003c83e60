//! Note, empty, error.

use crate::text;
use crate::{Cx, form, table};
use maud::{Markup, html};
use page::{Empty, Fault, Note, NoteTone};

pub(crate) fn note(note: &Note, cx: Cx) -> Markup {
    let (class, role) = match note.tone {
        NoteTone::Info => ("note", None),
        NoteTone::Amber => ("note amber", None),
        NoteTone::Red => ("note red", Some("alert")),
        NoteTone::Origin => ("note origin", None),
    };
    html! { p class=(class) role=[role] { (text::line(&note.line, cx)) } }
}

/// Nothing there: an empty sheet with one cell outlined.
pub(crate) fn empty(empty: &Empty, cx: Cx) -> Markup {
    html! {
        div class={ "blank" @if empty.small { " small" } } {
            @if !empty.small {
                svg viewBox="0 0 200 120" width="200" height="120" aria-hidden="true" {
                    rect class="f-none l-mute" x="40" y="22" width="120" height="84" rx="3" stroke-width="1.5" {}
                    path class="l-axis" stroke-width="1.5" d="M40 43H160M40 64H160M40 85H160M70 22V106M115 22V106" {}
                    rect class="f-none l-origin" x="70" y="64" width="45" height="21" stroke-width="3" stroke-dasharray="5 4" {}
                }
            }
            h2 { (empty.title) }
            @if !empty.line.is_empty() { p.dim { (text::line(&empty.line, cx)) } }
            @if !empty.actions.is_empty() { div.row { @for one in &empty.actions { (form::action(one, cx)) } } }
        }
    }
}

/// Something failed: the thread from cell to figure, broken.
pub(crate) fn fault(fault: &Fault, cx: Cx) -> Markup {
    html! {
        div.blank {
            svg viewBox="0 0 200 110" width="200" height="110" aria-hidden="true" {
                path class="f-none l-origin" stroke-width="3" d="M20 84V50a14 14 0 0 1 14-14h46" {}
                path class="f-none l-mute" stroke-width="3" stroke-dasharray="4 7" d="M80 36h44" {}
                rect class="f-origin" x="8" y="78" width="24" height="24" {}
                circle class="f-none l-brand" stroke-width="4" cx="146" cy="36" r="18" {}
                path class="l-red" stroke-width="3" d="M92 26l18 20M110 26l-18 20" {}
            }
            h2.mid { (fault.title) }
            @if !fault.kept.is_empty() { p { (text::line(&fault.kept, cx)) } }
            dl.kv {
                @for (label, line) in [
                    (cx.t("fault.doing"), &fault.doing), (cx.t("fault.happened"), &fault.happened), (cx.t("fault.remedy"), &fault.remedy),
                ] {
                    @if !line.is_empty() { dt { (label) } dd { (text::line(line, cx)) } }
                }
                @if !fault.number.is_empty() { dt { (cx.t("fault.number")) } dd { (fault.number) (cx.t("fault.quote")) } }
            }
            @if let Some(compare) = &fault.compare { (table::table(compare, cx)) }
            @if !fault.actions.is_empty() { div.row { @for one in &fault.actions { (form::action(one, cx)) } } }
        }
    }
}
