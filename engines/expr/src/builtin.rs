//! The language's own functions 内置函数: arithmetic, choice, counting, dates.

use crate::check::{Checker, Ty, Typed};
use crate::measure::Measure;
use crate::names::{Kind, Value};
use crate::node::{Constant, Node, NodeKind};
use crate::problem::{Problem, Span};
use crate::tree::Tree;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use values::figure::Reason;

/// A function of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Builtin {
    /// `abs(x)` 绝对值.
    Abs,
    /// `min(a, b, …)`; missing if one is missing.
    Min,
    /// `max(a, b, …)`; missing if one is missing.
    Max,
    /// `round(x, digits)` 四舍五入 in the unit of x.
    Round,
    /// `floor(x)`: down to a whole number in the unit of x.
    Floor,
    /// `ceil(x)`: up to a whole number in the unit of x.
    Ceil,
    /// `root(x, n)`: n-th root, for mean growth over n years; x ≥ 0.
    Root,
    /// `if(condition, a, b)`.
    If,
    /// `coalesce(a, b, …)`: the first that is known.
    Coalesce,
    /// `count(c1, c2, …)`: how many hold; missing if one is.
    Count,
    /// `at_least(k, c1, c2, …)`: known as soon as it is certain.
    AtLeast,
    /// `all(c1, …)`.
    All,
    /// `any(c1, …)`.
    Any,
    /// `year(date)`, a plain number.
    Year,
    /// `months_between(from, to)`: full months, in 个月; compares with 年 too.
    MonthsBetween,
    /// `contains(text, part)`.
    Contains,
    /// `starts_with(text, part)`.
    StartsWith,
}

