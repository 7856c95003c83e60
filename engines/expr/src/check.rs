//! Checking 检查: gives every node its kind and unit, and converts units once.

use crate::builtin::Builtin;
use crate::measure::Measure;
use crate::names::{Arg, Called, Kind, Named, Names};
use crate::node::{Constant, Match, Node, NodeKind};
use crate::problem::{Problem, Span};
use crate::tree::{Comparison, Tree, TreeKind};
use rust_decimal::Decimal;

/// A name that the expression reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The owner's number for it.
    pub id: u32,
    /// As written.
    pub text: String,
    /// What it is.
    pub kind: Kind,
    /// Where it is first read.
    pub span: Span,
}

/// What a node is, while checking.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ty {
    /// A number written without a unit: takes the unit of what it meets.
    Bare,
    /// A number in a unit.
    Number(Measure),
    /// Anything else that has a kind.
    Kind(Kind),
    /// A word that is no name; a choice may claim it.
    Word(String),
    /// Already complained of.
    Wrong,
}

pub(crate) struct Typed {
    pub node: Node,
    pub ty: Ty,
}

impl Typed {
    pub(crate) fn bool(kind: NodeKind, span: Span) -> Self {
        Self { node: Node::new(kind, span), ty: Ty::Kind(Kind::Bool) }
    }
    pub(crate) fn is_number(&self) -> bool {
        matches!(self.ty, Ty::Bare | Ty::Number(_))
    }
}

/// Nothing sensible; used where a problem has been noted.
fn wrong(span: Span) -> Typed {
    Typed { node: Node::new(NodeKind::Constant(Constant::Bool(false)), span), ty: Ty::Wrong }
}

pub(crate) struct Checker<'n> {
    pub names: &'n mut dyn Names,
    pub reads: Vec<Read>,
    pub problems: Vec<Problem>,
    /// Numbers without a unit that took one, with the unit taken.
    pub assumed: Vec<(Span, String)>,
}

