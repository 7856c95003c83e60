//! `[facts]` and `[parameters]`: what a book asks of a subject, and numbers that change by date.

use super::names::Binder;
use super::section::{Item, Reading, Section, Text, read_date};
use crate::book::{Fact, FactKind, Parameter};
use expr::{Kind, Measure, is_word};
use rust_decimal::Decimal;
use values::Quantity;
use values::texts::Label;

/// A word and the kind that it makes.
type KindWord = (&'static str, fn() -> FactKind);

/// Words for kinds, as authors write them.
const KINDS: &[KindWord] = &[
    ("yes_no", || FactKind::Value(Kind::Bool)),
    ("是否", || FactKind::Value(Kind::Bool)),
    ("bool", || FactKind::Value(Kind::Bool)),
    ("date", || FactKind::Value(Kind::Date)),
    ("日期", || FactKind::Value(Kind::Date)),
    ("text", || FactKind::Value(Kind::Text)),
    ("文字", || FactKind::Value(Kind::Text)),
    ("texts", || FactKind::Value(Kind::Texts)),
    ("多项", || FactKind::Value(Kind::Texts)),
    ("code", || FactKind::Value(Kind::Code)),
    ("代码", || FactKind::Value(Kind::Code)),
    ("choice", || FactKind::Value(Kind::Choice(Vec::new()))),
    ("选项", || FactKind::Value(Kind::Choice(Vec::new()))),
    ("period", || FactKind::Value(Kind::Period)),
    ("报告期", || FactKind::Value(Kind::Period)),
    ("number", || FactKind::Value(Kind::Number(None))),
    ("数字", || FactKind::Value(Kind::Number(None))),
    ("links", || FactKind::Links),
    ("名单", || FactKind::Links),
];

/// Reads both tables; formulas are compiled once all facts are known.
pub(crate) fn read<'a>(reading: &'a Reading<'a>, root: &Section<'a>) -> Binder {
    let mut binder = Binder { facts: Vec::new(), parameters: Vec::new(), slots: Vec::new(), used: Vec::new(), lang: reading.lang };
    if let Some(section) = root.section("parameters") {
        for (key, at) in section.keys() {
            if let Some(parameter) = parameter(reading, &section, &key, at) {
                binder.parameters.push(parameter);
            }
        }
    }
    let mut formulas: Vec<(usize, Text)> = Vec::new();
    if let Some(section) = root.section("facts") {
        for (key, at) in section.keys() {
            if is_word(&key) || !key.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_') {
                reading.error("rules.bad_name", at, &key, &[("found", &key)]);
            }
            if binder.parameters.iter().any(|p| p.key == key) {
                reading.error("rules.duplicate", at, &key, &[("found", &key)]);
            }
            if let Some((fact, formula)) = fact(reading, &section, &key, at) {
                formulas.extend(formula.map(|text| (binder.facts.len(), text)));
                binder.facts.push(fact);
            }
        }
    }
    binder.used = vec![false; binder.facts.len()];
    compile(reading, &mut binder, &formulas);
    binder
}

fn fact<'a>(reading: &'a Reading<'a>, section: &Section<'a>, key: &str, at: usize) -> Option<(Fact, Option<Text>)> {
    let mut fact = Fact {
        key: key.to_owned(),
        label: Label::default(),
        kind: FactKind::Value(Kind::Number(None)),
        yearly: false,
        formula: None,
        formula_at: at,
        step: Decimal::ONE,
        cost: None,
        changeable: true,
        least: None,
        most: None,
        evidence: String::new(),
        line: reading.line(at),
    };
    let mut formula = None;
    let items = section.free(key);
    match items.as_slice() {
        [Item::Text(text)] => shorthand(reading, text, key, &mut fact),
        [Item::Section(table)] => {
            fact.label = table.label("label");
            fact.yearly = table.yes("yearly");
            if let Some(text) = table.text("kind") {
                shorthand(reading, &text, key, &mut fact);
            }
            if let Some(text) = table.text("unit") {
                fact.kind = FactKind::Value(Kind::Number(unit(reading, &text, key)));
            }
            let choices = table.texts("choices");
            if !choices.is_empty() {
                fact.kind = FactKind::Value(Kind::Choice(choices.into_iter().map(|t| t.value).collect()));
            }
            formula = table.text("formula");
            fact.cost = table.number("cost");
            fact.least = table.number("least");
            fact.most = table.number("most");
            fact.changeable = !table.yes("fixed");
            fact.evidence = table.string("evidence");
            fact.step = table.number("step").filter(|s| *s > Decimal::ZERO).unwrap_or_else(|| step(&fact.kind));
            table.finish();
            return Some((fact, formula));
        }
        list => {
            let choices: Vec<String> =
                list.iter().filter_map(|i| if let Item::Text(t) = i { Some(t.value.clone()) } else { None }).collect();
            if choices.is_empty() {
                return None;
            }
            fact.kind = FactKind::Value(Kind::Choice(choices));
        }
    }
    fact.step = step(&fact.kind);
    Some((fact, formula))
}

