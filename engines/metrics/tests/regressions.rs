//! What other metric layers are known to get wrong, and input that is wrong: each as a case.

#![allow(clippy::unwrap_used, reason = "a test stops where it is wrong")]

mod sample;

use metrics::estimate::Method;
use metrics::{FactRow, Facts, Metrics, Query, SnapshotError};
use sample::{Zone, d, definition, p, said};
use values::{Lang, Reason};

fn check(zone: &Zone, asked: &str, expected: &str) {
    assert_eq!(said(&zone.build(), &zone.query(asked)), expected, "{asked}");
}

const FIRM: &str = "subjects = \"enterprise\"\ngrowth = [\"listed\"]\nslices = [\"kind\"]\n";

fn flow() -> Zone {
    Zone::new(&definition("x", "flow", FIRM)).enterprises("甲 乙")
}

#[test]
fn a_shift_by_months_misses_no_31st() {
    let zone = flow().facts("甲 x 2025-01 10\n甲 x 2025-02 20\n甲 x 2025-03 30\n甲 x 2024-02 16\n甲 x 2024-03 20");
    check(&zone, "x 2025-03", "30.00 万元 · 50.00% listed · 1/2");
    check(&zone, "x 2025-02", "20.00 万元 · 25.00% listed · 1/2");
    let facts = zone.build();
    let asked = zone.query("x 2025-03");
    let month_before = asked.over(asked.period.back(1).unwrap());
    assert_eq!(facts.answer(&month_before).unwrap().value, Some(d("20")));
    assert_eq!(metrics::figure::last_day(p("2024-02").last()).unwrap(), sample::date("2024-02-29"));
}

#[test]
fn a_cumulation_is_not_off_by_one_at_the_edges_of_months_and_years() {
    let zone = flow().facts("甲 x 2024-12 100\n甲 x 2025-01 1\n甲 x 2025-02 2\n甲 x 2025-03 4\n甲 x 2025-04 8");
    check(&zone, "x 2025-01", "1.00 万元 · 1/2");
    check(&zone, "x 2025-01..02", "3.00 万元 · 2/4");
    check(&zone, "x 2025-01..03", "7.00 万元 · 3/6");
    check(&zone, "x 2025-01..04", "15.00 万元 · 4/8");
}

#[test]
fn a_shift_by_a_year_is_not_empty_and_survives_kept_sums() {
    let mut zone = flow().stay("甲 kind x 2020-01-01").stay("乙 kind y 2020-01-01");
    for year in [2024, 2025] {
        for month in 1..=12 {
            zone = zone.fact(&format!("甲 x {year}-{month:02} {}", year - 2000)).fact(&format!("乙 x {year}-{month:02} 1"));
        }
    }
    check(&zone, "x 2025", "312.00 万元 · 4.00% listed · 24/24");
    check(&zone, "x 2025 kind=x", "300.00 万元 · 4.17% listed · 12/12");
    let panel = zone.build().panel("x", p("2025-12")).unwrap();
    let place = panel.place("kind", "x").unwrap();
    assert_eq!(panel.growth(place, &[metrics::definition::GrowthWay::Listed]).1.unwrap().1, 41_667);
}

#[test]
fn a_ratio_is_not_summed_in_a_roll_up_and_a_level_is_not_added() {
    let more = format!("{FIRM}quantity = \"percent\"\nunit = \"%\"\nformula = \"x / y\"\n");
    let text = definition("x", "flow", FIRM) + &definition("y", "flow", FIRM) + &definition("rate", "ratio", &more);
    let level = definition("level", "stock", FIRM);
    let zone = Zone::new(&(text + &level)).enterprises("甲 乙").stay("甲 kind x 2020-01-01").stay("乙 kind x 2020-01-01").facts(
        "甲 x 2025-01 1
         甲 y 2025-01 10
         乙 x 2025-01 40
         乙 y 2025-01 80
         甲 x 2025-02 1
         甲 y 2025-02 10
         甲 level 2025-01 5
         甲 level 2025-02 6",
    );
    check(&zone, "rate 2025-01", "45.56 % · 2/2");
    check(&zone, "rate 2025-01 kind=x", "45.56 % · 2/2");
    check(&zone, "rate 2025-01..02", "42.00 % · 3/4");
    check(&zone, "level 2025-01..02", "6.00 万元 · 1/2");
}

#[test]
fn no_row_is_no_zero_and_a_zero_is_a_zero() {
    let zone = flow().facts("甲 x 2025-01 0");
    check(&zone, "x 2025-01 甲", "0.00 万元");
    check(&zone, "x 2025-01 乙", "未报");
    check(&zone, "x 2025-01", "0.00 万元 · 1/2");
    check(&zone, "x 2025-02", "未报");
}

