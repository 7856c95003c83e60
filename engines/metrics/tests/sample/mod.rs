//! A small zone for tests: built line by line, filled in with what is valid.

#![allow(dead_code, reason = "each test takes what it needs")]
#![allow(clippy::unwrap_used, reason = "a test stops where it is wrong")]

use metrics::{FactRow, Facts, Ground, Membership, MembershipRow, Metrics, Query, Sharings, Subject, SubjectKind, Subjects, Targets, View};
use std::collections::BTreeMap;
use std::sync::Arc;
use values::fact::{BOUNDS, MEASURES, SCENARIOS, SOURCES, STATUSES, code};
use values::{Date, Decimal, Lang, Period};

pub fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn p(text: &str) -> Period {
    Period::parse(text).unwrap()
}

/// A zone while it is put together.
pub struct Zone {
    pub definitions: String,
    pub subjects: Vec<Subject>,
    pub stays: Vec<MembershipRow>,
    pub sharings: Sharings,
    pub rows: Vec<FactRow>,
    pub metrics: Arc<Metrics>,
    pub numbers: BTreeMap<String, i64>,
    pub months: (i32, i32),
}

/// One definition: `key time extra lines`.
pub fn definition(key: &str, time: &str, more: &str) -> String {
    let quantity = if more.contains("quantity") { "" } else { "quantity = \"money\"\nunit = \"万元\"\n" };
    let from = if more.contains("formula") || more.contains("ledger") { "" } else { "from = \"facts\"\n" };
    format!(
        "[{key}]\nlabel = {{ zh = \"{key}\", en = \"{key}\" }}\ndefinition = {{ zh = \"{key}\" }}\n{quantity}time = \"{time}\"\n{from}\
         owner = \"economy\"\nsource = \"test\"\nconfidence = \"B\"\nvalid_from = \"2000-01\"\n{more}\n"
    )
}

impl Zone {
    pub fn new(definitions: &str) -> Self {
        let (metrics, found) = Metrics::load([("test.toml", definitions)], Lang::Zh);
        assert!(found.is_empty(), "{found:?}");
        let numbers = metrics.keys().zip(1..).map(|(k, n)| (k.to_owned(), n)).collect();
        let zone = Subject { number: 0, kind: SubjectKind::Zone, reference: "zone".into(), name: "示范园".into() };
        Self {
            definitions: definitions.into(),
            subjects: vec![zone],
            stays: Vec::new(),
            sharings: Sharings::new(),
            rows: Vec::new(),
            metrics: Arc::new(metrics),
            numbers,
            months: (2020 * 12, 2026 * 12 + 11),
        }
    }

    /// Enterprises by name, numbered from 1.
    pub fn enterprises(mut self, names: &str) -> Self {
        for name in names.split_whitespace() {
            let number = i64::try_from(self.subjects.len()).unwrap();
            self.subjects.push(Subject { number, kind: SubjectKind::Enterprise, reference: number.to_string(), name: name.into() });
        }
        self
    }

    pub fn number(&self, name: &str) -> i64 {
        self.subjects.iter().find(|s| s.name == name || name == "zone" && s.number == 0).unwrap_or_else(|| panic!("{name}")).number
    }

    /// `name dimension value from [until] [weight%]`
    pub fn stay(mut self, line: &str) -> Self {
        let w: Vec<&str> = line.split_whitespace().collect();
        let row = MembershipRow {
            subject: self.number(w[0]),
            dimension: w[1].into(),
            value: w[2].into(),
            from: date(w[3]),
            until: w.get(4).filter(|t| **t != "-").map(|t| date(t)),
            weight: w.get(5).map(|t| d(t)),
        };
        self.stays.push(row);
        self
    }

    /// `subject metric period value [source] [measure] [status] [bound] [scenario]`; value in the metric's unit, growth in %.
    pub fn fact(mut self, line: &str) -> Self {
        let row = self.row(line);
        self.rows.push(row);
        self
    }

    pub fn row(&self, line: &str) -> FactRow {
        let w: Vec<&str> = line.split_whitespace().collect();
        let at = |i: usize, usual: &'static str| w.get(i).copied().filter(|t| *t != "-").unwrap_or(usual).to_owned();
        let metric = self.metrics.at(w[1], p(w[2]).last()).unwrap();
        let measure = at(5, "value");
        let value = match (w[3], measure.as_str()) {
            ("-", _) => None,
            (text, "growth") => {
                Some(i64::try_from((d(text) * d("10000")).mantissa() / 10i128.pow((d(text) * d("10000")).scale())).unwrap())
            }
            (text, _) => Some(metric.read(d(text), &metric.is.unit).unwrap()),
        };
        let words = w.iter().find_map(|t| t.strip_prefix("words:")).map(str::to_owned);
        FactRow {
            metric: self.numbers[w[1]],
            scenario: code(SCENARIOS, &at(8, "actual")).unwrap(),
            source: code(SOURCES, &at(4, "enterprise")).unwrap(),
            measure: code(MEASURES, &measure).unwrap(),
            period: p(w[2]).code(),
            subject: self.number(w[0]),
            value,
            value_to: None,
            text: words,
            bound: code(BOUNDS, &at(7, "eq")).unwrap(),
            status: code(STATUSES, &at(6, "final")).unwrap(),
        }
    }

    /// Several lines of [`Zone::fact`].
    pub fn facts(mut self, lines: &str) -> Self {
        for line in lines.lines().filter(|l| !l.trim().is_empty()) {
            self = self.fact(line);
        }
        self
    }

    pub fn ground(&self) -> Ground {
        let subjects = Arc::new(Subjects::new(self.subjects.iter().cloned()));
        let membership = Membership::new(&subjects, self.stays.iter().cloned(), &self.sharings, self.months.0, self.months.1);
        Ground {
            zone: "demo".into(),
            metrics: Arc::clone(&self.metrics),
            numbers: self.numbers.clone(),
            subjects,
            membership: Arc::new(membership),
        }
    }

    pub fn build(&self) -> Facts {
        let (facts, found) = Facts::build(self.ground(), 7, self.rows.iter().cloned(), Lang::Zh);
        assert!(found.is_empty(), "{found:?}");
        facts
    }

    /// `metric period [subject|dimension=value] [@source]`
    pub fn query(&self, text: &str) -> Query {
        let mut words = text.split_whitespace();
        let mut query = Query::zone(words.next().unwrap(), p(words.next().unwrap()));
        for word in words {
            if let Some(source) = word.strip_prefix('@') {
                query.source = Some(u8::try_from(code(SOURCES, source).unwrap()).unwrap());
            } else if let Some((dimension, value)) = word.split_once('=') {
                query = query.slice(dimension, value);
            } else {
                query = query.of(self.number(word));
            }
        }
        query
    }
}

/// What a figure says, in one line: `display unit · growth how · n/m · status`.
pub fn said(facts: &Facts, query: &Query) -> String {
    let targets = Targets::default();
    let view = View { facts, targets: &targets, today: date("2026-01-20"), lang: Lang::Zh, sees_filers: true };
    let figure = view.figure(query).unwrap();
    let mut text = format!("{} {}", figure.display, figure.display_unit).trim_end().to_owned();
    if let Some(growth) = &figure.growth {
        text += &format!(" · {}{} {}", metrics::figure::printed(growth.value, 2), growth.unit, growth.how.key());
    }
    if let Some((filed, due)) = figure.filed {
        text += &format!(" · {filed}/{due}");
    }
    if figure.status != "final" {
        text += &format!(" · {}", figure.status);
    }
    text
}
