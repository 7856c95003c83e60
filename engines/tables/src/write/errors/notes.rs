//! Notes 批注 at bad cells: a comments part and its drawing, new or added to what the sheet has.

use super::marks::{MOST_NOTES, SheetMarks};
use super::rewrite::escape;
use values::place::cell_name;

/// Cells with a note and its text; the column's head carries what concerns the whole sheet.
pub(super) fn notes(marks: &SheetMarks) -> Vec<((u32, u32), String)> {
    let mut found: Vec<((u32, u32), String)> = Vec::new();
    if let (Some(head), false) = (marks.head, marks.general.is_empty()) {
        found.push(((head, marks.column), marks.general.join("\n")));
    }
    found.extend(marks.cells.iter().take(MOST_NOTES).map(|(at, mark)| (*at, mark.text.clone())));
    found.sort_by_key(|(at, _)| *at);
    found
}

/// A comments part with these notes alone.
pub(super) fn comments(notes: &[((u32, u32), String)]) -> String {
    let list: String = notes.iter().map(|(at, text)| comment(*at, text, 0)).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><authors><author>溯园</author></authors><commentList>{list}</commentList></comments>"
    )
}

fn comment((row, column): (u32, u32), text: &str, author: usize) -> String {
    format!(
        "<comment ref=\"{}\" authorId=\"{author}\"><text><r><t xml:space=\"preserve\">{}</t></r></text></comment>",
        cell_name(row, column),
        escape(text)
    )
}

/// The sheet's own comments with ours added; a cell that has a note keeps it and gets ours below.
///
/// Answers the part and the cells that need a new shape; `None` if the part is not as expected.
pub(super) fn add_comments(part: &str, notes: &[((u32, u32), String)]) -> Option<(String, Vec<(u32, u32)>)> {
    let mut text = part.to_owned();
    let mut shapes = Vec::new();
    let mut added = String::new();
    for (at, note) in notes {
        let marker = format!("ref=\"{}\"", cell_name(at.0, at.1));
        match text.find(&marker) {
            Some(start) => {
                let end = start + text[start..].find("</text>")?;
                text.insert_str(end, &format!("<r><t xml:space=\"preserve\">\n{}</t></r>", escape(note)));
            }
            None => {
                added.push_str(&comment(*at, note, 0));
                shapes.push(*at);
            }
        }
    }
    // An empty list may be written as one tag.
    if let Some(start) = text.find("<commentList/>") {
        text.replace_range(start..start + "<commentList/>".len(), "<commentList></commentList>");
    }
    let end = text.find("</commentList>")?;
    text.insert_str(end, &added);
    Some((text, shapes))
}

/// The drawing that makes notes show.
pub(super) fn drawing(cells: &[(u32, u32)]) -> String {
    format!(
        "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout><v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>{}</xml>",
        shapes(cells, 1025)
    )
}

fn shapes(cells: &[(u32, u32)], first: usize) -> String {
    cells.iter().enumerate().map(|(i, (row, column))| shape(first + i, *row, *column)).collect()
}

fn shape(id: usize, row: u32, column: u32) -> String {
    let (left, top) = (column + 1, row.saturating_sub(1));
    format!(
        "<v:shape id=\"_x0000_s{id}\" type=\"#_x0000_t202\" style=\"position:absolute;margin-left:60pt;margin-top:2pt;width:160pt;height:60pt;z-index:1;visibility:hidden\" fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{left}, 15, {top}, 2, {}, 15, {}, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>",
        left + 3,
        top + 4
    )
}

/// The sheet's own drawing with shapes for new notes; ids go on after the highest there is.
pub(super) fn add_shapes(part: &str, cells: &[(u32, u32)]) -> Option<String> {
    let ids = part.match_indices("_x0000_s").filter_map(|(i, m)| {
        let digits: String = part[i + m.len()..].chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<usize>().ok()
    });
    let first = ids.max().unwrap_or(1024) + 1;
    let end = part.rfind("</xml>")?;
    let mut text = part.to_owned();
    // A drawing without the shape type of notes gets it, else the reference leads nowhere.
    let kind = if part.contains("id=\"_x0000_t202\"") {
        ""
    } else {
        "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>"
    };
    text.insert_str(end, &format!("{kind}{}", shapes(cells, first)));
    Some(text)
}
