//! What a text looks like: a label, a blank, a total, a unit, a note, a period.
//!
//! The words here are those of spreadsheets in general; facts of the field
//! (names of metrics, codes) come in as fields from the caller.

use values::unit::half_width;
use values::{Period, Unit, unit};

/// A head or label with blanks and line breaks mended: `年 份` → `年份`, `煤炭开采\n和洗选业` → one word.
///
/// Between two ideographs every blank goes, since Chinese words have none; a
/// run of blanks between Latin words becomes one.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{a0}' | '\u{200c}' | '\u{200d}') {
            gap = true;
            continue;
        }
        let before = out.chars().next_back();
        if gap && before.is_some_and(|b| b.is_ascii() && c.is_ascii() && b != '(' && c != ')') {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// `clean`, half-width, lower case, traditional forms of a few everyday characters made simple: for comparing.
#[must_use]
pub fn fold(text: &str) -> String {
    clean(text).chars().map(half_width).map(simplify).flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).collect()
}

/// Traditional characters that stand in heads, totals and units.
const TRADITIONAL: [(char, char); 40] = [
    ('總', '总'),
    ('計', '计'),
    ('單', '单'),
    ('噸', '吨'),
    ('業', '业'),
    ('產', '产'),
    ('數', '数'),
    ('額', '额'),
    ('稱', '称'),
    ('類', '类'),
    ('別', '别'),
    ('區', '区'),
    ('縣', '县'),
    ('備', '备'),
    ('註', '注'),
    ('資', '资'),
    ('來', '来'),
    ('說', '说'),
    ('億', '亿'),
    ('萬', '万'),
    ('號', '号'),
    ('項', '项'),
    ('時', '时'),
    ('間', '间'),
    ('據', '据'),
    ('廢', '废'),
    ('氣', '气'),
    ('汙', '污'),
    ('機', '机'),
    ('電', '电'),
    ('話', '话'),
    ('聯', '联'),
    ('繫', '系'),
    ('營', '营'),
    ('務', '务'),
    ('稅', '税'),
    ('員', '员'),
    ('個', '个'),
    ('實', '实'),
    ('際', '际'),
];

fn simplify(c: char) -> char {
    TRADITIONAL.iter().find(|(t, _)| *t == c).map_or(c, |(_, s)| *s)
}

/// True if the text holds traditional characters: its two-digit years are years of the Republic (民国).
#[must_use]
pub fn is_traditional(text: &str) -> bool {
    text.chars().any(|c| TRADITIONAL.iter().any(|(t, _)| *t == c))
}

/// True for the marks that people put where there is nothing: `-` `—` `…` `/` `无`.
#[must_use]
pub fn is_blank_mark(text: &str) -> bool {
    let t = text.trim();
    matches!(t, "无" | "暂无" | "無" | "空" | "不适用" | "未报" | "缺" | "N/A" | "n/a" | "NA" | "null" | "NULL" | "None" | "nan" | "NaN")
        || !t.is_empty()
            && t.chars().count() <= 6
            && t.chars().all(|c| {
                matches!(
                    c,
                    '-' | '—'
                        | '–'
                        | '－'
                        | '―'
                        | '─'
                        | '−'
                        | '‐'
                        | '/'
                        | '／'
                        | '\\'
                        | '＼'
                        | '…'
                        | '.'
                        | '·'
                        | '*'
                        | '＊'
                        | '_'
                        | '　'
                        | ' '
                )
            })
            && t != "."
}

/// Digits that are a code and no number: leading zeros, or more digits than amounts have.
pub(crate) fn is_digit_code(text: &str) -> bool {
    let t = text.trim();
    t.bytes().all(|b| b.is_ascii_digit()) && (t.len() >= 11 || t.len() > 1 && t.starts_with('0'))
}

/// What the label of a row says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sum {
    Total,
    Subtotal,
    OfWhich,
    No,
}

/// Reads 合计, 总计, 小计, 其中 and their spellings off a row's label.
pub(crate) fn sum_of(label: &str) -> Sum {
    // Most labels are names: look for the few characters that matter before folding.
    if !label.contains(['计', '計', '中', '总', '總', '和', 'T', 't', 'S', 's']) {
        return Sum::No;
    }
    let t = fold(label);
    let t = t.trim_matches(|c| matches!(c, ':' | '、' | '.' | '(' | ')' | '*' | '-' | '—'));
    match t {
        "合计" | "总计" | "共计" | "总合计" | "全部合计" | "合计数" | "总数" | "总合" | "总和" | "累计合计" | "全区合计" | "全市合计"
        | "全县合计" | "全园合计" | "园区合计" | "total" | "grandtotal" | "sum" => return Sum::Total,
        "小计" | "本页小计" | "本页合计" | "分计" | "subtotal" | "小计数" => return Sum::Subtotal,
        _ => {}
    }
    if t.starts_with("其中") {
        return Sum::OfWhich;
    }
    if (t.ends_with("合计") || t.ends_with("小计") || t.ends_with("总计")) && t.chars().count() <= 24 {
        return Sum::Subtotal;
    }
    // 合计（1+2） and the like.
    if t.strip_prefix("合计").or_else(|| t.strip_prefix("总计")).is_some_and(|rest| rest.starts_with('(')) {
        return Sum::Total;
    }
    Sum::No
}

