//! The golden cases of `golden.md`, one by one.

#![allow(clippy::unwrap_used, reason = "a test stops where it is wrong")]

mod sample;

use sample::{Zone, definition, said};

/// Chinese names of the table → metric keys.
const KEYS: [(&str, &str); 8] = [
    ("税金", "tax"),
    ("零售额", "retail"),
    ("营业收入", "revenue"),
    ("工业产值", "output"),
    ("从业人员", "people"),
    ("亩均税收", "per_mu"),
    ("地区生产总值", "gdp"),
    ("本地供给率", "supply"),
];

fn zone() -> Zone {
    let firm = "subjects = \"enterprise\"\ngrowth = [\"listed\"]\n";
    let merged = format!("{firm}january = \"merged\"\n");
    let people = format!("{firm}quantity = \"count\"\nunit = \"人\"\n");
    let land = "quantity = \"area\"\nunit = \"亩\"\nsubjects = \"enterprise\"\n";
    let ratio = format!("{firm}quantity = \"compound\"\nunit = \"万元/亩\"\nformula = \"tax / land\"\n");
    let text = [
        definition("tax", "flow", firm),
        definition("retail", "flow", &merged),
        definition("revenue", "cumulative", firm),
        definition("output", "cumulative", &merged),
        definition("people", "stock", &people),
        definition("land", "stock", land),
        definition("per_mu", "ratio", &ratio),
        definition("gdp", "cumulative", "growth = [\"given\"]\ncycle = \"quarterly\"\n"),
        definition("supply", "ratio", "growth = [\"given\", \"listed\"]\nquantity = \"percent\"\nunit = \"%\"\n"),
    ];
    fill(Zone::new(&text.concat()).enterprises("甲 乙"))
}

/// The numbers as the table's head describes them.
fn fill(mut zone: Zone) -> Zone {
    let mut put = |line: String| {
        let row = zone.row(&line);
        zone.rows.push(row);
    };
    for year in [2024, 2025] {
        let now = year == 2025;
        for m in 1..=12 {
            let flow = [if now { 10 * m } else { 5 * m }, if now { 7 } else { 8 }];
            let sum = [if now { 5 * m * (m + 1) } else { 5 * m * (m + 1) / 2 }, if now { 7 * m } else { 8 * m }];
            // 5·m·(m+1)/2 is a half for m = 1, 2, 5, 6 …
            let first = if now { sum[0].to_string() } else { format!("{}", f64::from(5 * m * (m + 1)) / 2.0) };
            let second = if now && m == 6 { "30".to_owned() } else { sum[1].to_string() };
            put(format!("甲 tax {year}-{m:02} {}", flow[0]));
            if !(now && m == 5) {
                put(format!("乙 tax {year}-{m:02} {}", flow[1]));
            }
            if m > 2 {
                put(format!("甲 retail {year}-{m:02} {}", flow[0]));
                if !(now && m == 11) {
                    put(format!("乙 retail {year}-{m:02} {}", flow[1]));
                }
            }
            for (metric, from) in [("revenue", 1), ("output", 2)] {
                if m >= from {
                    put(format!("甲 {metric} {year}-01..{m:02} {first}"));
                    if !(now && m == 9) {
                        put(format!("乙 {metric} {year}-01..{m:02} {second}"));
                    }
                }
            }
            put(format!("甲 people {year}-{m:02} {}", if now { 100 + m } else { 80 + m }));
            if m % 3 == 0 {
                put(format!("乙 people {year}-{m:02} {}", if now { 50 } else { 40 }));
            }
        }
        put(format!("甲 retail {year}-01..02 {}", if now { 30 } else { 15 }));
        put(format!("乙 retail {year}-01..02 {}", if now { 14 } else { 16 }));
        put(format!("甲 land {year}-12 {}", if now { 40 } else { 30 }));
        put(format!("乙 land {year}-12 20"));
    }
    let gdp = "2024Q1 200 5.0|2024H1 420 5.5|2024-01..09 650 5.6|2024 900 5.8|2025Q1 215 6.2|2025H1 450 6.4";
    for line in gdp.split('|') {
        let w: Vec<&str> = line.split(' ').collect();
        put(format!("zone gdp {} {} statistics", w[0], w[1]));
        put(format!("zone gdp {} {} statistics growth", w[0], w[2]));
    }
    for line in ["2024 70", "2025H1 73", "2025 76.5"] {
        put(format!("zone supply {line} office"));
    }
    zone
}

#[test]
fn every_golden_case_holds() {
    let zone = zone();
    let facts = zone.build();
    let mut cases = 0;
    let mut wrong = Vec::new();
    for line in include_str!("golden.md").lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [number, metric, period, who, expected, _] = cells[..] else { continue };
        let Ok(number) = number.parse::<u32>() else { continue };
        let key = KEYS.iter().find(|(zh, _)| *zh == metric).unwrap().1;
        let subject = if who == "园区" { "" } else { who };
        let got = said(&facts, &zone.query(&format!("{key} {period} {subject}")));
        if got != expected {
            wrong.push(format!("{number} {metric} {period} {who}: {got} instead of {expected}"));
        }
        cases += 1;
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(cases >= 120, "{cases}");
}
