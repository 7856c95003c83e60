//! Punctuation around what was left out: no `，。`, no `：，`, no empty brackets.

use crate::tree::{Inline, Text};

/// Stands where something was left out, until [`mend`] takes it away. Never printed.
pub(super) const GAP: char = '\u{e000}';

fn is_separator(c: char) -> bool {
    matches!(c, '，' | '；' | '、' | ',' | ';')
}

fn is_stop(c: char) -> bool {
    matches!(c, '。' | '！' | '？')
}

fn is_opening(c: char) -> bool {
    matches!(c, '：' | '（' | '“' | '《' | ':' | '(')
}

/// Takes the gaps away and the punctuation that has lost its neighbour.
pub(super) fn mend(text: &mut Text) {
    // Words between two marks are mended together; a mark counts as a letter.
    let mut flat: Vec<Option<char>> = Vec::new();
    let mut marks = Vec::new();
    for inline in text.drain(..) {
        match inline {
            Inline::Words(words) => flat.extend(words.chars().map(Some)),
            mark @ Inline::Mark(_) => {
                flat.push(None);
                marks.push(mark);
            }
        }
    }
    while let Some(at) = flat.iter().position(|c| *c == Some(GAP)) {
        flat.remove(at);
        mend_at(&mut flat, at);
    }
    let mut marks = marks.into_iter();
    let mut words = String::new();
    for c in flat {
        match c {
            Some(c) => words.push(c),
            None => {
                if !words.is_empty() {
                    text.push(Inline::Words(std::mem::take(&mut words)));
                }
                text.extend(marks.next());
            }
        }
    }
    if !words.is_empty() {
        text.push(Inline::Words(words));
    }
}

/// Mends what has come together at `at`.
fn mend_at(flat: &mut Vec<Option<char>>, mut at: usize) {
    loop {
        let before = at.checked_sub(1).and_then(|i| flat.get(i)).copied();
        let after = flat.get(at).copied();
        match (before, after) {
            // Other gaps are mended in their turn.
            (Some(Some(GAP)), _) | (_, Some(Some(GAP))) => return,
            (Some(Some('（')), Some(Some('）'))) => {
                flat.drain(at - 1..=at);
                at -= 1;
            }
            // A separator before the end, or before a stronger sign.
            // What was left out took the full stop with it.
            (Some(Some(b)), None) if is_separator(b) => {
                flat[at - 1] = Some('。');
                return;
            }
            (Some(Some(b)), Some(Some(a))) if is_separator(b) && (is_stop(a) || a == '）' || a == '；' && b != '；') => {
                flat.remove(at - 1);
                at -= 1;
            }
            // A separator after another, after an opening sign or a stop.
            (Some(Some(b)), Some(Some(a))) if is_separator(a) && (is_separator(b) || is_opening(b) || is_stop(b)) => {
                flat.remove(at);
            }
            (Some(Some(b)), Some(Some(a))) if is_stop(a) && is_stop(b) => {
                flat.remove(at);
            }
            // Nothing before: no sign may begin a text.
            (None, Some(Some(a))) if is_separator(a) || is_stop(a) => {
                flat.remove(at);
            }
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{printed, words};

    #[test]
    fn signs_that_lost_their_neighbour_go() {
        for (with, without) in [
            ("完成5亿元，_。", "完成5亿元。"),
            ("其中：_，建筑业3户。", "其中：建筑业3户。"),
            ("甲，_，乙。", "甲，乙。"),
            ("甲，_；乙。", "甲；乙。"),
            ("甲；_，乙。", "甲；乙。"),
            ("_，甲。", "甲。"),
            ("甲。_，乙。", "甲。乙。"),
            ("甲。_。", "甲。"),
            ("甲（_）乙", "甲乙"),
            ("甲（_、乙）", "甲（乙）"),
            ("甲（乙、_）", "甲（乙）"),
            ("甲，_，_，_。", "甲。"),
            ("_", ""),
            ("甲5亿元；_", "甲5亿元。"),
            ("甲_乙", "甲乙"),
        ] {
            let mut text = words(with.replace('_', &GAP.to_string()));
            mend(&mut text);
            assert_eq!(printed(&text), without, "{with}");
        }
    }
}
