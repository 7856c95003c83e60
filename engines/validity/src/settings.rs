//! Every number of the validity rules as a setting: value, source, valid-from, confidence.

use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::BTreeMap;
use values::Confidence;

/// One number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// Stable key, e.g. `gas.valid_minutes_per_hour`.
    pub key: String,
    /// The number, as text.
    pub value: String,
    /// Its unit.
    pub unit: String,
    /// What it is, in Chinese.
    pub zh: String,
    /// First day, ISO 8601; empty: the source does not say.
    pub valid_from: String,
    /// Where it was read.
    pub source: String,
    /// How sure. C: what it gives is provisional 待核实.
    pub confidence: Confidence,
}

/// A trade under the marking rule 标记规则, from a date.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkingTrade {
    /// Trade.
    pub trade: String,
    /// Region; empty: the whole country.
    pub region: String,
    /// First day, ISO 8601.
    pub valid_from: String,
    /// Where it was read.
    pub source: String,
    /// How sure.
    pub confidence: Confidence,
}

/// What a value can physically be; no limit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Physical {
    /// Factor code, or `*` for all that are not named.
    pub factor: String,
    /// Least; empty: none.
    pub low: String,
    /// Most; empty: none.
    pub high: String,
    /// Why.
    pub source: String,
    /// How sure.
    pub confidence: Confidence,
}

/// Two factors of which one contains the other.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// The one that is never larger.
    pub less: String,
    /// The one that contains it.
    pub more: String,
    /// In words.
    pub zh: String,
    /// Why.
    pub source: String,
    /// How sure.
    pub confidence: Confidence,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    setting: Vec<Setting>,
    marking_trade: Vec<MarkingTrade>,
    physical: Vec<Physical>,
    pair: Vec<Pair>,
}

/// A number with how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// The number.
    pub value: Decimal,
    /// How sure.
    pub confidence: Confidence,
}

/// All settings.
#[derive(Debug, Clone)]
pub struct Settings {
    numbers: BTreeMap<String, (Setting, Decimal)>,
    /// Trades under the marking rule.
    pub marking_trades: Vec<MarkingTrade>,
    /// Physical ranges.
    pub physical: Vec<Physical>,
    /// Pairs that cannot be the other way round.
    pub pairs: Vec<Pair>,
}

/// Why settings could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Not the shape.
    #[error("定义文件 validity.toml 有误")]
    Toml(#[from] toml::de::Error),
    /// A value is no number.
    #[error("设置 {0} 的值不是数字")]
    NotNumber(String),
    /// A key that the rules need is missing.
    #[error("缺设置 {0}")]
    Missing(&'static str),
}

/// The keys that the rules ask for.
pub const KEYS: &[&str] = &[
    "gas.valid_minutes_per_hour",
    "gas.valid_hours_per_day",
    "gas.valid_days_per_month",
    "gas.valid_days_february",
    "gas.normal_share",
    "water.discharge_hours_share",
    "water.month_day_share",
    "water.check_hours_exempt",
    "ph.out_minutes_once",
    "ph.out_minutes_day",
    "repair.deadline_hours",
    "repair.hand_samples_per_day",
    "repair.hand_sample_gap_hours",
    "fill.gas.gap_hours",
    "fill.gas.alpha_high",
    "fill.gas.alpha_low",
    "fill.gas.hours_short",
    "fill.gas.hours_long",
    "fill.gas.hours_low_alpha",
    "transmission.pass",
    "check.clock_off_minutes",
    "check.frozen_repeats",
    "check.jump_times",
    "check.load_tolerance",
];

impl Settings {
    /// What the program carries.
    ///
    /// # Panics
    /// Never: a test reads them.
    #[must_use]
    pub fn embedded() -> Self {
        Self::read(include_str!("../../../definitions/environment/validity.toml")).expect("the embedded settings are read by a test")
    }

    /// Reads a definition.
    ///
    /// # Errors
    /// If its shape is wrong, a value is no number, or a key is missing.
    pub fn read(text: &str) -> Result<Self, SettingsError> {
        let file: File = toml::from_str(text)?;
        let mut numbers = BTreeMap::new();
        for setting in file.setting {
            let value = setting.value.parse().map_err(|_| SettingsError::NotNumber(setting.key.clone()))?;
            numbers.insert(setting.key.clone(), (setting, value));
        }
        for key in KEYS {
            if !numbers.contains_key(*key) {
                return Err(SettingsError::Missing(key));
            }
        }
        Ok(Self { numbers, marking_trades: file.marking_trade, physical: file.physical, pairs: file.pair })
    }

    /// The number of a key; 0 at confidence C for a key that is in no list.
    #[must_use]
    pub fn number(&self, key: &str) -> Number {
        let found = self.numbers.get(key).map(|(s, value)| Number { value: *value, confidence: s.confidence });
        found.unwrap_or(Number { value: Decimal::ZERO, confidence: Confidence::C })
    }

    /// The setting of a key with its source.
    #[must_use]
    pub fn setting(&self, key: &str) -> Option<&Setting> {
        self.numbers.get(key).map(|(s, _)| s)
    }

    /// True if a trade in a region is under the marking rule on a day (ISO 8601).
    #[must_use]
    pub fn is_marking_trade(&self, trade: &str, region: &str, day: &str) -> bool {
        let holds = |t: &MarkingTrade| {
            (t.trade == trade || t.trade == "*") && (t.region.is_empty() || t.region == region) && t.valid_from.as_str() <= day
        };
        self.marking_trades.iter().any(holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_there_with_source_and_confidence() {
        let settings = Settings::embedded();
        for key in KEYS {
            let setting = settings.setting(key).unwrap();
            assert!(!setting.source.is_empty() && !setting.zh.is_empty(), "{key}");
        }
        assert_eq!(settings.number("gas.valid_hours_per_day"), Number { value: Decimal::from(20), confidence: Confidence::A });
        assert_eq!(settings.number("water.discharge_hours_share").confidence, Confidence::C);
        assert!(settings.is_marking_trade("造纸", "贵州", "2023-01-01") && !settings.is_marking_trade("造纸", "", "2022-12-31"));
        assert!(!settings.is_marking_trade("电镀", "", "2026-01-01"));
    }
}
