//! A metric's definition 指标定义, as it stands in a TOML file.
//!
//! One table a metric; `[[key]]` where a metric has several versions by
//! `valid_from`. Keys are explained in `docs/metrics.md`. Loaded from strings:
//! who calls knows where files lie.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use values::texts::Label;
use values::unit::{self, Quantity};
use values::{Confidence, Fixed, GrowthKind, Period};

/// How a metric lives in time 时间属性.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Time {
    /// Adds up over months 时期数.
    Flow,
    /// Reported from January on 累计; a month is the difference of two.
    Cumulative,
    /// A level at the end of the period 时点数; a span takes its last.
    Stock,
    /// Computed from parts, or given as it is; never added, never averaged.
    Ratio,
}

/// Whether January is published alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum January {
    /// January has a value of its own.
    #[default]
    Own,
    /// The first figure of the year is 1–2月.
    Merged,
}

/// Price basis of the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Price {
    /// Current prices 现价.
    Current,
    /// Constant prices 可比价.
    Constant,
    /// No price in it.
    #[default]
    None,
}

/// Which way is better; colours a state, never an arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Neither.
    #[default]
    None,
}

/// How often it is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Cycle {
    /// Each month.
    #[default]
    Monthly,
    /// Each quarter.
    Quarterly,
    /// Each half-year.
    Halfyearly,
    /// Each year.
    Yearly,
}

impl Cycle {
    /// Months from one report to the next.
    #[must_use]
    pub fn months(self) -> i32 {
        match self {
            Self::Monthly => 1,
            Self::Quarterly => 3,
            Self::Halfyearly => 6,
            Self::Yearly => 12,
        }
    }
}

/// How growth may be known, as definitions write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrowthWay {
    /// Given by who published the value.
    Given,
    /// Computed over the same subjects from the filed base 同口径.
    SameScope,
    /// Computed from the totals as listed.
    Listed,
}

impl From<GrowthWay> for GrowthKind {
    fn from(way: GrowthWay) -> Self {
        match way {
            GrowthWay::Given => Self::Given,
            GrowthWay::SameScope => Self::SameScope,
            GrowthWay::Listed => Self::Listed,
        }
    }
}

/// One version of one metric, as written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// What it is called.
    pub label: Label,
    /// What exactly is counted 指标解释.
    #[serde(default)]
    pub definition: Label,
    /// What it measures; fixes the scale.
    pub quantity: Quantity,
    /// Unit as filed.
    pub unit: String,
    /// Unit as printed; the filed one if left out.
    #[serde(default)]
    pub display: String,
    /// Digits kept after the point in `unit`; money and dollars always keep 分 and cents.
    #[serde(default)]
    pub digits: Option<u8>,
    /// Digits printed after the point in `display`.
    #[serde(default)]
    pub decimals: Option<u8>,
    /// How it lives in time.
    pub time: Time,
    /// Whether January stands alone.
    #[serde(default)]
    pub january: January,
    /// Price basis.
    #[serde(default)]
    pub price: Price,
    /// `facts`, or left out where `ledger` or `formula` is given.
    #[serde(default)]
    pub from: String,
    /// Ledger whose rows are counted or added.
    #[serde(default)]
    pub ledger: String,
    /// `count` or `sum(field)` over the ledger's rows.
    #[serde(default)]
    pub aggregate: String,
    /// Expression over other metrics.
    #[serde(default)]
    pub formula: String,
    /// Kind of subject that it is filed by.
    #[serde(default = "zone")]
    pub subjects: String,
    /// Which subjects or ledger rows count.
    #[serde(default, rename = "where")]
    pub filter: String,
    /// How growth is known, the first that is; empty where growth means nothing.
    #[serde(default)]
    pub growth: Vec<GrowthWay>,
    /// Sources, the first that has a value.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Dimensions by which it may be cut.
    #[serde(default)]
    pub slices: Vec<String>,
    /// Which way is better.
    #[serde(default)]
    pub better: Better,
    /// How often it is reported.
    #[serde(default)]
    pub cycle: Cycle,
    /// A slice of fewer units than this is secret 保密; 0 for none.
    #[serde(default)]
    pub secret_below: u32,
    /// A slice in which one unit holds more than this share, in %, is secret; 0 for none.
    #[serde(default)]
    pub secret_above_share: u32,
    /// Label of the additions of the period 新增, for counts of titles; the metric `KEY.added` exists where this is given.
    #[serde(default)]
    pub added: Option<Label>,
    /// Office that answers for it.
    #[serde(default)]
    pub owner: String,
    /// Where the definition comes from.
    pub source: String,
    /// How sure the definition is.
    pub confidence: Confidence,
    /// First month that this version holds for.
    pub valid_from: String,
    /// Last month that it holds for; empty while it holds.
    #[serde(default)]
    pub valid_to: String,
}

