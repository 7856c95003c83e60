//! Mapping 列对应: which column of a foreign sheet is which field.

use crate::field::{FieldKind, FieldSpec};
use crate::grid::CellValue;
use crate::looks;
use crate::parse::date::date_text;
use crate::parse::number::number_text;
use crate::table::{Column, Measure, Sheet, Table};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use values::unit;

/// A column with the field it is proposed for.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposed {
    /// Index into the table's `head`.
    pub column: usize,
    /// Key of the field; none if nothing fits.
    pub field: Option<String>,
    /// 0 to 1; at 0.85 and above it may be taken without asking.
    pub score: f64,
    /// By what it was found.
    pub why: Why,
}

/// By what a column was matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// Nothing fits; the column is listed and kept with the source.
    Nothing,
    /// Its values look like the field's.
    Content,
    /// Its head resembles the label.
    Likeness,
    /// Its head is an alias or a head of older workbooks.
    Alias,
    /// Its head is the label.
    Label,
    /// Its head is the key, or the template says so.
    Key,
    /// Somebody confirmed it before.
    Remembered,
}

impl Why {
    /// Stable key; its text is `mapped.KEY` in `texts.toml`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Content => "content",
            Self::Likeness => "likeness",
            Self::Alias => "alias",
            Self::Label => "label",
            Self::Key => "key",
            Self::Remembered => "remembered",
        }
    }
}

/// What somebody confirmed before: heading → key of the field, or none for "leave this column out".
pub type Remembered = HashMap<String, Option<String>>;

/// A score at which a proposal may be taken without asking.
pub const SURE: f64 = 0.85;

/// Proposes a field for each column, each field at most once, best matches first.
///
/// `sheet` lets the values of a column speak; `remembered` is the confirmed
/// mapping of the same form (found by [`fingerprint`]) and wins.
#[must_use]
pub fn propose(sheet: &Sheet, table: &Table, fields: &[FieldSpec], remembered: &Remembered) -> Vec<Proposed> {
    let mut proposed: Vec<Proposed> =
        (0..table.head.len()).map(|column| Proposed { column, field: None, score: 0.0, why: Why::Nothing }).collect();
    let mut taken = vec![false; fields.len()];
    let mut candidates: Vec<(f64, Why, usize, usize)> = Vec::new();
    for (c, column) in table.head.iter().enumerate() {
        let Some(f) = column.key.as_ref().and_then(|key| fields.iter().position(|f| f.key == *key)) else { continue };
        if !taken[f] {
            taken[f] = true;
            proposed[c] = Proposed { column: c, field: Some(fields[f].key.clone()), score: 1.0, why: Why::Key };
        }
    }
    for (c, column) in table.head.iter().enumerate().filter(|(_, column)| column.key.is_none()) {
        if let Some(known) = remembered.get(&memory_key(column)) {
            let field = known.as_ref().and_then(|k| fields.iter().position(|f| f.key == *k));
            if known.is_none() || field.is_some_and(|f| !taken[f]) {
                proposed[c] = Proposed { column: c, field: known.clone(), score: 1.0, why: Why::Remembered };
                field.into_iter().for_each(|f| taken[f] = true);
                continue;
            }
        }
        let content = Content::of(sheet, table, column);
        for (f, field) in fields.iter().enumerate() {
            let (score, why) = score(column, field, &content);
            if score >= 0.5 {
                candidates.push((score, why, c, f));
            }
        }
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)).then(a.3.cmp(&b.3)));
    for (score, why, c, f) in candidates {
        if proposed[c].why == Why::Nothing && !taken[f] {
            taken[f] = true;
            proposed[c] = Proposed { column: c, field: Some(fields[f].key.clone()), score, why };
        }
    }
    proposed
}

/// Under what a confirmed column is remembered: its heading without blanks, periods and units.
#[must_use]
pub fn memory_key(column: &Column) -> String {
    let path: Vec<String> = column.path.iter().filter(|t| looks::period(t, false).is_none()).map(|t| looks::fold(t)).collect();
    if path.is_empty() { format!("#{}", column.letter) } else { path.join("/") }
}

/// A stable text of a table's head; see [`Table::fingerprint`].
#[must_use]
pub fn fingerprint(table: &Table) -> String {
    let keys: Vec<String> = table.head.iter().map(memory_key).collect();
    let digest = Sha256::digest(keys.join("\n").as_bytes());
    digest.iter().take(8).map(|b| format!("{b:02x}")).collect()
}

/// What the values of a column look like, as shares of its first hundred.
#[derive(Debug, Default)]
struct Content {
    filled: usize,
    numbers: usize,
    dates: usize,
    credit_codes: usize,
    texts: usize,
    yes_no: usize,
    periods: usize,
    samples: Vec<String>,
}

