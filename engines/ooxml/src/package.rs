//! A package 文档包: its parts, read on demand, replaced, removed, added, written.

use crate::relations::{self, Relation, Target};
use crate::sniff::{Other, sniff};
use crate::types::{self, CONTENT_TYPES, ContentTypes, Kind};
use crate::xml::{self, XmlError};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{Cursor, Read, Write};
use std::sync::Arc;
use values::{Finding, Lang, Texts};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// How much of a file is looked at before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file: u64,
    /// Entries of the archive.
    pub entries: usize,
    /// Bytes of all parts when unpacked, as declared; nothing may unpack to more than it declares.
    pub unpacked: u64,
    /// Bytes of one part when unpacked.
    pub part: u64,
}

impl Default for Limits {
    /// 200 MiB packed, 10,000 entries, 1 GiB unpacked, 512 MiB a part: above anything that an office writes.
    fn default() -> Self {
        Self { file: 200 << 20, entries: 10_000, unpacked: 1 << 30, part: 512 << 20 }
    }
}

/// What to do with references that a program would load by itself. Nothing here ever follows one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Outside {
    /// Refuse the file. For documents that come back from outside.
    #[default]
    Refuse,
    /// Keep them as they are and list them in [`Package::outside`]. Workbooks that point to other workbooks are common.
    List,
}

/// How a package is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rules {
    /// Limits of size.
    pub limits: Limits,
    /// References to the outside.
    pub outside: Outside,
}

/// One reference to the outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Part that holds it; empty for the package.
    pub part: String,
    /// Kind: `attachedTemplate`, `image`, `oleObject`, `externalLinkPath` …
    pub kind: String,
    /// Where it points.
    pub target: String,
}

/// Why a file is not opened. Each is a sentence for the person who sent it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Not an OOXML package but something else.
    #[error("不是 docx、xlsx 文件：{0:?}")]
    NotAPackage(Other),
    /// The file itself is too large.
    #[error("文件有 {bytes} 字节，超过上限 {limit} 字节")]
    FileTooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// Too many entries.
    #[error("文件内含 {entries} 个部件，超过上限 {limit} 个")]
    TooManyEntries {
        /// How many.
        entries: usize,
        /// The limit.
        limit: usize,
    },
    /// Too large when unpacked.
    #[error("文件解压后有 {bytes} 字节，超过上限 {limit} 字节")]
    TooLargeUnpacked {
        /// Declared size, of all parts or of one.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The archive cannot be read.
    #[error("压缩包已损坏")]
    BrokenArchive(#[source] ZipError),
    /// Two entries of one name: programs would not agree on which counts.
    #[error("文件内有两个同名部件“{part}”")]
    DuplicatePart {
        /// The name.
        part: String,
    },
    /// A zip entry is encrypted.
    #[error("文件设有密码")]
    Encrypted,
    /// The file holds a program.
    #[error("文件含有宏（{part}），不予打开")]
    Macros {
        /// Where.
        part: String,
    },
    /// The file refers to something outside that a program would load.
    #[error("文件引用了外部内容（{}），不予打开", .0.target)]
    OutsideReference(Reference),
    /// A part that every package has is missing or broken.
    #[error("文件缺少或损坏了必需的部件")]
    Part(#[from] PartError),
}

impl OpenError {
    /// Stable rule id of the sentence.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::NotAPackage(other) => match other {
                Other::Encrypted => "ooxml.encrypted",
                Other::OldDocument => "ooxml.old_document",
                Other::OldWorkbook => "ooxml.old_workbook",
                Other::Pdf => "ooxml.pdf",
                Other::Empty => "ooxml.empty",
                Other::Compound | Other::Rtf | Other::Html | Other::Xml | Other::Zip | Other::Unknown => "ooxml.not_a_package",
            },
            Self::FileTooLarge { .. } => "ooxml.file_too_large",
            Self::TooManyEntries { .. } => "ooxml.too_many_entries",
            Self::TooLargeUnpacked { .. } => "ooxml.too_large_unpacked",
            Self::BrokenArchive(_) => "ooxml.broken_archive",
            Self::DuplicatePart { .. } => "ooxml.duplicate_part",
            Self::Encrypted => "ooxml.encrypted",
            Self::Macros { .. } => "ooxml.macros",
            Self::OutsideReference(_) => "ooxml.outside_reference",
            Self::Part(PartError::Xml { cause: XmlError::Dtd { .. }, .. }) => "ooxml.dtd",
            Self::Part(PartError::TooLarge { .. }) => "ooxml.too_large_unpacked",
            Self::Part(_) => "ooxml.broken_part",
        }
    }

    /// The sentence for the person who sent the file, as a finding.
    #[must_use]
    pub fn finding(&self, lang: Lang) -> Finding {
        let texts = Texts::parse(crate::TEXTS).unwrap_or_default();
        let (found, limit) = match self {
            Self::FileTooLarge { bytes, limit } | Self::TooLargeUnpacked { bytes, limit } => (mib(*bytes), mib(*limit)),
            Self::TooManyEntries { entries, limit } => (entries.to_string(), limit.to_string()),
            Self::DuplicatePart { part } | Self::Macros { part } => (part.clone(), String::new()),
            Self::OutsideReference(reference) => (reference.target.clone(), String::new()),
            Self::Part(error) => (error.part().to_owned(), String::new()),
            Self::NotAPackage(_) | Self::BrokenArchive(_) | Self::Encrypted => (String::new(), String::new()),
        };
        let args = [("found", found.as_str()), ("limit", limit.as_str())];
        let rule = self.rule();
        Finding::error(rule).found(found.clone()).expected(texts.get(lang, rule, &args)).remedy(texts.get(
            lang,
            &format!("{rule}_remedy"),
            &args,
        ))
    }
}

