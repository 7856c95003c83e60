//! Names exist: kinds of subject, dimensions, sources, filters; formulas are checked when they are compiled.

use super::say;
use crate::catalogue::Metrics;
use crate::definition::Origin;
use crate::frame::{DIMENSIONS, Filter};
use crate::subject::SubjectKind;
use values::fact::SOURCES;
use values::{Finding, Lang};

pub(super) fn check(metrics: &Metrics, lang: Lang) -> Vec<Finding> {
    let mut found = Vec::new();
    for m in metrics.iter() {
        let mut wrong = |rule: &str, field: &str, what: &str, expected: &str| {
            found.push(say(rule, &m.file, &m.key, what, expected, lang).field(field));
        };
        if SubjectKind::parse(&m.is.subjects).is_none() {
            wrong("metric.unknown_subjects", "subjects", &m.is.subjects, "zone enterprise project chain outlet office peer");
        }
        for slice in m.is.slices.iter().filter(|s| !DIMENSIONS.contains(&s.as_str())) {
            wrong("metric.unknown_slice", "slices", slice, &DIMENSIONS.join(" "));
        }
        for source in m.is.sources.iter().filter(|s| !SOURCES.contains(&s.as_str())) {
            wrong("metric.unknown_source", "sources", source, &SOURCES.join(" "));
        }
        let kinds = [!m.is.formula.is_empty(), !m.is.ledger.is_empty(), m.is.from == "facts"];
        if kinds.iter().filter(|k| **k).count() != 1 || !matches!(m.is.from.as_str(), "" | "facts") {
            wrong("metric.from", "from", &m.is.from, "");
        }
        let counted = m.is.aggregate == "count" || matches!(m.origin(), Origin::Sum(_, field) if !field.is_empty());
        if !m.is.ledger.is_empty() && !counted || m.is.ledger.is_empty() && !m.is.aggregate.is_empty() {
            wrong("metric.aggregate", "aggregate", &m.is.aggregate, "");
        }
        // A ledger's filter is over its fields, which are known only with the ledger.
        if m.is.ledger.is_empty()
            && let Err(problems) = Filter::compile(&m.is.filter)
        {
            let place = format!("{}:{}", m.file, m.key);
            found.extend(problems.iter().map(|p| p.finding(&m.is.filter, &place, lang).field("where")));
        }
    }
    found
}
