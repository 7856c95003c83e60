//! The tree as a Word file (Office Open XML, ECMA-376 transitional).
//!
//! What each figure is written as:
//! `<w:bookmarkStart w:name="sy…"/><w:sdt>…<w:tag w:val="sy…"/>…number…</w:sdt><w:bookmarkEnd/>`:
//! the content control encloses the number alone, the unit stands outside, the
//! bookmark stands outside the control because LibreOffice drops a control's
//! tag on saving but keeps bookmarks, even through .doc and back.
//!
//! The same document gives the same bytes: no clock, no random ids.

mod body;
pub mod manifest;
mod parts;

pub use manifest::Manifest;

use crate::layout::Layout;
use crate::tree::Document;
use ooxml::{Package, Target, WriteError};

/// Content types and relationship types of the parts.
const MAIN: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";

/// Why a document cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum DocxError {
    /// The package.
    #[error("写不出 Word 文件")]
    Write(#[from] WriteError),
    /// A part of the package.
    #[error("写不出 Word 文件的部件")]
    Part(#[from] ooxml::PartError),
}

/// Writes the document, with its manifest as a custom XML part if one is given.
///
/// # Errors
/// [`DocxError`]; cannot happen for a tree, whatever its texts.
pub fn write(document: &Document, manifest: Option<&Manifest>, layout: &Layout) -> Result<Vec<u8>, DocxError> {
    let mut package = Package::new();
    let main = "word/document.xml";
    package.put_typed(main, &format!("{MAIN}document.main+xml"), body::write(document, layout));
    package.relate("", &format!("{OFFICE}officeDocument"), Target::Part(main.into()))?;
    for (name, kind, xml) in [
        ("styles", "styles", parts::styles(layout)),
        ("settings", "settings", parts::SETTINGS.to_owned()),
        ("fontTable", "fontTable", parts::fonts(layout)),
        ("footer1", "footer", parts::footer("right")),
        ("footer2", "footer", parts::footer("left")),
    ] {
        let part = format!("word/{name}.xml");
        package.put_typed(&part, &format!("{MAIN}{kind}+xml"), xml);
        // Ids are given in this order, so that the body can name rId4 and rId5 as its footers.
        package.relate(main, &format!("{OFFICE}{kind}"), Target::Part(part))?;
    }
    if let Some(manifest) = manifest {
        let item = "customXml/item1.xml";
        package.put(item, manifest.write());
        package.put_typed(
            "customXml/itemProps1.xml",
            "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
            parts::ITEM_PROPERTIES,
        );
        package.relate(item, &format!("{OFFICE}customXmlProps"), Target::Part("customXml/itemProps1.xml".into()))?;
        package.relate(main, &format!("{OFFICE}customXml"), Target::Part(item.into()))?;
    }
    package.put_typed("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", parts::core(&document.properties));
    package.relate("", PACKAGE, Target::Part("docProps/core.xml".into()))?;
    package.put_typed("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml", parts::APP);
    package.relate("", &format!("{OFFICE}extended-properties"), Target::Part("docProps/app.xml".into()))?;
    Ok(package.write()?)
}

/// Names of the footers' relationships, as [`write`] gives them.
pub(crate) const FOOTER_ODD: &str = "rId4";
/// See [`FOOTER_ODD`].
pub(crate) const FOOTER_EVEN: &str = "rId5";
