//! Scores 评分: spans of points, so that what is missing or left to experts never becomes a number.

use crate::arith::plain;
use crate::book::{Book, Column, Part, PartRole, Points, Score, Scorer};
use crate::case::Case;
use crate::outcome::{PartOutcome, ScoreOutcome, Verdict};
use crate::say;
use expr::{Expr, Measure, Value};
use rust_decimal::Decimal;
use values::{Confidence, Lang};

/// What the others have, for scorers that compare: values by part, column and scorer in reading order.
#[derive(Debug, Clone, Default)]
pub struct Peers {
    values: Vec<Vec<Decimal>>,
}

impl Peers {
    /// Collects the values that comparing scorers need over all cases of one book.
    #[must_use]
    pub fn of(cases: &[Case<'_>]) -> Self {
        let mut peers = Self::default();
        for case in cases {
            let mut index = 0;
            let Some(score) = &case.book.score else { continue };
            for part in &score.parts {
                let concerns = part.scope.as_ref().is_none_or(|s| s.truth(case) == Some(true));
                for scorer in &part.scorers {
                    scorer.comparing(&mut |of| {
                        if peers.values.len() <= index {
                            peers.values.push(Vec::new());
                        }
                        if let (Value::Number(n), true) = (of.value(case), concerns) {
                            peers.values[index].push(n);
                        }
                        index += 1;
                    });
                }
            }
        }
        peers
    }
}

impl Scorer {
    /// The values that are held against those of other subjects, in reading order.
    fn comparing(&self, visit: &mut dyn FnMut(&Expr)) {
        match self {
            Self::Rank { of, .. } => visit(of),
            Self::Linear { of, min, max, .. } if min.is_none() || max.is_none() => visit(of),
            Self::Best(list) => list.iter().for_each(|s| s.comparing(visit)),
            Self::Mix(list) => list.iter().for_each(|(_, s)| s.comparing(visit)),
            _ => {}
        }
    }
}

/// Points with what stands in the way of knowing them.
struct Found {
    low: Decimal,
    high: Decimal,
    missing: Vec<String>,
    human: bool,
    why: String,
}

impl Found {
    fn exactly((low, high): Points) -> Self {
        Self { low, high, missing: Vec::new(), human: low != high, why: String::new() }
    }
    fn missing(low: Decimal, high: Decimal, keys: Vec<String>) -> Self {
        Self { low, high, missing: keys, human: false, why: String::new() }
    }
}

/// Scores one case.
#[must_use]
pub fn score(case: &Case<'_>, peers: &Peers, lang: Lang) -> Option<ScoreOutcome> {
    let score = case.book.score.as_ref()?;
    let mut peer = 0;
    let mut out = ScoreOutcome { total: None, parts: Vec::new(), groups: Vec::new(), grade: None, vetoed: None, verdict: Verdict::Met };
    // By column, then by group (the last for parts without one).
    let mut sums = vec![vec![(Decimal::ZERO, Decimal::ZERO); score.groups.len() + 1]; score.columns.len().max(1)];
    let mut unknown_weight = false;
    let shares = shares(score, case);
    for part in &score.parts {
        let scope = part.scope.as_ref().map_or(Some(true), |s| s.truth(case));
        let group = score.groups.iter().position(|g| g.key == part.group).unwrap_or(score.groups.len());
        let mut total = (Decimal::ZERO, Decimal::ZERO);
        let mut outcome = blank(part, lang);
        for (column, scorer) in part.scorers.iter().enumerate() {
            let mut found = points(scorer, part.weights[column], case, peers, &mut peer, lang);
            if scope != Some(true) {
                found.low = Decimal::ZERO;
                found.high = if scope == Some(false) { Decimal::ZERO } else { found.high };
            }
            describe(scorer, case, &mut outcome);
            let Some(share) = shares[column] else { continue };
            let open = part.weights[column].is_none() && part.role == PartRole::Weighted;
            // A part that has no weight in this column is not in it; no weight in any column is not known yet.
            if open && part.weights.iter().any(Option::is_some) {
                continue;
            }
            unknown_weight |= open;
            if part.role == PartRole::Weighted || part.role == PartRole::Bonus {
                let sum = &mut sums[column][group];
                (sum.0, sum.1) = (sum.0 + found.low, sum.1 + found.high);
            } else if part.role == PartRole::Deduction {
                let sum = &mut sums[column][group];
                (sum.0, sum.1) = (sum.0 - found.high, sum.1 - found.low);
            }
            (total.0, total.1) = (total.0 + found.low * share, total.1 + found.high * share);
            outcome.missing.extend(found.missing);
            if found.human {
                outcome.verdict = Verdict::NeedsHuman;
            }
            if !found.why.is_empty() {
                outcome.why = found.why;
            }
        }
        finish_part(part, scope, total, &shares, &mut outcome, lang);
        // A veto from memory decides nothing until somebody has confirmed it.
        if part.role == PartRole::Veto && part.confidence > Confidence::C && total.0 > Decimal::ZERO && outcome.verdict == Verdict::Met {
            out.vetoed = Some(part.id.clone());
        }
        out.parts.push(outcome);
    }
    add_up(score, &sums, &shares, unknown_weight, &mut out);
    Some(out)
}

/// The share of each column for this subject; none for a column that does not concern it.
///
/// Where it is not known whether a column concerns the subject, it does.
fn shares(score: &Score, case: &Case<'_>) -> Vec<Option<Decimal>> {
    if score.columns.is_empty() {
        return vec![Some(Decimal::ONE)];
    }
    let own = |c: &Column| c.scope.as_ref().is_none_or(|s| s.truth(case) != Some(false)).then_some(c.share);
    let all: Decimal = score.columns.iter().filter_map(own).sum();
    score.columns.iter().map(|c| own(c).and_then(|share| share.checked_div(all))).collect()
}

fn blank(part: &Part, lang: Lang) -> PartOutcome {
    PartOutcome {
        id: part.id.clone(),
        label: part.label.get(lang).to_owned(),
        group: part.group.clone(),
        points: (Decimal::ZERO, Decimal::ZERO),
        most: None,
        verdict: Verdict::Met,
        has: String::new(),
        unit: String::new(),
        missing: Vec::new(),
        clause: part.clause.clone(),
        confidence: part.confidence,
        why: String::new(),
    }
}

fn finish_part(part: &Part, scope: Option<bool>, total: Points, shares: &[Option<Decimal>], outcome: &mut PartOutcome, lang: Lang) {
    outcome.points = if part.role == PartRole::Deduction { (-total.1, -total.0) } else { total };
    outcome.missing.sort();
    outcome.missing.dedup();
    if !outcome.missing.is_empty() || scope.is_none() {
        outcome.verdict = Verdict::DataMissing;
    }
    if scope == Some(false) {
        outcome.why = say::word(lang, "why.out_of_scope");
        outcome.missing.clear();
        outcome.verdict = Verdict::Met;
    }
    if part.role == PartRole::Weighted && part.weights.iter().all(Option::is_none) {
        outcome.why = say::word(lang, "why.no_weight");
        outcome.verdict = Verdict::NeedsHuman;
    } else if part.weights.iter().any(Option::is_some) {
        outcome.most = Some(part.weights.iter().zip(shares).filter_map(|(w, share)| Some((*w)? * (*share)?)).sum());
    }
    if part.confidence == Confidence::C && outcome.why.is_empty() {
        outcome.why = say::word(lang, "why.provisional");
    }
}

fn add_up(score: &Score, sums: &[Vec<Points>], shares: &[Option<Decimal>], unknown_weight: bool, out: &mut ScoreOutcome) {
    let mut total = (Decimal::ZERO, Decimal::ZERO);
    let mut groups = vec![(Decimal::ZERO, Decimal::ZERO); score.groups.len() + 1];
    for (column, by_group) in sums.iter().enumerate() {
        let Some(share) = shares[column] else { continue };
        for (group, (low, high)) in by_group.iter().enumerate() {
            let most = score.groups.get(group).and_then(|g| g.most).unwrap_or(Decimal::MAX);
            let (low, high) = ((*low).min(most) * share, (*high).min(most) * share);
            (groups[group].0, groups[group].1) = (groups[group].0 + low, groups[group].1 + high);
            (total.0, total.1) = (total.0 + low, total.1 + high);
        }
    }
    out.groups = score.groups.iter().zip(&groups).map(|(g, (low, high))| (g.key.clone(), *low, *high)).collect();
    let missing = out.parts.iter().any(|p| p.verdict == Verdict::DataMissing);
    out.verdict = if missing {
        Verdict::DataMissing
    } else if unknown_weight || total.0 != total.1 {
        Verdict::NeedsHuman
    } else {
        Verdict::Met
    };
    if unknown_weight {
        return;
    }
    if let Some(digits) = score.digits {
        total = (values::fixed::round(total.0, digits), values::fixed::round(total.1, digits));
    }
    if out.vetoed.is_some() {
        total = (Decimal::ZERO, Decimal::ZERO);
    }
    out.total = Some(total);
    let grade = |n: Decimal| score.grades.iter().find(|(_, range)| range.holds(n)).map(|(label, _)| label.clone());
    out.grade = grade(total.0).filter(|low| Some(low) == grade(total.1).as_ref());
}

/// The value that is scored, for the table that people read.
fn describe(scorer: &Scorer, case: &Case<'_>, outcome: &mut PartOutcome) {
    if !outcome.has.is_empty() {
        return;
    }
    let of = match scorer {
        Scorer::Bands { of, .. }
        | Scorer::Each { of, .. }
        | Scorer::Linear { of, .. }
        | Scorer::Rank { of, .. }
        | Scorer::AgainstBase { of, .. }
        | Scorer::Given(of)
        | Scorer::Expert(of) => of,
        Scorer::Best(list) => return list.first().into_iter().for_each(|s| describe(s, case, outcome)),
        Scorer::Mix(list) => return list.first().into_iter().for_each(|(_, s)| describe(s, case, outcome)),
        Scorer::Ladder(steps) | Scorer::Sum(steps) => {
            let held: Vec<&str> = steps.iter().filter(|(when, _)| when.truth(case) == Some(true)).map(|(when, _)| when.source()).collect();
            outcome.has = held.join("; ");
            return;
        }
        Scorer::Unknown { of: Some(of), .. } => of,
        Scorer::Unknown { of: None, .. } => return,
    };
    if let Value::Number(n) = of.value(case) {
        outcome.has = plain(n.round_dp(6));
        outcome.unit = of.measure().map_or("", Measure::name).to_owned();
    }
}

fn points(scorer: &Scorer, weight: Option<Decimal>, case: &Case<'_>, peers: &Peers, peer: &mut usize, lang: Lang) -> Found {
    let top = weight.unwrap_or(Decimal::MAX);
    let full = weight.unwrap_or(Decimal::ONE);
    let number = |of: &Expr| if let Value::Number(n) = of.value(case) { Some(n) } else { None };
    let absent = |of: &Expr, low: Decimal, high: Decimal| Found::missing(low, high, crate::condition::missing(of, case));
    match scorer {
        Scorer::Bands { of, bands } => match number(of) {
            Some(value) => {
                let points = bands.iter().find(|(range, _)| range.holds(value)).map_or((Decimal::ZERO, Decimal::ZERO), |(_, p)| *p);
                Found::exactly((points.0.min(top), points.1.min(top)))
            }
            None => {
                let low = bands.iter().map(|(_, p)| p.0).min().unwrap_or_default();
                let high = bands.iter().map(|(_, p)| p.1).max().unwrap_or_default();
                absent(of, low.min(top), high.min(top))
            }
        },
        Scorer::Ladder(steps) => ladder(steps, case, top),
        Scorer::Sum(steps) => sum(steps, case, top),
        Scorer::Each { of, points } => match number(of) {
            Some(n) => {
                let got = n.checked_mul(*points).unwrap_or(top).clamp(Decimal::ZERO, top);
                Found::exactly((got, got))
            }
            None => absent(of, Decimal::ZERO, weight.unwrap_or_default()),
        },
        Scorer::Given(of) => match number(of) {
            Some(n) => {
                let got = n.clamp(Decimal::ZERO, top);
                Found::exactly((got, got))
            }
            None => absent(of, Decimal::ZERO, weight.unwrap_or_default()),
        },
        Scorer::Expert(of) => match number(of) {
            Some(n) => {
                let got = n.clamp(Decimal::ZERO, top);
                Found::exactly((got, got))
            }
            None => Found {
                low: Decimal::ZERO,
                high: weight.unwrap_or_default(),
                missing: Vec::new(),
                human: true,
                why: say::word(lang, "why.expert"),
            },
        },
        Scorer::Linear { of, min, max, floor, cap, up } => {
            let bound = |own: &Option<Expr>, best: bool, list: Option<&Vec<Decimal>>| match own {
                Some(own) => number(own),
                None => list.and_then(|l| if best == *up { l.iter().max() } else { l.iter().min() }.copied()),
            };
            let list = if min.is_none() || max.is_none() { next_peers(peers, peer) } else { None };
            let (worst, best) = (bound(min, false, list), bound(max, true, list));
            let shares = number(of).zip(worst.zip(best)).map(|(value, (worst, best))| {
                if best == worst {
                    return *cap;
                }
                let reached = (value - worst).checked_div(best - worst).unwrap_or_default().clamp(Decimal::ZERO, Decimal::ONE);
                *floor + (*cap - *floor) * reached
            });
            match shares {
                Some(share) => Found::exactly((share * full, share * full)),
                None => absent(of, Decimal::ZERO, full * *cap),
            }
        }
        Scorer::Rank { of, floor, cap, up } => match (number(of), next_peers(peers, peer)) {
            (Some(value), Some(list)) => {
                let before = list.iter().filter(|n| if *up { **n > value } else { **n < value }).count();
                let last = Decimal::from(list.len().saturating_sub(1).max(1));
                let share = *cap - (*cap - *floor) * Decimal::from(before) / last;
                Found::exactly((share * full, share * full))
            }
            _ => absent(of, full * *floor, full * *cap),
        },
        Scorer::AgainstBase { of, base, at_base, step, points, extra, proportional } => {
            let at = *at_base * full;
            match number(of).zip(number(base)) {
                Some((value, base)) if base > Decimal::ZERO => {
                    let ratio = value.checked_div(base).unwrap_or_default();
                    let got = if ratio >= Decimal::ONE {
                        let steps = (ratio - Decimal::ONE).checked_div(*step).unwrap_or_default().floor();
                        at + (steps * *points).min(at * *extra)
                    } else if *proportional {
                        at * ratio.max(Decimal::ZERO)
                    } else {
                        Decimal::ZERO
                    };
                    Found::exactly((got, got))
                }
                _ => {
                    let mut found = absent(of, Decimal::ZERO, at + at * *extra);
                    found.missing.extend(crate::condition::missing(base, case));
                    found.human = found.missing.is_empty();
                    found
                }
            }
        }
        Scorer::Best(list) => {
            let all: Vec<Found> = list.iter().map(|s| points(s, weight, case, peers, peer, lang)).collect();
            let low = all.iter().map(|f| f.low).max().unwrap_or_default();
            let high = all.iter().map(|f| f.high).max().unwrap_or_default();
            // What is missing matters only if it could still give more.
            let open = all.iter().filter(|f| f.high > low);
            let missing = if low == high { Vec::new() } else { open.flat_map(|f| f.missing.clone()).collect() };
            Found { low, high, human: low != high && missing.is_empty(), missing, why: String::new() }
        }
        Scorer::Mix(list) => {
            let mut all = Found::exactly((Decimal::ZERO, Decimal::ZERO));
            for (share, scorer) in list {
                let part = points(scorer, weight, case, peers, peer, lang);
                all.low += part.low * *share;
                all.high += part.high * *share;
                all.missing.extend(part.missing);
                all.human |= part.human;
            }
            all
        }
        Scorer::Unknown { why, .. } => Found {
            low: Decimal::ZERO,
            high: weight.unwrap_or_default(),
            missing: Vec::new(),
            human: true,
            why: if why.is_empty() { say::word(lang, "why.no_scorer") } else { why.clone() },
        },
    }
}

fn next_peers<'p>(peers: &'p Peers, peer: &mut usize) -> Option<&'p Vec<Decimal>> {
    *peer += 1;
    peers.values.get(*peer - 1).filter(|l| !l.is_empty())
}

