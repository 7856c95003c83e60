//! Connections: two pools behind one interface, so that a statement is written once.

use sqlx::postgres::{PgArguments, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Row as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why the store could not do it. Texts are for the log; people see the sentence of the shell.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data directory cannot be used.
    #[error("数据目录“{0}”不能用")]
    Directory(PathBuf, #[source] std::io::Error),
    /// Another process writes to this directory.
    #[error("数据目录“{0}”正由另一个溯园进程写入；请先停止它，或在它的页面上操作")]
    Locked(PathBuf),
    /// The database said no.
    #[error("数据库出错")]
    Database(#[from] sqlx::Error),
    /// A statement failed; says which.
    #[error("语句失败：{statement}")]
    Statement {
        /// First words of the statement.
        statement: String,
        /// The database's answer.
        #[source]
        cause: sqlx::Error,
    },
    /// Somebody else changed the record in between.
    #[error("{ledger} {record} 已被他人改动：应为第 {expected} 版，现为第 {found} 版")]
    Stale {
        /// Ledger key.
        ledger: String,
        /// Record id.
        record: i64,
        /// Version that the writer had seen.
        expected: i64,
        /// Version that is stored.
        found: i64,
    },
    /// An outer key stands twice.
    #[error("{ledger} 中“{key}”已存在")]
    Duplicate {
        /// Ledger key.
        ledger: String,
        /// The outer key's value.
        key: String,
    },
    /// Stored data does not fit its schema.
    #[error("库中数据与结构不符：{0}")]
    Corrupt(String),
    /// The database was written by a newer version.
    #[error("数据库结构是第 {found} 版，本程序只认到第 {known} 版，请升级程序")]
    Newer {
        /// Version in the database.
        found: i64,
        /// Newest version known.
        known: i64,
    },
}

/// Result of the store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// A value to bind; blanks are typed because PostgreSQL asks for it.
#[derive(Debug, Clone, PartialEq)]
pub enum Bind {
    /// BIGINT
    Int(Option<i64>),
    /// TEXT
    Text(Option<String>),
    /// BLOB / BYTEA
    Bytes(Vec<u8>),
}

impl From<i64> for Bind {
    fn from(i: i64) -> Self {
        Self::Int(Some(i))
    }
}
impl From<Option<i64>> for Bind {
    fn from(i: Option<i64>) -> Self {
        Self::Int(i)
    }
}
impl From<&str> for Bind {
    fn from(t: &str) -> Self {
        Self::Text(Some(t.to_owned()))
    }
}
impl From<String> for Bind {
    fn from(t: String) -> Self {
        Self::Text(Some(t))
    }
}
impl From<Option<String>> for Bind {
    fn from(t: Option<String>) -> Self {
        Self::Text(t)
    }
}
impl From<Vec<u8>> for Bind {
    fn from(b: Vec<u8>) -> Self {
        Self::Bytes(b)
    }
}

/// One row of an answer, by column position.
pub enum Row {
    /// From SQLite.
    Lite(SqliteRow),
    /// From PostgreSQL.
    Pg(PgRow),
}

macro_rules! row_get {
    ($(#[$meta:meta])* $name:ident, $type:ty) => {
        $(#[$meta])*
        ///
        /// # Errors
        /// If the column is missing or of another type.
        pub fn $name(&self, i: usize) -> Result<$type> {
            Ok(match self {
                Self::Lite(r) => r.try_get(i)?,
                Self::Pg(r) => r.try_get(i)?,
            })
        }
    };
}

impl Row {
    row_get!(/// A whole number.
        int, i64);
    row_get!(/// A whole number or a blank.
        int_or_null, Option<i64>);
    row_get!(/// A text.
        text, String);
    row_get!(/// A text or a blank.
        text_or_null, Option<String>);
    row_get!(/// Bytes.
        bytes, Vec<u8>);
}

/// The store: SQLite in a directory, or PostgreSQL.
#[derive(Debug, Clone)]
pub enum Store {
    /// One file; one writing connection, several readers.
    Lite {
        /// One connection that writes; `None` when opened for reading beside a writer.
        writer: Option<SqlitePool>,
        /// Several that read.
        readers: SqlitePool,
        /// Held while this process may write.
        lock: Option<Arc<std::fs::File>>,
    },
    /// A server; the schema of the connection's search path.
    Pg(PgPool),
}

/// A write transaction.
pub enum Tx {
    /// On SQLite.
    Lite(sqlx::Transaction<'static, sqlx::Sqlite>),
    /// On PostgreSQL.
    Pg(sqlx::Transaction<'static, sqlx::Postgres>),
}

fn bind_lite<'q>(sql: &str, binds: &[Bind]) -> sqlx::query::Query<'q, sqlx::Sqlite, SqliteArguments> {
    let mut query = sqlx::query(AssertSqlSafe(sql.to_owned()));
    for bind in binds {
        query = match bind {
            Bind::Int(i) => query.bind(*i),
            Bind::Text(t) => query.bind(t.clone()),
            Bind::Bytes(b) => query.bind(b.clone()),
        };
    }
    query
}

fn bind_pg<'q>(sql: &str, binds: &[Bind]) -> sqlx::query::Query<'q, sqlx::Postgres, PgArguments> {
    let mut query = sqlx::query(AssertSqlSafe(sql.to_owned()));
    for bind in binds {
        query = match bind {
            Bind::Int(i) => query.bind(*i),
            Bind::Text(t) => query.bind(t.clone()),
            Bind::Bytes(b) => query.bind(b.clone()),
        };
    }
    query
}

fn said(sql: &str) -> impl Fn(sqlx::Error) -> StoreError + '_ {
    move |cause| StoreError::Statement { statement: sql.chars().take(160).collect(), cause }
}

impl Store {
    /// Opens a data directory or a `postgres://` address for writing and brings it to the newest schema.
    ///
    /// # Errors
    /// No such place, locked by another process, or a newer schema.
    pub async fn open(place: &str) -> Result<Self> {
        let store = if is_postgres(place) { Self::connect_pg(place, 8).await? } else { Self::open_lite(Path::new(place), true).await? };
        crate::migrate::migrate(&store).await?;
        Ok(store)
    }

    /// Opens for reading, beside a process that writes.
    ///
    /// # Errors
    /// No such place, or another schema version.
    pub async fn open_reading(place: &str) -> Result<Self> {
        if is_postgres(place) { Self::connect_pg(place, 4).await } else { Self::open_lite(Path::new(place), false).await }
    }

    async fn connect_pg(url: &str, connections: u32) -> Result<Self> {
        Ok(Self::Pg(PgPoolOptions::new().max_connections(connections).connect(url).await?))
    }

    async fn open_lite(folder: &Path, write: bool) -> Result<Self> {
        let io = |e| StoreError::Directory(folder.to_owned(), e);
        if write {
            std::fs::create_dir_all(folder).map_err(io)?;
        }
        let options = SqliteConnectOptions::new()
            .filename(folder.join("suyuan.db"))
            .create_if_missing(write)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(std::time::Duration::from_secs(5))
            .foreign_keys(true)
            .pragma("mmap_size", "268435456");
        let (mut writer, mut lock) = (None, None);
        if write {
            let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(folder.join("suyuan.lock")).map_err(io)?;
            file.try_lock().map_err(|_| StoreError::Locked(folder.to_owned()))?;
            lock = Some(Arc::new(file));
            writer = Some(SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?);
        }
        let readers = SqlitePoolOptions::new().max_connections(4).connect_with(options.read_only(!write)).await?;
        Ok(Self::Lite { writer, readers, lock })
    }

    /// True for PostgreSQL.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        matches!(self, Self::Pg(_))
    }

    /// Rows of a reading statement.
    ///
    /// # Errors
    /// The database's answer with the statement.
    pub async fn rows(&self, sql: &str, binds: &[Bind]) -> Result<Vec<Row>> {
        Ok(match self {
            Self::Lite { readers, .. } => {
                bind_lite(sql, binds).fetch_all(readers).await.map_err(said(sql))?.into_iter().map(Row::Lite).collect()
            }
            Self::Pg(pool) => bind_pg(sql, binds).fetch_all(pool).await.map_err(said(sql))?.into_iter().map(Row::Pg).collect(),
        })
    }

    /// The first row, if any.
    ///
    /// # Errors
    /// The database's answer with the statement.
    pub async fn row(&self, sql: &str, binds: &[Bind]) -> Result<Option<Row>> {
        Ok(self.rows(sql, binds).await?.into_iter().next())
    }

    /// Begins a write transaction; waits for the other writers of this process.
    ///
    /// # Errors
    /// Opened for reading only, or the database's answer.
    pub async fn begin(&self) -> Result<Tx> {
        match self {
            Self::Lite { writer: Some(pool), .. } => Ok(Tx::Lite(pool.begin_with("BEGIN IMMEDIATE").await?)),
            Self::Lite { .. } => Err(StoreError::Corrupt("opened for reading only".into())),
            Self::Pg(pool) => Ok(Tx::Pg(pool.begin().await?)),
        }
    }

    /// Runs one statement outside a transaction of ours.
    ///
    /// # Errors
    /// The database's answer with the statement.
    pub async fn execute(&self, sql: &str, binds: &[Bind]) -> Result<u64> {
        let mut tx = self.begin().await?;
        let done = tx.execute(sql, binds).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Closes all connections and lets the directory's lock go.
    pub async fn close(self) {
        match self {
            Self::Lite { writer, readers, lock } => {
                readers.close().await;
                if let Some(writer) = writer {
                    writer.close().await;
                }
                drop(lock);
            }
            Self::Pg(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Runs one statement.
    ///
    /// # Errors
    /// The database's answer with the statement.
    pub async fn execute(&mut self, sql: &str, binds: &[Bind]) -> Result<u64> {
        Ok(match self {
            Self::Lite(tx) => bind_lite(sql, binds).execute(&mut **tx).await.map_err(said(sql))?.rows_affected(),
            Self::Pg(tx) => bind_pg(sql, binds).execute(&mut **tx).await.map_err(said(sql))?.rows_affected(),
        })
    }

    /// Rows, as seen inside the transaction.
    ///
    /// # Errors
    /// The database's answer with the statement.
    pub async fn rows(&mut self, sql: &str, binds: &[Bind]) -> Result<Vec<Row>> {
        Ok(match self {
            Self::Lite(tx) => bind_lite(sql, binds).fetch_all(&mut **tx).await.map_err(said(sql))?.into_iter().map(Row::Lite).collect(),
            Self::Pg(tx) => bind_pg(sql, binds).fetch_all(&mut **tx).await.map_err(said(sql))?.into_iter().map(Row::Pg).collect(),
        })
    }

    /// Inserts many rows of `columns` values each by many-row statements.
    ///
    /// # Errors
    /// The database's answer with the statement.
    pub async fn insert(&mut self, head: &str, columns: usize, binds: Vec<Bind>, tail: &str) -> Result<()> {
        // SQLite takes 32,766 placeholders, PostgreSQL 65,535; 500 rows is where time stops falling.
        let rows = (30_000 / columns.max(1)).clamp(1, 500);
        for chunk in binds.chunks(rows * columns) {
            let sql = crate::sql::many_rows(head, columns, chunk.len() / columns, tail);
            self.execute(&sql, chunk).await?;
        }
        Ok(())
    }

    /// Makes it durable.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Lite(tx) => tx.commit().await?,
            Self::Pg(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// True if the place is a PostgreSQL address rather than a directory.
#[must_use]
pub fn is_postgres(place: &str) -> bool {
    place.starts_with("postgres://") || place.starts_with("postgresql://")
}
