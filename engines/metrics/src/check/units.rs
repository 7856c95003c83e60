//! Units agree: the unit measures what `quantity` says, and the display unit the same.

use super::say;
use crate::catalogue::Metrics;
use crate::definition::convert_named;
use rust_decimal::Decimal;
use values::unit::{Quantity, find};
use values::{Finding, Lang};

pub(super) fn check(metrics: &Metrics, lang: Lang) -> Vec<Finding> {
    let mut found = Vec::new();
    for m in metrics.iter() {
        let mut wrong = |rule: &str, field: &str, what: &str| {
            found.push(say(rule, &m.file, &m.key, what, "", lang).field(field));
        };
        let right = match find(&m.is.unit) {
            Some(unit) => unit.quantity == m.is.quantity,
            None => m.is.quantity == Quantity::Compound && expr::Measure::parse(&m.is.unit).is_some(),
        };
        if !right {
            wrong("metric.unit", "unit", &m.is.unit);
        } else if convert_named(Decimal::ONE, &m.is.unit, m.display_unit()).is_none() {
            wrong("metric.display", "display", m.display_unit());
        }
        // Where a unit has an odd name, values would be converted by it but printed with another.
        if find(&m.is.unit).is_some_and(|u| u.name != m.is.unit) {
            wrong("metric.unit_name", "unit", &m.is.unit);
        }
    }
    found
}
