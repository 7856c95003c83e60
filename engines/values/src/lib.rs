//! Values of the field: what a number, a period, a unit, a code and a finding are.
//!
//! Reading order: [`period`] (closed spans of months), [`fixed`] (scaled
//! integers), [`unit`] (units and exact conversion), [`place`] (where a value
//! came from), [`confidence`], [`finding`] (what a person can mend),
//! [`texts`] (texts by key, Chinese and English), [`figure`] (the only number
//! that a page or a report may print).
//!
//! Pure: no clock, no files, no randomness.

pub mod confidence;
pub mod fact;
pub mod figure;
pub mod finding;
pub mod fixed;
pub mod period;
pub mod place;
pub mod texts;
pub mod unit;

pub use confidence::Confidence;
pub use figure::{Figure, Growth, GrowthKind, Reason, TargetPart};
pub use finding::{Finding, Findings, Severity};
pub use fixed::Fixed;
pub use jiff::civil::Date;
pub use period::Period;
pub use place::Place;
pub use rust_decimal::Decimal;
pub use texts::{Lang, Texts};
pub use unit::{Quantity, Unit};