impl Content {
    fn of(sheet: &Sheet, table: &Table, column: &Column) -> Self {
        let mut content = Self::default();
        for row in table.rows.iter().take(100) {
            let cell = table.cell(sheet, row, column);
            let text = cell.text();
            let t = text.trim();
            if t.is_empty() || looks::is_blank_mark(t) {
                continue;
            }
            content.filled += 1;
            match cell.value() {
                CellValue::Date(_) | CellValue::DateTime(_) => content.dates += 1,
                CellValue::Number(_) => content.numbers += 1,
                _ if is_credit_code(t) => content.credit_codes += 1,
                _ if date_text(t).is_some() => content.dates += 1,
                _ if looks::period(t, false).is_some() || looks::months_only(t).is_some() => content.periods += 1,
                _ if number_text(t).is_some() => content.numbers += 1,
                _ if matches!(t, "是" | "否" | "√" | "×") => content.yes_no += 1,
                _ => content.texts += 1,
            }
            if content.samples.len() < 40 && !content.samples.iter().any(|s| s == t) {
                content.samples.push(t.to_owned());
            }
        }
        content
    }
    fn share(&self, n: usize) -> f64 {
        if self.filled == 0 { 0.0 } else { n as f64 / self.filled as f64 }
    }
    /// How well the values fit a field: 1 all, 0 none; 0.5 where nothing can be said.
    fn fits(&self, field: &FieldSpec) -> f64 {
        if self.filled == 0 {
            return 0.5;
        }
        match &field.kind {
            FieldKind::Text => 0.5 + 0.5 * self.share(self.texts) - 0.3 * self.share(self.credit_codes + self.dates),
            FieldKind::Number { .. } | FieldKind::Count | FieldKind::Money => self.share(self.numbers),
            FieldKind::Date => self.share(self.dates) + 0.5 * self.share(self.periods + self.numbers),
            FieldKind::Period => self.share(self.periods + self.dates) + 0.5 * self.share(self.numbers),
            FieldKind::Code => self.share(self.numbers + self.texts + self.credit_codes).min(0.8),
            FieldKind::CreditCode => self.share(self.credit_codes),
            FieldKind::Bool => self.share(self.yes_no),
            FieldKind::Choice { options } => {
                let hits = self.samples.iter().filter(|s| {
                    let folded = looks::fold(s);
                    options.iter().any(|o| looks::fold(&o.label) == folded || o.aliases.iter().any(|a| looks::fold(a) == folded))
                });
                hits.count() as f64 / self.samples.len().max(1) as f64
            }
        }
    }
}

fn is_credit_code(text: &str) -> bool {
    text.len() == 18 && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) && text.as_bytes()[0].is_ascii_alphanumeric()
}

fn score(column: &Column, field: &FieldSpec, content: &Content) -> (f64, Why) {
    let heading: String = column.path.iter().map(|t| looks::fold(t)).collect();
    let label = looks::fold(&column.label);
    let (name, why) = name_score(&heading, &label, field);
    let fits = content.fits(field);
    let mut total = match why {
        Why::Key | Why::Label | Why::Alias => name - 0.2 * (0.5 - fits).max(0.0),
        _ => name * 0.8 + 0.2 * fits,
    };
    // Values alone suffice where they speak for themselves.
    if field.kind == FieldKind::CreditCode && content.share(content.credit_codes) > 0.8 && total < 0.9 {
        return (0.9, if name > 0.5 { why } else { Why::Content });
    }
    // A unit that measures something else speaks against it; a growth column is not the value.
    if let (Some(own), Some(wanted)) = (column.unit.as_ref().and_then(|u| u.unit), field.known_unit())
        && own.quantity != wanted.quantity
    {
        total -= 0.4;
    }
    let is_rate = matches!(column.measure, Measure::Growth | Measure::Share);
    let rate_wanted =
        unit::find(&field.unit).is_some_and(|u| matches!(u.quantity, values::Quantity::Percent | values::Quantity::PercentPoint));
    if is_rate && !rate_wanted && field.is_number() && !matches!(why, Why::Label | Why::Alias) {
        total -= 0.4;
    }
    if field.is_number() && content.filled >= 5 && fits < 0.2 && why < Why::Alias {
        total -= 0.3;
    }
    (total.clamp(0.0, 1.0), why)
}

/// How much a head says the field's name.
fn name_score(heading: &str, label: &str, field: &FieldSpec) -> (f64, Why) {
    let wanted = looks::fold(&field.label);
    if label == field.key || heading == field.key {
        return (1.0, Why::Key);
    }
    if heading == wanted || label == wanted {
        return (if heading == wanted { 1.0 } else { 0.95 }, Why::Label);
    }
    if field.aliases.iter().any(|a| looks::fold(a) == heading || looks::fold(a) == label) {
        return (0.95, Why::Alias);
    }
    let names = field.aliases.iter().map(|a| looks::fold(a)).chain([wanted]);
    let best = names.map(|n| likeness(label, &n).max(likeness(heading, &n))).fold(0.0, f64::max);
    (best * 0.9, Why::Likeness)
}

/// Likeness of two heads: shared pairs of characters, with the words that offices add and drop taken off.
fn likeness(a: &str, b: &str) -> f64 {
    let (a, b) = (core(a), core(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    if a == b {
        return 0.97;
    }
    let dice = strsim::sorensen_dice(&a, &b);
    let (short, long) = if a.chars().count() <= b.chars().count() { (&a, &b) } else { (&b, &a) };
    let contained = if long.contains(short.as_str()) && short.chars().count() >= 2 {
        0.6 + 0.4 * short.chars().count() as f64 / long.chars().count() as f64
    } else {
        0.0
    };
    dice.max(contained)
}

/// Heads without the words that say nothing about which field it is.
fn core(text: &str) -> String {
    let mut t = text.to_owned();
    for word in [
        "（必填）",
        "(必填)",
        "*",
        "必填",
        "请填写",
        "填写",
        "的",
        "全称",
        "（",
        "）",
        "(",
        ")",
        ":",
        "：",
        "情况",
        "本期",
        "企业",
        "单位",
        "公司",
    ] {
        let cut = t.replace(word, "");
        if !cut.is_empty() {
            t = cut;
        }
    }
    t
}
