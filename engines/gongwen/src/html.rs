//! The same tree as HTML, figures clickable.
//!
//! Classes are the stylesheet's: `doc` around everything, `fig` on a figure,
//! `n` on a number's cell. Nothing is scripted; the page's own style prints.

use crate::mark::Mark;
use crate::tree::{Align, Block, Document, Heading, Inline, Paragraph, Table, Text, chinese_date, printed};
use ooxml::xml::escape;
use std::fmt::Write;

/// Writes the document as one `<article>`.
///
/// `link` gives the address behind a figure; a figure without one is printed without a link.
#[must_use]
pub fn write(document: &Document, link: &dyn Fn(&Mark) -> Option<String>) -> String {
    let mut page = Page { out: String::with_capacity(32 * 1024), link };
    page.out.push_str("<article class=\"doc\">");
    if let Some(head) = &document.red_head {
        let _ = write!(
            page.out,
            "<header class=\"doc-head\"><p class=\"doc-issuer\">{}</p><p class=\"doc-number\">{}</p></header>",
            escape(&head.issuer),
            escape(&head.number)
        );
    }
    if !document.title.is_empty() {
        page.out.push_str("<h1>");
        for (n, line) in document.title.iter().enumerate() {
            if n > 0 {
                page.out.push_str("<br>");
            }
            page.text(line);
        }
        page.out.push_str("</h1>");
    }
    page.element("p class=\"doc-subtitle\"", "p", &document.subtitle);
    if !document.addressee.is_empty() {
        let _ = write!(page.out, "<p class=\"doc-to\">{}：</p>", escape(&document.addressee));
    }
    page.blocks(&document.blocks);
    if let Some(signature) = &document.signature {
        let _ = write!(page.out, "<p class=\"doc-sign\">{}", escape(&signature.name));
        if let Some(date) = signature.date {
            let _ = write!(page.out, "<br><time datetime=\"{date}\">{}</time>", chinese_date(date));
        }
        page.out.push_str("</p>");
    }
    if !document.remark.is_empty() {
        let _ = write!(page.out, "<p>（{}）</p>", escape(&document.remark));
    }
    for (n, attachment) in document.attachments.iter().enumerate() {
        let mark = if document.attachments.len() > 1 { (n + 1).to_string() } else { String::new() };
        let _ = write!(page.out, "<section class=\"doc-attachment\"><p>附件{mark}</p>");
        page.element("h2", "h2", &attachment.title);
        page.blocks(&attachment.blocks);
        page.out.push_str("</section>");
    }
    for line in &document.imprint {
        let _ = write!(page.out, "<p class=\"doc-imprint\">{}</p>", escape(line));
    }
    if let Some(colophon) = &document.colophon {
        page.out.push_str("<footer class=\"doc-colophon\">");
        if !colophon.copy_to.is_empty() {
            let _ = write!(page.out, "<p>抄送：{}。</p>", escape(&colophon.copy_to));
        }
        let date = colophon.date.map(|d| format!("{}印发", chinese_date(d))).unwrap_or_default();
        let _ = write!(page.out, "<p>{} {date}</p></footer>", escape(&colophon.office));
    }
    page.out.push_str("</article>");
    page.out
}

struct Page<'a> {
    out: String,
    link: &'a dyn Fn(&Mark) -> Option<String>,
}

impl Page<'_> {
    fn element(&mut self, open: &str, close: &str, text: &Text) {
        if !text.is_empty() {
            let _ = write!(self.out, "<{open}>");
            self.text(text);
            let _ = write!(self.out, "</{close}>");
        }
    }

    fn text(&mut self, text: &Text) {
        for inline in text {
            match inline {
                Inline::Words(words) => self.out.push_str(&escape(words)),
                Inline::Mark(mark) => self.mark(mark),
            }
        }
    }

    fn mark(&mut self, mark: &Mark) {
        let (id, text) = (escape(&mark.id), escape(&mark.printed));
        let _ = match (self.link)(mark) {
            Some(link) => write!(self.out, "<a class=\"fig\" id=\"{id}\" href=\"{}\">{text}</a>", escape(&link)),
            None => write!(self.out, "<span class=\"fig\" id=\"{id}\">{text}</span>"),
        };
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Heading(heading) => self.heading(heading),
                Block::Paragraph(paragraph) => self.paragraph(paragraph),
                Block::Table(table) => self.table(table),
            }
        }
    }

    fn heading(&mut self, heading: &Heading) {
        let tag = heading.level.clamp(1, 4) + 1;
        let _ = write!(self.out, "<h{tag}>{}", escape(&heading.number));
        self.text(&heading.text);
        let _ = write!(self.out, "</h{tag}>");
    }

    fn paragraph(&mut self, paragraph: &Paragraph) {
        self.out.push_str("<p>");
        if let Some(lead) = &paragraph.lead {
            let _ = write!(self.out, "<b class=\"lead{}\">{}", lead.level.clamp(1, 4), escape(&lead.number));
            self.text(&lead.text);
            self.out.push_str("</b>");
        }
        self.text(&paragraph.text);
        self.out.push_str("</p>");
    }

    fn table(&mut self, table: &Table) {
        self.out.push_str("<table class=\"table\">");
        if !table.caption.is_empty() || !table.unit.is_empty() {
            self.out.push_str("<caption>");
            self.text(&table.caption);
            if !table.unit.is_empty() {
                let _ = write!(self.out, "<span class=\"doc-unit\">{}</span>", escape(&table.unit));
            }
            self.out.push_str("</caption>");
        }
        if !table.head.is_empty() {
            self.out.push_str("<thead><tr>");
            for cell in &table.head {
                let _ = write!(self.out, "<th scope=\"col\">{}</th>", escape(&printed(cell)));
            }
            self.out.push_str("</tr></thead>");
        }
        self.out.push_str("<tbody>");
        for row in &table.rows {
            self.out.push_str("<tr>");
            for cell in row {
                self.out.push_str(match cell.align {
                    Align::Left => "<td>",
                    Align::Centre => "<td class=\"center\">",
                    Align::Right => "<td class=\"n\">",
                });
                self.text(&cell.text);
                self.out.push_str("</td>");
            }
            self.out.push_str("</tr>");
        }
        self.out.push_str("</tbody></table>");
        self.element("p class=\"doc-note\"", "p", &table.note);
    }
}
