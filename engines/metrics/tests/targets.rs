//! Targets and ledger counts: one line a fact.

#![allow(clippy::unwrap_used, reason = "a test stops where it is wrong")]

mod sample;

use expr::{Kind, Value};
use metrics::target::{Aim, Progress};
use metrics::{LedgerRow, Source, TargetVersion, Targets, View};
use sample::{Zone, d, date, definition, p, said};
use values::Lang;
use values::fact::{BOUNDS, code};

/// `metric span value unit announced [bound] [split m:p;…] [aim] [subject] [under]`
fn target(zone: &Zone, line: &str) -> TargetVersion {
    let w: Vec<&str> = line.split_whitespace().collect();
    let at = |i: usize| w.get(i).copied().filter(|t| *t != "-");
    let split = at(6).into_iter().flat_map(|s| s.split(';')).map(|m| m.split_once(':').unwrap());
    TargetVersion {
        metric: w[0].into(),
        subject: at(8).map(|n| zone.number(n)),
        under: at(9).map(|n| zone.number(n)),
        span: p(w[1]),
        aim: if at(7) == Some("growth") { Aim::Growth } else { Aim::Value },
        version: 1,
        announced_on: date(w[4]),
        value: at(2).map(d),
        value_to: None,
        unit: w[3].into(),
        bound: u8::try_from(code(BOUNDS, at(5).unwrap_or("ge")).unwrap()).unwrap(),
        words: if at(2).is_none() { "走在前列".into() } else { String::new() },
        split: split.map(|(m, share)| (m.parse().unwrap(), d(share))).collect(),
    }
}

fn text(p: &Progress) -> String {
    let one = |v: Option<values::Decimal>| v.map_or_else(|| "–".into(), |v| metrics::figure::printed(v, 1));
    format!(
        "{} of {} = {}% schedule {} pace {} needs {} {}",
        one(p.reached),
        one(p.wanted),
        one(p.completion),
        one(p.schedule),
        one(p.pace),
        one(p.needed_a_month),
        p.is_met.map_or("?", |m| if m { "met" } else { "not met" })
    )
}

fn check(zone: &Zone, targets: &[&str], asked: &str, expected: &str) {
    let targets = Targets::new(targets.iter().map(|t| target(zone, t)));
    let facts = zone.build();
    let view = View { facts: &facts, targets: &targets, today: date("2026-01-20"), lang: Lang::Zh, sees_filers: true };
    let got = view.progress(&zone.query(asked)).map_or_else(|| "no target".into(), |p| text(&p));
    assert_eq!(got, expected, "{asked}");
}

fn zone() -> Zone {
    let count = "quantity = \"count\"\nunit = \"家\"\n";
    let quarterly = "cycle = \"quarterly\"\ngrowth = [\"given\"]\n";
    let rate = "quantity = \"percent\"\nunit = \"%\"\nbetter = \"down\"\n";
    let text = definition("invest", "cumulative", "january = \"merged\"\n")
        + &definition("firms", "stock", count)
        + &definition("gdp", "cumulative", quarterly)
        + &definition("loss", "ratio", rate);
    Zone::new(&text).enterprises("经发局 招商局").facts(
        "zone invest 2025-01..08 120 statistics
         zone firms 2025-08 40 office
         zone gdp 2025H1 300 statistics
         zone gdp 2025H1 7.5 statistics growth
         zone loss 2025 3 office",
    )
}

#[test]
fn completion_and_pace_by_months_split_or_cycle() {
    let zone = zone();
    let t = "invest 2025 200 万元 2025-01-05";
    check(&zone, &[t], "invest 2025-01..08", "120.0 of 200.0 = 60.0% schedule 66.7 pace -6.7 needs 20.0 not met");
    check(
        &zone,
        &["invest 2025 0.02 亿元 2025-01-05 ge 3:20;6:40;9:70"],
        "invest 2025-01..08",
        "120.0 of 200.0 = 60.0% schedule 60.0 pace 0.0 needs 20.0 not met",
    );
    check(
        &zone,
        &["invest 2025 200 万元 2025-01-05 ge 8:55"],
        "invest 2025-01..08",
        "120.0 of 200.0 = 60.0% schedule 55.0 pace 5.0 needs 20.0 not met",
    );
    check(&zone, &["gdp 2025 600 万元 2025-01-05"], "gdp 2025H1", "300.0 of 600.0 = 50.0% schedule 50.0 pace 0.0 needs 50.0 not met");
    check(&zone, &["firms 2025 35 家 2025-01-05"], "firms 2025-08", "40.0 of 35.0 = 114.3% schedule – pace – needs – met");
    check(&zone, &["loss 2025 3.5 % 2025-01-05 le"], "loss 2025", "3.0 of 3.5 = 85.7% schedule – pace – needs – met");
}

#[test]
fn versions_hold_from_their_day_and_odd_targets_never_give_nan() {
    let zone = zone();
    let versions = ["invest 2025 200 万元 2025-01-05", "invest 2025 100 万元 2025-07-01", "invest 2025 999 万元 2026-03-01"];
    check(&zone, &versions, "invest 2025-01..08", "120.0 of 100.0 = 120.0% schedule 66.7 pace 53.3 needs 0.0 met");
    check(&zone, &["invest 2025 0 万元 2025-01-05"], "invest 2025-01..08", "120.0 of 0.0 = –% schedule 66.7 pace – needs 0.0 met");
    check(&zone, &["invest 2025 - 万元 2025-01-05 text"], "invest 2025-01..08", "120.0 of – = –% schedule 66.7 pace – needs – ?");
    check(&zone, &["invest 2025 200 万元 2025-01-05"], "invest 2025-01..09", "– of 200.0 = –% schedule 75.0 pace – needs – ?");
    check(&zone, &["gdp 2025 8 % 2025-01-05 ge - growth"], "gdp 2025H1", "7.5 of 8.0 = –% schedule – pace – needs – not met");
    check(&zone, &["invest 2024 200 万元 2024-01-05"], "invest 2025-01..08", "no target");
    check(&zone, &["invest 2025 200 亩 2025-01-05"], "invest 2025-01..08", "120.0 of – = –% schedule 66.7 pace – needs – ?");
}

