//! The checker 检查: what a book says that cannot be right, each with its line.

use crate::book::{Book, Clause, Condition, Test};
use crate::say;
use expr::{Comparison, NodeKind};
use rust_decimal::Decimal;
use values::{Confidence, Findings, Lang, Severity};

/// Checks one book that was read without error.
pub(crate) fn check(book: &Book, lang: Lang, findings: &mut Findings) {
    let at = |line: usize| format!("{}:{line}", book.file);
    let mut note = |severity, rule: &str, line: usize, field: &str, args: &[(&str, &str)]| {
        findings.push(say::finding(severity, lang, rule, args).at(at(line)).field(field));
    };
    for (i, clause) in book.clauses.iter().enumerate() {
        if book.clauses[..i].iter().any(|c| c.id == clause.id) {
            note(Severity::Error, "rules.duplicate", clause.line, "id", &[("found", &clause.id)]);
        }
        if let (Some(from), Some(to)) = (clause.valid_from, clause.valid_to)
            && from > to
        {
            note(Severity::Error, "rules.valid_reversed", clause.line, "valid_to", &[("from", &from.to_string()), ("to", &to.to_string())]);
        }
        if clause.clause.is_empty() && clause.conditions.iter().all(|c| c.clause.is_empty()) {
            note(Severity::Warning, "rules.missing_clause", clause.line, &clause.id, &[("found", &clause.id)]);
        }
        for condition in &clause.conditions {
            if condition.confidence == Confidence::C && condition.confirmed.is_empty() {
                note(Severity::Note, "rules.unconfirmed", condition.line, &condition.id, &[("found", &condition.id)]);
            }
        }
        for (a, b) in contradictions(clause) {
            let found = format!("{} / {}", source(a), source(b));
            note(Severity::Error, "rules.contradiction", b.line, &b.id, &[("found", &found)]);
        }
        for other in &clause.excludes {
            if !other.contains('.') && !book.clauses.iter().any(|c| c.id == *other) && *other != book.key && looks_own(book, other) {
                note(Severity::Warning, "rules.no_such_clause", clause.line, "excludes", &[("found", other)]);
            }
        }
    }
    for cap in &book.caps {
        for id in cap.clauses.iter().filter(|id| !book.clauses.iter().any(|c| c.id == **id)) {
            note(Severity::Error, "rules.no_such_clause", 1, "cap", &[("found", id)]);
        }
    }
    for (i, part) in book.score.iter().flat_map(|s| s.parts.iter().enumerate()) {
        let before = book.score.as_ref().map_or(&[][..], |s| &s.parts[..i]);
        if before.iter().any(|p| p.id == part.id) {
            note(Severity::Error, "rules.duplicate", part.line, "id", &[("found", &part.id)]);
        }
    }
    if book.source.is_empty() {
        note(Severity::Warning, "rules.missing_source", 1, "source", &[]);
    }
}

/// An id that looks like those of this book's own clauses (another book's key does not).
fn looks_own(book: &Book, id: &str) -> bool {
    let shape = |text: &str| text.chars().next().is_some_and(|c| c.is_ascii_digit());
    book.clauses.iter().any(|c| shape(&c.id)) == shape(id)
}

fn source(condition: &Condition) -> String {
    if let Test::Expr(e) = &condition.test { e.source().to_owned() } else { condition.id.clone() }
}

/// A condition on one fact that leaves only a range of it: the fact's slot, and the range's ends.
fn bound(condition: &Condition) -> Option<(u32, Comparison, Decimal)> {
    let Test::Expr(e) = &condition.test else { return None };
    let NodeKind::Compare { left, comparison, right, .. } = &e.node().kind else { return None };
    let slot = |i: usize| e.reads().get(i).map(|r| r.id);
    match (&left.kind, &right.kind) {
        (NodeKind::Read(i), _) => Some((slot(*i)?, *comparison, right.constant_number()?)),
        (_, NodeKind::Read(i)) => Some((slot(*i)?, comparison.turned(), left.constant_number()?)),
        _ => None,
    }
}

/// Pairs of conditions that are both needed and can never hold together.
fn contradictions(clause: &Clause) -> Vec<(&Condition, &Condition)> {
    let mut needed = Vec::new();
    always(&clause.need, &mut needed);
    let bounds: Vec<(usize, (u32, Comparison, Decimal))> =
        needed.iter().filter_map(|i| clause.conditions.get(*i).and_then(bound).map(|b| (*i, b))).collect();
    let mut found = Vec::new();
    for (k, (i, a)) in bounds.iter().enumerate() {
        for (j, b) in &bounds[k + 1..] {
            let (x, y) = (&clause.conditions[*i], &clause.conditions[*j]);
            let together = x.occasion.is_none() || y.occasion.is_none() || x.occasion == y.occasion;
            if a.0 == b.0 && together && empty((a.1, a.2), (b.1, b.2)) {
                found.push((x, y));
            }
        }
    }
    found
}

/// The conditions without which the clause can never be met.
fn always(need: &crate::book::Need, out: &mut Vec<usize>) {
    match need {
        crate::book::Need::One(i) => out.push(*i),
        crate::book::Need::All(list) => list.iter().for_each(|n| always(n, out)),
        crate::book::Need::Any(_) | crate::book::Need::AtLeast(..) => {}
    }
}

/// True if no number satisfies both.
fn empty(a: (Comparison, Decimal), b: (Comparison, Decimal)) -> bool {
    let probe = |n: Decimal| a.0.holds(n.cmp(&a.1)) && b.0.holds(n.cmp(&b.1));
    let middle = (a.1 + b.1) / Decimal::TWO;
    ![a.1, b.1, middle, a.1.min(b.1) - Decimal::ONE, a.1.max(b.1) + Decimal::ONE].into_iter().any(probe)
}

/// Two versions of one book in force on one day, over a set of books.
#[must_use]
pub fn versions(books: &[Book], lang: Lang) -> Findings {
    let mut findings = Findings::default();
    for (i, a) in books.iter().enumerate() {
        for b in &books[i + 1..] {
            let replaces = |new: &Book, old: &Book| new.supersedes.iter().any(|name| old.is_called(name));
            let same = a.key == b.key || replaces(a, b) || replaces(b, a);
            let apart = a.occasion.is_some() && b.occasion.is_some() && a.occasion != b.occasion;
            if !same || apart {
                continue;
            }
            let from = a.valid_from.max(b.valid_from);
            let to = [a.valid_to, b.valid_to].into_iter().flatten().min();
            if from.is_none() || to.is_none() || from <= to {
                let day = from.or(to).map_or(String::new(), |d| d.to_string());
                let found = format!("{}（{}）/ {}（{}）", a.name(), a.file, b.name(), b.file);
                let finding = say::finding(Severity::Error, lang, "rules.two_versions", &[("found", &found), ("day", &day)]);
                findings.push(finding.at(b.file.clone()).field("valid_from"));
            }
        }
    }
    findings
}
