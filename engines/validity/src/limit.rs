//! Limits 排放限值 and the comparison with them.
//!
//! A limit says what it is for: kind of compound, point and receiver,
//! averaging, unit, from when. A row that lacks averaging, receiver or
//! valid-from, or that is of confidence C, is shown and judges nothing.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize};
use values::{Confidence, unit};

/// Where the water goes 受纳去向.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Receiver {
    /// A water body 水体.
    WaterBody,
    /// A park's works 园区污水处理厂.
    ParkWorks,
    /// A town's works or sewer 城镇污水处理厂.
    TownWorks,
}

/// Over which time a limit holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Averaging {
    /// A single value 瞬时值.
    Instant,
    /// An hour's mean 小时均值.
    Hour,
    /// A day's mean 日均值.
    Day,
}

/// How a value is compared (GB/T 8170).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// 全数值比较法: as measured. The usual one unless a standard says otherwise.
    #[default]
    Full,
    /// 修约值比较法: rounded to the decimals of the limit, half to even.
    Rounded,
}

/// One row of a standard, or of a permit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Stable key.
    pub key: String,
    /// Standard, or the permit's number.
    pub standard: String,
    /// Class or table.
    pub class: String,
    /// Factor code; empty where HJ 212 has none.
    pub factor: String,
    /// Pollutant.
    pub zh: String,
    /// Kind of compound or trade that it holds for; empty: all.
    pub kind: String,
    /// Least allowed; with `high` a range (pH).
    #[serde(deserialize_with = "number")]
    pub low: Option<Decimal>,
    /// Most allowed.
    #[serde(deserialize_with = "number")]
    pub high: Option<Decimal>,
    /// Unit of the numbers.
    pub unit: String,
    /// Where it is measured: `outlet`, `workshop_outlet`, `sewer_connection`, `boundary`, `product`.
    pub point: String,
    /// Receivers, separated by `|`; empty: not known.
    pub receiver: String,
    /// Averaging; None: not known.
    pub averaging: Option<Averaging>,
    /// First day, ISO 8601; empty: not known.
    pub valid_from: String,
    /// Last day; empty: none.
    pub valid_to: String,
    /// Where it was read.
    pub source: String,
    /// How sure.
    pub confidence: Confidence,
    /// Remark.
    pub note: String,
}

/// A number as text, its decimals kept (they matter when rounding); empty is none.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() { Ok(None) } else { Decimal::from_str_exact(&text).map(Some).map_err(serde::de::Error::custom) }
}

/// Why a limit judges nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Silent {
    /// No number was seen.
    NoNumber,
    /// It does not say over which time it holds.
    NoAveraging,
    /// It does not say for which receiver.
    NoReceiver,
    /// It does not say from when.
    NoValidFrom,
    /// It is from memory 待核实.
    Unconfirmed,
}

/// Which outlet a limit is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Standard.
    pub standard: &'a str,
    /// Class or table; the outlet's, as its permit names it.
    pub class: &'a str,
    /// Kind of compound; empty: none.
    pub kind: &'a str,
    /// Point.
    pub point: &'a str,
    /// Receiver.
    pub receiver: Receiver,
    /// Factor code.
    pub factor: &'a str,
    /// Day, ISO 8601.
    pub day: &'a str,
}

impl Limit {
    /// What keeps it from judging; empty: nothing.
    #[must_use]
    pub fn silent(&self) -> Vec<Silent> {
        let mut why = Vec::new();
        let mut note = |is: bool, what: Silent| {
            if is {
                why.push(what)
            }
        };
        note(self.low.is_none() && self.high.is_none(), Silent::NoNumber);
        note(self.averaging.is_none(), Silent::NoAveraging);
        note(self.receiver.is_empty(), Silent::NoReceiver);
        note(self.valid_from.is_empty(), Silent::NoValidFrom);
        note(self.confidence == Confidence::C, Silent::Unconfirmed);
        why
    }

    /// True if it holds for that receiver.
    #[must_use]
    pub fn is_for(&self, receiver: Receiver) -> bool {
        let name = match receiver {
            Receiver::WaterBody => "water_body",
            Receiver::ParkWorks => "park_works",
            Receiver::TownWorks => "town_works",
        };
        self.receiver.split('|').any(|r| r == name)
    }

    /// True if it stands for what is wanted, on that day. It may still be silent.
    #[must_use]
    pub fn applies(&self, wanted: &Wanted<'_>) -> bool {
        self.standard == wanted.standard
            && self.class == wanted.class
            && self.factor == wanted.factor
            && self.point == wanted.point
            && (self.kind.is_empty() || self.kind == wanted.kind)
            && (self.receiver.is_empty() || self.is_for(wanted.receiver))
            && (self.valid_from.is_empty() || self.valid_from.as_str() <= wanted.day)
            && (self.valid_to.is_empty() || wanted.day <= self.valid_to.as_str())
    }
}

