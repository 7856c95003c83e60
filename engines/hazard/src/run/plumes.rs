//! Questions about one plume or one puff, with marks, contours and warnings.

use super::{air, place, says};
use crate::air::plume::Plume;
use crate::air::puff::Puff;
use crate::air::reach::{SEARCHED, reach};
use crate::air::sigma::Curves;
use crate::air::stability::Stability;
use crate::air::{exposure, heavy};
use crate::answer::{Answer, Distance, Point};
use crate::facts::{Toxic, dispersion, endpoints, toxic};
use crate::field::contour::{self, Contour};
use crate::input::{Field, Inputs, POSITIVE, field};
use crate::physics;
use crate::units::Dim;
use crate::words;
use serde_json::Value;
use values::{Confidence, Severity};

/// x downwind, y across, z above ground.
pub const X: Field = field(&["x", "distance"], Dim::Length, -1e6, 1e6);
/// Across.
pub const Y: Field = field(&["y"], Dim::Length, -1e6, 1e6);
/// Above ground.
pub const Z: Field = field(&["z"], Dim::Length, 0.0, 5000.0);
/// Height of the source.
pub const HEIGHT: Field = field(&["H", "He", "h", "height"], Dim::Length, 0.0, 2000.0);
/// Continuous source.
pub const SOURCE: Field = field(&["Q", "q", "源强"], Dim::MassFlow, 0.0, 1e6);

/// A level that matters: what it means, the level in kg/m³ and how sure it is.
#[derive(Debug, Clone)]
pub struct Level {
    /// `AEGL-3 60 min`
    pub mark: String,
    /// kg/m³
    pub level: f64,
    /// How sure.
    pub confidence: Confidence,
}

/// Distances on the axis at which a table is given, m.
const TABLE: [f64; 14] = [50.0, 100.0, 150.0, 200.0, 300.0, 500.0, 700.0, 1000.0, 1500.0, 2000.0, 3000.0, 5000.0, 7000.0, 10_000.0];

/// `plume`: concentration at a point, by distance, reach of each mark, contours.
pub fn plume(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let open = place::in_the_open(inputs);
    let q = inputs.need(&SOURCE);
    let height = inputs.or(&HEIGHT, 0.0)?;
    let (terrain, stability) = (air::terrain(inputs)?, air::stability(inputs, out)?);
    let u = air::wind_at(inputs, terrain, stability, height);
    let z = inputs.or(&Z, 0.0)?;
    let y = inputs.or(&Y, 0.0)?;
    let x = if inputs.has(&X) { Some(inputs.get(&X)?) } else { None };
    let levels = levels(inputs)?;
    place::on_map(inputs, out)?;
    out.wind_arrow = true;
    let factor = averaging(inputs, out)?;
    let (q, u, ()) = (q?, u?, open?);
    let plume = Plume { q: q * factor, u, height, terrain, stability };
    let substance = substance(inputs)?;
    let molar = molar(inputs, substance)?;
    if x.is_none() && levels.is_empty() {
        inputs.say(Severity::Error, "hazard.missing_input", "x", &[("name", "x"), ("unit", "m")]);
        return None;
    }
    if let Some(x) = x {
        concentration(out, plume.at(x, y, z), molar);
        outside_range(inputs, out, x);
    }
    out.point_unit = "kg/m3";
    out.points.extend(x.map(|x| Point { x, y, z, value: plume.at(x, y, z) }));
    out.points.extend(TABLE.map(|x| Point { x, y: 0.0, z, value: plume.at(x, 0.0, z) }));
    for level in &levels {
        of_level(inputs, out, &plume, z, level);
    }
    if x.is_none() {
        head_with_distance(out);
    }
    warn_if_heavy(inputs, out, |density, air| heavy::continuous(q, density, air, u, None), molar)?;
    says(inputs, out, &["model.plume"], &["limit.gaussian", "limit.screening"], dispersion().confidence);
    Some(())
}

/// The first distance is the value where no point was asked for.
fn head_with_distance(out: &mut Answer) {
    let first = out.distances.iter().find_map(|d| d.distance);
    out.quantity = "distance".into();
    out.unit = "m";
    if let Some(d) = first {
        out.set("distance", d, "m");
    }
}

