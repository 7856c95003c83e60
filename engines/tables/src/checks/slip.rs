//! Slips of units 单位写错: a value that is off by 10³ or 10⁴ from what the same field held before.
//!
//! 万元 taken for 元 is 10⁴, 亿元 for 万元 is 10⁴, 千元 for 元 is 10³. The
//! value's size is held against the middle of its own history on a logarithmic
//! scale; a slip stands three or four powers away, which no month of an
//! ordinary plant does. Measured on 2,000 seeded series in the tests: caught
//! and false in `docs/benchmarks.md`.

use crate::field::FieldSpec;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use values::Finding;
use values::unit::{UNITS, Unit};

/// A probable slip.
#[derive(Debug, Clone, PartialEq)]
pub struct Slip {
    /// By which power of ten the value is too large (negative: too small).
    pub power: i32,
    /// The value that was probably meant, in the field's unit.
    pub meant: Decimal,
    /// The unit that the value was probably typed in.
    pub unit: Option<&'static Unit>,
}

/// Powers of ten that lie between units in use: 千元–元 and 万元–元, 亿元–万元, 亿元–元.
const POWERS: [i32; 3] = [3, 4, 8];

/// Judges a value against the values of the same field and subject before it, oldest first.
///
/// Zeros and blanks of the history do not count; with fewer than three values
/// left nothing is said, nor where the history itself jumps by such factors.
#[must_use]
pub fn slip(value: Decimal, history: &[Decimal], field: &FieldSpec) -> Option<Slip> {
    let size = log10(value)?;
    let mut logs: Vec<f64> = history.iter().copied().filter_map(log10).collect();
    // Old years say little about a plant that grew; two years are enough for its seasons.
    let logs: &mut [f64] = if logs.len() > 24 {
        let from = logs.len() - 24;
        &mut logs[from..]
    } else {
        &mut logs
    };
    if logs.len() < 3 {
        return None;
    }
    let recent = logs[logs.len() - 1];
    logs.sort_unstable_by(f64::total_cmp);
    let (middle, low, high) = (logs[logs.len() / 2], logs[0], logs[logs.len() - 1]);
    let near = |reference: f64| {
        let off = size - reference;
        POWERS.iter().flat_map(|p| [*p, -*p]).map(|p| ((off - f64::from(p)).abs(), p)).min_by(|a, b| a.0.total_cmp(&b.0))
    };
    // Beyond everything seen before, by more than one and a half powers of ten, and far against the history's own spread.
    let outside = if size > high { size - high } else { low - size };
    let spread = high - low;
    if outside < 1.5 || outside < spread * 0.5 {
        return None;
    }
    let (far, power) = near(middle)?;
    let (far_recent, power_recent) = near(recent)?;
    let (far, power) = if far_recent < far { (far_recent, power_recent) } else { (far, power) };
    if far > 1.0 + spread.min(1.0) * 0.3 {
        return None;
    }
    Some(Slip { power, meant: shifted(value, -power)?, unit: typed_unit(field, power) })
}

/// A slip of a whole column, where most of its rows are off by the same power: the head names the wrong unit.
#[must_use]
pub fn column_slip(slips: &[Option<Slip>]) -> Option<i32> {
    if slips.len() < 3 {
        return None;
    }
    let powers = slips.iter().flatten().map(|s| s.power);
    let first = slips.iter().flatten().next()?.power;
    let same = powers.filter(|p| *p == first).count();
    (same * 10 >= slips.len() * 8).then_some(first)
}

/// A slip as a warning: found the value, expected the factor, remedy the value meant with the unit it was typed in.
#[must_use]
pub fn slip_finding(slip: &Slip, value: Decimal, field: &FieldSpec, place: &str) -> Finding {
    let factor = if slip.power > 0 { format!("10^{}", slip.power) } else { format!("10^-{}", -slip.power) };
    let unit = slip.unit.map_or_else(String::new, |u| format!("（疑按“{}”填报）", u.name));
    Finding::warning("tables.unit_slip").at(place).field(&field.key).found(value.normalize().to_string()).expected(factor).remedy(format!(
        "{}{}{unit}",
        slip.meant.normalize(),
        field.unit
    ))
}

fn log10(value: Decimal) -> Option<f64> {
    value.abs().to_f64().filter(|v| *v > 0.0).map(f64::log10)
}

fn shifted(value: Decimal, power: i32) -> Option<Decimal> {
    let factor = Decimal::from(10i64.checked_pow(power.unsigned_abs())?);
    if power >= 0 { value.checked_mul(factor) } else { value.checked_div(factor) }
}

