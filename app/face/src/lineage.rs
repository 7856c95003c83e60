//! The lineage thread and the window on somebody's sheet.

use crate::text::{self, some};
use crate::{Cx, form, table};
use maud::{Markup, html};
use page::{Mark, Sheet, SheetCell, SheetRow, Source, Thread, ThreadRows};
use values::place::column_letters;

pub(crate) fn thread(thread: &Thread, cx: Cx) -> Markup {
    html! {
        ol.thread {
            li data-n="1" {
                (text::number(&thread.figure, cx)) (text::unit(&thread.figure.unit(cx.lang)))
                (text::standing(&thread.figure, cx)) " " (text::line(&thread.about, cx))
            }
            li data-n="2" {
                (text::line(&thread.formula, cx))
                @if !thread.detail.is_empty() { br; span.s.dim { (text::line(&thread.detail, cx)) } }
            }
            li data-n="3" { (rows(&thread.rows, cx)) }
            @if let Some(source) = &thread.source { li data-n="4" { (stop(source, cx)) } }
        }
        @if !thread.after.is_empty() { dl.kv.s { @for (term, line) in &thread.after { dt { (term) } dd { (text::line(line, cx)) } } } }
    }
}

fn rows(rows: &ThreadRows, cx: Cx) -> Markup {
    let unit = if rows.total.unit.is_empty() { cx.t("thread.rows") } else { rows.total.unit.clone() };
    html! {
        div.row {
            b { (text::count(&rows.total, cx)) " " (unit) }
            @if !rows.remark.is_empty() { span.mute.s { (rows.remark) } }
            @if let Some(more) = &rows.more { span.s { (text::link(more, cx)) } }
            span.grow {}
            @if let Some(find) = &rows.find {
                form role="search" aria-label=(cx.t("thread.find")) action=(find.action) {
                    @for (name, value) in &find.hidden { input type="hidden" name=(name) value=(value); }
                    @for field in &find.fields {
                        label.sr for={ (form::id_of("lf", &field.key)) } { (field.label) }
                        input.input.mini.sm id={ (form::id_of("lf", &field.key)) } name=(field.key) type="search" value=[some(&field.value)]
                            placeholder=[some(&field.example)];
                    }
                    button.link.s type="submit" { (cx.t("thread.look")) }
                }
            }
        }
        (table::table(&rows.table, cx))
    }
}

fn stop(source: &Source, cx: Cx) -> Markup {
    match source {
        Source::Cell { file, about, download, sheet: window, conversion, sha, light } => html! {
            div.row {
                b { (file) } span.s.dim { (text::line(about, cx)) } span.grow {}
                @if let Some(download) = download { (form::action(&download.clone().small(), cx)) }
            }
            (sheet(window, cx))
            p.row.s {
                span.dim.grow { (text::line(conversion, cx)) }
                span.mute { "SHA-256 " (sha) }
                (text::light(light, cx))
            }
        },
        Source::Entry { form, about, sheet: window, conversion } => html! {
            div.row { b { (form) } span.s.dim { (text::line(about, cx)) } }
            (sheet(window, cx))
            p.row.s { span.dim.grow { (text::line(conversion, cx)) } }
        },
        Source::Published { title, about, quote, conversion } => html! {
            div.row { b { (title) } span.s.dim { (text::line(about, cx)) } }
            @if !quote.is_empty() { blockquote.note.origin { (quote) } }
            @if !conversion.is_empty() { p.row.s { span.dim.grow { (text::line(conversion, cx)) } } }
        },
        Source::Gone { file, about, sha } => html! {
            div.row { b { (file) } span.light.grey { (cx.t("thread.gone")) } }
            p.note.amber { (text::line(about, cx)) }
            p.row.s { span.mute { "SHA-256 " (sha) } }
        },
    }
}

/// A window on a sheet: name box, letters, row numbers, the cell.
pub(crate) fn sheet(sheet: &Sheet, cx: Cx) -> Markup {
    let columns = sheet.first_column..sheet.first_column + u32::try_from(sheet.width()).unwrap_or(0);
    let label = if sheet.label.is_empty() { cx.t("sheet.label") } else { sheet.label.clone() };
    html! {
        section.sheet tabindex="0" aria-label=(label) {
            @if sheet.hit.is_some() { div.fx { b { (sheet.name_box()) } span { (sheet.raw) } } }
            table {
                thead {
                    tr {
                        td {}
                        @for column in columns {
                            th scope="col" class=[is_hit_column(sheet, column).then_some("hit")] { (column_letters(column)) }
                        }
                    }
                }
                tbody { @for row in &sheet.rows { (sheet_row(sheet, row)) } }
            }
            @if !sheet.tabs.is_empty() {
                div.st {
                    @for tab in &sheet.tabs {
                        @if tab.current { b { (tab.label) } } @else { span { (text::link(tab, cx)) } }
                    }
                }
            }
        }
    }
}

fn is_hit_column(sheet: &Sheet, column: u32) -> bool {
    sheet.hit.is_some_and(|(_, hit)| hit == column)
}

fn sheet_row(sheet: &Sheet, row: &SheetRow) -> Markup {
    let is_hit_row = sheet.ringed && sheet.hit.is_some_and(|(hit, _)| hit == row.number);
    html! {
        tr {
            th scope="row" class=[is_hit_row.then_some("hit")] { (row.number) }
            @for (i, cell) in row.cells.iter().enumerate() {
                @let column = sheet.first_column + u32::try_from(i).unwrap_or(0);
                (sheet_cell(sheet, cell, is_hit_row, is_hit_column(sheet, column)))
            }
        }
    }
}

fn sheet_cell(sheet: &Sheet, cell: &SheetCell, in_row: bool, in_column: bool) -> Markup {
    let mut classes = Vec::new();
    match cell.mark {
        Some(Mark::Bad) => classes.push("bad"),
        Some(Mark::Warning) => classes.push("warn"),
        Some(Mark::Changed) => classes.push("chg"),
        Some(Mark::New) => classes.push("new"),
        None => {}
    }
    if cell.number {
        classes.push("n");
    }
    if sheet.ringed && in_row && in_column {
        classes.push("hit");
    } else if cell.head || (sheet.ringed && (in_row || in_column)) {
        classes.push("band");
    }
    if sheet.loading {
        classes.push("grey");
    }
    let class = (!classes.is_empty()).then(|| classes.join(" "));
    html! {
        td class=[class] id=[cell.finding.map(|n| format!("m{n}"))] {
            @if !cell.was.is_empty() { s { (cell.was) } }
            @if cell.head { b { (cell.text) } } @else { (cell.text) }
            @if let Some(n) = cell.finding { sup { a href={ "#v" (n) } { (n) } } }
        }
    }
}
