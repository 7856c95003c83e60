//! Reads the inputs of one calculation: `{kind, inputs}` with names such as
//! `u`, `Q_kg_s`, `d_m`. A name without a suffix is in SI units; a suffix or a
//! text (`"3 t/h"`) says another unit. Everything wrong is collected as
//! findings with its line.

use crate::located::Located;
use crate::units::{self, Dim};
use crate::words;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use values::{Findings, Lang, Severity};

/// One input: its names (the first is the one in the docs), dimension and range.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Accepted names, without suffix.
    pub names: &'static [&'static str],
    /// What it measures.
    pub dim: Dim,
    /// Least value in SI units, itself allowed.
    pub low: f64,
    /// Greatest value in SI units, itself allowed.
    pub high: f64,
}

/// A field that may not be below `low` nor above `high`.
#[must_use]
pub const fn field(names: &'static [&'static str], dim: Dim, low: f64, high: f64) -> Field {
    Field { names, dim, low, high }
}

/// Smallest value that counts as above zero.
pub const POSITIVE: f64 = 1e-30;

/// The inputs being read.
pub struct Inputs<'a> {
    file: &'a str,
    doc: &'a Located,
    prefix: String,
    map: Map<String, Value>,
    used: BTreeSet<String>,
    /// Language of the findings.
    pub lang: Lang,
    /// What was found so far.
    pub findings: Findings,
}

impl<'a> Inputs<'a> {
    /// The `inputs` object of `doc`, or the document itself where there is none.
    #[must_use]
    pub fn open(file: &'a str, doc: &'a Located, lang: Lang) -> Self {
        let (prefix, map) = match doc.root.get("inputs") {
            Some(Value::Object(map)) => ("inputs".to_owned(), map.clone()),
            // An object that came out of a table's cell is still text.
            Some(Value::String(text)) => ("inputs".to_owned(), serde_json::from_str(text).unwrap_or_default()),
            _ => (String::new(), doc.root.as_object().cloned().unwrap_or_default()),
        };
        let used = ["kind", "id", "title", "quantity", "inputs"].map(str::to_owned).into();
        Self { file, doc, prefix, map, used, lang, findings: Findings::default() }
    }

    /// The same inputs seen at an item of a list, e.g. one wind of a series.
    #[must_use]
    pub fn item(&self, list: &str, n: usize, map: &Map<String, Value>) -> Self {
        let prefix = self.path(&format!("{list}/{n}"));
        Self {
            file: self.file,
            doc: self.doc,
            prefix,
            map: map.clone(),
            used: BTreeSet::new(),
            lang: self.lang,
            findings: Findings::default(),
        }
    }

    fn path(&self, key: &str) -> String {
        if self.prefix.is_empty() { key.to_owned() } else { format!("{}/{key}", self.prefix) }
    }

    /// A value that must be there. None after a finding.
    pub fn need(&mut self, field: &Field) -> Option<f64> {
        if !self.has(field) {
            let args = [("name", field.names[0]), ("unit", units::base(field.dim))];
            self.say(Severity::Error, "hazard.missing_input", field.names[0], &args);
            return None;
        }
        self.get(field)
    }

    /// A value if it is there and right.
    pub fn get(&mut self, field: &Field) -> Option<f64> {
        let (key, value, suffix) = self.find(field)?;
        self.used.insert(key.clone());
        let number = self.read(&key, &value, field, suffix.as_deref())?;
        let absolute = field.dim == Dim::Temperature && number <= 0.0;
        if absolute || !number.is_finite() || number < field.low || number > field.high {
            let found = shown(&value);
            let (low, high) = (plain(field.low), plain(field.high));
            let rule = if absolute { "hazard.below_absolute_zero" } else { "hazard.out_of_range" };
            let args = [("name", key.as_str()), ("found", &found), ("low", &low), ("high", &high), ("unit", units::base(field.dim))];
            self.say(Severity::Error, rule, &key, &args);
            return None;
        }
        Some(number)
    }

    /// A value, or `default` where none is given.
    pub fn or(&mut self, field: &Field, default: f64) -> Option<f64> {
        if self.has(field) { self.get(field) } else { Some(default) }
    }

    /// True if the field is given, right or wrong.
    #[must_use]
    pub fn has(&self, field: &Field) -> bool {
        self.find(field).is_some()
    }

