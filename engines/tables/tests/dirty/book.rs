//! Writes workbooks as Excel, WPS and LibreOffice write them, from a few characters a cell.
//!
//! A row is a line, cells are parted by `|`:
//! nothing · no cell; `·` a cell with a format and nothing in it; `'12` text;
//! `12.5` a number; `@45717:yyyy/m/d` a number with a format; `#N/A` an error;
//! `=A1→12` a formula with its value, `=A1→` one without; `~x` struck through;
//! `*x` bold; `>x` indented; `x⟦note⟧` with a note; a line that begins with `!` is hidden.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

/// Whose way of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Shared strings, `spans`, no attribute that says nothing.
    Excel,
    /// Formats on whole blocks of blank cells, hundreds of blank rows below.
    Wps,
    /// Every attribute spelt out, a type on each number.
    LibreOffice,
    /// Prefixed elements, inline strings, cells and rows without references.
    Strict,
}

/// One sheet to be written.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub name: String,
    pub text: String,
    pub merges: Vec<String>,
    pub hidden_columns: Vec<u32>,
    pub hidden: bool,
    pub date1904: bool,
}

impl Page {
    pub fn new(name: &str, text: &str) -> Self {
        Self { name: name.into(), text: text.trim_start_matches('\n').into(), ..Self::default() }
    }
    pub fn merged(mut self, ranges: &[&str]) -> Self {
        self.merges = ranges.iter().map(|r| (*r).to_owned()).collect();
        self
    }
    pub fn hidden_columns(mut self, columns: &[u32]) -> Self {
        self.hidden_columns = columns.to_vec();
        self
    }
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }
}

#[derive(Default)]
struct Styles {
    list: Vec<(String, bool, bool, u8)>,
}

impl Styles {
    fn index(&mut self, style: (String, bool, bool, u8)) -> usize {
        if style == (String::new(), false, false, 0) {
            return 0;
        }
        let found = self.list.iter().position(|s| *s == style);
        found.unwrap_or_else(|| {
            self.list.push(style);
            self.list.len() - 1
        }) + 1
    }
    fn xml(&self) -> String {
        let mut formats = String::new();
        let mut xfs = String::from("<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>");
        for (i, (format, strike, bold, indent)) in self.list.iter().enumerate() {
            let id = if format.is_empty() { 0 } else { 164 + i };
            if id > 0 {
                let _ = write!(formats, "<numFmt numFmtId=\"{id}\" formatCode=\"{}\"/>", escape(format));
            }
            let font = usize::from(*strike) + 2 * usize::from(*bold);
            let _ = write!(
                xfs,
                "<xf numFmtId=\"{id}\" fontId=\"{font}\" fillId=\"0\" borderId=\"0\" applyNumberFormat=\"1\"><alignment indent=\"{indent}\"/></xf>"
            );
        }
        format!(
            "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><numFmts count=\"{}\">{formats}</numFmts><fonts count=\"4\"><font/><font><strike/></font><font><b/></font><font><b/><strike/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"{}\">{xfs}</cellXfs></styleSheet>",
            formats.matches("<numFmt ").count(),
            self.list.len() + 1
        )
        .replace("<numFmts count=\"0\"></numFmts>", "")
    }
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\n', "&#10;")
}

fn letters(column: usize) -> String {
    values::place::column_letters(u32::try_from(column).expect("a column"))
}

