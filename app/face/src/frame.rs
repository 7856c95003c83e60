//! The frame: top bar, menu by office, page tabs, heading.

use crate::text::{self, some};
use crate::{Cx, assets, form, layout, parts};
use maud::{DOCTYPE, Markup, html};
use page::number::escape_path;
use page::{Head, Height, Link, MenuWidth, Page, Part, Tone, Tool};
use values::Lang;

/// One entry of the menu.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MenuItem {
    /// Stable key; the page's `item` is held against it.
    pub key: String,
    /// Label in the page's language.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

/// One office with its entries. Which office sees what is configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Office {
    /// Stable key; the page's `office` is held against it.
    pub key: String,
    /// Label: 经济运行.
    pub label: String,
    /// Two characters for the narrow menu: 经发.
    pub short: String,
    /// Its entries.
    pub items: Vec<MenuItem>,
}

/// What stands around every page of one visitor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    /// Name of the zone.
    pub zone: String,
    /// 示例数据, if the data is made up; else empty.
    pub badge: String,
    /// Office and name of the visitor.
    pub user: String,
    /// How much there is to do 待办; none hides the entry.
    pub todo: Option<u64>,
    /// The menu.
    pub offices: Vec<Office>,
    /// Pages opened before, if they are kept.
    pub tabs: Vec<Link>,
    /// True for large type 大字.
    pub large: bool,
    /// True for the wall's colours.
    pub wall: bool,
    /// Token against forged requests.
    pub csrf: String,
    /// Path and query of this page.
    pub path: String,
    /// What was searched for at `/search`; none hides the field.
    pub search: Option<String>,
    /// Foot of the page when it is printed: who, how old the data is, the log's anchor.
    pub stamp: String,
}

/// The mark: a cell, a thread, a ring.
pub(crate) fn logo(size: u32) -> Markup {
    html! {
        svg viewBox="0 0 26 26" aria-hidden="true" width=(size) height=(size) {
            rect x="2.5" y="14.5" width="9" height="9" fill="#e08a40" {}
            path d="M7 14V9.5A5.5 5.5 0 0 1 12.5 4H15" fill="none" stroke="#e08a40" stroke-width="2" {}
            circle cx="19" cy="7" r="5" fill="none" stroke="#fff" stroke-width="2.4" {}
            path d="M15 19h9M15 23h9" stroke="#fff" stroke-width="1.6" opacity=".75" {}
        }
    }
}

/// The HTML around any body. `look` is `data-size` and `data-theme`.
pub(crate) fn html_page(title: &str, lang: Lang, look: (bool, bool), body: &Markup) -> Markup {
    let code = if lang == Lang::Zh { "zh-CN" } else { "en" };
    let name = if lang == Lang::Zh { "溯园" } else { "Suyuan" };
    let title: String = title.chars().take(56).collect();
    html! {
        (DOCTYPE)
        html lang=(code) data-size=[look.0.then_some("large")] data-theme=[look.1.then_some("wall")] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                // No eval, no inserted style, own addresses only: the policy forbids the rest anyway.
                meta name="htmx-config" content=r#"{"allowEval":false,"includeIndicatorStyles":false,"selfRequestsOnly":true,"historyCacheSize":0}"#;
                title { (title) " · " (name) }
                @if let Some(address) = assets::address("favicon.svg") { link rel="icon" href=(address); }
                @if let Some(address) = assets::address("suyuan.css") { link rel="stylesheet" href=(address); }
                @if let Some(address) = assets::address("suyuan.js") { script src=(address) defer {} }
            }
            body { (body) }
        }
    }
}

pub(crate) fn document(page: &Page, frame: &Frame, lang: Lang) -> Markup {
    let cx = Cx { lang, csrf: &frame.csrf, path: &frame.path, paper: false };
    if frame.wall {
        return html_page(&page.title, lang, (frame.large, true), &wall(page, frame, cx));
    }
    let shell = if page.height == Height::Flow { "shell flow" } else { "shell" };
    let body = html! {
        a.skip href="#main" { (cx.t("frame.skip")) }
        div class=(shell) {
            (top_bar(frame, cx))
            @match page.menu { MenuWidth::Full => (menu(page, frame, cx)), MenuWidth::Rail => (rail(page, frame, cx)) }
            main class=(if fills(page) { "main fill" } else { "main" }) id="main" hx-target="#main" hx-select="#main" hx-swap="outerHTML show:none" {
                @if !frame.tabs.is_empty() {
                    nav.pagetabs aria-label=(cx.t("frame.tabs")) {
                        @for tab in &frame.tabs { a href=(tab.href) aria-current=[tab.current.then_some("page")] { (tab.label) } }
                    }
                }
                (heading(page, cx))
                (parts::stack(&page.parts, cx))
                @if !frame.stamp.is_empty() { p.stamp { (frame.stamp) } }
            }
        }
    };
    html_page(&page.title, lang, (frame.large, frame.wall), &body)
}

