//! Reading ledgers: one record, a page of a list, lookups by outer key.
//!
//! Lists go by keyset: the next page begins after the last row's sort value
//! and id, so depth costs nothing.

use crate::database::{Bind, Result, Row, Store};
use crate::sql;
use record::{Change, Filter, Ledger, Op, Query, Stored, Value, json};

/// Reads a row selected with [`sql::select`].
pub(crate) fn record(ledger: &Ledger, row: &Row) -> Result<Stored> {
    let own: serde_json::Value = row.text_or_null(4)?.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default();
    let mut values = Vec::with_capacity(ledger.fields.len());
    let mut column = 5;
    for field in &ledger.fields {
        if field.custom {
            values.push(own.get(&field.key).map_or(Value::Null, json::from_json));
            continue;
        }
        values.push(if field.is_int() {
            row.int_or_null(column)?.map_or(Value::Null, Value::Int)
        } else {
            row.text_or_null(column)?.map_or(Value::Null, Value::Text)
        });
        column += 1;
    }
    Ok(Stored { id: row.int(0)?, version: row.int(1)?, batch: row.int(2)?, source: row.int(3)?, row: values })
}

impl Store {
    /// One record, or `None`.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn get(&self, zone: &str, ledger: &Ledger, id: i64) -> Result<Option<Stored>> {
        let statement = format!("{} WHERE zone = $1 AND id = $2", sql::select(ledger));
        self.row(&statement, &[zone.into(), id.into()]).await?.map(|r| record(ledger, &r)).transpose()
    }

    /// A page of a ledger, by keyset.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn list(&self, zone: &str, ledger: &Ledger, query: &Query) -> Result<Vec<Stored>> {
        let (mut statement, mut binds) = filtered(zone, &sql::select(ledger), ledger, &query.filters);
        let sort = query.sort.as_deref().filter(|s| ledger.field(s).is_some_and(|(_, f)| !f.custom));
        let (order, than) = if query.descending { ("DESC", "<") } else { ("ASC", ">") };
        if let Some((value, id)) = &query.after {
            match sort {
                Some(field) => {
                    let column = sort_column(ledger, field);
                    binds.extend([bind(ledger, field, value), (*id).into()]);
                    let (v, i) = (binds.len() - 1, binds.len());
                    let given = if ledger.field(field).is_some_and(|(_, f)| f.is_int()) {
                        format!("coalesce(${v}, -9223372036854775807)")
                    } else {
                        format!("coalesce(${v}, '')")
                    };
                    statement.push_str(&format!(" AND ({column}, id) {than} ({given}, ${i})"));
                }
                None => {
                    binds.push((*id).into());
                    statement.push_str(&format!(" AND id {than} ${}", binds.len()));
                }
            }
        }
        match sort {
            Some(field) => statement.push_str(&format!(" ORDER BY {} {order}, id {order}", sort_column(ledger, field))),
            None => statement.push_str(&format!(" ORDER BY id {order}")),
        }
        binds.push(query.limit.clamp(1, 1_000_000).into());
        statement.push_str(&format!(" LIMIT ${}", binds.len()));
        self.rows(&statement, &binds).await?.iter().map(|r| record(ledger, r)).collect()
    }

    /// How many records a list has in all.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn count(&self, zone: &str, ledger: &Ledger, filters: &[Filter]) -> Result<i64> {
        let (statement, binds) = filtered(zone, &format!("SELECT count(*) FROM {}", sql::table(ledger)), ledger, filters);
        self.row(&statement, &binds).await?.map_or(Ok(0), |r| r.int(0))
    }

    /// Changes of one record, newest first: (seq, at, who, batch, version, before, after).
    ///
    /// # Errors
    /// The database's answer.
    pub async fn history(&self, zone: &str, ledger: &str, id: i64) -> Result<Vec<Change>> {
        let statement = "SELECT seq, at, who, batch, version, before, after FROM change WHERE zone = $1 AND ledger = $2 AND record = $3 ORDER BY seq DESC, n DESC LIMIT 200";
        self.rows(statement, &[zone.into(), ledger.into(), id.into()]).await?.iter().map(read_change).collect()
    }
}

impl Store {
    /// Changes that a batch made, oldest first, each with ledger and record.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn changes_of_batch(&self, zone: &str, batch: i64) -> Result<Vec<(String, i64, Change)>> {
        let statement =
            "SELECT seq, at, who, batch, version, before, after, ledger, record FROM change WHERE zone = $1 AND batch = $2 ORDER BY seq, n";
        let rows = self.rows(statement, &[zone.into(), batch.into()]).await?;
        rows.iter().map(|r| Ok((r.text(7)?, r.int(8)?, read_change(r)?))).collect()
    }
}

fn read_change(row: &Row) -> Result<Change> {
    Ok(Change {
        seq: row.int(0)?,
        at: row.text(1)?,
        who: row.text(2)?,
        batch: row.int(3)?,
        version: row.int(4)?,
        before: row.text_or_null(5)?,
        after: row.text_or_null(6)?,
    })
}

/// Blanks sort first on both databases.
fn sort_column(ledger: &Ledger, field: &str) -> String {
    match ledger.field(field) {
        Some((_, f)) if f.required => format!("\"{field}\""),
        Some((_, f)) if f.is_int() => format!("coalesce(\"{field}\", -9223372036854775807)"),
        _ => format!("coalesce(\"{field}\", '')"),
    }
}

fn bind(ledger: &Ledger, field: &str, value: &Value) -> Bind {
    let is_int = ledger.field(field).is_some_and(|(_, f)| f.is_int());
    match value {
        Value::Int(i) => Bind::Int(Some(*i)),
        Value::Text(t) => Bind::Text(Some(t.clone())),
        Value::Null if is_int => Bind::Int(None),
        Value::Null => Bind::Text(None),
    }
}

/// `head WHERE zone = $1 AND …` with its binds; unknown fields are left out by the caller's check.
fn filtered(zone: &str, head: &str, ledger: &Ledger, filters: &[Filter]) -> (String, Vec<Bind>) {
    let mut statement = format!("{head} WHERE zone = $1");
    let mut binds: Vec<Bind> = vec![zone.into()];
    for filter in filters {
        // The caller has checked the fields; an unknown one must not widen the answer.
        if filter.field != "id" && ledger.field(&filter.field).is_none_or(|(_, f)| f.custom) {
            statement.push_str(" AND 1 = 0");
            continue;
        }
        let column = format!("\"{}\"", filter.field);
        if filter.op == Op::Blank {
            statement.push_str(&format!(" AND {column} IS NULL"));
            continue;
        }
        let value = match (&filter.value, filter.op) {
            (Value::Text(t), Op::Contains) => Bind::Text(Some(format!("%{}%", escape(t)))),
            (Value::Text(t), Op::Begins) => Bind::Text(Some(format!("{}%", escape(t)))),
            (value, _) => bind(ledger, &filter.field, value),
        };
        binds.push(value);
        let n = binds.len();
        statement.push_str(&match filter.op {
            Op::Eq => format!(" AND {column} = ${n}"),
            Op::Ge => format!(" AND {column} >= ${n}"),
            Op::Le => format!(" AND {column} <= ${n}"),
            Op::Contains | Op::Begins => format!(" AND {column} LIKE ${n} ESCAPE '\\'"),
            Op::Blank => String::new(),
        });
    }
    (statement, binds)
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
