//! Agreement with independent packages; the tables are written by `scripts/oracles/values.py`.

#![allow(clippy::unwrap_used, reason = "a test stops where it is wrong")]

use values::{Calendar, CreditCode};

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WIDER: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// splitmix64 as in the script.
struct Draw(u64);

impl Draw {
    fn next(&mut self, below: u64) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % below).unwrap()
    }
}

/// The right last character, found without the crate's arithmetic: the only one that it accepts.
fn completed(body: &str) -> String {
    let accepted: Vec<String> =
        ALPHABET.iter().map(|c| format!("{body}{}", char::from(*c))).filter(|code| CreditCode::parse(code).is_ok()).collect();
    assert_eq!(accepted.len(), 1, "exactly one check character fits {body}");
    accepted[0].clone()
}

fn draw_code(draw: &mut Draw) -> String {
    let front = if draw.next(10) > 0 { 10 } else { 31 };
    let mut body: String = (0..8).map(|_| char::from(ALPHABET[draw.next(front)])).collect();
    body.extend((0..9).map(|_| char::from(ALPHABET[draw.next(31)])));
    let mut text = completed(&body).into_bytes();
    let (kind, at) = (draw.next(8), draw.next(18));
    match kind {
        0 => text[at] = WIDER[draw.next(36)],
        1 if at < 17 => text.swap(at, at + 1),
        2 => {
            text.remove(at);
        }
        3 => text.insert(at, b'0'),
        _ => {}
    }
    String::from_utf8(text).unwrap()
}

#[test]
fn ten_thousand_credit_codes_agree_with_stdnum() {
    let mut draw = Draw(20_251_123);
    let mut seen = [0u32; 2];
    for line in include_str!("oracles/credit_codes.txt").lines().filter(|l| !l.starts_with('#')) {
        let (valid, right) = line.split_once(' ').unwrap();
        let (valid, right) = (u128::from_str_radix(valid, 16).unwrap(), u128::from_str_radix(right, 16).unwrap());
        for bit in (0..100).rev() {
            let code = draw_code(&mut draw);
            let accepted = CreditCode::parse(&code).is_ok();
            assert_eq!(accepted, right >> bit & 1 == 1, "{code}: check character");
            // stdnum wants digits in the first eight places; the standard has authorities A, N and Y,
            // and a letter in the region is only remarked here.
            let digits_in_front = code.bytes().take(8).all(|b| b.is_ascii_digit());
            assert_eq!(accepted && digits_in_front, valid >> bit & 1 == 1, "{code}: verdict");
            seen[usize::from(accepted)] += 1;
        }
    }
    assert_eq!(seen.iter().sum::<u32>(), 10_000);
    assert!(seen.iter().all(|n| *n > 2_000), "both verdicts occur: {seen:?}");
}

#[test]
fn every_day_of_2019_to_2026_agrees_with_chinesecalendar() {
    let calendar = Calendar::china();
    let mut days = 0;
    for line in include_str!("oracles/working_days.txt").lines().filter(|l| !l.starts_with('#')) {
        let (month, work) = line.split_once(' ').unwrap();
        for (i, expected) in work.chars().enumerate() {
            let date: values::Date = format!("{month}-{:02}", i + 1).parse().unwrap();
            assert_eq!(calendar.is_working(date), Ok(expected == '1'), "{date}");
            days += 1;
        }
    }
    assert_eq!(days, 2_922);
}
