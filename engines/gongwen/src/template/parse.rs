//! Reading a template: from lines to the tree, with everything that is wrong with it at once.

use super::node::{Branch, Condition, Each, Node, Piece, RowNode, TableNode};
use super::reference::{Reference, When, Wrong};
use super::scan::{Line, Token, characters, lines, tokens};
use super::{At, finding};
use sha2::{Digest, Sha256};
use values::Findings;

/// A template that is whole; its names are not checked yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    pub(super) file: String,
    pub(super) sha256: String,
    pub(super) head: Vec<(String, Vec<Piece>, At)>,
    pub(super) nodes: Vec<Node>,
}

/// Keys that may stand in a template's head.
const HEAD_KEYS: &[&str] = &[
    "title",
    "subtitle",
    "addressee",
    "signature",
    "remark",
    "copy_to",
    "printed_by",
    "issuer",
    "number",
    "signer",
    "secrecy",
    "urgency",
    "copy_number",
];

impl Template {
    /// Reads a template. `file` is the name that findings carry.
    ///
    /// # Errors
    /// Everything that is wrong with its form, each with line, column and what to do.
    pub fn parse(source: &str, file: &str) -> Result<Self, Findings> {
        let mut parser = Parser { file, lines: lines(source), at: 0, findings: Findings::default() };
        let head = parser.head();
        let (nodes, _) = parser.nodes(None);
        let sha256 = Sha256::digest(source.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        if parser.findings.is_empty() { Ok(Self { file: file.to_owned(), sha256, head, nodes }) } else { Err(parser.findings) }
    }

    /// SHA-256 of the template's text, hexadecimal: its version.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The file's name.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }
}

/// What closes a block.
#[derive(Debug, Clone, PartialEq)]
enum Stop {
    End,
    /// `{else}` or `{else if …}`.
    Else(Option<Condition>),
}

/// A block tag on its own line.
enum Block {
    If(Condition),
    Each(EachHead),
    Table(String),
    Stop(Stop),
}

struct EachHead {
    variable: String,
    collection: String,
    period: When,
    limit: Option<usize>,
    separator: String,
    at: At,
}

impl EachHead {
    fn with<T>(self, body: Vec<T>) -> Each<T> {
        Each {
            variable: self.variable,
            collection: self.collection,
            period: self.period,
            limit: self.limit,
            separator: self.separator,
            at: self.at,
            body,
        }
    }
}

/// Reads the body of a block up to its stop.
type ReadBody<'a, T> = fn(&mut Parser<'a>, Option<(At, &str)>) -> (Vec<T>, Option<Stop>);

struct Parser<'a> {
    file: &'a str,
    lines: Vec<Line<'a>>,
    at: usize,
    findings: Findings,
}

impl<'a> Parser<'a> {
    fn wrong(&mut self, at: At, rule: &str, found: &str, expected: &str) {
        self.findings.push(finding(self.file, at, rule, found, expected));
    }

