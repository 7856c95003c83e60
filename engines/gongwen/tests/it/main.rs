//! Tests of the engine from outside: the annual report, and what becomes of it in other people's hands.

mod annual;
mod edits;
mod office;
mod refresh;
mod zone;
