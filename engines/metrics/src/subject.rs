//! Subjects 统计对象: what facts speak of, numbered densely per zone, and their slots within a kind.

use std::collections::BTreeMap;

/// Kind of subject; the order is the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SubjectKind {
    /// The zone itself.
    Zone,
    /// 企业
    Enterprise,
    /// 项目
    Project,
    /// 产业链
    Chain,
    /// 排放口
    Outlet,
    /// 部门
    Office,
    /// Another zone or aggregate whose figures are published.
    Peer,
}

impl SubjectKind {
    /// All kinds.
    pub const ALL: [Self; 7] = [Self::Zone, Self::Enterprise, Self::Project, Self::Chain, Self::Outlet, Self::Office, Self::Peer];

    /// Stable key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Enterprise => "enterprise",
            Self::Project => "project",
            Self::Chain => "chain",
            Self::Outlet => "outlet",
            Self::Office => "office",
            Self::Peer => "peer",
        }
    }
    /// The kind of that key.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.key() == key)
    }
}

/// One subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its number in the zone, as in the facts table.
    pub number: i64,
    /// Its kind.
    pub kind: SubjectKind,
    /// Its outer reference: a record's id, a peer's name, `zone`.
    pub reference: String,
    /// What people call it.
    pub name: String,
}

/// All subjects of a zone. A slot is a subject's place among its kind, in order of numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subjects {
    all: Vec<Subject>,
    places: BTreeMap<i64, (SubjectKind, u32)>,
    by_kind: BTreeMap<SubjectKind, Vec<u32>>,
}

impl Subjects {
    /// From subjects in any order; of two with one number the first stands.
    pub fn new(subjects: impl IntoIterator<Item = Subject>) -> Self {
        let mut all: Vec<Subject> = subjects.into_iter().collect();
        all.sort_by_key(|s| s.number);
        all.dedup_by_key(|s| s.number);
        let mut made = Self::default();
        for (at, subject) in all.iter().enumerate() {
            let list = made.by_kind.entry(subject.kind).or_default();
            made.places.insert(subject.number, (subject.kind, u32::try_from(list.len()).unwrap_or(u32::MAX)));
            list.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        made.all = all;
        made
    }
    /// The same with one more; its slot is the next of its kind if its number is the highest, as dense numbers are.
    #[must_use]
    pub fn with(&self, subject: Subject) -> Self {
        Self::new(self.all.iter().cloned().chain([subject]))
    }
    /// Kind and slot of a number.
    #[must_use]
    pub fn place(&self, number: i64) -> Option<(SubjectKind, u32)> {
        self.places.get(&number).copied()
    }
    /// How many there are of a kind.
    #[must_use]
    pub fn count(&self, kind: SubjectKind) -> u32 {
        self.by_kind.get(&kind).map_or(0, |l| u32::try_from(l.len()).unwrap_or(u32::MAX))
    }
    /// The subject in a slot.
    #[must_use]
    pub fn at(&self, kind: SubjectKind, slot: u32) -> Option<&Subject> {
        let at = *self.by_kind.get(&kind)?.get(slot as usize)?;
        self.all.get(at as usize)
    }
    /// The subject of a number.
    #[must_use]
    pub fn find(&self, number: i64) -> Option<&Subject> {
        let (kind, slot) = self.place(number)?;
        self.at(kind, slot)
    }
    /// The subject of a kind and reference.
    #[must_use]
    pub fn find_reference(&self, kind: SubjectKind, reference: &str) -> Option<&Subject> {
        self.by_kind.get(&kind)?.iter().filter_map(|at| self.all.get(*at as usize)).find(|s| s.reference == reference)
    }
    /// All, by number.
    pub fn iter(&self) -> impl Iterator<Item = &Subject> {
        self.all.iter()
    }
}
