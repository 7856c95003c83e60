//! The answer as a picture: contours on a map in metres, else a curve over
//! distance or time. Plain SVG without script or outside reference; the model,
//! its limits and the confidence stand under every picture.

use crate::answer::{Answer, Distance, text};
use crate::geo::local::east_north;
use crate::words;
use std::fmt::Write;
use values::{Confidence, Lang};

const WIDTH: f64 = 960.0;
const LEFT: f64 = 72.0;
const TOP: f64 = 64.0;
/// Width of the drawing itself; the legend stands to the right of it.
const PLOT: f64 = 580.0;
const FONT: &str = "'Source Han Sans SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif";
const INK: &str = "#16252b";
const PALE: &str = "#5b6a70";
const LINE: &str = "#ddd8cb";
/// From the highest level to the lowest.
const COLOURS: [&str; 6] = ["#b3222a", "#c8752f", "#dc9a18", "#1c5a9c", "#5e97a1", "#857f72"];

/// Draws the answer.
#[must_use]
pub fn draw(answer: &Answer, lang: Lang) -> String {
    let body = if !answer.contours.is_empty() {
        map(answer, lang)
    } else if let Some(table) = answer.table.as_ref().filter(|t| t.rows.len() > 1) {
        let series: Vec<Vec<(f64, f64)>> =
            (1..table.head.len()).map(|k| table.rows.iter().filter_map(|r| Some((r[0], *r.get(k)?))).collect()).collect();
        let names = table.head.iter().zip(&table.units).map(|(h, u)| format!("{} ({u})", words::quantity(lang, h))).collect::<Vec<_>>();
        curves(&series, &names, false)
    } else {
        let mut points: Vec<(f64, f64)> =
            answer.points.iter().filter(|p| p.y == 0.0 && p.x > 0.0 && p.value > 0.0).map(|p| (p.x, p.value)).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        if points.len() > 1 {
            curves(&[points], &["x (m)".into(), format!("{} ({})", words::quantity(lang, &answer.quantity), answer.point_unit)], true)
        } else {
            Drawing { svg: String::new(), height: 40.0 }
        }
    };
    let head = answer
        .value
        .map_or(String::new(), |v| format!("{} = {} {}", words::quantity(lang, &answer.quantity), text(round3(v)), answer.unit));
    frame(answer, lang, &head, &body)
}

/// Three significant digits: a picture shows no more.
fn round3(x: f64) -> f64 {
    format!("{x:.2e}").parse().unwrap_or(x)
}

struct Drawing {
    svg: String,
    height: f64,
}

fn frame(answer: &Answer, lang: Lang, head: &str, body: &Drawing) -> String {
    let zh = lang == Lang::Zh;
    let mut notes = Vec::new();
    notes.push(format!("{}{}", if zh { "模型：" } else { "Model: " }, answer.model.join(if zh { "；" } else { "; " })));
    notes.extend(
        answer
            .limits
            .iter()
            .enumerate()
            .map(|(n, l)| if n == 0 { format!("{}{l}", if zh { "限度：" } else { "Limits: " }) } else { format!("　　　{l}") }),
    );
    let mark = match (answer.confidence, zh) {
        (Confidence::C, true) => "（待核实）",
        (Confidence::C, false) => " (to be confirmed)",
        _ => "",
    };
    notes.push(format!("{} {}{mark}", if zh { "可信度" } else { "Confidence" }, answer.confidence.key()));
    let lines: Vec<String> = notes.iter().flat_map(|n| wrapped(n, 72)).collect();
    let at = TOP + body.height + 56.0;
    let height = at + 20.0 * lines.len() as f64 + 16.0;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" width=\"{WIDTH}\" height=\"{height:.0}\" font-family=\"{FONT}\" font-size=\"13\" fill=\"{INK}\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fffefb\"/>\n<text x=\"{LEFT}\" y=\"36\" font-size=\"18\" font-weight=\"600\">{}</text>\n{}",
        escaped(head),
        body.svg
    );
    for (n, line) in lines.iter().enumerate() {
        let _ = writeln!(out, "<text x=\"{LEFT}\" y=\"{:.0}\" fill=\"{PALE}\">{}</text>", at + 20.0 * n as f64, escaped(line));
    }
    out + "</svg>\n"
}

/// Lines of at most `width` half-widths (a Chinese character counts two).
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0);
    for c in text.chars() {
        let w = if c.is_ascii() { 1 } else { 2 };
        if used + w > width * 2 {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        line.push(c);
        used += w;
    }
    lines.push(line);
    lines
}

/// Pixels of metres: x to the right, y upward.
struct Scale {
    x0: f64,
    y1: f64,
    per_metre: f64,
}

impl Scale {
    fn at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (LEFT + (x - self.x0) * self.per_metre, TOP + (self.y1 - y) * self.per_metre)
    }
}

