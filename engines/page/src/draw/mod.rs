//! Draws charts as SVG, for the screen and for paper: the one place that does.
//!
//! Shapes carry the classes of the stylesheet on the screen and colours on
//! paper, so that page, print and Word show the same picture. Texts are at
//! least 12 px; labels stand at line ends; zero is on the axis.

mod bars;
mod line;
mod small;
pub mod svg;

pub use svg::Ink;

use crate::chart::Chart;
use crate::number::Number;
use crate::table::{Bullet, Tally};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use values::Lang;

/// Draws any chart.
#[must_use]
pub fn chart(chart: &Chart, ink: Ink, lang: Lang) -> String {
    match chart {
        Chart::Line(line) => line::draw(line, ink, lang),
        Chart::Contributions(contributions) => bars::contributions(contributions, ink, lang),
        Chart::Bars(bars) => bars::bars(bars, ink, lang),
        Chart::Shares(shares) => bars::shares(shares, ink),
        Chart::Spark(spark) => small::spark(spark, ink),
    }
}

/// Draws progress against a target.
#[must_use]
pub fn bullet(bullet: &Bullet, ink: Ink) -> String {
    small::bullet(bullet, ink)
}

/// Draws things to be reached one by one.
#[must_use]
pub fn tally(tally: &Tally, ink: Ink, lang: Lang) -> String {
    small::tally(*tally, ink, lang)
}

/// Draws a share of the largest row; decoration, the number stands beside it.
#[must_use]
pub fn share(share: Decimal, ink: Ink) -> String {
    small::share(share, ink)
}

fn float(value: Decimal) -> f64 {
    value.to_f64().unwrap_or(0.0)
}

fn amount(number: &Number) -> Option<f64> {
    number.amount().map(float)
}

/// A round step so that `top` takes at most four of them.
fn nice_step(top: f64) -> f64 {
    if !(top.is_finite() && top > 0.0) {
        return 1.0;
    }
    let mut unit = 10f64.powf((top / 4.0).log10().floor());
    loop {
        for factor in [1.0, 2.0, 2.5, 4.0, 5.0] {
            if top / (unit * factor) <= 4.000_001 {
                return unit * factor;
            }
        }
        unit *= 10.0;
    }
}

#[cfg(test)]
mod tests;
