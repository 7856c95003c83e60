//! Parsing cells 取值: a cell, the unit declared over it, and a field, to a value or a finding.
//!
//! Every function answers `Ok(None)` for a blank, which is not a zero. What it
//! took over with a grain of salt (a unit in the cell, digits rounded) comes
//! back beside the value as warnings.

#![allow(clippy::result_large_err, reason = "an error is moved into the list of findings at once, and most cells have none")]

pub mod date;
pub mod number;
pub mod plan;

pub use plan::{Plan, RowValues};

use crate::field::{FieldKind, FieldSpec};
use crate::grid::{Cell, CellError, CellValue};
use crate::looks;
use crate::table::DeclaredUnit;
use number::number_text;
use rust_decimal::Decimal;
use values::fixed::round;
use values::{Date, Finding, Period, Quantity, Unit, unit};

/// A value as a field keeps it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, blanks at the ends dropped.
    Text(String),
    /// A number in the field's unit.
    Number(Decimal),
    /// A day.
    Date(Date),
    /// A period.
    Period(Period),
    /// Key of a choice.
    Choice(String),
    /// 是 or 否.
    Bool(bool),
}

/// What came of one cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parsed {
    /// The value; none if the cell is blank or cannot be read.
    pub value: Option<Value>,
    /// Errors (then there is no value), warnings and notes.
    pub findings: Vec<Finding>,
}

/// Where a cell stands and what is declared over it.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The sheet's name, for findings.
    pub sheet: &'a str,
    /// The unit declared for the cell: of its row, its column or its table.
    pub unit: Option<&'a DeclaredUnit>,
    /// The year that a period without one belongs to.
    pub year: Option<i32>,
}

impl Context<'_> {
    fn at(&self, cell: &Cell<'_>) -> String {
        format!("{}!{}", self.sheet, cell.at())
    }
}

/// What is worked out of a field once, not for each cell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    unit: Option<&'static Unit>,
    digits: Option<u8>,
}

impl Known {
    pub(crate) fn of(field: &FieldSpec) -> Self {
        Self { unit: field.known_unit(), digits: field.digits() }
    }
}

/// Reads a cell as a field wants it. All findings carry `sheet!cell`, the field's key, what was found and what was expected.
#[must_use]
pub fn parse(cell: &Cell<'_>, field: &FieldSpec, cx: &Context<'_>) -> Parsed {
    parse_known(cell, field, Known::of(field), cx)
}

pub(crate) fn parse_known(cell: &Cell<'_>, field: &FieldSpec, known: Known, cx: &Context<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    if !cell.is_empty() && cell.is_struck() {
        parsed.findings.push(finding(Finding::warning("tables.struck"), cell, field, cx));
    }
    let result = match cell.value() {
        CellValue::Error(CellError::Uncached) => Err(Finding::error("tables.formula_without_value")),
        CellValue::Error(CellError::TooLarge) => Err(Finding::error("tables.too_large").expected(number_expected(field))),
        CellValue::Error(error) => Err(Finding::error("tables.error_cell").found(error.shown())),
        _ => match &field.kind {
            FieldKind::Text => Ok(text(cell).map(Value::Text)),
            FieldKind::Code => code(cell).map(|v| v.map(Value::Text)),
            FieldKind::CreditCode => credit_code(cell).map(|v| v.map(Value::Text)),
            FieldKind::Number { .. } | FieldKind::Count | FieldKind::Money => {
                number_known(cell, field, known, cx, &mut parsed.findings).map(|v| v.map(Value::Number))
            }
            FieldKind::Date => date(cell).map(|v| v.map(Value::Date)),
            FieldKind::Period => period(cell, cx.year).map(|v| v.map(Value::Period)),
            FieldKind::Choice { .. } => choice(cell, field).map(|v| v.map(Value::Choice)),
            FieldKind::Bool => boolean(cell).map(|v| v.map(Value::Bool)),
        },
    };
    match result {
        Ok(None) if field.required => parsed.findings.push(finding(Finding::error("tables.required"), cell, field, cx)),
        Ok(value) => parsed.value = value,
        Err(error) => parsed.findings.push(finding(error, cell, field, cx)),
    }
    parsed
}

fn finding(found: Finding, cell: &Cell<'_>, field: &FieldSpec, cx: &Context<'_>) -> Finding {
    let written = if found.found.is_empty() { cell.text().trim().to_owned() } else { found.found.clone() };
    found.at(cx.at(cell)).field(&field.key).found(written)
}

