//! Facts 事实: what is known of each subject, as filed, before any book gives it a kind.
//!
//! Read from a table `subject, period, key, value`, from a wide table (one
//! column a key), or from cases (`facts` = `a=b;c=d`).

use crate::say;
use std::collections::BTreeMap;
use values::{Findings, Lang, Period, Severity};

/// One value as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The period it speaks of; none: now.
    pub period: Option<Period>,
    /// As written.
    pub value: String,
    /// Where it came from.
    pub place: String,
}

/// What is known of one subject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// Its name or number.
    pub name: String,
    /// Key → values.
    pub given: BTreeMap<String, Vec<Given>>,
    /// The book that a case speaks of.
    pub book: String,
    /// The clause that a case speaks of.
    pub clause: String,
    /// The amount that a case expects, as written.
    pub expected: Option<String>,
    /// The verdict that a case expects, as written.
    pub expected_verdict: Option<String>,
    /// The class that a case expects: an id, a title, or a grade.
    pub expected_class: Option<String>,
    /// The day that a case is judged on.
    pub day: Option<values::Date>,
    /// The occasion that a case is judged for.
    pub review: bool,
}

impl Subject {
    /// Adds one value.
    pub fn give(&mut self, key: &str, period: Option<Period>, value: &str, place: &str) {
        let given = Given { period, value: value.to_owned(), place: place.to_owned() };
        self.given.entry(key.to_owned()).or_default().push(given);
    }
}

/// A population.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Subjects in the order of their first row.
    pub subjects: Vec<Subject>,
}

/// Heads of columns, as people write them.
const HEADS: &[(&str, &[&str])] = &[
    ("subject", &["subject", "企业", "主体", "对象", "名称", "案例", "case", "name"]),
    ("period", &["period", "期间", "报告期", "年份", "year"]),
    ("key", &["key", "指标", "键", "fact"]),
    ("value", &["value", "值", "数值"]),
    ("place", &["place", "出处", "来源"]),
    ("facts", &["facts", "事实", "事实表"]),
    ("policy_id", &["policy_id", "book", "规则书", "政策"]),
    ("clause_id", &["clause_id", "clause", "条款"]),
    ("expected", &["expected_wan", "expected", "amount", "金额", "预期金额", "得分", "score"]),
    ("verdict", &["verdict", "结论", "预期结论"]),
    ("day", &["on", "day", "日期", "申报日期"]),
    ("occasion", &["occasion", "情形", "类别"]),
    ("class", &["class", "档次", "类型", "等级"]),
];

fn head(text: &str) -> Option<&'static str> {
    let text = text.trim().trim_start_matches('\u{feff}');
    HEADS.iter().find(|(_, names)| names.contains(&text.to_lowercase().as_str())).map(|(key, _)| *key)
}

