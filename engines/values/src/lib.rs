//! Values of the field: what a number, a period, a unit, a code and a finding are.
//!
//! Reading order: [`period`] (closed spans of months), [`fixed`] (scaled
//! integers), [`unit`] (units and exact conversion), [`place`] (where a value
//! came from), [`confidence`], [`finding`] (what a person can mend),
//! [`texts`] (texts by key, Chinese and English), [`figure`] (the only number
//! that a page or a report may print); then what the state gives as data:
//! [`credit_code`], [`region`], [`industry`], [`calendar`], all read by [`table`].
//!
//! Pure: no clock, no files, no randomness.

pub mod calendar;
pub mod confidence;
pub mod credit_code;
pub mod fact;
pub mod figure;
pub mod finding;
pub mod fixed;
pub mod industry;
pub mod period;
pub mod place;
pub mod region;
pub mod table;
pub mod texts;
pub mod unit;

pub use calendar::{Calendar, Day, Due, NotAnnounced};
pub use confidence::Confidence;
pub use credit_code::CreditCode;
pub use figure::{Figure, Growth, GrowthKind, Reason, TargetPart};
pub use finding::{Finding, Findings, Severity};
pub use fixed::Fixed;
pub use industry::Industries;
pub use jiff::civil::Date;
pub use period::Period;
pub use place::Place;
pub use region::Regions;
pub use rust_decimal::Decimal;
pub use texts::{Lang, Texts};
pub use unit::{Quantity, Unit};

/// The texts of this crate.
pub fn texts() -> &'static Texts {
    static TEXTS: std::sync::LazyLock<Texts> =
        std::sync::LazyLock::new(|| Texts::parse(include_str!("../texts.toml")).expect("embedded, and read by a test"));
    &TEXTS
}
