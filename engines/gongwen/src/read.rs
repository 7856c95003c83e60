//! Reading a Word file back 读回: its text, and where our figures stand in it.
//!
//! Text that a tracked change deletes or moves away does not count, inserted
//! text does. Content controls and bookmarks of other programs are text.

use crate::docx::Manifest;
use ooxml::xml::{self, Token, TokenKind};
use ooxml::{Kind, OpenError, Package, PartError, Rules};
use std::collections::HashMap;
use std::ops::Range;

/// Namespaces of WordprocessingML, transitional and strict.
const NAMESPACES: &[&str] =
    &["http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main"];

/// Why a file is no document that can be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The package.
    #[error("打不开文件")]
    Open(#[from] OpenError),
    /// It is a workbook or a presentation.
    #[error("这不是 Word 文档")]
    NotADocument,
    /// A part of it.
    #[error("文件的内容读不了")]
    Part(#[from] PartError),
}

impl ReadError {
    /// The sentence for the person who sent the file.
    #[must_use]
    pub fn finding(&self, lang: values::Lang) -> values::Finding {
        let texts = crate::template::texts();
        match self {
            Self::Open(error) => error.finding(lang),
            Self::NotADocument => values::Finding::error("report.not_a_document")
                .expected(texts.get(lang, "report.not_a_document", &[]))
                .remedy(texts.get(lang, "report.not_a_document_remedy", &[])),
            // The same sentence as for a part that is broken on opening.
            Self::Part(error) => {
                let dtd = matches!(error, PartError::Xml { cause: xml::XmlError::Dtd { .. }, .. });
                let rule = if dtd { "report.dtd" } else { "report.broken_part" };
                let args = [("found", error.part())];
                values::Finding::error(rule).found(error.part()).expected(texts.get(lang, rule, &args)).remedy(texts.get(
                    lang,
                    &format!("{rule}_remedy"),
                    &args,
                ))
            }
        }
    }
}

/// How a figure was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Found {
    /// By its content control.
    Control,
    /// By its bookmark.
    Bookmark,
}

/// Where a figure begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Index of the paragraph.
    pub paragraph: usize,
    /// Character in it.
    pub character: usize,
}

/// A control or a bookmark of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadMark {
    /// Its id.
    pub id: String,
    /// Which of both.
    pub found: Found,
    /// From.
    pub start: Position,
    /// To, not included.
    pub end: Position,
}

/// A piece of text as it lies in the part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// First character in the paragraph.
    pub start: usize,
    /// How many characters.
    pub length: usize,
    /// Bytes of its character data in the part; empty for a tab or a break.
    pub span: Range<usize>,
    /// Bytes of the opening `<w:t …>` before it.
    pub open: Range<usize>,
}

/// One paragraph, also one in a table's cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadParagraph {
    /// Its text.
    pub text: String,
    /// True in a table.
    pub in_table: bool,
    /// Style id; empty for the default.
    pub style: String,
    pub(crate) pieces: Vec<Piece>,
}

/// A document as read.
#[derive(Debug, Clone)]
pub struct ReadDocument {
    /// The manifest, if the file has one of ours.
    pub manifest: Option<Manifest>,
    /// Paragraphs in order.
    pub paragraphs: Vec<ReadParagraph>,
    /// Our controls and bookmarks in order.
    pub marks: Vec<ReadMark>,
    pub(crate) package: Package,
    pub(crate) part: String,
    pub(crate) xml: String,
}

