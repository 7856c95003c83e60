//! Published figures of real zones: where a row gives value and growth and its neighbour year is
//! there, the engine's growth as listed is held against the given one. Published figures do
//! disagree; `published.md` keeps each disagreement with its explanation.

#![allow(clippy::unwrap_used, reason = "a test stops where it is wrong")]

mod sample;

use metrics::{Facts, Query, Subject, SubjectKind};
use sample::{Zone, d, definition};
use std::collections::BTreeMap;
use values::fact::{SOURCES, code};
use values::{Decimal, Period};

struct Row {
    zone: String,
    indicator: String,
    period: Period,
    value: Option<Decimal>,
    unit: String,
    growth: Option<Decimal>,
}

fn rows(text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let each = reader.records().map(Result::unwrap).filter_map(|r| {
        let number = |i: usize| (!r[i].is_empty()).then(|| d(&r[i]));
        // Twelve rows say `unknown-…`: their year is not known, so they have no neighbour.
        let period = Period::parse(&r[2]).ok()?;
        Some(Row { zone: r[0].into(), indicator: r[1].into(), period, value: number(3), unit: r[4].into(), growth: number(5) })
    });
    each.collect()
}

/// A metric for each (indicator, unit): its own key, so that nothing is mixed.
fn world(rows: &[Row]) -> (Zone, BTreeMap<(String, String), String>) {
    let mut keys: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut text = String::new();
    for row in rows.iter().filter(|r| values::unit::find(&r.unit).is_some()) {
        let next = format!("m{}", keys.len());
        keys.entry((row.indicator.clone(), row.unit.clone())).or_insert_with(|| {
            let unit = values::unit::find(&row.unit).unwrap();
            let quantity = format!("{:?}", unit.quantity).to_lowercase();
            if quantity.contains("turnover") || quantity.contains("coal") {
                return String::new();
            }
            let digits = if matches!(unit.quantity, values::Quantity::Money | values::Quantity::Usd) { "" } else { "digits = 6\n" };
            let more = format!(
                "quantity = \"{quantity}\"\nunit = \"{}\"\n{digits}growth = [\"given\", \"listed\"]\nsubjects = \"peer\"\n",
                unit.name
            );
            text += &definition(&next, "cumulative", &more);
            next
        });
    }
    keys.retain(|_, key| !key.is_empty());
    (Zone::new(&text), keys)
}

fn load(zone: &mut Zone, keys: &BTreeMap<(String, String), String>, rows: &[Row]) -> BTreeMap<String, i64> {
    let mut numbers: BTreeMap<String, i64> = BTreeMap::new();
    for row in rows {
        let next = i64::try_from(numbers.len()).unwrap() + 1;
        let number = *numbers.entry(row.zone.clone()).or_insert(next);
        if number == next {
            zone.subjects.push(Subject { number, kind: SubjectKind::Peer, reference: row.zone.clone(), name: row.zone.clone() });
        }
        let Some(key) = keys.get(&(row.indicator.clone(), row.unit.clone())) else { continue };
        let metric = zone.metrics.at(key, row.period.last()).unwrap().clone();
        let mut put = |measure: i64, value: i64| {
            zone.rows.push(metrics::FactRow {
                metric: zone.numbers[key],
                source: code(SOURCES, "published").unwrap(),
                measure,
                period: row.period.code(),
                subject: number,
                value: Some(value),
                ..metrics::FactRow::default()
            });
        };
        if let Some(value) = row.value {
            put(0, metric.read(value, &row.unit).unwrap());
        }
        if let Some(growth) = row.growth {
            put(2, i64::try_from((growth * d("10000")).trunc().mantissa() / 10i128.pow((growth * d("10000")).trunc().scale())).unwrap());
        }
    }
    // A figure published twice for one period: the later row stands, as the store would have it.
    let mut last = BTreeMap::new();
    for row in std::mem::take(&mut zone.rows) {
        last.insert(row.key(), row);
    }
    zone.rows = last.into_values().collect();
    numbers
}

/// `zone | indicator | period | given | listed` of every row whose growths differ by more than half a point.
fn disagreements(
    facts: &Facts,
    keys: &BTreeMap<(String, String), String>,
    numbers: &BTreeMap<String, i64>,
    rows: &[Row],
) -> (Vec<String>, usize) {
    let (mut found, mut compared) = (Vec::new(), 0);
    for row in rows.iter().filter(|r| r.value.is_some() && r.growth.is_some()) {
        let Some(key) = keys.get(&(row.indicator.clone(), row.unit.clone())) else { continue };
        let growths = facts.growths(&Query::zone(key, row.period).of(numbers[&row.zone]));
        assert!(growths.given.is_some(), "{} {} {}", row.zone, row.indicator, row.period);
        let (Some(given), Some(listed)) = (growths.given, growths.listed) else { continue };
        compared += 1;
        if (given - listed).abs() > d("0.5") {
            let one = |v: Decimal| metrics::figure::printed(v, 1);
            found.push(format!("| {} | {} | {} | {} | {} |", row.zone, row.indicator, row.period, one(given), one(listed)));
        }
    }
    found.sort();
    found.dedup();
    (found, compared)
}

#[test]
fn given_and_listed_growth_of_published_figures() {
    let Some(text) = testing::shared_text("data/zone_indicators.csv") else { return };
    let rows = rows(&text);
    let (mut zone, keys) = world(&rows);
    let numbers = load(&mut zone, &keys, &rows);
    let facts = zone.build();
    let (found, compared) = disagreements(&facts, &keys, &numbers, &rows);
    let explained: Vec<String> = include_str!("published.md")
        .lines()
        .filter(|l| l.starts_with("| ") && !l.starts_with("| 园区"))
        .map(|l| l.rsplitn(3, '|').nth(2).unwrap().trim_end().to_owned() + " |")
        .collect();
    assert_eq!(found, explained);
    assert_eq!(compared, 3, "a new pair to look at");
}