fn zone() -> String {
    "zone".to_owned()
}

/// Where a metric's values come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin<'a> {
    /// Filed or published values.
    Facts,
    /// Rows of a ledger, counted.
    Count(&'a str),
    /// A field of a ledger's rows, added: ledger and field.
    Sum(&'a str, &'a str),
    /// Other metrics.
    Formula(&'a str),
}

/// One version of one metric, with its key and version hash.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// Stable key; `four_above.added` for additions.
    pub key: String,
    /// As written.
    pub is: Definition,
    /// First month, as index.
    pub first: i32,
    /// Last month, as index; far in the future while it holds.
    pub last: i32,
    /// Version: the first 16 hexadecimal characters of the definition's SHA-256.
    pub hash: String,
    /// File that it stands in.
    pub file: String,
}

/// Why a written value cannot be taken over into a metric's column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The unit measures something else, or is unknown.
    #[error("{metric} 的单位是“{expected}”，不能换算“{found}”")]
    Unit {
        /// Metric key.
        metric: String,
        /// Unit of the metric.
        expected: String,
        /// Unit as written.
        found: String,
    },
    /// More digits than the column keeps.
    #[error("{value} 的小数位多于存储位数")]
    TooFine {
        /// As written.
        value: Decimal,
    },
    /// Beyond 64 bits at the metric's scale.
    #[error("{value} 太大，存不下")]
    Overflow {
        /// As written.
        value: Decimal,
    },
}

impl Metric {
    /// A version of a metric; `None` if `valid_from` or `valid_to` is no month (the checker says which).
    #[must_use]
    pub fn new(key: &str, is: Definition, file: &str) -> Option<Self> {
        let first = Period::parse(&is.valid_from).ok()?.first();
        let last = if is.valid_to.is_empty() { i32::MAX } else { Period::parse(&is.valid_to).ok()?.last() };
        let mut digest = Sha256::new();
        digest.update(key.as_bytes());
        digest.update(toml::to_string(&is).ok()?.as_bytes());
        let hash = digest.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect();
        Some(Self { key: key.to_owned(), is, first, last, hash, file: file.to_owned() })
    }

