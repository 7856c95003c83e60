//! The one list of subjects: their ledgers, in the order of the menu.

use record::{Entry, Ledger};
use std::collections::BTreeMap;

/// All ledgers of the program. A new ledger is one line in its subject's list.
pub fn entries() -> impl Iterator<Item = Entry> {
    hub::LEDGERS.iter().chain(economy::LEDGERS).copied()
}

/// All ledgers by key, as interpreters take them.
#[must_use]
pub fn ledgers() -> BTreeMap<String, Ledger> {
    entries().map(|e| (e.schema.key.to_owned(), Ledger::from(e.schema))).collect()
}

/// What `schema.lock` holds: one line a field, sorted by ledger; keys and kinds never change once released.
#[must_use]
pub fn lock_text() -> String {
    let mut text = String::from("# Released keys: lines are added, never changed. Made by `suyuan migrate lock`.\n");
    for ledger in ledgers().values() {
        text.push_str(&format!("{}\n", ledger.key));
        for field in &ledger.fields {
            let unique = if field.unique { " unique" } else { "" };
            text.push_str(&format!("  {} {}{unique}\n", field.key, if field.is_int() { "BIGINT" } else { "TEXT" }));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use hub::{Act, Role, Visitor};

    #[test]
    fn released_keys_stand_in_the_lock() {
        let lock = include_str!("../../store/schema.lock");
        assert_eq!(lock_text().trim_end(), lock.trim_end(), "run `suyuan migrate lock` and draft a migration");
    }

    #[test]
    fn no_field_takes_a_fixed_columns_name() {
        for ledger in ledgers().values() {
            for field in &ledger.fields {
                assert!(!store::sql::FIXED.contains(&field.key.as_str()), "{}.{}", ledger.key, field.key);
            }
        }
    }

    /// Who may do what: role × ledger × action, denied by default.
    #[test]
    fn rights() {
        let visitor = |role, office: &str, enterprise| Visitor {
            name: String::new(),
            label: String::new(),
            role,
            office: office.to_owned(),
            enterprise,
        };
        let visitors = [
            ("operator", visitor(Role::Operator, "", None)),
            ("leader", visitor(Role::Leader, "", None)),
            ("officer economy", visitor(Role::Officer, "economy", None)),
            ("officer invest", visitor(Role::Officer, "invest", None)),
            ("officer other", visitor(Role::Officer, "environment", None)),
            ("enterprise", visitor(Role::Enterprise, "", Some(1))),
            ("enterprise unbound", visitor(Role::Enterprise, "", None)),
            ("overseer", visitor(Role::Overseer, "", None)),
            ("anonymous", visitor(Role::Anonymous, "", None)),
        ];
        let mut table = String::new();
        for (name, visitor) in &visitors {
            for ledger in ledgers().values() {
                let rights: Vec<String> = Act::ALL
                    .iter()
                    .filter_map(|act| match view::access::scope(visitor, *act, ledger) {
                        view::Scope::Nothing => None,
                        view::Scope::Own => Some(format!("{}(own)", act.key())),
                        view::Scope::All => Some(act.key().to_owned()),
                    })
                    .collect();
                let rights = if rights.is_empty() { "-".to_owned() } else { rights.join(" ") };
                table.push_str(&format!("{name:<20}{:<16}{rights}\n", ledger.key));
            }
        }
        insta::assert_snapshot!(table);
    }
}
