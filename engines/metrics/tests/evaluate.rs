//! Values, spans, growth, slices, sources: one line a fact.

#![allow(clippy::unwrap_used, reason = "a test stops where it is wrong")]

mod sample;

use metrics::figure::Handle;
use metrics::{Facts, Query};
use sample::{Zone, d, definition, p, said};

fn check(zone: &Zone, asked: &str, expected: &str) {
    assert_eq!(said(&zone.build(), &zone.query(asked)), expected, "{asked}");
}

fn output() -> Zone {
    let more = "subjects = \"enterprise\"\ngrowth = [\"given\", \"same_scope\", \"listed\"]\nslices = [\"chain\", \"kind\"]\njanuary = \"merged\"\n";
    Zone::new(&definition("output", "cumulative", more)).enterprises("甲 乙 丙")
}

#[test]
fn months_are_differences_of_cumulations_and_january_stands_with_february() {
    let zone = output().facts(
        "甲 output 2025-01..02 200
         甲 output 2025-01..03 330
         甲 output 2025-01..04 310
         乙 output 2025-01..02 50
         乙 output 2025-01..03 70
         乙 output 2025-01..04 95",
    );
    check(&zone, "output 2025-01..02", "250.00 万元 · 2/3");
    check(&zone, "output 2025-01..04", "405.00 万元 · 2/3");
    check(&zone, "output 2025-03", "150.00 万元 · 2/3");
    check(&zone, "output 2025-04", "5.00 万元 · 2/3");
    check(&zone, "output 2025-04 甲", "-20.00 万元");
    check(&zone, "output 2025-03..04", "155.00 万元 · 2/3");
    check(&zone, "output 2025-01", "未公布");
    check(&zone, "output 2025-02", "未公布");
    check(&zone, "output 2025-02..04", "未公布");
    check(&zone, "output 2025", "未报");
}

#[test]
fn a_month_needs_both_cumulations_of_a_firm_and_a_newcomer_counts_from_nothing() {
    let zone = output().stay("丙 presence zone 2025-04-05").facts(
        "甲 output 2025-01..03 300
             甲 output 2025-01..04 400
             乙 output 2025-01..04 90
             丙 output 2025-01..04 12",
    );
    // 乙 filed no March: its whole cumulation is not April's.
    check(&zone, "output 2025-04", "112.00 万元 · 2/3");
    check(&zone, "output 2025-01..04", "502.00 万元 · 3/3");
    check(&zone, "output 2025-01..03", "300.00 万元 · 1/2");
}

#[test]
fn the_three_growths_are_told_apart() {
    let zone = output().facts(
        "甲 output 2024-01..06 100
         乙 output 2024-01..06 40
         甲 output 2025-01..06 120
         甲 output 2025-01..06 110 - base
         丙 output 2025-01..06 60
         丙 output 2025-01..06 50 - base
         zone output 2025-01..06 8.5 statistics growth",
    );
    let facts = zone.build();
    let growths = facts.growths(&zone.query("output 2025-01..06"));
    assert_eq!(growths.given, Some(d("8.5")));
    assert_eq!(growths.same_scope, Some(d("12.5"))); // 180 / 160
    assert_eq!(growths.listed.map(|g| g.round_dp(4)), Some(d("28.5714"))); // 180 / 140
    check(&zone, "output 2025-01..06", "180.00 万元 · 8.50% given · 2/3");
    check(&zone, "output 2025-01..06 丙", "60.00 万元 · 20.00% same_scope");
}

#[test]
fn no_base_no_growth_and_never_nan() {
    let zone = output().facts(
        "甲 output 2024-01..06 0
         甲 output 2025-01..06 120
         乙 output 2024-01..06 -5
         乙 output 2025-01..06 20",
    );
    check(&zone, "output 2025-01..06 甲", "120.00 万元");
    check(&zone, "output 2025-01..06 乙", "20.00 万元");
    let growths = zone.build().growths(&zone.query("output 2025-01..06 甲"));
    assert_eq!(growths.first(&[metrics::definition::GrowthWay::Listed]), Err(values::Reason::NoBase));
    let nothing = zone.build().growths(&zone.query("output 2025-01..06 丙"));
    assert_eq!(nothing.first(&[metrics::definition::GrowthWay::Listed]), Err(values::Reason::NotFiled));
}

