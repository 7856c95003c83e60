//! One line of words, numbers, lights, tags and links.

use crate::number::{Count, Held, Number};
use crate::table::Bullet;
use values::Lang;

/// A link: words and where they lead. An empty `href` is plain words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// The words.
    pub label: String,
    /// Where they lead.
    pub href: String,
    /// True for the one that is being looked at.
    pub current: bool,
}

impl Link {
    /// Words that lead to `href`.
    #[must_use]
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), current: false }
    }
    /// Marks it as the one looked at, if so.
    #[must_use]
    pub fn current_if(mut self, current: bool) -> Self {
        self.current = current;
        self
    }
}

/// Colour of a state; always beside a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Tone {
    /// 落后, 迟报, an error.
    Red,
    /// 偏慢, 退回, a warning.
    Amber,
    /// 正常, 已审.
    Green,
    /// Not known, not yet: 待审, 缺数据.
    #[default]
    Grey,
}

/// A light: shape + word + tint.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Light {
    /// Its colour and shape.
    pub tone: Tone,
    /// Its word.
    pub word: String,
    /// Why, shown on hover; may be empty (the reason stands beside it anyway).
    pub why: String,
}

impl Light {
    /// A light of this tone with this word.
    #[must_use]
    pub fn new(tone: Tone, word: impl Into<String>) -> Self {
        Self { tone, word: word.into(), why: String::new() }
    }
}

/// How a tag looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum TagLook {
    /// Outlined.
    #[default]
    Plain,
    /// Filled: 小巨人, 链主.
    Solid,
    /// Dashed: not yet.
    Off,
}

/// A tag: a title that an enterprise holds, a kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tag {
    /// Its word.
    pub word: String,
    /// How it looks.
    pub look: TagLook,
}

impl Tag {
    /// An outlined tag.
    #[must_use]
    pub fn new(word: impl Into<String>) -> Self {
        Self { word: word.into(), look: TagLook::Plain }
    }
    /// A filled tag.
    #[must_use]
    pub fn solid(word: impl Into<String>) -> Self {
        Self { word: word.into(), look: TagLook::Solid }
    }
    /// A dashed tag: not yet.
    #[must_use]
    pub fn off(word: impl Into<String>) -> Self {
        Self { word: word.into(), look: TagLook::Off }
    }
}

/// How words are said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Voice {
    /// Body text.
    #[default]
    Plain,
    /// Bold.
    Strong,
    /// Second tone.
    Dim,
    /// Small, second tone: an explanation.
    Note,
    /// Small, third tone: a remark.
    Remark,
    /// Third tone: a word in place of a number (未报, —).
    Mute,
    /// A unit after a number.
    Unit,
    /// How old the data is.
    Age,
    /// Struck out: what stood there before.
    Was,
}

/// One run of a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Run {
    /// Words.
    Words(Voice, String),
    /// One side of a figure and its unit.
    Number(Number),
    /// One side of a figure whose unit the words around it say.
    Bare(Number),
    /// A count and its unit.
    Count(Count),
    /// A record's number, with its unit.
    Held(Held),
    /// A light.
    Light(Light),
    /// A tag.
    Tag(Tag),
    /// A link.
    Link(Link),
    /// A small bullet bar.
    Bullet(Bullet),
    /// A new line.
    Break,
}

/// Words and numbers in one line.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line(pub Vec<Run>);

impl Line {
    /// An empty line to add to.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// True if nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Adds any run.
    #[must_use]
    pub fn run(mut self, run: Run) -> Self {
        self.0.push(run);
        self
    }
    /// Adds body text.
    #[must_use]
    pub fn text(self, words: impl Into<String>) -> Self {
        self.say(Voice::Plain, words)
    }
    /// Adds bold words.
    #[must_use]
    pub fn strong(self, words: impl Into<String>) -> Self {
        self.say(Voice::Strong, words)
    }
    /// Adds words in this voice.
    #[must_use]
    pub fn say(self, voice: Voice, words: impl Into<String>) -> Self {
        self.run(Run::Words(voice, words.into()))
    }
    /// Adds a number and its unit.
    #[must_use]
    pub fn number(self, number: impl Into<Number>) -> Self {
        self.run(Run::Number(number.into()))
    }
    /// Adds a number whose unit the words around it say.
    #[must_use]
    pub fn bare(self, number: impl Into<Number>) -> Self {
        self.run(Run::Bare(number.into()))
    }
    /// Adds a count and its unit.
    #[must_use]
    pub fn count(self, count: Count) -> Self {
        self.run(Run::Count(count))
    }
    /// Adds a record's number.
    #[must_use]
    pub fn held(self, held: Held) -> Self {
        self.run(Run::Held(held))
    }
    /// Adds a light.
    #[must_use]
    pub fn light(self, light: Light) -> Self {
        self.run(Run::Light(light))
    }
    /// Adds a tag.
    #[must_use]
    pub fn tag(self, tag: Tag) -> Self {
        self.run(Run::Tag(tag))
    }
    /// Adds a link.
    #[must_use]
    pub fn link(self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.run(Run::Link(Link::new(label, href)))
    }
    /// Starts a new line.
    #[must_use]
    pub fn br(self) -> Self {
        self.run(Run::Break)
    }

    /// The line as plain text, for print, search and labels.
    #[must_use]
    pub fn plain(&self, lang: Lang) -> String {
        let mut out = String::new();
        for run in &self.0 {
            match run {
                Run::Words(_, words) => out.push_str(words),
                Run::Number(number) => out.push_str(&format!("{}{}", number.text(lang), number.unit(lang))),
                Run::Bare(number) => out.push_str(&number.text(lang)),
                Run::Count(count) => out.push_str(&format!("{}{}", count.text(), count.unit)),
                Run::Held(held) => out.push_str(&format!("{}{}", held.text(), held.unit)),
                Run::Light(light) => out.push_str(&light.word),
                Run::Tag(tag) => out.push_str(&tag.word),
                Run::Link(link) => out.push_str(&link.label),
                Run::Bullet(bullet) => out.push_str(&bullet.label),
                Run::Break => out.push('\n'),
            }
        }
        out
    }
}

impl From<&str> for Line {
    fn from(words: &str) -> Self {
        if words.is_empty() { Self::new() } else { Self::new().text(words) }
    }
}
impl From<String> for Line {
    fn from(words: String) -> Self {
        if words.is_empty() { Self::new() } else { Self::new().text(words) }
    }
}
impl From<Number> for Line {
    fn from(number: Number) -> Self {
        Self::new().number(number)
    }
}
impl From<Count> for Line {
    fn from(count: Count) -> Self {
        Self::new().count(count)
    }
}
impl From<Held> for Line {
    fn from(held: Held) -> Self {
        Self::new().held(held)
    }
}
impl From<Link> for Line {
    fn from(link: Link) -> Self {
        Self::new().run(Run::Link(link))
    }
}
impl From<Light> for Line {
    fn from(light: Light) -> Self {
        Self::new().light(light)
    }
}
