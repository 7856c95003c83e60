//! The user's package with some parts replaced; all others are copied raw.

use super::marks::SheetMarks;
use super::rewrite::{self, Job};
use super::styles::Styles;
use super::{WriteError, notes};
use crate::limits::ReadError;
use crate::source::xlsx::Parts;
use crate::source::xlsx::parts::{self, Book};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

const COMMENTS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
const DRAWING: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";
const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// Small parts are held whole; a styles part beyond this is an attack.
const MOST_PART: u64 = 64 << 20;

/// Parts that were changed or are new, by path; sheets are rewritten as they stream.
struct Changes<'m> {
    parts: BTreeMap<String, Vec<u8>>,
    sheets: BTreeMap<String, (&'m SheetMarks, Option<String>)>,
    styles: Styles,
    styles_path: String,
}

/// Writes the marks into the package.
///
/// # Errors
/// [`WriteError::Part`] where the package is not as expected; the caller then rebuilds it.
pub(super) fn in_place(bytes: &[u8], marked: &[SheetMarks]) -> Result<Vec<u8>, WriteError> {
    let mut parts = Parts::open(bytes, "", u64::MAX)?;
    let book = parts::book(&mut parts)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| ReadError::damaged_by("", "zip", e))?;
    let styles_path = book.styles.clone().ok_or_else(|| broken("styles"))?;
    let styles = Styles::new(text_of(&mut archive, &styles_path)?).ok_or_else(|| broken("styles"))?;
    let mut changes = Changes { parts: BTreeMap::new(), sheets: BTreeMap::new(), styles, styles_path };
    for marks in marked {
        plan_sheet(&mut archive, &mut parts, &book, marks, &mut changes)?;
    }
    write(bytes, &mut archive, changes)
}

fn broken(part: &str) -> WriteError {
    WriteError::Part { part: part.to_owned() }
}

/// The name an entry really has, whatever its case.
fn real_name(archive: &Archive<'_>, path: &str) -> Option<String> {
    let wanted = crate::source::xlsx::key(path);
    archive.file_names().filter_map(Result::ok).find(|n| crate::source::xlsx::key(n) == wanted).map(std::borrow::Cow::into_owned)
}

fn text_of(archive: &mut Archive<'_>, path: &str) -> Result<String, WriteError> {
    let name = real_name(archive, path).ok_or_else(|| broken(path))?;
    let part = archive.by_name(&name).map_err(|_| broken(path))?;
    let mut bytes = Vec::new();
    part.take(MOST_PART).read_to_end(&mut bytes).map_err(|_| broken(path))?;
    String::from_utf8(bytes).map_err(|_| broken(path))
}

/// Notes and relations of one sheet.
fn plan_sheet<'m>(
    archive: &mut Archive<'_>,
    parts: &mut Parts<'_>,
    book: &Book,
    marks: &'m SheetMarks,
    changes: &mut Changes<'m>,
) -> Result<(), WriteError> {
    let sheet = book.sheets.iter().find(|s| s.name == marks.name).ok_or_else(|| broken("sheet"))?;
    let path = real_name(archive, &sheet.path).ok_or_else(|| broken("sheet"))?;
    let notes = notes::notes(marks);
    let mut reference = None;
    if !notes.is_empty() {
        let related = parts::relations(parts, &sheet.path)?;
        let part = |kind: &str| related.values().find(|(k, _)| k == kind).map(|(_, p)| p.clone());
        match (part("comments"), part("vmlDrawing")) {
            (Some(comments), Some(drawing)) => {
                let (text, new) = notes::add_comments(&text_of(archive, &comments)?, &notes).ok_or_else(|| broken("comments"))?;
                let shapes = notes::add_shapes(&text_of(archive, &drawing)?, &new).ok_or_else(|| broken("drawing"))?;
                changes.parts.insert(real_name(archive, &comments).unwrap_or(comments), text.into_bytes());
                changes.parts.insert(real_name(archive, &drawing).unwrap_or(drawing), shapes.into_bytes());
            }
            // A drawing of header pictures or form controls without comments stays alone: colour and column must do.
            (None, Some(_)) | (Some(_), None) => {}
            (None, None) => reference = Some(new_notes(archive, changes, &path, &notes)?),
        }
    }
    changes.sheets.insert(path, (marks, reference));
    Ok(())
}