fn map(answer: &Answer, lang: Lang) -> Drawing {
    let turned = |p: (f64, f64)| east_north(p, answer.heading);
    let all: Vec<(f64, f64)> =
        answer.contours.iter().flat_map(|c| c.rings.iter().flatten()).map(|p| turned(*p)).chain([(0.0, 0.0)]).collect();
    let span = |pick: fn(&(f64, f64)) -> f64| all.iter().map(pick).fold((f64::MAX, f64::MIN), |a, v| (a.0.min(v), a.1.max(v)));
    let (x, y) = (span(|p| p.0), span(|p| p.1));
    let pad = 0.06 * (x.1 - x.0).max(y.1 - y.0).max(1.0);
    let (w, h) = (x.1 - x.0 + 2.0 * pad, y.1 - y.0 + 2.0 * pad);
    let per_metre = (PLOT / w).min(520.0 / h);
    // A long thin plume leaves room: the drawing keeps at least 150 px of height.
    let height = (h * per_metre).max(150.0);
    let width = PLOT;
    let extra = (height / per_metre - h) / 2.0;
    let aside = (width / per_metre - w) / 2.0;
    let scale = Scale { x0: x.0 - pad - aside, y1: y.1 + pad + extra, per_metre };
    let mut svg = String::new();
    let (right, bottom) = (scale.x0 + width / per_metre, scale.y1 - height / per_metre);
    map_axes(&mut svg, &scale, (scale.x0, right), (bottom, scale.y1), height, answer, lang);
    let _ = writeln!(
        svg,
        "<clipPath id=\"plot\"><rect x=\"{LEFT}\" y=\"{TOP}\" width=\"{width}\" height=\"{height:.1}\"/></clipPath>\n<g clip-path=\"url(#plot)\">"
    );
    let mut order: Vec<usize> = (0..answer.contours.len()).collect();
    order.sort_by(|a, b| answer.contours[*a].level.total_cmp(&answer.contours[*b].level));
    let rank = |n: usize| order.iter().rev().position(|k| *k == n).unwrap_or(0) % COLOURS.len();
    for n in &order {
        let mut path = String::new();
        for ring in &answer.contours[*n].rings {
            for (k, p) in ring.iter().enumerate() {
                let (px, py) = scale.at(turned(*p));
                let _ = write!(path, "{}{px:.1} {py:.1}", if k == 0 { "M" } else { "L" });
            }
            path.push('Z');
        }
        let colour = COLOURS[rank(*n)];
        let _ = writeln!(
            svg,
            "<path d=\"{path}\" fill=\"{colour}\" fill-opacity=\"0.22\" fill-rule=\"evenodd\" stroke=\"{colour}\" stroke-width=\"1.6\"/>"
        );
    }
    svg.push_str("</g>\n");
    let (sx, sy) = scale.at((0.0, 0.0));
    let _ = writeln!(
        svg,
        "<path d=\"M{:.1} {sy:.1}h12M{sx:.1} {:.1}v12\" stroke=\"{INK}\" stroke-width=\"2.2\"/><circle cx=\"{sx:.1}\" cy=\"{sy:.1}\" r=\"3.4\" fill=\"#fffefb\" stroke=\"{INK}\" stroke-width=\"1.8\"/>",
        sx - 6.0,
        sy - 6.0
    );
    legend(&mut svg, answer, &rank, lang);
    let rows = answer.distances.len() as f64 * 42.0 + 20.0;
    Drawing { svg, height: height.max(rows) }
}

fn map_axes(svg: &mut String, scale: &Scale, x: (f64, f64), y: (f64, f64), height: f64, answer: &Answer, lang: Lang) {
    let _ = writeln!(svg, "<rect x=\"{LEFT}\" y=\"{TOP}\" width=\"{PLOT}\" height=\"{height:.1}\" fill=\"#f8f6f0\" stroke=\"{LINE}\"/>");
    let step = nice((x.1 - x.0) / 6.0);
    for t in ticks(x, step) {
        let (px, _) = scale.at((t, 0.0));
        let _ = writeln!(
            svg,
            "<path d=\"M{px:.1} {TOP}v{height:.1}\" stroke=\"{LINE}\"/><text x=\"{px:.1}\" y=\"{:.0}\" text-anchor=\"middle\" fill=\"{PALE}\" font-size=\"12\">{}</text>",
            TOP + height + 17.0,
            metres(t)
        );
    }
    for t in ticks(y, step) {
        let (_, py) = scale.at((0.0, t));
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {py:.1}h{PLOT}\" stroke=\"{LINE}\"/><text x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"{PALE}\" font-size=\"12\">{}</text>",
            LEFT - 7.0,
            py + 4.0,
            metres(t)
        );
    }
    let zh = lang == Lang::Zh;
    let name = match (answer.on_map, answer.wind_arrow, zh) {
        (true, _, true) => "向东（m）",
        (true, _, false) => "east (m)",
        (false, true, true) => "下风向（m）",
        (false, true, false) => "downwind (m)",
        (false, false, true) => "距离（m）",
        (false, false, false) => "distance (m)",
    };
    let _ = writeln!(
        svg,
        "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\" fill=\"{PALE}\" font-size=\"12\">{name}</text>",
        LEFT + PLOT,
        TOP + height + 34.0
    );
    arrow(svg, answer, zh);
}

