//! Numbers as people type them into cells: `1,234.5`, `１２％`, `3.5亿`, `（120）`, `三百八十`.

use rust_decimal::Decimal;
use values::unit::half_width;
use values::{Unit, unit};

/// A number read off a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NumberText {
    /// The number as it stands: 12 for `12%`, 4.12 for `4.12亿`.
    pub value: Decimal,
    /// A unit that follows it.
    pub unit: Option<&'static Unit>,
    /// A bare 万 or 亿 that follows it, as a factor; 1 if there is none or `unit` says it.
    pub factor: i64,
    /// True if a % sign follows.
    pub percent: bool,
    /// Written in Chinese numerals.
    pub chinese: bool,
}

/// Reads a number; `None` if the text is no number, or one that may be read in two ways.
///
/// Commas must part groups of three (`1,234`), blanks and full-width digits
/// are mended, brackets or a minus sign of any kind make it negative, a
/// currency sign before it is dropped. Ranges, bounds (`约`, `以上`) and two
/// numbers in a cell are no number.
#[must_use]
pub fn number_text(text: &str) -> Option<NumberText> {
    let trimmed = text.trim();
    if trimmed.is_empty() || trimmed.len() > 80 {
        return None;
    }
    let mut t: String = trimmed.chars().map(half_width).filter(|c| !c.is_whitespace()).map(plain_sign).collect();
    let mut negative = false;
    if let Some(inner) = t.strip_prefix('(').and_then(|s| s.strip_suffix(')')) {
        // (120) is negative; (1) alone may be the number of a list, but a cell for numbers holds numbers.
        negative = true;
        t = inner.to_owned();
    }
    if let Some(rest) = t.strip_prefix('-') {
        if negative {
            return None;
        }
        negative = true;
        t = rest.to_owned();
    }
    let body = t.strip_prefix('+').unwrap_or(&t);
    let body = ["¥", "￥", "RMB", "$", "US$", "人民币"].iter().find_map(|s| body.strip_prefix(s)).unwrap_or(body);
    let digits = body.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')).count();
    let (digits, rest) = body.split_at(digits);
    let mut found = if digits.is_empty() {
        chinese(rest)?
    } else {
        let value = plain(digits)?;
        after(value, rest)?
    };
    if negative {
        found.value = -found.value;
    }
    Some(found)
}

/// Minus signs and thousands marks of other keyboards.
fn plain_sign(c: char) -> char {
    match c {
        '−' | '－' | '–' | '—' | '﹣' => '-',
        '，' | '﹐' | '\'' | '’' => ',',
        '．' | '。' => '.',
        other => other,
    }
}

/// Digits with a point and groups of three.
fn plain(digits: &str) -> Option<Decimal> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if fraction.contains(['.', ',']) || digits.ends_with('.') && whole.is_empty() {
        return None;
    }
    let whole = if whole.contains(',') {
        let mut groups = whole.split(',');
        let first = groups.next().unwrap_or("");
        if first.is_empty() || first.len() > 3 || !groups.clone().all(|g| g.len() == 3) || groups.next().is_none() {
            return None;
        }
        whole.replace(',', "")
    } else {
        whole.to_owned()
    };
    let text = if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") };
    Decimal::from_str_exact(&text).ok()
}

/// What may follow the digits: an exponent, a per cent sign, 万, 亿, a unit.
fn after(value: Decimal, rest: &str) -> Option<NumberText> {
    let mut found = NumberText { value, unit: None, factor: 1, percent: false, chinese: false };
    if rest.is_empty() {
        return Some(found);
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent: i32 = exponent.parse().ok().filter(|e| (-20..=20).contains(e))?;
        let scientific = Decimal::from_scientific(&format!("{value}e{exponent}")).ok()?;
        return Some(NumberText { value: scientific, ..found });
    }
    if rest == "%" {
        found.percent = true;
        found.unit = unit::find("%");
        return Some(found);
    }
    match rest {
        "万" => found.factor = 10_000,
        "亿" => found.factor = 100_000_000,
        "千" => found.factor = 1_000,
        "百万" => found.factor = 1_000_000,
        "千万" => found.factor = 10_000_000,
        "万亿" => found.factor = 1_000_000_000_000,
        other => {
            if let Some(known) = unit::find(other) {
                found.unit = Some(known);
                found.percent = known.name == "%";
            } else {
                // 3亿5000万: the part after the 亿 is another number.
                return mixed(value, other);
            }
        }
    }
    Some(found)
}

