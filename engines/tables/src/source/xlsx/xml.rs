//! XML events out of a stream, as slices of one buffer: nothing is copied.
//!
//! Only what spreadsheets need: elements, texts, CDATA. Comments, processing
//! instructions and the document type are stepped over; entities of the
//! document's own are never expanded.

use crate::limits::ReadError;
use std::io::Read;
use std::ops::Range;

/// One event; the slices live until the next call.
#[derive(Debug, PartialEq)]
pub(crate) enum Event<'a> {
    /// `<name …>`: what stands between the brackets.
    Open(&'a [u8]),
    /// `<name …/>`: what stands between the brackets, without the slash.
    Empty(&'a [u8]),
    /// `</name>`: the name.
    Close(&'a [u8]),
    /// Text between two tags, entities not yet resolved.
    Text(&'a [u8]),
    /// The inside of a CDATA section.
    Cdata(&'a [u8]),
}

/// Reads events; at most `limit` bytes are taken out of the stream.
pub(crate) struct Events<R> {
    reader: R,
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    eof: bool,
    /// Bytes that may still be read, shared by all parts of a file.
    left: u64,
    name: String,
    limit: u64,
}

const CHUNK: usize = 128 * 1024;

impl<R: Read> Events<R> {
    pub(crate) fn new(reader: R, name: &str, left: u64, limit: u64) -> Self {
        Self { reader, buffer: vec![0; CHUNK], at: 0, end: 0, eof: false, left, name: name.to_owned(), limit }
    }
    /// Bytes that the limit still allows for other parts.
    pub(crate) fn left(&self) -> u64 {
        self.left
    }
    /// Moves what is unread to the front and reads more. False at the end of the stream.
    fn fill(&mut self) -> Result<bool, ReadError> {
        if self.eof {
            return Ok(false);
        }
        if self.at > 0 {
            self.buffer.copy_within(self.at..self.end, 0);
            self.end -= self.at;
            self.at = 0;
        }
        if self.end == self.buffer.len() {
            // One text longer than the buffer: a cell of 32,767 characters, or an attack.
            if self.buffer.len() > 64 << 20 {
                return Err(ReadError::damaged(&self.name, "一段过长的文字"));
            }
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let read = self.reader.read(&mut self.buffer[self.end..]).map_err(|e| ReadError::damaged_by(&self.name, "压缩内容", e))?;
        if read == 0 {
            self.eof = true;
            return Ok(false);
        }
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| ReadError::Bomb { name: self.name.clone(), limit: self.limit })?;
        self.end += read;
        Ok(true)
    }
    /// Position of a byte from `from` on, reading more as needed. Positions are relative to `at`.
    fn find(&mut self, byte: u8, from: usize) -> Result<Option<usize>, ReadError> {
        let mut from = from;
        loop {
            if let Some(i) = memchr::memchr(byte, &self.buffer[self.at + from..self.end]) {
                return Ok(Some(from + i));
            }
            from = self.end - self.at;
            if !self.fill()? {
                return Ok(None);
            }
        }
    }
    fn find_text(&mut self, text: &[u8], from: usize) -> Result<Option<usize>, ReadError> {
        let mut from = from;
        let last = text[text.len() - 1];
        while let Some(i) = self.find(last, from)? {
            if i + 1 >= text.len() && &self.buffer[self.at + i + 1 - text.len()..=self.at + i] == text {
                return Ok(Some(i + 1 - text.len()));
            }
            from = i + 1;
        }
        Ok(None)
    }
    /// The bytes not yet read, for a caller that knows what to expect; see [`Events::skip`].
    pub(crate) fn peek(&self) -> &[u8] {
        &self.buffer[self.at..self.end]
    }
    /// Steps over bytes seen by [`Events::peek`].
    pub(crate) fn skip(&mut self, bytes: usize) {
        self.at = (self.at + bytes).min(self.end);
    }
    fn taken(&mut self, inside: Range<usize>, total: usize) -> &[u8] {
        let start = self.at;
        self.at += total;
        &self.buffer[start + inside.start..start + inside.end]
    }
    /// The next event; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Event<'_>>, ReadError> {
        loop {
            if self.at == self.end && !self.fill()? {
                return Ok(None);
            }
            if self.buffer[self.at] != b'<' {
                let end = match self.find(b'<', 0)? {
                    Some(i) => i,
                    None => self.end - self.at,
                };
                return Ok(Some(Event::Text(self.taken(0..end, end))));
            }
            while self.end - self.at < 9 && self.fill()? {}
            let ahead = &self.buffer[self.at..self.end];
            if ahead.starts_with(b"<!--") {
                let Some(i) = self.find_text(b"-->", 4)? else { return Ok(None) };
                self.skip(i + 3);
            } else if ahead.starts_with(b"<![CDATA[") {
                let Some(i) = self.find_text(b"]]>", 9)? else { return Ok(None) };
                return Ok(Some(Event::Cdata(self.taken(9..i, i + 3))));
            } else if ahead.starts_with(b"<!DOCTYPE") {
                return Err(ReadError::damaged(&self.name, "带有文档类型声明的部件"));
            } else if ahead.starts_with(b"<?") || ahead.starts_with(b"<!") {
                let Some(i) = self.find(b'>', 2)? else { return Ok(None) };
                self.skip(i + 1);
            } else {
                return self.tag().map(Some);
            }
        }
    }
    fn tag(&mut self) -> Result<Event<'_>, ReadError> {
        let mut from = 1;
        let end = loop {
            let Some(i) = self.find(b'>', from)? else { return Err(ReadError::damaged(&self.name, "截断的部件")) };
            // A `>` inside a quoted attribute does not end the tag.
            if quotes_balance(&self.buffer[self.at + 1..self.at + i]) {
                break i;
            }
            from = i + 1;
        };
        let inner = &self.buffer[self.at + 1..self.at + end];
        let (is_close, is_empty) = (inner.first() == Some(&b'/'), inner.last() == Some(&b'/'));
        Ok(match (is_close, is_empty) {
            (true, _) => Event::Close(local_name(self.taken(2..end, end + 1))),
            (_, true) => Event::Empty(self.taken(1..end - 1, end + 1)),
            _ => Event::Open(self.taken(1..end, end + 1)),
        })
    }
}

fn quotes_balance(inner: &[u8]) -> bool {
    let mut open: Option<u8> = None;
    for &b in inner {
        match (b, open) {
            (b'"' | b'\'', None) => open = Some(b),
            (q, Some(o)) if q == o => open = None,
            _ => {}
        }
    }
    open.is_none()
}

/// Name of an element without its prefix.
pub(crate) fn local_name(inner: &[u8]) -> &[u8] {
    let end = inner.iter().position(|b| b.is_ascii_whitespace()).unwrap_or(inner.len());
    let name = &inner[..end];
    match memchr::memchr(b':', name) {
        Some(i) => &name[i + 1..],
        None => name,
    }
}

/// Attributes of a tag: local names and raw values.
pub(crate) fn attributes(inner: &[u8]) -> Attributes<'_> {
    let start = inner.iter().position(|b| b.is_ascii_whitespace()).unwrap_or(inner.len());
    Attributes { rest: &inner[start..] }
}

/// Walks over the attributes of a tag.
pub(crate) struct Attributes<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a [u8], &'a [u8]);
    fn next(&mut self) -> Option<Self::Item> {
        let start = self.rest.iter().position(|b| !b.is_ascii_whitespace())?;
        let rest = &self.rest[start..];
        let equals = memchr::memchr(b'=', rest)?;
        let name = rest[..equals].trim_ascii();
        let after = rest[equals + 1..].trim_ascii_start();
        let quote = *after.first().filter(|q| matches!(q, b'"' | b'\''))?;
        let end = memchr::memchr(quote, &after[1..])?;
        self.rest = &after[end + 2..];
        let name = memchr::memchr(b':', name).map_or(name, |i| &name[i + 1..]);
        Some((name, &after[1..=end]))
    }
}

