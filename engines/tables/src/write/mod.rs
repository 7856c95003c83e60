//! Writing 写出: templates, lists, and the user's own workbook with its errors.

mod errors;
pub mod template;

pub use errors::errors;
pub use template::{Layout, list, template};

/// True for a text that a spreadsheet program might take for a formula when a
/// list is saved as text and opened again: it begins with `=`, `+`, `-`, `@`,
/// a tab or a line break.
///
/// In an xlsx such a text is safe as a string cell and is written unchanged
/// with the quote-prefix style; [`safe_text`] is for csv.
#[must_use]
pub fn is_formula_like(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A text for a csv cell: what a program might take for a formula gets an apostrophe before it.
///
/// Numbers such as `-12.5` stay as they are.
#[must_use]
pub fn safe_text(text: &str) -> std::borrow::Cow<'_, str> {
    if is_formula_like(text) && crate::parse::number::number_text(text).is_none() {
        std::borrow::Cow::Owned(format!("'{text}"))
    } else {
        std::borrow::Cow::Borrowed(text)
    }
}

/// Why a workbook could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The writer refused, e.g. a text beyond 32,767 characters or a row beyond the last.
    #[error("写不成工作簿")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// The user's file cannot be opened again.
    #[error("打不开原来的文件")]
    Read(#[from] crate::ReadError),
    /// A part of the user's file is not as it should be.
    #[error("原来的文件里 {part} 不合规范")]
    Part {
        /// Which part.
        part: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_harmless_and_numbers_kept() {
        for (text, safe) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-12.5", "-12.5"),
            ("-甲", "'-甲"),
            ("甲=乙", "甲=乙"),
            ("\t=1", "'\t=1"),
        ] {
            assert_eq!(safe_text(text), safe);
        }
    }
}
