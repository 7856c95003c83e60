//! A rule book 规则书: clauses, their conditions, amounts and scores, as data.
//!
//! How a book is written is described in `docs/rules.md`; [`crate::read`]
//! reads it. Everything here is checked already: names are resolved, units
//! converted.

use expr::{Comparison, Expr, Kind, Measure};
use rust_decimal::Decimal;
use values::texts::Label;
use values::{Confidence, Date};

/// First application or review of a title already held 新申报 or 复核.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Occasion {
    /// First application 新申报.
    #[default]
    New,
    /// Review 复核.
    Review,
}

/// How the clauses of a book make up its verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Choose {
    /// Each clause stands for itself and may pay (policies).
    #[default]
    Each,
    /// One clause is enough (a title with several doors).
    Any,
    /// All are needed.
    All,
    /// The first that is met names the class (sizes, grades).
    First,
}

/// One rule book, one version.
#[derive(Debug, Clone)]
pub struct Book {
    /// Stable key; versions of one book share it.
    pub key: String,
    /// Other names that cases and other books call it by.
    pub aliases: Vec<String>,
    /// Which version.
    pub version: String,
    /// Name.
    pub title: Label,
    /// Who issued it.
    pub issuer: String,
    /// Document and where it was read.
    pub source: String,
    /// What is doubtful, in words.
    pub note: String,
    /// How sure.
    pub confidence: Confidence,
    /// First day in force.
    pub valid_from: Option<Date>,
    /// Last day in force.
    pub valid_to: Option<Date>,
    /// Last day on which reviews still follow it, where later than `valid_to`.
    pub review_to: Option<Date>,
    /// Only for new applications, or only for reviews.
    pub occasion: Option<Occasion>,
    /// Keys of the books that it replaces.
    pub supersedes: Vec<String>,
    /// How clauses combine.
    pub choose: Choose,
    /// Unit of amounts.
    pub money: Measure,
    /// What it asks of a subject.
    pub facts: Vec<Fact>,
    /// Numbers that change by date.
    pub parameters: Vec<Parameter>,
    /// Every use of a fact in an expression; expressions refer to these.
    pub(crate) slots: Vec<Slot>,
    /// Clauses in the order of the text.
    pub clauses: Vec<Clause>,
    /// Score table, if it has one.
    pub score: Option<Score>,
    /// Ceilings over several clauses, subjects, or all.
    pub caps: Vec<Cap>,
    /// File name, for places.
    pub file: String,
}

/// What a fact is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactKind {
    /// One value of the language's kinds.
    Value(Kind),
    /// Dated things: titles, patents, awards; each with a first and perhaps a last day.
    Links,
}

/// One thing that a book asks of a subject.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Key, as in the table of facts.
    pub key: String,
    /// Label.
    pub label: Label,
    /// Kind and unit.
    pub kind: FactKind,
    /// One value a year (revenue), not one at a time.
    pub yearly: bool,
    /// Computed from other facts.
    pub formula: Option<Expr>,
    /// The formula as written, for explanations.
    pub(crate) formula_at: usize,
    /// Smallest change of it.
    pub step: Decimal,
    /// What one unit more (or less) costs, for [`crate::next`]; relative if none is given.
    pub cost: Option<Decimal>,
    /// False if it cannot be changed (industry, founding date).
    pub changeable: bool,
    /// Least value that it can be brought to.
    pub least: Option<Decimal>,
    /// Greatest value that it can be brought to.
    pub most: Option<Decimal>,
    /// Papers that prove it 佐证材料.
    pub evidence: String,
    /// Where it is declared, as line.
    pub line: usize,
}

impl Fact {
    /// Unit of its numbers, if it has one.
    #[must_use]
    pub fn measure(&self) -> Option<&Measure> {
        match &self.kind {
            FactKind::Value(Kind::Number(measure)) => measure.as_ref(),
            _ => None,
        }
    }
    /// Label, or the key where none is given.
    #[must_use]
    pub fn name(&self, lang: values::Lang) -> &str {
        let label = self.label.get(lang);
        if label.is_empty() { &self.key } else { label }
    }
}

