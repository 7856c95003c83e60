//! The language as its users meet it: what it gives, what it refuses, and where.

use expr::{Arg, Called, Expr, Held, Kind, Measure, Named, Names, Table, Tree, Value, Values};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::str::FromStr;

fn table() -> Table {
    let mut t = Table::default();
    for (name, unit, value) in [
        ("revenue", "万元", Some("1999.99")),
        ("rd", "万元", Some("60")),
        ("land", "亩", Some("30")),
        ("tax", "元", Some("3600000")),
        ("employees", "人", Some("120")),
        ("rd_ratio", "%", Some("2.6")),
        ("gdp.growth", "%", Some("-0.4")),
        ("target", "%", Some("5")),
        ("years", "年", Some("3")),
        ("profit", "万元", None),
        ("zero", "万元", Some("0")),
        ("score", "分", Some("70")),
        ("third", "", Some("3")),
    ] {
        t.declare(name, Kind::number_in(unit).expect(unit));
        t.set(name, value.map(|v| Held::Number(Decimal::from_str(v).expect(v))));
    }
    t.declare("industry", Kind::Code);
    t.set("industry", Some(Held::Text("C2614".into())));
    t.declare("bare_code", Kind::Code);
    t.set("bare_code", Some(Held::Text("2614".into())));
    t.declare("tech_center", Kind::Choice(vec!["national".into(), "provincial".into()]));
    t.set("tech_center", Some(Held::Text("provincial".into())));
    t.declare("name", Kind::Text);
    t.set("name", Some(Held::Text("示例（甲）".into())));
    t.declare("titles", Kind::Texts);
    t.set("titles", Some(Held::Texts(vec!["高新技术企业".into()])));
    t.declare("listed", Kind::Bool);
    t.declare("above_scale", Kind::Bool);
    t.set("above_scale", Some(Held::Bool(true)));
    t.declare("founded", Kind::Date);
    t.set("founded", Some(Held::Date("2022-03-31".parse().expect("date"))));
    t.declare("period", Kind::Period);
    t.set("period", Some(Held::Period("2025H1".parse().expect("period"))));
    t
}

/// One line for what an expression gives, or for every problem with its characters.
fn check(source: &str, expected: &str) {
    let mut t = table();
    let got = match Expr::compile(source, &mut t) {
        Ok(e) => {
            let unit = e.measure().map_or("", Measure::name);
            format!("{}{}{unit}", e.value(&t), if unit.is_empty() { "" } else { " " })
        }
        Err(problems) => problems.iter().map(|p| format!("{} {}", p.rule, p.span.of(source))).collect::<Vec<_>>().join("; "),
    };
    assert_eq!(got, expected, "{source}");
}

#[test]
fn units_are_converted_and_checked() {
    check("revenue >= 2000 万元", "false");
    check("revenue >= 0.199999 亿元", "true");
    check("tax / land", "120000 元/亩");
    check("tax / land >= 12 万元/亩", "true");
    check("revenue + tax", "2359.99 万元");
    check("rd / revenue >= 3%", "true");
    check("rd / revenue > 0.03", "true");
    check("rd_ratio >= 3%", "false");
    check("rd_ratio >= 3", "false");
    check("target - gdp.growth", "5.4 百分点");
    check("rd * 0.5%", "0.3 万元");
    check("years >= 36 个月", "true");
    check("score > 70 分", "false");
    check("employees * 2 万元 + revenue", "2239.99 万元");
    check("employees * 2 万元/人 + revenue", "2239.99 万元");
    check("revenue >= 2000 亩", "expr.unit_mismatch 2000 亩");
    check("employees >= 30%", "expr.unit_mismatch 30%");
    check("revenue + land", "expr.unit_mismatch land");
    check("third >= 3 万元", "expr.unit_mismatch 3 万元");
    check("1 / third * third", "1");
}

#[test]
fn missing_is_not_false() {
    check("profit > 0", "未报");
    check("profit > 0 and revenue > 1 亿元", "false");
    check("profit > 0 or revenue > 1 万元", "true");
    check("not profit > 0", "未报");
    check("profit is missing", "true");
    check("profit is not missing and profit > 0", "false");
    check("listed or above_scale", "true");
    check("listed and above_scale", "未报");
    check("revenue / zero", "无法计算");
    check("coalesce(profit, revenue)", "1999.99 万元");
    check("if(profit is missing, 1 万元, profit) * 2", "2 万元");
    check("at_least(2, above_scale, revenue > 0, listed)", "true");
    check("at_least(2, above_scale, revenue < 0, listed)", "未报");
    check("at_least(2, above_scale, revenue < 0, rd < 0)", "false");
    check("count(above_scale, revenue > 0)", "2");
    check("count(above_scale, listed)", "未报");
}

