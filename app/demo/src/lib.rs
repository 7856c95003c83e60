//! The sample zone 示范经开区: about 320 plainly fictional enterprises over
//! 2023-01 … 2025-12, made by a seeded generator as workbooks.
//!
//! The workbooks go in by the ordinary import; nothing here writes to a store.
//! [`people`] (the enterprises), [`series`] (their months), [`sheet`] (writing
//! workbooks), [`workbooks`] (all of them, in the order of import).
//!
//! All data is synthetic; names begin with 示例 and codes use an organisation
//! part that is not allotted.

pub mod ledgers;
pub mod monthly;
pub mod people;
pub mod random;
pub mod series;
pub mod sheet;
pub mod statistics;

use values::Period;

/// The day that the sample zone takes for today.
pub const TODAY: &str = "2026-01-20";

/// How a workbook is to be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Import {
    /// Into a ledger, by key.
    Ledger(&'static str),
    /// As filings of a form for one period, entered as the enterprises filed them.
    AsFiled(&'static str, Period),
    /// As periodic figures in rows, from the source named in each row.
    Figures,
}

/// One workbook of the sample zone.
#[derive(Debug, Clone)]
pub struct Workbook {
    /// File name.
    pub name: String,
    /// The xlsx.
    pub bytes: Vec<u8>,
    /// How it goes in.
    pub import: Import,
}

/// All workbooks of the sample zone, in the order of import. The same bytes each time.
///
/// # Errors
/// Only if a workbook cannot be written.
pub fn workbooks() -> Result<Vec<Workbook>, rust_xlsxwriter::XlsxError> {
    let firms = people::firms();
    let mut all = ledgers::workbooks(&firms)?;
    all.extend(monthly::workbooks(&firms)?);
    all.push(statistics::workbook(&firms)?);
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let (a, b) = (workbooks().unwrap(), workbooks().unwrap());
        assert_eq!(a.len(), b.len());
        assert!(a.iter().zip(&b).all(|(x, y)| x.bytes == y.bytes && x.name == y.name));
    }

    #[test]
    fn names_are_plainly_fictional_and_codes_check() {
        let firms = people::firms();
        assert!((315..=325).contains(&firms.len()));
        let mut names: Vec<_> = firms.iter().map(|f| &f.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), firms.len());
        assert!(firms.iter().all(|f| f.name.starts_with("示例")));
    }
}