/// `3亿5000万`, `1万2千`: a sum of parts with falling factors.
fn mixed(first: Decimal, rest: &str) -> Option<NumberText> {
    let (factor, rest) = scale_word(rest)?;
    let mut total = first.checked_mul(Decimal::from(factor))?;
    let (mut rest, mut last) = (rest, factor);
    while rest.starts_with(|c: char| c.is_ascii_digit()) {
        let n = rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
        let value = plain(rest.get(..n)?)?;
        let (factor, tail) = scale_word(&rest[n..]).unwrap_or((1, &rest[n..]));
        if factor >= last {
            return None;
        }
        total = total.checked_add(value.checked_mul(Decimal::from(factor))?)?;
        last = factor;
        rest = tail;
        if factor == 1 {
            break;
        }
    }
    let unit = if rest.is_empty() { None } else { Some(unit::find(rest)?) };
    Some(NumberText { value: total, unit, factor: 1, percent: false, chinese: false })
}

fn scale_word(text: &str) -> Option<(i64, &str)> {
    [("万亿", 1_000_000_000_000), ("亿", 100_000_000), ("万", 10_000), ("千", 1_000), ("百", 100)]
        .iter()
        .find_map(|(w, f)| text.strip_prefix(w).map(|rest| (*f, rest)))
}

/// Chinese numerals, everyday and financial: 三百八十, 一千二百万, 叁佰伍拾, 十二点五, 二〇二五.
fn chinese(text: &str) -> Option<NumberText> {
    let t = text.strip_suffix("整").unwrap_or(text);
    let end = t
        .char_indices()
        .find(|(_, c)| digit(*c).is_none() && small(*c).is_none() && !matches!(c, '万' | '萬' | '亿' | '億' | '点'))
        .map_or(t.len(), |(i, _)| i);
    let (numerals, rest) = t.split_at(end);
    let mut found = NumberText { value: Decimal::ZERO, unit: None, factor: 1, percent: false, chinese: true };
    if !rest.is_empty() {
        found.unit = Some(unit::find(rest)?);
        found.percent = rest == "%";
    }
    let (whole, fraction) = numerals.split_once('点').unwrap_or((numerals, ""));
    let chars: Vec<char> = whole.chars().collect();
    // A lone 万, 亿, 千 or 百 is a unit or a name, no number.
    if chars.is_empty() || !chars.iter().any(|c| digit(*c).is_some()) && chars.first() != Some(&'十') && chars.first() != Some(&'拾') {
        return None;
    }
    let digits_only = chars.iter().all(|c| digit(*c).is_some());
    let mut value = if digits_only { positional(&chars)? } else { spoken(&chars)? };
    if !fraction.is_empty() {
        let mut scale = 0u32;
        for c in fraction.chars() {
            scale += 1;
            value = value.checked_add(Decimal::new(digit(c)?, scale))?;
        }
    }
    found.value = value;
    Some(found)
}

/// 二〇二五 digit by digit; one character alone is that digit.
fn positional(chars: &[char]) -> Option<Decimal> {
    if chars.len() > 18 {
        return None;
    }
    chars.iter().try_fold(0i64, |n, c| Some(n * 10 + digit(*c)?)).map(Decimal::from)
}

