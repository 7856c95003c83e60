//! Portfolio 项目组合: which projects to take under caps of land, water, power, money …
//!
//! A plan always comes with a bound (no plan can be worth more) and the gap
//! between them; what is infeasible names the caps that clash; every project
//! left out says why. [`mod@read`] reads, [`simplex`] solves the relaxation,
//! [`search`] finds the plan, [`answer`] puts it into words.

pub mod answer;
pub mod read;
pub mod search;
pub mod simplex;

/// One candidate project.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Name.
    pub name: String,
    /// What it is worth, in the table's unit.
    pub value: f64,
    /// How much of each limit it takes, in the order of [`Problem::limits`].
    pub uses: Vec<f64>,
    /// It must be taken 必选.
    pub must: bool,
    /// At most one project of a group is taken 互斥; empty = none.
    pub group: String,
    /// It may be taken only with these 前置.
    pub needs: Vec<usize>,
    /// Where it was read.
    pub place: String,
}

/// What a limit bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// No more than the limit 上限.
    Cap,
    /// No less than the limit 下限.
    Floor,
}

/// One limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// Name: the column's head.
    pub name: String,
    /// Cap or floor.
    pub side: Side,
    /// How much.
    pub limit: f64,
    /// Column of [`Project::uses`].
    pub column: usize,
    /// Where it was read.
    pub place: String,
}

/// A whole question.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Problem {
    /// Candidates.
    pub projects: Vec<Project>,
    /// Limits.
    pub limits: Vec<Limit>,
}

/// How hard to try. Counted, not timed, so that an answer is the same everywhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// Stop when (bound − value) / |bound| is no larger.
    pub gap: f64,
    /// Most relaxations solved.
    pub nodes: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self { gap: 1e-6, nodes: 3_000 }
    }
}

/// Why a project was left out.
#[derive(Debug, Clone, PartialEq)]
pub enum Why {
    /// It alone takes more than a limit allows beside the projects that must be taken.
    Alone(usize),
    /// Its worth is not above zero.
    Worthless,
    /// Another of its group was taken.
    Group(usize),
    /// A project that it needs was not taken.
    Needs(usize),
    /// These limits have not enough left: limit, needed, left.
    Full(Vec<(usize, f64, f64)>),
    /// It would fit; the search ended before it was taken, or a floor forbids it.
    Other,
}

/// A plan with its proof.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Taken or not, by project.
    pub taken: Vec<bool>,
    /// What it is worth.
    pub value: f64,
    /// No plan is worth more.
    pub bound: f64,
    /// Shadow price of each limit in the relaxation: worth of one unit more.
    pub prices: Vec<f64>,
    /// How much of each limit is taken.
    pub used: Vec<f64>,
    /// Relaxations solved.
    pub nodes: usize,
}

/// What the search found.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A plan.
    Plan(Plan),
    /// Nothing fits: limits that cannot be kept together with what must be taken.
    Infeasible(Vec<usize>),
    /// Neither a plan nor a proof that there is none within the effort; the bound holds.
    Unknown(f64),
}

impl Plan {
    /// (bound − value) / |bound|; 0 if both are 0.
    #[must_use]
    pub fn gap(&self) -> f64 {
        gap(self.value, self.bound)
    }
}

/// Relative distance of a plan to its bound.
#[must_use]
pub fn gap(value: f64, bound: f64) -> f64 {
    if bound <= value { 0.0 } else { (bound - value) / bound.abs().max(value.abs()).max(1e-300) }
}

impl Problem {
    /// How much of a limit's column a choice takes.
    #[must_use]
    pub fn used(&self, limit: usize, taken: &[bool]) -> f64 {
        let column = self.limits[limit].column;
        self.projects.iter().zip(taken).filter(|(_, t)| **t).map(|(p, _)| p.uses[column]).sum()
    }

    /// True if a choice keeps every limit, group and need, and holds what must be taken.
    #[must_use]
    pub fn is_kept(&self, taken: &[bool]) -> bool {
        let limits = (0..self.limits.len()).all(|l| {
            let (used, limit) = (self.used(l, taken), self.limits[l].limit);
            let slack = 1e-9 * limit.abs().max(1.0);
            match self.limits[l].side {
                Side::Cap => used <= limit + slack,
                Side::Floor => used >= limit - slack,
            }
        });
        let alone = |i: usize, group: &str| {
            group.is_empty() || !self.projects[i + 1..].iter().zip(&taken[i + 1..]).any(|(q, t)| *t && q.group == group)
        };
        let kept = |(i, p): (usize, &Project)| {
            if taken[i] { p.needs.iter().all(|n| taken[*n]) && alone(i, &p.group) } else { !p.must }
        };
        limits && self.projects.iter().enumerate().all(kept)
    }

    /// Worth of a choice.
    #[must_use]
    pub fn value(&self, taken: &[bool]) -> f64 {
        self.projects.iter().zip(taken).filter(|(_, t)| **t).map(|(p, _)| p.value).sum()
    }

    /// Why a project is not in a plan.
    #[must_use]
    pub fn why_not(&self, plan: &Plan, project: usize) -> Why {
        let p = &self.projects[project];
        let forced: Vec<bool> = self.projects.iter().map(|q| q.must).collect();
        let cap = |l: &usize| self.limits[*l].side == Side::Cap;
        let slack = |l: usize| 1e-9 * self.limits[l].limit.abs().max(1.0);
        if let Some(l) = (0..self.limits.len())
            .filter(cap)
            .find(|l| p.uses[self.limits[*l].column] + self.used(*l, &forced) > self.limits[*l].limit + slack(*l))
        {
            return Why::Alone(l);
        }
        if let Some(n) = p.needs.iter().find(|n| !plan.taken[**n]) {
            return Why::Needs(*n);
        }
        let rival = |q: usize| !p.group.is_empty() && plan.taken[q] && self.projects[q].group == p.group;
        if let Some(q) = (0..self.projects.len()).find(|q| rival(*q)) {
            return Why::Group(q);
        }
        let full: Vec<(usize, f64, f64)> = (0..self.limits.len())
            .filter(cap)
            .map(|l| (l, p.uses[self.limits[l].column], self.limits[l].limit - plan.used[l]))
            .filter(|(l, needed, left)| *needed > left + slack(*l))
            .collect();
        match () {
            () if !full.is_empty() => Why::Full(full),
            () if p.value <= 0.0 => Why::Worthless,
            () => Why::Other,
        }
    }
}
