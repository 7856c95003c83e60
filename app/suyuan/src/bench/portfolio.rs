//! `suyuan bench portfolio`: 300 projects under 18 caps.
//!
//! Checked first: small problems against trying all choices; every plan keeps
//! its caps and stays below its bound.

use super::{Report, median_time};
use anyhow::{Result, ensure};
use chain::portfolio::search::solve;
use chain::portfolio::{Answer, Effort, Limit, Problem, Project, Side};

/// A number from a fixed sequence, 0–1 (SplitMix64).
pub fn random(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

/// Projects whose worth goes with what they take, caps at a share of the sum.
pub fn problem(seed: u64, projects: usize, caps: usize, share: f64) -> Problem {
    let mut state = seed;
    let list: Vec<Project> = (0..projects)
        .map(|i| {
            let size = 0.2 + random(&mut state);
            let uses: Vec<f64> = (0..caps).map(|_| (size * 100.0 * random(&mut state)).round()).collect();
            let value = (size * 50.0 + 30.0 * random(&mut state)).round();
            Project { name: format!("P{i}"), value, uses, must: false, group: String::new(), needs: Vec::new(), place: String::new() }
        })
        .collect();
    let limits = (0..caps)
        .map(|c| {
            let all: f64 = list.iter().map(|p| p.uses[c]).sum();
            Limit { name: format!("C{c}"), side: Side::Cap, limit: (all * share).round(), column: c, place: String::new() }
        })
        .collect();
    Problem { projects: list, limits }
}

fn best_by_trying_all(problem: &Problem) -> f64 {
    let n = problem.projects.len();
    (0..1u32 << n)
        .map(|bits| (0..n).map(|i| bits >> i & 1 == 1).collect::<Vec<_>>())
        .filter(|taken| problem.is_kept(taken))
        .map(|taken| problem.value(&taken))
        .fold(0.0, f64::max)
}

fn plan(problem: &Problem, effort: &Effort) -> Result<chain::portfolio::Plan> {
    match solve(problem, effort) {
        Answer::Plan(plan) => {
            ensure!(problem.is_kept(&plan.taken) && plan.value <= plan.bound + 1e-9, "组合超限或超过上界");
            Ok(plan)
        }
        other => anyhow::bail!("没有组合：{other:?}"),
    }
}

/// Runs it.
pub fn run() -> Result<Report> {
    for seed in 0..40 {
        let small = problem(seed, 12, 4, 0.4);
        let found = plan(&small, &Effort::default())?;
        ensure!((found.value - best_by_trying_all(&small)).abs() < 1e-6, "第 {seed} 题与逐一试出的不同");
    }
    let mut report = Report::new("portfolio", true);
    let whole = problem(2026, 300, 18, 0.4);
    let efforts = [
        ("first plan with bound, 300 projects × 18 caps", Effort { gap: 1.0, nodes: 1 }, 9),
        ("1 % gap", Effort { gap: 0.01, nodes: 100_000 }, 5),
        ("3000 relaxations", Effort { gap: 1e-6, nodes: 3_000 }, 1),
    ];
    for (work, effort, runs) in efforts {
        let found = plan(&whole, &effort)?;
        let time = median_time(runs, || {
            std::hint::black_box(solve(&whole, &effort));
        });
        report.push(work, format!("{:.2}", time.as_secs_f64() * 1e3), "ms");
        report.push(format!("{work}: gap reached, relaxations {}", found.nodes), format!("{:.3}", found.gap() * 100.0), "%");
    }
    Ok(report)
}
