//! Where the source is: on the map, in the open, among buildings.

use super::says;
use crate::answer::Answer;
use crate::geo::coordinates::{LonLat, System, convert};
use crate::geo::gauss_kruger::{Plane, from_plane, meridian_3, to_plane};
use crate::geo::polygon;
use crate::input::{Inputs, field};
use crate::units::Dim;
use serde_json::Value;
use values::{Confidence, Severity};

const LON: crate::input::Field = field(&["lon", "longitude", "经度"], Dim::Angle, -180.0, 180.0);
const LAT: crate::input::Field = field(&["lat", "latitude", "纬度"], Dim::Angle, -90.0, 90.0);

/// Reads the source's place and the wind's direction into the answer; a place
/// without a direction is a finding, since contours could not be laid on a map.
pub fn on_map(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    round(inputs, out)?;
    let from = field(&["wind_from", "wind_direction", "direction", "风向"], Dim::Angle, 0.0, 360.0);
    if inputs.has(&from) {
        out.heading = (inputs.get(&from)? + 180.0).rem_euclid(360.0);
        out.on_map = true;
    } else if out.origin.is_some() && inputs.raw("winds").is_none() {
        inputs.say(Severity::Error, "hazard.missing_input", "wind_from", &[("name", "wind_from"), ("unit", "°")]);
        return None;
    }
    Some(())
}

/// Reads the source's place alone: what spreads evenly to all sides needs no wind.
pub fn round(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let system = system(inputs, &["coordinates", "system", "crs"])?;
    if inputs.has(&LON) || inputs.has(&LAT) {
        let p = convert(LonLat { lon: inputs.need(&LON)?, lat: inputs.need(&LAT)? }, system, System::Wgs84);
        out.origin = Some((p.lon, p.lat));
        out.on_map = true;
    }
    Some(())
}

fn system(inputs: &mut Inputs, names: &[&str]) -> Option<System> {
    let Some(word) = inputs.word(names) else { return Some(System::Wgs84) };
    let system = System::parse(&word);
    if system.is_none() {
        inputs.say(Severity::Error, "hazard.unknown_coordinates", names[0], &[("found", &word)]);
    }
    system
}

/// Refuses a source inside a building: the models are for open air.
pub fn in_the_open(inputs: &mut Inputs) -> Option<()> {
    let told = inputs.flag(&["indoors", "indoor", "inside_building", "in_building", "source_inside", "室内"]).unwrap_or(false);
    let place = inputs.word(&["place", "location", "位置"]).unwrap_or_default().to_lowercase();
    if told || ["室内", "indoor", "inside", "building", "厂房内", "建筑内"].iter().any(|w| place.contains(w)) {
        inputs.say(Severity::Error, "hazard.source_indoors", "place", &[("found", &place)]);
        return None;
    }
    for (n, (name, ring)) in rings(inputs, "buildings")?.into_iter().enumerate() {
        if polygon::contains(&ring, (0.0, 0.0)) {
            inputs.say(Severity::Error, "hazard.source_indoors", &format!("buildings/{n}"), &[("found", &name)]);
            return None;
        }
    }
    Some(())
}

/// A ring of points in metres.
pub type Ring = Vec<(f64, f64)>;

/// Reads a list of polygons `[{name, polygon: [[x, y], …]}]` or `[[[x, y], …]]`;
/// one that crosses itself, or is none, is a finding.
pub fn rings(inputs: &mut Inputs, key: &str) -> Option<Vec<(String, Ring)>> {
    let Some(list) = inputs.raw(key) else { return Some(Vec::new()) };
    let mut out = Vec::new();
    for (n, item) in list.as_array().cloned().unwrap_or_default().iter().enumerate() {
        let name = item.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let ring = ring(inputs, item.get("polygon").unwrap_or(item), &format!("{key}/{n}"))?;
        out.push((name, ring));
    }
    Some(out)
}

/// Reads one polygon of [x, y] pairs in metres.
pub fn ring(inputs: &mut Inputs, value: &Value, path: &str) -> Option<Ring> {
    let point = |p: &Value| Some((p.get(0)?.as_f64()?, p.get(1)?.as_f64()?));
    let points: Option<Vec<(f64, f64)>> = value.as_array().and_then(|all| all.iter().map(point).collect());
    let mut ring = points.unwrap_or_default();
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    if ring.len() < 3 || ring.len() > 2000 {
        inputs.say(Severity::Error, "hazard.no_polygon", path, &[("found", &ring.len().to_string())]);
        return None;
    }
    if let Some((a, b)) = polygon::crossing(&ring) {
        let (a, b) = ((a + 1).to_string(), (b + 1).to_string());
        inputs.say(Severity::Error, "hazard.polygon_crosses_itself", path, &[("a", &a), ("b", &b)]);
        return None;
    }
    Some(ring)
}

/// Converts a place between WGS-84, GCJ-02, CGCS2000 and its 3° plane.
pub fn coordinates(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let north = field(&["north", "x"], Dim::Length, 0.0, 1e7);
    let east = field(&["east", "y"], Dim::Length, 0.0, 1e9);
    let meridian = field(&["meridian", "central_meridian", "中央子午线"], Dim::Angle, 60.0, 150.0);
    let from = system(inputs, &["from"])?;
    let (given, from) = if inputs.has(&north) {
        let (north, mut east) = (inputs.need(&north)?, inputs.need(&east)?);
        // A zone number stands before the easting: 39 500 000 is zone 39.
        let zone = (east / 1e6).floor();
        let zone_meridian = if zone >= 24.0 { zone * 3.0 } else { zone * 6.0 - 3.0 };
        let meridian = if zone > 0.0 && !inputs.has(&meridian) { zone_meridian } else { inputs.need(&meridian)? };
        east -= zone * 1e6;
        (from_plane(Plane { north, east }, meridian), System::Cgcs2000)
    } else {
        (LonLat { lon: inputs.need(&LON)?, lat: inputs.need(&LAT)? }, from)
    };
    let to = system(inputs, &["to"])?;
    let there = convert(given, from, to);
    let wgs = convert(given, from, System::Wgs84);
    let gcj = convert(given, from, System::Gcj02);
    let meridian = if inputs.has(&meridian) { inputs.need(&meridian)? } else { meridian_3(wgs.lon) };
    let plane = to_plane(wgs, meridian);
    out.set("lon", there.lon, "deg");
    for (key, value, unit) in [
        ("lat", there.lat, "deg"),
        ("wgs84_lon", wgs.lon, "deg"),
        ("wgs84_lat", wgs.lat, "deg"),
        ("gcj02_lon", gcj.lon, "deg"),
        ("gcj02_lat", gcj.lat, "deg"),
        ("meridian", meridian, "deg"),
        ("cgcs2000_north", plane.north, "m"),
        ("cgcs2000_east", plane.east, "m"),
    ] {
        out.also(key, value, unit);
    }
    says(inputs, out, &["model.coordinates"], &["limit.coordinates"], Confidence::B);
    Some(())
}
