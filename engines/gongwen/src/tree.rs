//! The document tree 公文: what is said, before it is a Word file or a page.
//!
//! Parts after GB/T 9704-2012: red head 版头 (optional: a work report usually
//! goes without), title 标题, addressee 主送机关, body 正文 with four levels of
//! headings, attachments 附件, signature 署名 and date 成文日期, remark 附注,
//! colophon 版记. Every number that is computed is a [`Mark`].

use crate::mark::Mark;
use values::Date;

/// A run of text and figures.
pub type Text = Vec<Inline>;

/// One piece of a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// Words.
    Words(String),
    /// One printed figure, or a word that follows one.
    Mark(Box<Mark>),
}

impl Inline {
    /// What is printed.
    #[must_use]
    pub fn printed(&self) -> &str {
        match self {
            Self::Words(words) => words,
            Self::Mark(mark) => &mark.printed,
        }
    }
}

/// A run of plain words.
#[must_use]
pub fn words(text: impl Into<String>) -> Text {
    vec![Inline::Words(text.into())]
}

/// What a run prints.
#[must_use]
pub fn printed(text: &[Inline]) -> String {
    text.iter().map(Inline::printed).collect()
}

/// A whole document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// Red head 版头; none for a work report.
    pub red_head: Option<RedHead>,
    /// Title 标题, one entry a line: broken by sense, in trapezoid or diamond.
    pub title: Vec<Text>,
    /// Under the title, 楷体: `（2025年12月）` or the unit's name.
    pub subtitle: Text,
    /// Addressee 主送机关, without the colon; empty if none.
    pub addressee: String,
    /// The body.
    pub blocks: Vec<Block>,
    /// Attachments 附件, each on a new page.
    pub attachments: Vec<Attachment>,
    /// Signature and date.
    pub signature: Option<Signature>,
    /// Remark 附注, printed in round brackets.
    pub remark: String,
    /// Colophon 版记.
    pub colophon: Option<Colophon>,
    /// Lines printed small after everything: audit anchor, 示例数据.
    pub imprint: Vec<String>,
    /// Properties of the file.
    pub properties: Properties,
}

/// Red head 版头.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RedHead {
    /// Copy number 份号, six digits; empty if none.
    pub copy_number: String,
    /// Secrecy and its term 密级和保密期限: `秘密★1年`; empty if none.
    pub secrecy: String,
    /// Urgency 紧急程度; empty if none.
    pub urgency: String,
    /// Mark of the issuing body 发文机关标志, e.g. `××经济技术开发区管理委员会文件`.
    pub issuer: String,
    /// Document number 发文字号: `×经开发〔2025〕15号`.
    pub number: String,
    /// Signer 签发人 of an upward document; empty if none.
    pub signer: String,
}

/// One block of the body.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading on its own line. `level` 1–4.
    Heading(Heading),
    /// A paragraph, perhaps begun by a heading that runs into it.
    Paragraph(Paragraph),
    /// A table.
    Table(Table),
}

/// A heading 标题层次.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heading {
    /// 1 `一、` · 2 `（一）` · 3 `1.` · 4 `（1）`.
    pub level: u8,
    /// The number as printed; see [`number_headings`].
    pub number: String,
    /// Its words.
    pub text: Text,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Paragraph {
    /// A heading that the text follows on the same line: `（一）坚持延链补链。…`.
    pub lead: Option<Heading>,
    /// The text.
    pub text: Text,
}

/// Where a cell's content stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Words: left.
    #[default]
    Left,
    /// Heads and short marks: centre.
    Centre,
    /// Numbers: right.
    Right,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// What it says.
    pub text: Text,
    /// Where it stands.
    pub align: Align,
}

/// A table; its head repeats on each page and no row is cut.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Caption above.
    pub caption: Text,
    /// `单位：万元、%`, top right; empty if none.
    pub unit: String,
    /// Head cells.
    pub head: Vec<Text>,
    /// Rows; each has as many cells as the head.
    pub rows: Vec<Vec<Cell>>,
    /// Note below; empty if none.
    pub note: Text,
}

/// An attachment 附件.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attachment {
    /// Its title.
    pub title: Text,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// Signature 署名 and date 成文日期.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signature {
    /// Name of the issuing body; empty if only the date is printed.
    pub name: String,
    /// Date, printed without leading zeros: 2025年12月5日.
    pub date: Option<Date>,
}

/// Colophon 版记.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Colophon {
    /// Copy to 抄送, without the label and without the full stop; empty if none.
    pub copy_to: String,
    /// Printing office 印发机关.
    pub office: String,
    /// Printing date 印发日期.
    pub date: Option<Date>,
}