/// The first step that holds; steps that are not known leave several answers open.
fn ladder(steps: &[(Expr, Points)], case: &Case<'_>, top: Decimal) -> Found {
    let mut open: Vec<Points> = Vec::new();
    let mut missing = Vec::new();
    let mut settled = (Decimal::ZERO, Decimal::ZERO);
    for (when, points) in steps {
        match when.truth(case) {
            Some(true) => {
                settled = *points;
                break;
            }
            Some(false) => {}
            None => {
                open.push(*points);
                missing.extend(crate::condition::missing(when, case));
            }
        }
    }
    let low = open.iter().map(|p| p.0).chain([settled.0]).min().unwrap_or_default().min(top);
    let high = open.iter().map(|p| p.1).chain([settled.1]).max().unwrap_or_default().min(top);
    if low == high {
        return Found::exactly((low, high));
    }
    if open.is_empty() { Found::exactly((low, high)) } else { Found::missing(low, high, missing) }
}

fn sum(steps: &[(Expr, Points)], case: &Case<'_>, top: Decimal) -> Found {
    let mut found = Found::exactly((Decimal::ZERO, Decimal::ZERO));
    for (when, points) in steps {
        match when.truth(case) {
            Some(true) => (found.low, found.high) = (found.low + points.0, found.high + points.1),
            Some(false) => {}
            None => {
                found.high += points.1;
                found.missing.extend(crate::condition::missing(when, case));
            }
        }
    }
    (found.low, found.high) = (found.low.min(top), found.high.min(top));
    if found.low == found.high {
        found.missing.clear();
    }
    found.human = found.low != found.high && found.missing.is_empty();
    found
}

