//! Every definition says where it comes from, who answers for it and what it is called in both languages.

use super::say;
use crate::catalogue::Metrics;
use values::{Finding, Lang};

pub(super) fn check(metrics: &Metrics, lang: Lang) -> Vec<Finding> {
    let mut found = Vec::new();
    for m in metrics.iter() {
        let empty = [
            ("source", m.is.source.trim().is_empty()),
            ("owner", m.is.owner.trim().is_empty()),
            ("label", m.is.label.zh.trim().is_empty() || m.is.label.en.trim().is_empty()),
            ("definition", m.is.definition.zh.trim().is_empty()),
        ];
        for (field, _) in empty.iter().filter(|(_, empty)| *empty) {
            found.push(say("metric.empty", &m.file, &m.key, "", field, lang).field(*field));
        }
    }
    found
}
