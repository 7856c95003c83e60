//! Ranges 区域: rectangles of cells, 0-based and closed.

use std::fmt;
use values::place::{cell_name, column_letters, parse_cell};

/// A rectangle of cells; all four sides included, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Range {
    /// First row.
    pub top: u32,
    /// First column.
    pub left: u32,
    /// Last row.
    pub bottom: u32,
    /// Last column.
    pub right: u32,
}

impl Range {
    /// The rectangle of these sides.
    #[must_use]
    pub const fn new(top: u32, left: u32, bottom: u32, right: u32) -> Self {
        Self { top, left, bottom, right }
    }
    /// True if the cell lies inside.
    #[must_use]
    pub fn contains(&self, row: u32, column: u32) -> bool {
        (self.top..=self.bottom).contains(&row) && (self.left..=self.right).contains(&column)
    }
    /// True if both share a cell.
    #[must_use]
    pub fn touches(&self, other: &Self) -> bool {
        self.top <= other.bottom && other.top <= self.bottom && self.left <= other.right && other.left <= self.right
    }
    /// Number of columns.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.right.saturating_sub(self.left).saturating_add(1)
    }
    /// Number of rows.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.bottom.saturating_sub(self.top).saturating_add(1)
    }
    /// Reads `A1:C3` or `B2`; `$` signs are dropped. None if it is no range.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let clean: String = text.chars().filter(|c| *c != '$').collect();
        let (from, to) = clean.split_once(':').unwrap_or((&clean, &clean));
        let ((top, left), (bottom, right)) = (parse_cell(from)?, parse_cell(to)?);
        Some(Self::new(top.min(bottom), left.min(right), top.max(bottom), left.max(right)))
    }
    /// The smallest rectangle around both.
    #[must_use]
    pub fn around(&self, other: &Self) -> Self {
        Self::new(self.top.min(other.top), self.left.min(other.left), self.bottom.max(other.bottom), self.right.max(other.right))
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letters(self.left), u64::from(self.top) + 1)?;
        if (self.top, self.left) != (self.bottom, self.right) {
            write!(f, ":{}", cell_name(self.bottom, self.right))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        for text in ["A1:C3", "B2", "AA10:AB20"] {
            assert_eq!(Range::parse(text).map(|r| r.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Range::parse("$C$3:$A$1"), Some(Range::new(0, 0, 2, 2)));
        assert_eq!(Range::parse("A0"), None);
        assert_eq!(Range::parse("A1:ZZZZ9"), None);
    }
}
