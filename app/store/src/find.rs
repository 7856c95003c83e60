//! Finding records by many values of one field at once, for imports.

use crate::database::{Bind, Result, Store};
use crate::{read, sql};
use record::{Ledger, Stored, Value};

impl Store {
    /// All records of a ledger whose `field` has one of the values, in chunks of 500.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn find_in(&self, zone: &str, ledger: &Ledger, field: &str, values: &[Value]) -> Result<Vec<Stored>> {
        let mut found = Vec::new();
        let mut wanted: Vec<&Value> = values.iter().filter(|v| !v.is_null()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        for chunk in wanted.chunks(500) {
            let marks: Vec<String> = (2..=chunk.len() + 1).map(|n| format!("${n}")).collect();
            let statement = format!("{} WHERE zone = $1 AND \"{field}\" IN ({})", sql::select(ledger), marks.join(", "));
            let mut binds: Vec<Bind> = vec![zone.into()];
            binds.extend(chunk.iter().map(|v| match v {
                Value::Int(i) => Bind::Int(Some(*i)),
                Value::Text(t) => Bind::Text(Some(t.clone())),
                Value::Null => Bind::Text(None),
            }));
            for row in self.rows(&statement, &binds).await? {
                found.push(read::record(ledger, &row)?);
            }
        }
        Ok(found)
    }
}
