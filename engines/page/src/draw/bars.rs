//! Bars: contributions, months, parts of a whole.

use super::amount;
use super::svg::{Anchor, Ink, Svg, text_width};
use crate::chart::{Bars, Contributions, Shares};
use crate::line::Tone;
use values::Lang;

/// One axis; up to the right in red, down to the left in green.
pub(super) fn contributions(chart: &Contributions, ink: Ink, lang: Lang) -> String {
    let (width, row) = (300.0, 25.0);
    let height = row * chart.bars.len() as f64 + 4.0;
    let mut svg = Svg::new(ink, width, height, &chart.label);
    let names = chart.bars.iter().map(|b| text_width(&b.label)).fold(0.0, f64::max).min(132.0);
    let values: Vec<f64> = chart.bars.iter().map(|b| amount(&b.number).unwrap_or(0.0)).collect();
    let up = values.iter().copied().fold(0.0, f64::max);
    let down = -values.iter().copied().fold(0.0, f64::min);
    let texts: Vec<String> = chart.bars.iter().map(|b| b.number.text(lang)).collect();
    let room = texts.iter().map(|t| text_width(t)).fold(0.0, f64::max) + 6.0;
    let left = names + 6.0 + if down > 0.0 { room } else { 0.0 };
    let scale = if up + down > 0.0 { (width - left - room).max(20.0) / (up + down) } else { 0.0 };
    let axis = left + down * scale;
    svg.line("l-edge", (axis, 0.0), (axis, height), "");
    for (i, bar) in chart.bars.iter().enumerate() {
        let y = row * i as f64;
        let label = format!("{} {}{}", bar.label, texts[i], bar.number.unit(lang));
        let linked = svg.open_link(bar.number.link().as_deref(), &label);
        svg.text("t", (0.0, y + 17.0), Anchor::Start, &shortened(&bar.label, 132.0));
        let size = values[i].abs() * scale;
        if values[i] < 0.0 {
            svg.rect("f-down", axis - size, y + 6.0, size, 14.0);
            svg.text("t-down", (axis - size - 5.0, y + 17.0), Anchor::End, &texts[i]);
        } else {
            svg.rect("f-up", axis, y + 6.0, size, 14.0);
            svg.text(if values[i] > 0.0 { "t-up" } else { "t" }, (axis + size + 5.0, y + 17.0), Anchor::Start, &texts[i]);
        }
        svg.close_link(linked);
    }
    svg.finish()
}

/// Bars over time, the last known one marked; a blank leaves its place empty.
pub(super) fn bars(chart: &Bars, ink: Ink, lang: Lang) -> String {
    let (width, floor, top) = (376.0, 46.0, 6.0);
    let mut svg = Svg::new(ink, width, 64.0, &chart.label);
    let values: Vec<Option<f64>> = chart.bars.iter().map(|(_, n)| n.as_ref().and_then(amount)).collect();
    let high = values.iter().flatten().copied().fold(0.0, f64::max);
    let low = values.iter().flatten().copied().fold(0.0, f64::min);
    let scale = if high - low > 0.0 { (floor - top) / (high - low) } else { 0.0 };
    let zero = floor + low * scale;
    let last = values.iter().rposition(Option::is_some);
    let step = width / chart.bars.len().max(1) as f64;
    let bar = (step - 8.0).clamp(2.0, 34.0);
    let every = (chart.bars.iter().map(|(l, _)| text_width(l)).fold(0.0, f64::max) / step).ceil().max(1.0) as usize;
    for (i, (label, number)) in chart.bars.iter().enumerate() {
        let middle = step * (i as f64 + 0.5);
        if let (Some(value), Some(number)) = (values[i], number) {
            let name = format!("{label} {}{}", number.text(lang), number.unit(lang));
            let linked = svg.open_link(number.link().as_deref(), &name);
            let size = value.abs() * scale;
            let class = if Some(i) == last { "f-bar" } else { "f-mid" };
            svg.rect(class, middle - bar / 2.0, if value < 0.0 { zero } else { zero - size }, bar, size.max(0.5));
            svg.close_link(linked);
        }
        if i % every == 0 || Some(i) == last {
            svg.text("", (middle, 60.0), Anchor::Middle, label);
        }
    }
    if low < 0.0 {
        svg.line("l-edge", (0.0, zero), (width, zero), "");
    }
    svg.finish()
}

/// A whole in parts: one bar, names beneath.
pub(super) fn shares(chart: &Shares, ink: Ink) -> String {
    let width = 278.0;
    let named: Vec<String> = chart.segments.iter().map(|s| format!("{} {}", s.label, s.count.text())).collect();
    let label = if chart.label.is_empty() { named.join("，") } else { chart.label.clone() };
    let mut svg = Svg::new(ink, width, 34.0, &label);
    let shown: Vec<_> = chart.segments.iter().zip(&named).filter(|(s, _)| s.count.value > 0).collect();
    let total: f64 = shown.iter().map(|(s, _)| s.count.value as f64).sum();
    let free = width - 1.5 * shown.len().saturating_sub(1) as f64;
    let mut x = 0.0;
    for (i, (segment, name)) in shown.iter().enumerate() {
        let size = free * segment.count.value as f64 / total;
        let (fill, text) = match segment.tone {
            Some(Tone::Red) => ("f-red", "t-red"),
            Some(Tone::Amber) => ("f-amber", "t-amber"),
            Some(Tone::Grey) => ("f-mute", ""),
            Some(Tone::Green) | None => ("f-bar", ""),
        };
        let linked = svg.open_link(Some(&segment.count.href), name);
        svg.rect(fill, x, 2.0, size, 9.0);
        // Names spread evenly: first at the left end, last at the right end.
        let (at, anchor) = match (i, shown.len()) {
            (0, _) => (0.0, Anchor::Start),
            (i, n) if i + 1 == n => (width, Anchor::End),
            (i, n) => (width * i as f64 / (n - 1) as f64 + 40.0, Anchor::Middle),
        };
        svg.text(text, (at, 27.0), anchor, name);
        svg.close_link(linked);
        x += size + 1.5;
    }
    svg.finish()
}

/// Cut to a width, with an ellipsis.
fn shortened(words: &str, width: f64) -> String {
    if text_width(words) <= width {
        return words.to_owned();
    }
    let mut out = String::new();
    for c in words.chars() {
        if text_width(&out) + 24.0 > width {
            break;
        }
        out.push(c);
    }
    out + "…"
}
