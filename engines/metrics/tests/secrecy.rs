//! Secret slices are hidden, and nobody gets them back by subtracting what is shown.

#![allow(clippy::unwrap_used, reason = "a test stops where it is wrong")]

mod sample;

use metrics::{Facts, Targets, View};
use proptest::prelude::*;
use sample::{Zone, date, definition, p};
use std::collections::{BTreeMap, BTreeSet};
use values::{Decimal, Lang, Reason};

fn zone() -> Zone {
    let more =
        "subjects = \"enterprise\"\nslices = [\"chain\", \"kind\"]\nsecret_below = 3\nsecret_above_share = 80\ngrowth = [\"listed\"]\n";
    let area = "quantity = \"area\"\nunit = \"亩\"\nsubjects = \"enterprise\"\n";
    let ratio = "quantity = \"compound\"\nunit = \"万元/亩\"\nformula = \"tax / land\"\nsubjects = \"enterprise\"\nslices = [\"chain\"]\n";
    Zone::new(&(definition("tax", "flow", more) + &definition("land", "stock", area) + &definition("per_mu", "ratio", ratio)))
}

fn view<'a>(facts: &'a Facts, targets: &'a Targets, sees_filers: bool) -> View<'a> {
    View { facts, targets, today: date("2026-01-20"), lang: Lang::Zh, sees_filers }
}

/// Hidden slices of a metric, as `dimension=value`.
fn hidden(facts: &Facts, metric: &str, period: &str) -> Vec<String> {
    facts.secrets(metric, p(period)).iter().map(|(d, v)| format!("{d}={v}")).collect()
}

#[test]
fn few_units_or_a_giant_hide_a_slice_and_one_neighbour() {
    // a: four firms; b: two; c: five, the smallest sum that helps; d: one giant among four.
    let mut zone = zone().enterprises("A B C D E F G H I J K L M N O");
    for (i, name) in "A B C D E F G H I J K L M N O".split(' ').enumerate() {
        let (chain, value) = match i {
            0..4 => ("a", 100),
            4..6 => ("b", 50),
            6..11 => ("c", 10),
            11 => ("d", 900),
            _ => ("d", 20),
        };
        zone = zone.stay(&format!("{name} chain {chain} 2020-01-01")).fact(&format!("{name} tax 2025-03 {value}"));
    }
    let facts = zone.build();
    // b and d hide each other: only their sum follows. c is shown.
    assert_eq!(hidden(&facts, "tax", "2025-03"), ["chain=b", "chain=d"]);
    let targets = Targets::default();
    let shown = view(&facts, &targets, false).figure(&zone.query("tax 2025-03 chain=b")).unwrap();
    assert_eq!((shown.reason, shown.value, shown.display.as_str()), (Some(Reason::Secret), None, "保密"));
    let seen = view(&facts, &targets, true).figure(&zone.query("tax 2025-03 chain=b")).unwrap();
    assert_eq!(seen.display, "100.00");
    let total = view(&facts, &targets, false).figure(&zone.query("tax 2025-03")).unwrap();
    assert_eq!(total.display, "1510.00");
}

#[test]
fn a_lonely_secret_takes_its_smallest_neighbour_along() {
    let mut zone = zone().enterprises("A B C D E F G H");
    for (name, chain, value) in
        [("A", "a", 9), ("B", "b", 20), ("C", "b", 20), ("D", "b", 20), ("E", "c", 30), ("F", "c", 30), ("G", "c", 30), ("H", "c", 30)]
    {
        zone = zone.stay(&format!("{name} chain {chain} 2020-01-01")).fact(&format!("{name} tax 2025-03 {value}"));
    }
    assert_eq!(hidden(&zone.build(), "tax", "2025-03"), ["chain=a", "chain=b"]);
}

