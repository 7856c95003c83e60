//! The layout 版式 of an official document, as data (`layout.toml`), with the arithmetic that Word needs.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Twips in a millimetre: 1440 / 25.4.
const TWIPS_MM: f64 = 1440.0 / 25.4;

/// The whole layout.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Standard that it follows.
    pub source: String,
    /// Since when.
    pub valid_from: String,
    /// How sure its measures are.
    pub confidence: values::Confidence,
    /// Page.
    pub page: Page,
    /// Fonts by role.
    pub fonts: BTreeMap<String, Font>,
    /// Paragraph styles by their id in the file.
    pub styles: BTreeMap<String, Style>,
}

/// Paper and text area, in millimetres.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Paper width.
    pub width_mm: f64,
    /// Paper height.
    pub height_mm: f64,
    /// Top margin 天头.
    pub top_mm: f64,
    /// Binding edge 订口.
    pub left_mm: f64,
    /// Width of the text area 版心.
    pub area_width_mm: f64,
    /// Its height.
    pub area_height_mm: f64,
    /// Lines on a page.
    pub lines: u32,
    /// Characters in a line.
    pub characters: u32,
    /// Size of the body's letters in points: 三号.
    pub body_points: f64,
    /// From the text area's edge down to the dash of the page number.
    pub page_number_gap_mm: f64,
}

/// A font by the name that the file asks for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Font {
    /// Name.
    pub name: String,
    /// Names of the same face on other machines, separated by commas.
    pub alternatives: String,
}

/// One paragraph style.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Style {
    /// Name that people see.
    pub label: String,
    /// Role of the font.
    pub font: String,
    /// Points.
    pub size: f64,
    /// left · center · right · both.
    #[serde(default)]
    pub align: String,
    /// First-line indent, in characters.
    #[serde(default)]
    pub indent: f64,
    /// Left indent, in characters.
    #[serde(default)]
    pub left: f64,
    /// Right indent, in characters.
    #[serde(default)]
    pub right: f64,
    /// Outline level, 1 for the first.
    pub outline: Option<u8>,
    /// Stays with the next paragraph.
    #[serde(default)]
    pub keep: bool,
    /// Begins a page.
    #[serde(default)]
    pub page: bool,
    /// Natural line height instead of the page's grid.
    #[serde(default)]
    pub loose: bool,
    /// Line height in points instead of the page's.
    pub exact: Option<f64>,
    /// The text is made to fit one line (the issuer's mark).
    #[serde(default)]
    pub fit: bool,
    /// Colour, RRGGBB.
    #[serde(default)]
    pub colour: String,
    /// Role of the font for Latin letters and digits; `latin` if not said.
    #[serde(default)]
    pub latin: String,
}

impl Layout {
    /// Reads a layout.
    ///
    /// # Errors
    /// What is wrong with it, by line.
    pub fn parse(source: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(source)
    }

    /// GB/T 9704-2012 as far as it is known.
    #[must_use]
    pub fn standard() -> Self {
        Self::parse(include_str!("../layout.toml")).expect("the crate's own layout.toml is read by a test")
    }

    /// Name of the font for a role.
    #[must_use]
    pub fn font(&self, role: &str) -> &str {
        self.fonts.get(role).map_or("宋体", |f| f.name.as_str())
    }
}

impl Page {
    /// Right margin, mm.
    #[must_use]
    pub fn right_mm(&self) -> f64 {
        self.width_mm - self.left_mm - self.area_width_mm
    }

    /// Bottom margin, mm.
    #[must_use]
    pub fn bottom_mm(&self) -> f64 {
        self.height_mm - self.top_mm - self.area_height_mm
    }

    /// Width of the text area in twips.
    #[must_use]
    pub fn area_twips(&self) -> i64 {
        twips(self.area_width_mm)
    }

    /// Height of a line in twips, rounded down so that all lines fit.
    #[must_use]
    pub fn line_twips(&self) -> i64 {
        (self.area_height_mm * TWIPS_MM / f64::from(self.lines)).floor() as i64
    }

    /// Width of a character in twips.
    #[must_use]
    pub fn character_twips(&self) -> f64 {
        self.area_width_mm * TWIPS_MM / f64::from(self.characters)
    }

    /// What letters of body size are set closer (negative), in twentieths of a point, so that a line holds its
    /// characters; 0 for letters of another size.
    ///
    /// Word has a character grid for this (`linesAndChars`), but LibreOffice gives each letter that is wider than a
    /// cell two cells. Setting the letters closer gives the same line in both.
    #[must_use]
    pub fn tracking_twips(&self, size: f64) -> i64 {
        let pitch = self.character_twips() / 20.0;
        if (size - self.body_points).abs() < 0.1 { ((pitch - size) * 20.0).floor() as i64 } else { 0 }
    }
}

/// Millimetres to twips.
#[must_use]
pub fn twips(mm: f64) -> i64 {
    (mm * TWIPS_MM).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_come_out_as_the_standard_asks() {
        let page = Layout::standard().page;
        assert_eq!((twips(page.width_mm), twips(page.height_mm)), (11906, 16838));
        assert_eq!((twips(page.top_mm), twips(page.left_mm)), (2098, 1587));
        assert_eq!((twips(page.right_mm()), twips(page.bottom_mm())), (1474, 1984));
        assert_eq!(page.line_twips(), 579);
        assert_eq!((page.tracking_twips(16.0), page.tracking_twips(22.0)), (-5, 0));
    }

    #[test]
    fn every_style_names_a_font_that_is_there() {
        let layout = Layout::standard();
        for (id, style) in &layout.styles {
            assert!(layout.fonts.contains_key(&style.font), "{id}");
        }
    }
}
