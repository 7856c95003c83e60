//! The words of this crate's pages, Chinese and English.

use std::sync::LazyLock;
use values::{Lang, Texts};

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::parse(include_str!("../texts.toml")).unwrap_or_default());

/// The text of a key.
#[must_use]
pub fn t(lang: Lang, key: &str) -> String {
    TEXTS.get(lang, key, &[])
}

/// The text of a key with values filled in.
#[must_use]
pub fn fill(lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
    TEXTS.get(lang, key, args)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_text_is_there_in_both_languages() {
        assert_eq!(super::TEXTS.untranslated().collect::<Vec<_>>(), Vec::<&str>::new());
        assert!(super::TEXTS.keys().count() > 20);
    }
}
