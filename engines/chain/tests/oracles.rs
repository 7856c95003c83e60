//! Portfolios against HiGHS, by the table that `scripts/oracles/portfolio.py` made.

#![allow(clippy::unwrap_used, reason = "a test may fail this way")]

use chain::portfolio::search::solve;
use chain::portfolio::{Answer, Effort, Limit, Problem, Project, Side};

fn random(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

fn problem(seed: u64, projects: usize, caps: usize, share: f64) -> Problem {
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

#[test]
fn portfolios_as_by_highs() {
    let table = include_str!("oracles/portfolio.csv");
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |i: usize| cells[i].parse::<f64>().unwrap();
        let (seed, n, m) = (number(0) as u64, number(1) as usize, number(2) as usize);
        let (value, bound, gap) = (number(4), number(5), number(6));
        let p = problem(seed, n, m, number(3));
        let effort = if gap > 0.0 { Effort { gap: 0.01, nodes: 200 } } else { Effort { gap: 1e-9, nodes: 60_000 } };
        let Answer::Plan(plan) = solve(&p, &effort) else { panic!("{line}: no plan") };
        assert!(p.is_kept(&plan.taken), "{line}");
        // Neither may beat the other's bound.
        assert!(plan.value <= bound + 1e-6 && value <= plan.bound + 1e-6, "{line}: {} {}", plan.value, plan.bound);
        if gap > 0.0 {
            assert!(plan.gap() <= 0.01, "{line}: gap {}", plan.gap());
        } else {
            assert!((plan.value - value).abs() < 1e-6, "{line}: {}", plan.value);
        }
    }
}
