//! Conversions of flue gas 烟气折算 (HJ 212-2017 annex D).
//!
//! Floating point: these are physical estimates of the instrument's side, none
//! of them a legal number by itself.

/// Standard atmosphere, Pa.
const STANDARD_PA: f64 = 101_325.0;
/// 0 °C in kelvin, as the standard writes it.
const ZERO_C: f64 = 273.0;

/// Returns a concentration at standard state: Cs × 101325/(Ba+Ps) × (273+ts)/273.
///
/// `ba_pa` air pressure, `ps_pa` static pressure of the duct (Pa), `ts_c` temperature (°C).
#[must_use]
pub fn standard_state(c: f64, ba_pa: f64, ps_pa: f64, ts_c: f64) -> f64 {
    c * STANDARD_PA / (ba_pa + ps_pa) * (ZERO_C + ts_c) / ZERO_C
}

/// Returns the dry concentration of a wet one: wet / (1 − Xsw), Xsw as a share.
#[must_use]
pub fn dry(wet: f64, moisture: f64) -> f64 {
    wet / (1.0 - moisture)
}

/// Returns mg/m³ of ppm: M / 22.4 × ppm, M in g/mol.
#[must_use]
pub fn mg_m3(ppm: f64, molar_mass: f64) -> f64 {
    molar_mass / 22.4 * ppm
}

/// Returns NOx as NO2: NO × 46/30 + NO2, all in mass.
#[must_use]
pub fn nox(no: f64, no2: f64) -> f64 {
    no * 46.0 / 30.0 + no2
}

/// Returns the concentration at reference oxygen: C × (21 − O2ref)/(21 − O2); None at 21 % and above.
#[must_use]
pub fn reference_oxygen(c: f64, o2: f64, o2_reference: f64) -> Option<f64> {
    (o2 < 21.0).then(|| c * (21.0 - o2_reference) / (21.0 - o2))
}

/// Returns the wet flow, m³/h: 3600 × F × v, F in m², v in m/s.
#[must_use]
pub fn flow(area_m2: f64, velocity_m_s: f64) -> f64 {
    3_600.0 * area_m2 * velocity_m_s
}

/// Returns the dry flow at standard state: Q × 273/(273+ts) × (Ba+Ps)/101325 × (1 − Xsw).
#[must_use]
pub fn dry_standard_flow(q: f64, ts_c: f64, ba_pa: f64, ps_pa: f64, moisture: f64) -> f64 {
    q * ZERO_C / (ZERO_C + ts_c) * (ba_pa + ps_pa) / STANDARD_PA * (1.0 - moisture)
}

/// Returns the mass flow, kg/h: C (mg/m³) × Q (m³/h) × 10⁻⁶.
#[must_use]
pub fn rate_kg_h(c: f64, q: f64) -> f64 {
    c * q * 1e-6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_by_hand() {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * b.abs().max(1.0);
        assert!(near(standard_state(100.0, STANDARD_PA, 0.0, 273.0), 200.0));
        assert!(near(dry(90.0, 0.1), 100.0));
        assert!(near(mg_m3(22.4, 64.0), 64.0));
        assert!(near(nox(30.0, 10.0), 56.0));
        assert_eq!(reference_oxygen(100.0, 15.0, 6.0), Some(250.0));
        assert_eq!(reference_oxygen(100.0, 21.0, 6.0), None);
        assert!(near(dry_standard_flow(flow(2.0, 5.0), 0.0, STANDARD_PA, 0.0, 0.0), 36_000.0));
        assert!(near(rate_kg_h(50.0, 1_000_000.0), 50.0));
    }
}
