//! Pictures of one table cell: bullet bar, tally, share, sparkline.

use super::svg::{Ink, Svg};
use super::{amount, float};
use crate::chart::Sparkline;
use crate::line::Tone;
use crate::table::{Bullet, Tally};
use rust_decimal::Decimal;
use values::Lang;

pub(super) fn bullet(bullet: &Bullet, ink: Ink) -> String {
    let width = if bullet.width == 0 { 92.0 } else { f64::from(bullet.width) };
    let mut svg = Svg::new(ink, width + 2.0, 16.0, &bullet.label);
    svg.rect("f-track", 0.0, 4.0, width, 8.0);
    let class = match bullet.tone {
        Tone::Red => "f-red",
        Tone::Amber => "f-amber",
        Tone::Green => "f-bar",
        Tone::Grey => "f-mid",
    };
    svg.rect(class, 0.0, 4.0, width * float(bullet.done).clamp(0.0, 1.0), 8.0);
    if let Some(pace) = bullet.pace {
        svg.rect("f-ink", width * float(pace).clamp(0.0, 1.0) - 1.0 + f64::from(u8::from(float(pace) <= 0.0)), 0.0, 2.0, 16.0);
    }
    svg.finish()
}

pub(super) fn share(share: Decimal, ink: Ink) -> String {
    let mut svg = Svg::new(ink, 90.0, 10.0, "");
    svg.rect("f-mid", 0.0, 0.0, 90.0 * float(share).clamp(0.0, 1.0), 10.0);
    svg.finish()
}

/// Dots up to twelve things, a bar beyond.
pub(super) fn tally(tally: Tally, ink: Ink, lang: Lang) -> String {
    let Tally { done, pending, goal } = tally;
    let label = match lang {
        Lang::Zh => format!("已增 {done}，待批 {pending}，目标 {goal}"),
        Lang::En => format!("{done} added, {pending} applied for, target {goal}"),
    };
    let mut svg = Svg::new(ink, 84.0, 16.0, &label);
    let all = goal.max(done.saturating_add(pending));
    if all > 12 {
        let scale = 84.0 / f64::from(all);
        svg.rect("f-track", 0.0, 4.0, 84.0, 8.0);
        let at = f64::from(done) * scale;
        svg.rect_with("f-none l-brand", at, 4.8, f64::from(pending) * scale, 6.4, r#" stroke-width="1.6""#);
        svg.rect("f-bar", 0.0, 4.0, at, 8.0);
        return svg.finish();
    }
    let step = (84.0 / f64::from(all.max(1))).min(14.0);
    let r = (step / 2.0 - 1.2).min(5.0);
    for i in 0..all {
        let at = (r.max(5.0) * 0.2 + step * (f64::from(i) + 0.5), 8.0);
        if i < done {
            svg.circle("f-bar", at, r, "");
        } else if i < done + pending {
            svg.circle("f-none l-brand", at, r - 0.7, r#" stroke-width="1.6""#);
            svg.circle("f-bar", at, 1.4, "");
        } else {
            svg.circle("f-none l-mute", at, r - 0.5, r#" stroke-dasharray="2 1.6""#);
        }
    }
    svg.finish()
}

pub(super) fn spark(spark: &Sparkline, ink: Ink) -> String {
    let (width, height) = (88.0, 20.0);
    let mut svg = Svg::new(ink, width, height, &spark.label);
    let values: Vec<Option<f64>> = spark.points.iter().map(|p| p.as_ref().and_then(amount)).collect();
    let known = values.iter().flatten().copied();
    let (low, high) = known.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    if low > high {
        return svg.finish();
    }
    let span = if high - low > 0.0 { high - low } else { 1.0 };
    let step = (width - 8.0) / (values.len().saturating_sub(1).max(1)) as f64;
    let place = |i: usize, v: f64| (4.0 + step * i as f64, height - 4.0 - (v - low) / span * (height - 8.0));
    let mut run = Vec::new();
    let mut last = None;
    for (i, value) in values.iter().enumerate() {
        match value {
            Some(v) => {
                run.push(place(i, *v));
                last = Some(place(i, *v));
            }
            None => svg.polyline("l-mid", &std::mem::take(&mut run), r#" stroke-width="1.6""#),
        }
    }
    svg.polyline("l-mid", &run, r#" stroke-width="1.6""#);
    if let Some(at) = last {
        svg.circle("f-bar", at, 2.6, "");
    }
    svg.finish()
}
