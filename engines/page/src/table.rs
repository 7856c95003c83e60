//! Tables: columns, rows, cells.

use crate::chart::Sparkline;
use crate::form::Action;
use crate::line::{Light, Line, Link, Tag, Tone, Voice};
use crate::number::{Count, Held, Number};
use rust_decimal::Decimal;
use values::{Figure, Lang};

/// How high a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Density {
    /// 26 px: ledgers.
    #[default]
    Tight,
    /// 28 px: the cockpit.
    Cosy,
    /// 38 px: to be read one by one.
    Roomy,
    /// Cosy, but taller: few rows beside pictures.
    Tall,
}

/// Which way a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Align {
    /// Words.
    #[default]
    Start,
    /// Numbers.
    End,
    /// Ticks.
    Center,
}

/// How a column can be sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// Leads to the list sorted the other way.
    pub href: String,
    /// How it is sorted now: none, or is it descending.
    pub descending: Option<bool>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// Stable key (field or metric), may be empty.
    pub key: String,
    /// Head; empty for a column of pictures.
    pub label: String,
    /// Unit, small beside the head; cells of that unit do not repeat it.
    pub unit: String,
    /// Second line of the head.
    pub under: String,
    /// Alignment.
    pub align: Align,
    /// True if its cells name their rows (`th`).
    pub names_row: bool,
    /// True if its words never break.
    pub nowrap: bool,
    /// Sorting, if it can be sorted.
    pub sort: Option<Sort>,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn words(label: impl Into<String>) -> Self {
        Self { label: label.into(), ..Self::default() }
    }
    /// A column of numbers, with their unit (may be empty).
    #[must_use]
    pub fn numbers(label: impl Into<String>, unit: impl Into<String>) -> Self {
        Self { label: label.into(), unit: unit.into(), align: Align::End, ..Self::default() }
    }
    /// Says its key.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = key.into();
        self
    }
    /// Its cells name their rows.
    #[must_use]
    pub fn names_row(mut self) -> Self {
        self.names_row = true;
        self
    }
    /// Its words never break.
    #[must_use]
    pub fn nowrap(mut self) -> Self {
        self.nowrap = true;
        self
    }
    /// Adds a second line to the head.
    #[must_use]
    pub fn under(mut self, words: impl Into<String>) -> Self {
        self.under = words.into();
        self
    }
    /// Can be sorted.
    #[must_use]
    pub fn sort(mut self, href: impl Into<String>, descending: Option<bool>) -> Self {
        self.sort = Some(Sort { href: href.into(), descending });
        self
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Anchor, e.g. `r12`; may be empty.
    pub id: String,
    /// One cell a column.
    pub cells: Vec<Cell>,
    /// The row that is looked at.
    pub on: bool,
    /// The row that fails a condition.
    pub miss: bool,
    /// Value and name of its tick, in a table with ticks.
    pub tick: Option<(String, String)>,
}

impl Row {
    /// A row of these cells.
    #[must_use]
    pub fn new(cells: Vec<Cell>) -> Self {
        Self { cells, ..Self::default() }
    }
    /// Marks it as looked at, if so.
    #[must_use]
    pub fn on_if(mut self, on: bool) -> Self {
        self.on = on;
        self
    }
    /// Gives it a tick: the value sent and the name read out.
    #[must_use]
    pub fn tick(mut self, value: impl Into<String>, name: impl Into<String>) -> Self {
        self.tick = Some((value.into(), name.into()));
        self
    }
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing belongs here.
    Nothing,
    /// Words and whatever goes among them.
    Line(Line),
    /// One side of a figure.
    Number(Number),
    /// A count.
    Count(Count),
    /// A record's number.
    Held(Held),
    /// A state.
    Light(Light),
    /// Titles and kinds.
    Tags(Vec<Tag>),
    /// Progress against a target.
    Bullet(Bullet),
    /// A share of the largest row, 0 to 1.
    Share(Decimal),
    /// Things added, pending, still to come.
    Tally(Tally),
    /// A course in miniature.
    Spark(Sparkline),
    /// How old the data is; the second says why it is too old, if it is.
    Age(String, Option<String>),
    /// What can be done with the row.
    Actions(Vec<Action>),
}

