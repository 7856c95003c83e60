//! One expression language 表达式: metric formulas and filters, rule conditions,
//! flow guards, warnings, report templates.
//!
//! Reading order: [`token`](is_word) → [`Tree`] (what is said), [`Measure`]
//! (units), [`Names`] and [`Values`] (given from outside), [`Expr`] (checked,
//! evaluated many times), [`Problem`] (what is wrong, and where). The language
//! itself is described in `docs/expr.md`.
//!
//! Not here: any metric, ledger or field. Pure: no clock, files, randomness.
//!
//! ```
//! use expr::{Expr, Held, Kind, Table};
//! let mut names = Table::default();
//! names.declare("revenue", Kind::number_in("万元").unwrap());
//! names.set("revenue", Some(Held::Number(1_500.into())));
//! let condition = Expr::condition("revenue >= 0.2 亿元", &mut names).unwrap();
//! assert_eq!(condition.truth(&names), Some(false));
//! ```

mod builtin;
mod check;
mod eval;
mod measure;
mod names;
mod node;
mod problem;
mod token;
mod tree;

pub use builtin::{Builtin, root};
pub use check::Read;
pub use eval::Checked;
pub use measure::{Dimension, Measure};
pub use names::{Arg, Called, Held, Kind, Named, Names, Table, Value, Values};
pub use node::{Constant, Match, Node, NodeKind};
pub use problem::{Problem, Span};
pub use token::is_word;
pub use tree::{Comparison, LENGTH_MAX, Tree, TreeKind};

use check::{Checker, Ty, Typed};
use eval::Evaluator;

/// A checked expression: compiled once, evaluated many times.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    source: String,
    node: Node,
    kind: Kind,
    reads: Vec<Read>,
    assumed: Vec<(Span, String)>,
}

impl Expr {
    /// Reads and checks an expression of any kind.
    ///
    /// # Errors
    /// All that is wrong with it: the first error of grammar, or every
    /// unknown name and unit that does not fit.
    pub fn compile(source: &str, names: &mut dyn Names) -> Result<Self, Vec<Problem>> {
        Self::checked(source, names, &|_, typed| Some(typed))
    }

    /// An expression that is true, false or missing.
    ///
    /// # Errors
    /// As [`Expr::compile`], and if it is no condition.
    pub fn condition(source: &str, names: &mut dyn Names) -> Result<Self, Vec<Problem>> {
        Self::checked(source, names, &|cx, typed| {
            if matches!(typed.ty, Ty::Kind(Kind::Bool) | Ty::Wrong) {
                return Some(typed);
            }
            let found = cx.word(&typed.ty);
            cx.problem(Problem::new("expr.not_a_condition", typed.node.span).with("found", found));
            None
        })
    }

    /// An expression that is a number, converted to `unit` if one is given.
    ///
    /// # Errors
    /// As [`Expr::compile`], and if it is no number or of another quantity.
    pub fn number(source: &str, unit: Option<&Measure>, names: &mut dyn Names) -> Result<Self, Vec<Problem>> {
        Self::checked(source, names, &|cx, typed| {
            if typed.ty == Ty::Wrong {
                return None;
            }
            if !typed.is_number() {
                cx.not_a_number(&typed, typed.node.span);
                return None;
            }
            let Some(unit) = unit else { return Some(typed) };
            let node = cx.converted(typed, Some(unit))?;
            Some(Typed { node, ty: Ty::Number(unit.clone()) })
        })
    }

    fn checked(
        source: &str,
        names: &mut dyn Names,
        finish: &dyn Fn(&mut Checker<'_>, Typed) -> Option<Typed>,
    ) -> Result<Self, Vec<Problem>> {
        let tree = Tree::parse(source).map_err(|problem| vec![problem])?;
        let mut checker = Checker { names, reads: Vec::new(), problems: Vec::new(), assumed: Vec::new() };
        let typed = checker.value(&tree);
        let typed = finish(&mut checker, typed);
        match typed {
            Some(typed) if checker.problems.is_empty() => Ok(Self {
                source: source.to_owned(),
                node: typed.node,
                kind: match typed.ty {
                    Ty::Number(m) => Kind::Number(Some(m)),
                    Ty::Kind(kind) => kind,
                    Ty::Bare | Ty::Word(_) | Ty::Wrong => Kind::Number(None),
                },
                reads: checker.reads,
                assumed: checker.assumed,
            }),
            _ => Err(checker.problems),
        }
    }

    /// The source, as written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
    /// The checked tree, for those who compile it further.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }
    /// What it gives.
    #[must_use]
    pub fn kind(&self) -> &Kind {
        &self.kind
    }
    /// Unit of the number that it gives; `None` if it has none.
    #[must_use]
    pub fn measure(&self) -> Option<&Measure> {
        if let Kind::Number(measure) = &self.kind { measure.as_ref() } else { None }
    }
    /// Every name that it reads, once.
    #[must_use]
    pub fn reads(&self) -> &[Read] {
        &self.reads
    }
    /// Numbers written without a unit that took the unit of what they met.
    #[must_use]
    pub fn assumed(&self) -> &[(Span, String)] {
        &self.assumed
    }

    /// Its value.
    #[must_use]
    pub fn value<'v>(&'v self, values: &'v dyn Values) -> Value<'v> {
        Evaluator { reads: &self.reads, values }.value(&self.node)
    }
    /// Value of one node of it, for those who explain.
    #[must_use]
    pub fn value_of<'v>(&'v self, node: &'v Node, values: &'v dyn Values) -> Value<'v> {
        Evaluator { reads: &self.reads, values }.value(node)
    }
    /// True, false, or `None` where something is missing.
    #[must_use]
    pub fn truth(&self, values: &dyn Values) -> Option<bool> {
        Evaluator { reads: &self.reads, values }.value(&self.node).truth()
    }
    /// Each comparison in it, with both sides as they came out.
    #[must_use]
    pub fn checks<'v>(&'v self, values: &'v dyn Values) -> Vec<Checked<'v>> {
        let mut out = Vec::new();
        Evaluator { reads: &self.reads, values }.checks(&self.node, &mut out);
        out
    }
    /// The names that it reads whose values are missing.
    #[must_use]
    pub fn missing(&self, values: &dyn Values) -> Vec<&Read> {
        self.reads.iter().filter(|read| values.get(read.id).is_missing()).collect()
    }
}
