//! Builds the View: the one place where access is decided.
//!
//! [`access`] (who may do what, as one table), [`core`] (store, ledgers,
//! definitions, clock, resident columns), [`zone_view`] (the View of one zone
//! for one visitor at one pinned commit).
//!
//! A View blocks on the store, so it runs on a blocking thread, never on an
//! async one. Pages, command line, jobs and gateway all go through it.

pub mod access;
pub mod catalogue;
pub mod core;
pub mod figures;
pub mod lineage;
pub mod slices;
pub mod write;
pub mod zone_view;

pub use crate::core::{Clock, Core, CoreError};
pub use access::Scope;
pub use zone_view::ZoneView;
