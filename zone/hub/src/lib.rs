//! The hub: what all subjects share.
//!
//! [`enterprise`] (一企一档's key record), [`title_link`] (titles held, dated),
//! [`chain_link`] (chain membership, dated), [`target`] (年度目标, versioned),
//! [`form`] · [`filing`] (who must file what by when, and what was filed),
//! [`view`] (how anything below the shell sees the data).

pub mod chain_link;
pub mod enterprise;
pub mod filing;
pub mod form;
pub mod target;
pub mod title_link;
pub mod view;

pub use chain_link::ChainLink;
pub use enterprise::{Enterprise, EnterpriseId};
pub use filing::{DutyId, Filing, FilingDuty, FilingState};
pub use form::Form;
pub use target::Target;
pub use title_link::{Title, TitleLink};

pub use view::{Act, Ask, Origin, Role, Seen, View, ViewError, Visitor, Window, ZoneInfo};

use record::{Entry, entry};

/// Ledgers of the hub, in the order of the menu.
pub const LEDGERS: &[Entry] = &[
    entry::<Enterprise>(),
    entry::<TitleLink>(),
    entry::<ChainLink>(),
    entry::<Target>(),
    entry::<Form>(),
    entry::<FilingDuty>(),
    entry::<Filing>(),
];
