//! Times as CAP writes them: `2024-06-01T08:00:00+08:00`, never `Z`, no fractions.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// True if the schema's pattern and XML Schema's dateTime both hold.
#[must_use]
pub fn is_valid(text: &str) -> bool {
    let text = text.trim();
    let b = text.as_bytes();
    let shape = b"dddd-dd-ddTdd:dd:ddsdd:dd";
    let fits = b.len() == shape.len()
        && b.iter().zip(shape).all(|(c, s)| match s {
            b'd' => c.is_ascii_digit(),
            b's' => *c == b'+' || *c == b'-',
            other => c == other,
        });
    if !fits {
        return false;
    }
    let number = |from: usize| text.get(from..from + 2).and_then(|t| t.parse::<u8>().ok()).unwrap_or(99);
    let (hours, minutes) = (number(20), number(23));
    let zone = minutes < 60 && (hours < 14 || hours == 14 && minutes == 0);
    // 24:00:00 is the end of a day in XML Schema.
    let civil = if &text[11..19] == "24:00:00" { format!("{}T00:00:00", &text[..10]) } else { text[..19].to_owned() };
    zone && number(17) < 60 && &text[..4] != "0000" && civil.parse::<DateTime>().is_ok()
}

/// The instant of a valid time.
#[must_use]
pub fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if !is_valid(text) {
        return None;
    }
    let (civil, next_day) =
        if &text[11..19] == "24:00:00" { (format!("{}T00:00:00", &text[..10]), true) } else { (text[..19].to_owned(), false) };
    let civil: DateTime = civil.parse().ok()?;
    let minutes = text[20..22].parse::<i32>().ok()? * 60 + text[23..25].parse::<i32>().ok()?;
    let sign = if &text[19..20] == "-" { -60 } else { 60 };
    let offset = Offset::from_seconds(sign * minutes).ok()?;
    let at = offset.to_timestamp(civil).ok()?;
    if next_day { at.checked_add(jiff::SignedDuration::from_hours(24)).ok() } else { Some(at) }
}
