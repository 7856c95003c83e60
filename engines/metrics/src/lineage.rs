//! Lineage 溯源: from an answer to the facts and rows that it is made of.

use crate::evaluate::{Answer, Query, Trail};
use crate::facts::{FactKey, Facts, SeriesKey};
use crate::gather::{Select, counts, part};
use crate::span::Term;
use values::Period;

/// Where a line of lineage ends.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Leaf {
    /// A fact; the store knows its cell.
    Fact(FactKey),
    /// A row of a ledger.
    Record(String, i64),
}

/// One line: what went into the answer, and with how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Metric that it belongs to: for a formula, the part's.
    pub metric: String,
    /// The fact or record.
    pub leaf: Leaf,
    /// Number of its subject, if it has one.
    pub subject: Option<i64>,
    /// Its period; none for ledger rows.
    pub period: Option<Period>,
    /// What it adds, at the metric's scale; negative where an earlier cumulation is taken away.
    pub adds: i128,
}

impl Facts {
    /// Everything that a query's answer is made of; empty if there is no value.
    #[must_use]
    pub fn lineage(&self, query: &Query) -> Vec<Line> {
        self.answer(query).map(|a| self.lines(&a)).unwrap_or_default()
    }

    /// Everything that an answer is made of.
    #[must_use]
    pub fn lines(&self, answer: &Answer) -> Vec<Line> {
        let mut lines = Vec::new();
        self.walk(answer, &mut lines);
        lines
    }

    fn walk(&self, answer: &Answer, lines: &mut Vec<Line>) {
        match &answer.trail {
            Trail::Nothing => {}
            Trail::Formula(parts) => parts.iter().for_each(|p| self.walk(p, lines)),
            Trail::Facts { key, select, terms, span } => self.walk_facts(*key, *select, terms, *span, lines),
            Trail::Ledger { plan, select, span } => self.walk_ledger(*plan, *select, *span, lines),
        }
    }

    fn walk_facts(&self, key: SeriesKey, select: Select, terms: &[Term], span: Period, lines: &mut Vec<Line>) {
        let Some(series) = self.series.get(&key) else { return };
        let plan = &self.plans[key.plan as usize];
        if let (Select::Slot(slot), _) = (select, ()) {
            for term in terms {
                self.term_lines(key, *term, slot, &|v| v, lines);
            }
            return;
        }
        if series.is_regular {
            for term in terms {
                let month = series.columns[term.at()].0.last();
                let Some((_, frames)) = plan.at(month) else { continue };
                let frame = frames.at(&self.ground.membership, month);
                series.columns[term.at()].1.cells.each(|slot, _| {
                    if counts(&frame, select, slot) {
                        self.term_lines(key, *term, slot, &|v| part(&frame, select, slot, v), lines);
                    }
                });
            }
            return;
        }
        let Some((metric, frames)) = plan.at(span.last()) else { return };
        let periods = Self::periods(series);
        let frame = frames.at(&self.ground.membership, span.last());
        for slot in frame.mask.iter().filter(|s| counts(&frame, select, *s)) {
            for term in Self::own_terms(metric, series, &periods, span, slot).unwrap_or_default() {
                self.term_lines(key, term, slot, &|v| part(&frame, select, slot, v), lines);
            }
        }
    }

    /// A slot's facts behind one term. A difference without both facts adds nothing.
    fn term_lines(&self, key: SeriesKey, term: Term, slot: u32, share: &dyn Fn(i128) -> i128, lines: &mut Vec<Line>) {
        let Some(series) = self.series.get(&key) else { return };
        let Some(resolved) = self.resolve(key, series, term, slot) else { return };
        let mut push = |at: usize, adds: i128| lines.push(self.fact_line(key, series.columns[at].0, slot, adds));
        match term {
            Term::Whole(at) => push(at, share(resolved.value)),
            Term::Less(hi, lo) => {
                let later = series.cell(hi, slot).map_or(0, |c| i128::from(c.value));
                let all = share(resolved.value);
                // The earlier one is printed with what is left, so that the lines add up to the answer.
                let part = share(later);
                push(hi, part);
                if series.cell(lo, slot).is_some() {
                    push(lo, all - part);
                }
            }
        }
    }

    fn fact_line(&self, key: SeriesKey, period: Period, slot: u32, adds: i128) -> Line {
        let plan = &self.plans[key.plan as usize];
        let subject = self.ground.subjects.at(key.kind, slot).map(|s| s.number);
        let leaf = Leaf::Fact((
            plan.number.unwrap_or(-1),
            i64::from(key.scenario),
            i64::from(key.source),
            i64::from(key.measure),
            period.code(),
            subject.unwrap_or(-1),
        ));
        Line { metric: plan.key.clone(), leaf, subject, period: Some(period), adds }
    }

    fn walk_ledger(&self, plan: u32, select: Select, span: Period, lines: &mut Vec<Line>) {
        let Some(plan) = self.plans.get(plan as usize) else { return };
        let Some(counted) = &plan.counted else { return };
        let kind = plan.at(span.last()).map(|(_, f)| f.kind);
        self.each_stay(plan, counted, select, span, &mut |stay, adds| {
            let subject = stay.slot.zip(kind).and_then(|(slot, kind)| self.ground.subjects.at(kind, slot)).map(|s| s.number);
            lines.push(Line { metric: plan.key.clone(), leaf: Leaf::Record(counted.ledger.clone(), stay.id), subject, period: None, adds });
        });
    }
}
