//! Fixed-point values 定点数: whole numbers at a declared number of digits.
//!
//! Money is kept in 分 (0.01 yuan), USD in cents, other quantities at the
//! digits their field or metric declares. Overflow is an error, never a wrap.

use rust_decimal::Decimal;

/// A number as stored: `raw` × 10^-`scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fixed {
    /// The whole number in the database.
    pub raw: i64,
    /// Digits after the point.
    pub scale: u8,
}

/// Why a number does not fit its scale.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FixedError {
    /// More digits after the point than the field keeps.
    #[error("{value} 的小数位多于 {scale} 位")]
    TooFine {
        /// The number as read.
        value: Decimal,
        /// Digits that the field keeps.
        scale: u8,
    },
    /// Too large for 64 bits at this scale.
    #[error("{value} 太大，存不下")]
    Overflow {
        /// The number as read.
        value: Decimal,
    },
}

impl Fixed {
    /// Takes a decimal over without rounding.
    ///
    /// # Errors
    /// [`FixedError::TooFine`] if digits would be lost, [`FixedError::Overflow`] beyond 64 bits.
    pub fn exact(value: Decimal, scale: u8) -> Result<Self, FixedError> {
        let value = value.normalize();
        if value.scale() > u32::from(scale) {
            return Err(FixedError::TooFine { value, scale });
        }
        Self::rounded(value, scale)
    }

    /// Takes a decimal over, rounding half away from zero (四舍五入) at `scale`.
    ///
    /// # Errors
    /// [`FixedError::Overflow`] beyond 64 bits.
    pub fn rounded(value: Decimal, scale: u8) -> Result<Self, FixedError> {
        let mut at = round(value, u32::from(scale));
        at.rescale(u32::from(scale));
        if at.scale() != u32::from(scale) {
            return Err(FixedError::Overflow { value });
        }
        let raw = i64::try_from(at.mantissa()).map_err(|_| FixedError::Overflow { value })?;
        Ok(Self { raw, scale })
    }

    /// The number as a decimal with exactly `scale` digits.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.raw, u32::from(self.scale))
    }
}

/// Rounds half away from zero (四舍五入, GB/T 8170 with the everyday tie rule).
#[must_use]
pub fn round(value: Decimal, digits: u32) -> Decimal {
    value.round_dp_with_strategy(digits, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    fn d(s: &str) -> Decimal {
        Decimal::from_str(s).unwrap()
    }

    #[test]
    fn keeps_all_digits_or_says_so() {
        assert_eq!(Fixed::exact(d("12.30"), 2), Ok(Fixed { raw: 1230, scale: 2 }));
        assert!(matches!(Fixed::exact(d("12.345"), 2), Err(FixedError::TooFine { .. })));
        assert_eq!(Fixed::rounded(d("-12.345"), 2), Ok(Fixed { raw: -1235, scale: 2 }));
    }

    #[test]
    fn overflow_is_an_error() {
        assert!(matches!(Fixed::exact(d("92233720368547758.08"), 2), Err(FixedError::Overflow { .. })));
        assert!(matches!(Fixed::rounded(Decimal::MAX, 6), Err(FixedError::Overflow { .. })));
    }
}
