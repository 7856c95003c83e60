//! Amounts 金额: what a met clause pays, before it is weighed against others.

use crate::book::{Amount, Book, Pays, Tier};
use crate::case::Case;
use crate::outcome::Money;
use crate::read::step;
use crate::say;
use expr::{Expr, Kind, Value};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use values::Lang;

/// What the amount comes to, and what it would be without its cap where the cap cut it.
pub(crate) fn of(amount: &Amount, case: &Case<'_>, lang: Lang) -> (Money, Option<Decimal>) {
    let money = match &amount.pays {
        Pays::Between(low, high) => both(number(low, case), number(high, case)),
        Pays::Tiers { of, tiers, marginal } => number(of, case).and_then(|value| tiered(value, tiers, *marginal)),
        Pays::Instalments { year, amounts } => number(year, case).and_then(|year| instalment(year, amounts)),
        Pays::Unknown(why) => return (Money::Unknown(why.clone()), None),
    };
    let Some((low, high)) = money else {
        let keys = reads(amount).flat_map(|e| crate::condition::missing(e, case)).collect::<Vec<_>>().join("、");
        return (Money::Unknown(say::sentence(lang, "why.amount_missing", &[("keys", &keys)])), None);
    };
    let (mut low, mut high) = (low.max(Decimal::ZERO), high.max(Decimal::ZERO));
    if let Some(least) = &amount.least {
        match number(least, case) {
            Some(least) => (low, high) = (low.max(least), high.max(least)),
            None => return (Money::Unknown(say::word(lang, "why.bound_missing")), None),
        }
    }
    let mut uncapped = None;
    if let Some(most) = &amount.most {
        match number(most, case) {
            Some(most) => {
                if high > most {
                    uncapped = Some(round(high, case.book));
                }
                (low, high) = (low.min(most), high.min(most));
            }
            None => return (Money::Unknown(say::word(lang, "why.bound_missing")), None),
        }
    }
    (Money::Known(round(low, case.book), round(high, case.book)), uncapped)
}

/// Rounds to a cent 分 (四舍五入).
pub(crate) fn round(value: Decimal, book: &Book) -> Decimal {
    let cent = step(&crate::book::FactKind::Value(Kind::Number(Some(book.money.clone()))));
    values::fixed::round(value, cent.scale())
}

/// The expressions that an amount reads.
pub(crate) fn reads(amount: &Amount) -> impl Iterator<Item = &Expr> {
    let own: Vec<&Expr> = match &amount.pays {
        Pays::Between(low, high) => vec![low, high],
        Pays::Tiers { of, .. } => vec![of],
        Pays::Instalments { year, .. } => vec![year],
        Pays::Unknown(_) => Vec::new(),
    };
    own.into_iter().chain(&amount.least).chain(&amount.most)
}

fn number(expr: &Expr, case: &Case<'_>) -> Option<Decimal> {
    if let Value::Number(n) = expr.value(case) { Some(n) } else { None }
}

fn both(low: Option<Decimal>, high: Option<Decimal>) -> Option<(Decimal, Decimal)> {
    let (low, high) = (low?, high?);
    Some((low.min(high), low.max(high)))
}

fn tiered(value: Decimal, tiers: &[Tier], marginal: bool) -> Option<(Decimal, Decimal)> {
    let mut total = (Decimal::ZERO, Decimal::ZERO);
    for tier in tiers {
        let reached = tier.range.from.is_none_or(|(n, with)| value > n || with && value == n);
        if !reached || !marginal && !tier.range.holds(value) {
            continue;
        }
        let part = if marginal {
            let from = tier.range.from.map_or(Decimal::ZERO, |(n, _)| n);
            tier.range.to.map_or(value, |(n, _)| n.min(value)).checked_sub(from)?
        } else {
            value
        };
        let rate = tier.rate.unwrap_or_default();
        let fixed = tier.amount.unwrap_or_default();
        total.0 = total.0.checked_add(part.checked_mul(rate.0)?)?.checked_add(fixed.0)?;
        total.1 = total.1.checked_add(part.checked_mul(rate.1)?)?.checked_add(fixed.1)?;
    }
    Some(total)
}

/// The amount of that year; a year outside the plan pays nothing.
fn instalment(year: Decimal, amounts: &[Decimal]) -> Option<(Decimal, Decimal)> {
    let index = year.to_usize().filter(|i| Decimal::from(*i) == year)?;
    let amount = index.checked_sub(1).and_then(|i| amounts.get(i)).copied().unwrap_or_default();
    Some((amount, amount))
}
