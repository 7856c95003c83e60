//! Tables 表: text tables and sheets of a workbook, as rows with their line.
//!
//! What a table holds is told by its head, never by its file name.

use crate::notes::Notes;

/// One table: head and rows, each row with the line or row number people see.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// File, or `file/sheet`.
    pub name: String,
    /// It is a sheet of a workbook: places are printed `name!A7`.
    pub is_sheet: bool,
    /// Heads as written.
    pub head: Vec<String>,
    /// Number of the row, cells.
    pub rows: Vec<(u32, Vec<String>)>,
}

/// What a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Recipes 工艺: one input, by-product or waste a row.
    Recipes,
    /// Products 产品: code, formula, price.
    Products,
    /// Plants 企业产能.
    Plants,
    /// Demands 需求.
    Demands,
    /// Imports 外购: what can be brought in from outside the zone.
    Imports,
    /// Stocks 库存.
    Stocks,
    /// Purchases 采购: what was really bought, and how much of it locally.
    Purchases,
}

/// Columns by key, with the other ways their heads are written.
const HEADS: &[(&str, &[&str])] = &[
    ("chain", &["产业链", "链"]),
    ("product", &["产品", "产品名称", "产出"]),
    ("product_zh", &["产品中文名", "产品中文"]),
    ("route", &["工艺", "工艺路线", "路线"]),
    ("input", &["投入", "投入品", "原料", "投入物"]),
    ("input_zh", &["投入中文名", "投入品中文"]),
    ("kind", &["类别", "种类"]),
    ("amount", &["系数", "单耗", "用量"]),
    ("unit_in", &["投入单位", "单耗单位"]),
    ("unit_out", &["产出单位", "产品单位"]),
    ("low", &["下限", "最低"]),
    ("high", &["上限", "最高"]),
    ("basis", &["依据"]),
    ("location", &["地区"]),
    ("source", &["来源", "出处"]),
    ("confidence", &["可信度"]),
    ("note", &["备注", "说明"]),
    ("loss", &["损耗", "损耗率"]),
    ("share", &["比例", "工艺占比"]),
    ("default", &["首选"]),
    ("plant", &["企业", "工厂", "装置", "项目"]),
    ("capacity", &["产能", "设计产能", "年产能"]),
    ("unit", &["单位", "计量单位"]),
    ("from", &["起", "投产", "投产时间", "开始"]),
    ("to", &["止", "停产", "停产时间", "结束"]),
    ("ramp", &["爬坡", "达产进度"]),
    ("outage", &["检修", "停车"]),
    ("demand", &["需求", "需求量"]),
    ("import", &["外购", "外购量", "调入"]),
    ("stock", &["库存", "库存量"]),
    ("purchased", &["采购量", "采购"]),
    ("local", &["本地采购", "其中本地", "本地"]),
    ("code", &["代码", "产品代码", "编码"]),
    ("name", &["名称", "中文名"]),
    ("name_en", &["英文名"]),
    ("aliases", &["别名", "又名"]),
    ("formula", &["化学式", "分子式"]),
    ("price", &["单价", "价格"]),
    ("price_unit", &["价格单位", "单价单位"]),
    ("invest", &["单位投资"]),
    ("stage", &["环节", "层级"]),
];

/// Key of a head as written; blanks and a unit in brackets are dropped.
#[must_use]
pub fn head_key(head: &str) -> Option<&'static str> {
    let clean: String = head.chars().map(values::unit::half_width).filter(|c| !c.is_whitespace()).collect();
    let clean = clean.split('(').next().unwrap_or_default().to_lowercase();
    HEADS.iter().find(|(key, others)| *key == clean || others.contains(&clean.as_str())).map(|(key, _)| *key)
}

impl Table {
    /// Position of each known column.
    #[must_use]
    pub fn columns(&self) -> Columns {
        let mut list: Vec<(&'static str, usize)> = Vec::new();
        for (i, head) in self.head.iter().enumerate() {
            if let Some(key) = head_key(head)
                && !list.iter().any(|(k, _)| *k == key)
            {
                list.push((key, i));
            }
        }
        Columns(list)
    }

    /// What the table holds, by its head. None if no kind fits.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        let columns = self.columns();
        let has = |key| columns.at(key).is_some();
        Some(match () {
            () if has("product") && has("input") && has("amount") => Kind::Recipes,
            () if has("plant") && has("product") && has("capacity") => Kind::Plants,
            () if has("product") && has("demand") => Kind::Demands,
            () if has("product") && has("purchased") => Kind::Purchases,
            () if has("product") && has("import") => Kind::Imports,
            () if has("product") && has("stock") => Kind::Stocks,
            () if has("code") && has("name") || has("product") && (has("price") || has("formula") || has("code")) => Kind::Products,
            () => return None,
        })
    }

