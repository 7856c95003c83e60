//! How parts are put together: panels, columns, drawer, tiles, tabs, pager, clock.

use crate::Part;
use crate::form::Action;
use crate::line::{Light, Line, Link, Tag, Tone};
use crate::number::{Count, Number};

/// A framed part with a title. No panel inside a panel.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panel {
    /// Title; empty: no head.
    pub title: String,
    /// Remark beside the title.
    pub remark: Line,
    /// Views of the same thing, beside the title.
    pub views: Option<Seg>,
    /// One link at the right.
    pub more: Option<Action>,
    /// What stands in it.
    pub parts: Vec<Part>,
}

impl Panel {
    /// A panel with this title.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }
    /// With a remark beside the title.
    #[must_use]
    pub fn remark(mut self, remark: impl Into<Line>) -> Self {
        self.remark = remark.into();
        self
    }
    /// With a link at the right.
    #[must_use]
    pub fn more(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.more = Some(Action::link(label, href));
        self
    }
    /// Adds a part.
    #[must_use]
    pub fn part(mut self, part: impl Into<Part>) -> Self {
        self.parts.push(part.into());
        self
    }
}

/// How columns share the width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Split {
    /// Two halves.
    #[default]
    Halves,
    /// Three thirds.
    Thirds,
    /// Four quarters.
    Quarters,
    /// Wide and a side of 330 px.
    Main,
    /// 556 px and the rest: chart and lineage.
    Lineage,
    /// Wide and 484 px: a document and what was found.
    Document,
    /// Wide and 412 px: conditions and the way.
    Gap,
}

/// Parts side by side.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Columns {
    /// How they share the width.
    pub split: Split,
    /// Columns, left to right; each a stack of parts.
    pub columns: Vec<Vec<Part>>,
}

impl Columns {
    /// No columns yet.
    #[must_use]
    pub fn new(split: Split) -> Self {
        Self { split, columns: Vec::new() }
    }
    /// Adds a column of one part.
    #[must_use]
    pub fn part(mut self, part: impl Into<Part>) -> Self {
        self.columns.push(vec![part.into()]);
        self
    }
    /// Adds a column of several parts.
    #[must_use]
    pub fn stack(mut self, parts: Vec<Part>) -> Self {
        self.columns.push(parts);
        self
    }
}

/// A list with one record opened beside it; it pushes the list, it does not cover it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawer {
    /// The list.
    pub list: Vec<Part>,
    /// Name of the record; empty: no drawer, the list takes the width.
    pub title: String,
    /// Its titles and kinds.
    pub tags: Vec<Tag>,
    /// 概况 / 填报 / 资质 / 变更记录.
    pub tabs: Vec<Link>,
    /// What stands in the open tab.
    pub parts: Vec<Part>,
    /// Leads to the record before, if there is one.
    pub previous: Option<String>,
    /// Leads to the next record, if there is one.
    pub next: Option<String>,
    /// Leads to the list without drawer.
    pub close: String,
}

/// One of several views.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SegItem {
    /// Its words.
    pub link: Link,
    /// How many things stand there, if that is said.
    pub count: Option<u64>,
}

/// A switch between a few views, drawn as segments or tabs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seg {
    /// Read out: 单位.
    pub label: String,
    /// The views.
    pub items: Vec<SegItem>,
}

impl Seg {
    /// A switch with this label over these links.
    #[must_use]
    pub fn new(label: impl Into<String>, links: Vec<Link>) -> Self {
        Self { label: label.into(), items: links.into_iter().map(|link| SegItem { link, count: None }).collect() }
    }
}

/// One key figure of a strip.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KeyFigure {
    /// Above: what it is.
    pub label: Line,
    /// Below: the number and what goes with it.
    pub line: Line,
}

impl KeyFigure {
    /// A number under its label.
    #[must_use]
    pub fn new(label: impl Into<Line>, line: impl Into<Line>) -> Self {
        Self { label: label.into(), line: line.into() }
    }
    /// A number under its label.
    #[must_use]
    pub fn number(label: impl Into<Line>, number: Number) -> Self {
        Self::new(label, Line::new().number(number))
    }
}

/// A count as a tile.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tile {
    /// What is counted.
    pub label: String,
    /// The count and its unit.
    pub line: Line,
    /// Colour of its edge.
    pub edge: Edge,
}

/// Colour of a tile's edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Edge {
    /// No meaning.
    #[default]
    Plain,
    /// New, met.
    Green,
    /// Changed.
    Info,
    /// Rejected, failed.
    Red,
    /// Reminder, to be judged by a person.
    Amber,
}

/// One item of a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Item {
    /// State, before the words.
    pub light: Option<Light>,
    /// The words; may have several lines.
    pub line: Line,
    /// At the right: a number, a link, who.
    pub aside: Line,
    /// What can be done.
    pub actions: Vec<Action>,
}

/// Next, previous and how many: a list is walked by keys, never by offsets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pager {
    /// How many there are, with the link to all.
    pub total: Count,
    /// Leads back, if there is something before.
    pub previous: Option<String>,
    /// Leads on, if there is more.
    pub next: Option<String>,
    /// Rows a page and where to change it.
    pub sizes: Vec<Link>,
    /// True if ticked rows are counted beside the total.
    pub ticks: bool,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum StepState {
    /// Done.
    Done,
    /// Being done.
    Now,
    /// Still to come.
    #[default]
    Later,
}

/// One step of a procedure.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// What is done: 上传：8月产值.xlsx，读了 128 行.
    pub label: String,
    /// How far it is.
    pub state: StepState,
    /// Leads back to it, if one can go back.
    pub href: String,
}

/// What a day is on a working-day clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum DayKind {
    /// To come, or the day of acceptance.
    #[default]
    Plain,
    /// Counted.
    Used,
    /// Rest day, not counted.
    Rest,
    /// Clock stopped, not counted.
    Stopped,
    /// Today.
    Today,
    /// The last day.
    Due,
}

/// One calendar day of a working-day clock.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Day {
    /// The date: 9-10.
    pub date: String,
    /// The count, or 休, 停.
    pub mark: String,
    /// Why: 周二, 中秋, 补正.
    pub why: String,
    /// What it is.
    pub kind: DayKind,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TimelineItem {
    /// What.
    pub what: Line,
    /// When.
    pub when: String,
    /// Who and more.
    pub detail: Line,
    /// How it is marked: grey = still to come, amber = clock stopped.
    pub tone: Option<Tone>,
}
