//! The small parts of a workbook: directory, relations, styles, strings, comments.

use super::super::Task;
use super::xml::{Event, attribute, attribute_text, attributes, local_name};
use super::{Parts, rich_text};
use crate::grid::{Arena, Shared, Style};
use crate::limits::ReadError;
use std::collections::{BTreeMap, HashMap};
use values::place::parse_cell;

/// What the workbook part and its relations say.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub sheets: Vec<SheetPart>,
    pub date1904: bool,
    pub names: Vec<(String, String)>,
    pub styles: Option<String>,
    pub strings: Option<String>,
}

#[derive(Debug)]
pub(crate) struct SheetPart {
    pub name: String,
    pub hidden: bool,
    pub path: String,
}

/// Id → (last word of the type, path).
pub(crate) type Relations = HashMap<String, (String, String)>;

/// The relations of a part; of the package for an empty path.
pub(crate) fn relations(parts: &mut Parts<'_>, part: &str) -> Result<Relations, ReadError> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let path = if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
    let mut found = Relations::new();
    parts.events(&path, |events| {
        while let Some(event) = events.next()? {
            let (Event::Open(tag) | Event::Empty(tag)) = event else { continue };
            if local_name(tag) != b"Relationship" || attribute(tag, b"TargetMode").is_some_and(|m| m == b"External") {
                continue;
            }
            let (Some(id), Some(kind), Some(target)) =
                (attribute_text(tag, b"Id"), attribute_text(tag, b"Type"), attribute_text(tag, b"Target"))
            else {
                continue;
            };
            let kind = kind.rsplit('/').next().unwrap_or("").to_owned();
            found.insert(id, (kind, resolve(folder, &target)));
        }
        Ok(())
    })?;
    Ok(found)
}

fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|s| !s.is_empty()).collect();
    for step in target.split(['/', '\\']) {
        match step {
            ".." => {
                steps.pop();
            }
            "." | "" => {}
            other => steps.push(other),
        }
    }
    steps.join("/")
}

/// The workbook part, found by the package's relations, else where everybody puts it.
pub(crate) fn book(parts: &mut Parts<'_>) -> Result<Book, ReadError> {
    let root = relations(parts, "")?;
    let main = root
        .into_values()
        .find(|(kind, path)| kind == "officeDocument" && parts.has(path))
        .map_or_else(|| "xl/workbook.xml".to_owned(), |(_, path)| path);
    let related = relations(parts, &main)?;
    let mut book = Book::default();
    for (kind, path) in related.values() {
        match kind.as_str() {
            "styles" => book.styles = Some(path.clone()),
            "sharedStrings" => book.strings = Some(path.clone()),
            _ => {}
        }
    }
    let mut defined: Option<(String, String)> = None;
    parts.events(&main, |events| {
        while let Some(event) = events.next()? {
            match event {
                Event::Open(tag) | Event::Empty(tag) => match local_name(tag) {
                    b"sheet" => book.sheets.extend(sheet_part(tag, &related)),
                    b"workbookPr" => book.date1904 = attribute(tag, b"date1904").is_some_and(is_true),
                    b"definedName" => defined = attribute_text(tag, b"name").map(|n| (n, String::new())),
                    _ => {}
                },
                Event::Text(raw) => {
                    if let Some((_, text)) = &mut defined {
                        super::xml::unescape(raw, text);
                    }
                }
                Event::Close(b"definedName") => book.names.extend(defined.take()),
                _ => {}
            }
        }
        Ok(())
    })?;
    Ok(book)
}

fn sheet_part(tag: &[u8], related: &Relations) -> Option<SheetPart> {
    let name = attribute_text(tag, b"name")?;
    let hidden = attribute(tag, b"state").is_some_and(|s| s != b"visible");
    // `sheetId` and `r:id` both end in "id"; the relation's is the one that starts lower case.
    let id = attributes(tag).find(|(n, _)| *n == b"id").map(|(_, v)| String::from_utf8_lossy(v).into_owned())?;
    let (kind, path) = related.get(&id)?;
    // Chart sheets and macro sheets have no cells of data.
    (kind == "worksheet").then(|| SheetPart { name, hidden, path: path.clone() })
}

fn is_true(value: &[u8]) -> bool {
    matches!(value, b"1" | b"true" | b"on")
}