/// The text of a cell without blanks at its ends; none if nothing or only a blank's mark of dashes stands there.
#[must_use]
pub fn text(cell: &Cell<'_>) -> Option<String> {
    let text = cell.text();
    let t = text.trim().trim_matches(['\u{feff}', '\u{200b}', '\u{a0}']);
    let dashes = t.chars().all(|c| matches!(c, '-' | '—' | '–' | '－' | '―' | '…' | '/' | '／' | '\\'));
    (!t.is_empty() && !dashes).then(|| t.to_owned())
}

/// A number in the field's unit, converted exactly from the unit declared over the cell or written in it.
///
/// # Errors
/// A finding if it is no number, its unit measures something else, it does not fit, or lies outside min and max.
pub fn number(cell: &Cell<'_>, field: &FieldSpec, cx: &Context<'_>, notes: &mut Vec<Finding>) -> Result<Option<Decimal>, Finding> {
    number_known(cell, field, Known::of(field), cx, notes)
}

fn number_known(
    cell: &Cell<'_>,
    field: &FieldSpec,
    known: Known,
    cx: &Context<'_>,
    notes: &mut Vec<Finding>,
) -> Result<Option<Decimal>, Finding> {
    let (mut value, in_cell, is_percent) = match cell.value() {
        CellValue::Empty => return Ok(None),
        CellValue::Number(n) => (fifteen_digits(n), None, cell.format().is_some_and(crate::format::Format::is_percent)),
        CellValue::Text(t) if t.trim().is_empty() || looks::is_blank_mark(t) => return Ok(None),
        CellValue::Text(t) => text_number(t, field, known, cx, notes, cell)?,
        CellValue::Date(_) | CellValue::DateTime(_) | CellValue::Time(_) => {
            return Err(Finding::error("tables.date_for_number").expected(number_expected(field)));
        }
        CellValue::Bool(_) | CellValue::Error(_) => return Err(Finding::error("tables.not_a_number").expected(number_expected(field))),
    };
    if is_percent {
        // 0.12 shown as 12% is 12 in a field of per cent, and 0.12 in any other.
        if known.unit.is_some_and(|u| u.quantity == Quantity::Percent) && cell.number().is_some() {
            value = value.checked_mul(Decimal::ONE_HUNDRED).ok_or_else(|| Finding::error("tables.too_large"))?;
        }
    } else if let Some(from) = in_cell.or(cx.unit.and_then(|u| u.unit)) {
        value = convert(value, from, field, known)?;
    } else if let Some(declared) = cx.unit.filter(|u| u.unit.is_none() && !field.unit.is_empty() && u.text != field.unit) {
        return Err(Finding::error("tables.unit_unknown").found(&declared.text).expected(&field.unit));
    }
    bounded(value, field, known, notes, cell, cx).map(Some)
}

/// Excel shows fifteen digits; a sixteenth is the tail of a binary double.
fn fifteen_digits(n: Decimal) -> Decimal {
    if n.mantissa().unsigned_abs() < 1_000_000_000_000_000 {
        return n;
    }
    let significant = n.mantissa().unsigned_abs().checked_ilog10().map_or(1, |d| d + 1);
    if significant <= 15 || n.scale() == 0 {
        return n.normalize();
    }
    let over = significant - 15;
    round(n, n.scale().saturating_sub(over)).normalize()
}

fn number_expected(field: &FieldSpec) -> String {
    if field.unit.is_empty() { "数字".to_owned() } else { format!("数字（{}）", field.unit) }
}

