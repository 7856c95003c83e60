//! Cutting a template into lines and a run of text into tokens, each with its place.

use super::At;

/// A token of a run of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Words(String),
    /// What stands between `{` and `}`.
    Tag(String, At),
    /// `[`
    Open(At),
    /// `]`
    Close(At),
    /// `|`, in tables only.
    Bar,
    /// A `{` without its `}`.
    Unclosed(At),
}

/// A line with its number.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    pub text: &'a str,
    pub number: usize,
}

impl Line<'_> {
    /// Place of the first character that is no blank.
    pub(super) fn at(&self) -> At {
        At { line: self.number, column: self.text.chars().take_while(|c| c.is_whitespace()).count() + 1 }
    }

    /// The content of the line's tag, if the line is nothing but one tag.
    pub(super) fn tag(&self) -> Option<&str> {
        let inner = self.text.trim().strip_prefix('{')?.strip_suffix('}')?;
        // A table's caption may hold figures of its own.
        (!inner.contains(['{', '}']) || inner.trim_start().starts_with("table ")).then(|| inner.trim())
    }
}

/// The lines of a template; lines that begin with `//` are remarks.
pub(super) fn lines(source: &str) -> Vec<Line<'_>> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    source.lines().enumerate().map(|(n, text)| Line { text, number: n + 1 }).filter(|l| !l.text.trim_start().starts_with("//")).collect()
}

/// Characters with their places: of one line from a column on, blanks at both ends dropped.
pub(super) fn characters(text: &str, line: usize, skip: usize) -> Vec<(char, At)> {
    let all: Vec<(char, At)> = text.chars().enumerate().skip(skip).map(|(n, c)| (c, At { line, column: n + 1 })).collect();
    let first = all.iter().position(|(c, _)| !c.is_whitespace()).unwrap_or(all.len());
    let last = all.iter().rposition(|(c, _)| !c.is_whitespace()).map_or(first, |n| n + 1);
    all[first..last].to_vec()
}

/// Tokens of a run of characters. `\` before a sign makes it a letter.
pub(super) fn tokens(characters: &[(char, At)], in_table: bool) -> Vec<Token> {
    let mut out = Vec::new();
    let mut words = String::new();
    let mut at = 0;
    while let Some((c, place)) = characters.get(at).copied() {
        at += 1;
        let token = match c {
            '\\' => {
                if let Some((next, _)) = characters.get(at) {
                    words.push(*next);
                    at += 1;
                }
                continue;
            }
            '{' => match characters[at..].iter().position(|(c, _)| matches!(c, '}' | '{')) {
                Some(n) if characters[at + n].0 == '}' => {
                    let inner: String = characters[at..at + n].iter().map(|(c, _)| c).collect();
                    at += n + 1;
                    Token::Tag(inner.trim().to_owned(), place)
                }
                _ => Token::Unclosed(place),
            },
            '[' => Token::Open(place),
            ']' => Token::Close(place),
            '|' if in_table => Token::Bar,
            c => {
                words.push(c);
                continue;
            }
        };
        if !words.is_empty() {
            out.push(Token::Words(std::mem::take(&mut words)));
        }
        out.push(token);
    }
    if !words.is_empty() {
        out.push(Token::Words(words));
    }
    out
}
