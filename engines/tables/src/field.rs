//! Fields 字段: what the caller knows of a ledger's or form's fields. The
//! engine itself knows no ledger.

use values::{Quantity, Unit, unit};

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// Any text.
    Text,
    /// A number kept at `scale` digits after the point, in the field's unit.
    Number {
        /// Digits after the point.
        scale: u8,
    },
    /// A whole number.
    Count,
    /// Money, kept to the 分 whatever the field's unit.
    Money,
    /// A calendar day.
    Date,
    /// A reporting period.
    Period,
    /// A code whose leading zeros count; never a number.
    Code,
    /// A unified social credit code 统一社会信用代码: eighteen characters.
    CreditCode,
    /// One of a list.
    Choice {
        /// Key and printed label of each variant.
        options: Vec<ChoiceOption>,
    },
    /// 是 or 否.
    Bool,
}

/// One variant of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceOption {
    /// Stable key.
    pub key: String,
    /// Printed label.
    pub label: String,
    /// Other ways of writing it.
    pub aliases: Vec<String>,
}

impl ChoiceOption {
    /// A variant of that key and label.
    #[must_use]
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Self {
        Self { key: key.into(), label: label.into(), aliases: Vec::new() }
    }
}

/// What the caller knows of one field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldSpec {
    /// Stable key.
    pub key: String,
    /// Printed label.
    pub label: String,
    /// Other heads by which it is known: of older workbooks (`was`), of other offices.
    pub aliases: Vec<String>,
    /// Unit that its values are kept and shown in; empty where none.
    pub unit: String,
    /// What it holds.
    pub kind: FieldKind,
    /// True if a record without it is refused.
    pub required: bool,
    /// A sentence of help for the template.
    pub help: String,
    /// Least value, in the field's unit.
    pub min: Option<values::Decimal>,
    /// Greatest value, in the field's unit.
    pub max: Option<values::Decimal>,
}

impl FieldSpec {
    /// A field of that key, label and kind; nothing else said.
    #[must_use]
    pub fn new(key: impl Into<String>, label: impl Into<String>, kind: FieldKind) -> Self {
        Self {
            key: key.into(),
            label: label.into(),
            aliases: Vec::new(),
            unit: String::new(),
            kind,
            required: false,
            help: String::new(),
            min: None,
            max: None,
        }
    }
    /// In that unit.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }
    /// Refused when missing.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
    /// Known by these heads too.
    #[must_use]
    pub fn aliases<S: Into<String>>(mut self, aliases: impl IntoIterator<Item = S>) -> Self {
        self.aliases = aliases.into_iter().map(Into::into).collect();
        self
    }
    /// Its unit, if it is a known one.
    #[must_use]
    pub fn known_unit(&self) -> Option<&'static Unit> {
        unit::find(&self.unit)
    }
    /// Label with the unit in brackets, as templates print it.
    #[must_use]
    pub fn heading(&self) -> String {
        if self.unit.is_empty() { self.label.clone() } else { format!("{}（{}）", self.label, self.unit) }
    }
    /// Digits after the point that its values keep, in the field's unit; none if it is no number.
    ///
    /// Money keeps 分: six digits in 万元, ten in 亿元.
    #[must_use]
    pub fn digits(&self) -> Option<u8> {
        match &self.kind {
            FieldKind::Number { scale } => Some(*scale),
            FieldKind::Count => Some(0),
            FieldKind::Money => {
                let unit = self.known_unit().filter(|u| matches!(u.quantity, Quantity::Money | Quantity::Usd));
                let zeros = unit.map_or(0, |u| u.num.max(1).ilog10());
                u8::try_from(zeros + 2).ok()
            }
            _ => None,
        }
    }
    /// True if its values are numbers.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self.kind, FieldKind::Number { .. } | FieldKind::Count | FieldKind::Money)
    }
}