#[test]
fn slices_follow_dated_membership_and_shared_ones_add_up() {
    let mut zone = output()
        .stay("甲 chain battery 2020-01-01 - 60")
        .stay("甲 chain metal 2020-01-01 - 40")
        .stay("乙 chain battery 2020-01-01 2025-04-01")
        .stay("乙 chain metal 2025-04-01")
        .facts(
            "甲 output 2025-01..03 0.01
             乙 output 2025-01..03 10
             甲 output 2025-01..04 0.05
             乙 output 2025-01..04 15",
        );
    zone.sharings.insert("chain".into(), metrics::Sharing::Shared);
    let facts = zone.build();
    let raw = |text: &str| facts.answer(&zone.query(text)).unwrap().raw.unwrap();
    assert_eq!(raw("output 2025-01..03 chain=battery"), 6_000 + 10_000_000);
    assert_eq!(raw("output 2025-01..04 chain=battery"), 30_000);
    assert_eq!(raw("output 2025-01..04 chain=metal"), 20_000 + 15_000_000);
    check(&zone, "output 2025-01..04 chain=battery", "0.03 万元 · 1/1");
    check(&zone, "output 2025-01..04 chain=paper", "未报");
    check(&zone, "output 2025-01..04 kind=industry", "未报");
}

#[test]
fn titles_count_as_they_were_then() {
    let more = "subjects = \"enterprise\"\nwhere = \"title(above_scale_industry)\"\ngrowth = [\"listed\"]\n";
    let zone = Zone::new(&definition("output", "flow", more))
        .enterprises("甲 乙")
        .stay("甲 title above_scale_industry 2020-01-01")
        .stay("乙 title above_scale_industry 2024-01-01 2025-03-15")
        .facts(
            "甲 output 2024-03 10
             乙 output 2024-03 5
             甲 output 2025-03 12
             乙 output 2025-03 7
             甲 output 2025-02 11
             乙 output 2025-02 6",
        );
    check(&zone, "output 2024-03", "15.00 万元 · 2/2");
    check(&zone, "output 2025-02", "17.00 万元 · 2/2");
    check(&zone, "output 2025-03", "12.00 万元 · -20.00% listed · 1/1");
    check(&zone, "output 2025-02..03", "29.00 万元 · 3/3");
    check(&zone, "output 2025-03 乙", "7.00 万元 · 40.00% listed");
}

#[test]
fn stock_takes_the_last_and_flow_adds() {
    let stock = "quantity = \"count\"\nunit = \"人\"\nsubjects = \"enterprise\"\n";
    let text = definition("people", "stock", stock) + &definition("tax", "flow", "subjects = \"enterprise\"\n");
    let zone = Zone::new(&text).enterprises("甲 乙").facts(
        "甲 people 2024-01 120
         甲 people 2024-03 150
         乙 people 2024-01 80
         甲 tax 2024-01 1
         甲 tax 2024-02 2
         甲 tax 2024-03 4
         乙 tax 2024Q1 8
         乙 tax 2024-01 3",
    );
    check(&zone, "people 2024Q1 甲", "150 人");
    check(&zone, "people 2024Q1", "150 人 · 1/2");
    check(&zone, "people 2024Q1 乙", "80 人");
    check(&zone, "people 2024-01", "200 人 · 2/2");
    check(&zone, "people 2024-02", "未报");
    check(&zone, "people 2024", "150 人 · 1/2");
    check(&zone, "tax 2024Q1 甲", "7.00 万元 · 3/3");
    check(&zone, "tax 2024Q1", "15.00 万元 · 2/2");
    check(&zone, "tax 2024-01..02", "3.00 万元 · 1/2");
    check(&zone, "tax 2024H1", "未报");
}

#[test]
fn ratios_divide_last_and_nothing_is_not_zero() {
    let area = "quantity = \"area\"\nunit = \"亩\"\nsubjects = \"enterprise\"\nslices = [\"kind\"]\n";
    let ratio = "quantity = \"compound\"\nunit = \"万元/亩\"\nformula = \"tax / land\"\nsubjects = \"enterprise\"\nslices = [\"kind\"]\ngrowth = [\"listed\"]\n";
    let text = definition("tax", "flow", "subjects = \"enterprise\"\nslices = [\"kind\"]\n")
        + &definition("land", "stock", area)
        + &definition("per_mu", "ratio", ratio);
    let zone = Zone::new(&text).enterprises("甲 乙 丙").stay("甲 kind industry 2020-01-01").stay("乙 kind service 2020-01-01").facts(
        "甲 tax 2025 100
         乙 tax 2025 20
         甲 tax 2024 60
         甲 land 2024-12 30
         甲 land 2025-12 50
         乙 land 2025-12 10
         丙 land 2024 0",
    );
    check(&zone, "per_mu 2025", "2.00 万元/亩 · 0.00% listed · 2/3");
    check(&zone, "per_mu 2025 kind=service", "2.00 万元/亩 · 1/1");
    check(&zone, "per_mu 2025 甲", "2.00 万元/亩 · 0.00% listed");
    check(&zone, "per_mu 2025 丙", "未报");
    check(&zone, "per_mu 2024 丙", "未报");
    check(&zone, "per_mu 2023", "未报");
    let zero = zone.fact("丙 tax 2024 5");
    check(&zero, "per_mu 2024 丙", "无法计算");
}

