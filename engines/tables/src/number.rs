//! Numbers as files hold them, straight to whole number and digits after the point.

/// Reads a number as XML writes it: `-12.5`, `1E-3`, `0.28999999999999998`.
///
/// Up to fifteen significant digits are taken over as they stand, without a
/// double in between. More digits are the tail of a binary double (Excel
/// writes 0.29 as 0.28999999999999998), so they go through the double to the
/// shortest decimal that reads back as the same double. `None` if it is no
/// number, or needs more than 64 bits.
pub(crate) fn from_bytes(text: &[u8]) -> Parsed {
    let (negative, digits) = match text.first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (mut mantissa, mut scale, mut significant, mut point, mut any) = (0i64, 0u8, 0u8, false, false);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                any = true;
                if significant > 0 || byte != b'0' {
                    significant += 1;
                }
                if significant > 15 || scale > 20 {
                    return slow(text);
                }
                mantissa = mantissa * 10 + i64::from(byte - b'0');
                scale += u8::from(point);
            }
            b'.' if !point => point = true,
            _ => return slow(text),
        }
    }
    if !any {
        return Parsed::No;
    }
    Parsed::Exact(if negative { -mantissa } else { mantissa }, scale)
}

/// What [`from_bytes`] made of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Parsed {
    /// Whole number × 10^-digits.
    Exact(i64, u8),
    /// A number that 64 bits do not hold.
    Double(f64),
    /// No number.
    No,
}

#[cold]
fn slow(text: &[u8]) -> Parsed {
    let Ok(text) = std::str::from_utf8(text) else { return Parsed::No };
    // `inf` and `nan` parse as doubles; in a file they are text.
    if text.bytes().any(|b| !(b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'))) {
        return Parsed::No;
    }
    match text.parse::<f64>() {
        Ok(double) if double.is_finite() => match from_double(double) {
            Some((mantissa, scale)) => Parsed::Exact(mantissa, scale),
            None => Parsed::Double(double),
        },
        _ => Parsed::No,
    }
}

/// The shortest decimal that reads back as this double, as whole number and digits after the point.
pub(crate) fn from_double(value: f64) -> Option<(i64, u8)> {
    if value == 0.0 {
        return Some((0, 0));
    }
    // `{:e}` prints the shortest digits: `-1.2345e-3`.
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mantissa: i64 = format!("{whole}{fraction}").parse().ok()?;
    let scale = i32::try_from(fraction.len()).ok()? - exponent;
    if scale < 0 {
        let zeros = 10i64.checked_pow(u32::try_from(-scale).ok()?)?;
        return Some((mantissa.checked_mul(zeros)?, 0));
    }
    u8::try_from(scale).ok().filter(|s| *s <= 28).map(|scale| (mantissa, scale))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keeps_digits_as_they_stand() {
        for (text, mantissa, scale) in [
            ("0", 0, 0),
            ("-12.50", -1250, 2),
            ("100000000", 100_000_000, 0),
            ("0.28999999999999998", 29, 2),
            ("1E-3", 1, 3),
            ("1.2E+7", 12_000_000, 0),
            ("488929999.90642124", 48_892_999_990_642_124, 8),
            ("00012", 12, 0),
        ] {
            assert_eq!(from_bytes(text.as_bytes()), Parsed::Exact(mantissa, scale), "{text}");
        }
        assert_eq!(from_bytes(b"1E+300"), Parsed::Double(1E300));
        for text in ["", "-", ".", "inf", "NaN", "1-2", "1.2.3", "0x10", "１"] {
            assert_eq!(from_bytes(text.as_bytes()), Parsed::No, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_double_comes_back(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            if let Some((mantissa, scale)) = Some(value).filter(|v| v.is_finite()).and_then(from_double) {
                let back: f64 = format!("{mantissa}e-{scale}").parse().expect("digits");
                prop_assert_eq!(back, value);
            }
        }
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..30)) { let _ = from_bytes(&bytes); }
    }
}
