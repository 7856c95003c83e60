//! Relationships 关系: which part points to which, and what lies outside the package
//! (ECMA-376 part 2, 6.5).

use crate::xml::{self, TokenKind, XmlError};

/// Where a relationship points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A part of the package, by its name without the leading slash.
    Part(String),
    /// Something outside; kept as text, never followed.
    Outside(String),
}

/// One relationship of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// `rId1`
    pub id: String,
    /// Its type, a URI.
    pub kind: String,
    /// Where it points.
    pub target: Target,
}

impl Relation {
    /// Last segment of the type: `image`, `hyperlink`, `officeDocument` … the same in strict and transitional files.
    #[must_use]
    pub fn short_kind(&self) -> &str {
        self.kind.rsplit('/').next().unwrap_or(&self.kind)
    }

    /// True if a program would fetch the target by itself, without a click: a linked picture, template, frame,
    /// sub-document, OLE link, data source, another workbook. A hyperlink is not.
    #[must_use]
    pub fn loads_by_itself(&self) -> bool {
        matches!(self.target, Target::Outside(_)) && self.short_kind() != "hyperlink"
    }
}

/// Name of the part that holds the relationships of `part` (empty for the package itself).
#[must_use]
pub fn part_of(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// The part whose relationships a `.rels` part holds; `None` if the name is no such part's.
#[must_use]
pub fn source_of(rels: &str) -> Option<String> {
    let stem = rels.strip_suffix(".rels")?;
    let (folder, name) = stem.rsplit_once('/')?;
    let folder = folder.strip_suffix("_rels")?;
    Some(format!("{folder}{name}"))
}

/// Reads a `.rels` part; targets are resolved against the folder of `source`.
///
/// # Errors
/// What is wrong with the XML.
pub fn parse(text: &str, source: &str) -> Result<Vec<Relation>, XmlError> {
    let mut relations = Vec::new();
    for token in xml::tokens(text) {
        let token = token?;
        if !matches!(token.kind, TokenKind::Open | TokenKind::Empty) || token.local() != "Relationship" {
            continue;
        }
        let (Some(id), Some(kind), Some(target)) = (token.attribute("Id"), token.attribute("Type"), token.attribute("Target")) else {
            continue;
        };
        let outside = token.attribute("TargetMode").is_some_and(|m| m.eq_ignore_ascii_case("external")) || has_scheme(&target);
        let target = if outside { Target::Outside(target.into_owned()) } else { Target::Part(resolve(source, &target)) };
        relations.push(Relation { id: id.into_owned(), kind: kind.into_owned(), target });
    }
    Ok(relations)
}

/// A relationship as it stands in a `.rels` part.
#[must_use]
pub fn write_one(relation: &Relation, source: &str) -> String {
    let (target, mode) = match &relation.target {
        Target::Part(part) => (relative(source, part), ""),
        Target::Outside(uri) => (uri.clone(), " TargetMode=\"External\""),
    };
    format!(
        "<Relationship Id=\"{}\" Type=\"{}\" Target=\"{}\"{mode}/>",
        xml::escape(&relation.id),
        xml::escape(&relation.kind),
        xml::escape(&target)
    )
}

/// An internal target never has a scheme; a file that hides one from `TargetMode` is treated as pointing outside.
fn has_scheme(target: &str) -> bool {
    let scheme = target.split(['/', '?', '#']).next().unwrap_or_default();
    scheme.contains(':') || target.starts_with("\\\\") || target.starts_with("//")
}

/// Resolves a target against the part that names it: `../media/a.png` of `word/document.xml` → `media/a.png`.
#[must_use]
pub fn resolve(source: &str, target: &str) -> String {
    let target = target.split('#').next().unwrap_or_default().replace('\\', "/");
    let mut segments: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        source.rsplit_once('/').map(|(folder, _)| folder.split('/').collect()).unwrap_or_default()
    };
    for segment in target.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    segments.join("/")
}

fn relative(source: &str, part: &str) -> String {
    match source.rsplit_once('/') {
        Some((folder, _)) => match part.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')) {
            Some(rest) => rest.to_owned(),
            None => format!("/{part}"),
        },
        None => part.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_resolve_both_ways() {
        assert_eq!(part_of("word/document.xml"), "word/_rels/document.xml.rels");
        assert_eq!(part_of(""), "_rels/.rels");
        assert_eq!(source_of("_rels/.rels").as_deref(), Some(""));
        assert_eq!(source_of("word/_rels/document.xml.rels").as_deref(), Some("word/document.xml"));
        assert_eq!(source_of("word/document.xml"), None);
        assert_eq!(resolve("word/document.xml", "../customXml/item1.xml"), "customXml/item1.xml");
        assert_eq!(resolve("word/document.xml", "/xl/a.xml"), "xl/a.xml");
        assert_eq!(resolve("", "../../../etc/passwd"), "etc/passwd");
    }

    #[test]
    fn what_lies_outside_is_seen_even_without_the_mode() {
        let text = r#"<Relationships><Relationship Id="a" Type="t/image" Target="http://x.cn/a.png"/>
            <Relationship Id="b" Type="t/hyperlink" TargetMode="External" Target="http://x.cn/"/>
            <Relationship Id="c" Type="t/image" Target="\\server\share"/>
            <Relationship Id="d" Type="t/image" Target="media/a.png"/></Relationships>"#;
        let relations = parse(text, "word/document.xml").unwrap();
        assert_eq!(relations.iter().map(Relation::loads_by_itself).collect::<Vec<_>>(), [true, false, true, false]);
        assert_eq!(relations[3].target, Target::Part("word/media/a.png".into()));
    }
}
