//! Judging 判定: one subject under one book; the engine that decides is the one that explains.

use crate::amount;
use crate::book::{Book, CapPer, Choose, Clause, Means, Need, Occasion};
use crate::case::Case;
use crate::condition;
use crate::outcome::{ClauseOutcome, ConditionOutcome, Money, Outcome, ScoreOutcome, Verdict};
use crate::overlap::{self, Choice};
use crate::say;
use crate::score::{Peers, score};
use rust_decimal::Decimal;
use values::{Confidence, Lang};

/// Judges a case: every clause that concerns it, or the one clause asked for.
#[must_use]
pub fn judge(case: &Case<'_>, peers: &Peers, only: Option<&str>, lang: Lang) -> Outcome {
    let book = case.book;
    let score = score(case, peers, lang);
    let mut clauses: Vec<ClauseOutcome> = Vec::new();
    for clause in &book.clauses {
        if only.is_some_and(|id| id != clause.id) || clause.occasion.is_some_and(|o| o != case.when.occasion) {
            continue;
        }
        let outcome = judge_clause(clause, case, score.as_ref(), lang);
        if outcome.concerns || only.is_some() {
            clauses.push(outcome);
        }
    }
    choose_best(book, &mut clauses, lang);
    let (verdict, class) = verdict(book, &clauses, score.as_ref());
    let (amount, unknown, capped_by) = total(book, &clauses);
    let confidence = clauses
        .iter()
        .flat_map(|c| &c.conditions)
        .map(|c| c.confidence)
        .chain(score.iter().flat_map(|s| s.parts.iter().map(|p| p.confidence)))
        .fold(book.confidence, Confidence::lower);
    Outcome {
        subject: case.subject.clone(),
        book: book.name(),
        verdict,
        class,
        clauses,
        amount,
        unknown,
        capped_by,
        unit: book.money.name().to_owned(),
        score,
        confidence,
    }
}

fn judge_clause(clause: &Clause, case: &Case<'_>, score: Option<&ScoreOutcome>, lang: Lang) -> ClauseOutcome {
    let mut out = ClauseOutcome {
        id: clause.id.clone(),
        title: clause.title.get(lang).to_owned(),
        clause: clause.clause.clone(),
        concerns: true,
        verdict: Verdict::Met,
        conditions: Vec::new(),
        amount: None,
        left_out: String::new(),
        uncapped: None,
    };
    let mut verdicts: Vec<Option<Verdict>> = Vec::with_capacity(clause.conditions.len());
    let scope = clause.scope.as_ref().map_or(Some(true), |s| s.truth(case));
    out.concerns = scope != Some(false);
    for condition in &clause.conditions {
        let concerns = condition.occasion.is_none_or(|o| o == case.when.occasion);
        let judged = condition::judge(condition, case, score, lang);
        verdicts.push(concerns.then_some(judged.verdict));
        if concerns {
            out.conditions.push(judged);
        }
    }
    let mut parts = vec![combine(&clause.need, &verdicts).unwrap_or(Verdict::Met)];
    if let Some(scope_expr) = &clause.scope {
        parts.push(Verdict::of(scope));
        if scope.is_none() {
            out.conditions.insert(0, side(format!("{}.scope", clause.id), "word.scope", Verdict::DataMissing, lang));
            out.conditions[0].missing = condition::missing(scope_expr, case);
        }
    }
    if let Some(invalid) = validity(clause, case, lang) {
        parts.push(Verdict::NotMet);
        out.conditions.insert(0, invalid);
    }
    out.verdict = Verdict::all(parts);
    if let Some(amount) = &clause.amount {
        out.amount = Some(match out.verdict {
            Verdict::Met => {
                let (money, uncapped) = amount::of(amount, case, lang);
                out.uncapped = uncapped;
                money
            }
            Verdict::NotMet => Money::ZERO,
            Verdict::DataMissing | Verdict::NeedsHuman => Money::Unknown(out.verdict.word(lang)),
        });
    }
    out
}

