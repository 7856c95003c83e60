//! What `suyuan chain` prints without `--json`: tab-separated lines and sentences.

use chain::answer::{RateLine, SupplyAnswer, WhatIfAnswer};
use chain::portfolio::answer::PortfolioAnswer;
use values::Finding;

/// A portfolio: plan, bound, limits, and why each other project was left out.
pub fn portfolio_text(answer: &PortfolioAnswer) -> String {
    let mut text = String::new();
    if let Some(reason) = &answer.reason {
        text += &format!("{reason}\n");
    }
    if let (Some(value), Some(bound), Some(gap)) = (&answer.value, &answer.bound, &answer.gap) {
        text += &format!("价值 {value}，上界 {bound}，差距 {gap}\n入选 {}：{}\n", answer.chosen.len(), answer.chosen.join("、"));
        text += &format!("紧的限制：{}\n", answer.binding.join("、"));
    }
    for l in &answer.limits {
        text += &format!("限制\t{}\t{}\t用 {}\t每多一单位值 {}\n", l.limit, l.at, l.used, l.price);
    }
    text + &answer.not_chosen.iter().map(|n| format!("未选\t{}\t{}\n", n.project, n.why)).collect::<String>()
}

fn rate_text(answer: &SupplyAnswer, supply: &RateLine, title: &str) -> String {
    let mut text = format!("{title}\n");
    for rate in &supply.detail {
        let value = rate.percent.as_ref().map_or_else(|| rate.reason.clone().unwrap_or_default(), |p| format!("{p}%"));
        text += &format!("  {value}  {}\n", rate.definition);
    }
    text += &answer.assumptions.iter().map(|a| format!("  · {a}\n")).collect::<String>();
    text
}

fn state_word(state: &str) -> &'static str {
    match state {
        "enough" => "够用",
        "short" => "短链",
        "broken" => "断链",
        _ => "不需要",
    }
}

fn product_rows(answer: &SupplyAnswer) -> String {
    let mut text = String::from("状态\t产品\t需要\t本地\t缺口\t单位\t可信度\n");
    for p in &answer.products {
        let name = if p.name.is_empty() { &p.product } else { &p.name };
        text += &format!("{}\t{name}\t{}\t{}\t{}\t{}\t{}\n", state_word(p.state), p.need, p.local, p.gap, p.unit, p.confidence);
    }
    text
}

/// Products with state, then the rates.
pub fn supply_text(answer: &SupplyAnswer) -> String {
    let mut text = product_rows(answer) + &rate_text(answer, &answer.rate, "本地供给率（按产能）");
    if let Some(actual) = &answer.actual {
        text += &rate_text(answer, actual, "本地供给率（按实际采购）");
    }
    text
}

/// Gaps, weak links, what to fill first, dependence.
pub fn gaps_text(answer: &SupplyAnswer) -> String {
    let mut text = product_rows(answer);
    for w in &answer.weak {
        text += &format!("薄弱\t{}\t{}\t{}\n", w.product, w.why, w.plant.as_deref().unwrap_or(""));
    }
    for u in &answer.unlocks {
        text += &format!("补缺\t{}\t{} {}\t影响需求 {}\n", u.product, u.gap, u.unit, u.share);
    }
    for d in &answer.dependence {
        text += &format!("停产\t{}\t损失需求 {}\t波及产品 {}\n", d.plant, d.lost, d.products);
    }
    text + &rate_text(answer, &answer.rate, "本地供给率（按产能）")
}

/// Who supplies whom.
pub fn pairs_text(answer: &SupplyAnswer) -> String {
    let mut text = String::from("供方\t需方\t产品\t数量\t单位\t类别\n");
    for p in &answer.pairs {
        text += &format!("{}\t{}\t{}\t{}\t{}\t{}\n", p.from, p.to, p.product, p.quantity, p.unit, p.kind);
    }
    text
}

/// What changes, month by month.
pub fn what_if_text(answer: &WhatIfAnswer) -> String {
    let mut text = String::from("\t产品\t月份\t之前\t之后\t单位\n");
    for (word, list) in [("产出", &answer.changes), ("过剩", &answer.surplus), ("需求满足", &answer.demand_met), ("外购", &answer.imports)]
    {
        for l in list {
            text += &format!("{word}\t{}\t{}\t{}\t{}\t{}\n", l.product, l.month, l.before, l.after, l.unit);
        }
    }
    text + &answer.assumptions.iter().map(|a| format!("  · {a}\n")).collect::<String>()
}

/// One finding in a line.
pub fn finding_text(f: &Finding) -> String {
    format!("{} {} {}“{}”：应为{}；{}", f.place, f.rule, f.field, f.found, f.expected, f.remedy)
}