#[test]
fn overflow_is_told_and_never_wrapped() {
    let zone = flow();
    let big = |subject: i64| FactRow {
        metric: zone.numbers["x"],
        period: p("2025-01").code(),
        subject,
        value: Some(i64::MAX),
        ..FactRow::default()
    };
    let (facts, found) = Facts::build(zone.ground(), 1, [big(1), big(2)], Lang::Zh);
    assert!(found.is_empty());
    let answer = facts.answer(&zone.query("x 2025-01")).unwrap();
    assert_eq!(answer.raw, Some(2 * i128::from(i64::MAX)));
    let metric = zone.metrics.at("x", p("2025-01").last()).unwrap();
    let huge = d("92233720368548");
    assert!(matches!(metric.read(huge * d("10000"), "亿元"), Err(metrics::definition::ReadError::Overflow { .. })));
    assert!(matches!(metric.read(d("1"), "万美元"), Err(metrics::definition::ReadError::Unit { .. })));
    assert!(matches!(metric.read(d("0.0000001"), "万元"), Err(metrics::definition::ReadError::TooFine { .. })));
    assert_eq!(metric.read(d("0.5"), "亿元"), Ok(5_000_000_000));
}

#[test]
fn rows_that_cannot_be_placed_are_findings_and_the_rest_stands() {
    let zone = flow();
    let row = |metric, subject, period, source| FactRow { metric, subject, period, source, value: Some(1), ..FactRow::default() };
    let (number, month) = (zone.numbers["x"], p("2025-01").code());
    let rows = [
        row(number, 1, month, 0),
        row(99, 1, month, 0),
        row(number, 77, month, 0),
        row(number, 1, -5, 0),
        row(number, 1, month, 88),
        row(number, 1, month, 0),
    ];
    let (facts, found) = Facts::build(zone.ground(), 1, rows, Lang::Zh);
    let rules: Vec<&str> = found.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(rules, ["fact.unknown_metric", "fact.unknown_subject", "fact.bad_code", "fact.bad_code", "fact.twice"]);
    assert_eq!(facts.len(), 1);
    let texts = found.iter().all(|f| !f.expected.starts_with("fact.") && !f.remedy.starts_with("fact."));
    assert!(texts, "{found:?}");
}

#[test]
fn a_filing_for_a_firm_that_had_left_is_kept_told_and_not_counted() {
    let zone = flow().stay("甲 presence zone 2020-01-01 2025-02-10").facts("甲 x 2025-01 5\n甲 x 2025-02 7\n乙 x 2025-02 1");
    check(&zone, "x 2025-02", "1.00 万元 · 1/1");
    check(&zone, "x 2025-02 甲", "7.00 万元");
    let strays = zone.build().strays(Lang::Zh);
    assert_eq!(strays.len(), 1);
    assert!(strays[0].found.contains("甲") && strays[0].found.contains("2025-02"), "{strays:?}");
}

#[test]
fn a_commit_out_of_order_is_applied_under_its_own_number() {
    let zone = flow().facts("甲 x 2025-01 5");
    let facts = zone.build();
    let row = FactRow { metric: zone.numbers["x"], period: p("2025-01").code(), subject: 1, value: Some(900), ..FactRow::default() };
    let (older, found) = facts.changed(3, &[row], &[], Lang::Zh);
    assert!(found.is_empty());
    assert_eq!((older.seq(), facts.seq()), (3, 7));
    // The version it came from is untouched.
    assert_eq!(facts.answer(&zone.query("x 2025-01 甲")).unwrap().raw, Some(5_000_000));
    assert_eq!(older.answer(&zone.query("x 2025-01 甲")).unwrap().raw, Some(900));
}

#[test]
fn a_snapshot_of_another_version_or_other_subjects_is_refused() {
    let zone = flow().facts("甲 x 2025-01 5");
    let mut bytes = zone.build().snapshot();
    let other = flow().enterprises("丙");
    assert_eq!(Facts::from_snapshot(other.ground(), &bytes).unwrap_err(), SnapshotError::Ground);
    bytes[7] = 9;
    assert_eq!(Facts::from_snapshot(zone.ground(), &bytes).unwrap_err(), SnapshotError::Format);
    assert_eq!(Facts::from_snapshot(zone.ground(), b"").unwrap_err(), SnapshotError::Format);
}

