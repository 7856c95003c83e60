use super::plume::Plume;
use super::puff::Puff;
use super::reach::reach;
use super::sigma::{Curves, Terrain, sigma};
use super::stability::{Class, Sky, Stability, from_weather};
use super::*;
use proptest::prelude::*;

fn class() -> impl Strategy<Value = Class> {
    (0_usize..6).prop_map(|n| Class::ALL[n])
}
fn terrain() -> impl Strategy<Value = Terrain> {
    prop_oneof![Just(Terrain::Rural), Just(Terrain::Urban)]
}
fn stability() -> impl Strategy<Value = Stability> {
    (class(), proptest::option::of(class())).prop_map(|(first, second)| Stability { first, second: second.filter(|s| *s != first) })
}
fn plume() -> impl Strategy<Value = Plume> {
    (0.001_f64..100.0, 0.5_f64..15.0, 0.0_f64..80.0, terrain(), stability()).prop_map(|(q, u, height, terrain, stability)| Plume {
        q,
        u,
        height,
        terrain,
        stability,
    })
}

#[test]
fn sigma_of_the_handbook() {
    // CCPS 1999 as tested by a public library at x = 1.2 m.
    let rural = [
        (0.263_984_161, 0.24),
        (0.191_988_481, 0.144),
        (0.131_992_081, 0.095_988_482),
        (0.095_994_241, 0.071_935_287),
        (0.071_995_680, 0.035_987_045),
        (0.047_997_120, 0.019_193_090),
    ];
    let puffs = [
        (0.212_872_347, 0.687_918_810),
        (0.165_567_382, 0.605_449_855),
        (0.118_262_416, 0.386_988_092),
        (0.070_957_449, 0.170_419_047),
        (0.047_304_966, 0.112_581_702),
        (0.023_523_466, 0.055_881_823),
    ];
    for class in Class::ALL {
        for (curves, table) in [(Curves::Plume(Terrain::Rural), rural), (Curves::Puff, puffs)] {
            let (got, want) = (sigma(curves, class, 1.2), table[class.index()]);
            assert!((got.0 - want.0).abs() < 1e-8 && (got.1 - want.1).abs() < 1e-8, "{class:?} {got:?} {want:?}");
        }
    }
    // Urban A–B σz grows faster than x (the corrected exponent +1/2).
    let (_, near) = sigma(Curves::Plume(Terrain::Urban), Class::A, 1000.0);
    assert!((near - 0.24 * 1000.0 * 2_f64.sqrt()).abs() < 1e-9);
}

#[test]
fn classes_and_weather() {
    assert_eq!(Stability::parse("a–B").map(|s| s.name()), Some("A-B".into()));
    assert_eq!(Stability::parse("G"), None);
    assert_eq!(Stability::parse("A-B-C"), None);
    let name = |u, sky| from_weather(u, sky).map(|s| s.name()).unwrap_or_default();
    assert_eq!(
        [name(1.5, Sky::NightClear), name(2.0, Sky::Strong), name(5.5, Sky::Moderate), name(9.0, Sky::Strong)],
        ["F", "A-B", "C-D", "C"]
    );
    assert_eq!(name(1.0, Sky::Overcast), "D");
}

#[test]
fn indoor_air_follows_and_lags() {
    let steps = [exposure::Step { from: 0.0, outdoors: 1.0 }, exposure::Step { from: 3600.0, outdoors: 0.0 }];
    let got = exposure::indoors(&steps, 7200.0, 1.0 / 3600.0);
    let peak = 1.0 - (-1.0_f64).exp();
    assert!((got[1].1 - peak).abs() < 1e-12 && (got[2].1 - peak * (-1.0_f64).exp()).abs() < 1e-12);
}

#[test]
fn probit_of_half_is_five() {
    assert!((exposure::share(5.0) - 0.5).abs() < 1e-7);
    assert!((exposure::share(3.72) - 0.10).abs() < 1e-3 && (exposure::share(7.33) - 0.99).abs() < 1e-3);
    assert!((exposure::level_for(100.0, 15.0, 2.0) - 200.0).abs() < 1e-9);
}

