//! Filling a template: from its tree and today's figures to the document.

use super::check::{Asker, Meaning, Variable, meaning};
use super::condition::Condition as Asked;
use super::names::{Field, Names, Row};
use super::node::{Branch, Condition, Each, Node, Piece, RowNode, TableNode};
use super::parse::Template;
use super::phrase::Phrase;
use super::punctuation::{GAP, mend};
use super::reference::{Reference, Show};
use crate::mark::{Ask, Ids};
use crate::tree::{
    Align, Block, Cell, Colophon, Document, Heading, Inline, Paragraph, Properties, RedHead, Signature, Table, Text, chinese_number,
    number_headings, printed,
};
use crate::words::Words;
use std::rc::Rc;
use std::sync::Arc;
use values::{Date, Figure, Findings, Period, Reason};

/// What a filling needs besides figures.
#[derive(Debug, Clone)]
pub struct Context {
    /// Period of the report.
    pub period: Period,
    /// Day of the document 成文日期; none prints none.
    pub date: Option<Date>,
    /// Words that follow numbers.
    pub words: Words,
    /// Lines printed small at the end: audit anchor, 示例数据.
    pub imprint: Vec<String>,
}

impl Context {
    /// A context with the project's own words and nothing else.
    #[must_use]
    pub fn new(period: Period) -> Self {
        Self { period, date: None, words: Words::standard(), imprint: Vec::new() }
    }
}

/// A filled template.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    /// The document.
    pub document: Document,
    /// What was left out, in order.
    pub left_out: Vec<LeftOut>,
}

/// One thing that a template asks for and that has no data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Heading that it stands under, empty before the first.
    pub section: String,
    /// Line of the template.
    pub line: usize,
    /// As the template writes it; empty if a whole section is left out.
    pub reference: String,
    /// Label of the metric, or the section's heading.
    pub label: String,
    /// The period asked for, shortest form; empty for a section.
    pub period: String,
    /// Why there is nothing; none for a section.
    pub reason: Option<Reason>,
}

impl Template {
    /// Prints the template. Names are checked first: with any error no document is made.
    ///
    /// # Errors
    /// The findings of [`Template::check`], if one of them is an error.
    pub fn fill(&self, names: &dyn Names, context: &Context) -> Result<Filled, Findings> {
        let asker = Asker::new(names, context.period);
        let findings = self.check_with(&asker);
        if findings.has_error() {
            return Err(findings);
        }
        let mut fill = Fill { asker: &asker, words: &context.words, ids: Ids::default(), left_out: Vec::new(), section: String::new() };
        let mut document = Document { imprint: context.imprint.clone(), ..Document::default() };
        fill.head(self, context, &mut document);
        let mut made = Vec::new();
        fill.nodes(&self.nodes, &mut Vec::new(), &mut made);
        document.blocks = fill.sections(made);
        number_headings(&mut document);
        Ok(Filled { document, left_out: fill.left_out })
    }
}

/// A block that was made, and whether the template wanted figures in it.
struct Made {
    block: Option<Block>,
    wanted: bool,
    line: usize,
}

/// A figure that has no value.
struct Missing(LeftOut);

struct Fill<'a> {
    asker: &'a Asker<'a>,
    words: &'a Words,
    ids: Ids,
    left_out: Vec<LeftOut>,
    section: String,
}

