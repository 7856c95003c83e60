use super::gas::Gas;
use super::liquid::{Tank, discharge};
use super::vessel::Vessel;
use super::*;
use proptest::prelude::*;
use std::f64::consts::PI;

fn near(got: f64, want: f64, tolerance: f64) {
    assert!((got / want - 1.0).abs() <= tolerance, "{got} {want}");
}

#[test]
fn gas_jet_of_the_handbook() {
    // CCPS 1999 p. 47: 10 mm hole, 8.90 kg/m³, k 1.15, 501 kPa, Cd 0.85.
    let gas = Gas { pressure: 501e3, density: 8.90, k: 1.15 };
    assert!(gas.is_critical(101_325.0));
    near(gas.flow(0.85, PI / 4.0 * 1e-4, 101_325.0), 0.090_027_999_470_408_46, 1e-9);
    near(gas.expansion_factor(101_325.0), 1.0, 1e-12);
}

#[test]
fn butane_flash_of_the_worked_example() {
    let t: f64 = 298.15;
    let cp = 191_030.0 - 1675.0 * t + 12.5 * t.powi(2) - 0.038_74 * t.powi(3) + 4.6121e-5 * t.powi(4);
    let tr = t / 425.12;
    let latent = 3.6238e7 * (1.0 - tr).powf(0.8337 - 0.82274 * tr + 0.39613 * tr * tr);
    near(flash::fraction(cp, t, 272.55, latent), 0.171_282_695_413_023_74, 1e-9);
    assert!((flash::airborne(0.15) - 0.30).abs() < 1e-12);
    near(flash::airborne(0.21), 1.0, 0.0);
}

#[test]
fn coefficients_by_reynolds_number() {
    assert_eq!(
        [discharge(Shape::Round, None), discharge(Shape::Triangle, Some(101.0)), discharge(Shape::Rectangle, Some(100.0))],
        [0.65, 0.60, 0.40]
    );
    assert_eq!(gas::discharge(Shape::Triangle), 0.95);
}

#[test]
fn evaporation_never_passes_what_leaked() {
    assert_eq!(pool::total([(1.0, 10.0), (2.0, 10.0), (1.0, 10.0)], Some(25.0)), (25.0, true));
    assert_eq!(pool::total([(1.0, 10.0), (0.0, 0.0), (0.0, 0.0)], Some(25.0)), (10.0, false));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// What left the tank is what flowed, and the level falls to the hole.
    #[test]
    fn tank_conserves_mass(cd in 0.4_f64..1.0, d in 0.005_f64..0.3, section in 1.0_f64..500.0, density in 500.0_f64..1800.0, over in 0.0_f64..5e5, head in 0.1_f64..20.0) {
        let tank = Tank { discharge: cd, hole: PI / 4.0 * d * d, section, density, over, head };
        let end = tank.empties_after();
        let n = 2000;
        let dt = end / f64::from(n);
        let flowed: f64 = (0..n).map(|i| tank.flow((f64::from(i) + 0.5) * dt) * dt).sum();
        prop_assert!((flowed / (section * density * head) - 1.0).abs() < 1e-3);
        prop_assert!((tank.left_out(end * 1.5) / (section * density * head) - 1.0).abs() < 1e-9);
        prop_assert!(tank.level(end * 0.3) > tank.level(end * 0.6));
        prop_assert_eq!(tank.flow(end * 1.01), 0.0);
    }

    /// The two branches meet at the critical ratio, and more pressure is more flow.
    #[test]
    fn gas_flow_is_continuous_and_rising(p in 1.2e5_f64..5e7, density in 0.5_f64..200.0, k in 1.05_f64..1.7, up in 1.001_f64..3.0) {
        let gas = Gas { pressure: p, density, k };
        let edge = gas.critical_ratio() * p;
        let (below, above) = (gas.flow(1.0, 1e-4, edge * 0.999_999), gas.flow(1.0, 1e-4, edge * 1.000_001));
        prop_assert!((below / above - 1.0).abs() < 1e-6);
        let more = Gas { pressure: p * up, density: density * up, k };
        prop_assert!(more.flow(1.0, 1e-4, 101_325.0) > gas.flow(1.0, 1e-4, 101_325.0));
        prop_assert!(gas.flow(1.0, 1e-4, p * 1.1) == 0.0);
    }

    #[test]
    fn vessel_conserves_mass(p in 1.5e5_f64..2e7, volume in 0.1_f64..100.0, d in 0.002_f64..0.1, k in 1.1_f64..1.6) {
        let vessel = Vessel { gas: Gas::ideal(p, 0.017, 298.0, k), volume, discharge: 1.0, hole: PI / 4.0 * d * d, ambient: 101_325.0 };
        let rows = vessel.blow_down(3001);
        let flowed: f64 = rows.windows(2).map(|w| 0.5 * (w[0].flow + w[1].flow) * (w[1].t - w[0].t)).sum();
        let last = rows.last().unwrap();
        prop_assert!((flowed / last.released - 1.0).abs() < 0.01, "{flowed} {}", last.released);
        prop_assert!(rows.windows(2).all(|w| w[1].pressure <= w[0].pressure && w[1].released >= w[0].released));
    }
}
