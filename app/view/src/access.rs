//! Who may do what: one table, denied by default.
//!
//! A filed figure is not a ledger row: nobody here may write one but the
//! enterprise itself, or an office that enters it as filed elsewhere 代录.

use hub::{Act, Role, Visitor};
use record::Ledger;

/// Which rows an action may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// None: the action is denied.
    Nothing,
    /// Rows of the visitor's own enterprise.
    Own,
    /// All rows of the zone.
    All,
}

/// Ledgers that filings are kept in: changed by filing, never by hand.
const FILED: &[&str] = &["filing", "filing_duty"];

/// What a visitor may do with a ledger.
#[must_use]
pub fn scope(visitor: &Visitor, act: Act, ledger: &Ledger) -> Scope {
    match visitor.role {
        Role::Operator => operator(act, ledger),
        Role::Leader => leader(act),
        Role::Officer => officer(visitor, act, ledger),
        Role::Enterprise => enterprise(visitor, act, ledger),
        Role::Overseer | Role::Anonymous => Scope::Nothing,
    }
}

fn operator(act: Act, ledger: &Ledger) -> Scope {
    match act {
        Act::Create | Act::Update | Act::Delete if is_filed(ledger) => Scope::Nothing,
        _ => Scope::All,
    }
}

fn leader(act: Act) -> Scope {
    match act {
        Act::Read | Act::Export => Scope::All,
        _ => Scope::Nothing,
    }
}

fn officer(visitor: &Visitor, act: Act, ledger: &Ledger) -> Scope {
    let keeps = visitor.office == ledger.owner;
    match act {
        Act::Read | Act::Export => Scope::All,
        Act::ReadPersonal if keeps => Scope::All,
        Act::Create | Act::Update | Act::Delete | Act::Import if keeps && !is_filed(ledger) => Scope::All,
        Act::AsFiled if keeps && is_filed(ledger) => Scope::All,
        _ => Scope::Nothing,
    }
}

fn enterprise(visitor: &Visitor, act: Act, ledger: &Ledger) -> Scope {
    if visitor.enterprise.is_none() {
        return Scope::Nothing;
    }
    match act {
        Act::Read | Act::Export if own_field(ledger).is_some() => Scope::Own,
        Act::ReadPersonal if ledger.key == "enterprise" => Scope::Own,
        Act::Read if ledger.key == "form" => Scope::All,
        _ => Scope::Nothing,
    }
}

fn is_filed(ledger: &Ledger) -> bool {
    FILED.contains(&ledger.key.as_str())
}

/// Field by which a row belongs to an enterprise; `id` for the enterprise ledger itself.
#[must_use]
pub fn own_field(ledger: &Ledger) -> Option<&str> {
    if ledger.key == "enterprise" {
        return Some("id");
    }
    ledger.fields.iter().find(|f| f.kind == record::Kind::Ref("enterprise")).map(|f| f.key.as_str())
}

/// True if the role may see figures about single enterprises of the zone, not only totals.
#[must_use]
pub fn sees_individuals(visitor: &Visitor) -> bool {
    matches!(visitor.role, Role::Operator | Role::Leader | Role::Officer)
}
