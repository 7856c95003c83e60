//! One subject seen by one book 一案: values by kind, on a day.

use crate::book::{Book, Fact, FactKind, Occasion, Slot, Take};
use crate::facts::{Given, Subject};
use crate::read::section::read_date;
use crate::say;
use expr::{Held, Kind, Value, Values};
use rust_decimal::Decimal;
use std::str::FromStr;
use values::figure::Reason;
use values::{Date, Findings, Lang, Period, Severity};

/// When and for what a book is applied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct When {
    /// The day of application; none: the books' days are not looked at, and the last full year is the latest known.
    pub day: Option<Date>,
    /// First application or review.
    pub occasion: Occasion,
    /// The last full year, where not the year before `day`.
    pub last_year: Option<i32>,
}

/// One value, read by its kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The period it speaks of.
    pub period: Option<Period>,
    /// The value; none for a blank, which is not a zero.
    pub value: Option<Held>,
    /// Where it came from.
    pub place: String,
    /// Link: first and last day.
    pub(crate) link: Option<(Option<Date>, Option<Date>)>,
}

/// One subject, bound to one book.
#[derive(Debug, Clone)]
pub struct Case<'b> {
    /// The book.
    pub book: &'b Book,
    /// Name of the subject.
    pub subject: String,
    /// When.
    pub when: When,
    /// By fact of the book.
    pub entries: Vec<Vec<Entry>>,
    last_year: i32,
}

impl<'b> Case<'b> {
    /// Reads what the book asks for out of what is known; what cannot be read is a finding and stays missing.
    #[must_use]
    pub fn bind(book: &'b Book, subject: &Subject, when: When, lang: Lang, findings: &mut Findings) -> Self {
        let mut entries = Vec::with_capacity(book.facts.len());
        for fact in &book.facts {
            let given = subject.given.get(&fact.key).map_or(&[][..], Vec::as_slice);
            let mut list: Vec<Entry> = given.iter().map(|g| read(fact, g, lang, findings)).collect();
            list.sort_by_key(|e| e.period.map(|p| (p.last(), p.first())));
            entries.push(list);
        }
        for key in subject.given.keys().filter(|k| book.fact(k).is_none()) {
            if let Some(near) = say::nearest(key, book.facts.iter().map(|f| f.key.as_str()))
                && !subject.given.contains_key(near)
            {
                let note = say::finding(Severity::Warning, lang, "facts.unknown_key", &[("found", key), ("near", near)]);
                findings.push(note.at(subject.name.clone()).field(key));
            }
        }
        let latest = || entries.iter().flatten().filter_map(|e| e.period).map(Period::last_year).max();
        let last_year = when.last_year.or(when.day.map(|d| i32::from(d.year()) - 1)).or_else(latest).unwrap_or(0);
        Self { book, subject: subject.name.clone(), when, entries, last_year }
    }

    /// The last full year.
    #[must_use]
    pub fn last_year(&self) -> i32 {
        self.last_year
    }

    /// The entry that holds a fact's value of so many years ago.
    #[must_use]
    pub fn entry(&self, fact: usize, back: u32) -> Option<&Entry> {
        let list = self.entries.get(fact)?;
        let year = self.last_year.checked_sub(i32::try_from(back).ok()?)?;
        if self.book.facts[fact].yearly || back > 0 {
            let of_year = list.iter().rfind(|e| e.period.is_some_and(|p| p.is_year() && p.last_year() == year));
            return of_year.or_else(|| list.iter().rfind(|e| back == 0 && e.period.is_none()));
        }
        match self.when.day {
            Some(day) => {
                let month = i32::from(day.year()) * 12 + i32::from(day.month()) - 1;
                list.iter().rfind(|e| e.period.is_none_or(|p| p.first() <= month))
            }
            None => list.last(),
        }
    }

    /// Sets a fact's current value.
    pub fn set(&mut self, fact: usize, value: Option<Held>) {
        let yearly = self.book.facts[fact].yearly;
        let period = if yearly { Period::year(self.last_year) } else { None };
        let list = &mut self.entries[fact];
        if yearly {
            list.retain(|e| e.period.is_some() && e.period != period);
        } else {
            list.clear();
        }
        list.push(Entry { period, value, place: String::new(), link: None });
        list.sort_by_key(|e| e.period.map(|p| (p.last(), p.first())));
    }