#[test]
fn the_tree_shows_the_gap_to_its_parts() {
    let zone = zone();
    let lines = [
        "invest 2025 0.02 亿元 2025-01-05",
        "invest 2025 120 万元 2025-01-05 ge - - 经发局",
        "invest 2025 50 万元 2025-01-05 ge - - 招商局",
    ];
    let targets = Targets::new(lines.iter().map(|t| target(&zone, t)));
    let tree = targets.tree("invest", None, p("2025"), date("2025-06-01")).unwrap();
    assert_eq!(tree.parts.len(), 2);
    assert_eq!(tree.gap, Some(d("0.003")));
}

#[test]
fn a_target_may_be_a_fact() {
    let zone = zone().fact("zone invest 2025 200 published - - ge target").fact("zone gdp 2025 6 published growth - ge target");
    check(&zone, &[], "invest 2025-01..08", "120.0 of 200.0 = 60.0% schedule 66.7 pace -6.7 needs 20.0 not met");
    check(&zone, &[], "gdp 2025H1", "7.5 of 6.0 = –% schedule – pace – needs – met");
}

#[test]
fn the_latest_span_is_where_a_slow_metric_stands() {
    let zone = zone();
    let facts = zone.build();
    assert_eq!(facts.latest(&zone.query("gdp 2025-08")), Some(p("2025H1")));
    assert_eq!(facts.latest(&zone.query("invest 2025-12")), Some(p("2025-01..08")));
    assert_eq!(facts.latest(&zone.query("gdp 2024-08")), None);
}

struct Ledgers;

impl Source for Ledgers {
    fn field(&self, ledger: &str, field: &str) -> Option<Kind> {
        match (ledger, field) {
            ("title_link", "title") => Some(Kind::Choice(Vec::new())),
            ("grant", "amount") => Kind::number_in("万元"),
            _ => None,
        }
    }
    fn each(&self, ledger: &str, fields: &[&str], each: &mut dyn FnMut(LedgerRow<'_>)) {
        type Row = (i64, Option<i64>, &'static str, Option<&'static str>, &'static str, &'static str);
        let rows: &[Row] = match ledger {
            "title_link" => &[
                (1, Some(1), "2022-03-01", Some("2025-03-01"), "four_above", ""),
                (2, Some(1), "2025-03-01", None, "four_above", ""), // renewed without a gap
                (3, Some(2), "2025-06-30", None, "four_above", ""),
                (4, Some(2), "2024-01-01", None, "srdi", ""),
                (5, Some(3), "2020-01-01", Some("2025-05-10"), "four_above", ""),
            ],
            _ => &[(1, None, "2025-02-03", None, "", "12.5"), (2, None, "2025-07-01", None, "", "30")],
        };
        for (id, subject, from, until, title, amount) in rows {
            let values = fields.iter().map(|f| if *f == "title" { Value::Text(title) } else { Value::Number(d(amount)) }).collect();
            each(LedgerRow { id: *id, subject: *subject, from: Some(date(from)), until: until.map(date), values });
        }
    }
}

#[test]
fn ledgers_are_counted_once_a_subject_and_renewals_are_no_additions() {
    let titles = "quantity = \"count\"\nunit = \"家\"\nledger = \"title_link\"\naggregate = \"count\"\nwhere = \"title = four_above\"\nsubjects = \"enterprise\"\nslices = [\"kind\"]\ngrowth = [\"listed\"]\nadded = { zh = \"新增\", en = \"New\" }\n";
    let grants = "ledger = \"grant\"\naggregate = \"sum(amount)\"\n";
    let zone = Zone::new(&(definition("four", "stock", titles) + &definition("grants", "flow", grants)))
        .enterprises("甲 乙 丙")
        .stay("甲 kind industry 2020-01-01");
    let (facts, found) = zone.build().count(&Ledgers, Lang::Zh);
    assert_eq!(found, []);
    let check = |asked: &str, expected: &str| assert_eq!(said(&facts, &zone.query(asked)), expected, "{asked}");
    check("four 2024", "2 家 · 0.00% listed");
    check("four 2025-04", "2 家 · 0.00% listed");
    check("four 2025", "2 家 · 0.00% listed");
    check("four 2025-05", "1 家 · -50.00% listed");
    check("four 2025 kind=industry", "1 家 · 0.00% listed");
    check("four.added 2025", "1 家");
    check("four.added 2025-01..05", "0 家");
    check("grants 2025-01..06", "12.50 万元");
    check("grants 2025", "42.50 万元");
    let lines = facts.lineage(&zone.query("four 2025"));
    assert_eq!(lines.iter().map(|l| l.subject).collect::<Vec<_>>(), [Some(1), Some(2)]);
}

#[test]
fn a_ledger_filter_that_cannot_be_read_is_a_finding() {
    let titles = "quantity = \"count\"\nunit = \"家\"\nledger = \"title_link\"\naggregate = \"count\"\nwhere = \"colour = red\"\n";
    let zone = Zone::new(&definition("four", "stock", titles));
    let (facts, found) = zone.build().count(&Ledgers, Lang::Zh);
    assert_eq!(found.len(), 2);
    assert_eq!(said(&facts, &zone.query("four 2025")), "无法计算");
}
