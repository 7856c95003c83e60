//! Evaluation 求值: three-valued; what is not known is not false.

use crate::check::Read;
use crate::measure::Measure;
use crate::names::{Value, Values};
use crate::node::{Constant, Match, Node, NodeKind};
use crate::problem::Span;
use crate::tree::Comparison;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use values::figure::Reason;

const CANNOT: Value<'static> = Value::Missing(Reason::NotComputable);

/// Evaluates nodes over one set of values.
#[derive(Clone, Copy)]
pub(crate) struct Evaluator<'v> {
    pub reads: &'v [Read],
    pub values: &'v dyn Values,
}

impl<'v> Evaluator<'v> {
    pub(crate) fn value(self, node: &'v Node) -> Value<'v> {
        match &node.kind {
            NodeKind::Constant(c) => constant(c),
            NodeKind::Read(i) => self.reads.get(*i).map_or(CANNOT, |read| self.values.get(read.id)),
            NodeKind::Scale { of, num, den } => map(self.value(of), |n| n.checked_mul(*num).and_then(|n| n.checked_div(*den))),
            NodeKind::Neg(one) => map(self.value(one), |n| Some(-n)),
            NodeKind::Sum(list) => self.sum(list),
            NodeKind::Product(list) => self.product(list),
            NodeKind::Shift { date, by, months, back } => shift(self.value(date), self.value(by), *months, *back),
            NodeKind::Between(a, b) => match (self.value(a), self.value(b)) {
                (Value::Missing(r), _) | (_, Value::Missing(r)) => Value::Missing(r),
                (Value::Date(a), Value::Date(b)) => days(b, a).map_or(CANNOT, |d| Value::Number(d.into())),
                _ => CANNOT,
            },
            NodeKind::Compare { left, comparison, right, .. } => compare(self.value(left), *comparison, self.value(right)),
            NodeKind::InList { item, list, by, negated } => self.in_list(item, list, *by, *negated),
            NodeKind::InTexts { item, texts, negated } => match (self.value(item), self.value(texts)) {
                (Value::Missing(r), _) | (_, Value::Missing(r)) => Value::Missing(r),
                (Value::Text(item), Value::Texts(list)) => Value::Bool(list.iter().any(|t| t == item) != *negated),
                _ => CANNOT,
            },
            NodeKind::IsMissing { item, negated } => Value::Bool(self.value(item).is_missing() != *negated),
            NodeKind::And(list) => self.joined(list, false),
            NodeKind::Or(list) => self.joined(list, true),
            NodeKind::Not(one) => match self.value(one) {
                Value::Bool(b) => Value::Bool(!b),
                Value::Missing(r) => Value::Missing(r),
                _ => CANNOT,
            },
            NodeKind::Call(builtin, list) => builtin.evaluate(list.len(), &|i| self.value(&list[i])),
        }
    }

    fn sum(self, list: &'v [(bool, Node)]) -> Value<'v> {
        let mut total = Decimal::ZERO;
        for (minus, node) in list {
            let next = match self.value(node) {
                Value::Number(n) if *minus => total.checked_sub(n),
                Value::Number(n) => total.checked_add(n),
                Value::Missing(r) => return Value::Missing(r),
                _ => None,
            };
            let Some(next) = next else { return CANNOT };
            total = next;
        }
        Value::Number(total)
    }

    fn product(self, list: &'v [(bool, Node)]) -> Value<'v> {
        // Multiplied first and divided once, so that 1 / 3 * 3 is 1.
        let (mut top, mut bottom) = (Decimal::ONE, Decimal::ONE);
        let mut missing = None;
        for (divides, node) in list {
            let side = if *divides { &mut bottom } else { &mut top };
            match self.value(node) {
                Value::Number(n) => match side.checked_mul(n) {
                    Some(next) => *side = next,
                    None => return CANNOT,
                },
                Value::Missing(r) => missing = missing.or(Some(r)),
                _ => return CANNOT,
            }
        }
        match missing {
            Some(reason) => Value::Missing(reason),
            None => top.checked_div(bottom).map_or(CANNOT, Value::Number),
        }
    }

    fn in_list(self, item: &'v Node, list: &'v [Node], by: Match, negated: bool) -> Value<'v> {
        let item = self.value(item);
        if item.is_missing() {
            return item;
        }
        let mut missing = None;
        for node in list {
            let member = self.value(node);
            let same = match (by, item, member) {
                (Match::Prefix, Value::Text(code), Value::Text(prefix)) => code_begins(code, prefix),
                _ => compare(item, Comparison::Eq, member),
            };
            match same {
                Value::Bool(true) => return Value::Bool(!negated),
                Value::Missing(r) => missing = missing.or(Some(r)),
                _ => {}
            }
        }
        missing.map_or(Value::Bool(negated), Value::Missing)
    }

    /// All of a list, or any of it: `decides` is the value that settles it alone.
    fn joined(self, list: &'v [Node], decides: bool) -> Value<'v> {
        let mut missing = None;
        for node in list {
            match self.value(node) {
                Value::Bool(b) if b == decides => return Value::Bool(decides),
                Value::Bool(_) => {}
                Value::Missing(r) => missing = missing.or(Some(r)),
                _ => return CANNOT,
            }
        }
        missing.map_or(Value::Bool(!decides), Value::Missing)
    }
}

fn constant(c: &Constant) -> Value<'_> {
    match c {
        Constant::Number(n) => Value::Number(*n),
        Constant::Text(t) => Value::Text(t),
        Constant::Bool(b) => Value::Bool(*b),
        Constant::Date(d) => Value::Date(*d),
        Constant::Period(p) => Value::Period(*p),
    }
}

fn map<'v>(value: Value<'v>, f: impl Fn(Decimal) -> Option<Decimal>) -> Value<'v> {
    match value {
        Value::Number(n) => f(n).map_or(CANNOT, Value::Number),
        Value::Missing(r) => Value::Missing(r),
        _ => CANNOT,
    }
}

