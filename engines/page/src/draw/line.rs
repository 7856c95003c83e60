//! Lines over time with their target path and forecast, growth as bars beneath.

use super::svg::{Anchor, Ink, Svg, text_width};
use super::{amount, nice_step};
use crate::chart::{LineChart, Series, SeriesKind};
use crate::number::{fixed_text, grouped};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use values::Lang;

const WIDTH: f64 = 526.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 446.0;
const TOP: f64 = 14.0;
const FLOOR: f64 = 150.0;
const GROWTH_TOP: f64 = 190.0;
const GROWTH_FLOOR: f64 = 214.0;

/// What turns labels and values into places.
struct Scale {
    step: f64,
    zero: f64,
    unit: f64,
}

impl Scale {
    fn x(&self, index: usize) -> f64 {
        LEFT + self.step * index as f64
    }
    fn y(&self, value: f64) -> f64 {
        self.zero - value * self.unit
    }
}

pub(super) fn draw(chart: &LineChart, ink: Ink, lang: Lang) -> String {
    let has_growth = chart.growth.iter().flatten().any(|n| amount(n).is_some());
    let mut svg = Svg::new(ink, WIDTH, if has_growth { 236.0 } else { 172.0 }, &chart.label);
    let scale = axis(&mut svg, chart);
    band(&mut svg, chart, &scale);
    let mut ends = Vec::new();
    // Actual lines last, on top of what they are held against.
    let ordered = chart.series.iter().filter(|s| s.kind != SeriesKind::Actual);
    for series in ordered.chain(chart.series.iter().filter(|s| s.kind == SeriesKind::Actual)) {
        curve(&mut svg, series, &scale);
        let last = series.points.iter().rposition(|p| p.as_ref().and_then(amount).is_some());
        if let Some(last) = last
            && series.kind != SeriesKind::Actual
        {
            ends.push(end_label(series, last, &scale, lang));
        }
    }
    ends.extend(mark(&mut svg, chart, &scale, lang));
    labels(&mut svg, ends);
    if has_growth {
        growth(&mut svg, chart, &scale, lang);
    }
    months(&mut svg, chart, &scale, if has_growth { 229.0 } else { 168.0 });
    svg.finish()
}

fn points(series: &Series) -> impl Iterator<Item = (usize, f64)> {
    series.points.iter().enumerate().filter_map(|(i, p)| p.as_ref().and_then(amount).map(|v| (i, v)))
}

/// Grid lines from zero, at most four steps up and as many down as needed.
fn axis(svg: &mut Svg, chart: &LineChart) -> Scale {
    let banded = chart.band.iter().flatten().flat_map(|(low, high)| [amount(low), amount(high)]).flatten();
    let all: Vec<f64> = chart.series.iter().flat_map(points).map(|(_, v)| v).chain(banded).collect();
    let high = all.iter().copied().fold(0.0, f64::max);
    let low = all.iter().copied().fold(0.0, f64::min);
    let step = nice_step(high - low);
    let span = if high - low > 0.0 { high - low } else { 1.0 };
    let unit = (FLOOR - TOP) / span;
    let zero = FLOOR + low * unit;
    let digits = if step < 1.0 { 1 } else { 0 };
    let (first, last) = ((low / step).ceil() as i32, (high / step).floor() as i32);
    for i in first..=last {
        let value = step * f64::from(i);
        let y = zero - value * unit;
        svg.line(if i == 0 && low < 0.0 { "l-edge" } else { "l-axis" }, (44.0, y), (RIGHT, y), "");
        let text = Decimal::from_f64(value).map_or_else(String::new, |d| grouped(&fixed_text(d, digits)));
        svg.text("", (38.0, y + 4.0), Anchor::End, &text);
    }
    Scale { step: (RIGHT - LEFT) / (chart.axis.len().saturating_sub(1).max(1)) as f64, zero, unit }
}

fn band(svg: &mut Svg, chart: &LineChart, scale: &Scale) {
    let known = chart.band.iter().enumerate().filter_map(|(i, b)| {
        let (low, high) = b.as_ref()?;
        Some((scale.x(i), scale.y(amount(low)?), scale.y(amount(high)?)))
    });
    let known: Vec<_> = known.collect();
    if known.len() > 1 {
        let upper = known.iter().map(|(x, _, high)| (*x, *high));
        let lower = known.iter().rev().map(|(x, low, _)| (*x, *low));
        svg.polygon("f-band", &upper.chain(lower).collect::<Vec<_>>());
    }
}

