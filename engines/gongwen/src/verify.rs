//! Verifying a returned report 核对: of each figure, what became of it.
//!
//! A figure is looked for by its content control, else by its bookmark, else
//! by aligning the text with the frozen report. What stands there now is held
//! against what was printed and against today's figure.

use crate::align::{Letters, paragraphs};
use crate::frozen::{FrozenFigure, FrozenReport, value_behind};
use crate::mark::{Part, print};
use crate::read::{Found, Position, ReadDocument, ReadMark};
use crate::words::Words;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashMap;
use values::{Figure, unit::half_width};

/// What became of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// As printed, and still so today.
    True,
    /// As printed, but the data has moved since.
    Restated,
    /// Changed by hand.
    Altered,
    /// Stands elsewhere than it was printed.
    Moved,
    /// No longer in the document.
    Removed,
    /// Typed in by hand, and agrees with the data.
    TypedMatches,
    /// Typed in by hand, and contradicts the data.
    TypedContradicts,
    /// Nothing is known of it: another zone's report, or a store set back to an earlier day.
    Unknown,
}

/// One figure, verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Id; empty for a figure typed in by hand.
    pub id: String,
    /// Metric, as asked for.
    pub metric: String,
    /// Label of the metric.
    pub label: String,
    /// Period, shortest form.
    pub period: String,
    /// Where: `第12段`, counted from 1 with cells of tables; empty if removed.
    pub place: String,
    /// Index of the paragraph and characters from, to; for marking the document. None if removed.
    pub span: Option<(usize, usize, usize)>,
    /// What stands in the document now.
    pub printed: String,
    /// What today's data prints.
    pub expected: String,
    /// What became of it.
    pub state: State,
    /// Why, in a sentence; empty for true.
    pub why: String,
}

/// The whole verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every figure is true.
    True,
    /// Nothing was altered, but the data has moved.
    Restated,
    /// At least one figure was altered, moved, removed or contradicts.
    Altered,
    /// No figure of ours was found.
    Unknown,
}

/// What `verify` gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Over all figures.
    pub verdict: Verdict,
    /// Each figure, in the order of the frozen report; typed-in ones and strangers last.
    pub figures: Vec<Verified>,
}

/// Today's figure for a frozen one. An error says why it is not known any more.
pub type Today<'a> = &'a dyn Fn(&FrozenFigure) -> Result<Figure, String>;

/// Verifies a document against the frozen report.
#[must_use]
pub fn verify(document: &ReadDocument, frozen: &FrozenReport, today: Today<'_>, words: &Words) -> Verification {
    let located = locate(document, frozen);
    let moved = moved(&located, frozen);
    let mut figures: Vec<Verified> = Vec::with_capacity(frozen.figures.len());
    for (n, figure) in frozen.figures.iter().enumerate() {
        figures.push(judge(document, figure, located.places[n].as_ref(), moved[n], today, words));
    }
    figures.extend(copies_and_strangers(document, frozen, &located, today, words));
    Verification { verdict: verdict(&figures), figures }
}

/// The verdict over figures.
#[must_use]
pub fn verdict(figures: &[Verified]) -> Verdict {
    let any = |states: &[State]| figures.iter().any(|f| states.contains(&f.state));
    if any(&[State::Altered, State::Moved, State::Removed, State::TypedContradicts]) {
        Verdict::Altered
    } else if any(&[State::Restated]) {
        Verdict::Restated
    } else if any(&[State::True, State::TypedMatches]) {
        Verdict::True
    } else {
        Verdict::Unknown
    }
}

/// Where a figure stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub start: Position,
    pub end: Position,
    pub text: String,
    /// The mark that it was found by; none if by its text.
    pub mark: Option<ReadMark>,
}

pub(crate) struct Located {
    pub places: Vec<Option<Place>>,
    /// For each frozen paragraph the one that it became.
    pub paragraphs: Vec<Option<usize>>,
    /// Marks that were used.
    pub used: Vec<ReadMark>,
}

