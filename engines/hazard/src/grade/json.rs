//! The answer as JSON: `{S, R, alpha, grade, major, parts:[{name, q, Q, beta, clause}]}` and more beside it.

use super::book::book;
use super::lower::Lower;
use super::{Grading, Part};
use serde_json::{Value, json};
use values::{Decimal, Lang};

/// A decimal as text, at most ten digits after the point, no trailing zeros.
#[must_use]
pub fn dec(value: Decimal) -> String {
    value.round_dp(10).normalize().to_string()
}

/// Label of a grade: 一级 … 四级; empty for an unknown key.
#[must_use]
pub fn grade_label(key: &str, lang: Lang) -> String {
    book().grade.iter().find(|g| g.key == key).map_or(String::new(), |g| g.label.get(lang).to_owned())
}

/// The whole answer.
#[must_use]
pub fn answer(g: &Grading, lang: Lang) -> Value {
    let mut out = short(g, lang);
    out["parts"] = g.parts.iter().map(part).collect();
    out["lower"] = g.lower.as_ref().map_or(Value::Null, |l| lower(g, l, lang));
    out["by_standard"] = g.by_standard.as_ref().map_or(Value::Null, |s| short(s, lang));
    out["standard"] = json!(book().standard);
    out["confidence"] = json!(g.confidence.key());
    out["provisional"] = json!(g.confidence == values::Confidence::C);
    out["findings"] = serde_json::to_value(&g.findings).unwrap_or_default();
    out
}

fn short(g: &Grading, lang: Lang) -> Value {
    json!({
        "S": dec(g.s),
        "R": g.r.map(dec),
        "alpha": g.alpha.map(dec),
        "grade": g.grade.as_deref().map(|k| grade_label(k, lang)),
        "major": g.major,
    })
}

fn part(p: &Part) -> Value {
    json!({
        "name": p.name, "matched": p.matched, "q": dec(p.q), "Q": dec(p.critical), "beta": dec(p.beta),
        "ratio": dec(p.ratio), "clause": p.clause, "basis": p.basis, "confidence": p.confidence.key(),
    })
}

fn lower(g: &Grading, l: &Lower, lang: Lang) -> Value {
    let each: Vec<Value> =
        g.parts.iter().zip(&l.each).map(|(p, below)| json!({"name": p.name, "q": dec(p.q), "q_below": below.map(dec)})).collect();
    json!({
        "to": if l.to == "none" { Value::Null } else { json!(grade_label(&l.to, lang)) },
        "measure": if l.by_s { "S" } else { "R" },
        "below": dec(l.below),
        "all_quantities_times_less_than": dec(l.all_by),
        "each_alone": each,
        "residents_500m_below": l.residents_below,
    })
}