impl<'a> Fill<'a> {
    fn head(&mut self, template: &'a Template, context: &Context, document: &mut Document) {
        let plain = |fill: &mut Self, key: &str| -> String {
            let pieces = template.head.iter().find(|(k, ..)| k == key).map(|(_, pieces, _)| pieces);
            pieces.and_then(|p| fill.paragraph_text(p, &mut Vec::new()).0).map(|t| printed(&t)).unwrap_or_default()
        };
        let issuer = plain(self, "issuer");
        if !issuer.is_empty() {
            document.red_head = Some(RedHead {
                issuer,
                number: plain(self, "number"),
                signer: plain(self, "signer"),
                secrecy: plain(self, "secrecy"),
                urgency: plain(self, "urgency"),
                copy_number: plain(self, "copy_number"),
            });
        }
        document.addressee = plain(self, "addressee").trim_end_matches('：').to_owned();
        let name = plain(self, "signature");
        if !name.is_empty() || context.date.is_some() {
            document.signature = Some(Signature { name, date: context.date });
        }
        document.remark = plain(self, "remark");
        let (copy_to, office) = (plain(self, "copy_to"), plain(self, "printed_by"));
        if !copy_to.is_empty() || !office.is_empty() {
            document.colophon = Some(Colophon { copy_to, office, date: context.date });
        }
        for (_, pieces, _) in template.head.iter().filter(|(k, ..)| k == "title") {
            document.title.extend(self.paragraph_text(pieces, &mut Vec::new()).0);
        }
        for (_, pieces, _) in template.head.iter().filter(|(k, ..)| k == "subtitle") {
            document.subtitle.extend(self.paragraph_text(pieces, &mut Vec::new()).0.unwrap_or_default());
        }
        document.properties = Properties {
            title: document.title.iter().map(|line| printed(line)).collect(),
            creator: document.signature.as_ref().map(|s| s.name.clone()).unwrap_or_default(),
            date: context.date,
        };
    }

    fn nodes(&mut self, nodes: &'a [Node], scope: &mut Vec<Variable<'a>>, made: &mut Vec<Made>) {
        for node in nodes {
            match node {
                Node::Heading { level, text, at } => {
                    let wanted = self.wants(text, scope);
                    let (text, _) = self.paragraph_text(text, scope);
                    self.section = text.as_deref().map(printed).unwrap_or_default();
                    let block = text.map(|text| Block::Heading(Heading { level: *level, number: String::new(), text }));
                    made.push(Made { block, wanted, line: at.line });
                }
                Node::Paragraph { lead, text, at } => {
                    let wanted = self.wants(text, scope);
                    let lead = lead.as_ref().and_then(|(level, pieces)| {
                        let text = self.paragraph_text(pieces, scope).0?;
                        self.section = printed(&text);
                        Some(Heading { level: *level, number: String::new(), text })
                    });
                    let block = match (lead, self.paragraph_text(text, scope).0) {
                        (lead, Some(text)) => Some(Block::Paragraph(Paragraph { lead, text })),
                        // The heading stays for what follows under it; alone it will be left out.
                        (Some(lead), None) => Some(Block::Heading(lead)),
                        (None, None) => None,
                    };
                    made.push(Made { block, wanted, line: at.line });
                }
                Node::Table(table) => {
                    let block = self.table(table, scope).map(Block::Table);
                    made.push(Made { block, wanted: true, line: table.at.line });
                }
                Node::If(branches) => {
                    if let Some(body) = self.chosen(branches, scope) {
                        self.nodes(body, scope, made);
                    }
                }
                Node::Each(each) => {
                    // A loop wants data even where it has no rows: its section may then be empty.
                    made.push(Made { block: None, wanted: true, line: each.at.line });
                    self.each(each, scope, &mut |fill, scope| {
                        let before = made.len();
                        fill.nodes(&each.body, scope, made);
                        made[before..].iter().any(|m| m.block.is_some())
                    });
                }
            }
        }
    }