/// A number that changes by date 参数.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Key.
    pub key: String,
    /// Unit.
    pub measure: Option<Measure>,
    /// First day and value, by day; `None` from a day on which it ends.
    pub values: Vec<(Option<Date>, Option<Decimal>)>,
}

/// Which value of a fact an expression reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Take {
    /// The value of that many years ago; 0 is the last full year, or the current value.
    Back(u32),
    /// Sum over the last n years.
    Sum(u32),
    /// Mean over the last n years.
    Mean(u32),
    /// Least of the last n years.
    Lowest(u32),
    /// Greatest of the last n years.
    Highest(u32),
    /// Mean yearly growth over n years, as %.
    Growth(u32),
    /// How many of the last n years are known.
    Known(u32),
    /// Links valid on the day.
    Valid,
    /// Whether there is a link valid on the day.
    Has,
    /// Links begun within the last n months.
    Within(u32),
}

/// One use of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Slot {
    Fact { fact: usize, take: Take },
    Parameter(usize),
    Today,
}

/// How the parts of a group make up its verdict.
#[derive(Debug, Clone, PartialEq)]
pub enum Need {
    /// One condition, by index into [`Clause::conditions`].
    One(usize),
    /// All of them.
    All(Vec<Need>),
    /// Any of them.
    Any(Vec<Need>),
    /// At least so many.
    AtLeast(usize, Vec<Need>),
}

impl Need {
    /// The conditions in it, in reading order.
    pub fn each(&self, visit: &mut dyn FnMut(usize)) {
        match self {
            Self::One(i) => visit(*i),
            Self::All(list) | Self::Any(list) | Self::AtLeast(_, list) => list.iter().for_each(|n| n.each(visit)),
        }
    }
}

/// Who decides a condition.
#[derive(Debug, Clone)]
pub enum Test {
    /// An expression.
    Expr(Expr),
    /// A person; a fact may carry what was decided.
    Judge(Option<Expr>),
    /// The score, or a group or part of it.
    Score {
        /// Empty for the total.
        of: String,
        /// How it is compared.
        comparison: Comparison,
        /// With what.
        points: Decimal,
    },
}

/// One condition 条件.
#[derive(Debug, Clone)]
pub struct Condition {
    /// Id within the book.
    pub id: String,
    /// In words.
    pub label: Label,
    /// What decides it.
    pub test: Test,
    /// Something that must not be: `test` is already the opposite of it.
    pub veto: bool,
    /// Article that it comes from.
    pub clause: String,
    /// How sure.
    pub confidence: Confidence,
    /// Who confirmed a condition of confidence C here; empty if nobody.
    pub confirmed: String,
    /// Only on this occasion.
    pub occasion: Option<Occasion>,
    /// Papers that prove it.
    pub evidence: String,
    /// Line in the file.
    pub line: usize,
}

/// One clause 条款: conditions, and what follows when they are met.
#[derive(Debug, Clone)]
pub struct Clause {
    /// Id within the book.
    pub id: String,
    /// In words.
    pub title: Label,
    /// Whom it concerns, in words.
    pub subject: String,
    /// Article.
    pub clause: String,
    /// Whom it concerns, as a condition: for others the clause does not exist.
    pub scope: Option<Expr>,
    /// Own first and last day, where they differ from the book's.
    pub valid_from: Option<Date>,
    /// Last day.
    pub valid_to: Option<Date>,
    /// Conditions.
    pub conditions: Vec<Condition>,
    /// How they combine.
    pub need: Need,
    /// What it pays.
    pub amount: Option<Amount>,
    /// Clauses of one group do not add up: the highest counts 从高不重复.
    pub group: String,
    /// Clauses (or `book.clause`, or whole books) that it cannot be had together with.
    pub excludes: Vec<String>,
    /// Only on this occasion.
    pub occasion: Option<Occasion>,
    /// How sure.
    pub confidence: Confidence,
    /// Payment, procedure, in words.
    pub note: String,
    /// Line in the file.
    pub line: usize,
}

/// What an amount is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Means {
    /// Money paid out.
    #[default]
    Payout,
    /// Tax saved.
    Relief,
    /// Tax still due.
    Due,
}

