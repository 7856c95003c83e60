//! The tree 语法树: what an expression says, before any name is known.

use crate::measure::Measure;
use crate::problem::{Problem, Span};
use crate::token::{Sign, Token, tokens};
use rust_decimal::Decimal;
use std::fmt;
use values::{Date, Period};

/// Deepest nesting of brackets and functions; beyond it a reader is lost too.
const DEPTH_MAX: usize = 100;
/// Longest source, in characters.
pub const LENGTH_MAX: usize = 50_000;

/// A comparison 比较.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `<` 低于
    Lt,
    /// `<=` 不超过
    Le,
    /// `>` 超过
    Gt,
    /// `>=` 不低于
    Ge,
}

impl Comparison {
    /// As written in ASCII.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }
    /// As printed for people.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "≠",
            Self::Lt => "<",
            Self::Le => "≤",
            Self::Gt => ">",
            Self::Ge => "≥",
        }
    }
    /// What it says when its sides change places.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            same => same,
        }
    }
    /// Its opposite.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Eq => Self::Ne,
            Self::Ne => Self::Eq,
            Self::Lt => Self::Ge,
            Self::Le => Self::Gt,
            Self::Gt => Self::Le,
            Self::Ge => Self::Lt,
        }
    }
    /// Whether it holds for this order of left and right.
    #[must_use]
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
        }
    }
}

