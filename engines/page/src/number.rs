//! Numbers on a page: one side of a figure, a count with a link, a field with its place.
//!
//! Printed as the field reads them: thousands comma, true minus `−`, growth as
//! `↑9.2%`, differences of rates in 百分点, a blank as a word and never as 0.

use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::sync::LazyLock;
use values::fixed::round;
use values::{Figure, Lang, Place, Texts};

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::parse(include_str!("texts.toml")).unwrap_or_default());

/// The word of `key` in this crate's table, for the drawing layers.
#[must_use]
pub fn word(lang: Lang, key: &str) -> String {
    TEXTS.get(lang, key, &[])
}

/// Which side of a figure is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Aspect {
    /// The value.
    #[default]
    Value,
    /// The value with its sign always: contributions, differences.
    Signed,
    /// Growth on the year before: `↑9.2%`.
    Growth,
    /// The target it is held against.
    Target,
    /// Completion of the target, in %.
    Completion,
    /// Completion minus 序时进度, in 百分点, with its sign.
    Pace,
    /// The same without sign: the words around it say 慢于 or 快于.
    Gap,
}

/// How much weight a number has on its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Look {
    /// As the words around it.
    #[default]
    Plain,
    /// Bold.
    Strong,
    /// Bold with the corner: a number that decides.
    Key,
    /// Middle size.
    Mid,
    /// Middle size with the corner.
    MidKey,
    /// The page's main number.
    Big,
}

/// One side of a figure, as printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// The figure.
    pub figure: Box<Figure>,
    /// Which side of it.
    pub aspect: Aspect,
    /// Its weight.
    pub look: Look,
    /// Why it is older than its cycle, if it is; printed grey.
    pub stale: Option<String>,
    /// Where it leads, if not to the figure's own page.
    pub href: Option<String>,
}

impl From<Figure> for Number {
    fn from(figure: Figure) -> Self {
        Self { figure: Box::new(figure), aspect: Aspect::Value, look: Look::Plain, stale: None, href: None }
    }
}

impl From<&Figure> for Number {
    fn from(figure: &Figure) -> Self {
        Self::from(figure.clone())
    }
}

impl Number {
    /// One side of `figure`.
    #[must_use]
    pub fn of(figure: &Figure, aspect: Aspect) -> Self {
        Self { aspect, ..Self::from(figure) }
    }
    /// With this weight.
    #[must_use]
    pub fn look(mut self, look: Look) -> Self {
        self.look = look;
        self
    }
    /// Older than its cycle, and why.
    #[must_use]
    pub fn stale(mut self, why: impl Into<String>) -> Self {
        self.stale = Some(why.into());
        self
    }
    /// Leads here instead of to the figure's page.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// Where a click leads: [`figure_href`] unless said otherwise. None if the
    /// figure has neither handle nor link (it then has no lineage).
    #[must_use]
    pub fn link(&self) -> Option<String> {
        self.href.clone().or_else(|| figure_href(&self.figure))
    }

    /// The printed side as a number, in its printed unit; none where there is none.
    #[must_use]
    pub fn amount(&self) -> Option<Decimal> {
        match self.aspect {
            Aspect::Value | Aspect::Signed => shown_value(&self.figure),
            Aspect::Growth => self.figure.growth.as_ref().map(|g| g.value),
            Aspect::Target => self.figure.target.as_ref().and_then(|t| t.value),
            Aspect::Completion => self.figure.target.as_ref().and_then(|t| t.completion),
            Aspect::Pace => self.figure.target.as_ref().and_then(|t| t.pace),
            Aspect::Gap => self.figure.target.as_ref().and_then(|t| t.pace).map(|p| p.abs()),
        }
    }

    /// Up, down or level, of what is printed (so 0.04 % is level).
    #[must_use]
    pub fn direction(&self) -> Option<Ordering> {
        self.amount().map(|a| round(a, 1).cmp(&Decimal::ZERO))
    }

