//! The left menu, from `definitions/offices.toml` and the visitor's rights.

use face::{MenuItem, Office};
use hub::View;
use serde::Deserialize;
use values::texts::Label;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    office: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    key: String,
    label: Label,
    short: Label,
    items: Vec<ItemEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemEntry {
    key: String,
    #[serde(default)]
    label: Label,
    #[serde(default)]
    href: String,
    #[serde(default)]
    ledger: String,
}

/// Offices with the entries that this visitor may open.
#[must_use]
pub fn offices(view: &dyn View) -> Vec<Office> {
    let Ok(file) = toml::from_str::<File>(include_str!("../../../definitions/offices.toml")) else { return Vec::new() };
    let lang = view.lang();
    let mut offices: Vec<Office> = file
        .office
        .into_iter()
        .map(|o| Office {
            key: o.key,
            label: o.label.get(lang).to_owned(),
            short: o.short.get(lang).to_owned(),
            items: o.items.into_iter().filter_map(|i| item(view, i)).collect(),
        })
        .collect();
    offices.retain(|o| !o.items.is_empty());
    offices
}

/// Office whose menu holds a ledger; `economy` if none does.
#[must_use]
pub fn office_of(ledger: &str) -> String {
    let file = toml::from_str::<File>(include_str!("../../../definitions/offices.toml"));
    let found = file.ok().and_then(|f| f.office.into_iter().find(|o| o.items.iter().any(|i| i.ledger == ledger)));
    found.map_or_else(|| "economy".into(), |o| o.key)
}

fn item(view: &dyn View, entry: ItemEntry) -> Option<MenuItem> {
    let lang = view.lang();
    if entry.ledger.is_empty() {
        return Some(MenuItem { key: entry.key, label: entry.label.get(lang).to_owned(), href: entry.href });
    }
    let ledger = view.ledger(&entry.ledger)?;
    Some(MenuItem { key: entry.key, label: ledger.label.clone(), href: format!("/ledgers/{}", entry.ledger) })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_menu_is_readable_and_names_no_ledger_twice() {
        let file: super::File = toml::from_str(include_str!("../../../definitions/offices.toml")).unwrap();
        let mut ledgers: Vec<_> = file.office.iter().flat_map(|o| &o.items).map(|i| &i.ledger).filter(|l| !l.is_empty()).collect();
        let many = ledgers.len();
        ledgers.sort();
        ledgers.dedup();
        assert_eq!(ledgers.len(), many);
    }
}