fn mib(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1 << 20))
}

/// Why a part cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// It is not there.
    #[error("没有部件“{part}”")]
    Missing {
        /// Its name.
        part: String,
    },
    /// It cannot be unpacked.
    #[error("部件“{part}”已损坏")]
    Unpack {
        /// Its name.
        part: String,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// It unpacks to more than it declares.
    #[error("部件“{part}”解压后超出其声明的大小")]
    TooLarge {
        /// Its name.
        part: String,
    },
    /// It is no text in UTF-8 or UTF-16.
    #[error("部件“{part}”的文字编码不是 UTF-8 或 UTF-16")]
    Encoding {
        /// Its name.
        part: String,
    },
    /// It is no XML that may be read.
    #[error("部件“{part}”的内容不能读取")]
    Xml {
        /// Its name.
        part: String,
        /// Why.
        #[source]
        cause: XmlError,
    },
}

impl PartError {
    /// Name of the part.
    #[must_use]
    pub fn part(&self) -> &str {
        match self {
            Self::Missing { part }
            | Self::Unpack { part, .. }
            | Self::TooLarge { part }
            | Self::Encoding { part }
            | Self::Xml { part, .. } => part,
        }
    }
}

/// Why a package cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("写不出文档包")]
pub struct WriteError(#[from] ZipError);

type Archive = ZipArchive<Cursor<Arc<[u8]>>>;

#[derive(Debug, Clone)]
enum Content {
    /// As it lies in the source file, at this index.
    Source(usize),
    /// Put in by us.
    New(Vec<u8>),
}

#[derive(Debug, Clone)]
struct Entry {
    /// Name as in the archive.
    name: String,
    content: Content,
    /// Declared size when unpacked.
    size: u64,
}

/// A package: parts by name, those of the source file untouched until replaced.
#[derive(Debug, Clone)]
pub struct Package {
    source: Option<(Arc<[u8]>, Archive)>,
    entries: Vec<Entry>,
    by_name: HashMap<String, usize>,
    types: ContentTypes,
    outside: Vec<Reference>,
    changed: bool,
}

fn key(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_ascii_lowercase()
}

impl Default for Package {
    fn default() -> Self {
        Self::new()
    }
}

impl Package {
    /// An empty package; XML and relationship parts have their usual content types.
    #[must_use]
    pub fn new() -> Self {
        let mut types = ContentTypes::default();
        types.defaults.insert("rels".into(), "application/vnd.openxmlformats-package.relationships+xml".into());
        types.defaults.insert("xml".into(), "application/xml".into());
        Self { source: None, entries: Vec::new(), by_name: HashMap::new(), types, outside: Vec::new(), changed: true }
    }

    /// Opens a file.
    ///
    /// Sizes and names are judged before anything is unpacked; then only the content types and the relationships
    /// are read.
    ///
    /// # Errors
    /// [`OpenError`], each a sentence for the person who sent the file.
    pub fn open(bytes: impl Into<Arc<[u8]>>, rules: &Rules) -> Result<Self, OpenError> {
        let bytes: Arc<[u8]> = bytes.into();
        match sniff(&bytes) {
            Other::Zip => {}
            other => return Err(OpenError::NotAPackage(other)),
        }
        let size = bytes.len() as u64;
        if size > rules.limits.file {
            return Err(OpenError::FileTooLarge { bytes: size, limit: rules.limits.file });
        }
        let archive = ZipArchive::new(Cursor::new(Arc::clone(&bytes))).map_err(OpenError::BrokenArchive)?;
        let entries = list_entries(&archive, &rules.limits)?;
        let by_name = entries.iter().enumerate().map(|(i, e)| (key(&e.name), i)).collect();
        let mut package =
            Self { source: Some((bytes, archive)), entries, by_name, types: ContentTypes::default(), outside: Vec::new(), changed: false };
        if !package.has(CONTENT_TYPES) {
            return Err(OpenError::NotAPackage(Other::Zip));
        }
        let text = package.text(CONTENT_TYPES)?;
        package.types = ContentTypes::parse(&text).map_err(|cause| PartError::Xml { part: CONTENT_TYPES.to_owned(), cause })?;
        package.refuse_macros()?;
        package.judge_references(rules.outside)?;
        Ok(package)
    }

    fn refuse_macros(&self) -> Result<(), OpenError> {
        let by_type = self.types.overrides.iter().chain(&self.types.defaults).find(|(_, kind)| types::is_macro(kind));
        if let Some((part, _)) = by_type {
            return Err(OpenError::Macros { part: part.clone() });
        }
        let named = self.entries.iter().find(|e| {
            let name = key(&e.name);
            let file = name.rsplit('/').next().unwrap_or_default();
            file.starts_with("vbaproject") || file.starts_with("vbadata") || name.contains("/macrosheets/")
        });
        named.map_or(Ok(()), |e| Err(OpenError::Macros { part: e.name.clone() }))
    }

    fn judge_references(&mut self, outside: Outside) -> Result<(), OpenError> {
        let mut found = Vec::new();
        for entry in &self.entries {
            let Some(source) = relations::source_of(&entry.name) else { continue };
            for relation in self.relations(&source)? {
                let Target::Outside(target) = &relation.target else { continue };
                if relation.loads_by_itself() {
                    let reference = Reference { part: source.clone(), kind: relation.short_kind().to_owned(), target: target.clone() };
                    if outside == Outside::Refuse {
                        return Err(OpenError::OutsideReference(reference));
                    }
                    found.push(reference);
                }
            }
        }
        self.outside = found;
        Ok(())
    }

    /// References to the outside that were listed instead of refused.
    #[must_use]
    pub fn outside(&self) -> &[Reference] {
        &self.outside
    }

    /// What the package is, by its main part.
    #[must_use]
    pub fn kind(&self) -> Kind {
        let main = self.main_part().unwrap_or_default();
        self.types.of(&main).map_or(Kind::Other, types::kind_of)
    }

    /// Name of the main part (`word/document.xml`, `xl/workbook.xml`), by the package's relationships.
    ///
    /// # Errors
    /// [`PartError::Missing`] if there is none, or what is wrong with the relationships.
    pub fn main_part(&self) -> Result<String, PartError> {
        self.related("", "officeDocument")?.into_iter().next().ok_or_else(|| PartError::Missing { part: "officeDocument".into() })
    }

    /// Names of the parts that `part` points to by this short kind of relationship.
    ///
    /// # Errors
    /// What is wrong with the relationships.
    pub fn related(&self, part: &str, short_kind: &str) -> Result<Vec<String>, PartError> {
        let list = self.relations(part)?;
        Ok(list
            .into_iter()
            .filter(|r| r.short_kind() == short_kind)
            .filter_map(|r| match r.target {
                Target::Part(name) => Some(name),
                Target::Outside(_) => None,
            })
            .collect())
    }

    /// Names of all parts, in the order of the file.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|e| e.name.as_str())
    }

    /// True if there is a part of this name (upper and lower case count as one, ECMA-376 part 2).
    #[must_use]
    pub fn has(&self, part: &str) -> bool {
        self.by_name.contains_key(&key(part))
    }

    /// Bytes of a part when unpacked, as declared.
    #[must_use]
    pub fn size(&self, part: &str) -> Option<u64> {
        self.by_name.get(&key(part)).and_then(|i| self.entries.get(*i)).map(|e| e.size)
    }

    /// The bytes of a part.
    ///
    /// # Errors
    /// [`PartError`], if it is missing, damaged, or larger than it declares.
    pub fn read(&self, part: &str) -> Result<Vec<u8>, PartError> {
        let entry = self.by_name.get(&key(part)).and_then(|i| self.entries.get(*i));
        let entry = entry.ok_or_else(|| PartError::Missing { part: part.to_owned() })?;
        let index = match (&entry.content, &self.source) {
            (Content::New(bytes), _) => return Ok(bytes.clone()),
            (Content::Source(index), Some(_)) => *index,
            (Content::Source(_), None) => return Err(PartError::Missing { part: part.to_owned() }),
        };
        let unpack = |cause: std::io::Error| PartError::Unpack { part: part.to_owned(), cause };
        // The archive is two shared pointers: a clone leaves `read` usable behind a shared reference.
        let mut archive = self.source.as_ref().map(|(_, a)| a.clone()).ok_or_else(|| PartError::Missing { part: part.to_owned() })?;
        let file = archive.by_index(index).map_err(|e| unpack(std::io::Error::other(e)))?;
        let mut bytes = Vec::with_capacity(usize::try_from(entry.size).unwrap_or(0).min(1 << 24));
        file.take(entry.size.saturating_add(1)).read_to_end(&mut bytes).map_err(unpack)?;
        if bytes.len() as u64 > entry.size {
            return Err(PartError::TooLarge { part: part.to_owned() });
        }
        Ok(bytes)
    }

    /// The text of an XML part, in UTF-8 without a byte order mark; not yet checked as XML.
    ///
    /// # Errors
    /// As [`Package::read`], and if it is neither UTF-8 nor UTF-16.
    pub fn text(&self, part: &str) -> Result<String, PartError> {
        let bytes = self.read(part)?;
        decode(bytes).ok_or_else(|| PartError::Encoding { part: part.to_owned() })
    }

    /// Relationships of a part (empty name: of the package); none if it has no `.rels`.
    ///
    /// # Errors
    /// As [`Package::text`], and what is wrong with the XML.
    pub fn relations(&self, part: &str) -> Result<Vec<Relation>, PartError> {
        let rels = relations::part_of(part);
        if !self.has(&rels) {
            return Ok(Vec::new());
        }
        let text = self.text(&rels)?;
        relations::parse(&text, part).map_err(|cause| PartError::Xml { part: rels, cause })
    }

    /// Replaces a part, or adds it at the end. Its content type is not touched.
    pub fn put(&mut self, part: &str, bytes: impl Into<Vec<u8>>) {
        let bytes = bytes.into();
        let size = bytes.len() as u64;
        self.changed = true;
        if let Some(entry) = self.by_name.get(&key(part)).and_then(|i| self.entries.get_mut(*i)) {
            entry.content = Content::New(bytes);
            entry.size = size;
            return;
        }
        self.by_name.insert(key(part), self.entries.len());
        self.entries.push(Entry { name: part.to_owned(), content: Content::New(bytes), size });
    }

    /// Adds a part with its content type.
    pub fn put_typed(&mut self, part: &str, content_type: &str, bytes: impl Into<Vec<u8>>) {
        self.put(part, bytes);
        self.set_content_type(part, content_type);
    }

    /// Removes a part, its relationships and its content type. Relationships that point to it are the caller's.
    pub fn remove(&mut self, part: &str) {
        for name in [part.to_owned(), relations::part_of(part)] {
            if let Some(at) = self.by_name.get(&key(&name)).copied() {
                self.changed = true;
                self.entries.remove(at);
                self.by_name = self.entries.iter().enumerate().map(|(i, e)| (key(&e.name), i)).collect();
            }
        }
        let before = self.types.overrides.len();
        self.types.overrides.retain(|name, _| !name.eq_ignore_ascii_case(part));
        if self.types.overrides.len() != before {
            self.put(CONTENT_TYPES, self.types.write());
        }
    }

    /// Content type of a part.
    #[must_use]
    pub fn content_type(&self, part: &str) -> Option<&str> {
        self.types.of(part)
    }

    /// States the content type of one part.
    pub fn set_content_type(&mut self, part: &str, content_type: &str) {
        if self.types.of(part) != Some(content_type) {
            self.types.overrides.insert(part.to_owned(), content_type.to_owned());
            self.put(CONTENT_TYPES, self.types.write());
        }
    }

    /// States the content type of an extension, e.g. `png`.
    pub fn set_default_type(&mut self, extension: &str, content_type: &str) {
        let known = self.types.defaults.insert(extension.to_ascii_lowercase(), content_type.to_owned());
        if known.as_deref() != Some(content_type) {
            self.put(CONTENT_TYPES, self.types.write());
        }
    }

    /// Makes `part` point to `target` and returns the relationship's id; an equal one is used again.
    ///
    /// # Errors
    /// What is wrong with the relationships that are there.
    pub fn relate(&mut self, part: &str, kind: &str, target: Target) -> Result<String, PartError> {
        let present = self.relations(part)?;
        if let Some(same) = present.iter().find(|r| r.kind == kind && r.target == target) {
            return Ok(same.id.clone());
        }
        let taken: HashSet<&str> = present.iter().map(|r| r.id.as_str()).collect();
        let id = (1..).map(|n| format!("rId{n}")).find(|id| !taken.contains(id.as_str())).unwrap_or_default();
        let line = relations::write_one(&Relation { id: id.clone(), kind: kind.to_owned(), target }, part);
        let rels = relations::part_of(part);
        let text = if self.has(&rels) {
            let text = self.text(&rels)?;
            insert_relation(&text, &line)
        } else {
            None
        };
        let text = text.unwrap_or_else(|| {
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{line}</Relationships>"
            )
        });
        self.put(&rels, text);
        Ok(id)
    }

    /// The whole file. Nothing changed: the same bytes as were opened. Otherwise untouched parts keep their
    /// compressed bytes, and new ones are deflated with the date 1980-01-01.
    ///
    /// # Errors
    /// [`WriteError`], which only a damaged source can cause.
    pub fn write(&self) -> Result<Vec<u8>, WriteError> {
        if let (Some((bytes, _)), false) = (&self.source, self.changed) {
            return Ok(bytes.to_vec());
        }
        let mut archive = self.source.as_ref().map(|(_, archive)| archive.clone());
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(DateTime::default());
        // A package's content types stand first: some readers stop looking elsewhere.
        let first = self.by_name.get(&key(CONTENT_TYPES)).copied();
        let fresh = first.is_some_and(|i| self.source.is_none() && i > 0);
        if first.is_none() {
            writer.start_file(CONTENT_TYPES, options)?;
            writer.write_all(self.types.write().as_bytes()).map_err(ZipError::from)?;
        }
        let order = first.filter(|_| fresh).into_iter().chain((0..self.entries.len()).filter(|i| !(fresh && Some(*i) == first)));
        for entry in order.filter_map(|i| self.entries.get(i)) {
            match (&entry.content, archive.as_mut()) {
                (Content::Source(index), Some(archive)) => writer.raw_copy_file(archive.by_index_raw(*index)?)?,
                (Content::Source(_), None) => {}
                (Content::New(bytes), _) => {
                    writer.start_file(entry.name.as_str(), options)?;
                    writer.write_all(bytes).map_err(ZipError::from)?;
                }
            }
        }
        Ok(writer.finish()?.into_inner())
    }

    /// Parts by name with their bytes: for tests and for comparing two packages.
    ///
    /// # Errors
    /// The first part that cannot be read.
    pub fn contents(&self) -> Result<BTreeMap<String, Vec<u8>>, PartError> {
        self.entries.iter().filter(|e| !e.name.ends_with('/')).map(|e| Ok((e.name.clone(), self.read(&e.name)?))).collect()
    }
}

