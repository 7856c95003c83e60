//! Validity of online monitoring data: from readings to verdicts.
//!
//! Reading order: [`settings`] (every number with source and confidence),
//! [`mark`] (device, enterprise, platform), [`rollup`] (10 minutes, hours),
//! [`valid`] (valid hours and days), [`limit`] (limits, comparing, verdicts),
//! [`fill`] (missing data), [`transmission`], [`check`] (what makes somebody
//! look), [`silence`], [`gas`] (conversions).
//!
//! Pure. Follows HJ 212-2017 annex D, HJ 75-2017, HJ 355/356-2019 as far as
//! they were seen; confidence says how far that is.

pub mod check;
pub mod fill;
pub mod gas;
pub mod limit;
pub mod mark;
pub mod rollup;
pub mod settings;
pub mod silence;
pub mod transmission;
pub mod valid;

pub use settings::Settings;
