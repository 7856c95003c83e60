//! Gauss–Krüger 高斯-克吕格 plane coordinates of CGCS2000, 3° and 6° zones:
//! x north, y east, as Chinese survey sheets print them.
//!
//! Krüger's series in the third flattening to the sixth order (Karney 2011,
//! doi 10.1007/s00190-011-0445-3): below a millimetre within a zone.

use super::coordinates::LonLat;

/// CGCS2000 ellipsoid.
const A: f64 = 6_378_137.0;
const F: f64 = 1.0 / 298.257_222_101;

/// A plane coordinate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    /// Northing x, m.
    pub north: f64,
    /// Easting y with 500 km added, without the zone's number, m.
    pub east: f64,
}

/// Central meridian of the 3° zone that a longitude lies in, degrees.
#[must_use]
pub fn meridian_3(lon: f64) -> f64 {
    (lon / 3.0).round() * 3.0
}

/// Plane coordinates around a central meridian (degrees).
#[must_use]
pub fn to_plane(p: LonLat, meridian: f64) -> Plane {
    let k = Series::new();
    let (phi, lambda) = (p.lat.to_radians(), (p.lon - meridian).to_radians());
    let e = (F * (2.0 - F)).sqrt();
    let s = phi.sin();
    let t = (s.atanh() - e * (e * s).atanh()).sinh();
    let xi = t.atan2(lambda.cos());
    let eta = (lambda.sin() / t.hypot(lambda.cos())).asinh();
    let (mut x, mut y) = (xi, eta);
    for (j, alpha) in (1_u32..).zip(k.forward) {
        let m = 2.0 * f64::from(j);
        x += alpha * (m * xi).sin() * (m * eta).cosh();
        y += alpha * (m * xi).cos() * (m * eta).sinh();
    }
    Plane { north: k.radius * x, east: 500_000.0 + k.radius * y }
}

/// Longitude and latitude of plane coordinates around a central meridian (degrees).
#[must_use]
pub fn from_plane(p: Plane, meridian: f64) -> LonLat {
    let k = Series::new();
    let (xi, eta) = (p.north / k.radius, (p.east - 500_000.0) / k.radius);
    let (mut x, mut y) = (xi, eta);
    for (j, beta) in (1_u32..).zip(k.backward) {
        let m = 2.0 * f64::from(j);
        x -= beta * (m * xi).sin() * (m * eta).cosh();
        y -= beta * (m * xi).cos() * (m * eta).sinh();
    }
    let t = x.sin() / y.sinh().hypot(x.cos());
    let lambda = y.sinh().atan2(x.cos());
    LonLat { lon: meridian + lambda.to_degrees(), lat: geodetic(t).to_degrees() }
}

/// Latitude whose conformal latitude has tangent `t`, by Newton's method.
fn geodetic(t: f64) -> f64 {
    let e = (F * (2.0 - F)).sqrt();
    let mut tan = t / (1.0 - e * e);
    for _ in 0..8 {
        let root = (1.0 + tan * tan).sqrt();
        let sigma = (e * (e * tan / root).atanh()).sinh();
        let there = tan * (1.0 + sigma * sigma).sqrt() - sigma * root;
        let slope = (1.0 + (1.0 - e * e) * tan * tan) / ((1.0 - e * e) * root);
        tan += (t - there) / (1.0 + there * there).sqrt() * slope;
        if (t - there).abs() < 1e-15 {
            break;
        }
    }
    tan.atan()
}

/// Krüger's coefficients.
struct Series {
    radius: f64,
    forward: [f64; 6],
    backward: [f64; 6],
}

impl Series {
    fn new() -> Self {
        let n = F / (2.0 - F);
        let p = |k: i32| n.powi(k);
        let radius = A / (1.0 + n) * (1.0 + p(2) / 4.0 + p(4) / 64.0 + p(6) / 256.0);
        let forward = [
            n / 2.0 - 2.0 / 3.0 * p(2) + 5.0 / 16.0 * p(3) + 41.0 / 180.0 * p(4) - 127.0 / 288.0 * p(5) + 7891.0 / 37800.0 * p(6),
            13.0 / 48.0 * p(2) - 3.0 / 5.0 * p(3) + 557.0 / 1440.0 * p(4) + 281.0 / 630.0 * p(5) - 1_983_433.0 / 1_935_360.0 * p(6),
            61.0 / 240.0 * p(3) - 103.0 / 140.0 * p(4) + 15061.0 / 26880.0 * p(5) + 167_603.0 / 181_440.0 * p(6),
            49561.0 / 161_280.0 * p(4) - 179.0 / 168.0 * p(5) + 6_601_661.0 / 7_257_600.0 * p(6),
            34729.0 / 80640.0 * p(5) - 3_418_889.0 / 1_995_840.0 * p(6),
            212_378_941.0 / 319_334_400.0 * p(6),
        ];
        let backward = [
            n / 2.0 - 2.0 / 3.0 * p(2) + 37.0 / 96.0 * p(3) - 1.0 / 360.0 * p(4) - 81.0 / 512.0 * p(5) + 96199.0 / 604_800.0 * p(6),
            1.0 / 48.0 * p(2) + 1.0 / 15.0 * p(3) - 437.0 / 1440.0 * p(4) + 46.0 / 105.0 * p(5) - 1_118_711.0 / 3_870_720.0 * p(6),
            17.0 / 480.0 * p(3) - 37.0 / 840.0 * p(4) - 209.0 / 4480.0 * p(5) + 5569.0 / 90720.0 * p(6),
            4397.0 / 161_280.0 * p(4) - 11.0 / 504.0 * p(5) - 830_251.0 / 7_257_600.0 * p(6),
            4583.0 / 161_280.0 * p(5) - 108_847.0 / 3_991_680.0 * p(6),
            20_648_693.0 / 638_668_800.0 * p(6),
        ];
        Self { radius, forward, backward }
    }
}
