//! Place 出处: where a value came from, one parseable line.

use std::fmt;

/// Where a value came from.
///
/// Written `file:<sha256 first 16>/<sheet>!<cell>`, `entry:<seq>`,
/// `feed:<name>/<ref>`, `published:<source id>`, `computed`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// A cell of an uploaded workbook.
    File {
        /// First 16 hexadecimal characters of the file's SHA-256.
        sha: String,
        /// Sheet name.
        sheet: String,
        /// Cell in A1 notation.
        cell: String,
    },
    /// Typed in, or through the API, in this commit.
    Entry(i64),
    /// From a feed, e.g. a gateway.
    Feed {
        /// Which feed.
        name: String,
        /// The item in it.
        item: String,
    },
    /// Published elsewhere; the id of the source.
    Published(String),
    /// Computed by the system.
    Computed,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { sha, sheet, cell } => write!(f, "file:{sha}/{sheet}!{cell}"),
            Self::Entry(seq) => write!(f, "entry:{seq}"),
            Self::Feed { name, item } => write!(f, "feed:{name}/{item}"),
            Self::Published(id) => write!(f, "published:{id}"),
            Self::Computed => f.write_str("computed"),
        }
    }
}

impl Place {
    /// Reads what [`fmt::Display`] wrote. None if it is no place.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "computed" {
            return Some(Self::Computed);
        }
        let (kind, rest) = text.split_once(':')?;
        match kind {
            "file" => {
                let (sha, rest) = rest.split_once('/')?;
                let (sheet, cell) = rest.rsplit_once('!')?;
                Some(Self::File { sha: sha.into(), sheet: sheet.into(), cell: cell.into() })
            }
            "entry" => rest.parse().ok().map(Self::Entry),
            "feed" => {
                let (name, item) = rest.split_once('/')?;
                Some(Self::Feed { name: name.into(), item: item.into() })
            }
            "published" => Some(Self::Published(rest.into())),
            _ => None,
        }
    }
}

/// Column letters of a 0-based column number: 0 → `A`, 27 → `AB`.
#[must_use]
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(b'A' + u8::try_from(rest % 26).unwrap_or(0));
        rest /= 26;
    }
    letters.reverse();
    letters.into_iter().map(char::from).collect()
}

/// A1 name of a cell by 0-based row and column: (6, 1) → `B7`.
#[must_use]
pub fn cell_name(row: u32, column: u32) -> String {
    format!("{}{}", column_letters(column), u64::from(row) + 1)
}

/// Row and column (0-based) of an A1 name. None if it is no such name.
#[must_use]
pub fn parse_cell(name: &str) -> Option<(u32, u32)> {
    let split = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = name.split_at(split);
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let mut column = 0u32;
    for c in letters.chars() {
        if !c.is_ascii_uppercase() {
            return None;
        }
        column = column * 26 + (c as u32 - 'A' as u32 + 1);
    }
    let row: u32 = digits.parse().ok()?;
    Some((row.checked_sub(1)?, column - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn writes_and_reads_back() {
        for text in
            ["file:9f2c000000000000/12月!F12", "file:9f2c000000000000/a!b!B7", "entry:5", "feed:hj212/1", "published:z1", "computed"]
        {
            assert_eq!(Place::parse(text).map(|p| p.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Place::parse("nonsense"), None);
    }

    proptest! {
        #[test]
        fn cell_names_round_trip(row in 0u32..1_048_576, column in 0u32..16_384) {
            prop_assert_eq!(parse_cell(&cell_name(row, column)), Some((row, column)));
        }
    }
}
