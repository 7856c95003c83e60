//! Measures 量纲: the unit of a number inside an expression, quotients included.
//!
//! `values::Unit` is one printed unit; an expression also meets 万元/亩,
//! tce/万元 and calendar spans (年, 个月), which are no fixed number of days.

use rust_decimal::Decimal;
use std::fmt;
use values::{Quantity, Unit};

/// One dimension of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// A quantity with a base unit.
    Of(Quantity),
    /// Calendar months; a year is twelve.
    Months,
}

/// What a number is measured in: dimensions with exponents, a factor to the base units, and a printed name.
///
/// Shares, percentage points, scores and multiples have no dimension; `%` has the factor 1/100.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Measure {
    dims: Vec<(Dimension, i8)>,
    num: i128,
    den: i128,
    name: String,
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.max(1) } else { gcd(b, a % b) }
}

/// The printed unit that has just this dimension and factor, if there is one.
fn single_unit(dims: &[(Dimension, i8)], num: i128, den: i128) -> Option<&'static str> {
    let [(Dimension::Of(quantity), 1)] = dims else { return None };
    let same = |u: &&Unit| u.quantity == *quantity && i128::from(u.num) * den == num * i128::from(u.den);
    values::unit::UNITS.iter().find(same).map(|u| u.name)
}

