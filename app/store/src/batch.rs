//! Batches 批次: each import with its file, mapping, counts and findings, kept for good.

use crate::database::{Result, Row, Store, Tx};

/// One import (or feed, or undo).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    /// Number in the zone.
    pub batch: i64,
    /// When, UTC.
    pub at: String,
    /// Who.
    pub who: String,
    /// ledger · form · entry · undo.
    pub kind: String,
    /// Ledger or form key.
    pub target: String,
    /// Period of a form, as `Period::code`.
    pub period: Option<i64>,
    /// SHA-256 of the file.
    pub sha256: Option<String>,
    /// Its name.
    pub file: Option<String>,
    /// Source key of its facts, empty for ledgers.
    pub source: String,
    /// JSON list of sheet names; a cell's sheet number counts in it.
    pub sheets: String,
    /// JSON: sheet number → field key → column number.
    pub columns: String,
    /// JSON counts: new, changed, same, conflict, rejected, ignored.
    pub counts: String,
    /// JSON list of findings.
    pub findings: String,
    /// Batch that this one undoes.
    pub undo_of: Option<i64>,
    /// Batch that undid this one.
    pub undone_by: Option<i64>,
}

const COLUMNS: &str = "batch, at, who, kind, target, period, sha256, file, source, sheets, columns, counts, findings, undo_of, undone_by";

fn read(row: &Row) -> Result<Batch> {
    Ok(Batch {
        batch: row.int(0)?,
        at: row.text(1)?,
        who: row.text(2)?,
        kind: row.text(3)?,
        target: row.text(4)?,
        period: row.int_or_null(5)?,
        sha256: row.text_or_null(6)?,
        file: row.text_or_null(7)?,
        source: row.text(8)?,
        sheets: row.text(9)?,
        columns: row.text(10)?,
        counts: row.text(11)?,
        findings: row.text(12)?,
        undo_of: row.int_or_null(13)?,
        undone_by: row.int_or_null(14)?,
    })
}

impl Batch {
    /// Name of a sheet by number.
    #[must_use]
    pub fn sheet(&self, number: u32) -> String {
        let names: Vec<String> = serde_json::from_str(&self.sheets).unwrap_or_default();
        names.get(number as usize).cloned().unwrap_or_default()
    }

    /// Column (0-based) that a field came from on a sheet.
    #[must_use]
    pub fn column(&self, sheet: u32, field: &str) -> Option<u32> {
        let map: serde_json::Value = serde_json::from_str(&self.columns).ok()?;
        map.get(sheet.to_string())?.get(field)?.as_u64().and_then(|c| u32::try_from(c).ok())
    }
}

impl Tx {
    /// Writes a batch under the next number and returns it.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn add_batch(&mut self, zone: &str, batch: &Batch) -> Result<i64> {
        let number = self.next(zone, "batch").await?;
        self.execute(
            "INSERT INTO batch (zone, batch, at, who, kind, target, period, sha256, file, source, sheets, columns, counts, findings, undo_of) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            &[
                zone.into(),
                number.into(),
                batch.at.clone().into(),
                batch.who.clone().into(),
                batch.kind.clone().into(),
                batch.target.clone().into(),
                batch.period.into(),
                batch.sha256.clone().into(),
                batch.file.clone().into(),
                batch.source.clone().into(),
                batch.sheets.clone().into(),
                batch.columns.clone().into(),
                batch.counts.clone().into(),
                batch.findings.clone().into(),
                batch.undo_of.into(),
            ],
        )
        .await?;
        if let Some(undone) = batch.undo_of {
            self.execute("UPDATE batch SET undone_by = $1 WHERE zone = $2 AND batch = $3", &[number.into(), zone.into(), undone.into()])
                .await?;
        }
        Ok(number)
    }
}

impl Store {
    /// One batch.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn batch(&self, zone: &str, batch: i64) -> Result<Option<Batch>> {
        let sql = format!("SELECT {COLUMNS} FROM batch WHERE zone = $1 AND batch = $2");
        self.row(&sql, &[zone.into(), batch.into()]).await?.map(|r| read(&r)).transpose()
    }

    /// The newest batches.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn batches(&self, zone: &str, limit: i64) -> Result<Vec<Batch>> {
        let sql = format!("SELECT {COLUMNS} FROM batch WHERE zone = $1 ORDER BY batch DESC LIMIT $2");
        self.rows(&sql, &[zone.into(), limit.into()]).await?.iter().map(read).collect()
    }
}
