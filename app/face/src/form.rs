//! Forms, filters, buttons.

use crate::text::{self, some};
use crate::{Cx, notice};
use maud::{Markup, html};
use page::{Action, ActionLook, ActionTarget, Chooser, Field, FieldKind, Filters, Form, Opt, Toolbar};

/// The token that every sent form carries.
pub(crate) fn csrf(cx: Cx) -> Markup {
    html! { input type="hidden" name="csrf" value=(cx.csrf); }
}

/// A button or link that does something.
pub(crate) fn action(action: &Action, cx: Cx) -> Markup {
    sized(action, "", cx)
}

fn sized(action: &Action, size: &str, cx: Cx) -> Markup {
    let class = match button_class(action) {
        class if class.is_empty() => class,
        class => class + size,
    };
    let confirm = some(&action.confirm);
    match &action.target {
        ActionTarget::Link(href) => {
            html! { a class=[some(&class)] href=(href) hx-boost=[cx.stays(href)] { (action.label) } }
        }
        ActionTarget::Post(href, fields) => html! {
            form.inline method="post" action=(href) data-confirm=[confirm] {
                (csrf(cx))
                @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
                button class=(sent_class(action, &class)) type="submit" title=[confirm] { (action.label) }
            }
        },
        ActionTarget::Ticked(form, href) => html! {
            button class=(sent_class(action, &class)) type="submit" form={ "ticks-" (form) } formaction=(href)
                data-needs-tick=(form) data-confirm=[confirm] title=[confirm] { (action.label) }
        },
        ActionTarget::Copy(text) => html! { a class=[some(&class)] href=(text) data-copy=(text) { (action.label) } },
        ActionTarget::Disabled(why) => html! {
            button class=(class) type="button" disabled title=(why) { (action.label) }
        },
    }
}

fn button_class(action: &Action) -> String {
    let mut class = match action.look {
        ActionLook::Plain => String::from("btn"),
        ActionLook::Primary => String::from("btn primary"),
        ActionLook::Danger => String::from("btn danger"),
        ActionLook::Words => return String::new(),
    };
    if action.small {
        class.push_str(" sm");
    }
    class
}

fn sent_class<'a>(action: &Action, class: &'a str) -> &'a str {
    if action.look == ActionLook::Words { "link" } else { class }
}

pub(crate) fn toolbar(bar: &Toolbar, cx: Cx) -> Markup {
    html! {
        div.toolbar {
            @for one in &bar.left { (action(one, cx)) }
            span.grow { (text::line(&bar.middle, cx)) }
            @for one in &bar.right { (action(one, cx)) }
        }
    }
}

/// Large buttons that stay in view at the bottom.
pub(crate) fn action_bar(bar: &Toolbar, cx: Cx) -> Markup {
    html! {
        div.actionbar {
            @for one in &bar.left { (sized(one, " lg", cx)) }
            span.grow {}
            span.dim.s { (text::line(&bar.middle, cx)) }
            @for one in &bar.right { (sized(one, " lg", cx)) }
        }
    }
}

/// Filters above a list.
pub(crate) fn filters(filters: &Filters, cx: Cx) -> Markup {
    html! {
        form.row.wrap role="search" aria-label=(cx.t("filter.label")) action=(filters.action) {
            @for (name, value) in &filters.hidden { input type="hidden" name=(name) value=(value); }
            @for field in &filters.fields { (filter(field, cx)) }
            button.btn.primary type="submit" { (cx.t("filter.ask")) }
            a.btn href=(filters.action) hx-boost=[cx.stays(&filters.action)] { (cx.t("filter.reset")) }
            @if !filters.more.is_empty() {
                details.more-filters open[filters.more.iter().any(|f| !f.value.is_empty())] {
                    summary { (cx.t("filter.more")) }
                    div.row.wrap { @for field in &filters.more { (filter(field, cx)) } }
                }
            }
        }
    }
}

fn filter(field: &Field, cx: Cx) -> Markup {
    let id = id_of("q", &field.key);
    html! {
        div.field {
            label for=(id) { (field.label) }
            @match &field.kind {
                FieldKind::Choice(options) => (select(&id, field, options, "input mini", &cx.t("filter.all"))),
                FieldKind::Bool => (select(&id, field, &yes_no(cx), "input mini", &cx.t("filter.all"))),
                FieldKind::Text => {
                    input.input id=(id) name=(field.key) type="search" value=[some(&field.value)] placeholder=[some(&field.example)];
                }
                _ => (input(&id, field, "input mini", cx)),
            }
            (text::unit(&field.unit))
        }
    }
}

