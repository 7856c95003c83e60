//! Rows as canonical JSON: keys in the ledger's order, blanks left out.
//!
//! Used by the change log and by the column `more`. Numbers stay whole numbers
//! at the field's scale, so that nothing is rounded on the way.

use crate::ledger::Ledger;
use crate::schema::Value;
use serde_json::{Map, Value as Json};

/// One stored value as JSON.
#[must_use]
pub fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(i) => Json::from(*i),
        Value::Text(t) => Json::from(t.as_str()),
    }
}

/// Reads [`to_json`] back; numbers that are no whole numbers and other shapes are `Null`.
#[must_use]
pub fn from_json(json: &Json) -> Value {
    match json {
        Json::Number(n) => n.as_i64().map_or(Value::Null, Value::Int),
        Json::String(s) => Value::Text(s.clone()),
        Json::Bool(b) => Value::Int(i64::from(*b)),
        _ => Value::Null,
    }
}

/// The row as one JSON object, blanks left out.
#[must_use]
pub fn row_to_json(ledger: &Ledger, row: &[Value]) -> Json {
    let mut map = Map::new();
    for (field, value) in ledger.fields.iter().zip(row) {
        if !value.is_null() {
            map.insert(field.key.clone(), to_json(value));
        }
    }
    Json::Object(map)
}

/// Reads [`row_to_json`] back; unknown keys are ignored, missing ones are blank.
#[must_use]
pub fn row_from_json(ledger: &Ledger, json: &Json) -> Vec<Value> {
    ledger.fields.iter().map(|f| json.get(&f.key).map_or(Value::Null, from_json)).collect()
}
