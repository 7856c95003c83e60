//! Conditions: one line of the language, or a table; groups of them; vetoes, judgements, scores.

use super::names::Binder;
use super::section::{Item, Reading, Section, Text};
use crate::book::{Condition, Need, Occasion, Test};
use crate::say;
use expr::{Comparison, Tree, TreeKind};
use rust_decimal::prelude::ToPrimitive;
use values::Confidence;
use values::texts::Label;

/// What conditions inherit from what is around them.
#[derive(Clone)]
pub(crate) struct Around {
    /// Id that numbered ones begin with.
    pub id: String,
    pub label: Label,
    pub clause: String,
    pub confidence: Confidence,
    pub confirmed: String,
    pub occasion: Option<Occasion>,
    pub evidence: String,
}

pub(crate) const OCCASIONS: &[(&str, Option<Occasion>)] = &[
    ("", None),
    ("new", Some(Occasion::New)),
    ("新申报", Some(Occasion::New)),
    ("review", Some(Occasion::Review)),
    ("复核", Some(Occasion::Review)),
];

pub(crate) struct Conditions<'a, 'b> {
    pub reading: &'a Reading<'a>,
    pub binder: &'b mut Binder,
    pub list: Vec<Condition>,
}

impl<'a> Conditions<'a, '_> {
    /// All conditions of a clause: `when`, `condition(s)`, `any`, `all`, `at_least` + `of`, `veto`, `judge`, `score`.
    pub(crate) fn group(&mut self, section: &Section<'a>, around: &Around) -> Need {
        let mut parts = Vec::new();
        for key in ["when", "condition", "conditions", "all"] {
            for item in section.items(key) {
                parts.push(self.item(item, around, false));
            }
        }
        let any: Vec<Need> = section.items("any").into_iter().map(|i| self.item(i, around, false)).collect();
        if !any.is_empty() {
            parts.push(Need::Any(any));
        }
        let of: Vec<Need> = if section.has("at_least") {
            section.items("of").into_iter().map(|i| self.item(i, around, false)).collect()
        } else {
            Vec::new()
        };
        if let Some(least) = section.number("at_least") {
            let least = least.to_usize().unwrap_or(usize::MAX);
            if of.is_empty() || least > of.len() || least == 0 {
                let (k, n) = (least.to_string(), of.len().to_string());
                self.reading.error("rules.at_least", section.at, "at_least", &[("found", &k), ("count", &n)]);
            }
            parts.push(Need::AtLeast(least, of));
        }
        for item in section.items("veto") {
            parts.push(self.item(item, around, true));
        }
        for item in section.items("judge") {
            parts.push(self.judge(item, section, around));
        }
        if let Some(text) = section.text("score") {
            parts.push(self.score(&text, section.string("score_of"), around));
        }
        match parts.len() {
            1 => parts.remove(0),
            _ => Need::All(parts),
        }
    }

    fn item(&mut self, item: Item<'a>, around: &Around, veto: bool) -> Need {
        match item {
            Item::Text(text) => self.expression(&text, around, veto),
            Item::Section(table) => {
                let own = self.around(&table, around);
                let need = if veto {
                    let text = table.needed("when");
                    self.expression(&text, &own, true)
                } else {
                    self.group(&table, &own)
                };
                if need == Need::All(Vec::new()) {
                    self.reading.error("rules.empty_condition", table.at, &own.id, &[("found", &own.id)]);
                }
                table.finish();
                need
            }
        }
    }

    fn around(&self, table: &Section<'a>, around: &Around) -> Around {
        let id = table.text("id").map_or_else(|| around.id.clone(), |t| t.value);
        let label = table.label("label");
        let or = |own: String, other: &str| if own.is_empty() { other.to_owned() } else { own };
        table.string("note");
        Around {
            id,
            label: if label == Label::default() { around.label.clone() } else { label },
            clause: or(table.string("clause"), &around.clause),
            confidence: table.confidence("confidence").unwrap_or(around.confidence),
            confirmed: or(table.string("confirmed"), &around.confirmed),
            occasion: table.choice("occasion", OCCASIONS).or(around.occasion),
            evidence: or(table.string("evidence"), &around.evidence),
        }
    }

    fn push(&mut self, test: Test, veto: bool, around: &Around, at: usize) -> Need {
        self.list.push(Condition {
            id: around.id.clone(),
            label: around.label.clone(),
            test,
            veto,
            clause: around.clause.clone(),
            confidence: around.confidence,
            confirmed: around.confirmed.clone(),
            occasion: around.occasion,
            evidence: around.evidence.clone(),
            line: self.reading.line(at),
        });
        Need::One(self.list.len() - 1)
    }

    /// One expression, cut at its `and` and `or` so that each comparison explains itself.
    fn expression(&mut self, text: &Text, around: &Around, veto: bool) -> Need {
        if let Err(problems) = self.binder.condition(&text.value) {
            self.reading.problems(&problems, text, &around.id);
            return Need::All(Vec::new());
        }
        match Tree::parse(&text.value) {
            Ok(tree) => self.cut(&tree, veto, veto, around, text.at),
            Err(_) => Need::All(Vec::new()),
        }
    }

    fn cut(&mut self, tree: &Tree, negated: bool, veto: bool, around: &Around, at: usize) -> Need {
        let list = |me: &mut Self, trees: &[Tree]| trees.iter().map(|t| me.cut(t, negated, veto, around, at)).collect::<Vec<_>>();
        match &tree.kind {
            TreeKind::Not(one) => self.cut(one, !negated, veto, around, at),
            TreeKind::And(trees) if negated => Need::Any(list(self, trees)),
            TreeKind::And(trees) => Need::All(list(self, trees)),
            TreeKind::Or(trees) if negated => Need::All(list(self, trees)),
            TreeKind::Or(trees) => Need::Any(list(self, trees)),
            TreeKind::Call(name, trees) if name == "all" && !negated => Need::All(list(self, trees)),
            TreeKind::Call(name, trees) if name == "any" && !negated => Need::Any(list(self, trees)),
            TreeKind::Call(name, trees) if name == "at_least" && !negated => match &trees[0].kind {
                TreeKind::Number(k, None) => Need::AtLeast(k.to_usize().unwrap_or(usize::MAX), list(self, &trees[1..])),
                _ => self.leaf(tree, negated, veto, around, at),
            },
            TreeKind::Compare(first, rest) if rest.len() > 1 => {
                let mut left: &Tree = first;
                let mut needs = Vec::new();
                for (comparison, right) in rest {
                    let pair =
                        Tree { kind: TreeKind::Compare(Box::new(left.clone()), vec![(*comparison, right.clone())]), span: tree.span };
                    needs.push(self.leaf(&pair, negated, veto, around, at));
                    left = right;
                }
                if negated { Need::Any(needs) } else { Need::All(needs) }
            }
            _ => self.leaf(tree, negated, veto, around, at),
        }
    }

    fn leaf(&mut self, tree: &Tree, negated: bool, veto: bool, around: &Around, at: usize) -> Need {
        let source = match &tree.kind {
            _ if !negated => tree.to_string(),
            TreeKind::Compare(first, rest) if rest.len() == 1 => {
                let (comparison, right) = &rest[0];
                let turned = TreeKind::Compare(first.clone(), vec![(comparison.negated(), right.clone())]);
                Tree { kind: turned, span: tree.span }.to_string()
            }
            TreeKind::In { item, list, negated } => {
                let turned = TreeKind::In { item: item.clone(), list: list.clone(), negated: !negated };
                Tree { kind: turned, span: tree.span }.to_string()
            }
            TreeKind::IsMissing { item, negated } => {
                Tree { kind: TreeKind::IsMissing { item: item.clone(), negated: !negated }, span: tree.span }.to_string()
            }
            _ => format!("not ({tree})"),
        };
        match self.binder.condition(&source) {
            Ok(compiled) => self.push(Test::Expr(compiled), veto, around, at),
            Err(problems) => {
                self.reading.problems(&problems, &Text { value: source, at }, &around.id);
                Need::All(Vec::new())
            }
        }
    }

    /// Something that a person decides; `fact` names the yes/no fact that carries the decision.
    fn judge(&mut self, item: Item<'a>, section: &Section<'a>, around: &Around) -> Need {
        let Item::Text(text) = item else { return Need::All(Vec::new()) };
        let mut around = around.clone();
        around.label = Label { zh: text.value.clone(), en: String::new() };
        let decided = section.text("fact").and_then(|fact| match self.binder.condition(&fact.value) {
            Ok(compiled) => Some(compiled),
            Err(problems) => {
                self.reading.problems(&problems, &fact, &around.id);
                None
            }
        });
        self.push(Test::Judge(decided), false, &around, text.at)
    }

    /// `score = ">= 60"`.
    fn score(&mut self, text: &Text, of: String, around: &Around) -> Need {
        let Some((comparison, points)) = read_bound(&text.value) else {
            self.reading.error("rules.not_a_bound", text.at, "score", &[("found", &text.value)]);
            return Need::All(Vec::new());
        };
        let mut around = around.clone();
        if around.label == Label::default() {
            let zh = say::word(values::Lang::Zh, "word.score");
            around.label = Label { zh, en: say::word(values::Lang::En, "word.score") };
        }
        self.push(Test::Score { of, comparison, points }, false, &around, text.at)
    }
}

/// `>= 60 分`, `> 70`, `不低于 60`, `60` (at least).
pub(crate) fn read_bound(text: &str) -> Option<(Comparison, rust_decimal::Decimal)> {
    let sign = !text.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let source = if sign { format!("x {text}") } else { format!("x >= {text}") };
    let Ok(Tree { kind: TreeKind::Compare(_, rest), .. }) = Tree::parse(&source) else { return None };
    match &rest[..] {
        [(comparison, Tree { kind: TreeKind::Number(n, unit), .. })] if unit.as_ref().is_none_or(|u| u.name() == "分") => {
            Some((*comparison, *n))
        }
        _ => None,
    }
}

/// Numbers the conditions that share an id: `11` stays, two become `11.1`, `11.2`.
pub(crate) fn number_ids(list: &mut [Condition]) {
    let ids: Vec<String> = list.iter().map(|c| c.id.clone()).collect();
    for (i, condition) in list.iter_mut().enumerate() {
        if ids.iter().filter(|id| **id == ids[i]).count() > 1 {
            let before = ids[..i].iter().filter(|id| **id == ids[i]).count();
            condition.id = format!("{}.{}", ids[i], before + 1);
        }
    }
}
