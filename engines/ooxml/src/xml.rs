//! XML read as tokens that know their place in the text, and changed in place.
//!
//! A part that somebody else wrote is never parsed into a tree and written
//! again: prefixes, order, blanks and unknown elements would change. Tokens
//! carry their byte span, [`Edits`] replaces spans, everything else stays.
//!
//! A DTD is refused (no entities but the five of XML), and so are elements
//! nested deeper than [`MAX_DEPTH`].

use quick_xml::Reader;
use quick_xml::events::Event;
use std::borrow::Cow;
use std::ops::Range;

/// Deepest nesting that is read; Word itself stays under 100 even in tables within tables.
pub const MAX_DEPTH: usize = 512;

/// What is wrong with a text as XML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// It declares a document type, by which entities could be defined or files be read.
    #[error("文件内含 DTD 声明（第 {at} 字节），出于安全不予打开")]
    Dtd {
        /// Byte offset.
        at: usize,
    },
    /// Not well-formed.
    #[error("文件内容损坏（第 {at} 字节）：{why}")]
    Broken {
        /// Byte offset.
        at: usize,
        /// What the parser said.
        why: String,
    },
    /// Nested too deep.
    #[error("文件内容嵌套超过 {MAX_DEPTH} 层（第 {at} 字节）")]
    TooDeep {
        /// Byte offset.
        at: usize,
    },
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// `<a>`
    Open,
    /// `</a>`
    Close,
    /// `<a/>`
    Empty,
    /// Character data, CDATA, or one reference such as `&amp;`.
    Text,
    /// Comment, processing instruction, declaration.
    Aside,
}

/// One token of an XML text.
#[derive(Debug, Clone)]
pub struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes in the text.
    pub span: Range<usize>,
    /// Qualified name of an element (`w:p`), empty otherwise.
    pub name: &'a str,
    /// The bytes as they stand, with brackets.
    pub raw: &'a str,
}

impl<'a> Token<'a> {
    /// Name without its prefix.
    #[must_use]
    pub fn local(&self) -> &'a str {
        self.name.rsplit_once(':').map_or(self.name, |(_, local)| local)
    }

    /// True if this opens (or is, when empty) an element of this qualified name.
    #[must_use]
    pub fn opens(&self, name: &str) -> bool {
        matches!(self.kind, TokenKind::Open | TokenKind::Empty) && self.name == name
    }

    /// True if this closes an element of this qualified name (an empty one opens and closes).
    #[must_use]
    pub fn closes(&self, name: &str) -> bool {
        matches!(self.kind, TokenKind::Close | TokenKind::Empty) && self.name == name
    }

    /// Attributes in order, with their unescaped values; a value that cannot be unescaped is given as written.
    pub fn attributes(&self) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> + use<'a> {
        let inner = match self.kind {
            TokenKind::Open => self.raw.get(1..self.raw.len() - 1),
            TokenKind::Empty => self.raw.get(1..self.raw.len() - 2),
            _ => None,
        };
        let inner = inner.unwrap_or_default();
        let mut list = quick_xml::events::attributes::Attributes::new(inner, self.name.len().min(inner.len()));
        list.with_checks(false);
        list.flatten().map(|a| {
            let value: &'a str = match a.value {
                Cow::Borrowed(v) => v,
                // Values are borrowed from the text; an owned one cannot occur, and an empty one is harmless.
                Cow::Owned(_) => "",
            };
            (a.key.into_inner(), quick_xml::escape::unescape(value).unwrap_or(Cow::Borrowed(value)))
        })
    }

    /// Value of the attribute with this qualified name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        self.attributes().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Character data, unescaped. Empty for everything but text.
    #[must_use]
    pub fn text(&self) -> Cow<'a, str> {
        if self.kind != TokenKind::Text {
            return Cow::Borrowed("");
        }
        if let Some(data) = self.raw.strip_prefix("<![CDATA[").and_then(|r| r.strip_suffix("]]>")) {
            return Cow::Borrowed(data);
        }
        quick_xml::escape::unescape(self.raw).unwrap_or(Cow::Borrowed(self.raw))
    }
}

