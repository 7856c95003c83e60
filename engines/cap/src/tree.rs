//! An XML document as a small tree with the line of every element.
//!
//! No document type, no outside reference, bounded depth and size: alerts
//! come from strangers.

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

/// Largest document that is read, bytes.
const LARGEST: usize = 32 << 20;
/// Deepest nesting.
const DEEPEST: usize = 64;
/// Most elements.
const MOST: usize = 200_000;

/// One element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// Name without prefix.
    pub name: String,
    /// Namespace, empty if it has none.
    pub namespace: String,
    /// Names of attributes other than namespace declarations and `xsi:`.
    pub attributes: Vec<String>,
    /// Line of its start, from 1.
    pub line: usize,
    /// Child elements in order.
    pub children: Vec<Element>,
    /// Own text, pieces joined, not trimmed.
    pub text: String,
}

/// Why a text is no XML that is read here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct NotXml {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// Reads a document into its root element.
///
/// # Errors
/// [`NotXml`] with the line: malformed, a document type, too large or too deep.
pub fn parse(bytes: &[u8]) -> Result<Element, NotXml> {
    if bytes.len() > LARGEST {
        return Err(NotXml { line: 1, message: "larger than 32 MB".into() });
    }
    let text = decode(bytes)?;
    let mut reader = NsReader::from_str(&text);
    reader.config_mut().check_end_names = true;
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    let mut builder = Builder::default();
    loop {
        let start = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let (resolved, event) = match reader.read_resolved_event() {
            Ok(read) => read,
            Err(e) => return Err(NotXml { line: lines.of(start), message: e.to_string() }),
        };
        if matches!(event, Event::Eof) {
            break;
        }
        let namespace = match resolved {
            ResolveResult::Bound(ns) => ns.0.to_owned(),
            ResolveResult::Unbound | ResolveResult::Unknown(_) => String::new(),
        };
        let line = lines.of(start);
        builder.take(event, namespace, line).map_err(|message| NotXml { line, message })?;
    }
    match (builder.root, builder.stack.is_empty()) {
        (Some(root), true) => Ok(root),
        _ => Err(NotXml { line: lines.of(text.len()), message: "ends before its root element is closed".into() }),
    }
}

/// The tree while it grows.
#[derive(Default)]
struct Builder {
    stack: Vec<Element>,
    root: Option<Element>,
    count: usize,
}

impl Builder {
    /// Takes one event; an `Err` says what is wrong with it.
    fn take(&mut self, event: Event, namespace: String, line: usize) -> Result<(), String> {
        match event {
            Event::Start(tag) => {
                let element = self.open(&tag, namespace, line)?;
                self.stack.push(element);
            }
            Event::Empty(tag) => {
                let element = self.open(&tag, namespace, line)?;
                self.close(element);
            }
            Event::End(_) => {
                if let Some(element) = self.stack.pop() {
                    self.close(element);
                }
            }
            Event::Text(piece) => match self.stack.last_mut() {
                Some(element) => element.text.push_str(&piece),
                None if piece.trim().is_empty() => {}
                None => return Err("text outside the root element".into()),
            },
            Event::CData(piece) => {
                if let Some(element) = self.stack.last_mut() {
                    element.text.push_str(&piece);
                }
            }
            Event::GeneralRef(name) => {
                let resolved = match name.resolve_char_ref() {
                    Ok(Some(c)) => Some(c.to_string()),
                    Ok(None) => predefined(&name),
                    Err(_) => None,
                };
                match (resolved, self.stack.last_mut()) {
                    (Some(text), Some(element)) => element.text.push_str(&text),
                    _ => return Err("an entity that is not known here".into()),
                }
            }
            Event::DocType(_) => return Err("a document type is not read".into()),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::Eof => {}
        }
        Ok(())
    }

    fn open(&mut self, tag: &BytesStart, namespace: String, line: usize) -> Result<Element, String> {
        self.count += 1;
        if self.stack.len() >= DEEPEST || self.count > MOST {
            return Err("nested too deeply or too many elements".into());
        }
        if self.stack.is_empty() && self.root.is_some() {
            return Err("more than one root element".into());
        }
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|e| e.to_string())?;
            let name: &str = attribute.key.as_ref();
            if name != "xmlns" && !name.starts_with("xmlns:") && !name.starts_with("xsi:") {
                attributes.push(name.to_owned());
            }
        }
        let name = tag.local_name().as_ref().to_owned();
        Ok(Element { name, namespace, attributes, line, ..Element::default() })
    }

    fn close(&mut self, element: Element) {
        match self.stack.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }
}

fn predefined(name: &str) -> Option<String> {
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    };
    Some(c.to_string())
}

/// Text of the bytes by byte order mark, else by the declared encoding, else UTF-8.
fn decode(bytes: &[u8]) -> Result<String, NotXml> {
    let named = declared(bytes);
    let encoding = named.as_deref().map_or(Some(encoding_rs::UTF_8), |n| encoding_rs::Encoding::for_label(n.as_bytes()));
    let Some(encoding) = encoding else { return Err(NotXml { line: 1, message: "an encoding that is not known".into() }) };
    let (text, _, broken) = encoding.decode(bytes);
    if broken {
        let line = bytes.iter().filter(|b| **b == b'\n').count() + 1;
        return Err(NotXml { line, message: "bytes that do not fit the encoding".into() });
    }
    Ok(text.into_owned())
}

/// The encoding that an XML declaration names.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let head = head.split_once("?>")?.0;
    let after = head.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|c| *c == '"' || *c == '\'')?;
    Some(after[1..].split(quote).next()?.to_owned())
}

/// Line numbers of rising positions, counted once.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn of(&mut self, position: usize) -> usize {
        let position = position.min(self.text.len());
        if position > self.at {
            self.line += self.text[self.at..position].iter().filter(|b| **b == b'\n').count();
            self.at = position;
        }
        self.line
    }
}

impl Element {
    /// First child of that name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|c| c.name == name)
    }
    /// Text of the first child of that name, trimmed; empty if there is none.
    #[must_use]
    pub fn text_of(&self, name: &str) -> String {
        self.child(name).map_or(String::new(), |c| c.text.trim().to_owned())
    }
    /// Trimmed texts of all children of that name.
    #[must_use]
    pub fn texts_of(&self, name: &str) -> Vec<String> {
        self.children.iter().filter(|c| c.name == name).map(|c| c.text.trim().to_owned()).collect()
    }
}