/// A choice that changes what the page shows; the script sends it at once.
pub(crate) fn chooser(chooser: &Chooser, cx: Cx) -> Markup {
    let id = id_of("c", &chooser.name);
    let field = Field::new(&chooser.name, &chooser.label, FieldKind::Choice(Vec::new())).value(&chooser.chosen);
    html! {
        form.chooser action=(chooser.action) data-send-on-change {
            @for (name, value) in &chooser.hidden { input type="hidden" name=(name) value=(value); }
            label.sr for=(id) { (chooser.label) }
            (select(&id, &field, &chooser.options, "input", ""))
            button.btn.sm type="submit" { (cx.t("filter.show")) }
        }
    }
}

fn yes_no(cx: Cx) -> Vec<Opt> {
    vec![Opt::new("1", cx.t("field.yes")), Opt::new("0", cx.t("field.no"))]
}

/// A form that is sent; what was typed stays, what is wrong stands beside it.
pub(crate) fn form(form: &Form, cx: Cx) -> Markup {
    let wrong: Vec<&Field> = form.fields.iter().filter(|f| !f.errors.is_empty()).collect();
    html! {
        form.entry id={ "form-" (form.key) } method="post" action=(form.action)
            enctype=[form.has_file().then_some("multipart/form-data")] {
            (csrf(cx))
            @for (name, value) in &form.hidden { input type="hidden" name=(name) value=(value); }
            @for note in &form.notes { (notice::note(note, cx)) }
            @if !wrong.is_empty() {
                div.note.red role="alert" {
                    b { (cx.fill("form.wrong", &[("n", &wrong.len().to_string())])) }
                    " "
                    @for (i, field) in wrong.iter().enumerate() {
                        @if i > 0 { (cx.t("form.comma")) }
                        a href={ "#" (field_id(form, field)) } { (field.label) }
                    }
                }
            }
            div.fields { @for one in &form.fields { (field(form, one, cx)) } }
            div.row {
                button.btn.primary type="submit" { (form.submit) }
                @for other in &form.others { (other_way(other, cx)) }
            }
        }
    }
}

/// Another way out of a form: one that sends takes what was typed along
/// (退回 with its reason) but does not insist on the required fields.
fn other_way(other: &Action, cx: Cx) -> Markup {
    match &other.target {
        ActionTarget::Post(href, fields) => html! {
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            button class=(sent_class(other, &button_class(other))) type="submit" formaction=(href) formnovalidate
                data-confirm=[some(&other.confirm)] title=[some(&other.confirm)] { (other.label) }
        },
        _ => action(other, cx),
    }
}

/// An element's id: keys may hold dots, ids had better not.
pub(crate) fn id_of(prefix: &str, key: &str) -> String {
    let key: String = key.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '-' }).collect();
    format!("{prefix}-{key}")
}

fn field_id(form: &Form, field: &Field) -> String {
    id_of(&form.key, &field.key)
}

fn field(form: &Form, field: &Field, cx: Cx) -> Markup {
    let id = field_id(form, field);
    let is_wide = field.wide || matches!(field.kind, FieldKind::LongText | FieldKind::File(_));
    html! {
        div class={ "f" @if is_wide { " wide" } } {
            @if let FieldKind::Fixed(fixed) = &field.kind {
                span.label { (field.label) }
                span {
                    (field.value) (text::unit(&field.unit))
                    " " span.s { (text::link(&fixed.place, cx)) }
                    @if !fixed.why.is_empty() { " " span.mute.s { (fixed.why) } }
                }
            } @else {
                label for=(id) {
                    (field.label)
                    @if field.required { " " span.must { (cx.t("field.required")) } }
                }
                div.row {
                    (input(&id, field, "input wide", cx))
                    (text::unit(&field.unit))
                }
            }
            @if !field.help.is_empty() { p.s.mute id={ (id) "-help" } { (field.help) } }
            @if !field.errors.is_empty() {
                p.s.wrong id={ (id) "-error" } { @for (i, error) in field.errors.iter().enumerate() { @if i > 0 { br; } (error) } }
            }
        }
    }
}

/// Ids of what explains a field.
fn described(id: &str, field: &Field) -> Option<String> {
    let help = (!field.help.is_empty()).then(|| format!("{id}-help"));
    let error = (!field.errors.is_empty()).then(|| format!("{id}-error"));
    let both: Vec<String> = error.into_iter().chain(help).collect();
    (!both.is_empty()).then(|| both.join(" "))
}

