//! The cockpit 驾驶舱: where the zone stands, who pulls, who is late, and where each number comes from.
//!
//! [`settings`] (what is shown first, which pace is slow), [`state`] (正常,
//! 偏慢, 落后 with the reason), [`overview`] (the leader's page), [`metric`]
//! (one figure down to its cell), [`index`] (all metrics), [`filings`] (due
//! and late). Readers only: functions of a View that return pages.

pub mod filings;
pub mod index;
pub mod metric;
pub mod overview;
pub mod settings;
pub mod state;
pub mod texts;

pub use index::index;
pub use metric::figure_page;

pub use overview::overview;
