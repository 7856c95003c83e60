//! Fire and blast: TNT equivalence, fireball, pool fire, and how far each mark
//! of heat and overpressure reaches. Screening only; most numbers are 待核实.

pub mod blast;
pub mod fireball;
pub mod heat;
pub mod pool_fire;

#[cfg(test)]
mod tests;
