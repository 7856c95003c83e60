//! References, and what is in force after a series of alerts, updates and
//! cancellations.

use crate::alert::Alert;
use crate::time::{instant, is_valid};
use crate::words;
use std::collections::BTreeMap;
use values::{Findings, Lang, Severity};

/// One earlier message: `sender,identifier,sent`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// Who sent it.
    pub sender: String,
    /// Its identifier.
    pub identifier: String,
    /// When, as written there.
    pub sent: String,
}

impl Reference {
    /// The reference that names an alert.
    #[must_use]
    pub fn to(alert: &Alert) -> Self {
        Self { sender: alert.sender.clone(), identifier: alert.identifier.clone(), sent: alert.sent.clone() }
    }
    /// `sender,identifier,sent`
    #[must_use]
    pub fn text(&self) -> String {
        format!("{},{},{}", self.sender, self.identifier, self.sent)
    }
}

/// The references of a text, parted by white space; a piece that is none is an `Err`.
#[must_use]
pub fn references(text: &str) -> Vec<Result<Reference, String>> {
    text.split_whitespace()
        .map(|piece| {
            let parts: Vec<&str> = piece.split(',').collect();
            match parts[..] {
                [sender, identifier, sent] if !sender.is_empty() && !identifier.is_empty() && is_valid(sent) => {
                    Ok(Reference { sender: sender.into(), identifier: identifier.into(), sent: sent.into() })
                }
                _ => Err(piece.to_owned()),
            }
        })
        .collect()
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// In force.
    InForce,
    /// A later update replaced it.
    Replaced,
    /// Cancelled.
    Cancelled,
    /// It says nothing of its own: a cancellation, acknowledgement or error.
    Message,
}

/// States of all alerts after each has been taken in order of `sent`.
///
/// A reference to an unknown message, to one that was already replaced or
/// cancelled, and one identifier used twice are findings. A message is known by
/// sender, identifier and the instant of `sent` (its text may write the offset otherwise).
#[must_use]
pub fn states(file: &str, alerts: &[Alert], lang: Lang) -> (Vec<State>, Findings) {
    let mut found = Findings::default();
    let mut say =
        |severity, rule: &str, args: &[(&str, &str)]| found.push(words::finding(lang, severity, rule, args).at(file).field("references"));
    let mut order: Vec<usize> = (0..alerts.len()).collect();
    order.sort_by_key(|n| (instant(&alerts[*n].sent), *n));
    let mut states = vec![State::Message; alerts.len()];
    let mut known: BTreeMap<(String, String), usize> = BTreeMap::new();
    for n in order {
        let alert = &alerts[n];
        let key = (alert.sender.clone(), alert.identifier.clone());
        if known.contains_key(&key) {
            say(Severity::Error, "cap.identifier_twice", &[("found", &alert.identifier)]);
        }
        if matches!(alert.msg_type.as_str(), "Update" | "Cancel") {
            for reference in references(&alert.references).into_iter().flatten() {
                let earlier = known.get(&(reference.sender.clone(), reference.identifier.clone())).copied();
                match earlier.filter(|m| instant(&alerts[*m].sent) == instant(&reference.sent)) {
                    None => say(Severity::Note, "cap.reference_unknown", &[("found", &reference.identifier)]),
                    Some(m) => {
                        if states[m] == State::Cancelled {
                            say(Severity::Error, "cap.after_cancel", &[("found", &reference.identifier), ("by", &alert.identifier)]);
                        }
                        if states[m] == State::InForce {
                            states[m] = if alert.msg_type == "Cancel" { State::Cancelled } else { State::Replaced };
                        }
                    }
                }
            }
        }
        if matches!(alert.msg_type.as_str(), "Alert" | "Update") {
            states[n] = State::InForce;
        }
        known.insert(key, n);
    }
    (states, found)
}
