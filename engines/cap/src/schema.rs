//! The structure that the OASIS schema of CAP 1.2 asks for, as one table, and
//! the check of a tree against it: which elements, in which order, how often,
//! with which values. Held against the schema itself by a test.

use crate::alert::NAMESPACE;
use crate::time;
use crate::tree::Element;
use crate::words;
use values::{Findings, Lang, Severity};

/// What an element may hold.
#[derive(Debug, Clone, Copy)]
pub enum Content {
    /// Any text.
    Text,
    /// One of these words, exactly.
    OneOf(&'static [&'static str]),
    /// A time with its offset.
    Time,
    /// A language tag.
    Language,
    /// A whole number.
    Integer,
    /// A decimal number.
    Decimal,
    /// Elements, in this order.
    Elements(&'static [Particle]),
}

/// One element of a sequence.
#[derive(Debug, Clone, Copy)]
pub struct Particle {
    /// Its name.
    pub name: &'static str,
    /// Least number.
    pub least: usize,
    /// True if it may be repeated.
    pub many: bool,
    /// What it holds.
    pub content: Content,
}

const fn one(name: &'static str, content: Content) -> Particle {
    Particle { name, least: 1, many: false, content }
}
const fn may(name: &'static str, content: Content) -> Particle {
    Particle { name, least: 0, many: false, content }
}
const fn any(name: &'static str, content: Content) -> Particle {
    Particle { name, least: 0, many: true, content }
}
const fn some(name: &'static str, content: Content) -> Particle {
    Particle { name, least: 1, many: true, content }
}

use Content::{Decimal, Elements, Integer, Language, OneOf, Text, Time};

/// Values of `status`.
pub const STATUS: &[&str] = &["Actual", "Exercise", "System", "Test", "Draft"];
/// Values of `msgType`.
pub const MESSAGE: &[&str] = &["Alert", "Update", "Cancel", "Ack", "Error"];
/// Values of `scope`.
pub const SCOPE: &[&str] = &["Public", "Restricted", "Private"];
/// Values of `category`.
pub const CATEGORY: &[&str] =
    &["Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"];
/// Values of `responseType`.
pub const RESPONSE: &[&str] = &["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"];
/// Values of `urgency`.
pub const URGENCY: &[&str] = &["Immediate", "Expected", "Future", "Past", "Unknown"];
/// Values of `severity`.
pub const SEVERITY: &[&str] = &["Extreme", "Severe", "Moderate", "Minor", "Unknown"];
/// Values of `certainty`.
pub const CERTAINTY: &[&str] = &["Observed", "Likely", "Possible", "Unlikely", "Unknown"];

const PAIR: &[Particle] = &[one("valueName", Text), one("value", Text)];

const RESOURCE: &[Particle] =
    &[one("resourceDesc", Text), one("mimeType", Text), may("size", Integer), may("uri", Text), may("derefUri", Text), may("digest", Text)];

const AREA: &[Particle] = &[
    one("areaDesc", Text),
    any("polygon", Text),
    any("circle", Text),
    any("geocode", Elements(PAIR)),
    may("altitude", Decimal),
    may("ceiling", Decimal),
];

const INFO: &[Particle] = &[
    may("language", Language),
    some("category", OneOf(CATEGORY)),
    one("event", Text),
    any("responseType", OneOf(RESPONSE)),
    one("urgency", OneOf(URGENCY)),
    one("severity", OneOf(SEVERITY)),
    one("certainty", OneOf(CERTAINTY)),
    may("audience", Text),
    any("eventCode", Elements(PAIR)),
    may("effective", Time),
    may("onset", Time),
    may("expires", Time),
    may("senderName", Text),
    may("headline", Text),
    may("description", Text),
    may("instruction", Text),
    may("web", Text),
    may("contact", Text),
    any("parameter", Elements(PAIR)),
    any("resource", Elements(RESOURCE)),
    any("area", Elements(AREA)),
];

/// The sequence of an `alert`; after it anything of the XML signature's namespace.
pub const ALERT: &[Particle] = &[
    one("identifier", Text),
    one("sender", Text),
    one("sent", Time),
    one("status", OneOf(STATUS)),
    one("msgType", OneOf(MESSAGE)),
    may("source", Text),
    one("scope", OneOf(SCOPE)),
    may("restriction", Text),
    may("addresses", Text),
    any("code", Text),
    may("note", Text),
    may("references", Text),
    may("incidents", Text),
    any("info", Elements(INFO)),
];

const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";

/// Where findings go.
struct Check<'a> {
    file: &'a str,
    namespace: &'a str,
    lang: Lang,
    found: Findings,
}

