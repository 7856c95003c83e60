//! Facts as rows: every periodic number of a zone in one narrow table.

use crate::database::{Bind, Result, Row, Store, Tx};

/// One fact as stored; see the project's contracts for each column.
///
/// `metric`, `subject` are numbers of the zone's tables; `scenario`, `source`,
/// `measure`, `bound`, `status` are codes of [`values::fact`]; `value` is at
/// the metric's scale; `cell` is packed by [`pack_cell`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRow {
    /// Number of the metric in the zone.
    pub metric: i64,
    /// actual · target · forecast.
    pub scenario: i64,
    /// enterprise · office · statistics …
    pub source: i64,
    /// value · base · growth.
    pub measure: i64,
    /// `Period::code`.
    pub period: i64,
    /// Number of the subject in the zone.
    pub subject: i64,
    /// At the metric's scale; empty for a text or an unknown.
    pub value: Option<i64>,
    /// Upper end of a range.
    pub value_to: Option<i64>,
    /// Words of a text target.
    pub text: Option<String>,
    /// eq ge gt le lt about range text.
    pub bound: i64,
    /// estimate · preliminary · final · carried.
    pub status: i64,
    /// Batch that it came with; 0 if typed.
    pub batch: i64,
    /// Packed cell in the batch's file; -1 if none.
    pub cell: i64,
    /// Commit that wrote it; filled in by the commit.
    pub seq: i64,
}

/// Key of a fact: (metric, scenario, source, measure, period, subject).
pub type FactKey = (i64, i64, i64, i64, i64, i64);

/// Columns in the order of [`FactRow`].
pub(crate) const COLUMNS: &str =
    "metric, scenario, source, measure, period, subject, value, value_to, text, bound, status, batch, cell, seq";

/// Packs a cell: sheet (0-based), row and column (0-based) of the batch's file.
#[must_use]
pub fn pack_cell(sheet: u32, row: u32, column: u32) -> i64 {
    (i64::from(sheet) << 40) | (i64::from(row) << 16) | i64::from(column)
}

/// Reads [`pack_cell`] back: (sheet, row, column); `None` for -1.
#[must_use]
pub fn unpack_cell(cell: i64) -> Option<(u32, u32, u32)> {
    if cell < 0 {
        return None;
    }
    Some((u32::try_from(cell >> 40).ok()?, u32::try_from((cell >> 16) & 0xff_ffff).ok()?, u32::try_from(cell & 0xffff).ok()?))
}

impl FactRow {
    /// Its key.
    #[must_use]
    pub fn key(&self) -> FactKey {
        (self.metric, self.scenario, self.source, self.measure, self.period, self.subject)
    }
    /// True if the stored answer is the same, wherever it came from.
    #[must_use]
    pub fn same_value(&self, other: &Self) -> bool {
        (self.value, self.value_to, &self.text, self.bound, self.status)
            == (other.value, other.value_to, &other.text, other.bound, other.status)
    }
    pub(crate) fn binds(&self, zone: &str, seq: i64) -> [Bind; 15] {
        [
            zone.into(),
            self.metric.into(),
            self.scenario.into(),
            self.source.into(),
            self.measure.into(),
            self.period.into(),
            self.subject.into(),
            self.value.into(),
            self.value_to.into(),
            self.text.clone().into(),
            self.bound.into(),
            self.status.into(),
            self.batch.into(),
            self.cell.into(),
            seq.into(),
        ]
    }
    /// One line that the hash chain covers.
    #[must_use]
    pub(crate) fn line(&self) -> String {
        let opt = |v: Option<i64>| v.map_or_else(String::new, |v| v.to_string());
        format!(
            "{},{},{},{},{},{}={},{},{},{},{},{},{}",
            self.metric,
            self.scenario,
            self.source,
            self.measure,
            self.period,
            self.subject,
            opt(self.value),
            opt(self.value_to),
            self.text.as_deref().unwrap_or_default(),
            self.bound,
            self.status,
            self.batch,
            self.cell
        )
    }
}

