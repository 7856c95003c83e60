//! Forms, filters, buttons.
//!
//! What a person typed is kept as text and shown again with the error beside
//! it; nothing is parsed here.

use crate::line::{Line, Link};
use crate::notice::Note;

/// What an action does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionTarget {
    /// Opens a page or file.
    Link(String),
    /// Sends (POST), with these fields.
    Post(String, Vec<(String, String)>),
    /// Sends the ticked rows (POST) with the form of this key.
    Ticked(String, String),
    /// Copies this text; without script it shows it to be copied by hand.
    Copy(String),
    /// Cannot be done now, and why.
    Disabled(String),
}

/// How a button looks. One `Primary` a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum ActionLook {
    /// Outlined.
    #[default]
    Plain,
    /// The one that most people want.
    Primary,
    /// Outlined red: takes something away.
    Danger,
    /// Words only.
    Words,
}

/// A button or link that does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it says: 仅导入合格的 122 行, not 确定.
    pub label: String,
    /// What it does.
    pub target: ActionTarget,
    /// How it looks.
    pub look: ActionLook,
    /// True for the small size.
    pub small: bool,
    /// Asked before it is done, if it cannot be undone; shown on hover.
    pub confirm: String,
}

impl Action {
    fn new(label: impl Into<String>, target: ActionTarget) -> Self {
        Self { label: label.into(), target, look: ActionLook::Plain, small: false, confirm: String::new() }
    }
    /// Opens a page or file.
    #[must_use]
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self::new(label, ActionTarget::Link(href.into()))
    }
    /// Sends (POST) to `href`.
    #[must_use]
    pub fn post(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self::new(label, ActionTarget::Post(href.into(), Vec::new()))
    }
    /// Sends the ticked rows of the table with ticks `form` to `href`.
    #[must_use]
    pub fn ticked(label: impl Into<String>, form: impl Into<String>, href: impl Into<String>) -> Self {
        Self::new(label, ActionTarget::Ticked(form.into(), href.into()))
    }
    /// Copies `text`.
    #[must_use]
    pub fn copy(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(label, ActionTarget::Copy(text.into()))
    }
    /// Cannot be done now.
    #[must_use]
    pub fn disabled(label: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(label, ActionTarget::Disabled(why.into()))
    }
    /// The one that most people want.
    #[must_use]
    pub fn primary(mut self) -> Self {
        self.look = ActionLook::Primary;
        self
    }
    /// Takes something away.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.look = ActionLook::Danger;
        self
    }
    /// Words only.
    #[must_use]
    pub fn words(mut self) -> Self {
        self.look = ActionLook::Words;
        self
    }
    /// Small size.
    #[must_use]
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }
    /// Asked before it is done.
    #[must_use]
    pub fn confirm(mut self, question: impl Into<String>) -> Self {
        self.confirm = question.into();
        self
    }
    /// Sends this field too (POST actions only).
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        if let ActionTarget::Post(_, fields) = &mut self.target {
            fields.push((name.into(), value.into()));
        }
        self
    }
}

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opt {
    /// Stable key that is sent.
    pub key: String,
    /// Label.
    pub label: String,
}

impl Opt {
    /// An option.
    #[must_use]
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Self {
        Self { key: key.into(), label: label.into() }
    }
}

/// What a field takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FieldKind {
    /// One line of words.
    #[default]
    Text,
    /// Several lines.
    LongText,
    /// A number; the unit stands after it.
    Number,
    /// Money in the field's unit (万元 …).
    Money,
    /// A day, `2025-08-31`; `2025年8月31日` and `2025.8.31` are read too.
    Date,
    /// A period, `2025-01..08`; `2025年1-8月` is read too.
    Period,
    /// One of a few.
    Choice(Vec<Opt>),
    /// A code: credit code, industry code.
    Code,
    /// Yes or no.
    Bool,
    /// A record of another ledger: typed by name or code; `options` are the
    /// nearest matches, `search` where more are looked up.
    Reference {
        /// Key of the ledger.
        ledger: String,
        /// Matches offered.
        options: Vec<Opt>,
        /// Address of the look-up.
        search: String,
    },
    /// A file to be uploaded; accepted endings, comma-separated.
    File(String),
    /// A secret.
    Password,
    /// A one-time code.
    OneTimeCode,
    /// Shown, but not to be changed here; the words say why (its cell, who filed it).
    Fixed(FixedValue),
}