pub(crate) fn locate(document: &ReadDocument, frozen: &FrozenReport) -> Located {
    let marks = best_marks(document);
    let located: HashMap<&str, usize> = marks.iter().map(|(id, mark)| (*id, mark.start.paragraph)).collect();
    let map = paragraphs(frozen, document, &located);
    let mut places: Vec<Option<Place>> = vec![None; frozen.figures.len()];
    let mut used = Vec::new();
    for (n, paragraph) in frozen.paragraphs.iter().enumerate() {
        let mut letters: Option<Letters> = None;
        for spot in &paragraph.spots {
            let Some(figure) = frozen.figures.get(spot.figure) else { continue };
            let mark = marks.get(figure.id.as_str()).copied();
            let by_mark = mark.map(|mark| whole_number(document, mark, figure.part));
            used.extend(mark.cloned());
            let by_text = |letters: &mut Option<Letters>| {
                let at = map[n]?;
                let text = &document.paragraphs.get(at)?.text;
                let letters = letters.get_or_insert_with(|| Letters::new(&paragraph.text, &paragraph.spots, text));
                let (from, to) = letters.between(spot.start, spot.end)?;
                by_text(text, at, from, to, figure)
            };
            // An empty mark: the number was deleted, and perhaps typed again beside it.
            places[spot.figure] = match by_mark {
                Some(place) if !place.text.trim().is_empty() => Some(place),
                _ => by_text(&mut letters),
            };
        }
    }
    Located { places, paragraphs: map, used }
}

/// The first control of each id, else its first bookmark; one with text before an empty one.
fn best_marks(document: &ReadDocument) -> HashMap<&str, &ReadMark> {
    let mut marks: HashMap<&str, &ReadMark> = HashMap::new();
    let rank = |mark: &ReadMark| (document.text_between(mark.start, mark.end).trim().is_empty(), mark.found);
    for mark in &document.marks {
        match marks.get(mark.id.as_str()) {
            Some(present) if rank(present) <= rank(mark) => {}
            _ => {
                marks.insert(&mark.id, mark);
            }
        }
    }
    marks
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | ',')
}

/// What a mark encloses, with digits that were typed beside it and belong to the number.
fn whole_number(document: &ReadDocument, mark: &ReadMark, part: Part) -> Place {
    let (start, mut end) = (mark.start, mark.end);
    let plain = |start: Position, end: Position| Place { start, end, text: document.text_between(start, end), mark: Some(mark.clone()) };
    if part.is_word() || start.paragraph != end.paragraph {
        return plain(start, end);
    }
    let Some(paragraph) = document.paragraphs.get(start.paragraph) else { return plain(start, end) };
    let letters: Vec<char> = paragraph.text.chars().map(half_width).collect();
    let mut from = start.character.min(letters.len());
    if end.character > start.character {
        while from > 0 && is_numeral(letters[from - 1]) {
            from -= 1;
        }
        // A minus that was typed before the number belongs to it.
        if from > 0 && letters[from - 1] == '-' && letters.get(from).is_some_and(char::is_ascii_digit) {
            from -= 1;
        }
        while end.character < letters.len() && is_numeral(letters[end.character]) {
            end.character += 1;
        }
        // A point or comma at the end is a sign of the sentence.
        while end.character > mark.end.character && matches!(letters.get(end.character - 1), Some('.' | ',')) {
            end.character -= 1;
        }
    }
    plain(Position { character: from, ..start }, end)
}

/// The number (or word) in what lies between a figure's matched neighbours.
fn by_text(text: &str, paragraph: usize, from: usize, to: usize, figure: &FrozenFigure) -> Option<Place> {
    let letters: Vec<char> = text.chars().map(half_width).collect();
    let between = letters.get(from..to)?;
    let place = |start: usize, end: usize| Place {
        start: Position { paragraph, character: start },
        end: Position { paragraph, character: end },
        text: text.chars().skip(start).take(end - start).collect(),
        mark: None,
    };
    if figure.part.is_word() {
        // A number may follow without a letter between: 增长5.8.
        let is_digit = |c: &char| c.is_ascii_digit() || *c == '-';
        let between = &between[..between.iter().position(is_digit).unwrap_or(between.len())];
        let first = between.iter().position(|c| !c.is_whitespace())?;
        let last = between.iter().rposition(|c| !c.is_whitespace())?;
        return Some(place(from + first, from + last + 1));
    }
    let starts =
        |i: usize| between[i].is_ascii_digit() || matches!(between[i], '-' | '−') && between.get(i + 1).is_some_and(char::is_ascii_digit);
    let first = (0..between.len()).find(|i| starts(*i))?;
    let mut last = first + 1;
    while last < between.len() && is_numeral(between[last]) {
        last += 1;
    }
    while matches!(between[last - 1], '.' | ',') {
        last -= 1;
    }
    Some(place(from + first, from + last))
}

