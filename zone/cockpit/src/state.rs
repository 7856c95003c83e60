//! State of a target 状态: a word, a colour and the reason.

use crate::settings::settings;
use crate::texts::{fill, t};
use page::{Light, Tone};
use values::{Decimal, Figure, Lang, fixed};

/// The state of a figure against its target, and why in words.
#[must_use]
pub fn state(figure: &Figure, lang: Lang) -> (Light, String) {
    let light = |tone, key: &str| Light::new(tone, t(lang, &format!("state.{key}")));
    let Some(target) = &figure.target else { return (light(Tone::Grey, "unknown"), String::new()) };
    if figure.value.is_none() {
        return (light(Tone::Grey, "unknown"), t(lang, "state.not_filed"));
    }
    let (slow, behind) = settings().limits();
    let Some(completion) = target.completion else { return rate(figure, lang) };
    let pace = target.pace.unwrap_or(completion - Decimal::ONE_HUNDRED);
    let whole_year = figure.period.is_year();
    let tone = if pace <= behind {
        Tone::Red
    } else if pace <= slow {
        Tone::Amber
    } else {
        Tone::Green
    };
    let key = match (tone, whole_year, completion >= Decimal::ONE_HUNDRED) {
        (_, true, true) => "met",
        (_, true, false) => "missed",
        (Tone::Red, ..) => "behind",
        (Tone::Amber, ..) => "slow",
        _ => "good",
    };
    let reason = match (whole_year, pace.is_sign_negative()) {
        (true, false) => t(lang, "state.over_by"),
        (true, true) => fill(lang, "state.short_by", &[("gap", &gap(figure))]),
        (false, false) => fill(lang, "state.ahead_by", &[("points", &one(pace))]),
        (false, true) => fill(lang, "state.behind_by", &[("points", &one(-pace)), ("gap", &gap(figure))]),
    };
    (light(if whole_year && completion < Decimal::ONE_HUNDRED && tone == Tone::Green { Tone::Amber } else { tone }, key), reason)
}

/// A target that is a rate has no completion: it is compared as it is.
fn rate(figure: &Figure, lang: Lang) -> (Light, String) {
    let target = figure.target.as_ref().and_then(|t| t.value);
    let value = page::Number::from(figure).amount();
    match value.zip(target) {
        Some((value, target)) if value >= target => {
            let points = format!("{}{}", one(value - target), figure.display_unit);
            (Light::new(Tone::Green, t(lang, "state.met")), fill(lang, "state.rate_above", &[("points", &points)]))
        }
        Some((value, target)) => {
            let points = format!("{}{}", one(target - value), figure.display_unit);
            (Light::new(Tone::Amber, t(lang, "state.slow")), fill(lang, "state.rate_below", &[("points", &points)]))
        }
        None => (Light::new(Tone::Grey, t(lang, "state.unknown")), String::new()),
    }
}

/// What is still missing to the whole target, in the target's unit.
fn gap(figure: &Figure) -> String {
    let value = page::Number::from(figure).amount();
    let target = figure.target.as_ref();
    match value.zip(target.and_then(|t| t.value)) {
        Some((value, goal)) if goal > value => format!("{} {}", one(goal - value), target.map_or("", |t| t.unit.as_str())),
        _ => "0".into(),
    }
}

/// One digit after the point.
pub(crate) fn one(value: Decimal) -> String {
    let mut shown = fixed::round(value, 1);
    shown.rescale(1);
    shown.to_string()
}
