//! Every rule has its texts, in both languages, and stands in the list of rule ids.

#![allow(clippy::unwrap_used, reason = "a test may fail this way")]

use std::collections::BTreeSet;

fn rules_in_code() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for part in text.split("\"chain.").skip(1) {
                let id: String = part.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                if part[id.len()..].starts_with('"') {
                    found.insert(format!("chain.{id}"));
                }
            }
        }
    }
    found
}

#[test]
fn every_rule_has_texts_and_is_listed() {
    let texts = chain::notes::texts();
    assert_eq!(texts.untranslated().collect::<Vec<_>>(), Vec::<&str>::new());
    let list = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/findings.md")).unwrap();
    let rules = rules_in_code();
    assert!(rules.len() > 20);
    for rule in &rules {
        assert!(texts.has(&format!("{rule}.expected")) && texts.has(&format!("{rule}.remedy")), "{rule} has no text");
        assert!(list.contains(&format!("`{rule}`")), "{rule} is not in docs/findings.md");
    }
}
