//! Findings of this engine with their texts filled in.

use std::sync::LazyLock;
use values::{Finding, Lang, Severity, Texts};

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::parse(include_str!("texts.toml")).expect("a test reads texts.toml"));

/// A finding whose `expected` and `remedy` come from `<rule>.expected` and `<rule>.remedy`.
#[must_use]
pub fn finding(lang: Lang, severity: Severity, rule: &str, args: &[(&str, &str)]) -> Finding {
    let found = args.iter().find(|(name, _)| *name == "found").map_or("", |(_, v)| *v);
    Finding::new(severity, rule)
        .found(found.chars().take(80).collect::<String>())
        .expected(TEXTS.get(lang, &format!("{rule}.expected"), args))
        .remedy(TEXTS.get(lang, &format!("{rule}.remedy"), args))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_rule_has_its_texts() {
        let texts = values::Texts::parse(include_str!("texts.toml")).unwrap();
        assert_eq!(texts.untranslated().collect::<Vec<_>>(), Vec::<&str>::new());
        for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("words.rs") {
                for piece in std::fs::read_to_string(&path).unwrap().split('"') {
                    let is_rule =
                        piece.strip_prefix("cap.").is_some_and(|r| !r.is_empty() && r.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
                    assert!(!is_rule || (texts.has(&format!("{piece}.expected")) && texts.has(&format!("{piece}.remedy"))), "{piece}");
                }
            }
        }
    }
}
