//! Sign-in, and pages for who is not signed in.

use crate::frame::{html_page, logo};
use crate::text::some;
use crate::{Cx, notice, parts};
use maud::{Markup, html};
use page::Fault;
use values::Lang;

/// What the sign-in page shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignIn {
    /// Name of the committee that runs this installation.
    pub committee: String,
    /// 示例数据, if the data is made up; else empty.
    pub badge: String,
    /// The user name that was typed.
    pub user: String,
    /// What is wrong, bold: 用户名或密码不对。
    pub error: String,
    /// What follows from it: 再错 3 次将锁定 20 分钟。
    pub error_more: String,
    /// True if a one-time code is asked for.
    pub code: bool,
    /// Whom to ask for a new password.
    pub help: String,
    /// Where to go after signing in.
    pub next: String,
    /// Token against forged requests.
    pub csrf: String,
    /// True for large type.
    pub large: bool,
}

/// Draws the sign-in page. It is sent to `POST /signin` with `user`,
/// `password`, `code`, `next`, `csrf`.
#[must_use]
pub fn sign_in(gate: &SignIn, lang: Lang) -> Markup {
    let cx = Cx { lang, csrf: &gate.csrf, path: "", paper: false };
    let is_wrong = !gate.error.is_empty();
    let body = html! {
        main.gate {
            (cover(gate, cx))
            form.form method="post" action="/signin" {
                h2 { (cx.t("gate.sign_in")) }
                @if is_wrong { p.note.red role="alert" { b { (gate.error) } (gate.error_more) } }
                (crate::form::csrf(cx))
                @if !gate.next.is_empty() { input type="hidden" name="next" value=(gate.next); }
                label for="user" { (cx.t("gate.user")) }
                input.input.wide id="user" name="user" type="text" autocomplete="username" required value=[some(&gate.user)];
                label for="password" { (cx.t("gate.password")) }
                input.input.wide id="password" name="password" type="password" autocomplete="current-password" required
                    aria-invalid=[is_wrong.then_some("true")] aria-describedby=[is_wrong.then_some("password-error")];
                @if is_wrong { p.s.wrong id="password-error" { (cx.t("gate.case")) } }
                @if gate.code {
                    label for="code" { (cx.t("gate.code")) }
                    input.input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code";
                }
                div.row { button.btn.primary.lg type="submit" { (cx.t("gate.sign_in")) } }
                @if !gate.help.is_empty() { p.s.dim { (gate.help) } }
            }
        }
    };
    html_page(&cx.t("gate.sign_in"), lang, (gate.large, false), &body)
}

/// The left half: a sheet, a cell, the thread to the number.
fn cover(gate: &SignIn, cx: Cx) -> Markup {
    html! {
        section.left {
            div.row.logo { (logo(56)) }
            h1 { (cx.t("frame.name")) }
            p.lead { (cx.t("gate.lead")) }
            span.grow {}
            svg viewBox="0 0 620 300" width="620" height="300" aria-hidden="true" {
                g fill="none" stroke="#3c6773" {
                    @for x in [1, 120, 240, 360, 480] { path d={ "M" (x) " 90V294" } {} }
                    @for y in [90, 124, 158, 192, 226, 260, 294] { path d={ "M1 " (y) "H480" } {} }
                }
                rect x="120" y="192" width="120" height="34" fill="#3b2a1b" stroke="#e08a40" stroke-width="3" {}
                text.t1 x="230" y="215" text-anchor="end" { "964,183.27" }
                path d="M180 192V64a22 22 0 0 1 22-22H440" fill="none" stroke="#e08a40" stroke-width="2.5" {}
                circle cx="450" cy="42" r="9" fill="none" stroke="#e08a40" stroke-width="3" {}
                text.t2 x="474" y="58" { "806.4" }
            }
            span.grow {}
            p.s { (gate.committee) " · " (cx.t("gate.internal")) @if !gate.badge.is_empty() { " · " (gate.badge) } }
        }
    }
}

/// An error for who is not signed in, or when no frame can be built.
#[must_use]
pub fn fault(fault: &Fault, lang: Lang) -> Markup {
    let cx = Cx { lang, csrf: "", path: "", paper: false };
    let body = html! { main.alone id="main" { h1.sr { (fault.title) } section.panel { (notice::fault(fault, cx)) } } };
    html_page(&fault.title, lang, (false, false), &body)
}

/// Parts on a page of their own, for print: no menu, no buttons, no colours.
///
/// `stamp` stands at the foot: who printed it, how old the data is, the number
/// by which the print is found in the log, the anchor of the log.
#[must_use]
pub fn paper(page: &page::Page, stamp: &str, lang: Lang) -> Markup {
    let cx = Cx { lang, csrf: "", path: "", paper: true };
    let body = html! {
        main.a4 {
            h1.center { (page.title) }
            @if !page.remark.is_empty() { p.row { (crate::text::line(&page.remark, cx)) } }
            (parts::stack(&page.parts, cx))
            @if !stamp.is_empty() { p.s { (stamp) } }
        }
    };
    html_page(&page.title, lang, (false, false), &body)
}
