//! What the cockpit shows first, and which pace is slow: `definitions/cockpit.toml`.

use serde::Deserialize;
use std::sync::LazyLock;
use values::Decimal;

/// The settings.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Metrics with a target, in order.
    pub metrics: Vec<String>,
    /// Additions to titles, in order.
    pub added: Vec<String>,
    /// Metric whose parts are shown.
    pub contribution: String,
    /// Points behind from which a target is slow.
    pub slow: i64,
    /// Points behind from which it is behind.
    pub behind: i64,
}

impl Settings {
    /// Points behind from which a target is slow, and behind.
    #[must_use]
    pub fn limits(&self) -> (Decimal, Decimal) {
        (Decimal::from(-self.slow), Decimal::from(-self.behind))
    }
}

/// The settings of this program.
#[must_use]
pub fn settings() -> &'static Settings {
    static SETTINGS: LazyLock<Settings> =
        LazyLock::new(|| toml::from_str(include_str!("../../../definitions/cockpit.toml")).unwrap_or_default());
    &SETTINGS
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_settings_can_be_read() {
        assert!(super::settings().metrics.len() >= 9 && super::settings().slow < super::settings().behind);
    }
}
