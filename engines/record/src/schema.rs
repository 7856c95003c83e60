//! What a ledger declares: constant, known at compile time.

/// How a field is stored, read and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Free text.
    Text,
    /// Whole number.
    Int,
    /// Number at a declared scale: stored × 10^scale.
    Number(u8),
    /// Money in 分; shown in the field's unit (万元 unless declared).
    Money,
    /// US dollars in cents; shown in 万美元 unless declared.
    Usd,
    /// Day, ISO 8601 text.
    Date,
    /// Reporting period, stored as `Period::code`.
    Period,
    /// Code of a code list, kept as text.
    Code,
    /// Unified social credit code 统一社会信用代码.
    CreditCode,
    /// GB/T 4754 industry code 国民经济行业代码.
    Industry,
    /// One of the declared variants; stored by key, unknown ones are kept.
    Choice,
    /// Yes or no, stored 0/1.
    Bool,
    /// Id of a record in another ledger of the zone.
    Ref(&'static str),
}

/// One variant of a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Stable key, stored.
    pub key: &'static str,
    /// Chinese label.
    pub label: &'static str,
}

/// One declared field. Keys never change; labels may.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Stable key and column name.
    pub key: &'static str,
    /// Chinese label; also the head in spreadsheets.
    pub label: &'static str,
    /// How it is stored and shown.
    pub kind: Kind,
    /// Must be filled in.
    pub required: bool,
    /// Unit as filed and shown, empty if none.
    pub unit: &'static str,
    /// Outer key: unique in the zone.
    pub unique: bool,
    /// Part of the natural key of a ledger without an outer key.
    pub part: bool,
    /// Personal data: masked, reads logged.
    pub personal: bool,
    /// Long text: a text area in the form, not in the list.
    pub long: bool,
    /// Heads of older workbooks.
    pub was: &'static [&'static str],
    /// Variants of a choice.
    pub options: &'static [Choice],
    /// Least value, in the field's unit.
    pub min: Option<i64>,
    /// Greatest value, in the field's unit.
    pub max: Option<i64>,
    /// Help text.
    pub help: &'static str,
}

/// A ledger as declared in Rust.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// Stable key.
    pub key: &'static str,
    /// Chinese label.
    pub label: &'static str,
    /// Key of the office that keeps it.
    pub owner: &'static str,
    /// Key of the field that names a record.
    pub title: &'static str,
    /// Key of its process, empty if none.
    pub flow: &'static str,
    /// Fields in order.
    pub fields: &'static [Field],
}

/// A stored value. Booleans are 0/1, dates ISO text, money 分.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Value {
    /// Not filled in.
    #[default]
    Null,
    /// Whole number.
    Int(i64),
    /// Text.
    Text(String),
}

impl Value {
    /// The whole number, if it is one.
    #[must_use]
    pub fn int(&self) -> Option<i64> {
        match self {
            Self::Int(i) => Some(*i),
            _ => None,
        }
    }
    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(t) => Some(t),
            _ => None,
        }
    }
    /// True if nothing is filled in.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// Why a stored row is no record of this type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Ledger key.
    pub ledger: &'static str,
    /// Field key.
    pub field: &'static str,
    /// What is wrong with it.
    pub cause: String,
}

impl std::fmt::Display for RowError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}: {}", self.ledger, self.field, self.cause)
    }
}

impl std::error::Error for RowError {}

/// A ledger in a subject's list: what it declares, and its own checks over a stored row.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The schema.
    pub schema: &'static Schema,
    /// Checks a row that fits the schema; findings name fields by key.
    pub check: fn(&[Value], &mut values::Findings),
}

/// The list entry of a ledger.
#[must_use]
pub const fn entry<T: Record + crate::Check>() -> Entry {
    Entry { schema: T::SCHEMA, check: check_row::<T> }
}

fn check_row<T: Record + crate::Check>(row: &[Value], found: &mut values::Findings) {
    match T::from_row(row) {
        Ok(record) => record.check(found),
        Err(e) => found.push(values::Finding::error("record.does_not_fit").field(e.field).found(e.cause)),
    }
}

/// A ledger's Rust type.
pub trait Record: Sized {
    /// What it declares.
    const SCHEMA: &'static Schema;
    /// Values in the order of the schema's fields.
    fn to_row(&self) -> Vec<Value>;
    /// Reads such values back.
    ///
    /// # Errors
    /// [`RowError`] naming the first field that does not fit.
    fn from_row(row: &[Value]) -> Result<Self, RowError>;
}