impl Facts {
    /// Reads a CSV; the separator is a comma, a semicolon or a tab, whichever its head has most of.
    ///
    /// # Errors
    /// Findings, if there is no such table in it at all. Rows that cannot be read are findings beside the rest.
    pub fn read_csv(name: &str, text: &str, lang: Lang) -> Result<(Self, Findings), Findings> {
        let first = text.lines().next().unwrap_or_default();
        let count = |c: char| first.matches(c).count();
        let separator = [',', '\t', ';'].into_iter().max_by_key(|c| count(*c)).filter(|c| count(*c) > 0).unwrap_or(',');
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(u8::try_from(separator).unwrap_or(b','))
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        let mut findings = Findings::default();
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    rows.push((format!("{name}:{line}"), record.iter().map(str::to_owned).collect()));
                }
                Err(error) => {
                    findings.push(say::finding(Severity::Error, lang, "facts.bad_row", &[("found", &error.to_string())]).at(name))
                }
            }
        }
        let (facts, more) = Self::from_rows(name, &rows, lang)?;
        findings.0.extend(more.0);
        Ok((facts, findings))
    }

    /// Reads rows with their places; the first is the head.
    ///
    /// # Errors
    /// Findings, if the head has no column for the subject or nothing but it.
    pub fn from_rows(name: &str, rows: &[(String, Vec<String>)], lang: Lang) -> Result<(Self, Findings), Findings> {
        let mut findings = Findings::default();
        let refuse = |found: &str| {
            let mut all = Findings::default();
            all.push(say::finding(Severity::Error, lang, "facts.no_head", &[("found", found)]).at(name));
            all
        };
        let Some((_, first)) = rows.first() else { return Err(refuse("")) };
        let heads: Vec<Option<&str>> = first.iter().map(|h| head(h)).collect();
        let column = |key: &str| heads.iter().position(|h| *h == Some(key));
        let mut facts = Self::default();
        let rows = &rows[1..];
        if let Some(column_of_facts) = column("facts") {
            facts.cases(&column, column_of_facts, rows, lang, &mut findings);
        } else if let (Some(subject), Some(key), Some(value)) = (column("subject"), column("key"), column("value")) {
            facts.narrow([subject, key, value], column("period"), column("place"), rows, lang, &mut findings);
        } else if let Some(subject) = column("subject").filter(|_| first.len() > 1) {
            facts.wide(first, &heads, subject, rows, lang, &mut findings);
        } else {
            return Err(refuse(&first.join(",")));
        }
        Ok((facts, findings))
    }

    /// The subject of that name, made if there is none.
    pub fn subject(&mut self, name: &str) -> &mut Subject {
        let i = self.subjects.iter().position(|s| s.name == name).unwrap_or_else(|| {
            self.subjects.push(Subject { name: name.to_owned(), ..Subject::default() });
            self.subjects.len() - 1
        });
        &mut self.subjects[i]
    }

    fn narrow(
        &mut self,
        [subject, key, value]: [usize; 3],
        period: Option<usize>,
        place: Option<usize>,
        rows: &[(String, Vec<String>)],
        lang: Lang,
        findings: &mut Findings,
    ) {
        let mut index: BTreeMap<String, usize> = BTreeMap::new();
        for (at, row) in rows {
            let cell = |i: usize| row.get(i).map_or("", |c| c.trim());
            if row.iter().all(|c| c.trim().is_empty()) {
                continue;
            }
            let name = cell(subject);
            if name.is_empty() || cell(key).is_empty() {
                let found = row.join(",");
                findings.push(say::finding(Severity::Error, lang, "facts.no_subject", &[("found", &found)]).at(at));
                continue;
            }
            let Some(when) = read_period(period.map_or("", cell), at, lang, findings) else { continue };
            let i = *index.entry(name.to_owned()).or_insert_with(|| {
                self.subjects.push(Subject { name: name.to_owned(), ..Subject::default() });
                self.subjects.len() - 1
            });
            let from = place.map(cell).filter(|p| !p.is_empty()).unwrap_or(at);
            self.subjects[i].give(cell(key), when, cell(value), from);
        }
    }

    fn wide(
        &mut self,
        head: &[String],
        heads: &[Option<&str>],
        subject: usize,
        rows: &[(String, Vec<String>)],
        lang: Lang,
        findings: &mut Findings,
    ) {
        let period = heads.iter().position(|h| *h == Some("period"));
        let place = heads.iter().position(|h| *h == Some("place"));
        for (at, row) in rows {
            let cell = |i: usize| row.get(i).map_or("", |c| c.trim());
            if cell(subject).is_empty() {
                continue;
            }
            let Some(when) = read_period(period.map_or("", cell), at, lang, findings) else { continue };
            let from = place.map(cell).filter(|p| !p.is_empty()).unwrap_or(at).to_owned();
            let given = self.subject(cell(subject));
            for (i, key) in head.iter().enumerate() {
                if i != subject && Some(i) != period && Some(i) != place && !cell(i).is_empty() {
                    given.give(key.trim(), when, cell(i), &from);
                }
            }
        }
    }

    fn cases(
        &mut self,
        column: &dyn Fn(&str) -> Option<usize>,
        of: usize,
        rows: &[(String, Vec<String>)],
        lang: Lang,
        findings: &mut Findings,
    ) {
        for (number, (at, row)) in rows.iter().enumerate() {
            let cell = |key: &str| column(key).and_then(|i| row.get(i)).map_or("", |c| c.trim());
            let (book, clause) = (cell("policy_id"), cell("clause_id"));
            let name = match cell("subject") {
                "" if book.is_empty() && clause.is_empty() => format!("{}", number + 1),
                "" => format!("{book}/{clause}#{}", number + 1),
                name => name.to_owned(),
            };
            let some = |text: &str| if text.is_empty() { None } else { Some(text.to_owned()) };
            let mut subject = Subject {
                name,
                book: book.to_owned(),
                clause: clause.to_owned(),
                expected: some(cell("expected")),
                expected_verdict: some(cell("verdict")),
                expected_class: some(cell("class")),
                day: crate::read::section::read_date(cell("day")),
                review: matches!(cell("occasion"), "review" | "复核"),
                ..Subject::default()
            };
            pairs(&mut subject, row.get(of).map_or("", |c| c.as_str()), at, lang, findings);
            self.subjects.push(subject);
        }
    }
}

/// `a=b;c=d`; a key may carry a period: `revenue@2024=100`.
pub(crate) fn pairs(subject: &mut Subject, text: &str, at: &str, lang: Lang, findings: &mut Findings) {
    for pair in text.split([';', '；']).map(str::trim).filter(|p| !p.is_empty()) {
        let Some((key, value)) = pair.split_once(['=', '＝']) else {
            findings.push(say::finding(Severity::Error, lang, "facts.no_pair", &[("found", pair)]).at(at));
            continue;
        };
        let (key, period) = key.trim().split_once('@').unwrap_or((key.trim(), ""));
        let Some(when) = read_period(period, at, lang, findings) else { continue };
        subject.give(key.trim(), when, value.trim(), at);
    }
}

/// A period, none for a blank; a finding and `None` if it is no period.
fn read_period(text: &str, at: &str, lang: Lang, findings: &mut Findings) -> Option<Option<Period>> {
    if text.is_empty() {
        return Some(None);
    }
    if let Ok(period) = Period::parse(text) {
        return Some(Some(period));
    }
    findings.push(say::finding(Severity::Error, lang, "facts.no_such_period", &[("found", text)]).at(at));
    None
}

/// The finding that a case asks for a clause that its book does not have.
#[must_use]
pub fn no_such_clause(subject: &str, book: &crate::Book, id: &str, lang: Lang) -> values::Finding {
    let ids = book.clauses.iter().map(|c| c.id.as_str()).collect::<Vec<_>>().join("、");
    say::finding(Severity::Error, lang, "facts.no_such_clause", &[("found", id), ("book", &book.name()), ("options", &ids)]).at(subject)
}

/// The finding that no case of a table speaks of any of the books.
pub fn no_case(file: &str, books: impl Iterator<Item = String>, lang: Lang) -> values::Finding {
    let names = books.collect::<Vec<_>>().join("、");
    say::finding(Severity::Error, lang, "facts.no_case", &[("found", &names)]).at(file)
}
