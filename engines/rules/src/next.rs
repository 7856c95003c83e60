//! The next rung 到下一级: the cheapest set of changes after which nothing known stands against a clause.
//!
//! A search over what could be changed, not a formula: it takes the first
//! condition that fails, tries every fact that could mend it, and goes on; a
//! way that costs as much as the best found so far is given up. What is
//! missing or left to people is named, not assumed.

use crate::book::{Book, Choose, Clause, Condition, FactKind, Need, Test};
use crate::case::Case;
use crate::change::{Target, exact, facts_of, flips};
use crate::condition;
use crate::outcome::Verdict;
use crate::score::{Peers, expressions, score};
use expr::{Expr, Held, Kind, NodeKind, Value};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use values::Lang;

/// One change of one fact.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Key of the fact.
    pub key: String,
    /// Its label.
    pub label: String,
    /// Before; empty if not known.
    pub from: String,
    /// After.
    pub to: String,
    /// Unit of both.
    pub unit: String,
    /// What it costs: by the fact's declared `cost`, else as a share of the threshold (numbers) or 1.
    pub cost: Decimal,
}

/// What leads to a clause.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The clause that is reached.
    pub clause: String,
    /// What to change, cheapest set.
    pub changes: Vec<Change>,
    /// Sum of their costs.
    pub cost: Decimal,
    /// The verdict after them.
    pub verdict: Verdict,
    /// Facts that have to be filed as well.
    pub missing: Vec<String>,
    /// Conditions that a person decides.
    pub human: Vec<String>,
    /// True if no cheaper set exists; false if the search was cut short.
    pub proven: bool,
}

/// States after which the search stops proving.
const STATES_MAX: usize = 20_000;

/// The cheapest plan for a clause; for the book's next rung where none is named. `None` if there is no way.
#[must_use]
pub fn next(case: &Case<'_>, peers: &Peers, only: Option<&str>, lang: Lang) -> Option<Plan> {
    let book = case.book;
    let concerns =
        |c: &&Clause| c.occasion.is_none_or(|o| o == case.when.occasion) && c.scope.as_ref().is_none_or(|s| s.truth(case) != Some(false));
    let clauses: Vec<&Clause> = book.clauses.iter().filter(concerns).filter(|c| only.is_none_or(|id| id == c.id)).collect();
    let plan = |clause: &&Clause| Search::new(case, peers, vec![*clause]).plan(lang);
    if only.is_some() {
        return plan(clauses.first()?);
    }
    match book.choose {
        Choose::All => Search::new(case, peers, clauses).plan(lang),
        Choose::First => {
            let now =
                clauses.iter().position(|c| Search::new(case, peers, vec![*c]).verdict(case) == Verdict::Met).unwrap_or(clauses.len());
            clauses[..now].iter().rev().find_map(plan)
        }
        Choose::Each | Choose::Any => {
            let open: Vec<Plan> = clauses.iter().filter_map(plan).filter(|p| !p.changes.is_empty()).collect();
            let met = clauses.iter().any(|c| Search::new(case, peers, vec![*c]).verdict(case) == Verdict::Met);
            if met && book.choose == Choose::Any {
                return plan(clauses.first()?);
            }
            open.into_iter().min_by(|a, b| a.cost.cmp(&b.cost)).or_else(|| clauses.first().and_then(plan))
        }
    }
}

struct Search<'s, 'b> {
    start: &'s Case<'b>,
    peers: &'s Peers,
    clauses: Vec<&'b Clause>,
    /// Cost of one unit, by fact.
    prices: BTreeMap<usize, Decimal>,
    best: Option<(Decimal, BTreeMap<usize, Target>)>,
    /// Sets of changes that were looked at, in words.
    seen: BTreeSet<String>,
    states: usize,
}

impl<'s, 'b> Search<'s, 'b> {
    fn new(start: &'s Case<'b>, peers: &'s Peers, clauses: Vec<&'b Clause>) -> Self {
        Self { start, peers, clauses, prices: prices(start.book), best: None, seen: BTreeSet::new(), states: 0 }
    }

    fn plan(mut self, lang: Lang) -> Option<Plan> {
        self.search(BTreeMap::new(), Decimal::ZERO);
        let (cost, targets) = self.best.take()?;
        let after = self.case(&targets);
        let (mut missing, mut human) = (Vec::new(), Vec::new());
        let verdict = self.verdict(&after);
        for clause in self.clauses.iter().filter(|_| verdict != Verdict::Met) {
            let scored = score(&after, self.peers, lang);
            for condition in &clause.conditions {
                let judged = condition::judge(condition, &after, scored.as_ref(), lang);
                match judged.verdict {
                    Verdict::DataMissing => missing.extend(judged.missing),
                    Verdict::NeedsHuman => human.push(judged.id),
                    _ => {}
                }
            }
        }
        missing.sort();
        missing.dedup();
        let changes = targets.iter().map(|(fact, target)| self.change(*fact, target, lang)).collect();
        Some(Plan {
            clause: self.clauses.iter().map(|c| c.id.as_str()).collect::<Vec<_>>().join("、"),
            changes,
            cost,
            verdict,
            missing,
            human,
            proven: self.states < STATES_MAX,
        })
    }