    /// A word, e.g. a class or a terrain.
    pub fn word(&mut self, names: &[&str]) -> Option<String> {
        let key = names.iter().find(|n| self.map.contains_key(**n))?;
        self.used.insert((*key).to_owned());
        match &self.map[*key] {
            Value::String(s) => Some(s.trim().to_owned()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }

    /// True or false, also written 是/否, yes/no, true/false.
    pub fn flag(&mut self, names: &[&str]) -> Option<bool> {
        let word = self.word(names)?;
        Some(matches!(word.to_lowercase().as_str(), "true" | "yes" | "1" | "是" | "有"))
    }

    /// Any value as it stands.
    pub fn raw(&mut self, name: &str) -> Option<Value> {
        self.used.insert(name.to_owned());
        self.map.get(name).filter(|v| !v.is_null()).cloned()
    }

    /// Adds a finding at an input.
    pub fn say(&mut self, severity: Severity, rule: &str, key: &str, args: &[(&str, &str)]) {
        let place = format!("{}:{}", self.file, self.doc.line(&self.path(key)));
        self.findings.push(words::finding(self.lang, severity, rule, args).at(place).field(key));
    }

    /// A note for each name that nobody asked for: a slip of the pen is not silent.
    pub fn mention_unused(&mut self) {
        let unused: Vec<String> = self.map.keys().filter(|k| !self.used.contains(*k)).cloned().collect();
        for key in unused {
            self.say(Severity::Note, "hazard.unused_input", &key, &[("found", &key)]);
        }
    }

    /// The inputs as given, for the answer.
    #[must_use]
    pub fn given(&self) -> Value {
        Value::Object(self.map.clone())
    }

    fn find(&self, field: &Field) -> Option<(String, Value, Option<String>)> {
        for name in field.names {
            if let Some(value) = self.map.get(*name).filter(|v| !v.is_null()) {
                return Some(((*name).to_owned(), value.clone(), None));
            }
            for (key, value) in self.map.iter().filter(|(_, v)| !v.is_null()) {
                let suffix = key.strip_prefix(name).and_then(|rest| rest.strip_prefix('_'));
                if let Some(suffix) = suffix.filter(|s| units::scale(field.dim, s).is_some()) {
                    return Some((key.clone(), value.clone(), Some(suffix.to_owned())));
                }
            }
        }
        None
    }

    fn read(&mut self, key: &str, value: &Value, field: &Field, suffix: Option<&str>) -> Option<f64> {
        let (number, unit) = match value {
            Value::Number(n) => (n.as_f64(), suffix.map(str::to_owned)),
            Value::String(text) => {
                let (number, unit) = split(text);
                (number, if unit.is_empty() { suffix.map(str::to_owned) } else { Some(unit) })
            }
            Value::Object(o) => {
                let unit = o.get("unit").and_then(Value::as_str).map(str::to_owned);
                (o.get("value").and_then(Value::as_f64), unit.or_else(|| suffix.map(str::to_owned)))
            }
            _ => (None, None),
        };
        let found = shown(value);
        let args = [("name", key), ("found", found.as_str()), ("unit", units::base(field.dim))];
        let Some(number) = number else {
            self.say(Severity::Error, "hazard.not_a_number", key, &args);
            return None;
        };
        match unit {
            None if value.is_number() || field.dim == Dim::None => Some(number),
            None => {
                self.say(Severity::Error, "hazard.input_without_unit", key, &args);
                None
            }
            Some(unit) => match units::scale(field.dim, &unit) {
                Some(scale) => Some(number * scale.factor + scale.offset),
                None => {
                    self.say(Severity::Error, "hazard.unknown_unit", key, &args);
                    None
                }
            },
        }
    }
}

/// `"3.5e-2 t/h"` is a number and its unit.
fn split(text: &str) -> (Option<f64>, String) {
    let text = text.trim();
    // The longest start that is a number; "1e3 kg" must not stop at the e.
    let cut = (1..=text.len()).rev().filter(|n| text.is_char_boundary(*n)).find(|n| text[..*n].trim_end().parse::<f64>().is_ok());
    match cut {
        Some(cut) => (text[..cut].trim_end().parse().ok().filter(|x: &f64| x.is_finite()), text[cut..].trim().to_owned()),
        None => (None, String::new()),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(s) => s.chars().take(60).collect(),
        other => other.to_string().chars().take(60).collect(),
    }
}

fn plain(x: f64) -> String {
    if x <= POSITIVE && x > 0.0 { ">0".into() } else { format!("{x}") }
}
