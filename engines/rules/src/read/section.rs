//! A table of a TOML file, walked key by key, so that every mistake is found at once and with its line.

use crate::say;
use rust_decimal::Decimal;
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::str::FromStr;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use values::{Confidence, Date, Finding, Findings, Lang, Severity};

/// What is being read: the text, its name, and what was found wrong with it.
pub(crate) struct Reading<'a> {
    pub name: &'a str,
    pub source: &'a str,
    pub lang: Lang,
    pub findings: RefCell<Findings>,
}

impl Reading<'_> {
    /// Line of a byte offset, from 1.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.source.as_bytes().iter().take(offset).filter(|b| **b == b'\n').count() + 1
    }
    pub(crate) fn place(&self, offset: usize) -> String {
        format!("{}:{}", self.name, self.line(offset))
    }
    pub(crate) fn push(&self, finding: Finding) {
        self.findings.borrow_mut().push(finding);
    }
    pub(crate) fn say(&self, severity: Severity, rule: &str, at: usize, field: &str, args: &[(&str, &str)]) {
        self.push(say::finding(severity, self.lang, rule, args).at(self.place(at)).field(field));
    }
    pub(crate) fn error(&self, rule: &str, at: usize, field: &str, args: &[(&str, &str)]) {
        self.say(Severity::Error, rule, at, field, args);
    }
    /// Notes everything that is wrong with an expression.
    pub(crate) fn problems(&self, problems: &[expr::Problem], text: &Text, field: &str) {
        for problem in problems {
            self.push(problem.finding(&text.value, &self.place(text.at), self.lang).field(field));
        }
    }
}

/// A text with the place where it stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    pub value: String,
    pub at: usize,
}

/// One table.
pub(crate) struct Section<'a> {
    pub reading: &'a Reading<'a>,
    table: &'a DeTable<'a>,
    /// Where it begins.
    pub at: usize,
    seen: RefCell<Vec<&'a str>>,
    quiet: Cell<bool>,
}

/// A member of a list: a text or a table.
pub(crate) enum Item<'a> {
    Text(Text),
    Section(Section<'a>),
}

impl<'a> Section<'a> {
    pub(crate) fn new(reading: &'a Reading<'a>, table: &'a DeTable<'a>, span: Range<usize>) -> Self {
        Self { reading, table, at: span.start, seen: RefCell::default(), quiet: Cell::new(false) }
    }