/// Adds comments, drawing, their relations and content types; answers the drawing's relation id.
fn new_notes(
    archive: &mut Archive<'_>,
    changes: &mut Changes<'_>,
    sheet: &str,
    list: &[((u32, u32), String)],
) -> Result<String, WriteError> {
    let n = changes.sheets.len() + 1;
    let (comments, drawing) = (format!("xl/suyuanComments{n}.xml"), format!("xl/drawings/suyuanNotes{n}.vml"));
    changes.parts.insert(comments.clone(), notes::comments(list).into_bytes());
    let cells: Vec<(u32, u32)> = list.iter().map(|(at, _)| *at).collect();
    changes.parts.insert(drawing.clone(), notes::drawing(&cells).into_bytes());
    let (folder, file) = sheet.rsplit_once('/').unwrap_or(("", sheet));
    let rels = format!("{folder}/_rels/{file}.rels");
    let known = real_name(archive, &rels);
    let mut text = match &known {
        Some(name) => text_of(archive, name)?,
        None => "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>".to_owned(),
    };
    if let Some(start) = text.find("<Relationships").filter(|_| !text.contains("</Relationships>")) {
        let end = start + text[start..].find("/>").ok_or_else(|| broken("rels"))?;
        text.replace_range(end..end + 2, "></Relationships>");
    }
    let end = text.find("</Relationships>").ok_or_else(|| broken("rels"))?;
    text.insert_str(
        end,
        &format!(
            "<Relationship Id=\"rIdSuyuan1\" Type=\"{RELATION}/comments\" Target=\"/{comments}\"/><Relationship Id=\"rIdSuyuan2\" Type=\"{RELATION}/vmlDrawing\" Target=\"/{drawing}\"/>"
        ),
    );
    changes.parts.insert(known.unwrap_or(rels), text.into_bytes());
    let types_name = real_name(archive, "[Content_Types].xml").ok_or_else(|| broken("types"))?;
    let mut types = match changes.parts.get(&types_name) {
        Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        None => text_of(archive, &types_name)?,
    };
    let end = types.find("</Types>").ok_or_else(|| broken("types"))?;
    types.insert_str(end, &format!("<Override PartName=\"/{comments}\" ContentType=\"{COMMENTS}\"/>"));
    if !types.contains("Extension=\"vml\"") {
        // Defaults may stand anywhere among the overrides.
        types.insert_str(end, &format!("<Default Extension=\"vml\" ContentType=\"{DRAWING}\"/>"));
    }
    changes.parts.insert(types_name, types.into_bytes());
    Ok("rIdSuyuan2".to_owned())
}

fn write(bytes: &[u8], archive: &mut Archive<'_>, mut changes: Changes<'_>) -> Result<Vec<u8>, WriteError> {
    let mut out = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len() + bytes.len() / 8)));
    // Level 3: an error workbook is waited for, and its sheet is large.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(3))
        .last_modified_time(DateTime::default());
    let failed = |_| broken("zip");
    let styles_name = real_name(archive, &changes.styles_path).ok_or_else(|| broken("styles"))?;
    for i in 0..archive.len() {
        let name = archive.by_index_raw(i).map_err(failed)?.name().map_err(failed)?.into_owned();
        if let Some((marks, reference)) = changes.sheets.get(&name) {
            out.start_file(&name, options).map_err(failed)?;
            let part = archive.by_index(i).map_err(failed)?;
            let mut job = Job { marks, styles: &mut changes.styles, notes: reference.as_deref() };
            rewrite::rewrite(part, &mut out, &mut job)?;
        } else if let Some(bytes) = changes.parts.remove(&name) {
            out.start_file(&name, options).map_err(failed)?;
            out.write_all(&bytes).map_err(|_| broken("zip"))?;
        } else if name != styles_name {
            out.raw_copy_file(archive.by_index_raw(i).map_err(failed)?).map_err(failed)?;
        }
    }
    // The formats are known only when every sheet went through.
    changes.parts.insert(styles_name, changes.styles.write().into_bytes());
    for (name, bytes) in changes.parts {
        out.start_file(&name, options).map_err(failed)?;
        out.write_all(&bytes).map_err(|_| broken("zip"))?;
    }
    Ok(out.finish().map_err(failed)?.into_inner())
}
