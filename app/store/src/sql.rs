//! SQL built from a ledger: the one place for it. Keys are quoted, values are bound.

use record::Ledger;

/// Fixed columns of every ledger table, before the fields.
pub const FIXED: &[&str] = &["zone", "id", "version", "batch", "src", "more"];

/// Name of a ledger's table.
#[must_use]
pub fn table(ledger: &Ledger) -> String {
    format!("\"l_{}\"", ledger.key)
}

/// Creates the table of a ledger, as a draft of its migration.
#[must_use]
pub fn create(ledger: &Ledger) -> String {
    let mut columns = vec![
        "zone TEXT NOT NULL".to_owned(),
        "id BIGINT NOT NULL".to_owned(),
        "version BIGINT NOT NULL".to_owned(),
        "batch BIGINT NOT NULL".to_owned(),
        "src BIGINT NOT NULL".to_owned(),
        "more TEXT".to_owned(),
    ];
    for field in ledger.declared() {
        columns.push(format!("\"{}\" {}", field.key, if field.is_int() { "BIGINT" } else { "TEXT" }));
    }
    let mut sql = format!("CREATE TABLE {} ({}, PRIMARY KEY (zone, id)){{clustered}};\n", table(ledger), columns.join(", "));
    for field in ledger.declared() {
        if field.unique {
            sql.push_str(&format!(
                "CREATE UNIQUE INDEX \"u_{}_{}\" ON {} (zone, \"{}\");\n",
                ledger.key,
                field.key,
                table(ledger),
                field.key
            ));
        } else if matches!(field.kind, record::Kind::Ref(_)) || field.key == ledger.title {
            sql.push_str(&format!("CREATE INDEX \"i_{}_{}\" ON {} (zone, \"{}\", id);\n", ledger.key, field.key, table(ledger), field.key));
        }
    }
    sql
}

/// Selects whole rows: id, version, batch, src, more, then declared fields.
#[must_use]
pub fn select(ledger: &Ledger) -> String {
    let fields: String = ledger.declared().map(|f| format!(", \"{}\"", f.key)).collect();
    format!("SELECT id, version, batch, src, more{fields} FROM {}", table(ledger))
}

/// Head of a many-row insert of whole rows.
#[must_use]
pub fn insert_head(ledger: &Ledger) -> (String, usize) {
    let fields: Vec<String> = ledger.declared().map(|f| format!("\"{}\"", f.key)).collect();
    let columns = FIXED.len() + fields.len();
    (format!("INSERT INTO {} ({}, {}) VALUES ", table(ledger), FIXED.join(", "), fields.join(", ")), columns)
}

/// Updates one whole row where the version is the one seen.
///
/// Placeholders: version, batch, src, more, fields…, zone, id, version seen.
#[must_use]
pub fn update(ledger: &Ledger) -> String {
    let mut n = 4;
    let fields: String = ledger
        .declared()
        .map(|f| {
            n += 1;
            format!(", \"{}\" = ${n}", f.key)
        })
        .collect();
    format!(
        "UPDATE {} SET version = $1, batch = $2, src = $3, more = $4{fields} WHERE zone = ${} AND id = ${} AND version = ${}",
        table(ledger),
        n + 1,
        n + 2,
        n + 3
    )
}

/// Removes one row where the version is the one seen.
#[must_use]
pub fn delete(ledger: &Ledger) -> String {
    format!("DELETE FROM {} WHERE zone = $1 AND id = $2 AND version = $3", table(ledger))
}

/// `head ($1, …), (…) tail` with `rows` groups of `columns` placeholders.
#[must_use]
pub fn many_rows(head: &str, columns: usize, rows: usize, tail: &str) -> String {
    let mut sql = String::with_capacity(head.len() + rows * columns * 6 + tail.len());
    sql.push_str(head);
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            if column > 0 {
                sql.push_str(", ");
            }
            sql.push('$');
            sql.push_str(&(row * columns + column + 1).to_string());
        }
        sql.push(')');
    }
    sql.push_str(tail);
    sql
}