    /// Where a cell stands: `file.csv:12`, or `book.xlsx/工艺!C12`.
    #[must_use]
    pub fn place(&self, row: u32, column: Option<usize>) -> String {
        if self.is_sheet {
            let column = u32::try_from(column.unwrap_or(0)).unwrap_or(0);
            return format!("{}!{}", self.name, values::place::cell_name(row.saturating_sub(1), column));
        }
        format!("{}:{row}", self.name)
    }
}

/// Positions of the known columns of one table.
#[derive(Debug, Clone)]
pub struct Columns(Vec<(&'static str, usize)>);

impl Columns {
    /// Position of a column.
    #[must_use]
    pub fn at(&self, key: &str) -> Option<usize> {
        self.0.iter().find(|(k, _)| *k == key).map(|(_, i)| *i)
    }

    /// The trimmed cell of a row; empty where there is none.
    #[must_use]
    pub fn get<'a>(&self, row: &'a [String], key: &str) -> &'a str {
        self.at(key).and_then(|i| row.get(i)).map_or("", |cell| cell.trim())
    }
}

/// Reads a text table: UTF-8 (with or without mark) or GB18030; comma, tab or semicolon.
///
/// A broken line is a finding and is left out; the others are kept.
#[must_use]
pub fn read_text(name: &str, bytes: &[u8], notes: &mut Notes) -> Table {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => std::borrow::Cow::Borrowed(text),
        Err(_) => encoding_rs::GB18030.decode(bytes).0,
    };
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let separator = [b',', b'\t', b';'].into_iter().max_by_key(|s| (first.bytes().filter(|b| b == s).count(), *s == b',')).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .trim(csv::Trim::Headers)
        .from_reader(text.as_bytes());
    let mut table = Table { name: name.to_owned(), ..Table::default() };
    let (mut at, mut line) = (0usize, 1u32);
    for record in reader.records() {
        match record {
            Ok(record) => {
                // The reader's own position stands before the blank lines that it skips.
                let begin = record.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(0));
                let rest = text.as_bytes().get(begin..).unwrap_or_default();
                let begin = begin + rest.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
                line += u32::try_from(text.as_bytes()[at..begin].iter().filter(|b| **b == b'\n').count()).unwrap_or(0);
                at = begin;
                let cells: Vec<String> = record.iter().map(str::to_owned).collect();
                if table.head.is_empty() && cells.iter().any(|c| !c.trim().is_empty()) {
                    table.head = cells;
                } else if cells.iter().any(|c| !c.trim().is_empty()) {
                    table.rows.push((line, cells));
                }
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                notes.error("chain.bad_line", &format!("{name}:{line}"), "", &error.to_string(), &[]);
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_tell_the_kind() {
        for (head, kind) in [
            ("chain,product,route,input,amount,unit_in,unit_out", Some(Kind::Recipes)),
            ("plant,product,capacity,unit,from,to", Some(Kind::Plants)),
            ("企业\t产品\t产能\t单位", Some(Kind::Plants)),
            ("product,demand,unit", Some(Kind::Demands)),
            ("代码;名称;化学式", Some(Kind::Products)),
            ("a,b", None),
        ] {
            let mut notes = Notes::default();
            let table = read_text("t", head.as_bytes(), &mut notes);
            assert_eq!(table.kind(), kind, "{head}");
        }
    }

    #[test]
    fn reads_gb18030_and_keeps_the_line() {
        let mut notes = Notes::default();
        let (bytes, _, _) = encoding_rs::GB18030.encode("产品,需求,单位\n\n硫酸,\"1,000\",吨\n");
        let table = read_text("需求.csv", &bytes, &mut notes);
        assert_eq!(table.kind(), Some(Kind::Demands));
        assert_eq!(table.rows, vec![(3, vec!["硫酸".into(), "1,000".into(), "吨".into()])]);
        assert_eq!(table.place(3, None), "需求.csv:3");
        assert!(notes.list.is_empty());
    }
}
