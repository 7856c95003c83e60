//! A mark 标记: one printed figure (or a word that follows one), with what is needed to print it again.
//!
//! A mark knows what was asked for ([`Ask`]), which part of the figure it
//! prints ([`Part`]) and how ([`Style`]); from today's figure it can therefore
//! be printed anew, and `verify` and `refresh` are comparisons.

use crate::words::Words;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;
use values::{Figure, Period, Reason};

/// What is asked for by a template, and again by `verify` and `refresh`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ask {
    /// Name as the template writes it: a metric key, perhaps with a variant (`four_above.added`).
    pub name: String,
    /// The period.
    pub period: Period,
    /// actual · target · forecast.
    pub scenario: String,
    /// Slice as `dimension=value`, or none.
    pub slice: Option<String>,
    /// Subject, where it is not the report's own: `enterprise:12`.
    pub subject: Option<String>,
    /// Source, where precedence is not to choose.
    pub source: Option<String>,
}

impl Ask {
    /// Asks for the actual value of a name in a period, nothing else said.
    #[must_use]
    pub fn actual(name: impl Into<String>, period: Period) -> Self {
        Self { name: name.into(), period, scenario: "actual".into(), slice: None, subject: None, source: None }
    }

    /// Asks for the target.
    #[must_use]
    pub fn target(name: impl Into<String>, period: Period) -> Self {
        Self { scenario: "target".into(), ..Self::actual(name, period) }
    }

    /// What would give this figure again; for rows of a collection, whose figures nobody asked for one by one.
    #[must_use]
    pub fn again(figure: &Figure) -> Self {
        Self {
            name: figure.metric.clone(),
            period: figure.period,
            scenario: figure.scenario.clone(),
            slice: figure.slice.clone(),
            subject: Some(figure.subject.clone()).filter(|s| !s.is_empty()),
            source: Some(figure.source.clone()).filter(|s| !s.is_empty()),
        }
    }
}

/// Which part of a figure a mark prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The value.
    Value,
    /// Growth without its sign, in % or 百分点.
    Growth,
    /// Growth with its sign, for tables.
    GrowthSigned,
    /// 增长 / 下降 / 持平, 提高 / 降低.
    GrowthWord,
    /// Completion of the target, in %.
    Completion,
    /// Completion minus 100 %, without its sign.
    Surplus,
    /// 超额 / 还差.
    SurplusWord,
    /// Completion minus 序时进度, without its sign.
    Pace,
    /// 快于 / 慢于.
    PaceWord,
    /// The target's value, as it stands beside an actual figure.
    Target,
    /// 预计, where the figure is not final.
    StatusWord,
}

impl Part {
    /// True for words, false for numbers.
    #[must_use]
    pub fn is_word(self) -> bool {
        matches!(self, Self::GrowthWord | Self::SurplusWord | Self::PaceWord | Self::StatusWord)
    }

    /// Stable key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Growth => "growth",
            Self::GrowthSigned => "growth_signed",
            Self::GrowthWord => "growth_word",
            Self::Completion => "completion",
            Self::Surplus => "surplus",
            Self::SurplusWord => "surplus_word",
            Self::Pace => "pace",
            Self::PaceWord => "pace_word",
            Self::Target => "target",
            Self::StatusWord => "status_word",
        }
    }
}

/// How a part is printed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Style {
    /// Unit that the value is converted to; empty for the figure's own display unit.
    pub unit: String,
    /// Digits after the point; none for the figure's own display.
    pub digits: Option<u32>,
}

/// One printed figure in a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Short and unique in the document; the tag of the content control.
    pub id: String,
    /// Which part of the figure.
    pub part: Part,
    /// How.
    pub style: Style,
    /// What stands in the document: the number alone, or the word alone.
    pub printed: String,
    /// What was asked for.
    pub ask: Ask,
    /// The figure.
    pub figure: Arc<Figure>,
}

/// Prints a part of a figure.
///
/// # Errors
/// Why there is nothing to print.
pub fn print(figure: &Figure, part: Part, style: &Style, words: &Words) -> Result<String, Reason> {
    match part {
        Part::Value => print_value(figure, style),
        Part::Growth => growth(figure, style).map(|g| plain(g.abs())),
        Part::GrowthSigned => growth(figure, style).map(plain),
        Part::GrowthWord => {
            let turn = if in_points(figure) { &words.growth_points } else { &words.growth };
            growth(figure, style).map(|g| turned(g, turn).to_owned())
        }
        Part::Completion => completion(figure).map(|c| plain(round(c, style))),
        Part::Surplus => surplus(figure, style).map(|s| plain(s.abs())),
        Part::SurplusWord => surplus(figure, style).map(|s| turned(s, &words.surplus).to_owned()),
        Part::Pace => pace(figure, style).map(|p| plain(p.abs())),
        Part::PaceWord => pace(figure, style).map(|p| turned(p, &words.pace).to_owned()),
        Part::Target => print_target(figure, style),
        Part::StatusWord => Ok(match figure.status.as_str() {
            "estimate" => words.status.estimate.clone(),
            "carried" => words.status.carried.clone(),
            _ => String::new(),
        }),
    }
}