    /// The body of the first branch whose condition holds. A condition on what is missing does not hold.
    fn chosen<T>(&mut self, branches: &'a [Branch<T>], scope: &[Variable<'a>]) -> Option<&'a [T]> {
        let holds = |condition: &Condition| {
            let mut asked = Asked::new(self.asker, scope);
            let compiled = expr::Expr::condition(&condition.source, &mut asked);
            compiled.is_ok_and(|e| e.truth(&asked) == Some(true))
        };
        branches.iter().find(|b| b.condition.as_ref().is_none_or(holds)).map(|b| b.body.as_slice())
    }

    /// Runs `go` for each row; a turn counts only if something was printed.
    fn each<T>(&mut self, each: &'a Each<T>, scope: &mut Vec<Variable<'a>>, go: &mut dyn FnMut(&mut Self, &mut Vec<Variable<'a>>) -> bool) {
        let rows = each.period.of(self.asker.report).and_then(|p| self.asker.rows(&each.collection, p).ok());
        let Some(rows) = rows else { return };
        let length = rows.len().min(each.limit.unwrap_or(usize::MAX));
        let shares = settled_shares(&rows).map(Rc::from);
        let mut turn = 1;
        for index in 0..length {
            scope.push(Variable {
                name: &each.variable,
                fields: Vec::new(),
                rows: Some(Rc::clone(&rows)),
                index,
                turn,
                shares: shares.clone(),
            });
            if go(self, scope) {
                turn += 1;
            }
            scope.pop();
        }
    }

    fn table(&mut self, node: &'a TableNode, scope: &mut Vec<Variable<'a>>) -> Option<Table> {
        let line =
            |fill: &mut Self, pieces: &'a [Piece], scope: &mut Vec<Variable<'a>>| fill.paragraph_text(pieces, scope).0.unwrap_or_default();
        let mut rows = Vec::new();
        self.rows(&node.rows, scope, &mut rows);
        if rows.is_empty() {
            return None;
        }
        Some(Table {
            caption: line(self, &node.caption, scope),
            unit: printed(&line(self, &node.unit, scope)),
            head: node.head.iter().map(|cell| line(self, cell, scope)).collect(),
            rows,
            note: Text::new(),
        })
    }

    fn rows(&mut self, nodes: &'a [RowNode], scope: &mut Vec<Variable<'a>>, rows: &mut Vec<Vec<Cell>>) {
        for node in nodes {
            match node {
                RowNode::Cells(cells, _) => rows.extend(self.row(cells, scope)),
                RowNode::If(branches) => {
                    if let Some(body) = self.chosen(branches, scope) {
                        self.rows(body, scope, rows);
                    }
                }
                RowNode::Each(each) => self.each(each, scope, &mut |fill, scope| {
                    let before = rows.len();
                    fill.rows(&each.body, scope, rows);
                    rows.len() > before
                }),
            }
        }
    }

    /// A row of which no figure has a value is left out; a single missing one prints a dash and is listed.
    fn row(&mut self, cells: &'a [Vec<Piece>], scope: &mut Vec<Variable<'a>>) -> Option<Vec<Cell>> {
        let mut out = Vec::with_capacity(cells.len());
        let (mut wanted, mut given) = (false, false);
        for pieces in cells {
            let is_number = pieces.iter().any(|p| matches!(p, Piece::Figure(r) if self.is_figure(r, scope)));
            wanted |= is_number;
            let (text, marks) = self.paragraph_text(pieces, scope);
            given |= marks > 0;
            let text = text.unwrap_or_else(|| crate::tree::words(self.words.missing.cell.as_str()));
            out.push(Cell { text, align: if is_number { Align::Right } else { Align::Left } });
        }
        (given || !wanted).then_some(out)
    }

    fn is_figure(&self, reference: &Reference, scope: &[Variable<'a>]) -> bool {
        let is_word = matches!(reference.show, Show::Label | Show::Period | Show::Unit | Show::Estimate);
        match meaning(reference, scope, self.asker) {
            Some(Meaning::Figure(_)) => !is_word,
            Some(Meaning::Field(variable, field)) => {
                !is_word && variable.row().and_then(|r| r.get(&field)).is_some_and(|f| matches!(f, Field::Figure(_)))
            }
            _ => false,
        }
    }

    /// True if a run asks for figures at all.
    fn wants(&self, pieces: &[Piece], scope: &[Variable<'a>]) -> bool {
        pieces.iter().any(|p| match p {
            Piece::Words(_) => false,
            Piece::Figure(reference) => self.is_figure(reference, scope),
            Piece::Clause(inner) => self.wants(inner, scope),
            Piece::Each(_) => true,
            Piece::If(branches) => branches.iter().any(|b| self.wants(&b.body, scope)),
        })
    }

    /// A whole run with its punctuation mended, and how many figures it prints. `None` if a figure outside of any
    /// clause is missing, or if every clause was left out and nothing else was printed.
    fn paragraph_text(&mut self, pieces: &'a [Piece], scope: &mut Vec<Variable<'a>>) -> (Option<Text>, usize) {
        let mut text = Text::new();
        let mut count = Count::default();
        match self.run(pieces, scope, &mut text, &mut count) {
            Err(Missing(left_out)) => {
                self.left_out.push(left_out);
                (None, 0)
            }
            Ok(()) if count.gaps > 0 && count.marks == 0 => (None, 0),
            Ok(()) => {
                mend(&mut text);
                (Some(text), count.marks)
            }
        }
    }

    fn run(&mut self, pieces: &'a [Piece], scope: &mut Vec<Variable<'a>>, text: &mut Text, count: &mut Count) -> Result<(), Missing> {
        for piece in pieces {
            match piece {
                Piece::Words(words) => text.push(Inline::Words(words.clone())),
                Piece::Figure(reference) => {
                    let inlines = self.reference(reference, scope)?;
                    count.marks += inlines.iter().filter(|i| matches!(i, Inline::Mark(_))).count();
                    text.extend(inlines);
                }
                Piece::Clause(inner) => {
                    let (mut clause, mut inside) = (Text::new(), Count::default());
                    match self.run(inner, scope, &mut clause, &mut inside) {
                        Ok(()) if inside.gaps == 0 || inside.marks > 0 => {
                            text.extend(clause);
                            count.marks += inside.marks;
                            count.gaps += inside.gaps;
                        }
                        Ok(()) => count.gap(text),
                        Err(Missing(left_out)) => {
                            self.left_out.push(left_out);
                            count.gap(text);
                        }
                    }
                }
                Piece::If(branches) => {
                    if let Some(body) = self.chosen(branches, scope) {
                        self.run(body, scope, text, count)?;
                    }
                }
                Piece::Each(each) => self.inline_each(each, scope, text, count),
            }
        }
        Ok(())
    }

    /// A loop within a line: a row with a missing figure is left out, the separator stands between those printed.
    fn inline_each(&mut self, each: &'a Each<Piece>, scope: &mut Vec<Variable<'a>>, text: &mut Text, count: &mut Count) {
        let mut printed_rows = 0;
        self.each(each, scope, &mut |fill, scope| {
            let (mut one, mut inside) = (Text::new(), Count::default());
            match fill.run(&each.body, scope, &mut one, &mut inside) {
                Err(Missing(left_out)) => {
                    fill.left_out.push(left_out);
                    false
                }
                Ok(()) if inside.gaps > 0 && inside.marks == 0 => false,
                Ok(()) => {
                    if printed_rows > 0 && !each.separator.is_empty() {
                        text.push(Inline::Words(each.separator.clone()));
                    }
                    printed_rows += 1;
                    count.marks += inside.marks;
                    text.extend(one);
                    true
                }
            }
        });
        if printed_rows == 0 {
            count.gap(text);
        }
    }

    fn reference(&mut self, reference: &Reference, scope: &[Variable<'_>]) -> Result<Text, Missing> {
        let nothing = || Ok(Text::new());
        match meaning(reference, scope, self.asker) {
            None => nothing(),
            Some(Meaning::Text(text)) => Ok(crate::tree::words(text)),
            Some(Meaning::Field(variable, field)) => match (field.as_str(), variable.row().and_then(|r| r.get(&field))) {
                ("nth", _) => Ok(crate::tree::words(format!("{}是", chinese_number(variable.turn)))),
                ("no", _) => Ok(crate::tree::words(variable.turn.to_string())),
                (_, Some(Field::Text(text))) => Ok(crate::tree::words(text)),
                (_, Some(Field::Figure(figure))) => {
                    let share = if field == "share" { variable.shares.as_ref().and_then(|s| s.get(variable.index)) } else { None };
                    let ask = Ask::again(figure);
                    self.figure(reference, &ask, &Arc::new((**figure).clone()), share)
                }
                (_, None) => nothing(),
            },
            Some(Meaning::Figure(ask)) => match self.asker.figure(&ask) {
                Ok(figure) => self.figure(reference, &ask, &figure, None),
                Err(_) => nothing(),
            },
        }
    }

    /// A figure with the words around it.
    fn figure(&mut self, reference: &Reference, ask: &Ask, figure: &Arc<Figure>, share: Option<&String>) -> Result<Text, Missing> {
        let phrase = Phrase { reference, ask, figure, words: self.words, share, ids: &mut self.ids, out: Text::new() };
        phrase.build().map_err(|reason| Missing(self.missing(reference, ask, figure, reason)))
    }

    fn missing(&self, reference: &Reference, ask: &Ask, figure: &Figure, reason: Reason) -> LeftOut {
        LeftOut {
            section: self.section.clone(),
            line: reference.at.line,
            reference: reference.source.clone(),
            label: figure.label.clone(),
            period: ask.period.to_string(),
            reason: Some(reason),
        }
    }

    /// Leaves out each section that wanted figures and got none, and lists it.
    fn sections(&mut self, made: Vec<Made>) -> Vec<Block> {
        let level = |m: &Made| match &m.block {
            Some(Block::Heading(h)) => Some(h.level),
            Some(Block::Paragraph(Paragraph { lead: Some(h), .. })) => Some(h.level),
            _ => None,
        };
        let has_marks = |m: &Made| m.block.clone().is_some_and(|b| !Document { blocks: vec![b], ..Document::default() }.marks().is_empty());
        let mut out = Vec::new();
        let mut at = 0;
        while at < made.len() {
            let one = &made[at];
            if let Some(own) = level(one) {
                let end = made[at + 1..].iter().position(|m| level(m).is_some_and(|l| l <= own)).map_or(made.len(), |n| at + 1 + n);
                let section = &made[at..end];
                let wanted = section.iter().any(|m| m.wanted);
                let is_empty = section.iter().skip(1).all(|m| m.block.is_none()) && matches!(one.block, Some(Block::Heading(_)));
                if is_empty || wanted && !section.iter().any(has_marks) {
                    let label = match &one.block {
                        Some(Block::Heading(h)) => printed(&h.text),
                        Some(Block::Paragraph(Paragraph { lead: Some(h), .. })) => printed(&h.text),
                        _ => String::new(),
                    };
                    self.left_out.push(LeftOut {
                        section: label.clone(),
                        line: one.line,
                        reference: String::new(),
                        label,
                        period: String::new(),
                        reason: None,
                    });
                    at = end;
                    continue;
                }
            }
            out.extend(one.block.clone());
            at += 1;
        }
        out
    }
}

/// How many figures and gaps a run has.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    marks: usize,
    gaps: usize,
}

impl Count {
    fn gap(&mut self, text: &mut Text) {
        self.gaps += 1;
        text.push(Inline::Words(GAP.to_string()));
    }
}

/// Shares of the rows rounded together at one digit, so that they add to 100.0 (largest remainder), if they add to
/// 100 before rounding. A field `share` in every row is needed.
fn settled_shares(rows: &[Row]) -> Option<Vec<String>> {
    let shares: Option<Vec<rust_decimal::Decimal>> = rows
        .iter()
        .map(|row| match row.get("share") {
            Some(Field::Figure(figure)) => figure.value,
            _ => None,
        })
        .collect();
    let shares = shares.filter(|s| !s.is_empty())?;
    crate::shares::settle(&shares, 1).map(|settled| settled.iter().map(ToString::to_string).collect())
}
