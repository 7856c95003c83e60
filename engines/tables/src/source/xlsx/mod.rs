//! xlsx and xlsm, streamed: one pass over the sheet's XML, nothing kept but the cells.
//!
//! Reading order: [`xml`] (events as slices), [`parts`] (workbook, relations,
//! styles, strings, comments), [`sheet`] (the cells).

pub(crate) mod parts;
mod sheet;
pub(crate) mod xml;

use super::{RawBook, RawSheet, Task};
use crate::grid::{Grid, GridBuilder, Shared};
use crate::limits::ReadError;
use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::sync::Arc;
use xml::{Event, Events};
use zip::ZipArchive;

/// Events of one part of a package.
pub(crate) type Reader<'a> = Events<Box<dyn Read + 'a>>;

/// The parts of a package, by path in lower case; and how many bytes may still be unpacked.
pub(crate) struct Parts<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    index: HashMap<String, usize>,
    left: u64,
    limit: u64,
    name: &'a str,
}

impl<'a> Parts<'a> {
    pub(crate) fn open(bytes: &'a [u8], name: &'a str, limit: u64) -> Result<Self, ReadError> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| ReadError::damaged_by(name, "压缩包目录", e))?;
        let names = zip.file_names().enumerate().filter_map(|(i, n)| n.ok().map(|n| (key(&n), i))).collect();
        Ok(Self { zip, index: names, left: limit, limit, name })
    }
    fn has(&self, path: &str) -> bool {
        self.index.contains_key(&key(path))
    }
    /// Hands every event of a part to `each`; false from it ends the part early. Nothing if there is no such part.
    pub(crate) fn events(&mut self, path: &str, mut work: impl FnMut(&mut Reader<'_>) -> Result<(), ReadError>) -> Result<(), ReadError> {
        let Some(index) = self.index.get(&key(path)).copied() else { return Ok(()) };
        let part = self.zip.by_index(index).map_err(|e| match e {
            zip::result::ZipError::UnsupportedArchive(why) if why.contains("assword") => ReadError::Password { name: self.name.into() },
            other => ReadError::damaged_by(self.name, path.to_owned(), other),
        })?;
        let mut events = Events::new(Box::new(part) as Box<dyn Read + '_>, self.name, self.left, self.limit);
        work(&mut events)?;
        self.left = events.left();
        Ok(())
    }
}

/// A path as parts are looked up by: lower case, forward slashes, no slash before it.
pub(crate) fn key(path: &str) -> String {
    path.trim_start_matches('/').replace('\\', "/").to_lowercase()
}

/// Reads all worksheets.
pub(crate) fn read(task: &mut Task<'_, '_>) -> Result<RawBook, ReadError> {
    let mut parts = Parts::open(task.bytes, task.name, task.limits.unpacked_bytes)?;
    let book = parts::book(&mut parts)?;
    if book.sheets.is_empty() {
        return Err(ReadError::damaged(task.name, "工作簿目录"));
    }
    task.check_sheets(book.sheets.len())?;
    let mut shared = Shared { date1904: book.date1904, ..Shared::default() };
    if let Some(path) = &book.styles {
        parts::styles(&mut parts, path, &mut shared)?;
    }
    if let Some(path) = &book.strings {
        parts::strings(&mut parts, path, &mut shared.texts, task)?;
    }
    let mut built: Vec<(String, bool, GridBuilder)> = Vec::new();
    for one in &book.sheets {
        let mut builder = GridBuilder::new();
        parts.events(&one.path, |events| sheet::read(events, &one.name, task, &mut shared, &mut builder))?;
        task.sheet_done(builder.rows(), builder.cells())?;
        if let Some(path) = parts::comments_path(&mut parts, &one.path)? {
            parts::comments(&mut parts, &path, &mut builder.grid.comments)?;
        }
        built.push((one.name.clone(), one.hidden, builder));
    }
    shared.texts.shrink();
    let shared = Arc::new(shared);
    let sheet = |(name, hidden, builder): (String, bool, GridBuilder)| {
        let grid: Grid = builder.finish(Arc::clone(&shared));
        RawSheet { name, hidden, grid }
    };
    let sheets = built.into_iter().map(sheet).collect();
    Ok(RawBook { sheets, findings: Vec::new(), names: book.names, format: "xlsx" })
}

/// Appends the text up to the close of `until`, leaving phonetic guides (`rPh`) out.
pub(crate) fn rich_text<R: Read>(events: &mut Events<R>, until: &[u8], out: &mut String) -> Result<(), ReadError> {
    let (mut in_text, mut in_phonetic) = (false, false);
    while let Some(event) = events.next()? {
        match event {
            Event::Open(tag) => match xml::local_name(tag) {
                b"t" => in_text = true,
                b"rPh" => in_phonetic = true,
                _ => {}
            },
            Event::Close(name) => match name {
                b"t" => in_text = false,
                b"rPh" => in_phonetic = false,
                other if other == until => return Ok(()),
                _ => {}
            },
            Event::Text(raw) if in_text && !in_phonetic => xml::unescape(raw, out),
            Event::Cdata(raw) if in_text && !in_phonetic => out.push_str(&String::from_utf8_lossy(raw)),
            _ => {}
        }
    }
    Ok(())
}
