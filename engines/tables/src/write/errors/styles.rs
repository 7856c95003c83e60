//! Colours: copies of the cells' own formats with a fill, appended to the workbook's styles.

use crate::source::xlsx::xml::attribute;
use std::collections::BTreeMap;
use values::Severity;

/// Light red, light yellow, light blue: as office suites colour bad, neutral, informative.
const FILLS: [&str; 3] = ["FFFFC7CE", "FFFFEB9C", "FFDDEBF7"];

/// The styles part with what is appended to it.
#[derive(Debug)]
pub(super) struct Styles {
    text: String,
    /// Byte ranges of the formats `xf` of `cellXfs`.
    formats: Vec<std::ops::Range<usize>>,
    fills_at: usize,
    formats_at: usize,
    fill_count: usize,
    /// (format, severity) → new format.
    added: BTreeMap<(usize, usize), usize>,
    order: Vec<(usize, usize)>,
}

impl Styles {
    /// None if the part is not as expected; the workbook is then rebuilt.
    pub(super) fn new(text: String) -> Option<Self> {
        let fills_at = text.find("</fills>")?;
        let formats_start = text.find("<cellXfs")?;
        let formats_at = formats_start + text[formats_start..].find("</cellXfs>")?;
        let fills_start = text.find("<fills")?;
        let fill_count = text[fills_start..fills_at].matches("<fill>").count() + text[fills_start..fills_at].matches("<fill/>").count();
        let mut formats = Vec::new();
        let mut at = formats_start;
        while let Some(i) = text[at..formats_at].find("<xf") {
            let start = at + i;
            let tag_end = start + text[start..formats_at].find('>')?;
            let end = if text[..tag_end].ends_with('/') { tag_end + 1 } else { start + text[start..formats_at].find("</xf>")? + 5 };
            formats.push(start..end);
            at = end;
        }
        (!formats.is_empty()).then_some(Self { text, formats, fills_at, formats_at, fill_count, added: BTreeMap::new(), order: Vec::new() })
    }
    /// The format like `format`, coloured for a severity.
    pub(super) fn coloured(&mut self, format: usize, severity: Severity) -> usize {
        let format = if format < self.formats.len() { format } else { 0 };
        let fill = match severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Note => 2,
        };
        let next = self.formats.len() + self.order.len();
        *self.added.entry((format, fill)).or_insert_with(|| {
            self.order.push((format, fill));
            next
        })
    }
    /// The part with everything appended and counted.
    pub(super) fn write(&self) -> String {
        if self.order.is_empty() {
            return self.text.clone();
        }
        let fills: String = FILLS
            .iter()
            .map(|c| {
                format!("<fill><patternFill patternType=\"solid\"><fgColor rgb=\"{c}\"/><bgColor indexed=\"64\"/></patternFill></fill>")
            })
            .collect();
        let formats: String =
            self.order.iter().map(|(format, fill)| filled(&self.text[self.formats[*format].clone()], self.fill_count + fill)).collect();
        let mut out = format!(
            "{}{fills}{}{formats}{}",
            &self.text[..self.fills_at],
            &self.text[self.fills_at..self.formats_at],
            &self.text[self.formats_at..]
        );
        out = with_count(&out, "<fills", self.fill_count + FILLS.len());
        with_count(&out, "<cellXfs", self.formats.len() + self.order.len())
    }
}

/// A format with another fill; the rest of it stays.
fn filled(format: &str, fill: usize) -> String {
    let Some(end) = format.find('>') else { return String::new() };
    let (tag, rest) = format.split_at(end);
    let (tag, close) = tag.strip_suffix('/').map_or((tag, ""), |t| (t, "/"));
    let mut tag = super::rewrite::without_attribute(tag.as_bytes(), b"fillId");
    tag = super::rewrite::without_attribute(&tag, b"applyFill");
    format!("{} fillId=\"{fill}\" applyFill=\"1\"{close}{rest}", String::from_utf8_lossy(&tag).trim_end())
}

fn with_count(text: &str, element: &str, count: usize) -> String {
    let Some(start) = text.find(element) else { return text.to_owned() };
    let Some(end) = text[start..].find('>').map(|i| start + i) else { return text.to_owned() };
    let inner = &text.as_bytes()[start + 1..end];
    if attribute(inner, b"count").is_none() {
        return text.to_owned();
    }
    let tag = super::rewrite::without_attribute(inner, b"count");
    format!("{}<{} count=\"{count}\"{}", &text[..start], String::from_utf8_lossy(&tag).trim_end(), &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_copied_with_a_fill() {
        let text = "<styleSheet><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><cellXfs count=\"2\"><xf numFmtId=\"0\" fillId=\"0\"/><xf numFmtId=\"4\" fillId=\"1\"><alignment wrapText=\"1\"/></xf></cellXfs></styleSheet>";
        let mut styles = Styles::new(text.into()).expect("styles");
        assert_eq!(styles.coloured(1, Severity::Error), 2);
        assert_eq!(styles.coloured(0, Severity::Warning), 3);
        assert_eq!(styles.coloured(1, Severity::Error), 2);
        let out = styles.write();
        assert!(out.contains("<fills count=\"5\">") && out.contains("<cellXfs count=\"4\">"));
        assert!(out.contains("<xf numFmtId=\"4\" fillId=\"2\" applyFill=\"1\"><alignment wrapText=\"1\"/></xf><xf numFmtId=\"0\" fillId=\"3\" applyFill=\"1\"/></cellXfs>"), "{out}");
    }
}
