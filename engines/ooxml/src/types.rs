//! Content types 内容类型 of a package: `[Content_Types].xml` (ECMA-376 part 2, 7.2).

use crate::xml::{self, TokenKind, XmlError};
use std::collections::BTreeMap;

/// Name of the part that lists the content types.
pub const CONTENT_TYPES: &str = "[Content_Types].xml";

/// What a package is, by the content type of its main part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// docx, dotx.
    Document,
    /// xlsx, xltx.
    Workbook,
    /// pptx.
    Presentation,
    /// None of these.
    Other,
}

/// The content types as listed: by file extension, and by part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContentTypes {
    /// Extension (lower case) → type.
    pub defaults: BTreeMap<String, String>,
    /// Part name without the leading slash → type.
    pub overrides: BTreeMap<String, String>,
}

impl ContentTypes {
    /// Reads the part.
    ///
    /// # Errors
    /// What is wrong with the XML.
    pub fn parse(text: &str) -> Result<Self, XmlError> {
        let mut types = Self::default();
        for token in xml::tokens(text) {
            let token = token?;
            if !matches!(token.kind, TokenKind::Open | TokenKind::Empty) {
                continue;
            }
            let Some(kind) = token.attribute("ContentType") else { continue };
            match token.local() {
                "Default" => {
                    if let Some(ext) = token.attribute("Extension") {
                        types.defaults.insert(ext.to_ascii_lowercase(), kind.into_owned());
                    }
                }
                "Override" => {
                    if let Some(part) = token.attribute("PartName") {
                        types.overrides.insert(part.trim_start_matches('/').to_owned(), kind.into_owned());
                    }
                }
                _ => {}
            }
        }
        Ok(types)
    }

    /// The content type of a part, if any is stated.
    #[must_use]
    pub fn of(&self, part: &str) -> Option<&str> {
        self.overrides
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(part))
            .map(|(_, kind)| kind.as_str())
            .or_else(|| self.defaults.get(&part.rsplit_once('.')?.1.to_ascii_lowercase()).map(String::as_str))
    }

    /// The part as XML, sorted, always the same for the same types.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">",
        );
        for (extension, kind) in &self.defaults {
            out.push_str(&format!("<Default Extension=\"{}\" ContentType=\"{}\"/>", xml::escape(extension), xml::escape(kind)));
        }
        for (part, kind) in &self.overrides {
            out.push_str(&format!("<Override PartName=\"/{}\" ContentType=\"{}\"/>", xml::escape(part), xml::escape(kind)));
        }
        out.push_str("</Types>");
        out
    }
}

/// What a main part's content type makes of a package.
#[must_use]
pub fn kind_of(content_type: &str) -> Kind {
    if content_type.contains("wordprocessingml") {
        Kind::Document
    } else if content_type.contains("spreadsheetml") {
        Kind::Workbook
    } else if content_type.contains("presentationml") {
        Kind::Presentation
    } else {
        Kind::Other
    }
}

/// True for the content type of a part that holds a program: VBA, its signature or data, macro sheets, and main
/// parts that announce macros.
#[must_use]
pub fn is_macro(content_type: &str) -> bool {
    let lower = content_type.to_ascii_lowercase();
    lower.contains("macroenabled")
        || lower.contains("vbaproject")
        || lower.contains("vbadata")
        || lower.contains("macrosheet")
        || lower.contains("keymapcustomizations")
}