/// A condition that the engine itself adds.
fn side(id: String, label: &str, verdict: Verdict, lang: Lang) -> ConditionOutcome {
    ConditionOutcome {
        id,
        label: say::word(lang, label),
        verdict,
        needed: String::new(),
        has: String::new(),
        shortfall: None,
        unit: String::new(),
        clause: String::new(),
        missing: Vec::new(),
        evidence: Vec::new(),
        why: String::new(),
        confidence: Confidence::A,
    }
}

/// The condition that the clause is in force on the day; none if it is, or no day is asked about.
fn validity(clause: &Clause, case: &Case<'_>, lang: Lang) -> Option<ConditionOutcome> {
    let book = case.book;
    if book.occasion.is_some_and(|o| o != case.when.occasion) {
        let mut out = side("occasion".to_owned(), "word.occasion", Verdict::NotMet, lang);
        out.needed = say::word(lang, if book.occasion == Some(Occasion::New) { "word.new" } else { "word.review" });
        return Some(out);
    }
    let day = case.when.day?;
    let own = clause.valid_from.is_none_or(|f| f <= day) && clause.valid_to.is_none_or(|t| day <= t);
    if own && book.in_force(day, case.when.occasion) {
        return None;
    }
    let mut out = side("valid".to_owned(), "word.valid", Verdict::NotMet, lang);
    let from = clause.valid_from.or(book.valid_from).map_or(String::new(), |d| d.to_string());
    let to = clause.valid_to.or(book.valid_to).map_or(String::new(), |d| d.to_string());
    out.needed = format!("{from}..{to}");
    out.has = day.to_string();
    book.source.clone_into(&mut out.clause);
    Some(out)
}

/// The verdict of a group; none if nothing in it concerns this occasion.
fn combine(need: &Need, verdicts: &[Option<Verdict>]) -> Option<Verdict> {
    let parts = |list: &[Need]| -> Vec<Verdict> { list.iter().filter_map(|n| combine(n, verdicts)).collect() };
    match need {
        Need::One(i) => verdicts.get(*i).copied().flatten(),
        Need::All(list) => {
            let parts = parts(list);
            (!parts.is_empty()).then(|| Verdict::all(parts))
        }
        Need::Any(list) => {
            let parts = parts(list);
            (!parts.is_empty()).then(|| Verdict::any(parts))
        }
        Need::AtLeast(k, list) => {
            let parts = parts(list);
            (!parts.is_empty()).then(|| Verdict::at_least(*k, parts))
        }
    }
}

fn verdict(book: &Book, clauses: &[ClauseOutcome], score: Option<&ScoreOutcome>) -> (Verdict, Option<String>) {
    let each = || clauses.iter().map(|c| c.verdict);
    if clauses.is_empty() {
        return (if book.clauses.is_empty() { score.map_or(Verdict::NotMet, |s| s.verdict) } else { Verdict::NotMet }, None);
    }
    match book.choose {
        Choose::Each | Choose::Any => (Verdict::any(each()), None),
        Choose::All => (Verdict::all(each()), None),
        Choose::First => {
            let first = clauses.iter().find(|c| c.verdict != Verdict::NotMet);
            let class = first.filter(|c| c.verdict == Verdict::Met).map(|c| c.id.clone());
            (first.map_or(Verdict::NotMet, |c| c.verdict), class)
        }
    }
}

