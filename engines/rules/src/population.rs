//! A population under a book 群体: who flips, what it costs, who is paid what under the ceilings.

use crate::book::{Book, Cap, CapPer};
use crate::judge::exclude;
use crate::outcome::{Money, Outcome, Verdict};
use crate::overlap::{self, Best, Choice};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// One subject whose answer changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Flip {
    /// The subject.
    pub subject: String,
    /// Verdict before and after.
    pub verdict: (Verdict, Verdict),
    /// Class before and after.
    pub class: (Option<String>, Option<String>),
    /// Amount before and after.
    pub amount: (Option<Money>, Option<Money>),
    /// Conditions whose verdict changed: id, before, after; none where it stands in one only.
    pub conditions: Vec<(String, Option<Verdict>, Option<Verdict>)>,
}

/// Who flips between two judgings of the same subjects, matched by name.
///
/// A change of amount alone counts too: the subject is listed with equal verdicts.
#[must_use]
pub fn flips(before: &[Outcome], after: &[Outcome]) -> Vec<Flip> {
    let by_name: BTreeMap<&str, &Outcome> = after.iter().map(|o| (o.subject.as_str(), o)).collect();
    let mut flips = Vec::new();
    for old in before {
        let Some(new) = by_name.get(old.subject.as_str()) else { continue };
        if old.verdict == new.verdict && old.class == new.class && old.amount == new.amount {
            continue;
        }
        let verdicts = |o: &Outcome| -> BTreeMap<String, Verdict> {
            o.clauses.iter().flat_map(|c| &c.conditions).map(|c| (c.id.clone(), c.verdict)).collect()
        };
        let (x, y) = (verdicts(old), verdicts(new));
        let mut ids: Vec<&String> = x.keys().chain(y.keys()).collect();
        ids.sort();
        ids.dedup();
        let conditions =
            ids.into_iter().map(|id| (id.clone(), x.get(id).copied(), y.get(id).copied())).filter(|(_, a, b)| a != b).collect();
        flips.push(Flip {
            subject: old.subject.clone(),
            verdict: (old.verdict, new.verdict),
            class: (old.class.clone(), new.class.clone()),
            amount: (old.amount.clone(), new.amount.clone()),
            conditions,
        });
    }
    flips
}

/// One payment that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Who.
    pub subject: String,
    /// By which clause.
    pub clause: String,
    /// In which year.
    pub year: i32,
    /// How much, in the book's money.
    pub amount: Decimal,
}

/// What a claim gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Paid {
    /// How much.
    pub amount: Decimal,
    /// Ids of the caps that cut it.
    pub cut_by: Vec<String>,
}

/// Pays claims in their order under caps; what is paid never exceeds a cap, whatever the order.
///
/// Caps that serve the first come are filled in order; then each cap that
/// shares shrinks all under it in proportion, down to the cent (what the
/// cents leave over stays unpaid). Negative claims get nothing.
#[must_use]
pub fn pay(claims: &[Claim], caps: &[Cap], cent: Decimal) -> Vec<Paid> {
    let mut paid: Vec<Paid> = claims.iter().map(|c| Paid { amount: c.amount.max(Decimal::ZERO), cut_by: Vec::new() }).collect();
    let bucket = |cap: &Cap, claim: &Claim| -> Option<(String, i32)> {
        if !cap.clauses.is_empty() && !cap.clauses.contains(&claim.clause) {
            return None;
        }
        Some(match cap.per {
            CapPer::SubjectYear => (claim.subject.clone(), claim.year),
            CapPer::Subject => (claim.subject.clone(), 0),
            CapPer::Year => (String::new(), claim.year),
            CapPer::Total => (String::new(), 0),
        })
    };
    let first_come: Vec<&Cap> = caps.iter().filter(|c| !c.pro_rata).collect();
    let mut left: Vec<BTreeMap<(String, i32), Decimal>> = vec![BTreeMap::new(); first_come.len()];
    for (claim, paid) in claims.iter().zip(&mut paid) {
        for (cap, left) in first_come.iter().zip(&left) {
            if let Some(key) = bucket(cap, claim) {
                let rest = left.get(&key).copied().unwrap_or(cap.most).max(Decimal::ZERO);
                if rest < paid.amount {
                    paid.amount = rest;
                    paid.cut_by.push(cap.id.clone());
                }
            }
        }
        for (cap, left) in first_come.iter().zip(&mut left) {
            if let Some(key) = bucket(cap, claim) {
                *left.entry(key).or_insert(cap.most) -= paid.amount;
            }
        }
    }
    for cap in caps.iter().filter(|c| c.pro_rata) {
        let mut sums: BTreeMap<(String, i32), Decimal> = BTreeMap::new();
        for (claim, paid) in claims.iter().zip(&paid) {
            if let Some(key) = bucket(cap, claim) {
                let sum = sums.entry(key).or_default();
                *sum = sum.saturating_add(paid.amount);
            }
        }
        for (claim, paid) in claims.iter().zip(&mut paid) {
            let Some(sum) = bucket(cap, claim).and_then(|k| sums.get(&k)) else { continue };
            if *sum > cap.most && !paid.amount.is_zero() {
                paid.amount = share(paid.amount, cap.most.max(Decimal::ZERO), *sum, cent);
                paid.cut_by.push(cap.id.clone());
            }
        }
    }
    paid
}

/// `amount × most ÷ sum`, down to the cent.
fn share(amount: Decimal, most: Decimal, sum: Decimal, cent: Decimal) -> Decimal {
    let exact = amount.checked_mul(most).and_then(|p| p.checked_div(sum)).unwrap_or_default();
    exact.checked_div(cent).map_or(Decimal::ZERO, |n| n.floor() * cent)
}

/// The claims of one subject's outcome: what is met, known and not left out; a range claims its upper end.
#[must_use]
pub fn claims(outcome: &Outcome, year: i32) -> Vec<Claim> {
    outcome
        .clauses
        .iter()
        .filter(|c| c.left_out.is_empty() && c.verdict == Verdict::Met)
        .filter_map(|c| match &c.amount {
            Some(Money::Known(_, high)) if !high.is_zero() => {
                Some(Claim { subject: outcome.subject.clone(), clause: c.id.clone(), year, amount: *high })
            }
            _ => None,
        })
        .collect()
}

/// The best set over several books for one subject, with the names `book.clause`.
#[must_use]
pub fn best_over(outcomes: &[(&Book, &Outcome)]) -> (Vec<Choice>, Best) {
    let mut choices = Vec::new();
    let mut clauses = Vec::new();
    for (book, outcome) in outcomes {
        for found in &outcome.clauses {
            if let (Verdict::Met, Some(Money::Known(low, high))) = (found.verdict, &found.amount)
                && let Some(clause) = book.clauses.iter().find(|c| c.id == found.id)
            {
                choices.push(Choice { id: format!("{}.{}", book.key, found.id), worth: (*low, *high) });
                clauses.push((*book, clause));
            }
        }
    }
    let mut excluded = Vec::new();
    for (a, (x_book, x)) in clauses.iter().enumerate() {
        for (b, (y_book, y)) in clauses.iter().enumerate().skip(a + 1) {
            if exclude(x_book, x, y_book, y) {
                excluded.push((a, b));
            }
        }
    }
    let best = overlap::best(&choices, &excluded);
    (choices, best)
}