/// Entries of an archive, judged by what the central directory declares.
fn list_entries(archive: &Archive, limits: &Limits) -> Result<Vec<Entry>, OpenError> {
    if archive.len() > limits.entries {
        return Err(OpenError::TooManyEntries { entries: archive.len(), limit: limits.entries });
    }
    let mut entries = Vec::with_capacity(archive.len());
    let (mut seen, mut total) = (HashSet::new(), 0u64);
    let mut reader = archive.clone();
    for index in 0..archive.len() {
        let file = reader.by_index_raw(index).map_err(OpenError::BrokenArchive)?;
        if file.encrypted() {
            return Err(OpenError::Encrypted);
        }
        let name = String::from_utf8(file.name_raw().to_vec()).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned());
        if !seen.insert(key(&name)) {
            return Err(OpenError::DuplicatePart { part: name });
        }
        total = total.saturating_add(file.size());
        if file.size() > limits.part || total > limits.unpacked {
            return Err(OpenError::TooLargeUnpacked { bytes: total, limit: limits.unpacked.min(limits.part.max(total)) });
        }
        entries.push(Entry { name, content: Content::Source(index), size: file.size() });
    }
    if archive.has_duplicate_names() {
        return Err(OpenError::DuplicatePart { part: String::new() });
    }
    Ok(entries)
}

/// UTF-8 (a mark is dropped) or UTF-16 by its mark; a UTF-16 declaration is turned into UTF-8's.
fn decode(bytes: Vec<u8>) -> Option<String> {
    let wide = |rest: &[u8], read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|c| read([c[0], c[1]])).collect();
        let text = String::from_utf16(&units).ok()?;
        Some(text.replacen("UTF-16", "UTF-8", 1).replacen("utf-16", "UTF-8", 1))
    };
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ => String::from_utf8(bytes).ok(),
    }
}

/// Puts a line before the end of a `.rels` part; `None` if it has no end or is closed at once.
fn insert_relation(text: &str, line: &str) -> Option<String> {
    let end = xml::tokens(text).flatten().filter(|t| t.kind == xml::TokenKind::Close && t.local() == "Relationships").last()?;
    // The new line has no prefix: where the part uses one, the namespace is stated on the element.
    let line = if end.name.contains(':') {
        line.replacen("<Relationship ", "<Relationship xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\" ", 1)
    } else {
        line.to_owned()
    };
    let mut edits = xml::Edits::new();
    edits.replace(end.span.start..end.span.start, line);
    edits.apply(text)
}
