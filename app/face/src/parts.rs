//! Which component draws which part.

use crate::text::{self, drawing};
use crate::{Cx, document, form, import, layout, lineage, notice, table};
use maud::{Markup, html};
use page::Part;
use page::draw::{self, Ink};

/// Parts one after the other.
pub(crate) fn stack(parts: &[Part], cx: Cx) -> Markup {
    html! { @for one in parts { (part(one, cx)) } }
}

/// Any part.
pub(crate) fn part(part: &Part, cx: Cx) -> Markup {
    match part {
        Part::Panel(p) => layout::panel(p, cx),
        Part::Columns(c) => layout::columns(c, cx),
        Part::Drawer(d) => layout::drawer(d, cx),
        Part::KeyFigures(figures) => layout::key_figures(figures, cx),
        Part::Tiles(tiles) => layout::tiles(tiles, cx),
        Part::Table(t) => table::table(t, cx),
        Part::Items(items) => layout::items(items, cx),
        Part::KeyValues(values) => layout::key_values(values, cx),
        Part::Heading(line) => html! { h3 { (text::line(line, cx)) } },
        Part::Text(line) => html! { p { (text::line(line, cx)) } },
        Part::Remark(line) => html! { p.dim.s { (text::line(line, cx)) } },
        Part::Filters(f) => form::filters(f, cx),
        Part::Toolbar(t) => form::toolbar(t, cx),
        Part::Actions(t) => form::action_bar(t, cx),
        Part::Form(f) => form::form(f, cx),
        Part::Pager(p) => layout::pager(p, cx),
        Part::Tabs(s) => layout::tabs(s, cx),
        Part::Chart(c) => drawing(draw::chart(c, Ink::Screen, cx.lang)),
        Part::Thread(t) => lineage::thread(t, cx),
        Part::Sheet(s) => lineage::sheet(s, cx),
        Part::Steps(s) => layout::steps(s, cx),
        Part::Days(d) => layout::days(d),
        Part::Timeline(t) => layout::timeline(t, cx),
        Part::Import(i) => import::result(i, cx),
        Part::Document(d) => document::document(d, cx),
        Part::Checks(c) => document::checks(c, cx),
        Part::Note(n) => notice::note(n, cx),
        Part::Empty(e) => notice::empty(e, cx),
        Part::Fault(f) => notice::fault(f, cx),
    }
}