    /// The printed text, without unit for values and targets; `—` where this
    /// side does not exist, the reason's word where it is not given.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let Some(amount) = self.amount() else { return self.absent(lang) };
        match self.aspect {
            Aspect::Value => format!("{}{}", bound_sign(&self.figure.bound, lang), grouped(&self.figure.display)),
            Aspect::Signed => signed_text(&self.figure.display),
            Aspect::Growth => growth_text(amount, self.figure.growth.as_ref().map_or("%", |g| g.unit), lang),
            Aspect::Target => self.target_text(lang),
            Aspect::Completion | Aspect::Gap => grouped(&fixed_text(amount, 1)),
            Aspect::Pace => signed_text(&fixed_text(amount, 1)),
        }
    }

    /// The unit that is printed after [`Number::text`]; empty where the text holds it.
    #[must_use]
    pub fn unit(&self, lang: Lang) -> String {
        if self.amount().is_none() {
            return String::new();
        }
        match self.aspect {
            Aspect::Value | Aspect::Signed => self.figure.display_unit.clone(),
            Aspect::Growth => String::new(),
            Aspect::Target => self.figure.target.as_ref().map_or_else(String::new, |t| t.unit.clone()),
            Aspect::Completion => "%".to_owned(),
            Aspect::Pace | Aspect::Gap => word(lang, "points").trim().to_owned(),
        }
    }

    /// The word that says the value is not final: 推算, 预计, 快报; none if it is.
    #[must_use]
    pub fn status(&self, lang: Lang) -> Option<String> {
        let key = format!("status.{}", self.figure.status);
        (self.aspect == Aspect::Value && self.figure.value.is_some() && TEXTS.has(&key)).then(|| word(lang, &key))
    }

    /// A target with the digits of the value beside it, bound and words as they were set.
    fn target_text(&self, lang: Lang) -> String {
        let Some(target) = &self.figure.target else { return "—".to_owned() };
        let Some(value) = target.value else { return target.text.clone() };
        let digits = self.figure.display.rsplit_once('.').map_or(0, |(_, d)| u32::try_from(d.len()).unwrap_or(0));
        let digits = digits.max(value.normalize().scale().min(2));
        let sign = if target.bound == "ge" { "" } else { bound_sign(&target.bound, lang) };
        format!("{sign}{}", grouped(&fixed_text(value, digits)))
    }

    fn absent(&self, lang: Lang) -> String {
        match self.aspect {
            Aspect::Value | Aspect::Signed => match self.figure.reason {
                Some(reason) => word(lang, &format!("reason.{}", reason.key())),
                // A value in words: "基本持平", a range.
                None if !self.figure.display.is_empty() => self.figure.display.clone(),
                None => "—".to_owned(),
            },
            Aspect::Target if self.figure.target.as_ref().is_some_and(|t| !t.text.is_empty()) => self.target_text(lang),
            _ => "—".to_owned(),
        }
    }
}

/// A count of rows with the link to those rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Count {
    /// How many.
    pub value: i64,
    /// What is counted: 家, 行, 条.
    pub unit: String,
    /// Where the rows are listed.
    pub href: String,
    /// Its weight.
    pub look: Look,
}

impl Count {
    /// `value` rows that `href` lists.
    #[must_use]
    pub fn new(value: i64, href: impl Into<String>) -> Self {
        Self { value, href: href.into(), ..Self::default() }
    }
    /// Says what is counted.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }
    /// With this weight.
    #[must_use]
    pub fn look(mut self, look: Look) -> Self {
        self.look = look;
        self
    }
    /// As printed, without unit.
    #[must_use]
    pub fn text(&self) -> String {
        grouped(&self.value.to_string())
    }
}

/// A number that a record holds (area, capital …): no metric, but a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The value in `unit`.
    pub value: Decimal,
    /// Digits after the point that are printed.
    pub digits: u32,
    /// Its unit.
    pub unit: String,
    /// Where it came from.
    pub place: Place,
    /// Leads to the record's field: its history, its cell.
    pub href: String,
}

impl Held {
    /// As printed, without unit.
    #[must_use]
    pub fn text(&self) -> String {
        grouped(&fixed_text(self.value, self.digits))
    }
}

