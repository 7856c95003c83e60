//! What a report template may name, answered by a View for one subject.

use gongwen::template::{FieldKind, Row, Unknown, UnknownKind};
use gongwen::{Ask, Names};
use hub::View;
use values::{Figure, Period, Reason};

/// Answers a template's names: metrics of one subject, rows of collections, plain texts.
pub struct ReportNames<'v> {
    view: &'v dyn View,
    /// `zone` or `peer:…`.
    subject: &'v str,
}

impl<'v> ReportNames<'v> {
    /// Names for a report on `subject`.
    #[must_use]
    pub fn new(view: &'v dyn View, subject: &'v str) -> Self {
        Self { view, subject }
    }

    /// Name of the subject.
    #[must_use]
    pub fn subject_name(&self) -> String {
        match self.subject.split_once(':') {
            Some((_, name)) => name.to_owned(),
            None => self.view.zone().label.clone(),
        }
    }

    /// The metric that a name means: itself, or for `x.multiple` the one that divides x by last year's x.
    fn metric(&self, name: &str) -> Option<String> {
        let definitions = self.view.definitions();
        if definitions.has(name) {
            return Some(name.to_owned());
        }
        let base = name.strip_suffix(".multiple")?;
        let formula = format!("{base} / last_year({base})");
        definitions.iter().find(|m| m.is.formula == formula).map(|m| m.key.clone())
    }

    fn ask(&self, ask: &Ask) -> hub::Ask {
        hub::Ask {
            metric: self.metric(&ask.name).unwrap_or_else(|| ask.name.clone()),
            period: ask.period,
            subject: ask.subject.clone().unwrap_or_else(|| self.subject.to_owned()),
            slice: ask.slice.as_deref().and_then(|s| s.split_once('=')).map(|(d, v)| (d.to_owned(), v.to_owned())),
            source: ask.source.clone().filter(|s| !s.is_empty()),
            scenario: ask.scenario.clone(),
            as_known: None,
        }
    }

    /// True if the name means a metric.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.metric(name).is_some()
    }

    /// The figure of an ask, whether or not it has a value.
    #[must_use]
    pub fn answer(&self, ask: &Ask) -> Figure {
        let mut figure = self.view.figure(&self.ask(ask));
        // The document is Chinese, whatever language its maker reads pages in.
        if let Some(metric) = self.view.definitions().at(&figure.metric, figure.period.last()) {
            figure.label.clone_from(&metric.is.label.zh);
        }
        figure
    }

    fn sliced(&self, metric: &str, dimension: &str, period: Period) -> Vec<Row> {
        let values = self.view.slices(metric, dimension);
        let mut rows: Vec<(Row, Option<values::Decimal>)> = values
            .into_iter()
            .map(|(value, label)| {
                let slice = Some(format!("{dimension}={value}"));
                let figure = self.answer(&Ask { slice, ..Ask::actual(metric, period) });
                let amount = figure.value;
                (Row::default().text("name", label).figure("value", figure), amount)
            })
            .filter(|(_, amount)| amount.is_some())
            .collect();
        rows.sort_by_key(|r| std::cmp::Reverse(r.1));
        rows.into_iter().map(|(row, _)| row).collect()
    }

    /// Metrics whose target of the period was missed, worst first.
    fn missed(&self, period: Period) -> Vec<Row> {
        let mut missed = Vec::new();
        for key in self.view.definitions().keys() {
            let figure = self.answer(&Ask::actual(key, period));
            let completion = figure.target.as_ref().and_then(|t| t.completion);
            let lower = self.view.definitions().at(key, period.last()).is_some_and(|m| m.is.better == metrics::definition::Better::Down);
            let Some(done) = completion.filter(|c| !lower && *c < values::Decimal::ONE_HUNDRED) else { continue };
            let target = self.answer(&Ask::target(key, period));
            missed.push((done, Row::default().text("name", figure.label.clone()).figure("value", figure).figure("target", target)));
        }
        missed.sort_by_key(|m| m.0);
        missed.into_iter().map(|(_, row)| row).collect()
    }

    /// Published figures and targets of a peer that the ordinary chapters do not name.
    fn published(&self, period: Period, scenario: &str) -> Vec<Row> {
        let mut rows = Vec::new();
        for (key, span, held) in self.view.held(self.subject, period) {
            let own = self.view.definitions().at(&key, span.last()).is_some_and(|m| m.file == "published.toml");
            if held != scenario || (!own && span == period) {
                continue;
            }
            let figure = self.answer(&Ask { scenario: held, ..Ask::actual(key, span) });
            let kind = if scenario == "target" { "target" } else { "value" };
            if figure.value.is_some() {
                rows.push(Row::default().text("name", figure.label.clone()).text("span", span.chinese()).figure(kind, figure));
            }
        }
        rows
    }
}

impl Names for ReportNames<'_> {
    fn figure(&self, ask: &Ask) -> Result<Figure, Unknown> {
        if self.metric(&ask.name).is_none() {
            return Err(Unknown::name());
        }
        if let Some((dimension, value)) = ask.slice.as_deref().and_then(|s| s.split_once('=')) {
            let known = self.view.slices(&ask.name, dimension);
            // A dimension that nobody belongs to yet is no fault of the template.
            if !known.is_empty() && !known.iter().any(|(v, _)| v == value) && self.view.slice_label(dimension, value) == value {
                let values: Vec<&str> = known.iter().map(|(v, _)| v.as_str()).collect();
                return Err(Unknown { kind: UnknownKind::Slice, expected: values.join("、") });
            }
        }
        let mut figure = self.answer(ask);
        // A single target in words or a growth alone is an answer too; a hidden figure is none.
        if figure.reason == Some(Reason::Hidden) {
            figure.value = None;
        }
        Ok(figure)
    }

    fn rows(&self, collection: &str, period: Period) -> Result<Vec<Row>, Unknown> {
        match collection {
            "targets_missed" => Ok(self.missed(period)),
            "published_figures" => Ok(self.published(period, "actual")),
            "published_targets" => Ok(self.published(period, "target")),
            other => {
                let (metric, dimension) = other.rsplit_once('.').ok_or_else(Unknown::name)?;
                if !self.view.definitions().has(metric) {
                    return Err(Unknown::name());
                }
                Ok(self.sliced(metric, dimension, period))
            }
        }
    }

    fn fields(&self, collection: &str) -> Result<Vec<(String, FieldKind)>, Unknown> {
        let text = |name: &str| (name.to_owned(), FieldKind::Text);
        let figure = |name: &str, unit: &str| (name.to_owned(), FieldKind::Figure(unit.to_owned()));
        match collection {
            "targets_missed" => Ok(vec![text("name"), figure("value", ""), figure("target", "")]),
            "published_figures" => Ok(vec![text("name"), text("span"), figure("value", "")]),
            "published_targets" => Ok(vec![text("name"), text("span"), figure("target", "")]),
            other => {
                let (metric, _) = other.rsplit_once('.').ok_or_else(Unknown::name)?;
                let found = self.view.definitions().versions(metric).last().ok_or_else(Unknown::name)?;
                Ok(vec![text("name"), figure("value", &found.is.unit)])
            }
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        match name {
            "zone.name" => Some(self.subject_name()),
            "zone.office" if self.subject == "zone" => Some(format!("{}管理委员会", self.subject_name())),
            "zone.office" => Some(self.subject_name()),
            _ => None,
        }
    }

    fn known(&self) -> Vec<String> {
        self.view.definitions().keys().map(str::to_owned).collect()
    }
}
