//! Economic operation 经济运行: what the economic office keeps beside filings.
//!
//! [`rd_institution`] (研发机构), [`incubator`] (孵化器).

pub mod incubator;
pub mod rd_institution;

pub use incubator::Incubator;
pub use rd_institution::RdInstitution;

use record::{Entry, entry};

/// Ledgers of this subject, in the order of the menu.
pub const LEDGERS: &[Entry] = &[entry::<RdInstitution>(), entry::<Incubator>()];