/// True for a name that could be an id of ours: `sy` and ten small letters or digits.
#[must_use]
pub fn is_id(name: &str) -> bool {
    name.len() == 12 && name.starts_with("sy") && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

impl ReadDocument {
    /// Reads a file.
    ///
    /// # Errors
    /// [`ReadError`]: what it is instead of a document, or why it is refused.
    pub fn read(bytes: impl Into<std::sync::Arc<[u8]>>) -> Result<Self, ReadError> {
        let package = Package::open(bytes, &Rules::default())?;
        if package.kind() != Kind::Document {
            return Err(ReadError::NotADocument);
        }
        let part = package.main_part()?;
        let text = package.text(&part)?;
        let prefix = xml::prefix_of(&text, NAMESPACES).unwrap_or_else(|| "w:".into());
        let manifest = find_manifest(&package, &part);
        let mut reader = Reader { prefix: &prefix, ..Reader::default() };
        for token in xml::tokens(&text) {
            let token = token.map_err(|cause| PartError::Xml { part: part.clone(), cause })?;
            reader.token(&token);
        }
        let Reader { paragraphs, marks, .. } = reader;
        Ok(Self { manifest, paragraphs, marks, package, part, xml: text })
    }

    /// Text between two positions; paragraphs are separated by a line feed.
    #[must_use]
    pub fn text_between(&self, start: Position, end: Position) -> String {
        if start.paragraph == end.paragraph {
            return self.slice(start.paragraph, start.character, end.character);
        }
        let mut out = self.slice(start.paragraph, start.character, usize::MAX);
        for paragraph in start.paragraph + 1..end.paragraph {
            out.push('\n');
            out.push_str(&self.slice(paragraph, 0, usize::MAX));
        }
        out.push('\n');
        out.push_str(&self.slice(end.paragraph, 0, end.character));
        out
    }

    fn slice(&self, paragraph: usize, from: usize, to: usize) -> String {
        let Some(paragraph) = self.paragraphs.get(paragraph) else { return String::new() };
        paragraph.text.chars().skip(from).take(to.saturating_sub(from)).collect()
    }

    /// The whole text, a paragraph a line: what `check` reads.
    #[must_use]
    pub fn text(&self) -> String {
        self.paragraphs.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n")
    }
}

/// The manifest among the custom XML parts that the main part points to.
fn find_manifest(package: &Package, part: &str) -> Option<Manifest> {
    let items = package.related(part, "customXml").ok()?;
    items.iter().find_map(|item| Manifest::parse(&package.text(item).ok()?))
}

#[derive(Default)]
struct Control {
    id: Option<String>,
    start: Option<Position>,
}

#[derive(Default)]
struct Reader<'a> {
    prefix: &'a str,
    paragraphs: Vec<ReadParagraph>,
    marks: Vec<ReadMark>,
    /// Open paragraphs, the innermost last (text boxes lie within paragraphs).
    open: Vec<usize>,
    controls: Vec<Control>,
    bookmarks: HashMap<String, (String, Position)>,
    /// How deep in what does not count: deletions, moved-away text, fallbacks.
    skipped: usize,
    tables: usize,
    in_properties: usize,
    in_text: Option<Range<usize>>,
    /// Length of the open paragraph in characters, kept beside it so that it is not counted again and again.
    lengths: Vec<usize>,
}

