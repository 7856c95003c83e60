//! Verifies and refreshes a report that came back, against its frozen figures and today's data.

use crate::names::ReportNames;
use gongwen::docx::Manifest;
use gongwen::read::ReadDocument;
use gongwen::refresh::{RefreshError, Refreshed};
use gongwen::verify::Verification;
use gongwen::words::Words;
use gongwen::{FrozenFigure, FrozenReport};
use hub::View;
use values::{Figure, Reason};

/// Says of each figure of a document what became of it. Without a frozen report all of them are unknown.
#[must_use]
pub fn verify(view: &dyn View, subject: &str, document: &ReadDocument, frozen: &FrozenReport) -> Verification {
    gongwen::verify::verify(document, frozen, &|figure| today(view, subject, figure), &Words::standard())
}

/// Puts today's figures into an edited document.
///
/// # Errors
/// A document whose tags overlap, or that cannot be written.
pub fn refresh(
    view: &dyn View,
    subject: &str,
    document: &ReadDocument,
    frozen: &FrozenReport,
    manifest: Option<&Manifest>,
) -> Result<Refreshed, RefreshError> {
    gongwen::refresh::refresh(document, frozen, &|figure| today(view, subject, figure), &Words::standard(), manifest)
}

/// Today's figure for a frozen one.
fn today(view: &dyn View, subject: &str, figure: &FrozenFigure) -> Result<Figure, String> {
    let ask = figure.ask().ok_or_else(|| format!("读不出报告期“{}”", figure.period))?;
    let names = ReportNames::new(view, subject);
    if !names.has(&ask.name) {
        return Err(format!("指标目录里已没有“{}”", figure.label));
    }
    let found = names.answer(&ask);
    match found.reason {
        Some(Reason::Hidden) => Err("没有查看这个数的权限".into()),
        _ => Ok(found),
    }
}
