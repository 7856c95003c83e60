use super::coordinates::{LonLat, System, convert, gcj02_from_wgs84, wgs84_from_gcj02};
use super::gauss_kruger::{Plane, from_plane, meridian_3, to_plane};
use super::*;
use proptest::prelude::*;

/// Metres between two places, near enough for differences of metres.
fn apart(a: LonLat, b: LonLat) -> f64 {
    let k = 111_320.0;
    ((a.lon - b.lon) * k * a.lat.to_radians().cos()).hypot((a.lat - b.lat) * k)
}

/// Table made by `scripts/oracles/hazard_coordinates.py` with other people's code.
#[test]
fn agrees_with_other_peoples_code() {
    let mut rows = 0;
    for row in csv::Reader::from_reader(include_str!("../../tests/coordinates.csv").as_bytes()).records() {
        let v: Vec<f64> = row.unwrap().iter().map(|c| c.parse().unwrap()).collect();
        let here = LonLat { lon: v[0], lat: v[1] };
        let there = LonLat { lon: v[2], lat: v[3] };
        assert!(apart(gcj02_from_wgs84(here), there) < 0.001);
        assert!(apart(wgs84_from_gcj02(there), here) < 0.001);
        let plane = to_plane(here, meridian_3(here.lon));
        assert!((plane.north - v[5]).abs() < 0.001 && (plane.east - v[6]).abs() < 0.001, "{plane:?} {v:?}");
        rows += 1;
    }
    assert_eq!(rows, 40);
}

#[test]
fn polygons_that_cross_themselves_are_told() {
    let square = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)];
    let bow = [(0.0, 0.0), (10.0, 10.0), (10.0, 0.0), (0.0, 10.0)];
    assert_eq!((polygon::crossing(&square), polygon::area(&square)), (None, 100.0));
    assert_eq!(polygon::crossing(&bow), Some((0, 2)));
    assert_eq!(polygon::crossing(&[(0.0, 0.0), (10.0, 0.0), (5.0, 0.0), (5.0, 5.0)]), Some((0, 1)));
    assert!(polygon::contains(&square, (5.0, 5.0)) && !polygon::contains(&square, (15.0, 5.0)));
}

#[test]
fn outside_china_nothing_is_shifted() {
    let paris = LonLat { lon: 2.35, lat: 48.86 };
    assert_eq!(convert(paris, System::Wgs84, System::Gcj02), paris);
    assert_eq!(System::parse("GCJ-02"), Some(System::Gcj02));
}

proptest! {
    #[test]
    fn there_and_back(lon in 74.0_f64..135.0, lat in 3.5_f64..53.5, east in -10_000.0_f64..10_000.0, north in -10_000.0_f64..10_000.0) {
        let p = LonLat { lon, lat };
        prop_assert!(apart(gcj02_from_wgs84(wgs84_from_gcj02(p)), p) < 1e-4);
        prop_assert!(apart(gcj02_from_wgs84(p), p) < 1500.0);
        let back = from_plane(to_plane(p, meridian_3(lon)), meridian_3(lon));
        prop_assert!(apart(back, p) < 1e-5);
        // Local metres agree with the survey plane around its own meridian, scale taken out.
        let q = local::to_wgs84(p, east, north);
        let (a, b) = (to_plane(p, lon), to_plane(q, lon));
        prop_assert!(((b.east - a.east) - east).hypot((b.north - a.north) - north) < 0.1);
        let _ = Plane { north, east };
    }

    #[test]
    fn wind_frame_turns_right(x in -1e4_f64..1e4, y in -1e4_f64..1e4, heading in 0.0_f64..360.0) {
        let (e, n) = local::east_north((x, y), heading);
        prop_assert!((e.hypot(n) - x.hypot(y)).abs() < 1e-6);
        // Facing downwind, y is to the left: heading north (0°), left is west.
        let (e, n) = local::east_north((0.0, 1.0), 0.0);
        prop_assert!((e + 1.0).abs() < 1e-12 && n.abs() < 1e-12);
    }
}