fn concentration(out: &mut Answer, c: f64, molar: Option<f64>) {
    out.set("concentration", c, "kg/m3");
    out.also("concentration_mg_m3", c * 1e6, "mg/m3");
    if let Some(m) = molar {
        out.also("concentration_ppm", physics::ppm(c * 1e6, m * 1e3), "ppm");
    }
}

fn outside_range(inputs: &Inputs, out: &mut Answer, x: f64) {
    let range = &dispersion().range;
    if x > 0.0 && !(range.from_m..=range.to_m).contains(&x) {
        let text = words::text(inputs.lang, "limit.outside_range", &[("x", &format!("{x}"))]);
        out.limits.push(text);
    }
}

/// Reach, half-width and contour of one level.
fn of_level(inputs: &Inputs, out: &mut Answer, plume: &Plume, z: f64, level: &Level) {
    let found = reach(|x| plume.at(x, 0.0, z), level.level);
    let ring = contour::of_plume(plume, z, level.level);
    let half = ring.as_ref().map(|r| r.iter().map(|p| p.1).fold(0.0, f64::max));
    let range = &dispersion().range;
    let note = match found {
        None => words::text(inputs.lang, "limit.nowhere", &[]),
        Some(r) if r.to >= SEARCHED.1 * 0.999 => words::text(inputs.lang, "limit.beyond_search", &[]),
        Some(r) if r.to > range.to_m || r.to < range.from_m => {
            words::text(inputs.lang, "limit.outside_range", &[("x", &format!("{:.0}", r.to))])
        }
        Some(_) => String::new(),
    };
    out.rests_on(level.confidence);
    out.distances.push(Distance {
        mark: level.mark.clone(),
        level: level.level * 1e6,
        unit: "mg/m3",
        distance: found.map(|r| r.to),
        from: found.map(|r| if r.from <= SEARCHED.0 { 0.0 } else { r.from }),
        half_width: half,
        note,
        confidence: level.confidence,
    });
    if let Some(ring) = ring {
        out.contours.push(Contour { mark: level.mark.clone(), level: level.level * 1e6, unit: "mg/m3", rings: vec![ring] });
    }
}

/// `puff`: concentration at a point and time, or the peak that passes a point.
pub fn puff(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let open = place::in_the_open(inputs);
    let mass = inputs.need(&field(&["m", "mass", "质量"], Dim::Mass, 0.0, 1e9));
    let height = inputs.or(&HEIGHT, 0.0)?;
    let (terrain, stability) = (air::terrain(inputs)?, air::stability(inputs, out)?);
    let u = air::wind_at(inputs, terrain, stability, height);
    let (y, z) = (inputs.or(&Y, 0.0)?, inputs.or(&Z, 0.0)?);
    let time = field(&["t", "time"], Dim::Time, 0.0, 1e6);
    let x = if inputs.has(&X) { Some(inputs.get(&X)?) } else { None };
    let t = if inputs.has(&time) { Some(inputs.get(&time)?) } else { None };
    let levels = levels(inputs)?;
    place::on_map(inputs, out)?;
    out.wind_arrow = true;
    let (mass, u, ()) = (mass?, u?, open?);
    let puff = Puff { mass, u, height, curves: Curves::Puff, stability };
    let substance = substance(inputs)?;
    let molar = molar(inputs, substance)?;
    match (x, t) {
        (Some(x), Some(t)) => concentration(out, puff.at(x, y, z, t), molar),
        (None, Some(t)) => concentration(out, puff.at(u * t, y, z, t), molar),
        (Some(x), None) => {
            let (peak, at) = puff.peak(x, y, z);
            concentration(out, peak, molar);
            out.also("time_of_peak", at, "s");
        }
        (None, None) if levels.is_empty() => {
            inputs.say(Severity::Error, "hazard.missing_input", "x", &[("name", "x"), ("unit", "m")]);
            return None;
        }
        (None, None) => {}
    }
    out.point_unit = "kg/m3";
    out.points.extend(x.zip(t).map(|(x, t)| Point { x, y, z, value: puff.at(x, y, z, t) }));
    out.points.extend(TABLE.map(|x| Point { x, y: 0.0, z, value: puff.at(x, 0.0, z, x / u) }));
    for level in &levels {
        puff_reach(inputs, out, &puff, z, t, level);
    }
    if x.is_none() && t.is_none() {
        head_with_distance(out);
    }
    warn_if_heavy(inputs, out, |density, air| heavy::instantaneous(mass, density, air, u), molar)?;
    says(inputs, out, &["model.puff"], &["limit.gaussian", "limit.screening"], dispersion().confidence);
    Some(())
}