/// North arrow on a map, wind arrow where there is one wind.
fn arrow(svg: &mut String, answer: &Answer, zh: bool) {
    let mut at = LEFT + PLOT - 30.0;
    let one = |x: f64, turn: f64, word: &str| {
        format!(
            "<g transform=\"translate({x:.0} {:.0})\"><path transform=\"rotate({turn:.1})\" d=\"M0 -15L5 4L0 0L-5 4Z\" fill=\"{INK}\"/><text y=\"26\" text-anchor=\"middle\" font-size=\"12\">{word}</text></g>\n",
            TOP - 32.0
        )
    };
    if answer.on_map {
        svg.push_str(&one(at, 0.0, if zh { "北" } else { "N" }));
        at -= 48.0;
    }
    if answer.wind_arrow {
        svg.push_str(&one(at, answer.heading, if zh { "风" } else { "wind" }));
    }
}

fn legend(svg: &mut String, answer: &Answer, rank: &impl Fn(usize) -> usize, lang: Lang) {
    let x = LEFT + PLOT + 24.0;
    let title = if lang == Lang::Zh { "界限与最远距离" } else { "Marks and how far they reach" };
    let _ = writeln!(svg, "<text x=\"{x:.0}\" y=\"{:.0}\" font-weight=\"600\">{title}</text>", TOP + 6.0);
    for (n, d) in answer.distances.iter().enumerate() {
        let y = TOP + 34.0 + 42.0 * n as f64;
        let own = answer.contours.iter().position(|c| c.mark == d.mark && (c.level - d.level).abs() <= 1e-9 * d.level.abs());
        if let Some(colour) = own.map(|k| COLOURS[rank(k)]) {
            let _ = writeln!(
                svg,
                "<rect x=\"{x:.0}\" y=\"{:.0}\" width=\"14\" height=\"14\" fill=\"{colour}\" fill-opacity=\"0.3\" stroke=\"{colour}\" stroke-width=\"1.6\"/>",
                y - 12.0
            );
        }
        let _ = writeln!(
            svg,
            "<text x=\"{:.0}\" y=\"{y:.0}\">{}</text><text x=\"{:.0}\" y=\"{:.0}\" fill=\"{PALE}\" font-size=\"12\">{}</text>",
            x + 22.0,
            escaped(&d.mark),
            x + 22.0,
            y + 17.0,
            escaped(&reach(d, lang))
        );
    }
}

fn reach(d: &Distance, lang: Lang) -> String {
    let level = format!("{} {}", text(round3(d.level)), d.unit);
    match d.distance {
        Some(m) => format!("{level} · {} m", text(round3(m))),
        None => format!("{level} · {}", if lang == Lang::Zh { "达不到" } else { "not reached" }),
    }
}