/// The address of a figure's own page: definition, trend, lineage.
#[must_use]
pub fn figure_href(figure: &Figure) -> Option<String> {
    (!figure.handle.is_empty()).then(|| format!("/figure/{}", escape_path(&figure.handle)))
}

/// Percent-encodes everything but unreserved characters (RFC 3986 §2.3), `:` too kept.
#[must_use]
pub fn escape_path(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Value in the printed unit: converted where both units are known, else what is printed.
fn shown_value(figure: &Figure) -> Option<Decimal> {
    let value = figure.value?;
    if figure.unit == figure.display_unit {
        return Some(value);
    }
    let units = values::unit::find(&figure.unit).zip(values::unit::find(&figure.display_unit));
    units
        .and_then(|(from, to)| values::unit::convert(value, from, to))
        .or_else(|| Decimal::from_str_exact(&figure.display.replace(',', "").replace('−', "-")).ok())
}

fn bound_sign(bound: &str, lang: Lang) -> &'static str {
    match (bound, lang) {
        ("ge", _) => "≥",
        ("gt", _) => ">",
        ("le", _) => "≤",
        ("lt", _) => "<",
        ("about", Lang::Zh) => "约 ",
        ("about", Lang::En) => "about ",
        _ => "",
    }
}

/// Growth as printed: `↑9.2%`, `↓3.1%`, `↑1.2 个百分点`, 持平.
#[must_use]
pub fn growth_text(value: Decimal, unit: &str, lang: Lang) -> String {
    let rounded = round(value, 1);
    if rounded.is_zero() {
        return word(lang, "growth.flat");
    }
    let arrow = if rounded.is_sign_negative() { '↓' } else { '↑' };
    let number = grouped(&fixed_text(rounded.abs(), 1));
    match (unit, lang) {
        ("%", _) => format!("{arrow}{number}%"),
        (_, Lang::Zh) => format!("{arrow}{number} {}", word(lang, "points")),
        (_, Lang::En) => format!("{arrow}{number}{}", word(lang, "points")),
    }
}

/// Exactly `digits` digits after the point, rounded half away from zero.
#[must_use]
pub fn fixed_text(value: Decimal, digits: u32) -> String {
    let mut rounded = round(value, digits);
    rounded.rescale(digits);
    if rounded.is_zero() {
        rounded.set_sign_positive(true);
    }
    rounded.to_string()
}

/// With its sign always: `+4.3`, `−1.5`, `0.0`.
#[must_use]
pub fn signed_text(text: &str) -> String {
    let is_zero = !text.bytes().any(|b| (b'1'..=b'9').contains(&b));
    let unsigned = text.starts_with(|c: char| c.is_ascii_digit());
    if unsigned && !is_zero { format!("+{}", grouped(text)) } else { grouped(text) }
}

