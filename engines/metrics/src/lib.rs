//! Metrics 指标: defined once as data, answered from facts in memory, explained down to the fact.
//!
//! Reading order: [`definition`] (what a metric is), [`catalogue`] (all of
//! them, checked by `check`), [`subject`] and [`membership`] (who counts
//! where, dated), [`facts`] (columns, an immutable version per commit, changed
//! by difference), `span` and `gather` (which columns answer a span, and for
//! whom), [`evaluate`] (one answer), [`growth`], [`target`], [`figure`] (the
//! printed number), [`lineage`], [`contribution`], [`secrecy`],
//! [`panel`] (all slices at once), [`reconcile`], [`vintage`], [`estimate`],
//! [`doubt`], [`snapshot`].
//!
//! Pure: no clock, files, randomness, threads.

pub mod catalogue;
mod change;
mod check;
mod column;
pub mod contribution;
pub mod definition;
pub mod doubt;
pub mod estimate;
pub mod evaluate;
pub mod facts;
pub mod figure;
mod frame;
mod gather;
pub mod growth;
mod keep;
pub mod ledger;
pub mod lineage;
pub mod membership;
pub mod panel;
pub mod reconcile;
pub mod secrecy;
pub mod snapshot;
mod span;
pub mod subject;
pub mod target;
pub mod vintage;

pub use catalogue::Metrics;
pub use column::{Pair, Sum};
pub use contribution::{Contribution, Contributions};
pub use definition::{Definition, Metric, Time};
pub use estimate::{Estimate, Method};
pub use evaluate::{Answer, Basis, Query};
pub use facts::{FactKey, FactRow, Facts, Ground};
pub use figure::{Handle, View};
pub use frame::DIMENSIONS;
pub use growth::Growths;
pub use ledger::{LedgerRow, Source};
pub use lineage::{Leaf, Line};
pub use membership::{Membership, MembershipRow, Sharing, Sharings};
pub use panel::{Panel, Spread};
pub use reconcile::Reconciliation;
pub use secrecy::Secrets;
pub use snapshot::SnapshotError;
pub use subject::{Subject, SubjectKind, Subjects};
pub use target::{Progress, TargetVersion, Targets};
pub use vintage::{FactWas, Restatement};

/// The texts of this crate.
pub fn texts() -> &'static values::Texts {
    static TEXTS: std::sync::LazyLock<values::Texts> =
        std::sync::LazyLock::new(|| values::Texts::parse(include_str!("../texts.toml")).expect("embedded, and read by a test"));
    &TEXTS
}
