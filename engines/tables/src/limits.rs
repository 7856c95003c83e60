//! Limits 限额: what a file may at most be, and why a file cannot be read at all.
//!
//! Each limit has its own sentence, so that the person who uploads knows
//! which one it was. Bad cells are findings, not errors.

use std::ops::ControlFlow;

/// What a reader may at most take in. The defaults suit a monthly filing of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file as uploaded, in bytes.
    pub file_bytes: u64,
    /// Size of all parts of a packed file together, in bytes.
    pub unpacked_bytes: u64,
    /// Number of parts in a packed file.
    pub entries: usize,
    /// Number of sheets.
    pub sheets: usize,
    /// Number of rows that hold something, over all sheets.
    pub rows: usize,
    /// Number of non-empty cells, over all sheets.
    pub cells: usize,
    /// Bytes of text in one cell; Excel itself holds 32,767 characters.
    pub cell_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 64 << 20,
            unpacked_bytes: 1 << 30,
            entries: 4_096,
            sheets: 256,
            rows: 1_048_576,
            cells: 12_000_000,
            cell_bytes: 200_000,
        }
    }
}

/// Told how many rows are done, some thousand at a time; `Break` cancels the reading.
///
/// The engine knows no clock and no threads: a time limit, a progress bar or a
/// cancel button is the caller's closure.
pub type Watch<'a> = &'a mut dyn FnMut(u64) -> ControlFlow<()>;

/// Why a file cannot be read at all. Bad cells are findings, not errors.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Nothing in it.
    #[error("文件“{name}”是空的")]
    Empty {
        /// The file's name.
        name: String,
    },
    /// Too large as uploaded.
    #[error("文件“{name}”有 {size} 字节，超过上限 {limit} 字节；请拆成几个文件")]
    TooLarge {
        /// The file's name.
        name: String,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// A packed file that unpacks to too much (a bomb, or a sheet blown up by formats).
    #[error("文件“{name}”解压后超过 {limit} 字节，疑为压缩炸弹，未读取")]
    Bomb {
        /// The file's name.
        name: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// Too many parts in the package.
    #[error("文件“{name}”内含 {entries} 个部件，超过上限 {limit} 个")]
    TooManyEntries {
        /// The file's name.
        name: String,
        /// Parts in it.
        entries: usize,
        /// The limit.
        limit: usize,
    },
    /// Too many sheets.
    #[error("文件“{name}”有 {sheets} 个工作表，超过上限 {limit} 个")]
    TooManySheets {
        /// The file's name.
        name: String,
        /// Sheets in it.
        sheets: usize,
        /// The limit.
        limit: usize,
    },
    /// Too many rows.
    #[error("文件“{name}”有内容的行超过 {limit} 行；请拆成几个文件")]
    TooManyRows {
        /// The file's name.
        name: String,
        /// The limit.
        limit: usize,
    },
    /// Too many cells.
    #[error("文件“{name}”有内容的单元格超过 {limit} 个；请拆成几个文件")]
    TooManyCells {
        /// The file's name.
        name: String,
        /// The limit.
        limit: usize,
    },
    /// One cell holds more text than any cell should.
    #[error("文件“{name}”的单元格 {place} 里的文字超过 {limit} 字节")]
    CellTooLong {
        /// The file's name.
        name: String,
        /// `sheet!cell`.
        place: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// Encrypted.
    #[error("文件“{name}”设了打开密码；请先去掉密码再上传")]
    Password {
        /// The file's name.
        name: String,
    },
    /// Something else under a workbook's name.
    #[error("“{name}”不是表格文件，而是{what}；请上传 xlsx、xls、xlsb、ods 或 csv")]
    NotATable {
        /// The file's name.
        name: String,
        /// What its content looks like, in Chinese.
        what: &'static str,
    },
    /// A WPS table in WPS's own old format.
    #[error("“{name}”是金山 WPS 自有的旧格式，无法直接读取；请在 WPS 里“另存为”xlsx 再上传")]
    OldWps {
        /// The file's name.
        name: String,
    },
    /// A workbook of a format before 1997.
    #[error("“{name}”是 Excel 95 或更早的格式；请在 Excel 或 WPS 里“另存为”xlsx 再上传")]
    TooOld {
        /// The file's name.
        name: String,
    },
    /// A damaged workbook.
    #[error("文件“{name}”已损坏，读不了{part}；请在 Excel 或 WPS 里打开后另存一次再上传")]
    Damaged {
        /// The file's name.
        name: String,
        /// Which part, in Chinese.
        part: String,
        /// What the reader said.
        #[source]
        cause: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The caller cancelled it.
    #[error("读取已取消，什么也没有留下")]
    Cancelled,
}

impl ReadError {
    /// Stable rule id, as in `docs/findings.md`.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "tables.file_empty",
            Self::TooLarge { .. } => "tables.file_too_large",
            Self::Bomb { .. } => "tables.unpacks_too_large",
            Self::TooManyEntries { .. } => "tables.too_many_parts",
            Self::TooManySheets { .. } => "tables.too_many_sheets",
            Self::TooManyRows { .. } => "tables.too_many_rows",
            Self::TooManyCells { .. } => "tables.too_many_cells",
            Self::CellTooLong { .. } => "tables.cell_too_long",
            Self::Password { .. } => "tables.password",
            Self::NotATable { .. } => "tables.not_a_table",
            Self::OldWps { .. } => "tables.old_wps",
            Self::TooOld { .. } => "tables.too_old",
            Self::Damaged { .. } => "tables.damaged",
            Self::Cancelled => "tables.cancelled",
        }
    }

    pub(crate) fn damaged(name: &str, part: impl Into<String>) -> Self {
        Self::Damaged { name: name.into(), part: part.into(), cause: None }
    }

    pub(crate) fn damaged_by(name: &str, part: impl Into<String>, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Damaged { name: name.into(), part: part.into(), cause: Some(cause.into()) }
    }
}
