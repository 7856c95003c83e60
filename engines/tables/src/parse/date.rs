//! Days as people type them: `2025-03-01`, `2025.3.1`, `2025年3月1日`, `20250301`, `25/3/1`.

use values::Date;
use values::unit::half_width;

/// Reads a day; `None` if the text is none, or one that may be read in two ways (`3/1/2025`).
///
/// A time of day after it is dropped. Two-digit years are of this century
/// before 年 or in the order year-month-day.
#[must_use]
pub fn date_text(text: &str) -> Option<Date> {
    let t: String = text.trim().chars().map(half_width).collect();
    if t.len() < 6 || t.len() > 40 || !t.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let t = without_time(&t);
    let t: String = t.chars().filter(|c| !c.is_whitespace()).collect();
    if t.len() == 8 && t.bytes().all(|b| b.is_ascii_digit()) {
        return day(t.get(..4)?, t.get(4..6)?, t.get(6..)?);
    }
    let t = t.replace(['年', '月'], "-");
    let t = t.strip_suffix(['日', '号']).unwrap_or(&t);
    let parts: Vec<&str> = t.split(['-', '/', '.', '—', '–', '、']).collect();
    let [year, month, date] = parts[..] else { return None };
    if ![year, month, date].iter().all(|p| !p.is_empty() && p.len() <= 4 && p.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    match year.len() {
        4 => day(year, month, date),
        // 25年3月1日 and 25-3-1: a first part above 12 cannot be a month or is marked by 年.
        2 if text.contains('年') || year > "31" => day(&format!("20{year}"), month, date),
        2 if year > "12" && date.len() <= 2 && text.contains(['-', '.']) && date <= "31" && date.len() < 3 && date < year => {
            day(&format!("20{year}"), month, date)
        }
        _ => None,
    }
}

/// Drops ` 08:30:00`, `T08:30`, `上午8时`, a weekday.
fn without_time(text: &str) -> &str {
    let cut = text
        .find(" ")
        .filter(|i| text[*i..].contains(':') || text[*i..].contains('时'))
        .or_else(|| text.find('T'))
        .or_else(|| text.find("星期"))
        .or_else(|| text.find("上午"))
        .or_else(|| text.find("下午"));
    match cut {
        Some(i) if text[..i].bytes().filter(u8::is_ascii_digit).count() >= 4 => text[..i].trim_end_matches(['(', ' ']),
        _ => text,
    }
}

fn day(year: &str, month: &str, date: &str) -> Option<Date> {
    let year: i16 = year.parse().ok().filter(|y| (1900..=2199).contains(y))?;
    Date::new(year, month.parse().ok()?, date.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(date_text(text).map(|d| d.to_string()).as_deref(), expected, "{text}");
    }

    #[test]
    fn reads_the_shapes_people_use() {
        for text in [
            "2025-03-01",
            "2025-3-1",
            "2025/3/1",
            "2025.3.1",
            "2025.03.01",
            "2025年3月1日",
            "2025年03月01号",
            "20250301",
            "２０２５－０３－０１",
            "2025 年 3 月 1 日",
            "2025-03-01 08:30:00",
            "2025-03-01T08:30:00",
            "2025/3/1 星期六",
            "25年3月1日",
        ] {
            check(text, Some("2025-03-01"));
        }
    }

    #[test]
    fn refuses_what_is_no_day_or_two_days() {
        for text in
            ["", "2025-13-01", "2025-02-30", "3/1/2025", "01-02-03", "2025", "2025年3月", "1.2.3", "20251301", "12345678", "甲2025-03-01"]
        {
            check(text, None);
        }
    }

    proptest! {
        #[test]
        fn written_days_come_back(year in 1900i16..2199, month in 1i8..=12, day in 1i8..=28) {
            let date = Date::new(year, month, day).expect("a day");
            for text in [format!("{year}-{month}-{day}"), format!("{year}年{month}月{day}日"), format!("{year}{month:02}{day:02}"), format!("{year}.{month:02}.{day:02}")] {
                prop_assert_eq!(date_text(&text), Some(date));
            }
        }
        #[test]
        fn no_text_panics(text in "\\PC{0,24}") { let _ = date_text(&text); }
    }
}
