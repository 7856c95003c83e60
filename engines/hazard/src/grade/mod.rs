//! Major hazards 重大危险源: is a unit one, and of which grade.
//!
//! S = Σ q/Q decides, R = α · Σ β·q/Q grades (GB 18218-2018, 4.2 and 4.3).
//! The unit 单元 is graded, not the enterprise: a production unit is what lies
//! between cut-off valves, a storage unit one dike or one building; both use
//! the same formula. q is the **design maximum**, not today's stock.
//!
//! Not here: the environmental risk quotient of HJ 169-2018, which has other
//! critical quantities for the same substances.
//!
//! Reading order: [`book`] (the tables), [`lookup`], [`request`] (what a file
//! says), this file (the arithmetic), [`lower`] (what would bring it a grade
//! down), [`json`].

pub mod book;
pub mod json;
pub mod lookup;
pub mod lower;
pub mod request;

use crate::words;
use book::book;
use values::{Confidence, Decimal, Findings, Lang, Severity};

/// Digits kept of S and R. A sum of exact thirds must reach 1, so the last
/// places of the 28-digit quotients are rounded away before any comparison.
const DIGITS: u32 = 15;

/// One substance of a unit with the Q and β that were settled for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// As written in the file.
    pub name: String,
    /// As the standard prints it, or the class; empty if neither names it.
    pub matched: String,
    /// Design maximum q, t.
    pub q: Decimal,
    /// Critical quantity Q, t.
    pub critical: Decimal,
    /// β, without dimension.
    pub beta: Decimal,
    /// q/Q.
    pub ratio: Decimal,
    /// Table and line of Q and β.
    pub clause: String,
    /// How Q and β came about, in words.
    pub basis: String,
    /// How sure Q and β are.
    pub confidence: Confidence,
    /// Q and β of the standard where the file states others.
    pub standard: Option<(Decimal, Decimal)>,
}

/// A unit 单元 as read: its parts and the people around it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Unit {
    /// Substances with settled Q and β.
    pub parts: Vec<Part>,
    /// Permanent residents within 500 m outside the plant's boundary.
    pub residents: Option<u32>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Grading {
    /// Σ q/Q.
    pub s: Decimal,
    /// α Σ β q/Q; none unless the unit is a major hazard and α is known.
    pub r: Option<Decimal>,
    /// α; none if the residents are not known.
    pub alpha: Option<Decimal>,
    /// Key of the grade: `first` … `fourth`.
    pub grade: Option<String>,
    /// S ≥ 1.
    pub major: bool,
    /// What each substance adds.
    pub parts: Vec<Part>,
    /// What would bring it a grade down.
    pub lower: Option<lower::Lower>,
    /// The same with the standard's own Q and β, where the file states others.
    pub by_standard: Option<Box<Grading>>,
    /// Lowest confidence of what went in.
    pub confidence: Confidence,
    /// Remarks.
    pub findings: Findings,
}

/// Returns S, R and the grade of one unit; quantities in tonnes.
///
/// Boundary values belong to the higher grade. With unknown residents the
/// answer says whether it is a major hazard, and leaves R out.
#[must_use]
pub fn grade(unit: &Unit, lang: Lang) -> Grading {
    let mut answer = arithmetic(unit);
    if answer.major && answer.alpha.is_none() {
        answer.findings.push(words::finding(lang, Severity::Warning, "hazard.residents_unknown", &[]).field("residents_500m"));
    }
    if unit.parts.iter().any(|p| p.standard.is_some()) {
        let mut strict = unit.clone();
        for part in &mut strict.parts {
            if let Some((critical, beta)) = part.standard.take() {
                (part.critical, part.beta, part.ratio) = (critical, beta, quotient(part.q, critical));
            }
        }
        answer.by_standard = Some(Box::new(arithmetic(&strict)));
    }
    answer
}

fn arithmetic(unit: &Unit) -> Grading {
    let s = sum(unit.parts.iter().map(|p| p.ratio));
    let major = s >= Decimal::ONE;
    let alpha = unit.residents.map(|n| book().alpha(n));
    let weighted = sum(unit.parts.iter().map(|p| p.beta.checked_mul(p.ratio).unwrap_or(Decimal::MAX)));
    let r = alpha.filter(|_| major).map(|a| a.checked_mul(weighted).unwrap_or(Decimal::MAX).round_dp(DIGITS));
    let grade = r.and_then(|r| book().grade(r)).map(|(_, g)| g.key.clone());
    let confidence = unit.parts.iter().fold(book().confidence, |c, p| c.lower(p.confidence));
    let lower = lower::lower(unit, s, r);
    Grading { s, r, alpha, grade, major, parts: unit.parts.clone(), lower, by_standard: None, confidence, findings: Findings::default() }
}

/// q/Q with all digits that a decimal holds.
#[must_use]
pub fn quotient(q: Decimal, critical: Decimal) -> Decimal {
    q.checked_div(critical).unwrap_or(Decimal::MAX)
}

fn sum(items: impl Iterator<Item = Decimal>) -> Decimal {
    items.fold(Decimal::ZERO, |a, b| a.checked_add(b).unwrap_or(Decimal::MAX)).round_dp(DIGITS)
}

#[cfg(test)]
mod tests;
