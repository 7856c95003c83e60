//! An official document 公文 on screen, and the marks that checking leaves on it.

use crate::layout::Seg;
use crate::line::{Light, Line, Link};
use crate::notice::Note;
use crate::table::Table;

/// What checking found about one figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckState {
    /// True.
    True,
    /// Was true when written; corrected since.
    Restated,
    /// Somebody changed it.
    Altered,
    /// Not known to the system.
    Unknown,
}

impl CheckState {
    /// All, in the order in which they are listed.
    pub const ALL: [Self; 4] = [Self::True, Self::Restated, Self::Altered, Self::Unknown];
}

/// One run of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocRun {
    /// Words.
    Text(String),
    /// A live figure: its printed text and where it leads.
    Figure {
        /// As printed.
        text: String,
        /// Leads to the figure; empty: no link.
        href: String,
    },
    /// A checked figure.
    Mark {
        /// As printed.
        text: String,
        /// What was found.
        state: CheckState,
        /// Number in the list beside; 0 = none.
        number: u32,
    },
}

/// One block of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading: level 1 = 一、, 2 = （一）.
    Heading(u8, String),
    /// A paragraph.
    Paragraph(Vec<DocRun>),
    /// A line without indent: the addressee.
    Flush(String),
    /// A signature or date at the right.
    Sign(String),
    /// A table with its caption.
    Table(Table),
}

/// An official document (look of GB/T 9704).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// Red head: the issuing body.
    pub redhead: String,
    /// Document number 发文字号.
    pub number: String,
    /// Title.
    pub title: String,
    /// The rest.
    pub blocks: Vec<Block>,
}

/// One entry of the list beside a checked document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Check {
    /// Its number in the text; 0 = not in the text (removed).
    pub number: u32,
    /// Its state as a light.
    pub light: Light,
    /// What the document says.
    pub printed: String,
    /// What the system knows, and what happened.
    pub why: Line,
    /// Leads to the figure.
    pub trace: Option<Link>,
}

/// What was found about a document's figures.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Checks {
    /// How many in each state of [`CheckState::ALL`].
    pub counts: [u32; 4],
    /// Views: all, to look at, true.
    pub views: Seg,
    /// The entries of the view.
    pub items: Vec<Check>,
    /// On what it rests: the frozen report, its anchor.
    pub basis: Option<Note>,
}
