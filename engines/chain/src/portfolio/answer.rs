//! The answer 组合结果 in words, ready for JSON: the plan, its bound, and why the others were left out.

use super::{Answer as Found, Plan, Problem, Side, Why};
use crate::amount::decimal;
use crate::notes::text;
use serde::Serialize;
use values::{Finding, Lang};

/// Answer of `portfolio`.
#[derive(Debug, Clone, Serialize, Default)]
pub struct PortfolioAnswer {
    /// Names of the projects taken.
    pub chosen: Vec<String>,
    /// What they are worth; null without a plan.
    pub value: Option<String>,
    /// No plan is worth more.
    pub bound: Option<String>,
    /// (bound − value) / bound, 0–1.
    pub gap: Option<String>,
    /// Limits that hold the worth down, dearest first; or, without a plan, those that clash.
    pub binding: Vec<String>,
    /// The others, each with its reason.
    pub not_chosen: Vec<NotChosen>,
    /// Each limit: how much is taken, and what one unit more is worth.
    pub limits: Vec<LimitLine>,
    /// A plan was found.
    pub feasible: bool,
    /// Why there is none.
    pub reason: Option<String>,
    /// What was wrong.
    pub findings: Vec<Finding>,
}

/// A project left out.
#[derive(Debug, Clone, Serialize)]
pub struct NotChosen {
    /// Project.
    pub project: String,
    /// Why, in words.
    pub why: String,
    /// Limits that have not enough left.
    pub lacks: Vec<String>,
}

/// One limit of a portfolio.
#[derive(Debug, Clone, Serialize)]
pub struct LimitLine {
    /// Name.
    pub limit: String,
    /// cap or floor.
    pub side: &'static str,
    /// How much.
    pub at: String,
    /// Taken.
    pub used: String,
    /// Worth of one unit more, in the relaxation.
    pub price: String,
}

/// Puts what the portfolio search found into words.
#[must_use]
pub fn tell(problem: &Problem, found: &Found, findings: Vec<Finding>, lang: Lang) -> PortfolioAnswer {
    let names = |list: &[usize]| list.iter().map(|l| problem.limits[*l].name.clone()).collect::<Vec<_>>();
    let plan = match found {
        Found::Plan(plan) => plan,
        Found::Infeasible(clash) => {
            let key = if clash.is_empty() { "portfolio.clash_groups" } else { "portfolio.clash" };
            let binding = names(clash);
            let reason = Some(text(lang, key, &[("limits", &binding.join("、"))]));
            return PortfolioAnswer { binding, reason, findings, ..PortfolioAnswer::default() };
        }
        Found::Unknown(bound) => {
            let bound = decimal(*bound);
            let reason = Some(text(lang, "portfolio.unknown", &[("bound", &bound)]));
            return PortfolioAnswer { bound: Some(bound), reason, findings, ..PortfolioAnswer::default() };
        }
    };
    let mut binding: Vec<usize> = (0..problem.limits.len()).filter(|l| plan.prices[*l] > 1e-9).collect();
    // Prices of unlike units compare by what the whole limit is worth.
    binding
        .sort_by(|a, b| (plan.prices[*b] * problem.limits[*b].limit.abs()).total_cmp(&(plan.prices[*a] * problem.limits[*a].limit.abs())));
    if binding.is_empty() {
        // No price in the relaxation: what is full for whole projects binds all the same.
        let full = (0..problem.projects.len()).filter(|i| !plan.taken[*i]).filter_map(|i| match problem.why_not(plan, i) {
            Why::Full(full) => Some(full.into_iter().map(|(l, _, _)| l)),
            _ => None,
        });
        binding = full.flatten().collect();
        binding.sort_unstable();
        binding.dedup();
    }
    let left_out = (0..problem.projects.len()).filter(|i| !plan.taken[*i]);
    let limits = problem.limits.iter().enumerate().map(|(l, limit)| LimitLine {
        limit: limit.name.clone(),
        side: if limit.side == Side::Cap { "cap" } else { "floor" },
        at: decimal(limit.limit),
        used: decimal(plan.used[l]),
        price: decimal(plan.prices[l]),
    });
    PortfolioAnswer {
        chosen: problem.projects.iter().zip(&plan.taken).filter(|(_, t)| **t).map(|(p, _)| p.name.clone()).collect(),
        value: Some(decimal(plan.value)),
        bound: Some(decimal(plan.bound)),
        gap: Some(decimal(plan.gap())),
        binding: names(&binding),
        not_chosen: left_out.map(|i| not_chosen(problem, plan, i, lang)).collect(),
        limits: limits.collect(),
        feasible: true,
        reason: None,
        findings,
    }
}

fn not_chosen(problem: &Problem, plan: &Plan, project: usize, lang: Lang) -> NotChosen {
    let p = &problem.projects[project];
    let limit = |l: usize| problem.limits[l].name.as_str();
    let other = |q: usize| problem.projects[q].name.as_str();
    let mut lacks = Vec::new();
    let why = match problem.why_not(plan, project) {
        Why::Alone(l) => {
            lacks.push(limit(l).to_owned());
            text(lang, "portfolio.alone", &[("limit", limit(l))])
        }
        Why::Worthless => text(lang, "portfolio.worthless", &[]),
        Why::Group(q) => text(lang, "portfolio.group", &[("other", other(q))]),
        Why::Needs(q) => text(lang, "portfolio.needs", &[("other", other(q))]),
        Why::Other => text(lang, "portfolio.other", &[]),
        Why::Full(full) => {
            lacks.extend(full.iter().map(|(l, _, _)| limit(*l).to_owned()));
            let parts: Vec<String> = full
                .iter()
                .map(|(l, needed, left)| {
                    text(lang, "portfolio.full", &[("limit", limit(*l)), ("left", &decimal(left.max(0.0))), ("needed", &decimal(*needed))])
                })
                .collect();
            let cost: f64 = plan.prices.iter().zip(&problem.limits).map(|(price, l)| price * p.uses[l.column]).sum();
            let mut why = parts.join("；");
            if cost > p.value {
                why += if lang == Lang::Zh { "；" } else { "; " };
                why += &text(lang, "portfolio.priced", &[("cost", &format!("{cost:.4}")), ("value", &decimal(p.value))]);
            }
            why
        }
    };
    NotChosen { project: p.name.clone(), why, lacks }
}
