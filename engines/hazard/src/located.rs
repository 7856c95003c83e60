//! A JSON text with the line on which each value stands, so that a finding
//! can say "line 7" about a file that a person wrote by hand.

use serde_json::Value;
use std::collections::BTreeMap;

/// A JSON document and the line of each of its values.
#[derive(Debug, Clone, Default)]
pub struct Located {
    /// The document.
    pub root: Value,
    lines: BTreeMap<String, usize>,
}

/// Why a text is no JSON: the line and the parser's words.
#[derive(Debug, Clone, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct NotJson {
    /// Line, from 1.
    pub line: usize,
    /// What the parser said, without the position.
    pub message: String,
}

impl Located {
    /// Reads a JSON text (UTF-8, a byte order mark is skipped).
    ///
    /// # Errors
    /// [`NotJson`] with the line on which reading stopped.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotJson> {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
            Err(e) => {
                let line = bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
                return Err(NotJson { line, message: "not UTF-8".into() });
            }
        };
        let root: Value = serde_json::from_str(text).map_err(|e| NotJson { line: e.line(), message: words_of(&e) })?;
        let mut scanner = Scanner { bytes: text.as_bytes(), at: 0, line: 1, lines: BTreeMap::new() };
        scanner.value("");
        Ok(Self { root, lines: scanner.lines })
    }

    /// Line of the value at `path` (`substances/0/q_t`), or of the nearest
    /// enclosing value that stands in the text.
    #[must_use]
    pub fn line(&self, path: &str) -> usize {
        let mut path = path;
        loop {
            if let Some(line) = self.lines.get(path) {
                return *line;
            }
            match path.rfind('/') {
                Some(cut) => path = &path[..cut],
                None => return self.lines.get("").copied().unwrap_or(1),
            }
        }
    }
}

/// The parser's words without "at line … column …", which is said elsewhere.
fn words_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rfind(" at line ").map_or(text.clone(), |cut| text[..cut].to_owned())
}

/// Walks a text that is known to be valid JSON.
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
    lines: BTreeMap<String, usize>,
}

impl Scanner<'_> {
    fn peek(&mut self) -> u8 {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                other => return *other,
            }
            self.at += 1;
        }
        0
    }

    fn value(&mut self, path: &str) {
        let first = self.peek();
        self.lines.insert(path.to_owned(), self.line);
        match first {
            b'{' => self.members(path),
            b'[' => self.items(path),
            b'"' => {
                self.string();
            }
            _ => {
                while self.bytes.get(self.at).is_some_and(|b| !b",]} \t\r\n".contains(b)) {
                    self.at += 1;
                }
            }
        }
    }

    fn members(&mut self, path: &str) {
        self.at += 1;
        while self.peek() == b'"' {
            let key = self.string();
            let at = if path.is_empty() { key } else { format!("{path}/{key}") };
            if self.peek() == b':' {
                self.at += 1;
            }
            self.value(&at);
            if self.peek() == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
    }

    fn items(&mut self, path: &str) {
        self.at += 1;
        let mut n = 0_usize;
        while !matches!(self.peek(), b']' | 0) {
            let at = if path.is_empty() { n.to_string() } else { format!("{path}/{n}") };
            self.value(&at);
            n += 1;
            if self.peek() == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
    }

    /// Reads over a string and gives it back; no raw line break can stand in one.
    fn string(&mut self) -> String {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\\' => self.at += 2,
                b'"' => break,
                _ => self.at += 1,
            }
        }
        self.at = (self.at + 1).min(self.bytes.len());
        serde_json::from_slice(&self.bytes[start..self.at]).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_the_line_of_each_value() {
        let text = "{\n \"a\": [1,\n  {\"b\\n\": \"x,]\"}],\n\n \"c\": null }";
        let doc = Located::parse(text.as_bytes()).unwrap();
        assert_eq!((doc.line("a/0"), doc.line("a/1/b\n"), doc.line("c"), doc.line("a/1/absent")), (2, 3, 5, 3));
        assert_eq!(Located::parse(b"{\n\"a\": ]").unwrap_err().line, 2);
        assert_eq!(Located::parse(b"{\n\"\xff\"}").unwrap_err().line, 2);
    }

    proptest::proptest! {
        #[test]
        fn reads_anything_without_panic(text in "[\\[\\]{}\",:0-9a\\\\ \n]{0,60}") {
            let _ = Located::parse(text.as_bytes());
        }
    }
}
