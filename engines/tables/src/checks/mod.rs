//! Checks 审核 that need no ledger: totals against their members, slips of units against history.

pub mod slip;
pub mod totals;

pub use slip::{Slip, column_slip, slip, slip_finding};
pub use totals::totals;
