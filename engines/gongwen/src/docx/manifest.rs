//! The manifest 清单 inside a report: which figures it holds, by handle. No values, no cells.

use crate::tree::Document;
use ooxml::xml::{self, TokenKind};
use std::fmt::Write;

/// Namespace of the manifest's XML; a released one never changes.
pub const NAMESPACE: &str = "urn:suyuan:report:1";

/// What a report says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Manifest {
    /// Id of the report in the store of its zone.
    pub report: String,
    /// Zone key.
    pub zone: String,
    /// Subject of the report: `zone`, `peer:…`.
    pub subject: String,
    /// Template's name.
    pub template: String,
    /// SHA-256 of the template's text, hexadecimal.
    pub template_sha256: String,
    /// Period of the report.
    pub period: String,
    /// Commit of the zone at which its figures were computed.
    pub seq: i64,
    /// Audit anchor as printed.
    pub anchor: String,
    /// SHA-256 of the resolved list of cells, kept in the store, hexadecimal; empty for a draft.
    pub resolved_sha256: String,
    /// Id and handle of each figure, in reading order. Masked figures have no handle.
    pub figures: Vec<(String, String)>,
}

impl Manifest {
    /// Fills in the figures of a document; the rest is the caller's.
    #[must_use]
    pub fn with_figures(mut self, document: &Document) -> Self {
        self.figures = document.marks().into_iter().map(|m| (m.id.clone(), m.figure.handle.clone())).collect();
        self
    }

    /// As XML.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<manifest xmlns=\"{NAMESPACE}\"");
        let seq = self.seq.to_string();
        for (name, value) in [
            ("report", &self.report),
            ("zone", &self.zone),
            ("subject", &self.subject),
            ("template", &self.template),
            ("templateSha256", &self.template_sha256),
            ("period", &self.period),
            ("seq", &seq),
            ("anchor", &self.anchor),
            ("resolvedSha256", &self.resolved_sha256),
        ] {
            let _ = write!(out, " {name}=\"{}\"", xml::escape(value));
        }
        out.push('>');
        for (id, handle) in &self.figures {
            let _ = write!(out, "<figure id=\"{}\" handle=\"{}\"/>", xml::escape(id), xml::escape(handle));
        }
        out.push_str("</manifest>");
        out
    }

    /// Reads one; `None` if the text is no manifest of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut manifest: Option<Self> = None;
        for token in xml::tokens(text) {
            let token = token.ok()?;
            if !matches!(token.kind, TokenKind::Open | TokenKind::Empty) {
                continue;
            }
            let get = |name: &str| token.attribute(name).map(std::borrow::Cow::into_owned).unwrap_or_default();
            match (token.local(), manifest.as_mut()) {
                ("manifest", None) if token.attributes().any(|(_, v)| v == NAMESPACE) => {
                    manifest = Some(Self {
                        report: get("report"),
                        zone: get("zone"),
                        subject: get("subject"),
                        template: get("template"),
                        template_sha256: get("templateSha256"),
                        period: get("period"),
                        seq: get("seq").parse().unwrap_or_default(),
                        anchor: get("anchor"),
                        resolved_sha256: get("resolvedSha256"),
                        figures: Vec::new(),
                    });
                }
                (_, None) => return None,
                ("figure", Some(manifest)) => manifest.figures.push((get("id"), get("handle"))),
                _ => {}
            }
        }
        manifest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_wrote() {
        let manifest = Manifest {
            report: "12".into(),
            zone: "demo".into(),
            anchor: "7c1e…40d9 <&>".into(),
            seq: 48211,
            figures: vec![("sya".into(), "f1:\"x\"".into())],
            ..Manifest::default()
        };
        assert_eq!(Manifest::parse(&manifest.write()), Some(manifest));
        assert_eq!(Manifest::parse("<other xmlns='x'/>"), None);
        assert_eq!(Manifest::parse("<manifest"), None);
    }
}