/// Reads a row selected with [`COLUMNS`].
pub(crate) fn read(row: &Row) -> Result<FactRow> {
    Ok(FactRow {
        metric: row.int(0)?,
        scenario: row.int(1)?,
        source: row.int(2)?,
        measure: row.int(3)?,
        period: row.int(4)?,
        subject: row.int(5)?,
        value: row.int_or_null(6)?,
        value_to: row.int_or_null(7)?,
        text: row.text_or_null(8)?,
        bound: row.int(9)?,
        status: row.int(10)?,
        batch: row.int(11)?,
        cell: row.int(12)?,
        seq: row.int(13)?,
    })
}

/// Subject of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Dense number in the zone.
    pub subject: i64,
    /// zone, enterprise, project, chain, outlet, office, peer.
    pub kind: String,
    /// What it is: record id, code or published name.
    pub reference: String,
    /// Name to show.
    pub label: String,
    /// Class of a peer: zone, city, aggregate. Empty otherwise.
    pub class: String,
}

/// A metric as the zone has numbered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricNo {
    /// Number in the zone.
    pub metric: i64,
    /// Metric key.
    pub key: String,
    /// Digits after the point of stored values.
    pub scale: u8,
    /// Unit that stored values are in.
    pub unit: String,
}

impl Store {
    /// All facts of a zone, for building columns; not for a request.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn facts(&self, zone: &str) -> Result<Vec<FactRow>> {
        let sql = format!("SELECT {COLUMNS} FROM fact WHERE zone = $1");
        self.rows(&sql, &[zone.into()]).await?.iter().map(read).collect()
    }

    /// Facts written after a commit.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn facts_since(&self, zone: &str, seq: i64) -> Result<Vec<FactRow>> {
        let sql = format!("SELECT {COLUMNS} FROM fact WHERE zone = $1 AND seq > $2");
        self.rows(&sql, &[zone.into(), seq.into()]).await?.iter().map(read).collect()
    }

    /// Facts that were replaced or withdrawn after a commit; `seq` of each is the commit that wrote it, paired with the one that ended it.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn facts_ended_since(&self, zone: &str, seq: i64) -> Result<Vec<(FactRow, i64)>> {
        let sql = format!("SELECT {COLUMNS}, seq_until FROM fact_was WHERE zone = $1 AND seq_until > $2");
        self.rows(&sql, &[zone.into(), seq.into()]).await?.iter().map(|r| Ok((read(r)?, r.int(14)?))).collect()
    }

    /// All versions of one fact, oldest first: what it was until which commit, and as it stands.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn fact_versions(&self, zone: &str, key: FactKey) -> Result<Vec<(FactRow, Option<i64>)>> {
        let keyed = "zone = $1 AND metric = $2 AND scenario = $3 AND source = $4 AND measure = $5 AND period = $6 AND subject = $7";
        let binds: Vec<Bind> = vec![zone.into(), key.0.into(), key.1.into(), key.2.into(), key.3.into(), key.4.into(), key.5.into()];
        let mut all = Vec::new();
        for row in self.rows(&format!("SELECT {COLUMNS}, seq_until FROM fact_was WHERE {keyed} ORDER BY seq"), &binds).await? {
            all.push((read(&row)?, Some(row.int(14)?)));
        }
        for row in self.rows(&format!("SELECT {COLUMNS} FROM fact WHERE {keyed}"), &binds).await? {
            all.push((read(&row)?, None));
        }
        Ok(all)
    }

    /// Facts of one metric and period, all subjects and sources.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn facts_of(&self, zone: &str, metric: i64, period: i64) -> Result<Vec<FactRow>> {
        let sql = format!("SELECT {COLUMNS} FROM fact WHERE zone = $1 AND metric = $2 AND period = $3");
        self.rows(&sql, &[zone.into(), metric.into(), period.into()]).await?.iter().map(read).collect()
    }

    /// Facts of some subjects, all metrics and periods; for zone totals and peers, of which there are few.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn facts_of_subjects(&self, zone: &str, subjects: &[i64]) -> Result<Vec<FactRow>> {
        let mut facts = Vec::new();
        for chunk in subjects.chunks(500) {
            let marks: Vec<String> = (2..=chunk.len() + 1).map(|n| format!("${n}")).collect();
            let sql = format!("SELECT {COLUMNS} FROM fact WHERE zone = $1 AND subject IN ({})", marks.join(", "));
            let mut binds: Vec<Bind> = vec![zone.into()];
            binds.extend(chunk.iter().map(|s| Bind::from(*s)));
            for row in self.rows(&sql, &binds).await? {
                facts.push(read(&row)?);
            }
        }
        Ok(facts)
    }

    /// Facts that a batch wrote and that still stand.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn facts_of_batch(&self, zone: &str, batch: i64) -> Result<Vec<FactRow>> {
        let sql = format!("SELECT {COLUMNS} FROM fact WHERE zone = $1 AND batch = $2");
        self.rows(&sql, &[zone.into(), batch.into()]).await?.iter().map(read).collect()
    }

    /// All subjects of a zone.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn subjects(&self, zone: &str) -> Result<Vec<Subject>> {
        let rows = self
            .rows("SELECT subject, kind, ref, label, coalesce(class, '') FROM subject WHERE zone = $1 ORDER BY subject", &[zone.into()])
            .await?;
        rows.iter()
            .map(|r| Ok(Subject { subject: r.int(0)?, kind: r.text(1)?, reference: r.text(2)?, label: r.text(3)?, class: r.text(4)? }))
            .collect()
    }

    /// All metrics that a zone has numbered.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn metric_numbers(&self, zone: &str) -> Result<Vec<MetricNo>> {
        let rows = self.rows("SELECT metric, key, scale, unit FROM metric_no WHERE zone = $1 ORDER BY metric", &[zone.into()]).await?;
        rows.iter()
            .map(|r| Ok(MetricNo { metric: r.int(0)?, key: r.text(1)?, scale: u8::try_from(r.int(2)?).unwrap_or(0), unit: r.text(3)? }))
            .collect()
    }
}

