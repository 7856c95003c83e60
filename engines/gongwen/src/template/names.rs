//! What a template asks of whoever has the figures.

use crate::mark::Ask;
use values::{Figure, Period};

/// Gives figures, rows and texts by name. One implementation stands on the store, one in tests on a table.
pub trait Names {
    /// The figure that is asked for. A figure that is known but has no value is `Ok` with its reason.
    ///
    /// # Errors
    /// [`Unknown`] if there is no such name, or it has no such period or slice.
    fn figure(&self, ask: &Ask) -> Result<Figure, Unknown>;
    /// The rows of a collection, e.g. `chain_output.chain`, `targets_missed`, in the order to print.
    ///
    /// # Errors
    /// [`Unknown`] if there is no such collection or period.
    fn rows(&self, collection: &str, period: Period) -> Result<Vec<Row>, Unknown>;
    /// The fields that rows of a collection have, so that a template is checked even when there are no rows.
    ///
    /// # Errors
    /// [`Unknown`] if there is no such collection.
    fn fields(&self, collection: &str) -> Result<Vec<(String, FieldKind)>, Unknown>;
    /// A plain text: `zone.name`, `report.author`. `None` if there is no such text.
    fn text(&self, name: &str) -> Option<String>;
    /// All names that may be written, for “did you mean”.
    fn known(&self) -> Vec<String>;
}

/// Why something that was asked for is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Which part of the question.
    pub kind: UnknownKind,
    /// What would have been right, in words; may be empty.
    pub expected: String,
}

/// Which part of a question is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownKind {
    /// The name.
    Name,
    /// This name has no such period (a quarter of a yearly metric).
    Period,
    /// This name has no such slice.
    Slice,
    /// The subject or the source.
    Subject,
}

impl Unknown {
    /// There is no such name.
    #[must_use]
    pub fn name() -> Self {
        Self { kind: UnknownKind::Name, expected: String::new() }
    }
    /// There is no such period; `expected` says which there are.
    #[must_use]
    pub fn period(expected: impl Into<String>) -> Self {
        Self { kind: UnknownKind::Period, expected: expected.into() }
    }
    /// There is no such slice; `expected` says which there are.
    #[must_use]
    pub fn slice(expected: impl Into<String>) -> Self {
        Self { kind: UnknownKind::Slice, expected: expected.into() }
    }
}

/// Kind of a row's field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// Words.
    Text,
    /// A figure in this unit (empty if the rows differ).
    Figure(String),
}

/// One field of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Field {
    /// Words.
    Text(String),
    /// A figure.
    Figure(Box<Figure>),
}

/// One row of a collection.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row(pub Vec<(String, Field)>);

impl Row {
    /// Adds words.
    #[must_use]
    pub fn text(mut self, name: &str, text: impl Into<String>) -> Self {
        self.0.push((name.to_owned(), Field::Text(text.into())));
        self
    }
    /// Adds a figure.
    #[must_use]
    pub fn figure(mut self, name: &str, figure: Figure) -> Self {
        self.0.push((name.to_owned(), Field::Figure(Box::new(figure))));
        self
    }
    /// The field of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Field> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, field)| field)
    }
}
