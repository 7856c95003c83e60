//! `suyuan rules …`: verdicts, gaps, scores, changes, flips and cost by rule books.
//!
//! Shapes: `docs/cli.md`; how a book is written: `docs/rules.md`. What decides
//! is the engine `rules`; here are files, options and JSON only.

mod change;
mod load;

use crate::cli::{Global, Outcome, print};
use anyhow::Result;
use load::{book_for, books, facts, sources, when};
use rules::book::Occasion;
use rules::outcome::{ClauseOutcome, ConditionOutcome, ScoreOutcome};
use rules::{Book, Case, Facts, Money, Peers, Subject, Verdict, When};
use serde_json::{Value, json};
use values::{Finding, Findings, Lang};

/// `suyuan rules …`
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// 检查规则书：格式、单位、空隙与重叠、矛盾、版本、条款
    Check {
        /// 规则书：文件、目录，或自带规则书的名称
        #[arg(required = true)]
        books: Vec<String>,
    },
    /// 判定：满足、不满足、缺数据、需人工判断，连同金额
    Verdict(Judge),
    /// 差距：只列没有满足的条件
    Gaps(Judge),
    /// 评分：各项得分与总分
    Score(Judge),
    /// 到下一级：代价最小的一组改变
    Next(Judge),
    /// 翻转：规则、事实或日期改变后，谁的结论变了
    Flips(change::Flips),
    /// 测算：一本或几本规则书在全体主体上的金额
    Cost(change::Cost),
}

/// What verdict, gaps and score take.
#[derive(Debug, clap::Args)]
struct Judge {
    /// 规则书：文件、目录，或自带规则书的名称
    book: String,
    /// 事实表：csv 或 xlsx，列 subject,period,key,value；也可每个事实一列，或一列 facts 写 a=b;c=d
    #[arg(long)]
    facts: String,
    /// 申报日期；不写则不看有效期，“上年”取事实表里最近的年份
    #[arg(long)]
    on: Option<String>,
    /// 情形：new 新申报，review 复核
    #[arg(long, default_value = "new")]
    occasion: String,
    /// 只判这一条
    #[arg(long)]
    clause: Option<String>,
    /// 只判这个主体
    #[arg(long)]
    subject: Option<String>,
}

/// Runs `suyuan rules …`.
///
/// # Errors
/// A book or a table of facts that cannot be read.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    match &args.command {
        Command::Check { books } => check(books, global),
        Command::Verdict(judge) => verdicts(judge, Show::All, global),
        Command::Gaps(judge) => verdicts(judge, Show::Gaps, global),
        Command::Score(judge) => verdicts(judge, Show::Score, global),
        Command::Next(judge) => change::next(judge, global),
        Command::Flips(args) => change::flips(args, global),
        Command::Cost(args) => change::cost(args, global),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Show {
    All,
    Gaps,
    Score,
}

fn check(names: &[String], global: &Global) -> Result<Outcome> {
    let lang = Lang::from(global.lang);
    let mut findings = Findings::default();
    let mut books = Vec::new();
    for name in names {
        for (file, text) in sources(name)? {
            match rules::read(&file, &text, lang) {
                Ok((book, notes)) => {
                    findings.0.extend(notes.0);
                    if let Some((name, cases)) = load::cases(&file)? {
                        findings.0.extend(rules::cases::run(&book, &name, &cases, lang).1.0);
                    }
                    books.push(book);
                }
                Err(found) => findings.0.extend(found.0),
            }
        }
    }
    findings.0.extend(rules::versions(&books, lang).0);
    if global.json {
        let list: Vec<Value> = findings.iter().map(finding_json).collect();
        print(&serde_json::to_string(&list)?)?;
    } else {
        findings.iter().try_for_each(|f| print(&finding_text(f)))?;
    }
    let blemished = findings.iter().any(|f| f.severity != values::Severity::Note);
    Ok(if blemished { Outcome::Findings } else { Outcome::Done })
}

fn finding_json(f: &Finding) -> Value {
    json!({
        "rule": f.rule, "severity": f.severity, "place": f.place, "field": f.field,
        "found": f.found, "expected": f.expected, "remedy": f.remedy,
    })
}

fn finding_text(f: &Finding) -> String {
    format!("{} [{}] {} {}；{}", f.place, f.rule, f.field, f.expected, f.remedy)
}

impl Judge {
    /// The clause that is asked for: by the option, or by the case.
    fn only<'a>(&'a self, subject: &'a Subject) -> Option<&'a str> {
        self.clause.as_deref().or(Some(subject.clause.as_str()).filter(|c| !c.is_empty()))
    }
}

