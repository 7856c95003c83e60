//! Questions about the air: class, σ, wind, rise, heavy gas.

use super::{place, says};
use crate::air::sigma::{Curves, Terrain, sigma};
use crate::air::stability::{Class, Sky, Stability, from_weather};
use crate::air::{heavy, rise, wind};
use crate::answer::Answer;
use crate::facts::dispersion;
use crate::input::{Field, Inputs, POSITIVE, field};
use crate::physics;
use crate::units::Dim;
use values::{Confidence, Severity};

/// Molar mass; a bare number of 1 or more is g/mol, below it kg/mol.
pub const MOLAR: Field = field(&["M", "Mw", "MW", "molar_mass"], Dim::MolarMass, POSITIVE, 1000.0);
/// Ambient temperature, K: between −70 °C and 70 °C.
pub const AIR_T: Field = field(&["Ta", "T_air", "T0", "T_ambient"], Dim::Temperature, 203.15, 343.15);
/// Ambient pressure, Pa.
pub const AIR_P: Field = field(&["Pa", "p_a", "P_atm", "P_ambient"], Dim::Pressure, 30_000.0, 120_000.0);

/// Molar mass in kg/mol.
pub fn molar_mass(inputs: &mut Inputs) -> Option<f64> {
    let m = inputs.need(&MOLAR)?;
    Some(if m >= 1.0 { m * 1e-3 } else { m })
}

/// Terrain; open country where none is told.
pub fn terrain(inputs: &mut Inputs) -> Option<Terrain> {
    let Some(word) = inputs.word(&["terrain", "地形"]) else { return Some(Terrain::Rural) };
    let terrain = Terrain::parse(&word);
    if terrain.is_none() {
        inputs.say(Severity::Error, "hazard.unknown_terrain", "terrain", &[("found", &word)]);
    }
    terrain
}

/// The class as given, or from the sky and the wind at 10 m (then confidence C).
pub fn stability(inputs: &mut Inputs, out: &mut Answer) -> Option<Stability> {
    let names = ["cls", "class", "stability", "pasquill", "稳定度"];
    if let Some(word) = inputs.word(&names) {
        let class = Stability::parse(&word);
        if class.is_none() {
            inputs.say(Severity::Error, "hazard.unknown_class_of_air", "cls", &[("found", &word)]);
        }
        return class;
    }
    let Some(word) = inputs.word(&["sky", "weather", "sun", "天气"]) else {
        inputs.say(Severity::Error, "hazard.no_class_of_air", "cls", &[]);
        return None;
    };
    let Some(sky) = Sky::parse(&word) else {
        inputs.say(Severity::Error, "hazard.unknown_sky", "sky", &[("found", &word)]);
        return None;
    };
    let u = speed(inputs, &field(&["u10", "u", "u_10"], Dim::Speed, 0.0, 100.0))?;
    says(inputs, out, &["model.pasquill"], &[], dispersion().stability.confidence);
    from_weather(u, sky)
}

/// A wind speed that is no calm.
pub fn speed(inputs: &mut Inputs, field: &Field) -> Option<f64> {
    let u = inputs.need(field)?;
    if u < wind::calm() {
        let (found, limit) = (u.to_string(), wind::calm().to_string());
        inputs.say(Severity::Error, "hazard.calm_wind", field.names[0], &[("found", &found), ("limit", &limit)]);
        return None;
    }
    Some(u)
}

/// Wind at the source: `u` as given, or `u10` carried to the height of a source above 10 m.
pub fn wind_at(inputs: &mut Inputs, terrain: Terrain, stability: Stability, height: f64) -> Option<f64> {
    let ten = field(&["u10", "u_10"], Dim::Speed, 0.0, 100.0);
    let own = field(&["u", "wind", "wind_speed", "风速"], Dim::Speed, 0.0, 100.0);
    if inputs.has(&ten) && !inputs.has(&own) {
        let u10 = speed(inputs, &ten)?;
        return Some(wind::at_height(u10, 10.0, height.max(10.0), wind::mean_exponent(terrain, stability)));
    }
    speed(inputs, &own)
}

/// `stability`: the class from wind and sky.
pub fn stability_class(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let class = stability(inputs, out)?;
    // 1 is A, 6 is F; between two classes the half.
    let all: Vec<f64> = class.classes().map(|c| c.index() as f64 + 1.0).collect();
    out.set("stability", all.iter().sum::<f64>() / all.len() as f64, "A=1…F=6");
    out.model.insert(0, format!("Pasquill {}", class.name()));
    Some(())
}

