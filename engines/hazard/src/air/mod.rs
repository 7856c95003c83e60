//! What the air does with a release: stability, σ, wind, plume, puff, rise,
//! heavy gas, exposure of people.
//!
//! Gaussian models for screening: about 100 m to 10 km, flat ground, a gas
//! about as heavy as air, wind of at least 0.5 m/s.

pub mod exposure;
pub mod heavy;
pub mod plume;
pub mod puff;
pub mod reach;
pub mod rise;
pub mod sigma;
pub mod stability;
pub mod wind;

#[cfg(test)]
mod tests;
