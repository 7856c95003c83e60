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
