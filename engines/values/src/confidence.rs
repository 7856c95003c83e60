//! Confidence 可信度: how sure a fact of the field is.

use serde::{Deserialize, Serialize};

/// How a fact was confirmed. A result carries the lowest of its inputs.
///
/// A C condition or limit ships switched off; a C parameter without which
/// nothing computes ships on and its result is provisional (待核实).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default)]
pub enum Confidence {
    /// From memory, unconfirmed.
    C,
    /// Seen in a secondary text.
    B,
    /// Read in the primary text, or computed.
    #[default]
    A,
}

impl Confidence {
    /// The lower of two, which a result of both carries.
    #[must_use]
    pub fn lower(self, other: Self) -> Self {
        self.min(other)
    }

    /// `A`, `B` or `C`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }

    /// Reads `A`, `B`, `C`; marks such as `A-` count as the letter. None otherwise.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().chars().next()? {
            'A' => Some(Self::A),
            'B' => Some(Self::B),
            'C' => Some(Self::C),
            _ => None,
        }
    }
}