impl Checker<'_> {
    pub(crate) fn problem(&mut self, problem: Problem) -> Typed {
        let span = problem.span;
        self.problems.push(problem);
        wrong(span)
    }

    fn read(&mut self, text: &str, named: Named, span: Span) -> Typed {
        let ty = match &named.kind {
            Kind::Number(measure) => Ty::Number(measure.clone().unwrap_or_else(Measure::ratio)),
            kind => Ty::Kind(kind.clone()),
        };
        let index = self.reads.iter().position(|r| r.id == named.id && r.kind == named.kind).unwrap_or_else(|| {
            self.reads.push(Read { id: named.id, text: text.to_owned(), kind: named.kind, span });
            self.reads.len() - 1
        });
        Typed { node: Node::new(NodeKind::Read(index), span), ty }
    }

    /// A value; a word that is no name is a problem.
    pub(crate) fn value(&mut self, tree: &Tree) -> Typed {
        let typed = self.loose(tree);
        self.settle(typed)
    }
    fn settle(&mut self, typed: Typed) -> Typed {
        let Ty::Word(name) = &typed.ty else { return typed };
        let near = self
            .names
            .known()
            .into_iter()
            .map(|k| (strsim::damerau_levenshtein(&k, name), k))
            .filter(|(d, k)| *d <= (k.chars().count().max(name.chars().count()) / 3).max(1))
            .min();
        let mut problem = Problem::new("expr.unknown_name", typed.node.span).with("name", name);
        if let Some((_, near)) = near {
            problem.rule = "expr.unknown_name_near";
            problem = problem.with("near", near);
        }
        self.problem(problem)
    }

    /// A value, or a word that something around it may claim.
    fn loose(&mut self, tree: &Tree) -> Typed {
        let span = tree.span;
        let constant = |c, ty| Typed { node: Node::new(NodeKind::Constant(c), span), ty };
        match &tree.kind {
            TreeKind::Number(n, None) => constant(Constant::Number(*n), Ty::Bare),
            TreeKind::Number(n, Some(m)) => constant(Constant::Number(*n), Ty::Number(m.clone())),
            TreeKind::Text(t) => constant(Constant::Text(t.clone()), Ty::Kind(Kind::Text)),
            TreeKind::Bool(b) => constant(Constant::Bool(*b), Ty::Kind(Kind::Bool)),
            TreeKind::Date(d) => constant(Constant::Date(*d), Ty::Kind(Kind::Date)),
            TreeKind::Period(p) => constant(Constant::Period(*p), Ty::Kind(Kind::Period)),
            TreeKind::Name(name) => match self.names.name(name) {
                Some(named) => self.read(name, named, span),
                None => Typed { node: wrong(span).node, ty: Ty::Word(name.clone()) },
            },
            TreeKind::Call(name, list) => self.call(name, list, span),
            TreeKind::List(_) => self.problem(Problem::new("expr.list_here", span)),
            TreeKind::Neg(one) => self.negative(one, span),
            TreeKind::Sum(list) => self.sum(list, span),
            TreeKind::Product(list) => self.product(list, span),
            TreeKind::Compare(first, rest) => self.comparisons(first, rest, span),
            TreeKind::In { item, list, negated } => self.membership(item, list, *negated, span),
            TreeKind::IsMissing { item, negated } => {
                let item = self.value(item);
                Typed::bool(NodeKind::IsMissing { item: Box::new(item.node), negated: *negated }, span)
            }
            TreeKind::And(list) => Typed::bool(NodeKind::And(self.conditions(list)), span),
            TreeKind::Or(list) => Typed::bool(NodeKind::Or(self.conditions(list)), span),
            TreeKind::Not(one) => {
                let one = self.condition(one);
                Typed::bool(NodeKind::Not(Box::new(one)), span)
            }
        }
    }

    fn conditions(&mut self, list: &[Tree]) -> Vec<Node> {
        list.iter().map(|t| self.condition(t)).collect()
    }
    pub(crate) fn condition(&mut self, tree: &Tree) -> Node {
        let typed = self.value(tree);
        if !matches!(typed.ty, Ty::Kind(Kind::Bool) | Ty::Wrong) {
            let found = self.word(&typed.ty);
            return self.problem(Problem::new("expr.not_a_condition", tree.span).with("found", found)).node;
        }
        typed.node
    }

    pub(crate) fn word(&self, ty: &Ty) -> String {
        match ty {
            Ty::Number(m) if !m.name().is_empty() => format!("数字（{m}）"),
            Ty::Bare | Ty::Number(_) => "数字".to_owned(),
            Ty::Kind(kind) => kind.word(values::Lang::Zh).to_owned(),
            Ty::Word(word) => word.clone(),
            Ty::Wrong => String::new(),
        }
    }

    fn call(&mut self, name: &str, list: &[Tree], span: Span) -> Typed {
        let args: Vec<Arg<'_>> = list.iter().map(argument).collect();
        match self.names.call(name, &args) {
            Called::Is(named) => {
                let text = Tree { kind: TreeKind::Call(name.to_owned(), list.to_vec()), span }.to_string();
                self.read(&text, named, span)
            }
            Called::Wrong(expected) => {
                self.problem(Problem::new("expr.wrong_arguments", span).with("function", name).with("expected", expected))
            }
            Called::Unknown => match Builtin::find(name) {
                Some(builtin) => builtin.check(self, list, span),
                None => self.problem(Problem::new("expr.unknown_function", span).with("name", name)),
            },
        }
    }

    fn negative(&mut self, one: &Tree, span: Span) -> Typed {
        let one_typed = self.value(one);
        if let Some(n) = one_typed.node.constant_number() {
            return Typed { node: Node::new(NodeKind::Constant(Constant::Number(-n)), span), ty: one_typed.ty };
        }
        if !one_typed.is_number() {
            return self.not_a_number(&one_typed, one.span);
        }
        Typed { node: Node::new(NodeKind::Neg(Box::new(one_typed.node)), span), ty: one_typed.ty }
    }
    pub(crate) fn not_a_number(&mut self, typed: &Typed, span: Span) -> Typed {
        if typed.ty == Ty::Wrong {
            return wrong(span);
        }
        let found = self.word(&typed.ty);
        self.problem(Problem::new("expr.not_a_number", span).with("found", found))
    }

    fn sum(&mut self, list: &[(bool, Tree)], span: Span) -> Typed {
        let mut parts: Vec<(bool, Typed)> = Vec::with_capacity(list.len());
        for (minus, tree) in list {
            let typed = self.value(tree);
            parts.push((*minus, typed));
        }
        if parts.iter().any(|(_, t)| t.ty == Ty::Wrong) {
            return wrong(span);
        }
        if parts[0].1.ty == Ty::Kind(Kind::Date) {
            return self.dates(parts, span);
        }
        let mut target: Option<Measure> = None;
        for (_, part) in &parts {
            match &part.ty {
                Ty::Bare => {}
                Ty::Number(m) => target = target.or_else(|| Some(m.clone())),
                _ => return self.not_a_number(part, part.node.span),
            }
        }
        let less_percent = target.as_ref().is_some_and(Measure::is_percent) && parts.iter().any(|(minus, t)| *minus && t.ty != Ty::Bare);
        let mut nodes = Vec::with_capacity(parts.len());
        for (minus, part) in parts {
            let Some(node) = self.converted(part, target.as_ref()) else { return wrong(span) };
            nodes.push((minus, node));
        }
        let ty = match target {
            None => Ty::Bare,
            Some(m) if less_percent && m.name() == "%" => Ty::Number(Measure::parse("百分点").unwrap_or(m)),
            Some(m) => Ty::Number(m),
        };
        Typed { node: Node::new(NodeKind::Sum(nodes), span), ty }
    }

    /// A day plus or minus spans, or the days between two days.
    fn dates(&mut self, parts: Vec<(bool, Typed)>, span: Span) -> Typed {
        let mut parts = parts.into_iter();
        let Some((_, first)) = parts.next() else { return wrong(span) };
        let mut so_far = first;
        for (minus, part) in parts {
            let months = match &part.ty {
                Ty::Kind(Kind::Date) if minus && so_far.ty == Ty::Kind(Kind::Date) => {
                    let node = Node::new(NodeKind::Between(Box::new(so_far.node), Box::new(part.node)), span);
                    so_far = Typed { node, ty: Ty::Number(Measure::parse("天").unwrap_or_else(Measure::ratio)) };
                    continue;
                }
                Ty::Number(m) if m.is_months() => true,
                Ty::Number(m) if m.is_days() => false,
                _ => return self.problem(Problem::new("expr.date_needs_span", part.node.span)),
            };
            let unit = Measure::parse(if months { "个月" } else { "天" });
            let Some(by) = self.converted(part, unit.as_ref()) else { return wrong(span) };
            let node = NodeKind::Shift { date: Box::new(so_far.node), by: Box::new(by), months, back: minus };
            so_far = Typed { node: Node::new(node, span), ty: Ty::Kind(Kind::Date) };
        }
        so_far
    }

    fn product(&mut self, list: &[(bool, Tree)], span: Span) -> Typed {
        let mut measure: Option<Measure> = None;
        let mut nodes = Vec::with_capacity(list.len());
        let mut bad = false;
        for (divides, tree) in list {
            let part = self.value(tree);
            let own = match &part.ty {
                Ty::Bare => None,
                Ty::Number(m) => Some(m.clone()),
                _ => {
                    self.not_a_number(&part, tree.span);
                    bad = true;
                    continue;
                }
            };
            let Some(own) = own else {
                nodes.push((*divides, part.node));
                continue;
            };
            let plain = own.plain();
            let Some(node) = self.converted(part, Some(&plain)) else { return wrong(span) };
            nodes.push((*divides, node));
            let so_far = measure.take().unwrap_or_else(Measure::ratio);
            let Some(next) = (if *divides { so_far.over(&plain) } else { so_far.times(&plain) }) else {
                return self.problem(Problem::new("expr.unit_too_large", tree.span));
            };
            measure = Some(next);
        }
        if bad {
            return wrong(span);
        }
        let node = Node::new(NodeKind::Product(nodes), span);
        match measure {
            None => Typed { node, ty: Ty::Bare },
            Some(m) => {
                let plain = m.plain();
                let typed = Typed { node, ty: Ty::Number(m) };
                let node = self.converted(typed, Some(&plain)).unwrap_or_else(|| wrong(span).node);
                Typed { node, ty: Ty::Number(plain) }
            }
        }
    }

    /// The number in `target`; a bare number takes it over. Notes a problem if the units are unlike.
    pub(crate) fn converted(&mut self, typed: Typed, target: Option<&Measure>) -> Option<Node> {
        let Some(target) = target else { return Some(typed.node) };
        let own = match &typed.ty {
            Ty::Bare => {
                if !target.name().is_empty() && typed.node.constant_number().is_none_or(|n| !n.is_zero()) {
                    self.assumed.push((typed.node.span, target.name().to_owned()));
                }
                return Some(typed.node);
            }
            Ty::Number(own) => own.clone(),
            _ => {
                self.not_a_number(&typed, typed.node.span);
                return None;
            }
        };
        let span = typed.node.span;
        let Some((num, den)) = own.factor_to(target) else {
            let name = |m: &Measure| if m.name().is_empty() { "无单位".to_owned() } else { m.name().to_owned() };
            self.problem(Problem::new("expr.unit_mismatch", span).with("found", name(&own)).with("expected", name(target)));
            return None;
        };
        if num == den {
            return Some(typed.node);
        }
        if let Some(n) = typed.node.constant_number()
            && let Some(n) = n.checked_mul(num).and_then(|n| n.checked_div(den))
        {
            return Some(Node::new(NodeKind::Constant(Constant::Number(n.normalize())), span));
        }
        Some(Node::new(NodeKind::Scale { of: Box::new(typed.node), num, den }, span))
    }

    fn comparisons(&mut self, first: &Tree, rest: &[(Comparison, Tree)], span: Span) -> Typed {
        let mut all = Vec::with_capacity(rest.len());
        let mut left = first;
        for (comparison, right) in rest {
            let typed = self.compare(left, *comparison, right);
            all.push(typed.node);
            left = right;
        }
        if all.len() == 1 {
            let only = all.remove(0);
            return Typed { node: only, ty: Ty::Kind(Kind::Bool) };
        }
        Typed::bool(NodeKind::And(all), span)
    }

    fn compare(&mut self, left_tree: &Tree, comparison: Comparison, right_tree: &Tree) -> Typed {
        let span = left_tree.span.to(right_tree.span);
        let mut left = self.loose(left_tree);
        let mut right = self.loose(right_tree);
        self.claim(&mut left, left_tree, &right.ty);
        self.claim(&mut right, right_tree, &left.ty);
        let (left, right) = (self.settle(left), self.settle(right));
        if left.ty == Ty::Wrong || right.ty == Ty::Wrong {
            return wrong(span);
        }
        if left.is_number() && right.is_number() {
            let target = match (&left.ty, &right.ty) {
                (Ty::Number(m), Ty::Number(_)) if left.node.constant_number().is_none() => Some(m.clone()),
                (_, Ty::Number(m)) | (Ty::Number(m), _) => Some(m.clone()),
                _ => None,
            };
            let (Some(left), Some(right)) = (self.converted(left, target.as_ref()), self.converted(right, target.as_ref())) else {
                return wrong(span);
            };
            let node = NodeKind::Compare { left: Box::new(left), comparison, right: Box::new(right), measure: target };
            return Typed::bool(node, span);
        }
        let equality = matches!(comparison, Comparison::Eq | Comparison::Ne);
        match pair(&left.ty, &right.ty) {
            Pair::Unlike => self.unlike(&left, &right, span),
            Pair::Words if !equality => self.problem(Problem::new("expr.no_order", span)),
            Pair::Code { turned } => {
                let (item, member) = if turned { (right, left) } else { (left, right) };
                let negated = comparison == Comparison::Ne;
                if !equality {
                    return self.problem(Problem::new("expr.no_order", span));
                }
                let node = NodeKind::InList { item: Box::new(item.node), list: vec![member.node], by: Match::Prefix, negated };
                Typed::bool(node, span)
            }
            Pair::Words | Pair::Ordered => {
                let node = NodeKind::Compare { left: Box::new(left.node), comparison, right: Box::new(right.node), measure: None };
                Typed::bool(node, span)
            }
        }
    }

    fn unlike(&mut self, left: &Typed, right: &Typed, span: Span) -> Typed {
        let (a, b) = (self.word(&left.ty), self.word(&right.ty));
        self.problem(Problem::new("expr.unlike", span).with("left", a).with("right", b))
    }

    /// Takes a bare word (or a text) over as a key of the choice it is held against.
    fn claim(&mut self, typed: &mut Typed, tree: &Tree, other: &Ty) {
        let Ty::Kind(Kind::Choice(options)) = other else { return };
        let word = match &tree.kind {
            TreeKind::Name(word) if options.contains(word) || matches!(typed.ty, Ty::Word(_)) => word,
            TreeKind::Text(word) => word,
            _ => return,
        };
        if !options.is_empty() && !options.contains(word) {
            let problem = Problem::new("expr.no_such_choice", tree.span).with("found", word).with("options", options.join("、"));
            *typed = self.problem(problem);
            return;
        }
        let node = Node::new(NodeKind::Constant(Constant::Text(word.clone())), tree.span);
        *typed = Typed { node, ty: Ty::Kind(Kind::Text) };
    }

    fn membership(&mut self, item_tree: &Tree, list_tree: &Tree, negated: bool, span: Span) -> Typed {
        let item = self.value(item_tree);
        if item.ty == Ty::Wrong {
            return wrong(span);
        }
        let TreeKind::List(members) = &list_tree.kind else {
            let texts = self.value(list_tree);
            let textual = matches!(&item.ty, Ty::Kind(Kind::Text | Kind::Code | Kind::Choice(_)));
            return match texts.ty {
                Ty::Kind(Kind::Texts) if textual => {
                    let node = NodeKind::InTexts { item: Box::new(item.node), texts: Box::new(texts.node), negated };
                    Typed::bool(node, span)
                }
                Ty::Wrong => wrong(span),
                _ => self.problem(Problem::new("expr.expected_list", list_tree.span)),
            };
        };
        let by = if item.ty == Ty::Kind(Kind::Code) { Match::Prefix } else { Match::Equal };
        let measure = if let Ty::Number(m) = &item.ty { Some(m.clone()) } else { None };
        let mut list = Vec::with_capacity(members.len());
        for member in members {
            let mut typed = self.loose(member);
            self.claim(&mut typed, member, &item.ty);
            let typed = self.settle(typed);
            if typed.ty == Ty::Wrong {
                continue;
            }
            if item.is_number() && typed.is_number() {
                list.extend(self.converted(typed, measure.as_ref()));
            } else if pair(&item.ty, &typed.ty) == Pair::Unlike {
                self.unlike(&item, &typed, member.span);
            } else {
                list.push(typed.node);
            }
        }
        Typed::bool(NodeKind::InList { item: Box::new(item.node), list, by, negated }, span)
    }
}