/// Thousands commas and a true minus in a plain decimal; other text as it is.
#[must_use]
pub fn grouped(text: &str) -> String {
    let (sign, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => ("−", rest),
        None => ("", text),
    };
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let plain = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !fraction.is_none_or(plain) {
        return text.to_owned();
    }
    let mut out = String::from(sign);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use values::{Confidence, Growth, GrowthKind, Period, Reason, TargetPart};

    fn figure(value: &str, display: &str) -> Figure {
        Figure {
            metric: "gross_industrial_output".into(),
            label: "规上工业总产值".into(),
            zone: "demo".into(),
            subject: "zone".into(),
            slice: None,
            period: Period::year(2025).unwrap(),
            scenario: "actual".into(),
            source: "enterprise".into(),
            value: Decimal::from_str_exact(value).ok(),
            unit: "万元".into(),
            display: display.into(),
            display_unit: "亿元".into(),
            bound: "eq".into(),
            status: "final".into(),
            growth: None,
            target: None,
            filed: None,
            estimated: None,
            as_of: None,
            seq: 1,
            handle: "f1:ab/c".into(),
            confidence: Confidence::A,
            reason: None,
        }
    }
    fn d(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    #[test]
    fn prints_a_value_as_the_field_reads_it() {
        let number = Number::from(figure("8063958.14", "1180.0"));
        assert_eq!(number.text(Lang::Zh), "1,180.0");
        assert_eq!(number.unit(Lang::Zh), "亿元");
        assert_eq!(number.amount(), Some(d("806.395814")));
        assert_eq!(number.link().as_deref(), Some("/figure/f1:ab%2Fc"));
        let above = Figure { bound: "ge".into(), ..figure("1", "1000") };
        assert_eq!(Number::from(above).text(Lang::Zh), "≥1,000");
        assert_eq!(Number::from(figure("-31204", "-3.1")).text(Lang::Zh), "−3.1");
    }

    #[test]
    fn a_blank_is_a_word() {
        let blank = Figure { value: None, display: String::new(), reason: Some(Reason::NotFiled), ..figure("", "") };
        let number = Number::from(&blank);
        assert_eq!((number.text(Lang::Zh), number.text(Lang::En)), ("未报".into(), "not filed".into()));
        assert_eq!(number.unit(Lang::Zh), "");
        assert_eq!(Number::of(&blank, Aspect::Growth).text(Lang::Zh), "—");
        for reason in [
            Reason::NotFiled,
            Reason::NoTarget,
            Reason::Hidden,
            Reason::Secret,
            Reason::NotAnnounced,
            Reason::NoBase,
            Reason::NotComputable,
        ] {
            assert_eq!(word(Lang::Zh, &format!("reason.{}", reason.key())), reason.word());
        }
    }

    #[test]
    fn growth_target_completion_pace() {
        let mut f = figure("8063958.14", "806.4");
        f.growth = Some(Growth { how: GrowthKind::Listed, value: d("9.2048"), unit: "%" });
        f.target = Some(TargetPart {
            value: Some(d("1180")),
            unit: "亿元".into(),
            bound: "ge".into(),
            text: String::new(),
            completion: Some(d("68.3386")),
            pace: Some(d("1.672")),
        });
        let text = |aspect| Number::of(&f, aspect).text(Lang::Zh);
        assert_eq!(text(Aspect::Growth), "↑9.2%");
        assert_eq!(text(Aspect::Target), "1,180.0");
        assert_eq!(text(Aspect::Completion), "68.3");
        assert_eq!(text(Aspect::Pace), "+1.7");
        assert_eq!(Number::of(&f, Aspect::Pace).unit(Lang::En), "pp");
        assert_eq!(growth_text(d("-3.14"), "%", Lang::Zh), "↓3.1%");
        assert_eq!(growth_text(d("1.2"), "百分点", Lang::Zh), "↑1.2 个百分点");
        assert_eq!(growth_text(d("0.04"), "%", Lang::Zh), "持平");
        assert_eq!(growth_text(d("-0.04"), "%", Lang::En), "unchanged");
    }

    #[test]
    fn status_is_said_in_words() {
        let carried = Figure { status: "carried".into(), ..figure("1", "1") };
        assert_eq!(Number::from(&carried).status(Lang::Zh).as_deref(), Some("推算"));
        assert_eq!(Number::from(figure("1", "1")).status(Lang::Zh), None);
    }

    #[test]
    fn signs() {
        assert_eq!(signed_text("4.3"), "+4.3");
        assert_eq!(signed_text("-1.5"), "−1.5");
        assert_eq!(signed_text("0.0"), "0.0");
        assert_eq!(fixed_text(d("-0.04"), 1), "0.0");
        assert_eq!(grouped("1-2月"), "1-2月");
        assert_eq!(grouped("-"), "-");
    }

    #[test]
    fn all_texts_are_in_both_languages() {
        assert_eq!(TEXTS.untranslated().collect::<Vec<_>>(), Vec::<&str>::new());
        assert!(TEXTS.has("points"));
    }

    proptest! {
        #[test]
        fn grouping_loses_no_digit(mantissa in any::<i64>(), scale in 0u32..9) {
            let plain = Decimal::new(mantissa, scale).to_string();
            let back = grouped(&plain).replace(',', "").replace('−', "-");
            prop_assert_eq!(back, plain);
        }
        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = (grouped(&text), signed_text(&text), escape_path(&text));
        }
    }
}
