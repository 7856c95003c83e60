//! `word/document.xml`: the body of the document.

use super::parts::{HEAD, W};
use super::{FOOTER_EVEN, FOOTER_ODD};
use crate::layout::{Layout, twips};
use crate::mark::Mark;
use crate::tree::{
    Align, Attachment, Block, Cell, Colophon, Document, Heading, Inline, Paragraph, RedHead, Signature, Table, Text, chinese_date, printed,
};
use ooxml::xml::escape;
use std::fmt::Write;

const R: &str = "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

/// Writes the part.
pub(super) fn write(document: &Document, layout: &Layout) -> String {
    let mut body = Body { out: String::with_capacity(64 * 1024), layout, bookmark: 0 };
    let _ = write!(body.out, "{HEAD}<w:document {W} {R}><w:body>");
    if let Some(head) = &document.red_head {
        body.red_head(head);
    }
    body.title(document);
    if !document.addressee.is_empty() {
        body.plain("SyAddressee", &format!("{}：", document.addressee));
    }
    body.blocks(&document.blocks);
    body.attachment_list(&document.attachments);
    if let Some(signature) = &document.signature {
        body.signature(signature);
    }
    if !document.remark.is_empty() {
        body.plain("SyRemark", &format!("（{}）", document.remark));
    }
    for (n, attachment) in document.attachments.iter().enumerate() {
        body.attachment(attachment, n, document.attachments.len());
    }
    for line in &document.imprint {
        body.plain("SyImprint", line);
    }
    if let Some(colophon) = &document.colophon {
        body.colophon(colophon);
    }
    body.section();
    body.out.push_str("</w:body></w:document>");
    body.out
}

struct Body<'a> {
    out: String,
    layout: &'a Layout,
    bookmark: u32,
}

