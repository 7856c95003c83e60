//! Asking for every name of a template before anything is printed.

use super::condition::Condition as Asked;
use super::finding;
use super::names::{FieldKind, Names, Row, Unknown, UnknownKind};
use super::node::{Branch, Condition, Each, Node, Piece, RowNode};
use super::parse::Template;
use super::reference::{Reference, Show, When, split_name};
use crate::mark::Ask;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use values::{Figure, Finding, Findings, Period};

type RowsAnswer = Result<Rc<[Row]>, Unknown>;

/// What is asked more than once is asked once: checking and filling share the answers.
pub(super) struct Asker<'a> {
    pub names: &'a dyn Names,
    pub report: Period,
    figures: RefCell<HashMap<Ask, Result<Arc<Figure>, Unknown>>>,
    rows: RefCell<HashMap<(String, Period), RowsAnswer>>,
}

impl<'a> Asker<'a> {
    pub(super) fn new(names: &'a dyn Names, report: Period) -> Self {
        Self { names, report, figures: RefCell::default(), rows: RefCell::default() }
    }

    pub(super) fn figure(&self, ask: &Ask) -> Result<Arc<Figure>, Unknown> {
        if let Some(known) = self.figures.borrow().get(ask) {
            return known.clone();
        }
        let answer = self.names.figure(ask).map(Arc::new);
        self.figures.borrow_mut().insert(ask.clone(), answer.clone());
        answer
    }

    pub(super) fn rows(&self, collection: &str, period: Period) -> Result<Rc<[Row]>, Unknown> {
        let key = (collection.to_owned(), period);
        if let Some(known) = self.rows.borrow().get(&key) {
            return known.clone();
        }
        let answer = self.names.rows(collection, period).map(Rc::from);
        self.rows.borrow_mut().insert(key, answer.clone());
        answer
    }

    /// The text that the engine or the owner of the names has for a name.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        if let Some(When::Year(shift)) = When::parse(name) {
            return Some((self.report.last_year() + shift).to_string());
        }
        match name {
            "period" => Some(self.report.chinese()),
            "month" => Some(self.report.last_month().to_string()),
            _ => self.names.text(name),
        }
    }
}

/// One loop variable: the fields of its rows while checking, the rows while printing.
pub(super) struct Variable<'a> {
    pub name: &'a str,
    pub fields: Vec<(String, FieldKind)>,
    pub rows: Option<Rc<[Row]>>,
    pub index: usize,
    /// Turn in the loop, from 1, counting rows that printed something.
    pub turn: u32,
    /// Printed shares of the rows, settled together.
    pub shares: Option<Rc<[String]>>,
}

impl Variable<'_> {
    /// The row that is being printed.
    pub(super) fn row(&self) -> Option<&Row> {
        self.rows.as_ref().and_then(|rows| rows.get(self.index))
    }
}

/// Loop variables, the innermost last.
pub(super) type Scope<'s, 'a> = &'s [Variable<'a>];

/// Fields that every row has: `nth` 一是, `no` 1.
pub(super) const ROW_FIELDS: &[&str] = &["nth", "no"];

/// What a name means where it stands.
pub(super) enum Meaning<'s, 'a> {
    /// A field of a loop variable.
    Field(&'s Variable<'a>, String),
    Text(String),
    Figure(Ask),
}

/// Resolves a reference's name. `None` if its period is out of the calendar.
pub(super) fn meaning<'s, 'a>(reference: &Reference, scope: Scope<'s, 'a>, asker: &Asker<'_>) -> Option<Meaning<'s, 'a>> {
    let (first, rest) = reference.name.split_once('.').unwrap_or((&reference.name, ""));
    if let Some(variable) = scope.iter().rev().find(|v| v.name == first) {
        // A row may have a field `target`; elsewhere the word asks for the target of a metric.
        let field = if reference.is_target { format!("{rest}.target").trim_start_matches('.').to_owned() } else { rest.to_owned() };
        return Some(Meaning::Field(variable, field));
    }
    let is_plain = !reference.is_target && reference.show == Show::Value && reference.slice.is_none();
    if is_plain && let Some(text) = asker.text(&reference.name) {
        return Some(Meaning::Text(text));
    }
    let period = reference.when.of(asker.report)?;
    let name = if reference.show == Show::Multiple { format!("{}.multiple", reference.name) } else { reference.name.clone() };
    let mut ask = if reference.is_target { Ask::target(name, period) } else { Ask::actual(name, period) };
    ask.slice.clone_from(&reference.slice);
    ask.source.clone_from(&reference.from);
    Some(Meaning::Figure(ask))
}

