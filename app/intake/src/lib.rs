//! Import 导入: a workbook read, mapped, checked and staged without the write
//! lock, then applied in one short transaction.
//!
//! Reading order: [`fields`] (a ledger's fields as the reader wants them),
//! [`staged`] (what an import will do, before it is done), [`ledger`] (into a
//! ledger), [`form`] (filings of a form for one period), [`figures`]
//! (periodic figures in rows), [`who`] (which enterprise a row speaks of),
//! [`apply`] (numbers, facts, records, batch, file at once), [`undo`].
//!
//! The same file twice changes nothing. All findings are told at once; a row
//! with an error is left out, the others may go in.

pub mod apply;
pub mod fields;
pub mod figures;
pub mod form;
pub mod ledger;
pub mod staged;
pub mod texts;
pub mod undo;
pub mod who;

pub use apply::{Applied, apply};
pub use staged::{Counts, Staged, StagedFact};
pub use undo::undo;

use std::sync::Arc;
use tables::Limits;
use values::{Lang, Period};
use view::Core;

/// Where a workbook shall go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Into a ledger, by key.
    Ledger(String),
    /// As filings of a form for one period, entered for the enterprises 代录.
    AsFiled(String, Period),
    /// Figures of the office itself for a form and period: source `office`.
    Office(String, Period),
    /// Periodic figures in rows, each with its indicator, period, unit, source.
    Figures,
}

/// One import.
#[derive(Debug, Clone)]
pub struct Request {
    /// Zone key.
    pub zone: String,
    /// Name of the file.
    pub file: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Where it goes.
    pub target: Target,
    /// Language of findings.
    pub lang: Lang,
}

/// Why an import could not even be staged. Bad cells are findings, not errors.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The file cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// No such ledger.
    #[error("没有台账“{0}”")]
    NoLedger(String),
    /// No such form.
    #[error("没有报表“{0}”")]
    NoForm(String),
    /// Somebody else changed the same records in between; nothing was written.
    #[error("导入期间有人改动了同一批记录，本次导入未写入，请重新导入")]
    Overtaken,
    /// No such batch, or it is undone already.
    #[error("{0}")]
    NoBatch(String),
    /// The store failed.
    #[error("写入数据库时出错，本次导入未写入")]
    Store(#[from] store::StoreError),
}

/// Reads and checks a workbook against the zone as it stands; writes nothing.
///
/// # Errors
/// [`IntakeError`]; bad cells are findings in the result.
pub async fn stage(core: &Arc<Core>, request: &Request) -> Result<Staged, IntakeError> {
    let book = tables::read(&request.bytes, &request.file, &Limits::default())
        .map_err(|e| IntakeError::Unreadable(texts::read_error(&e, request.lang)))?;
    let mut staged = Staged::new(request, &book);
    match &request.target {
        Target::Ledger(key) => ledger::stage(core, request, &book, key, &mut staged).await?,
        Target::AsFiled(form, period) => form::stage(core, request, &book, form, *period, form::By::Enterprise, &mut staged).await?,
        Target::Office(form, period) => form::stage(core, request, &book, form, *period, form::By::Office, &mut staged).await?,
        Target::Figures => figures::stage(core, request, &book, &mut staged).await?,
    }
    staged.finish(&book);
    Ok(staged)
}

/// The user's own file back, its errors coloured, noted and listed in one column.
///
/// # Errors
/// The file in words, if it cannot be opened again or written.
pub fn error_workbook(staged: &Staged, lang: Lang) -> Result<Vec<u8>, IntakeError> {
    let unreadable = |e: String| IntakeError::Unreadable(e);
    let book = tables::read(&staged.bytes, &staged.file, &Limits::default()).map_err(|e| unreadable(texts::read_error(&e, lang)))?;
    let say = |f: &values::Finding| {
        let remedy = if f.remedy.is_empty() { texts::remedy(f, lang) } else { f.remedy.clone() };
        format!("{}。{remedy}", texts::sentence(f, lang))
    };
    tables::write::errors(&staged.bytes, &book, &staged.findings.0, &say).map_err(|e| unreadable(e.to_string()))
}
