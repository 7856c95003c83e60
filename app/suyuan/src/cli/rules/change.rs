//! `next`, `flips` and `cost`: what would change an answer, whose answer changes, what it comes to.

use super::load::{books, facts, when};
use super::{Judge, bind, finding_text, refuse};
use crate::cli::{Global, Outcome, print};
use anyhow::{Result, bail};
use rules::population::{self, Flip};
use rules::{Book, Case, Facts, Money, Peers, When};
use serde_json::{Value, json};
use values::{Decimal, Findings, Lang};

/// `suyuan rules flips`
#[derive(Debug, clap::Args)]
pub struct Flips {
    /// 原规则书
    old: String,
    /// 新规则书；只改事实或日期时写同一本
    new: String,
    /// 事实表
    #[arg(long)]
    facts: String,
    /// 申报日期
    #[arg(long)]
    on: Option<String>,
    /// 新的申报日期
    #[arg(long)]
    on_new: Option<String>,
    /// 情形：new 新申报，review 复核
    #[arg(long, default_value = "new")]
    occasion: String,
    /// 在新的一边改一个事实：名称=值
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
}

/// `suyuan rules cost`
#[derive(Debug, clap::Args)]
pub struct Cost {
    /// 规则书；几本之间从高不重复
    #[arg(required = true)]
    books: Vec<String>,
    /// 事实表
    #[arg(long)]
    facts: String,
    /// 申报日期
    #[arg(long)]
    on: Option<String>,
    /// 情形：new 新申报，review 复核
    #[arg(long, default_value = "new")]
    occasion: String,
}

/// `suyuan rules next BOOK --facts F`
pub(super) fn next(judge: &Judge, global: &Global) -> Result<Outcome> {
    let lang = Lang::from(global.lang);
    let when = when(judge.on.as_deref(), &judge.occasion)?;
    let books = match books(&judge.book, lang)? {
        Ok(books) => books,
        Err(findings) => return refuse(&findings, global),
    };
    let (facts, mut findings) = facts(&judge.facts, lang)?;
    let mut list = Vec::new();
    let mut text = String::new();
    for book in &books {
        let cases = bind(book, &books, judge, &facts, when, lang, &mut findings);
        let bound: Vec<Case<'_>> = cases.iter().map(|(_, case)| case.clone()).collect();
        let peers = Peers::of(&bound);
        for (subject, case) in &cases {
            let plan = rules::next(case, &peers, judge.only(subject), lang);
            text.push_str(&plan_text(&subject.name, plan.as_ref(), lang));
            list.push(plan_json(&subject.name, book, plan.as_ref()));
        }
    }
    findings.iter().for_each(|f| eprintln!("{}", finding_text(f)));
    let reached = list.iter().all(|p| p["verdict"] == "met");
    if global.json {
        let mut answer = match &list[..] {
            [one] => one.clone(),
            _ => json!({ "changes": [] }),
        };
        answer["subjects"] = Value::Array(list);
        print(&serde_json::to_string(&answer)?)?;
    } else {
        print(text.trim_end())?;
    }
    Ok(if reached && !findings.has_error() { Outcome::Done } else { Outcome::Findings })
}

fn plan_json(subject: &str, book: &Book, plan: Option<&rules::next::Plan>) -> Value {
    let Some(plan) = plan else {
        return json!({ "subject": subject, "book": book.name(), "reachable": false, "changes": [], "verdict": "not_met" });
    };
    let changes: Vec<Value> = plan
        .changes
        .iter()
        .map(|c| json!({ "key": c.key, "label": c.label, "from": c.from, "to": c.to, "unit": c.unit, "cost": plain(c.cost) }))
        .collect();
    json!({
        "subject": subject, "book": book.name(), "reachable": true, "clause": plan.clause, "changes": changes,
        "cost": plain(plan.cost), "verdict": plan.verdict.key(), "missing": plan.missing, "human": plan.human, "proven": plan.proven,
    })
}

fn plan_text(subject: &str, plan: Option<&rules::next::Plan>, lang: Lang) -> String {
    use std::fmt::Write;
    let Some(plan) = plan else {
        return match lang {
            Lang::Zh => format!("{subject}  没有可行的改变\n"),
            Lang::En => format!("{subject}  no way\n"),
        };
    };
    let mut text = format!("{subject}  → {}  {}  {}\n", plan.clause, plan.verdict.word(lang), plain(plan.cost));
    for c in &plan.changes {
        let _ = writeln!(text, "    {}（{}）  {} → {} {}  {}", c.label, c.key, c.from, c.to, c.unit, plain(c.cost));
    }
    for key in &plan.missing {
        let _ = writeln!(text, "    {} {key}", if lang == Lang::Zh { "待填" } else { "to be filed" });
    }
    for id in &plan.human {
        let _ = writeln!(text, "    {} {id}", if lang == Lang::Zh { "待人工判断" } else { "for a person" });
    }
    text
}

