//! Rule books 规则书: titles, policies, assessments, as data; four verdicts, every gap in numbers.
//!
//! Reading order: [`book`] (what a book holds), [`read()`] (from TOML),
//! [`facts`] (what is known of subjects), [`case`] (one subject seen by one
//! book), [`judge`] (verdicts, gaps, amounts), [`score`], [`overlap`]
//! (从高不重复), [`next()`](next::next) (the cheapest way up), [`population`] (who
//! flips, what it costs), [`check`]. How a book is written: `docs/rules.md`.
//!
//! Pure: no clock, files, randomness. Conditions are written in `expr`.

mod amount;
mod arith;
pub mod book;
pub mod case;
pub mod cases;
mod change;
pub mod check;
mod condition;
pub mod facts;
mod judge;
pub mod next;
pub mod outcome;
pub mod overlap;
pub mod population;
mod read;
mod say;
mod score;

pub use book::{Book, Occasion};
pub use case::{Case, When};
pub use check::versions;
pub use facts::{Facts, Subject};
pub use judge::judge;
pub use next::next;
pub use outcome::{Money, Outcome, Verdict};
pub use read::read;
pub use score::{Peers, score};