/// Words of measure that stand in brackets after a head though no conversion is known: recognised as units, never converted.
const MEASURES: [&str; 66] = [
    "元",
    "角",
    "分",
    "吨",
    "克",
    "斤",
    "公斤",
    "桶",
    "升",
    "米",
    "里",
    "公里",
    "亩",
    "顷",
    "公顷",
    "个",
    "家",
    "户",
    "人",
    "名",
    "位",
    "项",
    "件",
    "台",
    "套",
    "辆",
    "艘",
    "架",
    "座",
    "所",
    "间",
    "栋",
    "幢",
    "批",
    "次",
    "宗",
    "笔",
    "条",
    "份",
    "张",
    "册",
    "本",
    "种",
    "度",
    "天",
    "日",
    "月",
    "年",
    "小时",
    "分钟",
    "秒",
    "倍",
    "％",
    "%",
    "‰",
    "千瓦",
    "千伏安",
    "焦",
    "平方米",
    "立方米",
    "吨公里",
    "头",
    "只",
    "株",
    "颗",
    "百分点",
];

/// A unit by any way of writing it: known to convert, or at least recognised.
///
/// Answers the unit as written (traditional made simple only for the look-up), and the known unit if there is one.
#[must_use]
pub fn unit_text(text: &str) -> Option<(String, Option<&'static Unit>)> {
    let shown = clean(text);
    let shown = shown.trim_matches(|c| matches!(c, '(' | ')' | '（' | '）' | '[' | ']' | '【' | '】' | ':' | '：' | ',' | '，' | '、'));
    if shown.is_empty() || shown.chars().count() > 16 {
        return None;
    }
    let mut folded: String = shown.chars().map(half_width).map(simplify).collect();
    if let Some(rest) = folded.strip_prefix("公吨") {
        folded = format!("吨{rest}");
    }
    // 个 before a percentage point, 人民币 before 元 and the like are read by the table of synonyms.
    let known = unit::find(&folded).or_else(|| unit::find(folded.strip_prefix('个')?));
    if known.is_some() {
        // A bare 万 or 亿 in brackets is a unit, a bare `t`, `m`, `h`, `d` may be a symbol: still units by convention.
        return Some((shown.to_owned(), known));
    }
    // A quotient: 万元/亩, tce/万元, 元/平方米·月.
    if let Some((above, below)) = folded.split_once('/') {
        let above_ok = unit::find(above).is_some() || is_measure(above);
        let below_ok = below.split(['·', '.', '/']).all(|b| unit::find(b).is_some() || is_measure(b));
        return (above_ok && below_ok).then(|| (shown.to_owned(), None));
    }
    is_measure(&folded).then(|| (shown.to_owned(), None))
}

fn is_measure(text: &str) -> bool {
    let core = text.trim_start_matches(['十', '百', '千', '万', '亿']);
    !core.is_empty() && MEASURES.contains(&core)
}

/// A unit declared in a line of its own or inside a title: `单位：万元`, `（亿元）`, `金额单位：元`.
#[must_use]
pub fn declared_unit(text: &str) -> Option<(String, Option<&'static Unit>)> {
    let t: String = text.chars().map(half_width).map(simplify).collect();
    for mark in ["单位:", "单位为", "Unit:", "unit:"] {
        if let Some((before, rest)) = t.split_once(mark) {
            // 填报单位：某公司 names who files, not a unit of measure.
            if ["填报", "填表", "报送", "编制", "责任", "制表", "所属", "上报", "建设", "主管", "申报"]
                .iter()
                .any(|w| clean(before).ends_with(w))
            {
                continue;
            }
            let rest = rest.trim_start();
            let end = rest.find(|c: char| matches!(c, ')' | ']' | ';' | '。' | '　') || c.is_whitespace()).unwrap_or(rest.len());
            let whole = &rest[..end];
            // 单位：万元、% or 单位：万元，家: the first is the table's, the others say so in their heads.
            let first = whole.split([',', '、', '，']).next().unwrap_or(whole);
            if let Some(found) = unit_text(first) {
                return Some(found);
            }
        }
    }
    bracketed_unit(&t).map(|(_, found)| found)
}

