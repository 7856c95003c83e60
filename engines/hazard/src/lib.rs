//! Hazards of a park: major hazards graded, releases, dispersion, fire and blast.
//!
//! Reading order: [`grade`] (GB 18218-2018), [`facts`] (coefficients and marks
//! from `definitions/hazard/`), [`physics`], [`source`] (what comes out),
//! [`air`] (where it goes), [`field`] (grids and contours), [`fire`], [`geo`]
//! (on the map); then how a question is read and answered: [`located`] (JSON
//! with its lines), [`units`], [`input`], [`run`], [`answer`], [`svg`], [`words`].
//!
//! Not here: the emergency subject, its map and its plans. Everything but the
//! grading is for screening: planning and the first minutes, never a safety case.

pub mod air;
pub mod answer;
pub mod facts;
pub mod field;
pub mod fire;
pub mod geo;
pub mod grade;
pub mod input;
pub mod located;
pub mod physics;
pub mod run;
pub mod source;
pub mod svg;
pub mod units;
pub mod words;