/// The cases of one book: of the subjects that are asked for, those for which this is the book.
fn bind<'b, 's>(
    book: &'b Book,
    books: &'b [Book],
    judge: &Judge,
    facts: &'s Facts,
    when: When,
    lang: Lang,
    findings: &mut Findings,
) -> Vec<(&'s Subject, Case<'b>)> {
    let mut cases = Vec::new();
    for subject in facts.subjects.iter().filter(|s| judge.subject.as_ref().is_none_or(|n| *n == s.name)) {
        let own = When {
            day: subject.day.or(when.day),
            occasion: if subject.review { Occasion::Review } else { when.occasion },
            last_year: None,
        };
        let chosen = book_for(books, subject, own).iter().any(|b| std::ptr::eq(*b, book));
        if chosen && has_clause(book, subject, judge.clause.as_deref(), lang, findings) {
            cases.push((subject, Case::bind(book, subject, own, lang, findings)));
        }
    }
    cases
}

fn verdicts(judge: &Judge, show: Show, global: &Global) -> Result<Outcome> {
    let lang = Lang::from(global.lang);
    let when = when(judge.on.as_deref(), &judge.occasion)?;
    let books = match books(&judge.book, lang)? {
        Ok(books) => books,
        Err(findings) => return refuse(&findings, global),
    };
    let (facts, mut findings) = facts(&judge.facts, lang)?;
    let mut outcomes = Vec::new();
    for book in &books {
        let cases = bind(book, &books, judge, &facts, when, lang, &mut findings);
        let bound: Vec<Case<'_>> = cases.iter().map(|(_, case)| case.clone()).collect();
        let peers = Peers::of(&bound);
        for (subject, case) in &cases {
            outcomes.push((*subject, rules::judge(case, &peers, judge.only(subject), lang)));
        }
    }
    if outcomes.is_empty() && !facts.subjects.is_empty() {
        findings.push(rules::facts::no_case(&judge.facts, books.iter().map(Book::name), lang));
    }
    findings.iter().for_each(|f| eprintln!("{}", finding_text(f)));
    let all_met = outcomes.iter().all(|(_, o)| o.verdict == Verdict::Met);
    if global.json {
        let list: Vec<Value> = outcomes.iter().map(|(s, o)| outcome_json(s, o, show)).collect();
        print(&serde_json::to_string(&list)?)?;
    } else {
        outcomes.iter().try_for_each(|(s, o)| print(outcome_text(s, o, show, lang).trim_end()))?;
    }
    Ok(if all_met && !findings.has_error() { Outcome::Done } else { Outcome::Findings })
}

/// True if the clause that is asked for is in the book, or none is asked for.
fn has_clause(book: &Book, subject: &Subject, asked: Option<&str>, lang: Lang, findings: &mut Findings) -> bool {
    let id = asked.unwrap_or(&subject.clause);
    if id.is_empty() || book.clauses.iter().any(|c| c.id == id) {
        return true;
    }
    findings.push(rules::facts::no_such_clause(&subject.name, book, id, lang));
    false
}

/// A book with errors: says them all.
fn refuse(findings: &Findings, global: &Global) -> Result<Outcome> {
    if global.json {
        print(&serde_json::to_string(&json!({ "findings": findings.iter().map(finding_json).collect::<Vec<_>>() }))?)?;
    }
    findings.iter().for_each(|f| eprintln!("{}", finding_text(f)));
    Ok(Outcome::Findings)
}

fn outcome_json(subject: &Subject, outcome: &rules::Outcome, show: Show) -> Value {
    let gaps = show == Show::Gaps;
    let conditions: Vec<Value> =
        outcome.clauses.iter().flat_map(|c| &c.conditions).filter(|c| !gaps || c.verdict != Verdict::Met).map(condition_json).collect();
    let clauses: Vec<Value> = outcome.clauses.iter().filter(|c| !gaps || c.verdict != Verdict::Met).map(clause_json).collect();
    let amount = outcome.amount.as_ref().and_then(Money::text);
    let mut value = json!({
        "subject": outcome.subject, "book": outcome.book, "verdict": outcome.verdict.key(),
        "conditions": conditions, "amount": amount, "amount_unit": outcome.unit,
        "score": outcome.score.as_ref().and_then(|s| s.total).map(points_text),
        "class": outcome.class, "clauses": clauses, "amount_unknown": outcome.unknown, "capped_by": outcome.capped_by,
        "confidence": outcome.confidence.key(),
    });
    if let (Show::Score, Some(score)) = (show, &outcome.score) {
        value["parts"] = Value::Array(score.parts.iter().map(part_json).collect());
        value["groups"] = score.groups.iter().map(|(k, l, h)| json!({ "group": k, "score": points_text((*l, *h)) })).collect();
        value["grade"] = json!(score.grade);
        value["vetoed"] = json!(score.vetoed);
    }
    if let Some(expected) = &subject.expected {
        value["expected"] = json!(expected);
        value["agrees"] = json!(agrees(expected, outcome));
    }
    value
}

/// True if a case's expected amount (or score) is what came out.
fn agrees(expected: &str, outcome: &rules::Outcome) -> bool {
    let numbers = |text: &str| -> Option<(values::Decimal, values::Decimal)> {
        let (low, high) = text.split_once("..").unwrap_or((text, text));
        Some((low.trim().parse().ok()?, high.trim().parse().ok()?))
    };
    let got = match (&outcome.amount, &outcome.score) {
        (Some(Money::Known(low, high)), _) => Some((*low, *high)),
        (None, Some(ScoreOutcome { total, .. })) => *total,
        _ => None,
    };
    got.is_some() && numbers(expected) == got
}