impl Tx {
    /// Numbers a metric, if the zone has not yet.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn number_metric(&mut self, zone: &str, key: &str, scale: u8, unit: &str) -> Result<i64> {
        let found = self.rows("SELECT metric FROM metric_no WHERE zone = $1 AND key = $2", &[zone.into(), key.into()]).await?;
        if let Some(row) = found.first() {
            return row.int(0);
        }
        let number = self.next(zone, "metric").await?;
        self.execute(
            "INSERT INTO metric_no (zone, metric, key, scale, unit) VALUES ($1, $2, $3, $4, $5)",
            &[zone.into(), number.into(), key.into(), i64::from(scale).into(), unit.into()],
        )
        .await?;
        Ok(number)
    }

    /// Numbers a subject, if the zone has not yet.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn number_subject(&mut self, zone: &str, kind: &str, reference: &str, label: &str, class: &str) -> Result<i64> {
        let found = self
            .rows("SELECT subject FROM subject WHERE zone = $1 AND kind = $2 AND ref = $3", &[zone.into(), kind.into(), reference.into()])
            .await?;
        if let Some(row) = found.first() {
            return row.int(0);
        }
        let number = self.next(zone, "subject").await?;
        self.execute(
            "INSERT INTO subject (zone, subject, kind, ref, label, class) VALUES ($1, $2, $3, $4, $5, $6)",
            &[zone.into(), number.into(), kind.into(), reference.into(), label.into(), class.into()],
        )
        .await?;
        Ok(number)
    }

    /// Renames a subject after its record was renamed.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn name_subject(&mut self, zone: &str, kind: &str, reference: &str, label: &str) -> Result<()> {
        let binds: [Bind; 4] = [label.into(), zone.into(), kind.into(), reference.into()];
        self.execute("UPDATE subject SET label = $1 WHERE zone = $2 AND kind = $3 AND ref = $4 AND label <> $1", &binds).await?;
        Ok(())
    }

    /// Takes the next number of a zone's counter, inside this transaction.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn next(&mut self, zone: &str, name: &str) -> Result<i64> {
        self.take(zone, name, 1).await
    }

    /// Takes `many` numbers of a zone's counter and returns the first.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn take(&mut self, zone: &str, name: &str, many: i64) -> Result<i64> {
        let sql = "INSERT INTO counter (zone, name, next) VALUES ($1, $2, $3 + 1) ON CONFLICT (zone, name) DO UPDATE SET next = counter.next + $3 RETURNING next";
        let rows = self.rows(sql, &[zone.into(), name.into(), many.into()]).await?;
        Ok(rows[0].int(0)? - many)
    }
}
