//! Refreshing an edited report 刷新: today's figures in, everything else byte for byte.
//!
//! Only the character data of figures is replaced, in the bytes of the part;
//! prose, styles, comments, tracked changes and every other part stay. What
//! the changed figures may have made untrue in the prose around them is listed.

use crate::docx::Manifest;
use crate::frozen::{FrozenFigure, FrozenReport, value_behind};
use crate::mark::print;
use crate::read::{Piece, ReadDocument};
use crate::verify::{Place, Today, locate, same, say};
use crate::words::Words;
use ooxml::WriteError;
use ooxml::xml::{Edits, escape};
use serde::Serialize;

/// One figure that was given its value of today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Id.
    pub id: String,
    /// Metric, as asked for.
    pub metric: String,
    /// Label of the metric.
    pub label: String,
    /// Period, shortest form.
    pub period: String,
    /// Where: `第12段`.
    pub place: String,
    /// What stood there.
    pub was: String,
    /// What stands there now.
    pub now: String,
    /// True if what stood there was not what had been printed: a hand's change was overwritten.
    pub by_hand: bool,
}

/// A sentence that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Look {
    /// Where.
    pub place: String,
    /// The sentence as it stands now.
    pub sentence: String,
    /// Why.
    pub why: String,
}

/// A figure that was not given a new value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Left {
    /// Id.
    pub id: String,
    /// Metric.
    pub metric: String,
    /// Why.
    pub why: String,
}

/// What `refresh` gives.
#[derive(Debug, Clone)]
pub struct Refreshed {
    /// The file.
    pub bytes: Vec<u8>,
    /// Figures that changed.
    pub changed: Vec<Change>,
    /// Sentences that need a look.
    pub look: Vec<Look>,
    /// Figures that could not be refreshed.
    pub left: Vec<Left>,
    /// The frozen report as it is printed now, for the store.
    pub frozen: FrozenReport,
}

/// Why a document cannot be refreshed.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// Two figures overlap: the document's tags are broken.
    #[error("文件里的标记互相重叠，不能刷新")]
    Overlap,
    /// The package.
    #[error("写不出刷新后的文件")]
    Write(#[from] WriteError),
}

/// Puts today's figures into an edited document. `manifest`, if given, takes the place of the file's own.
///
/// # Errors
/// [`RefreshError`]; nothing is written then.
pub fn refresh(
    document: &ReadDocument,
    frozen: &FrozenReport,
    today: Today<'_>,
    words: &Words,
    manifest: Option<&Manifest>,
) -> Result<Refreshed, RefreshError> {
    let located = locate(document, frozen);
    let mut made = Made { texts: document.paragraphs.iter().map(|p| p.text.clone()).collect(), ..Made::default() };
    let mut now = frozen.clone();
    // From the end of each paragraph backwards, so that earlier positions stay true in the texts.
    let mut order: Vec<usize> = (0..frozen.figures.len()).collect();
    order.sort_by_key(|n| std::cmp::Reverse(located.places[*n].as_ref().map(|p| p.start)));
    for n in order {
        let figure = &frozen.figures[n];
        let Some(place) = &located.places[n] else {
            made.leave(figure, say("removed", &[("printed", &figure.printed)]));
            continue;
        };
        match today(figure).and_then(|f| Ok((print_now(&f, figure, words)?, f))) {
            Err(why) => made.leave(figure, why),
            Ok((text, current)) => {
                now.figures[n].printed.clone_from(&text);
                now.figures[n].value = value_behind(&current, figure.part);
                now.figures[n].handle.clone_from(&current.handle);
                if !same(&place.text, &text) {
                    made.change(figure, place, &text, words);
                }
            }
        }
    }
    made.changed.reverse();
    made.left.reverse();
    let xml = edits(document, std::mem::take(&mut made.replacements)).apply(&document.xml).ok_or(RefreshError::Overlap)?;
    let mut package = document.package.clone();
    if xml != document.xml {
        package.put(&document.part, xml);
    }
    if let Some(manifest) = manifest {
        put_manifest(&mut package, &document.part, manifest);
    }
    rewrite_texts(&mut now);
    let look = made.looks();
    Ok(Refreshed { bytes: package.write()?, changed: made.changed, look, left: made.left, frozen: now })
}

fn print_now(current: &values::Figure, figure: &FrozenFigure, words: &Words) -> Result<String, String> {
    if value_behind(current, figure.part) == figure.value {
        return Ok(figure.printed.clone());
    }
    print(current, figure.part, &figure.style, words).map_err(|reason| reason.word().to_owned())
}

fn put_manifest(package: &mut ooxml::Package, part: &str, manifest: &Manifest) {
    let items = package.related(part, "customXml").unwrap_or_default();
    let own = items.into_iter().find(|item| package.text(item).is_ok_and(|text| Manifest::parse(&text).is_some()));
    if let Some(item) = own {
        package.put(&item, manifest.write());
    }
}

/// The paragraphs of the frozen report with the new figures in their spots.
fn rewrite_texts(frozen: &mut FrozenReport) {
    for paragraph in &mut frozen.paragraphs {
        let letters: Vec<char> = paragraph.text.chars().collect();
        let (mut text, mut at, mut length) = (String::new(), 0, 0);
        for spot in &mut paragraph.spots {
            let before: String = letters.get(at..spot.start).unwrap_or_default().iter().collect();
            at = spot.end;
            length += before.chars().count();
            text.push_str(&before);
            let printed = frozen.figures.get(spot.figure).map(|f| f.printed.as_str()).unwrap_or_default();
            spot.start = length;
            length += printed.chars().count();
            spot.end = length;
            text.push_str(printed);
        }
        text.extend(letters.get(at..).unwrap_or_default());
        paragraph.text = text;
    }
}

