//! The checker of definitions 定义检查, one check a file; run by test, at start, and on a zone's own additions.

mod cycles;
mod names;
mod ratios;
mod sources;
mod units;
mod validity;

use crate::catalogue::Metrics;
use crate::texts;
use values::{Finding, Findings, Lang};

/// Runs every check.
pub(crate) fn all(metrics: &Metrics, found: &mut Findings, lang: Lang) {
    for check in [names::check, units::check, cycles::check, validity::check, sources::check, ratios::check] {
        crate::catalogue::push_all(found, check(metrics, lang));
    }
}

/// An error with its texts: `place` is file and key, `field` the line of the definition.
pub(crate) fn say(rule: &str, file: &str, key: &str, found: &str, expected: &str, lang: Lang) -> Finding {
    let args = [("found", found), ("expected", expected)];
    let place = if key.is_empty() { file.to_owned() } else { format!("{file}:{key}") };
    Finding::error(rule).at(place).found(found).expected(texts().get(lang, &format!("{rule}.expected"), &args)).remedy(texts().get(
        lang,
        &format!("{rule}.remedy"),
        &args,
    ))
}