type NumberRead = (Decimal, Option<&'static Unit>, bool);

fn text_number(
    t: &str,
    field: &FieldSpec,
    known: Known,
    cx: &Context<'_>,
    notes: &mut Vec<Finding>,
    cell: &Cell<'_>,
) -> Result<NumberRead, Finding> {
    let Some(read) = number_text(t) else {
        return Err(Finding::error("tables.not_a_number").expected(number_expected(field)));
    };
    let own = known.unit;
    if read.percent {
        // 12% in a field of per cent is 12; elsewhere 0.12 would be a guess.
        return match own.map(|u| u.quantity) {
            Some(Quantity::Percent | Quantity::PercentPoint) => Ok((read.value, None, true)),
            _ => Err(Finding::error("tables.unit_mismatch").found(t.trim()).expected(number_expected(field))),
        };
    }
    if read.unit.is_some() || read.factor != 1 {
        notes.push(finding(Finding::warning("tables.unit_in_cell"), cell, field, cx));
    } else if read.chinese {
        notes.push(finding(Finding::warning("tables.chinese_number").expected(read.value.normalize().to_string()), cell, field, cx));
    }
    if let Some(in_cell) = read.unit {
        return Ok((read.value, Some(in_cell), false));
    }
    if read.factor != 1 {
        let value = read.value.checked_mul(Decimal::from(read.factor)).ok_or_else(|| Finding::error("tables.too_large"))?;
        // 4.12亿 in a column of 万元 is 4.12 亿元: the factor replaces the column's.
        let base = own.map(|u| u.quantity).and_then(base_unit);
        return Ok((value, base, base.is_none()));
    }
    Ok((read.value, None, false))
}

/// The unit of factor one of a quantity whose large units carry 万 and 亿.
fn base_unit(quantity: Quantity) -> Option<&'static Unit> {
    match quantity {
        Quantity::Money => unit::find("元"),
        Quantity::Usd => unit::find("美元"),
        Quantity::Count => unit::find("个"),
        Quantity::Mass => unit::find("t"),
        Quantity::Area => unit::find("m²"),
        Quantity::Energy => unit::find("kWh"),
        Quantity::Volume => unit::find("m³"),
        _ => None,
    }
}

fn convert(value: Decimal, from: &'static Unit, field: &FieldSpec, known: Known) -> Result<Decimal, Finding> {
    let Some(to) = known.unit else {
        if field.unit.is_empty() && from.num == from.den {
            return Ok(value);
        }
        return Err(Finding::error("tables.unit_mismatch").found(from.name).expected(if field.unit.is_empty() {
            "无单位"
        } else {
            &field.unit
        }));
    };
    unit::convert(value, from, to).ok_or_else(|| Finding::error("tables.unit_mismatch").found(from.name).expected(to.name))
}

/// Keeps the field's digits and its limits. More digits than it keeps are rounded, and said.
fn bounded(
    value: Decimal,
    field: &FieldSpec,
    known: Known,
    notes: &mut Vec<Finding>,
    cell: &Cell<'_>,
    cx: &Context<'_>,
) -> Result<Decimal, Finding> {
    let mut value = value;
    if let Some(digits) = known.digits {
        // Nearly every number: few digits, far from the limits of 64 bits.
        let small = value.mantissa().unsigned_abs() < 1_000_000_000_000;
        if small && value.scale() <= u32::from(digits) && digits <= 6 && field.min.is_none() && field.max.is_none() {
            return Ok(value);
        }
        let kept = round(value, u32::from(digits));
        if kept != value {
            if field.kind == FieldKind::Count {
                return Err(Finding::error("tables.not_whole").expected("整数"));
            }
            notes.push(finding(Finding::note("tables.rounded").expected(kept.normalize().to_string()), cell, field, cx));
            value = kept;
        }
        if values::Fixed::exact(value, digits).is_err() {
            return Err(Finding::error("tables.too_large").expected(number_expected(field)));
        }
    }
    let below = field.min.is_some_and(|min| value < min);
    let above = field.max.is_some_and(|max| value > max);
    if below || above {
        let say = |limit: Option<Decimal>| limit.map_or_else(|| "…".to_owned(), |l| l.normalize().to_string());
        return Err(Finding::error("tables.out_of_range").expected(format!("{}–{}", say(field.min), say(field.max))));
    }
    Ok(value.normalize())
}