impl Template {
    /// Asks for every name, period, slice, unit and condition, and says at once what is wrong, with line and hint.
    ///
    /// Figures without a value are not wrong; they will be left out and listed.
    #[must_use]
    pub fn check(&self, names: &dyn Names, period: Period) -> Findings {
        self.check_with(&Asker::new(names, period))
    }

    pub(super) fn check_with(&self, asker: &Asker<'_>) -> Findings {
        let mut checker = Check { file: &self.file, asker, findings: Findings::default() };
        for (_, pieces, _) in &self.head {
            checker.pieces(pieces, &mut Vec::new());
        }
        checker.nodes(&self.nodes, &mut Vec::new());
        checker.findings
    }
}

struct Check<'a> {
    file: &'a str,
    asker: &'a Asker<'a>,
    findings: Findings,
}

impl<'a> Check<'a> {
    fn nodes(&mut self, nodes: &'a [Node], scope: &mut Vec<Variable<'a>>) {
        for node in nodes {
            match node {
                Node::Heading { text, .. } => self.pieces(text, scope),
                Node::Paragraph { lead, text, .. } => {
                    if let Some((_, lead)) = lead {
                        self.pieces(lead, scope);
                    }
                    self.pieces(text, scope);
                }
                Node::Table(table) => {
                    self.pieces(&table.caption, scope);
                    self.pieces(&table.unit, scope);
                    table.head.iter().for_each(|cell| self.pieces(cell, scope));
                    self.rows(&table.rows, scope);
                }
                Node::If(branches) => self.branches(branches, scope, Self::nodes),
                Node::Each(each) => self.each(each, scope, Self::nodes),
            }
        }
    }

    fn rows(&mut self, rows: &'a [RowNode], scope: &mut Vec<Variable<'a>>) {
        for row in rows {
            match row {
                RowNode::Cells(cells, _) => cells.iter().for_each(|cell| self.pieces(cell, scope)),
                RowNode::If(branches) => self.branches(branches, scope, Self::rows),
                RowNode::Each(each) => self.each(each, scope, Self::rows),
            }
        }
    }

    fn pieces(&mut self, pieces: &'a [Piece], scope: &mut Vec<Variable<'a>>) {
        for piece in pieces {
            match piece {
                Piece::Words(_) => {}
                Piece::Figure(reference) => self.reference(reference, scope),
                Piece::Clause(inner) => self.pieces(inner, scope),
                Piece::If(branches) => self.branches(branches, scope, Self::pieces),
                Piece::Each(each) => self.each(each, scope, Self::pieces),
            }
        }
    }

    fn branches<T>(
        &mut self,
        branches: &'a [Branch<T>],
        scope: &mut Vec<Variable<'a>>,
        go: fn(&mut Self, &'a [T], &mut Vec<Variable<'a>>),
    ) {
        for branch in branches {
            if let Some(condition) = &branch.condition {
                self.condition(condition, scope);
            }
            go(self, &branch.body, scope);
        }
    }

    fn each<T>(&mut self, each: &'a Each<T>, scope: &mut Vec<Variable<'a>>, go: fn(&mut Self, &'a [T], &mut Vec<Variable<'a>>)) {
        if each.variable.is_empty() {
            return;
        }
        let fields = match self.asker.names.fields(&each.collection) {
            Ok(fields) => fields,
            Err(unknown) => {
                self.unknown(&each.collection, &unknown, each.at);
                return;
            }
        };
        if let Some(period) = each.period.of(self.asker.report)
            && let Err(unknown) = self.asker.rows(&each.collection, period)
        {
            self.unknown(&each.collection, &unknown, each.at);
        }
        scope.push(Variable { name: &each.variable, fields, rows: None, index: 0, turn: 1, shares: None });
        go(self, &each.body, scope);
        scope.pop();
    }