/// Checks an `alert` element; every departure from the schema is an error.
///
/// An alert of CAP 1.0 or 1.1 is checked in its own namespace, with a warning.
#[must_use]
pub fn check(file: &str, alert: &Element, lang: Lang) -> Findings {
    let mut check = Check { file, namespace: NAMESPACE, lang, found: Findings::default() };
    let older = ["urn:oasis:names:tc:emergency:cap:1.1", "http://www.incident.com/cap/1.0"];
    if let Some(other) = older.iter().find(|n| **n == alert.namespace) {
        check.say(Severity::Warning, "cap.older_version", alert, &alert.name, &[("found", other)]);
        check.namespace = other;
    } else if alert.namespace != NAMESPACE {
        check.say(Severity::Error, "cap.wrong_namespace", alert, &alert.name, &[("found", &alert.namespace), ("namespace", NAMESPACE)]);
        return check.found;
    }
    check.element(alert, Elements(ALERT), true);
    check.found
}

impl Check<'_> {
    fn say(&mut self, severity: Severity, rule: &str, at: &Element, field: &str, args: &[(&str, &str)]) {
        let place = format!("{}:{}", self.file, at.line);
        self.found.push(words::finding(self.lang, severity, rule, args).at(place).field(field));
    }

    fn element(&mut self, e: &Element, content: Content, is_alert: bool) {
        if let Some(attribute) = e.attributes.first() {
            self.say(Severity::Error, "cap.attribute", e, &e.name, &[("found", attribute), ("name", &e.name)]);
        }
        if let Elements(sequence) = content {
            if !e.text.trim().is_empty() {
                self.say(Severity::Error, "cap.stray_text", e, &e.name, &[("found", e.text.trim()), ("name", &e.name)]);
            }
            self.sequence(e, sequence, is_alert);
            return;
        }
        if let Some(child) = e.children.first() {
            self.say(Severity::Error, "cap.unexpected_element", child, &child.name, &[("found", &child.name), ("name", &e.name)]);
        }
        self.value(e, content);
    }

    fn value(&mut self, e: &Element, content: Content) {
        let text = e.text.as_str();
        let (fits, wanted) = match content {
            OneOf(words) => (words.contains(&text), words.join("、")),
            Time => (time::is_valid(text), "2024-06-01T08:00:00+08:00".into()),
            // The schema gives it a default, so an empty one stands for en-US.
            Language => (text.is_empty() || is_language(text.trim()), "zh-CN".into()),
            Integer => (is_integer(text.trim()), "0, 1, 2 …".into()),
            Decimal => (is_decimal(text.trim()), "12.5".into()),
            Text | Elements(_) => (true, String::new()),
        };
        if !fits {
            let rule = if matches!(content, Time) { "cap.bad_time" } else { "cap.bad_value" };
            self.say(Severity::Error, rule, e, &e.name, &[("found", text), ("name", &e.name), ("wanted", &wanted)]);
        }
    }

    /// Goes along the children with one finger in the sequence.
    fn sequence(&mut self, parent: &Element, sequence: &[Particle], is_alert: bool) {
        let mut finger = 0;
        let mut seen = vec![0_usize; sequence.len()];
        let mut signed = false;
        for child in &parent.children {
            if is_alert && child.namespace == SIGNATURE {
                signed = true;
                continue;
            }
            let known = sequence.iter().position(|p| p.name == child.name).filter(|_| child.namespace == self.namespace);
            let Some(n) = known else {
                self.say(Severity::Error, "cap.unexpected_element", child, &child.name, &[("found", &child.name), ("name", &parent.name)]);
                continue;
            };
            if signed {
                // The schema puts signatures last; validators let it pass.
                self.say(Severity::Warning, "cap.signature_not_last", child, &child.name, &[("found", &child.name)]);
                signed = false;
            }
            if n < finger {
                let before = sequence.get(finger).map_or("", |p| p.name);
                self.say(Severity::Error, "cap.order", child, &child.name, &[("found", &child.name), ("name", before)]);
            }
            if seen[n] == 1 && !sequence[n].many {
                self.say(Severity::Error, "cap.repeated", child, &child.name, &[("found", &child.name), ("name", &parent.name)]);
            }
            seen[n] += 1;
            finger = finger.max(n);
            self.element(child, sequence[n].content, false);
        }
        for (n, particle) in sequence.iter().enumerate() {
            if seen[n] < particle.least {
                self.say(
                    Severity::Error,
                    "cap.missing_element",
                    parent,
                    particle.name,
                    &[("found", ""), ("name", particle.name), ("parent", &parent.name)],
                );
            }
        }
    }
}

/// xs:language: letters, then hyphen and letters or digits, at most eight each.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().is_some_and(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphabetic()));
    first && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let fine = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    fine(whole) && fine(part) && !(whole.is_empty() && part.is_empty())
}