/// What a clause pays, before caps.
#[allow(clippy::large_enum_variant, reason = "one a clause; boxes would only hide the shape")]
#[derive(Debug, Clone)]
pub enum Pays {
    /// Between two amounts in the book's money; a fixed amount, a rate or a price is both.
    Between(Expr, Expr),
    /// By bands of a value.
    Tiers {
        /// The value.
        of: Expr,
        /// Bands, ascending.
        tiers: Vec<Tier>,
        /// Each band's part by its own rate, added up; otherwise the whole by the rate of its band.
        marginal: bool,
    },
    /// Year by year: the index of the year (from 1), and the amounts.
    Instalments {
        /// Which year.
        year: Expr,
        /// Amounts.
        amounts: Vec<Decimal>,
    },
    /// Nothing known of the amount; why.
    Unknown(String),
}

/// One band of an amount.
#[derive(Debug, Clone)]
pub struct Tier {
    /// Which values.
    pub range: Range,
    /// Share of the value, low and high.
    pub rate: Option<(Decimal, Decimal)>,
    /// Fixed amount, low and high.
    pub amount: Option<(Decimal, Decimal)>,
}

/// A range of numbers, each end open or closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Lower end, and whether it belongs to the range.
    pub from: Option<(Decimal, bool)>,
    /// Upper end, and whether it belongs to the range.
    pub to: Option<(Decimal, bool)>,
}

impl Range {
    /// True if `value` lies in it.
    #[must_use]
    pub fn holds(&self, value: Decimal) -> bool {
        self.from.is_none_or(|(n, with)| value > n || with && value == n) && self.to.is_none_or(|(n, with)| value < n || with && value == n)
    }
}

/// What a clause pays.
#[derive(Debug, Clone)]
pub struct Amount {
    /// How it is worked out.
    pub pays: Pays,
    /// Money, or tax saved, or tax due.
    pub means: Means,
    /// Never less.
    pub least: Option<Expr>,
    /// Never more, for one item.
    pub most: Option<Expr>,
    /// `most` is so much a year, in words.
    pub per: String,
    /// For how many years it is paid, where said.
    pub years: Option<u32>,
    /// Parts of a payment by stage, in words and share: 主体封闭 30 %, …
    pub stages: Vec<(String, Decimal)>,
    /// How sure the numbers are.
    pub confidence: Confidence,
}

/// Over what a cap adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CapPer {
    /// One subject in one year.
    SubjectYear,
    /// One subject, all years.
    Subject,
    /// Everybody in one year 年度预算.
    Year,
    /// Everybody, all years 总盘子.
    Total,
}

/// A ceiling over several payments.
#[derive(Debug, Clone)]
pub struct Cap {
    /// Id.
    pub id: String,
    /// Clauses under it; empty for all of the book.
    pub clauses: Vec<String>,
    /// Over what.
    pub per: CapPer,
    /// How much, in the book's money.
    pub most: Decimal,
    /// What happens when it does not suffice: everybody's share shrinks, or the first come are served.
    pub pro_rata: bool,
}

/// A score table 评分表.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// Full marks.
    pub full: Option<Decimal>,
    /// Columns of weights; empty for one.
    pub columns: Vec<Column>,
    /// Groups of parts.
    pub groups: Vec<ScoreGroup>,
    /// Parts.
    pub parts: Vec<Part>,
    /// Grades by total: label and range.
    pub grades: Vec<(String, Range)>,
    /// Digits kept of the total; unrounded if none.
    pub digits: Option<u32>,
}

/// A column of weights.
#[derive(Debug, Clone)]
pub struct Column {
    /// Key.
    pub key: String,
    /// Its share of the total, as a plain ratio.
    pub share: Decimal,
    /// Only for subjects where this holds; the others' shares make up the whole.
    pub scope: Option<Expr>,
}

/// A group of parts, with its own ceiling.
#[derive(Debug, Clone)]
pub struct ScoreGroup {
    /// Key.
    pub key: String,
    /// In words.
    pub label: Label,
    /// Never more than this.
    pub most: Option<Decimal>,
    /// Weight of the group in percent, where the source gives groups but not parts.
    pub weight: Option<Decimal>,
}

