//! One cell at a time: what each kind of field makes of what people type.

use super::book::{Dialect, Page, write};
use tables::parse::{Context, Value, parse};
use tables::{ChoiceOption, DeclaredUnit, FieldKind, FieldSpec, Limits, read};

fn field(kind: &str) -> FieldSpec {
    let (kind, unit) = kind.split_once(' ').unwrap_or((kind, ""));
    let kind = match kind {
        "money" => FieldKind::Money,
        "number" => FieldKind::Number { scale: 4 },
        "count" => FieldKind::Count,
        "date" => FieldKind::Date,
        "period" => FieldKind::Period,
        "code" => FieldKind::Code,
        "credit" => FieldKind::CreditCode,
        "bool" => FieldKind::Bool,
        "choice" => {
            FieldKind::Choice { options: vec![ChoiceOption::new("industry", "工业"), ChoiceOption::new("building", "建筑业")] }
        }
        _ => FieldKind::Text,
    };
    FieldSpec::new("f", "字段", kind).unit(unit)
}

/// `cell`, field, declared unit → value, or the rules of its findings.
fn check(cell: &str, kind: &str, declared: &str, expected: &str) {
    let bytes = write(&[Page::new("表", &format!("字段\n{cell}"))], Dialect::Excel);
    let book = read(&bytes, "a.xlsx", &Limits::default()).expect("readable");
    let unit = tables::looks::unit_text(declared).map(|(text, unit)| DeclaredUnit { text, unit, place: "A1".into() });
    let cx = Context { sheet: "表", unit: unit.as_ref(), year: Some(2025) };
    let parsed = parse(&book.sheets[0].cell(1, 0), &field(kind), &cx);
    let value = match parsed.value {
        Some(Value::Text(t) | Value::Choice(t)) => t,
        Some(Value::Number(n)) => n.normalize().to_string(),
        Some(Value::Date(d)) => d.to_string(),
        Some(Value::Period(p)) => p.to_string(),
        Some(Value::Bool(b)) => b.to_string(),
        None => String::new(),
    };
    let rules: Vec<&str> = parsed.findings.iter().map(|f| f.rule.trim_start_matches("tables.")).collect();
    let got = [vec![value.as_str()], rules].concat().join(" ");
    assert_eq!(got.trim(), expected, "{cell} as {kind} under {declared}");
    for finding in &parsed.findings {
        assert_eq!((finding.place.as_str(), finding.field.as_str()), ("表!A2", "f"));
        let text = tables::texts::sentence(finding, values::Lang::Zh);
        assert!(!text.contains("finding.") && !text.contains('{'), "{text}");
    }
}

#[test]
fn numbers() {
    for (cell, kind, declared, expected) in [
        ("12.5", "money 万元", "", "12.5"),
        ("12.5", "money 万元", "亿元", "125000"),
        ("125000", "money 万元", "元", "12.5"),
        ("'1,234.5", "money 万元", "万元", "1234.5"),
        ("'１２３", "money 万元", "", "123"),
        ("'4.12亿", "money 万元", "万元", "41200 unit_in_cell"),
        ("'3.5万元", "money 亿元", "亿元", "0.00035 unit_in_cell"),
        ("'三百八十", "count 人", "", "380 chinese_number"),
        ("'三百八", "count 人", "", "not_a_number"),
        ("'约100", "number", "", "not_a_number"),
        ("'100以上", "number", "", "not_a_number"),
        ("'-", "money 万元", "", ""),
        ("'—", "money 万元", "", ""),
        ("'无", "money 万元", "", ""),
        ("'…", "money 万元", "", ""),
        ("0", "money 万元", "", "0"),
        ("'（120）", "money 万元", "", "-120"),
        ("12.5", "count 人", "", "not_whole"),
        ("@0.125:0.0%", "number %", "", "12.5"),
        ("'12.5%", "number %", "", "12.5"),
        ("'12.5%", "money 万元", "", "unit_mismatch"),
        ("12", "money 万元", "吨", "unit_mismatch"),
        ("12", "money 万元", "万桶", "unit_unknown"),
        ("@45717:yyyy/m/d", "money 万元", "", "date_for_number"),
        ("#DIV/0!", "money 万元", "", "error_cell"),
        ("=A1→", "money 万元", "", "formula_without_value"),
        ("=A1→7", "money 万元", "", "7"),
        ("~7", "money 万元", "", "7 struck"),
        ("0.30000000000000004", "number", "", "0.3"),
        ("1.23456", "number", "", "1.2346 rounded"),
        ("1E+30", "money 万元", "", "too_large"),
        ("12345678", "count 人", "", "12345678"),
    ] {
        check(cell, kind, declared, expected);
    }
}

#[test]
fn dates_and_periods() {
    for (cell, kind, expected) in [
        ("@45717:yyyy/m/d", "date", "2025-03-01"),
        ("@45717.5:yyyy/m/d h:mm", "date", "2025-03-01"),
        ("45717", "date", "2025-03-01"),
        ("20250301", "date", "2025-03-01"),
        ("'2025.3.1", "date", "2025-03-01"),
        ("'2025年3月1日", "date", "2025-03-01"),
        ("'25/3/1", "date", "not_a_date"),
        ("'2025年3月", "date", "date_without_day"),
        ("'3月5日", "date", "not_a_date"),
        ("'2025-02-30", "date", "not_a_date"),
        ("12", "date", "not_a_date"),
        ("'2025年1-10月", "period", "2025-01..10"),
        ("'2025.10", "period", "2025-10"),
        ("2025.3", "period", "2025-03"),
        ("2025.1", "period", "not_a_period"),
        ("202503", "period", "2025-03"),
        ("2025", "period", "2025"),
        ("@45717:yyyy\"年\"m\"月\"", "period", "2025-03"),
        ("'3月", "period", "2025-03"),
        ("3", "period", "2025-03"),
        ("'13月", "period", "not_a_period"),
        ("'—", "period", ""),
    ] {
        check(cell, kind, "", expected);
    }
}

#[test]
fn codes_choices_and_yes_or_no() {
    for (cell, kind, expected) in [
        ("'00123", "code", "00123"),
        ("123", "code", "123"),
        ("@123:000000", "code", "000123"),
        ("'1.23457E+17", "code", "code_lost_digits"),
        ("916203001234567890", "code", "code_lost_digits"),
        ("@45717:yyyy/m/d", "code", "code_became_date"),
        ("12.5", "code", "code_is_fraction"),
        ("'91620300MA7AAAAA1X", "credit", "91620300MA7AAAAA1X"),
        ("' 9162 0300 ma7a aaaa 1x ", "credit", "91620300MA7AAAAA1X"),
        ("'９１６２０３００MA7AAAAA1X", "credit", "91620300MA7AAAAA1X"),
        ("'91620300MA7AAAAA1", "credit", "credit_code_length"),
        ("'91620300MA7AAAAAOX", "credit", "credit_code_character"),
        ("'工业", "choice", "industry"),
        ("' 工 业 ", "choice", "industry"),
        ("'industry", "choice", "industry"),
        ("'建筑", "choice", "not_a_choice"),
        ("'是", "bool", "true"),
        ("'√", "bool", "true"),
        ("'否", "bool", "false"),
        ("'可能", "bool", "not_yes_or_no"),
        ("'  甲厂  ", "text", "甲厂"),
        ("'—", "text", ""),
        ("12", "text", "12"),
    ] {
        check(cell, kind, "", expected);
    }
}