    fn change(&self, fact: usize, target: &Target, lang: Lang) -> Change {
        let declared = &self.start.book.facts[fact];
        let (from, to) = match target {
            Target::Links(more) => {
                let now = self.start.entries[fact].iter().filter(|e| e.link.is_some()).count();
                (now.to_string(), (now + *more as usize).to_string())
            }
            Target::Value(held) => {
                let show = |v: Value<'_>| match v {
                    Value::Missing(_) => String::new(),
                    Value::Bool(b) => condition::yes_no(b, lang),
                    other => other.to_string(),
                };
                (show(self.start.value(fact, 0)), show(held.value()))
            }
        };
        Change {
            key: declared.key.clone(),
            label: declared.name(lang).to_owned(),
            from,
            to,
            unit: declared.measure().map_or(String::new(), |m| m.name().to_owned()),
            cost: self.cost(fact, target),
        }
    }

    fn case(&self, targets: &BTreeMap<usize, Target>) -> Case<'b> {
        let mut case = self.start.clone();
        for (fact, target) in targets {
            target.apply(&mut case, *fact);
        }
        case
    }

    fn cost(&self, fact: usize, target: &Target) -> Decimal {
        let price = self.prices.get(&fact).copied().unwrap_or(Decimal::ONE);
        match target {
            Target::Links(more) => price.checked_mul((*more).into()).unwrap_or(Decimal::MAX),
            Target::Value(Held::Number(to)) => match self.start.value(fact, 0) {
                Value::Number(from) => (*to - from).abs().checked_mul(price).unwrap_or(Decimal::MAX),
                _ => price,
            },
            Target::Value(held) if held.value() == self.start.value(fact, 0) => Decimal::ZERO,
            Target::Value(_) => price,
        }
    }

    fn verdict(&self, case: &Case<'_>) -> Verdict {
        Verdict::all(self.clauses.iter().map(|c| self.group(&c.need, c, case)))
    }

    fn group(&self, need: &Need, clause: &Clause, case: &Case<'_>) -> Verdict {
        match need {
            Need::One(i) => self.one(&clause.conditions[*i], case),
            Need::All(list) => Verdict::all(list.iter().map(|n| self.group(n, clause, case))),
            Need::Any(list) => Verdict::any(list.iter().map(|n| self.group(n, clause, case))),
            Need::AtLeast(k, list) => Verdict::at_least(*k, list.iter().map(|n| self.group(n, clause, case))),
        }
    }

    fn one(&self, condition: &Condition, case: &Case<'_>) -> Verdict {
        if condition.occasion.is_some_and(|o| o != case.when.occasion) {
            return Verdict::Met;
        }
        match &condition.test {
            Test::Expr(_) | Test::Judge(_) if condition.confidence > values::Confidence::C || !condition.confirmed.is_empty() => {
                match &condition.test {
                    Test::Expr(e) => Verdict::of(e.truth(case)),
                    _ => condition::judge(condition, case, None, Lang::Zh).verdict,
                }
            }
            Test::Score { .. } => condition::judge(condition, case, score(case, self.peers, Lang::Zh).as_ref(), Lang::Zh).verdict,
            _ => Verdict::NeedsHuman,
        }
    }

    fn search(&mut self, targets: BTreeMap<usize, Target>, cost: Decimal) {
        if self.states >= STATES_MAX
            || self.best.as_ref().is_some_and(|(best, _)| cost >= *best)
            || !self.seen.insert(format!("{targets:?}"))
        {
            return;
        }
        self.states += 1;
        let case = self.case(&targets);
        let failing = self.clauses.iter().find(|c| self.group(&c.need, c, &case) == Verdict::NotMet).copied();
        let Some(clause) = failing else {
            self.best = Some((cost, targets));
            return;
        };
        let mut ways: Vec<(Decimal, BTreeMap<usize, Target>)> = Vec::new();
        for condition in self.mendable(&clause.need, clause, &case) {
            for (fact, target) in self.moves(condition, &case) {
                if self.turns_back(fact, &target, &targets) {
                    continue;
                }
                let mut with = targets.clone();
                with.insert(fact, target);
                let total = with.iter().fold(Decimal::ZERO, |sum, (f, t)| sum.saturating_add(self.cost(*f, t)));
                ways.push((total, with));
            }
        }
        ways.sort_by_key(|(total, _)| *total);
        for (total, with) in ways {
            self.search(with, total);
        }
    }

    /// A fact that was raised is not lowered again, nor the other way round.
    fn turns_back(&self, fact: usize, target: &Target, targets: &BTreeMap<usize, Target>) -> bool {
        let way = |to: &Target, from: Value<'_>| match (to, from) {
            (Target::Value(Held::Number(to)), Value::Number(from)) => Some(to.cmp(&from)),
            _ => None,
        };
        match targets.get(&fact) {
            None => false,
            Some(Target::Links(before)) => matches!(target, Target::Links(now) if now <= before),
            Some(before @ Target::Value(held)) => match (way(before, self.start.value(fact, 0)), way(target, held.value())) {
                (Some(first), Some(then)) => first != then,
                _ => true,
            },
        }
    }

    /// Conditions one of which has to change: the first that fails of “all”, each that fails of “any”.
    fn mendable<'c>(&self, need: &Need, clause: &'c Clause, case: &Case<'_>) -> Vec<&'c Condition> {
        if self.group(need, clause, case) != Verdict::NotMet {
            return Vec::new();
        }
        match need {
            Need::One(i) => vec![&clause.conditions[*i]],
            Need::All(list) => {
                let first = list.iter().find(|n| self.group(n, clause, case) == Verdict::NotMet);
                first.map_or(Vec::new(), |n| self.mendable(n, clause, case))
            }
            Need::Any(list) | Need::AtLeast(_, list) => list.iter().flat_map(|n| self.mendable(n, clause, case)).collect(),
        }
    }

    fn moves(&self, condition: &Condition, case: &Case<'_>) -> Vec<(usize, Target)> {
        match &condition.test {
            Test::Expr(e) => self.mend(e, case),
            Test::Judge(Some(e)) => self.mend(e, case),
            Test::Judge(None) => Vec::new(),
            Test::Score { of, .. } => self.raise(of, case),
        }
    }

    fn mend(&self, e: &Expr, case: &Case<'_>) -> Vec<(usize, Target)> {
        let mut moves = Vec::new();
        for fact in facts_of(e, case.book) {
            let targets = flips(case, fact, exact(e, case, fact), &|c| e.truth(c) == Some(true));
            // A limit is worth reaching where another fact can do the rest.
            if targets.is_empty()
                && let Some(most) = case.book.facts[fact].most
                && case.book.facts[fact].changeable
                && matches!(case.value(fact, 0), Value::Number(n) if n < most)
            {
                moves.push((fact, Target::Value(Held::Number(most))));
            }
            moves.extend(targets.into_iter().map(|t| (fact, t)));
        }
        moves
    }

    /// For each fact that the score reads, every nearest value at which the score (or group, or part) gains.
    fn raise(&self, of: &str, case: &Case<'_>) -> Vec<(usize, Target)> {
        let gained = |c: &Case<'_>| {
            score(c, self.peers, Lang::Zh).and_then(|s| {
                let group = s.groups.iter().find(|(k, ..)| k == of).map(|(_, low, _)| *low);
                let part = s.parts.iter().find(|p| p.id == of).map(|p| p.points.0);
                group.or(part).or(s.total.map(|(low, _)| low))
            })
        };
        let Some(now) = gained(case) else { return Vec::new() };
        let mut facts: Vec<usize> = expressions(case.book).into_iter().flat_map(|e| facts_of(e, case.book)).collect();
        facts.sort_unstable();
        facts.dedup();
        let mut moves = Vec::new();
        for fact in facts {
            let mut level = now;
            let mut from = case.clone();
            // Each further level of the same fact is a way of its own: a dear band may be worth more than two cheap ones.
            for _ in 0..8 {
                let targets = flips(&from, fact, None, &|c| gained(c).is_some_and(|g| g > level));
                let better = targets.into_iter().map(|t| {
                    let mut then = case.clone();
                    t.apply(&mut then, fact);
                    (gained(&then).unwrap_or(level), t, then)
                });
                let Some((gain, target, then)) = better.min_by(|a, b| self.cost(fact, &a.1).cmp(&self.cost(fact, &b.1))) else { break };
                if gain <= level {
                    break;
                }
                moves.push((fact, target.clone()));
                if matches!(target, Target::Links(_)) {
                    break;
                }
                (level, from) = (gain, then);
            }
        }
        moves
    }
}

/// What one unit of each fact costs: as declared, else such that the greatest threshold of it costs 1.
fn prices(book: &Book) -> BTreeMap<usize, Decimal> {
    let mut scale: BTreeMap<usize, Decimal> = BTreeMap::new();
    let tests = book.clauses.iter().flat_map(|c| &c.conditions).filter_map(|c| if let Test::Expr(e) = &c.test { Some(e) } else { None });
    for e in tests {
        if let (NodeKind::Compare { left, right, .. }, [fact]) = (&e.node().kind, &facts_of(e, book)[..])
            && let Some(n) = left.constant_number().or(right.constant_number())
        {
            let most = scale.entry(*fact).or_default();
            *most = (*most).max(n.abs());
        }
    }
    let mut prices = BTreeMap::new();
    for (i, fact) in book.facts.iter().enumerate() {
        let number = matches!(fact.kind, FactKind::Value(Kind::Number(_)));
        let relative = scale.get(&i).filter(|s| !s.is_zero() && number).and_then(|s| Decimal::ONE.checked_div(*s));
        prices.insert(i, fact.cost.or(relative).unwrap_or(Decimal::ONE));
    }
    prices
}
