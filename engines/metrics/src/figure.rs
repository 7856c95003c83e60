//! Figures 数字: an answer as it is printed, with growth, target and a handle to its lineage.

use crate::evaluate::{Answer, Basis, Query};
use crate::facts::Facts;
use crate::growth::Growths;
use crate::secrecy::Secrets;
use crate::subject::SubjectKind;
use crate::target::{Progress, TargetVersion, Targets};
use rust_decimal::Decimal;
use values::fact::{BOUNDS, SCENARIOS, SOURCES, STATUSES, key};
use values::figure::{Figure, Reason, TargetPart};
use values::{Date, Lang, Period};

/// A version of the facts seen by somebody on a day.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The facts.
    pub facts: &'a Facts,
    /// The targets.
    pub targets: &'a Targets,
    /// Today, for which version of a target holds.
    pub today: Date,
    /// Language of labels.
    pub lang: Lang,
    /// True for those who may see single filers; others read 保密 where a slice would show one.
    pub sees_filers: bool,
}

/// What a figure's handle says, so that its lineage is found again.
///
/// Written `f1:metric@hash/subject/slice/period/scenario/source/seq`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle {
    /// Metric key.
    pub metric: String,
    /// Version of the definition.
    pub hash: String,
    /// `zone`, `enterprise:12`.
    pub subject: String,
    /// Dimension and value.
    pub slice: Option<(String, String)>,
    /// The span.
    pub period: Period,
    /// Key of the scenario.
    pub scenario: String,
    /// Key of the source.
    pub source: String,
    /// Commit.
    pub seq: i64,
}

