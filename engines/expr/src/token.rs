//! Tokens 词: numbers with their units, dates, periods, texts, names, signs.
//!
//! Full-width signs and the Chinese words of clauses (且, 不低于, 超过 …) are
//! read as what they mean. 以上 and 不低于 include the number, 超过 does not
//! (民法典 art. 1259).

use crate::measure::Measure;
use crate::problem::{Problem, Span};
use rust_decimal::Decimal;
use std::str::FromStr;
use values::unit::half_width;
use values::{Date, Period};

/// A word or sign of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Open,
    Close,
    OpenList,
    CloseList,
    Comma,
    Plus,
    Minus,
    Times,
    Over,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    And,
    Or,
    Not,
    In,
    Is,
    Missing,
    True,
    False,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    Number(Decimal, Option<Measure>),
    Text(String),
    Date(Date),
    Period(Period),
    Name(String),
    Sign(Sign),
    End,
}

/// Words that are no names, as written.
const WORDS: &[(&str, Sign)] = &[
    ("and", Sign::And),
    ("且", Sign::And),
    ("并且", Sign::And),
    ("or", Sign::Or),
    ("或", Sign::Or),
    ("或者", Sign::Or),
    ("not", Sign::Not),
    ("非", Sign::Not),
    ("in", Sign::In),
    ("属于", Sign::In),
    ("is", Sign::Is),
    ("missing", Sign::Missing),
    ("缺失", Sign::Missing),
    ("true", Sign::True),
    ("是", Sign::True),
    ("false", Sign::False),
    ("否", Sign::False),
    ("等于", Sign::Eq),
    ("不等于", Sign::Ne),
    ("不低于", Sign::Ge),
    ("不少于", Sign::Ge),
    ("不小于", Sign::Ge),
    ("至少", Sign::Ge),
    ("达到", Sign::Ge),
    ("不超过", Sign::Le),
    ("不高于", Sign::Le),
    ("不多于", Sign::Le),
    ("不大于", Sign::Le),
    ("至多", Sign::Le),
    ("超过", Sign::Gt),
    ("大于", Sign::Gt),
    ("高于", Sign::Gt),
    ("多于", Sign::Gt),
    ("低于", Sign::Lt),
    ("小于", Sign::Lt),
    ("少于", Sign::Lt),
    ("不足", Sign::Lt),
];

/// True if the text is a word of the language and so cannot be a name.
#[must_use]
pub fn is_word(text: &str) -> bool {
    WORDS.iter().any(|(w, _)| *w == text)
}

/// Cuts a source into tokens; the last one is [`Token::End`].
pub(crate) fn tokens(source: &str) -> Result<Vec<(Token, Span)>, Problem> {
    let raw: Vec<char> = source.chars().collect();
    let half: Vec<char> = raw.iter().map(|c| half_width(*c)).collect();
    let mut cutter = Cutter { raw, half, at: 0, out: Vec::new() };
    while cutter.at < cutter.half.len() {
        cutter.next()?;
    }
    let end = cutter.at;
    cutter.out.push((Token::End, Span::new(end, end)));
    Ok(cutter.out)
}

struct Cutter {
    raw: Vec<char>,
    half: Vec<char>,
    at: usize,
    out: Vec<(Token, Span)>,
}

impl Cutter {
    fn peek(&self, ahead: usize) -> char {
        self.half.get(self.at + ahead).copied().unwrap_or('\0')
    }
    fn push(&mut self, token: Token, length: usize) {
        self.out.push((token, Span::new(self.at, self.at + length)));
        self.at += length;
    }
    fn text(&self, from: usize, to: usize) -> String {
        self.half[from..to].iter().collect()
    }