fn invalid(field: &Field) -> Option<&'static str> {
    (!field.errors.is_empty()).then_some("true")
}

fn select(id: &str, field: &Field, options: &[Opt], class: &str, none: &str) -> Markup {
    let is_known = field.value.is_empty() || options.iter().any(|o| o.key == field.value);
    html! {
        select class=(class) id=(id) name=(field.key) required[field.required] aria-invalid=[invalid(field)]
            aria-describedby=[described(id, field)] {
            @if !none.is_empty() { option value="" { (none) } }
            @if !is_known { option value=(field.value) selected { (field.value) } }
            @for option in options {
                option value=(option.key) selected[option.key == field.value] { (option.label) }
            }
        }
    }
}

/// The control of a field; kinds that a browser would empty on a wrong value stay text.
fn input(id: &str, field: &Field, class: &str, cx: Cx) -> Markup {
    let is_day =
        |v: &str| v.is_empty() || (v.len() == 10 && v.split('-').count() == 3 && v.bytes().all(|b| b.is_ascii_digit() || b == b'-'));
    let (kind, mode) = match &field.kind {
        FieldKind::Choice(options) => return select(id, field, options, class, &cx.t("field.choose")),
        FieldKind::Bool => return select(id, field, &yes_no(cx), class, &cx.t("field.choose")),
        FieldKind::LongText => return long_text(id, field),
        FieldKind::Reference { options, search, .. } => return reference(id, field, options, search, class, cx),
        FieldKind::File(accept) => return file(id, field, accept, cx),
        FieldKind::Number | FieldKind::Money => ("text", Some("decimal")),
        FieldKind::Date if is_day(&field.value) => ("date", None),
        FieldKind::Password => ("password", None),
        FieldKind::OneTimeCode => ("text", Some("numeric")),
        FieldKind::Text | FieldKind::Date | FieldKind::Period | FieldKind::Code | FieldKind::Fixed(_) => ("text", None),
    };
    let complete = match field.kind {
        FieldKind::Password => Some("current-password"),
        FieldKind::OneTimeCode => Some("one-time-code"),
        _ => None,
    };
    // A secret is never sent back.
    let value = some(&field.value).filter(|_| kind != "password");
    let max = (field.max > 0).then(|| field.max.to_string());
    html! {
        input class={ (class) @if mode == Some("decimal") { " n" } } id=(id) name=(field.key) type=(kind) inputmode=[mode]
            value=[value] placeholder=[some(&field.example)] maxlength=[max] autocomplete=[complete] required[field.required]
            aria-invalid=[invalid(field)] aria-describedby=[described(id, field)];
    }
}

fn long_text(id: &str, field: &Field) -> Markup {
    let max = (field.max > 0).then(|| field.max.to_string());
    html! {
        textarea.input id=(id) name=(field.key) maxlength=[max] placeholder=[some(&field.example)] required[field.required]
            aria-invalid=[invalid(field)] aria-describedby=[described(id, field)] { (field.value) }
    }
}

/// A record of another ledger: typed, with matches offered.
fn reference(id: &str, field: &Field, options: &[Opt], search: &str, class: &str, cx: Cx) -> Markup {
    let list = format!("{id}-list");
    let example = if field.example.is_empty() { cx.t("field.reference") } else { field.example.clone() };
    html! {
        input class=(class) id=(id) name=(field.key) type="text" list=(list) autocomplete="off" value=[some(&field.value)]
            placeholder=(example) required[field.required] aria-invalid=[invalid(field)] aria-describedby=[described(id, field)]
            hx-get=[some(search)] hx-trigger=[some(search).map(|_| "input changed delay:200ms")] hx-target=[some(search).map(|_| format!("#{list}"))] hx-select=[some(search).map(|_| "unset")] hx-swap=[some(search).map(|_| "innerHTML")];
        datalist id=(list) { @for option in options { option value=(option.label) {} } }
    }
}

/// A file, chosen or dropped or pasted.
fn file(id: &str, field: &Field, accept: &str, cx: Cx) -> Markup {
    html! {
        div.drop data-drop {
            input id=(id) name=(field.key) type="file" accept=[some(accept)] required[field.required] aria-invalid=[invalid(field)]
                aria-describedby=[described(id, field)];
            span.mute.s data-drop-hint="" hidden { (cx.t("field.drop")) }
        }
    }
}
