//! The conformance suite: what a second implementation finds in each stream, this one finds too.

#![allow(clippy::unwrap_used, reason = "a test helper fails by panicking")]

use hj212::Book;
use hj212::line::lines;
use serde_json::Value;

#[test]
fn every_stream_of_the_suite_is_read_alike() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/hj212/frames.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    let book = Book::embedded();
    let (mut rows, mut wrong) = (0, Vec::new());
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let found: Vec<Value> = lines(row["frame"].as_str().unwrap().as_bytes(), &book, None)
            .map(|l| {
                let mut value = serde_json::to_value(&l).unwrap();
                let map = value.as_object_mut().unwrap();
                map.retain(|key, _| matches!(key.as_str(), "fields" | "items" | "verdicts"));
                value
            })
            .collect();
        if Value::Array(found.clone()) != row["expected"] {
            wrong.push(format!(
                "{} {}\n  frame    {:?}\n  found    {}\n  expected {}",
                row["id"],
                row["what"],
                row["frame"].as_str().unwrap(),
                Value::Array(found),
                row["expected"]
            ));
        }
        rows += 1;
    }
    assert!(rows > 550);
    assert!(wrong.is_empty(), "{} of {rows}:\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
}

#[test]
fn the_page_for_stations_explains_every_verdict() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/hj212.md")).unwrap();
    for verdict in hj212::Verdict::ALL {
        assert!(page.contains(&format!("| `{}` |", verdict.id())), "{}", verdict.id());
    }
}