/// A value that is shown only, and the words that say where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FixedValue {
    /// Where it came from: `表1!B7`.
    pub place: Link,
    /// Why it cannot be changed here.
    pub why: String,
}

/// One field with what was typed and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Field {
    /// Key that is sent.
    pub key: String,
    /// Label.
    pub label: String,
    /// What it takes.
    pub kind: FieldKind,
    /// What stands in it, as typed.
    pub value: String,
    /// Unit behind it.
    pub unit: String,
    /// True if it must be filled in.
    pub required: bool,
    /// One line of help, below.
    pub help: String,
    /// What is wrong, with what to type; below, in red.
    pub errors: Vec<String>,
    /// Most characters taken; 0 = no limit said.
    pub max: u32,
    /// Shown in the empty field; never the only label.
    pub example: String,
    /// True if it takes the whole width.
    pub wide: bool,
}

impl Field {
    /// A field of this key, label and kind.
    #[must_use]
    pub fn new(key: impl Into<String>, label: impl Into<String>, kind: FieldKind) -> Self {
        Self { key: key.into(), label: label.into(), kind, ..Self::default() }
    }
    /// With what was typed.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }
    /// With its unit.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }
    /// Must be filled in.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
    /// With a line of help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
    /// With what is wrong.
    #[must_use]
    pub fn error(mut self, error: impl Into<String>) -> Self {
        self.errors.push(error.into());
        self
    }
    /// With an example in the empty field.
    #[must_use]
    pub fn example(mut self, example: impl Into<String>) -> Self {
        self.example = example.into();
        self
    }
    /// Over the whole width.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }
}

/// A form that is sent (POST).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Form {
    /// Key, unique on its page.
    pub key: String,
    /// Where it is sent.
    pub action: String,
    /// Fields in order.
    pub fields: Vec<Field>,
    /// Sent along, not shown (record id, version).
    pub hidden: Vec<(String, String)>,
    /// What the button says.
    pub submit: String,
    /// Other ways out.
    pub others: Vec<Action>,
    /// What is wrong with the whole, above the fields.
    pub notes: Vec<Note>,
}

impl Form {
    /// A form sent to `action` by a button that says `submit`.
    #[must_use]
    pub fn new(key: impl Into<String>, action: impl Into<String>, submit: impl Into<String>) -> Self {
        Self { key: key.into(), action: action.into(), submit: submit.into(), ..Self::default() }
    }
    /// Adds a field.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }
    /// True if a file is sent with it.
    #[must_use]
    pub fn has_file(&self) -> bool {
        self.fields.iter().any(|f| matches!(f.kind, FieldKind::File(_)))
    }
    /// How many fields have something wrong.
    #[must_use]
    pub fn wrong(&self) -> usize {
        self.fields.iter().filter(|f| !f.errors.is_empty()).count()
    }
}

/// Filters above a list: a form that asks (GET).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filters {
    /// The list's address.
    pub action: String,
    /// Fields always shown.
    pub fields: Vec<Field>,
    /// Fields shown on 更多条件.
    pub more: Vec<Field>,
    /// Sent along (sort order, zone).
    pub hidden: Vec<(String, String)>,
}

/// A choice out of many that changes what the page shows (GET).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chooser {
    /// The page's address.
    pub action: String,
    /// Name that is sent.
    pub name: String,
    /// Label, read out.
    pub label: String,
    /// Options.
    pub options: Vec<Opt>,
    /// Key of the chosen one.
    pub chosen: String,
    /// Sent along.
    pub hidden: Vec<(String, String)>,
}

/// A row of buttons.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Toolbar {
    /// At the left.
    pub left: Vec<Action>,
    /// Words between.
    pub middle: Line,
    /// At the right.
    pub right: Vec<Action>,
}
