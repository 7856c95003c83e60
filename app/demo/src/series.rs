//! The months of an enterprise: cumulated values in 0.01 万元.

use crate::people::Firm;
use crate::random::Random;

/// First and last year of the sample.
pub const YEARS: std::ops::RangeInclusive<i32> = 2023..=2025;

/// Share of the year that each month has, in per mille; January and February are quiet.
const SEASON: [i64; 12] = [62, 58, 84, 83, 85, 88, 84, 85, 90, 92, 93, 96];

/// Growth of a year over the one before, in per mille of the base.
fn growth(firm: &Firm, year: i32) -> i64 {
    let mut random = Random::new(0x5e1e_c7ed ^ (firm.number as u64) << 16 ^ u64::from(year.unsigned_abs()));
    let middle = match firm.trade.chain {
        "battery" => 1_190,
        "nonferrous" => 1_065,
        "chemical" => 985,
        _ => 1_040,
    };
    // The two that crossed the threshold grew fast; the one that fell out shrank.
    match firm.number {
        64 | 65 => 1_240,
        40 => 760,
        _ => random.around(middle, 130),
    }
}

/// Output of a whole year in 0.01 万元.
#[must_use]
pub fn year_output(firm: &Firm, year: i32) -> i64 {
    let mut value = firm.size * 100;
    for y in 2023..=year {
        value = value / 1_000 * growth(firm, y);
    }
    value
}

/// Output from January to a month in 0.01 万元.
#[must_use]
pub fn output_to(firm: &Firm, year: i32, month: usize) -> i64 {
    let mut random = Random::new(0xa11 ^ (firm.number as u64) << 20 ^ (u64::from(year.unsigned_abs()) << 4));
    let shares: Vec<i64> = SEASON.iter().map(|s| s * random.around(1_000, 60)).collect();
    let whole: i64 = shares.iter().sum();
    let part: i64 = shares[..month.min(12)].iter().sum();
    let year_value = i128::from(year_output(firm, year));
    i64::try_from(year_value * i128::from(part) / i128::from(whole)).unwrap_or(0)
}

/// Energy from January to a month in 0.01 tce: by trade, per 万元 of output.
#[must_use]
pub fn energy_to(firm: &Firm, year: i32, month: usize) -> i64 {
    let per_mille = match firm.trade.chain {
        "nonferrous" => 118,
        "chemical" => 260,
        "battery" => 75,
        _ => 96,
    };
    output_to(firm, year, month) / 1_000 * (per_mille - i64::from(year - 2023) * 4)
}

/// People employed at the end of a month.
#[must_use]
pub fn employees(firm: &Firm, year: i32, month: usize) -> i64 {
    let base = 24 + firm.size / 900;
    base + base * i64::from(year - 2023) / 40 + i64::try_from(month).unwrap_or(0) / 4
}

/// Tax paid in a year in 0.01 万元.
#[must_use]
pub fn tax(firm: &Firm, year: i32) -> i64 {
    year_output(firm, year) / 1_000 * (21 + i64::try_from(firm.number % 7).unwrap_or(0) * 3)
}

/// R&D spending of a year in 0.01 万元.
#[must_use]
pub fn rd(firm: &Firm, year: i32) -> i64 {
    let high_tech = firm.titles.iter().any(|t| t.0 == "高新技术企业");
    year_output(firm, year) / 1_000 * if high_tech { 36 } else { 7 + i64::try_from(firm.number % 5).unwrap_or(0) }
}

/// True if the firm files the industry form for this month.
#[must_use]
pub fn files(firm: &Firm, year: i32, month: i32) -> bool {
    let first_of = format!("{year}-{month:02}-01");
    firm.above_scale_from.as_deref().is_some_and(|from| from <= first_of.as_str())
        && firm.above_scale_until.as_deref().is_none_or(|until| first_of.as_str() < until)
}

/// Value added from January to a month in 0.01 万元, as the enterprise estimates it.
#[must_use]
pub fn value_added_to(firm: &Firm, year: i32, month: usize) -> i64 {
    output_to(firm, year, month) / 1_000 * (210 + i64::try_from(firm.number % 9).unwrap_or(0) * 12)
}
