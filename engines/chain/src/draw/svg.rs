//! Painting 绘制: the layout as one SVG that stands alone (style, fonts by name, no script).

use super::layout::{Layout, Routed};
use super::{Picture, state_of};
use crate::model::{Chain, Product};
use crate::notes::text;
use crate::supply::{Balance, State, Supply};
use std::fmt::Write;
use values::Lang;
use values::unit::Quantity;

const NODE_W: f64 = 128.0;
const NODE_H: f64 = 46.0;
const ROW_H: f64 = 56.0;
const MARGIN: f64 = 28.0;
const TOP: f64 = 104.0;
/// A3 and A4, lying.
const RATIO: f64 = 420.0 / 297.0;

const STYLE: &str = "text{font-family:'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif;font-size:12px;fill:#16252b}\
.t{font-size:20px;font-weight:700}.h{font-size:14px;font-weight:700}.b{font-weight:700}.s{fill:#44565d}.r{fill:#b3222a}.a{fill:#805200}\
.n{fill:#fffefb;stroke:#6a99a4;stroke-width:1.2}.nr{fill:#fffefb;stroke:#b3222a;stroke-width:2;stroke-dasharray:5 3}\
.na{fill:#fffefb;stroke:#dc9a18;stroke-width:2}.ni{fill:#f8f6f0;stroke:#b9b3a6;stroke-width:1}\
.e{fill:none;stroke:#6a99a4;stroke-width:1.4}.er{fill:none;stroke:#b3222a;stroke-width:1.6;stroke-dasharray:5 5}\
.ea{fill:none;stroke:#dc9a18;stroke-width:2.6}.ei{fill:none;stroke:#c9c3b6;stroke-width:1}\
.k{fill:#ddd8cb}.f{fill:#0e4a5a}.fa{fill:#dc9a18}.i{fill:#16252b}.x{stroke:#ddd8cb;stroke-width:1}";

/// What the drawing says besides the graph.
#[derive(Debug, Clone, Default)]
pub struct Caption {
    /// Title.
    pub title: String,
    /// Lines under it: the rates.
    pub lines: Vec<String>,
    /// Line at the foot: source and assumptions.
    pub foot: String,
}

/// Paints the drawing.
#[must_use]
pub fn paint(chain: &Chain, supply: &Supply, picture: &Picture, layout: &Layout, caption: &Caption, lang: Lang) -> String {
    let body = layout.height.max(1.0) * ROW_H;
    let columns = layout.columns.max(1) as f64;
    let bottom = if caption.foot.is_empty() { MARGIN } else { MARGIN + 22.0 };
    let height = TOP + body + bottom;
    // The gaps between columns take up what is left of the sheet's width.
    let gap = ((height * RATIO - 2.0 * MARGIN - columns * NODE_W) / (columns - 1.0).max(1.0)).clamp(44.0, 130.0);
    let width = (2.0 * MARGIN + columns * NODE_W + (columns - 1.0) * gap).max(640.0);
    let sheet = Sheet { chain, supply, picture, layout, gap, lang };
    let mut out = String::with_capacity(64 * 1024);
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\" aria-label=\"{}\"><style>{STYLE}</style><rect width=\"100%\" height=\"100%\" fill=\"#fffefb\"/>",
        escape(&caption.title)
    );
    let _ = write!(out, "<text class=\"t\" x=\"{MARGIN}\" y=\"34\">{}</text>", escape(&caption.title));
    for (i, line) in caption.lines.iter().enumerate() {
        let _ = write!(out, "<text class=\"s\" x=\"{MARGIN}\" y=\"{}\">{}</text>", 54 + 16 * i, escape(line));
    }
    sheet.legend(&mut out, width);
    sheet.headings(&mut out);
    // Calm edges first, so that what is broken lies on top.
    let rank = |e: &&Routed| match sheet.state(e) {
        State::Idle => 0,
        State::Enough => 1,
        State::Short => 2,
        State::Broken => 3,
    };
    let mut edges: Vec<&Routed> = layout.edges.iter().collect();
    edges.sort_by_key(rank);
    for edge in edges {
        sheet.edge(&mut out, edge);
    }
    for node in 0..picture.nodes.len() {
        sheet.node(&mut out, node);
    }
    if !caption.foot.is_empty() {
        let _ = write!(out, "<text class=\"s\" x=\"{MARGIN}\" y=\"{:.0}\">{}</text>", height - 16.0, escape(&caption.foot));
    }
    out.push_str("</svg>\n");
    out
}

struct Sheet<'a> {
    chain: &'a Chain,
    supply: &'a Supply,
    picture: &'a Picture,
    layout: &'a Layout,
    gap: f64,
    lang: Lang,
}

