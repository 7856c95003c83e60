//! Conditions, judged: needed, has, shortfall, evidence.

use crate::arith::plain;
use crate::book::{Book, Condition, FactKind, Slot, Test};
use crate::case::Case;
use crate::outcome::{ConditionOutcome, ScoreOutcome, Verdict};
use crate::read::step;
use crate::say;
use expr::{Comparison, Expr, Kind, Measure, Node, NodeKind, Value};
use rust_decimal::Decimal;
use values::{Confidence, Lang};

/// Judges one condition of one case.
pub(crate) fn judge(condition: &Condition, case: &Case<'_>, score: Option<&ScoreOutcome>, lang: Lang) -> ConditionOutcome {
    let mut out = ConditionOutcome {
        id: condition.id.clone(),
        label: condition.label.get(lang).to_owned(),
        verdict: Verdict::NeedsHuman,
        needed: String::new(),
        has: String::new(),
        shortfall: None,
        unit: String::new(),
        clause: condition.clause.clone(),
        missing: Vec::new(),
        evidence: Vec::new(),
        why: String::new(),
        confidence: condition.confidence,
    };
    match &condition.test {
        Test::Expr(expr) => expression(expr, case, lang, &mut out),
        Test::Judge(decided) => judgement(decided.as_ref(), case, lang, &mut out),
        Test::Score { of, comparison, points } => scored(score, of, *comparison, *points, case.book, &mut out),
    }
    if !condition.evidence.is_empty() {
        out.evidence.push(condition.evidence.clone());
    }
    // A rule from memory decides nothing until somebody has confirmed it.
    if condition.confidence == Confidence::C && condition.confirmed.is_empty() {
        out.why = say::word(lang, "why.unconfirmed");
        out.verdict = Verdict::NeedsHuman;
    }
    out
}

fn judgement(decided: Option<&Expr>, case: &Case<'_>, lang: Lang, out: &mut ConditionOutcome) {
    out.needed = out.label.clone();
    match decided.map(|e| e.value(case)) {
        Some(Value::Bool(yes)) => {
            out.verdict = Verdict::of(Some(yes));
            out.has = yes_no(yes, lang);
        }
        _ => out.why = say::word(lang, "why.judge"),
    }
}

/// Judges against a span of points: met if surely so, not met if surely not.
fn scored(score: Option<&ScoreOutcome>, of: &str, comparison: Comparison, points: Decimal, book: &Book, out: &mut ConditionOutcome) {
    out.needed = format!("{} {}", comparison.symbol(), plain(points));
    "分".clone_into(&mut out.unit);
    let Some(score) = score else { return };
    let span = if of.is_empty() {
        score.total
    } else {
        let group = score.groups.iter().find(|(key, ..)| key == of).map(|(_, low, high)| (*low, *high));
        group.or_else(|| score.parts.iter().find(|p| p.id == of).map(|p| p.points))
    };
    let parts = || score.parts.iter().filter(|p| of.is_empty() || p.id == of || p.group == of);
    out.missing = parts().flat_map(|p| p.missing.iter().cloned()).collect();
    out.missing.sort();
    out.missing.dedup();
    let Some((low, high)) = span else {
        out.verdict = Verdict::DataMissing;
        return;
    };
    out.has = if low == high { plain(low) } else { format!("{}..{}", plain(low), plain(high)) };
    out.verdict = match (comparison.holds(low.cmp(&points)), comparison.holds(high.cmp(&points))) {
        (true, true) => Verdict::Met,
        (false, false) => Verdict::NotMet,
        _ if !out.missing.is_empty() => Verdict::DataMissing,
        _ => Verdict::NeedsHuman,
    };
    let digits = book.score.as_ref().and_then(|s| s.digits).unwrap_or(2);
    out.shortfall = Some(shortfall(low, comparison, points, Decimal::new(1, digits)));
}

fn expression(expr: &Expr, case: &Case<'_>, lang: Lang, out: &mut ConditionOutcome) {
    out.verdict = Verdict::of(expr.truth(case));
    if out.verdict == Verdict::DataMissing {
        out.missing = missing(expr, case);
    }
    describe(expr, expr.node(), case, lang, out);
    for read in expr.reads() {
        if let Some(Slot::Fact { fact, .. }) = case.book.slots.get(read.id as usize) {
            let place = case.entry(*fact, 0).map(|e| e.place.clone()).filter(|p| !p.is_empty());
            let proof = Some(case.book.facts[*fact].evidence.clone()).filter(|p| !p.is_empty());
            for text in place.into_iter().chain(proof) {
                if !out.evidence.contains(&text) {
                    out.evidence.push(text);
                }
            }
        }
    }
    if out.label.is_empty() {
        out.label = words(expr, case.book, lang);
    }
}

/// Keys of the facts without which the expression cannot be decided, formulas followed down.
pub(crate) fn missing(expr: &Expr, case: &Case<'_>) -> Vec<String> {
    let mut keys = Vec::new();
    collect(expr, case, 0, &mut keys);
    keys
}

