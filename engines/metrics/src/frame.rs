//! Frames 口径框: for each month, which slots a metric counts and into which slices they fall.
//!
//! Metrics with the same subjects, filter and slices share one. Months without
//! a change of membership share their parts.

use crate::column::Bits;
use crate::gather::Select;
use crate::membership::{Codes, Membership, PRESENCE, TITLE};
use crate::subject::SubjectKind;
use expr::{Arg, Called, Expr, Kind, Named, Names, Value, Values};
use std::sync::Arc;
use values::figure::Reason;

/// Dimensions by which subjects are cut and filtered 维度.
///
/// `industry` holds divisions 大类; `kind` and `part` follow from the industry
/// code; `origin` of money or projects (省外, 市外, 本地, foreign); `form` is the
/// legal form of an entity.
pub const DIMENSIONS: &[&str] = &["kind", "part", "industry", "size", "chain", "title", "origin", "form", "stage", "level"];

/// Names a filter may use: dimensions by their key (`industry in ["26", "32"]`), and `title(x)`, `chain(x)`, `kind(x)` for "holds x".
#[derive(Default)]
pub(crate) struct FilterNames {
    /// A dimension's key, and the value asked for in a call.
    reads: Vec<(String, Option<String>)>,
}

impl FilterNames {
    fn id(&mut self, dimension: &str, value: Option<&str>) -> u32 {
        let read = (dimension.to_owned(), value.map(str::to_owned));
        let at = self.reads.iter().position(|r| *r == read).unwrap_or_else(|| {
            self.reads.push(read);
            self.reads.len() - 1
        });
        u32::try_from(at).unwrap_or(u32::MAX)
    }
}

impl Names for FilterNames {
    fn name(&mut self, path: &str) -> Option<Named> {
        let kind = if path == "industry" { Kind::Code } else { Kind::Choice(Vec::new()) };
        DIMENSIONS.contains(&path).then(|| Named { id: self.id(path, None), kind })
    }
    fn known(&self) -> Vec<String> {
        DIMENSIONS.iter().map(|d| (*d).to_owned()).collect()
    }
    fn call(&mut self, function: &str, args: &[Arg<'_>]) -> Called {
        if !DIMENSIONS.contains(&function) {
            return Called::Unknown;
        }
        match args {
            [Arg::Word(value) | Arg::Text(value)] => Called::Is(Named { id: self.id(function, Some(value)), kind: Kind::Bool }),
            _ => Called::Wrong(format!("{function}(代码)")),
        }
    }
}

/// A filter over subjects, checked once.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    expr: Option<Expr>,
    reads: Vec<(String, Option<String>)>,
}

impl Filter {
    /// Reads a filter; an empty text lets everybody pass.
    pub fn compile(text: &str) -> Result<Self, Vec<expr::Problem>> {
        if text.trim().is_empty() {
            return Ok(Self { expr: None, reads: Vec::new() });
        }
        let mut names = FilterNames::default();
        let expr = Expr::condition(text, &mut names)?;
        Ok(Self { expr: Some(expr), reads: names.reads })
    }
    /// A filter that lets nobody pass: for one that could not be read.
    pub fn nobody() -> Self {
        Self::compile("false").unwrap_or(Self { expr: None, reads: Vec::new() })
    }
    fn passes(&self, membership: &Membership, kind: SubjectKind, slot: u32, month: i32) -> bool {
        if !membership.is_present(kind, slot, month) {
            return false;
        }
        let Some(expr) = &self.expr else { return true };
        // Not known is not passed: a firm without an industry code is in no industry.
        expr.truth(&Asked { filter: self, membership, kind, slot, month }) == Some(true)
    }
    fn dimensions(&self) -> impl Iterator<Item = &str> {
        self.reads.iter().map(|(d, _)| d.as_str()).chain([PRESENCE])
    }
}

struct Asked<'a> {
    filter: &'a Filter,
    membership: &'a Membership,
    kind: SubjectKind,
    slot: u32,
    month: i32,
}

impl Values for Asked<'_> {
    fn get(&self, id: u32) -> Value<'_> {
        let Some((key, value)) = self.filter.reads.get(id as usize) else { return Value::NOT_FILED };
        let found = self.membership.dimension(self.kind, key);
        let Some((_, dimension)) = found else {
            // Nobody holds a title that no list names; a dimension without data is not known.
            return if key == TITLE { Value::Bool(false) } else { Value::Missing(Reason::NotFiled) };
        };
        match value {
            Some(value) => Value::Bool(dimension.code(value).is_some_and(|c| dimension.holds(self.slot, c, self.month))),
            None => {
                let stays = dimension.stays.get(self.slot as usize).into_iter().flatten();
                let held = stays.filter(|s| (s.from..s.until).contains(&self.month)).map(|s| s.value).next();
                held.and_then(|c| dimension.values.get(usize::from(c))).map_or(Value::NOT_FILED, |v| Value::Text(v))
            }
        }
    }
}

/// One dimension of a frame: its place among the kind's dimensions, and where its sums begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cut {
    pub dimension: usize,
    pub key: String,
    pub offset: usize,
    pub size: usize,
}

