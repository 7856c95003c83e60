//! All metric definitions that the program ships, checked when they are loaded.

use metrics::Metrics;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use values::{Finding, Lang};

/// Files of `definitions/metrics/`, embedded at build.
const FILES: &[(&str, &str)] = &[
    ("economy.toml", include_str!("../../../definitions/metrics/economy.toml")),
    ("enterprises.toml", include_str!("../../../definitions/metrics/enterprises.toml")),
    ("filings.toml", include_str!("../../../definitions/metrics/filings.toml")),
    ("investment.toml", include_str!("../../../definitions/metrics/investment.toml")),
    ("published.toml", include_str!("../../../definitions/metrics/published.toml")),
    ("ratios.toml", include_str!("../../../definitions/metrics/ratios.toml")),
];

const SYNONYMS: &str = include_str!("../../../definitions/metric_names.toml");

/// Definitions and other names of metrics.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// All definitions.
    pub metrics: Arc<Metrics>,
    /// What is wrong with them; a test holds it empty.
    pub findings: Vec<Finding>,
    names: BTreeMap<String, Vec<Name>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Name {
    metric: String,
    /// Unit that this name goes with, where one name is published in several.
    #[serde(default)]
    unit: String,
}

impl Catalogue {
    /// The definitions embedded in the program.
    ///
    /// # Errors
    /// The file of names, if it cannot be read.
    pub fn embedded() -> Result<Self, String> {
        let (metrics, findings) = Metrics::load(FILES.iter().copied(), Lang::Zh);
        let names = toml::from_str(SYNONYMS).map_err(|e| format!("metric_names.toml: {e}"))?;
        Ok(Self { metrics: Arc::new(metrics), findings: findings.0, names })
    }

    /// The metric that a published name means; `unit` decides where one name stands for several.
    #[must_use]
    pub fn synonym(&self, name: &str, unit: &str) -> Option<&str> {
        let same = self.names.get(name)?;
        let exact = same.iter().find(|n| !n.unit.is_empty() && n.unit == unit);
        exact.or_else(|| same.iter().find(|n| n.unit.is_empty())).map(|n| n.metric.as_str())
    }

    /// A metric's label; the key itself if there is no such metric.
    #[must_use]
    pub fn label(&self, key: &str, lang: Lang) -> String {
        self.metrics.versions(key).last().map_or_else(|| key.to_owned(), |m| m.is.label.get(lang).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_definitions_hold_together() {
        let catalogue = Catalogue::embedded().unwrap();
        let wrong: Vec<String> = catalogue.findings.iter().map(|f| format!("{} {} {} {}", f.rule, f.place, f.field, f.found)).collect();
        assert_eq!(wrong, Vec::<String>::new());
        assert!(catalogue.metrics.keys().count() > 40);
    }

    #[test]
    fn every_other_name_leads_to_a_metric() {
        let catalogue = Catalogue::embedded().unwrap();
        for (name, all) in &catalogue.names {
            for one in all {
                assert!(catalogue.metrics.has(&one.metric), "{name} → {}", one.metric);
            }
        }
    }
}
