//! Note, empty, error: say what happened and what to do next.

use crate::form::Action;
use crate::line::Line;
use crate::table::Table;

/// Colour of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum NoteTone {
    /// For information.
    #[default]
    Info,
    /// A reminder.
    Amber,
    /// Something is wrong.
    Red,
    /// Where something came from.
    Origin,
}

/// A remark in a box.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Note {
    /// Its colour.
    pub tone: NoteTone,
    /// Its words.
    pub line: Line,
}

impl Note {
    /// For information.
    #[must_use]
    pub fn info(line: impl Into<Line>) -> Self {
        Self { tone: NoteTone::Info, line: line.into() }
    }
    /// A reminder.
    #[must_use]
    pub fn amber(line: impl Into<Line>) -> Self {
        Self { tone: NoteTone::Amber, line: line.into() }
    }
    /// Something is wrong.
    #[must_use]
    pub fn red(line: impl Into<Line>) -> Self {
        Self { tone: NoteTone::Red, line: line.into() }
    }
    /// Where something came from.
    #[must_use]
    pub fn origin(line: impl Into<Line>) -> Self {
        Self { tone: NoteTone::Origin, line: line.into() }
    }
}

/// Nothing is there: what was looked for, how fresh the data is, the next step.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Empty {
    /// 没有符合条件的预警.
    pub title: String,
    /// What was looked for, and how fresh the data is.
    pub line: Line,
    /// The next step.
    pub actions: Vec<Action>,
    /// True inside a panel beside others.
    pub small: bool,
}

/// Something failed: what was being done, what happened, what to do.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fault {
    /// 没有保存成功.
    pub title: String,
    /// What is kept: 您填的内容还在下面的表里，没有丢.
    pub kept: Line,
    /// What was being done.
    pub doing: Line,
    /// What happened.
    pub happened: Line,
    /// What to do.
    pub remedy: Line,
    /// Number to quote; empty: none.
    pub number: String,
    /// What stands against what, if somebody else saved first.
    pub compare: Option<Table>,
    /// Ways out.
    pub actions: Vec<Action>,
}
