//! Fields over a grid: plumes, sums of puffs, many winds; their contours.
//!
//! Fields are 32-bit: a screening model is not sure to seven digits, and the
//! picture follows a dragged wind only if it is drawn in a millisecond. Tests
//! hold contours within 0.5 % of plain 64-bit evaluation.

pub mod contour;
pub mod grid;
pub mod plume;
pub mod puffs;
pub mod trajectory;
pub mod winds;

#[cfg(test)]
mod tests;
