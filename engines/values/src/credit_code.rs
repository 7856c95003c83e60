//! Unified social credit codes 统一社会信用代码, GB 32100-2015, and the organisation code 组织机构代码 inside, GB 11714-1997.
//!
//! Length, alphabet and the outer check character decide; everything else
//! (inner check, region, authority and kind) is only remarked, because
//! genuine codes were issued with an irregular inner part and regions change.
//! A code tells nothing of where a firm stands, how old or how large it is,
//! nor that it is a legal person: a branch has a `91…` code of its own.

use crate::region::{Regions, Standing};
use crate::unit::half_width;
use crate::{Finding, Lang, texts};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

/// The 31 characters of GB 32100; a character's value is its index.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// 3^(i−1) mod 31, GB 32100-2015.
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/// GB 11714-1997.
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// A code whose length, alphabet and check character are right. Sorts as text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CreditCode([u8; 18]);

/// Why a text is no credit code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreditCodeError {
    /// Nothing was written.
    #[error("没有填写统一社会信用代码")]
    Empty,
    /// 15 digits: the registration number 工商注册号 of before 2015.
    #[error("{0} 是 15 位工商注册号")]
    RegistrationNumber(String),
    /// 9 characters: an organisation code 组织机构代码 alone.
    #[error("{0} 是组织机构代码")]
    OrganisationCode(String),
    /// A spreadsheet turned an all-digit code into a number, so digits are lost.
    #[error("{0} 是数值，末几位已丢失")]
    Number(String),
    /// Not 18 characters.
    #[error("{text} 有 {length} 位，应为 18 位")]
    Length {
        /// As normalised.
        text: String,
        /// Its characters.
        length: usize,
    },
    /// A character that the standard leaves out (I O S V Z) or that is no letter or digit.
    #[error("{text} 的第 {position} 位“{character}”不在代码字符集内")]
    Alphabet {
        /// As normalised.
        text: String,
        /// From 1.
        position: usize,
        /// What stood there.
        character: char,
    },
    /// The last character does not follow from the others.
    #[error("{text} 的校验码应为 {expected}")]
    Check {
        /// As normalised.
        text: String,
        /// What the last character would have to be.
        expected: char,
    },
}

/// What is odd about a code that is nevertheless accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Oddity {
    /// The inner organisation code's check character is wrong (GB 11714).
    OrganisationCheck,
    /// The region part is in no list of GB/T 2260.
    UnknownRegion,
    /// No such pair of authority and kind is known. From memory (可信度 C): a note only.
    UnknownKind,
}

/// Brings a code to its plain form: half-width, upper case, without blanks, hyphens and invisible characters.
#[must_use]
pub fn normalise(text: &str) -> String {
    text.chars()
        .map(half_width)
        .filter(|c| {
            !c.is_whitespace() && !matches!(c, '-' | '‐' | '‑' | '–' | '—' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
        })
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

impl CreditCode {
    /// Reads a code as people write it.
    ///
    /// # Errors
    /// Why it is none, with what stood there after normalising.
    pub fn parse(text: &str) -> Result<Self, CreditCodeError> {
        let text = normalise(text);
        let length = text.chars().count();
        if length != 18 {
            return Err(wrong_length(text, length));
        }
        let mut code = [0u8; 18];
        for (i, character) in text.chars().enumerate() {
            match u8::try_from(character).ok().filter(|b| value(*b).is_some()) {
                Some(byte) => code[i] = byte,
                None if looks_like_a_number(&text) => return Err(CreditCodeError::Number(text)),
                None => return Err(CreditCodeError::Alphabet { text, position: i + 1, character }),
            }
        }
        let expected = check_character(&code);
        if code[17] != expected {
            return Err(CreditCodeError::Check { text, expected: char::from(expected) });
        }
        Ok(Self(code))
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
    /// Registering authority 登记管理部门, position 1.
    #[must_use]
    pub fn authority(&self) -> char {
        char::from(self.0[0])
    }
    /// Kind of body 机构类别, position 2.
    #[must_use]
    pub fn kind(&self) -> char {
        char::from(self.0[1])
    }
    /// Region of the registering office at the time of issue, GB/T 2260.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.as_str()[2..8]
    }
    /// Organisation code 组织机构代码 with its check character, 9 characters.
    #[must_use]
    pub fn organisation(&self) -> &str {
        &self.as_str()[8..17]
    }

    /// What is odd about it; empty for a plain code.
    #[must_use]
    pub fn oddities(&self) -> Vec<Oddity> {
        let mut found = Vec::new();
        if organisation_check(&self.organisation()[..8]).is_none_or(|c| !self.organisation().ends_with(c)) {
            found.push(Oddity::OrganisationCheck);
        }
        if Regions::china().standing(self.region()) == Standing::Unknown {
            found.push(Oddity::UnknownRegion);
        }
        if KINDS.pairs.get(&self.authority().to_string()).is_none_or(|kinds| !kinds.contains(self.kind())) {
            found.push(Oddity::UnknownKind);
        }
        found
    }
}

/// Check character of the first 17 characters; they must be of the alphabet.
fn check_character(code: &[u8; 18]) -> u8 {
    let sum: u32 = code.iter().zip(WEIGHTS).map(|(b, w)| value(*b).unwrap_or(0) * w).sum();
    // 31 − 0 wraps to 0: the standard never writes "31".
    ALPHABET[((31 - sum % 31) % 31) as usize]
}

fn value(byte: u8) -> Option<u32> {
    ALPHABET.iter().position(|a| *a == byte).and_then(|i| u32::try_from(i).ok())
}

/// Check character of the 8 body characters of an organisation code 组织机构代码 (GB 11714-1997); `None` if they are not 8 of 0–9, A–Z.
#[must_use]
pub fn organisation_check(body: &str) -> Option<char> {
    if body.len() != 8 || !body.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
        return None;
    }
    let sum: u32 = body.chars().zip(ORGANISATION_WEIGHTS).map(|(c, w)| c.to_digit(36).unwrap_or(0) * w).sum();
    Some(match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10)?,
    })
}

