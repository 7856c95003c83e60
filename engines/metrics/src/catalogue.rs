//! The catalogue 指标目录: all definitions, found by key and month, with what uses what.

use crate::check;
use crate::definition::{Metric, Origin, parse_file};
use expr::{Arg, Called, Expr, Kind, Measure, Named, Names};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use values::{Finding, Findings, Lang, Period};

/// All metrics.
#[derive(Debug, Clone, Default)]
pub struct Metrics {
    by_key: BTreeMap<String, Vec<Arc<Metric>>>,
    /// Formulas, checked: metric key and hash → expression and the keys that it reads, in order of its ids.
    formulas: BTreeMap<(String, String), Arc<Formula>>,
}

/// A formula, checked against the catalogue.
#[derive(Debug, Clone)]
pub struct Formula {
    /// The expression, giving the metric's unit.
    pub expr: Expr,
    /// What it reads; a name's id is its place.
    pub parts: Vec<Part>,
}

/// One thing that a formula reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Metric key.
    pub metric: String,
    /// Over which span.
    pub when: When,
}

/// Over which span a part of a formula is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The span that is asked.
    Asked,
    /// The same span a year before 上年同期: `year_before(x)`.
    YearBefore,
    /// The whole of the calendar year before 上年全年: `last_year(x)`.
    LastYear,
}

impl When {
    /// The span for one that is asked; none out of range.
    #[must_use]
    pub fn of(self, span: Period) -> Option<Period> {
        match self {
            Self::Asked => Some(span),
            Self::YearBefore => span.year_before(),
            Self::LastYear => Period::year(span.first_year() - 1),
        }
    }
}

impl Metrics {
    /// Loads files, given as (name, text), and checks everything; what is wrong stands in the findings and is left out where it cannot work.
    #[must_use]
    pub fn load<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>, lang: Lang) -> (Self, Findings) {
        let mut made = Self::default();
        let mut found = Findings::default();
        for (file, text) in files {
            match parse_file(text) {
                Ok(all) => {
                    for (key, definition) in all {
                        made.add(&key, definition, file, &mut found, lang);
                    }
                }
                Err(why) => found.push(check::say("metric.not_read", file, "", &why, "", lang)),
            }
        }
        for versions in made.by_key.values_mut() {
            versions.sort_by_key(|m| m.first);
        }
        made.compile(&mut found, lang);
        check::all(&made, &mut found, lang);
        (made, found)
    }

    fn add(&mut self, key: &str, definition: crate::definition::Definition, file: &str, found: &mut Findings, lang: Lang) {
        let added = definition.added.clone();
        let Some(metric) = Metric::new(key, definition, file) else {
            found.push(check::say("metric.bad_month", file, key, "valid_from / valid_to", "", lang));
            return;
        };
        if let Some(label) = added {
            let additions = additions_of(&metric, label);
            self.by_key.entry(additions.key.clone()).or_default().push(Arc::new(additions));
        }
        self.by_key.entry(key.to_owned()).or_default().push(Arc::new(metric));
    }

    fn compile(&mut self, found: &mut Findings, lang: Lang) {
        let mut formulas = BTreeMap::new();
        for metric in self.by_key.values().flatten() {
            let Origin::Formula(text) = metric.origin() else { continue };
            match self.formula_of(metric, text) {
                Ok(formula) => {
                    formulas.insert((metric.key.clone(), metric.hash.clone()), Arc::new(formula));
                }
                Err(problems) => {
                    let place = format!("{}:{}", metric.file, metric.key);
                    for problem in problems {
                        found.push(problem.finding(text, &place, lang).field("formula"));
                    }
                }
            }
        }
        self.formulas = formulas;
    }

    fn formula_of(&self, metric: &Metric, text: &str) -> Result<Formula, Vec<expr::Problem>> {
        let mut names = FormulaNames { metrics: self, parts: Vec::new(), month: metric.first };
        let unit = Measure::parse(&metric.is.unit);
        let expr = Expr::number(text, unit.as_ref(), &mut names)?;
        Ok(Formula { expr, parts: names.parts })
    }

    /// The version of a metric that holds in a month; the earliest or latest where none does.
    #[must_use]
    pub fn at(&self, key: &str, month: i32) -> Option<&Arc<Metric>> {
        let versions = self.by_key.get(key)?;
        versions.iter().rev().find(|m| m.first <= month).or_else(|| versions.first())
    }
    /// All versions of a metric, by first month.
    #[must_use]
    pub fn versions(&self, key: &str) -> &[Arc<Metric>] {
        self.by_key.get(key).map_or(&[], Vec::as_slice)
    }
    /// True if there is a metric of that key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.by_key.contains_key(key)
    }
    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.by_key.keys().map(String::as_str)
    }
    /// All versions of all metrics.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Metric>> {
        self.by_key.values().flatten()
    }
    /// The checked formula of a version.
    #[must_use]
    pub fn formula(&self, metric: &Metric) -> Option<&Arc<Formula>> {
        self.formulas.get(&(metric.key.clone(), metric.hash.clone()))
    }
    /// The key whose key or Chinese or English label is `text`, blanks and quotes aside; `None` if none or several.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<&str> {
        if let Some((key, _)) = self.by_key.get_key_value(text.trim()) {
            return Some(key);
        }
        let plain = |t: &str| t.chars().filter(|c| !c.is_whitespace() && !"“”\"「」（）()".contains(*c)).collect::<String>();
        let wanted = plain(text);
        let mut hits = self
            .by_key
            .iter()
            .filter(|(_, versions)| versions.iter().any(|m| plain(&m.is.label.zh) == wanted || plain(&m.is.label.en) == wanted));
        let (key, _) = hits.next()?;
        hits.next().is_none().then_some(key)
    }

    /// Metrics that read `key` in their formulas, through others too 被引用.
    #[must_use]
    pub fn used_by(&self, key: &str) -> BTreeSet<&str> {
        let mut found: BTreeSet<&str> = BTreeSet::new();
        let mut open = vec![key];
        while let Some(next) = open.pop() {
            for ((user, _), formula) in &self.formulas {
                if formula.parts.iter().any(|p| p.metric == next) && found.insert(user) {
                    open.push(user);
                }
            }
        }
        found
    }

    /// What a change of definitions would touch: keys whose version in `month` is new, gone, changed, or reads one that changed.
    #[must_use]
    pub fn changed(&self, before: &Self, month: i32) -> BTreeSet<String> {
        let hash = |m: &Self, key: &str| m.at(key, month).map(|m| m.hash.clone());
        let keys: BTreeSet<&str> = self.keys().chain(before.keys()).collect();
        let direct: Vec<&str> = keys.into_iter().filter(|k| hash(self, k) != hash(before, k)).collect();
        let mut all: BTreeSet<String> = direct.iter().map(|k| (*k).to_owned()).collect();
        for key in direct {
            all.extend(self.used_by(key).into_iter().chain(before.used_by(key)).map(str::to_owned));
        }
        all
    }
}