/// One month: who counts, into which slices, and how many there are of each.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Frame {
    pub mask: Arc<Bits>,
    pub codes: Vec<Arc<Codes>>,
    /// Subjects that count: total, then each value of each dimension.
    pub expected: Arc<Vec<u32>>,
}

/// All months of one (subjects, filter, slices).
#[derive(Debug, Clone)]
pub(crate) struct Frames {
    pub kind: SubjectKind,
    pub filter: Filter,
    pub cuts: Vec<Cut>,
    /// Number of kept places.
    pub places: usize,
    /// Dimension and value of each place; the total's are empty.
    pub names: Arc<Vec<(String, String)>>,
    first: i32,
    months: Vec<Frame>,
}

impl Frames {
    pub fn new(membership: &Membership, kind: SubjectKind, filter: Filter, slices: &[String]) -> Self {
        let mut cuts = Vec::new();
        let mut offset = 1;
        for key in slices {
            if let Some((dimension, d)) = membership.dimension(kind, key) {
                cuts.push(Cut { dimension, key: key.clone(), offset, size: d.values.len() });
                offset += d.values.len();
            }
        }
        let (first, last) = membership.range();
        let names = Arc::new(names(membership, kind, &cuts));
        let mut made = Self { kind, filter, cuts, places: offset, names, first, months: Vec::new() };
        for month in first..=last {
            let frame = made.make(membership, month, made.months.last());
            made.months.push(frame);
        }
        made
    }

    /// The frame of a month, laid out or made now.
    pub fn at(&self, membership: &Membership, month: i32) -> std::borrow::Cow<'_, Frame> {
        match usize::try_from(month - self.first).ok().and_then(|i| self.months.get(i)) {
            Some(frame) => std::borrow::Cow::Borrowed(frame),
            None => std::borrow::Cow::Owned(self.make(membership, month, None)),
        }
    }

    fn make(&self, membership: &Membership, month: i32, before: Option<&Frame>) -> Frame {
        let slots = membership.slots(self.kind);
        let codes: Vec<Arc<Codes>> = self.cuts.iter().map(|c| membership.codes(self.kind, c.dimension, month)).collect();
        let mask = self.mask(membership, slots, month, before);
        if let Some(before) = before.filter(|b| Arc::ptr_eq(&b.mask, &mask) && same(&b.codes, &codes)) {
            return before.clone();
        }
        let mut expected = vec![0u32; self.places];
        for slot in mask.iter() {
            expected[0] += 1;
            for (cut, codes) in self.cuts.iter().zip(&codes) {
                codes.each(slot, |value, _| expected[cut.offset + usize::from(value)] += 1);
            }
        }
        Frame { mask, codes, expected: Arc::new(expected) }
    }

    /// Asks again only the slots whose membership changed this month.
    fn mask(&self, membership: &Membership, slots: u32, month: i32, before: Option<&Frame>) -> Arc<Bits> {
        let Some(before) = before else {
            let mut mask = Bits::new(slots);
            for slot in 0..slots {
                mask.set(slot, self.filter.passes(membership, self.kind, slot, month));
            }
            return Arc::new(mask);
        };
        let mut next: Option<Bits> = None;
        let mut seen = Vec::new();
        for key in self.filter.dimensions() {
            let Some((_, dimension)) = membership.dimension(self.kind, key) else { continue };
            for (slot, stays) in dimension.stays.iter().enumerate() {
                if stays.iter().any(|s| s.from == month || s.until == month) {
                    seen.push(u32::try_from(slot).unwrap_or(u32::MAX));
                }
            }
        }
        for slot in seen {
            let passes = self.filter.passes(membership, self.kind, slot, month);
            if next.as_ref().unwrap_or(&before.mask).has(slot) != passes {
                next.get_or_insert_with(|| (*before.mask).clone()).set(slot, passes);
            }
        }
        next.map_or_else(|| Arc::clone(&before.mask), Arc::new)
    }

    /// What a place selects.
    pub fn select(&self, place: usize) -> Select {
        let found = self.cuts.iter().enumerate().find(|(_, c)| (c.offset..c.offset + c.size).contains(&place));
        found.map_or(Select::All, |(at, c)| Select::Slice(at, u16::try_from(place - c.offset).unwrap_or(u16::MAX)))
    }

    /// Place of a slice's sums; `None` if the metric is not cut that way or the value has nobody.
    pub fn place(&self, membership: &Membership, dimension: &str, value: &str) -> Option<(usize, u16)> {
        let at = self.cuts.iter().position(|c| c.key == dimension)?;
        let code = membership.dimensions(self.kind).get(self.cuts[at].dimension)?.code(value)?;
        (usize::from(code) < self.cuts[at].size).then_some((at, code))
    }
}

fn names(membership: &Membership, kind: SubjectKind, cuts: &[Cut]) -> Vec<(String, String)> {
    let of = |cut: &Cut| {
        let values = membership.dimensions(kind).get(cut.dimension).map(|d| d.values.as_slice()).unwrap_or_default();
        values.iter().take(cut.size).map(|v| (cut.key.clone(), v.clone())).collect::<Vec<_>>()
    };
    [(String::new(), String::new())].into_iter().chain(cuts.iter().flat_map(of)).collect()
}

fn same(a: &[Arc<Codes>], b: &[Arc<Codes>]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| Arc::ptr_eq(a, b))
}
