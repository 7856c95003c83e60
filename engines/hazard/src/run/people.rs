//! Questions about people in the cloud: averaging, shelter, load, ppm.

use super::plumes::{molar, substance};
use super::says;
use crate::air::exposure::{self, Step};
use crate::answer::{Answer, Table};
use crate::facts::{Probit, dispersion, endpoints};
use crate::input::{Field, Inputs, POSITIVE, field};
use crate::physics;
use crate::units::Dim;
use serde_json::Value;
use values::{Confidence, Severity};

const C: Field = field(&["C", "c", "concentration"], Dim::Concentration, 0.0, 100.0);
const DURATION: Field = field(&["duration", "t", "exposure"], Dim::Time, POSITIVE, 1e6);

/// `averaging`: a concentration for another averaging time.
pub fn averaging(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let c = inputs.need(&field(&["C1", "C", "concentration"], Dim::Concentration, 0.0, 100.0));
    let t1 = inputs.need(&field(&["t1"], Dim::Time, POSITIVE, 1e6));
    let t2 = inputs.need(&field(&["t2"], Dim::Time, POSITIVE, 1e6));
    let factor = exposure::averaging_factor(t1?, t2?);
    out.set("concentration", c? * factor, "kg/m3");
    out.also("factor", factor, "-");
    says(inputs, out, &["model.averaging"], &["limit.averaging"], dispersion().averaging.confidence);
    Some(())
}

/// Concentration outdoors over time: a series, or one value over a duration (then clean air).
fn series(inputs: &mut Inputs) -> Option<(Vec<Step>, f64)> {
    if let Some(list) = inputs.raw("series") {
        let mut steps = Vec::new();
        for (n, item) in list.as_array().cloned().unwrap_or_default().iter().enumerate() {
            let mut row = inputs.item("series", n, &item.as_object().cloned().unwrap_or_default());
            let from = row.need(&field(&["t", "from"], Dim::Time, 0.0, 1e7));
            let c = row.need(&C);
            inputs.findings.0.append(&mut row.findings.0);
            steps.push(Step { from: from?, outdoors: c? });
        }
        if steps.is_empty() || steps.windows(2).any(|w| w[1].from <= w[0].from) {
            inputs.say(Severity::Error, "hazard.series_order", "series", &[]);
            return None;
        }
        let end = inputs.need(&field(&["end", "duration"], Dim::Time, POSITIVE, 1e7))?;
        return Some((steps, end));
    }
    let (c, duration) = (inputs.need(&C), inputs.need(&DURATION));
    let (c, duration) = (c?, duration?);
    let end = inputs.or(&field(&["end"], Dim::Time, duration, 1e7), duration)?;
    Some((vec![Step { from: 0.0, outdoors: c }, Step { from: duration, outdoors: 0.0 }], end))
}

/// `shelter`: concentration indoors over time.
pub fn shelter(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let changes = inputs.need(&field(&["air_changes", "ach", "n", "换气次数"], Dim::Rate, 0.0, 1.0));
    let (steps, end) = series(inputs)?;
    let rows = exposure::indoors(&steps, end, changes?);
    let inside = rows.last().map_or(0.0, |r| r.1);
    let highest = rows.iter().map(|r| r.1).fold(0.0, f64::max);
    out.set("indoors", inside, "kg/m3");
    out.also("highest_indoors", highest, "kg/m3");
    let outdoors = steps.iter().map(|s| s.outdoors).fold(0.0, f64::max);
    out.also("share_of_outdoors", if outdoors > 0.0 { highest / outdoors } else { 0.0 }, "-");
    out.table = Some(Table { head: vec!["t", "indoors"], units: vec!["s", "kg/m3"], rows: rows.iter().map(|r| vec![r.0, r.1]).collect() });
    says(inputs, out, &["model.shelter"], &["limit.shelter"], Confidence::B);
    Some(())
}

/// `toxic load`: Σ Cⁿ t, probit and share of deaths.
pub fn toxic_load(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let known = substance(inputs)?;
    let n = field(&["n", "exponent"], Dim::None, 0.1, 10.0);
    let (a, b) = (field(&["a"], Dim::None, -200.0, 200.0), field(&["b"], Dim::None, POSITIVE, 50.0));
    let constants = if inputs.has(&a) || inputs.has(&b) {
        let (a, b, n) = (inputs.need(&a), inputs.need(&b), inputs.need(&n));
        Some(Probit { a: a?, b: b?, n: n? })
    } else {
        known.and_then(|s| s.probit).inspect(|_| out.rests_on(endpoints().probit.confidence))
    };
    let exponent = match (inputs.has(&n), constants) {
        (true, _) => inputs.get(&n)?,
        (false, Some(p)) => p.n,
        (false, None) => {
            inputs.say(Severity::Error, "hazard.missing_input", "n", &[("name", "n"), ("unit", "-")]);
            return None;
        }
    };
    let (steps, end) = series(inputs)?;
    let spans = steps.iter().enumerate().map(|(i, s)| (steps.get(i + 1).map_or(end, |x| x.from).min(end) - s.from, s.outdoors));
    let minutes: Vec<(f64, f64)> = spans.map(|(t, c)| (t.max(0.0) / 60.0, c * 1e6)).collect();
    let load = exposure::toxic_load(&minutes, exponent);
    out.set("toxic_load", load, "(mg/m3)^n min");
    if let (Some(p), true) = (constants, load > 0.0) {
        let pr = exposure::probit(p, load);
        out.also("probit", pr, "-");
        out.also("deaths_share", exposure::share(pr), "-");
    }
    says(inputs, out, &["model.toxic_load"], &["limit.toxic_load"], Confidence::B);
    Some(())
}

/// `ppm`: ppm and mg/m³ at 25 °C and 1 atm.
pub fn ppm(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let known = substance(inputs)?;
    let Some(m) = molar(inputs, known)? else {
        inputs.say(Severity::Error, "hazard.missing_input", "M", &[("name", "M"), ("unit", "kg/mol")]);
        return None;
    };
    let given = inputs.raw("ppm").as_ref().and_then(Value::as_f64);
    if let Some(ppm) = given.filter(|p| *p >= 0.0) {
        out.set("mg_m3", physics::mg_m3(ppm, m * 1e3), "mg/m3");
    } else {
        let mg = field(&["mg_m3"], Dim::None, 0.0, 1e9);
        let value = if inputs.has(&mg) { inputs.get(&mg)? } else { inputs.need(&C)? * 1e6 };
        out.set("ppm", physics::ppm(value, m * 1e3), "ppm");
    }
    says(inputs, out, &["model.ppm"], &["limit.ppm"], Confidence::A);
    Some(())
}
