//! What would bring a unit a grade down: less of one substance, less of all,
//! or fewer people near it. From 四级 the step down is "no major hazard".

use super::book::book;
use super::{DIGITS, Unit, quotient};
use values::Decimal;

/// The way to the next lower grade; every limit here is exclusive ("less than").
#[derive(Debug, Clone, PartialEq)]
pub struct Lower {
    /// Key of the grade that is reached; `none` means no major hazard.
    pub to: String,
    /// R (or, for `none`, S) must fall below this.
    pub below: Decimal,
    /// True if it is S that must fall, not R.
    pub by_s: bool,
    /// All quantities times less than this.
    pub all_by: Decimal,
    /// For each substance: q must fall below this, t; none if it alone cannot do it.
    pub each: Vec<Option<Decimal>>,
    /// Fewer residents than this within 500 m would do; none if people alone cannot do it.
    pub residents_below: Option<u32>,
}

/// Computes [`Lower`] from S and R; none if there is nothing to lower or R is unknown.
#[must_use]
pub fn lower(unit: &Unit, s: Decimal, r: Option<Decimal>) -> Option<Lower> {
    if s < Decimal::ONE {
        return None;
    }
    let r = r?;
    let (rank, grade) = book().grade(r)?;
    let alpha = book().alpha(unit.residents?);
    match book().grade.get(rank + 1) {
        Some(next) => Some(Lower {
            to: next.key.clone(),
            below: grade.r_from,
            by_s: false,
            all_by: quotient(grade.r_from, r).round_dp(DIGITS),
            each: each(unit, r - grade.r_from, |beta| alpha.checked_mul(beta).unwrap_or(Decimal::MAX)),
            residents_below: fewer_people(r, alpha, grade.r_from),
        }),
        None => Some(Lower {
            to: "none".into(),
            below: Decimal::ONE,
            by_s: true,
            all_by: quotient(Decimal::ONE, s).round_dp(DIGITS),
            each: each(unit, s - Decimal::ONE, |_| Decimal::ONE),
            residents_below: None,
        }),
    }
}

/// For each substance q − excess·Q/weight, if that is above zero.
fn each(unit: &Unit, excess: Decimal, weight: impl Fn(Decimal) -> Decimal) -> Vec<Option<Decimal>> {
    unit.parts
        .iter()
        .map(|part| {
            let cut = excess.checked_mul(part.critical)?.checked_div(weight(part.beta))?;
            Some(part.q.checked_sub(cut)?.round_dp(DIGITS)).filter(|left| *left > Decimal::ZERO)
        })
        .collect()
}

/// The most residents (exclusive) whose α brings R below `limit`.
fn fewer_people(r: Decimal, alpha: Decimal, limit: Decimal) -> Option<u32> {
    let sum = quotient(r, alpha);
    let table = &book().alpha;
    let enough = table.iter().position(|a| sum.checked_mul(a.value).is_some_and(|x| x < limit))?;
    // The band above the first that is enough begins where people are too many.
    enough.checked_sub(1).map(|above| table[above].residents_from)
}