fn points_text((low, high): (values::Decimal, values::Decimal)) -> String {
    if low == high { low.normalize().to_string() } else { format!("{}..{}", low.normalize(), high.normalize()) }
}

fn condition_json(c: &ConditionOutcome) -> Value {
    json!({
        "id": c.id, "label": c.label, "verdict": c.verdict.key(), "needed": c.needed,
        "has": if c.has.is_empty() { None } else { Some(&c.has) },
        "shortfall": c.shortfall.map(|s| s.normalize().to_string()), "unit": c.unit, "clause": c.clause,
        "missing": c.missing, "evidence": c.evidence, "why": c.why, "confidence": c.confidence.key(),
    })
}

fn clause_json(c: &ClauseOutcome) -> Value {
    json!({
        "id": c.id, "title": c.title, "clause": c.clause, "verdict": c.verdict.key(),
        "conditions": c.conditions.iter().map(|c| &c.id).collect::<Vec<_>>(),
        "amount": c.amount.as_ref().and_then(Money::text),
        "why": match &c.amount { Some(Money::Unknown(why)) => why.as_str(), _ => c.left_out.as_str() },
        "counted": c.left_out.is_empty(),
        "uncapped": c.uncapped.map(|u| u.normalize().to_string()),
    })
}

fn part_json(p: &rules::outcome::PartOutcome) -> Value {
    json!({
        "id": p.id, "label": p.label, "group": p.group, "score": points_text(p.points),
        "most": p.most.map(|m| m.normalize().to_string()),
        "lost": p.most.map(|m| (m - p.points.0).normalize().to_string()),
        "verdict": p.verdict.key(), "has": p.has, "unit": p.unit, "missing": p.missing, "clause": p.clause,
        "why": p.why, "confidence": p.confidence.key(),
    })
}

fn outcome_text(subject: &Subject, outcome: &rules::Outcome, show: Show, lang: Lang) -> String {
    use std::fmt::Write;
    let mut text = format!("{}  {}  {}", outcome.subject, outcome.book, outcome.verdict.word(lang));
    if let Some(class) = &outcome.class {
        let title = outcome.clauses.iter().find(|c| c.id == *class).map_or("", |c| c.title.as_str());
        let _ = write!(text, "  {title}");
    }
    match &outcome.amount {
        Some(Money::Unknown(why)) => {
            let _ = write!(text, "  （{why}）");
        }
        Some(known) => {
            let _ = write!(text, "  {} {}", known.text().unwrap_or_default(), outcome.unit);
        }
        None => {}
    }
    if let Some(total) = outcome.score.as_ref().and_then(|s| s.total) {
        let _ = write!(text, "  {} 分", points_text(total));
    }
    if let Some(expected) = &subject.expected {
        let _ = write!(text, "  {} {expected}", if agrees(expected, outcome) { "＝" } else { "≠" });
    }
    text.push('\n');
    for clause in &outcome.clauses {
        if outcome.clauses.len() > 1 && (show != Show::Gaps || clause.verdict != Verdict::Met) {
            let amount = clause.amount.as_ref().and_then(Money::text).map_or(String::new(), |a| format!("  {a} {}", outcome.unit));
            let _ = writeln!(text, "  {} {}  {}{amount} {}", clause.id, clause.title, clause.verdict.word(lang), clause.left_out);
        }
        for c in clause.conditions.iter().filter(|c| show != Show::Gaps || c.verdict != Verdict::Met) {
            let _ = writeln!(text, "    {}", condition_text(c, lang));
        }
    }
    if show == Show::Score {
        for p in outcome.score.iter().flat_map(|s| &s.parts) {
            let most = p.most.map_or(String::new(), |m| format!(" / {}", m.normalize()));
            let _ = writeln!(text, "    {} {}  {}{most}  {} {} {}", p.id, p.label, points_text(p.points), p.has, p.unit, p.why);
        }
    }
    text
}

fn condition_text(c: &ConditionOutcome, lang: Lang) -> String {
    let mut text = format!("{} {}  {}", c.id, c.label, c.verdict.word(lang));
    let mut add = |label: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&format!("  {label} {value}"));
        }
    };
    let zh = lang == Lang::Zh;
    add(if zh { "需" } else { "needed" }, &format!("{} {}", c.needed, c.unit));
    add(if zh { "有" } else { "has" }, &c.has);
    if let Some(short) = c.shortfall.filter(|s| !s.is_zero()) {
        add(if zh { "差" } else { "short" }, &format!("{} {}", short.normalize(), c.unit));
    }
    add(if zh { "缺" } else { "missing" }, &c.missing.join("、"));
    add(if zh { "依据" } else { "article" }, &c.clause);
    add("", &c.why);
    text
}