/// The package with all pages.
pub fn write(pages: &[Page], dialect: Dialect) -> Vec<u8> {
    let mut styles = Styles::default();
    let mut strings: Vec<String> = Vec::new();
    let mut parts: Vec<(String, String)> = Vec::new();
    let (mut sheets, mut rels, mut types) = (String::new(), String::new(), String::new());
    for (i, page) in pages.iter().enumerate() {
        let n = i + 1;
        let (sheet, comments) = sheet(page, dialect, &mut styles, &mut strings);
        parts.push((format!("xl/worksheets/sheet{n}.xml"), sheet));
        if !comments.is_empty() {
            parts.push((
                format!("xl/comments{n}.xml"),
                format!("<comments xmlns=\"{MAIN}\"><authors><author>x</author></authors><commentList>{comments}</commentList></comments>"),
            ));
            parts.push((
                format!("xl/worksheets/_rels/sheet{n}.xml.rels"),
                relations(&format!("<Relationship Id=\"rId1\" Type=\"{REL}/comments\" Target=\"../comments{n}.xml\"/>")),
            ));
            let _ = write!(
                types,
                "<Override PartName=\"/xl/comments{n}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml\"/>"
            );
        }
        let state = if page.hidden { " state=\"hidden\"" } else { "" };
        let _ = write!(sheets, "<sheet name=\"{}\" sheetId=\"{n}\"{state} r:id=\"rId{n}\"/>", escape(&page.name));
        let _ = write!(rels, "<Relationship Id=\"rId{n}\" Type=\"{REL}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>");
        let _ = write!(
            types,
            "<Override PartName=\"/xl/worksheets/sheet{n}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
        );
    }
    let date1904 = if pages.iter().any(|p| p.date1904) { "<workbookPr date1904=\"1\"/>" } else { "" };
    parts.push((
        "xl/workbook.xml".into(),
        format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{REL}\">{date1904}<sheets>{sheets}</sheets></workbook>"),
    ));
    let _ = write!(
        rels,
        "<Relationship Id=\"rIdA\" Type=\"{REL}/styles\" Target=\"styles.xml\"/><Relationship Id=\"rIdB\" Type=\"{REL}/sharedStrings\" Target=\"sharedStrings.xml\"/>"
    );
    parts.push(("xl/_rels/workbook.xml.rels".into(), relations(&rels)));
    parts.push(("xl/styles.xml".into(), styles.xml()));
    let shared: String = strings.iter().map(|s| format!("<si><t xml:space=\"preserve\">{}</t></si>", escape(s))).collect();
    parts.push(("xl/sharedStrings.xml".into(), format!("<sst xmlns=\"{MAIN}\">{shared}</sst>")));
    parts.push((
        "_rels/.rels".into(),
        relations(&format!("<Relationship Id=\"rId1\" Type=\"{REL}/officeDocument\" Target=\"xl/workbook.xml\"/>")),
    ));
    parts.push(("[Content_Types].xml".into(), format!("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/><Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml\"/>{types}</Types>")));
    pack(&parts)
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn relations(inner: &str) -> String {
    format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{inner}</Relationships>")
}

