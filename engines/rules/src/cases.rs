//! Cases beside a book 案例: Markdown tables that an expert reads, and that the engine must agree with.

use crate::book::{Book, Occasion};
use crate::case::{Case, When};
use crate::facts::{Facts, Subject};
use crate::judge::judge;
use crate::outcome::{Money, Outcome, Verdict};
use crate::say;
use crate::score::Peers;
use rust_decimal::Decimal;
use values::{Findings, Lang, Severity};

/// Judges every case of a Markdown file: how many there were, and where the book answers otherwise.
///
/// Each table stands for itself: its rows are the population that ranks and best values are taken of.
#[must_use]
pub fn run(book: &Book, name: &str, markdown: &str, lang: Lang) -> (usize, Findings) {
    let mut findings = Findings::default();
    let mut count = 0;
    for table in tables(name, markdown) {
        let facts = match Facts::from_rows(name, &table, lang) {
            Ok((facts, more)) => {
                findings.0.extend(more.0);
                facts
            }
            Err(more) => {
                findings.0.extend(more.0);
                continue;
            }
        };
        let cases: Vec<(&Subject, Case<'_>)> = facts
            .subjects
            .iter()
            .map(|s| {
                let occasion = if s.review { Occasion::Review } else { Occasion::New };
                (s, Case::bind(book, s, When { day: s.day, occasion, last_year: None }, lang, &mut findings))
            })
            .collect();
        let bound: Vec<Case<'_>> = cases.iter().map(|(_, c)| c.clone()).collect();
        let peers = Peers::of(&bound);
        for (subject, case) in &cases {
            count += 1;
            let only = Some(subject.clause.as_str()).filter(|c| !c.is_empty());
            let outcome = judge(case, &peers, only, lang);
            for (expected, got) in differences(book, subject, &outcome) {
                let args = [("found", subject.name.as_str()), ("expected", &expected), ("got", &got)];
                findings.push(say::finding(Severity::Error, lang, "rules.case_differs", &args).at(name).field(&subject.name));
            }
        }
    }
    (count, findings)
}

/// What a case expects and does not get.
fn differences(book: &Book, subject: &Subject, outcome: &Outcome) -> Vec<(String, String)> {
    let mut all = Vec::new();
    if let Some(text) = &subject.expected_verdict
        && Verdict::parse(text) != Some(outcome.verdict)
    {
        all.push((text.clone(), outcome.verdict.key().to_owned()));
    }
    if let Some(text) = &subject.expected_class {
        let id = outcome.class.clone().unwrap_or_default();
        let title = book.clauses.iter().find(|c| c.id == id).map_or("", |c| c.title.zh.as_str());
        let grade = outcome.score.as_ref().and_then(|s| s.grade.clone()).unwrap_or_default();
        if ![id.as_str(), title, &grade].contains(&text.as_str()) || text.is_empty() {
            all.push((text.clone(), if id.is_empty() { grade } else { format!("{id} {title}") }));
        }
    }
    if let Some(text) = &subject.expected {
        let total = outcome.score.as_ref().and_then(|s| s.total);
        let amount = match (&outcome.amount, total) {
            (Some(Money::Known(low, high)), _) => Some((*low, *high)),
            (None, total) => total,
            _ => None,
        };
        if span(text) != amount && !(amount.is_none() && matches!(text.as_str(), "未知" | "unknown")) {
            all.push((text.clone(), amount.map_or_else(|| "未知".to_owned(), |(l, h)| format!("{}..{}", l.normalize(), h.normalize()))));
        }
    }
    all
}

fn span(text: &str) -> Option<(Decimal, Decimal)> {
    let (low, high) = text.split_once("..").unwrap_or((text, text));
    Some((low.trim().parse().ok()?, high.trim().parse().ok()?))
}

/// The tables of a Markdown text: rows with their places; the line of dashes is left out.
fn tables(name: &str, markdown: &str) -> Vec<Vec<(String, Vec<String>)>> {
    let mut tables: Vec<Vec<(String, Vec<String>)>> = Vec::new();
    let mut open = false;
    for (i, line) in markdown.lines().enumerate() {
        let Some(inner) = line.trim().strip_prefix('|') else {
            open = false;
            continue;
        };
        let inner = inner.strip_suffix('|').unwrap_or(inner);
        let cells: Vec<String> = inner.split('|').map(|c| c.trim().to_owned()).collect();
        if cells.iter().all(|c| !c.is_empty() && c.chars().all(|c| matches!(c, '-' | ':' | ' '))) {
            continue;
        }
        if !open {
            tables.push(Vec::new());
            open = true;
        }
        if let Some(last) = tables.last_mut() {
            last.push((format!("{name}:{}", i + 1), cells));
        }
    }
    tables
}
