//! Missing data 缺失数据: a second value 修约值 beside the first, with its reason.
//!
//! Two water rules were found and both are kept; the gas rule fills only the
//! hourly mass. Which rule holds for a station is its own setting, from a date.

use crate::settings::Settings;
use rust_decimal::Decimal;
use values::Confidence;

/// Why an hour is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Missing {
    /// Calibration or verification failed 失控.
    OutOfControl,
    /// Maintenance, fault, other 无效.
    Invalid,
}

/// How a value was filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// HJ/T 356-2007: mean of the valid values of the same length just before.
    MeanBefore {
        /// How many values there were.
        of: usize,
    },
    /// HJ/T 356-2007, pH: their median.
    MedianBefore {
        /// How many values there were.
        of: usize,
    },
    /// HJ 356-2019: mean daily load of the last period that passed its check.
    LoadOfLastPeriod {
        /// How many days.
        of: usize,
    },
    /// HJ 75-2017: maximum of the valid hours before.
    MaximumBefore {
        /// How many hours the rule looks back over.
        hours: u32,
    },
}

/// A filled value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// The value.
    pub value: Decimal,
    /// How it was made.
    pub how: How,
    /// How sure the rule is.
    pub confidence: Confidence,
}

/// HJ/T 356-2007: a gap of `gap` values takes the mean of the valid ones of the same length just before; pH their median.
#[must_use]
pub fn water_2007(before: &[Option<Decimal>], gap: usize, is_ph: bool) -> Option<Filled> {
    let mut values: Vec<Decimal> = before.iter().rev().take(gap).filter_map(|v| *v).collect();
    let of = values.len();
    if of == 0 {
        return None;
    }
    if is_ph {
        values.sort_unstable();
        let middle = values[of / 2];
        let value = if of % 2 == 1 { middle } else { (middle + values[of / 2 - 1]) / Decimal::TWO };
        return Some(Filled { value, how: How::MedianBefore { of }, confidence: Confidence::B });
    }
    let sum = values.iter().copied().fold(Decimal::ZERO, Decimal::saturating_add);
    Some(Filled { value: sum.checked_div(Decimal::from(of))?, how: How::MeanBefore { of }, confidence: Confidence::B })
}

/// HJ 356-2019 (from memory): neither concentration nor flow is replaced; a day
/// without a valid mean takes the mean daily load of the last period that passed.
#[must_use]
pub fn water_2019(daily_loads: &[Decimal]) -> Option<Filled> {
    let sum = daily_loads.iter().copied().fold(Decimal::ZERO, Decimal::saturating_add);
    let value = sum.checked_div(Decimal::from(daily_loads.len()))?;
    Some(Filled { value, how: How::LoadOfLastPeriod { of: daily_loads.len() }, confidence: Confidence::C })
}

/// HJ 75-2017: the hourly mass of a gap of `gap_hours`, given the quarter's capture rate.
///
/// `before` are the hourly masses before the failure (or before the last
/// calibration when out of control), oldest first; None: not valid. None if
/// the rate is below the lower bound: the value stays empty.
#[must_use]
pub fn gas_mass(before: &[Option<Decimal>], gap_hours: u32, alpha: Decimal, settings: &Settings) -> Option<Filled> {
    let number = |key: &str| settings.number(key);
    if alpha < number("fill.gas.alpha_low").value {
        return None;
    }
    let key = if alpha < number("fill.gas.alpha_high").value {
        "fill.gas.hours_low_alpha"
    } else if Decimal::from(gap_hours) <= number("fill.gas.gap_hours").value {
        "fill.gas.hours_short"
    } else {
        "fill.gas.hours_long"
    };
    let setting = number(key);
    let hours = u32::try_from(setting.value.trunc().mantissa()).ok()?;
    let valid = before.iter().rev().filter_map(|v| *v).take(usize::try_from(hours).ok()?);
    Some(Filled { value: valid.max()?, how: How::MaximumBefore { hours }, confidence: setting.confidence })
}

/// Capture rate α of a quarter: (hours − stopped − invalid) / (hours − stopped).
#[must_use]
pub fn capture_rate(hours: u32, stopped: u32, invalid: u32) -> Option<Decimal> {
    let due = hours.checked_sub(stopped).filter(|d| *d > 0)?;
    Decimal::from(due.saturating_sub(invalid)).checked_div(Decimal::from(due))
}
