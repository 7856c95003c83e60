//! Hazards of a park: major hazards graded, releases, dispersion, fire and blast.
//!
//! Reading order: [`grade`] (GB 18218-2018), [`located`] (JSON with its lines),
//! [`words`] (texts). Facts of the field stand in `definitions/hazard/` with
//! their source and confidence.
//!
//! Not here: the emergency subject, its map and its plans. Everything but the
//! grading is for screening: planning and the first minutes, never a safety case.

pub mod grade;
pub mod located;
pub mod words;
