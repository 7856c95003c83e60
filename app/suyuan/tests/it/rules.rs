//! `suyuan rules` from outside: shapes, exit codes, what is said of bad input.

use crate::world::folder;
use serde_json::Value;
use std::process::Command;

const BOOK: &str = r#"
[book]
key = "t"
title = "示例"
source = "示例"
[facts]
growth = "产值增长额（万元）"
intensity = "亩均强度（万元/亩）"
first = "初次认定（是否）"
[[clause]]
id = "1"
clause = "第一条"
when = "growth > 1000 万元 and intensity >= 200 万元/亩"
amount = { rate = "0.5%", of = "growth - 1000 万元", cap = "20 万元" }
[[clause]]
id = "2"
clause = "第二条"
when = "first"
amount = "5 万元"
group = "g"
[[clause]]
id = "3"
clause = "第三条"
when = "first"
amount = "3 万元"
group = "g"
"#;

const FACTS: &str =
    "subject,period,key,value\n甲,,growth,0.3 亿元\n甲,,intensity,150\n甲,,first,是\n乙,,growth,9000\n乙,,intensity,220\n乙,,first,否\n";

struct Files(std::path::PathBuf);

impl Files {
    fn new() -> Self {
        let folder = folder();
        let files = Self(folder);
        files.put("t.toml", BOOK);
        files.put("f.csv", FACTS);
        files
    }
    fn put(&self, name: &str, text: &str) {
        std::fs::create_dir_all(&self.0).unwrap();
        std::fs::write(self.0.join(name), text).unwrap();
    }
    fn run(&self, args: &[&str]) -> (Option<i32>, Value, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_suyuan"));
        let output = command.current_dir(&self.0).arg("--json").arg("rules").args(args).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        (output.status.code(), serde_json::from_str(&text).unwrap_or(Value::Null), String::from_utf8(output.stderr).unwrap())
    }
}

#[test]
fn verdicts_gaps_and_what_follows_from_them() {
    let files = Files::new();
    let (code, check, _) = files.run(&["check", "t.toml"]);
    assert_eq!((code, check), (Some(0), serde_json::json!([])));
    let (code, verdict, _) = files.run(&["verdict", "t.toml", "--facts", "f.csv"]);
    assert_eq!(code, Some(0), "both are met by one clause at least");
    insta::assert_json_snapshot!("rules_verdict", verdict);
    let (_, gaps, _) = files.run(&["gaps", "t.toml", "--facts", "f.csv", "--subject", "甲", "--clause", "1"]);
    insta::assert_json_snapshot!("rules_gaps", gaps);
    let (code, next, _) = files.run(&["next", "t.toml", "--facts", "f.csv", "--subject", "甲", "--clause", "1"]);
    assert_eq!(code, Some(0));
    insta::assert_json_snapshot!("rules_next", next);
    let (code, cost, _) = files.run(&["cost", "t.toml", "--facts", "f.csv"]);
    assert_eq!(code, Some(0));
    insta::assert_json_snapshot!("rules_cost", cost);
    files.put("new.toml", &BOOK.replace("200 万元/亩", "250 万元/亩"));
    let (code, flips, _) = files.run(&["flips", "t.toml", "new.toml", "--facts", "f.csv"]);
    assert_eq!(code, Some(1));
    insta::assert_json_snapshot!("rules_flips", flips);
    let (code, none, _) = files.run(&["flips", "t.toml", "t.toml", "--facts", "f.csv"]);
    assert_eq!((code, none["subjects"].as_array().map(Vec::len)), (Some(0), Some(0)));
    let (_, set, _) = files.run(&["flips", "t.toml", "t.toml", "--facts", "f.csv", "--set", "intensity=100"]);
    assert_eq!(set["subjects"][0]["subject"], "乙");
}

#[test]
fn bad_input_says_where_and_what_to_do() {
    let files = Files::new();
    files.put("bad.toml", &BOOK.replace("when = \"first\"", "whn = \"first\"").replace("200 万元/亩", "200 亩"));
    let (code, found, _) = files.run(&["check", "bad.toml"]);
    assert_eq!(code, Some(1));
    let rules: Vec<&str> = found.as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["expr.unit_mismatch", "rules.unknown_key", "rules.unknown_key", "rules.unused_fact"]);
    assert!(found[0]["place"].as_str().unwrap().contains("bad.toml:13"), "{}", found[0]);
    files.put("bad.csv", "subject,period,key,value\n甲,,growth,很多\n甲,2025-13,first,是\n甲,,intensty,5\n");
    let (code, verdict, said) = files.run(&["verdict", "t.toml", "--facts", "bad.csv"]);
    assert_eq!((code, verdict[0]["verdict"].as_str()), (Some(1), Some("data_missing")));
    for rule in ["facts.bad_value", "facts.no_such_period", "facts.unknown_key"] {
        assert!(said.contains(rule), "{rule}: {said}");
    }
    let (code, ..) = files.run(&["verdict", "nothing", "--facts", "f.csv"]);
    assert_eq!(code, Some(3));
    let (code, ..) = files.run(&["verdict", "t.toml"]);
    assert_eq!(code, Some(2));
    files.put("cases.csv", "policy_id,clause_id,facts,expected_wan\nt,9,first=true,5.00\nt,2,first=true,5.00\n");
    let (code, verdict, said) = files.run(&["verdict", "t.toml", "--facts", "cases.csv"]);
    assert_eq!((code, verdict.as_array().map(Vec::len)), (Some(1), Some(1)));
    assert_eq!(verdict[0]["agrees"], true);
    assert!(said.contains("facts.no_such_clause"), "{said}");
}