impl View<'_> {
    /// The figure of a query; `None` if there is no metric of that key.
    #[must_use]
    pub fn figure(&self, query: &Query) -> Option<Figure> {
        let guards = |period: Option<Period>| match (self.sees_filers || query.slice.is_none(), period) {
            (false, Some(period)) => self.facts.secrets(&query.metric, period),
            _ => Secrets::default(),
        };
        self.guarded(query, &guards(Some(query.period)), &guards(query.period.year_before()))
    }

    /// A figure, given what is hidden in its period and in the year before.
    fn guarded(&self, query: &Query, hidden: &Secrets, hidden_before: &Secrets) -> Option<Figure> {
        let asked = self.facts.look_up(query)?;
        let mut answer = self.facts.read(&asked, 0);
        let hides = |secrets: &Secrets| query.slice.as_ref().is_some_and(|(d, v)| secrets.hides(d, v));
        let shown = !hides(hidden);
        if !shown {
            answer = self.facts.none(&asked, answer.source, Reason::Secret);
        }
        // Value and growth together would give last year's value away.
        let grows = shown && !hides(hidden_before) && query.scenario == 0;
        let growths = if grows { self.facts.growths_of(&asked, &answer) } else { Growths::default() };
        let progress = self.progress(query).filter(|_| shown && query.scenario == 0);
        Some(self.make(query, &answer, &growths, progress))
    }

    /// The figures of every value of a dimension that anybody belongs to, in order of the dimension's values.
    #[must_use]
    pub fn slices(&self, query: &Query, dimension: &str) -> Vec<(String, Figure)> {
        let Some(asked) = self.facts.look_up(query) else { return Vec::new() };
        let found = self.facts.ground.membership.dimension(asked.frames.kind, dimension);
        let values = found.map(|(_, d)| d.values.clone()).unwrap_or_default();
        let guards = |period: Option<Period>| match (self.sees_filers, period) {
            (false, Some(period)) => self.facts.secrets(&query.metric, period),
            _ => Secrets::default(),
        };
        let (now, before) = (guards(Some(query.period)), guards(query.period.year_before()));
        let figure = |value: &str| self.guarded(&query.clone().slice(dimension, value), &now, &before);
        values.into_iter().filter_map(|value| figure(&value).map(|f| (value, f))).collect()
    }

    /// Progress against the target that holds today.
    #[must_use]
    pub fn progress(&self, query: &Query) -> Option<Progress> {
        let target = self.facts.target(query, self.targets, self.today)?;
        self.facts.progress(query, target)
    }

    /// The target itself as a figure, for pages and reports that print it alone.
    #[must_use]
    pub fn target_figure(&self, query: &Query) -> Option<Figure> {
        let asked = self.facts.look_up(query)?;
        let target = self.facts.target(query, self.targets, self.today);
        let mut answer = self.facts.none(&asked, 0, Reason::NoTarget);
        if let Some(target) = &target {
            answer.bound = target.bound;
            answer.text.clone_from(&target.words);
            answer.value = crate::definition::convert_named(target.value.unwrap_or_default(), &target.unit, &asked.metric.is.unit)
                .filter(|_| target.value.is_some());
            answer.reason = (answer.value.is_none() && answer.text.is_empty()).then_some(Reason::NotComputable);
        }
        let mut figure = self.make(&Query { scenario: 1, ..query.clone() }, &answer, &Growths::default(), None);
        if let Some(TargetVersion { aim: crate::target::Aim::Growth, value: Some(value), unit, .. }) = target {
            figure.value = Some(value);
            figure.display = printed(value, 1);
            figure.unit.clone_from(&unit);
            figure.display_unit = unit;
            figure.reason = None;
        }
        Some(figure)
    }

    fn make(&self, query: &Query, answer: &Answer, growths: &Growths, progress: Option<Progress>) -> Figure {
        let metric = &answer.metric;
        let display = answer.value.and_then(|v| metric.print(v));
        let word = || match (answer.text.is_empty(), answer.reason) {
            (false, _) => answer.text.clone(),
            (true, reason) => reason.unwrap_or(Reason::NotComputable).word().to_owned(),
        };
        let growth = if metric.is.growth.is_empty() { None } else { growths.first(&metric.is.growth).ok() };
        let open = answer.sum.open;
        Figure {
            metric: metric.key.clone(),
            label: metric.is.label.get(self.lang).to_owned(),
            zone: self.facts.ground.zone.clone(),
            subject: self.facts.subject_key(query.subject),
            slice: query.slice.as_ref().map(|(d, v)| format!("{d}={v}")),
            period: query.period,
            scenario: key(SCENARIOS, i64::from(query.scenario)).to_owned(),
            source: key(SOURCES, i64::from(answer.source)).to_owned(),
            value: answer.value,
            unit: metric.is.unit.clone(),
            display: display.unwrap_or_else(word),
            display_unit: if answer.value.is_some() { metric.display_unit().to_owned() } else { String::new() },
            bound: key(BOUNDS, i64::from(answer.bound)).to_owned(),
            status: key(STATUSES, i64::from(answer.status)).to_owned(),
            growth,
            target: progress.map(|p| target_part(metric, p)),
            filed: answer.filed,
            estimated: (open != 0).then(|| metric.decimal(open)).flatten(),
            as_of: answer.value.and_then(|_| last_day(answer.as_of)),
            seq: self.facts.seq,
            handle: self.handle(query, answer).to_string(),
            confidence: answer.confidence,
            reason: if answer.text.is_empty() { answer.reason } else { None },
        }
    }

    fn handle(&self, query: &Query, answer: &Answer) -> Handle {
        Handle {
            metric: answer.metric.key.clone(),
            hash: answer.metric.hash.clone(),
            subject: self.facts.subject_key(query.subject),
            slice: query.slice.clone(),
            period: query.period,
            scenario: key(SCENARIOS, i64::from(query.scenario)).to_owned(),
            source: if answer.basis == Basis::None { String::new() } else { key(SOURCES, i64::from(answer.source)).to_owned() },
            seq: self.facts.seq,
        }
    }
}

impl Facts {
    /// `zone`, `enterprise:12`; what a figure and a command line call a subject.
    #[must_use]
    pub fn subject_key(&self, number: Option<i64>) -> String {
        match number.and_then(|n| self.ground.subjects.find(n)) {
            Some(s) if s.kind != SubjectKind::Zone => format!("{}:{}", s.kind.key(), s.reference),
            _ => "zone".to_owned(),
        }
    }

