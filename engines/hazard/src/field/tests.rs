use super::grid::Grid;
use super::trajectory::{Release, SourceStep, WindStep};
use super::{contour, plume as plume_field, puffs, winds};
use crate::air::plume::Plume;
use crate::air::sigma::{Curves, Terrain};
use crate::air::stability::{Class, Stability};
use crate::geo::polygon;
use proptest::prelude::*;

fn plume(class: Class, height: f64) -> Plume {
    Plume { q: 1.0, u: 2.0, height, terrain: Terrain::Rural, stability: Stability::one(class) }
}

#[test]
fn grid_plume_is_the_plain_plume() {
    for class in Class::ALL {
        for height in [0.0, 30.0] {
            let p = Plume { stability: Stability { first: class, second: Some(Class::D).filter(|d| *d != class) }, ..plume(class, height) };
            let mut grid = Grid::over((-100.0, 4900.0), (-900.0, 1100.0), 101, 101);
            plume_field::fill(&mut grid, &p, 1.5);
            for j in 0..grid.ny {
                for i in 0..grid.nx {
                    let want = p.at(grid.x(i), grid.y(j), 1.5);
                    let got = f64::from(grid.at(i, j));
                    assert!((got - want).abs() <= 1e-6 * want + 1e-25, "{class:?} {i} {j} {got} {want}");
                }
            }
        }
    }
}

/// Contours from the grid lie within 0.5 % of those from plain f64.
#[test]
fn grid_contours_are_within_half_a_percent() {
    for (class, level) in [(Class::D, 1e-5), (Class::F, 1e-4), (Class::B, 2e-6)] {
        let p = plume(class, 0.0);
        let exact = contour::of_plume(&p, 0.0, level).unwrap();
        let farthest = exact.iter().map(|q| q.0).fold(0.0, f64::max);
        let widest = exact.iter().map(|q| q.1).fold(0.0, f64::max);
        let mut grid = Grid::over((0.0, farthest * 1.1), (-widest * 1.3, widest * 1.3), 500, 500);
        plume_field::fill(&mut grid, &p, 0.0);
        let rings = contour::of_field(&grid, level);
        let ring = rings.iter().max_by(|a, b| polygon::area(a).total_cmp(&polygon::area(b))).unwrap();
        let far = ring.iter().map(|q| q.0).fold(0.0, f64::max);
        let wide = ring.iter().map(|q| q.1).fold(0.0, f64::max);
        assert!((far / farthest - 1.0).abs() < 0.005 && (wide / widest - 1.0).abs() < 0.005, "{far} {farthest} {wide} {widest}");
        assert!((polygon::area(ring) / polygon::area(&exact) - 1.0).abs() < 0.005);
        // Every point of the exact ring is on the level.
        for q in exact.iter().filter(|q| q.0 > 1.0 && q.1.abs() > 0.0) {
            assert!((p.at(q.0, q.1, 0.0) / level - 1.0).abs() < 1e-6);
        }
    }
}

fn release(q: f64, end: f64, wind: Vec<WindStep>, class: Class) -> Release {
    Release {
        source: vec![SourceStep { from: 0.0, q }],
        end,
        wind,
        height: 0.0,
        curves: Curves::Plume(Terrain::Rural),
        stability: Stability::one(class),
    }
}

#[test]
fn sum_of_puffs_is_the_plain_sum() {
    let wind = vec![WindStep { from: 0.0, u: 3.0, direction: 270.0 }, WindStep { from: 300.0, u: 2.0, direction: 225.0 }];
    let r = release(1.0, 900.0, wind, Class::D);
    let blobs = r.blobs(900.0, 60, 0.0);
    assert_eq!(blobs.len(), 60);
    let lowest = 1e-6;
    let mut grid = Grid::over((-200.0, 3000.0), (-500.0, 1500.0), 160, 120);
    puffs::fill(&mut grid, &blobs, lowest);
    for j in 0..grid.ny {
        for i in 0..grid.nx {
            let want: f64 = blobs.iter().map(|b| b.at(grid.x(i), grid.y(j))).sum();
            let got = f64::from(grid.at(i, j));
            assert!((got - want).abs() <= 2e-6 * want + 1.1e-3 * lowest, "{got} {want}");
        }
    }
}

/// A steady wind and source give the plume once the train is fine enough.
#[test]
fn train_of_puffs_becomes_the_plume() {
    let r = release(1.0, 4000.0, vec![WindStep { from: 0.0, u: 2.0, direction: 270.0 }], Class::D);
    let n = r.enough(500.0);
    for x in [500.0, 1000.0, 2000.0] {
        let (train, steady) = (r.at(x, 0.0, 0.0, 4000.0, n), plume(Class::D, 0.0).at(x, 0.0, 0.0));
        assert!((train / steady - 1.0).abs() < 0.02, "{x} {train} {steady}");
    }
}