/// `sigma`: σy and σz of plume and puff.
pub fn sigmas(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let x = inputs.need(&field(&["x", "distance"], Dim::Length, POSITIVE, 1e6));
    let class = stability(inputs, out)?;
    let terrain = terrain(inputs)?;
    let x = x?;
    let mean = |curves, pick: fn((f64, f64)) -> f64| {
        let all: Vec<f64> = class.classes().map(|c| pick(sigma(curves, c, x))).collect();
        all.iter().sum::<f64>() / all.len() as f64
    };
    let plume = Curves::Plume(terrain);
    out.set("sigma_y", mean(plume, |s| s.0), "m");
    out.also("sigma_z", mean(plume, |s| s.1), "m");
    out.also("puff_sigma_y", mean(Curves::Puff, |s| s.0), "m");
    out.also("puff_sigma_z", mean(Curves::Puff, |s| s.1), "m");
    for (name, t) in [("rural", Terrain::Rural), ("urban", Terrain::Urban)] {
        out.also(&format!("{name}_sigma_y"), mean(Curves::Plume(t), |s| s.0), "m");
        out.also(&format!("{name}_sigma_z"), mean(Curves::Plume(t), |s| s.1), "m");
    }
    says(inputs, out, &["model.sigma"], &["limit.sigma_range"], dispersion().confidence);
    Some(())
}

/// `wind profile`: u at another height.
pub fn wind_profile(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let u = inputs.need(&field(&["u", "u0", "u10"], Dim::Speed, 0.0, 100.0));
    let z0 = if inputs.has(&field(&["u10"], Dim::Speed, 0.0, 100.0)) {
        10.0
    } else {
        inputs.or(&field(&["z0", "zr", "z1"], Dim::Length, 0.1, 500.0), 10.0)?
    };
    let z = inputs.need(&field(&["z", "z2", "height"], Dim::Length, 0.1, 1000.0));
    let given = field(&["p", "exponent"], Dim::None, 0.0, 2.0);
    let p = if inputs.has(&given) {
        inputs.get(&given)?
    } else {
        let (class, terrain) = (stability(inputs, out)?, terrain(inputs)?);
        wind::mean_exponent(terrain, class)
    };
    inputs.word(&["cls"]);
    inputs.word(&["terrain"]);
    out.set("wind_speed", wind::at_height(u?, z0, z?, p), "m/s");
    out.also("p", p, "-");
    says(inputs, out, &["model.wind_profile"], &["limit.wind_profile"], dispersion().confidence);
    Some(())
}

/// `plume rise`: distance to, and height of, the final rise; gradual rise at x.
pub fn plume_rise(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let u = speed(inputs, &field(&["u", "us", "u_s"], Dim::Speed, 0.0, 100.0));
    let air = inputs.or(&AIR_T, physics::ROOM)?;
    let flux = buoyancy(inputs, air)?;
    let s = parameter(inputs, out, air)?;
    let u = u?;
    let (far, high) = match (s, flux) {
        (Some(s), flux) => (rise::stable_distance(u, s), flux.map(|f| rise::stable_rise(f, u, s))),
        (None, Some(f)) => {
            let (far, high) = rise::unstable_rise(f, u);
            (far, Some(high))
        }
        (None, None) => {
            inputs.say(Severity::Error, "hazard.missing_input", "s", &[("name", "s / Fb"), ("unit", "1/s², m⁴/s³")]);
            return None;
        }
    };
    out.set("distance_to_final_rise", far, "m");
    let x = field(&["x", "distance"], Dim::Length, 0.0, 1e6);
    if let (Some(high), Some(flux)) = (high, flux) {
        out.set("rise", high, "m");
        if inputs.has(&x) {
            let x = inputs.get(&x)?;
            let here = if x < far { rise::gradual_rise(flux, u, x).min(high) } else { high };
            out.also("final_rise", high, "m");
            out.also("rise_at_x", here, "m");
            out.select("rise_at_x");
        }
        let stack = field(&["hs", "h_s", "stack_height"], Dim::Length, 0.0, 1000.0);
        if inputs.has(&stack) {
            out.also("effective_height", inputs.get(&stack)? + out.value.unwrap_or(high), "m");
        }
        out.also("buoyancy_flux", flux, "m4/s3");
    }
    says(inputs, out, &["model.plume_rise"], &["limit.plume_rise"], dispersion().rise.confidence);
    Some(())
}

/// Buoyancy flux as given, or from the stack; the outer None is an error.
#[allow(clippy::option_option, reason = "the outer None has left a finding, the inner says that nothing was given")]
fn buoyancy(inputs: &mut Inputs, air: f64) -> Option<Option<f64>> {
    let given = field(&["Fb", "F", "F_b", "flux"], Dim::BuoyancyFlux, 0.0, 1e6);
    if inputs.has(&given) {
        return Some(Some(inputs.get(&given)?));
    }
    let speed = field(&["vs", "v_s", "exit_speed"], Dim::Speed, POSITIVE, 200.0);
    if !inputs.has(&speed) {
        return Some(None);
    }
    let (v, d) = (inputs.need(&speed), inputs.need(&field(&["Ds", "d_s", "d", "D"], Dim::Length, POSITIVE, 50.0)));
    let t = inputs.need(&field(&["Ts", "T_s", "T_stack"], Dim::Temperature, air, 3000.0));
    Some(Some(rise::buoyancy_flux(v?, d?, t?, air)))
}

