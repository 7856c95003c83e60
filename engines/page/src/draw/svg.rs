//! A small writer of SVG: shapes by class on the screen, by colour on paper.

use std::fmt::Write;

/// What shapes are coloured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Ink {
    /// Classes of the stylesheet (`f-bar`, `l-axis`, `t-up`); links are kept.
    #[default]
    Screen,
    /// Colours in the picture itself, no links: for print and Word.
    Paper,
}

/// Fill, stroke, weight of a class on paper (the light theme of the stylesheet).
const PAPER: &[(&str, &str)] = &[
    ("f-track", r##"fill="#ddd8cb""##),
    ("f-bar", r##"fill="#0e4a5a""##),
    ("f-mid", r##"fill="#6a99a4""##),
    ("f-mute", r##"fill="#c9c5ba""##),
    ("f-red", r##"fill="#b3222a""##),
    ("f-amber", r##"fill="#dc9a18" stroke="#805200""##),
    ("f-green", r##"fill="#176f43""##),
    ("f-up", r##"fill="#b3222a""##),
    ("f-down", r##"fill="#176f43""##),
    ("f-origin", r##"fill="#c8752f""##),
    ("f-ink", r##"fill="#16252b""##),
    ("f-surface", r##"fill="#fffefb""##),
    ("f-band", r##"fill="#e0ebed""##),
    ("f-none", r##"fill="none""##),
    ("l-axis", r##"stroke="#ddd8cb""##),
    ("l-edge", r##"stroke="#857f72""##),
    ("l-brand", r##"stroke="#0e4a5a""##),
    ("l-mute", r##"stroke="#857f72""##),
    ("l-red", r##"stroke="#b3222a""##),
    ("t", r##"fill="#16252b""##),
    ("t-brand", r##"fill="#0e4a5a" font-weight="700""##),
    ("t-red", r##"fill="#b3222a" font-weight="700""##),
    ("halo", r##"paint-order="stroke" stroke="#fffefb" stroke-width="4""##),
    ("t-amber", r##"fill="#805200" font-weight="700""##),
    ("t-up", r##"fill="#b3222a" font-weight="600""##),
    ("t-down", r##"fill="#176f43" font-weight="600""##),
];

/// Where a text is anchored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Starts at x.
    Start,
    /// Centred on x.
    Middle,
    /// Ends at x.
    End,
}

/// A picture being drawn; sizes and places in pixels.
#[derive(Debug)]
pub struct Svg {
    ink: Ink,
    body: String,
    width: f64,
    height: f64,
    label: String,
    has_links: bool,
}

impl Svg {
    /// An empty picture; `label` is read out, empty = decoration.
    #[must_use]
    pub fn new(ink: Ink, width: f64, height: f64, label: &str) -> Self {
        Self { ink, body: String::new(), width, height, label: label.to_owned(), has_links: false }
    }

    /// The picture as text.
    #[must_use]
    pub fn finish(self) -> String {
        let (w, h) = (px(self.width), px(self.height));
        let mut out = format!(r#"<svg viewBox="0 0 {w} {h}" width="{w}" height="{h}""#);
        if self.ink == Ink::Paper {
            out.push_str(r#" xmlns="http://www.w3.org/2000/svg" font-size="12" font-family="sans-serif""#);
        }
        if self.label.is_empty() {
            out.push_str(r#" aria-hidden="true""#);
        } else {
            let role = if self.has_links { "group" } else { "img" };
            let _ = write!(out, r#" role="{role}" aria-label="{}""#, escape(&self.label));
        }
        let _ = write!(out, ">{}</svg>", self.body);
        out
    }

    /// A filled rectangle. Nothing is drawn if it has no width or height.
    pub fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        self.rect_with(class, x, y, width, height, "");
    }

    /// A rectangle with further attributes.
    pub fn rect_with(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64, more: &str) {
        if width < 0.05 || height < 0.05 {
            return;
        }
        let class = self.class(class);
        let _ = write!(self.body, r#"<rect{class}{more} x="{}" y="{}" width="{}" height="{}"/>"#, px(x), px(y), px(width), px(height));
    }

    /// A line of this width; `more` is for dashes.
    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64), more: &str) {
        let class = self.class(class);
        let (x1, y1, x2, y2) = (px(from.0), px(from.1), px(to.0), px(to.1));
        let _ = write!(self.body, r#"<line{class}{more} x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>"#);
    }

    /// A line through points; nothing for fewer than two.
    pub fn polyline(&mut self, class: &str, points: &[(f64, f64)], more: &str) {
        if points.len() < 2 {
            return;
        }
        let class = self.class(&format!("f-none {class}"));
        let _ = write!(self.body, r#"<polyline{class}{more} points="{}"/>"#, list(points));
    }

    /// A filled shape.
    pub fn polygon(&mut self, class: &str, points: &[(f64, f64)]) {
        let class = self.class(class);
        let _ = write!(self.body, r#"<polygon{class} points="{}"/>"#, list(points));
    }

    /// A circle.
    pub fn circle(&mut self, class: &str, at: (f64, f64), r: f64, more: &str) {
        let class = self.class(class);
        let _ = write!(self.body, r#"<circle{class}{more} cx="{}" cy="{}" r="{}"/>"#, px(at.0), px(at.1), px(r));
    }

    /// A text.
    pub fn text(&mut self, class: &str, at: (f64, f64), anchor: Anchor, words: &str) {
        let class = self.class(class);
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let _ = write!(self.body, r#"<text{class} x="{}" y="{}"{anchor}>{}</text>"#, px(at.0), px(at.1), escape(words));
    }

    /// Opens a link around what follows (screen only). True if it was opened.
    pub fn open_link(&mut self, href: Option<&str>, label: &str) -> bool {
        let Some(href) = href.filter(|h| !h.is_empty() && self.ink == Ink::Screen) else { return false };
        self.has_links = true;
        let _ = write!(self.body, r#"<a href="{}" aria-label="{}">"#, escape(href), escape(label));
        true
    }

    /// Closes what [`Svg::open_link`] opened.
    pub fn close_link(&mut self, opened: bool) {
        if opened {
            self.body.push_str("</a>");
        }
    }

    fn class(&self, class: &str) -> String {
        match self.ink {
            _ if class.is_empty() => String::new(),
            Ink::Screen => format!(r#" class="{class}""#),
            Ink::Paper => class
                .split(' ')
                .filter_map(|c| PAPER.iter().find(|(name, _)| *name == c))
                .map(|(_, attributes)| format!(" {attributes}"))
                .collect(),
        }
    }
}

/// Width of a text at 12 px: full-width characters 12, others 6.8.
#[must_use]
pub fn text_width(words: &str) -> f64 {
    words.chars().map(|c| if (c as u32) < 0x2000 { 6.8 } else { 12.0 }).sum()
}

/// Escapes for element text and double-quoted attributes; drops what XML forbids.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if (c as u32) < 0x20 && !matches!(c, '\t' | '\n') => {}
            c => out.push(c),
        }
    }
    out
}

/// One decimal, without a trailing `.0`; what is not finite is 0.
fn px(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn list(points: &[(f64, f64)]) -> String {
    points.iter().map(|(x, y)| format!("{},{}", px(*x), px(*y))).collect::<Vec<_>>().join(" ")
}
