//! Reports 报告: built from a template and a View, frozen, verified, refreshed.
//!
//! [`names`] (what a template may name, answered by a View), [`verify`] (a report that
//! came back), [`build`] (the
//! document, its Word file, its frozen figures). No report sentence stands in
//! Rust: they are in `definitions/reports/`.

pub mod build;
pub mod names;
pub mod verify;

pub use build::{Built, annual};
pub use names::ReportNames;
