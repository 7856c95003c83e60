//! An XML document as a small tree with the line of every element.
//!
//! No document type, no outside reference, bounded depth and size: alerts
//! come from strangers.

use quick_xml::events::Event;
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
    let mut stack: Vec<Element> = Vec::new();
    let mut root: Option<Element> = None;
    let mut count = 0;
    loop {
        let start = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let fail = |lines: &mut Lines, at: usize, message: String| NotXml { line: lines.of(at), message };
        let (resolved, event) = match reader.read_resolved_event() {
            Ok((resolved, event)) => (resolved, event),
            Err(e) => return Err(fail(&mut lines, start, e.to_string())),
        };
        let namespace = match resolved {
            ResolveResult::Bound(ns) => ns.0.to_owned(),
            ResolveResult::Unbound | ResolveResult::Unknown(_) => String::new(),
        };
        match event {
            Event::Start(ref tag) | Event::Empty(ref tag) => {
                count += 1;
                if stack.len() >= DEEPEST || count > MOST {
                    return Err(fail(&mut lines, start, "nested too deeply or too many elements".into()));
                }
                if stack.is_empty() && root.is_some() {
                    return Err(fail(&mut lines, start, "more than one root element".into()));
                }
                let mut attributes = Vec::new();
                for attribute in tag.attributes() {
                    let attribute = attribute.map_err(|e| fail(&mut lines, start, e.to_string()))?;
                    let name = attribute.key.as_ref().to_owned();
                    if name != "xmlns" && !name.starts_with("xmlns:") && !name.starts_with("xsi:") {
                        attributes.push(name);
                    }
                }
                let name = tag.local_name().as_ref().to_owned();
                let element = Element { name, namespace, attributes, line: lines.of(start), ..Element::default() };
                if matches!(event, Event::Empty(_)) { close(element, &mut stack, &mut root) } else { stack.push(element) }
            }
            Event::End(_) => {
                if let Some(element) = stack.pop() {
                    close(element, &mut stack, &mut root);
                }
            }
            Event::Text(piece) => match stack.last_mut() {
                Some(element) => element.text.push_str(&piece),
                None if piece.trim().is_empty() => {}
                None => return Err(fail(&mut lines, start, "text outside the root element".into())),
            },
            Event::CData(piece) => {
                if let Some(element) = stack.last_mut() {
                    element.text.push_str(&piece);
                }
            }
            Event::GeneralRef(name) => {
                let resolved = match name.resolve_char_ref() {
                    Ok(Some(c)) => Some(c.to_string()),
                    Ok(None) => predefined(&name),
                    Err(_) => None,
                };
                match (resolved, stack.last_mut()) {
                    (Some(text), Some(element)) => element.text.push_str(&text),
                    _ => return Err(fail(&mut lines, start, "an entity that is not known here".into())),
                }
            }
            Event::DocType(_) => return Err(fail(&mut lines, start, "a document type is not read".into())),
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
    match (root, stack.is_empty()) {
        (Some(root), true) => Ok(root),
        _ => Err(NotXml { line: lines.of(text.len()), message: "ends before its root element is closed".into() }),
    }
}

fn close(element: Element, stack: &mut [Element], root: &mut Option<Element>) {
    match stack.last_mut() {
        Some(parent) => parent.children.push(element),
        None => *root = Some(element),
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
