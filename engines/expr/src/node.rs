//! Nodes 节点: a checked expression, all units converted, ready to be evaluated.

use crate::builtin::Builtin;
use crate::measure::Measure;
use crate::problem::Span;
use crate::tree::Comparison;
use rust_decimal::Decimal;
use values::{Date, Period};

/// A value that stands in the source.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// A number, already in the unit that its place needs.
    Number(Decimal),
    /// A text, choice or code.
    Text(String),
    /// True or false.
    Bool(bool),
    /// A day.
    Date(Date),
    /// A period.
    Period(Period),
}

/// How the members of a list are compared with the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// The same.
    Equal,
    /// The item begins with the member, as codes do.
    Prefix,
}

/// One node, with its place in the source.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where it stands.
    pub span: Span,
}

/// What a node does.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// A constant.
    Constant(Constant),
    /// The value of a name; an index into [`crate::Expr::reads`].
    Read(usize),
    /// `of × num ÷ den`: a conversion of units.
    Scale {
        /// What is converted.
        of: Box<Node>,
        /// Multiplied by this.
        num: Decimal,
        /// Divided by this.
        den: Decimal,
    },
    /// `-a`
    Neg(Box<Node>),
    /// Each with whether it is taken away; all in one unit.
    Sum(Vec<(bool, Node)>),
    /// Each with whether it divides. Multiplied first, divided once.
    Product(Vec<(bool, Node)>),
    /// A day moved by whole months or days.
    Shift {
        /// The day.
        date: Box<Node>,
        /// How many.
        by: Box<Node>,
        /// Months, or days.
        months: bool,
        /// Earlier instead of later.
        back: bool,
    },
    /// Days from the second to the first.
    Between(Box<Node>, Box<Node>),
    /// A comparison of two values of one kind and unit.
    Compare {
        /// Left side.
        left: Box<Node>,
        /// How they are compared.
        comparison: Comparison,
        /// Right side.
        right: Box<Node>,
        /// Unit of both sides, for numbers with a unit.
        measure: Option<Measure>,
    },
    /// The item is one of the list.
    InList {
        /// The item.
        item: Box<Node>,
        /// The members.
        list: Vec<Node>,
        /// How they are compared.
        by: Match,
        /// `not in`.
        negated: bool,
    },
    /// The item is one of the texts that a name holds.
    InTexts {
        /// The item.
        item: Box<Node>,
        /// The name.
        texts: Box<Node>,
        /// `not in`.
        negated: bool,
    },
    /// Whether a value is not known; itself always known.
    IsMissing {
        /// The value.
        item: Box<Node>,
        /// `is not missing`.
        negated: bool,
    },
    /// All.
    And(Vec<Node>),
    /// Any.
    Or(Vec<Node>),
    /// The opposite.
    Not(Box<Node>),
    /// A function of the language.
    Call(Builtin, Vec<Node>),
}

impl Node {
    pub(crate) fn new(kind: NodeKind, span: Span) -> Self {
        Self { kind, span }
    }
    /// The number, if it is a constant one.
    #[must_use]
    pub fn constant_number(&self) -> Option<Decimal> {
        if let NodeKind::Constant(Constant::Number(n)) = self.kind { Some(n) } else { None }
    }
    /// Calls `visit` with this node and all below.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        match &self.kind {
            NodeKind::Constant(_) | NodeKind::Read(_) => {}
            NodeKind::Scale { of: one, .. } | NodeKind::Neg(one) | NodeKind::Not(one) | NodeKind::IsMissing { item: one, .. } => {
                one.walk(visit)
            }
            NodeKind::Sum(list) | NodeKind::Product(list) => list.iter().for_each(|(_, n)| n.walk(visit)),
            NodeKind::Shift { date: a, by: b, .. }
            | NodeKind::Between(a, b)
            | NodeKind::Compare { left: a, right: b, .. }
            | NodeKind::InTexts { item: a, texts: b, .. } => {
                a.walk(visit);
                b.walk(visit);
            }
            NodeKind::InList { item, list, .. } => {
                item.walk(visit);
                list.iter().for_each(|n| n.walk(visit));
            }
            NodeKind::And(list) | NodeKind::Or(list) | NodeKind::Call(_, list) => list.iter().for_each(|n| n.walk(visit)),
        }
    }
}
