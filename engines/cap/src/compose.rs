//! An alert from a short JSON draft.
//!
//! The draft has the names of the standard, and a few that save work: `colour`
//! (红橙黄蓝) sets severity and the colour parameter, `update` or `cancel`
//! names the earlier messages, `geometry` is GeoJSON (longitude first, any
//! Chinese coordinate system), single words may stand for lists and plain
//! objects for pairs. What is written is read back and checked.

use crate::alert::{Alert, COLOUR_PARAMETER, Colour};
use crate::chain::Reference;
use crate::{read, words, write};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use values::{Findings, Lang, Severity};

/// Converts longitude and latitude of a named coordinate system to WGS-84; none for an unknown one.
pub type ToWgs84<'a> = &'a dyn Fn(&str, f64, f64) -> Option<(f64, f64)>;

/// What came of a draft.
#[derive(Debug, Clone, Default)]
pub struct Composed {
    /// The alert, as far as it could be read.
    pub alert: Alert,
    /// The document; empty if there is an error among the findings.
    pub xml: String,
    /// What is wrong.
    pub findings: Findings,
}

/// Makes an alert; `now` fills in a missing `sent` (`2026-01-20T09:00:00+08:00`).
#[must_use]
pub fn compose(file: &str, draft: &[u8], now: &str, to_wgs84: ToWgs84, lang: Lang) -> Composed {
    let mut maker = Maker { file, lang, to_wgs84, found: Findings::default() };
    let alert = maker.alert(draft, now).unwrap_or_default();
    let mut out = Composed { alert, xml: String::new(), findings: maker.found };
    if out.findings.has_error() {
        return out;
    }
    let xml = write::write(&out.alert);
    // Lines of the document that was made say nothing about the draft.
    let back = read::read(file, xml.as_bytes(), lang);
    out.findings.0.extend(back.findings.0.into_iter().map(|f| f.at(file)));
    if !out.findings.has_error() {
        out.xml = xml;
    }
    out
}

struct Maker<'a> {
    file: &'a str,
    lang: Lang,
    to_wgs84: ToWgs84<'a>,
    found: Findings,
}