fn plain(n: Decimal) -> String {
    values::fixed::round(n, 6).normalize().to_string()
}

/// Judges every subject by the version in force, one book after another.
fn judge_all(books: &[Book], facts: &Facts, when: When, lang: Lang, findings: &mut Findings) -> Vec<(usize, rules::Outcome)> {
    let everyone = Judge { book: String::new(), facts: String::new(), on: None, occasion: String::new(), clause: None, subject: None };
    let mut outcomes = Vec::new();
    for (i, book) in books.iter().enumerate() {
        let cases = bind(book, books, &everyone, facts, when, lang, findings);
        let bound: Vec<Case<'_>> = cases.iter().map(|(_, case)| case.clone()).collect();
        let peers = Peers::of(&bound);
        outcomes.extend(cases.iter().map(|(subject, case)| (i, rules::judge(case, &peers, everyone.only(subject), lang))));
    }
    outcomes
}

/// `suyuan rules flips OLD NEW --facts F`
pub(super) fn flips(args: &Flips, global: &Global) -> Result<Outcome> {
    let lang = Lang::from(global.lang);
    let (old, new) = match (books(&args.old, lang)?, books(&args.new, lang)?) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(findings), _) | (_, Err(findings)) => return refuse(&findings, global),
    };
    let (facts, mut findings) = facts(&args.facts, lang)?;
    let mut changed = facts.clone();
    for set in &args.set {
        let Some((key, value)) = set.split_once('=') else { bail!("--set 应写成 名称=值，读到“{set}”") };
        for subject in &mut changed.subjects {
            subject.given.remove(key);
            subject.give(key, None, value, "--set");
        }
    }
    let then = when(args.on.as_deref(), &args.occasion)?;
    let now = when(args.on_new.as_deref().or(args.on.as_deref()), &args.occasion)?;
    let strip = |list: Vec<(usize, rules::Outcome)>| list.into_iter().map(|(_, o)| o).collect::<Vec<_>>();
    let before = strip(judge_all(&old, &facts, then, lang, &mut findings));
    let after = strip(judge_all(&new, &changed, now, lang, &mut findings));
    findings.iter().for_each(|f| eprintln!("{}", finding_text(f)));
    let flips = population::flips(&before, &after);
    if global.json {
        let subjects: Vec<Value> = flips.iter().map(flip_json).collect();
        print(&serde_json::to_string(&json!({ "subjects": subjects, "judged": before.len() }))?)?;
    } else {
        for flip in &flips {
            let amount = |a: &Option<Money>| a.as_ref().and_then(Money::text).unwrap_or_default();
            let (x, y) = (flip.verdict.0.word(lang), flip.verdict.1.word(lang));
            print(&format!("{}  {x} {} → {y} {}", flip.subject, amount(&flip.amount.0), amount(&flip.amount.1)))?;
        }
    }
    Ok(if flips.is_empty() && !findings.has_error() { Outcome::Done } else { Outcome::Findings })
}

fn flip_json(flip: &Flip) -> Value {
    let conditions: Vec<Value> = flip
        .conditions
        .iter()
        .map(|(id, a, b)| json!({ "id": id, "before": a.map(rules::Verdict::key), "after": b.map(rules::Verdict::key) }))
        .collect();
    json!({
        "subject": flip.subject, "before": flip.verdict.0.key(), "after": flip.verdict.1.key(),
        "amount_before": flip.amount.0.as_ref().and_then(Money::text), "amount_after": flip.amount.1.as_ref().and_then(Money::text),
        "class_before": flip.class.0, "class_after": flip.class.1, "conditions": conditions,
    })
}

