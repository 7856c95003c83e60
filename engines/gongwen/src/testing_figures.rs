//! Figures for tests: everything valid, the test states only what matters to it.

use values::{Confidence, Figure, Period};

/// An actual figure of zone `demo`.
pub fn figure(metric: &str, period: &str, value: &str, unit: &str) -> Figure {
    Figure {
        metric: metric.into(),
        label: metric.into(),
        zone: "demo".into(),
        subject: "zone".into(),
        slice: None,
        period: Period::parse(period).expect("a period"),
        scenario: "actual".into(),
        source: "statistics".into(),
        value: value.parse().ok(),
        unit: unit.into(),
        display: value.into(),
        display_unit: unit.into(),
        bound: "eq".into(),
        status: "final".into(),
        growth: None,
        target: None,
        filed: None,
        estimated: None,
        as_of: None,
        seq: 7,
        handle: format!("f1:{metric}:{period}"),
        confidence: Confidence::A,
        reason: if value.is_empty() { Some(values::Reason::NotFiled) } else { None },
    }
}
