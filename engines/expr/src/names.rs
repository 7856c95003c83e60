//! Names 名称: what an expression asks of whoever uses it.
//!
//! The language knows no metric, ledger or field. At check time [`Names`]
//! says what a name or a function of constants is; at evaluation time
//! [`Values`] gives its value.

use crate::measure::Measure;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use values::figure::Reason;
use values::{Date, Period};

/// What kind of value a name has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A number in this unit; `None` for a plain number.
    Number(Option<Measure>),
    /// A text, compared letter by letter.
    Text,
    /// One of these keys, written without quotes; an empty list allows any.
    Choice(Vec<String>),
    /// A hierarchical code: equal or `in` means "begins with" (C26 is in `["C"]`).
    Code,
    /// Several texts at once, for `"x" in names`.
    Texts,
    /// True or false.
    Bool,
    /// A day.
    Date,
    /// A period.
    Period,
}

impl Kind {
    /// A number in the unit of that name; `None` if there is no such unit.
    #[must_use]
    pub fn number_in(unit: &str) -> Option<Self> {
        if unit.is_empty() { Some(Self::Number(None)) } else { Measure::parse(unit).map(|m| Self::Number(Some(m))) }
    }
    /// The word for it in the reader's language.
    #[must_use]
    pub fn word(&self, lang: values::Lang) -> &'static str {
        let (zh, en) = match self {
            Self::Number(_) => ("数字", "a number"),
            Self::Text => ("文字", "a text"),
            Self::Choice(_) => ("选项", "a choice"),
            Self::Code => ("代码", "a code"),
            Self::Texts => ("多项文字", "several texts"),
            Self::Bool => ("是否", "yes or no"),
            Self::Date => ("日期", "a date"),
            Self::Period => ("报告期", "a period"),
        };
        if lang == values::Lang::En { en } else { zh }
    }
}

/// A name that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The owner's own number for it; handed back to [`Values::get`].
    pub id: u32,
    /// What it is.
    pub kind: Kind,
}

/// An argument of a function that the owner of the names resolves: constants and bare words only.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg<'a> {
    /// A word without quotes, `title(above_scale_industry)`.
    Word(&'a str),
    /// A quoted text.
    Text(&'a str),
    /// A number and its unit.
    Number(Decimal, Option<&'a Measure>),
    /// true or false.
    Bool(bool),
    /// A day.
    Date(Date),
    /// A period.
    Period(Period),
    /// Something that has to be computed first.
    Computed,
}

/// What the owner of the names says of a function call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Called {
    /// No such function here; the language's own are looked at next.
    Unknown,
    /// It stands for this value.
    Is(Named),
    /// The function is known, the arguments do not fit; what was expected, in the user's words.
    Wrong(String),
}

/// Gives names their kinds, at check time.
pub trait Names {
    /// The value of that name, dots included (`gdp.growth`).
    fn name(&mut self, path: &str) -> Option<Named>;
    /// A function of constants, e.g. `title(high_tech_enterprise)` or `sum(rd, 3)`.
    fn call(&mut self, _function: &str, _args: &[Arg<'_>]) -> Called {
        Called::Unknown
    }
    /// All names, for “did you mean”.
    fn known(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A value at evaluation time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Not known, and why: not filed, hidden, not computable. Never the same as false or 0.
    Missing(Reason),
    /// A number, in the unit that its name declared.
    Number(Decimal),
    /// A text, choice or code.
    Text(&'a str),
    /// Several texts.
    Texts(&'a [String]),
    /// True or false.
    Bool(bool),
    /// A day.
    Date(Date),
    /// A period.
    Period(Period),
}

impl Value<'_> {
    /// Not filed 未报.
    pub const NOT_FILED: Self = Self::Missing(Reason::NotFiled);

    /// The number, if it is one.
    #[must_use]
    pub fn number(&self) -> Option<Decimal> {
        if let Self::Number(n) = self { Some(*n) } else { None }
    }
    /// True or false; `None` if missing or no condition.
    #[must_use]
    pub fn truth(&self) -> Option<bool> {
        if let Self::Bool(b) = self { Some(*b) } else { None }
    }
    /// True if it is not known.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing(_))
    }
}

impl std::fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing(reason) => f.write_str(reason.word()),
            Self::Number(n) => write!(f, "{}", n.normalize()),
            Self::Text(t) => f.write_str(t),
            Self::Texts(list) => f.write_str(&list.join("、")),
            Self::Bool(b) => write!(f, "{b}"),
            Self::Date(d) => write!(f, "{d}"),
            Self::Period(p) => write!(f, "{p}"),
        }
    }
}

/// Gives names their values, at evaluation time.
pub trait Values {
    /// The value of the name with that id; of the kind that was declared, or missing.
    fn get(&self, id: u32) -> Value<'_>;
}

/// Names and values in a plain table: for tests, command lines, and small users.
#[derive(Debug, Clone, Default)]
pub struct Table {
    ids: BTreeMap<String, u32>,
    kinds: Vec<Kind>,
    values: Vec<Option<Held>>,
}

/// A value that a [`Table`] holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// A number in the declared unit.
    Number(Decimal),
    /// A text, choice or code.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
    /// True or false.
    Bool(bool),
    /// A day.
    Date(Date),
    /// A period.
    Period(Period),
}

impl Held {
    /// The value, borrowed.
    #[must_use]
    pub fn value(&self) -> Value<'_> {
        match self {
            Self::Number(n) => Value::Number(*n),
            Self::Text(t) => Value::Text(t),
            Self::Texts(list) => Value::Texts(list),
            Self::Bool(b) => Value::Bool(*b),
            Self::Date(d) => Value::Date(*d),
            Self::Period(p) => Value::Period(*p),
        }
    }
}

impl Table {
    /// Declares a name; a second declaration changes its kind.
    pub fn declare(&mut self, name: &str, kind: Kind) -> u32 {
        if let Some(id) = self.ids.get(name) {
            self.kinds[*id as usize] = kind;
            return *id;
        }
        let id = u32::try_from(self.kinds.len()).unwrap_or(u32::MAX);
        self.ids.insert(name.to_owned(), id);
        self.kinds.push(kind);
        self.values.push(None);
        id
    }
    /// Sets the value of a declared name; an undeclared one is left alone.
    pub fn set(&mut self, name: &str, value: Option<Held>) {
        if let Some(id) = self.ids.get(name) {
            self.values[*id as usize] = value;
        }
    }
}

impl Names for Table {
    fn name(&mut self, path: &str) -> Option<Named> {
        let id = *self.ids.get(path)?;
        Some(Named { id, kind: self.kinds[id as usize].clone() })
    }
    fn known(&self) -> Vec<String> {
        self.ids.keys().cloned().collect()
    }
}

impl Values for Table {
    fn get(&self, id: u32) -> Value<'_> {
        match self.values.get(id as usize) {
            Some(Some(held)) => held.value(),
            _ => Value::NOT_FILED,
        }
    }
}
