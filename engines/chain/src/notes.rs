//! Findings with their texts: rule ids in code, words in `texts.toml`.

use std::sync::LazyLock;
use values::{Finding, Findings, Lang, Severity, Texts};

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::parse(include_str!("../texts.toml")).unwrap_or_default());

/// All texts of this engine.
#[must_use]
pub fn texts() -> &'static Texts {
    &TEXTS
}

/// One text of this engine in `lang`.
#[must_use]
pub fn text(lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
    TEXTS.get(lang, key, args)
}

/// A growing list of findings in one language.
///
/// The expected and the remedy of rule `chain.x` stand in `texts.toml` under
/// `chain.x.expected` and `chain.x.remedy`.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    /// Language of the texts.
    pub lang: Lang,
    /// What was found so far.
    pub list: Findings,
}

impl Notes {
    /// An empty list in `lang`.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        Self { lang, list: Findings::default() }
    }

    /// Adds an error: its row is not taken over.
    pub fn error(&mut self, rule: &str, place: &str, field: &str, found: &str, args: &[(&str, &str)]) {
        self.add(Severity::Error, rule, place, field, found, args);
    }

    /// Adds a warning: taken over, but somebody should look.
    pub fn warn(&mut self, rule: &str, place: &str, field: &str, found: &str, args: &[(&str, &str)]) {
        self.add(Severity::Warning, rule, place, field, found, args);
    }

    /// Adds a note.
    pub fn note(&mut self, rule: &str, place: &str, field: &str, found: &str, args: &[(&str, &str)]) {
        self.add(Severity::Note, rule, place, field, found, args);
    }

    fn add(&mut self, severity: Severity, rule: &str, place: &str, field: &str, found: &str, args: &[(&str, &str)]) {
        let expected = text(self.lang, &format!("{rule}.expected"), args);
        let remedy = text(self.lang, &format!("{rule}.remedy"), args);
        self.list.push(Finding::new(severity, rule).at(place).field(field).found(found).expected(expected).remedy(remedy));
    }
}