/// Of clauses that exclude each other, keeps the set that pays most, and says of the others why.
fn choose_best(book: &Book, clauses: &mut [ClauseOutcome], lang: Lang) {
    let pays: Vec<usize> = (0..clauses.len())
        .filter(|i| clauses[*i].verdict == Verdict::Met && matches!(clauses[*i].amount, Some(Money::Known(..))))
        .collect();
    let choices: Vec<Choice> = pays
        .iter()
        .map(|i| match &clauses[*i].amount {
            Some(Money::Known(low, high)) => Choice { id: clauses[*i].id.clone(), worth: (*low, *high) },
            _ => Choice { id: clauses[*i].id.clone(), worth: (Decimal::ZERO, Decimal::ZERO) },
        })
        .collect();
    let of = |id: &str| book.clauses.iter().find(|c| c.id == id);
    let mut excluded = Vec::new();
    for (a, left) in choices.iter().enumerate() {
        for (b, right) in choices.iter().enumerate().skip(a + 1) {
            if let (Some(x), Some(y)) = (of(&left.id), of(&right.id))
                && exclude(book, x, book, y)
            {
                excluded.push((a, b));
            }
        }
    }
    let best = overlap::best(&choices, &excluded);
    for (k, i) in pays.iter().enumerate() {
        if !best.chosen[k] {
            let others: Vec<&str> = best.because[k].iter().map(|j| choices[*j].id.as_str()).collect();
            clauses[*i].left_out = say::sentence(lang, "why.left_out", &[("others", &others.join("、"))]);
        }
    }
}

/// True if two clauses cannot be had together: same group of one book, or one names the other.
pub(crate) fn exclude(a_book: &Book, a: &Clause, b_book: &Book, b: &Clause) -> bool {
    let named = |clause: &Clause, book: &Book, other: &Clause, other_book: &Book| {
        clause.excludes.iter().any(|id| {
            let same = std::ptr::eq(book, other_book) && *id == other.id;
            same || other_book.is_called(id) || id.strip_suffix(&format!(".{}", other.id)).is_some_and(|book| other_book.is_called(book))
        })
    };
    let grouped = !a.group.is_empty() && a.group == b.group && a_book.key == b_book.key;
    grouped || named(a, a_book, b, b_book) || named(b, b_book, a, a_book)
}

fn total(book: &Book, clauses: &[ClauseOutcome]) -> (Option<Money>, Vec<String>, Vec<String>) {
    let means = |id: &str| book.clauses.iter().find(|c| c.id == id).and_then(|c| c.amount.as_ref()).map(|a| a.means);
    let mut sum = (Decimal::ZERO, Decimal::ZERO);
    let mut unknown = Vec::new();
    let mut waiting = None;
    let mut any = false;
    let alone = clauses.len() == 1;
    for clause in clauses.iter().filter(|c| c.left_out.is_empty()) {
        // Tax due is no payment; it is the answer only when it is the only question.
        let counts = clause.amount.is_some() && (alone || means(&clause.id) != Some(Means::Due));
        any |= counts;
        match &clause.amount {
            Some(Money::Known(low, high)) if counts => sum = (sum.0.saturating_add(*low), sum.1.saturating_add(*high)),
            Some(Money::Unknown(why)) if counts => {
                if clause.verdict == Verdict::Met {
                    unknown.push(clause.id.clone());
                }
                waiting = Some(why.clone());
            }
            _ => {}
        }
    }
    let mut capped = Vec::new();
    for cap in book.caps.iter().filter(|c| matches!(c.per, CapPer::Subject | CapPer::SubjectYear)) {
        let under: (Decimal, Decimal) = clauses
            .iter()
            .filter(|c| c.left_out.is_empty() && (cap.clauses.is_empty() || cap.clauses.contains(&c.id)))
            .filter_map(|c| if let Some(Money::Known(low, high)) = &c.amount { Some((*low, *high)) } else { None })
            .fold((Decimal::ZERO, Decimal::ZERO), |s, m| (s.0 + m.0, s.1 + m.1));
        if under.1 > cap.most {
            sum = (sum.0 - (under.0 - cap.most).max(Decimal::ZERO), sum.1 - (under.1 - cap.most));
            capped.push(cap.id.clone());
        }
    }
    let money = match waiting {
        _ if !any => None,
        Some(why) if sum == (Decimal::ZERO, Decimal::ZERO) => Some(Money::Unknown(why)),
        _ => Some(Money::Known(sum.0, sum.1)),
    };
    (money, unknown, capped)
}
