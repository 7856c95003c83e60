//! The shape of every answer: `{quantity, value, unit, points, distances,
//! model, limits, confidence}` and more beside it, decimals as text.

use crate::field::contour::Contour;
use serde_json::{Value, json};
use values::{Confidence, Findings};

/// One number of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// Stable key: `sigma_y`.
    pub key: String,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
}

/// A value at a place in local metres: x downwind (or east), y across, z up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// m
    pub x: f64,
    /// m
    pub y: f64,
    /// m
    pub z: f64,
    /// In `unit` of the answer's points.
    pub value: f64,
}

/// How far a mark reaches.
#[derive(Debug, Clone, PartialEq)]
pub struct Distance {
    /// What the level means: `AEGL-3 60 min`.
    pub mark: String,
    /// The level.
    pub level: f64,
    /// Its unit.
    pub unit: &'static str,
    /// Farthest place of that level, m; none where it is nowhere reached.
    pub distance: Option<f64>,
    /// Nearest place of that level, m, for a source above ground.
    pub from: Option<f64>,
    /// Widest half-width across the wind, m.
    pub half_width: Option<f64>,
    /// A remark: beyond the model's range.
    pub note: String,
    /// How sure the level is.
    pub confidence: Confidence,
}

/// The answer to one question.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// What `value` is: `concentration`.
    pub quantity: String,
    /// The number asked for; none where only distances or contours were.
    pub value: Option<f64>,
    /// Its unit.
    pub unit: &'static str,
    /// Every number that was computed on the way.
    pub values: Vec<Named>,
    /// Values at places, or by distance.
    pub points: Vec<Point>,
    /// Unit of the points' values.
    pub point_unit: &'static str,
    /// A table over time or distance: head with units, rows.
    pub table: Option<Table>,
    /// How far each mark reaches.
    pub distances: Vec<Distance>,
    /// Lines of equal value.
    pub contours: Vec<Contour>,
    /// Source in WGS-84 (longitude, latitude) where it is known.
    pub origin: Option<(f64, f64)>,
    /// Direction that the local x axis points to, degrees clockwise from north.
    pub heading: f64,
    /// True if x is east and y north once turned by `heading`.
    pub on_map: bool,
    /// True if one wind blows along `heading`, worth an arrow.
    pub wind_arrow: bool,
    /// Which model, with its source.
    pub model: Vec<String>,
    /// Where it holds and where not.
    pub limits: Vec<String>,
    /// Lowest confidence of what went in.
    pub confidence: Confidence,
    /// What was read.
    pub inputs: Value,
    /// Findings; with an error among them there is no value.
    pub findings: Findings,
}

/// A small table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Column keys.
    pub head: Vec<&'static str>,
    /// Column units.
    pub units: Vec<&'static str>,
    /// Rows.
    pub rows: Vec<Vec<f64>>,
}

impl Answer {
    /// Sets the number asked for and keeps it among the values too.
    pub fn set(&mut self, quantity: &str, value: f64, unit: &'static str) {
        self.quantity = quantity.to_owned();
        self.value = Some(value);
        self.unit = unit;
        self.also(quantity, value, unit);
    }
    /// Adds a number that was computed on the way.
    pub fn also(&mut self, key: &str, value: f64, unit: &'static str) {
        if !self.values.iter().any(|v| v.key == key) {
            self.values.push(Named { key: key.to_owned(), value, unit });
        }
    }
    /// Makes another of the values the one asked for; false if there is none of that key.
    pub fn select(&mut self, key: &str) -> bool {
        let Some(named) = self.values.iter().find(|v| v.key == key).cloned() else { return false };
        (self.quantity, self.value, self.unit) = (named.key, Some(named.value), named.unit);
        true
    }
    /// Lowers the confidence.
    pub fn rests_on(&mut self, confidence: Confidence) {
        self.confidence = self.confidence.lower(confidence);
    }

    /// The answer as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let failed = self.findings.has_error();
        let value = self.value.filter(|v| !failed && v.is_finite());
        json!({
            "quantity": self.quantity,
            "value": value.map(text),
            "unit": self.unit,
            "values": if failed { json!([]) } else { self.values.iter().map(|v| json!({"key": v.key, "value": text(v.value), "unit": v.unit})).collect() },
            "points": if failed { json!([]) } else { self.points.iter().map(|p| self.point(p)).collect() },
            "table": self.table.as_ref().filter(|_| !failed).map(table),
            "distances": if failed { json!([]) } else { self.distances.iter().map(distance).collect() },
            "contours": if failed || self.contours.is_empty() { Value::Null } else { crate::geo::geojson::collections(self) },
            "model": self.model,
            "limits": self.limits,
            "confidence": self.confidence.key(),
            "provisional": self.confidence == Confidence::C,
            "inputs": self.inputs,
            "findings": self.findings,
        })
    }

    fn point(&self, p: &Point) -> Value {
        json!({"x": text(p.x), "y": text(p.y), "z": text(p.z), "value": text(p.value), "unit": self.point_unit})
    }
}

fn table(t: &Table) -> Value {
    let rows: Vec<Vec<String>> = t.rows.iter().map(|r| r.iter().copied().map(text).collect()).collect();
    json!({"head": t.head, "units": t.units, "rows": rows})
}

fn distance(d: &Distance) -> Value {
    json!({
        "mark": d.mark, "level": text(d.level), "unit": d.unit, "distance": d.distance.map(text), "distance_unit": "m",
        "from": d.from.map(text), "half_width": d.half_width.map(text), "note": d.note, "confidence": d.confidence.key(),
    })
}

/// A number as text with twelve significant digits, plain where it stays short.
#[must_use]
pub fn text(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return "0".into();
    }
    let rounded: f64 = format!("{x:.11e}").parse().unwrap_or(x);
    if (1e-5..1e15).contains(&rounded.abs()) { format!("{rounded}") } else { format!("{rounded:e}") }
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_keep_twelve_digits() {
        for (x, t) in [(0.1 + 0.2, "0.3"), (1.03572e-7, "1.03572e-7"), (-2.0, "-2"), (2.08149e6, "2081490"), (f64::NAN, "0")] {
            assert_eq!(super::text(x), t);
        }
    }
}
