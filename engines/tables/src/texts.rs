//! Texts of findings, of reasons, of how a column was matched.

use std::sync::OnceLock;
use values::{Finding, Lang, Texts};

/// All texts of this crate: `finding.RULE`, `remedy.RULE`, `ignored.KEY`, `mapped.KEY`.
#[must_use]
pub fn texts() -> &'static Texts {
    static TEXTS: OnceLock<Texts> = OnceLock::new();
    TEXTS.get_or_init(|| Texts::parse(include_str!("../texts.toml")).unwrap_or_default())
}

/// A finding as a sentence: what is wrong, with what was found and expected.
#[must_use]
pub fn sentence(finding: &Finding, lang: Lang) -> String {
    let args = [
        ("found", finding.found.as_str()),
        ("expected", finding.expected.as_str()),
        ("field", finding.field.as_str()),
        ("place", finding.place.as_str()),
    ];
    texts().get(lang, &format!("finding.{}", short(&finding.rule)), &args)
}

/// What to do about a finding; the finding's own remedy if it has one.
#[must_use]
pub fn remedy(finding: &Finding, lang: Lang) -> String {
    let key = format!("remedy.{}", short(&finding.rule));
    let args = [("found", finding.found.as_str()), ("expected", finding.expected.as_str()), ("remedy", finding.remedy.as_str())];
    if texts().has(&key) { texts().get(lang, &key, &args) } else { finding.remedy.clone() }
}

fn short(rule: &str) -> &str {
    rule.strip_prefix("tables.").unwrap_or(rule)
}

#[cfg(test)]
mod tests {
    use super::texts;

    #[test]
    fn every_text_has_both_languages_and_every_rule_its_text() {
        assert_eq!(texts().untranslated().collect::<Vec<_>>(), Vec::<&str>::new());
        let sources = [
            include_str!("find/mod.rs"),
            include_str!("find/measure.rs"),
            include_str!("find/turn.rs"),
            include_str!("find/twins.rs"),
            include_str!("parse/mod.rs"),
            include_str!("parse/plan.rs"),
            include_str!("checks/slip.rs"),
            include_str!("checks/totals.rs"),
            include_str!("source/text.rs"),
            include_str!("source/markup.rs"),
            include_str!("limits.rs"),
        ];
        let listed = include_str!("../../../docs/findings.md");
        for source in sources {
            for part in source.split("\"tables.").skip(1) {
                let rule = part.split('"').next().unwrap_or("");
                assert!(texts().has(&format!("finding.{rule}")), "no text for {rule}");
                assert!(listed.contains(&format!("`tables.{rule}`")), "{rule} is not listed in docs/findings.md");
            }
        }
    }
}