/// Whether a code begins with a prefix. Industry codes are written with their
/// section letter (C2614) or without (2614): digits match either way, a letter
/// cannot be decided on a code without one.
fn code_begins<'v>(code: &str, prefix: &str) -> Value<'v> {
    let bare = code.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let lettered = prefix.starts_with(|c: char| c.is_ascii_alphabetic());
    if code.starts_with(prefix) || !lettered && bare.starts_with(prefix) {
        return Value::Bool(true);
    }
    // A code that is less precise than the prefix (C against C26, 26 against 2614) may or may not lie under it.
    let coarse = prefix.starts_with(code) || !lettered && (bare.is_empty() || prefix.starts_with(bare));
    if lettered && bare.len() == code.len() || coarse {
        return CANNOT;
    }
    Value::Bool(false)
}

pub(crate) fn compare<'v>(left: Value<'v>, comparison: Comparison, right: Value<'v>) -> Value<'v> {
    let order = match (left, right) {
        (Value::Missing(r), _) | (_, Value::Missing(r)) => return Value::Missing(r),
        (Value::Number(a), Value::Number(b)) => a.cmp(&b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(&b),
        (Value::Date(a), Value::Date(b)) => a.cmp(&b),
        (Value::Period(a), Value::Period(b)) => a.cmp(&b),
        _ => return CANNOT,
    };
    Value::Bool(comparison.holds(order))
}

fn days(from: values::Date, to: values::Date) -> Option<i32> {
    from.until(to).ok().map(|span| span.get_days())
}

fn shift<'v>(date: Value<'v>, by: Value<'v>, months: bool, back: bool) -> Value<'v> {
    let (date, by) = match (date, by) {
        (Value::Missing(r), _) | (_, Value::Missing(r)) => return Value::Missing(r),
        (Value::Date(date), Value::Number(by)) => (date, by),
        _ => return CANNOT,
    };
    let by = if back { -by } else { by };
    let Some(by) = by.to_i32().filter(|whole| Decimal::from(*whole) == by && whole.abs() <= 100_000) else { return CANNOT };
    let span = if months { jiff::Span::new().try_months(by) } else { jiff::Span::new().try_days(by) };
    span.and_then(|span| date.checked_add(span)).map_or(CANNOT, Value::Date)
}

/// One comparison inside an expression, as it came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked<'v> {
    /// Where it stands.
    pub span: Span,
    /// True, false, or missing.
    pub truth: Option<bool>,
    /// Value on the left, or the item.
    pub left: Value<'v>,
    /// How it is compared; `None` for membership and yes/no values.
    pub comparison: Option<Comparison>,
    /// Value on the right.
    pub right: Option<Value<'v>>,
    /// Unit of both.
    pub measure: Option<&'v Measure>,
}

impl<'v> Evaluator<'v> {
    /// The comparisons below `node`, in reading order.
    pub(crate) fn checks(self, node: &'v Node, out: &mut Vec<Checked<'v>>) {
        let plain = |left: Value<'v>| Checked {
            span: node.span,
            truth: self.value(node).truth(),
            left,
            comparison: None,
            right: None,
            measure: None,
        };
        match &node.kind {
            NodeKind::And(list) | NodeKind::Or(list) | NodeKind::Call(_, list) => list.iter().for_each(|n| self.checks(n, out)),
            NodeKind::Not(one) => self.checks(one, out),
            NodeKind::Compare { left, comparison, right, measure } => out.push(Checked {
                comparison: Some(*comparison),
                right: Some(self.value(right)),
                measure: measure.as_ref(),
                ..plain(self.value(left))
            }),
            NodeKind::InList { item, .. } | NodeKind::InTexts { item, .. } | NodeKind::IsMissing { item, .. } => {
                out.push(plain(self.value(item)))
            }
            NodeKind::Read(i) if self.reads[*i].kind == crate::Kind::Bool => out.push(plain(self.value(node))),
            _ => {}
        }
    }
}
