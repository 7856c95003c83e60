//! OOXML packages (docx, xlsx) 文档包: opened with limits, changed part by part, written back.
//!
//! What it promises:
//! - a hostile file is refused with a sentence before anything large is unpacked:
//!   too many entries, too large when unpacked, no package at all, a password,
//!   an old `.doc`/`.xls`, a PDF, macros, a DTD, references that a program would
//!   load by itself ([`OpenError`]);
//! - nothing is ever fetched and nothing executed; a hyperlink is only text;
//! - parts that were not touched keep their compressed bytes, their order and
//!   their dates: a package that nobody changed is written as the same bytes;
//! - what is written depends on what was put in, never on the day.
//!
//! Time is bounded by work, not by a clock (engines have none): bytes unpacked,
//! parts, and the depth of nested elements are all limited.
//!
//! Reading order: [`package`] (the parts), [`relations`] (who points to whom),
//! [`types`] (content types), [`sniff`] (what a file is when it is no package),
//! [`xml`] (tokens with their byte spans, edits in place).
//!
//! Not here: what a document or a workbook means; that is `gongwen` and `tables`.

pub mod package;
pub mod relations;
pub mod sniff;
pub mod types;
pub mod xml;

#[cfg(test)]
mod package_tests;

pub use package::{Limits, OpenError, Outside, Package, PartError, Reference, Rules, WriteError};
pub use relations::{Relation, Target};
pub use types::Kind;

/// Texts of this crate's refusals, Chinese and English, by [`OpenError::rule`].
pub const TEXTS: &str = include_str!("../texts.toml");