impl Reader<'_> {
    /// Local name of a WordprocessingML element, empty for others.
    fn local<'t>(&self, token: &Token<'t>) -> &'t str {
        token.name.strip_prefix(self.prefix).unwrap_or_default()
    }

    fn position(&self) -> Position {
        match (self.open.last(), self.lengths.last()) {
            (Some(paragraph), Some(character)) => Position { paragraph: *paragraph, character: *character },
            // Between paragraphs: before the next one.
            _ => Position { paragraph: self.paragraphs.len(), character: 0 },
        }
    }

    fn token(&mut self, token: &Token<'_>) {
        if token.local() == "Fallback" {
            match token.kind {
                TokenKind::Open => self.skipped += 1,
                TokenKind::Close => self.skipped = self.skipped.saturating_sub(1),
                _ => {}
            }
            return;
        }
        match token.kind {
            TokenKind::Open => self.opened(token),
            TokenKind::Close => self.closed(token),
            TokenKind::Empty => {
                self.opened(token);
                self.closed(token);
            }
            TokenKind::Text => self.text(token),
            TokenKind::Aside => {}
        }
    }

    fn opened(&mut self, token: &Token<'_>) {
        let attribute = |name: &str| token.attribute(&format!("{}{name}", self.prefix)).map(std::borrow::Cow::into_owned);
        match self.local(token) {
            "p" => {
                self.open.push(self.paragraphs.len());
                self.lengths.push(0);
                self.paragraphs.push(ReadParagraph { in_table: self.tables > 0, ..ReadParagraph::default() });
            }
            "tbl" => self.tables += 1,
            "pStyle" => {
                if let (Some(at), Some(style)) = (self.open.last(), attribute("val"))
                    && let Some(paragraph) = self.paragraphs.get_mut(*at)
                {
                    paragraph.style = style;
                }
            }
            "del" | "moveFrom" if token.kind == TokenKind::Open && self.in_properties == 0 => self.skipped += 1,
            "rPr" | "pPr" | "sdtPr" | "tblPr" | "trPr" | "tcPr" if token.kind == TokenKind::Open => self.in_properties += 1,
            "sdt" if token.kind == TokenKind::Open => self.controls.push(Control::default()),
            "tag" => {
                let id = attribute("val").filter(|v| is_id(v));
                if let (Some(control), Some(id)) = (self.controls.last_mut(), id) {
                    control.id = Some(id);
                }
            }
            "sdtContent" => {
                let position = self.position();
                if let Some(control) = self.controls.last_mut() {
                    control.start = Some(position);
                }
            }
            "bookmarkStart" => {
                if let (Some(number), Some(name)) = (attribute("id"), attribute("name").filter(|n| is_id(n))) {
                    self.bookmarks.insert(number, (name, self.position()));
                }
            }
            "bookmarkEnd" => {
                if let Some((id, start)) = attribute("id").and_then(|number| self.bookmarks.remove(&number)) {
                    self.marks.push(ReadMark { id, found: Found::Bookmark, start, end: self.position() });
                }
            }
            "t" if token.kind == TokenKind::Open => self.in_text = Some(token.span.clone()),
            "tab" if self.in_properties == 0 => self.letter('\t'),
            "br" | "cr" => self.letter('\n'),
            "noBreakHyphen" => self.letter('-'),
            _ => {}
        }
    }

    fn closed(&mut self, token: &Token<'_>) {
        match self.local(token) {
            "p" => {
                self.open.pop();
                self.lengths.pop();
            }
            "tbl" => self.tables = self.tables.saturating_sub(1),
            "del" | "moveFrom" if token.kind == TokenKind::Close && self.in_properties == 0 => {
                self.skipped = self.skipped.saturating_sub(1);
            }
            "rPr" | "pPr" | "sdtPr" | "tblPr" | "trPr" | "tcPr" if token.kind == TokenKind::Close => {
                self.in_properties = self.in_properties.saturating_sub(1);
            }
            "sdt" if token.kind == TokenKind::Close => {
                let end = self.position();
                if let Some(Control { id: Some(id), start: Some(start) }) = self.controls.pop() {
                    self.marks.push(ReadMark { id, found: Found::Control, start, end });
                }
            }
            "t" => self.in_text = None,
            _ => {}
        }
    }

    fn letter(&mut self, letter: char) {
        self.push(&letter.to_string(), 0..0, 0..0);
    }

    fn text(&mut self, token: &Token<'_>) {
        if let Some(open) = self.in_text.clone() {
            self.push(&token.text(), token.span.clone(), open);
        }
    }

    fn push(&mut self, text: &str, span: Range<usize>, open: Range<usize>) {
        if self.skipped > 0 {
            return;
        }
        let (Some(at), Some(start)) = (self.open.last(), self.lengths.last_mut()) else { return };
        let Some(paragraph) = self.paragraphs.get_mut(*at) else { return };
        let length = text.chars().count();
        paragraph.text.push_str(text);
        paragraph.pieces.push(Piece { start: *start, length, span, open });
        *start += length;
    }
}
