//! Charts as values; drawn by one module, so that page, print and Word show the same.
//!
//! No pies, no double axes; zero on the axis; labels at line ends. A blank is
//! a gap in the line, never a zero.

use crate::line::Tone;
use crate::number::{Count, Number};

/// What a line stands for; fixes its colour and stroke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum SeriesKind {
    /// This year, or the one spoken of.
    #[default]
    Actual,
    /// The year before.
    YearBefore,
    /// The path to the target.
    Target,
    /// Where it goes at today's pace.
    Forecast,
}

/// One line of a chart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// What it is called: 今年.
    pub label: String,
    /// What it stands for.
    pub kind: SeriesKind,
    /// One a label of the axis; none where nothing is known.
    pub points: Vec<Option<Number>>,
    /// Words at its end; empty: label and last value.
    pub end: String,
}

/// Lines over time, with growth as bars beneath if given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LineChart {
    /// Read out: what is shown.
    pub label: String,
    /// Unit of the axis.
    pub unit: String,
    /// Labels of the axis: 1—2月, 3, 4 … 12月.
    pub axis: Vec<String>,
    /// The lines, the one spoken of last.
    pub series: Vec<Series>,
    /// Lower and upper bound of the forecast, one a label; drawn as a band.
    pub band: Vec<Option<(Number, Number)>>,
    /// Index on the axis that is being looked at.
    pub marked: Option<usize>,
    /// Words at the mark; empty: label and value.
    pub mark: String,
    /// Growth of the month, one a label; empty: no bars.
    pub growth: Vec<Option<Number>>,
    /// What the growth bars are called: 当月同比.
    pub growth_label: String,
    /// Words at the right of the growth bars.
    pub growth_note: String,
}

/// One bar of contributions.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Whose it is.
    pub label: String,
    /// How much.
    pub number: Number,
}

/// Who pulls up, who drags down; sorted, and the parts add up (新入统, 退出, 其余 are bars too).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contributions {
    /// Read out: what is shown.
    pub label: String,
    /// Unit.
    pub unit: String,
    /// Largest up first, largest down last.
    pub bars: Vec<Bar>,
}

/// Bars over time, the last one marked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bars {
    /// Read out: what is shown.
    pub label: String,
    /// Unit.
    pub unit: String,
    /// Label of the axis and value; none where nothing is known.
    pub bars: Vec<(String, Option<Number>)>,
}

/// One part of a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its name: 已报.
    pub label: String,
    /// How many, with the link to them.
    pub count: Count,
    /// Its colour; `None` = the brand colour.
    pub tone: Option<Tone>,
}

/// A whole in parts, as one bar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shares {
    /// Read out; empty: made from the parts.
    pub label: String,
    /// Parts, left to right.
    pub segments: Vec<Segment>,
}

/// A course in miniature.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sparkline {
    /// Read out: what is shown.
    pub label: String,
    /// Oldest first; none where nothing is known.
    pub points: Vec<Option<Number>>,
}

/// Any chart.
#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// Lines over time.
    Line(LineChart),
    /// Who pulls up, who drags down.
    Contributions(Contributions),
    /// Bars over time.
    Bars(Bars),
    /// A whole in parts.
    Shares(Shares),
    /// A course in miniature.
    Spark(Sparkline),
}
