//! A ledger as a value: the derived schema plus the zone's own fields.

use crate::schema::{Field, Kind, Schema, Value};

/// One field, declared or added by the zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSpec {
    /// Stable key; own fields of a zone begin with `x_`.
    pub key: String,
    /// Label, also the head in spreadsheets.
    pub label: String,
    /// How it is stored and shown.
    pub kind: Kind,
    /// Must be filled in.
    pub required: bool,
    /// Unit as filed and shown.
    pub unit: String,
    /// Outer key, unique in the zone.
    pub unique: bool,
    /// Part of the natural key of a ledger without an outer key.
    pub part: bool,
    /// Personal data.
    pub personal: bool,
    /// Long text.
    pub long: bool,
    /// Heads of older workbooks.
    pub was: Vec<String>,
    /// Variants of a choice: key and label.
    pub options: Vec<(String, String)>,
    /// Least value in the field's unit.
    pub min: Option<i64>,
    /// Greatest value in the field's unit.
    pub max: Option<i64>,
    /// Help text.
    pub help: String,
    /// True for a field that the zone added; it lives in the column `more`.
    pub custom: bool,
}

impl From<&Field> for FieldSpec {
    fn from(f: &Field) -> Self {
        Self {
            key: f.key.into(),
            label: f.label.into(),
            kind: f.kind,
            required: f.required,
            unit: default_unit(f),
            unique: f.unique,
            part: f.part,
            personal: f.personal,
            long: f.long,
            was: f.was.iter().map(|s| (*s).to_owned()).collect(),
            options: f.options.iter().map(|c| (c.key.to_owned(), c.label.to_owned())).collect(),
            min: f.min,
            max: f.max,
            help: f.help.into(),
            custom: false,
        }
    }
}

fn default_unit(f: &Field) -> String {
    match (f.unit, f.kind) {
        ("", Kind::Money) => "万元".into(),
        ("", Kind::Usd) => "万美元".into(),
        (unit, _) => unit.into(),
    }
}

impl FieldSpec {
    /// Digits after the point of the stored whole number, in the quantity's base unit for money (分, cents).
    #[must_use]
    pub fn scale(&self) -> u8 {
        match self.kind {
            Kind::Number(scale) => scale,
            Kind::Money | Kind::Usd => 2,
            _ => 0,
        }
    }
    /// True if stored as a whole number.
    #[must_use]
    pub fn is_int(&self) -> bool {
        matches!(self.kind, Kind::Int | Kind::Number(_) | Kind::Money | Kind::Usd | Kind::Period | Kind::Bool | Kind::Ref(_))
    }
    /// Label of a choice's key; the key itself if unknown.
    #[must_use]
    pub fn option_label<'a>(&'a self, key: &'a str) -> &'a str {
        self.options.iter().find(|(k, _)| k == key).map_or(key, |(_, l)| l)
    }
    /// A stored value as people read it, without unit: money in the field's unit, choices by label.
    #[must_use]
    pub fn show(&self, value: &Value) -> String {
        match (value, self.kind) {
            (Value::Null, _) => String::new(),
            (Value::Int(i), Kind::Bool) => if *i == 0 { "否" } else { "是" }.to_owned(),
            (Value::Int(i), Kind::Period) => values::Period::from_code(*i).map_or_else(|| i.to_string(), |p| p.to_string()),
            (Value::Int(i), Kind::Number(scale)) => values::Decimal::new(*i, u32::from(scale)).normalize().to_string(),
            (Value::Int(i), Kind::Money | Kind::Usd) => self.money(*i),
            (Value::Int(i), _) => i.to_string(),
            (Value::Text(t), Kind::Choice) => self.option_label(t).to_owned(),
            (Value::Text(t), _) => t.clone(),
        }
    }

    fn money(&self, raw: i64) -> String {
        let base = values::unit::find(if self.kind == Kind::Usd { "美元" } else { "元" });
        let shown = base
            .zip(values::unit::find(&self.unit))
            .and_then(|(from, to)| values::unit::convert(values::Decimal::new(raw, 2), from, to))
            .unwrap_or_else(|| values::Decimal::new(raw, 2));
        shown.normalize().to_string()
    }
}

/// A ledger as interpreters take it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// Stable key.
    pub key: String,
    /// Label.
    pub label: String,
    /// Office that keeps it.
    pub owner: String,
    /// Field that names a record.
    pub title: String,
    /// Key of its process, empty if none.
    pub flow: String,
    /// Declared fields, then the zone's own.
    pub fields: Vec<FieldSpec>,
}

impl From<&Schema> for Ledger {
    fn from(s: &Schema) -> Self {
        Self {
            key: s.key.into(),
            label: s.label.into(),
            owner: s.owner.into(),
            title: s.title.into(),
            flow: s.flow.into(),
            fields: s.fields.iter().map(FieldSpec::from).collect(),
        }
    }
}

impl Ledger {
    /// Position and field of a key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<(usize, &FieldSpec)> {
        self.fields.iter().enumerate().find(|(_, f)| f.key == key)
    }
    /// Declared fields: those with a column of their own.
    pub fn declared(&self) -> impl Iterator<Item = &FieldSpec> {
        self.fields.iter().filter(|f| !f.custom)
    }
    /// The outer key, if the ledger has one.
    #[must_use]
    pub fn unique(&self) -> Option<(usize, &FieldSpec)> {
        self.fields.iter().enumerate().find(|(_, f)| f.unique)
    }
    /// Positions of the fields by which a record is known again: the outer key, else the natural key.
    #[must_use]
    pub fn key_fields(&self) -> Vec<usize> {
        match self.unique() {
            Some((i, _)) => vec![i],
            None => self.fields.iter().enumerate().filter(|(_, f)| f.part).map(|(i, _)| i).collect(),
        }
    }
    /// The name of a record: its title field as shown.
    #[must_use]
    pub fn name_of(&self, row: &[Value]) -> String {
        self.field(&self.title).and_then(|(i, f)| row.get(i).map(|v| f.show(v))).unwrap_or_default()
    }
}
