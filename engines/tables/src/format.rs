//! Number formats 数字格式: what a stored number looks like on the sheet.
//!
//! Matters for meaning, not only for looks: `000000` makes 1234 the code
//! 001234, an accounting format shows 0 as "-", `0!.0,` shows yuan as 万元,
//! and a date is nothing but a number with a date format. ECMA-376 part 1,
//! 18.8.30 and 18.8.31.

use rust_decimal::Decimal;
use std::collections::HashMap;
use values::fixed::round;

/// Built-in formats that are no dates, by id (ECMA-376 18.8.30); the rest of 0–49 is General or a date.
const BUILT_IN: &[(u16, &str)] = &[
    (1, "0"),
    (2, "0.00"),
    (3, "#,##0"),
    (4, "#,##0.00"),
    (5, "¥#,##0;¥-#,##0"),
    (6, "¥#,##0;¥-#,##0"),
    (7, "¥#,##0.00;¥-#,##0.00"),
    (8, "¥#,##0.00;¥-#,##0.00"),
    (9, "0%"),
    (10, "0.00%"),
    (11, "0.00E+00"),
    (12, "# ?/?"),
    (13, "# ??/??"),
    (14, "yyyy/m/d"),
    (15, "d-mmm-yy"),
    (16, "d-mmm"),
    (17, "mmm-yy"),
    (18, "h:mm AM/PM"),
    (19, "h:mm:ss AM/PM"),
    (20, "h:mm"),
    (21, "h:mm:ss"),
    (22, "yyyy/m/d h:mm"),
    (27, "yyyy\"年\"m\"月\""),
    (28, "m\"月\"d\"日\""),
    (29, "m\"月\"d\"日\""),
    (30, "m-d-yy"),
    (31, "yyyy\"年\"m\"月\"d\"日\""),
    (32, "h\"时\"mm\"分\""),
    (33, "h\"时\"mm\"分\"ss\"秒\""),
    (34, "h\"时\"mm\"分\""),
    (35, "h\"时\"mm\"分\"ss\"秒\""),
    (36, "yyyy\"年\"m\"月\""),
    (37, "#,##0;-#,##0"),
    (38, "#,##0;-#,##0"),
    (39, "#,##0.00;-#,##0.00"),
    (40, "#,##0.00;-#,##0.00"),
    (41, "_ * #,##0_ ;_ * -#,##0_ ;_ * \"-\"_ ;_ @_ "),
    (42, "_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* \"-\"_ ;_ @_ "),
    (43, "_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ "),
    (44, "_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* \"-\"??_ ;_ @_ "),
    (45, "mm:ss"),
    (46, "[h]:mm:ss"),
    (47, "mm:ss.0"),
    (48, "##0.0E+0"),
    (50, "yyyy\"年\"m\"月\""),
    (51, "m\"月\"d\"日\""),
    (52, "yyyy\"年\"m\"月\""),
    (53, "m\"月\"d\"日\""),
    (54, "m\"月\"d\"日\""),
    (55, "h\"时\"mm\"分\""),
    (56, "h\"时\"mm\"分\"ss\"秒\""),
    (57, "yyyy\"年\"m\"月\""),
    (58, "m\"月\"d\"日\""),
];

/// The number formats of a workbook; index 0 is General.
#[derive(Debug, Default)]
pub struct Formats {
    list: Vec<Format>,
    by_code: HashMap<String, u16>,
}