/// 一千二百万: sections of 千百十 under 万 and 亿.
fn spoken(chars: &[char]) -> Option<Decimal> {
    let (mut total, mut section, mut number, mut last_small) = (0i128, 0i128, None::<i64>, i64::MAX);
    for c in chars {
        if let Some(d) = digit(*c) {
            if number.is_some_and(|n| n != 0) {
                return None;
            }
            number = Some(d);
        } else if let Some(factor) = small(*c) {
            if factor >= last_small {
                return None;
            }
            section += i128::from(number.unwrap_or(1)) * i128::from(factor);
            number = None;
            last_small = factor;
        } else {
            section += i128::from(number.unwrap_or(0));
            let factor = if matches!(c, '万' | '萬') { 10_000 } else { 100_000_000 };
            if section == 0 && total == 0 {
                return None;
            }
            total = if factor == 100_000_000 { (total + section).checked_mul(factor)? } else { total + section * factor };
            section = 0;
            number = None;
            last_small = i64::MAX;
        }
    }
    // 三百八 is 380 when spoken and 308 when written: read as neither.
    let trailing = chars.len() > 1 && number.is_some_and(|n| n != 0);
    let before = chars.iter().rev().nth(1).copied();
    if trailing && before.is_some_and(|c| !matches!(c, '十' | '拾') && digit(c) != Some(0)) {
        return None;
    }
    Decimal::try_from_i128_with_scale(total + section + i128::from(number.unwrap_or(0)), 0).ok()
}

fn digit(c: char) -> Option<i64> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn small(c: char) -> Option<i64> {
    Some(match c {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1_000,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: Option<&str>) {
        let got = number_text(text).map(|n| {
            let unit = n.unit.map_or("", |u| u.name);
            let factor = if n.factor == 1 { String::new() } else { format!("×{}", n.factor) };
            format!("{}{factor}{unit}", n.value.normalize())
        });
        assert_eq!(got.as_deref(), expected, "{text}");
    }

    #[test]
    fn reads_what_people_type() {
        for (text, expected) in [
            ("1,234.50", "1234.5"),
            ("１２３．５", "123.5"),
            (" 12 345 ", "12345"),
            ("1，234", "1234"),
            ("(120)", "-120"),
            ("（1,200.5）", "-1200.5"),
            ("−5", "-5"),
            ("-3.2%", "-3.2%"),
            ("12％", "12%"),
            ("4.12亿", "4.12×100000000"),
            ("3.5万元", "3.5万元"),
            ("¥1,000", "1000"),
            ("1.5E+3", "1500"),
            ("三百八十", "380"),
            ("一千二百万", "12000000"),
            ("叁佰伍拾元整", "350元"),
            ("十二点五", "12.5"),
            ("二〇二五", "2025"),
            ("十", "10"),
            ("两万", "20000"),
            ("1亿2000万", "120000000"),
            ("3亿5000万元", "350000000元"),
            ("0", "0"),
            ("+7", "7"),
            ("100吨", "100t"),
        ] {
            check(text, Some(expected));
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in [
            "",
            "-",
            "—",
            "abc",
            "1,23",
            "1,2345",
            "12,34,567",
            "1.2.3",
            "约100",
            "100以上",
            "1-2",
            "1~3",
            "万",
            "亿",
            "千",
            "甲",
            "12公司",
            "三八百",
            "--5",
            "1e99",
            ",5",
            "三百八",
            "2025-03-01",
        ] {
            check(text, None);
        }
    }

    proptest! {
        #[test]
        fn grouped_numbers_come_back(n in -1_000_000_000_000i64..1_000_000_000_000, scale in 0u32..7) {
            let value = Decimal::new(n, scale);
            let plain = value.to_string();
            prop_assert_eq!(number_text(&plain).map(|x| x.value), Some(value));
            let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
            let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |w| ("-", w));
            let mut grouped = String::new();
            for (i, c) in whole.chars().enumerate() {
                if i > 0 && (whole.len() - i) % 3 == 0 { grouped.push(','); }
                grouped.push(c);
            }
            let text = format!("{sign}{grouped}{}{fraction}", if fraction.is_empty() { "" } else { "." });
            prop_assert_eq!(number_text(&text).map(|x| x.value), Some(value));
        }
        #[test]
        fn no_text_panics(text in "\\PC{0,30}") { let _ = number_text(&text); }
        #[test]
        fn no_numerals_panic(text in "[零一二三十百千万亿点壹佰〇0-9.]{0,24}") { let _ = number_text(&text); }
    }
}