/// One node of the tree, with its place in the source.
#[derive(Debug, Clone)]
pub struct Tree {
    /// What it is.
    pub kind: TreeKind,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Tree {
    /// Trees are equal if they say the same, wherever they stand.
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// What a node of the tree is.
#[derive(Debug, Clone, PartialEq)]
pub enum TreeKind {
    /// A number, with its unit if one is written.
    Number(Decimal, Option<Measure>),
    /// A quoted text.
    Text(String),
    /// true, false.
    Bool(bool),
    /// A day.
    Date(Date),
    /// A period.
    Period(Period),
    /// A name, dots included.
    Name(String),
    /// `function(arguments)`.
    Call(String, Vec<Tree>),
    /// `[a, b]`.
    List(Vec<Tree>),
    /// `-a`.
    Neg(Box<Tree>),
    /// `a + b - c`: each with whether it is taken away.
    Sum(Vec<(bool, Tree)>),
    /// `a * b / c`: each with whether it divides.
    Product(Vec<(bool, Tree)>),
    /// `a < b <= c`: first, then (comparison, next).
    Compare(Box<Tree>, Vec<(Comparison, Tree)>),
    /// `a in list`, or not in.
    In {
        /// What is looked for.
        item: Box<Tree>,
        /// A list, or a name that holds several texts.
        list: Box<Tree>,
        /// `not in`.
        negated: bool,
    },
    /// `a is missing`, or is not missing.
    IsMissing {
        /// What is asked about.
        item: Box<Tree>,
        /// `is not missing`.
        negated: bool,
    },
    /// All of them.
    And(Vec<Tree>),
    /// Any of them.
    Or(Vec<Tree>),
    /// `not a`.
    Not(Box<Tree>),
}

impl Tree {
    /// Reads one expression.
    ///
    /// # Errors
    /// The first thing that is no expression, with its place.
    pub fn parse(source: &str) -> Result<Self, Problem> {
        let length = source.chars().count();
        if length > LENGTH_MAX {
            return Err(Problem::new("expr.too_long", Span::new(LENGTH_MAX, length)).with("max", LENGTH_MAX));
        }
        let mut parser = Parser { tokens: tokens(source)?, at: 0, depth: 0 };
        let tree = parser.either()?;
        match parser.peek() {
            Token::End => Ok(tree),
            _ => Err(parser.unexpected("expr.trailing")),
        }
    }

    /// Calls `visit` for this node and everything below it.
    pub fn walk(&self, visit: &mut dyn FnMut(&Self)) {
        visit(self);
        match &self.kind {
            TreeKind::Call(_, list) | TreeKind::List(list) | TreeKind::And(list) | TreeKind::Or(list) => {
                list.iter().for_each(|t| t.walk(visit));
            }
            TreeKind::Sum(list) | TreeKind::Product(list) => list.iter().for_each(|(_, t)| t.walk(visit)),
            TreeKind::Neg(one) | TreeKind::Not(one) | TreeKind::IsMissing { item: one, .. } => one.walk(visit),
            TreeKind::Compare(first, rest) => {
                first.walk(visit);
                rest.iter().for_each(|(_, t)| t.walk(visit));
            }
            TreeKind::In { item, list, .. } => {
                item.walk(visit);
                list.walk(visit);
            }
            _ => {}
        }
    }
}

struct Parser {
    tokens: Vec<(Token, Span)>,
    at: usize,
    depth: usize,
}

type Parsed = Result<Tree, Problem>;

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.at.min(self.tokens.len() - 1)].0
    }
    fn span(&self) -> Span {
        self.tokens[self.at.min(self.tokens.len() - 1)].1
    }
    fn is(&self, sign: Sign) -> bool {
        *self.peek() == Token::Sign(sign)
    }
    fn take(&mut self, sign: Sign) -> bool {
        let found = self.is(sign);
        self.at += usize::from(found);
        found
    }
    fn unexpected(&self, rule: &'static str) -> Problem {
        let found = match self.peek() {
            Token::End => return Problem::new("expr.ends_early", self.span()),
            Token::Name(name) => name.clone(),
            Token::Text(text) => format!("“{text}”"),
            Token::Number(n, unit) => format!("{n}{}", unit.as_ref().map_or("", Measure::name)),
            Token::Date(d) => d.to_string(),
            Token::Period(p) => p.to_string(),
            Token::Sign(sign) => written(*sign).to_owned(),
        };
        let after_number = self.at > 0 && matches!(self.tokens[self.at - 1].0, Token::Number(_, None));
        match self.peek() {
            Token::Name(_) if after_number => Problem::new("expr.unknown_unit", self.span()).with("found", found),
            _ => Problem::new(rule, self.span()).with("found", found),
        }
    }

    fn either(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Problem::new("expr.too_deep", self.span()).with("max", DEPTH_MAX));
        }
        let tree = self.joined(Sign::Or, Self::both, TreeKind::Or);
        self.depth -= 1;
        tree
    }
    fn both(&mut self) -> Parsed {
        self.joined(Sign::And, Self::negation, TreeKind::And)
    }
    fn joined(&mut self, sign: Sign, part: fn(&mut Self) -> Parsed, make: fn(Vec<Tree>) -> TreeKind) -> Parsed {
        let first = part(self)?;
        if !self.is(sign) {
            return Ok(first);
        }
        let mut list = vec![first];
        while self.take(sign) {
            list.push(part(self)?);
        }
        let span = list[0].span.to(list[list.len() - 1].span);
        Ok(Tree { kind: make(list), span })
    }
    fn negation(&mut self) -> Parsed {
        let start = self.span();
        let mut negations = 0;
        while self.take(Sign::Not) {
            negations += 1;
        }
        let mut tree = self.comparison()?;
        if negations > DEPTH_MAX {
            return Err(Problem::new("expr.too_deep", start).with("max", DEPTH_MAX));
        }
        for _ in 0..negations {
            let span = start.to(tree.span);
            tree = Tree { kind: TreeKind::Not(Box::new(tree)), span };
        }
        Ok(tree)
    }

    fn comparison(&mut self) -> Parsed {
        let first = self.sum()?;
        if self.take(Sign::Is) {
            let negated = self.take(Sign::Not);
            if !self.take(Sign::Missing) {
                return Err(self.unexpected("expr.expected_missing"));
            }
            let span = first.span.to(self.tokens[self.at - 1].1);
            return Ok(Tree { kind: TreeKind::IsMissing { item: Box::new(first), negated }, span });
        }
        let negated = self.is(Sign::Not) && self.tokens.get(self.at + 1).is_some_and(|(t, _)| *t == Token::Sign(Sign::In));
        self.at += usize::from(negated);
        if self.take(Sign::In) {
            let list = self.sum()?;
            let span = first.span.to(list.span);
            return Ok(Tree { kind: TreeKind::In { item: Box::new(first), list: Box::new(list), negated }, span });
        }
        let mut rest = Vec::new();
        while let Token::Sign(sign) = self.peek()
            && let Some(comparison) = comparison(*sign)
        {
            self.at += 1;
            rest.push((comparison, self.sum()?));
        }
        match rest.last() {
            None => Ok(first),
            Some((_, last)) => {
                let span = first.span.to(last.span);
                Ok(Tree { kind: TreeKind::Compare(Box::new(first), rest), span })
            }
        }
    }

    fn sum(&mut self) -> Parsed {
        self.chain(Sign::Plus, Sign::Minus, Self::product, TreeKind::Sum)
    }
    fn product(&mut self) -> Parsed {
        self.chain(Sign::Times, Sign::Over, Self::signed, TreeKind::Product)
    }
    fn chain(&mut self, with: Sign, against: Sign, part: fn(&mut Self) -> Parsed, make: fn(Vec<(bool, Tree)>) -> TreeKind) -> Parsed {
        let first = part(self)?;
        if !self.is(with) && !self.is(against) {
            return Ok(first);
        }
        let mut list = vec![(false, first)];
        loop {
            let turned = match self.peek() {
                Token::Sign(sign) if *sign == with => false,
                Token::Sign(sign) if *sign == against => true,
                _ => break,
            };
            self.at += 1;
            list.push((turned, part(self)?));
        }
        let span = list[0].1.span.to(list[list.len() - 1].1.span);
        Ok(Tree { kind: make(list), span })
    }
    fn signed(&mut self) -> Parsed {
        let start = self.span();
        if self.take(Sign::Minus) {
            self.depth += 1;
            if self.depth > DEPTH_MAX {
                return Err(Problem::new("expr.too_deep", start).with("max", DEPTH_MAX));
            }
            let tree = self.signed()?;
            self.depth -= 1;
            let span = start.to(tree.span);
            return Ok(Tree { kind: TreeKind::Neg(Box::new(tree)), span });
        }
        self.single()
    }

    fn single(&mut self) -> Parsed {
        let span = self.span();
        let kind = match self.peek().clone() {
            Token::Number(n, unit) => TreeKind::Number(n, unit),
            Token::Text(text) => TreeKind::Text(text),
            Token::Date(date) => TreeKind::Date(date),
            Token::Period(period) => TreeKind::Period(period),
            Token::Sign(Sign::True) => TreeKind::Bool(true),
            Token::Sign(Sign::False) => TreeKind::Bool(false),
            Token::Name(name) => {
                self.at += 1;
                if self.take(Sign::Open) {
                    let list = self.list(Sign::Close, span)?;
                    let end = self.tokens[self.at - 1].1;
                    return Ok(Tree { kind: TreeKind::Call(name, list), span: span.to(end) });
                }
                return Ok(Tree { kind: TreeKind::Name(name), span });
            }
            Token::Sign(Sign::Open) => {
                self.at += 1;
                let mut tree = self.either()?;
                if !self.is(Sign::Close) {
                    return Err(self.unclosed(span, "expr.expected_close"));
                }
                tree.span = span.to(self.span());
                self.at += 1;
                return Ok(tree);
            }
            Token::Sign(Sign::OpenList) => {
                self.at += 1;
                let list = self.list(Sign::CloseList, span)?;
                let end = self.tokens[self.at - 1].1;
                return Ok(Tree { kind: TreeKind::List(list), span: span.to(end) });
            }
            _ => return Err(self.unexpected("expr.expected_value")),
        };
        self.at += 1;
        Ok(Tree { kind, span })
    }

    fn unclosed(&self, open: Span, rule: &'static str) -> Problem {
        match self.peek() {
            Token::End => Problem::new("expr.open_bracket", open),
            _ => self.unexpected(rule),
        }
    }
    fn list(&mut self, close: Sign, open: Span) -> Result<Vec<Tree>, Problem> {
        let mut list = Vec::new();
        while !self.take(close) {
            if !list.is_empty() && !self.take(Sign::Comma) {
                return Err(self.unclosed(open, "expr.expected_comma"));
            }
            if self.take(close) {
                break;
            }
            if *self.peek() == Token::End {
                return Err(Problem::new("expr.open_bracket", open));
            }
            list.push(self.either()?);
        }
        Ok(list)
    }
}