pub(crate) fn styles(parts: &mut Parts<'_>, path: &str, shared: &mut Shared) -> Result<(), ReadError> {
    let mut codes: HashMap<u16, u16> = HashMap::new();
    let mut fonts: Vec<(bool, bool)> = Vec::new();
    let (mut in_fonts, mut in_xfs) = (false, false);
    parts.events(path, |events| {
        while let Some(event) = events.next()? {
            match event {
                Event::Open(tag) | Event::Empty(tag) => match local_name(tag) {
                    b"numFmt" => {
                        let id = attribute(tag, b"numFmtId").and_then(number);
                        if let (Some(id), Some(code)) = (id, attribute_text(tag, b"formatCode")) {
                            codes.insert(id, shared.formats.intern(&code));
                        }
                    }
                    b"fonts" => in_fonts = true,
                    b"cellXfs" => in_xfs = true,
                    b"font" if in_fonts => fonts.push((false, false)),
                    b"strike" if in_fonts => set(&mut fonts, |f| f.0 = attribute(tag, b"val").is_none_or(is_true)),
                    b"b" if in_fonts => set(&mut fonts, |f| f.1 = attribute(tag, b"val").is_none_or(is_true)),
                    b"xf" if in_xfs && shared.styles.len() < usize::from(u16::MAX) => {
                        let id: u16 = attribute(tag, b"numFmtId").and_then(number).unwrap_or(0);
                        let format = codes.get(&id).copied().unwrap_or_else(|| shared.formats.built_in(id));
                        let font = attribute(tag, b"fontId").and_then(number).and_then(|f| fonts.get(usize::from(f)));
                        let (strike, bold) = font.copied().unwrap_or_default();
                        shared.styles.push(Style { format, strike, bold, indent: 0 });
                    }
                    b"alignment" if in_xfs => {
                        if let (Some(style), Some(indent)) = (shared.styles.last_mut(), attribute(tag, b"indent").and_then(number)) {
                            style.indent = u8::try_from(indent).unwrap_or(u8::MAX);
                        }
                    }
                    _ => {}
                },
                Event::Close(b"fonts") => in_fonts = false,
                Event::Close(b"cellXfs") => in_xfs = false,
                _ => {}
            }
        }
        Ok(())
    })
}

fn set(fonts: &mut [(bool, bool)], change: impl FnOnce(&mut (bool, bool))) {
    if let Some(last) = fonts.last_mut() {
        change(last);
    }
}

fn number(text: &[u8]) -> Option<u16> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// The shared strings, each under its index.
pub(crate) fn strings(parts: &mut Parts<'_>, path: &str, texts: &mut Arena, task: &mut Task<'_, '_>) -> Result<(), ReadError> {
    parts.events(path, |events| {
        while let Some(event) = events.next()? {
            match event {
                Event::Open(tag) if local_name(tag) == b"si" => {
                    let out = texts.open();
                    let start = out.len();
                    rich_text(events, b"si", out)?;
                    let length = texts.open().len() - start;
                    task.check_text(length, || "sharedStrings".to_owned())?;
                }
                Event::Empty(tag) if local_name(tag) == b"si" => {}
                _ => continue,
            }
            texts.close().ok_or_else(|| ReadError::damaged(task.name, "共享字符串"))?;
            if texts.len().is_multiple_of(4096) {
                task.progress(0, 0)?;
            }
        }
        Ok(())
    })
}

/// Path of a sheet's comments.
pub(crate) fn comments_path(parts: &mut Parts<'_>, sheet: &str) -> Result<Option<String>, ReadError> {
    let related = relations(parts, sheet)?;
    Ok(related.into_values().find(|(kind, path)| kind == "comments" && parts.has(path)).map(|(_, path)| path))
}

pub(crate) fn comments(parts: &mut Parts<'_>, path: &str, found: &mut BTreeMap<(u32, u32), String>) -> Result<(), ReadError> {
    parts.events(path, |events| {
        while let Some(event) = events.next()? {
            let Event::Open(tag) = event else { continue };
            if local_name(tag) != b"comment" {
                continue;
            }
            let at = attribute_text(tag, b"ref").and_then(|r| parse_cell(&r));
            let mut text = String::new();
            rich_text(events, b"comment", &mut text)?;
            if let Some(at) = at {
                found.insert(at, text.trim().to_owned());
            }
        }
        Ok(())
    })
}
