//! Accounts and sessions: rows of zone `platform`. Hashing and clocks are the caller's.

use crate::database::{Result, Row, Store};

/// The zone that holds accounts, sessions and jobs.
pub const PLATFORM: &str = "platform";

/// One account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Sign-in name.
    pub name: String,
    /// Name to show.
    pub label: String,
    /// Argon2 hash of the password.
    pub hash: String,
    /// Role key: operator, leader, officer, enterprise, viewer.
    pub role: String,
    /// Office key, for officers.
    pub office: String,
    /// Zone that it belongs to; `*` for the operator.
    pub home: String,
    /// Enterprise id, for an enterprise's account.
    pub enterprise: Option<i64>,
    /// The password works once: it must be changed at sign-in.
    pub one_time: bool,
    /// Wrong passwords in a row.
    pub failures: i64,
    /// Locked until, UTC.
    pub locked_until: Option<String>,
}

/// A signed-in session. Only the SHA-256 of its cookie is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie, hexadecimal.
    pub token: String,
    /// Account name.
    pub account: String,
    /// Token that every unsafe request must carry.
    pub csrf: String,
    /// When it ends, UTC.
    pub expires: String,
}

fn read(row: &Row) -> Result<Account> {
    Ok(Account {
        name: row.text(0)?,
        label: row.text(1)?,
        hash: row.text(2)?,
        role: row.text(3)?,
        office: row.text(4)?,
        home: row.text(5)?,
        enterprise: row.int_or_null(6)?,
        one_time: row.int(7)? != 0,
        failures: row.int(8)?,
        locked_until: row.text_or_null(9)?,
    })
}

const COLUMNS: &str = "name, label, hash, role, office, home, enterprise, one_time, failures, locked_until";

impl Store {
    /// An account by name.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn account(&self, name: &str) -> Result<Option<Account>> {
        let sql = format!("SELECT {COLUMNS} FROM account WHERE zone = $1 AND name = $2");
        self.row(&sql, &[PLATFORM.into(), name.into()]).await?.map(|r| read(&r)).transpose()
    }

    /// All accounts.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        let sql = format!("SELECT {COLUMNS} FROM account WHERE zone = $1 ORDER BY name");
        self.rows(&sql, &[PLATFORM.into()]).await?.iter().map(read).collect()
    }

    /// Adds an account or replaces it whole.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn put_account(&self, a: &Account, at: &str) -> Result<()> {
        self.execute(
            "INSERT INTO account (zone, name, label, hash, role, office, home, enterprise, one_time, failures, locked_until, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (zone, name) DO UPDATE SET label = excluded.label, hash = excluded.hash, role = excluded.role, office = excluded.office, home = excluded.home, enterprise = excluded.enterprise, one_time = excluded.one_time, failures = excluded.failures, locked_until = excluded.locked_until",
            &[
                PLATFORM.into(),
                a.name.clone().into(),
                a.label.clone().into(),
                a.hash.clone().into(),
                a.role.clone().into(),
                a.office.clone().into(),
                a.home.clone().into(),
                a.enterprise.into(),
                i64::from(a.one_time).into(),
                a.failures.into(),
                a.locked_until.clone().into(),
                at.into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Begins a session.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn put_session(&self, s: &Session, at: &str) -> Result<()> {
        self.execute("DELETE FROM session WHERE zone = $1 AND expires < $2", &[PLATFORM.into(), at.into()]).await?;
        self.execute(
            "INSERT INTO session (zone, token, account, csrf, created, expires) VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                PLATFORM.into(),
                s.token.clone().into(),
                s.account.clone().into(),
                s.csrf.clone().into(),
                at.into(),
                s.expires.clone().into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// A session by the SHA-256 of its cookie, if it has not ended.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn session(&self, token: &str, now: &str) -> Result<Option<Session>> {
        let row = self
            .row(
                "SELECT token, account, csrf, expires FROM session WHERE zone = $1 AND token = $2 AND expires > $3",
                &[PLATFORM.into(), token.into(), now.into()],
            )
            .await?;
        row.map(|r| Ok(Session { token: r.text(0)?, account: r.text(1)?, csrf: r.text(2)?, expires: r.text(3)? })).transpose()
    }

    /// Ends a session, or all sessions of an account.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn end_sessions(&self, token: Option<&str>, account: &str) -> Result<()> {
        match token {
            Some(token) => self.execute("DELETE FROM session WHERE zone = $1 AND token = $2", &[PLATFORM.into(), token.into()]).await?,
            None => self.execute("DELETE FROM session WHERE zone = $1 AND account = $2", &[PLATFORM.into(), account.into()]).await?,
        };
        Ok(())
    }
}
