//! The enterprises of the sample zone: name, code, industry, chain, titles, size.

use crate::random::Random;

/// What an enterprise of the sample does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trade {
    /// Word in the name.
    pub word: &'static str,
    /// GB/T 4754 code.
    pub code: &'static str,
    /// Chain key, empty if none.
    pub chain: &'static str,
    /// True for industry (sections B, C, D).
    pub industry: bool,
}

/// One fictional enterprise.
#[derive(Debug, Clone)]
pub struct Firm {
    /// Position, from 0.
    pub number: usize,
    /// Name, begins with 示例.
    pub name: String,
    /// Valid credit code with an organisation part that is not allotted.
    pub code: String,
    /// What it does.
    pub trade: Trade,
    /// Registered on.
    pub registered: String,
    /// Land in 0.0001 亩, 0 if none.
    pub land: i64,
    /// Titles: key label, from, until.
    pub titles: Vec<(&'static str, String, Option<String>)>,
    /// Output (or revenue) of 2022 in 万元.
    pub size: i64,
    /// True if it files the monthly industry form in 2023.
    pub above_scale_from: Option<String>,
    /// It left the statistics on this day.
    pub above_scale_until: Option<String>,
    /// It moved away on this day.
    pub left: Option<String>,
}

const INDUSTRY: &[Trade] = &[
    trade("锂电材料", "3985", "battery", true),
    trade("磷酸铁锂", "2613", "battery", true),
    trade("电芯", "3841", "battery", true),
    trade("负极材料", "3091", "battery", true),
    trade("铜箔", "3251", "battery", true),
    trade("铜业", "3211", "nonferrous", true),
    trade("镍钴", "3213", "nonferrous", true),
    trade("合金", "3240", "nonferrous", true),
    trade("氯碱化工", "2612", "chemical", true),
    trade("钛白", "2643", "chemical", true),
    trade("双氧水", "2619", "chemical", true),
    trade("再生资源", "4210", "recycling", true),
    trade("装备制造", "3516", "equipment", true),
    trade("建材", "3021", "", true),
    trade("食品", "1469", "", true),
];
const OTHER: &[(Trade, usize)] = &[
    (trade("建设工程", "4813", "", false), 38),
    (trade("物流运输", "5431", "data", false), 30),
    (trade("商贸", "5164", "", false), 42),
    (trade("零售", "5211", "", false), 22),
    (trade("软件信息", "6513", "data", false), 24),
    (trade("租赁服务", "7111", "", false), 12),
    (trade("技术服务", "7320", "", false), 30),
    (trade("农业科技", "0190", "", false), 12),
];

const fn trade(word: &'static str, code: &'static str, chain: &'static str, industry: bool) -> Trade {
    Trade { word, code, chain, industry }
}

const STEMS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
const BRANCHES: [&str; 12] = ["子", "丑", "寅", "卯", "辰", "巳", "午", "未", "申", "酉", "戌", "亥"];

/// All enterprises of the sample, always the same.
#[must_use]
pub fn firms() -> Vec<Firm> {
    let mut random = Random::new(20_260_120);
    let mut firms = Vec::new();
    for i in 0..110 {
        let trade = INDUSTRY[i % INDUSTRY.len()];
        firms.push(firm(firms.len(), trade, &mut random));
    }
    for (trade, many) in OTHER {
        for _ in 0..*many {
            firms.push(firm(firms.len(), *trade, &mut random));
        }
    }
    firms
}

fn firm(number: usize, trade: Trade, random: &mut Random) -> Firm {
    let name = format!("示例{}{}{}有限公司", STEMS[number % 10], BRANCHES[number % 12], suffix(number, trade.word));
    let year = random.between(2004, 2022);
    let registered = format!("{year}-{:02}-{:02}", random.between(1, 12), random.between(1, 28));
    let size = size(number, random);
    let above = trade.industry && number < 64;
    let mut firm = Firm {
        number,
        name,
        code: credit_code(number),
        trade,
        registered,
        land: if trade.industry { random.between(12, 420) * 10_000 + random.between(0, 9999) } else { 0 },
        titles: Vec::new(),
        size,
        above_scale_from: above.then(|| format!("{}-01-01", random.between(2012, 2022))),
        above_scale_until: None,
        left: None,
    };
    special(&mut firm);
    titles(&mut firm, random);
    firm
}

/// Sixty pairs of stem and branch are not enough for all; the trade tells the rest apart.
fn suffix(number: usize, word: &str) -> String {
    match number / 60 {
        0 => word.to_owned(),
        n => format!("{}{word}", ["", "二", "三", "四", "五", "六"][n]),
    }
}

fn size(number: usize, random: &mut Random) -> i64 {
    match number {
        5 => 2_860_000,
        0 => 460_000,
        2 => 610_000,
        6 => 520_000,
        n if n < 64 => random.between(2_600, 96_000),
        _ => random.between(120, 1_900),
    }
}

/// The cases that the sample is to show.
fn special(firm: &mut Firm) {
    match firm.number {
        // Two crossed the threshold of 规上: one counted from January 2025, one newly opened in mid-2025.
        64 => firm.above_scale_from = Some("2025-01-01".into()),
        65 => firm.above_scale_from = Some("2025-06-01".into()),
        // One fell below it and left the statistics at the annual review.
        40 => firm.above_scale_until = Some("2025-01-01".into()),
        // One moved away in mid-2024.
        58 => {
            firm.left = Some("2024-07-01".into());
            firm.above_scale_until = Some("2024-07-01".into());
        }
        _ => {}
    }
    if matches!(firm.number, 64 | 65) {
        firm.size = 1_750 + i64::try_from(firm.number).unwrap_or(0) * 3;
    }
}

fn titles(firm: &mut Firm, random: &mut Random) {
    if let Some(from) = firm.above_scale_from.clone() {
        firm.titles.push(("规模以上工业企业", from.clone(), firm.above_scale_until.clone()));
        firm.titles.push(("四上企业", from, firm.above_scale_until.clone()));
    } else if !firm.trade.industry && firm.number.is_multiple_of(3) {
        firm.titles.push(("四上企业", format!("{}-01-01", random.between(2016, 2025)), None));
    }
    let n = firm.number;
    if firm.trade.industry && n % 4 == 1 || firm.trade.word == "软件信息" && n.is_multiple_of(3) {
        let year = random.between(2021, 2025);
        firm.titles.push(("高新技术企业", format!("{year}-10-18"), Some(format!("{}-10-18", year + 3))));
    }
    if firm.trade.industry && n % 9 == 2 {
        firm.titles.push(("专精特新企业", format!("{}-07-01", random.between(2021, 2025)), None));
    }
    if matches!(n, 2 | 20) {
        firm.titles.push(("专精特新小巨人企业", format!("{}-08-15", if n == 2 { 2022 } else { 2025 }), None));
    }
    if n % 41 == 7 {
        firm.titles.push(("外资企业", format!("{}-05-20", random.between(2018, 2025)), None));
    }
    if matches!(n, 0 | 2 | 5) {
        firm.titles.push(("链主企业", "2022-03-01".into(), None));
    }
}

/// A code that passes both checks of GB 32100 with an organisation part `XY……` that is not allotted.
#[must_use]
pub fn credit_code(number: usize) -> String {
    let body = format!("XY{number:06}");
    let organisation = format!("{body}{}", organisation_check(&body));
    let head = format!("91620300{organisation}");
    format!("{head}{}", check(&head))
}

const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

fn check(head: &str) -> char {
    let (mut sum, mut weight) = (0usize, 1usize);
    for b in head.bytes() {
        sum += ALPHABET.iter().position(|a| *a == b).unwrap_or(0) * weight;
        weight = weight * 3 % 31;
    }
    char::from(ALPHABET[(31 - sum % 31) % 31])
}

fn organisation_check(body: &str) -> char {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(WEIGHTS).map(|(c, w)| c.to_digit(36).unwrap_or(0) * w).sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        n => char::from_digit(n, 10).unwrap_or('0'),
    }
}
