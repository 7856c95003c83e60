//! The tree of a template, before any name is known.

use super::At;
use super::reference::Reference;

/// A piece of a run of text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    Words(String),
    Figure(Reference),
    /// `[…]`: left out when a figure in it has no value.
    Clause(Vec<Piece>),
    If(Vec<Branch<Piece>>),
    Each(Each<Piece>),
}

/// A condition and what stands under it; the last branch of an `{else}` has none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Branch<T> {
    pub condition: Option<Condition>,
    pub body: Vec<T>,
}

/// A condition as written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    pub source: String,
    pub at: At,
}

/// A loop.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Each<T> {
    pub variable: String,
    pub collection: String,
    pub period: super::reference::When,
    /// At most so many rows.
    pub limit: Option<usize>,
    /// Between the rows of a loop within a line.
    pub separator: String,
    pub at: At,
    pub body: Vec<T>,
}

/// One block of a template.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// A heading on its own line.
    Heading {
        level: u8,
        text: Vec<Piece>,
        at: At,
    },
    /// A paragraph, perhaps begun by a heading.
    Paragraph {
        lead: Option<(u8, Vec<Piece>)>,
        text: Vec<Piece>,
        at: At,
    },
    Table(TableNode),
    If(Vec<Branch<Node>>),
    Each(Each<Node>),
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TableNode {
    pub caption: Vec<Piece>,
    pub unit: Vec<Piece>,
    pub head: Vec<Vec<Piece>>,
    pub rows: Vec<RowNode>,
    pub at: At,
}

/// Rows of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RowNode {
    Cells(Vec<Vec<Piece>>, At),
    If(Vec<Branch<RowNode>>),
    Each(Each<RowNode>),
}