impl Sheet<'_> {
    /// State of an edge: that of what it carries, idle where nobody needs what is made of it.
    fn state(&self, edge: &Routed) -> State {
        if state_of(self.supply, self.picture.nodes[edge.to].product) == State::Idle {
            return State::Idle;
        }
        state_of(self.supply, self.picture.nodes[edge.from].product)
    }

    fn left(&self, column: usize) -> f64 {
        MARGIN + column as f64 * (NODE_W + self.gap)
    }

    fn middle(&self, row: f64) -> f64 {
        TOP + row * ROW_H
    }

    fn legend(&self, out: &mut String, width: f64) {
        let items = [("e", "draw.enough"), ("ea", "draw.short"), ("er", "draw.broken"), ("", "draw.bar")];
        let mut x = width - MARGIN;
        for (class, key) in items.iter().rev() {
            let words = text(self.lang, key, &[]);
            x -= width_of(&words, 12.0);
            let _ = write!(out, "<text class=\"s\" x=\"{x:.1}\" y=\"34\">{}</text>", escape(&words));
            if !class.is_empty() {
                x -= 28.0;
                let _ = write!(out, "<path class=\"{class}\" d=\"M{x:.1} 30h22\"/>");
            }
            x -= 16.0;
        }
    }

    fn headings(&self, out: &mut String) {
        for (words, first, last) in &self.layout.headings {
            let (x, right) = (self.left(*first), self.left(*last) + NODE_W);
            let _ = write!(out, "<text class=\"h\" x=\"{x:.1}\" y=\"{:.0}\">{}</text>", TOP - 14.0, escape(words));
            let _ = write!(out, "<path class=\"x\" d=\"M{x:.1} {0:.0}H{right:.1}\"/>", TOP - 7.0);
        }
    }

    fn edge(&self, out: &mut String, edge: &Routed) {
        let class = match self.state(edge) {
            State::Enough => "e",
            State::Short => "ea",
            State::Broken => "er",
            State::Idle => "ei",
        };
        let (from, to) = (self.layout.column[edge.from], self.layout.column[edge.to]);
        let (y0, y1) = (self.middle(self.layout.row[edge.from]), self.middle(self.layout.row[edge.to]));
        let mut path = String::new();
        if edge.backwards {
            // A recycle leaves on the right, passes under both and comes back on the left.
            let (x0, x1) = (self.left(from) + NODE_W, self.left(to));
            let low = y0.max(y1) + NODE_H / 2.0 + 5.0;
            let _ = write!(path, "M{x0:.1} {y0:.1}C{0:.1} {y0:.1} {0:.1} {low:.1} {1:.1} {low:.1}", x0 + 18.0, x0 - 10.0);
            let _ = write!(path, "H{0:.1}C{1:.1} {low:.1} {1:.1} {y1:.1} {x1:.1} {y1:.1}", x1 + 10.0, x1 - 18.0);
        } else {
            let (mut x, mut y) = (self.left(from) + NODE_W, y0);
            let _ = write!(path, "M{x:.1} {y:.1}");
            let steps = edge.bends.iter().map(|b| self.middle(*b)).chain([y1]);
            for (i, next) in steps.enumerate() {
                let right = self.left(from + i + 1);
                let half = (x + right) / 2.0;
                let _ = write!(path, "C{half:.1} {y:.1} {half:.1} {next:.1} {right:.1} {next:.1}");
                y = next;
                x = right;
                if i < edge.bends.len() {
                    x += NODE_W;
                    let _ = write!(path, "H{x:.1}");
                }
            }
        }
        let _ = write!(out, "<path class=\"{class}\" d=\"{path}\"/>");
    }

    fn node(&self, out: &mut String, node: usize) {
        let product = &self.chain.products[self.picture.nodes[node].product];
        let line = self.supply.lines.iter().find(|l| l.product == self.picture.nodes[node].product);
        let state = line.map_or(State::Idle, |l| l.state);
        let (x, y) = (self.left(self.layout.column[node]), self.middle(self.layout.row[node]) - NODE_H / 2.0);
        let (class, mark, mark_class) = match state {
            State::Enough => ("n", "", ""),
            State::Short => ("na", "draw.mark_short", "a"),
            State::Broken => ("nr", "draw.mark_broken", "r"),
            State::Idle => ("ni", "draw.mark_idle", "s"),
        };
        let mark = if mark.is_empty() { String::new() } else { text(self.lang, mark, &[]) };
        let room = NODE_W - 16.0 - if mark.is_empty() { 0.0 } else { width_of(&mark, 12.0) + 6.0 };
        let (name, size) = fit(product.name(self.lang), room);
        let figures = line.map_or_else(String::new, |l| figures(product, l, self.lang));
        let _ = write!(out, "<g><title>{} {}</title>", escape(product.name(self.lang)), escape(&figures));
        let _ = write!(out, "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{NODE_W}\" height=\"{NODE_H}\" rx=\"3\"/>");
        let _ = write!(
            out,
            "<text class=\"b\" x=\"{:.1}\" y=\"{:.1}\" style=\"font-size:{size:.1}px\">{}</text>",
            x + 8.0,
            y + 15.0,
            escape(&name)
        );
        if !mark.is_empty() {
            let _ = write!(
                out,
                "<text class=\"{mark_class}\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                x + NODE_W - 8.0,
                y + 15.0,
                escape(&mark)
            );
        }
        if let Some(line) = line {
            bar(out, x + 8.0, y + 20.0, line);
        }
        let _ = write!(out, "<text class=\"s\" x=\"{:.1}\" y=\"{:.1}\">{}</text></g>", x + 8.0, y + 41.0, escape(&figures));
    }
}