fn collect(expr: &Expr, case: &Case<'_>, depth: usize, keys: &mut Vec<String>) {
    for read in expr.missing(case) {
        match case.book.slots.get(read.id as usize) {
            Some(Slot::Fact { fact, .. }) => {
                let fact = &case.book.facts[*fact];
                match &fact.formula {
                    Some(formula) if depth < 20 && !formula.missing(case).is_empty() => collect(formula, case, depth + 1, keys),
                    _ if !keys.contains(&fact.key) => keys.push(fact.key.clone()),
                    _ => {}
                }
            }
            Some(Slot::Today) => keys.push("today".to_owned()),
            Some(Slot::Parameter(i)) => keys.push(case.book.parameters[*i].key.clone()),
            None => {}
        }
    }
}

/// The condition in words: facts by their labels.
pub(crate) fn words(expr: &Expr, book: &Book, lang: Lang) -> String {
    let labels: Vec<&str> = expr
        .reads()
        .iter()
        .filter_map(|r| match book.slots.get(r.id as usize) {
            Some(Slot::Fact { fact, .. }) => Some(book.facts[*fact].name(lang)),
            _ => None,
        })
        .collect();
    match &labels[..] {
        [one] => (*one).to_owned(),
        _ => expr.source().to_owned(),
    }
}

pub(crate) fn yes_no(yes: bool, lang: Lang) -> String {
    say::word(lang, if yes { "word.yes" } else { "word.no" })
}

fn show(value: &Value<'_>, lang: Lang) -> String {
    match value {
        Value::Missing(_) => String::new(),
        Value::Number(n) => plain(*n),
        Value::Bool(b) => yes_no(*b, lang),
        other => other.to_string(),
    }
}

fn describe(expr: &Expr, node: &Node, case: &Case<'_>, lang: Lang, out: &mut ConditionOutcome) {
    match &node.kind {
        NodeKind::Compare { left, comparison, right, measure } => {
            // The side that is a constant is what is needed.
            let turned = matches!(left.kind, NodeKind::Constant(_));
            let (have, need) = if turned { (right, left) } else { (left, right) };
            let comparison = if turned { comparison.turned() } else { *comparison };
            let (has, needed) = (expr.value_of(have, case), expr.value_of(need, case));
            out.has = show(&has, lang);
            out.needed = match (comparison, &needed) {
                (Comparison::Eq, Value::Bool(_) | Value::Text(_)) => show(&needed, lang),
                _ => format!("{} {}", comparison.symbol(), show(&needed, lang)),
            };
            out.unit = measure.as_ref().map_or("", Measure::name).to_owned();
            if let (Value::Number(has), Value::Number(needed)) = (has, needed) {
                out.shortfall = Some(shortfall(has, comparison, needed, smallest(have, measure.as_ref(), expr, case.book)));
            }
        }
        NodeKind::InList { item, list, negated, .. } => {
            out.has = show(&expr.value_of(item, case), lang);
            let members: Vec<String> = list.iter().map(|n| show(&expr.value_of(n, case), lang)).collect();
            let sign = if *negated { "∉" } else { "∈" };
            out.needed = format!("{sign} {}", members.join("、"));
        }
        NodeKind::Read(_) => {
            out.has = show(&expr.value_of(node, case), lang);
            out.needed = yes_no(true, lang);
        }
        NodeKind::Not(one) if matches!(one.kind, NodeKind::Read(_)) => {
            out.has = show(&expr.value_of(one, case), lang);
            out.needed = yes_no(false, lang);
        }
        _ => {
            let source = expr.source();
            source.clone_into(&mut out.needed);
            let values: Vec<String> =
                expr.reads().iter().map(|r| format!("{} = {}", r.text, show(&expr::Values::get(case, r.id), lang))).collect();
            out.has = values.join("; ");
        }
    }
}

/// How little is enough to pass a strict border, in the unit of the comparison.
fn smallest(have: &Node, measure: Option<&Measure>, expr: &Expr, book: &Book) -> Decimal {
    if let NodeKind::Read(i) = have.kind
        && let Some(Slot::Fact { fact, .. }) = expr.reads().get(i).and_then(|r| book.slots.get(r.id as usize))
    {
        return book.facts[*fact].step;
    }
    step(&FactKind::Value(Kind::Number(measure.cloned())))
}

/// By how much `has` fails; adding it (or taking it away, for ≤) makes it hold.
fn shortfall(has: Decimal, comparison: Comparison, needed: Decimal, step: Decimal) -> Decimal {
    if comparison.holds(has.cmp(&needed)) {
        return Decimal::ZERO;
    }
    match comparison {
        Comparison::Ge => needed - has,
        Comparison::Gt => needed - has + step,
        Comparison::Le => has - needed,
        Comparison::Lt => has - needed + step,
        Comparison::Eq => (needed - has).abs(),
        Comparison::Ne => step,
    }
}