/// The line itself; a blank breaks it.
fn curve(svg: &mut Svg, series: &Series, scale: &Scale) {
    let (class, more) = match series.kind {
        SeriesKind::Actual => ("l-brand", r#" stroke-width="2.6""#),
        SeriesKind::YearBefore => ("l-mute", r#" stroke-width="1.6""#),
        SeriesKind::Target => ("l-red", r#" stroke-width="1.5" stroke-dasharray="7 4""#),
        SeriesKind::Forecast => ("l-brand", r#" stroke-width="1.5" stroke-dasharray="2 3""#),
    };
    let mut run: Vec<(f64, f64)> = Vec::new();
    let mut before = None;
    for (i, value) in points(series) {
        let is_gap = before.is_some_and(|b| i > b + 1);
        if is_gap && series.kind == SeriesKind::Actual {
            svg.polyline(class, &std::mem::take(&mut run), more);
        }
        run.push((scale.x(i), scale.y(value)));
        before = Some(i);
    }
    svg.polyline(class, &run, more);
    if series.kind == SeriesKind::Actual {
        for (i, value) in points(series) {
            svg.circle("f-surface l-brand", (scale.x(i), scale.y(value)), 2.6, r#" stroke-width="1.6""#);
        }
    }
}

fn end_label(series: &Series, last: usize, scale: &Scale, lang: Lang) -> (f64, &'static str, String) {
    let value = series.points[last].as_ref();
    let y = scale.y(value.and_then(amount).unwrap_or(0.0));
    let words = if series.end.is_empty() {
        format!("{} {}", series.label, value.map_or_else(String::new, |n| n.text(lang)))
    } else {
        series.end.clone()
    };
    let class = match series.kind {
        SeriesKind::Target => "t-red",
        SeriesKind::Forecast | SeriesKind::Actual => "t-brand",
        SeriesKind::YearBefore => "",
    };
    (y, class, words)
}

/// Labels at the line ends, pushed apart so that none covers another.
fn labels(svg: &mut Svg, mut ends: Vec<(f64, &'static str, String)>) {
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = 11.0;
    for (y, class, words) in ends {
        let at = (y + 4.0).max(free);
        svg.text(class, (452.0, at), Anchor::Start, &words);
        free = at + 16.0;
    }
}

/// The point that is looked at, in the colour of origin: it leads to the
/// figure. Its label is given back where it stands among those at the line ends.
fn mark(svg: &mut Svg, chart: &LineChart, scale: &Scale, lang: Lang) -> Option<(f64, &'static str, String)> {
    let series = chart.series.iter().rfind(|s| s.kind == SeriesKind::Actual)?;
    let (index, value) = points(series).filter(|(i, _)| chart.marked.is_none_or(|m| *i == m)).last()?;
    let number = series.points[index].as_ref()?;
    let (x, y) = (scale.x(index), scale.y(value));
    let name = chart.axis.get(index).map_or("", String::as_str);
    let name = if name.chars().all(|c| c.is_ascii_digit()) && lang == Lang::Zh { format!("{name}月") } else { name.to_owned() };
    let words = if chart.mark.is_empty() { format!("{name} {}", number.text(lang)) } else { chart.mark.clone() };
    let linked = svg.open_link(number.link().as_deref(), &format!("{words}{}", number.unit(lang)));
    svg.circle("f-origin", (x, y), 5.0, "");
    let is_last = index + 1 == chart.axis.len();
    if is_last {
        svg.close_link(linked);
        return Some((y, "t-brand", words));
    }
    if x - 8.0 - text_width(&words) > 44.0 {
        svg.text("t-brand halo", (x - 8.0, (y - 9.0).max(11.0)), Anchor::End, &words);
    } else {
        svg.text("t-brand halo", (x + 8.0, y + 18.0), Anchor::Start, &words);
    }
    svg.close_link(linked);
    None
}

fn growth(svg: &mut Svg, chart: &LineChart, scale: &Scale, lang: Lang) {
    let values: Vec<Option<f64>> = chart.growth.iter().map(|n| n.as_ref().and_then(amount)).collect();
    let high = values.iter().flatten().copied().fold(0.0, f64::max);
    let low = values.iter().flatten().copied().fold(0.0, f64::min);
    let unit = (GROWTH_FLOOR - GROWTH_TOP + 14.0) / (high - low).max(f64::EPSILON);
    let zero = GROWTH_FLOOR + low * unit;
    svg.line("l-edge", (44.0, zero), (RIGHT, zero), "");
    let (first, second) = chart.growth_label.split_once('\n').unwrap_or((&chart.growth_label, ""));
    svg.text("", (36.0, 192.0), Anchor::End, first);
    svg.text("", (36.0, 207.0), Anchor::End, second);
    let last = values.iter().rposition(Option::is_some);
    let bar = (scale.step - 16.0).clamp(4.0, 22.0);
    for (i, value) in values.iter().enumerate() {
        let (Some(value), Some(number)) = (value, chart.growth[i].as_ref()) else { continue };
        let (size, x) = (value.abs() * unit, scale.x(i));
        let (fill, text) = if *value < 0.0 { ("f-down", "t-down") } else { ("f-up", "t-up") };
        let faded = if Some(i) == last { "" } else { r#" opacity="0.55""# };
        let linked =
            svg.open_link(number.link().as_deref(), &format!("{} {}", chart.axis.get(i).map_or("", String::as_str), number.text(lang)));
        let y = if *value < 0.0 { zero } else { zero - size };
        svg.rect_with(fill, x - bar / 2.0, y, bar, size.max(0.5), faded);
        let printed = number.amount().map_or_else(String::new, |a| grouped(&fixed_text(a, 1)));
        svg.text(text, (x, y - 4.0), Anchor::Middle, &printed);
        svg.close_link(linked);
    }
    if !chart.growth_note.is_empty() {
        svg.text("", (452.0, 200.0), Anchor::Start, &chart.growth_note);
    }
}

/// Labels of the axis; every other one if they do not fit.
fn months(svg: &mut Svg, chart: &LineChart, scale: &Scale, y: f64) {
    let widest = chart.axis.iter().map(|l| text_width(l)).fold(0.0, f64::max);
    let every = if widest + 2.0 > scale.step * 1.15 { (widest / scale.step).ceil().max(1.0) as usize } else { 1 };
    for (i, label) in chart.axis.iter().enumerate() {
        if i % every == 0 || i + 1 == chart.axis.len() {
            svg.text("", (scale.x(i), y), Anchor::Middle, label);
        }
    }
}
