//! One line a frame: what `suyuan hj212 decode` prints and the conformance suite holds.

use crate::check::Book;
use crate::frame::{self, Frame, Step};
use crate::message::{self, Message};
use crate::verdict::{Group, Verdict, Verdicts};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// A frame, or noise, as people and programs read it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Line {
    /// Header fields as written.
    pub fields: Pairs,
    /// Items of the data area as written.
    pub items: Vec<LineItem>,
    /// Verdicts on length and check value; empty: all right.
    pub verdicts: Vec<&'static str>,
    /// Verdicts on header and data.
    pub remarks: Vec<&'static str>,
    /// The dialect that the remarks were judged by; empty for noise.
    pub dialect: String,
    /// Place of the first byte in the input.
    pub at: u64,
    /// How many bytes.
    pub bytes: usize,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LineItem {
    /// Name.
    pub key: String,
    /// Value exactly as written.
    pub value: String,
}

/// Names and values in their order, written as one object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pairs(pub Vec<(String, String)>);

impl Serialize for Pairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Pairs;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("names and texts")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

impl Line {
    /// The line of a frame, judged by `dialect` or by the one that it seems to speak.
    #[must_use]
    pub fn of_frame(frame: &Frame<'_>, at: u64, book: &Book, dialect: Option<&str>) -> Self {
        let message = message::parse(frame.segment);
        let dialect = dialect.and_then(|key| book.dialects.get(key)).unwrap_or_else(|| book.dialect_of(&message));
        let mut found = book.check(&message, dialect);
        found.merge(frame.verdicts);
        let ids = |group: Group| found.of(group).map(Verdict::id);
        Self {
            fields: fields(&message),
            items: message.items().map(|item| LineItem { key: text(item.name), value: text(item.value) }).collect(),
            verdicts: ids(Group::Frame).collect(),
            remarks: ids(Group::Header).chain(ids(Group::Data)).collect(),
            dialect: dialect.key.clone(),
            at,
            bytes: frame.used,
        }
    }

    /// The line of bytes that are no frame.
    #[must_use]
    pub fn of_noise(noise: &[u8], at: u64) -> Self {
        let verdicts: Verdicts = [Verdict::Malformed].into_iter().collect();
        Self {
            fields: Pairs::default(),
            items: Vec::new(),
            verdicts: verdicts.iter().map(Verdict::id).collect(),
            remarks: Vec::new(),
            dialect: String::new(),
            at,
            bytes: noise.len(),
        }
    }
}

/// The lines of a whole input.
pub fn lines<'a>(bytes: &'a [u8], book: &'a Book, dialect: Option<&'a str>) -> impl Iterator<Item = Line> + 'a {
    let mut at = 0usize;
    std::iter::from_fn(move || {
        loop {
            match frame::next(bytes.get(at..)?, true) {
                Step::More => return None,
                Step::Blank(n) => at += n,
                Step::Noise(noise) => {
                    let line = Line::of_noise(noise, at as u64);
                    at += noise.len();
                    return Some(line);
                }
                Step::Frame(frame) => {
                    let line = Line::of_frame(&frame, at as u64, book, dialect);
                    at += frame.used.max(1);
                    return Some(line);
                }
            }
        }
    })
}

fn fields(message: &Message<'_>) -> Pairs {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (name, value) in message.fields() {
        if !pairs.iter().any(|(n, _)| n.as_bytes() == name) {
            pairs.push((text(name), text(value)));
        }
    }
    Pairs(pairs)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