/// Figures that left their order or their paragraph: all but the longest run that kept both.
fn moved(located: &Located, frozen: &FrozenReport) -> Vec<bool> {
    let mut home = vec![None; frozen.figures.len()];
    for (n, paragraph) in frozen.paragraphs.iter().enumerate() {
        for spot in &paragraph.spots {
            if let Some(at) = home.get_mut(spot.figure) {
                *at = located.paragraphs[n];
            }
        }
    }
    let present: Vec<(usize, Position)> = located.places.iter().enumerate().filter_map(|(n, p)| p.as_ref().map(|p| (n, p.start))).collect();
    let kept = longest_rising(&present.iter().map(|(_, at)| *at).collect::<Vec<_>>());
    let mut moved = vec![false; frozen.figures.len()];
    for (index, (n, at)) in present.iter().enumerate() {
        let elsewhere = home[*n].is_some_and(|home| home != at.paragraph);
        moved[*n] = !kept[index] || elsewhere;
    }
    moved
}

/// Marks the members of a longest rising subsequence.
fn longest_rising(list: &[Position]) -> Vec<bool> {
    let mut tails: Vec<usize> = Vec::new();
    let mut before = vec![usize::MAX; list.len()];
    for (i, at) in list.iter().enumerate() {
        let place = tails.partition_point(|t| list[*t] < *at);
        if place > 0 {
            before[i] = tails[place - 1];
        }
        if place == tails.len() {
            tails.push(i);
        } else {
            tails[place] = i;
        }
    }
    let mut kept = vec![false; list.len()];
    let mut at = tails.last().copied().unwrap_or(usize::MAX);
    while let Some(flag) = kept.get_mut(at) {
        *flag = true;
        at = before[at];
    }
    kept
}

/// A printed number or word without what does not matter: blanks, commas, full width, the sort of minus.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && *c != ',')
        .map(|c| if matches!(c, '−' | '–' | '﹣') { '-' } else { c })
        .collect()
}

/// True if two printed numbers say the same at the same digits (138.6 and 138.60 do, 138.6 and 138.64 do not).
pub(crate) fn same(a: &str, b: &str) -> bool {
    let (a, b) = (plain(a), plain(b));
    a == b || matches!((a.parse::<Decimal>(), b.parse::<Decimal>()), (Ok(a), Ok(b)) if a == b)
}

fn judge(document: &ReadDocument, figure: &FrozenFigure, place: Option<&Place>, moved: bool, today: Today<'_>, words: &Words) -> Verified {
    let (expected, unknown) = expected(figure, today, words);
    let mut verified = Verified {
        id: figure.id.clone(),
        metric: figure.name.clone(),
        label: figure.label.clone(),
        period: figure.period.clone(),
        place: String::new(),
        span: None,
        printed: String::new(),
        expected: expected.clone(),
        state: State::Removed,
        why: say("removed", &[("printed", &figure.printed)]),
    };
    let Some(place) = place else { return verified };
    verified.printed = place.text.clone();
    verified.place = say("place", &[("n", &(place.start.paragraph + 1).to_string())]);
    verified.span = Some((place.start.paragraph, place.start.character, place.end.character));
    let unchanged = same(&place.text, &figure.printed);
    let (state, why) = if let Some(found) = other_unit(document, figure, place) {
        (State::Altered, say("unit", &[("unit", &figure.unit), ("found", &found)]))
    } else if !unchanged && unknown.is_none() && same(&place.text, &expected) {
        (State::TypedMatches, say("by_hand", &[("printed", &figure.printed)]))
    } else if !unchanged {
        (State::Altered, say("altered", &[("printed", &figure.printed), ("found", &place.text)]))
    } else if moved {
        (State::Moved, say("moved", &[]))
    } else if let Some(why) = unknown {
        (State::Unknown, why)
    } else if same(&figure.printed, &expected) {
        (State::True, String::new())
    } else {
        (State::Restated, say("restated", &[("printed", &figure.printed), ("expected", &expected)]))
    };
    verified.state = state;
    verified.why = why;
    verified
}