/// The tokens of a text, in order; ends after the first error.
#[must_use]
pub fn tokens(text: &str) -> Tokens<'_> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = false;
    Tokens { text, reader, depth: 0, done: false }
}

/// Iterator of [`tokens`].
#[derive(Debug)]
pub struct Tokens<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    depth: usize,
    done: bool,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Result<Token<'a>, XmlError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let start = self.offset();
        let event = self.reader.read_event();
        let end = self.offset();
        let result = self.token(event, start..end);
        self.done = !matches!(result, Some(Ok(_)));
        result
    }
}

impl<'a> Tokens<'a> {
    fn offset(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX).min(self.text.len())
    }

    fn token(&mut self, event: Result<Event<'a>, quick_xml::Error>, span: Range<usize>) -> Option<Result<Token<'a>, XmlError>> {
        let at = span.start;
        let kind = match event {
            Err(error) => return Some(Err(XmlError::Broken { at, why: error.to_string() })),
            Ok(Event::Eof) if self.depth > 0 => {
                return Some(Err(XmlError::Broken { at, why: "unexpected end".into() }));
            }
            Ok(Event::Eof) => return None,
            Ok(Event::DocType(_)) => return Some(Err(XmlError::Dtd { at })),
            Ok(Event::Start(_)) => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Some(Err(XmlError::TooDeep { at }));
                }
                TokenKind::Open
            }
            Ok(Event::End(_)) => {
                self.depth = self.depth.saturating_sub(1);
                TokenKind::Close
            }
            Ok(Event::Empty(_)) => TokenKind::Empty,
            Ok(Event::GeneralRef(reference)) => {
                let known = reference.is_char_ref() || quick_xml::escape::resolve_predefined_entity(&reference).is_some();
                if !known {
                    return Some(Err(XmlError::Broken { at, why: "unknown entity".into() }));
                }
                TokenKind::Text
            }
            Ok(Event::Text(_) | Event::CData(_)) => TokenKind::Text,
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => TokenKind::Aside,
        };
        let raw = self.text.get(span.clone()).unwrap_or_default();
        let name = match kind {
            TokenKind::Open | TokenKind::Empty => name_of(raw.get(1..).unwrap_or_default()),
            TokenKind::Close => name_of(raw.get(2..).unwrap_or_default()),
            _ => "",
        };
        Some(Ok(Token { kind, span, name, raw }))
    }
}

fn name_of(inside: &str) -> &str {
    let end = inside.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').unwrap_or(inside.len());
    &inside[..end]
}

/// Text made fit for character data and attribute values.
///
/// Characters that XML 1.0 cannot hold at all (most control characters) are dropped.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    if text.chars().all(allowed) {
        return quick_xml::escape::escape(text);
    }
    let clean: String = text.chars().filter(|c| allowed(*c)).collect();
    Cow::Owned(quick_xml::escape::escape(clean.as_str()).into_owned())
}

/// Prefix that a part binds to one of these namespaces on its root, with its colon (`w:`); empty for the default
/// namespace, `None` if none of them is bound.
#[must_use]
pub fn prefix_of(text: &str, namespaces: &[&str]) -> Option<String> {
    let root = tokens(text).flatten().find(|t| matches!(t.kind, TokenKind::Open | TokenKind::Empty))?;
    root.attributes().find_map(|(key, value)| {
        if !namespaces.contains(&value.as_ref()) {
            return None;
        }
        match key.strip_prefix("xmlns") {
            Some("") => Some(String::new()),
            Some(prefix) => prefix.strip_prefix(':').map(|p| format!("{p}:")),
            None => None,
        }
    })
}