/// Properties of the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Properties {
    /// Title.
    pub title: String,
    /// Who made it.
    pub creator: String,
    /// Day of the data; nothing here asks a clock.
    pub date: Option<Date>,
}

/// Writes the numbers of all headings: `一、`, `（一）`, `1.`, `（1）`, each level begun anew under the one above.
///
/// Called after sections without data have been left out, so that numbers have no gaps.
pub fn number_headings(document: &mut Document) {
    let mut counts = [0u32; 4];
    for block in &mut document.blocks {
        let heading = match block {
            Block::Heading(heading) => heading,
            Block::Paragraph(Paragraph { lead: Some(heading), .. }) => heading,
            _ => continue,
        };
        let level = usize::from(heading.level.clamp(1, 4)) - 1;
        counts[level] += 1;
        counts[level + 1..].fill(0);
        let n = counts[level];
        heading.number = match level {
            0 => format!("{}、", chinese_number(n)),
            1 => format!("（{}）", chinese_number(n)),
            2 => format!("{n}."),
            _ => format!("（{n}）"),
        };
    }
}

/// 1 → 一, 12 → 十二, 20 → 二十, 135 → 一百三十五. Digits beyond 999.
#[must_use]
pub fn chinese_number(n: u32) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |d: u32| DIGITS[(d % 10) as usize];
    match n {
        0..=9 => digit(n).to_owned(),
        10..=19 => format!("十{}", if n == 10 { "" } else { digit(n) }),
        20..=99 => format!("{}十{}", digit(n / 10), if n.is_multiple_of(10) { "" } else { digit(n) }),
        100..=999 => {
            let rest = n % 100;
            let tail = match rest {
                0 => String::new(),
                1..=9 => format!("零{}", digit(rest)),
                10..=19 => format!("一{}", chinese_number(rest)),
                _ => chinese_number(rest),
            };
            format!("{}百{tail}", digit(n / 100))
        }
        _ => n.to_string(),
    }
}

/// A date as a document prints it: 2025年12月5日.
#[must_use]
pub fn chinese_date(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

impl Document {
    /// All texts in reading order: title, subtitle, body, attachments.
    pub fn texts(&self) -> Vec<&Text> {
        let mut texts: Vec<&Text> = self.title.iter().collect();
        texts.push(&self.subtitle);
        block_texts(&self.blocks, &mut texts);
        for attachment in &self.attachments {
            texts.push(&attachment.title);
            block_texts(&attachment.blocks, &mut texts);
        }
        texts
    }

    /// All marks in reading order.
    #[must_use]
    pub fn marks(&self) -> Vec<&Mark> {
        self.texts().into_iter().flatten().filter_map(of_inline).collect()
    }
}

fn of_inline(inline: &Inline) -> Option<&Mark> {
    match inline {
        Inline::Mark(mark) => Some(mark),
        Inline::Words(_) => None,
    }
}

fn block_texts<'a>(blocks: &'a [Block], texts: &mut Vec<&'a Text>) {
    for block in blocks {
        match block {
            Block::Heading(heading) => texts.push(&heading.text),
            Block::Paragraph(paragraph) => {
                texts.extend(paragraph.lead.as_ref().map(|lead| &lead.text));
                texts.push(&paragraph.text);
            }
            Block::Table(table) => {
                texts.push(&table.caption);
                texts.extend(&table.head);
                texts.extend(table.rows.iter().flatten().map(|cell| &cell.text));
                texts.push(&table.note);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_numbered_anew_under_each_other() {
        let heading = |level| Block::Heading(Heading { level, ..Heading::default() });
        let mut document = Document { blocks: [1, 2, 2, 3, 4, 3, 1, 2].into_iter().map(heading).collect(), ..Document::default() };
        number_headings(&mut document);
        let numbers: Vec<_> = document
            .blocks
            .iter()
            .map(|b| match b {
                Block::Heading(h) => h.number.as_str(),
                _ => "",
            })
            .collect();
        assert_eq!(numbers, ["一、", "（一）", "（二）", "1.", "（1）", "2.", "二、", "（一）"]);
    }

    #[test]
    fn numbers_in_chinese() {
        for (n, zh) in [
            (0, "零"),
            (7, "七"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (99, "九十九"),
            (105, "一百零五"),
            (110, "一百一十"),
            (321, "三百二十一"),
        ] {
            assert_eq!(chinese_number(n), zh);
        }
    }
}
