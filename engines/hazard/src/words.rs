//! Texts of this engine by key, and findings with their texts filled in.

use std::sync::LazyLock;
use values::{Finding, Lang, Severity, Texts};

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::parse(include_str!("texts.toml")).expect("a test reads texts.toml"));

/// The text of `key` in `lang`, `{name}` replaced from `args`.
#[must_use]
pub fn text(lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
    TEXTS.get(lang, key, args)
}

/// A finding whose `expected` and `remedy` come from `<rule>.expected` and `<rule>.remedy`.
#[must_use]
pub fn finding(lang: Lang, severity: Severity, rule: &str, args: &[(&str, &str)]) -> Finding {
    let found = args.iter().find(|(name, _)| *name == "found").map_or("", |(_, v)| *v);
    Finding::new(severity, rule).found(found).expected(TEXTS.get(lang, &format!("{rule}.expected"), args)).remedy(TEXTS.get(
        lang,
        &format!("{rule}.remedy"),
        args,
    ))
}

/// What a result is called: `concentration` is 浓度; the key itself where no name is known.
#[must_use]
pub fn quantity(lang: Lang, key: &str) -> String {
    let name = format!("quantity.{key}");
    if TEXTS.has(&name) { TEXTS.get(lang, &name, &[]) } else { key.to_owned() }
}

/// True if `key` has a text.
#[must_use]
pub fn has(key: &str) -> bool {
    TEXTS.has(key)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_text_has_both_languages() {
        let texts = values::Texts::parse(include_str!("texts.toml")).unwrap();
        assert_eq!(texts.untranslated().collect::<Vec<_>>(), Vec::<&str>::new());
    }

    /// Every rule id and text key that the sources name has a text.
    #[test]
    fn every_rule_has_its_texts() {
        let mut missing = Vec::new();
        let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("words.rs") {
                    let source = std::fs::read_to_string(path).unwrap();
                    for piece in source.split('"').skip(1) {
                        let is_key = |p: &str| {
                            piece.starts_with(p)
                                && piece[p.len()..].bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
                                && piece.len() > p.len()
                        };
                        if is_key("hazard.") && !(super::has(&format!("{piece}.expected")) && super::has(&format!("{piece}.remedy"))) {
                            missing.push(piece.to_owned());
                        }
                        if (is_key("model.") || is_key("limit.") || is_key("basis.")) && !super::has(piece) {
                            missing.push(piece.to_owned());
                        }
                    }
                }
            }
        }
        assert_eq!(missing, Vec::<String>::new());
    }
}