/// How far the puff's centre carries a level, and its circle at `t`.
fn puff_reach(inputs: &Inputs, out: &mut Answer, puff: &Puff, z: f64, t: Option<f64>, level: &Level) {
    let found = reach(|x| puff.at(x, 0.0, z, x / puff.u), level.level);
    let note = if found.is_none() { words::text(inputs.lang, "limit.nowhere", &[]) } else { String::new() };
    out.rests_on(level.confidence);
    out.distances.push(Distance {
        mark: level.mark.clone(),
        level: level.level * 1e6,
        unit: "mg/m3",
        distance: found.map(|r| r.to),
        from: found.map(|r| if r.from <= SEARCHED.0 { 0.0 } else { r.from }),
        half_width: None,
        note,
        confidence: level.confidence,
    });
    if let Some(t) = t {
        let centre = puff.u * t;
        // The puff is round: bisect the radius on which the level lies.
        let (mut low, mut high) = (0.0, centre.max(1.0) * 4.0);
        if puff.at(centre, 0.0, z, t) >= level.level {
            for _ in 0..60 {
                let mid = 0.5 * (low + high);
                if puff.at(centre + mid, 0.0, z, t) >= level.level { low = mid } else { high = mid }
            }
            let ring = contour::circle(low).into_iter().map(|(x, y)| (x + centre, y)).collect();
            out.contours.push(Contour { mark: level.mark.clone(), level: level.level * 1e6, unit: "mg/m3", rings: vec![ring] });
        }
    }
}

/// The averaging time asked for, as a factor on every concentration.
pub fn averaging(inputs: &mut Inputs, out: &mut Answer) -> Option<f64> {
    let minutes = field(&["averaging", "averaging_time", "平均时间"], Dim::Time, 1.0, 86_400.0);
    if !inputs.has(&minutes) {
        return Some(1.0);
    }
    let minutes = inputs.get(&minutes)? / 60.0;
    says(inputs, out, &["model.averaging"], &[], dispersion().averaging.confidence);
    Some(exposure::averaging_factor(dispersion().range.averaging_min, minutes))
}

/// The named toxic substance, if one is named.
#[allow(clippy::option_option, reason = "the outer None has left a finding, the inner says that none is named")]
pub fn substance(inputs: &mut Inputs) -> Option<Option<&'static Toxic>> {
    let Some(name) = inputs.word(&["substance", "物质"]) else { return Some(None) };
    let found = toxic(&name);
    if found.is_none() {
        inputs.say(Severity::Error, "hazard.unknown_toxic", "substance", &[("found", &name)]);
        return None;
    }
    Some(found)
}

/// Molar mass, kg/mol: given, else the substance's; none where neither is known.
#[allow(clippy::option_option, reason = "as above")]
pub fn molar(inputs: &mut Inputs, substance: Option<&Toxic>) -> Option<Option<f64>> {
    if inputs.has(&air::MOLAR) {
        return Some(Some(air::molar_mass(inputs)?));
    }
    Some(substance.and_then(|s| s.molar_mass_g_mol).map(|g| g * 1e-3))
}

