//! Templates 报告模板 (`.gw`): what a report says, with figures by name.
//!
//! The language is described in `docs/report-templates.md`. In short:
//! headings `#`, paragraphs separated by empty lines, figures
//! `{gdp year 亿元 .1}`, clauses `[…]` that are left out when a figure in them
//! has no value, `{if …}`, `{each …}`, `{table …}`, each closed by `{end}`.
//!
//! Three steps, and no file before the last: [`Template::parse`] finds what is
//! no template, [`Template::check`] asks for every name, unit and period at
//! once, [`Template::fill`] prints. What has no data is left out and listed.

mod check;
mod condition;
mod fill;
mod names;
mod node;
mod parse;
mod phrase;
mod punctuation;
mod reference;
mod scan;

pub use fill::{Context, Filled, LeftOut};
pub use names::{Field, FieldKind, Names, Row, Unknown, UnknownKind};
pub use parse::Template;

#[cfg(test)]
mod tests;

use values::{Finding, Lang, Texts};

/// A place in a template: line and column, from 1, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct At {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

/// A finding of this crate at a place of a template.
fn finding(file: &str, at: At, rule: &str, found: &str, expected: &str) -> Finding {
    let texts = texts();
    let args = [("found", found), ("expected", expected)];
    // Without a hint the remedy says where to look instead.
    let without = format!("{rule}_remedy_none");
    let remedy = if expected.is_empty() && texts.has(&without) { without } else { format!("{rule}_remedy") };
    Finding::error(rule)
        .at(format!("{file}:{}:{}", at.line, at.column))
        .found(found)
        .expected(texts.get(Lang::Zh, rule, &args))
        .remedy(texts.get(Lang::Zh, &remedy, &args))
}

/// Texts of this crate.
pub(crate) fn texts() -> &'static Texts {
    static TEXTS: std::sync::OnceLock<Texts> = std::sync::OnceLock::new();
    TEXTS.get_or_init(|| Texts::parse(include_str!("../../texts.toml")).unwrap_or_default())
}