/// What today's data prints, or why it prints nothing. What has not moved prints as it did (shares were settled
/// together and cannot be printed again alone).
pub(crate) fn expected(figure: &FrozenFigure, today: Today<'_>, words: &Words) -> (String, Option<String>) {
    match today(figure) {
        Err(why) => (String::new(), Some(why)),
        Ok(now) if value_behind(&now, figure.part) == figure.value => (figure.printed.clone(), None),
        Ok(now) => match print(&now, figure.part, &figure.style, words) {
            Ok(text) => (text, None),
            Err(reason) => (String::new(), Some(reason.word().to_owned())),
        },
    }
}

/// The unit that stands behind a figure now, if it was printed with one and it is no longer that.
fn other_unit(document: &ReadDocument, figure: &FrozenFigure, place: &Place) -> Option<String> {
    let printed_unit = figure.unit_printed.as_str();
    if printed_unit.is_empty() || place.start.paragraph != place.end.paragraph {
        return None;
    }
    let after = document.paragraphs.get(place.end.paragraph)?;
    let rest: String = after.text.chars().skip(place.end.character).filter(|c| !c.is_whitespace()).map(half_width).take(8).collect();
    let wanted: String = printed_unit.chars().filter(|c| !c.is_whitespace()).map(half_width).collect();
    if rest.starts_with(&wanted) {
        return None;
    }
    Some(rest.chars().take_while(|c| !matches!(c, '，' | '。' | '；' | '、' | ',' | ';' | ')' | '）')).take(4).collect())
}

/// Marks of one id that stand twice (copied), and marks of ours that the frozen report does not know.
fn copies_and_strangers(
    document: &ReadDocument,
    frozen: &FrozenReport,
    located: &Located,
    today: Today<'_>,
    words: &Words,
) -> Vec<Verified> {
    let mut out = Vec::new();
    for mark in &document.marks {
        // A control and a bookmark of one id at one place are one figure.
        let same_place = |other: &ReadMark| other.id == mark.id && other.start <= mark.end && mark.start <= other.end;
        if located.used.iter().any(same_place) {
            continue;
        }
        let text = document.text_between(mark.start, mark.end);
        if text.trim().is_empty()
            || mark.found == Found::Bookmark && document.marks.iter().any(|m| m.found == Found::Control && same_place(m))
        {
            continue;
        }
        match frozen.figure(&mark.id) {
            Some(figure) => {
                let place = whole_number(document, mark, figure.part);
                // A copy may stand where no unit belongs.
                let figure = FrozenFigure { unit_printed: String::new(), ..figure.clone() };
                let mut copy = judge(document, &figure, Some(&place), false, today, words);
                if copy.state == State::True {
                    copy.why = say("copy", &[]);
                }
                out.push(copy);
            }
            None => out.push(Verified {
                id: mark.id.clone(),
                metric: String::new(),
                label: String::new(),
                period: String::new(),
                place: say("place", &[("n", &(mark.start.paragraph + 1).to_string())]),
                span: Some((mark.start.paragraph, mark.start.character, mark.end.character)),
                printed: text,
                expected: String::new(),
                state: State::Unknown,
                why: say("stranger", &[]),
            }),
        }
    }
    out
}

pub(crate) fn say(key: &str, args: &[(&str, &str)]) -> String {
    crate::template::texts().get(values::Lang::Zh, &format!("verify.{key}"), args)
}
