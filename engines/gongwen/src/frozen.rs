//! A frozen report 定稿: what a report printed on the day it was published, kept in the store.
//!
//! `verify` holds a returned document against it; without it only the figures
//! that still carry their tags could be judged.

use crate::mark::{Ask, Mark, Part, Style};
use crate::tree::{Block, Document, Heading, Inline, Text};
use serde::{Deserialize, Serialize};
use values::Period;

/// One printed figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenFigure {
    /// Id, as in the document's tag and bookmark.
    pub id: String,
    /// Name that was asked for.
    pub name: String,
    /// Label of the metric.
    pub label: String,
    /// Period, shortest form.
    pub period: String,
    /// actual · target · forecast.
    pub scenario: String,
    /// Slice, or none.
    pub slice: Option<String>,
    /// Subject, where it is not the report's own.
    pub subject: Option<String>,
    /// Source, where one was asked for.
    pub source: Option<String>,
    /// Which part of the figure.
    pub part: Part,
    /// How it was printed.
    pub style: Style,
    /// What was printed.
    pub printed: String,
    /// Unit of the number as printed beside it; empty for words and ratios without one.
    pub unit: String,
    /// The unit, if the text really has it directly behind the number.
    pub unit_printed: String,
    /// The number behind it, unrounded, as text; tells a restated figure from one that only rounds otherwise.
    pub value: String,
    /// Handle by which its lineage is found.
    pub handle: String,
}

impl FrozenFigure {
    /// Of one mark.
    #[must_use]
    pub fn of(mark: &Mark) -> Self {
        Self {
            id: mark.id.clone(),
            name: mark.ask.name.clone(),
            label: mark.figure.label.clone(),
            period: mark.ask.period.to_string(),
            scenario: mark.ask.scenario.clone(),
            slice: mark.ask.slice.clone(),
            subject: mark.ask.subject.clone(),
            source: mark.ask.source.clone(),
            part: mark.part,
            style: mark.style.clone(),
            printed: mark.printed.clone(),
            unit: unit_of(mark),
            unit_printed: String::new(),
            value: value_behind(&mark.figure, mark.part),
            handle: mark.figure.handle.clone(),
        }
    }

    /// What to ask for to get this figure as it is today. `None` if the period cannot be read.
    #[must_use]
    pub fn ask(&self) -> Option<Ask> {
        Some(Ask {
            name: self.name.clone(),
            period: Period::parse(&self.period).ok()?,
            scenario: self.scenario.clone(),
            slice: self.slice.clone(),
            subject: self.subject.clone(),
            source: self.source.clone(),
        })
    }
}

fn unit_of(mark: &Mark) -> String {
    match mark.part {
        Part::Value if mark.style.unit.is_empty() => mark.figure.display_unit.clone(),
        Part::Value | Part::Target => mark.style.unit.clone(),
        Part::Growth | Part::GrowthSigned => mark.figure.growth.as_ref().map_or("%", |g| g.unit).to_owned(),
        Part::Completion => "%".into(),
        Part::Surplus | Part::Pace => "百分点".into(),
        Part::GrowthWord | Part::SurplusWord | Part::PaceWord | Part::StatusWord => String::new(),
    }
}

/// The number that a part of a figure rests on, as text; the display for what has no single number.
pub(crate) fn value_behind(figure: &values::Figure, part: Part) -> String {
    let target = figure.target.as_ref();
    let number = match part {
        Part::Value => figure.value,
        Part::Growth | Part::GrowthSigned | Part::GrowthWord => figure.growth.as_ref().map(|g| g.value),
        Part::Completion | Part::Surplus | Part::SurplusWord => target.and_then(|t| t.completion),
        Part::Pace | Part::PaceWord => target.and_then(|t| t.pace),
        Part::Target => target.and_then(|t| t.value),
        Part::StatusWord => return figure.status.clone(),
    };
    number.map_or_else(|| figure.display.clone(), |n| n.normalize().to_string())
}

/// A figure's place in a paragraph: from and to, in characters, and its index in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// First character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Index into [`FrozenReport::figures`].
    pub figure: usize,
}

/// One paragraph, or one cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenParagraph {
    /// Its text.
    pub text: String,
    /// The figures in it.
    pub spots: Vec<Spot>,
}

/// All that a report printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct FrozenReport {
    /// Paragraphs and cells in reading order.
    pub paragraphs: Vec<FrozenParagraph>,
    /// Figures in reading order.
    pub figures: Vec<FrozenFigure>,
}

impl FrozenReport {
    /// Of a document that is about to be published.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let mut report = Self::default();
        for text in paragraphs(document) {
            let mut paragraph = FrozenParagraph { text: String::new(), spots: Vec::new() };
            let mut at = 0;
            for inline in &text {
                let length = inline.printed().chars().count();
                if let Inline::Mark(mark) = inline {
                    paragraph.spots.push(Spot { start: at, end: at + length, figure: report.figures.len() });
                    report.figures.push(FrozenFigure::of(mark));
                }
                at += length;
                paragraph.text.push_str(inline.printed());
            }
            if !paragraph.text.is_empty() {
                units_behind(&paragraph, &mut report.figures);
                report.paragraphs.push(paragraph);
            }
        }
        report
    }

    /// As JSON, for the store.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads [`FrozenReport::to_json`].
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The figure with this id.
    #[must_use]
    pub fn figure(&self, id: &str) -> Option<&FrozenFigure> {
        self.figures.iter().find(|f| f.id == id)
    }
}

/// Notes for each figure of a paragraph whether its unit stands behind it.
fn units_behind(paragraph: &FrozenParagraph, figures: &mut [FrozenFigure]) {
    for spot in &paragraph.spots {
        let rest: String = paragraph.text.chars().skip(spot.end).take(12).collect();
        if let Some(figure) = figures.get_mut(spot.figure) {
            let unit = [figure.unit.clone(), format!("个{}", figure.unit)]
                .into_iter()
                .find(|u| !figure.unit.is_empty() && rest.starts_with(u.as_str()));
            figure.unit_printed = unit.unwrap_or_default();
        }
    }
}

/// The paragraphs and cells of a document as they are written to a file, in order.
fn paragraphs(document: &Document) -> Vec<Text> {
    let mut out: Vec<Text> = document.title.clone();
    out.push(document.subtitle.clone());
    if !document.addressee.is_empty() {
        out.push(crate::tree::words(format!("{}：", document.addressee)));
    }
    blocks(&document.blocks, &mut out);
    for attachment in &document.attachments {
        out.push(attachment.title.clone());
        blocks(&attachment.blocks, &mut out);
    }
    out
}

fn blocks(list: &[Block], out: &mut Vec<Text>) {
    let heading = |h: &Heading| {
        let mut text = crate::tree::words(h.number.clone());
        text.extend(h.text.iter().cloned());
        text
    };
    for block in list {
        match block {
            Block::Heading(h) => out.push(heading(h)),
            Block::Paragraph(p) => {
                let mut text = p.lead.as_ref().map(heading).unwrap_or_default();
                text.extend(p.text.iter().cloned());
                out.push(text);
            }
            Block::Table(table) => {
                out.push(table.caption.clone());
                out.push(crate::tree::words(table.unit.clone()));
                out.extend(table.head.iter().cloned());
                out.extend(table.rows.iter().flatten().map(|cell| cell.text.clone()));
                out.push(table.note.clone());
            }
        }
    }
}
