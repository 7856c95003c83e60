//! A figure: the only number that a page, a report or the API may print.
//!
//! Value + unit + period + scope + as-of + a handle by which its lineage is
//! found when somebody asks. What cannot be given is a figure with a reason,
//! never 0 or NaN.

use crate::{Confidence, Date, Period};
use rust_decimal::Decimal;

/// Why a figure has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nobody filed it 未报.
    NotFiled,
    /// No target is set 未下达目标.
    NoTarget,
    /// The visitor has no right to see it.
    Hidden,
    /// Too few units or one dominates 保密.
    Secret,
    /// Not announced yet 未公布.
    NotAnnounced,
    /// There is no base to grow from (base missing, zero or negative).
    NoBase,
    /// The parts do not allow it, e.g. a denominator of zero.
    NotComputable,
}

impl Reason {
    /// Stable key, as in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::NotFiled => "not_filed",
            Self::NoTarget => "no_target",
            Self::Hidden => "hidden",
            Self::Secret => "secret",
            Self::NotAnnounced => "not_announced",
            Self::NoBase => "no_base",
            Self::NotComputable => "not_computable",
        }
    }
    /// The word that stands in the number's place on a Chinese page.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotFiled => "未报",
            Self::NoTarget => "未下达",
            Self::Hidden => "无权查看",
            Self::Secret => "保密",
            Self::NotAnnounced => "未公布",
            Self::NoBase => "无基数",
            Self::NotComputable => "无法计算",
        }
    }
}

/// How a growth is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GrowthKind {
    /// Given by who published the value.
    Given,
    /// Computed over the same subjects, from the base that they filed 同口径.
    SameScope,
    /// Computed from the totals as listed.
    Listed,
}

impl GrowthKind {
    /// Stable key, as in JSON and definitions.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::SameScope => "same_scope",
            Self::Listed => "listed",
        }
    }
}

/// Growth on the same period of the year before, in % (or 百分点 for rates).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Growth {
    /// How it is known.
    pub how: GrowthKind,
    /// The number, unrounded where computed.
    pub value: Decimal,
    /// `%` or `百分点`.
    pub unit: &'static str,
}

/// The target that a figure is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetPart {
    /// The target in the figure's display unit; none for a target given in words.
    pub value: Option<Decimal>,
    /// Unit of `value`.
    pub unit: String,
    /// `eq ge gt le lt about range text`.
    pub bound: String,
    /// The words of a text target.
    pub text: String,
    /// Completion in %, none where not defined (growth targets, zero target).
    pub completion: Option<Decimal>,
    /// Completion minus 序时进度, in 百分点.
    pub pace: Option<Decimal>,
}

/// One printed number with everything needed to check it.
///
/// `value` is in `unit` (as filed, unrounded), `display` is the printed text
/// without unit, in `display_unit`, already rounded.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Metric key.
    pub metric: String,
    /// Label in the page's language.
    pub label: String,
    /// Zone key.
    pub zone: String,
    /// `zone`, `enterprise:12`, `peer:…`.
    pub subject: String,
    /// Slice as `dimension=value`, or none.
    pub slice: Option<String>,
    /// The period it speaks of.
    pub period: Period,
    /// actual · target · forecast.
    pub scenario: String,
    /// Where its values come from: enterprise, statistics, office, published …
    pub source: String,
    /// Value in `unit`.
    pub value: Option<Decimal>,
    /// Unit of `value`, as filed.
    pub unit: String,
    /// Printed number without its unit, or the reason's word.
    pub display: String,
    /// Unit that is printed beside `display`.
    pub display_unit: String,
    /// `eq ge gt le lt about range text`.
    pub bound: String,
    /// estimate · preliminary · final · carried.
    pub status: String,
    /// Growth on the year before, if known.
    pub growth: Option<Growth>,
    /// Target and completion, if a target is set.
    pub target: Option<TargetPart>,
    /// How many of how many filed, if it is made of filings.
    pub filed: Option<(u32, u32)>,
    /// The part of `value` that rests on carried or estimated values.
    pub estimated: Option<Decimal>,
    /// Last day that the data speaks of.
    pub as_of: Option<Date>,
    /// Commit of the zone that it was computed at.
    pub seq: i64,
    /// Handle by which lineage is found: `f1:…`.
    pub handle: String,
    /// Lowest confidence of its inputs.
    pub confidence: Confidence,
    /// Why there is no value.
    pub reason: Option<Reason>,
}
