//! Form fields of a ledger's schema: one place decides how a kind is asked for.

use page::{Field, FieldKind, Opt};
use record::{Kind, Schema};
use values::Lang;

/// The field that asks for `field`, still empty.
#[must_use]
pub fn field(field: &record::Field, lang: Lang) -> Field {
    let kind = match field.kind {
        Kind::Text if field.long => FieldKind::LongText,
        Kind::Text => FieldKind::Text,
        Kind::Int | Kind::Number(_) => FieldKind::Number,
        Kind::Money | Kind::Usd => FieldKind::Money,
        Kind::Date => FieldKind::Date,
        Kind::Period => FieldKind::Period,
        Kind::Code | Kind::CreditCode | Kind::Industry => FieldKind::Code,
        Kind::Choice => FieldKind::Choice(field.options.iter().map(|o| Opt::new(o.key, o.label)).collect()),
        Kind::Bool => FieldKind::Bool,
        Kind::Ref(ledger) => {
            FieldKind::Reference { ledger: ledger.to_owned(), options: Vec::new(), search: format!("/ledgers/{ledger}/options") }
        }
    };
    let mut out = Field::new(field.key, field.label, kind).unit(unit(field)).help(field.help).example(example(field.kind, lang));
    out.required = field.required;
    out.max = if matches!(field.kind, Kind::CreditCode) { 18 } else { 0 };
    out
}

/// All fields of a ledger, in its order.
#[must_use]
pub fn fields(schema: &Schema, lang: Lang) -> Vec<Field> {
    schema.fields.iter().map(|f| field(f, lang)).collect()
}

/// Declared unit, else the kind's own.
fn unit(field: &record::Field) -> &'static str {
    match (field.unit, field.kind) {
        ("", Kind::Money) => "万元",
        ("", Kind::Usd) => "万美元",
        (unit, _) => unit,
    }
}

fn example(kind: Kind, lang: Lang) -> &'static str {
    match (kind, lang) {
        (Kind::Date, _) => "2025-08-31",
        (Kind::Period, Lang::Zh) => "2025年1-8月",
        (Kind::Period, Lang::En) => "2025-01..08",
        (Kind::CreditCode, Lang::Zh) => "18 位",
        (Kind::CreditCode, Lang::En) => "18 characters",
        (Kind::Industry, Lang::Zh) => "四位小类",
        (Kind::Industry, Lang::En) => "four digits",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(kind: Kind) -> record::Field {
        record::Field {
            key: "k",
            label: "名",
            kind,
            required: true,
            unit: "",
            unique: false,
            part: false,
            personal: false,
            long: false,
            was: &[],
            options: &[record::Choice { key: "a", label: "甲" }],
            min: None,
            max: None,
            help: "",
        }
    }

    #[test]
    fn every_kind_has_its_control() {
        let ask = |kind| field(&declared(kind), Lang::Zh);
        assert_eq!(ask(Kind::Money).unit, "万元");
        assert_eq!(ask(Kind::Choice).kind, FieldKind::Choice(vec![Opt::new("a", "甲")]));
        assert_eq!(ask(Kind::CreditCode).max, 18);
        assert_eq!(ask(Kind::Date).example, "2025-08-31");
        assert!(
            matches!(ask(Kind::Ref("enterprise")).kind, FieldKind::Reference { search, .. } if search == "/ledgers/enterprise/options")
        );
    }
}
