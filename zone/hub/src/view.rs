//! The View: how anything below the shell sees the data.
//!
//! Subjects, readers and jobs are plain functions of a `&dyn View`: one zone,
//! one pinned commit, one visitor's rights. The web and the command line build
//! it; tests build one from a sample zone. What the visitor may not see is not
//! in it: rows, fields and figures alike.

use record::{Change, Filter, Ledger, Query, Stored};
use values::{Date, Figure, Lang, Period};

/// The zone that is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneInfo {
    /// Key.
    pub key: String,
    /// Name.
    pub label: String,
    /// Data is made up 示例数据.
    pub synthetic: bool,
}

/// Who looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// Account name, as the log keeps it.
    pub name: String,
    /// Name to show.
    pub label: String,
    /// Role.
    pub role: Role,
    /// Office key, empty if none.
    pub office: String,
    /// Enterprise, for an enterprise's account.
    pub enterprise: Option<i64>,
}

/// Role 角色. What each may do stands in one table, in `app/view`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Local operator 系统管理: all rights, logged.
    Operator,
    /// Leader 领导: reads everything but personal fields.
    Leader,
    /// Officer 经办: keeps the ledgers of the office.
    Officer,
    /// Enterprise 企业: its own rows.
    Enterprise,
    /// City or province 上级: totals only.
    Overseer,
    /// Nobody signed in.
    Anonymous,
}

impl Role {
    /// All roles, most rights first.
    pub const ALL: [Self; 6] = [Self::Operator, Self::Leader, Self::Officer, Self::Enterprise, Self::Overseer, Self::Anonymous];

    /// Stable key, as stored.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Leader => "leader",
            Self::Officer => "officer",
            Self::Enterprise => "enterprise",
            Self::Overseer => "overseer",
            Self::Anonymous => "anonymous",
        }
    }
    /// Reads a key; unknown ones have no rights.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        Self::ALL.into_iter().find(|r| r.key() == key).unwrap_or(Self::Anonymous)
    }
}

/// What somebody wants to do with a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Act {
    /// See rows.
    Read,
    /// See personal fields unmasked.
    ReadPersonal,
    /// Add rows.
    Create,
    /// Change rows.
    Update,
    /// Remove rows.
    Delete,
    /// Import a workbook.
    Import,
    /// Enter what an enterprise filed elsewhere 代录.
    AsFiled,
    /// Take rows out as a file.
    Export,
}

impl Act {
    /// All actions.
    pub const ALL: [Self; 8] =
        [Self::Read, Self::ReadPersonal, Self::Create, Self::Update, Self::Delete, Self::Import, Self::AsFiled, Self::Export];

    /// Stable key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::ReadPersonal => "read_personal",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Import => "import",
            Self::AsFiled => "as_filed",
            Self::Export => "export",
        }
    }
}

/// Why a View cannot answer; the shell turns it into a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViewError {
    /// The visitor may not.
    Forbidden,
    /// No such ledger, record or metric.
    Unknown(String),
    /// The store failed; the text is for the log.
    Store(String),
}

impl std::fmt::Display for ViewError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Forbidden => f.write_str("没有权限"),
            Self::Unknown(what) => write!(f, "没有“{what}”"),
            Self::Store(cause) => f.write_str(cause),
        }
    }
}

impl std::error::Error for ViewError {}

/// Result of a View.
pub type Seen<T> = Result<T, ViewError>;

/// A question for one figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Metric key, with an aspect such as `.added` where it has one.
    pub metric: String,
    /// Period.
    pub period: Period,
    /// `zone`, `enterprise:12`, `peer:…`.
    pub subject: String,
    /// Slice: dimension and value.
    pub slice: Option<(String, String)>,
    /// One source instead of the first by precedence.
    pub source: Option<String>,
    /// actual · target · forecast.
    pub scenario: String,
    /// As known on this day.
    pub as_known: Option<Date>,
}

impl Ask {
    /// The zone's actual value of a metric.
    #[must_use]
    pub fn zone(metric: &str, period: Period) -> Self {
        Self {
            metric: metric.to_owned(),
            period,
            subject: "zone".into(),
            slice: None,
            source: None,
            scenario: "actual".into(),
            as_known: None,
        }
    }
    /// The same for another subject.
    #[must_use]
    pub fn of(mut self, subject: &str) -> Self {
        subject.clone_into(&mut self.subject);
        self
    }
    /// The same for one slice.
    #[must_use]
    pub fn slice(mut self, dimension: &str, value: &str) -> Self {
        self.slice = Some((dimension.to_owned(), value.to_owned()));
        self
    }
}

