//! Local metres around a source and WGS-84, by way of the ellipsoid's own axes.

use super::coordinates::LonLat;

const A: f64 = 6_378_137.0;
const E2: f64 = 0.006_694_379_990_141_317;

/// Local metres (east, north) of a wind frame's (x downwind, y to its left),
/// `heading` degrees clockwise from north that x points to.
#[must_use]
pub fn east_north((x, y): (f64, f64), heading: f64) -> (f64, f64) {
    let (sin, cos) = heading.to_radians().sin_cos();
    (x * sin - y * cos, x * cos + y * sin)
}

/// WGS-84 of a place `east`, `north` metres from `origin` on the tangent plane.
#[must_use]
pub fn to_wgs84(origin: LonLat, east: f64, north: f64) -> LonLat {
    let (sp, cp) = origin.lat.to_radians().sin_cos();
    let (sl, cl) = origin.lon.to_radians().sin_cos();
    let n = A / (1.0 - E2 * sp * sp).sqrt();
    let x = n * cp * cl - sl * east - sp * cl * north;
    let y = n * cp * sl + cl * east - sp * sl * north;
    let z = n * (1.0 - E2) * sp + cp * north;
    // Bowring's latitude: exact to nanometres this close to the ellipsoid.
    let b = A * (1.0 - E2).sqrt();
    let p = x.hypot(y);
    let (st, ct) = (z * A).atan2(p * b).sin_cos();
    let second = E2 / (1.0 - E2);
    let lat = (z + second * b * st.powi(3)).atan2(p - E2 * A * ct.powi(3));
    LonLat { lon: y.atan2(x).to_degrees(), lat: lat.to_degrees() }
}