impl Builtin {
    /// Name, function, least and most arguments (0 = any number).
    const ALL: &'static [(&'static str, Self, usize, usize)] = &[
        ("abs", Self::Abs, 1, 1),
        ("min", Self::Min, 1, 0),
        ("max", Self::Max, 1, 0),
        ("round", Self::Round, 1, 2),
        ("floor", Self::Floor, 1, 1),
        ("ceil", Self::Ceil, 1, 1),
        ("root", Self::Root, 2, 2),
        ("if", Self::If, 3, 3),
        ("coalesce", Self::Coalesce, 1, 0),
        ("count", Self::Count, 1, 0),
        ("at_least", Self::AtLeast, 2, 0),
        ("all", Self::All, 1, 0),
        ("any", Self::Any, 1, 0),
        ("year", Self::Year, 1, 1),
        ("months_between", Self::MonthsBetween, 2, 2),
        ("contains", Self::Contains, 2, 2),
        ("starts_with", Self::StartsWith, 2, 2),
    ];

    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(n, ..)| *n == name).map(|(_, b, ..)| *b)
    }
    /// As written.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, b, ..)| *b == self).map_or("", |(n, ..)| n)
    }

    pub(crate) fn check(self, cx: &mut Checker<'_>, list: &[Tree], span: Span) -> Typed {
        let (least, most) = Self::ALL.iter().find(|(_, b, ..)| *b == self).map_or((0, 0), |(_, _, a, b)| (*a, *b));
        if list.len() < least || most > 0 && list.len() > most {
            let expected = if least == most { least.to_string() } else { format!("≥ {least}") };
            return cx.problem(Problem::new("expr.argument_count", span).with("function", self.name()).with("expected", expected));
        }
        match self {
            Self::All | Self::Any | Self::Count => {
                let nodes: Vec<Node> = list.iter().map(|t| cx.condition(t)).collect();
                match self {
                    Self::All => Typed::bool(NodeKind::And(nodes), span),
                    Self::Any => Typed::bool(NodeKind::Or(nodes), span),
                    _ => Typed { node: Node::new(NodeKind::Call(self, nodes), span), ty: Ty::Number(Measure::ratio()) },
                }
            }
            Self::AtLeast => {
                let needed = cx.value(&list[0]);
                if !needed.is_number() {
                    return cx.not_a_number(&needed, list[0].span);
                }
                let mut nodes = vec![needed.node];
                nodes.extend(list[1..].iter().map(|t| cx.condition(t)));
                Typed::bool(NodeKind::Call(self, nodes), span)
            }
            Self::If => {
                let condition = cx.condition(&list[0]);
                self.alike(cx, vec![condition], &list[1..], span)
            }
            Self::Min | Self::Max | Self::Coalesce => self.alike(cx, Vec::new(), list, span),
            Self::Abs | Self::Round | Self::Floor | Self::Ceil | Self::Root => self.numeric(cx, list, span),
            Self::Year => self.of_kinds(cx, list, &[Kind::Date], Ty::Number(Measure::ratio()), span),
            Self::MonthsBetween => {
                let months = Ty::Number(Measure::parse("个月").unwrap_or_else(Measure::ratio));
                self.of_kinds(cx, list, &[Kind::Date, Kind::Date], months, span)
            }
            Self::Contains | Self::StartsWith => self.of_kinds(cx, list, &[Kind::Text, Kind::Text], Ty::Kind(Kind::Bool), span),
        }
    }

    /// Arguments of one kind and unit, which is the result's.
    fn alike(self, cx: &mut Checker<'_>, mut nodes: Vec<Node>, list: &[Tree], span: Span) -> Typed {
        let parts: Vec<Typed> = list.iter().map(|t| cx.value(t)).collect();
        if parts.iter().any(|p| p.ty == Ty::Wrong) {
            return Typed {
                node: parts.into_iter().next().map_or_else(|| Node::new(NodeKind::And(Vec::new()), span), |p| p.node),
                ty: Ty::Wrong,
            };
        }
        if !parts[0].is_number() {
            let ty = parts[0].ty.clone();
            let numbers_only = matches!(self, Self::Min | Self::Max) && ty != Ty::Kind(Kind::Date);
            if numbers_only || parts.iter().any(|p| p.ty != ty) {
                let found = cx.word(&ty);
                return cx.problem(Problem::new("expr.not_a_number", span).with("found", found));
            }
            nodes.extend(parts.into_iter().map(|p| p.node));
            return Typed { node: Node::new(NodeKind::Call(self, nodes), span), ty };
        }
        let target = parts.iter().find_map(|p| if let Ty::Number(m) = &p.ty { Some(m.clone()) } else { None });
        for part in parts {
            match cx.converted(part, target.as_ref()) {
                Some(node) => nodes.push(node),
                None => return Typed { node: Node::new(NodeKind::And(Vec::new()), span), ty: Ty::Wrong },
            }
        }
        Typed { node: Node::new(NodeKind::Call(self, nodes), span), ty: target.map_or(Ty::Bare, Ty::Number) }
    }

    fn numeric(self, cx: &mut Checker<'_>, list: &[Tree], span: Span) -> Typed {
        let first = cx.value(&list[0]);
        if !first.is_number() {
            return cx.not_a_number(&first, list[0].span);
        }
        let mut ty = first.ty.clone();
        let mut nodes = vec![first.node];
        for tree in &list[1..] {
            let typed = cx.value(tree);
            if !typed.is_number() {
                return cx.not_a_number(&typed, tree.span);
            }
            nodes.push(typed.node);
        }
        if self == Self::Root {
            if let Ty::Number(m) = &ty
                && !m.is_ratio()
            {
                return cx.problem(Problem::new("expr.unit_mismatch", span).with("found", m.name()).with("expected", "%"));
            }
            // A root of 121 % is 110 %: taken of the plain ratio.
            let typed = Typed { node: nodes.remove(0), ty };
            let Some(node) = cx.converted(typed, Some(&Measure::ratio())) else {
                return Typed { node: Node::new(NodeKind::And(Vec::new()), span), ty: Ty::Wrong };
            };
            nodes.insert(0, node);
            ty = Ty::Number(Measure::ratio());
        }
        Typed { node: Node::new(NodeKind::Call(self, nodes), span), ty }
    }

    fn of_kinds(self, cx: &mut Checker<'_>, list: &[Tree], kinds: &[Kind], ty: Ty, span: Span) -> Typed {
        let mut nodes = Vec::with_capacity(list.len());
        for (tree, kind) in list.iter().zip(kinds) {
            let typed = cx.value(tree);
            let textual = *kind == Kind::Text && matches!(typed.ty, Ty::Kind(Kind::Text | Kind::Code | Kind::Choice(_)));
            if !textual && typed.ty != Ty::Kind(kind.clone()) {
                if typed.ty != Ty::Wrong {
                    let found = cx.word(&typed.ty);
                    let problem = Problem::new("expr.wrong_kind", tree.span).with("found", found);
                    cx.problems.push(problem.with("expected", kind.word(values::Lang::Zh)));
                }
                return Typed { node: Node::new(NodeKind::Constant(Constant::Bool(false)), span), ty: Ty::Wrong };
            }
            nodes.push(typed.node);
        }
        Typed { node: Node::new(NodeKind::Call(self, nodes), span), ty }
    }

    /// Value of the function; arguments are evaluated by `argument` only when needed.
    pub(crate) fn evaluate<'v>(self, count: usize, argument: &dyn Fn(usize) -> Value<'v>) -> Value<'v> {
        match self {
            Self::If => match argument(0) {
                Value::Bool(true) => argument(1),
                Value::Bool(false) => argument(2),
                missing => missing,
            },
            Self::Coalesce => {
                let mut last = Value::NOT_FILED;
                for i in 0..count {
                    last = argument(i);
                    if !last.is_missing() {
                        break;
                    }
                }
                last
            }
            Self::AtLeast => at_least(count, argument),
            Self::All | Self::Any => Value::NOT_FILED, // checked into And and Or
            _ => {
                let mut list = Vec::with_capacity(count);
                for i in 0..count {
                    match argument(i) {
                        Value::Missing(reason) => return Value::Missing(reason),
                        known => list.push(known),
                    }
                }
                self.of_known(&list).unwrap_or(Value::Missing(Reason::NotComputable))
            }
        }
    }

    fn of_known<'v>(self, list: &[Value<'v>]) -> Option<Value<'v>> {
        let number = |i: usize| list.get(i).and_then(Value::number);
        Some(match self {
            Self::Abs => Value::Number(number(0)?.abs()),
            Self::Min => extreme(list, std::cmp::Ordering::Less)?,
            Self::Max => extreme(list, std::cmp::Ordering::Greater)?,
            Self::Round => {
                let digits = if list.len() > 1 { number(1)?.to_u32().filter(|d| *d <= 28)? } else { 0 };
                Value::Number(values::fixed::round(number(0)?, digits))
            }
            Self::Floor => Value::Number(number(0)?.floor()),
            Self::Ceil => Value::Number(number(0)?.ceil()),
            Self::Root => Value::Number(root(number(0)?, number(1)?.to_u32()?)?),
            Self::Count => Value::Number(Decimal::from(list.iter().filter(|v| **v == Value::Bool(true)).count())),
            Self::Year => match list.first()? {
                Value::Date(d) => Value::Number(Decimal::from(d.year())),
                _ => return None,
            },
            Self::MonthsBetween => match (list.first()?, list.get(1)?) {
                (Value::Date(a), Value::Date(b)) => Value::Number(Decimal::from(full_months(*a, *b))),
                _ => return None,
            },
            Self::Contains | Self::StartsWith => match (list.first()?, list.get(1)?) {
                (Value::Text(a), Value::Text(b)) if self == Self::Contains => Value::Bool(a.contains(b)),
                (Value::Text(a), Value::Text(b)) => Value::Bool(a.starts_with(b)),
                _ => return None,
            },
            Self::If | Self::Coalesce | Self::AtLeast | Self::All | Self::Any => return None,
        })
    }
}