/// One row behind a figure: what was filed, by whom, and the cell that it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Name of the subject.
    pub subject: String,
    /// `enterprise:12` …
    pub subject_key: String,
    /// Metric key (a formula has several).
    pub metric: String,
    /// Period of the value.
    pub period: Period,
    /// Value in the metric's unit as filed.
    pub value: Option<values::Decimal>,
    /// Unit of the value.
    pub unit: String,
    /// File name, or how it was entered.
    pub file: String,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// Sheet.
    pub sheet: String,
    /// Cell in A1 notation.
    pub cell: String,
    /// The text in that cell, as it stands in the file.
    pub raw: String,
    /// Place in one line.
    pub place: String,
    /// Batch number, 0 if typed.
    pub batch: i64,
    /// estimate · preliminary · final · carried.
    pub status: String,
}

/// The sheet around a cell, as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Window {
    /// First row, from 0.
    pub first_row: u32,
    /// First column, from 0.
    pub first_column: u32,
    /// Row and column of the cell, from 0.
    pub hit: (u32, u32),
    /// Texts as displayed, row by row.
    pub lines: Vec<Vec<String>>,
    /// Sheets of the file.
    pub tabs: Vec<String>,
    /// When it was uploaded, and by whom.
    pub uploaded: (String, String),
    /// True if the kept file still has its SHA-256.
    pub intact: bool,
}

/// How anything below the shell sees the data.
pub trait View {
    /// The zone.
    fn zone(&self) -> &ZoneInfo;
    /// Who looks.
    fn visitor(&self) -> &Visitor;
    /// The zone's today, Beijing time.
    fn today(&self) -> Date;
    /// The pinned commit.
    fn seq(&self) -> i64;
    /// Language of texts.
    fn lang(&self) -> Lang;
    /// Ledgers that the visitor may read, in the order of the menu.
    fn ledgers(&self) -> Vec<&Ledger>;
    /// One ledger, if the visitor may read it.
    fn ledger(&self, key: &str) -> Option<&Ledger>;
    /// May the visitor do this with the ledger?
    fn may(&self, act: Act, ledger: &str) -> bool;
    /// One record; personal fields masked unless the visitor may see them.
    ///
    /// # Errors
    /// No right, no such ledger, or the store's answer.
    fn get(&self, ledger: &str, id: i64) -> Seen<Option<Stored>>;
    /// A page of a ledger.
    ///
    /// # Errors
    /// As [`View::get`].
    fn list(&self, ledger: &str, query: &Query) -> Seen<Vec<Stored>>;
    /// How many records a list has.
    ///
    /// # Errors
    /// As [`View::get`].
    fn count(&self, ledger: &str, filters: &[Filter]) -> Seen<i64>;
    /// Changes of one record, newest first.
    ///
    /// # Errors
    /// As [`View::get`].
    fn history(&self, ledger: &str, id: i64) -> Seen<Vec<Change>>;
    /// One figure; what cannot be given is a figure with a reason.
    fn figure(&self, ask: &Ask) -> Figure;
    /// The rows behind a figure, biggest first; at most `limit` of them, and how many there are.
    ///
    /// # Errors
    /// No right, an unknown handle, or the store's answer.
    fn origins(&self, handle: &str, limit: usize) -> Seen<(Vec<Origin>, usize)>;
    /// Values of a dimension that a metric may be sliced by: key and label.
    fn slices(&self, metric: &str, dimension: &str) -> Vec<(String, String)>;
    /// The last month that the zone holds actual values for.
    fn latest(&self) -> Option<Period>;
    /// All metric definitions.
    fn definitions(&self) -> &metrics::Metrics;
    /// Hash of the zone's last link at the pinned commit: the audit anchor.
    fn anchor(&self) -> &str;
    /// What is held of a peer within a span: metric key, period, scenario; in the order of keys.
    fn held(&self, subject: &str, within: Period) -> Vec<(String, Period, String)>;
    /// The sheet around the cell that a row came from; `None` if it came from no file.
    ///
    /// # Errors
    /// The store's answer.
    fn window(&self, origin: &Origin) -> Seen<Option<Window>>;
    /// Who pulled a metric up and down against the year before; `None` if it is not made of single subjects or the visitor may not see them.
    fn contributions(&self, ask: &Ask) -> Option<metrics::Contributions>;
    /// All sources of a metric side by side.
    fn by_source(&self, ask: &Ask) -> Vec<Figure>;
    /// Label of one value of a dimension.
    fn slice_label(&self, dimension: &str, value: &str) -> String;
}
