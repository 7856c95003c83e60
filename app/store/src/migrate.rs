//! Migrations: numbered SQL files, each applied once, in its own transaction.

use crate::database::{Result, Store, StoreError};

/// All migrations in order. A ledger adds one line here.
pub const MIGRATIONS: &[(i64, &str, &str)] =
    &[(1, "base", include_str!("../migrations/0001_base.sql")), (2, "ledgers", include_str!("../migrations/0002_ledgers.sql"))];

/// Brings the database to the newest schema; returns the version it now has.
///
/// # Errors
/// A newer schema than this program knows, or the database's answer.
pub async fn migrate(store: &Store) -> Result<i64> {
    store.execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)", &[]).await?;
    let found = version(store).await?;
    let known = MIGRATIONS.last().map_or(0, |m| m.0);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (number, name, source) in MIGRATIONS.iter().filter(|m| m.0 > found) {
        let mut tx = store.begin().await?;
        for statement in statements(source, store.is_postgres()) {
            tx.execute(&statement, &[]).await?;
        }
        tx.execute("INSERT INTO schema_version (version, name) VALUES ($1, $2)", &[(*number).into(), (*name).into()]).await?;
        tx.commit().await?;
    }
    Ok(known)
}

/// Version that the database has; 0 if it is empty.
///
/// # Errors
/// The database's answer.
pub async fn version(store: &Store) -> Result<i64> {
    let row = store.row("SELECT coalesce(max(version), 0) FROM schema_version", &[]).await?;
    row.map_or(Ok(0), |r| r.int(0))
}

/// The statements of one migration for one database.
#[must_use]
pub fn statements(source: &str, postgres: bool) -> Vec<String> {
    let clean: String = source.lines().filter(|l| !l.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n");
    clean
        .split(";\n")
        .map(|s| s.trim().trim_end_matches(';').to_owned())
        .filter(|s| !s.is_empty())
        .map(|s| {
            s.replace("{blob}", if postgres { "BYTEA" } else { "BLOB" })
                .replace("{clustered}", if postgres { "" } else { " WITHOUT ROWID" })
        })
        .collect()
}
