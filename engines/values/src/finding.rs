//! Findings 问题: what the person who filed can mend, all at once.

use serde::{Deserialize, Serialize};

/// How bad a finding is. An error keeps its row out; a warning does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The row or file is not taken over.
    Error,
    /// Taken over, but somebody should look.
    Warning,
    /// For information.
    Note,
}

/// One finding 问题: where, what was found, what was expected, what to do.
///
/// `rule` is a stable id listed in `docs/findings.md`; the texts are in the
/// user's language, from the crate's `texts.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable rule id, e.g. `import.not_a_number`.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// Where: `sheet!cell`, `file:line`, or a record's name. May be empty.
    pub place: String,
    /// Key or label of the field, empty if it concerns the whole.
    pub field: String,
    /// What stood there, as written.
    pub found: String,
    /// What was expected, in words.
    pub expected: String,
    /// What to do, in words.
    pub remedy: String,
}

impl Finding {
    /// A finding of `rule` with nothing else filled in yet.
    #[must_use]
    pub fn new(severity: Severity, rule: impl Into<String>) -> Self {
        Self {
            rule: rule.into(),
            severity,
            place: String::new(),
            field: String::new(),
            found: String::new(),
            expected: String::new(),
            remedy: String::new(),
        }
    }
    /// An error of `rule`.
    #[must_use]
    pub fn error(rule: impl Into<String>) -> Self {
        Self::new(Severity::Error, rule)
    }
    /// A warning of `rule`.
    #[must_use]
    pub fn warning(rule: impl Into<String>) -> Self {
        Self::new(Severity::Warning, rule)
    }
    /// A note of `rule`.
    #[must_use]
    pub fn note(rule: impl Into<String>) -> Self {
        Self::new(Severity::Note, rule)
    }
    /// Says where.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = place.into();
        self
    }
    /// Says which field.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = field.into();
        self
    }
    /// Says what was found, as written.
    #[must_use]
    pub fn found(mut self, found: impl Into<String>) -> Self {
        self.found = found.into();
        self
    }
    /// Says what was expected.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }
    /// Says what to do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }
}

/// A growing list of findings. Checks push into it and go on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }
    /// True if any of them is an error.
    #[must_use]
    pub fn has_error(&self) -> bool {
        self.0.iter().any(|f| f.severity == Severity::Error)
    }
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// True if there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// One after the other.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.0.iter()
    }
}
