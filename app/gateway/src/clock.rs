//! The clock of the shell: asked here and nowhere else in the gateway.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970 UTC.
#[allow(clippy::disallowed_methods, reason = "the shell asks the clock")]
#[must_use]
pub fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
}

/// A moment for measuring spans.
#[allow(clippy::disallowed_methods, reason = "the shell asks the clock")]
#[must_use]
pub fn instant() -> Instant {
    Instant::now()
}

/// Milliseconds of Beijing civil time since 1970-01-01T00:00:00, as the session machines count.
#[must_use]
pub fn civil_ms(utc_ms: i64) -> i64 {
    utc_ms + 8 * 3_600_000
}