/// How two kinds that are no numbers may be compared.
#[derive(PartialEq, Eq)]
enum Pair {
    /// Not at all.
    Unlike,
    /// Equal or not.
    Words,
    /// Before and after too.
    Ordered,
    /// One is a code, the other what it may begin with.
    Code { turned: bool },
}

fn pair(left: &Ty, right: &Ty) -> Pair {
    let (Ty::Kind(left), Ty::Kind(right)) = (left, right) else { return Pair::Unlike };
    match (left, right) {
        (Kind::Code, Kind::Text) => Pair::Code { turned: false },
        (Kind::Text, Kind::Code) => Pair::Code { turned: true },
        (Kind::Text | Kind::Choice(_), Kind::Text | Kind::Choice(_)) | (Kind::Bool, Kind::Bool) | (Kind::Code, Kind::Code) => Pair::Words,
        (Kind::Date, Kind::Date) | (Kind::Period, Kind::Period) => Pair::Ordered,
        _ => Pair::Unlike,
    }
}

fn argument(tree: &Tree) -> Arg<'_> {
    match &tree.kind {
        TreeKind::Name(word) => Arg::Word(word),
        TreeKind::Text(text) => Arg::Text(text),
        TreeKind::Number(n, unit) => Arg::Number(*n, unit.as_ref()),
        TreeKind::Neg(one) => match &one.kind {
            TreeKind::Number(n, unit) => Arg::Number(Decimal::ZERO - *n, unit.as_ref()),
            _ => Arg::Computed,
        },
        TreeKind::Bool(b) => Arg::Bool(*b),
        TreeKind::Date(d) => Arg::Date(*d),
        TreeKind::Period(p) => Arg::Period(*p),
        _ => Arg::Computed,
    }
}
