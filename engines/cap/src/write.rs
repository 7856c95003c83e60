//! An alert as XML, in the order of the schema. Control characters that XML
//! cannot hold are left out.

use crate::alert::{Alert, Area, Info, NAMESPACE, Pair, Resource};

/// The document, UTF-8, with declaration.
#[must_use]
pub fn write(alert: &Alert) -> String {
    let mut out = Out { text: format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alert xmlns=\"{NAMESPACE}\">\n"), depth: 1 };
    for (name, text) in [
        ("identifier", &alert.identifier),
        ("sender", &alert.sender),
        ("sent", &alert.sent),
        ("status", &alert.status),
        ("msgType", &alert.msg_type),
        ("source", &alert.source),
        ("scope", &alert.scope),
        ("restriction", &alert.restriction),
        ("addresses", &alert.addresses),
    ] {
        out.leaf(name, text);
    }
    alert.code.iter().for_each(|c| out.leaf("code", c));
    for (name, text) in [("note", &alert.note), ("references", &alert.references), ("incidents", &alert.incidents)] {
        out.leaf(name, text);
    }
    alert.info.iter().for_each(|i| out.info(i));
    out.text + "</alert>\n"
}

struct Out {
    text: String,
    depth: usize,
}

impl Out {
    fn line(&mut self, text: &str) {
        self.text.push_str(&"  ".repeat(self.depth));
        self.text.push_str(text);
        self.text.push('\n');
    }
    fn leaf(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.line(&format!("<{name}>{}</{name}>", escaped(text)));
        }
    }
    fn within(&mut self, name: &str, inner: impl FnOnce(&mut Self)) {
        self.line(&format!("<{name}>"));
        self.depth += 1;
        inner(self);
        self.depth -= 1;
        self.line(&format!("</{name}>"));
    }
    /// Both parts of a pair must be there, empty or not.
    fn pairs(&mut self, name: &str, pairs: &[Pair]) {
        for pair in pairs {
            self.within(name, |out| {
                out.line(&format!("<valueName>{}</valueName>", escaped(&pair.value_name)));
                out.line(&format!("<value>{}</value>", escaped(&pair.value)));
            });
        }
    }

    fn info(&mut self, i: &Info) {
        self.within("info", |out| {
            out.leaf("language", &i.language);
            i.category.iter().for_each(|c| out.leaf("category", c));
            out.leaf("event", &i.event);
            i.response_type.iter().for_each(|r| out.leaf("responseType", r));
            for (name, text) in [("urgency", &i.urgency), ("severity", &i.severity), ("certainty", &i.certainty), ("audience", &i.audience)]
            {
                out.leaf(name, text);
            }
            out.pairs("eventCode", &i.event_code);
            for (name, text) in [
                ("effective", &i.effective),
                ("onset", &i.onset),
                ("expires", &i.expires),
                ("senderName", &i.sender_name),
                ("headline", &i.headline),
                ("description", &i.description),
                ("instruction", &i.instruction),
                ("web", &i.web),
                ("contact", &i.contact),
            ] {
                out.leaf(name, text);
            }
            out.pairs("parameter", &i.parameter);
            i.resource.iter().for_each(|r| out.resource(r));
            i.area.iter().for_each(|a| out.area(a));
        });
    }

    fn resource(&mut self, r: &Resource) {
        self.within("resource", |out| {
            for (name, text) in [
                ("resourceDesc", &r.resource_desc),
                ("mimeType", &r.mime_type),
                ("size", &r.size),
                ("uri", &r.uri),
                ("derefUri", &r.deref_uri),
                ("digest", &r.digest),
            ] {
                out.leaf(name, text);
            }
        });
    }

    fn area(&mut self, a: &Area) {
        self.within("area", |out| {
            out.leaf("areaDesc", &a.area_desc);
            a.polygon.iter().for_each(|p| out.leaf("polygon", p));
            a.circle.iter().for_each(|c| out.leaf("circle", c));
            out.pairs("geocode", &a.geocode);
            out.leaf("altitude", &a.altitude);
            out.leaf("ceiling", &a.ceiling);
        });
    }
}

/// Text with markup escaped; a carriage return as a reference, since a reader
/// would turn a bare one into a line feed.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(c),
            c if (c as u32) < 0x20 || matches!(c as u32, 0xFFFE | 0xFFFF) => {}
            c => out.push(c),
        }
    }
    out
}