/// The unit of the same quantity that is 10^power smaller than the field's.
fn typed_unit(field: &FieldSpec, power: i32) -> Option<&'static Unit> {
    let own = field.known_unit()?;
    let factor = 10i128.checked_pow(power.unsigned_abs())?;
    let (num, den) = (i128::from(own.num), i128::from(own.den));
    UNITS.iter().filter(|u| u.quantity == own.quantity).find(|u| {
        let (n, d) = (i128::from(u.num), i128::from(u.den));
        if power > 0 { n * factor * den == num * d } else { n * den == num * factor * d }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::FieldKind;

    /// A small generator of its own, so that the series never change: SplitMix64.
    struct Seeded(u64);

    impl Seeded {
        fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        }
        fn unit(&mut self) -> f64 {
            (self.next() >> 11) as f64 / (1u64 << 53) as f64
        }
        /// About normal: a sum of twelve.
        fn normal(&mut self) -> f64 {
            (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
        }
    }

    /// Monthly output of a plant: level, trend, season, noise, months of standstill; one in ten starts up or collapses.
    fn series(random: &mut Seeded) -> Vec<Decimal> {
        let months = 6 + (random.next() % 30) as usize;
        let level = 10f64.powf(1.0 + random.unit() * 4.0);
        let (trend, noise, season) = (random.normal() * 0.02, 0.05 + random.unit() * 0.35, random.unit() * 0.5);
        let ramp = random.unit() < 0.1;
        (0..=months)
            .map(|m| {
                let t = m as f64;
                let wave = (t * std::f64::consts::PI / 6.0).sin() * season;
                let start = if ramp { -3.0 * (1.0 - t / months as f64) } else { 0.0 };
                let still = random.unit() < 0.03;
                let value = if still { 0.0 } else { level * (trend * t + wave + start + random.normal() * noise).exp() };
                Decimal::try_from((value * 100.0).round() / 100.0).expect("a number")
            })
            .collect()
    }

    #[test]
    fn catches_99_of_100_and_cries_wolf_under_1_of_100_on_2000_series() {
        let field = FieldSpec::new("output", "产值", FieldKind::Money).unit("万元");
        let mut random = Seeded(20_261_123);
        let (mut planted, mut caught, mut right, mut clean, mut wrong) = (0, 0, 0, 0, 0);
        for _ in 0..2_000 {
            let mut values = series(&mut random);
            let last = values.pop().expect("at least one month");
            if !last.is_zero() {
                clean += 1;
                wrong += usize::from(slip(last, &values, &field).is_some());
                for power in [3, 4, -3, -4] {
                    let Some(slipped) = shifted(last, power).filter(|v| !v.is_zero()) else { continue };
                    planted += 1;
                    let found = slip(slipped, &values, &field);
                    caught += usize::from(found.is_some());
                    right += usize::from(found.is_some_and(|s| s.power == power));
                }
            }
        }
        println!("caught {caught} of {planted}, named right {right}; false {wrong} of {clean}");
        assert!(caught * 100 >= planted * 99, "caught {caught} of {planted}");
        assert!(wrong * 100 < clean, "false {wrong} of {clean}");
        assert!(right * 100 >= caught * 90, "right {right} of {caught}");
    }

    #[test]
    fn names_the_unit_that_was_typed() {
        let field = FieldSpec::new("output", "产值", FieldKind::Money).unit("万元");
        let history: Vec<Decimal> = [3210, 3305, 3120, 3402].map(Decimal::from).to_vec();
        let found = slip(Decimal::from(32_500_000), &history, &field).expect("a slip");
        assert_eq!((found.power, found.unit.map(|u| u.name), found.meant), (4, Some("元"), Decimal::from(3250)));
        let finding = slip_finding(&found, Decimal::from(32_500_000), &field, "8月!C9");
        assert_eq!(finding.remedy, "3250万元（疑按“元”填报）");
        let small = slip(Decimal::new(3250, 4), &history, &field).expect("a slip");
        assert_eq!((small.power, small.unit.map(|u| u.name)), (-4, Some("亿元")));
        assert_eq!(slip(Decimal::from(9000), &history, &field), None);
        assert_eq!(slip(Decimal::ZERO, &history, &field), None);
    }

    #[test]
    fn a_whole_column_is_one_finding() {
        let one = |power| Some(Slip { power, meant: Decimal::ONE, unit: None });
        assert_eq!(column_slip(&[one(4), one(4), one(4), None, one(4)]), Some(4));
        assert_eq!(column_slip(&[one(4), None, None]), None);
    }
}