#[test]
fn codes_choices_and_texts() {
    check("industry in [\"C\", \"D\"]", "true");
    check("industry in [\"26\"]", "true");
    check("industry not in [\"C26\"]", "false");
    check("industry = \"I\"", "false");
    check("bare_code in [\"261\"]", "true");
    check("bare_code in [\"C\"]", "无法计算");
    check("bare_code in [\"26145\"]", "无法计算");
    check("bare_code in [\"27\", \"51\"]", "false");
    check("tech_center = national", "false");
    check("tech_center in [national, provincial]", "true");
    check("tech_center = \"provincial\"", "true");
    check("tech_center = city", "expr.no_such_choice city");
    check("name = national", "expr.unknown_name national");
    check("name = “示例（甲）”", "true");
    check("contains(name, \"甲\")", "true");
    check("\"高新技术企业\" in titles", "true");
    check("name > \"a\"", "expr.no_order name > \"a\"");
}

#[test]
fn dates_and_periods() {
    check("founded + 3 年 <= 2025-04-01", "true");
    check("founded + 11 个月", "2023-02-28");
    check("2026年4月1日 - founded", "1462 天");
    check("2026-04-01 - founded >= 365 天", "true");
    check("months_between(founded, 2026-04-01) >= 4 年", "true");
    check("year(founded) = 2022", "true");
    check("founded <= 2025-02-30", "expr.no_such_date 2025-02-30");
    check("founded + 3", "expr.date_needs_span 3");
    check("period = 2025H1 and period < 2025-07", "true");
}

#[test]
fn chinese_is_read() {
    check("revenue 不低于 1000万元 且 revenue 不超过 ０．２亿元", "true");
    check("（revenue ≥ 1000 万元）并且 above_scale", "true");
    check("1000 万元 < revenue <= 2000 万元", "true");
}

#[test]
fn every_mistake_is_shown_at_its_place() {
    check("revenu > 1 and employee > 2", "expr.unknown_name_near revenu; expr.unknown_name_near employee");
    check("revenue", "1999.99 万元");
    check("revenue >", "expr.ends_early ");
    check("revenue > 2,000", "expr.trailing ,");
    check("(revenue > 1", "expr.open_bracket (");
    check("revenue > 5 斗", "expr.unknown_unit 斗");
    check("revenue and above_scale", "expr.not_a_condition revenue");
    check("above_scale + 1", "expr.not_a_number above_scale");
    check("max(1)", "1");
    check("round(revenue, 1)", "2000 万元");
    check("if(above_scale, 1)", "expr.argument_count if(above_scale, 1)");
    check("nothing(revenue)", "expr.unknown_function nothing(revenue)");
    check("revenue is 5", "expr.expected_missing 5");
    check("founded > revenue", "expr.unlike founded > revenue");
    let condition = Expr::condition("revenue + 1 万元", &mut table());
    assert_eq!(condition.map_err(|p| p[0].rule), Err("expr.not_a_condition"));
    let number = Expr::number("tax", Measure::parse("万元").as_ref(), &mut table()).map(|e| e.value(&table()).number());
    assert_eq!(number, Ok(Some(Decimal::from(360))));
}

#[test]
fn a_comparison_keeps_both_sides_for_the_explanation() {
    let mut t = table();
    let e = Expr::condition("revenue >= 2000 万元 and (listed or industry in [\"C\"])", &mut t).expect("good");
    let seen: Vec<String> = e
        .checks(&t)
        .iter()
        .map(|c| format!("{} {} {:?} {}", c.span.of(e.source()), c.left, c.truth, c.measure.map_or("", Measure::name)))
        .collect();
    assert_eq!(seen, ["revenue >= 2000 万元 1999.99 Some(false) 万元", "listed 未报 None ", "industry in [\"C\"] C2614 Some(true) "]);
    assert_eq!(e.missing(&t).iter().map(|r| r.text.as_str()).collect::<Vec<_>>(), ["listed"]);
}

/// Functions of constants belong to the owner of the names.
struct Titles;
impl Names for Titles {
    fn name(&mut self, _: &str) -> Option<Named> {
        None
    }
    fn call(&mut self, function: &str, args: &[Arg<'_>]) -> Called {
        match (function, args) {
            ("title", [Arg::Word("above_scale_industry")]) => Called::Is(Named { id: 7, kind: Kind::Bool }),
            ("title", _) => Called::Wrong("资质名称".into()),
            _ => Called::Unknown,
        }
    }
}
impl Values for Titles {
    fn get(&self, id: u32) -> Value<'_> {
        Value::Bool(id == 7)
    }
}

#[test]
fn functions_of_constants_come_from_outside() {
    let e = Expr::condition("title(above_scale_industry)", &mut Titles).expect("good");
    assert_eq!((e.truth(&Titles), e.reads()[0].text.as_str()), (Some(true), "title(above_scale_industry)"));
    assert_eq!(Expr::condition("title(5)", &mut Titles).map_err(|p| p[0].rule), Err("expr.wrong_arguments"));
}

