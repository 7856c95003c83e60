//! Values on the wire: numbers without loss, times to the second, names in two parts.

use rust_decimal::Decimal;
use std::fmt;

/// One number as it was written: `mantissa` × 10^−`scale`.
///
/// Up to 18 digits are kept; further decimals are cut (the frame itself is
/// kept whole elsewhere). Trailing zeros stay: `7.10` is not `7.1` when a
/// frozen instrument is looked for "to all decimals".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Num {
    /// All digits as one signed whole number.
    pub mantissa: i64,
    /// Digits after the point.
    pub scale: u8,
}

/// A number with how many digits stood before and after the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The number.
    pub num: Num,
    /// Digits before the point, leading zeros not counted.
    pub whole: u8,
    /// Digits after the point.
    pub decimals: u8,
}

impl Num {
    /// Reads `-12.340`, blanks around it ignored; None for anything else (`NaN`, `1e5`, empty).
    #[must_use]
    pub fn read(text: &[u8]) -> Option<Self> {
        Self::read_written(text).map(|w| w.num)
    }

    /// The same, with the digits counted.
    // Inlined: handing the result over in memory costs more than the loop.
    #[inline(always)]
    #[must_use]
    pub fn read_written(text: &[u8]) -> Option<Written> {
        let text = text.trim_ascii();
        let (negative, digits) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        let mut mantissa: i64 = 0;
        let (mut whole, mut decimals, mut kept) = (0usize, 0usize, 0u8);
        let (mut point, mut seen) = (false, false);
        for byte in digits {
            match byte {
                b'0'..=b'9' => {
                    seen = true;
                    if point {
                        decimals += 1;
                    } else if mantissa != 0 || *byte != b'0' {
                        whole += 1;
                    }
                    if mantissa < 100_000_000_000_000_000 {
                        mantissa = mantissa * 10 + i64::from(byte - b'0');
                        kept += u8::from(point);
                    } else if !point {
                        return None;
                    }
                }
                b'.' if !point => point = true,
                _ => return None,
            }
        }
        let num = Self { mantissa: if negative { -mantissa } else { mantissa }, scale: kept };
        let cap = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
        seen.then_some(Written { num, whole: cap(whole), decimals: cap(decimals) })
    }

    /// A whole number.
    #[must_use]
    pub fn whole(n: i64) -> Self {
        Self { mantissa: n, scale: 0 }
    }

    /// The same number as a decimal.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        Decimal::from_i128_with_scale(i128::from(self.mantissa), u32::from(self.scale.min(28)))
    }

    /// The number of a decimal; None if it has more than 18 digits even after its trailing zeros are dropped.
    #[must_use]
    pub fn of(decimal: Decimal) -> Option<Self> {
        let fits = |d: Decimal| {
            let mantissa = i64::try_from(d.mantissa()).ok()?;
            Some(Self { mantissa, scale: u8::try_from(d.scale()).ok()? })
        };
        fits(decimal).or_else(|| fits(decimal.normalize())).or_else(|| fits(decimal.round_sf(17)?))
    }

    /// Nearest binary number; for charts and rough checks, never for a verdict.
    #[must_use]
    pub fn approximately(self) -> f64 {
        self.mantissa as f64 / 10f64.powi(i32::from(self.scale))
    }

    /// -1, 0 or 1.
    #[must_use]
    pub fn signum(self) -> i64 {
        self.mantissa.signum()
    }
}

impl PartialOrd for Num {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        let power = |n: u8| 10i128.pow(u32::from(n.min(18)));
        let left = i128::from(self.mantissa) * power(other.scale);
        let right = i128::from(other.mantissa) * power(self.scale);
        Some(left.cmp(&right))
    }
}

impl fmt::Display for Num {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scale, size) = (usize::from(self.scale), self.mantissa.unsigned_abs());
        let sign = if self.mantissa < 0 { "-" } else { "" };
        if scale == 0 {
            return write!(f, "{sign}{size}");
        }
        let digits = format!("{size:0>width$}", width = scale + 1);
        let (whole, rest) = digits.split_at(digits.len() - scale);
        write!(f, "{sign}{whole}.{rest}")
    }
}

/// A moment by the station's clock: seconds since 1970-01-01T00:00:00 of the **civil** time that it shows.
///
/// Stations show Beijing time 北京时间; [`Self::utc_seconds`] converts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment(pub i64);

