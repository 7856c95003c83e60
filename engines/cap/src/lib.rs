//! Common Alerting Protocol 公共预警协议, version 1.2 (OASIS Standard, 1 July 2010).
//!
//! Reading order: [`alert`] (what an alert holds), [`tree`] (XML with its
//! lines), [`schema`] (the structure that the OASIS schema asks for),
//! [`read`], [`rules`] (what the standard says beyond the schema), [`chain`]
//! (updates and cancellations), [`write`], [`compose`] (an alert from a short
//! JSON draft, Chinese colour levels mapped), [`polygon`], [`words`].
//!
//! Pure: the time of sending and the identifier come in as arguments or from
//! the draft. Signatures are kept apart and not verified.

pub mod alert;
pub mod chain;
pub mod compose;
pub mod polygon;
pub mod read;
pub mod rules;
pub mod schema;
pub mod time;
pub mod tree;
pub mod words;
pub mod write;

#[cfg(test)]
mod tests;