impl Cell {
    /// Words.
    #[must_use]
    pub fn text(words: impl Into<String>) -> Self {
        Self::Line(Line::from(words.into()))
    }
    /// A word in place of a value: 未报, 未投产, —.
    #[must_use]
    pub fn blank(word: impl Into<String>) -> Self {
        Self::Line(Line::new().say(Voice::Mute, word))
    }
    /// A link.
    #[must_use]
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self::Line(Link::new(label, href).into())
    }
    /// The cell as plain text, as print and export take it (values without unit).
    #[must_use]
    pub fn plain(&self, lang: Lang) -> String {
        match self {
            Self::Nothing | Self::Share(_) | Self::Spark(_) | Self::Actions(_) => String::new(),
            Self::Line(line) => line.plain(lang),
            Self::Number(number) => number.text(lang),
            Self::Count(count) => count.text(),
            Self::Held(held) => held.text(),
            Self::Light(light) => light.word.clone(),
            Self::Tags(tags) => tags.iter().map(|t| t.word.as_str()).collect::<Vec<_>>().join("、"),
            Self::Bullet(bullet) => bullet.label.clone(),
            Self::Tally(tally) => format!("{}/{}", tally.done, tally.goal),
            Self::Age(age, _) => age.clone(),
        }
    }
}

macro_rules! cell_from {
    ($($from:ty => $variant:ident),* $(,)?) => {
        $(impl From<$from> for Cell {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        })*
    };
}
cell_from!(Line => Line, Number => Number, Figure => Number, &Figure => Number, Count => Count, Held => Held, Light => Light, Bullet => Bullet, Tally => Tally, Sparkline => Spark);

/// Progress against a target: grey track = target, bar = done, line = 序时进度.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bullet {
    /// Done, as a share of the track (1 = target met; drawn up to 1).
    pub done: Decimal,
    /// 序时进度 as a share of the track, if the target has one.
    pub pace: Option<Decimal>,
    /// Repeats the light beside it.
    pub tone: Tone,
    /// Read out and printed: 完成 68.3%，序时 66.7%.
    pub label: String,
    /// Width in pixels; 0 = the usual one.
    pub width: u32,
}

impl Bullet {
    /// The bar of a figure with a target; none without one. Targets that are
    /// rates (no completion) end the track at the target itself.
    #[must_use]
    pub fn of(figure: &Figure, tone: Tone, lang: Lang) -> Option<Self> {
        let target = figure.target.as_ref()?;
        let hundred = Decimal::ONE_HUNDRED;
        let zh = lang == Lang::Zh;
        if let Some(completion) = target.completion {
            let pace = target.pace.map(|p| completion - p);
            let done = crate::number::fixed_text(completion, 1);
            let label = match (pace.map(|p| crate::number::fixed_text(p, 1)), zh) {
                (Some(p), true) => format!("完成 {done}%，序时 {p}%"),
                (Some(p), false) => format!("{done}% done, {p}% of the time gone"),
                (None, true) => format!("完成 {done}%"),
                (None, false) => format!("{done}% done"),
            };
            return Some(Self { done: completion / hundred, pace: pace.map(|p| p / hundred), tone, label, width: 0 });
        }
        let goal = target.value.filter(|g| g.is_sign_positive() && !g.is_zero())?;
        let value = Number::from(figure).amount()?;
        let (text, goal_text) = (&figure.display, crate::number::fixed_text(goal, 1));
        let unit = &target.unit;
        let label = if zh { format!("{text}{unit}，目标 {goal_text}{unit}") } else { format!("{text}{unit}, target {goal_text}{unit}") };
        let track = goal.max(value) * Decimal::new(101, 2);
        Some(Self { done: value / track, pace: Some(goal / track), tone, label, width: 0 })
    }
}

/// A few things to be reached one by one: added ●, applied for ◉, still to come ○.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Tally {
    /// Added.
    pub done: u32,
    /// Applied for, not decided.
    pub pending: u32,
    /// To be reached.
    pub goal: u32,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// What it lists; read out, not printed above.
    pub caption: String,
    /// Row height.
    pub density: Density,
    /// Columns, left to right. All heads empty: the table has no head row.
    pub columns: Vec<Column>,
    /// Rows, top to bottom.
    pub rows: Vec<Row>,
    /// Totals.
    pub foot: Option<Row>,
    /// Key of the form that ticked rows are sent with; none: no ticks.
    pub ticks: Option<String>,
    /// True if it scrolls by itself under a fixed head (list pages).
    pub scrolls: bool,
    /// True if no line is drawn under the last row.
    pub open_end: bool,
}

impl Table {
    /// A table of these columns.
    #[must_use]
    pub fn new(caption: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { caption: caption.into(), columns, ..Self::default() }
    }
    /// Adds a row.
    #[must_use]
    pub fn row(mut self, row: Row) -> Self {
        self.rows.push(row);
        self
    }
    /// With this row height.
    #[must_use]
    pub fn density(mut self, density: Density) -> Self {
        self.density = density;
        self
    }
}
