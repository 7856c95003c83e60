//! The parts of a Word file that hold no text of the document: styles, fonts, settings, page numbers, properties.

use crate::layout::{Layout, Style};
use crate::tree::Properties;
use ooxml::xml::escape;
use std::fmt::Write;

/// Declaration and namespace of a WordprocessingML part.
pub(super) const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
pub(super) const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

/// Odd and even pages differ (page numbers outside); punctuation keeps its width so that 28 characters fill a line.
pub(super) const SETTINGS: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<w:settings xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">",
    "<w:zoom w:percent=\"100\"/><w:bordersDoNotSurroundHeader/><w:bordersDoNotSurroundFooter/>",
    "<w:defaultTabStop w:val=\"420\"/><w:evenAndOddHeaders/><w:drawingGridVerticalSpacing w:val=\"156\"/>",
    "<w:characterSpacingControl w:val=\"doNotCompress\"/>",
    "<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>",
    "<w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>",
    "<w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>",
    "<w:themeFontLang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/><w:decimalSymbol w:val=\".\"/><w:listSeparator w:val=\",\"/>",
    "</w:settings>"
);

pub(super) const APP: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">",
    "<Application>Suyuan</Application></Properties>"
);

pub(super) const ITEM_PROPERTIES: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<ds:datastoreItem ds:itemID=\"{5B1F4C62-6C0B-4E0B-9F35-5A7B3D2E9704}\" ",
    "xmlns:ds=\"http://schemas.openxmlformats.org/officeDocument/2006/customXml\">",
    "<ds:schemaRefs><ds:schemaRef ds:uri=\"urn:suyuan:report:1\"/></ds:schemaRefs></ds:datastoreItem>"
);

/// Core properties; the date is the data's, no clock is asked.
pub(super) fn core(properties: &Properties) -> String {
    let mut out = format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator>",
        escape(&properties.title),
        escape(&properties.creator)
    );
    if let Some(date) = properties.date {
        let _ = write!(out, "<dcterms:created xsi:type=\"dcterms:W3CDTF\">{date}T00:00:00Z</dcterms:created>");
    }
    out.push_str("<dc:language>zh-CN</dc:language></cp:coreProperties>");
    out
}

/// Fonts with their alternatives, so that WPS and other machines find the same face.
pub(super) fn fonts(layout: &Layout) -> String {
    let mut out = format!("{HEAD}<w:fonts {W}>");
    for (role, font) in &layout.fonts {
        let _ = write!(out, "<w:font w:name=\"{}\">", escape(&font.name));
        if !font.alternatives.is_empty() {
            let _ = write!(out, "<w:altName w:val=\"{}\"/>", escape(&font.alternatives));
        }
        out.push_str(if role == "latin" {
            "<w:charset w:val=\"00\"/><w:family w:val=\"roman\"/><w:pitch w:val=\"variable\"/>"
        } else {
            "<w:charset w:val=\"86\"/><w:family w:val=\"auto\"/><w:pitch w:val=\"variable\"/>"
        });
        out.push_str("</w:font>");
    }
    out.push_str("</w:fonts>");
    out
}

/// Run properties of fonts: East-Asian and Latin faces named apart.
pub(super) fn run_fonts(layout: &Layout, east: &str, latin: &str) -> String {
    let latin = layout.font(if latin.is_empty() { "latin" } else { latin });
    let east = layout.font(east);
    format!("<w:rFonts w:ascii=\"{0}\" w:eastAsia=\"{1}\" w:hAnsi=\"{0}\" w:cs=\"{0}\"/>", escape(latin), escape(east))
}

/// All styles.
pub(super) fn styles(layout: &Layout) -> String {
    let mut out = format!("{HEAD}<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr>");
    out.push_str(&run_fonts(layout, "fang_song", ""));
    out.push_str(
        "<w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/><w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\" w:bidi=\"ar-SA\"/></w:rPr></w:rPrDefault>",
    );
    out.push_str("<w:pPrDefault><w:pPr><w:spacing w:before=\"0\" w:after=\"0\"/></w:pPr></w:pPrDefault></w:docDefaults>");
    out.push_str("<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/><w:pPr><w:widowControl w:val=\"0\"/></w:pPr></w:style>");
    out.push_str("<w:style w:type=\"character\" w:default=\"1\" w:styleId=\"DefaultParagraphFont\"><w:name w:val=\"Default Paragraph Font\"/><w:uiPriority w:val=\"1\"/><w:semiHidden/></w:style>");
    out.push_str("<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/><w:uiPriority w:val=\"99\"/><w:semiHidden/><w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/><w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/><w:left w:w=\"108\" w:type=\"dxa\"/><w:bottom w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"108\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>");
    for (id, style) in &layout.styles {
        paragraph_style(&mut out, layout, id, style);
    }
    for (level, font) in [(1, "hei"), (2, "kai"), (3, "fang_song"), (4, "fang_song")] {
        let _ = write!(
            out,
            "<w:style w:type=\"character\" w:customStyle=\"1\" w:styleId=\"SyLead{level}\"><w:name w:val=\"段首标题{level}\"/><w:rPr>{}</w:rPr></w:style>",
            run_fonts(layout, font, "")
        );
    }
    out.push_str("<w:style w:type=\"table\" w:customStyle=\"1\" w:styleId=\"SyTable\"><w:name w:val=\"公文表格\"/><w:basedOn w:val=\"TableNormal\"/><w:tblPr><w:tblBorders>");
    for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
        let _ = write!(out, "<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>");
    }
    out.push_str("</w:tblBorders></w:tblPr></w:style></w:styles>");
    out
}

