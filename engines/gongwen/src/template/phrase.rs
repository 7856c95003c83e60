//! A figure with the words around it: 增长5.8%, 完成全年目标任务的98.2%, 超过3000万美元.

use super::reference::{Reference, Show};
use crate::mark::{Ask, Ids, Mark, Part, growth, in_points, pace, print, surplus};
use crate::tree::{Inline, Text};
use crate::words::{Turn, Words};
use std::sync::Arc;
use values::{Figure, Reason};

/// Builds the phrase of one reference.
pub(super) struct Phrase<'a> {
    pub reference: &'a Reference,
    pub ask: &'a Ask,
    pub figure: &'a Arc<Figure>,
    pub words: &'a Words,
    /// The share as settled together with the others of its loop.
    pub share: Option<&'a String>,
    pub ids: &'a mut Ids,
    pub out: Text,
}

impl Phrase<'_> {
    /// The phrase.
    ///
    /// # Errors
    /// Why there is nothing to print.
    pub(super) fn build(mut self) -> Result<Text, Reason> {
        let style = &self.reference.style;
        let words = self.words;
        match self.reference.show {
            Show::Growth => {
                let value = growth(self.figure, style)?;
                let turn = if in_points(self.figure) { &words.growth_points } else { &words.growth };
                if self.reference.bare {
                    self.mark(Part::GrowthSigned)?;
                } else {
                    self.turn(value.is_zero(), turn, Part::GrowthWord, Part::Growth)?;
                }
            }
            Show::Surplus => {
                let value = surplus(self.figure, style)?;
                self.turn(value.is_zero(), &words.surplus, Part::SurplusWord, Part::Surplus)?;
            }
            Show::Pace => {
                let value = pace(self.figure, style)?;
                self.turn(value.is_zero(), &words.pace, Part::PaceWord, Part::Pace)?;
            }
            Show::Completion => self.around(&words.completion.before, Part::Completion, &words.completion.after)?,
            Show::Multiple => self.around(&words.multiple.before, Part::Value, &words.multiple.after)?,
            Show::Estimate => self.mark(Part::StatusWord)?,
            Show::Label => self.say(&self.figure.label.clone()),
            Show::Period => self.say(&self.figure.period.chinese()),
            Show::Unit => self.say(&self.figure.display_unit.clone()),
            Show::Value => self.value()?,
        }
        Ok(self.out)
    }

    /// Number and unit, with the words of a bound around them.
    fn value(&mut self) -> Result<(), Reason> {
        let (before, after) = self.words.bound.of(&self.figure.bound);
        self.say(before);
        self.mark(Part::Value)?;
        if !self.reference.bare {
            let wanted = &self.reference.style.unit;
            let unit = if wanted.is_empty() { self.figure.display_unit.clone() } else { wanted.clone() };
            self.say(&unit);
        }
        self.say(after);
        Ok(())
    }

    /// The word that the sign chooses, then the number; unchanged prints the word alone.
    fn turn(&mut self, is_flat: bool, turn: &Turn, word: Part, number: Part) -> Result<(), Reason> {
        if self.reference.bare {
            return self.mark(number);
        }
        self.mark(word)?;
        if is_flat {
            return Ok(());
        }
        // The bound of a target that is a rate (增长6%以上) belongs to the rate.
        let is_rate = self.figure.value.is_none();
        let (before, after) = if is_rate { self.words.bound.of(&self.figure.bound) } else { ("", "") };
        self.say(before);
        self.mark(number)?;
        self.say(&turn.after);
        self.say(after);
        Ok(())
    }

    fn around(&mut self, before: &str, part: Part, after: &str) -> Result<(), Reason> {
        if self.reference.bare {
            return self.mark(part);
        }
        self.say(before);
        self.mark(part)?;
        self.say(after);
        Ok(())
    }

    fn say(&mut self, text: &str) {
        if !text.is_empty() {
            self.out.push(Inline::Words(text.to_owned()));
        }
    }

    fn mark(&mut self, part: Part) -> Result<(), Reason> {
        let style = &self.reference.style;
        let mut printed = print(self.figure, part, style, self.words)?;
        if let (Some(share), Part::Value) = (self.share, part) {
            printed.clone_from(share);
        }
        if !printed.is_empty() {
            let id = self.ids.next(self.ask, part, style);
            let (ask, figure) = (self.ask.clone(), Arc::clone(self.figure));
            self.out.push(Inline::Mark(Box::new(Mark { id, part, style: style.clone(), printed, ask, figure })));
        }
        Ok(())
    }
}