impl Maker<'_> {
    fn error(&mut self, rule: &str, field: &str, found: &str) {
        let finding = words::finding(self.lang, Severity::Error, rule, &[("found", found), ("name", field)]);
        self.found.push(finding.at(self.file).field(field));
    }

    fn alert(&mut self, draft: &[u8], now: &str) -> Option<Alert> {
        let draft: Value = match serde_json::from_slice(draft) {
            Ok(value) => value,
            Err(e) => {
                let finding = words::finding(self.lang, Severity::Error, "cap.draft_not_json", &[("found", &e.to_string())]);
                self.found.push(finding.at(format!("{}:{}", self.file, e.line())));
                return None;
            }
        };
        let Value::Object(mut top) = draft else {
            self.error("cap.draft_not_json", "", "");
            return None;
        };
        self.kind(&mut top)?;
        if top.get("sent").is_none_or(Value::is_null) {
            top.insert("sent".into(), json!(now));
        }
        for (key, default) in [("msgType", "Alert"), ("scope", "Public")] {
            top.entry(key).or_insert_with(|| json!(default));
        }
        listed(&mut top, &["code"]);
        let colour = self.colour(&mut top)?;
        let infos = match top.remove("info") {
            Some(Value::Array(all)) => all,
            Some(Value::Object(one)) => vec![Value::Object(one)],
            _ => Vec::new(),
        };
        let mut made = Vec::new();
        for info in infos {
            let Value::Object(info) = info else {
                self.error("cap.draft_field", "info", &info.to_string());
                return None;
            };
            made.push(self.info(info, colour)?);
        }
        top.insert("info".into(), Value::Array(made));
        texts(&mut top, &["info", "code"]);
        tidy_time(&mut top, &["sent"]);
        let mut alert: Alert = match serde_json::from_value(Value::Object(top)) {
            Ok(alert) => alert,
            Err(e) => {
                self.error("cap.draft_field", "", &e.to_string());
                return None;
            }
        };
        if alert.identifier.is_empty() {
            alert.identifier = identifier(&alert);
        }
        Some(alert)
    }

    /// `update` and `cancel` name earlier messages and set the kind.
    fn kind(&mut self, top: &mut Map<String, Value>) -> Option<()> {
        for (key, kind) in [("update", "Update"), ("cancel", "Cancel")] {
            let Some(value) = top.remove(key) else { continue };
            let list = match value {
                Value::Array(all) => all,
                one => vec![one],
            };
            let mut references = Vec::new();
            for item in list {
                let text = |k: &str| item.get(k).and_then(Value::as_str).unwrap_or_default().to_owned();
                match &item {
                    Value::String(s) => references.push(s.clone()),
                    Value::Object(_) => {
                        references.push(Reference { sender: text("sender"), identifier: text("identifier"), sent: text("sent") }.text())
                    }
                    other => {
                        self.error("cap.draft_field", key, &other.to_string());
                        return None;
                    }
                }
            }
            top.insert("msgType".into(), json!(kind));
            top.insert("references".into(), json!(references.join(" ")));
        }
        Some(())
    }

    #[allow(clippy::option_option, reason = "the outer None has left a finding, the inner says that no colour is given")]
    fn colour(&mut self, map: &mut Map<String, Value>) -> Option<Option<Colour>> {
        let Some(value) = ["colour", "color", COLOUR_PARAMETER].iter().find_map(|k| map.remove(*k)) else { return Some(None) };
        let word = value.as_str().unwrap_or_default();
        match Colour::parse(word) {
            Some(colour) => Some(Some(colour)),
            None => {
                self.error("cap.unknown_colour", "colour", word);
                None
            }
        }
    }

    fn info(&mut self, mut info: Map<String, Value>, outer: Option<Colour>) -> Option<Value> {
        let colour = self.colour(&mut info)?.or(outer);
        paired(&mut info, &["eventCode", "parameter"]);
        if let Some(colour) = colour {
            if info.get("severity").is_none_or(Value::is_null) {
                info.insert("severity".into(), json!(colour.severity()));
            }
            let parameters = info.entry("parameter").or_insert_with(|| json!([]));
            if let Some(list) = parameters.as_array_mut() {
                list.push(json!({"valueName": COLOUR_PARAMETER, "value": colour.english()}));
            }
        }
        info.entry("language").or_insert_with(|| json!("zh-CN"));
        listed(&mut info, &["category", "responseType"]);
        if let Some(Value::Object(one)) = info.get("area").cloned() {
            info.insert("area".into(), json!([one]));
        }
        let mut areas = Vec::new();
        for area in info.remove("area").and_then(|a| a.as_array().cloned()).unwrap_or_default() {
            let Value::Object(area) = area else {
                self.error("cap.draft_field", "area", &area.to_string());
                return None;
            };
            areas.push(self.area(area)?);
        }
        info.insert("area".into(), Value::Array(areas));
        for resource in info.get_mut("resource").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Value::Object(resource) = resource {
                texts(resource, &[]);
            }
        }
        texts(&mut info, &["category", "responseType", "eventCode", "parameter", "resource", "area"]);
        tidy_time(&mut info, &["effective", "onset", "expires"]);
        Some(Value::Object(info))
    }

    fn area(&mut self, mut area: Map<String, Value>) -> Option<Value> {
        let system = area.remove("coordinates").or_else(|| area.remove("system"));
        let system = system.as_ref().and_then(Value::as_str).unwrap_or("WGS-84").to_owned();
        listed(&mut area, &["polygon", "circle"]);
        paired(&mut area, &["geocode"]);
        if let Some(geometry) = area.remove("geometry") {
            let Some(rings) = rings(&geometry) else {
                self.error("cap.bad_geometry", "geometry", &geometry.to_string());
                return None;
            };
            let mut polygons = area.get("polygon").and_then(Value::as_array).cloned().unwrap_or_default();
            for ring in rings {
                let mut pieces = Vec::new();
                for (lon, lat) in ring {
                    let Some((lon, lat)) = (self.to_wgs84)(&system, lon, lat) else {
                        self.error("cap.unknown_coordinates", "coordinates", &system);
                        return None;
                    };
                    pieces.push(format!("{lat:.6},{lon:.6}"));
                }
                if pieces.first() != pieces.last() {
                    pieces.extend(pieces.first().cloned());
                }
                polygons.push(json!(pieces.join(" ")));
            }
            area.insert("polygon".into(), Value::Array(polygons));
        } else if !system.eq_ignore_ascii_case("WGS-84") {
            // A polygon written out is taken as it stands, and must be WGS-84.
            self.error("cap.polygon_not_wgs84", "coordinates", &system);
            return None;
        }
        texts(&mut area, &["polygon", "circle", "geocode"]);
        Some(Value::Object(area))
    }
}

