//! Words, numbers, lights, tags, links.

use crate::Cx;
use maud::{Markup, PreEscaped, html};
use page::draw::{self, Ink};
use page::{Aspect, Count, Held, Light, Line, Link, Look, Number, Run, Tag, TagLook, Tone, Voice};
use std::cmp::Ordering;
use values::Confidence;

/// A drawing made by [`page::draw`], which escapes its own texts.
pub(crate) fn drawing(svg: String) -> Markup {
    PreEscaped(svg)
}

pub(crate) fn line(line: &Line, cx: Cx) -> Markup {
    // A link among words is underlined: its colour alone would not tell it.
    let among_words = line.0.iter().any(|r| matches!(r, Run::Words(_, words) if words.chars().any(char::is_alphanumeric)));
    html! { @for part in &line.0 { (run(part, among_words, cx)) } }
}

fn run(part: &Run, among_words: bool, cx: Cx) -> Markup {
    match part {
        Run::Link(l) if among_words && !l.href.is_empty() && !cx.paper => {
            html! { a.in href=(l.href) hx-boost=[cx.stays(&l.href)] { (l.label) } }
        }
        Run::Words(voice, words) => said(*voice, words),
        Run::Number(n) => html! { (number(n, cx)) (unit(&n.unit(cx.lang))) (standing(n, cx)) },
        Run::Bare(n) => html! { (number(n, cx)) (standing(n, cx)) },
        Run::Count(c) => html! { (count(c, cx)) (unit(&c.unit)) },
        Run::Held(h) => html! { (held(h, cx)) (unit(&h.unit)) },
        Run::Light(l) => light(l, cx),
        Run::Tag(t) => tag(t),
        Run::Link(l) => link(l, cx),
        Run::Bullet(b) => html! { span.pic { (drawing(draw::bullet(b, Ink::Screen))) } },
        Run::Break => html! { br; },
    }
}

fn said(voice: Voice, words: &str) -> Markup {
    match voice {
        Voice::Plain => html! { (words) },
        Voice::Strong => html! { b { (words) } },
        Voice::Dim => html! { span.dim { (words) } },
        Voice::Note => html! { span.dim.s { (words) } },
        Voice::Remark => html! { span.mute.s { (words) } },
        Voice::Mute => html! { span.mute { (words) } },
        Voice::Unit => unit(words),
        Voice::Age => html! { span.age { (words) } },
        Voice::Was => html! { s.mute { (words) } },
    }
}

pub(crate) fn unit(words: &str) -> Markup {
    html! { @if !words.is_empty() { span.unit { (words) } } }
}

/// A link, or plain words if it leads nowhere.
pub(crate) fn link(link: &Link, cx: Cx) -> Markup {
    html! {
        @if link.href.is_empty() || cx.paper { (link.label) }
        @else {
            a href=(link.href) hx-boost=[cx.stays(&link.href)] aria-current=[link.current.then_some("true")] { (link.label) }
        }
    }
}

pub(crate) fn light(light: &Light, cx: Cx) -> Markup {
    if cx.paper {
        return html! { (light.word) };
    }
    let class = match light.tone {
        Tone::Red => "light red",
        Tone::Amber => "light amber",
        Tone::Green => "light green",
        Tone::Grey => "light grey",
    };
    html! { span class=(class) title=[some(&light.why)] { (light.word) } }
}

pub(crate) fn tag(tag: &Tag) -> Markup {
    let class = match tag.look {
        TagLook::Plain => "tag",
        TagLook::Solid => "tag solid",
        TagLook::Off => "tag off",
    };
    html! { span class=(class) { (tag.word) } }
}

/// None for an empty text, so that an attribute is left out.
pub(crate) fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// One side of a figure as a link, without unit.
pub(crate) fn number(n: &Number, cx: Cx) -> Markup {
    let text = n.text(cx.lang);
    let is_known = n.amount().is_some();
    if cx.paper {
        return html! { (text) };
    }
    let inner = match (n.aspect, n.direction()) {
        (Aspect::Growth, Some(direction)) => html! { span class=(delta(direction)) { (text) } },
        (Aspect::Signed, Some(direction)) => html! { span class=(way(direction)) { (text) } },
        _ if !is_known => html! { span.mute { (text) } },
        _ => html! { (text) },
    };
    // Derived sides stand in columns of their own: their link shows on hover only.
    let is_quiet = matches!(n.aspect, Aspect::Growth | Aspect::Signed | Aspect::Pace) || !is_known;
    let figure = format!("{} · {}", n.figure.label, n.figure.period.chinese());
    let title = n.stale.as_deref().unwrap_or(&figure);
    let linked = linked(inner, n.link().as_deref(), if is_known { n.look } else { Look::Plain }, is_quiet, Some(title), cx);
    html! {
        @if n.stale.is_some() { span.stale { (linked) } } @else { (linked) }
    }
}

/// The word after a value that is estimated, carried forward or not verified yet.
pub(crate) fn standing(n: &Number, cx: Cx) -> Markup {
    let is_unverified = n.amount().is_some() && n.aspect == Aspect::Value && n.figure.confidence == Confidence::C;
    html! {
        @if let Some(status) = n.status(cx.lang) { " " span.mute.s { (status) } }
        @if is_unverified { " " span.tag.off title=(cx.t("number.unverified_why")) { (cx.t("number.unverified")) } }
    }
}

/// A count as a link to its rows, without unit.
pub(crate) fn count(c: &Count, cx: Cx) -> Markup {
    linked(html! { (c.text()) }, some(&c.href), c.look, false, None, cx)
}

/// A record's number as a link to its history, without unit.
pub(crate) fn held(h: &Held, cx: Cx) -> Markup {
    let place = h.place.to_string();
    linked(html! { (h.text()) }, some(&h.href), Look::Plain, false, Some(&place), cx)
}

fn linked(inner: Markup, href: Option<&str>, look: Look, is_quiet: bool, title: Option<&str>, cx: Cx) -> Markup {
    let href = href.filter(|_| !cx.paper);
    let class = match (look, is_quiet) {
        (Look::Key | Look::MidKey | Look::Big, _) => "fig key",
        (_, true) => "fig quiet",
        _ => "fig",
    };
    let number = html! {
        @if let Some(href) = href { a class=(class) href=(href) hx-boost=[cx.stays(href)] title=[title] { (inner) } }
        @else { (inner) }
    };
    match look {
        Look::Plain => number,
        Look::Strong | Look::Key => html! { b { (number) } },
        Look::Mid | Look::MidKey => html! { b.mid { (number) } },
        Look::Big => html! { b.big { (number) } },
    }
}

fn delta(direction: Ordering) -> &'static str {
    match direction {
        Ordering::Greater => "delta up",
        Ordering::Less => "delta down",
        Ordering::Equal => "delta flat",
    }
}

fn way(direction: Ordering) -> &'static str {
    match direction {
        Ordering::Greater => "up",
        Ordering::Less => "down",
        Ordering::Equal => "flat",
    }
}

/// How old the data is; marked if older than its cycle, with the reason.
pub(crate) fn age(words: &str, old: Option<&str>) -> Markup {
    html! {
        @if let Some(why) = old { span.age.old title=(why) { (words) } } @else { span.age { (words) } }
    }
}
