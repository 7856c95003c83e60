//! `suyuan bench metrics`: 10.2 million values in memory, asked as a cockpit asks.
//!
//! 5,000 enterprises × 120 months × 17 metrics, seeded. Checked first: sums
//! over the same numbers by plain loops.

use super::{Report, median_time};
use anyhow::{Context, Result, ensure};
use metrics::definition::GrowthWay;
use metrics::{
    FactRow, Facts, Ground, Membership, MembershipRow, Metrics, Panel, Query, Sharing, Sharings, Subject, SubjectKind, Subjects,
};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use values::{Date, Decimal, Lang, Period};

const FIRMS: i64 = 5_000;
const MONTHS: i32 = 120;
const FIRST: i32 = 2016 * 12;
const METRICS: i64 = 17;
/// Chains, kinds and the five largest industries: with the total, twelve filters would be 1 + 6 + 4 + 1.
const FILTERS: [(&str, &str); 12] = [
    ("", ""),
    ("chain", "c0"),
    ("chain", "c1"),
    ("chain", "c2"),
    ("chain", "c3"),
    ("chain", "c4"),
    ("chain", "c5"),
    ("kind", "k0"),
    ("kind", "k1"),
    ("kind", "k2"),
    ("kind", "k3"),
    ("industry", "i0"),
];

/// Time kind of a metric: flows, cumulations and levels.
fn time(metric: i64) -> &'static str {
    match metric {
        1..=6 => "cumulative",
        7..=14 => "flow",
        _ => "stock",
    }
}

/// The number that a firm filed: smooth, and different for each.
fn number(metric: i64, month: i32, firm: i64) -> i64 {
    let season = i64::from(month % 12) * 37;
    let one = 10_000 + (firm * 7_919 + metric * 104_729) % 90_000 + season + i64::from(month) * 11;
    let months = if time(metric) == "cumulative" { i64::from(month % 12) + 1 } else { 1 };
    one * months
}

fn period(metric: i64, month: i32) -> Period {
    let last = FIRST + month;
    let first = if time(metric) == "cumulative" { last - last.rem_euclid(12) } else { last };
    Period::from_months(first, last).unwrap_or_else(|| unreachable!("months of this century"))
}

fn definitions() -> Result<Metrics> {
    let mut text = String::new();
    for metric in 1..=METRICS {
        write!(
            text,
            "[m{metric:02}]\nlabel = {{ zh = \"指标{metric}\", en = \"Metric {metric}\" }}\ndefinition = {{ zh = \"测量用\" }}\nquantity = \"money\"\n\
             unit = \"万元\"\ndisplay = \"亿元\"\ntime = \"{}\"\nfrom = \"facts\"\nsubjects = \"enterprise\"\ngrowth = [\"same_scope\", \"listed\"]\n\
             slices = [\"chain\", \"industry\", \"kind\"]\nsecret_below = 3\nsecret_above_share = 80\nowner = \"economy\"\nsource = \"bench\"\nconfidence = \"A\"\nvalid_from = \"2000-01\"\n",
            time(metric)
        )?;
    }
    let (metrics, found) = Metrics::load([("bench.toml", text.as_str())], Lang::Zh);
    ensure!(found.is_empty(), "{found:?}");
    Ok(metrics)
}

/// One firm in ten stands in two chains; one in twenty moves once.
fn chain(firm: i64) -> i64 {
    firm % 6
}

fn stays() -> Vec<MembershipRow> {
    let mut rows = Vec::new();
    let start = Date::constant(2000, 1, 1);
    let moved = Date::constant(2022, 6, 15);
    for firm in 1..=FIRMS {
        let mut push = |dimension: &str, value: String, from: Date, until: Option<Date>, weight: Option<i64>| {
            rows.push(MembershipRow { subject: firm, dimension: dimension.into(), value, from, until, weight: weight.map(Decimal::from) });
        };
        push("kind", format!("k{}", firm % 4), start, None, None);
        push("industry", format!("i{}", firm * 31 % 60), start, None, None);
        match firm % 20 {
            0 | 10 => {
                push("chain", format!("c{}", chain(firm)), start, None, Some(60));
                push("chain", format!("c{}", (chain(firm) + 1) % 6), start, None, Some(40));
            }
            7 => {
                push("chain", format!("c{}", chain(firm)), start, Some(moved), None);
                push("chain", format!("c{}", (chain(firm) + 1) % 6), moved, None, None);
            }
            _ => push("chain", format!("c{}", chain(firm)), start, None, None),
        }
    }
    rows
}