/// `suyuan rules cost BOOK… --facts F`
pub(super) fn cost(args: &Cost, global: &Global) -> Result<Outcome> {
    let lang = Lang::from(global.lang);
    let mut all = Vec::new();
    for name in &args.books {
        match books(name, lang)? {
            Ok(more) => all.extend(more),
            Err(findings) => return refuse(&findings, global),
        }
    }
    if all.iter().any(|b| b.money != all[0].money) {
        bail!("这些规则书的金额单位不同，不能合计");
    }
    let when = when(args.on.as_deref(), &args.occasion)?;
    let (facts, mut findings) = facts(&args.facts, lang)?;
    let outcomes = judge_all(&all, &facts, when, lang, &mut findings);
    findings.iter().for_each(|f| eprintln!("{}", finding_text(f)));
    let answer = add_up(&all, &facts, &outcomes, when.day.map_or(0, |d| i32::from(d.year())));
    if global.json {
        print(&serde_json::to_string(&answer)?)?;
    } else {
        for s in answer["subjects"].as_array().into_iter().flatten() {
            print(&format!("{}  {}", s["subject"].as_str().unwrap_or_default(), s["amount"].as_str().unwrap_or_default()))?;
        }
        print(&format!("合计 {} {}", answer["total"].as_str().unwrap_or_default(), answer["unit"].as_str().unwrap_or_default()))?;
    }
    let unknown = answer["unknown"].as_array().is_some_and(|u| !u.is_empty());
    Ok(if unknown || findings.has_error() { Outcome::Findings } else { Outcome::Done })
}

/// Chooses the best set for each subject, pays it under the caps in the order of the table, and adds up.
fn add_up(all: &[Book], facts: &Facts, outcomes: &[(usize, rules::Outcome)], year: i32) -> Value {
    let mut chosen: Vec<(usize, String, Vec<Value>, Vec<String>)> = Vec::new();
    let mut claims: Vec<(usize, usize, population::Claim)> = Vec::new();
    for subject in &facts.subjects {
        let own: Vec<(&Book, &rules::Outcome)> =
            outcomes.iter().filter(|(_, o)| o.subject == subject.name).map(|(i, o)| (&all[*i], o)).collect();
        if own.is_empty() {
            continue;
        }
        let (choices, best) = population::best_over(&own);
        let row = chosen.len();
        let mut left_out = Vec::new();
        for (k, choice) in choices.iter().enumerate() {
            if best.chosen[k] {
                let Some((key, clause)) = choice.id.split_once('.') else { continue };
                let book = all.iter().position(|b| b.key == key).unwrap_or(0);
                let claim = population::Claim { subject: subject.name.clone(), clause: clause.to_owned(), year, amount: choice.worth.1 };
                claims.push((row, book, claim));
            } else {
                let because: Vec<&str> = best.because[k].iter().map(|j| choices[*j].id.as_str()).collect();
                left_out.push(json!({ "id": choice.id, "because": because }));
            }
        }
        let unknown = own.iter().flat_map(|(b, o)| o.unknown.iter().map(move |id| format!("{}.{id}", b.key))).collect();
        chosen.push((row, subject.name.clone(), left_out, unknown));
    }
    let mut paid: Vec<Vec<(String, Decimal, Vec<String>)>> = vec![Vec::new(); chosen.len()];
    for (i, book) in all.iter().enumerate() {
        let own: Vec<&(usize, usize, population::Claim)> = claims.iter().filter(|(_, b, _)| *b == i).collect();
        let list: Vec<population::Claim> = own.iter().map(|(_, _, c)| c.clone()).collect();
        for ((row, _, claim), got) in own.iter().zip(population::pay(&list, &book.caps, Decimal::new(1, 6))) {
            paid[*row].push((format!("{}.{}", book.key, claim.clause), got.amount, got.cut_by));
        }
    }
    let mut total = Decimal::ZERO;
    let low: Decimal =
        outcomes.iter().filter_map(|(_, o)| if let Some(Money::Known(low, _)) = &o.amount { Some(*low) } else { None }).sum();
    let subjects: Vec<Value> = chosen
        .iter()
        .map(|(row, name, left_out, unknown)| {
            let sum: Decimal = paid[*row].iter().map(|(_, n, _)| *n).sum();
            total += sum;
            let items: Vec<Value> = paid[*row].iter().map(|(id, n, cut)| json!({ "id": id, "amount": money(*n), "cut_by": cut })).collect();
            json!({ "subject": name, "amount": money(sum), "chosen": items, "left_out": left_out, "unknown": unknown })
        })
        .collect();
    let unknown: Vec<&String> = chosen.iter().flat_map(|(_, _, _, u)| u).collect();
    json!({ "total": money(total), "total_low": money(low.min(total)), "unit": all.first().map_or("", |b| b.money.name()), "subjects": subjects, "unknown": unknown })
}

fn money(n: Decimal) -> String {
    Money::Known(n, n).text().unwrap_or_default()
}