#[test]
fn sources_stand_beside_each_other_in_the_declared_order() {
    let more = "subjects = \"enterprise\"\nsources = [\"statistics\", \"enterprise\"]\n";
    let zone = Zone::new(&definition("output", "flow", more)).enterprises("甲 乙").facts(
        "zone output 2025-03 99 statistics
         甲 output 2025-03 60
         乙 output 2025-03 30
         甲 output 2025-03 61 office
         甲 output 2025-04 70 - - estimate
         乙 output 2025-04 31 - - carried",
    );
    check(&zone, "output 2025-03", "99.00 万元");
    check(&zone, "output 2025-03 @enterprise", "90.00 万元 · 2/2");
    check(&zone, "output 2025-04", "101.00 万元 · 1/2 · estimate");
    let facts = zone.build();
    let all: Vec<String> = facts.by_source(&zone.query("output 2025-03")).iter().map(|a| a.value.unwrap().to_string()).collect();
    assert_eq!(all, ["99", "90", "61"]);
}

#[test]
fn lineage_names_every_fact_and_adds_up() {
    let zone = output().facts(
        "甲 output 2025-01..03 330
         甲 output 2025-01..04 310
         乙 output 2025-01..04 95",
    );
    let facts = zone.build();
    let lines = facts.lineage(&zone.query("output 2025-04"));
    assert_eq!(lines.len(), 2);
    assert_eq!(lines.iter().map(|l| l.adds).sum::<i128>(), -20 * 1_000_000);
    let all = facts.lineage(&zone.query("output 2025-01..04"));
    assert_eq!(all.iter().map(|l| (l.subject, l.adds)).collect::<Vec<_>>(), [(Some(1), 310_000_000), (Some(2), 95_000_000)]);
}

#[test]
fn a_handle_leads_back_to_the_same_answer() {
    let zone = output().stay("甲 chain battery 2020-01-01").facts("甲 output 2025-01..04 310");
    let facts: Facts = zone.build();
    let targets = metrics::Targets::default();
    let view =
        metrics::View { facts: &facts, targets: &targets, today: sample::date("2026-01-20"), lang: values::Lang::Zh, sees_filers: true };
    for asked in ["output 2025-01..04", "output 2025-01..04 chain=battery", "output 2025-01..04 甲"] {
        let query: Query = zone.query(asked);
        let figure = view.figure(&query).unwrap();
        let handle = Handle::parse(&figure.handle).unwrap();
        assert_eq!(handle.to_string(), figure.handle);
        let again = facts.query_of(&handle).unwrap();
        assert_eq!(facts.lineage(&again), facts.lineage(&query), "{}", figure.handle);
    }
    for text in ["", "f1:", "f1:a/b", "f2:a@b/zone//2025/actual/tax/1", "f1:a@b/zone//2025/actual/tax/x", "f1:a@b/zone//x/actual/tax/1"] {
        assert_eq!(Handle::parse(text), None, "{text}");
    }
}

#[test]
fn a_multiple_of_last_year_is_a_ratio() {
    let more = "quantity = \"ratio\"\nunit = \"倍\"\nformula = \"invest / last_year(invest)\"\n";
    let text = definition("invest", "cumulative", "january = \"merged\"\n") + &definition("multiple", "ratio", more);
    let zone = Zone::new(&text).facts("zone invest 2024 40 statistics\nzone invest 2025-01..10 120 statistics");
    check(&zone, "multiple 2025-01..10", "3.00 倍");
    assert_eq!(zone.build().answer(&zone.query("multiple 2025-01..10")).unwrap().as_of, p("2025-10").last());
}
