//! Problems 问题: what is wrong with an expression, and at which characters.

use std::fmt;
use std::sync::OnceLock;
use values::{Finding, Lang, Texts};

/// Where something stands in the source, in characters (not bytes), end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Span {
    /// First character, from 0.
    pub start: u32,
    /// One past the last character.
    pub end: u32,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        let clip = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: clip(start), end: clip(end) }
    }
    /// From the start of one to the end of the other.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
    /// The characters of `source` that it covers.
    #[must_use]
    pub fn of(self, source: &str) -> String {
        source.chars().skip(self.start as usize).take(self.end.saturating_sub(self.start) as usize).collect()
    }
}

/// What is wrong with an expression, and where.
///
/// `rule` is a stable id (`expr.…`, listed in `docs/expr.md`); the sentence
/// comes from `texts.toml` in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{rule} at {span:?}: {args:?}")]
pub struct Problem {
    /// Stable id.
    pub rule: &'static str,
    /// Where.
    pub span: Span,
    /// Values that fill the text's `{…}`.
    pub args: Vec<(&'static str, String)>,
}

fn texts() -> &'static Texts {
    static TEXTS: OnceLock<Texts> = OnceLock::new();
    TEXTS.get_or_init(|| Texts::parse(include_str!("../texts.toml")).expect("texts.toml is checked by a test"))
}

impl Problem {
    pub(crate) fn new(rule: &'static str, span: Span) -> Self {
        Self { rule, span, args: Vec::new() }
    }
    pub(crate) fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
    fn text(&self, lang: Lang, part: &str) -> String {
        let args: Vec<(&str, &str)> = self.args.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let key = format!("{}.{part}", self.rule);
        if texts().has(&key) { texts().get(lang, &key, &args) } else { String::new() }
    }
    /// What is wrong, in one sentence.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        self.text(lang, "what")
    }
    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        self.text(lang, "remedy")
    }
    /// The line of `source` that it is on, and a second line that points at the place.
    ///
    /// A Chinese character is two columns wide, as in a terminal.
    #[must_use]
    pub fn pointer(&self, source: &str) -> String {
        let chars: Vec<char> = source.chars().collect();
        let start = (self.span.start as usize).min(chars.len());
        let end = (self.span.end as usize).clamp(start, chars.len());
        let first = chars[..start].iter().rposition(|c| *c == '\n').map_or(0, |i| i + 1);
        let last = chars[start..].iter().position(|c| *c == '\n').map_or(chars.len(), |i| start + i);
        let width = |part: &[char]| part.iter().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
        let line: String = chars[first..last].iter().collect();
        let marked = width(&chars[start..end.min(last)]).max(1);
        format!("{line}\n{}{}", " ".repeat(width(&chars[first..start])), "^".repeat(marked))
    }
    /// As a finding at `place`, with the characters counted from 1.
    #[must_use]
    pub fn finding(&self, source: &str, place: &str, lang: Lang) -> Finding {
        let from = self.span.start + 1;
        let to = self.span.end.max(from);
        let at = match lang {
            Lang::Zh if from == to => format!("第{from}字"),
            Lang::Zh => format!("第{from}–{to}字"),
            Lang::En => format!("characters {from}–{to}"),
        };
        let place = if place.is_empty() { at } else { format!("{place} {at}") };
        Finding::error(self.rule).at(place).field(self.span.of(source)).found(source).expected(self.message(lang)).remedy(self.remedy(lang))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_stands_in_both_languages() {
        let texts = texts();
        assert_eq!(texts.untranslated().collect::<Vec<_>>(), Vec::<&str>::new());
        assert!(texts.keys().count() > 20);
    }

    #[test]
    fn points_at_the_place() {
        let problem = Problem::new("expr.unknown_name", Span::new(5, 7)).with("name", "利润").with("hint", "");
        assert_eq!(problem.pointer("营收 > 利润 + 1"), "营收 > 利润 + 1\n       ^^^^");
        assert_eq!(problem.finding("营收 > 利润 + 1", "条件1", Lang::Zh).place, "条件1 第6–7字");
    }
}
