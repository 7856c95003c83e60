use super::*;
use proptest::prelude::*;

#[test]
fn fireball_by_hand() {
    let f = fireball::Fireball { mass: 1000.0, hc: 46e6, radiated: 0.3, transmitted: Some(1.0), water: 1500.0 };
    assert!((f.diameter() - 58.0).abs() < 1e-9 && (f.duration() - 4.5).abs() < 1e-9 && (f.height() - 43.5).abs() < 1e-9);
    let l2 = 100.0_f64.powi(2) + 43.5 * 43.5;
    assert!((f.flux(100.0) / (0.3 * 1000.0 * 46e6 / (4.0 * std::f64::consts::PI * l2 * 4.5)) - 1.0).abs() < 1e-12);
    // The two forms of the duration nearly meet at 30 t.
    let big = fireball::Fireball { mass: 30_000.0, ..f };
    assert!((big.duration() - 2.6 * 30_000_f64.powf(1.0 / 6.0)).abs() < 1e-9);
}

#[test]
fn saturated_air_holds_the_water_of_the_tables() {
    // 3169 Pa at 25 °C.
    assert!((heat::water_pressure(298.15, 1.0) - 3169.0).abs() < 10.0);
}

proptest! {
    #[test]
    fn overpressure_falls_and_is_inverted(z in 1.0_f64..40.0, d in 0.01_f64..10.0) {
        prop_assert!(blast::overpressure(z + d) < blast::overpressure(z));
        prop_assert!((blast::scaled_for(blast::overpressure(z)) / z - 1.0).abs() < 1e-9);
    }

    #[test]
    fn tnt_and_its_inverse(r in 10.0_f64..5000.0, z in 1.0_f64..40.0, eta in 0.01_f64..0.2) {
        let m = blast::fuel_for(r, z, eta, 46_000.0, 4520.0);
        prop_assert!((blast::scaled(r, blast::tnt(eta, m, 46_000.0, 4520.0)) / z - 1.0).abs() < 1e-9);
    }

    #[test]
    fn heat_falls_with_distance_and_rises_with_mass(m in 10.0_f64..1e6, r in 0.0_f64..3000.0, d in 0.5_f64..500.0) {
        let f = fireball::Fireball { mass: m, hc: 46e6, radiated: 0.3, transmitted: None, water: 1500.0 };
        prop_assert!(f.flux(r + d) < f.flux(r));
        let p = pool_fire::PoolFire { diameter: 10.0, burning: 0.055, hc: 43e6, radiated: 0.3, transmitted: None, water: 1500.0, air: 1.2 };
        prop_assert!(p.flux(5.0 + r + d) < p.flux(5.0 + r));
        let level = f.flux(r);
        let back = heat::distance(|x| f.flux(x), level).unwrap();
        prop_assert!((back - r).abs() < 1e-3);
    }
}