fn extreme<'v>(list: &[Value<'v>], wanted: std::cmp::Ordering) -> Option<Value<'v>> {
    let mut best = *list.first()?;
    for value in &list[1..] {
        let order = match (value, &best) {
            (Value::Number(a), Value::Number(b)) => a.cmp(b),
            (Value::Date(a), Value::Date(b)) => a.cmp(b),
            _ => return None,
        };
        if order == wanted {
            best = *value;
        }
    }
    Some(best)
}

fn at_least<'v>(count: usize, argument: &dyn Fn(usize) -> Value<'v>) -> Value<'v> {
    let needed = match argument(0) {
        Value::Number(n) => n,
        missing => return missing,
    };
    let (mut held, mut unknown) = (0u32, None);
    let mut open = 0u32;
    for i in 1..count {
        match argument(i) {
            Value::Bool(true) => held += 1,
            Value::Missing(reason) => {
                open += 1;
                unknown = unknown.or(Some(reason));
            }
            _ => {}
        }
    }
    if Decimal::from(held) >= needed {
        return Value::Bool(true);
    }
    match unknown {
        Some(reason) if Decimal::from(held + open) >= needed => Value::Missing(reason),
        _ => Value::Bool(false),
    }
}

/// Full months from one day to another; negative if reversed.
fn full_months(from: values::Date, to: values::Date) -> i64 {
    let months = |d: values::Date| i64::from(d.year()) * 12 + i64::from(d.month());
    let (early, late, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
    // A month that has no such day is full on its last day.
    let last_day = late.day() == late.days_in_month();
    let short = i64::from(late.day() < early.day() && !last_day);
    sign * (months(late) - months(early) - short)
}

/// The n-th root to 20 digits by Newton's method; exact roots come out exact. `None` below zero.
#[must_use]
pub fn root(value: Decimal, n: u32) -> Option<Decimal> {
    if n == 0 || n > 50 || value.is_sign_negative() && !value.is_zero() {
        return None;
    }
    if n == 1 || value.is_zero() || value == Decimal::ONE {
        return Some(value);
    }
    let steps = Decimal::from(n);
    let mut guess = Decimal::try_from(value.to_f64()?.powf(1.0 / f64::from(n))).ok()?;
    for _ in 0..60 {
        if guess.is_zero() {
            return None;
        }
        let power = (0..n - 1).try_fold(Decimal::ONE, |p, _| p.checked_mul(guess))?;
        let next = (guess.checked_mul(steps - Decimal::ONE)?.checked_add(value.checked_div(power)?)?).checked_div(steps)?;
        let done = (next - guess).abs() < Decimal::new(1, 24);
        guess = next;
        if done {
            break;
        }
    }
    Some(guess.round_dp(20).normalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    fn d(text: &str) -> Decimal {
        Decimal::from_str(text).unwrap()
    }

    #[test]
    fn roots_are_exact_where_they_exist() {
        assert_eq!(root(d("1.21"), 2), Some(d("1.1")));
        assert_eq!(root(d("1.157625"), 3), Some(d("1.05")));
        assert_eq!(root(d("0"), 2), Some(d("0")));
        assert_eq!(root(d("-4"), 2), None);
        assert_eq!(root(d("2"), 2).map(|r| r.round_dp(18)), Some(d("1.414213562373095049")));
    }

    #[test]
    fn full_months_end_on_the_day_or_the_month_s_end() {
        for (a, b, months) in [
            ("2024-01-31", "2024-02-29", 1),
            ("2024-01-15", "2025-01-14", 11),
            ("2024-01-15", "2025-01-15", 12),
            ("2025-01-15", "2024-01-15", -12),
        ] {
            assert_eq!(full_months(a.parse().unwrap(), b.parse().unwrap()), months, "{a} {b}");
        }
    }
}
