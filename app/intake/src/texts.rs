//! Findings' texts, from this crate's and the reader's `texts.toml`.

use std::sync::LazyLock;
use tables::ReadError;
use values::{Finding, Lang, Texts};

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::parse(include_str!("../texts.toml")).unwrap_or_default());

/// The texts of this crate: `finding.RULE` and `remedy.RULE`.
#[must_use]
pub fn texts() -> &'static Texts {
    &TEXTS
}

fn short(rule: &str) -> &str {
    rule.strip_prefix("import.").unwrap_or(rule)
}

/// One sentence for people: what is wrong, with what was found and expected.
#[must_use]
pub fn sentence(finding: &Finding, lang: Lang) -> String {
    let key = format!("finding.{}", short(&finding.rule));
    if finding.rule.starts_with("import.") && TEXTS.has(&key) {
        return TEXTS.get(lang, &key, &args(finding));
    }
    if finding.rule.starts_with("tables.") {
        return tables::texts::sentence(finding, lang);
    }
    // Rules of values and of ledgers say in `expected` what should stand there.
    let field = if finding.field.is_empty() { String::new() } else { finding.field.clone() };
    let found = if finding.found.is_empty() { String::new() } else { format!("“{}”", finding.found) };
    let should = if lang == Lang::Zh { "应为" } else { " should be " };
    format!("{field}{found}{should}{}", finding.expected)
}

/// What to do about it.
#[must_use]
pub fn remedy(finding: &Finding, lang: Lang) -> String {
    let key = format!("remedy.{}", short(&finding.rule));
    if finding.rule.starts_with("import.") && TEXTS.has(&key) {
        return TEXTS.get(lang, &key, &args(finding));
    }
    if finding.rule.starts_with("tables.") { tables::texts::remedy(finding, lang) } else { finding.remedy.clone() }
}

fn args(finding: &Finding) -> [(&str, &str); 4] {
    [("found", &finding.found), ("expected", &finding.expected), ("field", &finding.field), ("place", &finding.place)]
}

/// Fills in what to do, so that a finding speaks for itself in a log, a file or `--json`.
#[must_use]
pub fn filled(mut finding: Finding, lang: Lang) -> Finding {
    finding.remedy = remedy(&finding, lang);
    finding
}

/// Why a file cannot be read, in words.
#[must_use]
pub fn read_error(error: &ReadError, _lang: Lang) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_text_is_there_in_both_languages() {
        assert_eq!(super::texts().untranslated().collect::<Vec<_>>(), Vec::<&str>::new());
        assert!(super::texts().keys().count() > 10);
    }
}