const BEIJING: i64 = 8 * 3600;

impl Moment {
    /// Reads `YYYYMMDDhhmmss`; digits behind the fourteenth are ignored. None if it is no time that exists.
    #[must_use]
    pub fn read(text: &[u8]) -> Option<Self> {
        let text = text.get(..14)?;
        if !text.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let two = |at: usize| i64::from(text[at] - b'0') * 10 + i64::from(text[at + 1] - b'0');
        let year = two(0) * 100 + two(2);
        Self::of(year, two(4), two(6), two(8), two(10), two(12))
    }

    /// The moment of these civil parts; None if there is none.
    #[must_use]
    pub fn of(year: i64, month: i64, day: i64, hour: i64, minute: i64, second: i64) -> Option<Self> {
        let known = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && day >= 1
            && day <= month_days(year, month)
            && (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second);
        known.then(|| Self(days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second))
    }

    /// The moment that is `utc` seconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn from_utc_seconds(utc: i64) -> Self {
        Self(utc + BEIJING)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn utc_seconds(self) -> i64 {
        self.0 - BEIJING
    }

    /// Year, month, day, hour, minute, second of the civil time.
    #[must_use]
    pub fn parts(self) -> [i64; 6] {
        let (days, rest) = (self.0.div_euclid(86_400), self.0.rem_euclid(86_400));
        let (year, month, day) = civil_from_days(days);
        [year, month, day, rest / 3600, rest / 60 % 60, rest % 60]
    }

    /// The start of the span of `seconds` that the moment stands in, counted from midnight.
    #[must_use]
    pub fn floor(self, seconds: i64) -> Self {
        Self(self.0 - self.0.rem_euclid(seconds.max(1)))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [y, mo, d, h, mi, s] = self.parts();
        write!(f, "{y:04}{mo:02}{d:02}{h:02}{mi:02}{s:02}")
    }
}

fn month_days(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a date of the Gregorian calendar (era arithmetic, years from March).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = year - i64::from(month <= 2);
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let (era, of_era) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = (shifted + 2) % 12 + 1;
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// A request number QN as a number: 17 digits of time, or whatever digits stand there (at most 18).
#[must_use]
pub fn digits(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    text.iter().try_fold(0u64, |n, b| b.is_ascii_digit().then(|| n * 10 + u64::from(b - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_as_written() {
        for (text, printed) in
            [("7.10", "7.10"), ("-0.05", "-0.05"), (" 40 ", "40"), (".5", "0.5"), ("5.", "5"), ("235.194114120907", "235.194114120907")]
        {
            assert_eq!(Num::read(text.as_bytes()).unwrap().to_string(), printed);
        }
        for text in ["", " ", "NaN", "1e5", "1.2.3", "-", ".", "--1", "９", "99999999999999999999"] {
            assert_eq!(Num::read(text.as_bytes()), None, "{text}");
        }
        let long = Num::read_written(b"0.12345678901234567890").unwrap();
        assert_eq!((long.whole, long.decimals, long.num.scale), (0, 20, 18));
        assert!(
            Num::read(b"7.10") != Num::read(b"7.1")
                && Num::read(b"7.10").partial_cmp(&Num::read(b"7.1")) == Some(std::cmp::Ordering::Equal)
        );
    }

    #[test]
    fn moments() {
        assert_eq!(Moment::read(b"19700101000000"), Some(Moment(0)));
        assert_eq!(Moment::read(b"20240601085857223").unwrap().to_string(), "20240601085857");
        assert_eq!(Moment::read(b"20240601085857").unwrap().utc_seconds(), 1_717_203_537);
        for wrong in ["20230229000000", "20240101240000", "20241301000000", "2024060108585", "2024060108585x", "00000101000000"] {
            assert_eq!(Moment::read(wrong.as_bytes()), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn moments_come_back(seconds in -62_135_596_800i64..253_402_300_800) {
            let text = Moment(seconds).to_string();
            prop_assert_eq!(Moment::read(text.as_bytes()), Some(Moment(seconds)));
        }
        #[test]
        fn numbers_come_back(mantissa in -99_999_999_999_999_999i64..=99_999_999_999_999_999, scale in 0u8..15) {
            let num = Num { mantissa, scale };
            prop_assert_eq!(Num::read(num.to_string().as_bytes()), Some(num));
            prop_assert_eq!(Num::of(num.decimal()), Some(num));
        }
    }
}