/// A code with its leading zeros.
///
/// # Errors
/// A finding if the file holds it as a number whose digits are lost (1.23E+17), or as a fraction.
pub fn code(cell: &Cell<'_>) -> Result<Option<String>, Finding> {
    match cell.value() {
        CellValue::Empty => Ok(None),
        CellValue::Text(_) => {
            let Some(t) = text(cell) else { return Ok(None) };
            let clean: String =
                t.chars().map(unit::half_width).filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}' | '\u{feff}')).collect();
            let clean = clean.trim_start_matches(['\'', '‘', '’', '`']).to_owned();
            if is_scientific(&clean) {
                return Err(Finding::error("tables.code_lost_digits"));
            }
            Ok(Some(clean).filter(|c| !c.is_empty() && !looks::is_blank_mark(c)))
        }
        CellValue::Number(n) => {
            let whole = n.normalize();
            if whole.scale() > 0 {
                return Err(Finding::error("tables.code_is_fraction"));
            }
            // A double keeps fifteen digits; of a longer code the rest is made up.
            if whole.mantissa().unsigned_abs() >= 1_000_000_000_000_000 {
                return Err(Finding::error("tables.code_lost_digits").found(whole.to_string()));
            }
            let padded = cell.format().filter(|f| f.is_padded() && !f.is_moment());
            Ok(Some(padded.map_or_else(|| whole.to_string(), |f| f.show(n).replace(',', ""))))
        }
        CellValue::Date(_) | CellValue::DateTime(_) => Err(Finding::error("tables.code_became_date")),
        CellValue::Time(_) | CellValue::Bool(_) | CellValue::Error(_) => Err(Finding::error("tables.not_a_code")),
    }
}

/// `1.23457E+11`: what is left of a long code after a program took it for a number.
fn is_scientific(text: &str) -> bool {
    text.split_once(['E', 'e']).is_some_and(|(digits, exponent)| {
        digits.contains('.') && digits.parse::<f64>().is_ok() && exponent.strip_prefix('+').unwrap_or(exponent).parse::<u8>().is_ok()
    })
}

/// A unified social credit code as eighteen upper-case characters. Its check digit is the caller's to check.
///
/// # Errors
/// A finding if it has not eighteen characters or holds one that no code has.
pub fn credit_code(cell: &Cell<'_>) -> Result<Option<String>, Finding> {
    if let CellValue::Text(t) = cell.value() {
        let never = |b: u8| matches!(b, b'I' | b'O' | b'S' | b'V' | b'Z');
        if t.len() == 18 && t.bytes().all(|b| (b.is_ascii_digit() || b.is_ascii_uppercase()) && !never(b)) {
            return Ok(Some(t.to_owned()));
        }
    }
    let Some(code) = code(cell)? else { return Ok(None) };
    let clean: String = code.chars().filter(|c| !matches!(c, '-' | '－')).flat_map(char::to_uppercase).collect();
    if clean.chars().count() != 18 {
        return Err(Finding::error("tables.credit_code_length").expected("18 位").found(code));
    }
    // GB 32100-2015: I, O, S, V, Z are never used.
    match clean.chars().position(|c| !c.is_ascii_alphanumeric() || matches!(c, 'I' | 'O' | 'S' | 'V' | 'Z')) {
        Some(i) => Err(Finding::error("tables.credit_code_character").found(code).expected((i + 1).to_string())),
        None => Ok(Some(clean)),
    }
}

/// A calendar day.
///
/// # Errors
/// A finding if it is none.
pub fn date(cell: &Cell<'_>) -> Result<Option<Date>, Finding> {
    let no = || Finding::error("tables.not_a_date").expected("如 2025-03-01");
    match cell.value() {
        CellValue::Empty => Ok(None),
        CellValue::Date(day) => Ok(Some(day)),
        CellValue::DateTime(moment) => Ok(Some(moment.date())),
        CellValue::Text(t) if t.trim().is_empty() || looks::is_blank_mark(t) => Ok(None),
        CellValue::Text(t) => date::date_text(t).map(Some).ok_or_else(|| {
            // 2025年3月 is a month: which day is not for the importer to choose.
            if looks::period(t, false).is_some() { Finding::error("tables.date_without_day").expected("如 2025-03-01") } else { no() }
        }),
        CellValue::Number(n) => {
            let n = n.normalize();
            let whole = (n.scale() == 0).then(|| i64::try_from(n.mantissa()).ok()).flatten();
            // 20250301 typed as a number; 45717 is a date that lost its format.
            let as_text = whole.and_then(|w| date::date_text(&w.to_string()));
            let serial = whole.filter(|w| (20_000..80_000).contains(w)).and_then(|w| crate::grid::date_of_serial(w, false));
            as_text.or(serial).map(Some).ok_or_else(|| {
                if looks::period(&n.to_string(), false).is_some() {
                    Finding::error("tables.date_without_day").expected("如 2025-03-01")
                } else {
                    no()
                }
            })
        }
        CellValue::Time(_) | CellValue::Bool(_) | CellValue::Error(_) => Err(no()),
    }
}