/// Outer rings of a GeoJSON Polygon, MultiPolygon, Feature or collection, as (longitude, latitude).
fn rings(geometry: &Value) -> Option<Vec<Vec<(f64, f64)>>> {
    let ring = |r: &Value| r.as_array()?.iter().map(|p| Some((p.get(0)?.as_f64()?, p.get(1)?.as_f64()?))).collect::<Option<Vec<_>>>();
    let found: Vec<Vec<(f64, f64)>> = match geometry.get("type")?.as_str()? {
        "Polygon" => vec![ring(geometry.get("coordinates")?.get(0)?)?],
        "MultiPolygon" => geometry.get("coordinates")?.as_array()?.iter().map(|p| ring(p.get(0)?)).collect::<Option<_>>()?,
        "Feature" => rings(geometry.get("geometry")?)?,
        "FeatureCollection" => {
            let all: Option<Vec<_>> = geometry.get("features")?.as_array()?.iter().map(rings).collect();
            all?.into_iter().flatten().collect()
        }
        _ => return None,
    };
    (!found.is_empty()).then_some(found)
}

/// A single word becomes a list of one.
fn listed(map: &mut Map<String, Value>, keys: &[&str]) {
    for key in keys {
        if let Some(word) = map.get(*key).filter(|v| v.is_string() || v.is_number()).cloned() {
            map.insert((*key).to_owned(), json!([plain(&word)]));
        }
    }
}

/// `{"名称": "值"}` becomes pairs; pairs stay.
fn paired(map: &mut Map<String, Value>, keys: &[&str]) {
    for key in keys {
        let Some(value) = map.get(*key).cloned() else { continue };
        let pairs: Vec<Value> = match value {
            Value::Object(o) if o.contains_key("valueName") => vec![Value::Object(o)],
            Value::Object(o) => o.iter().map(|(k, v)| json!({"valueName": k, "value": plain(v)})).collect(),
            Value::Array(all) => all,
            _ => continue,
        };
        map.insert((*key).to_owned(), Value::Array(pairs));
    }
}

/// Numbers become text, nulls go away, except in `lists`.
fn texts(map: &mut Map<String, Value>, lists: &[&str]) {
    map.retain(|_, v| !v.is_null());
    for (key, value) in map.iter_mut() {
        if !lists.contains(&key.as_str()) && (value.is_number() || value.is_boolean()) {
            *value = json!(plain(value));
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// `Z` becomes `+00:00` and fractions of a second go away: CAP knows neither.
fn tidy_time(map: &mut Map<String, Value>, keys: &[&str]) {
    for key in keys {
        let Some(text) = map.get(*key).and_then(Value::as_str) else { continue };
        let mut text = text.trim().to_owned();
        if let Some(dot) = text.find('.') {
            let end = text[dot + 1..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |n| dot + 1 + n);
            text.replace_range(dot..end, "");
        }
        if let Some(bare) = text.strip_suffix('Z') {
            text = format!("{bare}+00:00");
        }
        map.insert((*key).to_owned(), json!(text));
    }
}

/// An identifier without space, comma, `<` or `&`: sender, time of sending and
/// the first digits of the content's SHA-256, so that the same draft at the
/// same time has the same one.
#[must_use]
pub fn identifier(alert: &Alert) -> String {
    let word: String = alert.sender.chars().filter(|c| c.is_ascii_alphanumeric() || ".-_@".contains(*c)).collect();
    let time: String = alert.sent.chars().filter(char::is_ascii_digit).take(14).collect();
    let digest = Sha256::digest(write::write(alert).as_bytes());
    let digits: String = digest.iter().take(5).map(|b| format!("{b:02x}")).collect();
    format!("{word}-{time}-{digits}")
}
