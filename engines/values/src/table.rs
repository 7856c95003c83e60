//! Tables of the field 码表: our own plain form of a list of codes or days.
//!
//! Lines `# key: value` (title, source, valid_from, confidence …), one line of
//! column names, then rows separated by commas. No quoting: a value never
//! holds a comma, and the scripts that write the tables check it.

use std::collections::BTreeMap;

/// A table as read: what its head says, and its rows.
#[derive(Debug, Clone, Default)]
pub struct Table<'a> {
    /// `title`, `source`, `valid_from`, `confidence` and the like.
    pub about: BTreeMap<&'a str, &'a str>,
    /// Column names.
    pub columns: Vec<&'a str>,
    /// Rows; each has as many values as there are columns.
    pub rows: Vec<Vec<&'a str>>,
}

/// Why a text is no such table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("第 {line} 行：{why}")]
pub struct TableError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub why: String,
}

impl TableError {
    /// An error at a line.
    pub(crate) fn at(line: usize, why: impl Into<String>) -> Self {
        Self { line, why: why.into() }
    }
}

impl<'a> Table<'a> {
    /// Reads a table that has at least the columns `needed`, in this order at the front.
    ///
    /// # Errors
    /// The first line that does not fit, with the reason.
    pub fn parse(text: &'a str, needed: &[&str]) -> Result<Self, TableError> {
        let mut table = Self::default();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim_end_matches('\r');
            if let Some(note) = line.strip_prefix('#') {
                if let Some((key, value)) = note.split_once(':') {
                    table.about.insert(key.trim(), value.trim());
                }
                continue;
            }
            if line.is_empty() {
                continue;
            }
            let values: Vec<&str> = line.split(',').map(str::trim).collect();
            if table.columns.is_empty() {
                if !values.starts_with(needed) {
                    return Err(TableError::at(at + 1, format!("列应以 {} 开头", needed.join(","))));
                }
                table.columns = values;
            } else if values.len() != table.columns.len() {
                return Err(TableError::at(at + 1, format!("应有 {} 列，读到 {} 列", table.columns.len(), values.len())));
            } else {
                table.rows.push(values);
            }
        }
        if table.columns.is_empty() {
            return Err(TableError::at(0, "没有表头"));
        }
        Ok(table)
    }

    /// What the head says of `key`; empty if nothing.
    #[must_use]
    pub fn note(&self, key: &str) -> &'a str {
        self.about.get(key).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_head_and_rows_and_names_the_line() {
        let table = Table::parse("# source: x: y\ncode,name\n1,甲\n\n2,乙\r\n", &["code", "name"]).unwrap();
        assert_eq!((table.note("source"), table.rows.len(), table.rows[1][1]), ("x: y", 2, "乙"));
        assert_eq!(Table::parse("code,name\n1\n", &["code"]).unwrap_err().line, 2);
        assert!(Table::parse("", &[]).is_err());
        assert!(Table::parse("a,b\n", &["b"]).is_err());
    }
}