#[test]
fn what_one_month_hides_no_other_month_of_the_year_shows() {
    let mut zone = zone().enterprises("A B C D E F G H");
    for (i, name) in "A B C D E F G H".split(' ').enumerate() {
        zone = zone.stay(&format!("{name} chain {} 2020-01-01", if i < 3 { "a" } else { "b" }));
        zone = zone.fact(&format!("{name} tax 2025-01 10"));
        // C is late in February: a stands on two firms then.
        if name != "C" {
            zone = zone.fact(&format!("{name} tax 2025-02 10"));
        }
    }
    let facts = zone.build();
    for period in ["2025-01", "2025-02", "2025-01..02"] {
        assert_eq!(hidden(&facts, "tax", period), ["chain=a", "chain=b"], "{period}");
    }
    assert!(hidden(&facts, "tax", "2026-01").is_empty());
}

#[test]
fn growth_does_not_give_last_years_secret_away_and_ratios_hide_with_their_parts() {
    let mut zone = zone().enterprises("A B C D E F");
    for (i, name) in "A B C D E F".split(' ').enumerate() {
        zone = zone.stay(&format!("{name} chain {} 2020-01-01", if i < 3 { "a" } else { "b" })).fact(&format!("{name} tax 2025-03 10"));
        zone = zone.fact(&format!("{name} land 2025-03 1"));
        if name != "C" {
            zone = zone.fact(&format!("{name} tax 2024-03 5"));
        }
    }
    let facts = zone.build();
    let targets = Targets::default();
    let figure = |asked: &str, sees| view(&facts, &targets, sees).figure(&zone.query(asked)).unwrap();
    assert_eq!(figure("tax 2025-03 chain=a", false).value, Some(Decimal::from(30)));
    assert!(figure("tax 2025-03 chain=a", false).growth.is_none());
    assert!(figure("tax 2025-03 chain=a", true).growth.is_some());
    assert_eq!(figure("per_mu 2024-03 chain=a", false).reason, Some(Reason::Secret));
    let slices = view(&facts, &targets, false).slices(&zone.query("tax 2024-03"), "chain");
    assert!(slices.iter().all(|(_, f)| f.reason == Some(Reason::Secret)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    /// The attacker knows all shown sums and who stands where, and tries every difference and every sum of two.
    #[test]
    fn nobody_gets_a_secret_back_by_subtracting(seed in prop::collection::vec((0u8..4, 0u8..3), 4..24)) {
        let names: Vec<String> = (0..seed.len()).map(|i| format!("F{i}")).collect();
        let mut zone = zone().enterprises(&names.join(" "));
        for (i, (chain, kind)) in seed.iter().enumerate() {
            zone = zone.stay(&format!("F{i} chain c{chain} 2020-01-01")).stay(&format!("F{i} kind k{kind} 2020-01-01"));
            zone = zone.fact(&format!("F{i} tax 2025-03 {}", 100 + i * 7));
        }
        let facts = zone.build();
        let secrets = facts.secrets("tax", p("2025-03"));
        let mut sets: BTreeMap<(&str, String), BTreeSet<usize>> = BTreeMap::new();
        for (i, (chain, kind)) in seed.iter().enumerate() {
            sets.entry(("chain", format!("c{chain}"))).or_default().insert(i);
            sets.entry(("kind", format!("k{kind}"))).or_default().insert(i);
        }
        let all: BTreeSet<usize> = (0..seed.len()).collect();
        let mut shown: Vec<BTreeSet<usize>> = vec![all];
        for ((dimension, value), set) in &sets {
            if !secrets.hides(dimension, value) {
                prop_assert!(set.len() >= 3, "{} {}", dimension, value);
                shown.push(set.clone());
            }
        }
        // Unions of disjoint shown sets, and differences of nested ones, twice over.
        for _ in 0..2 {
            let mut more: BTreeSet<BTreeSet<usize>> = shown.iter().cloned().collect();
            for a in &shown {
                for b in &shown {
                    if a.is_disjoint(b) && more.len() < 400 {
                        more.insert(a | b);
                    }
                    if b.is_subset(a) && a != b {
                        let rest: BTreeSet<usize> = a - b;
                        prop_assert!(rest.len() >= 3, "{:?} less {:?}", a, b);
                        more.insert(rest);
                    }
                }
            }
            shown = more.into_iter().collect();
        }
    }
}