    /// The number of a subject called as in [`Facts::subject_key`]; `Ok(None)` is the zone.
    ///
    /// # Errors
    /// The text, if it names no subject of this zone.
    pub fn subject_number(&self, text: &str) -> Result<Option<i64>, String> {
        if text == "zone" {
            return Ok(None);
        }
        let found = text.split_once(':').and_then(|(kind, reference)| {
            let kind = SubjectKind::parse(kind)?;
            self.ground.subjects.find_reference(kind, reference).map(|s| s.number)
        });
        found.map(Some).ok_or_else(|| text.to_owned())
    }

    /// The query that a handle stands for; `None` if its subject, scenario or source is not known here.
    #[must_use]
    pub fn query_of(&self, handle: &Handle) -> Option<Query> {
        let code = |list: &[&str], key: &str| values::fact::code(list, key).and_then(|c| u8::try_from(c).ok());
        Some(Query {
            metric: handle.metric.clone(),
            subject: self.subject_number(&handle.subject).ok()?,
            slice: handle.slice.clone(),
            period: handle.period,
            scenario: code(SCENARIOS, &handle.scenario)?,
            source: if handle.source.is_empty() { None } else { Some(code(SOURCES, &handle.source)?) },
        })
    }
}

fn target_part(metric: &crate::definition::Metric, progress: Progress) -> TargetPart {
    let growth = progress.target.aim == crate::target::Aim::Growth;
    let value = if growth { progress.wanted } else { progress.wanted.and_then(|w| metric.to_display(w)) };
    let unit = if growth { progress.target.unit.clone() } else { metric.display_unit().to_owned() };
    TargetPart {
        value: value.map(|v| v.normalize()),
        unit,
        bound: key(BOUNDS, i64::from(progress.target.bound)).to_owned(),
        text: progress.target.words,
        completion: progress.completion,
        pace: progress.pace,
    }
}

/// Rounded half away from zero with all its digits.
#[must_use]
pub fn printed(value: Decimal, digits: u32) -> String {
    let mut shown = values::fixed::round(value, digits);
    shown.rescale(digits);
    shown.to_string()
}

/// Last day of a month index.
#[must_use]
pub fn last_day(month: i32) -> Option<Date> {
    let year = i16::try_from(month.div_euclid(12)).ok()?;
    let number = i8::try_from(month.rem_euclid(12) + 1).ok()?;
    Date::new(year, number, 1).ok().map(|d| d.last_of_month())
}

/// `/` parts the fields, so it and `%` are written as `%2F` and `%25` inside one.
fn shield(text: &str) -> String {
    text.replace('%', "%25").replace('/', "%2F")
}

fn unshield(text: &str) -> String {
    text.replace("%2F", "/").replace("%25", "%")
}

impl std::fmt::Display for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let slice = self.slice.as_ref().map(|(d, v)| format!("{d}={v}")).unwrap_or_default();
        write!(
            f,
            "f1:{}@{}/{}/{}/{}/{}/{}/{}",
            shield(&self.metric),
            self.hash,
            shield(&self.subject),
            shield(&slice),
            self.period,
            self.scenario,
            self.source,
            self.seq
        )
    }
}

impl Handle {
    /// Reads what was written; `None` if it is no handle.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut fields = text.strip_prefix("f1:")?.split('/');
        let (metric, hash) = fields.next()?.rsplit_once('@')?;
        let subject = unshield(fields.next()?);
        let slice = unshield(fields.next()?);
        let slice = if slice.is_empty() { None } else { slice.split_once('=').map(|(d, v)| (d.to_owned(), v.to_owned())) };
        let period = Period::parse(fields.next()?).ok()?;
        let (scenario, source) = (fields.next()?.to_owned(), fields.next()?.to_owned());
        let seq = fields.next()?.parse().ok()?;
        fields.next().is_none().then(|| Self {
            metric: unshield(metric),
            hash: hash.to_owned(),
            subject,
            slice,
            period,
            scenario,
            source,
            seq,
        })
    }
}
