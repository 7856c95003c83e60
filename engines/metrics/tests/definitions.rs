//! The definitions that come with the program are whole and right.

#![allow(clippy::unwrap_used, reason = "a test stops where it is wrong")]

use metrics::{Metrics, Time};
use std::path::Path;
use values::Lang;

fn shipped() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../definitions/metrics");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    files.iter().map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(p).unwrap())).collect()
}

fn load(files: &[(String, String)]) -> (Metrics, Vec<String>) {
    let (metrics, found) = Metrics::load(files.iter().map(|(n, t)| (n.as_str(), t.as_str())), Lang::Zh);
    (metrics, found.iter().map(|f| format!("{} {} {} {}", f.rule, f.place, f.field, f.expected)).collect())
}

#[test]
fn shipped_definitions_pass_every_check() {
    let (metrics, found) = load(&shipped());
    assert_eq!(found, Vec::<String>::new());
    for key in [
        "registered_entities",
        "four_above",
        "above_scale_industry",
        "high_tech_enterprise",
        "srdi",
        "little_giant",
        "foreign_invested_enterprise",
        "rd_institution_provincial",
        "incubator_national",
        "gdp",
        "industrial_value_added",
        "gross_industrial_output",
        "foreign_trade",
        "public_budget_revenue",
        "fixed_asset_investment",
        "upper_level_funds",
        "funds_in_place",
        "utilized_fdi",
        "fdi_reinvestment",
        "chain_output",
        "network_freight",
        "tax_per_mu",
        "rd_intensity",
        "energy_intensity",
        "four_above.added",
        "little_giant.added",
        "tax_paid",
        "land_area",
        "rd_spending",
        "employees",
        "operating_revenue",
        "energy_consumption",
        "electricity",
    ] {
        assert!(metrics.has(key), "{key}");
    }
    assert_eq!(metrics.versions("four_above.added")[0].is.time, Time::Flow);
    assert_eq!(metrics.find("新增“四上”企业"), Some("four_above.added"));
    assert_eq!(metrics.used_by("land_area").into_iter().collect::<Vec<_>>(), ["revenue_per_mu", "tax_per_mu"]);
    assert_eq!(metrics::texts().untranslated().count(), 0);
}

/// A small right definition, to be spoilt.
const RIGHT: &str = r#"
[a]
label = { zh = "甲", en = "A" }
definition = { zh = "甲" }
quantity = "money"
unit = "万元"
time = "flow"
from = "facts"
owner = "economy"
source = "x"
confidence = "B"
valid_from = "2020-01"
[b]
label = { zh = "乙", en = "B" }
definition = { zh = "乙" }
quantity = "area"
unit = "亩"
time = "stock"
from = "facts"
owner = "economy"
source = "x"
confidence = "B"
valid_from = "2020-01"
[r]
label = { zh = "比", en = "R" }
definition = { zh = "比" }
quantity = "compound"
unit = "万元/亩"
time = "ratio"
formula = "a / b"
owner = "economy"
source = "x"
confidence = "B"
valid_from = "2020-01"
"#;

#[test]
fn each_mistake_is_named() {
    let check = |from: &str, to: &str, rule: &str| {
        let spoilt = RIGHT.replacen(from, to, 1);
        assert_ne!(spoilt, RIGHT, "{from}");
        let (_, found) = load(&[("x.toml".into(), spoilt)]);
        assert!(found.iter().any(|f| f.starts_with(rule)), "{to}: {found:?}");
    };
    assert_eq!(load(&[("x.toml".into(), RIGHT.into())]).1, Vec::<String>::new());
    check("time = \"flow\"", "time = \"flow\"\nbogus = 1", "metric.not_read");
    check("time = \"flow\"", "time = \"sometimes\"", "metric.not_read");
    check("valid_from = \"2020-01\"", "valid_from = \"then\"", "metric.bad_month");
    check("unit = \"万元\"", "unit = \"亩\"", "metric.unit");
    check("unit = \"万元\"", "unit = \"斗\"", "metric.unit");
    check("unit = \"亩\"", "unit = \"公顷 \"", "metric.unit_name");
    check("unit = \"万元\"", "unit = \"万元\"\ndisplay = \"万美元\"", "metric.display");
    check("owner = \"economy\"", "owner = \"\"", "metric.empty");
    check("source = \"x\"", "source = \" \"", "metric.empty");
    check("zh = \"甲\", en = \"A\"", "zh = \"甲\"", "metric.empty");
    check("formula = \"a / b\"", "formula = \"a\"", "metric.ratio");
    check("formula = \"a / b\"", "formula = \"a / c\"", "expr.unknown_name");
    check("formula = \"a / b\"", "formula = \"b / a\"", "expr.unit");
    check("formula = \"a / b\"", "formula = \"a / b + r - r\"", "metric.cycle");
    check("time = \"stock\"", "time = \"ratio\"\nslices = [\"kind\"]", "metric.ratio");
    check("from = \"facts\"", "from = \"hearsay\"", "metric.from");
    check("from = \"facts\"", "from = \"facts\"\nformula = \"b\"", "metric.from");
    check("from = \"facts\"", "ledger = \"lead\"\naggregate = \"average\"", "metric.aggregate");
    check("from = \"facts\"", "from = \"facts\"\nsubjects = \"people\"", "metric.unknown_subjects");
    check("from = \"facts\"", "from = \"facts\"\nslices = [\"colour\"]", "metric.unknown_slice");
    check("from = \"facts\"", "from = \"facts\"\nsources = [\"rumour\"]", "metric.unknown_source");
    check("from = \"facts\"", "from = \"facts\"\nwhere = \"colour = red\"", "expr.unknown_name");
}

#[test]
fn one_key_twice_on_one_day_is_an_error_and_following_versions_are_not() {
    let twice = [("x.toml".to_owned(), RIGHT.to_owned()), ("y.toml".to_owned(), RIGHT.replace("[r]", "[s]"))];
    let (_, found) = load(&twice);
    assert_eq!(found.iter().filter(|f| f.starts_with("metric.overlap y.toml")).count(), 2, "{found:?}");

    let ended = RIGHT.replacen("valid_from = \"2020-01\"", "valid_from = \"2020-01\"\nvalid_to = \"2023-12\"", 1);
    let next = RIGHT[..RIGHT.find("[b]").unwrap()].replace("2020-01", "2024-01").replace("万元", "亿元");
    let (metrics, found) = load(&[("x.toml".into(), ended), ("y.toml".into(), next)]);
    assert_eq!(found, Vec::<String>::new());
    let (before, after) = (metrics.at("a", 2023 * 12 + 11).unwrap(), metrics.at("a", 2024 * 12).unwrap());
    assert_eq!((before.is.unit.as_str(), after.is.unit.as_str()), ("万元", "亿元"));
    assert_ne!(before.hash, after.hash);
}

#[test]
fn a_change_names_everything_that_it_moves() {
    let (before, _) = load(&[("x.toml".into(), RIGHT.into())]);
    let (after, _) = load(&[("x.toml".into(), RIGHT.replace("zh = \"乙\" }", "zh = \"乙，改\" }"))]);
    let moved: Vec<String> = after.changed(&before, 2024 * 12).into_iter().collect();
    assert_eq!(moved, ["b", "r"]);
    assert!(after.changed(&after, 2024 * 12).is_empty());
}