/// A reporting period; months without a year take `year`.
///
/// # Errors
/// A finding if it is none, or a month that does not exist.
pub fn period(cell: &Cell<'_>, year: Option<i32>) -> Result<Option<Period>, Finding> {
    let no = || Finding::error("tables.not_a_period").expected("如 2025-03、2025Q1、2025年1-10月");
    let found = match cell.value() {
        CellValue::Empty => return Ok(None),
        CellValue::Text(t) if t.trim().is_empty() || looks::is_blank_mark(t) => return Ok(None),
        CellValue::Text(t) => plain_month(t).or_else(|| looks::period(t, looks::is_traditional(t))).or_else(|| {
            let (a, b) = looks::months_only(t)?;
            Period::span((year?, a), (year?, b))
        }),
        CellValue::Date(day) => Period::month(i32::from(day.year()), i32::from(day.month())),
        CellValue::DateTime(moment) => Period::month(i32::from(moment.year()), i32::from(moment.month())),
        CellValue::Number(n) => number_period(n, year),
        CellValue::Time(_) | CellValue::Bool(_) | CellValue::Error(_) => None,
    };
    found.map(Some).ok_or_else(no)
}

/// `2025-03`, as templates write it, without the long way.
fn plain_month(t: &str) -> Option<Period> {
    let (year, month) = t.split_once('-')?;
    if year.len() != 4 || month.len() != 2 {
        return None;
    }
    Period::month(year.parse().ok()?, month.parse().ok()?)
}

/// 2025, 202503, 2025.3 and, with a year known, a bare month. 2025.1 is left alone: January or October, a number cannot say.
fn number_period(n: Decimal, year: Option<i32>) -> Option<Period> {
    let n = n.normalize();
    let text = n.to_string();
    if n.scale() == 0 {
        let whole = i32::try_from(n.mantissa()).ok()?;
        if let (1..=12, Some(year)) = (whole, year) {
            return Period::month(year, whole);
        }
        return Period::parse(&text).ok().filter(|p| (1949..=2100).contains(&p.first_year()));
    }
    if text.ends_with(".1") {
        return None;
    }
    Period::parse(&text).ok().filter(|p| (1949..=2100).contains(&p.first_year()))
}

/// The key of a choice, by key, label or alias.
///
/// # Errors
/// A finding with all labels if it is none of them.
pub fn choice(cell: &Cell<'_>, field: &FieldSpec) -> Result<Option<String>, Finding> {
    let FieldKind::Choice { options } = &field.kind else { return Ok(None) };
    if let CellValue::Text(t) = cell.value()
        && let Some(option) = options.iter().find(|o| o.label == t)
    {
        return Ok(Some(option.key.clone()));
    }
    let Some(text) = text(cell) else { return Ok(None) };
    let folded = looks::fold(&text);
    let hit =
        options.iter().find(|o| o.key == text || looks::fold(&o.label) == folded || o.aliases.iter().any(|a| looks::fold(a) == folded));
    if let Some(option) = hit {
        return Ok(Some(option.key.clone()));
    }
    if looks::is_blank_mark(&text) {
        return Ok(None);
    }
    let shown: Vec<&str> = options.iter().take(12).map(|o| o.label.as_str()).collect();
    let more = if options.len() > 12 { "…" } else { "" };
    let near = options
        .iter()
        .map(|o| (strsim::jaro_winkler(&looks::fold(&o.label), &folded), o))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(s, _)| *s > 0.8);
    let found = Finding::error("tables.not_a_choice").expected(format!("{}{more}", shown.join("、")));
    Err(match near {
        Some((_, option)) => found.remedy(option.label.clone()),
        None => found,
    })
}

/// 是/否 and the many ways of writing it.
///
/// # Errors
/// A finding if it is neither.
pub fn boolean(cell: &Cell<'_>) -> Result<Option<bool>, Finding> {
    if let CellValue::Bool(yes) = cell.value() {
        return Ok(Some(yes));
    }
    let text = cell.text();
    match looks::fold(&text).as_str() {
        "" | "-" | "—" | "/" => Ok(None),
        "是" | "√" | "✓" | "✔" | "☑" | "有" | "y" | "yes" | "true" | "1" | "对" | "已" => Ok(Some(true)),
        "否" | "×" | "✗" | "✘" | "x" | "无" | "没有" | "n" | "no" | "false" | "0" | "错" | "未" | "不是" | "☐" => {
            Ok(Some(false))
        }
        _ => Err(Finding::error("tables.not_yes_or_no").expected("是、否")),
    }
}