/// A spreadsheet's way of writing a long number: `9.162E+17`, or digits with a point.
fn looks_like_a_number(text: &str) -> bool {
    text.contains('.')
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'E' | '+'))
        && text.starts_with(|c: char| c.is_ascii_digit())
}

fn wrong_length(text: String, length: usize) -> CreditCodeError {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    match length {
        0 => CreditCodeError::Empty,
        _ if looks_like_a_number(&text) => CreditCodeError::Number(text),
        15 if digits => CreditCodeError::RegistrationNumber(text),
        9 if text.is_ascii() && organisation_check(&text[..8]).is_some_and(|c| text.ends_with(c)) => {
            CreditCodeError::OrganisationCode(text)
        }
        _ => CreditCodeError::Length { text, length },
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kinds {
    #[allow(dead_code, reason = "kept with the data for whoever edits it")]
    source: String,
    #[allow(dead_code, reason = "kept with the data for whoever edits it")]
    valid_from: String,
    #[allow(dead_code, reason = "kept with the data for whoever edits it")]
    confidence: String,
    pairs: BTreeMap<String, String>,
}

static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../definitions/codes/credit_code_kinds.toml")).expect("embedded, and read by a test")
});

/// Reads a code and says everything about it as findings, in `lang`: an error keeps it out, the rest is for somebody to look at.
#[must_use]
pub fn check(text: &str, lang: Lang) -> (Option<CreditCode>, Vec<Finding>) {
    match CreditCode::parse(text) {
        Err(error) => {
            let expected = match &error {
                CreditCodeError::Check { expected, .. } => expected.to_string(),
                CreditCodeError::Alphabet { position, .. } => position.to_string(),
                CreditCodeError::Length { length, .. } => length.to_string(),
                _ => String::new(),
            };
            (None, vec![say(Finding::error(error.rule()), text, &expected, lang)])
        }
        Ok(code) => {
            let found = code.oddities().into_iter().map(|oddity| match oddity {
                Oddity::OrganisationCheck => {
                    let right = organisation_check(&code.organisation()[..8]).map(String::from).unwrap_or_default();
                    say(Finding::warning(oddity.rule()), code.as_str(), &right, lang)
                }
                Oddity::UnknownRegion => say(Finding::warning(oddity.rule()), code.as_str(), code.region(), lang),
                Oddity::UnknownKind => say(Finding::note(oddity.rule()), code.as_str(), &code.as_str()[..2], lang),
            });
            (Some(code), found.collect())
        }
    }
}

fn say(finding: Finding, found: &str, detail: &str, lang: Lang) -> Finding {
    let text = |part: &str| texts().get(lang, &format!("{}.{part}", finding.rule), &[("found", found), ("detail", detail)]);
    let (expected, remedy) = (text("expected"), text("remedy"));
    finding.found(found).expected(expected).remedy(remedy)
}

impl CreditCodeError {
    /// Stable id of the finding.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Empty => "credit_code.empty",
            Self::RegistrationNumber(_) => "credit_code.registration_number",
            Self::OrganisationCode(_) => "credit_code.organisation_code",
            Self::Number(_) => "credit_code.number",
            Self::Length { .. } => "credit_code.length",
            Self::Alphabet { .. } => "credit_code.alphabet",
            Self::Check { .. } => "credit_code.check",
        }
    }
}

impl Oddity {
    /// Stable id of the finding.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Self::OrganisationCheck => "credit_code.organisation_check",
            Self::UnknownRegion => "credit_code.unknown_region",
            Self::UnknownKind => "credit_code.unknown_kind",
        }
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CreditCode({})", self.as_str())
    }
}
