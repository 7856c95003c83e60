//! Shares that add to 100 占比: rounded together, by a stated rule.

use rust_decimal::Decimal;

/// Rounds shares (in %) at `digits` so that they add to exactly 100: each is cut off, then the largest remainders are
/// raised, the earlier one first where two are equal (largest remainder method, 最大余额法).
///
/// `None` if they do not add to 100 before rounding (to 0.01 a share), or if one is negative: then they are no shares
/// of one whole, and settling them would hide an error.
#[must_use]
pub fn settle(shares: &[Decimal], digits: u32) -> Option<Vec<Decimal>> {
    let total: Decimal = shares.iter().sum();
    let tolerance = Decimal::new(1, 2) * Decimal::from(shares.len());
    if shares.iter().any(|s| s.is_sign_negative() && !s.is_zero()) || (total - Decimal::ONE_HUNDRED).abs() > tolerance || shares.is_empty()
    {
        return None;
    }
    let step = Decimal::new(1, digits);
    let mut settled: Vec<Decimal> = shares.iter().map(|s| s.trunc_with_scale(digits)).collect();
    let mut missing = Decimal::ONE_HUNDRED - settled.iter().sum::<Decimal>();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by(|a, b| (shares[*b] - settled[*b]).cmp(&(shares[*a] - settled[*a])));
    for index in order.into_iter().cycle().take(shares.len() * 2) {
        if missing < step {
            break;
        }
        settled[index] += step;
        missing -= step;
    }
    settled.iter_mut().for_each(|s| s.rescale(digits));
    Some(settled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(shares: &[&str], digits: u32, expected: Option<&[&str]>) {
        let shares: Vec<Decimal> = shares.iter().map(|s| s.parse().unwrap()).collect();
        let got = settle(&shares, digits).map(|s| s.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(got, expected.map(|e| e.iter().map(|s| (*s).to_owned()).collect()));
    }

    #[test]
    fn shares_add_to_a_hundred() {
        check(&["41.4", "27.4", "20.6", "10.6"], 0, Some(&["41", "27", "21", "11"]));
        check(&["33.3333", "33.3333", "33.3333"], 1, Some(&["33.4", "33.3", "33.3"]));
        check(&["100"], 1, Some(&["100.0"]));
        check(&["60", "50"], 1, None);
        check(&[], 1, None);
    }

    proptest! {
        #[test]
        fn whatever_the_parts(parts in prop::collection::vec(1u32..100_000, 1..30), digits in 0u32..3) {
            let total: u32 = parts.iter().sum();
            let shares: Vec<Decimal> = parts.iter().map(|p| Decimal::from(*p) * Decimal::ONE_HUNDRED / Decimal::from(total)).collect();
            let settled = settle(&shares, digits).unwrap();
            prop_assert_eq!(settled.iter().sum::<Decimal>(), Decimal::ONE_HUNDRED);
            for (share, settled) in shares.iter().zip(settled) {
                prop_assert!((share - settled).abs() < Decimal::new(1, digits));
            }
        }
    }
}
