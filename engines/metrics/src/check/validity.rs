//! Versions of one metric follow each other: no month has two.

use super::say;
use crate::catalogue::Metrics;
use values::{Finding, Lang};

pub(super) fn check(metrics: &Metrics, lang: Lang) -> Vec<Finding> {
    let mut found = Vec::new();
    for key in metrics.keys() {
        for pair in metrics.versions(key).windows(2) {
            if pair[0].last >= pair[1].first {
                let what = format!("{}…{} / {}…", pair[0].is.valid_from, pair[0].is.valid_to, pair[1].is.valid_from);
                found.push(say("metric.overlap", &pair[1].file, key, &what, "", lang).field("valid_from"));
            }
        }
        for m in metrics.versions(key).iter().filter(|m| m.first > m.last) {
            found.push(say("metric.overlap", &m.file, key, &m.is.valid_to, "", lang).field("valid_to"));
        }
    }
    found
}
