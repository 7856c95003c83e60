//! Coefficients and marks of the field, from `definitions/hazard/`.

use serde::Deserialize;
use std::sync::LazyLock;
use values::{Confidence, texts::Label};

macro_rules! embedded {
    ($(#[$doc:meta])* $name:ident, $kind:ty, $file:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name() -> &'static $kind {
            static HELD: LazyLock<$kind> = LazyLock::new(|| {
                toml::from_str(include_str!(concat!("../../../definitions/hazard/", $file))).expect("a test reads every definition")
            });
            &HELD
        }
    };
}

embedded!(
    /// σ, wind profile, stability, averaging, heavy-gas criteria.
    dispersion, Dispersion, "dispersion.toml"
);
embedded!(
    /// Source-term coefficients of HJ 169-2018 and EPA.
    releases, Releases, "releases.toml"
);
embedded!(
    /// Fire and blast: parameters and marks.
    fire, Fire, "fire.toml"
);
embedded!(
    /// Toxic endpoints and exposure parameters.
    endpoints, Endpoints, "endpoints.toml"
);

/// `dispersion.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "field for field the definition, which documents itself")]
pub struct Dispersion {
    pub valid_from: String,
    pub confidence: Confidence,
    pub source: String,
    pub range: Range,
    pub rural: PlumeSigma,
    pub urban: PlumeSigma,
    pub puff: PuffSigma,
    pub wind: Wind,
    pub averaging: Averaging,
    pub stability: Stability,
    pub rise: Rise,
    pub heavy: Heavy,
}

/// Where σ holds: distance in m, averaging time in min.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Range {
    pub from_m: f64,
    pub to_m: f64,
    pub averaging_min: f64,
}

/// σ = a x (1 + b x)^c, one row a class A–F.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct PlumeSigma {
    pub y: [[f64; 3]; 6],
    pub z: [[f64; 3]; 6],
}

/// σ = a x^b, one row a class A–F.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct PuffSigma {
    pub source: String,
    pub y: [[f64; 2]; 6],
    pub z: [[f64; 2]; 6],
}

/// Exponents p of the wind profile and the calm limit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Wind {
    pub source: String,
    pub rural: [f64; 6],
    pub urban: [f64; 6],
    pub calm_m_s: f64,
}

/// Peak for another averaging time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Averaging {
    pub exponent: f64,
    pub confidence: Confidence,
}

/// Pasquill's table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Stability {
    pub confidence: Confidence,
    pub source: String,
    pub row: Vec<StabilityRow>,
}

/// One wind band of Pasquill's table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct StabilityRow {
    pub below: f64,
    pub strong: String,
    pub moderate: String,
    pub slight: String,
    pub night_cloudy: String,
    pub night_clear: String,
}

/// Plume rise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Rise {
    pub source: String,
    pub confidence: Confidence,
    pub lapse_e: f64,
    pub lapse_f: f64,
}

/// Criteria for a heavy gas and the near-field factor.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Heavy {
    pub britter_mcquaid: f64,
    pub richardson_continuous: f64,
    pub richardson_instantaneous: f64,
    pub near_field: f64,
    pub source: String,
    pub confidence: Confidence,
}

/// `releases.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Releases {
    pub valid_from: String,
    pub source: String,
    pub confidence: Confidence,
    pub liquid: LiquidDischarge,
    pub gas: GasDischarge,
    pub two_phase: TwoPhase,
    pub flash: Flash,
    pub wind_evaporation: WindEvaporation,
    pub epa: Epa,
    pub ground: Vec<Ground>,
    pub pool: Pool,
    pub duration: Duration,
}

/// Cd above and up to the limiting Reynolds number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct LiquidDischarge {
    pub reynolds: f64,
    pub round: [f64; 2],
    pub triangle: [f64; 2],
    pub rectangle: [f64; 2],
}

/// Cd of a gas.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct GasDischarge {
    pub round: f64,
    pub triangle: f64,
    pub rectangle: f64,
}

/// Two-phase discharge.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct TwoPhase {
    pub critical_pressure: f64,
    pub discharge: f64,
    pub discharge_confidence: Confidence,
}

/// Flash rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Flash {
    pub all_airborne_above: f64,
    pub factor: f64,
    pub confidence: Confidence,
}

/// n and α by stability.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct WindEvaporation {
    pub unstable: Evaporation,
    pub neutral: Evaporation,
    pub stable: Evaporation,
}

/// One pair of n and α.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Evaporation {
    pub n: f64,
    pub alpha: f64,
}

/// EPA's pool evaporation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Epa {
    pub coefficient: f64,
    pub gas_constant: f64,
    pub source: String,
}

/// Ground under a pool.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Ground {
    pub key: String,
    pub label: Label,
    pub conductivity: f64,
    pub diffusivity: f64,
}

