//! Official documents 公文 and reports whose figures stay true.
//!
//! One document tree ([`tree`]) becomes a Word file by GB/T 9704 ([`docx`],
//! measures in [`layout`]) and a page ([`html`]). Every computed number in it
//! is a [`mark`]; the words that follow a number are chosen in [`words`].
//!
//! Pure: figures come in through the trait [`Names`], nothing is fetched.

mod align;
pub mod docx;
pub mod frozen;
pub mod html;
pub mod layout;
pub mod mark;
pub mod read;
pub mod refresh;
pub mod shares;
pub mod template;
#[cfg(test)]
mod testing_figures;
pub mod tree;
pub mod verify;
pub mod words;

pub use frozen::{FrozenFigure, FrozenReport};
pub use mark::{Ask, Mark, Part, Style};
pub use template::{Context, Filled, LeftOut, Names, Template};
pub use tree::Document;
