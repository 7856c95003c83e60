//! Chain 产业链: a product graph with recipes, and what follows from it for one zone.
//!
//! Reading order: [`table`], [`workbook`] and [`mod@read`] (tables → [`model::Chain`]),
//! [`routes`] (which recipe), [`need`] (demands → need of every product),
//! [`supply`] (local supply rates, three definitions) with [`sensitivity`],
//! [`gaps`] (短链, 断链, weak links, dependence), [`flow`] and [`whatif`]
//! (months, loss downstream, surplus upstream), [`matches`],
//! [`check`] (balances, ranges, cycles), [`portfolio`] (projects under caps), [`draw`] (SVG),
//! [`definitions`] (what the field gives).
//!
//! Pure: no clock, no files, no randomness. Everything is computed in base
//! units (t, kWh, m², 个) in binary floating point; results are printed with
//! twelve significant digits.

pub mod amount;
pub mod answer;
pub mod check;
pub mod definitions;
pub mod draw;
pub mod flow;
pub mod formula;
pub mod gaps;
pub mod matches;
pub mod model;
mod names;
pub mod need;
pub mod notes;
pub mod portfolio;
pub mod read;
pub mod routes;
pub mod sensitivity;
pub mod sparse;
pub mod supply;
pub mod table;
pub mod whatif;
pub mod workbook;

pub use model::Chain;
pub use need::Graph;
pub use notes::Notes;