#[allow(clippy::option_option, reason = "as above")]
fn parameter(inputs: &mut Inputs, out: &mut Answer, air: f64) -> Option<Option<f64>> {
    let s = field(&["s"], Dim::StabilityParameter, POSITIVE, 1.0);
    let lapse = field(&["lapse", "dtheta_dz", "gamma", "Gamma"], Dim::Lapse, POSITIVE, 1.0);
    if inputs.has(&s) {
        return Some(Some(inputs.get(&s)?));
    }
    if inputs.has(&lapse) {
        return Some(Some(rise::stability_parameter(air, inputs.get(&lapse)?)));
    }
    if ["cls", "class", "stability"].iter().any(|k| inputs.given().get(k).is_some()) {
        let class = stability(inputs, out)?;
        return Some(rise::default_lapse(class.second.unwrap_or(class.first)).map(|l| rise::stability_parameter(air, l)));
    }
    Some(None)
}

/// `dense gas`: near-field volume fraction, or the tests for a heavy gas.
pub fn dense_gas(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let near = field(&["x_over_D", "x_D", "x/D"], Dim::None, POSITIVE, 30.0);
    let confidence = Confidence::B;
    if inputs.has(&near) {
        out.set("volume_fraction", heavy::near_field(inputs.get(&near)?), "volume fraction");
        says(inputs, out, &["model.britter_mcquaid_near"], &["limit.near_field"], confidence);
        return Some(());
    }
    place::in_the_open(inputs)?;
    let u = speed(inputs, &field(&["u", "u10", "U"], Dim::Speed, 0.0, 100.0));
    let density = density(inputs)?;
    let air = air_density(inputs)?;
    let mass = field(&["m", "mass"], Dim::Mass, POSITIVE, 1e9);
    let found = if inputs.has(&mass) {
        heavy::instantaneous(inputs.get(&mass)?, density, air, u?)
    } else {
        let volume = field(&["q0", "V0", "volume_flow"], Dim::None, POSITIVE, 1e6);
        let q = if inputs.has(&volume) {
            inputs.get(&volume)? * density
        } else {
            inputs.need(&field(&["Q", "q"], Dim::MassFlow, POSITIVE, 1e6))?
        };
        let d = field(&["D", "d"], Dim::Length, POSITIVE, 1000.0);
        let d = if inputs.has(&d) { Some(inputs.get(&d)?) } else { None };
        heavy::continuous(q, density, air, u?, d)
    };
    out.set("richardson", found.richardson, "-");
    if let Some(bm) = found.britter_mcquaid {
        out.also("britter_mcquaid", bm, "-");
        out.select("britter_mcquaid");
    }
    out.also("is_heavy", f64::from(u8::from(found.is_heavy)), "-");
    says(
        inputs,
        out,
        &["model.heavy_test"],
        &[if found.is_heavy { "limit.heavier" } else { "limit.not_heavier" }],
        dispersion().heavy.confidence,
    );
    Some(())
}

/// Density of the released gas: given, or ideal from M and T.
fn density(inputs: &mut Inputs) -> Option<f64> {
    let given = field(&["rho0", "rho", "rho_rel", "rho_gas"], Dim::Density, POSITIVE, 5000.0);
    if inputs.has(&given) {
        return inputs.get(&given);
    }
    let m = molar_mass(inputs)?;
    let t = inputs.or(&field(&["T"], Dim::Temperature, 15.0, 3000.0), physics::ROOM)?;
    Some(physics::gas_density(physics::ATMOSPHERE, m, t))
}

/// Density of the air: given, or at the ambient temperature.
pub fn air_density(inputs: &mut Inputs) -> Option<f64> {
    let given = field(&["rho_a", "rho_air"], Dim::Density, 0.5, 2.5);
    if inputs.has(&given) {
        return inputs.get(&given);
    }
    let t = inputs.or(&AIR_T, physics::ROOM)?;
    Some(physics::gas_density(physics::ATMOSPHERE, physics::AIR, t))
}

/// The class of a stability for rules that know three groups: 0 unstable, 1 neutral, 2 stable.
#[must_use]
pub fn group(stability: Stability) -> usize {
    match stability.first {
        Class::A | Class::B | Class::C => 0,
        Class::D => 1,
        Class::E | Class::F => 2,
    }
}
