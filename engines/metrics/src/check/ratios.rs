//! A ratio has parts, or is given as it is; it is never cut or added without parts.

use super::say;
use crate::catalogue::Metrics;
use crate::definition::{Origin, Time};
use values::{Finding, Lang};

pub(super) fn check(metrics: &Metrics, lang: Lang) -> Vec<Finding> {
    let mut found = Vec::new();
    for m in metrics.iter().filter(|m| m.is.time == Time::Ratio) {
        let parts = metrics.formula(m).map_or(0, |f| f.parts.len());
        let computed = matches!(m.origin(), Origin::Formula(_));
        // Given ratios have neither parts nor slices nor subjects below the zone.
        let given = !computed && m.is.ledger.is_empty() && m.is.slices.is_empty() && m.is.subjects == "zone";
        if computed && parts < 2 || !computed && !given {
            found.push(say("metric.ratio", &m.file, &m.key, &m.is.formula, "", lang).field("formula"));
        }
    }
    found
}
