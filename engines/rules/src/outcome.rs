//! Outcomes 结论: four verdicts, and what each condition needed and had.

use crate::arith;
use rust_decimal::Decimal;
use values::Confidence;

/// One of four answers; what is not known is never “not met”.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// 满足
    Met,
    /// 不满足
    NotMet,
    /// 缺数据: something has to be filed first.
    DataMissing,
    /// 需人工判断: a person decides, or a rule is not confirmed yet.
    NeedsHuman,
}

impl Verdict {
    /// Stable key, as in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::DataMissing => "data_missing",
            Self::NeedsHuman => "needs_human",
        }
    }
    /// Reads a key or its Chinese word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.trim() {
            "met" | "满足" | "符合" => Self::Met,
            "not_met" | "不满足" | "不符合" => Self::NotMet,
            "data_missing" | "缺数据" => Self::DataMissing,
            "needs_human" | "需人工判断" => Self::NeedsHuman,
            _ => return None,
        })
    }
    /// As people read it.
    #[must_use]
    pub fn word(self, lang: values::Lang) -> String {
        crate::say::word(lang, &format!("verdict.{}", self.key()))
    }
    /// From true, false, or not known.
    #[must_use]
    pub fn of(truth: Option<bool>) -> Self {
        match truth {
            Some(true) => Self::Met,
            Some(false) => Self::NotMet,
            None => Self::DataMissing,
        }
    }
    /// All of them: one failure settles it; then what is missing; then what a person must decide.
    #[must_use]
    pub fn all(list: impl IntoIterator<Item = Self>) -> Self {
        Self::at_least_of(list, |met, count| met == count)
    }
    /// Any of them: one success settles it.
    #[must_use]
    pub fn any(list: impl IntoIterator<Item = Self>) -> Self {
        Self::at_least(1, list)
    }
    /// At least `k` of them.
    #[must_use]
    pub fn at_least(k: usize, list: impl IntoIterator<Item = Self>) -> Self {
        Self::at_least_of(list, |met, _| met >= k)
    }
    fn at_least_of(list: impl IntoIterator<Item = Self>, enough: impl Fn(usize, usize) -> bool) -> Self {
        let mut counts = [0usize; 4];
        for verdict in list {
            counts[verdict as usize] += 1;
        }
        let [met, _, missing, human] = counts;
        let count = counts.iter().sum();
        if enough(met, count) {
            Self::Met
        } else if !enough(met + missing + human, count) {
            Self::NotMet
        } else if missing > 0 {
            Self::DataMissing
        } else {
            Self::NeedsHuman
        }
    }
}

/// One condition, as it came out.
#[derive(Debug, Clone, PartialEq)]
pub struct ConditionOutcome {
    /// Its id.
    pub id: String,
    /// In words.
    pub label: String,
    /// The verdict.
    pub verdict: Verdict,
    /// What is needed, with its sign: `≥ 2000`.
    pub needed: String,
    /// What there is; empty if missing.
    pub has: String,
    /// By how much it fails, in `unit`; 0 if met; none where it is no number.
    pub shortfall: Option<Decimal>,
    /// Unit of the three above.
    pub unit: String,
    /// Article.
    pub clause: String,
    /// Keys of the facts that are missing.
    pub missing: Vec<String>,
    /// Where the values came from, and what proves them.
    pub evidence: Vec<String>,
    /// Why, where the verdict alone does not say it.
    pub why: String,
    /// How sure the condition is.
    pub confidence: Confidence,
}

/// An amount: a number, a range, or not known.
#[derive(Debug, Clone, PartialEq)]
pub enum Money {
    /// From low to high, in the book's money; alike for one number.
    Known(Decimal, Decimal),
    /// Not known, and why.
    Unknown(String),
}

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self::Known(Decimal::ZERO, Decimal::ZERO);

    /// `20.00`, `400.00..1600.00`; none if not known.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Known(low, high) if low == high => Some(arith::money(*low)),
            Self::Known(low, high) => Some(format!("{}..{}", arith::money(*low), arith::money(*high))),
            Self::Unknown(_) => None,
        }
    }
}

/// One clause, as it came out.
#[derive(Debug, Clone, PartialEq)]
pub struct ClauseOutcome {
    /// Its id.
    pub id: String,
    /// In words.
    pub title: String,
    /// Article.
    pub clause: String,
    /// False if it does not concern the subject.
    pub concerns: bool,
    /// The verdict.
    pub verdict: Verdict,
    /// Its conditions.
    pub conditions: Vec<ConditionOutcome>,
    /// What it pays; none if it pays nothing by nature.
    pub amount: Option<Money>,
    /// Why another clause is counted instead; empty if this one counts.
    pub left_out: String,
    /// Where its cap cut it: what it would be without.
    pub uncapped: Option<Decimal>,
}

/// One part of a score, as it came out.
#[derive(Debug, Clone, PartialEq)]
pub struct PartOutcome {
    /// Its id.
    pub id: String,
    /// In words.
    pub label: String,
    /// Group.
    pub group: String,
    /// Points, low and high, over all columns by their shares.
    pub points: (Decimal, Decimal),
    /// Most that there is to get; none where the weight is not known.
    pub most: Option<Decimal>,
    /// Its verdict: met when known for sure.
    pub verdict: Verdict,
    /// The value that was scored.
    pub has: String,
    /// Unit of it.
    pub unit: String,
    /// Keys of facts that are missing.
    pub missing: Vec<String>,
    /// Article.
    pub clause: String,
    /// How sure.
    pub confidence: Confidence,
    /// Why, where points alone do not say it.
    pub why: String,
}

/// A score, as it came out.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreOutcome {
    /// Total, low and high; none where weights are not known.
    pub total: Option<(Decimal, Decimal)>,
    /// Its parts.
    pub parts: Vec<PartOutcome>,
    /// By group: key, low, high.
    pub groups: Vec<(String, Decimal, Decimal)>,
    /// The grade, if the range lies in one.
    pub grade: Option<String>,
    /// Id of the veto that settled it.
    pub vetoed: Option<String>,
    /// Met when the total is known for sure.
    pub verdict: Verdict,
}

/// One subject under one book.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The subject.
    pub subject: String,
    /// The book, `key/version`.
    pub book: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Id of the clause that names the class, for books that choose the first.
    pub class: Option<String>,
    /// Clauses that concern the subject, and those that were asked for.
    pub clauses: Vec<ClauseOutcome>,
    /// Sum of what counts; none for a book that pays nothing.
    pub amount: Option<Money>,
    /// Clauses that are met but whose amount is not known.
    pub unknown: Vec<String>,
    /// Caps that cut the sum.
    pub capped_by: Vec<String>,
    /// Unit of amounts.
    pub unit: String,
    /// The score, if the book has one.
    pub score: Option<ScoreOutcome>,
    /// Lowest confidence of all that decided.
    pub confidence: Confidence,
}
