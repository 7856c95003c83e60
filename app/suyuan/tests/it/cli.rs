//! The command line as a script sees it: exit codes, JSON shapes, a process killed in mid-import.

use crate::world::folder;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn suyuan(data: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_suyuan")).arg("--data").arg(data).args(args).output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// Shape of a value: objects with their keys, numbers and texts by kind.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(map.iter().map(|(k, v)| (k.clone(), shape(v))).collect()),
        Value::Array(list) => Value::Array(list.first().map(shape).into_iter().collect()),
        Value::String(_) => "text".into(),
        Value::Number(_) => "number".into(),
        Value::Bool(_) => "bool".into(),
        Value::Null => Value::Null,
    }
}

#[test]
fn the_sample_answers_verifies_and_refreshes() {
    let data = folder();
    assert!(suyuan(&data, &["demo"]).status.success());
    let again = suyuan(&data, &["demo"]);
    assert_eq!(again.status.code(), Some(3), "a second run changes nothing");

    let output = suyuan(&data, &["--json", "metric", "gross_industrial_output", "--period", "2025", "--source", "enterprise", "--lineage"]);
    let figure = json(&output);
    assert_eq!(figure["filed"], serde_json::json!([57, 64]));
    assert_eq!(figure["cells"].as_array().unwrap().len(), 57);
    insta::assert_json_snapshot!("metric_shape", shape(&figure));
    let sum: f64 = figure["cells"].as_array().unwrap().iter().map(|c| c["value"].as_str().unwrap().parse::<f64>().unwrap()).sum();
    let value: f64 = figure["value"].as_str().unwrap().parse().unwrap();
    assert!((sum - value).abs() < 0.01, "the cells add up: {sum} {value}");

    for (metric, printed) in [("gdp", "3686.00 亿元"), ("public_budget_revenue", "411.10 亿元"), ("high_tech_enterprise", "2800 家")] {
        let output = suyuan(&data, &["--json", "--zone", "public", "metric", metric, "--period", "2023", "--subject", "peer:苏州工业园区"]);
        assert_eq!(json(&output)["display"], printed);
    }
    let unknown = suyuan(&data, &["metric", "nothing", "--period", "2025"]);
    assert_eq!(unknown.status.code(), Some(3));
    assert_eq!(suyuan(&data, &["metric"]).status.code(), Some(2), "wrong usage");

    let report = data.join("r.docx");
    let built =
        suyuan(&data, &["--json", "--zone", "demo", "report", "build", "annual", "--year", "2025", "--out", report.to_str().unwrap()]);
    assert!(built.status.success());
    insta::assert_json_snapshot!("build_shape", shape(&json(&built)));
    let verified = suyuan(&data, &["--json", "report", "verify", report.to_str().unwrap()]);
    assert_eq!((verified.status.code(), json(&verified)["verdict"].as_str()), (Some(0), Some("true")));
    insta::assert_json_snapshot!("verify_shape", shape(&json(&verified)));

    // A figure that moves after the report makes it restated, and refresh puts the new one in.
    let sheet = data.join("改.csv");
    std::fs::write(&sheet, "指标,报告期,数值,计量单位,同比增长（%）,数据来源\n进出口总额,2025年1-12月,126.00,亿元,-1.9,海关\n").unwrap();
    assert!(suyuan(&data, &["--zone", "demo", "import", sheet.to_str().unwrap(), "--figures"]).status.success());
    let restated = suyuan(&data, &["--json", "report", "verify", report.to_str().unwrap()]);
    assert_eq!((restated.status.code(), json(&restated)["verdict"].as_str()), (Some(1), Some("restated")));
    let fresh = data.join("g.docx");
    let refreshed = suyuan(&data, &["--json", "report", "refresh", report.to_str().unwrap(), "--out", fresh.to_str().unwrap()]);
    assert!(json(&refreshed)["changed"].as_array().unwrap().iter().any(|c| c["now"] == "126.0"), "{refreshed:?}");
    assert_eq!(suyuan(&data, &["report", "verify", fresh.to_str().unwrap()]).status.code(), Some(0));

    let nine = data.join("jc.docx");
    let args =
        ["--json", "--zone", "public", "report", "build", "annual", "--subject", "peer:金昌经济技术开发区", "--year", "2023", "--out"];
    let built = suyuan(&data, &[&args[..], &[nine.to_str().unwrap()]].concat());
    assert!(built.status.success() && !json(&built)["left_out"].as_array().unwrap().is_empty());

    let audit = json(&suyuan(&data, &["--json", "--zone", "demo", "audit", "verify"]));
    assert_eq!(audit["broken"], Value::Null);
    assert_eq!(suyuan(&data, &["doctor"]).status.code(), Some(0));
    std::fs::remove_dir_all(&data).unwrap();
}

#[test]
fn a_process_killed_in_mid_import_leaves_whole_batches_only() {
    let data = folder();
    let mut child = Command::new(env!("CARGO_BIN_EXE_suyuan")).arg("--data").arg(&data).arg("demo").stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    // The line is printed after its commit; the next import is under way when the kill arrives.
    let told = lines.by_ref().take(8).map(Result::unwrap).collect::<Vec<_>>();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(told.len(), 8);
    let audit = json(&suyuan(&data, &["--json", "--zone", "demo", "audit", "verify"]));
    assert_eq!(audit["broken"], Value::Null);
    assert!(audit["commits"].as_i64().unwrap() >= 8, "what was told is there: {audit}");
    assert_eq!(suyuan(&data, &["doctor"]).status.code(), Some(0));
    std::fs::remove_dir_all(&data).unwrap();
}