impl Formats {
    /// Index of a format code, noted once.
    pub(crate) fn intern(&mut self, code: &str) -> u16 {
        if code.is_empty() || code.eq_ignore_ascii_case("general") {
            return 0;
        }
        if let Some(index) = self.by_code.get(code) {
            return *index;
        }
        let Ok(index) = u16::try_from(self.list.len() + 1) else { return 0 };
        self.list.push(Format::new(code));
        self.by_code.insert(code.to_owned(), index);
        index
    }
    /// Index of a built-in id.
    pub(crate) fn built_in(&mut self, id: u16) -> u16 {
        BUILT_IN.iter().find(|(i, _)| *i == id).map_or(0, |(_, code)| self.intern(code))
    }
    /// The format at an index; none for General.
    pub(crate) fn get(&self, index: u16) -> Option<&Format> {
        self.list.get(usize::from(index).checked_sub(1)?)
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Literal(String),
    /// `0`, `#` or `?`.
    Place(char),
    Point,
    Comma,
    Percent,
    Exponent,
    General,
    Text,
    /// A run of one letter of a date: y m d h s a e.
    Moment(char, usize),
    AmPm,
}

#[derive(Debug, Clone, Default)]
struct Section {
    tokens: Vec<Token>,
    /// `[>=10000]` and the like.
    condition: Option<(String, Decimal)>,
    elapsed: bool,
}

/// One number format.
#[derive(Debug, Clone)]
pub struct Format {
    code: String,
    sections: Vec<Section>,
    moment: bool,
    time_only: bool,
    percent: bool,
}

impl Format {
    fn new(code: &str) -> Self {
        let sections: Vec<Section> = split_sections(code).iter().map(|s| parse_section(s)).collect();
        let moment = sections.first().is_some_and(|s| s.tokens.iter().any(|t| matches!(t, Token::Moment(..) | Token::AmPm)));
        let percent = sections.first().is_some_and(|s| s.tokens.contains(&Token::Percent));
        let mut format = Self { code: code.to_owned(), sections, moment, time_only: false, percent };
        format.time_only = format.shows_no_day();
        format
    }
    /// The format's code, as `#,##0.00`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }
    /// True for a date, a time or a duration.
    #[must_use]
    pub fn is_moment(&self) -> bool {
        self.moment
    }
    fn letters(&self) -> impl Iterator<Item = char> {
        self.sections.first().into_iter().flat_map(|s| &s.tokens).filter_map(|t| match t {
            Token::Moment(c, _) => Some(*c),
            _ => None,
        })
    }
    /// True if it shows hours, minutes or seconds and no day.
    #[must_use]
    pub fn is_time_only(&self) -> bool {
        self.time_only
    }
    fn shows_no_day(&self) -> bool {
        self.moment && !self.letters().any(|c| matches!(c, 'y' | 'd' | 'e')) && (self.has_time() || self.sections[0].elapsed)
    }
    /// True if it shows hours or seconds.
    #[must_use]
    pub fn has_time(&self) -> bool {
        self.moment && self.letters().any(|c| matches!(c, 'h' | 's'))
    }
    /// True if it shows year and month but no day: `2025年3月` stands for the month.
    #[must_use]
    pub fn is_month(&self) -> bool {
        self.moment
            && self.letters().any(|c| c == 'm')
            && self.letters().any(|c| c == 'y')
            && !self.letters().any(|c| matches!(c, 'd' | 'h'))
    }
    /// True if it shows a share as per cent: 0.12 as 12%.
    #[must_use]
    pub fn is_percent(&self) -> bool {
        self.percent
    }
    /// True if it pads with zeros on the left, as codes need: `000000`.
    #[must_use]
    pub fn is_padded(&self) -> bool {
        let Some(section) = self.sections.first() else { return false };
        let whole = section.tokens.iter().take_while(|t| **t != Token::Point);
        whole.filter(|t| **t == Token::Place('0')).count() > 1
    }
    /// By how many thousands it shows numbers smaller than they are: 1 for `0,`.
    #[must_use]
    pub fn hidden_thousands(&self) -> u32 {
        self.sections.first().map_or(0, |s| thousands(&s.tokens).1)
    }
    /// The number as displayed, blanks at the ends dropped.
    #[must_use]
    pub fn show(&self, number: Decimal) -> String {
        let Some((section, with_sign)) = self.section_for(number) else { return number.normalize().to_string() };
        let plain = section.tokens.iter().any(|t| matches!(t, Token::General | Token::Exponent | Token::Moment(..) | Token::Text));
        if plain || self.code.contains('/') {
            return number.normalize().to_string();
        }
        let text = show_section(&section.tokens, number.abs());
        let negative = number.is_sign_negative() && !number.is_zero() && with_sign;
        format!("{}{}", if negative { "-" } else { "" }, text.trim())
    }
    /// The section for a number, and whether a minus sign is still to be put before it.
    fn section_for(&self, number: Decimal) -> Option<(&Section, bool)> {
        if let Some(hit) = self.sections.iter().find(|s| s.condition.as_ref().is_some_and(|c| meets(number, c))) {
            return Some((hit, true));
        }
        if self.sections.iter().any(|s| s.condition.is_some()) {
            return self.sections.iter().rev().find(|s| s.condition.is_none()).map(|s| (s, true));
        }
        match (self.sections.len(), number.is_zero(), number.is_sign_negative()) {
            (0, ..) => None,
            (1, ..) => Some((&self.sections[0], true)),
            (n, true, _) if n >= 3 => Some((&self.sections[2], false)),
            (_, false, true) => Some((&self.sections[1], false)),
            _ => Some((&self.sections[0], true)),
        }
    }
}

fn meets(number: Decimal, (sign, bound): &(String, Decimal)) -> bool {
    match sign.as_str() {
        ">" => number > *bound,
        ">=" => number >= *bound,
        "<" => number < *bound,
        "<=" => number <= *bound,
        "=" => number == *bound,
        "<>" => number != *bound,
        _ => false,
    }
}

/// Splits at semicolons outside quotes and after no escape.
fn split_sections(code: &str) -> Vec<String> {
    let (mut sections, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for c in code.chars() {
        let split = c == ';' && !quoted && !escaped;
        quoted ^= c == '"' && !escaped;
        escaped = matches!(c, '\\' | '!' | '_' | '*') && !escaped && !quoted;
        if split {
            sections.push(String::new());
        } else if let Some(last) = sections.last_mut() {
            last.push(c);
        }
    }
    sections
}

fn parse_section(code: &str) -> Section {
    let mut section = Section::default();
    let chars: Vec<char> = code.chars().collect();
    let mut i = 0;
    let rest_is = |i: usize, word: &str| {
        let end = (i + word.len()).min(chars.len());
        chars[i..end].iter().collect::<String>().eq_ignore_ascii_case(word)
    };
    while i < chars.len() {
        let c = chars[i];
        i += 1;
        match c {
            '"' => {
                let end = chars[i..].iter().position(|c| *c == '"').map_or(chars.len(), |p| i + p);
                section.tokens.push(Token::Literal(chars[i..end].iter().collect()));
                i = end + 1;
            }
            '\\' | '!' => {
                section.tokens.extend(chars.get(i).map(|c| Token::Literal(c.to_string())));
                i += 1;
            }
            '_' => {
                section.tokens.push(Token::Literal(" ".into()));
                i += 1;
            }
            '*' => i += 1,
            '[' => {
                let end = chars[i..].iter().position(|c| *c == ']').map_or(chars.len(), |p| i + p);
                bracket(&chars[i..end].iter().collect::<String>(), &mut section);
                i = end + 1;
            }
            '0' | '#' | '?' => section.tokens.push(Token::Place(c)),
            '.' => section.tokens.push(Token::Point),
            ',' => section.tokens.push(Token::Comma),
            '%' => section.tokens.push(Token::Percent),
            '@' => section.tokens.push(Token::Text),
            'G' | 'g' if rest_is(i - 1, "General") => {
                section.tokens.push(Token::General);
                i += 6;
            }
            'A' | 'a' if rest_is(i - 1, "AM/PM") => {
                section.tokens.push(Token::AmPm);
                i += 4;
            }
            'E' if matches!(chars.get(i), Some('+' | '-')) => {
                section.tokens.push(Token::Exponent);
                i += 1;
            }
            'y' | 'm' | 'd' | 'h' | 's' | 'e' | 'Y' | 'M' | 'D' | 'H' | 'S' | 'a' | 'b' => {
                let run = chars[i..].iter().take_while(|x| x.eq_ignore_ascii_case(&c)).count();
                section.tokens.push(Token::Moment(c.to_ascii_lowercase(), run + 1));
                i += run;
            }
            other => section.tokens.push(Token::Literal(other.to_string())),
        }
    }
    section
}

/// `[Red]`, `[$¥-804]`, `[DBNum1]`, `[h]`, `[>=100]`.
fn bracket(inner: &str, section: &mut Section) {
    if let Some(money) = inner.strip_prefix('$') {
        let symbol = money.split('-').next().unwrap_or("");
        if !symbol.is_empty() {
            section.tokens.push(Token::Literal(symbol.to_owned()));
        }
    } else if let Some(letter) = inner.chars().next().filter(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's')) {
        if inner.chars().all(|c| c.eq_ignore_ascii_case(&letter)) {
            section.elapsed = true;
            section.tokens.push(Token::Moment(letter.to_ascii_lowercase(), inner.len()));
        }
    } else {
        let sign: String = inner.chars().take_while(|c| matches!(c, '<' | '>' | '=')).collect();
        if let (false, Ok(bound)) = (sign.is_empty(), inner[sign.len()..].trim().parse()) {
            section.condition = Some((sign, bound));
        }
    }
}

/// Whether thousands are grouped, and by how many thousands the number is divided.
fn thousands(tokens: &[Token]) -> (bool, u32) {
    let last = tokens.iter().rposition(|t| matches!(t, Token::Place(_)));
    let point = tokens.iter().position(|t| *t == Token::Point).unwrap_or(tokens.len());
    let (mut grouped, mut divide) = (false, 0);
    for (i, token) in tokens.iter().enumerate() {
        if *token == Token::Comma {
            let places_after = tokens[i + 1..point.max(i + 1)].iter().any(|t| matches!(t, Token::Place(_)));
            if i < point && places_after {
                grouped = true;
            } else if last.is_some_and(|l| i > l) || i < point {
                divide += 1;
            }
        }
    }
    (grouped, divide)
}

fn show_section(tokens: &[Token], number: Decimal) -> String {
    let (grouped, divide) = thousands(tokens);
    let mut value = number;
    for _ in 0..divide {
        value /= Decimal::ONE_THOUSAND;
    }
    for _ in tokens.iter().filter(|t| **t == Token::Percent) {
        value = value.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(value);
    }
    let point = tokens.iter().position(|t| *t == Token::Point).unwrap_or(tokens.len());
    let (whole_tokens, fraction_tokens) = tokens.split_at(point);
    let places = fraction_tokens.iter().filter(|t| matches!(t, Token::Place(_))).count();
    let rounded = round(value, u32::try_from(places).unwrap_or(28).min(28));
    let text = format!("{rounded:.places$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let whole = if whole == "0" { "" } else { whole };
    let mut out = fill_whole(whole_tokens, whole, grouped);
    fill_fraction(fraction_tokens, fraction, &mut out);
    out
}

/// Fills the places before the point from the right; the leftmost place takes all digits left over.
fn fill_whole(tokens: &[Token], digits: &str, grouped: bool) -> String {
    let digits: Vec<char> = digits.chars().collect();
    let first_place = tokens.iter().position(|t| matches!(t, Token::Place(_)));
    let (mut left, mut emitted) = (digits.len(), 0usize);
    let mut out: Vec<char> = Vec::new();
    let push_digit = |c: char, emitted: &mut usize, out: &mut Vec<char>| {
        if grouped && *emitted > 0 && (*emitted).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
        *emitted += 1;
    };
    for (i, token) in tokens.iter().enumerate().rev() {
        match token {
            Token::Literal(text) => out.extend(text.chars().rev()),
            Token::Percent => out.push('%'),
            Token::Place(place) => {
                if left > 0 {
                    left -= 1;
                    push_digit(digits[left], &mut emitted, &mut out);
                } else if *place == '0' {
                    push_digit('0', &mut emitted, &mut out);
                } else if *place == '?' {
                    out.push(' ');
                }
                while Some(i) == first_place && left > 0 {
                    left -= 1;
                    push_digit(digits[left], &mut emitted, &mut out);
                }
            }
            _ => {}
        }
    }
    out.iter().rev().collect()
}

fn fill_fraction(tokens: &[Token], digits: &str, out: &mut String) {
    let significant = digits.trim_end_matches('0').len();
    let mut next = 0;
    for token in tokens {
        match token {
            Token::Point => out.push('.'),
            Token::Literal(text) => out.push_str(text),
            Token::Percent => out.push('%'),
            Token::Place(place) => {
                if next < significant || *place == '0' {
                    out.push_str(digits.get(next..=next).unwrap_or("0"));
                } else if *place == '?' {
                    out.push(' ');
                }
                next += 1;
            }
            _ => {}
        }
    }
    if out.ends_with('.') {
        out.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(code: &str, number: &str, shown: &str) {
        assert_eq!(Format::new(code).show(number.parse().expect("number")), shown, "{code} {number}");
    }

    #[test]
    fn shows_as_excel_does() {
        for (code, number, shown) in [
            ("0", "12.5", "13"),
            ("#,##0.00", "1234567.891", "1,234,567.89"),
            ("#,##0.00", "-0.5", "-0.50"),
            ("0%", "0.123", "12%"),
            ("0.00%", "-0.2", "-20.00%"),
            ("000000", "1234", "001234"),
            ("#,##0_);(#,##0)", "-1200", "(1,200)"),
            ("_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ", "0", "-"),
            ("_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ", "-1234.5", "-1,234.50"),
            ("0!.0,", "12345", "1.2"),
            ("0.0,\"万\"", "12345", "12.3万"),
            ("0.###", "1.5", "1.5"),
            ("#.##", "3", "3"),
            ("[$¥-804]#,##0", "1000", "¥1,000"),
            ("[>=10000]0!.0000\"万\";0", "12345", "1.2345万"),
            ("[Red]0.0", "-2.25", "-2.3"),
            ("General", "12345678", "12345678"),
            ("0.00E+00", "12345678", "12345678"),
            ("\"第\"0\"号\"", "7", "第7号"),
        ] {
            check(code, number, shown);
        }
    }

    #[test]
    fn knows_dates_from_numbers() {
        for (code, moment) in [
            ("yyyy/m/d", true),
            ("yyyy\"年\"m\"月\"", true),
            ("[$-404]e/m/d", true),
            ("[h]:mm", true),
            ("#,##0", false),
            ("[Red]0.00", false),
            ("\"days\"0", false),
            ("0\\d", false),
            ("G/通用格式", false),
        ] {
            assert_eq!(Format::new(code).is_moment(), moment, "{code}");
        }
        assert!(Format::new("yyyy\"年\"m\"月\"").is_month());
        assert!(!Format::new("yyyy/m/d").is_month());
        assert!(Format::new("000000").is_padded() && !Format::new("0.000").is_padded());
        assert_eq!(Format::new("0.00,").hidden_thousands(), 1);
        assert!(Format::new("h:mm").is_time_only());
    }

    proptest! {
        #[test]
        fn no_code_panics(code in "[0#?,.%;\"\\\\_*!@GEymdhs\\[\\]>=a-f年 -]{0,24}", n in any::<i64>(), scale in 0u32..20) {
            let _ = Format::new(&code).show(Decimal::new(n, scale));
        }
    }
}