/// `"万元"`, `"万元, yearly"`, `"是否"`, `"固定资产投资（万元）"`.
fn shorthand<'a>(reading: &'a Reading<'a>, text: &Text, key: &str, fact: &mut Fact) {
    let mut words = text.value.split([',', '，']).map(str::trim);
    let first = words.next().unwrap_or_default();
    for word in words {
        match word {
            "yearly" | "每年" => fact.yearly = true,
            "fixed" | "不可变" => fact.changeable = false,
            _ => reading.error("rules.no_such_choice", text.at, key, &[("key", key), ("found", word), ("options", "yearly、fixed")]),
        }
    }
    let inner = first.trim_end_matches([')', '）']);
    let (label, word) = inner.rsplit_once(['(', '（']).map_or(("", first), |(label, word)| (label.trim(), word.trim()));
    if !label.is_empty() {
        fact.label = Label { zh: label.to_owned(), en: String::new() };
    }
    match KINDS.iter().find(|(name, _)| *name == word) {
        Some((_, make)) => fact.kind = make(),
        None => {
            let text = Text { value: word.to_owned(), at: text.at };
            fact.kind = FactKind::Value(Kind::Number(unit(reading, &text, key)));
        }
    }
}

fn unit<'a>(reading: &'a Reading<'a>, text: &Text, key: &str) -> Option<Measure> {
    if text.value.trim().is_empty() {
        return None;
    }
    let measure = Measure::parse(&text.value);
    if measure.is_none() {
        reading.error("rules.unknown_unit", text.at, key, &[("key", key), ("found", &text.value)]);
    }
    measure
}

/// The smallest change that is worth naming: a cent, a head, a ten-thousandth of a percent.
pub(crate) fn step(kind: &FactKind) -> Decimal {
    let FactKind::Value(Kind::Number(Some(measure))) = kind else {
        return if *kind == FactKind::Value(Kind::Number(None)) { Decimal::new(1, 4) } else { Decimal::ONE };
    };
    if measure.is_count() || measure.is_days() {
        return Decimal::ONE;
    }
    if measure.is_months() {
        return if measure.name() == "年" { Decimal::new(1, 2) } else { Decimal::ONE };
    }
    if let Some(unit) = values::unit::find(measure.name())
        && matches!(unit.quantity, Quantity::Money | Quantity::Usd)
        && let Some(base) = values::unit::find(if unit.quantity == Quantity::Money { "元" } else { "美元" })
        && let Some(step) = values::unit::convert(Decimal::new(1, 2), base, unit)
    {
        return step;
    }
    Decimal::new(1, 4)
}

/// A number, or a table of first day → number (`none` ends it).
fn parameter<'a>(reading: &'a Reading<'a>, section: &Section<'a>, key: &str, at: usize) -> Option<Parameter> {
    let mut parameter = Parameter { key: key.to_owned(), measure: None, values: Vec::new() };
    let read = |text: &Text, parameter: &mut Parameter| -> Option<Option<Decimal>> {
        if matches!(text.value.as_str(), "none" | "无" | "停止") {
            return Some(None);
        }
        let mut nothing = expr::Table::default();
        match expr::Expr::number(&text.value, parameter.measure.as_ref(), &mut nothing) {
            Ok(e) => {
                if parameter.measure.is_none() {
                    parameter.measure = e.measure().cloned();
                }
                Some(e.value(&nothing).number())
            }
            Err(problems) => {
                reading.problems(&problems, text, key);
                None
            }
        }
    };
    match section.free(key).as_slice() {
        [Item::Text(text)] => {
            let value = read(text, &mut parameter)?;
            parameter.values.push((None, value));
        }
        [Item::Section(table)] => {
            for (day, at) in table.keys() {
                let [Item::Text(text)] = &table.free(&day)[..] else { continue };
                if day == "unit" {
                    parameter.measure = unit(reading, text, key);
                    continue;
                }
                let Some(from) = read_date(&day) else {
                    reading.error("rules.no_such_date", at, key, &[("key", key), ("found", &day)]);
                    continue;
                };
                let value = read(text, &mut parameter)?;
                parameter.values.push((Some(from), value));
            }
            parameter.values.sort_by_key(|(from, _)| *from);
        }
        _ => {
            let expected = crate::say::word(reading.lang, "type.table");
            reading.error("rules.wrong_type", at, key, &[("key", key), ("found", "[…]"), ("expected", &expected)]);
            return None;
        }
    }
    Some(parameter)
}

/// Compiles the formulas of computed facts, in an order in which each finds the kind of what it reads.
fn compile<'a>(reading: &'a Reading<'a>, binder: &mut Binder, formulas: &[(usize, Text)]) {
    let mut open: Vec<&(usize, Text)> = formulas.iter().collect();
    let words = |text: &str| -> Vec<String> {
        let mut names = Vec::new();
        if let Ok(tree) = expr::Tree::parse(text) {
            tree.walk(&mut |t| {
                if let expr::TreeKind::Name(name) = &t.kind {
                    names.push(name.clone());
                }
            });
        }
        names
    };
    while !open.is_empty() {
        let waiting: Vec<String> = open.iter().map(|(i, _)| binder.facts[*i].key.clone()).collect();
        let Some(next) = open.iter().position(|(_, text)| !words(&text.value).iter().any(|w| waiting.contains(w))) else {
            let (_, text) = open[0];
            reading.error("rules.circular", text.at, &waiting[0], &[("found", &waiting.join("、"))]);
            return;
        };
        let (index, text) = open.remove(next);
        let declared = binder.facts[*index].kind.clone();
        let compiled = match &declared {
            FactKind::Value(Kind::Number(Some(unit))) => binder.number(&text.value, Some(&unit.clone())),
            FactKind::Value(Kind::Bool) => binder.condition(&text.value),
            _ => expr::Expr::compile(&text.value, binder),
        };
        match compiled {
            Ok(formula) => {
                let fact = &mut binder.facts[*index];
                fact.kind = FactKind::Value(formula.kind().clone());
                fact.formula = Some(formula);
                fact.formula_at = text.at;
                fact.changeable = false;
            }
            Err(problems) => reading.problems(&problems, text, &binder.facts[*index].key.clone()),
        }
    }
}