/// Why limits could not be read.
#[derive(Debug, thiserror::Error)]
#[error("限值表有误")]
pub struct LimitsError(#[from] csv::Error);

/// The limits that the program carries.
///
/// # Panics
/// Never: a test reads them.
#[must_use]
pub fn embedded() -> Vec<Limit> {
    read(include_str!("../../../definitions/environment/limits.csv")).expect("the embedded limits are read by a test")
}

/// Reads a table of limits.
///
/// # Errors
/// The first row that does not fit.
pub fn read(text: &str) -> Result<Vec<Limit>, LimitsError> {
    Ok(csv::Reader::from_reader(text.as_bytes()).deserialize().collect::<Result<_, _>>()?)
}

/// How a value stands to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparing {
    /// Within.
    Within,
    /// Above the upper limit; how many times over it: C/limit − 1.
    Above {
        /// 超标倍数.
        times: Option<Decimal>,
    },
    /// Below the lower limit of a range.
    Below,
    /// The units measure different things; nothing is said.
    UnitsDiffer,
    /// One of the units is unknown; nothing is said.
    UnitUnknown,
}

/// Compares a value in its own unit with a limit.
///
/// µg/L converts to mg/L; a value without a known unit is compared only with a
/// limit that has the very same unit text (pH has none).
#[must_use]
pub fn compare(value: Decimal, value_unit: &str, limit: &Limit, comparison: Comparison) -> Comparing {
    let value = if value_unit == limit.unit {
        value
    } else {
        let (Some(from), Some(to)) = (unit::find(value_unit), unit::find(&limit.unit)) else { return Comparing::UnitUnknown };
        match unit::convert(value, from, to) {
            Some(converted) => converted,
            None => return Comparing::UnitsDiffer,
        }
    };
    let at = |bound: Decimal| match comparison {
        Comparison::Full => value,
        Comparison::Rounded => value.round_dp_with_strategy(bound.scale(), RoundingStrategy::MidpointNearestEven),
    };
    if let Some(high) = limit.high
        && at(high) > high
    {
        let times = at(high).checked_div(high).and_then(|t| t.checked_sub(Decimal::ONE)).filter(|_| limit.low.is_none());
        return Comparing::Above { times };
    }
    if limit.low.is_some_and(|low| at(low) < low) {
        return Comparing::Below;
    }
    Comparing::Within
}

/// What follows from a value and a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Within.
    Within,
    /// Above, but the limit is for a longer time, or a sample on site decides: 预警.
    Warning,
    /// Above for the time that the limit is for: 超标.
    Breach,
    /// There is no valid value 无有效数据; an earlier verdict does not stand for it.
    NoValidData,
    /// Nothing was discharged.
    NoDischarge,
    /// A person has to decide: the limit lacks something or is unconfirmed, or units differ 需人工判断.
    NeedsPerson,
}

/// A verdict with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// How the value stands to the limit, if it was compared.
    pub comparing: Option<Comparing>,
    /// Why the limit judges nothing.
    pub silent: Vec<Silent>,
    /// Lowest confidence of limit and value.
    pub confidence: Confidence,
}

/// Judges a value of `over` (an instant, an hour, a day) by a limit.
///
/// Hour against a day's limit is a warning, day against a day's limit a
/// breach, an online instant against an instant limit a warning: the sample
/// taken on site decides there. A day's mean says nothing about a shorter limit.
#[must_use]
pub fn judge(
    value: Option<Decimal>,
    value_unit: &str,
    over: Averaging,
    limit: &Limit,
    comparison: Comparison,
    confidence: Confidence,
) -> Judgement {
    let silent = limit.silent();
    let confidence = confidence.lower(limit.confidence);
    let Some(value) = value else {
        return Judgement { verdict: Verdict::NoValidData, comparing: None, silent, confidence };
    };
    let comparing = compare(value, value_unit, limit, comparison);
    let out = matches!(comparing, Comparing::Above { .. } | Comparing::Below);
    let averaging = limit.averaging.unwrap_or(Averaging::Day);
    let verdict = match comparing {
        _ if !silent.is_empty() => Verdict::NeedsPerson,
        Comparing::UnitsDiffer | Comparing::UnitUnknown => Verdict::NeedsPerson,
        _ if over > averaging && averaging != Averaging::Instant => Verdict::NeedsPerson,
        _ if !out => Verdict::Within,
        _ if averaging == Averaging::Instant || over < averaging => Verdict::Warning,
        _ => Verdict::Breach,
    };
    Judgement { verdict, comparing: Some(comparing), silent, confidence }
}

/// Minutes of a day in which a range (pH) was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutOfRange {
    /// Longest at a time.
    pub longest_minutes: Decimal,
    /// All together.
    pub minutes: Decimal,
}

/// Adds up how long values stood outside a range. `values` are neighbours of `slice_s` seconds; None: not valid.
#[must_use]
pub fn out_of_range(values: &[Option<Decimal>], slice_s: i64, limit: &Limit) -> OutOfRange {
    let (mut run, mut longest, mut all) = (0i64, 0i64, 0i64);
    for value in values {
        let out = value.is_some_and(|v| limit.high.is_some_and(|h| v > h) || limit.low.is_some_and(|l| v < l));
        run = if out { run + 1 } else { 0 };
        longest = longest.max(run);
        all += i64::from(out);
    }
    let minutes = |slices: i64| Decimal::from(slices * slice_s) / Decimal::from(60);
    OutOfRange { longest_minutes: minutes(longest), minutes: minutes(all) }
}