/// Curves over one axis; logarithmic both ways for fields over distance.
fn curves(series: &[Vec<(f64, f64)>], names: &[String], log: bool) -> Drawing {
    let height = 380.0;
    let f = |v: f64| if log { v.max(1e-300).log10() } else { v };
    let range = |pick: fn(&(f64, f64)) -> f64, s: &[(f64, f64)]| {
        s.iter().map(|p| f(pick(p))).fold((f64::MAX, f64::MIN), |a, v| (a.0.min(v), a.1.max(v)))
    };
    let mut svg = format!("<rect x=\"{LEFT}\" y=\"{TOP}\" width=\"{PLOT}\" height=\"{height}\" fill=\"#f8f6f0\" stroke=\"{LINE}\"/>\n");
    let x = series.first().map_or((0.0, 1.0), |s| range(|p| p.0, s));
    let px = |v: f64| LEFT + (f(v) - x.0) / (x.1 - x.0).max(1e-300) * PLOT;
    for t in axis(x, log, 7.0) {
        let _ = writeln!(
            svg,
            "<path d=\"M{0:.1} {TOP}v{height}\" stroke=\"{LINE}\"/><text x=\"{0:.1}\" y=\"{1:.0}\" text-anchor=\"middle\" fill=\"{PALE}\" font-size=\"12\">{2}</text>",
            px(t),
            TOP + height + 17.0,
            metres(t)
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\" fill=\"{PALE}\" font-size=\"12\">{}</text>",
        LEFT + PLOT,
        TOP + height + 34.0,
        escaped(&names[0])
    );
    for (n, s) in series.iter().enumerate() {
        // Columns of unlike units each have their own scale: only the first carries ticks.
        let y = range(|p| p.1, s);
        let low = if log { y.0 } else { y.0.min(0.0) };
        let py = |v: f64| TOP + height - (f(v) - low) / (y.1 - low).max(1e-300) * height * 0.96;
        if n == 0 {
            for t in axis((low, y.1), log, 6.0) {
                let _ = writeln!(
                    svg,
                    "<path d=\"M{LEFT} {0:.1}h{PLOT}\" stroke=\"{LINE}\"/><text x=\"{1:.0}\" y=\"{2:.1}\" text-anchor=\"end\" fill=\"{PALE}\" font-size=\"12\">{3}</text>",
                    py(t),
                    LEFT - 7.0,
                    py(t) + 4.0,
                    metres(t)
                );
            }
        }
        let path: Vec<String> = s.iter().map(|p| format!("{:.1},{:.1}", px(p.0), py(p.1))).collect();
        let colour = COLOURS[[0, 3, 1, 4][n % 4]];
        let _ = writeln!(svg, "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>", path.join(" "));
        let key = TOP + 20.0 + 42.0 * n as f64;
        let top = s.iter().map(|p| p.1).fold(f64::MIN, f64::max);
        let _ = writeln!(
            svg,
            "<path d=\"M{0:.0} {1:.0}h26\" stroke=\"{colour}\" stroke-width=\"2\"/><text x=\"{2:.0}\" y=\"{3:.0}\">{4}</text><text x=\"{2:.0}\" y=\"{5:.0}\" fill=\"{PALE}\" font-size=\"12\">max {6}</text>",
            LEFT + PLOT + 24.0,
            key - 4.0,
            LEFT + PLOT + 58.0,
            key,
            escaped(names.get(n + 1).map_or("", String::as_str)),
            key + 17.0,
            text(round3(top))
        );
    }
    Drawing { svg, height }
}

/// Tick values; whole powers of ten (with 2 and 5 where few) on a logarithmic axis.
fn axis(range: (f64, f64), log: bool, n: f64) -> Vec<f64> {
    if !log {
        return ticks(range, nice((range.1 - range.0) / n));
    }
    let digits: &[f64] = if range.1 - range.0 < 3.0 { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let powers = (range.0.floor() as i32)..=(range.1.ceil() as i32);
    let all = powers.flat_map(|p| digits.iter().map(move |d| d * 10_f64.powi(p)));
    all.filter(|v| (range.0 - 1e-9..=range.1 + 1e-9).contains(&v.log10())).collect()
}

/// 1, 2 or 5 times a power of ten at or above `step`.
fn nice(step: f64) -> f64 {
    let power = 10_f64.powf(step.max(1e-300).log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= step * 0.999).unwrap_or(step)
}

fn ticks((low, high): (f64, f64), step: f64) -> Vec<f64> {
    let first = (low / step).ceil();
    (0..40).map(|n| (first + f64::from(n)) * step).take_while(|t| *t <= high + 1e-9 * step).collect()
}

fn metres(v: f64) -> String {
    text(round3(v))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::located::Located;

    fn picture(question: &str) -> String {
        draw(&crate::run::answer("F", &Located::parse(question.as_bytes()).unwrap(), Lang::Zh), Lang::Zh)
    }

    #[test]
    fn every_kind_of_picture_is_whole() {
        for (question, has) in [
            (r#"{"kind":"plume","inputs":{"Q":1,"u":2,"cls":"D","substance":"氯","wind_from":225}}"#, "<path d=\"M"),
            (r#"{"kind":"plume","inputs":{"Q":1,"u":2,"cls":"D","x":500}}"#, "<polyline"),
            (r#"{"kind":"tank","inputs":{"d":0.05,"rho":800,"h":5,"d_tank":6}}"#, "<polyline"),
            (r#"{"kind":"TNT","inputs":{"W":500}}"#, "待核实"),
            (r#"{"kind":"sigma","inputs":{"x":500,"cls":"D"}}"#, "σy"),
            (r#"{"kind":"nonsense<&"}"#, "<svg"),
        ] {
            let svg = picture(question);
            assert!(svg.contains(has) && svg.ends_with("</svg>\n") && !svg.contains("NaN") && !svg.contains("inf"), "{question}");
        }
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(ticks((-3.0, 12.0), nice(15.0 / 6.0)), [0.0, 5.0, 10.0]);
        assert_eq!(axis((1.0, 4.0), true, 6.0), [10.0, 100.0, 1000.0, 10_000.0]);
    }
}
