//! Changes 改变: the nearest value of one fact at which a condition turns true.

use crate::book::{Book, FactKind, Slot, Take};
use crate::case::{Case, Entry};
use expr::{Comparison, Expr, Held, Kind, NodeKind, Value};
use rust_decimal::Decimal;

/// Doublings of the step that are tried before a fact is given up.
const DOUBLINGS: u32 = 62;

/// The facts, not computed, that an expression comes down to.
pub(crate) fn facts_of(expr: &Expr, book: &Book) -> Vec<usize> {
    let mut out = Vec::new();
    down(expr, book, 0, &mut out);
    out
}

fn down(expr: &Expr, book: &Book, depth: usize, out: &mut Vec<usize>) {
    for read in expr.reads() {
        let Some(Slot::Fact { fact, .. }) = book.slots.get(read.id as usize) else { continue };
        match &book.facts[*fact].formula {
            Some(formula) if depth < 20 => down(formula, book, depth + 1, out),
            _ if !out.contains(fact) => out.push(*fact),
            _ => {}
        }
    }
}

/// What one fact can be brought to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Target {
    /// This value.
    Value(Held),
    /// So many more links.
    Links(u32),
}

impl Target {
    pub(crate) fn apply(&self, case: &mut Case<'_>, fact: usize) {
        match self {
            Self::Value(held) => case.set(fact, Some(held.clone())),
            Self::Links(more) => {
                let list = &mut case.entries[fact];
                list.retain(|e| e.link.is_some());
                let link = Some((case.when.day, None));
                list.extend((0..*more).map(|_| Entry { period: None, value: None, place: String::new(), link }));
            }
        }
    }
}

/// The smallest changes of `fact` alone, up and down, at which `holds` turns true; limits of the fact are kept.
pub(crate) fn flips(case: &Case<'_>, fact: usize, exact: Option<Decimal>, holds: &dyn Fn(&Case<'_>) -> bool) -> Vec<Target> {
    let declared = &case.book.facts[fact];
    if !declared.changeable {
        return Vec::new();
    }
    let try_value = |held: Held| {
        let mut other = case.clone();
        other.set(fact, Some(held.clone()));
        holds(&other).then_some(Target::Value(held))
    };
    match &declared.kind {
        FactKind::Links => (1..=20u32).find_map(|more| with_links(case, fact, more, holds)).into_iter().collect(),
        FactKind::Value(Kind::Bool) => [true, false].into_iter().filter_map(|b| try_value(Held::Bool(b))).collect(),
        FactKind::Value(Kind::Choice(options)) => options.iter().filter_map(|o| try_value(Held::Text(o.clone()))).collect(),
        FactKind::Value(Kind::Number(_)) => {
            let Value::Number(now) = case.value(fact, 0) else { return Vec::new() };
            if let Some(exact) = exact
                && within(case, fact, now, exact)
                && let Some(target) = try_value(Held::Number(exact))
            {
                return vec![target];
            }
            [Decimal::ONE, Decimal::NEGATIVE_ONE].into_iter().filter_map(|way| towards(case, fact, now, way, holds)).collect()
        }
        FactKind::Value(_) => Vec::new(),
    }
}

fn with_links(case: &Case<'_>, fact: usize, more: u32, holds: &dyn Fn(&Case<'_>) -> bool) -> Option<Target> {
    let target = Target::Links(more);
    let mut other = case.clone();
    target.apply(&mut other, fact);
    holds(&other).then_some(target)
}

/// True if the fact may take that value: its declared limits; what is not negative does not become so.
fn within(case: &Case<'_>, fact: usize, now: Decimal, value: Decimal) -> bool {
    let declared = &case.book.facts[fact];
    let least = declared.least.or((now >= Decimal::ZERO).then_some(Decimal::ZERO));
    least.is_none_or(|l| value >= l.min(now)) && declared.most.is_none_or(|m| value <= m.max(now))
}

/// Doubles the step until the condition holds, then halves back to the first value at which it does.
fn towards(case: &Case<'_>, fact: usize, now: Decimal, way: Decimal, holds: &dyn Fn(&Case<'_>) -> bool) -> Option<Target> {
    let step = case.book.facts[fact].step;
    let mut other = case.clone();
    let at = |count: u64| now.checked_add(way.checked_mul(step)?.checked_mul(count.into())?);
    let mut test = |count: u64| -> Option<bool> {
        let value = at(count)?;
        if !within(case, fact, now, value) {
            return None;
        }
        other.set(fact, Some(Held::Number(value)));
        Some(holds(&other))
    };
    let (mut low, mut high) = (0u64, None);
    for doubling in 0..DOUBLINGS {
        let count = 1u64 << doubling;
        match test(count) {
            Some(true) => {
                high = Some(count);
                break;
            }
            Some(false) => low = count,
            None => break,
        }
    }
    // The limit may lie between the last two counts.
    if high.is_none() {
        let declared = &case.book.facts[fact];
        let limit = if way > Decimal::ZERO { declared.most } else { declared.least.or(Some(Decimal::ZERO)) };
        let limit = limit.filter(|l| *l != now && (*l > now) == (way > Decimal::ZERO))?;
        other.set(fact, Some(Held::Number(limit)));
        if !holds(&other) {
            return None;
        }
        let steps = (limit - now).abs().checked_div(step)?.floor();
        high = rust_decimal::prelude::ToPrimitive::to_u64(&steps);
        if high.is_none_or(|h| h <= low) {
            return Some(Target::Value(Held::Number(limit)));
        }
        other.set(fact, Some(Held::Number(at(high?)?)));
        if !holds(&other) {
            return Some(Target::Value(Held::Number(limit)));
        }
    }
    let mut high = high?;
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        other.set(fact, Some(Held::Number(at(middle)?)));
        if holds(&other) { high = middle } else { low = middle }
    }
    Some(Target::Value(Held::Number(at(high)?.normalize())))
}

/// For a plain comparison of one fact with a constant: the value that just satisfies it.
pub(crate) fn exact(expr: &Expr, case: &Case<'_>, fact: usize) -> Option<Decimal> {
    let NodeKind::Compare { left, comparison, right, .. } = &expr.node().kind else { return None };
    let own = Slot::Fact { fact, take: Take::Back(0) };
    let is_own = |i: usize| expr.reads().get(i).and_then(|r| case.book.slots.get(r.id as usize)) == Some(&own);
    let (comparison, needed) = match (&left.kind, &right.kind) {
        (NodeKind::Read(i), _) if is_own(*i) => (*comparison, right.constant_number()?),
        (_, NodeKind::Read(i)) if is_own(*i) => (comparison.turned(), left.constant_number()?),
        _ => return None,
    };
    let step = case.book.facts[fact].step;
    Some(match comparison {
        Comparison::Gt => needed + step,
        Comparison::Lt => needed - step,
        _ => needed,
    })
}