    fn get(&self, key: &'a str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.seen.borrow_mut().push(key);
        self.table.get(key)
    }
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }
    /// All keys, in the order of the file, with their places.
    pub(crate) fn keys(&self) -> Vec<(String, usize)> {
        let mut keys: Vec<(String, usize)> = self.table.keys().map(|k| (k.get_ref().to_string(), k.span().start)).collect();
        keys.sort_by_key(|(_, at)| *at);
        keys
    }
    /// The value of a key that the file's author chose, as [`Item`]s: one text, several texts, or a table.
    pub(crate) fn free(&self, key: &str) -> Vec<Item<'a>> {
        self.quiet.set(true);
        match self.table.get(key) {
            Some(value) => self.items_of(value, key),
            None => Vec::new(),
        }
    }

    fn wrong(&self, value: &Spanned<DeValue<'_>>, key: &str, expected: &str) {
        let expected = say::word(self.reading.lang, expected);
        let found = value.get_ref().type_str();
        self.reading.error("rules.wrong_type", value.span().start, key, &[("key", key), ("found", found), ("expected", &expected)]);
    }

    /// A text; numbers and dates written without quotes are texts too.
    pub(crate) fn text(&self, key: &'a str) -> Option<Text> {
        let value = self.get(key)?;
        match scalar(value) {
            Some(text) => Some(text),
            None => {
                self.wrong(value, key, "type.text");
                None
            }
        }
    }
    pub(crate) fn string(&self, key: &'a str) -> String {
        self.text(key).map(|t| t.value).unwrap_or_default()
    }
    /// A text that must be there.
    pub(crate) fn needed(&self, key: &'a str) -> Text {
        let text = self.text(key).filter(|t| !t.value.trim().is_empty());
        text.unwrap_or_else(|| {
            if !self.has(key) || scalar(&self.table[key]).is_some() {
                self.reading.error("rules.missing_key", self.at, key, &[("key", key)]);
            }
            Text { value: String::new(), at: self.at }
        })
    }
    pub(crate) fn yes(&self, key: &'a str) -> bool {
        let Some(value) = self.get(key) else { return false };
        match (value.get_ref(), scalar(value).as_ref().map(|t| t.value.as_str())) {
            (DeValue::Boolean(b), _) => *b,
            (_, Some("是" | "yes")) => true,
            (_, Some("否" | "no")) => false,
            _ => {
                self.wrong(value, key, "type.yes_no");
                false
            }
        }
    }
    pub(crate) fn number(&self, key: &'a str) -> Option<Decimal> {
        let text = self.text(key)?;
        let number = Decimal::from_str(text.value.trim()).ok();
        if number.is_none() {
            self.reading.error("rules.not_a_number", text.at, key, &[("key", key), ("found", &text.value)]);
        }
        number
    }
    pub(crate) fn date(&self, key: &'a str) -> Option<Date> {
        let text = self.text(key)?;
        if text.value.trim().is_empty() {
            return None;
        }
        let date = read_date(&text.value);
        if date.is_none() {
            self.reading.error("rules.no_such_date", text.at, key, &[("key", key), ("found", &text.value)]);
        }
        date
    }
    pub(crate) fn confidence(&self, key: &'a str) -> Option<Confidence> {
        let text = self.text(key)?;
        let read = Confidence::parse(&text.value);
        if read.is_none() {
            self.reading.error("rules.no_such_choice", text.at, key, &[("key", key), ("found", &text.value), ("options", "A、B、C")]);
        }
        read
    }
    /// One of several words; the first is the default.
    pub(crate) fn choice<T: Copy>(&self, key: &'a str, options: &[(&str, T)]) -> T {
        let Some(text) = self.text(key) else { return options[0].1 };
        match options.iter().find(|(word, _)| *word == text.value) {
            Some((_, option)) => *option,
            None => {
                let all = options.iter().map(|(w, _)| *w).collect::<Vec<_>>().join("、");
                self.reading.error("rules.no_such_choice", text.at, key, &[("key", key), ("found", &text.value), ("options", &all)]);
                options[0].1
            }
        }
    }
    /// `{ zh, en }` or one Chinese text.
    pub(crate) fn label(&self, key: &'a str) -> values::texts::Label {
        if let Some(DeValue::Table(_)) = self.table.get(key).map(Spanned::get_ref) {
            let inner = self.section(key).map(|s| {
                let label = values::texts::Label { zh: s.string("zh"), en: s.string("en") };
                s.finish();
                label
            });
            return inner.unwrap_or_default();
        }
        values::texts::Label { zh: self.string(key), en: String::new() }
    }
    pub(crate) fn section(&self, key: &'a str) -> Option<Section<'a>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Section::new(self.reading, table, value.span())),
            _ => {
                self.wrong(value, key, "type.table");
                None
            }
        }
    }
    /// A list of tables; one table alone is a list of one.
    pub(crate) fn sections(&self, key: &'a str) -> Vec<Section<'a>> {
        self.items(key)
            .into_iter()
            .filter_map(|item| match item {
                Item::Section(section) => Some(section),
                Item::Text(text) => {
                    let expected = say::word(self.reading.lang, "type.table");
                    self.reading.error("rules.wrong_type", text.at, key, &[("key", key), ("found", &text.value), ("expected", &expected)]);
                    None
                }
            })
            .collect()
    }
    /// A list of texts; one text alone is a list of one.
    pub(crate) fn texts(&self, key: &'a str) -> Vec<Text> {
        self.items(key)
            .into_iter()
            .filter_map(|item| match item {
                Item::Text(text) => Some(text),
                Item::Section(section) => {
                    let expected = say::word(self.reading.lang, "type.text");
                    self.reading.error("rules.wrong_type", section.at, key, &[("key", key), ("found", "{…}"), ("expected", &expected)]);
                    None
                }
            })
            .collect()
    }
    /// A list of texts and tables.
    pub(crate) fn items(&self, key: &'a str) -> Vec<Item<'a>> {
        match self.get(key) {
            Some(value) => self.items_of(value, key),
            None => Vec::new(),
        }
    }
    fn items_of(&self, value: &'a Spanned<DeValue<'a>>, key: &str) -> Vec<Item<'a>> {
        let one = |value: &'a Spanned<DeValue<'a>>| match value.get_ref() {
            DeValue::Table(table) => Some(Item::Section(Section::new(self.reading, table, value.span()))),
            _ => match scalar(value) {
                Some(text) => Some(Item::Text(text)),
                None => {
                    self.wrong(value, key, "type.text");
                    None
                }
            },
        };
        match value.get_ref() {
            DeValue::Array(list) => list.iter().filter_map(one).collect(),
            _ => one(value).into_iter().collect(),
        }
    }

    /// Says which keys nobody asked for.
    pub(crate) fn finish(&self) {
        if self.quiet.get() {
            return;
        }
        let seen = self.seen.borrow();
        for (key, at) in self.keys() {
            if seen.contains(&key.as_str()) {
                continue;
            }
            let near = say::nearest(&key, seen.iter().copied());
            let mut options: Vec<&str> = seen.clone();
            options.sort_unstable();
            options.dedup();
            let hint = near.map_or_else(|| options.join("、"), str::to_owned);
            self.reading.error("rules.unknown_key", at, &key, &[("found", &key), ("near", &hint)]);
        }
    }
}

fn scalar(value: &Spanned<DeValue<'_>>) -> Option<Text> {
    let text = match value.get_ref() {
        DeValue::String(s) => s.to_string(),
        DeValue::Integer(n) => n.as_str().replace('_', ""),
        DeValue::Float(n) => n.as_str().replace('_', ""),
        DeValue::Boolean(b) => b.to_string(),
        DeValue::Datetime(d) => d.to_string(),
        DeValue::Array(_) | DeValue::Table(_) => return None,
    };
    Some(Text { value: text, at: value.span().start })
}

/// `2026-04-01`, `2026年4月1日`, `2026/4/1`; a month is its first day, a year its 1 January.
pub(crate) fn read_date(text: &str) -> Option<Date> {
    let parts: Vec<i16> = text
        .trim()
        .trim_end_matches(['日', '月', '年'])
        .split(['-', '/', '.', '年', '月'])
        .map(|p| p.trim().parse().ok())
        .collect::<Option<_>>()?;
    let part = |i: usize| parts.get(i).map_or(Some(1), |p| i8::try_from(*p).ok());
    if parts.is_empty() || parts.len() > 3 || !(1900..2200).contains(&parts[0]) {
        return None;
    }
    Date::new(parts[0], part(1)?, part(2)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_the_field() {
        for (text, date) in
            [("2026-04-01", "2026-04-01"), ("2026年4月1日", "2026-04-01"), ("2023-05", "2023-05-01"), ("2023", "2023-01-01")]
        {
            assert_eq!(read_date(text), date.parse().ok(), "{text}");
        }
        assert_eq!(read_date("2025-02-30"), None);
        assert_eq!(read_date("某日"), None);
    }
}