/// A unit in brackets, with the text around it: `产值（万元）` → (`产值`, 万元).
pub(crate) fn bracketed_unit(text: &str) -> Option<(String, (String, Option<&'static Unit>))> {
    let chars: Vec<char> = text.chars().collect();
    let is_open = |c: char| matches!(c, '(' | '（' | '[' | '【' | '〔');
    let is_close = |c: char| matches!(c, ')' | '）' | ']' | '】' | '〕');
    for open in (0..chars.len()).rev().filter(|i| is_open(chars[*i])) {
        let Some(close) = (open + 1..chars.len()).find(|i| is_close(chars[*i])) else { continue };
        let inner: String = chars[open + 1..close].iter().collect();
        let inner = inner.strip_prefix("单位：").or_else(|| inner.strip_prefix("单位:")).unwrap_or(&inner).to_owned();
        if let Some(found) = unit_text(&inner) {
            let around: String = chars[..open].iter().chain(&chars[close + 1..]).collect();
            return Some((around, found));
        }
    }
    None
}

/// A unit in a head: in brackets, after a comma, or after a slash: `产值（万元）`, `产值,万元`, `产值/万元`, `产值:万元`.
pub(crate) fn head_unit(text: &str) -> Option<(String, (String, Option<&'static Unit>))> {
    if let Some(found) = bracketed_unit(text) {
        return Some(found);
    }
    for separator in ['，', ',', '/', '／', '：', ':', ';', '；', '\n'] {
        if let Some((before, after)) = text.rsplit_once(separator) {
            // A count word alone (甲/人) is too weak a sign after a slash; a known unit or a compound one is not.
            if let Some((shown, known)) = unit_text(after).filter(|(_, known)| known.is_some_and(|u| u.quantity != values::Quantity::Count))
                && !before.trim().is_empty()
            {
                return Some((before.to_owned(), (shown, known)));
            }
        }
    }
    None
}

/// True if the text reads as a note under or beside a table.
#[must_use]
pub fn is_note(text: &str) -> bool {
    let t = clean(text);
    let t = t.trim_start_matches(['*', '＊', '※', '（', '(', '【', '[']);
    const STARTS: [&str; 26] = [
        "注",
        "註",
        "说明",
        "說明",
        "备注",
        "資料來源",
        "资料来源",
        "数据来源",
        "來源",
        "来源",
        "填表人",
        "填报人",
        "制表人",
        "制表",
        "审核",
        "负责人",
        "单位负责人",
        "统计负责人",
        "联系电话",
        "报出日期",
        "填报日期",
        "填表说明",
        "续表",
        "Note",
        "Source",
        "编制",
    ];
    STARTS.iter().any(|s| t.strip_prefix(s).is_some_and(|rest| is_note_rest(s, rest)))
}

/// After 注 or 来源 a note goes on with a colon or a number; 注册资本 and 来源地 are heads.
fn is_note_rest(start: &str, rest: &str) -> bool {
    let next = rest.chars().next();
    match start {
        "续表" => rest.chars().count() <= 4,
        _ => next.is_some_and(|c| matches!(c, ':' | '：' | '.' | '、' | '1'..='9' | '１'..='９' | '一' | '(' | '（' | ' ' | ')' | '）')),
    }
}

/// A short mark such as `01`, `T1`, `(4)=(1)-(2)`, `甲`, `—`: what stands in a row of column numbers.
pub(crate) fn is_code_mark(text: &str) -> bool {
    let t: String = clean(text).chars().map(half_width).collect();
    if matches!(t.as_str(), "甲" | "乙" | "丙" | "丁" | "戊" | "代码" | "编号" | "栏次" | "行次" | "序号" | "-" | "—" | "－")
    {
        return true;
    }
    let formula = !t.is_empty()
        && t.chars().all(|c| c.is_ascii_digit() || matches!(c, '(' | ')' | '=' | '+' | '-' | '/' | '*' | '×' | '÷' | '<' | '>'));
    if formula && t.chars().any(|c| c.is_ascii_digit()) {
        return t.contains(['(', '=']) || t.chars().count() <= 3;
    }
    let letters = t.chars().take_while(char::is_ascii_uppercase).count();
    (1..=4).contains(&letters) && t.len() - letters <= 4 && t[letters..].bytes().all(|b| b.is_ascii_digit()) && !unit_only(&t)
}

fn unit_only(text: &str) -> bool {
    unit::find(text).is_some() || matches!(text, "BOD" | "COD" | "GDP" | "TSP" | "PH" | "VOC" | "CO" | "SS" | "ID" | "NO")
}

/// Reads a period as heads and titles write it, years of the Republic in traditional texts included.
pub(crate) fn period(text: &str, traditional: bool) -> Option<Period> {
    let t: String = clean(text).chars().map(half_width).collect();
    if !t.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if let Some(year) = t.strip_suffix('年').and_then(|y| y.trim_start_matches("民国").trim_start_matches("民國").parse::<i32>().ok())
    {
        if (1..=150).contains(&year) && (traditional || year > 99) {
            return Period::year(year + 1911);
        }
        // Two-digit years of the last century: 98年 is 1998, 25年 is 2025.
        if (50..=99).contains(&year) {
            return Period::year(1900 + year);
        }
    }
    Period::parse(&t).ok().filter(|p| (1900..=2100).contains(&p.first_year()))
}

/// Months without a year: `1月`, `1-3月`, `一季度`, `上半年`; answered as (first, last).
pub(crate) fn months_only(text: &str) -> Option<(i32, i32)> {
    let t: String = clean(text).chars().map(half_width).collect();
    if t.is_empty() || t.chars().count() > 8 || !t.contains(['月', '季', '半', 'Q', 'H', '全']) {
        return None;
    }
    let rest = if t == "全年" { return Some((1, 12)) } else { t };
    // A leap of faith that the parser for whole periods already reads these words: any year will do.
    let p = Period::parse(&format!("2000年{rest}")).ok()?;
    (p.first_year() == 2000 && p.last_year() == 2000).then(|| (p.first_month(), p.last_month()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mends_heads() {
        for (text, expected) in [
            ("年 份", "年份"),
            ("产   量", "产量"),
            ("煤炭开采\n和洗选业", "煤炭开采和洗选业"),
            ("Basic  Matrix", "Basic Matrix"),
            (" R&D 经费", "R&D经费"),
            ("代\n码", "代码"),
        ] {
            assert_eq!(clean(text), expected);
        }
        assert_eq!(fold("單 位"), "单位");
    }

    #[test]
    fn knows_sums() {
        for (label, sum) in [
            ("合  计", Sum::Total),
            ("總計", Sum::Total),
            ("合计：", Sum::Total),
            ("小计", Sum::Subtotal),
            ("工业合计", Sum::Subtotal),
            ("其中：规上工业", Sum::OfWhich),
            ("会计师事务所", Sum::No),
            ("中小企业合计服务部有限公司", Sum::No),
            ("合计（1+2）", Sum::Total),
        ] {
            assert_eq!(sum_of(label), sum, "{label}");
        }
    }

    #[test]
    fn finds_units() {
        let head = |t: &str| head_unit(t).map(|(l, (u, k))| (clean(&l), u, k.map(|k| k.name)));
        let some = |l: &str, u: &str, k: Option<&'static str>| Some((l.to_owned(), u.to_owned(), k));
        assert_eq!(head("产值（万元）"), some("产值", "万元", Some("万元")));
        assert_eq!(head("未妥善處理量：總計 (公噸)"), some("未妥善處理量：總計", "公噸", Some("t")));
        assert_eq!(head("柴油产量（万桶）"), some("柴油产量", "万桶", None));
        assert_eq!(head("亩均税收(万元/亩)"), some("亩均税收", "万元/亩", None));
        assert_eq!(head("产值/万元"), some("产值", "万元", Some("万元")));
        assert_eq!(head("总悬浮微粒（TSP）"), None);
        assert_eq!(head("企业名称（全称）"), None);
        assert_eq!(head("甲/乙"), None);
        assert_eq!(declared_unit("单位：万元").map(|u| u.0).as_deref(), Some("万元"));
        assert_eq!(declared_unit("表号：x   单位：万元、%").map(|u| u.0).as_deref(), Some("万元"));
        assert_eq!(declared_unit("指标：国内生产总值(亿元)").map(|u| u.0).as_deref(), Some("亿元"));
        assert_eq!(declared_unit("填报单位：某公司"), None);
    }

    #[test]
    fn knows_notes_from_heads() {
        for yes in ["注：本表不含飞地", "数据来源：国家统计局", "填表人：张", "注1：口径", "资料来源: 海关"]
        {
            assert!(is_note(yes), "{yes}");
        }
        for no in ["注册资本", "来源地", "备注", "说明书编号", "审核状态"] {
            assert!(!is_note(no), "{no}");
        }
    }

    #[test]
    fn reads_periods_of_heads() {
        assert_eq!(period("2019年", false).map(|p| p.to_string()).as_deref(), Some("2019"));
        assert_eq!(period("92年", true).map(|p| p.to_string()).as_deref(), Some("2003"));
        assert_eq!(period("98年", false).map(|p| p.to_string()).as_deref(), Some("1998"));
        assert_eq!(period("25年1-3月", false).map(|p| p.to_string()).as_deref(), Some("2025Q1"));
        assert_eq!(months_only("1-3月"), Some((1, 3)));
        assert_eq!(months_only("一季度"), Some((1, 3)));
        assert_eq!(months_only("当月产值"), None);
    }
}