    fn condition(&mut self, condition: &Condition, scope: &[Variable<'a>]) {
        let mut asked = Asked::new(self.asker, scope);
        if let Err(problems) = expr::Expr::condition(&condition.source, &mut asked) {
            for problem in problems {
                let place = format!("{}:{}:{}", self.file, condition.at.line, condition.at.column);
                self.findings.push(problem.finding(&condition.source, &place, values::Lang::Zh));
            }
        }
    }

    fn reference(&mut self, reference: &Reference, scope: &[Variable<'a>]) {
        match meaning(reference, scope, self.asker) {
            None => self.push(reference, "template.bad_period", &reference.source, ""),
            Some(Meaning::Text(_)) => {}
            Some(Meaning::Field(variable, field)) => self.field(reference, variable, &field),
            Some(Meaning::Figure(ask)) => match self.asker.figure(&ask) {
                Err(unknown) => self.unknown(&reference.name, &unknown, reference.at),
                Ok(figure) => self.unit(reference, &figure.unit),
            },
        }
    }

    fn field(&mut self, reference: &Reference, variable: &Variable<'_>, field: &str) {
        if ROW_FIELDS.contains(&field) {
            return;
        }
        match variable.fields.iter().find(|(name, _)| name == field) {
            Some((_, FieldKind::Figure(unit))) => self.unit(reference, unit),
            Some((_, FieldKind::Text)) if reference.show == Show::Value => {}
            Some((_, FieldKind::Text)) => self.push(reference, "template.not_a_figure", &reference.name, ""),
            None => {
                let near = nearest(field, variable.fields.iter().map(|(n, _)| n.as_str()).chain(ROW_FIELDS.iter().copied()));
                let known: Vec<&str> = variable.fields.iter().map(|(n, _)| n.as_str()).collect();
                let hint = if near.is_empty() { known.join("、") } else { near };
                self.push(reference, "template.unknown_field", &reference.name, &hint);
            }
        }
    }

    /// A unit that measures something else than the figure would never print.
    fn unit(&mut self, reference: &Reference, unit: &str) {
        let wanted = &reference.style.unit;
        if wanted.is_empty() || unit.is_empty() || reference.show != Show::Value {
            return;
        }
        let known = (values::unit::find(wanted), values::unit::find(unit));
        let fits = matches!(known, (Some(a), Some(b)) if values::unit::convert(rust_decimal::Decimal::ONE, b, a).is_some());
        if !fits {
            self.push(reference, "template.unit_mismatch", wanted, unit);
        }
    }

    fn push(&mut self, reference: &Reference, rule: &str, found: &str, expected: &str) {
        self.findings.push(finding(self.file, reference.at, rule, found, expected));
    }

    fn unknown(&mut self, name: &str, unknown: &Unknown, at: super::At) {
        let (rule, hint) = match unknown.kind {
            UnknownKind::Name => {
                let known = self.asker.names.known();
                ("template.unknown_name", nearest(name, known.iter().map(String::as_str)))
            }
            UnknownKind::Period => ("template.unknown_period", unknown.expected.clone()),
            UnknownKind::Slice => ("template.unknown_slice", unknown.expected.clone()),
            UnknownKind::Subject => ("template.unknown_subject", unknown.expected.clone()),
        };
        let finding: Finding = finding(self.file, at, rule, name, &hint);
        self.findings.push(finding);
    }
}

/// The name most like this one, if any is like it at all.
pub(super) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    let (bare, ..) = split_name(name);
    // A slip of one letter in three, or names that begin alike.
    let likeness = |candidate: &str| {
        let slips = strsim::damerau_levenshtein(bare, candidate);
        if slips <= 1.max(bare.chars().count() / 3) { 1.0 - slips as f64 / 100.0 } else { strsim::jaro_winkler(bare, candidate) * 0.9 }
    };
    known
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate.to_owned())
        .unwrap_or_default()
}