fn comparison(sign: Sign) -> Option<Comparison> {
    Some(match sign {
        Sign::Eq => Comparison::Eq,
        Sign::Ne => Comparison::Ne,
        Sign::Lt => Comparison::Lt,
        Sign::Le => Comparison::Le,
        Sign::Gt => Comparison::Gt,
        Sign::Ge => Comparison::Ge,
        _ => return None,
    })
}

fn written(sign: Sign) -> &'static str {
    match sign {
        Sign::Open => "(",
        Sign::Close => ")",
        Sign::OpenList => "[",
        Sign::CloseList => "]",
        Sign::Comma => ",",
        Sign::Plus => "+",
        Sign::Minus => "-",
        Sign::Times => "*",
        Sign::Over => "/",
        Sign::And => "and",
        Sign::Or => "or",
        Sign::Not => "not",
        Sign::In => "in",
        Sign::Is => "is",
        Sign::Missing => "missing",
        Sign::True => "true",
        Sign::False => "false",
        other => comparison(other).map_or("?", Comparison::sign),
    }
}

/// How tightly a node binds; a looser child is put in brackets.
fn binding(kind: &TreeKind) -> u8 {
    match kind {
        TreeKind::Or(_) => 0,
        TreeKind::And(_) => 1,
        TreeKind::Not(_) => 2,
        TreeKind::Compare(..) | TreeKind::In { .. } | TreeKind::IsMissing { .. } => 3,
        TreeKind::Sum(_) => 4,
        TreeKind::Product(_) => 5,
        TreeKind::Neg(_) => 6,
        _ => 7,
    }
}

