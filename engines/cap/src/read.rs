//! Alerts out of a document: an alert itself, a list of alerts, or alerts
//! inside an envelope (EDXL, Atom). What cannot be placed is a finding; what
//! can is read even if the rest is wrong.

use crate::alert::{Alert, Area, Info, NAMESPACE, Pair, Resource};
use crate::tree::{self, Element};
use crate::{rules, schema, words};
use values::{Findings, Lang, Severity};

/// What stood in a document.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The alerts, in order.
    pub alerts: Vec<Alert>,
    /// What is wrong with them, with lines.
    pub findings: Findings,
    /// True if every alert keeps to the OASIS schema of 1.2, whatever else is wrong.
    pub keeps_schema: bool,
}

impl Document {
    /// True if alerts were found and none breaks the schema or the standard.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        !self.alerts.is_empty() && !self.findings.has_error()
    }
}

/// Reads and checks a document; `file` names it in findings.
#[must_use]
pub fn read(file: &str, bytes: &[u8], lang: Lang) -> Document {
    let mut out = Document::default();
    let root = match tree::parse(bytes) {
        Ok(root) => root,
        Err(e) => {
            let finding = words::finding(lang, Severity::Error, "cap.not_xml", &[("found", &e.message)]);
            out.findings.push(finding.at(format!("{file}:{}", e.line)));
            return out;
        }
    };
    let mut alerts = Vec::new();
    collect(&root, &mut alerts);
    if alerts.is_empty() {
        let finding = words::finding(lang, Severity::Error, "cap.no_alert", &[("found", &root.name)]);
        out.findings.push(finding.at(format!("{file}:{}", root.line)));
    } else if root.name != "alert" {
        let finding =
            words::finding(lang, Severity::Note, "cap.in_envelope", &[("found", &root.name), ("count", &alerts.len().to_string())]);
        out.findings.push(finding.at(format!("{file}:{}", root.line)));
    }
    out.keeps_schema = !alerts.is_empty();
    for element in alerts {
        let structure = schema::check(file, element, lang);
        out.keeps_schema &= element.namespace == NAMESPACE && !structure.has_error();
        out.findings.0.extend(structure.0);
        let alert = alert(element);
        out.findings.0.extend(rules::check(file, element, &alert, lang).0);
        out.alerts.push(alert);
    }
    out
}

/// Every `alert` element, not looking inside one.
fn collect<'a>(element: &'a Element, into: &mut Vec<&'a Element>) {
    if element.name == "alert" {
        into.push(element);
        return;
    }
    for child in &element.children {
        collect(child, into);
    }
}

fn all<'a>(e: &'a Element, name: &'a str) -> impl Iterator<Item = &'a Element> {
    e.children.iter().filter(move |c| c.name == name)
}

fn pairs(e: &Element, name: &str) -> Vec<Pair> {
    all(e, name).map(|p| Pair { value_name: p.text_of("valueName"), value: p.text_of("value") }).collect()
}

/// The alert of an element; what is missing stays empty.
#[must_use]
pub fn alert(e: &Element) -> Alert {
    Alert {
        identifier: e.text_of("identifier"),
        sender: e.text_of("sender"),
        sent: e.text_of("sent"),
        status: e.text_of("status"),
        msg_type: e.text_of("msgType"),
        source: e.text_of("source"),
        scope: e.text_of("scope"),
        restriction: e.text_of("restriction"),
        addresses: e.text_of("addresses"),
        code: e.texts_of("code"),
        note: e.text_of("note"),
        references: e.text_of("references"),
        incidents: e.text_of("incidents"),
        info: all(e, "info").map(info).collect(),
    }
}

fn info(e: &Element) -> Info {
    Info {
        language: e.text_of("language"),
        category: e.texts_of("category"),
        event: e.text_of("event"),
        response_type: e.texts_of("responseType"),
        urgency: e.text_of("urgency"),
        severity: e.text_of("severity"),
        certainty: e.text_of("certainty"),
        audience: e.text_of("audience"),
        event_code: pairs(e, "eventCode"),
        effective: e.text_of("effective"),
        onset: e.text_of("onset"),
        expires: e.text_of("expires"),
        sender_name: e.text_of("senderName"),
        headline: e.text_of("headline"),
        description: e.text_of("description"),
        instruction: e.text_of("instruction"),
        web: e.text_of("web"),
        contact: e.text_of("contact"),
        parameter: pairs(e, "parameter"),
        resource: all(e, "resource")
            .map(|r| Resource {
                resource_desc: r.text_of("resourceDesc"),
                mime_type: r.text_of("mimeType"),
                size: r.text_of("size"),
                uri: r.text_of("uri"),
                deref_uri: r.text_of("derefUri"),
                digest: r.text_of("digest"),
            })
            .collect(),
        area: all(e, "area")
            .map(|a| Area {
                area_desc: a.text_of("areaDesc"),
                polygon: a.texts_of("polygon"),
                circle: a.texts_of("circle"),
                geocode: pairs(a, "geocode"),
                altitude: a.text_of("altitude"),
                ceiling: a.text_of("ceiling"),
            })
            .collect(),
    }
}