/// Every expression that a score table reads.
pub(crate) fn expressions(book: &Book) -> Vec<&Expr> {
    fn reads_of<'e>(scorer: &'e Scorer, out: &mut Vec<&'e Expr>) {
        match scorer {
            Scorer::Bands { of, .. } | Scorer::Each { of, .. } | Scorer::Rank { of, .. } | Scorer::Given(of) | Scorer::Expert(of) => {
                out.push(of)
            }
            Scorer::Ladder(steps) | Scorer::Sum(steps) => out.extend(steps.iter().map(|(when, _)| when)),
            Scorer::Linear { of, min, max, .. } => out.extend(std::iter::once(of).chain(min).chain(max)),
            Scorer::AgainstBase { of, base, .. } => out.extend([of, base]),
            Scorer::Best(list) => list.iter().for_each(|s| reads_of(s, out)),
            Scorer::Mix(list) => list.iter().for_each(|(_, s)| reads_of(s, out)),
            Scorer::Unknown { of, .. } => out.extend(of),
        }
    }
    let mut out = Vec::new();
    out.extend(book.score.iter().flat_map(|s| &s.columns).filter_map(|c| c.scope.as_ref()));
    for part in book.score.iter().flat_map(|s| &s.parts) {
        part.scorers.iter().for_each(|s| reads_of(s, &mut out));
        out.extend(&part.scope);
    }
    out
}
