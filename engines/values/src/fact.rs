//! Codes of a fact's columns: released keys, append only.

/// Scenarios; position is the code.
pub const SCENARIOS: &[&str] = &["actual", "target", "forecast"];
/// Sources, each standing beside the others; position is the code.
pub const SOURCES: &[&str] =
    &["enterprise", "office", "statistics", "tax", "customs", "power", "published", "finance", "commerce", "regulator", "computed"];
/// Measures: value, 上年同期 as filed, growth as given (at 0.0001 %).
pub const MEASURES: &[&str] = &["value", "base", "growth"];
/// How a value bounds the truth.
pub const BOUNDS: &[&str] = &["eq", "ge", "gt", "le", "lt", "about", "range", "text"];
/// How final a value is.
pub const STATUSES: &[&str] = &["final", "estimate", "preliminary", "carried"];

/// Code of a key in one of the lists above.
#[must_use]
pub fn code(list: &[&str], key: &str) -> Option<i64> {
    list.iter().position(|k| *k == key).and_then(|i| i64::try_from(i).ok())
}

/// Key of a code; `unknown` for a code of a newer version.
#[must_use]
pub fn key(list: &[&'static str], code: i64) -> &'static str {
    usize::try_from(code).ok().and_then(|i| list.get(i)).copied().unwrap_or("unknown")
}