#[test]
fn a_circle_is_found_and_does_not_hang() {
    let ring = |key: &str, of: &str| definition(key, "ratio", &format!("quantity = \"ratio\"\nunit = \"倍\"\nformula = \"{of} / z\"\n"));
    let text = ring("a", "b") + &ring("b", "a") + &definition("z", "flow", "quantity = \"ratio\"\nunit = \"倍\"\n");
    let (metrics, found) = Metrics::load([("x.toml", text.as_str())], Lang::Zh);
    assert!(found.iter().any(|f| f.rule == "metric.cycle"));
    let mut zone = flow();
    zone.numbers = metrics.keys().zip(1..).map(|(k, n)| (k.to_owned(), n)).collect();
    zone.metrics = std::sync::Arc::new(metrics);
    let answer = zone.build().answer(&Query::zone("a", p("2025"))).unwrap();
    assert!(answer.value.is_none() && answer.reason.is_some());
}

#[test]
fn odd_spans_have_a_reason_and_no_panic() {
    let zone = flow().facts("甲 x 2025-01 5");
    let facts = zone.build();
    for span in ["1900-01", "2199-12", "1900-2199", "2025-02..2190-01"] {
        let answer = facts.answer(&Query::zone("x", p(span))).unwrap();
        assert_eq!((answer.value, answer.reason), (None, Some(Reason::NotFiled)), "{span}");
        let _ = facts.growths(&Query::zone("x", p(span)));
        let _ = facts.estimate(&Query::zone("x", p(span)));
        assert!(facts.lineage(&Query::zone("x", p(span))).is_empty());
    }
    assert!(facts.answer(&Query::zone("nothing", p("2025"))).is_none());
    assert_eq!(facts.answer(&Query::zone("x", p("2025-01")).of(999)).unwrap().reason, Some(Reason::NotFiled));
}

/// A year of twelve equal months but for one; `scale` the level.
fn year(zone: Zone, year: i32, months: i32, scale: i32, december: i32) -> Zone {
    (1..=months).fold(zone, |zone, m| zone.fact(&format!("甲 x {year}-{m:02} {}", if m == 12 { december } else { scale })))
}

#[test]
fn the_year_end_is_estimated_with_its_own_backtest() {
    // Grows by half each year, with the same shares: the share of last year is exact, last year's months are not.
    let zone = year(year(year(year(flow(), 2022, 12, 8, 16), 2023, 12, 12, 24), 2024, 12, 18, 36), 2025, 6, 27, 0);
    let estimate = zone.build().estimate(&zone.query("x 2025H1 甲")).unwrap();
    assert_eq!((estimate.value.round_dp(6), estimate.method), (d("351"), Method::LastShare));
    assert_eq!(estimate.mean_error.map(|e| e.round_dp(9)), Some(d("0")));
    assert_eq!(estimate.backtest.len(), 2);

    // Level, with a rare December: the remaining months of last year are as good, and the plain method wins ties.
    let level = year(year(year(flow(), 2023, 12, 10, 10), 2024, 12, 10, 10), 2025, 6, 10, 0);
    let estimate = level.build().estimate(&level.query("x 2025H1 甲")).unwrap();
    assert_eq!((estimate.value, estimate.method), (d("120"), Method::LastYear));
    assert_eq!(estimate.interval, Some((d("120"), d("120"))));

    // One year back only: an estimate without a backtest claims no interval.
    let short = year(year(flow(), 2024, 12, 10, 40), 2025, 6, 20, 0);
    let estimate = short.build().estimate(&short.query("x 2025H1 甲")).unwrap();
    assert_eq!((estimate.value, estimate.interval, estimate.backtest.len()), (d("210"), None, 0));
    assert!(short.build().estimate(&short.query("x 2024H1 甲")).is_none());
    assert!(short.build().estimate(&short.query("x 2025-02..06 甲")).is_none());
}

#[test]
fn a_restated_figure_names_what_changed() {
    let zone = flow().facts("甲 x 2025-01 5\n乙 x 2025-01 7");
    let then = zone.build();
    let row = zone.row("甲 x 2025-01 6");
    let (now, _) = then.changed(8, &[row], &[], Lang::Zh);
    let what = now.restated(&then, &zone.query("x 2025-01")).unwrap();
    assert_eq!((what.then.value, what.now.value), (Some(d("12")), Some(d("13"))));
    assert_eq!(what.changed.len(), 1);
    assert_eq!((what.changed[0].subject, what.changed[0].then, what.changed[0].now), (Some(1), Some(5_000_000), Some(6_000_000)));
}

#[test]
fn concentration_of_a_slice() {
    let zone = flow().facts("甲 x 2025-01 75\n乙 x 2025-01 25");
    let c = zone.build().concentration(&zone.query("x 2025-01")).unwrap();
    assert_eq!((c.units, c.cr1, c.cr5, c.hhi), (2, d("75"), d("100"), d("6250")));
    assert!(zone.build().concentration(&zone.query("x 2025-02")).is_none());
}
