//! Page models 页面模型: what a page shows, as values, before anything is drawn.
//!
//! Subjects and readers return a [`Page`]; the web draws it as HTML, the
//! report engine prints the same tables and charts. Texts are already in the
//! page's language. A number is a [`Number`] (a [`values::Figure`] or one side
//! of it), a [`Count`] with a link, or a [`Held`] field of a record with its
//! place: there is no other way to put one on a page.
//!
//! Reading order: [`number`], [`line`] (words and numbers in one line),
//! [`table`], [`form`] (forms, filters, actions), [`chart`], [`layout`]
//! (panels, columns, drawer, pager …), [`draw`] (charts as SVG), [`lineage`] (from the figure to the
//! cell), [`import`] (what an import found), [`document`] (an official
//! document and the marks on it), [`notice`] (note, empty, error).
//!
//! Pure: no clock, no files, no HTML.

pub mod chart;
pub mod document;
pub mod draw;
pub mod form;
pub mod import;
pub mod layout;
pub mod line;
pub mod lineage;
pub mod notice;
pub mod number;
pub mod table;

pub use chart::{Bar, Bars, Chart, Contributions, LineChart, Segment, Series, SeriesKind, Shares, Sparkline};
pub use document::{Block, Check, CheckState, Checks, DocRun, Document};
pub use form::{Action, ActionLook, ActionTarget, Chooser, Field, FieldKind, Filters, Form, Opt, Toolbar};
pub use import::{ImportCounts, ImportResult, NumberedFinding};
pub use layout::{Columns, Day, DayKind, Drawer, Item, KeyFigure, Pager, Panel, Seg, SegItem, Split, Step, StepState, Tile, TimelineItem};
pub use line::{Light, Line, Link, Run, Tag, TagLook, Tone, Voice};
pub use lineage::{Mark, Sheet, SheetCell, SheetRow, Source, Thread, ThreadRows};
pub use notice::{Empty, Fault, Note, NoteTone};
pub use number::{Aspect, Count, Held, Look, Number};
pub use table::{Align, Bullet, Cell, Column, Density, Row, Sort, Table, Tally};

/// One page: its heading and its parts, top to bottom.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Title, also of the browser's tab.
    pub title: String,
    /// Where it stands, outermost first; printed small beside the title.
    pub crumbs: Vec<Link>,
    /// Words after the crumbs, e.g. the batch or file spoken of.
    pub remark: Line,
    /// Key of the office whose menu it belongs to (`economy`), or empty.
    pub office: String,
    /// Key of the menu item (`enterprise`), or empty.
    pub item: String,
    /// How the heading is shown.
    pub head: Head,
    /// Controls at the right of the heading.
    pub tools: Vec<Tool>,
    /// How much of the menu is shown.
    pub menu: MenuWidth,
    /// How high the page is.
    pub height: Height,
    /// The parts, top to bottom.
    pub parts: Vec<Part>,
}

impl Page {
    /// A page of `title` under `office`, still empty.
    #[must_use]
    pub fn new(title: impl Into<String>, office: impl Into<String>) -> Self {
        Self { title: title.into(), office: office.into(), ..Self::default() }
    }
    /// Says which menu item it is.
    #[must_use]
    pub fn item(mut self, item: impl Into<String>) -> Self {
        self.item = item.into();
        self
    }
    /// Adds one step of where the page stands.
    #[must_use]
    pub fn crumb(mut self, link: Link) -> Self {
        self.crumbs.push(link);
        self
    }
    /// Adds a control beside the title.
    #[must_use]
    pub fn tool(mut self, tool: Tool) -> Self {
        self.tools.push(tool);
        self
    }
    /// Adds a part.
    #[must_use]
    pub fn part(mut self, part: impl Into<Part>) -> Self {
        self.parts.push(part.into());
        self
    }
    /// Takes the narrow menu, for pages that need width.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.menu = MenuWidth::Rail;
        self
    }
}

/// How a page's heading is shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Head {
    /// Title, crumbs, tools in a row.
    #[default]
    Plain,
    /// A framed sentence: what is most urgent, before anything else.
    Headline {
        /// Colour of its edge.
        tone: Tone,
        /// The sentence.
        line: Line,
    },
    /// For screen readers only (a list page starts with its filters).
    Hidden,
}

/// How much of the left menu is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MenuWidth {
    /// Offices with their items.
    #[default]
    Full,
    /// Two characters an office.
    Rail,
}

/// Whether the page fills the window or grows with its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Height {
    /// One window; its parts scroll.
    #[default]
    Window,
    /// As long as it is.
    Flow,
}

/// A control at the right of the heading.
#[derive(Debug, Clone, PartialEq)]
pub enum Tool {
    /// A switch between a few views.
    Seg(Seg),
    /// A choice out of many.
    Choose(Chooser),
    /// A button or link.
    Action(Action),
    /// How old the data is, who did it: small words.
    Age(String),
    /// The state of what is shown.
    Light(Light),
}

/// One part of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A framed part with a title.
    Panel(Panel),
    /// Parts side by side.
    Columns(Columns),
    /// A list with the record beside it.
    Drawer(Box<Drawer>),
    /// Key figures in one strip.
    KeyFigures(Vec<KeyFigure>),
    /// A few counts as tiles.
    Tiles(Vec<Tile>),
    /// A table.
    Table(Table),
    /// A list of items, each one or two lines.
    Items(Vec<Item>),
    /// Terms and their values.
    KeyValues(Vec<(String, Line)>),
    /// A sub-heading.
    Heading(Line),
    /// A paragraph.
    Text(Line),
    /// A small paragraph in the second tone: what a chart says, how a table is to be read.
    Remark(Line),
    /// A bar of filters above a list.
    Filters(Filters),
    /// A bar of buttons above a list.
    Toolbar(Toolbar),
    /// Buttons that stay in view at the bottom.
    Actions(Toolbar),
    /// A form.
    Form(Form),
    /// Next, previous, how many.
    Pager(Pager),
    /// Links to views of the same thing.
    Tabs(Seg),
    /// A chart.
    Chart(Chart),
    /// From the figure to the cell.
    Thread(Box<Thread>),
    /// A window on somebody's sheet.
    Sheet(Sheet),
    /// Steps of a procedure.
    Steps(Vec<Step>),
    /// A working-day clock.
    Days(Vec<Day>),
    /// What happened when.
    Timeline(Vec<TimelineItem>),
    /// What an import found.
    Import(Box<ImportResult>),
    /// An official document.
    Document(Document),
    /// What was found about a document's figures.
    Checks(Checks),
    /// A remark in a box.
    Note(Note),
    /// Nothing there, and why.
    Empty(Empty),
    /// Something failed.
    Fault(Box<Fault>),
}

macro_rules! part_from {
    ($($from:ty => $variant:ident),* $(,)?) => {
        $(impl From<$from> for Part {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        })*
    };
}
part_from! {
    Panel => Panel, Columns => Columns, Drawer => Drawer, Table => Table, Filters => Filters,
    Form => Form, Pager => Pager, Chart => Chart, Thread => Thread, Sheet => Sheet,
    ImportResult => Import, Document => Document, Checks => Checks, Note => Note, Empty => Empty, Fault => Fault,
}
