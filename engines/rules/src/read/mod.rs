//! Reading a book 读规则书: TOML to [`Book`], every mistake at once, each with its line.

mod amount;
mod conditions;
mod facts;
mod names;
mod score;
pub(crate) mod section;

use conditions::OCCASIONS;
pub(crate) use facts::step;

use crate::book::{Book, Cap, CapPer, Choose, Clause, Need, Score, Test};
use crate::say;
use amount::Amounts;
use conditions::{Around, Conditions, number_ids};
use expr::Measure;
use names::Binder;
use score::Scores;
use section::{Reading, Section};
use std::cell::RefCell;
use toml::de::DeTable;
use values::texts::Label;
use values::{Confidence, Findings, Lang, Severity};

/// Longest book, in bytes.
const BYTES_MAX: usize = 16 * 1024 * 1024;

/// Reads one book. Warnings and notes stand beside it; with an error there is no book.
///
/// `name` is the file's name, for places.
///
/// # Errors
/// All findings, at least one of them an error.
pub fn read(name: &str, source: &str, lang: Lang) -> Result<(Book, Findings), Findings> {
    let mut findings = Findings::default();
    if source.len() > BYTES_MAX {
        findings.push(say::finding(Severity::Error, lang, "rules.too_large", &[("found", &source.len().to_string())]).at(name));
        return Err(findings);
    }
    let (table, errors) = DeTable::parse_recoverable(source);
    let reading = Reading { name, source, lang, findings: RefCell::new(findings) };
    for error in &errors {
        let at = error.span().map_or(0, |s| s.start);
        reading.error("rules.toml", at, "", &[("found", error.message())]);
    }
    let book = if errors.is_empty() {
        let root = Section::new(&reading, table.get_ref(), table.span());
        let book = book(&reading, &root);
        root.finish();
        Some(book)
    } else {
        None
    };
    let mut findings = reading.findings.into_inner();
    match book {
        Some(book) if !findings.has_error() => {
            crate::check::check(&book, lang, &mut findings);
            if findings.has_error() { Err(findings) } else { Ok((book, findings)) }
        }
        _ => Err(findings),
    }
}

/// The label, or `other` where it is empty.
pub(crate) fn label_or(label: Label, other: &str) -> Label {
    if label.zh.is_empty() { Label { zh: other.to_owned(), en: label.en } } else { label }
}

fn book<'a>(reading: &'a Reading<'a>, root: &Section<'a>) -> Book {
    let empty = root.section("book");
    let head = empty.as_ref();
    if head.is_none() {
        reading.error("rules.missing_key", 0, "book", &[("key", "[book]")]);
    }
    let mut binder = facts::read(reading, root);
    let mut book = Book {
        key: String::new(),
        aliases: Vec::new(),
        version: String::new(),
        title: Label::default(),
        issuer: String::new(),
        source: String::new(),
        note: String::new(),
        confidence: Confidence::A,
        valid_from: None,
        valid_to: None,
        review_to: None,
        occasion: None,
        supersedes: Vec::new(),
        choose: Choose::Each,
        money: Measure::parse("万元").unwrap_or_else(Measure::ratio),
        facts: Vec::new(),
        parameters: Vec::new(),
        slots: Vec::new(),
        clauses: Vec::new(),
        score: None,
        caps: Vec::new(),
        file: reading.name.to_owned(),
    };
    if let Some(head) = head {
        self::head(reading, head, &mut book);
    }
    let sections = root.sections("clause");
    for (i, section) in sections.iter().enumerate() {
        let clause = clause(reading, &mut binder, section, &book, i + 1);
        section.finish();
        book.clauses.push(clause);
    }
    if let Some(section) = root.section("score") {
        let clause = String::new();
        let mut scores = Scores { reading, binder: &mut binder, confidence: book.confidence, clause };
        book.score = Some(scores.read(&section));
    }
    for cap in root.sections("cap") {
        let read = self::cap(reading, &mut binder, &cap, &book.money);
        cap.finish();
        book.caps.extend(read);
    }
    check_scores(reading, &book);
    let Binder { facts, parameters, slots, used, .. } = binder;
    for (fact, used) in facts.iter().zip(&used) {
        if !used {
            let finding = say::finding(Severity::Note, reading.lang, "rules.unused_fact", &[("found", &fact.key)]);
            reading.push(finding.at(format!("{}:{}", reading.name, fact.line)).field(&fact.key));
        }
    }
    Book { facts, parameters, slots, ..book }
}