struct Bracketed<'a>(&'a Tree, u8);

impl fmt::Display for Bracketed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if binding(&self.0.kind) < self.1 { write!(f, "({})", self.0) } else { write!(f, "{}", self.0) }
    }
}

fn join(f: &mut fmt::Formatter<'_>, list: &[Tree], joint: &str, tight: u8) -> fmt::Result {
    for (i, tree) in list.iter().enumerate() {
        if i > 0 {
            f.write_str(joint)?;
        }
        write!(f, "{}", Bracketed(tree, tight))?;
    }
    Ok(())
}

impl fmt::Display for Tree {
    /// Writes it in one canonical way; parsing that gives an equal tree.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            TreeKind::Number(n, unit) => match unit.as_ref().map_or("", Measure::name) {
                "" => write!(f, "{n}"),
                u @ ("%" | "‰") => write!(f, "{n}{u}"),
                u => write!(f, "{n} {u}"),
            },
            TreeKind::Text(t) if t.contains('"') => write!(f, "“{t}”"),
            TreeKind::Text(t) => write!(f, "\"{t}\""),
            TreeKind::Bool(b) => write!(f, "{b}"),
            TreeKind::Date(d) => write!(f, "{d}"),
            TreeKind::Period(p) if p.is_year() => write!(f, "{p}年"),
            TreeKind::Period(p) if p.first_month() == 1 && p.last_month() == 12 => write!(f, "{}..{}", p.first_year(), p.last_year()),
            TreeKind::Period(p) => write!(f, "{p}"),
            TreeKind::Name(n) => f.write_str(n),
            TreeKind::Call(name, list) => {
                write!(f, "{name}(")?;
                join(f, list, ", ", 0)?;
                f.write_str(")")
            }
            TreeKind::List(list) => {
                f.write_str("[")?;
                join(f, list, ", ", 0)?;
                f.write_str("]")
            }
            TreeKind::Neg(one) => write!(f, "-{}", Bracketed(one, 6)),
            TreeKind::Sum(list) => chain(f, list, ["+", "-"], 5),
            TreeKind::Product(list) => chain(f, list, ["*", "/"], 6),
            TreeKind::Compare(first, rest) => {
                write!(f, "{}", Bracketed(first, 4))?;
                rest.iter().try_for_each(|(c, t)| write!(f, " {} {}", c.sign(), Bracketed(t, 4)))
            }
            TreeKind::In { item, list, negated } => {
                write!(f, "{} {}in {}", Bracketed(item, 4), if *negated { "not " } else { "" }, Bracketed(list, 4))
            }
            TreeKind::IsMissing { item, negated } => {
                write!(f, "{} is {}missing", Bracketed(item, 4), if *negated { "not " } else { "" })
            }
            TreeKind::And(list) => join(f, list, " and ", 2),
            TreeKind::Or(list) => join(f, list, " or ", 1),
            TreeKind::Not(one) => write!(f, "not {}", Bracketed(one, 2)),
        }
    }
}

fn chain(f: &mut fmt::Formatter<'_>, list: &[(bool, Tree)], signs: [&str; 2], tight: u8) -> fmt::Result {
    for (i, (turned, tree)) in list.iter().enumerate() {
        if i > 0 {
            write!(f, " {} ", signs[usize::from(*turned)])?;
        }
        write!(f, "{}", Bracketed(tree, tight))?;
    }
    Ok(())
}
