//! Every row of the sample file gives its verdict and its fields.

#![allow(clippy::unwrap_used, reason = "a test helper fails by panicking")]

use hj212::Book;
use hj212::line::{Line, lines};
use serde_json::Value;

fn unescape(frame: &str) -> Vec<u8> {
    frame.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0").into_bytes()
}

/// Header fields and items of a line, the way the sample file names them.
fn value<'a>(line: &'a Line, key: &str) -> Option<&'a str> {
    let field = line.fields.0.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    field.or_else(|| line.items.iter().rev().find(|item| item.key == key).map(|item| item.value.as_str()))
}

#[test]
fn every_row_gives_its_verdict_and_fields() {
    let Some(text) = testing::shared_text("reference/environment/hj212_samples.csv") else { return };
    let book = Book::embedded();
    let mut rows = 0;
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        let row = row.unwrap();
        let (id, verdict, expected) = (&row[0], &row[2], &row[5]);
        let bytes = unescape(&row[1]);
        let found: Vec<Line> = lines(&bytes, &book, None).collect();
        let first = &found[0];
        let wanted: Vec<&str> = if verdict.starts_with("ok") { vec![] } else { vec![verdict] };
        assert_eq!(first.verdicts, wanted, "{id}");
        match verdict {
            "ok_then_more" => assert!(found.len() == 2 && found[1].items == first.items && found[1].verdicts.is_empty(), "{id}"),
            // The noise is a line of its own; the frame behind it is not lost.
            "malformed" => assert!(found.len() == 2 && found[1].verdicts.is_empty() && found[1].items.len() == 5, "{id}"),
            _ => assert_eq!(found.len(), 1, "{id}"),
        }
        let expected: Value = serde_json::from_str(expected).unwrap();
        for (key, wanted) in expected.as_object().unwrap() {
            match (id, key.as_str()) {
                (_, "cp_items") => assert_eq!(wanted.as_u64(), Some(first.items.len() as u64), "{id}"),
                // The column holds a reading from left to right that cuts the log at its `;`.
                // hj212.md section 3 wants the `//` pair found first, so ours is the whole log.
                ("F191", "i11001-Info") => assert_eq!(value(first, key), Some("//更换试剂;清洗管路##//")),
                _ => assert_eq!(value(first, key), wanted.as_str(), "{id} {key}"),
            }
        }
        rows += 1;
    }
    assert_eq!(rows, 120);
}