fn head<'a>(reading: &'a Reading<'a>, head: &Section<'a>, book: &mut Book) {
    book.key = head.needed("key").value;
    book.aliases = head.texts("alias").into_iter().map(|t| t.value).collect();
    book.version = head.string("version");
    book.title = head.label("title");
    if book.title.zh.is_empty() {
        reading.error("rules.missing_key", head.at, "title", &[("key", "title")]);
    }
    book.issuer = head.string("issuer");
    book.source = head.string("source");
    book.note = head.string("note");
    book.confidence = head.confidence("confidence").unwrap_or(Confidence::A);
    book.valid_from = head.date("valid_from");
    book.valid_to = head.date("valid_to");
    book.review_to = head.date("review_to");
    book.occasion = head.choice("occasion", OCCASIONS);
    book.supersedes = head.texts("supersedes").into_iter().map(|t| t.value).collect();
    book.choose = head.choice("choose", &[("each", Choose::Each), ("any", Choose::Any), ("all", Choose::All), ("first", Choose::First)]);
    if let Some(unit) = head.text("money") {
        match Measure::parse(&unit.value) {
            Some(measure) => book.money = measure,
            None => reading.error("rules.unknown_unit", unit.at, "money", &[("key", "money"), ("found", &unit.value)]),
        }
    }
    if let (Some(from), Some(to)) = (book.valid_from, book.valid_to)
        && from > to
    {
        reading.error("rules.valid_reversed", head.at, "valid_to", &[("from", &from.to_string()), ("to", &to.to_string())]);
    }
    head.finish();
}

fn clause<'a>(reading: &'a Reading<'a>, binder: &mut Binder, section: &Section<'a>, book: &Book, number: usize) -> Clause {
    let id = section.text("id").map_or_else(|| number.to_string(), |t| t.value);
    let article = section.string("clause");
    let confidence = section.confidence("confidence").unwrap_or(book.confidence);
    let scope = section.text("scope").and_then(|text| match binder.condition(&text.value) {
        Ok(compiled) => Some(compiled),
        Err(problems) => {
            reading.problems(&problems, &text, "scope");
            None
        }
    });
    let around = Around {
        id: id.clone(),
        label: Label::default(),
        clause: article.clone(),
        confidence,
        confirmed: section.string("confirmed"),
        occasion: None,
        evidence: String::new(),
    };
    let mut conditions = Conditions { reading, binder, list: Vec::new() };
    let need = conditions.group(section, &around);
    let mut list = conditions.list;
    number_ids(&mut list);
    let mut amounts = Amounts { reading, binder, money: &book.money, confidence };
    let amount = amounts.of(section);
    if need == Need::All(Vec::new()) && amount.is_none() {
        reading.error("rules.empty_condition", section.at, &id, &[("found", &id)]);
    }
    Clause {
        title: label_or(section.label("title"), &id),
        id,
        subject: section.string("subject"),
        clause: article,
        scope,
        valid_from: section.date("valid_from"),
        valid_to: section.date("valid_to"),
        conditions: list,
        need,
        amount,
        group: section.string("group"),
        excludes: section.texts("excludes").into_iter().map(|t| t.value).collect(),
        occasion: section.choice("occasion", OCCASIONS),
        confidence,
        note: section.string("note"),
        line: reading.line(section.at),
    }
}

fn cap<'a>(reading: &'a Reading<'a>, binder: &mut Binder, section: &Section<'a>, money: &Measure) -> Option<Cap> {
    let most = section.needed("most");
    let compiled = match binder.number(&most.value, Some(money)) {
        Ok(compiled) => compiled,
        Err(problems) => {
            reading.problems(&problems, &most, "most");
            return None;
        }
    };
    let Some(value) = compiled.node().constant_number() else {
        reading.error("rules.not_a_number", most.at, "most", &[("key", "most"), ("found", &most.value)]);
        return None;
    };
    Some(Cap {
        id: section.needed("id").value,
        clauses: section.texts("clauses").into_iter().map(|t| t.value).collect(),
        per: section.choice(
            "per",
            &[
                ("total", CapPer::Total),
                ("year", CapPer::Year),
                ("subject", CapPer::Subject),
                ("subject_year", CapPer::SubjectYear),
                ("总计", CapPer::Total),
                ("年度", CapPer::Year),
                ("每户", CapPer::Subject),
                ("每户每年", CapPer::SubjectYear),
            ],
        ),
        most: value,
        pro_rata: section.choice("short", &[("first_come", false), ("先到先得", false), ("pro_rata", true), ("按比例", true)]),
    })
}

/// Conditions that speak of the score need one, with that group or part.
fn check_scores(reading: &Reading<'_>, book: &Book) {
    let none = Score::default();
    let score = book.score.as_ref().unwrap_or(&none);
    for condition in book.clauses.iter().flat_map(|c| &c.conditions) {
        let Test::Score { of, .. } = &condition.test else { continue };
        let known =
            of.is_empty() && book.score.is_some() || score.groups.iter().any(|g| g.key == *of) || score.parts.iter().any(|p| p.id == *of);
        if !known {
            let keys: Vec<&str> = score.groups.iter().map(|g| g.key.as_str()).chain(score.parts.iter().map(|p| p.id.as_str())).collect();
            let finding =
                say::finding(Severity::Error, reading.lang, "rules.no_such_score", &[("found", of), ("options", &keys.join("、"))]);
            reading.push(finding.at(format!("{}:{}", reading.name, condition.line)).field(&condition.id));
        }
    }
}