/// Levels: the substance's endpoints, `levels_mg_m3`, `level_mg_m3`, `level_ppm`.
pub fn levels(inputs: &mut Inputs) -> Option<Vec<Level>> {
    let mut out = Vec::new();
    let substance = substance(inputs)?;
    if let Some(s) = substance {
        out.extend(endpoint_levels(s));
    }
    let list = inputs.raw("levels_mg_m3").or_else(|| inputs.raw("levels"));
    for item in list.as_ref().and_then(Value::as_array).into_iter().flatten() {
        match item.as_f64().filter(|l| *l > 0.0) {
            Some(mg) => out.push(Level { mark: format!("{mg} mg/m3"), level: mg * 1e-6, confidence: Confidence::A }),
            None => {
                inputs.say(Severity::Error, "hazard.not_a_level", "levels_mg_m3", &[("found", &item.to_string())]);
                return None;
            }
        }
    }
    let one = field(&["level", "limit", "C_limit", "终点浓度"], Dim::Concentration, POSITIVE, 100.0);
    if inputs.has(&one) {
        let level = inputs.get(&one)?;
        out.push(Level { mark: format!("{} mg/m3", crate::answer::text(level * 1e6)), level, confidence: Confidence::A });
    }
    let ppm = field(&["level_ppm", "limit_ppm"], Dim::None, POSITIVE, 1e6);
    if inputs.has(&ppm) {
        let ppm = inputs.get(&ppm)?;
        match molar(inputs, substance)? {
            Some(m) => {
                out.push(Level { mark: format!("{ppm} ppm"), level: physics::mg_m3(ppm, m * 1e3) * 1e-6, confidence: Confidence::A })
            }
            None => {
                inputs.say(Severity::Error, "hazard.missing_input", "M", &[("name", "M"), ("unit", "kg/mol")]);
                return None;
            }
        }
    }
    Some(out)
}

/// The endpoints of a substance, highest first.
fn endpoint_levels(s: &Toxic) -> Vec<Level> {
    let confidence = endpoints().confidence;
    let in_mg = |ppm: Option<f64>| ppm.zip(s.molar_mass_g_mol).map(|(p, m)| physics::mg_m3(p, m));
    let all = [
        ("HJ 169 终点浓度-1", s.endpoint_1_mg_m3),
        ("HJ 169 终点浓度-2", s.endpoint_2_mg_m3),
        ("AEGL-3 60 min", in_mg(s.aegl_3_ppm)),
        ("AEGL-2 60 min", in_mg(s.aegl_2_ppm)),
        ("IDLH", in_mg(s.idlh_ppm)),
    ];
    let known = all.into_iter().filter_map(|(mark, mg)| Some(Level { mark: mark.into(), level: mg? * 1e-6, confidence }));
    let mut levels: Vec<Level> = known.collect();
    levels.sort_by(|a, b| b.level.total_cmp(&a.level));
    levels
}

/// Says "heavier than air: model understates" where the tests hold.
pub fn warn_if_heavy(inputs: &mut Inputs, out: &mut Answer, test: impl Fn(f64, f64) -> heavy::Heavy, molar: Option<f64>) -> Option<()> {
    let given = field(&["rho0", "rho_rel", "rho_gas"], Dim::Density, POSITIVE, 5000.0);
    let density = if inputs.has(&given) {
        Some(inputs.get(&given)?)
    } else {
        let t = inputs.or(&field(&["T"], Dim::Temperature, 15.0, 3000.0), physics::ROOM)?;
        molar.map(|m| physics::gas_density(physics::ATMOSPHERE, m, t))
    };
    let Some(density) = density else { return Some(()) };
    let found = test(density, air::air_density(inputs)?);
    if let Some(bm) = found.britter_mcquaid {
        out.also("britter_mcquaid", bm, "-");
    }
    out.also("richardson", found.richardson, "-");
    if found.is_heavy {
        out.limits.insert(0, words::text(inputs.lang, "limit.heavier", &[]));
        inputs.say(Severity::Note, "hazard.heavier_than_air", "substance", &[]);
    }
    Some(())
}

/// The class and terrain of a train of puffs, shared with [`super::trains`].
pub fn class_of(inputs: &mut Inputs, out: &mut Answer) -> Option<(crate::air::sigma::Terrain, Stability)> {
    Some((air::terrain(inputs)?, air::stability(inputs, out)?))
}