#[test]
fn many_winds_agree_with_plain_evaluation() {
    let p = plume(Class::D, 10.0);
    let set = winds::spread(3.0, 250.0, 15.0, 0.2, 20);
    let level = 2e-6;
    let mut mean = Grid::over((-1000.0, 4000.0), (-2000.0, 3000.0), 101, 101);
    let mut share = mean.clone();
    winds::fill(&mut mean, &mut share, &p, &set, 0.0, level);
    for j in (0..101).step_by(3) {
        for i in (0..101).step_by(3) {
            let (x, y) = (mean.x(i), mean.y(j));
            let each: Vec<f64> = set
                .iter()
                .map(|w| {
                    let (s, c) = (w.direction + 180.0).to_radians().sin_cos();
                    Plume { u: w.u, ..p }.at(x * s + y * c, -x * c + y * s, 0.0)
                })
                .collect();
            let want = each.iter().sum::<f64>() / 20.0;
            let got = f64::from(mean.at(i, j));
            if x.hypot(y) > 100.0 {
                assert!((got - want).abs() <= 5e-3 * want + 1e-5 * level, "{x} {y} {got} {want}");
                let sure = each.iter().filter(|c| **c >= level * 1.005).count() as f64 / 20.0;
                let maybe = each.iter().filter(|c| **c >= level * 0.995).count() as f64 / 20.0;
                let got = f64::from(share.at(i, j));
                assert!(got >= sure - 1e-4 && got <= maybe + 1e-4);
            }
        }
    }
}

#[test]
fn the_short_exponential_is_right() {
    for n in -5900..5900 {
        let x = n as f32 * 0.01;
        let (got, want) = (f64::from(winds::fast_exp(x)), f64::from(x).exp());
        assert!((got / want - 1.0).abs() < 5e-7, "{x} {got} {want}");
    }
}

#[test]
fn spread_winds_have_the_asked_mean_and_width() {
    let set = winds::spread(5.0, 90.0, 10.0, 0.2, 400);
    let mean = set.iter().map(|w| w.direction).sum::<f64>() / 400.0;
    let sd = (set.iter().map(|w| (w.direction - mean).powi(2)).sum::<f64>() / 400.0).sqrt();
    assert!((mean - 90.0).abs() < 0.3 && (sd - 10.0).abs() < 0.3);
    assert!(set.iter().all(|w| w.u >= 0.5));
}

#[test]
fn rings_with_holes_close_and_turn_right() {
    // A ridge around a hollow: one outer ring and one hole.
    let mut grid = Grid::over((-10.0, 10.0), (-10.0, 10.0), 81, 81);
    for j in 0..81 {
        for i in 0..81 {
            let r = grid.x(i).hypot(grid.y(j));
            grid.values[j * 81 + i] = (-(r - 5.0).powi(2)).exp() as f32;
        }
    }
    let rings = contour::of_field(&grid, (-1.0_f64).exp());
    let mut areas: Vec<f64> = rings.iter().map(|r| polygon::area(r)).collect();
    areas.sort_by(f64::total_cmp);
    let want = [-std::f64::consts::PI * 16.0, std::f64::consts::PI * 36.0];
    assert_eq!(areas.len(), 2);
    assert!(areas.iter().zip(want).all(|(a, w)| (a / w - 1.0).abs() < 0.005), "{areas:?}");
    assert_eq!(crate::geo::geojson::nested(&rings).len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// Mass in the air is the mass let go, whatever the wind does.
    #[test]
    fn train_conserves_mass(q in 0.1_f64..10.0, u1 in 0.5_f64..8.0, u2 in 0.5_f64..8.0, d1 in 0.0_f64..360.0, d2 in 0.0_f64..360.0, t in 100.0_f64..2000.0, n in 5_usize..80) {
        let wind = vec![WindStep { from: 0.0, u: u1, direction: d1 }, WindStep { from: 400.0, u: u2, direction: d2 }];
        let r = release(q, 600.0, wind, Class::C);
        let held: f64 = r.parcels(t, n).iter().map(|p| p.mass).sum();
        prop_assert!((held / r.released(t) - 1.0).abs() < 1e-9);
        prop_assert!((r.released(t) / (q * t.min(600.0)) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn any_field_has_closed_rings(seed in proptest::collection::vec(0.0_f32..1.0, 42), level in 0.05_f64..0.95) {
        let mut grid = Grid::over((0.0, 6.0), (0.0, 5.0), 7, 6);
        grid.values.copy_from_slice(&seed);
        for ring in contour::of_field(&grid, level) {
            prop_assert!(ring.len() >= 3 && ring.iter().all(|(x, y)| (0.0..=6.0).contains(x) && (0.0..=5.0).contains(y)));
        }
    }
}