/// True if the growth is a difference of rates.
#[must_use]
pub fn in_points(figure: &Figure) -> bool {
    figure.growth.as_ref().is_some_and(|g| g.unit == "百分点")
}

/// Growth rounded as it is printed; zero means 持平.
///
/// # Errors
/// Why there is none.
pub fn growth(figure: &Figure, style: &Style) -> Result<Decimal, Reason> {
    let growth = figure.growth.as_ref().ok_or_else(|| figure.reason.unwrap_or(Reason::NoBase))?;
    let rounded = round(growth.value, style);
    // A target is a round number that was set (增长6%), not a measured one (增长6.0%).
    Ok(if figure.scenario == "target" && style.digits.is_none() { rounded.normalize() } else { rounded })
}

/// Completion minus 100 %, rounded as it is printed.
///
/// # Errors
/// Why there is none.
pub fn surplus(figure: &Figure, style: &Style) -> Result<Decimal, Reason> {
    completion(figure).map(|c| round(c - Decimal::ONE_HUNDRED, style))
}

/// Completion minus 序时进度, rounded as it is printed.
///
/// # Errors
/// Why there is none.
pub fn pace(figure: &Figure, style: &Style) -> Result<Decimal, Reason> {
    let target = figure.target.as_ref().ok_or(Reason::NoTarget)?;
    target.pace.map(|p| round(p, style)).ok_or(Reason::NotComputable)
}

fn completion(figure: &Figure) -> Result<Decimal, Reason> {
    let target = figure.target.as_ref().ok_or(Reason::NoTarget)?;
    target.completion.ok_or_else(|| figure.reason.unwrap_or(Reason::NotComputable))
}

fn turned(value: Decimal, turn: &crate::words::Turn) -> &str {
    if value.is_zero() {
        &turn.flat
    } else if value.is_sign_negative() {
        &turn.down
    } else {
        &turn.up
    }
}

/// Growth, completion and pace have one digit unless the template says otherwise.
fn round(value: Decimal, style: &Style) -> Decimal {
    let digits = style.digits.unwrap_or(1);
    let mut value = values::fixed::round(value, digits);
    value.rescale(digits);
    value
}

fn plain(value: Decimal) -> String {
    value.to_string()
}

fn print_value(figure: &Figure, style: &Style) -> Result<String, Reason> {
    let as_displayed = || {
        let display = figure.display.trim().replace(',', "");
        if display.is_empty() { Err(Reason::NotFiled) } else { Ok(display) }
    };
    let Some(value) = figure.value else {
        // A range or a target in words has no single value but is printable.
        return match figure.reason {
            None if matches!(figure.bound.as_str(), "range" | "text") => as_displayed(),
            reason => Err(reason.unwrap_or(Reason::NotFiled)),
        };
    };
    if matches!(figure.bound.as_str(), "range" | "text") {
        return as_displayed();
    }
    number(value, &figure.unit, style, &figure.display_unit, &as_displayed)
}

fn print_target(figure: &Figure, style: &Style) -> Result<String, Reason> {
    let target = figure.target.as_ref().ok_or(Reason::NoTarget)?;
    match target.value {
        Some(value) => number(value, &target.unit, style, &target.unit, &|| Ok(plain(value.normalize()))),
        None if !target.text.is_empty() => Ok(target.text.clone()),
        None => Err(Reason::NoTarget),
    }
}

/// A value converted to the wanted unit and rounded once, from the value as stored.
fn number(
    value: Decimal,
    unit: &str,
    style: &Style,
    display_unit: &str,
    as_displayed: &dyn Fn() -> Result<String, Reason>,
) -> Result<String, Reason> {
    let wanted = if style.unit.is_empty() { display_unit } else { style.unit.as_str() };
    if style.digits.is_none() && same_unit(wanted, display_unit) {
        return as_displayed();
    }
    let converted = if same_unit(wanted, unit) {
        value
    } else {
        let (from, to) = (values::unit::find(unit), values::unit::find(wanted));
        let (Some(from), Some(to)) = (from, to) else { return Err(Reason::NotComputable) };
        values::unit::convert(value, from, to).ok_or(Reason::NotComputable)?
    };
    let digits = style.digits.unwrap_or(2);
    let mut rounded = values::fixed::round(converted, digits);
    match style.digits {
        Some(digits) => rounded.rescale(digits),
        None => rounded = rounded.normalize(),
    }
    Ok(plain(rounded))
}