fn ground() -> Result<Ground> {
    let metrics = definitions()?;
    let numbers: BTreeMap<String, i64> = (1..=METRICS).map(|m| (format!("m{m:02}"), m)).collect();
    let firms =
        (1..=FIRMS).map(|n| Subject { number: n, kind: SubjectKind::Enterprise, reference: n.to_string(), name: format!("示例{n}") });
    let zone = Subject { number: 0, kind: SubjectKind::Zone, reference: "zone".into(), name: "示例".into() };
    let subjects = Arc::new(Subjects::new(firms.chain([zone])));
    let sharings = Sharings::from([("chain".to_owned(), Sharing::Shared)]);
    let membership = Membership::new(&subjects, stays(), &sharings, FIRST, FIRST + MONTHS - 1);
    Ok(Ground { zone: "bench".into(), metrics: Arc::new(metrics), numbers, subjects, membership: Arc::new(membership) })
}

fn row(metric: i64, month: i32, firm: i64, value: i64) -> FactRow {
    FactRow { metric, period: period(metric, month).code(), subject: firm, value: Some(value), ..FactRow::default() }
}

fn rows() -> impl Iterator<Item = FactRow> {
    (1..=METRICS).flat_map(|metric| {
        (0..MONTHS).flat_map(move |month| (1..=FIRMS).map(move |firm| row(metric, month, firm, number(metric, month, firm))))
    })
}

/// Hundredths of a firm's value that fall to a filter in a month.
fn share(filter: (&str, &str), firm: i64, month: i32) -> i64 {
    let own = format!("c{}", chain(firm));
    let next = format!("c{}", (chain(firm) + 1) % 6);
    match filter {
        ("", _) => 100,
        ("kind", value) => i64::from(value == format!("k{}", firm % 4)) * 100,
        ("industry", value) => i64::from(value == format!("i{}", firm * 31 % 60)) * 100,
        (_, value) => match firm % 20 {
            0 | 10 if value == own => 60,
            0 | 10 if value == next => 40,
            // The middle of June 2022 is before that month's end.
            7 if FIRST + month >= 2022 * 12 + 5 => i64::from(value == next) * 100,
            7 => i64::from(value == own) * 100,
            0 | 10 => 0,
            _ => i64::from(value == own) * 100,
        },
    }
}

/// A value by plain loops, in ten-thousandths of a 分 short of rounding: compared within a 分 a firm.
fn plain(metric: i64, month: i32, filter: (&str, &str), year_to_date: bool) -> i128 {
    let months: Vec<i32> = if year_to_date && time(metric) == "flow" { (month - month % 12..=month).collect() } else { vec![month] };
    let mut sum = 0i128;
    for m in months {
        for firm in 1..=FIRMS {
            let mut value = number(metric, m, firm);
            if time(metric) == "cumulative" && !year_to_date && m % 12 > 0 {
                value -= number(metric, m - 1, firm);
            }
            sum += i128::from(value) * i128::from(share(filter, firm, m));
        }
    }
    sum
}

fn check(facts: &Facts) -> Result<()> {
    for (metric, month) in [(1, 118), (3, 84), (8, 119), (12, 77), (15, 100), (17, 65)] {
        let when = Period::from_months(FIRST + month, FIRST + month).context("month")?;
        let panel = facts.panel(&format!("m{metric:02}"), when).context("a panel")?;
        for filter in FILTERS {
            let place = panel.place(filter.0, filter.1).context("a place")?;
            for (spread, year_to_date) in [(&panel.month, false), (&panel.year_to_date, true)] {
                let got = spread.sums[place].value * 100;
                let want = plain(metric, month, filter, year_to_date);
                let slack = i128::from(FIRMS) * 12 * 100;
                let exact = !filter.0.starts_with("chain");
                ensure!(if exact { got == want } else { (got - want).abs() <= slack }, "m{metric} {when} {filter:?}: {got} is not {want}");
            }
        }
    }
    Ok(())
}

/// The whole cockpit: every metric, twelve months, twelve filters; value, year to date, growth of both.
fn cockpit(facts: &Facts, keys: &[String]) -> i128 {
    let ways = [GrowthWay::SameScope, GrowthWay::Listed];
    let mut seen = 0i128;
    for key in keys {
        for month in MONTHS - 12..MONTHS {
            let Some(panel) = Period::from_months(FIRST + month, FIRST + month).and_then(|p| facts.panel(key, p)) else { continue };
            for filter in FILTERS {
                seen += panel.place(filter.0, filter.1).map_or(0, |place| numbers(&panel, place, &ways));
            }
        }
    }
    seen
}