impl Body<'_> {
    fn open(&mut self, style: &str) {
        let _ = write!(self.out, "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>");
    }

    fn close(&mut self) {
        self.out.push_str("</w:p>");
    }

    fn plain(&mut self, style: &str, text: &str) {
        self.open(style);
        self.run(text, "");
        self.close();
    }

    fn empty(&mut self, style: &str) {
        self.open(style);
        self.close();
    }

    fn run(&mut self, text: &str, properties: &str) {
        if text.is_empty() {
            return;
        }
        self.out.push_str("<w:r>");
        if !properties.is_empty() {
            let _ = write!(self.out, "<w:rPr>{properties}</w:rPr>");
        }
        let _ = write!(self.out, "<w:t xml:space=\"preserve\">{}</w:t></w:r>", escape(text));
    }

    fn text(&mut self, text: &Text, properties: &str) {
        for inline in text {
            match inline {
                Inline::Words(words) => self.run(words, properties),
                Inline::Mark(mark) => self.mark(mark, properties),
            }
        }
    }

    /// Bookmark outside, control inside, the number alone within.
    ///
    /// Not a plain-text control (`w:text`): LibreOffice 7.4 saves Chinese words in one four times over.
    fn mark(&mut self, mark: &Mark, properties: &str) {
        let n = self.bookmark;
        self.bookmark += 1;
        let id = escape(&mark.id);
        let _ = write!(self.out, "<w:bookmarkStart w:id=\"{n}\" w:name=\"{id}\"/><w:sdt><w:sdtPr>");
        let alias: String = format!("{} {}", mark.figure.label, mark.figure.period.chinese()).chars().take(60).collect();
        // The control's own number: any that is unique in the document, positive, and the same each time.
        let number = 970_400_000 + n;
        let _ = write!(
            self.out,
            "<w:alias w:val=\"{}\"/><w:tag w:val=\"{id}\"/><w:id w:val=\"{number}\"/></w:sdtPr><w:sdtContent>",
            escape(&alias)
        );
        self.run(&mark.printed, properties);
        let _ = write!(self.out, "</w:sdtContent></w:sdt><w:bookmarkEnd w:id=\"{n}\"/>");
    }

    fn red_head(&mut self, head: &RedHead) {
        for (style, text) in [("SyCopyNumber", &head.copy_number), ("SySecrecy", &head.secrecy), ("SySecrecy", &head.urgency)] {
            if !text.is_empty() {
                self.plain(style, text);
            }
        }
        self.open("SyIssuer");
        // The mark is made to fit one line by narrowing its letters, as printers do; never larger than its own size.
        let size = self.layout.styles.get("SyIssuer").map_or(42.0, |s| s.size);
        let width = head.issuer.chars().count() as f64 * size * 20.0;
        let area = self.layout.page.area_twips() as f64;
        let percent = (area / width * 100.0).floor().clamp(1.0, 100.0);
        let narrow = if percent < 100.0 { format!("<w:w w:val=\"{percent}\"/>") } else { String::new() };
        self.run(&head.issuer, &narrow);
        self.close();
        self.empty("SyNumber");
        self.empty("SyNumber");
        self.document_number(head);
        self.empty("SyNumber");
        self.empty("SyNumber");
    }

    /// 发文字号, centred; with a signer it stands left and the signer right. Red line below, 4 mm.
    fn document_number(&mut self, head: &RedHead) {
        let border = "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"12\" w:space=\"11\" w:color=\"FF0000\"/></w:pBdr>";
        let area = self.layout.page.area_twips();
        let character = self.layout.page.character_twips().round();
        if head.signer.is_empty() {
            let _ = write!(self.out, "<w:p><w:pPr><w:pStyle w:val=\"SyNumber\"/>{border}</w:pPr>");
            self.run(&head.number, "");
        } else {
            let _ = write!(
                self.out,
                "<w:p><w:pPr><w:pStyle w:val=\"SyNumber\"/>{border}<w:tabs><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs><w:ind w:leftChars=\"100\" w:left=\"{character}\"/><w:jc w:val=\"left\"/></w:pPr>",
                area - character as i64
            );
            self.run(&head.number, "");
            self.out.push_str("<w:r><w:tab/></w:r>");
            self.run("签发人：", "");
            let kai = super::parts::run_fonts(self.layout, "kai", "");
            self.run(&head.signer, &kai);
        }
        self.close();
    }

    fn title(&mut self, document: &Document) {
        for line in &document.title {
            self.open("SyTitle");
            self.text(line, "");
            self.close();
        }
        if !document.subtitle.is_empty() {
            self.open("SySubtitle");
            self.text(&document.subtitle, "");
            self.close();
        }
        if !document.title.is_empty() {
            self.empty("SyBody");
        }
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
        self.open(&format!("Heading{}", heading.level.clamp(1, 4)));
        self.run(&heading.number, "");
        self.text(&heading.text, "");
        self.close();
    }

    fn paragraph(&mut self, paragraph: &Paragraph) {
        self.open("SyBody");
        if let Some(lead) = &paragraph.lead {
            let style = format!("<w:rStyle w:val=\"SyLead{}\"/>", lead.level.clamp(1, 4));
            self.run(&lead.number, &style);
            self.text(&lead.text, &style);
        }
        self.text(&paragraph.text, "");
        self.close();
    }

    fn table(&mut self, table: &Table) {
        if !table.caption.is_empty() {
            self.open("SyCaption");
            self.text(&table.caption, "");
            self.close();
        }
        if !table.unit.is_empty() {
            self.plain("SyUnit", &table.unit);
        }
        let columns = table.head.len().max(table.rows.iter().map(Vec::len).max().unwrap_or(0)).max(1);
        let widths = column_widths(table, columns, self.layout.page.area_twips());
        let area: i64 = widths.iter().sum();
        let _ = write!(
            self.out,
            "<w:tbl><w:tblPr><w:tblStyle w:val=\"SyTable\"/><w:tblW w:w=\"{area}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>"
        );
        for width in &widths {
            let _ = write!(self.out, "<w:gridCol w:w=\"{width}\"/>");
        }
        self.out.push_str("</w:tblGrid>");
        if !table.head.is_empty() {
            self.out.push_str("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
            for (n, width) in widths.iter().enumerate() {
                let text = table.head.get(n).cloned().unwrap_or_default();
                self.cell("SyTableHead", &text, *width);
            }
            self.out.push_str("</w:tr>");
        }
        for row in &table.rows {
            self.out.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
            for (n, width) in widths.iter().enumerate() {
                let cell = row.get(n).cloned().unwrap_or_default();
                let style = match cell.align {
                    Align::Left => "SyTableText",
                    Align::Centre => "SyTableMark",
                    Align::Right => "SyTableNumber",
                };
                self.cell(style, &cell.text, *width);
            }
            self.out.push_str("</w:tr>");
        }
        if table.rows.is_empty() && table.head.is_empty() {
            // A table without any row is no valid table.
            self.out.push_str("<w:tr>");
            self.cell("SyTableText", &Text::new(), area);
            self.out.push_str("</w:tr>");
        }
        self.out.push_str("</w:tbl>");
        if table.note.is_empty() {
            self.empty("SyNote");
        } else {
            self.open("SyNote");
            self.text(&table.note, "");
            self.close();
        }
    }

    fn cell(&mut self, style: &str, text: &Text, width: i64) {
        let _ = write!(self.out, "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>");
        self.open(style);
        self.text(text, "");
        self.close();
        self.out.push_str("</w:tc>");
    }

    /// 附件说明: `附件：1. ×××`, one empty line below the body, later ones under the first name.
    fn attachment_list(&mut self, attachments: &[Attachment]) {
        if attachments.is_empty() {
            return;
        }
        self.empty("SyBody");
        let many = attachments.len() > 1;
        let character = self.layout.page.character_twips();
        for (n, attachment) in attachments.iter().enumerate() {
            // Two characters in, then “附件：” (three); later lines begin below the first number.
            let left = ((if n == 0 { 2.0 } else { 5.0 }) * character).round();
            let hanging = if n == 0 { 3.0 } else { 0.0 } + if many { 1.0 } else { 0.0 };
            let hang = (hanging * character).round();
            let _ = write!(
                self.out,
                "<w:p><w:pPr><w:pStyle w:val=\"SyAttachmentList\"/><w:ind w:leftChars=\"0\" w:left=\"{}\" w:firstLineChars=\"0\" w:hanging=\"{hang}\"/></w:pPr>",
                left + hang
            );
            let mark = if n == 0 { "附件：" } else { "" };
            let number = if many { format!("{}. ", n + 1) } else { String::new() };
            self.run(&format!("{mark}{number}"), "");
            self.run(&printed(&attachment.title), "");
            self.close();
        }
    }

    /// Name and date without a seal: the date's first character stands two characters right of the name's first.
    fn signature(&mut self, signature: &Signature) {
        self.empty("SyBody");
        let character = self.layout.page.character_twips();
        let date = signature.date.map(chinese_date).unwrap_or_default();
        let width = |text: &str| text.chars().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum::<f64>();
        let (name_width, date_width) = (width(&signature.name), width(&date));
        // Counted from the left, because programs widen the joints of digits and characters each in its own way.
        let line = f64::from(self.layout.page.characters);
        let name_left = (line - 2.0 - name_width).min(line - 4.0 - date_width).max(0.0);
        for (text, left) in [(signature.name.as_str(), name_left), (date.as_str(), name_left + 2.0)] {
            if text.is_empty() {
                continue;
            }
            let left = (left * character).round();
            let _ = write!(self.out, "<w:p><w:pPr><w:pStyle w:val=\"SySignature\"/><w:ind w:left=\"{left}\"/></w:pPr>");
            self.run(text, "");
            self.close();
        }
    }

    fn attachment(&mut self, attachment: &Attachment, n: usize, of: usize) {
        let mark = if of > 1 { format!("附件{}", n + 1) } else { "附件".to_owned() };
        self.plain("SyAttachmentMark", &mark);
        self.empty("SyBody");
        self.open("SyTitle");
        self.text(&attachment.title, "");
        self.close();
        self.empty("SyBody");
        self.blocks(&attachment.blocks);
    }

    /// 版记 at the bottom of the last page: lines as wide as the text area, first and last 0.35 mm, middle 0.25 mm.
    fn colophon(&mut self, colophon: &Colophon) {
        let area = self.layout.page.area_twips();
        let border = |side: &str, eighths: u32| format!("<w:{side} w:val=\"single\" w:sz=\"{eighths}\" w:space=\"0\" w:color=\"000000\"/>");
        // 0.35 mm is 8 eighths of a point, 0.25 mm is 6.
        let _ = write!(
            self.out,
            "<w:tbl><w:tblPr><w:tblpPr w:vertAnchor=\"margin\" w:horzAnchor=\"margin\" w:tblpX=\"1\" w:tblpYSpec=\"bottom\"/><w:tblW w:w=\"{area}\" w:type=\"dxa\"/><w:tblBorders>{}{}{}</w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid><w:gridCol w:w=\"{area}\"/></w:tblGrid>",
            border("top", 8),
            border("bottom", 8),
            border("insideH", 6)
        );
        if !colophon.copy_to.is_empty() {
            self.out.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
            self.cell("SyColophon", &crate::tree::words(format!("抄送：{}。", colophon.copy_to)), area);
            self.out.push_str("</w:tr>");
        }
        let _ = write!(
            self.out,
            "<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w=\"{area}\" w:type=\"dxa\"/></w:tcPr><w:p><w:pPr><w:pStyle w:val=\"SyColophon\"/><w:tabs><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs></w:pPr>",
            area - self.layout.page.character_twips().round() as i64 - 216
        );
        self.run(&colophon.office, "");
        if let Some(date) = colophon.date {
            self.out.push_str("<w:r><w:tab/></w:r>");
            self.run(&format!("{}印发", chinese_date(date)), "");
        }
        self.out.push_str("</w:p></w:tc></w:tr></w:tbl>");
        // A table may not end the body.
        self.empty("SyImprint");
    }

    fn section(&mut self) {
        let page = &self.layout.page;
        // The dash of the page number stands 7 mm below the text area: half a 14-point line lies below it.
        let footer = page.bottom_mm() - page.page_number_gap_mm - 14.0 * 25.4 / 72.0 / 2.0;
        let _ = write!(
            self.out,
            "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"{FOOTER_ODD}\"/><w:footerReference w:type=\"even\" r:id=\"{FOOTER_EVEN}\"/>\
             <w:pgSz w:w=\"{}\" w:h=\"{}\"/><w:pgMar w:top=\"{}\" w:right=\"{}\" w:bottom=\"{}\" w:left=\"{}\" w:header=\"851\" w:footer=\"{}\" w:gutter=\"0\"/>\
             <w:cols w:space=\"425\"/><w:docGrid w:type=\"lines\" w:linePitch=\"{}\"/></w:sectPr>",
            twips(page.width_mm),
            twips(page.height_mm),
            twips(page.top_mm),
            twips(page.right_mm()),
            twips(page.bottom_mm()),
            twips(page.left_mm),
            twips(footer),
            page.line_twips(),
        );
    }
}

/// Widths by what the columns hold: each as wide as its longest cell (four to twenty characters, 12-point, with its
/// margins), then stretched or narrowed in proportion, in twips that add up to the area.
fn column_widths(table: &Table, columns: usize, area: i64) -> Vec<i64> {
    const HALF_CHARACTER: i64 = 122;
    const MARGINS: i64 = 240;
    let width = |text: &Text| printed(text).chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<i64>();
    let longest = |n: usize| {
        let head = table.head.get(n).map_or(0, width);
        let rows = table.rows.iter().filter_map(|row| row.get(n)).map(|cell: &Cell| width(&cell.text)).max().unwrap_or(0);
        head.max(rows).clamp(8, 40) * HALF_CHARACTER + MARGINS
    };
    let wanted: Vec<i64> = (0..columns).map(longest).collect();
    let total: i64 = wanted.iter().sum::<i64>().max(1);
    let mut widths: Vec<i64> = wanted.iter().map(|w| area * w / total).collect();
    let rest = area - widths.iter().sum::<i64>();
    if let Some(first) = widths.first_mut() {
        *first += rest;
    }
    widths
}