fn paragraph_style(out: &mut String, layout: &Layout, id: &str, style: &Style) {
    let custom = if id.starts_with("Sy") { " w:customStyle=\"1\"" } else { "" };
    let _ = write!(
        out,
        "<w:style w:type=\"paragraph\"{custom} w:styleId=\"{id}\"><w:name w:val=\"{}\"/><w:basedOn w:val=\"Normal\"/>",
        escape(&style.label)
    );
    if style.outline.is_some_and(|o| o > 0) {
        out.push_str("<w:next w:val=\"SyBody\"/>");
    }
    out.push_str("<w:qFormat/><w:pPr>");
    if style.keep {
        out.push_str("<w:keepNext/>");
    }
    if style.page {
        out.push_str("<w:pageBreakBefore/>");
    }
    out.push_str("<w:widowControl w:val=\"0\"/>");
    // Line height: the page's own, exact, so that 22 lines fill it; tables and small print as high as their font.
    if let Some(points) = style.exact {
        let _ = write!(out, "<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"{}\" w:lineRule=\"exact\"/>", (points * 20.0).round());
    } else if style.loose {
        out.push_str("<w:snapToGrid w:val=\"0\"/>");
    } else {
        if style.size > layout.page.body_points {
            // LibreOffice would give a large line two lines of the grid.
            out.push_str("<w:snapToGrid w:val=\"0\"/>");
        }
        let _ = write!(out, "<w:spacing w:line=\"{}\" w:lineRule=\"exact\"/>", layout.page.line_twips());
    }
    let twips = |characters: f64| (characters * layout.page.character_twips()).round() as i64;
    let hundredths = |characters: f64| (characters * 100.0).round() as i64;
    if style.indent + style.left + style.right > 0.0 {
        out.push_str("<w:ind");
        for (name, characters) in [("left", style.left), ("right", style.right), ("firstLine", style.indent)] {
            if characters > 0.0 {
                let _ = write!(out, " w:{name}Chars=\"{}\" w:{name}=\"{}\"", hundredths(characters), twips(characters));
            }
        }
        out.push_str("/>");
    }
    if !style.align.is_empty() {
        let _ = write!(out, "<w:jc w:val=\"{}\"/>", escape(&style.align));
    }
    if let Some(outline) = style.outline.filter(|o| *o > 0) {
        let _ = write!(out, "<w:outlineLvl w:val=\"{}\"/>", outline - 1);
    }
    out.push_str("</w:pPr><w:rPr>");
    out.push_str(&run_fonts(layout, &style.font, &style.latin));
    if !style.colour.is_empty() {
        let _ = write!(out, "<w:color w:val=\"{}\"/>", escape(&style.colour));
    }
    let tracking = layout.page.tracking_twips(style.size);
    if tracking != 0 {
        let _ = write!(out, "<w:spacing w:val=\"{tracking}\"/>");
    }
    let half_points = (style.size * 2.0).round();
    let _ = write!(out, "<w:sz w:val=\"{half_points}\"/><w:szCs w:val=\"{half_points}\"/></w:rPr></w:style>");
}

/// A page number `— 1 —`, one character in from the outer edge: right on odd pages, left on even ones.
pub(super) fn footer(side: &str) -> String {
    let field = |instruction: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> {instruction} </w:instrText></w:r>\
             <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
        )
    };
    format!(
        "{HEAD}<w:ftr {W}><w:p><w:pPr><w:pStyle w:val=\"SyPageNumber\"/><w:ind w:{side}Chars=\"100\" w:{side}=\"280\"/><w:jc w:val=\"{side}\"/></w:pPr>\
         <w:r><w:t xml:space=\"preserve\">— </w:t></w:r>{}<w:r><w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>",
        field("PAGE")
    )
}