#[test]
fn heavy_gas_is_told_from_light() {
    assert!(heavy::continuous(5.0, 3.0, 1.2, 2.0, None).is_heavy);
    assert!(!heavy::continuous(5.0, 0.7, 1.2, 2.0, None).is_heavy);
    assert!(heavy::instantaneous(1000.0, 3.0, 1.2, 2.0).is_heavy);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn ground_plume_falls_with_distance(p in plume(), x in 1.0_f64..20_000.0, d in 0.1_f64..1000.0) {
        let p = Plume { height: 0.0, ..p };
        prop_assert!(p.at(x + d, 0.0, 0.0) <= p.at(x, 0.0, 0.0));
    }

    #[test]
    fn plume_is_linear_in_source_and_symmetric(p in plume(), x in 1.0_f64..20_000.0, y in 0.0_f64..2000.0, z in 0.0_f64..50.0, k in 1.0_f64..9.0) {
        let c = p.at(x, y, z);
        prop_assert_eq!(c, p.at(x, -y, z));
        let more = Plume { q: p.q * k, ..p }.at(x, y, z);
        prop_assert!(more >= c && (more - k * c).abs() <= 1e-12 * more);
        prop_assert!(p.at(x, y + 1.0, z) <= c);
        prop_assert_eq!(p.at(-x, y, z), 0.0);
    }

    /// ∬ u C dy dz = Q in every plane across the wind.
    #[test]
    fn plume_conserves_mass(p in plume(), x in 50.0_f64..10_000.0) {
        let widest = p.stability.classes().map(|c| sigma(Curves::Plume(p.terrain), c, x)).fold((0.0_f64, 0.0_f64), |a, s| (a.0.max(s.0), a.1.max(s.1)));
        let (ny, nz) = (200, 400);
        let (dy, dz) = (12.0 * widest.0 / f64::from(ny), (p.height + 6.0 * widest.1) / f64::from(nz));
        let mut flux = 0.0;
        for i in 0..ny {
            for j in 0..nz {
                flux += p.u * p.at(x, (f64::from(i) + 0.5) * dy - 6.0 * widest.0, (f64::from(j) + 0.5) * dz) * dy * dz;
            }
        }
        // A thin plume high above ground needs dz well below σz.
        let thinnest = p.stability.classes().map(|c| sigma(Curves::Plume(p.terrain), c, x).1).fold(f64::MAX, f64::min);
        prop_assume!(thinnest > 1.5 * dz);
        prop_assert!((flux - p.q).abs() < 0.01 * p.q, "{flux} {}", p.q);
    }

    #[test]
    fn half_width_lies_on_the_level(p in plume(), x in 10.0_f64..10_000.0, share in 0.01_f64..0.99) {
        let axis = p.at(x, 0.0, 0.0);
        prop_assume!(axis > 1e-30);
        let level = axis * share;
        let y = p.half_width(x, 0.0, level).unwrap();
        prop_assert!((p.at(x, y, 0.0) / level - 1.0).abs() < 1e-6);
        prop_assert_eq!(p.half_width(x, 0.0, axis * 1.01), None);
    }

    #[test]
    fn reach_lies_on_the_level(p in plume(), share in 0.001_f64..0.9) {
        let peak = (0..300).map(|n| p.at(10_f64.powf(f64::from(n) / 60.0), 0.0, 0.0)).fold(0.0, f64::max);
        prop_assume!(peak > 1e-30);
        let level = peak * share;
        let r = reach(|x| p.at(x, 0.0, 0.0), level).unwrap();
        prop_assert!(r.to >= r.from);
        if r.to < 99_999.0 { prop_assert!((p.at(r.to, 0.0, 0.0) / level - 1.0).abs() < 1e-6); }
        prop_assert!(p.at(r.to * 1.001, 0.0, 0.0) < level || r.to >= 99_999.0);
    }

    #[test]
    fn puff_conserves_mass_and_is_symmetric(mass in 0.1_f64..1000.0, u in 0.5_f64..10.0, h in 0.0_f64..40.0, t in 60.0_f64..3000.0, s in stability()) {
        let puff = Puff { mass, u, height: h, curves: Curves::Puff, stability: s };
        let sums = s.classes().map(|c| sigma(Curves::Puff, c, u * t)).fold((0.0_f64, 0.0_f64), |a, s| (a.0.max(s.0), a.1.max(s.1)));
        let thin = s.classes().map(|c| sigma(Curves::Puff, c, u * t)).fold((f64::MAX, f64::MAX), |a, s| (a.0.min(s.0), a.1.min(s.1)));
        let (n, nz) = (60, 120);
        let (d, dz) = (12.0 * sums.0 / f64::from(n), (h + 6.0 * sums.1) / f64::from(nz));
        prop_assume!(thin.0 > 1.5 * d && thin.1 > 1.5 * dz);
        let mut total = 0.0;
        for i in 0..n { for j in 0..n { for k in 0..nz {
            let at = |m: i32| (f64::from(m) + 0.5) * d - 6.0 * sums.0;
            total += puff.at(u * t + at(i), at(j), (f64::from(k) + 0.5) * dz, t) * d * d * dz;
        } } }
        prop_assert!((total - mass).abs() < 0.01 * mass, "{total} {mass}");
        prop_assert_eq!(puff.at(100.0, 7.0, 1.0, t), puff.at(100.0, -7.0, 1.0, t));
    }
}