#[test]
fn length_and_depth_have_limits() {
    let deep = format!("{}1{}", "(".repeat(5_000), ")".repeat(5_000));
    assert_eq!(Tree::parse(&deep).map_err(|p| p.rule), Err("expr.too_deep"));
    let minus = format!("{}1", "- ".repeat(20_000));
    assert_eq!(Tree::parse(&minus).map_err(|p| p.rule), Err("expr.too_deep"));
    let not = format!("{}true", "not ".repeat(10_000));
    assert_eq!(Tree::parse(&not).map_err(|p| p.rule), Err("expr.too_deep"));
    assert_eq!(Tree::parse(&"a".repeat(60_000)).map_err(|p| p.rule), Err("expr.too_long"));
    let many = vec!["revenue > 1"; 3_000].join(" and ");
    assert_eq!(Expr::condition(&many, &mut table()).map(|e| e.truth(&table())), Ok(Some(true)));
}

fn trees() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("revenue".to_owned()),
        Just("gdp.growth".to_owned()),
        Just("listed".to_owned()),
        (0u32..10_000).prop_map(|n| n.to_string()),
        (0u32..10_000, prop::sample::select(vec!["万元", "%", "亩", "年", "万元/亩", "人"])).prop_map(|(n, u)| format!("{n} {u}")),
        Just("\"甲\"".to_owned()),
        Just("2026-04-01".to_owned()),
        Just("2025-01..10".to_owned()),
        Just("2025年".to_owned()),
        Just("2021..2025".to_owned()),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            (inner.clone(), prop::sample::select(vec!["+", "-", "*", "/", "and", "or", ">=", "=", "<"]), inner.clone())
                .prop_map(|(a, s, b)| format!("({a}) {s} ({b})")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a}) - ({b}) + ({c})")),
            inner.clone().prop_map(|a| format!("not ({a})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            inner.clone().prop_map(|a| format!("({a}) is not missing")),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|l| format!("x in [{}]", l.join(", "))),
            prop::collection::vec(inner, 1..4).prop_map(|l| format!("max({})", l.join(", "))),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_back(source in trees()) {
        let tree = Tree::parse(&source).expect("made to be good");
        let again = Tree::parse(&tree.to_string());
        prop_assert_eq!(again, Ok(tree));
    }

    #[test]
    fn no_text_panics(source in "\\PC{0,40}") {
        let _ = Expr::compile(&source, &mut table()).map(|e| e.value(&table()).truth());
    }

    #[test]
    fn no_words_panic(words in prop::collection::vec(prop::sample::select(vec![
        "revenue", "listed", "(", ")", "[", "]", ",", "+", "-", "*", "/", ">=", "=", "and", "or", "not", "in", "is", "missing",
        "2000", "万元", "%", "if", "max", "industry", "\"C\"", "2025-02-29", "2025H1", "founded", "root", "99999999999999999999999999",
    ]), 0..14)) {
        let source = words.join(" ");
        if let Err(problems) = Expr::compile(&source, &mut table()).map(|e| e.value(&table()).truth()) {
            for p in problems {
                prop_assert!(!p.pointer(&source).is_empty());
                let unfilled = p.finding(&source, "", values::Lang::Zh).expected.contains('{');
                prop_assert!(!unfilled);
            }
        }
    }

    /// Kleene's tables: a known answer stays whatever the missing value turns out to be.
    #[test]
    fn a_known_answer_never_changes_when_more_is_known(a in any::<Option<bool>>(), b in any::<Option<bool>>(), c in any::<Option<bool>>()) {
        let source = "(a and not b) or at_least(2, a, b, c) and (c or a)";
        let mut t = Table::default();
        for name in ["a", "b", "c"] {
            t.declare(name, Kind::Bool);
        }
        let e = Expr::condition(source, &mut t).expect("good");
        let set = |t: &mut Table, name, v: Option<bool>| t.set(name, v.map(Held::Bool));
        set(&mut t, "a", a);
        set(&mut t, "b", b);
        set(&mut t, "c", c);
        if let Some(before) = e.truth(&t) {
            for i in 0..8 {
                set(&mut t, "a", a.or(Some(i & 1 == 0)));
                set(&mut t, "b", b.or(Some(i & 2 == 0)));
                set(&mut t, "c", c.or(Some(i & 4 == 0)));
                prop_assert_eq!(e.truth(&t), Some(before));
            }
        }
    }

    /// A threshold in another unit of the same quantity decides alike.
    #[test]
    fn units_do_not_change_the_answer(value in 0i64..10_000_000_000, threshold in 0i64..10_000_000_000) {
        let mut t = table();
        t.set("revenue", Some(Held::Number(Decimal::new(value, 6))));
        let wan = Decimal::new(threshold, 6);
        let yuan = wan * Decimal::from(10_000);
        let yi = wan / Decimal::from(10_000);
        let answers: Vec<Option<bool>> = [format!("revenue >= {wan} 万元"), format!("revenue >= {yuan} 元"), format!("revenue >= {yi} 亿元")]
            .iter()
            .map(|s| Expr::condition(s, &mut t).expect("good").truth(&t))
            .collect();
        prop_assert_eq!(answers, vec![Some(value >= threshold); 3]);
    }
}
