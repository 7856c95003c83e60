//! No formula reads itself, through others or not.

use super::say;
use crate::catalogue::Metrics;
use values::{Finding, Lang};

pub(super) fn check(metrics: &Metrics, lang: Lang) -> Vec<Finding> {
    let inside: Vec<&str> = metrics.keys().filter(|k| metrics.used_by(k).contains(k)).collect();
    inside
        .iter()
        .filter_map(|key| metrics.versions(key).first())
        .map(|m| say("metric.cycle", &m.file, &m.key, &inside.join(" → "), "", lang).field("formula"))
        .collect()
}
