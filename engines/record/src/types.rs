//! Rust types of fields and how each is stored.

use crate::schema::{Choice, Kind, Record, RowError, Schema, Value};
use jiff::civil::Date;
use rust_decimal::Decimal;
use values::Period;

/// A type that a ledger's field may have.
pub trait FieldType: Sized {
    /// How it is stored and shown.
    const KIND: Kind;
    /// False only for `Option`.
    const REQUIRED: bool = true;
    /// Variants of a choice.
    const OPTIONS: &'static [Choice] = &[];
    /// As stored.
    fn to_value(&self) -> Value;
    /// Reads the stored value; the text says why not.
    ///
    /// # Errors
    /// What does not fit.
    fn from_value(value: &Value) -> Result<Self, String>;
}

/// Reads field `index` of a row, naming ledger and field if it does not fit.
///
/// # Errors
/// [`RowError`].
pub fn read_field<T: FieldType>(row: &[Value], index: usize, schema: &'static Schema) -> Result<T, RowError> {
    let value = row.get(index).unwrap_or(&Value::Null);
    T::from_value(value).map_err(|cause| RowError { ledger: schema.key, field: schema.fields[index].key, cause })
}

/// Money 金额 in 分 (0.01 yuan).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cny(pub i64);

/// US dollars in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Usd(pub i64);

/// A number with `SCALE` digits after the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number<const SCALE: u8>(pub i64);

impl<const SCALE: u8> Number<SCALE> {
    /// As a decimal, in the field's unit.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, u32::from(SCALE))
    }
}

/// Unified social credit code 统一社会信用代码, already checked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode(pub String);

/// GB/T 4754-2017 industry code, 2–4 digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndustryCode(pub String);

macro_rules! stored_as_int {
    ($type:ty, $kind:expr, $get:expr, $make:expr $(, $generic:tt)?) => {
        impl $(<const $generic: u8>)? FieldType for $type {
            const KIND: Kind = $kind;
            fn to_value(&self) -> Value { Value::Int(($get)(self)) }
            fn from_value(value: &Value) -> Result<Self, String> {
                value.int().ok_or_else(|| format!("whole number expected, found {value:?}")).and_then($make)
            }
        }
    };
}

stored_as_int!(i64, Kind::Int, |v: &i64| *v, Ok);
stored_as_int!(Cny, Kind::Money, |v: &Cny| v.0, |i| Ok(Cny(i)));
stored_as_int!(Usd, Kind::Usd, |v: &Usd| v.0, |i| Ok(Usd(i)));
stored_as_int!(Number<SCALE>, Kind::Number(SCALE), |v: &Number<SCALE>| v.0, |i| Ok(Number(i)), SCALE);
stored_as_int!(bool, Kind::Bool, |v: &bool| i64::from(*v), |i| Ok(i != 0));
stored_as_int!(Period, Kind::Period, |v: &Period| v.code(), |i| Period::from_code(i).ok_or_else(|| format!("{i} is no period code")));

macro_rules! stored_as_text {
    ($type:ty, $kind:expr, $get:expr, $make:expr) => {
        impl FieldType for $type {
            const KIND: Kind = $kind;
            fn to_value(&self) -> Value {
                Value::Text(($get)(self))
            }
            fn from_value(value: &Value) -> Result<Self, String> {
                value.text().ok_or_else(|| format!("text expected, found {value:?}")).and_then($make)
            }
        }
    };
}

stored_as_text!(String, Kind::Text, |v: &String| v.clone(), |t: &str| Ok(t.to_owned()));
stored_as_text!(CreditCode, Kind::CreditCode, |v: &CreditCode| v.0.clone(), |t: &str| Ok(CreditCode(t.to_owned())));
stored_as_text!(IndustryCode, Kind::Industry, |v: &IndustryCode| v.0.clone(), |t: &str| Ok(IndustryCode(t.to_owned())));
stored_as_text!(Date, Kind::Date, |v: &Date| v.to_string(), |t: &str| t.parse().map_err(|e| format!("{t}: {e}")));

impl<T: FieldType> FieldType for Option<T> {
    const KIND: Kind = T::KIND;
    const REQUIRED: bool = false;
    const OPTIONS: &'static [Choice] = T::OPTIONS;
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, FieldType::to_value)
    }
    fn from_value(value: &Value) -> Result<Self, String> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }
}

/// Declares a choice: an enum with stable keys and labels; unknown keys are kept and shown.
///
/// ```
/// record::choice! {
///     /// Grade of a hidden danger 隐患等级.
///     pub enum DangerGrade { General = "general" "一般", Major = "major" "重大" }
/// }
/// assert_eq!(DangerGrade::from_key("major"), DangerGrade::Major);
/// assert_eq!(DangerGrade::from_key("new").key(), "new");
/// ```
#[macro_export]
macro_rules! choice {
    ($(#[$meta:meta])* pub enum $name:ident { $($variant:ident = $key:literal $label:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $(#[doc = $label] $variant,)*
            /// A key that this version does not know; kept and shown.
            Other(String),
        }
        impl $name {
            /// Stable key, as stored.
            #[must_use]
            pub fn key(&self) -> &str {
                match self { $(Self::$variant => $key,)* Self::Other(key) => key }
            }
            /// Chinese label; an unknown key is its own label.
            #[must_use]
            pub fn label(&self) -> &str {
                match self { $(Self::$variant => $label,)* Self::Other(key) => key }
            }
            /// Reads a key; unknown ones are kept.
            #[must_use]
            pub fn from_key(key: &str) -> Self {
                match key { $($key => Self::$variant,)* other => Self::Other(other.to_owned()) }
            }
        }
        impl $crate::FieldType for $name {
            const KIND: $crate::Kind = $crate::Kind::Choice;
            const OPTIONS: &'static [$crate::Choice] = &[$($crate::Choice { key: $key, label: $label }),*];
            fn to_value(&self) -> $crate::Value { $crate::Value::Text(self.key().to_owned()) }
            fn from_value(value: &$crate::Value) -> ::std::result::Result<Self, ::std::string::String> {
                value.text().map(Self::from_key).ok_or_else(|| ::std::format!("text expected, found {value:?}"))
            }
        }
    };
}

/// Declares the id of a ledger's records as a type of its own.
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* $name:ident, $ledger:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub i64);
        impl $crate::FieldType for $name {
            const KIND: $crate::Kind = $crate::Kind::Ref($ledger);
            fn to_value(&self) -> $crate::Value { $crate::Value::Int(self.0) }
            fn from_value(value: &$crate::Value) -> ::std::result::Result<Self, ::std::string::String> {
                value.int().map($name).ok_or_else(|| ::std::format!("id expected, found {value:?}"))
            }
        }
    };
}

/// Turns a typed record into its row and back; used by tests of each ledger.
///
/// # Errors
/// As [`Record::from_row`].
pub fn round_trip<T: Record>(record: &T) -> Result<T, RowError> {
    T::from_row(&record.to_row())
}
