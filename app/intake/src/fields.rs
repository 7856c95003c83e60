//! A ledger's fields as the reader wants them, and read values as the store keeps them.

use record::{FieldSpec, Kind, Ledger, Value};
use tables::parse::Value as Read;
use tables::{ChoiceOption, FieldKind, FieldSpec as Asked};
use values::{Decimal, Fixed, unit};

/// Suffix of the second way to name a record of another ledger: by its code.
pub const BY_CODE: &str = ".code";

/// All fields of a ledger as the reader wants them; a reference to an enterprise may be given by name or by code.
#[must_use]
pub fn asked(ledger: &Ledger) -> Vec<Asked> {
    ledger.fields.iter().flat_map(of).collect()
}

fn of(field: &FieldSpec) -> Vec<Asked> {
    let mut asked = Asked::new(&field.key, &field.label, kind(field)).unit(unit_of(field)).aliases(field.was.clone());
    asked.help.clone_from(&field.help);
    asked.min = field.min.map(Decimal::from);
    asked.max = field.max.map(Decimal::from);
    asked.required = field.required;
    if field.kind != Kind::Ref("enterprise") {
        return vec![asked];
    }
    // Either of the two names the enterprise, so neither column is required by itself.
    asked.required = false;
    let mut aliases = field.was.clone();
    aliases.retain(|a| !a.contains("代码"));
    aliases.extend(["企业名称", "单位名称", "单位详细名称"].map(str::to_owned));
    let code = Asked::new(format!("{}{BY_CODE}", field.key), "统一社会信用代码", FieldKind::CreditCode).aliases([
        "信用代码",
        "社会信用代码",
        "企业代码",
    ]);
    vec![asked.aliases(aliases), code]
}

fn unit_of(field: &FieldSpec) -> String {
    field.unit.clone()
}

fn kind(field: &FieldSpec) -> FieldKind {
    match field.kind {
        Kind::Text | Kind::Ref(_) => FieldKind::Text,
        Kind::Int => FieldKind::Count,
        Kind::Number(scale) => FieldKind::Number { scale },
        Kind::Money | Kind::Usd => FieldKind::Money,
        Kind::Date => FieldKind::Date,
        Kind::Period => FieldKind::Period,
        Kind::Code | Kind::Industry => FieldKind::Code,
        Kind::CreditCode => FieldKind::CreditCode,
        Kind::Choice => FieldKind::Choice { options: field.options.iter().map(|(k, l)| ChoiceOption::new(k, l)).collect() },
        Kind::Bool => FieldKind::Bool,
    }
}

/// A read value as stored; `None` if it does not fit the field's scale (the reader has already said so).
#[must_use]
pub fn stored(field: &FieldSpec, read: &Read) -> Option<Value> {
    Some(match read {
        Read::Text(t) | Read::Choice(t) => Value::Text(t.clone()),
        Read::Date(d) => Value::Text(d.to_string()),
        Read::Period(p) => Value::Int(p.code()),
        Read::Bool(b) => Value::Int(i64::from(*b)),
        Read::Number(n) => Value::Int(number(field, *n)?),
    })
}

fn number(field: &FieldSpec, value: Decimal) -> Option<i64> {
    let base = match field.kind {
        Kind::Money => unit::find("元"),
        Kind::Usd => unit::find("美元"),
        _ => None,
    };
    let value = match base.zip(unit::find(&field.unit)) {
        Some((base, own)) => unit::convert(value, own, base)?,
        None => value,
    };
    Fixed::rounded(value, field.scale()).ok().map(|f| f.raw)
}

/// A stored value as the writer of templates and lists wants it.
#[must_use]
pub fn written(field: &FieldSpec, value: &Value) -> Option<Read> {
    Some(match (value, field.kind) {
        (Value::Null, _) => return None,
        (Value::Int(i), Kind::Period) => Read::Period(values::Period::from_code(*i)?),
        (Value::Int(i), Kind::Bool) => Read::Bool(*i != 0),
        (Value::Int(_), Kind::Ref(_)) => return None,
        (Value::Int(_), _) => Read::Number(field.show(value).parse().ok()?),
        (Value::Text(t), Kind::Date) => t.parse().map(Read::Date).unwrap_or(Read::Text(t.clone())),
        (Value::Text(t), Kind::Choice) => Read::Choice(t.clone()),
        (Value::Text(t), _) => Read::Text(t.clone()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: Kind, unit: &str) -> FieldSpec {
        FieldSpec {
            key: "k".into(),
            label: "名".into(),
            kind,
            required: false,
            unit: unit.into(),
            unique: false,
            part: false,
            personal: false,
            long: false,
            was: vec![],
            options: vec![("a".into(), "甲".into())],
            min: None,
            max: None,
            help: String::new(),
            custom: false,
        }
    }

    #[test]
    fn what_is_written_is_read_back_the_same() {
        for (kind, unit, value) in [
            (Kind::Text, "", Value::Text("文".into())),
            (Kind::Int, "家", Value::Int(7)),
            (Kind::Number(4), "亩", Value::Int(123_456)),
            (Kind::Money, "万元", Value::Int(96_418_327)),
            (Kind::Usd, "万美元", Value::Int(100)),
            (Kind::Date, "", Value::Text("2025-03-01".into())),
            (Kind::Period, "", Value::Int(values::Period::month(2025, 3).unwrap().code())),
            (Kind::Choice, "", Value::Text("a".into())),
            (Kind::Bool, "", Value::Int(1)),
        ] {
            let field = field(kind, unit);
            let there = written(&field, &value).unwrap();
            assert_eq!(stored(&field, &there), Some(value));
        }
    }
}