/// True for a list page: the list takes what height is left, and scrolls by itself.
fn fills(page: &Page) -> bool {
    page.height == Height::Window && matches!(page.parts.as_slice(), [Part::Drawer(_)])
}

/// The same page on the wall: other colours, no menu, what is most urgent on top.
fn wall(page: &Page, frame: &Frame, cx: Cx) -> Markup {
    html! {
        div.wall {
            header.walltop {
                (logo(32))
                h1.mid { (frame.zone) " " (page.title) }
                @if !frame.badge.is_empty() { span.demo { (frame.badge) } }
                span.grow.center {
                    @if let Head::Headline { line, .. } = &page.head { (text::line(line, cx)) } @else { (text::line(&page.remark, cx)) }
                }
                @for one in &page.tools { @if matches!(one, Tool::Age(_) | Tool::Light(_)) { (tool(one, cx)) } }
            }
            main.wallmain id="main" { (parts::stack(&page.parts, cx)) }
        }
    }
}

fn top_bar(frame: &Frame, cx: Cx) -> Markup {
    let prefer = |what: &str| format!("/prefer?{what}&back={}", escape_path(&frame.path));
    let (size, size_word) = if frame.large { ("size=normal", cx.t("frame.normal")) } else { ("size=large", cx.t("frame.large")) };
    let (other, other_word) = if cx.lang == Lang::Zh { ("lang=en", "EN") } else { ("lang=zh", "中文") };
    html! {
        header.topbar {
            a.logo href="/" { (logo(26)) (cx.t("frame.name")) }
            span.zone { (frame.zone) }
            @if !frame.badge.is_empty() { span.demo { (frame.badge) } }
            span.grow {}
            @if let Some(search) = &frame.search {
                form role="search" aria-label=(cx.t("frame.search")) action="/search" {
                    label.sr for="q" { (cx.t("frame.search_long")) }
                    input id="q" name="q" type="search" placeholder=(cx.t("frame.search_hint")) value=[some(search)];
                    button.link type="submit" { (cx.t("frame.look")) }
                }
            }
            @if let Some(todo) = frame.todo { a href="/todo" { (cx.t("frame.todo")) " " span.count { (todo) } } }
            a href=(prefer(size)) rel="nofollow" { (size_word) }
            a href=(prefer(other)) rel="nofollow" lang=(if cx.lang == Lang::Zh { "en" } else { "zh-CN" }) { (other_word) }
            @if !frame.user.is_empty() {
                a href="/password" title=(cx.t("frame.account")) { (frame.user) }
                form method="post" action="/signout" { (form::csrf(cx)) button.link type="submit" { (cx.t("frame.sign_out")) } }
            }
        }
    }
}

/// Offices as native disclosures: they open without script.
fn menu(page: &Page, frame: &Frame, cx: Cx) -> Markup {
    html! {
        nav.menu aria-label=(cx.t("frame.menu")) {
            @for office in &frame.offices {
                @let is_open = office.key == page.office;
                details class=[is_open.then_some("open")] open[is_open] {
                    summary { (office.label) }
                    ul {
                        @for item in &office.items {
                            li { a href=(item.href) aria-current=[(is_open && item.key == page.item).then_some("page")] { (item.label) } }
                        }
                    }
                }
            }
        }
    }
}

fn rail(page: &Page, frame: &Frame, cx: Cx) -> Markup {
    html! {
        nav.rail aria-label=(cx.t("frame.menu")) {
            @for office in &frame.offices {
                @let href = office.items.first().map_or("/", |i| i.href.as_str());
                a href=(href) title=(office.label) aria-current=[(office.key == page.office).then_some("true")] { (office.short) }
            }
        }
    }
}

fn heading(page: &Page, cx: Cx) -> Markup {
    match &page.head {
        Head::Hidden => html! { h1.sr { (page.title) } },
        Head::Headline { tone, line } => {
            let class = if *tone == Tone::Red {
                "headline"
            } else if *tone == Tone::Amber {
                "headline warn"
            } else {
                "headline calm"
            };
            html! {
                div class=(class) {
                    h1.mid.nowrap { (page.title) }
                    span.grow { (text::line(line, cx)) }
                    @for one in &page.tools { (tool(one, cx)) }
                }
            }
        }
        Head::Plain => html! {
            div.head {
                h1 { (page.title) }
                @if !page.crumbs.is_empty() {
                    span.crumb { @for (i, crumb) in page.crumbs.iter().enumerate() { @if i > 0 { " › " } (text::link(crumb, cx)) } }
                }
                @if !page.remark.is_empty() { span.crumb { (text::line(&page.remark, cx)) } }
                span.grow {}
                @for one in &page.tools { (tool(one, cx)) }
            }
        },
    }
}

fn tool(tool: &Tool, cx: Cx) -> Markup {
    match tool {
        Tool::Seg(seg) => layout::seg(seg, cx),
        Tool::Choose(chooser) => form::chooser(chooser, cx),
        Tool::Action(action) => form::action(action, cx),
        Tool::Age(words) => text::age(words, None),
        Tool::Light(light) => text::light(light, cx),
    }
}