#[derive(Default)]
struct Made {
    replacements: Vec<Replacement>,
    changed: Vec<Change>,
    left: Vec<Left>,
    /// Paragraphs as they will read.
    texts: Vec<String>,
    /// Paragraph, a character in it, why.
    to_look_at: Vec<(usize, usize, String)>,
    judging: Vec<String>,
}

impl Made {
    fn leave(&mut self, figure: &FrozenFigure, why: String) {
        self.left.push(Left { id: figure.id.clone(), metric: figure.name.clone(), why });
    }

    fn change(&mut self, figure: &FrozenFigure, place: &Place, text: &str, words: &Words) {
        if self.judging.is_empty() {
            self.judging.clone_from(&words.look.words);
        }
        for paragraph in place.start.paragraph..=place.end.paragraph {
            let is_first = paragraph == place.start.paragraph;
            self.replacements.push(Replacement {
                paragraph,
                from: if is_first { place.start.character } else { 0 },
                to: if paragraph == place.end.paragraph { place.end.character } else { usize::MAX },
                with: if is_first { text.to_owned() } else { String::new() },
            });
        }
        let at = place.start.paragraph;
        if let Some(own) = self.texts.get_mut(at).filter(|_| at == place.end.paragraph) {
            let letters: Vec<char> = own.chars().collect();
            let (from, to) = (place.start.character.min(letters.len()), place.end.character.min(letters.len()));
            *own = letters[..from].iter().chain(text.chars().collect::<Vec<_>>().iter()).chain(&letters[to..]).collect();
        }
        if figure.part.is_word() {
            let args = [("was", place.text.as_str()), ("now", text)];
            self.to_look_at.push((at, place.start.character, say("word_turned", &args)));
        } else {
            self.to_look_at.push((at, place.start.character, String::new()));
        }
        self.changed.push(Change {
            id: figure.id.clone(),
            metric: figure.name.clone(),
            label: figure.label.clone(),
            period: figure.period.clone(),
            place: say("place", &[("n", &(at + 1).to_string())]),
            was: place.text.clone(),
            now: text.to_owned(),
            by_hand: !same(&place.text, &figure.printed),
        });
    }

    /// Sentences whose word turned, and those with a changed figure and a word that judges (突破, 近, 超额 …).
    fn looks(&self) -> Vec<Look> {
        let mut looks: Vec<Look> = Vec::new();
        for (paragraph, character, why) in self.to_look_at.iter().rev() {
            let Some(text) = self.texts.get(*paragraph) else { continue };
            let sentence = sentence_at(text, *character);
            let why = if why.is_empty() {
                let Some(word) = self.judging.iter().find(|w| sentence.contains(w.as_str())) else { continue };
                say("word_judges", &[("word", word)])
            } else {
                why.clone()
            };
            let place = say("place", &[("n", &(paragraph + 1).to_string())]);
            if !looks.iter().any(|l| l.place == place && l.sentence == sentence && l.why == why) {
                looks.push(Look { place, sentence, why });
            }
        }
        looks
    }
}

/// The sentence of a text that holds this character.
fn sentence_at(text: &str, character: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_end = |c: &char| matches!(c, '。' | '；' | '\n' | '！' | '？');
    let at = character.min(letters.len());
    let from = letters[..at].iter().rposition(is_end).map_or(0, |i| i + 1);
    let to = letters[at..].iter().position(is_end).map_or(letters.len(), |i| at + i + 1);
    letters[from..to].iter().collect::<String>().trim().to_owned()
}

/// One run of characters of a paragraph and what takes its place.
struct Replacement {
    paragraph: usize,
    from: usize,
    to: usize,
    with: String,
}

/// Replaces runs of characters in the pieces of the part that hold them; the first piece of a run takes the new text.
fn edits(document: &ReadDocument, mut replacements: Vec<Replacement>) -> Edits {
    let mut edits = Edits::new();
    replacements.sort_by_key(|r| (r.paragraph, r.from));
    for group in replacements.chunk_by(|a, b| a.paragraph == b.paragraph) {
        let Some(read) = group.first().and_then(|r| document.paragraphs.get(r.paragraph)) else { continue };
        for piece in read.pieces.iter().filter(|p| !p.span.is_empty()) {
            let end = piece.start + piece.length;
            let here: Vec<&Replacement> = group.iter().filter(|r| r.from < end && r.to > piece.start).collect();
            if here.is_empty() {
                continue;
            }
            let letters = letters_of(&document.xml, piece);
            let (mut text, mut at) = (String::new(), piece.start);
            for replacement in here {
                let keep = at..replacement.from.max(at);
                text.extend(letters.get(keep.start - piece.start..keep.end - piece.start).unwrap_or_default());
                if replacement.from >= piece.start {
                    text.push_str(&replacement.with);
                }
                at = replacement.to.min(end);
            }
            text.extend(letters.get(at - piece.start..).unwrap_or_default());
            edits.replace(piece.span.clone(), escape(&text).into_owned());
        }
    }
    edits
}

fn letters_of(xml: &str, piece: &Piece) -> Vec<char> {
    let raw = xml.get(piece.span.clone()).unwrap_or_default();
    let text = ooxml::xml::tokens(raw).flatten().map(|t| t.text().into_owned()).collect::<String>();
    text.chars().collect()
}
