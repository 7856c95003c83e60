//! A small seeded generator (SplitMix64), so that the sample zone is the same everywhere.

/// The generator's state.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Seeded.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }
    /// Next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    /// A whole number in `low..=high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low).unwrap_or(0) + 1;
        low + i64::try_from(self.bits() % span).unwrap_or(0)
    }
    /// A share in per mille around `middle`, within ± `spread`.
    pub fn around(&mut self, middle: i64, spread: i64) -> i64 {
        // Two draws make the middle likelier than the ends.
        (self.between(middle - spread, middle + spread) + self.between(middle - spread, middle + spread)) / 2
    }
}