    fn next(&mut self) -> Result<(), Problem> {
        let c = self.peek(0);
        if c.is_whitespace() {
            self.at += 1;
            return Ok(());
        }
        if c.is_ascii_digit() || c == '.' && self.peek(1).is_ascii_digit() {
            return self.number();
        }
        if let Some(close) = closing_quote(c) {
            return self.quoted(close);
        }
        if is_name_start(c) {
            return self.name();
        }
        let two = match (c, self.peek(1)) {
            ('=', '=') => Some(Sign::Eq),
            ('!', '=') | ('<', '>') => Some(Sign::Ne),
            ('<', '=') => Some(Sign::Le),
            ('>', '=') => Some(Sign::Ge),
            ('&', '&') => Some(Sign::And),
            ('|', '|') => Some(Sign::Or),
            _ => None,
        };
        if let Some(sign) = two {
            self.push(Token::Sign(sign), 2);
            return Ok(());
        }
        let sign = match c {
            '(' => Sign::Open,
            ')' => Sign::Close,
            '[' | '【' => Sign::OpenList,
            ']' | '】' => Sign::CloseList,
            ',' | '、' => Sign::Comma,
            '+' => Sign::Plus,
            '-' | '−' | '–' => Sign::Minus,
            '*' | '×' | '·' => Sign::Times,
            '/' | '÷' => Sign::Over,
            '=' => Sign::Eq,
            '<' => Sign::Lt,
            '>' => Sign::Gt,
            '≤' | '⩽' | '≦' => Sign::Le,
            '≥' | '⩾' | '≧' => Sign::Ge,
            '≠' => Sign::Ne,
            '!' => Sign::Not,
            _ => return Err(Problem::new("expr.stray_character", Span::new(self.at, self.at + 1)).with("found", self.raw[self.at])),
        };
        self.push(Token::Sign(sign), 1);
        Ok(())
    }

    fn quoted(&mut self, close: char) -> Result<(), Problem> {
        let from = self.at + 1;
        let Some(length) = self.half[from..].iter().position(|c| *c == close) else {
            return Err(Problem::new("expr.open_quote", Span::new(self.at, self.half.len())));
        };
        let text: String = self.raw[from..from + length].iter().collect();
        self.push(Token::Text(text), length + 2);
        Ok(())
    }

    fn name(&mut self) -> Result<(), Problem> {
        let mut end = self.at + 1;
        while end < self.half.len() {
            let c = self.half[end];
            let dot = c == '.' && self.half.get(end + 1).is_some_and(|n| is_name_start(*n));
            if !is_name_start(c) && !c.is_ascii_digit() && !dot {
                break;
            }
            end += 1;
        }
        let text = self.text(self.at, end);
        let token = match WORDS.iter().find(|(w, _)| *w == text) {
            Some((_, sign)) => Token::Sign(*sign),
            None => Token::Name(text),
        };
        self.push(token, end - self.at);
        Ok(())
    }

    fn number(&mut self) -> Result<(), Problem> {
        if let Some((token, length)) = self.date_or_period()? {
            self.push(token, length);
            return Ok(());
        }
        let mut end = self.at;
        let mut seen_point = false;
        while end < self.half.len() {
            let c = self.half[end];
            let point = c == '.' && !seen_point && self.half.get(end + 1).is_some_and(char::is_ascii_digit);
            let gap = c == '_' && self.half.get(end + 1).is_some_and(char::is_ascii_digit);
            if !c.is_ascii_digit() && !point && !gap {
                break;
            }
            seen_point |= point;
            end += 1;
        }
        let digits: String = self.half[self.at..end].iter().filter(|c| **c != '_').collect();
        let digits = if digits.starts_with('.') { format!("0{digits}") } else { digits };
        let value = Decimal::from_str_exact(&digits)
            .map_err(|_| Problem::new("expr.number_too_long", Span::new(self.at, end)).with("found", &digits))?;
        let (unit, end) = match self.unit(end) {
            Some((unit, end)) => (Some(unit), end),
            None => (None, end),
        };
        self.push(Token::Number(value, unit), end - self.at);
        Ok(())
    }

