//! Amounts 数量: numbers as people write them, units with a rate of time, months.

use std::fmt;
use values::unit::{self, Quantity, Unit};

/// Reads a number: blanks, thousands commas and full-width digits are taken; nothing else.
///
/// None for text, an empty cell, NaN, infinity and magnitudes above 1e15.
#[must_use]
pub fn number(text: &str) -> Option<f64> {
    let clean: String =
        text.chars().map(unit::half_width).filter(|c| !c.is_whitespace() && *c != ',').map(|c| if c == '−' { '-' } else { c }).collect();
    if clean.is_empty() || !clean.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E')) {
        return None;
    }
    clean.parse::<f64>().ok().filter(|n| n.is_finite() && n.abs() <= 1e15)
}

/// Prints a number as decimal text with at most twelve significant digits.
///
/// Quantities are computed in binary floating point, so what lies beyond the
/// twelfth digit is the machine's and is not shown.
#[must_use]
pub fn decimal(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    if value == 0.0 || value.abs() < 1e-15 {
        return "0".into();
    }
    let magnitude = value.abs().log10().floor() as i32;
    let digits = (11 - magnitude).clamp(0, 24) as usize;
    let mut text = format!("{value:.digits$}");
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if text == "-0" { "0".into() } else { text }
}

/// The unit that all computing on one quantity uses: t, kWh, m², 个 …
///
/// None for quantities that no product of a chain is measured in.
#[must_use]
pub fn base_unit(quantity: Quantity) -> Option<&'static Unit> {
    let name = match quantity {
        Quantity::Money => "元",
        Quantity::Count => "个",
        Quantity::Mass => "t",
        Quantity::Energy => "kWh",
        Quantity::CoalEquivalent => "tce",
        Quantity::Power => "kW",
        Quantity::Area => "m²",
        Quantity::Length => "m",
        Quantity::Volume => "m³",
        _ => return None,
    };
    unit::find(name)
}

/// How much of the base unit 1 of `unit` is.
#[must_use]
pub fn to_base(unit: &Unit) -> f64 {
    unit.num as f64 / unit.den as f64
}

/// A coefficient `unit_in` per `unit_out`, converted to base per base.
#[must_use]
pub fn per_base(amount: f64, unit_in: &Unit, unit_out: &Unit) -> f64 {
    let num = i128::from(unit_in.num) * i128::from(unit_out.den);
    let den = i128::from(unit_in.den) * i128::from(unit_out.num);
    amount * num as f64 / den as f64
}

/// A unit as a capacity carries it: a quantity for each span of time.
#[derive(Debug, Clone, Copy)]
pub struct YearlyUnit {
    /// The quantity's unit.
    pub unit: &'static Unit,
    /// Spans in one year; one without a span is a yearly one.
    pub per_year: f64,
    /// The span is shorter than a year and the figure rests on operating days.
    pub by_days: bool,
}

/// Reads `万吨/年`, `t/a`, `GWh`, `万只/日`, `t/month`.
///
/// `operating_days` turns a daily or hourly figure into a yearly one.
#[must_use]
pub fn yearly_unit(text: &str, operating_days: f64) -> Option<YearlyUnit> {
    let clean: String = text.chars().map(unit::half_width).filter(|c| !c.is_whitespace()).collect();
    if let Some(unit) = unit::find(&clean) {
        // m³/d and its like are flows, handled below by their parts.
        if base_unit(unit.quantity).is_some() {
            return Some(YearlyUnit { unit, per_year: 1.0, by_days: false });
        }
    }
    let (left, span) = clean.split_once(['/', '每'])?;
    let unit = unit::find(left)?;
    base_unit(unit.quantity)?;
    let (per_year, by_days) = match span.to_lowercase().as_str() {
        "年" | "a" | "yr" | "y" | "year" | "annum" => (1.0, false),
        "月" | "month" | "mon" | "m" => (12.0, false),
        "季" | "季度" | "quarter" | "q" => (4.0, false),
        "日" | "天" | "d" | "day" => (operating_days, true),
        "时" | "小时" | "h" | "hour" => (operating_days * 24.0, true),
        _ => return None,
    };
    Some(YearlyUnit { unit, per_year, by_days })
}

/// A month as a whole number: year × 12 + month − 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

impl Month {
    /// Reads `2026-03`, `2026-03-15`, `2026/3`, `202603`, `2026年3月`. A bare
    /// year is January (or December with `last`).
    #[must_use]
    pub fn parse(text: &str, last: bool) -> Option<Self> {
        let clean: String = text.chars().map(unit::half_width).filter(|c| !c.is_whitespace()).collect();
        let mut parts = clean.split(['-', '/', '.', '年', '月', '日']).filter(|p| !p.is_empty());
        let first = parts.next()?;
        let (year, month) = match (first.len(), parts.next()) {
            (6, None) if first.is_ascii() => (first[..4].parse().ok()?, first[4..].parse().ok()?),
            (4, None) => (first.parse().ok()?, if last { 12 } else { 1 }),
            (4, Some(m)) => (first.parse().ok()?, m.parse().ok()?),
            _ => return None,
        };
        Self::of(year, month)
    }

    /// The month of a year. None outside 1..=12 or the years 1900–2999.
    #[must_use]
    pub fn of(year: i32, month: i32) -> Option<Self> {
        ((1900..3000).contains(&year) && (1..=12).contains(&month)).then_some(Self(year * 12 + month - 1))
    }

    /// Its year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.year() < 1900 {
            return write!(f, "M{:02}", self.0 + 1);
        }
        write!(f, "{:04}-{:02}", self.year(), self.0.rem_euclid(12) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        for (text, expected) in
            [("1,234.5", Some(1234.5)), ("１２", Some(12.0)), ("-0.6", Some(-0.6)), ("1e3", Some(1000.0)), ("约3", None), ("", None)]
        {
            assert_eq!(number(text), expected, "{text}");
        }
        assert_eq!(number("NaN"), None);
        assert_eq!(number("1e400"), None);
    }

    #[test]
    fn decimals_show_twelve_digits() {
        for (value, expected) in
            [(41_400.0, "41400"), (0.1 + 0.2, "0.3"), (1.0 / 3.0, "0.333333333333"), (-2.5, "-2.5"), (1e14, "100000000000000"), (0.0, "0")]
        {
            assert_eq!(decimal(value), expected);
        }
    }

    #[test]
    fn capacities_carry_a_span_of_time() {
        let u = yearly_unit("万吨/年", 330.0).unwrap();
        assert_eq!((u.unit.name, u.per_year), ("万t", 1.0));
        let u = yearly_unit("万只/日", 330.0).unwrap();
        assert_eq!((u.unit.name, u.per_year, u.by_days), ("万只", 330.0, true));
        assert_eq!(yearly_unit("GWh", 330.0).unwrap().unit.name, "GWh");
        assert_eq!(yearly_unit("t/month", 330.0).unwrap().per_year, 12.0);
        assert!(yearly_unit("斗/年", 330.0).is_none());
        assert!(yearly_unit("", 330.0).is_none());
        assert!(yearly_unit("万元/亩", 330.0).is_none());
    }

    #[test]
    fn months() {
        assert_eq!(Month::parse("2026-03", false).unwrap().to_string(), "2026-03");
        assert_eq!(Month::parse("2026", true).unwrap().to_string(), "2026-12");
        assert_eq!(Month::parse("2026年3月", false), Month::of(2026, 3));
        assert_eq!(Month::parse("202603", false), Month::of(2026, 3));
        assert_eq!(Month::parse("2026-13", false), None);
        assert_eq!(Month::parse("三月", false), None);
    }
}