/// A zip of these parts.
pub fn pack(parts: &[(String, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    for (name, text) in parts {
        zip.start_file(name, options).expect("a part");
        zip.write_all(format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n{text}").as_bytes()).expect("written");
    }
    zip.finish().expect("a package").into_inner()
}

/// The sheet's XML and its comments.
fn sheet(page: &Page, dialect: Dialect, styles: &mut Styles, strings: &mut Vec<String>) -> (String, String) {
    let (mut rows, mut comments, mut widest) = (String::new(), String::new(), 0);
    for (r, line) in page.text.lines().enumerate() {
        let (hidden, line) = line.strip_prefix('!').map_or((false, line), |l| (true, l));
        let mut cells = String::new();
        for (c, raw) in line.split('|').enumerate() {
            widest = widest.max(c);
            let at = format!("{}{}", letters(c), r + 1);
            let raw = raw.replace("\\n", "\n").replace("¦", "|");
            let raw = match raw.split_once('⟦') {
                Some((text, note)) => {
                    let _ = write!(
                        comments,
                        "<comment ref=\"{at}\" authorId=\"0\"><text><t>{}</t></text></comment>",
                        escape(note.trim_end_matches('⟧'))
                    );
                    text.to_owned()
                }
                None => raw,
            };
            cells.push_str(&cell(&raw, &at, dialect, styles, strings));
        }
        let number = format!(" r=\"{}\"", r + 1);
        let attributes = match (dialect, hidden) {
            (Dialect::Excel, true) => format!("{number} spans=\"1:9\" hidden=\"1\""),
            (Dialect::Excel, false) => format!("{number} spans=\"1:9\""),
            (Dialect::Wps, h) => format!("{number} ht=\"18\" customHeight=\"1\"{}", if h { " hidden=\"1\"" } else { "" }),
            (Dialect::LibreOffice, h) => format!(
                "{number} customFormat=\"false\" ht=\"12.8\" hidden=\"{h}\" customHeight=\"false\" outlineLevel=\"0\" collapsed=\"false\""
            ),
            (Dialect::Strict, h) => {
                if h {
                    " hidden=\"true\"".to_owned()
                } else {
                    String::new()
                }
            }
        };
        let _ = write!(rows, "<row{attributes}>{cells}</row>");
    }
    if dialect == Dialect::Wps {
        // What is left after somebody formatted whole columns, or typed and deleted.
        let blank = styles.index(("#,##0.00".into(), false, false, 0));
        let first = page.text.lines().count() + 1;
        for r in first..first + 400 {
            let cells: String = (0..=widest).map(|c| format!("<c r=\"{}{r}\" s=\"{blank}\"/>", letters(c))).collect();
            let _ = write!(rows, "<row r=\"{r}\">{cells}</row>");
        }
    }
    let columns: String =
        page.hidden_columns.iter().map(|c| format!("<col min=\"{0}\" max=\"{0}\" width=\"9\" hidden=\"1\"/>", c + 1)).collect();
    let columns = if columns.is_empty() { columns } else { format!("<cols>{columns}</cols>") };
    let merges: String = page.merges.iter().map(|m| format!("<mergeCell ref=\"{m}\"/>")).collect();
    let merges = if merges.is_empty() { merges } else { format!("<mergeCells count=\"{}\">{merges}</mergeCells>", page.merges.len()) };
    let mut xml = format!("<worksheet xmlns=\"{MAIN}\">{columns}<sheetData>{rows}</sheetData>{merges}</worksheet>");
    if dialect == Dialect::Strict {
        for name in ["worksheet", "sheetData", "row", "mergeCells", "mergeCell", "cols", "col", "is", "c", "v", "t", "f"] {
            xml = xml
                .replace(&format!("<{name}>"), &format!("<x:{name}>"))
                .replace(&format!("<{name} "), &format!("<x:{name} "))
                .replace(&format!("</{name}>"), &format!("</x:{name}>"))
                .replace(&format!("<{name}/>"), &format!("<x:{name}/>"));
        }
        xml = xml.replace("xmlns=", "xmlns:x=");
    }
    (xml, comments)
}

fn cell(raw: &str, at: &str, dialect: Dialect, styles: &mut Styles, strings: &mut Vec<String>) -> String {
    let place = if dialect == Dialect::Strict { String::new() } else { format!(" r=\"{at}\"") };
    if raw.is_empty() {
        return if dialect == Dialect::Strict { "<c/>".to_owned() } else { String::new() };
    }
    let (mut rest, mut strike, mut bold, mut indent, mut format) = (raw, false, false, 0u8, String::new());
    loop {
        rest = match rest.chars().next() {
            Some('~') if rest.len() > 1 => {
                strike = true;
                &rest[1..]
            }
            Some('*') if rest.len() > 1 => {
                bold = true;
                &rest[1..]
            }
            Some('>') if rest.len() > 1 => {
                indent += 1;
                &rest[1..]
            }
            _ => break,
        };
    }
    let mut number = None;
    if let Some((value, code)) = rest.strip_prefix('@').and_then(|r| r.split_once(':')) {
        number = Some(value.to_owned());
        format = code.to_owned();
    } else if rest.parse::<f64>().is_ok() {
        number = Some(rest.to_owned());
    }
    let style = styles.index((format, strike, bold, indent));
    let style = if style > 0 || matches!(dialect, Dialect::LibreOffice) { format!(" s=\"{style}\"") } else { String::new() };
    if rest == "·" {
        let format = styles.index(("0.00".into(), false, false, 0));
        return format!("<c{place} s=\"{format}\"/>");
    }
    if let Some((formula, value)) = rest.strip_prefix('=').and_then(|r| r.split_once('→')) {
        let aca = if dialect == Dialect::LibreOffice { " aca=\"false\"" } else { "" };
        let f = format!("<f{aca}>{}</f>", escape(formula));
        return match value {
            "" => format!("<c{place}{style}>{f}<v></v></c>"),
            v if v.parse::<f64>().is_ok() => format!("<c{place}{style}>{f}<v>{v}</v></c>"),
            v if v.starts_with('#') => format!("<c{place}{style} t=\"e\">{f}<v>{v}</v></c>"),
            v => format!("<c{place}{style} t=\"str\">{f}<v>{}</v></c>", escape(v)),
        };
    }
    if let Some(number) = number {
        let kind = if dialect == Dialect::LibreOffice { " t=\"n\"" } else { "" };
        return format!("<c{place}{style}{kind}><v>{number}</v></c>");
    }
    if rest.starts_with('#') && (rest.ends_with('!') || rest == "#N/A" || rest == "#NAME?") {
        return format!("<c{place}{style} t=\"e\"><v>{rest}</v></c>");
    }
    let text = rest.strip_prefix('\'').unwrap_or(rest);
    if dialect == Dialect::Strict {
        // Rich text in two runs, as after somebody coloured half of a word.
        let middle = text.char_indices().nth(1).map_or(text.len(), |(i, _)| i);
        return format!(
            "<c{place}{style} t=\"inlineStr\"><is><r><t>{}</t></r><r><t>{}</t></r></is></c>",
            escape(&text[..middle]),
            escape(&text[middle..])
        );
    }
    let index = strings.iter().position(|s| s == text).unwrap_or_else(|| {
        strings.push(text.to_owned());
        strings.len() - 1
    });
    format!("<c{place}{style} t=\"s\"><v>{index}</v></c>")
}
