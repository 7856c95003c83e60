//! HJ 212: the wire protocol between monitoring stations 现场机 and the platform 上位机.
//!
//! Reading order: [`frame`] (bytes → frames), [`crc`], [`message`] (fields and
//! items, borrowed), [`verdict`] and [`check`] (judging, apart from parsing),
//! [`codes`], [`command`], [`dialect`] (the standard as data), [`value`]
//! (numbers and times), [`body`] and [`encode`] (typed bodies, writing),
//! [`session`] (both ends of a link), [`line`] (what people read).
//!
//! Pure: no I/O, no clock, no allocation between bytes and verdicts. Follows
//! HJ 212-2017; 2005, 2025 and the surface-water dialect are data beside it.
//!
//! ```
//! use hj212::{check::Book, frame::{self, Step}, message};
//! let bytes = b"##0077QN=20210409114824946;ST=21;CN=9014;PW=123456;MN=DXCBZ000000005;Flag=5;CP=&&&&21C0\r\n";
//! let Step::Frame(frame) = frame::next(bytes, false) else { panic!() };
//! let message = message::parse(frame.segment);
//! assert_eq!(message.header.command(), Some(9014));
//! assert!(frame.verdicts.is_empty());
//! let book = Book::embedded();
//! let verdicts = book.check(&message, book.dialects.get("2017").unwrap());
//! assert_eq!(verdicts.iter().map(|v| v.id()).collect::<Vec<_>>(), ["mn_length", "mn_characters"]);
//! ```

pub mod body;
pub mod check;
pub mod codes;
pub mod command;
pub mod crc;
pub mod dialect;
pub mod encode;
pub mod frame;
pub mod line;
pub mod message;
pub mod session;
pub mod value;
pub mod verdict;

pub use check::Book;
pub use frame::{Frame, Step, Tolerance};
pub use message::Message;
pub use value::{Moment, Num};
pub use verdict::{Group, Verdict, Verdicts};

/// Texts of the crate by key, Chinese and English.
///
/// # Panics
/// Never: a test reads them.
#[must_use]
pub fn texts() -> values::Texts {
    values::Texts::parse(include_str!("../texts.toml")).expect("the embedded texts are read by a test")
}
