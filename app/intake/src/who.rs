//! Which enterprise a row speaks of: by code, else by name, short name or former name.

use record::{Ledger, Stored, Value};
use std::collections::HashMap;
use store::{Store, StoreError};
use values::{Finding, credit_code};

/// Enterprises that the rows of one workbook may speak of.
#[derive(Debug, Default)]
pub struct Register {
    all: Vec<Known>,
    by_code: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
}

/// One enterprise of the register.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its id.
    pub id: i64,
    /// Credit code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Left the zone on.
    pub left_on: Option<String>,
}

impl Register {
    /// Reads the enterprises that have one of the codes or names.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn read(store: &Store, zone: &str, ledger: &Ledger, codes: &[String], names: &[String]) -> Result<Self, StoreError> {
        let mut register = Self::default();
        let values = |list: &[String]| list.iter().map(|t| Value::Text(t.clone())).collect::<Vec<_>>();
        for stored in store.find_in(zone, ledger, "credit_code", &values(codes)).await? {
            register.add(ledger, &stored);
        }
        for field in ["name", "short_name", "former_name"] {
            for stored in store.find_in(zone, ledger, field, &values(names)).await? {
                register.add(ledger, &stored);
            }
        }
        Ok(register)
    }

    fn add(&mut self, ledger: &Ledger, stored: &Stored) {
        if self.all.iter().any(|k| k.id == stored.id) {
            return;
        }
        let text = |key: &str| ledger.field(key).and_then(|(i, _)| stored.row[i].text()).map(str::to_owned);
        let known = Known {
            id: stored.id,
            code: text("credit_code").unwrap_or_default(),
            name: text("name").unwrap_or_default(),
            left_on: text("left_on"),
        };
        let at = self.all.len();
        self.by_code.insert(known.code.clone(), at);
        for name in [Some(known.name.clone()), text("short_name"), text("former_name")].into_iter().flatten() {
            let same = self.by_name.entry(name).or_default();
            if !same.contains(&at) {
                same.push(at);
            }
        }
        self.all.push(known);
    }

    /// The enterprise of a row, or why not. The code decides; a name that differs from it is an error.
    ///
    /// # Errors
    /// A finding without place.
    pub fn find(&self, code: Option<&str>, name: Option<&str>) -> Result<&Known, Box<Finding>> {
        let wrong = |rule: &str, found: &str| Box::new(Finding::error(rule).field("企业").found(found));
        if let Some(code) = code {
            let clean = credit_code::normalise(code);
            let Some(known) = self.by_code.get(&clean).map(|i| &self.all[*i]) else {
                return Err(wrong("import.enterprise_unknown", code));
            };
            let fits = name.is_none_or(|n| self.by_name.get(n).is_some_and(|same| same.iter().any(|i| self.all[*i].id == known.id)));
            if !fits {
                let mut finding = wrong("import.enterprise_code_differs", name.unwrap_or_default());
                finding.expected.clone_from(&known.name);
                return Err(finding);
            }
            return Ok(known);
        }
        let name = name.unwrap_or_default();
        match self.by_name.get(name).map(Vec::as_slice) {
            Some([one]) => Ok(&self.all[*one]),
            Some(_) => Err(wrong("import.enterprise_ambiguous", name)),
            None => Err(wrong("import.enterprise_unknown", name)),
        }
    }
}