/// Supply as a bar, need as a tick; the longer of both fills the track.
fn bar(out: &mut String, x: f64, y: f64, line: &Balance) {
    let width = NODE_W - 16.0;
    let most = line.need.max(line.local);
    let part = |v: f64| if most > 0.0 { (v / most * width).clamp(0.0, width) } else { 0.0 };
    let class = if line.state == State::Short { "fa" } else { "f" };
    let _ = write!(out, "<rect class=\"k\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width}\" height=\"7\"/>");
    let _ = write!(out, "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"7\"/>", part(line.local));
    if line.need > 0.0 {
        let tick = (x + part(line.need) - 2.0).max(x);
        let _ = write!(out, "<rect class=\"i\" x=\"{tick:.1}\" y=\"{:.1}\" width=\"2\" height=\"11\"/>", y - 2.0);
    }
}

/// `0.3 / 0.8 万t`: supply and need in one readable unit.
fn figures(product: &Product, line: &Balance, lang: Lang) -> String {
    let (factor, unit) = readable(product, line.need.max(line.local));
    let unit = if lang == Lang::Zh && product.quantity == Quantity::Mass {
        unit.replace("kg", "千克").replace('t', "吨")
    } else {
        unit.to_owned()
    };
    format!("{} / {} {unit}", short(line.local / factor), short(line.need / factor))
}

/// A unit in which the larger figure has one to four digits before the point.
fn readable(product: &Product, most: f64) -> (f64, &'static str) {
    let steps: &[(f64, &str)] = match product.quantity {
        Quantity::Mass => &[(1e8, "亿t"), (1e4, "万t"), (1.0, "t"), (1e-3, "kg")],
        Quantity::Energy => &[(1e6, "GWh"), (1e3, "MWh"), (1.0, "kWh")],
        Quantity::Area => &[(1e8, "亿m²"), (1e4, "万m²"), (1.0, "m²")],
        Quantity::Volume => &[(1e8, "亿m³"), (1e4, "万m³"), (1.0, "m³")],
        Quantity::Count => &[(1e8, "亿"), (1e4, "万"), (1.0, "")],
        Quantity::Power => &[(1e6, "GW"), (1e3, "MW"), (1.0, "kW")],
        Quantity::Money => &[(1e8, "亿元"), (1e4, "万元"), (1.0, "元")],
        _ => &[(1.0, "")],
    };
    if product.kind == crate::model::ProductKind::Activity {
        return (1.0, "家");
    }
    steps.iter().copied().find(|(f, _)| most >= *f * 0.9995).unwrap_or(steps[steps.len() - 1])
}

/// Three significant digits, thousands separated.
fn short(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let digits = (2 - value.abs().log10().floor() as i32).clamp(0, 3) as usize;
    let mut text = format!("{value:.digits$}");
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(w, r)| (w, r));
    let mut grouped = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 && whole.len() > 4 {
            grouped.push(',');
        }
        grouped.push(c);
    }
    if rest.is_empty() { grouped } else { format!("{grouped}.{rest}") }
}

/// Estimated width: a Chinese character is as wide as the type is high, a Latin one a little over half.
fn width_of(text: &str, size: f64) -> f64 {
    text.chars().map(|c| if (c as u32) < 0x2000 { 0.58 } else { 1.0 }).sum::<f64>() * size
}

/// The name at a size that fits, cut only below 9 px.
fn fit(name: &str, room: f64) -> (String, f64) {
    let width = width_of(name, 12.0);
    if width <= room {
        return (name.to_owned(), 12.0);
    }
    let size = (12.0 * room / width).max(9.0);
    let mut cut = String::new();
    for c in name.chars() {
        if width_of(&cut, size) + 2.0 * size > room && width_of(name, size) > room {
            cut.push('…');
            break;
        }
        cut.push(c);
    }
    (cut, size)
}

/// Text safe inside an element and an attribute; characters that XML forbids are dropped.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c < ' ' && !matches!(c, '\t' | '\n' | '\r') => {}
            '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        for (value, expected) in [(0.0, "0"), (4.14, "4.14"), (12_345.0, "12,345"), (0.0312, "0.031"), (18.0, "18"), (999.96, "1000")] {
            assert_eq!(short(value), expected);
        }
    }

    #[test]
    fn hostile_names_stay_text() {
        assert_eq!(escape("<script>\"&\u{1}"), "&lt;script&gt;&quot;&amp;");
        assert_eq!(fit("硫酸", 100.0).0, "硫酸");
        assert!(fit("一种名字特别特别特别特别特别特别特别长的产品", 80.0).0.ends_with('…'));
    }
}