    /// The value of a fact, so many years ago.
    #[must_use]
    pub fn value(&self, fact: usize, back: u32) -> Value<'_> {
        if let Some(formula) = &self.book.facts[fact].formula
            && self.entry(fact, back).is_none()
        {
            let past = Past { case: self, back };
            // A formula gives numbers, yes or no, and days: nothing borrowed.
            return match formula.value(&past) {
                Value::Number(n) => Value::Number(n),
                Value::Bool(b) => Value::Bool(b),
                Value::Date(d) => Value::Date(d),
                Value::Missing(reason) => Value::Missing(reason),
                _ => Value::Missing(Reason::NotComputable),
            };
        }
        match self.entry(fact, back) {
            Some(Entry { value: Some(held), .. }) => held.value(),
            _ => Value::NOT_FILED,
        }
    }

    fn links(&self, fact: usize) -> Option<impl Iterator<Item = (Option<Date>, Option<Date>)> + '_> {
        let list = &self.entries[fact];
        // Nothing said at all is not the same as “none” (a row with 0 or 无).
        if list.is_empty() || list.iter().all(|e| e.link.is_none() && e.value.is_none()) {
            return None;
        }
        Some(list.iter().filter_map(|e| e.link))
    }

    fn take(&self, fact: usize, take: Take, back: u32) -> Value<'_> {
        let years = |n: u32| (0..n).map(move |i| self.value(fact, back + i));
        match take {
            Take::Back(n) => self.value(fact, back + n),
            Take::Sum(n) => total(years(n)).map_or_else(Value::Missing, Value::Number),
            Take::Mean(n) => match total(years(n)) {
                Ok(sum) => sum.checked_div(n.into()).map_or(Value::Missing(Reason::NotComputable), Value::Number),
                Err(reason) => Value::Missing(reason),
            },
            Take::Lowest(n) => extreme(years(n), std::cmp::Ordering::Less),
            Take::Highest(n) => extreme(years(n), std::cmp::Ordering::Greater),
            Take::Growth(n) => growth(self.value(fact, back), self.value(fact, back + n), n),
            Take::Known(n) => Value::Number(Decimal::from(years(n).filter(|v| !v.is_missing()).count())),
            Take::Valid | Take::Has | Take::Within(_) => self.count(fact, take),
        }
    }

    fn count(&self, fact: usize, take: Take) -> Value<'_> {
        let Some(links) = self.links(fact) else { return Value::NOT_FILED };
        let day = self.when.day;
        let begun = |from: Option<Date>| from.is_none_or(|f| day.is_none_or(|d| f <= d));
        let number = match take {
            Take::Within(months) => {
                let Some(day) = day else { return Value::NOT_FILED };
                let earliest = jiff::Span::new().try_months(-i64::from(months)).ok().and_then(|s| day.checked_add(s).ok());
                links.filter(|(from, _)| from.is_some_and(|f| f <= day && earliest.is_none_or(|e| f > e))).count()
            }
            _ => links.filter(|(from, to)| begun(*from) && to.is_none_or(|t| day.is_none_or(|d| d <= t))).count(),
        };
        if take == Take::Has { Value::Bool(number > 0) } else { Value::Number(Decimal::from(number)) }
    }

    pub(crate) fn slot(&self, slot: Slot, back: u32) -> Value<'_> {
        match slot {
            Slot::Fact { fact, take } => self.take(fact, take, back),
            Slot::Today => self.when.day.map_or(Value::NOT_FILED, Value::Date),
            Slot::Parameter(i) => {
                let parameter = &self.book.parameters[i];
                let day = self.when.day;
                let at = parameter.values.iter().rfind(|(from, _)| from.is_none_or(|f| day.is_none_or(|d| f <= d)));
                match at {
                    Some((_, Some(value))) => Value::Number(*value),
                    _ => Value::Missing(Reason::NotAnnounced),
                }
            }
        }
    }
}

impl Values for Case<'_> {
    fn get(&self, id: u32) -> Value<'_> {
        self.book.slots.get(id as usize).map_or(Value::NOT_FILED, |slot| self.slot(*slot, 0))
    }
}

/// The case as it stood some years ago, for formulas of yearly facts.
struct Past<'c, 'b> {
    case: &'c Case<'b>,
    back: u32,
}

impl Values for Past<'_, '_> {
    fn get(&self, id: u32) -> Value<'_> {
        self.case.book.slots.get(id as usize).map_or(Value::NOT_FILED, |slot| self.case.slot(*slot, self.back))
    }
}

fn total<'v>(list: impl Iterator<Item = Value<'v>>) -> Result<Decimal, Reason> {
    let mut sum = Decimal::ZERO;
    for value in list {
        match value {
            Value::Number(n) => sum = sum.checked_add(n).ok_or(Reason::NotComputable)?,
            Value::Missing(reason) => return Err(reason),
            _ => return Err(Reason::NotComputable),
        }
    }
    Ok(sum)
}

fn extreme<'v>(list: impl Iterator<Item = Value<'v>>, wanted: std::cmp::Ordering) -> Value<'v> {
    let mut best: Option<Decimal> = None;
    for value in list {
        match value {
            Value::Number(n) => best = Some(best.map_or(n, |b| if n.cmp(&b) == wanted { n } else { b })),
            Value::Missing(reason) => return Value::Missing(reason),
            _ => return Value::Missing(Reason::NotComputable),
        }
    }
    best.map_or(Value::NOT_FILED, Value::Number)
}

