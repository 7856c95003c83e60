//! What the standard says beyond its schema (section 3.2), and Chinese practice.

use crate::alert::{Alert, Area, Info};
use crate::chain::{Reference, references};
use crate::polygon::{self, Fault};
use crate::time::instant;
use crate::tree::Element;
use crate::words;
use values::{Findings, Lang, Severity};

struct Check<'a> {
    file: &'a str,
    element: &'a Element,
    lang: Lang,
    found: Findings,
}

/// Checks an alert; `element` gives the lines.
#[must_use]
pub fn check(file: &str, element: &Element, alert: &Alert, lang: Lang) -> Findings {
    let mut check = Check { file, element, lang, found: Findings::default() };
    check.names(alert);
    check.references(alert);
    let infos: Vec<&Element> = element.children.iter().filter(|c| c.name == "info").collect();
    for (n, info) in alert.info.iter().enumerate() {
        let at = infos.get(n).copied().unwrap_or(element);
        check.info(alert, info, at);
        let areas: Vec<&Element> = at.children.iter().filter(|c| c.name == "area").collect();
        for (k, area) in info.area.iter().enumerate() {
            check.area(area, areas.get(k).copied().unwrap_or(at));
        }
    }
    check.found
}

impl Check<'_> {
    fn say(&mut self, severity: Severity, rule: &str, parent: &Element, field: &str, args: &[(&str, &str)]) {
        let line = parent.child(field).map_or(parent.line, |c| c.line);
        self.found.push(words::finding(self.lang, severity, rule, args).at(format!("{}:{line}", self.file)).field(field));
    }

    fn names(&mut self, a: &Alert) {
        let e = self.element;
        for (field, text) in [("identifier", &a.identifier), ("sender", &a.sender)] {
            if e.child(field).is_some() && (text.is_empty() || text.contains([' ', ',', '<', '&', '\t', '\n'])) {
                self.say(Severity::Error, "cap.name_form", e, field, &[("found", text), ("name", field)]);
            }
        }
        for (scope, field, text) in [("Restricted", "restriction", &a.restriction), ("Private", "addresses", &a.addresses)] {
            if a.scope == scope && text.is_empty() {
                self.say(Severity::Error, "cap.scope_needs", e, "scope", &[("found", scope), ("name", field)]);
            }
        }
        if matches!(a.msg_type.as_str(), "Alert" | "Update") && a.info.is_empty() {
            self.say(Severity::Warning, "cap.no_info", e, "info", &[("found", &a.msg_type)]);
        }
        if a.msg_type == "Error" && a.note.is_empty() {
            self.say(Severity::Warning, "cap.error_needs_note", e, "note", &[]);
        }
    }

    fn references(&mut self, a: &Alert) {
        let e = self.element;
        let needs = matches!(a.msg_type.as_str(), "Update" | "Cancel" | "Ack" | "Error");
        if needs && a.references.is_empty() {
            self.say(Severity::Error, "cap.needs_references", e, "references", &[("found", &a.msg_type)]);
        }
        for each in references(&a.references) {
            match each {
                Err(piece) => self.say(Severity::Error, "cap.reference_form", e, "references", &[("found", &piece)]),
                Ok(Reference { sender, identifier, sent }) => {
                    if sender == a.sender && identifier == a.identifier {
                        self.say(Severity::Error, "cap.refers_to_itself", e, "references", &[("found", &identifier)]);
                    }
                    if let (Some(then), Some(now)) = (instant(&sent), instant(&a.sent))
                        && then > now
                    {
                        self.say(Severity::Error, "cap.refers_to_later", e, "references", &[("found", &sent), ("sent", &a.sent)]);
                    }
                }
            }
        }
    }

    fn info(&mut self, a: &Alert, info: &Info, e: &Element) {
        let start = [&info.onset, &info.effective, &a.sent].into_iter().find_map(|t| instant(t));
        if let (Some(start), Some(end)) = (start, instant(&info.expires))
            && end <= start
        {
            self.say(Severity::Warning, "cap.expires_before", e, "expires", &[("found", &info.expires)]);
        }
        if e.child("event").is_some() && info.event.is_empty() {
            self.say(Severity::Error, "cap.empty_event", e, "event", &[]);
        }
        if let Some(colour) = info.colour().filter(|c| c.severity() != info.severity) {
            let args = [("found", info.severity.as_str()), ("colour", colour.english()), ("severity", colour.severity())];
            self.say(Severity::Note, "cap.colour_differs", e, "severity", &args);
        }
        for resource in &info.resource {
            let digest = &resource.digest;
            let is_sha1 = digest.len() == 40 && digest.bytes().all(|b| b.is_ascii_hexdigit());
            if !digest.is_empty() && !is_sha1 {
                self.say(Severity::Warning, "cap.digest_form", e, "resource", &[("found", digest)]);
            }
            if resource.uri.is_empty() && resource.deref_uri.is_empty() {
                self.say(Severity::Note, "cap.resource_nowhere", e, "resource", &[("found", &resource.resource_desc)]);
            }
        }
    }

    fn area(&mut self, area: &Area, e: &Element) {
        for text in &area.polygon {
            if let Err(fault) = polygon::read(text) {
                self.fault(&fault, e, "polygon");
            }
        }
        for text in &area.circle {
            if let Err(fault) = polygon::read_circle(text) {
                self.fault(&fault, e, "circle");
            }
        }
        if !area.ceiling.is_empty() && area.altitude.is_empty() {
            self.say(Severity::Error, "cap.ceiling_needs_altitude", e, "ceiling", &[("found", &area.ceiling)]);
        }
    }

    fn fault(&mut self, fault: &Fault, e: &Element, field: &str) {
        match fault {
            Fault::Unreadable(piece) => self.say(Severity::Error, "cap.bad_point", e, field, &[("found", piece)]),
            Fault::OutOfRange(piece) => self.say(Severity::Error, "cap.point_out_of_range", e, field, &[("found", piece)]),
            Fault::TooFew(n) => self.say(Severity::Error, "cap.polygon_too_short", e, field, &[("found", &n.to_string())]),
            Fault::Open => self.say(Severity::Error, "cap.polygon_open", e, field, &[]),
            Fault::Crosses(a, b) => {
                let (a, b) = (a.to_string(), b.to_string());
                self.say(Severity::Warning, "cap.polygon_crosses_itself", e, field, &[("a", &a), ("b", &b)]);
            }
            Fault::Radius(text) => self.say(Severity::Error, "cap.bad_circle", e, field, &[("found", text)]),
        }
    }
}
