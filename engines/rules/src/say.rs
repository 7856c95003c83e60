//! What is said of a book: findings with texts from `texts.toml`.

use std::sync::OnceLock;
use values::{Finding, Lang, Severity, Texts};

pub(crate) fn texts() -> &'static Texts {
    static TEXTS: OnceLock<Texts> = OnceLock::new();
    TEXTS.get_or_init(|| Texts::parse(include_str!("../texts.toml")).expect("texts.toml is checked by a test"))
}

/// A word or sentence by key.
pub(crate) fn word(lang: Lang, key: &str) -> String {
    texts().get(lang, key, &[])
}

/// A sentence by key, filled in.
pub(crate) fn sentence(lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
    texts().get(lang, key, args)
}

/// A finding whose sentences are `RULE.what` and `RULE.remedy`.
pub(crate) fn finding(severity: Severity, lang: Lang, rule: &str, args: &[(&str, &str)]) -> Finding {
    let found = args.iter().find(|(name, _)| *name == "found").map_or("", |(_, value)| value);
    Finding::new(severity, rule).found(found).expected(texts().get(lang, &format!("{rule}.what"), args)).remedy(texts().get(
        lang,
        &format!("{rule}.remedy"),
        args,
    ))
}

/// The known word most like `word`, if one is near.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = |k: &str| strsim::damerau_levenshtein(k, word);
    known
        .into_iter()
        .map(|k| (near(k), k))
        .filter(|(d, k)| *d <= (k.chars().count().max(word.chars().count()) / 3).max(1))
        .min()
        .map(|(_, k)| k)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_text_stands_in_both_languages() {
        assert_eq!(super::texts().untranslated().collect::<Vec<_>>(), Vec::<&str>::new());
    }
}