/// One attribute by its local name.
pub(crate) fn attribute<'a>(inner: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    attributes(inner).find(|(n, _)| *n == name).map(|(_, v)| v)
}

/// One attribute as text with its entities resolved.
pub(crate) fn attribute_text(inner: &[u8], name: &[u8]) -> Option<String> {
    attribute(inner, name).map(|raw| {
        let mut text = String::new();
        unescape(raw, &mut text);
        text
    })
}

/// Appends a raw text with entities and `_x000D_` escapes resolved; what is no UTF-8 becomes U+FFFD.
pub(crate) fn unescape(raw: &[u8], out: &mut String) {
    let start = out.len();
    let mut rest = raw;
    while let Some(i) = memchr::memchr(b'&', rest) {
        push_utf8(&rest[..i], out);
        rest = &rest[i..];
        let end = rest.iter().take(12).position(|b| *b == b';');
        match end.and_then(|e| entity(&rest[1..e]).map(|c| (e, c))) {
            Some((e, c)) => {
                out.push(c);
                rest = &rest[e + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    push_utf8(rest, out);
    if memchr::memmem::find(&out.as_bytes()[start..], b"_x").is_some() {
        let plain = control_escapes(&out[start..]);
        out.truncate(start);
        out.push_str(&plain);
    }
}

fn push_utf8(bytes: &[u8], out: &mut String) {
    match std::str::from_utf8(bytes) {
        Ok(text) => out.push_str(text),
        Err(_) => out.push_str(&String::from_utf8_lossy(bytes)),
    }
}

fn entity(name: &[u8]) -> Option<char> {
    match name {
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"amp" => Some('&'),
        b"quot" => Some('"'),
        b"apos" => Some('\''),
        [b'#', b'x' | b'X', hex @ ..] => u32::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok().and_then(char::from_u32),
        [b'#', digits @ ..] => std::str::from_utf8(digits).ok()?.parse().ok().and_then(char::from_u32),
        _ => None,
    }
}

/// `_x000D_` is how Excel writes a control character (ECMA-376 part 1, 22.9.2.19).
fn control_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(i) = rest.find("_x") {
        out.push_str(&rest[..i]);
        let code = rest
            .get(i + 2..i + 6)
            .filter(|_| rest.as_bytes().get(i + 6) == Some(&b'_'))
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .and_then(char::from_u32);
        if let Some(c) = code {
            out.push(c);
            rest = &rest[i + 7..];
        } else {
            out.push_str("_x");
            rest = &rest[i + 2..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(xml: &[u8]) -> Vec<String> {
        let mut events = Events::new(xml, "a", 1 << 20, 1 << 20);
        let mut seen = Vec::new();
        while let Ok(Some(event)) = events.next() {
            seen.push(match event {
                Event::Open(t) => format!("<{}", String::from_utf8_lossy(t)),
                Event::Empty(t) => format!("<{}/", String::from_utf8_lossy(t)),
                Event::Close(t) => format!("/{}", String::from_utf8_lossy(t)),
                Event::Text(t) => format!("'{}", String::from_utf8_lossy(t)),
                Event::Cdata(t) => format!("!{}", String::from_utf8_lossy(t)),
            });
        }
        seen
    }

    #[test]
    fn tells_events_apart() {
        let xml = b"<?xml version='1.0'?><!-- <x> --><x:a b=\"1>2\"><c/>t<![CDATA[<z>]]></x:a>";
        assert_eq!(all(xml), ["<x:a b=\"1>2\"", "<c/", "'t", "!<z>", "/a"]);
        assert!(all(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>").is_empty());
    }

    #[test]
    fn resolves_escapes() {
        let check = |raw: &str, expected: &str| {
            let mut out = String::from("·");
            unescape(raw.as_bytes(), &mut out);
            assert_eq!(out, format!("·{expected}"));
        };
        check("a&amp;b&lt;&#20013;&#x4e2d;", "a&b<中中");
        check("a&nbsp;b & c", "a&nbsp;b & c");
        check("a_x000D_b_x5_", "a\rb_x5_");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(prop_oneof![Just(b'<'), Just(b'>'), Just(b'/'), Just(b'"'), Just(b'!'), Just(b'-'), Just(b'['), any::<u8>()], 0..200)) {
            let _ = all(&bytes);
            let mut out = String::new();
            unescape(&bytes, &mut out);
            let _ = attributes(&bytes).count();
        }
    }
}