    fn peek(&self) -> Option<Line<'a>> {
        self.lines.get(self.at).cloned()
    }

    /// `key: text` lines between two lines of `---`.
    fn head(&mut self) -> Vec<(String, Vec<Piece>, At)> {
        let mut head = Vec::new();
        while self.peek().is_some_and(|l| l.text.trim().is_empty()) {
            self.at += 1;
        }
        let Some(first) = self.peek().filter(|l| l.text.trim() == "---") else { return head };
        self.at += 1;
        while let Some(line) = self.peek() {
            self.at += 1;
            let text = line.text.trim();
            if text == "---" {
                return head;
            }
            if text.is_empty() {
                continue;
            }
            let Some((key, _)) = text.split_once(':') else {
                self.wrong(line.at(), "template.bad_head", text, &HEAD_KEYS.join("、"));
                continue;
            };
            let key = key.trim();
            if !HEAD_KEYS.contains(&key) {
                let near = super::check::nearest(key, HEAD_KEYS.iter().copied());
                self.wrong(line.at(), "template.unknown_head", key, &near);
                continue;
            }
            let skip = line.text.chars().position(|c| c == ':').map_or(0, |n| n + 1);
            let pieces = self.pieces(&characters(line.text, line.number, skip));
            head.push((key.to_owned(), pieces, line.at()));
        }
        self.wrong(first.at(), "template.unclosed_head", "---", "---");
        head
    }

    /// Blocks until a stop tag; `opened` is the tag that it closes.
    fn nodes(&mut self, opened: Option<(At, &str)>) -> (Vec<Node>, Option<Stop>) {
        let mut nodes = Vec::new();
        while let Some(line) = self.peek() {
            let text = line.text.trim();
            if text.is_empty() {
                self.at += 1;
                continue;
            }
            match self.block(&line) {
                Some(Block::Stop(stop)) => {
                    self.at += 1;
                    if opened.is_some() {
                        return (nodes, Some(stop));
                    }
                    self.wrong(line.at(), "template.unexpected_end", text, "");
                }
                Some(Block::If(condition)) => {
                    self.at += 1;
                    nodes.push(Node::If(self.branches(condition, Self::nodes)));
                }
                Some(Block::Each(head)) => {
                    self.at += 1;
                    let (body, stop) = self.nodes(Some((head.at, "each")));
                    self.no_else(stop, head.at);
                    nodes.push(Node::Each(head.with(body)));
                }
                Some(Block::Table(caption)) => {
                    self.at += 1;
                    let table = self.table(&line, &caption);
                    nodes.push(Node::Table(table));
                }
                None if text.starts_with('#') => self.heading(&line, &mut nodes),
                None => {
                    let text = self.paragraph_text();
                    nodes.push(Node::Paragraph { lead: None, text, at: line.at() });
                }
            }
        }
        if let Some((at, tag)) = opened {
            self.wrong(at, "template.unclosed", &format!("{{{tag}}}"), "{end}");
        }
        (nodes, None)
    }

    fn no_else(&mut self, stop: Option<Stop>, at: At) {
        if matches!(stop, Some(Stop::Else(_))) {
            self.wrong(at, "template.unexpected_else", "{else}", "");
        }
    }

    /// `{if}` … `{else if}` … `{else}` … `{end}`, with bodies of whatever kind `read` gives.
    fn branches<T>(&mut self, first: Condition, read: ReadBody<'a, T>) -> Vec<Branch<T>> {
        let at = first.at;
        let mut branches = Vec::new();
        let mut condition = Some(first);
        loop {
            let was_else = condition.is_none();
            let (body, stop) = read(self, Some((at, "if")));
            branches.push(Branch { condition, body });
            match stop {
                Some(Stop::Else(next)) if !was_else => condition = next,
                Some(Stop::Else(_)) => {
                    self.wrong(at, "template.unexpected_else", "{else}", "");
                    condition = None;
                }
                _ => return branches,
            }
        }
    }

    /// The block tag of a line that is nothing but one.
    fn block(&mut self, line: &Line<'a>) -> Option<Block> {
        let tag = line.tag()?;
        self.block_tag(tag, line.at())
    }

    fn block_tag(&mut self, tag: &str, at: At) -> Option<Block> {
        let (word, rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        let rest = rest.trim();
        match word {
            "end" => Some(Block::Stop(Stop::End)),
            "else" => {
                let condition = rest.strip_prefix("if").map(|c| Condition { source: c.trim().to_owned(), at });
                Some(Block::Stop(Stop::Else(condition)))
            }
            "if" => Some(Block::If(Condition { source: rest.to_owned(), at })),
            "each" => Some(Block::Each(self.each_head(rest, at))),
            "table" => Some(Block::Table(rest.to_owned())),
            _ => None,
        }
    }

    /// `c in chain_output.chain year limit 5 sep "、"`.
    fn each_head(&mut self, text: &str, at: At) -> EachHead {
        let mut head = EachHead {
            variable: String::new(),
            collection: String::new(),
            period: When::Report,
            limit: None,
            separator: String::new(),
            at,
        };
        let (text, separator) = match text.split_once("sep \"") {
            Some((before, after)) => (before, after.split('"').next().unwrap_or_default()),
            None => (text, ""),
        };
        separator.clone_into(&mut head.separator);
        let words: Vec<&str> = text.split_whitespace().collect();
        let [variable, "in", collection, options @ ..] = words.as_slice() else {
            self.wrong(at, "template.bad_each", text, "{each c in …}");
            return head;
        };
        (*variable).clone_into(&mut head.variable);
        (*collection).clone_into(&mut head.collection);
        let mut options = options.iter();
        while let Some(option) = options.next() {
            if *option == "limit" {
                head.limit = options.next().and_then(|n| n.parse().ok());
                if head.limit.is_none() {
                    self.wrong(at, "template.bad_each", text, "limit 5");
                }
            } else if let Some(period) = When::parse(option) {
                head.period = period;
            } else {
                self.wrong(at, "template.bad_each", option, "{each c in …}");
            }
        }
        head
    }

    /// A heading; one that ends with a full stop runs into the paragraph on the next line.
    fn heading(&mut self, line: &Line<'a>, nodes: &mut Vec<Node>) {
        self.at += 1;
        let text = line.text.trim();
        let level = text.chars().take_while(|c| *c == '#').count();
        let blanks = line.text.chars().take_while(|c| c.is_whitespace()).count();
        let pieces = self.pieces(&characters(line.text, line.number, blanks + level));
        let level = u8::try_from(level).unwrap_or(u8::MAX);
        if level > 4 {
            self.wrong(line.at(), "template.heading_level", &"#".repeat(usize::from(level)), "####");
        }
        let follows = self.peek().is_some_and(|next| {
            let next_text = next.text.trim();
            !next_text.is_empty() && !next_text.starts_with('#') && next.tag().is_none_or(|t| self.is_no_block(t))
        });
        if text.ends_with(['。', '.']) && follows {
            let body = self.paragraph_text();
            nodes.push(Node::Paragraph { lead: Some((level, pieces)), text: body, at: line.at() });
        } else {
            nodes.push(Node::Heading { level, text: pieces, at: line.at() });
        }
    }

    fn is_no_block(&self, tag: &str) -> bool {
        !matches!(tag.split_whitespace().next(), Some("if" | "each" | "table" | "end" | "else"))
    }

    /// The lines up to an empty line, a heading or a block tag, joined without blanks between them.
    fn paragraph_text(&mut self) -> Vec<Piece> {
        let mut run = Vec::new();
        while let Some(line) = self.peek() {
            let text = line.text.trim();
            let is_block = line.tag().is_some_and(|t| !self.is_no_block(t));
            if text.is_empty() || !run.is_empty() && (text.starts_with('#') || is_block) {
                break;
            }
            self.at += 1;
            run.extend(characters(line.text, line.number, 0));
        }
        self.pieces(&run)
    }

    /// `{table 标题 | 单位：万元}`, head, rows, `{end}`.
    fn table(&mut self, line: &Line<'a>, caption: &str) -> TableNode {
        let at = line.at();
        // The caption's place is that of the tag: near enough to find it.
        let place = |text: &str| characters(text, at.line, 0);
        let mut parts = caption.splitn(2, '|');
        let caption = self.pieces(&place(parts.next().unwrap_or_default()));
        let unit = self.pieces(&place(parts.next().unwrap_or_default()));
        let (mut rows, stop) = self.rows(Some((at, "table")));
        self.no_else(stop, at);
        let head = match rows.first() {
            Some(RowNode::Cells(cells, _)) => cells.clone(),
            _ => {
                self.wrong(at, "template.table_head", "{table}", "");
                Vec::new()
            }
        };
        if !rows.is_empty() {
            rows.remove(0);
        }
        self.columns(&rows, head.len());
        TableNode { caption, unit, head, rows, at }
    }

    fn columns(&mut self, rows: &[RowNode], expected: usize) {
        for row in rows {
            match row {
                RowNode::Cells(cells, at) if cells.len() != expected => {
                    self.wrong(*at, "template.table_columns", &cells.len().to_string(), &expected.to_string());
                }
                RowNode::Cells(..) => {}
                RowNode::If(branches) => branches.iter().for_each(|b| self.columns(&b.body, expected)),
                RowNode::Each(each) => self.columns(&each.body, expected),
            }
        }
    }

    fn rows(&mut self, opened: Option<(At, &str)>) -> (Vec<RowNode>, Option<Stop>) {
        let mut rows = Vec::new();
        while let Some(line) = self.peek() {
            self.at += 1;
            if line.text.trim().is_empty() {
                continue;
            }
            match self.block(&line) {
                Some(Block::Stop(stop)) => return (rows, Some(stop)),
                Some(Block::If(condition)) => rows.push(RowNode::If(self.branches(condition, Self::rows))),
                Some(Block::Each(head)) => {
                    let (body, stop) = self.rows(Some((head.at, "each")));
                    self.no_else(stop, head.at);
                    rows.push(RowNode::Each(head.with(body)));
                }
                Some(Block::Table(_)) => self.wrong(line.at(), "template.table_in_table", "{table}", ""),
                None => {
                    let run = characters(line.text, line.number, 0);
                    let mut list = Inline { tokens: tokens(&run, true), at: 0 };
                    let mut cells = Vec::new();
                    loop {
                        let (pieces, _) = self.run(&mut list, Closing::Cell);
                        cells.push(trimmed(pieces));
                        if list.at >= list.tokens.len() {
                            break;
                        }
                    }
                    rows.push(RowNode::Cells(cells, line.at()));
                }
            }
        }
        if let Some((at, tag)) = opened {
            self.wrong(at, "template.unclosed", &format!("{{{tag}}}"), "{end}");
        }
        (rows, None)
    }

    /// The pieces of a run of text.
    fn pieces(&mut self, run: &[(char, At)]) -> Vec<Piece> {
        let mut list = Inline { tokens: tokens(run, false), at: 0 };
        let mut pieces = Vec::new();
        while list.at < list.tokens.len() {
            pieces.extend(self.run(&mut list, Closing::Nothing).0);
        }
        pieces
    }

    fn run(&mut self, list: &mut Inline, closing: Closing) -> (Vec<Piece>, Option<Stop>) {
        let mut pieces = Vec::new();
        while let Some(token) = list.tokens.get(list.at).cloned() {
            list.at += 1;
            match token {
                Token::Words(words) => pieces.push(Piece::Words(words)),
                Token::Unclosed(at) => self.wrong(at, "template.unclosed_brace", "{", "}"),
                Token::Open(at) => pieces.push(Piece::Clause(self.run(list, Closing::Clause(at)).0)),
                Token::Close(_) if matches!(closing, Closing::Clause(_)) => return (pieces, None),
                Token::Close(at) => self.wrong(at, "template.unexpected_bracket", "]", "["),
                Token::Bar if matches!(closing, Closing::Cell) => return (pieces, None),
                Token::Bar => pieces.push(Piece::Words("|".into())),
                Token::Tag(tag, at) => match self.block_tag(&tag, at) {
                    Some(Block::Stop(stop)) if matches!(closing, Closing::Tag(..)) => return (pieces, Some(stop)),
                    Some(Block::Stop(_)) => self.wrong(at, "template.unexpected_end", &format!("{{{tag}}}"), ""),
                    Some(Block::If(condition)) => pieces.push(Piece::If(self.inline_branches(list, condition))),
                    Some(Block::Each(head)) => {
                        let (body, stop) = self.run(list, Closing::Tag(head.at, "each"));
                        self.no_else(stop, head.at);
                        pieces.push(Piece::Each(head.with(body)));
                    }
                    Some(Block::Table(_)) => self.wrong(at, "template.table_inline", "{table}", ""),
                    None => pieces.extend(self.reference(&tag, at)),
                },
            }
        }
        match closing {
            Closing::Clause(at) => self.wrong(at, "template.unclosed_clause", "[", "]"),
            Closing::Tag(at, tag) => self.wrong(at, "template.unclosed", &format!("{{{tag}}}"), "{end}"),
            Closing::Nothing | Closing::Cell => {}
        }
        (pieces, None)
    }

    fn inline_branches(&mut self, list: &mut Inline, first: Condition) -> Vec<Branch<Piece>> {
        let at = first.at;
        let mut branches = Vec::new();
        let mut condition = Some(first);
        loop {
            let (body, stop) = self.run(list, Closing::Tag(at, "if"));
            branches.push(Branch { condition, body });
            match stop {
                Some(Stop::Else(next)) => condition = next,
                _ => return branches,
            }
        }
    }

    fn reference(&mut self, tag: &str, at: At) -> Option<Piece> {
        match Reference::parse(tag, at) {
            Ok(reference) => Some(Piece::Figure(reference)),
            Err(Wrong::Empty) => {
                self.wrong(at, "template.empty_reference", "{}", "");
                None
            }
            Err(Wrong::Word(word)) => {
                self.wrong(at, "template.bad_reference", &word, tag);
                None
            }
        }
    }
}

/// What a run of text ends with.
#[derive(Debug, Clone, Copy)]
enum Closing {
    Nothing,
    Cell,
    Clause(At),
    Tag(At, &'static str),
}

struct Inline {
    tokens: Vec<Token>,
    at: usize,
}

/// Blanks around a cell's content are layout of the template, not of the table.
fn trimmed(mut pieces: Vec<Piece>) -> Vec<Piece> {
    if let Some(Piece::Words(words)) = pieces.first_mut() {
        *words = words.trim_start().to_owned();
    }
    if let Some(Piece::Words(words)) = pieces.last_mut() {
        *words = words.trim_end().to_owned();
    }
    pieces.retain(|p| !matches!(p, Piece::Words(w) if w.is_empty()));
    pieces
}
