//! Published reports: their frozen figures and the anchor printed on them; and zones.

use crate::database::{Result, Row, Store, Tx};

/// One published report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Report id, printed in the document.
    pub report: String,
    /// When, UTC.
    pub at: String,
    /// Who.
    pub who: String,
    /// annual …
    pub kind: String,
    /// Subject that it speaks of.
    pub subject: String,
    /// `Period::code`.
    pub period: i64,
    /// Commit that its figures were computed at.
    pub seq: i64,
    /// Hash of the last link then, hexadecimal.
    pub anchor: String,
    /// JSON: its figures with their resolved lineage.
    pub frozen: String,
}

/// One zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// Key.
    pub zone: String,
    /// Name.
    pub label: String,
    /// Data is made up (示例数据); never ranked among real zones.
    pub synthetic: bool,
    /// Fixed day that the zone takes for today; only in samples.
    pub today: Option<String>,
    /// zone · public.
    pub kind: String,
}

fn read(row: &Row) -> Result<Published> {
    Ok(Published {
        report: row.text(0)?,
        at: row.text(1)?,
        who: row.text(2)?,
        kind: row.text(3)?,
        subject: row.text(4)?,
        period: row.int(5)?,
        seq: row.int(6)?,
        anchor: row.text(7)?,
        frozen: row.text(8)?,
    })
}

const COLUMNS: &str = "report, at, who, kind, subject, period, seq, anchor, frozen";

impl Store {
    /// Freezes a report.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn publish(&self, zone: &str, p: &Published) -> Result<()> {
        self.execute(
            "INSERT INTO published (zone, report, at, who, kind, subject, period, seq, anchor, frozen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (zone, report) DO NOTHING",
            &[
                zone.into(),
                p.report.clone().into(),
                p.at.clone().into(),
                p.who.clone().into(),
                p.kind.clone().into(),
                p.subject.clone().into(),
                p.period.into(),
                p.seq.into(),
                p.anchor.clone().into(),
                p.frozen.clone().into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// A frozen report by id.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn published(&self, zone: &str, report: &str) -> Result<Option<Published>> {
        let sql = format!("SELECT {COLUMNS} FROM published WHERE zone = $1 AND report = $2");
        self.row(&sql, &[zone.into(), report.into()]).await?.map(|r| read(&r)).transpose()
    }

    /// Frozen reports of a zone, newest first.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn published_all(&self, zone: &str, limit: i64) -> Result<Vec<Published>> {
        let sql = format!("SELECT {COLUMNS} FROM published WHERE zone = $1 ORDER BY at DESC, report LIMIT $2");
        self.rows(&sql, &[zone.into(), limit.into()]).await?.iter().map(read).collect()
    }

    /// All zones of this store (not `platform`).
    ///
    /// # Errors
    /// The database's answer.
    pub async fn zones(&self) -> Result<Vec<Zone>> {
        let rows = self.rows("SELECT zone, label, synthetic, today, kind FROM zone ORDER BY zone", &[]).await?;
        rows.iter()
            .map(|r| {
                Ok(Zone { zone: r.text(0)?, label: r.text(1)?, synthetic: r.int(2)? != 0, today: r.text_or_null(3)?, kind: r.text(4)? })
            })
            .collect()
    }

    /// Commit that a zone stands at, and its anchor.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn head(&self, zone: &str) -> Result<(i64, String)> {
        let row = self.row("SELECT seq, hash FROM link WHERE zone = $1 ORDER BY seq DESC LIMIT 1", &[zone.into()]).await?;
        row.map_or_else(|| Ok((0, String::new())), |r| Ok((r.int(0)?, crate::audit::hex(&r.bytes(1)?))))
    }

    /// When a commit was made, UTC; the last commit up to a moment if `at` is given.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn seq_at(&self, zone: &str, at: &str) -> Result<i64> {
        let row = self.row("SELECT coalesce(max(seq), 0) FROM link WHERE zone = $1 AND at <= $2", &[zone.into(), at.into()]).await?;
        row.map_or(Ok(0), |r| r.int(0))
    }
}

impl Tx {
    /// Adds a zone or renames it.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn put_zone(&mut self, z: &Zone) -> Result<()> {
        self.execute(
            "INSERT INTO zone (zone, label, synthetic, today, kind) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (zone) DO UPDATE SET label = excluded.label, synthetic = excluded.synthetic, today = excluded.today, kind = excluded.kind",
            &[z.zone.clone().into(), z.label.clone().into(), i64::from(z.synthetic).into(), z.today.clone().into(), z.kind.clone().into()],
        )
        .await?;
        Ok(())
    }
}
