//! Valid hours and days 有效小时、有效日.
//!
//! Gas after HJ 75-2017 and annex D of HJ 212-2017 (45 valid minutes, 20 valid
//! hours); water after HJ 356-2019 (flow-weighted, three quarters of the hours
//! of discharge, a number of confidence C). "No valid data" is a state of its
//! own, never an old value; "no discharge" is not missing.

use crate::rollup::Agg;
use crate::settings::Settings;
use hj212::value::Moment;
use rust_decimal::Decimal;
use values::Confidence;

/// What is monitored, and how its values are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Concentration in water: weighted by flow.
    WaterWeighted,
    /// pH, temperature, conductivity in water: plain mean.
    WaterPlain,
    /// Flow of water: plain mean, total as volume.
    WaterFlow,
    /// Gas: plain mean of valid minutes.
    Gas,
}

/// What is known of an hour or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A valid value.
    Valid,
    /// Readings were there, too few of them count 有效数据不足.
    TooFew,
    /// Nothing that counts 无有效数据.
    NoValidData,
    /// Flow was measured and is zero 无排放.
    NoDischarge,
    /// Marked as stopped 停运: not due.
    NotDue,
}

/// The value of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour {
    /// Its start.
    pub start: Moment,
    /// What is known.
    pub state: State,
    /// The mean, only with [`State::Valid`].
    pub value: Option<Decimal>,
    /// Volume of the pairs that count, m³.
    pub volume: Decimal,
    /// Weighted by flow.
    pub weighted: bool,
    /// Slices that count.
    pub valid: u32,
    /// Slices due.
    pub due: u32,
    /// Slices lost to a standard-sample check.
    pub in_check: u32,
    /// How sure the rule is.
    pub confidence: Confidence,
}

/// The value of an hour from what its readings add up to.
///
/// `flow` is the hour of the flow, if the outlet has one; `slice_s` the seconds of one reading.
#[must_use]
pub fn hour(start: Moment, method: Method, agg: &Agg, flow: Option<&Agg>, slice_s: i64, settings: &Settings) -> Hour {
    let due = u32::try_from(3_600 / slice_s.max(1)).unwrap_or(1).max(1);
    let empty = Hour {
        start,
        state: State::NoValidData,
        value: None,
        volume: agg.volume,
        weighted: false,
        valid: agg.valid,
        due,
        in_check: agg.in_check,
        confidence: Confidence::A,
    };
    if agg.count > 0 && agg.not_due == agg.count {
        return Hour { state: State::NotDue, ..empty };
    }
    let idle = flow.is_some_and(|f| f.valid > 0 && f.sum.is_zero() && f.total.is_zero());
    if idle && method == Method::WaterWeighted {
        return Hour { state: State::NoDischarge, ..empty };
    }
    if agg.valid == 0 {
        return empty;
    }
    if method == Method::Gas {
        let needed = settings.number("gas.valid_minutes_per_hour");
        let minutes = Decimal::from(i64::from(agg.valid) * slice_s) / Decimal::from(60);
        let state = if minutes >= needed.value { State::Valid } else { State::TooFew };
        let value = agg.mean().filter(|_| state == State::Valid);
        return Hour { state, value, confidence: needed.confidence, ..empty };
    }
    let weighted = agg.weighted().filter(|_| method == Method::WaterWeighted);
    let value = weighted.or_else(|| agg.mean());
    Hour { state: State::Valid, value, weighted: weighted.is_some(), ..empty }
}

/// The value of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// What is known.
    pub state: State,
    /// The mean, only with [`State::Valid`].
    pub value: Option<Decimal>,
    /// Weighted by flow.
    pub weighted: bool,
    /// Hours that are valid.
    pub valid_hours: u32,
    /// Hours due: 24 less the hours stopped and those without discharge.
    pub due_hours: u32,
    /// Load of the pairs that count, in value × m³ (mg/L × m³ = g).
    pub load: Option<Decimal>,
    /// Volume of the pairs that count, m³.
    pub volume: Decimal,
    /// How sure the rule is. C: provisional 待核实, starts no deadline or task.
    pub confidence: Confidence,
}

/// The value of a day from its 24 hours; hours that are missing count as without valid data.
///
/// Water: C = Σ(Ci·Qi)/ΣQi over hours with both; gas: the mean of the valid hours.
#[must_use]
pub fn day(method: Method, hours: &[Hour], settings: &Settings) -> Day {
    let count = |state: State| u32::try_from(hours.iter().filter(|h| h.state == state).count()).unwrap_or(24);
    let idle = count(State::NoDischarge);
    let due_hours = 24u32.saturating_sub(count(State::NotDue) + idle);
    let valid: Vec<&Hour> = hours.iter().filter(|h| h.state == State::Valid && h.value.is_some()).collect();
    let valid_hours = u32::try_from(valid.len()).unwrap_or(24);
    let key = if method == Method::Gas { "gas.valid_hours_per_day" } else { "water.discharge_hours_share" };
    let needed = settings.number(key);
    let enough = match method {
        Method::Gas => Decimal::from(valid_hours) >= needed.value,
        _ => Decimal::from(valid_hours) >= needed.value * Decimal::from(due_hours),
    };
    let empty = Day {
        state: State::NoValidData,
        value: None,
        weighted: false,
        valid_hours,
        due_hours,
        load: None,
        volume: Decimal::ZERO,
        confidence: needed.confidence,
    };
    if due_hours == 0 {
        return Day { state: if idle > 0 { State::NoDischarge } else { State::NotDue }, ..empty };
    }
    if valid_hours == 0 {
        return empty;
    }
    let pairs = valid.iter().filter(|h| h.weighted && method == Method::WaterWeighted);
    let (product, volume) = pairs.fold((Decimal::ZERO, Decimal::ZERO), |(p, v), h| {
        (p.saturating_add(h.value.unwrap_or_default().saturating_mul(h.volume)), v.saturating_add(h.volume))
    });
    let weighted = if volume.is_zero() { None } else { product.checked_div(volume) };
    let sum = valid.iter().filter_map(|h| h.value).fold(Decimal::ZERO, Decimal::saturating_add);
    let plain = sum.checked_div(Decimal::from(valid_hours));
    Day {
        state: if enough { State::Valid } else { State::TooFew },
        value: weighted.or(plain).filter(|_| enough),
        weighted: weighted.is_some(),
        load: weighted.map(|_| product),
        volume,
        ..empty
    }
}
