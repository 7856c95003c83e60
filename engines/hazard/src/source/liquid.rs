//! Liquid through a hole, and a tank whose level falls.

use super::Shape;
use crate::facts::releases;
use crate::physics::GRAVITY;

/// Q = Cd A ρ √(2 Δp/ρ + 2 g h), kg/s (HJ 169-2018 F.1).
///
/// `area` m², `density` kg/m³, `over` Pa above ambient (may be below zero: then
/// the head must outweigh it, else nothing flows), `head` m of liquid above the hole.
#[must_use]
pub fn flow(discharge: f64, area: f64, density: f64, over: f64, head: f64) -> f64 {
    discharge * area * density * speed(density, over, head)
}

/// √(2 Δp/ρ + 2 g h), m/s; zero where nothing drives it.
#[must_use]
pub fn speed(density: f64, over: f64, head: f64) -> f64 {
    (2.0 * over / density + 2.0 * GRAVITY * head).max(0.0).sqrt()
}

/// Cd by shape and Reynolds number; without a viscosity Re is taken above 100.
#[must_use]
pub fn discharge(shape: Shape, reynolds: Option<f64>) -> f64 {
    let facts = &releases().liquid;
    let pair = match shape {
        Shape::Round => facts.round,
        Shape::Triangle => facts.triangle,
        Shape::Rectangle => facts.rectangle,
    };
    pair[usize::from(reynolds.is_some_and(|re| re <= facts.reynolds))]
}

/// An upright tank that empties through a hole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tank {
    /// Cd, without dimension.
    pub discharge: f64,
    /// Hole, m².
    pub hole: f64,
    /// Cross-section of the tank, m².
    pub section: f64,
    /// kg/m³
    pub density: f64,
    /// Pa above ambient, held constant.
    pub over: f64,
    /// Liquid above the hole at the start, m.
    pub head: f64,
}

impl Tank {
    /// Seconds until the level reaches the hole (or the outflow stops).
    ///
    /// A dh/dt = −Cd a √(2 Δp/ρ + 2 g h) has √ falling linearly in time.
    #[must_use]
    pub fn empties_after(&self) -> f64 {
        let (start, end) = (speed(self.density, self.over, self.head), speed(self.density, self.over, 0.0));
        (start - end) / self.slope()
    }

    /// Level above the hole, m, after `t` s.
    #[must_use]
    pub fn level(&self, t: f64) -> f64 {
        let v = speed(self.density, self.over, self.head) - self.slope() * t.min(self.empties_after());
        ((v * v / 2.0 - self.over / self.density) / GRAVITY).clamp(0.0, self.head)
    }

    /// Outflow, kg/s, after `t` s; zero once the level has reached the hole.
    #[must_use]
    pub fn flow(&self, t: f64) -> f64 {
        if t >= self.empties_after() { 0.0 } else { flow(self.discharge, self.hole, self.density, self.over, self.level(t)) }
    }

    /// Mass that has left after `t` s, kg.
    #[must_use]
    pub fn left_out(&self, t: f64) -> f64 {
        self.section * self.density * (self.head - self.level(t))
    }

    fn slope(&self) -> f64 {
        GRAVITY * self.discharge * self.hole / self.section
    }
}