    /// A date or period that begins here, and its length.
    fn date_or_period(&self) -> Result<Option<(Token, usize)>, Problem> {
        let digit = |i: usize| self.peek(i).is_ascii_digit();
        if !(0..4).all(digit) || digit(4) {
            return Ok(None);
        }
        let year: i32 = self.text(self.at, self.at + 4).parse().unwrap_or(0);
        if !(1900..2200).contains(&year) {
            return Ok(None);
        }
        match self.peek(4) {
            '年' => self.chinese_date(year).map(Some),
            '-' if digit(5) && digit(6) && !digit(7) => self.dashed(year).map(Some),
            'H' | 'Q' if digit(5) && !digit(6) && !is_name_start(self.peek(6)) => self.period_of_length(6).map(Some),
            '.' if self.peek(5) == '.' && (6..10).all(digit) => self.period_of_length(10).map(Some),
            _ => Ok(None),
        }
    }

    fn dashed(&self, year: i32) -> Result<(Token, usize), Problem> {
        let digit = |i: usize| self.peek(i).is_ascii_digit();
        let two = |i: usize| self.text(self.at + i, self.at + i + 2).parse::<i8>().unwrap_or(0);
        if self.peek(7) == '-' && digit(8) && digit(9) && !digit(10) {
            return self.date(year, two(5), two(8), 10);
        }
        if self.peek(7) == '.' && self.peek(8) == '.' && digit(9) && digit(10) {
            let long = digit(11) && digit(12) && self.peek(13) == '-' && digit(14) && digit(15);
            return self.period_of_length(if long { 16 } else { 11 });
        }
        self.period_of_length(7)
    }

    fn date(&self, year: i32, month: i8, day: i8, length: usize) -> Result<(Token, usize), Problem> {
        let wrong = || {
            let span = Span::new(self.at, self.at + length);
            Problem::new("expr.no_such_date", span).with("found", self.text(self.at, self.at + length))
        };
        let year = i16::try_from(year).map_err(|_| wrong())?;
        Date::new(year, month, day).map(|date| (Token::Date(date), length)).map_err(|_| wrong())
    }

    fn period_of_length(&self, length: usize) -> Result<(Token, usize), Problem> {
        let text = self.text(self.at, (self.at + length).min(self.half.len()));
        Period::from_str(&text)
            .map(|p| (Token::Period(p), length))
            .map_err(|_| Problem::new("expr.no_such_period", Span::new(self.at, self.at + length)).with("found", &text))
    }

    /// `2026年4月1日`, `2026年4月`, `2026年1-10月`, `2026年上半年`, `2026年`.
    fn chinese_date(&self, year: i32) -> Result<(Token, usize), Problem> {
        let allowed = |c: char| c.is_ascii_digit() || "年月日上下半前两二三四一季度至-—–Q".contains(c);
        let mut run: usize = 5;
        while allowed(self.peek(run)) {
            run += 1;
        }
        let text = self.text(self.at, self.at + run);
        if let Some(end) = text.chars().position(|c| c == '日') {
            let parts: String = text.chars().take(end).map(|c| if c.is_ascii_digit() { c } else { ' ' }).collect();
            let numbers: Vec<i8> = parts.split_whitespace().skip(1).filter_map(|p| p.parse().ok()).collect();
            if let [month, day] = numbers[..] {
                return self.date(year, month, day, end + 1);
            }
        }
        for length in (5..=run).rev() {
            if let Ok(period) = Period::from_str(&self.text(self.at, self.at + length)) {
                return Ok((Token::Period(period), length));
            }
        }
        Err(Problem::new("expr.no_such_period", Span::new(self.at, self.at + run)).with("found", text))
    }

    /// The unit that follows a number, and where it ends; blanks before it are allowed.
    fn unit(&self, after: usize) -> Option<(Measure, usize)> {
        let mut from = after;
        while self.half.get(from).is_some_and(|c| *c == ' ') {
            from += 1;
        }
        let (first, end) = self.one_unit(from)?;
        if self.half.get(end) == Some(&'/')
            && let Some((second, last)) = self.one_unit(end + 1)
        {
            let both = Measure::parse(&format!("{first}/{second}"))?;
            return Some((both, last));
        }
        Some((Measure::parse(&first)?, end))
    }

