//! Contours as GeoJSON (RFC 7946): in local metres and, where the source's
//! place is known, in WGS-84. Outer rings counter-clockwise, holes clockwise.

use super::coordinates::LonLat;
use super::{local, polygon};
use crate::answer::Answer;
use serde_json::{Value, json};

/// `{local, wgs84}`: two feature collections; `wgs84` is null without a place.
///
/// `local` is in metres east and north of the source where the wind's
/// direction is known, else x downwind and y to the left of it.
#[must_use]
pub fn collections(answer: &Answer) -> Value {
    let turned = |p: (f64, f64)| local::east_north(p, answer.heading);
    let on_map = |origin: LonLat| {
        collection(answer, |p| {
            let (east, north) = turned(p);
            let place = local::to_wgs84(origin, east, north);
            [rounded(place.lon, 1e7), rounded(place.lat, 1e7)]
        })
    };
    let metres = collection(answer, |p| {
        let (east, north) = turned(p);
        [rounded(east, 100.0), rounded(north, 100.0)]
    });
    json!({"local": metres, "wgs84": answer.origin.map(|(lon, lat)| on_map(LonLat { lon, lat }))})
}

/// Steps of 1 cm in metres, and of 1e-7° on the map.
fn rounded(x: f64, steps: f64) -> f64 {
    let r = (x * steps).round() / steps;
    if r == 0.0 { 0.0 } else { r }
}

fn collection(answer: &Answer, place: impl Fn((f64, f64)) -> [f64; 2]) -> Value {
    let features: Vec<Value> = answer
        .contours
        .iter()
        .map(|c| {
            let polygons: Vec<Vec<Vec<[f64; 2]>>> =
                nested(&c.rings).iter().map(|rings| rings.iter().map(|r| closed(r, &place)).collect()).collect();
            let geometry = match &polygons[..] {
                [one] => json!({"type": "Polygon", "coordinates": one}),
                many => json!({"type": "MultiPolygon", "coordinates": many}),
            };
            json!({"type": "Feature", "properties": {"mark": c.mark, "level": c.level, "unit": c.unit}, "geometry": geometry})
        })
        .collect();
    json!({"type": "FeatureCollection", "features": features})
}

fn closed(ring: &[(f64, f64)], place: &impl Fn((f64, f64)) -> [f64; 2]) -> Vec<[f64; 2]> {
    let mut out: Vec<[f64; 2]> = ring.iter().map(|p| place(*p)).collect();
    if let Some(first) = out.first().copied() {
        out.push(first);
    }
    out
}

/// Groups each outer ring with the holes that lie in it.
#[must_use]
pub fn nested(rings: &[Vec<(f64, f64)>]) -> Vec<Vec<&Vec<(f64, f64)>>> {
    let (outer, holes): (Vec<_>, Vec<_>) = rings.iter().partition(|r| polygon::area(r) >= 0.0);
    let mut out: Vec<Vec<&Vec<(f64, f64)>>> = outer.into_iter().map(|r| vec![r]).collect();
    for hole in holes {
        let around = out.iter_mut().filter(|group| hole.first().is_some_and(|p| polygon::contains(group[0], *p)));
        // Of several rings around it the smallest is its own.
        if let Some(group) = around.min_by(|a, b| polygon::area(a[0]).total_cmp(&polygon::area(b[0]))) {
            group.push(hole);
        }
    }
    out
}