impl Measure {
    /// Plain numbers: a ratio, a multiple.
    #[must_use]
    pub fn ratio() -> Self {
        Self { dims: Vec::new(), num: 1, den: 1, name: String::new() }
    }
    /// Of one unit.
    #[must_use]
    pub fn of(unit: &Unit) -> Self {
        let (mut num, mut den) = (i128::from(unit.num), i128::from(unit.den));
        let dims = match unit.quantity {
            Quantity::Percent | Quantity::PercentPoint => {
                den *= 100;
                Vec::new()
            }
            Quantity::Ratio => Vec::new(),
            quantity => vec![(Dimension::Of(quantity), 1)],
        };
        let shared = gcd(num, den);
        num /= shared;
        den /= shared;
        Self { dims, num, den, name: unit.name.to_owned() }
    }
    /// Reads a unit, a quotient of two (`万元/亩`), or a calendar span (年, 个月). `None` if it is none of these.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(one) = Self::single(text) {
            return Some(one);
        }
        let (top, bottom) = text.split_once('/')?;
        let (top, bottom) = (Self::single(top)?, Self::single(bottom)?);
        let mut both = top.over(&bottom)?;
        both.name = format!("{}/{}", top.name, bottom.name);
        Some(both)
    }
    fn single(text: &str) -> Option<Self> {
        let months = match text {
            "年" | "周年" => 12,
            "个月" | "月" => 1,
            "季度" | "季" => 3,
            _ => return values::unit::find(text).map(Self::of),
        };
        let name = if months == 1 { "个月" } else { text };
        Some(Self { dims: vec![(Dimension::Months, 1)], num: months, den: 1, name: name.to_owned() })
    }
    /// As printed; empty for a plain ratio.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
    /// True if it has no dimension.
    #[must_use]
    pub fn is_ratio(&self) -> bool {
        self.dims.is_empty()
    }
    /// True for `%`, `‰` and 百分点.
    #[must_use]
    pub fn is_percent(&self) -> bool {
        self.dims.is_empty() && self.den > 1
    }
    /// True for counted things and nothing else.
    #[must_use]
    pub fn is_count(&self) -> bool {
        self.dims == [(Dimension::Of(Quantity::Count), 1)]
    }
    /// True for calendar spans.
    #[must_use]
    pub fn is_months(&self) -> bool {
        self.dims == [(Dimension::Months, 1)]
    }
    /// True for time in days, hours.
    #[must_use]
    pub fn is_days(&self) -> bool {
        self.dims == [(Dimension::Of(Quantity::Time), 1)]
    }
    /// True if the two can be added and compared.
    ///
    /// Counts are left out of quotients (200 万元/个 × 3 个 is money, and so is 200 万元 × 3 个),
    /// but a bare count is never compared with a share.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        if self.is_count() && other.is_percent() || self.is_percent() && other.is_count() {
            return false;
        }
        let plain = |m: &Self| m.dims.iter().copied().filter(|(d, _)| *d != Dimension::Of(Quantity::Count)).collect::<Vec<_>>();
        plain(self) == plain(other)
    }
    /// What a number in `self` is multiplied by and divided by to be in `other`; `None` if not alike or too large.
    #[must_use]
    pub fn factor_to(&self, other: &Self) -> Option<(Decimal, Decimal)> {
        if !self.is_like(other) {
            return None;
        }
        let num = self.num.checked_mul(other.den)?;
        let den = self.den.checked_mul(other.num)?;
        let shared = gcd(num, den);
        Some((Decimal::try_from_i128_with_scale(num / shared, 0).ok()?, Decimal::try_from_i128_with_scale(den / shared, 0).ok()?))
    }
    /// Product of two measures. `None` if the factor grows too large.
    #[must_use]
    pub fn times(&self, other: &Self) -> Option<Self> {
        self.combine(other, 1, "·")
    }
    /// Quotient of two measures. `None` if the factor grows too large.
    #[must_use]
    pub fn over(&self, other: &Self) -> Option<Self> {
        let turned = Self { num: other.den, den: other.num, ..other.clone() };
        self.combine(&turned, -1, "/")
    }
    fn combine(&self, other: &Self, sign: i8, joint: &str) -> Option<Self> {
        let mut dims = self.dims.clone();
        for (dimension, power) in &other.dims {
            let power = power.checked_mul(sign)?;
            match dims.iter_mut().find(|(d, _)| d == dimension) {
                Some((_, have)) => *have = have.checked_add(power)?,
                None => dims.push((*dimension, power)),
            }
        }
        dims.retain(|(_, power)| *power != 0);
        dims.sort_unstable();
        // 200 万元 for each of 3 个 is money.
        if sign > 0 && dims.len() > 1 {
            dims.retain(|(d, power)| *d != Dimension::Of(Quantity::Count) || *power < 0);
        }
        let (num, den) = (self.num.checked_mul(other.num)?, self.den.checked_mul(other.den)?);
        let shared = gcd(num, den);
        let name = match (self.name.as_str(), other.name.as_str()) {
            _ if dims.is_empty() => String::new(),
            (name, "") => name.to_owned(),
            ("", name) if sign > 0 => name.to_owned(),
            (a, b) => match single_unit(&dims, num / shared, den / shared) {
                Some(unit) => unit.to_owned(),
                None => format!("{a}{joint}{b}"),
            },
        };
        Some(Self { dims, num: num / shared, den: den / shared, name })
    }
    /// The same dimensions with the factor 1, if there is no dimension; otherwise itself.
    #[must_use]
    pub(crate) fn plain(&self) -> Self {
        if self.dims.is_empty() { Self::ratio() } else { self.clone() }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn m(text: &str) -> Measure {
        Measure::parse(text).unwrap_or_else(|| panic!("{text}"))
    }
    fn factor(from: &str, to: &str) -> Option<String> {
        m(from).factor_to(&m(to)).map(|(n, d)| format!("{n}/{d}"))
    }

    #[test]
    fn units_convert_by_exact_factors() {
        assert_eq!(factor("亿元", "万元").as_deref(), Some("10000/1"));
        assert_eq!(factor("元/亩", "万元/亩").as_deref(), Some("1/10000"));
        assert_eq!(factor("元/m²", "万元/亩").as_deref(), Some("1/15"));
        assert_eq!(factor("%", "‰").as_deref(), Some("10/1"));
        assert_eq!(factor("年", "个月").as_deref(), Some("12/1"));
        assert_eq!(factor("万元", "亩"), None);
        assert_eq!(factor("人", "%"), None);
        assert_eq!(factor("万元/个", "万元").as_deref(), Some("1/1"));
        assert!(Measure::parse("斗").is_none() && Measure::parse("万元/斗").is_none());
    }

    #[test]
    fn quotients_name_themselves() {
        assert_eq!(m("万元").over(&m("亩")).unwrap().name(), "万元/亩");
        assert_eq!(m("万元").over(&m("亿元")).unwrap().name(), "");
        assert!(m("万元/亩").times(&m("亩")).unwrap().is_like(&m("元")));
    }
}