/// Mean yearly growth in %, over n years; no base (zero or below) is no growth.
fn growth<'v>(now: Value<'v>, then: Value<'v>, years: u32) -> Value<'v> {
    let (now, then) = match (now, then) {
        (Value::Number(now), Value::Number(then)) => (now, then),
        (Value::Missing(reason), _) | (_, Value::Missing(reason)) => return Value::Missing(reason),
        _ => return Value::Missing(Reason::NotComputable),
    };
    if then <= Decimal::ZERO || now < Decimal::ZERO && years > 1 {
        return Value::Missing(Reason::NoBase);
    }
    let mean = now.checked_div(then).and_then(|ratio| if years == 1 { Some(ratio) } else { expr::root(ratio, years) });
    mean.and_then(|m| (m - Decimal::ONE).checked_mul(Decimal::ONE_HUNDRED)).map_or(Value::Missing(Reason::NotComputable), Value::Number)
}

/// Reads one given value by the kind of its fact.
fn read(fact: &Fact, given: &Given, lang: Lang, findings: &mut Findings) -> Entry {
    let mut entry = Entry { period: given.period, value: None, place: given.place.clone(), link: None };
    let text = given.value.trim();
    if text.is_empty() || matches!(text, "-" | "—" | "/" | "未知" | "unknown" | "missing") {
        return entry;
    }
    let mut bad = |expected: &str| {
        let expected = say::word(lang, expected);
        let finding =
            say::finding(Severity::Error, lang, "facts.bad_value", &[("found", text), ("key", &fact.key), ("expected", &expected)]);
        findings.push(finding.at(given.place.clone()).field(&fact.key));
    };
    let kind = match &fact.kind {
        FactKind::Links => {
            match read_link(text) {
                Some(None) => entry.value = Some(Held::Bool(false)),
                Some(Some(link)) => entry.link = Some(link),
                None => bad("type.link"),
            }
            return entry;
        }
        FactKind::Value(kind) => kind,
    };
    entry.value = match kind {
        Kind::Number(measure) => match read_number(text, measure.as_ref()) {
            Some(n) => Some(Held::Number(n)),
            None => {
                bad("type.number");
                None
            }
        },
        Kind::Bool => match read_yes(text) {
            Some(b) => Some(Held::Bool(b)),
            None => {
                bad("type.yes_no");
                None
            }
        },
        Kind::Date => match read_date(text) {
            Some(d) => Some(Held::Date(d)),
            None => {
                bad("type.date");
                None
            }
        },
        Kind::Period => match Period::parse(text) {
            Ok(p) => Some(Held::Period(p)),
            Err(_) => {
                bad("type.period");
                None
            }
        },
        Kind::Choice(options) if !options.is_empty() && !options.iter().any(|o| o == text) => {
            // 无 is an answer to “which”: none of them.
            if !matches!(text, "none" | "无" | "否" | "false") {
                let all = options.join("、");
                let finding =
                    say::finding(Severity::Error, lang, "facts.no_such_choice", &[("found", text), ("key", &fact.key), ("options", &all)]);
                findings.push(finding.at(given.place.clone()).field(&fact.key));
                return entry;
            }
            Some(Held::Text("none".to_owned()))
        }
        Kind::Text | Kind::Code | Kind::Choice(_) => Some(Held::Text(text.to_owned())),
        Kind::Texts => Some(Held::Texts(text.split(['、', ',', '，', '|']).map(|t| t.trim().to_owned()).collect())),
    };
    entry
}

/// A number, with or without its unit: `2,000.5`, `0.2 亿元`, `70%`.
pub(crate) fn read_number(text: &str, measure: Option<&expr::Measure>) -> Option<Decimal> {
    let half: String = text.chars().map(values::unit::half_width).filter(|c| !c.is_whitespace()).collect();
    let thousands = half.contains(',') && half.split(',').skip(1).all(|p| p.chars().take_while(char::is_ascii_digit).count() == 3);
    let plain = if thousands { half.replace(',', "") } else { half };
    if let Ok(n) = Decimal::from_str(&plain) {
        return Some(n);
    }
    let (sign, body) = plain.strip_prefix('-').map_or((Decimal::ONE, plain.as_str()), |rest| (Decimal::NEGATIVE_ONE, rest));
    let expr::Tree { kind: expr::TreeKind::Number(n, Some(unit)), .. } = expr::Tree::parse(body).ok()? else { return None };
    let (num, den) = unit.factor_to(measure.unwrap_or(&expr::Measure::ratio()))?;
    sign.checked_mul(n)?.checked_mul(num)?.checked_div(den).map(|n| n.normalize())
}

fn read_yes(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "是" | "有" | "√" | "已" => Some(true),
        "false" | "no" | "n" | "0" | "否" | "无" | "×" | "未" => Some(false),
        _ => None,
    }
}

/// First and last day of a link, either open.
type Days = (Option<Date>, Option<Date>);

/// `2023-05-01`, `2023-05-01..2026-04-30`, `是` (open on both sides); `无` or `0` for none.
fn read_link(text: &str) -> Option<Option<Days>> {
    match read_yes(text) {
        Some(true) => return Some(Some((None, None))),
        Some(false) => return Some(None),
        None => {}
    }
    match text.split_once("..").or_else(|| text.split_once('至')) {
        Some((from, to)) => {
            let end = |t: &str| if t.trim().is_empty() { Some(None) } else { read_date(t).map(Some) };
            Some(Some((end(from)?, end(to)?)))
        }
        None => read_date(text).map(|from| Some((Some(from), None))),
    }
}