/// One part of a score.
#[derive(Debug, Clone)]
pub struct Part {
    /// Id.
    pub id: String,
    /// In words.
    pub label: Label,
    /// Key of its group, or empty.
    pub group: String,
    /// Weight in each column, in points; `None` where the source leaves it unknown.
    pub weights: Vec<Option<Decimal>>,
    /// How points are found, by column.
    pub scorers: Vec<Scorer>,
    /// Adds, takes away, or settles all.
    pub role: PartRole,
    /// Article.
    pub clause: String,
    /// How sure.
    pub confidence: Confidence,
    /// Only for subjects where this holds; others do not have the part.
    pub scope: Option<Expr>,
    /// Line in the file.
    pub line: usize,
}

/// What a part does to the total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PartRole {
    /// Counts by its weight.
    #[default]
    Weighted,
    /// Added on top 加分.
    Bonus,
    /// Taken away 扣分.
    Deduction,
    /// Settles everything 一票否决.
    Veto,
}

/// A span of points: one number has both ends alike.
pub type Points = (Decimal, Decimal);

/// How points are found, between 0 and the part's weight (against a base: above it too).
#[allow(clippy::large_enum_variant, reason = "one a part; boxes would only hide the shape")]
#[derive(Debug, Clone)]
pub enum Scorer {
    /// By bands of a value.
    Bands {
        /// The value.
        of: Expr,
        /// Range and points.
        bands: Vec<(Range, Points)>,
    },
    /// The first condition that holds gives the points.
    Ladder(Vec<(Expr, Points)>),
    /// Every condition that holds gives points, up to the weight.
    Sum(Vec<(Expr, Points)>),
    /// So many points for each unit, up to the weight.
    Each {
        /// How many.
        of: Expr,
        /// Points for one.
        points: Decimal,
    },
    /// Straight between two values; `floor` and `cap` are shares of the weight.
    Linear {
        /// The value.
        of: Expr,
        /// Value that gives the floor; none: the worst of all subjects.
        min: Option<Expr>,
        /// Value that gives the cap; none: the best of all subjects.
        max: Option<Expr>,
        /// Share at `min`.
        floor: Decimal,
        /// Share at `max`.
        cap: Decimal,
        /// More is better.
        up: bool,
    },
    /// By place among all subjects: first gets the cap, last the floor.
    Rank {
        /// The value.
        of: Expr,
        /// Share of the last.
        floor: Decimal,
        /// Share of the first.
        cap: Decimal,
        /// More is better.
        up: bool,
    },
    /// Against the base year's value.
    AgainstBase {
        /// The value.
        of: Expr,
        /// The base year's.
        base: Expr,
        /// Share when equal.
        at_base: Decimal,
        /// Step above the base, as a plain ratio (5 % = 0.05).
        step: Decimal,
        /// Points for each full step.
        points: Decimal,
        /// Most extra points, as a share of the points at base.
        extra: Decimal,
        /// Below the base in proportion, or none.
        proportional: bool,
    },
    /// Given as points by a platform or an appraisal; until it is typed in, data are missing.
    Given(Expr),
    /// Given as points by experts; until they have, a person has to decide.
    Expert(Expr),
    /// The best of several.
    Best(Vec<Scorer>),
    /// Several with shares in percent, added up.
    Mix(Vec<(Decimal, Scorer)>),
    /// Nothing known of how it is scored.
    Unknown {
        /// Why.
        why: String,
        /// The value that would be scored, to be shown meanwhile.
        of: Option<Expr>,
    },
}

impl Book {
    /// Index of a fact by key.
    #[must_use]
    pub fn fact(&self, key: &str) -> Option<usize> {
        self.facts.iter().position(|f| f.key == key)
    }
    /// True if it is in force on that day, for that occasion.
    #[must_use]
    pub fn in_force(&self, day: Date, occasion: Occasion) -> bool {
        let to = if occasion == Occasion::Review { self.review_to.or(self.valid_to) } else { self.valid_to };
        self.valid_from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to) && self.occasion.is_none_or(|o| o == occasion)
    }
    /// True if it is called that: its key, `key/version`, or an alias.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.key == name || self.name() == name || self.aliases.iter().any(|a| a == name)
    }
    /// Key and version: `srdi/2026`.
    #[must_use]
    pub fn name(&self) -> String {
        if self.version.is_empty() { self.key.clone() } else { format!("{}/{}", self.key, self.version) }
    }
}