/// Replacements in a text; everything outside their spans stays byte for byte.
#[derive(Debug, Clone, Default)]
pub struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    /// No edits yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts `with` in the place of `span`; an empty span inserts. `with` is XML, already escaped.
    pub fn replace(&mut self, span: Range<usize>, with: impl Into<String>) {
        self.0.push((span, with.into()));
    }

    /// True if nothing is replaced.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text with all replacements made; insertions at one place keep the order in which they were given.
    ///
    /// A span that overlaps an earlier one, or that is no span of the text, is left out (`None` then).
    #[must_use]
    pub fn apply(mut self, text: &str) -> Option<String> {
        self.0.sort_by_key(|(span, _)| (span.start, span.end));
        let mut out = String::with_capacity(text.len() + self.0.iter().map(|(_, w)| w.len()).sum::<usize>());
        let mut at = 0;
        for (span, with) in &self.0 {
            out.push_str(text.get(at..span.start)?);
            text.get(span.clone())?;
            out.push_str(with);
            at = span.end;
        }
        out.push_str(text.get(at..)?);
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tokens_cover_the_text_and_know_their_names() {
        let text = "<?xml version=\"1.0\"?><w:p a='1'  w:b=\"x&amp;y\"><!-- c --><w:t>甲 &lt; 乙</w:t><w:br/><![CDATA[<]]></w:p>";
        let list: Vec<_> = tokens(text).map(Result::unwrap).collect();
        assert_eq!(list.iter().map(|t| t.raw).collect::<String>(), text);
        assert_eq!(list[1].attribute("w:b").as_deref(), Some("x&y"));
        assert_eq!(list[1].attribute("a").as_deref(), Some("1"));
        assert_eq!(list.iter().map(|t| t.text()).collect::<String>(), "甲 < 乙<");
        assert!(list.iter().any(|t| t.opens("w:br") && t.closes("w:br")));
    }

    #[test]
    fn refuses_what_is_dangerous_or_broken() {
        let error = |text: &str| tokens(text).find_map(Result::err);
        assert!(matches!(error("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), Some(XmlError::Dtd { .. })));
        assert!(matches!(error("<a>&b;</a>"), Some(XmlError::Broken { .. })));
        assert!(matches!(error("<a><b></a>"), Some(XmlError::Broken { .. })));
        assert!(matches!(error("<a>"), Some(XmlError::Broken { .. })));
        assert!(matches!(error(&"<a>".repeat(MAX_DEPTH + 1)), Some(XmlError::TooDeep { .. })));
    }

    #[test]
    fn edits_leave_the_rest_alone() {
        let mut edits = Edits::new();
        edits.replace(4..4, "乙");
        edits.replace(0..1, "[");
        edits.replace(4..4, "丙");
        assert_eq!(edits.apply("<甲>").as_deref(), Some("[甲乙丙>"));
        let mut edits = Edits::new();
        edits.replace(0..3, "");
        edits.replace(1..2, "");
        assert_eq!(edits.apply("abcd"), None);
    }

    #[test]
    fn prefixes_are_found_by_namespace() {
        assert_eq!(prefix_of("<w:a xmlns:w='u'/>", &["u"]).as_deref(), Some("w:"));
        assert_eq!(prefix_of("<a xmlns='u'/>", &["u"]).as_deref(), Some(""));
        assert_eq!(prefix_of("<a/>", &["u"]), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[<>/&;!a-c'\"= \\[\\]?甲-]{0,60}") {
            for token in tokens(&text).flatten() {
                let _ = (token.text(), token.attributes().count(), token.local());
            }
        }
        #[test]
        fn escaped_text_reads_back(text in "[^\u{0}-\u{1f}\u{fffe}\u{ffff}]{0,30}") {
            let xml = format!("<a b=\"{0}\">{0}</a>", escape(&text));
            let list: Vec<_> = tokens(&xml).map(Result::unwrap).collect();
            let value = list[0].attribute("b");
            prop_assert_eq!(value.as_deref(), Some(text.as_str()));
            prop_assert_eq!(list.iter().map(|t| t.text().into_owned()).collect::<String>(), text);
        }
    }
}