/// `KEY.added`: who came to hold the title within the period.
fn additions_of(metric: &Metric, label: values::texts::Label) -> Metric {
    let mut made = metric.clone();
    made.key = format!("{}.added", metric.key);
    made.is.label = label;
    made.is.time = crate::definition::Time::Flow;
    made.is.added = None;
    made.hash = format!("{}+", metric.hash);
    made
}

struct FormulaNames<'a> {
    metrics: &'a Metrics,
    parts: Vec<Part>,
    month: i32,
}

impl FormulaNames<'_> {
    fn part(&mut self, key: &str, when: When) -> Option<Named> {
        let metric = self.metrics.at(key, self.month)?;
        // A unit that is no measure of its own (a word) counts as a plain number.
        let kind = Kind::Number(Measure::parse(&metric.is.unit));
        let part = Part { metric: key.to_owned(), when };
        let at = self.parts.iter().position(|p| *p == part).unwrap_or_else(|| {
            self.parts.push(part);
            self.parts.len() - 1
        });
        Some(Named { id: u32::try_from(at).unwrap_or(u32::MAX), kind })
    }
}

impl Names for FormulaNames<'_> {
    fn name(&mut self, path: &str) -> Option<Named> {
        self.part(path, When::Asked)
    }
    fn call(&mut self, function: &str, args: &[Arg<'_>]) -> Called {
        let when = match function {
            "year_before" => When::YearBefore,
            "last_year" => When::LastYear,
            _ => return Called::Unknown,
        };
        match args {
            [Arg::Word(key) | Arg::Text(key)] => self.part(key, when).map_or_else(|| Called::Wrong((*key).to_owned()), Called::Is),
            _ => Called::Wrong(format!("{function}(指标)")),
        }
    }
    fn known(&self) -> Vec<String> {
        self.metrics.keys().map(str::to_owned).collect()
    }
}

/// Findings as the check of one file gives them, without stopping at the first.
pub(crate) fn push_all(found: &mut Findings, more: impl IntoIterator<Item = Finding>) {
    more.into_iter().for_each(|f| found.push(f));
}
