//! GCJ-02, WGS-84, CGCS2000.
//!
//! GCJ-02 火星坐标 shifts WGS-84 by up to 700 m inside China; web maps of
//! China use it. CGCS2000 and WGS-84 have the same origin and all but the
//! same ellipsoid; they differ by the drift of the plate since 2000-01-01,
//! about 3 cm a year in East China, so below 1 m and not corrected here.

use std::f64::consts::PI;

/// Longitude and latitude in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LonLat {
    /// Longitude, degrees east.
    pub lon: f64,
    /// Latitude, degrees north.
    pub lat: f64,
}

/// A coordinate system of Chinese maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// WGS-84.
    Wgs84,
    /// CGCS2000 国家大地坐标系.
    Cgcs2000,
    /// GCJ-02, of web maps.
    Gcj02,
}

impl System {
    /// Reads `WGS-84`, `wgs84`, `GCJ-02`, `火星坐标`, `CGCS2000` ….
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let word: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        match word.as_str() {
            "wgs84" | "epsg4326" => Some(Self::Wgs84),
            "cgcs2000" | "epsg4490" | "国家2000" | "2000国家大地坐标系" => Some(Self::Cgcs2000),
            "gcj02" | "gcj" | "火星坐标" | "国测局坐标" => Some(Self::Gcj02),
            _ => None,
        }
    }
}

/// Semi-major axis and e² of the ellipsoid (Krasovsky) that the shift is computed on.
const A: f64 = 6_378_245.0;
const E2: f64 = 0.006_693_421_622_965_943;

/// True inside the rectangle in which the shift is applied.
#[must_use]
pub fn is_shifted(p: LonLat) -> bool {
    (72.004..=137.8347).contains(&p.lon) && (0.8293..=55.8271).contains(&p.lat)
}

/// GCJ-02 of a WGS-84 place; unchanged outside China.
#[must_use]
pub fn gcj02_from_wgs84(p: LonLat) -> LonLat {
    if !is_shifted(p) {
        return p;
    }
    let (x, y) = (p.lon - 105.0, p.lat - 35.0);
    let (d_lon, d_lat) = (shift_lon(x, y), shift_lat(x, y));
    let rad = p.lat.to_radians();
    let magic = 1.0 - E2 * rad.sin() * rad.sin();
    let root = magic.sqrt();
    LonLat { lon: p.lon + d_lon * 180.0 / (A / root * rad.cos() * PI), lat: p.lat + d_lat * 180.0 / (A * (1.0 - E2) / (magic * root) * PI) }
}

/// WGS-84 of a GCJ-02 place, iterated to well below a millimetre.
#[must_use]
pub fn wgs84_from_gcj02(p: LonLat) -> LonLat {
    let mut guess = p;
    for _ in 0..12 {
        let there = gcj02_from_wgs84(guess);
        guess = LonLat { lon: guess.lon + p.lon - there.lon, lat: guess.lat + p.lat - there.lat };
    }
    guess
}

/// Converts a place between systems.
#[must_use]
pub fn convert(p: LonLat, from: System, to: System) -> LonLat {
    match (from == System::Gcj02, to == System::Gcj02) {
        (false, true) => gcj02_from_wgs84(p),
        (true, false) => wgs84_from_gcj02(p),
        _ => p,
    }
}

/// The terms that both shifts share.
fn ripple(x: f64) -> f64 {
    (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0
}

fn shift_lat(x: f64, y: f64) -> f64 {
    let smooth = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * x.abs().sqrt();
    let waves = (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0;
    let long = (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
    smooth + ripple(x) + waves + long
}

fn shift_lon(x: f64, y: f64) -> f64 {
    let smooth = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * x.abs().sqrt();
    let waves = (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0;
    let long = (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;
    smooth + ripple(x) + waves + long
}