/// Everything that a cell of the cockpit shows, added up so that nothing is left out.
fn numbers(panel: &Panel, place: usize, ways: &[GrowthWay]) -> i128 {
    let (month, so_far) = panel.growth(place, ways);
    let of = |s: &metrics::Spread| s.sums.get(place).map_or(0, |s| s.value);
    of(&panel.month) + of(&panel.year_to_date) + month.map_or(0, |g| g.1) + so_far.map_or(0, |g| g.1)
}

/// Resident memory of this process in MB, where the system tells.
fn resident() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|l| l.strip_prefix("VmRSS:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").trim().parse::<f64>().ok()).map_or(0.0, |kb| kb / 1_024.0)
}

fn milliseconds(time: std::time::Duration) -> String {
    format!("{:.3}", time.as_secs_f64() * 1_000.0)
}

/// Runs it.
///
/// # Errors
/// A wrong result.
pub fn run() -> Result<Report> {
    let before = resident();
    let ground = ground()?;
    let (mut facts, found) = Facts::build(ground.clone(), 1, rows(), Lang::Zh);
    ensure!(found.is_empty(), "{found:?}");
    ensure!(facts.len() == 10_200_000, "{} values", facts.len());
    check(&facts)?;
    let mut report = Report::new("metrics", true);
    report.push("resident memory above the start, after the first build", format!("{:.1}", resident() - before), "MB");
    let bytes = facts.snapshot();
    drop(facts);
    let built = median_time(1, || drop(std::hint::black_box(Facts::build(ground.clone(), 1, rows(), Lang::Zh))));
    report.push("build from 10.2 million rows in key order", milliseconds(built), "ms");
    let start = median_time(3, || drop(std::hint::black_box(Facts::from_snapshot(ground.clone(), &bytes))));
    report.push("start: columns and kept sums from a snapshot", milliseconds(start), "ms");
    facts = Facts::from_snapshot(ground, &bytes)?;
    check(&facts)?;
    report.push("snapshot", format!("{:.1}", bytes.len() as f64 / 1e6), "MB");
    drop(bytes);
    report.push("columns and kept sums", format!("{:.1}", facts.bytes() as f64 / 1e6), "MB");

    let keys: Vec<String> = (1..=METRICS).map(|m| format!("m{m:02}")).collect();
    let month = Period::from_months(FIRST + MONTHS - 2, FIRST + MONTHS - 2).context("month")?;
    let ways = [GrowthWay::SameScope, GrowthWay::Listed];
    for (key, what) in [("m01", "cumulative"), ("m08", "flow"), ("m16", "stock")] {
        let one = median_time(201, || {
            let panel = facts.panel(key, month);
            let all: i128 = panel.iter().flat_map(|p| (0..p.places.len()).map(|place| numbers(p, place, &ways))).sum();
            std::hint::black_box(all);
        });
        report.push(format!("one {what} metric, one month: value, YTD, YoY; total + 6 + 60 + 4"), milliseconds(one), "ms");
    }
    let whole = median_time(51, || {
        std::hint::black_box(cockpit(&facts, &keys));
    });
    report.push("cockpit: 17 metrics × 12 filters × 12 months, value, YTD, YoY", milliseconds(whole), "ms");

    let mut seq = 1;
    let filing = median_time(51, || {
        seq += 1;
        let month = MONTHS - 2;
        let firm = 1 + seq * 37 % FIRMS;
        let form: Vec<FactRow> = (1..=METRICS).map(|m| row(m, month, firm, number(m, month, firm) + seq)).collect();
        facts = facts.changed(seq, &form, &[], Lang::Zh).0;
    });
    report.push("one filing of 17 items changed: a new version", milliseconds(filing), "ms");
    let both = median_time(51, || {
        seq += 1;
        let firm = 1 + seq * 37 % FIRMS;
        let form: Vec<FactRow> = (1..=METRICS).map(|m| row(m, MONTHS - 3, firm, number(m, MONTHS - 3, firm) + seq)).collect();
        facts = facts.changed(seq, &form, &[], Lang::Zh).0;
        std::hint::black_box(cockpit(&facts, &keys));
    });
    report.push("the same, and the whole cockpit right again", milliseconds(both), "ms");
    let query = Query::zone("m01", month).slice("chain", "c1");
    let one = median_time(201, || drop(std::hint::black_box(facts.answer(&query))));
    report.push("one answer of one slice", milliseconds(one), "ms");
    let hidden = median_time(3, || drop(std::hint::black_box(facts.secrets("m08", month))));
    report.push("secrecy of a year's 70 slices of one metric, audited", milliseconds(hidden), "ms");
    let lines = median_time(21, || drop(std::hint::black_box(facts.lineage(&query))));
    report.push("its lineage down to the facts", milliseconds(lines), "ms");
    Ok(report)
}
