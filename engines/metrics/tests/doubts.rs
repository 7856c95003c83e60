//! The doubt list finds planted mistakes among 2,000 seeded firms.

#![allow(clippy::unwrap_used, reason = "a test stops where it is wrong")]

mod sample;

use metrics::doubt::{CrossCheck, SeriesOf, rank};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

#[derive(Deserialize)]
struct File {
    check: Vec<CrossCheck>,
}

fn check() -> CrossCheck {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../definitions/checks/doubts.toml");
    let file: File = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    file.check[0].clone()
}

struct Draw(u64);

impl Draw {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
    /// Nearly normal: twelve draws.
    fn normal(&mut self, scatter: f64) -> f64 {
        ((0..12).map(|_| self.unit()).sum::<f64>() - 6.0) * scatter
    }
}

/// 36 months of a firm: a level, a season, a trend, and three companions with their own noise; tax is the noisiest.
fn firm(subject: i64, draw: &mut Draw) -> SeriesOf {
    let level = (draw.unit() * 6.0).exp() * 100.0;
    let trend = draw.normal(0.008);
    let season: Vec<f64> = (0..12).map(|_| draw.normal(0.12)).collect();
    let shares = [draw.unit() * 2.0 + 0.5, draw.unit() * 0.05 + 0.01, draw.unit() * 0.1 + 0.03];
    let noise = [0.05 + draw.unit() * 0.05, 0.08 + draw.unit() * 0.08, 0.03 + draw.unit() * 0.03];
    let mut series = SeriesOf { subject, value: Vec::new(), companions: vec![Vec::new(); 3] };
    for month in 0..36 {
        let real = level * (trend * f64::from(month) + season[month as usize % 12]).exp();
        series.value.push((draw.unit() > 0.02).then_some(real * draw.normal(0.02).exp()));
        for (k, companion) in series.companions.iter_mut().enumerate() {
            let value = real * shares[k] * draw.normal(noise[k]).exp();
            companion.push((draw.unit() > 0.03).then_some(value));
        }
    }
    series
}

/// One planted mistake: (metric, month).
fn plant(series: &mut SeriesOf, draw: &mut Draw) -> (usize, usize) {
    let month = 12 + (draw.unit() * 24.0) as usize;
    let which = (draw.unit() * 5.0) as usize;
    // A unit mistaken, a digit too many, output blown up or held back.
    let factor = match which {
        0 => 10.0,
        1 => 0.1,
        2 => 1.9 + draw.unit(),
        3 => 0.45 - draw.unit() * 0.15,
        _ => 10_000.0,
    };
    let metric = if draw.unit() < 0.7 { 0 } else { 1 + (draw.unit() * 3.0) as usize };
    // Tax moves by itself: only gross mistakes in it can be told.
    let factor = if metric == 2 && (0.2..4.0).contains(&factor) { 10.0 } else { factor };
    let of = if metric == 0 { &mut series.value } else { &mut series.companions[metric - 1] };
    of[month] = Some(of[month].or(of[month - 1]).or(of[month - 2]).unwrap_or(100.0) * factor);
    (metric, month)
}

#[test]
fn planted_mistakes_are_found_and_little_else() {
    let check = check();
    let mut draw = Draw(20_251_123);
    let mut planted = BTreeSet::new();
    let all: Vec<SeriesOf> = (0..2_000)
        .map(|n| {
            let mut series = firm(n, &mut draw);
            if n % 10 == 3 {
                let (metric, month) = plant(&mut series, &mut draw);
                let name = if metric == 0 { check.of.clone() } else { check.against[metric - 1].clone() };
                planted.insert((n, name, month));
            }
            series
        })
        .collect();
    let found: BTreeSet<_> = rank(&check, &all).into_iter().map(|d| (d.subject, d.metric, d.month)).collect();
    let hits = planted.intersection(&found).count();
    let (recall, precision) = (hits as f64 / planted.len() as f64, hits as f64 / found.len() as f64);
    eprintln!("recall {recall:.3}, precision {precision:.3}");
    assert!(recall >= 0.9 && precision >= 0.7, "recall {recall:.3}, precision {precision:.3}, {} found", found.len());
}

#[test]
fn odd_series_give_no_doubt_and_no_panic() {
    let check = check();
    for value in [vec![], vec![None; 36], vec![Some(0.0); 36], vec![Some(-5.0); 36], vec![Some(f64::NAN); 36], vec![Some(5.0); 3]] {
        let series = SeriesOf { subject: 1, companions: vec![value.clone(), vec![Some(1.0); 36], vec![]], value };
        assert_eq!(rank(&check, &[series]), []);
    }
}

#[test]
fn facts_are_checked_by_month_out_of_cumulations() {
    use sample::{Zone, definition};
    let more = "subjects = \"enterprise\"\n";
    let text = definition("out", "cumulative", &format!("{more}january = \"merged\"\n"))
        + &definition("power", "flow", more)
        + &definition("tax", "flow", more);
    let mut zone = Zone::new(&text).enterprises("甲 乙");
    let mut sum = [0, 0];
    for month in 1..=12 {
        for (i, name) in ["甲", "乙"].iter().enumerate() {
            let real = 100 + month * 3 + i32::try_from(i).unwrap() * 40;
            sum[i] += if i == 1 && month == 9 { real * 4 } else { real };
            if month > 1 {
                zone = zone.fact(&format!("{name} out 2025-01..{month:02} {}", sum[i]));
            }
            zone =
                zone.fact(&format!("{name} power 2025-{month:02} {}", real * 2)).fact(&format!("{name} tax 2025-{month:02} {}", real / 9));
        }
    }
    let check = CrossCheck { of: "out".into(), against: vec!["power".into(), "tax".into()], months: 12, months_min: 8, ..check() };
    let doubts = zone.build().doubts(&check, sample::p("2025-12"));
    assert_eq!(doubts.len(), 1, "{doubts:?}");
    assert_eq!((doubts[0].subject, doubts[0].metric.as_str(), doubts[0].month), (2, "out", 8));
    assert!((doubts[0].evidence[0].ratio / doubts[0].evidence[0].usual - 4.0).abs() < 0.1);
}