/// True if two ways of writing a unit mean the same unit.
#[must_use]
pub fn same_unit(a: &str, b: &str) -> bool {
    a == b || matches!((values::unit::find(a), values::unit::find(b)), (Some(a), Some(b)) if a == b)
}

/// Gives each mark an id that is short, unique in the document and the same whenever the same figure is printed at
/// the same turn: `sy` + ten characters.
#[derive(Debug, Clone, Default)]
pub struct Ids(HashMap<String, u32>);

impl Ids {
    /// The next id for this figure and part.
    pub fn next(&mut self, ask: &Ask, part: Part, style: &Style) -> String {
        let line = format!(
            "{}|{}|{}|{}|{}|{}|{}|{}",
            ask.name,
            ask.period,
            ask.scenario,
            ask.slice.as_deref().unwrap_or_default(),
            ask.subject.as_deref().unwrap_or_default(),
            part.key(),
            style.unit,
            style.digits.map(|d| d.to_string()).unwrap_or_default(),
        );
        let turn = self.0.entry(line.clone()).or_default();
        *turn += 1;
        let digest = Sha256::digest(format!("{line}|{turn}").as_bytes());
        // 32 letters and digits that cannot be mistaken for each other; 50 bits are enough for one document.
        const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let mut id = String::from("sy");
        id.extend(digest.iter().take(10).map(|b| char::from(LETTERS[usize::from(b % 32)])));
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing_figures::figure;
    use values::{Growth, GrowthKind, TargetPart};

    #[track_caller]
    fn check(figure: &Figure, part: Part, unit: &str, digits: Option<u32>, expected: Result<&str, Reason>) {
        let got = print(figure, part, &Style { unit: unit.into(), digits }, &Words::standard());
        assert_eq!(got, expected.map(str::to_owned));
    }

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn values_are_converted_and_rounded_once() {
        let gdp = figure("gdp", "2025", "1386449.9", "万元");
        check(&gdp, Part::Value, "亿元", Some(1), Ok("138.6"));
        check(&gdp, Part::Value, "亿元", Some(2), Ok("138.64"));
        check(&gdp, Part::Value, "亿元", Some(0), Ok("139"));
        check(&gdp, Part::Value, "万美元", Some(0), Err(Reason::NotComputable));
        check(&gdp, Part::Value, "", None, Ok("1386449.9"));
        let missing = Figure { value: None, reason: Some(Reason::Secret), ..gdp };
        check(&missing, Part::Value, "亿元", Some(1), Err(Reason::Secret));
    }

    #[test]
    fn words_follow_the_sign_at_the_printed_digits() {
        let with = |growth: &str, unit| Figure {
            growth: Some(Growth { how: GrowthKind::Given, value: dec(growth), unit }),
            ..figure("gdp", "2025", "1", "亿元")
        };
        for (growth, unit, word, number) in [
            ("5.84", "%", "增长", "5.8"),
            ("-2.71", "%", "下降", "2.7"),
            ("0.04", "%", "与上年持平", "0.0"),
            ("-0.04", "%", "与上年持平", "0.0"),
            ("0.05", "%", "增长", "0.1"),
            ("0.3", "百分点", "提高", "0.3"),
            ("-1.25", "百分点", "降低", "1.3"),
        ] {
            let figure = with(growth, unit);
            check(&figure, Part::GrowthWord, "", None, Ok(word));
            check(&figure, Part::Growth, "", None, Ok(number));
        }
        check(&with("-2.71", "%"), Part::GrowthSigned, "", None, Ok("-2.7"));
        check(&figure("gdp", "2025", "1", "亿元"), Part::Growth, "", None, Err(Reason::NoBase));
    }

    #[test]
    fn completion_surplus_and_pace() {
        let target = TargetPart {
            value: Some(dec("1500")),
            unit: "亿元".into(),
            bound: "ge".into(),
            text: String::new(),
            completion: Some(dec("82.34")),
            pace: Some(dec("-17.66")),
        };
        let figure = Figure { target: Some(target), ..figure("gdp", "2025", "1235", "亿元") };
        check(&figure, Part::Completion, "", None, Ok("82.3"));
        check(&figure, Part::Surplus, "", None, Ok("17.7"));
        check(&figure, Part::SurplusWord, "", None, Ok("距全年目标任务还差"));
        check(&figure, Part::PaceWord, "", None, Ok("慢于序时进度"));
        check(&figure, Part::Target, "", Some(0), Ok("1500"));
    }

    #[test]
    fn ids_are_short_unique_and_repeatable() {
        let ask = Ask::actual("gdp", Period::year(2025).unwrap());
        let ids = || {
            let mut ids = Ids::default();
            [Part::Value, Part::Value, Part::Growth].map(|part| ids.next(&ask, part, &Style::default()))
        };
        let first = ids();
        assert_eq!(first, ids());
        assert!(first[0] != first[1] && first[1] != first[2]);
        assert!(first.iter().all(|id| id.len() == 12));
    }
}