    /// Where its values come from; facts unless a ledger or formula is named.
    #[must_use]
    pub fn origin(&self) -> Origin<'_> {
        if !self.is.formula.is_empty() {
            return Origin::Formula(&self.is.formula);
        }
        if self.is.ledger.is_empty() {
            return Origin::Facts;
        }
        match self.is.aggregate.strip_prefix("sum(").and_then(|rest| rest.strip_suffix(')')) {
            Some(field) => Origin::Sum(&self.is.ledger, field.trim()),
            None => Origin::Count(&self.is.ledger),
        }
    }

    /// Unit in which the column counts: 元 for money, 美元 for dollars, the filed unit for all else.
    #[must_use]
    pub fn stored_unit(&self) -> &str {
        match self.is.quantity {
            Quantity::Money => "元",
            Quantity::Usd => "美元",
            _ => &self.is.unit,
        }
    }

    /// Digits that the column keeps, in [`Metric::stored_unit`].
    #[must_use]
    pub fn digits(&self) -> u8 {
        match self.is.quantity {
            Quantity::Money | Quantity::Usd => 2,
            other => self.is.digits.unwrap_or_else(|| other.scale()).min(12),
        }
    }

    /// Digits that are printed, in the display unit.
    #[must_use]
    pub fn decimals(&self) -> u32 {
        let usual = match self.is.quantity {
            Quantity::Count => 0,
            _ => 2,
        };
        u32::from(self.is.decimals.unwrap_or(usual))
    }

    /// Unit that is printed.
    #[must_use]
    pub fn display_unit(&self) -> &str {
        if self.is.display.is_empty() { &self.is.unit } else { &self.is.display }
    }

    /// Takes a written value over, exactly.
    ///
    /// # Errors
    /// A unit that measures something else, digits that would be lost, or a number beyond 64 bits.
    pub fn read(&self, value: Decimal, unit: &str) -> Result<i64, ReadError> {
        let wrong = || ReadError::Unit { metric: self.key.clone(), expected: self.is.unit.clone(), found: unit.to_owned() };
        let stored = convert_named(value, unit, self.stored_unit()).ok_or_else(wrong)?;
        Fixed::exact(stored, self.digits()).map(|f| f.raw).map_err(|e| match e {
            values::fixed::FixedError::TooFine { .. } => ReadError::TooFine { value },
            values::fixed::FixedError::Overflow { .. } => ReadError::Overflow { value },
        })
    }

    /// A column's number in the filed unit; `None` beyond the 96 bits of a decimal.
    #[must_use]
    pub fn decimal(&self, raw: i128) -> Option<Decimal> {
        let stored = Decimal::try_from_i128_with_scale(raw, u32::from(self.digits())).ok()?;
        convert_named(stored, self.stored_unit(), &self.is.unit)
    }

    /// A value in the filed unit, in the display unit, unrounded.
    #[must_use]
    pub fn to_display(&self, value: Decimal) -> Option<Decimal> {
        convert_named(value, &self.is.unit, self.display_unit())
    }

    /// A value in the filed unit, as printed: display unit, rounded half away from zero, all its digits shown.
    #[must_use]
    pub fn print(&self, value: Decimal) -> Option<String> {
        let mut shown = values::fixed::round(self.to_display(value)?, self.decimals());
        shown.rescale(self.decimals());
        Some(shown.to_string())
    }

    /// True for rates, whose change is in 百分点.
    #[must_use]
    pub fn is_rate(&self) -> bool {
        matches!(self.is.quantity, Quantity::Percent | Quantity::PercentPoint)
    }

    /// True if this version holds in that month.
    #[must_use]
    pub fn holds_in(&self, month: i32) -> bool {
        (self.first..=self.last).contains(&month)
    }
}

/// Converts between two printed units; quotients such as 万元/亩 convert part by part.
#[must_use]
pub fn convert_named(value: Decimal, from: &str, to: &str) -> Option<Decimal> {
    if from == to {
        return Some(value);
    }
    if let (Some(from), Some(to)) = (unit::find(from), unit::find(to)) {
        return unit::convert(value, from, to);
    }
    let ((top, bottom), (to_top, to_bottom)) = (from.split_once('/')?, to.split_once('/')?);
    let top = convert_named(value, top, to_top)?;
    // x per `bottom` is x · (bottom in to_bottom)⁻¹ per `to_bottom`.
    let one = convert_named(Decimal::ONE, bottom, to_bottom)?;
    top.checked_div(one)
}

/// What a file holds: versions in order of writing.
///
/// # Errors
/// The TOML error with its line, in the parser's words.
pub fn parse_file(text: &str) -> Result<Vec<(String, Definition)>, String> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMore {
        Many(Vec<toml::Value>),
        One(toml::Value),
    }
    let table: std::collections::BTreeMap<String, OneOrMore> = toml::from_str(text).map_err(|e| e.to_string())?;
    let mut all = Vec::new();
    for (key, value) in table {
        let versions = match value {
            OneOrMore::One(one) => vec![one],
            OneOrMore::Many(many) => many,
        };
        for version in versions {
            let definition = version.try_into::<Definition>().map_err(|e| format!("[{key}] {e}"))?;
            all.push((key.clone(), definition));
        }
    }
    Ok(all)
}