    /// The longest beginning of the word at `from` that is a unit.
    fn one_unit(&self, from: usize) -> Option<(String, usize)> {
        let mut end = from;
        while let Some(c) = self.half.get(end) {
            let power = c.is_ascii_digit() && end > from && self.half[end - 1] == 'm';
            if !(c.is_alphabetic() || "%‰²³·℃°$_".contains(*c) || power) {
                break;
            }
            end += 1;
        }
        if is_word(&self.text(from, end)) {
            return None;
        }
        (from + 1..=end).rev().find_map(|stop| {
            let cut_in_latin =
                stop < self.half.len() && is_latin(self.half[stop - 1]) && (is_latin(self.half[stop]) || self.half[stop].is_ascii_digit());
            let text = self.text(from, stop);
            (!cut_in_latin && !text.contains('/') && Measure::parse(&text).is_some()).then_some((text, stop))
        })
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn closing_quote(c: char) -> Option<char> {
    match c {
        '"' => Some('"'),
        '\'' => Some('\''),
        '“' => Some('”'),
        '‘' => Some('’'),
        '「' => Some('」'),
        '《' => Some('》'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &str) {
        let got = match tokens(source) {
            Ok(list) => list[..list.len() - 1]
                .iter()
                .map(|(t, _)| match t {
                    Token::Number(n, None) => n.to_string(),
                    Token::Number(n, Some(u)) => format!("{n}<{u}>"),
                    Token::Text(t) => format!("'{t}'"),
                    Token::Date(d) => format!("d{d}"),
                    Token::Period(p) => format!("p{p}"),
                    Token::Name(n) => n.clone(),
                    Token::Sign(s) => format!("{s:?}"),
                    Token::End => String::new(),
                })
                .collect::<Vec<_>>()
                .join(" "),
            Err(problem) => format!("{} {}..{}", problem.rule, problem.span.start, problem.span.end),
        };
        assert_eq!(got, expected, "{source}");
    }

    #[test]
    fn numbers_take_their_units() {
        check("2000 万元", "2000<万元>");
        check("70%", "70<%>");
        check("２００万元／亩", "200<万元/亩>");
        check("5 万元/t", "5<万元/t>");
        check("5 万元 / t", "5<万元> Over t");
        check("3 and x", "3 And x");
        check("100万元且b", "100<万元> 且b");
        check("100万元 且 b", "100<万元> And b");
        check("3 tonnes", "3 tonnes");
        check("1_000.50 m3/h", "1000.50<m³/h>");
        check("0.5 tce/万元", "0.5<tce/万元>");
    }

    #[test]
    fn dates_and_periods() {
        check("2026-04-01", "d2026-04-01");
        check("2026年4月1日", "d2026-04-01");
        check("2025-02-30", "expr.no_such_date 0..10");
        check("2025-13", "expr.no_such_period 0..7");
        check("2025H1 2025Q3 2025-07 2025-01..10 2021..2025", "p2025H1 p2025Q3 p2025-07 p2025-01..10 p2021-2025");
        check("2024-11..2025-02", "p2024-11..2025-02");
        check("2025年1-10月", "p2025-01..10");
        check("2025年", "p2025");
        check("2000 - 10", "2000 Minus 10");
        check("2000-100", "2000 Minus 100");
    }

    #[test]
    fn chinese_signs_and_words() {
        check("营业收入 不低于 2000万元", "营业收入 Ge 2000<万元>");
        check("（a ≥ 1）", "Open a Ge 1 Close");
        check("x in [“C”、'D']", "x In OpenList 'C' Comma 'D' CloseList");
        check("a & b", "expr.stray_character 2..3");
        check("a = \"b", "expr.open_quote 4..6");
        check("gdp.growth > .5", "gdp.growth Gt 0.5");
    }
}