/// Least depth of a pool, m.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Pool {
    pub depth_concrete: f64,
    pub depth_soil: f64,
    pub confidence: Confidence,
}

/// Release time where nothing else is known, s.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Duration {
    pub with_shut_off: f64,
    pub without: f64,
    pub confidence: Confidence,
}

/// `fire.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Fire {
    pub valid_from: String,
    pub source: String,
    pub confidence: Confidence,
    pub tnt: Tnt,
    pub fireball: Fireball,
    pub transmissivity: Transmissivity,
    pub pool_fire: PoolFire,
    pub fuel: Vec<Fuel>,
    pub heat: Vec<Mark>,
    pub overpressure: Vec<Mark>,
}

/// TNT equivalence and Mills' fit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Tnt {
    pub energy_kj_kg: f64,
    pub efficiency: f64,
    pub mills: [f64; 3],
    pub mills_from: f64,
    pub mills_to: f64,
}

/// CCPS fireball.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Fireball {
    pub source: String,
    pub confidence: Confidence,
    pub diameter: f64,
    pub small_duration: f64,
    pub large_duration: f64,
    pub large_from_kg: f64,
    pub height: f64,
    pub radiated: f64,
}

/// τ = factor (p_w X)^exponent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Transmissivity {
    pub factor: f64,
    pub exponent: f64,
}

/// Thomas' flame length and the radiated fraction.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct PoolFire {
    pub thomas: f64,
    pub thomas_exponent: f64,
    pub radiated: f64,
}

/// A fuel of a pool fire.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Fuel {
    pub key: String,
    pub names: Vec<String>,
    pub burning_kg_m2_s: f64,
    pub combustion_kj_kg: f64,
}

/// A level and what it does: kW/m² of heat, kPa of overpressure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Mark {
    pub level: f64,
    pub label: Label,
}

/// `endpoints.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Endpoints {
    pub valid_from: String,
    pub source: String,
    pub confidence: Confidence,
    pub probit: ProbitSource,
    pub substance: Vec<Toxic>,
}

/// Where the probit constants come from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct ProbitSource {
    pub source: String,
    pub confidence: Confidence,
}

/// One toxic substance.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Toxic {
    pub name: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    pub cas: String,
    pub molar_mass_g_mol: Option<f64>,
    pub endpoint_1_mg_m3: Option<f64>,
    pub endpoint_2_mg_m3: Option<f64>,
    pub aegl_3_ppm: Option<f64>,
    pub aegl_2_ppm: Option<f64>,
    pub idlh_ppm: Option<f64>,
    pub critical_hj169_t: Option<f64>,
    pub probit: Option<Probit>,
}

/// Pr = a + b ln(C^n t), C in mg/m³, t in min.
#[derive(Debug, Clone, Copy, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see the definition")]
pub struct Probit {
    pub a: f64,
    pub b: f64,
    pub n: f64,
}

/// Finds a toxic substance by name, alias or CAS number.
#[must_use]
pub fn toxic(name: &str) -> Option<&'static Toxic> {
    let wanted = crate::grade::lookup::plain(name);
    let is = |text: &String| crate::grade::lookup::plain(text) == wanted;
    endpoints().substance.iter().find(|s| is(&s.name) || s.aliases.iter().any(is) || s.cas == name.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_read_and_whole() {
        assert_eq!(dispersion().stability.row.len(), 5);
        assert_eq!(releases().ground.len(), 5);
        assert!(fire().heat.windows(2).all(|w| w[0].level > w[1].level));
        assert!(endpoints().substance.len() >= 70);
        assert_eq!(toxic("液氯").and_then(|t| t.endpoint_1_mg_m3), Some(58.0));
        assert_eq!(toxic("7664-39-3").map(|t| t.name.as_str()), Some("氢氟酸"));
    }

    /// Each row of the reference table stands in the definition with the same numbers.
    #[test]
    fn endpoints_agree_with_the_reference() {
        let Some(text) = testing::shared_text("reference/emergency/endpoints.csv") else { return };
        let mut rows = 0;
        for row in csv::Reader::from_reader(text.as_bytes()).records() {
            let row = row.unwrap();
            let held = toxic(&row[1]).unwrap_or_else(|| panic!("{}", &row[0]));
            let number = |i: usize| row[i].parse::<f64>().ok();
            assert_eq!([held.critical_hj169_t, held.endpoint_1_mg_m3, held.endpoint_2_mg_m3], [number(2), number(3), number(4)]);
            assert_eq!(
                [held.aegl_3_ppm, held.aegl_2_ppm, held.idlh_ppm, held.molar_mass_g_mol],
                [number(5), number(6), number(7), number(8)]
            );
            rows += 1;
        }
        assert!(rows >= 60);
    }
}
