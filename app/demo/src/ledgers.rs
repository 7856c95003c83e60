//! Workbooks of the sample's ledgers.

use crate::people::Firm;
use crate::sheet::{Cell, Sheet, write};
use crate::{Import, Workbook};
use rust_xlsxwriter::XlsxError;

fn text(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}

fn book(name: &str, ledger: &'static str, sheet: Sheet) -> Result<Workbook, XlsxError> {
    Ok(Workbook { name: name.into(), bytes: write(&[sheet])?, import: Import::Ledger(ledger) })
}

/// Enterprises, titles, chains, forms, targets, R&D institutions, incubators.
///
/// # Errors
/// If a workbook cannot be written.
pub fn workbooks(firms: &[Firm]) -> Result<Vec<Workbook>, XlsxError> {
    Ok(vec![
        book("企业名录.xlsx", "enterprise", enterprises(firms))?,
        book("企业资质.xlsx", "title_link", titles(firms))?,
        book("产业链归属.xlsx", "chain_link", chains(firms))?,
        book("报表目录.xlsx", "form", forms())?,
        book("年度目标.xlsx", "target", targets())?,
        book("研发机构.xlsx", "rd_institution", institutions(firms))?,
        book("孵化器.xlsx", "incubator", incubators())?,
    ])
}

fn enterprises(firms: &[Firm]) -> Sheet {
    let rows = firms
        .iter()
        .map(|f| {
            let land = if f.land == 0 { Cell::Blank } else { Cell::Hundredths(f.land / 100) };
            vec![
                Cell::from(&f.code),
                Cell::from(&f.name),
                Cell::from(f.trade.code),
                Cell::from("法人"),
                Cell::from(&f.registered),
                Cell::from(&f.registered),
                Cell::from(f.left.as_ref()),
                land,
            ]
        })
        .collect();
    Sheet {
        name: "企业名录".into(),
        title: Some("示范经开区企业名录（示例数据）".into()),
        head: text(&["统一社会信用代码", "企业名称", "行业代码", "主体性质", "成立日期", "入园日期", "离园日期", "占地面积（亩）"]),
        rows,
        ..Sheet::default()
    }
}

fn titles(firms: &[Firm]) -> Sheet {
    let rows = firms
        .iter()
        .flat_map(|f| {
            f.titles
                .iter()
                .map(move |t| vec![Cell::from(&f.code), Cell::from(&f.name), Cell::from(t.0), Cell::from(&t.1), Cell::from(t.2.as_ref())])
        })
        .collect();
    Sheet {
        name: "资质".into(), head: text(&["统一社会信用代码", "企业名称", "资质", "认定日期", "失效日期"]), rows, ..Sheet::default()
    }
}

fn chains(firms: &[Firm]) -> Sheet {
    let label = |key: &str| match key {
        "battery" => "新能源电池",
        "nonferrous" => "有色金属新材料",
        "chemical" => "化工循环",
        "recycling" => "资源综合利用",
        "data" => "数据信息",
        _ => "智能制造",
    };
    let rows = firms
        .iter()
        .filter(|f| !f.trade.chain.is_empty())
        .map(|f| vec![Cell::from(&f.code), Cell::from(&f.name), Cell::from(label(f.trade.chain)), Cell::Int(100), Cell::from("2020-01-01")])
        .collect();
    Sheet {
        name: "产业链".into(),
        head: text(&["统一社会信用代码", "企业名称", "产业链", "权重（%）", "起始日期"]),
        rows,
        ..Sheet::default()
    }
}

fn forms() -> Sheet {
    let monthly = "gross_industrial_output operating_revenue value_added_filed energy_consumption employees";
    let rows = vec![
        ["industry_monthly", "规上工业生产月报（示例）", monthly, "月报", "是", "above_scale_industry", "10", "2023-01-01"],
        [
            "enterprise_yearly",
            "规上工业企业年报（示例）",
            "tax_paid rd_spending land_area",
            "年报",
            "否",
            "above_scale_industry",
            "15",
            "2023-01-01",
        ],
    ]
    .into_iter()
    .map(|r| r.into_iter().map(Cell::from).collect())
    .collect();
    Sheet {
        name: "报表目录".into(),
        head: text(&["报表代码", "报表名称", "指标项", "报送周期", "一二月合并", "报送范围", "截止日", "启用日期"]),
        rows,
        ..Sheet::default()
    }
}

/// Targets of 2024–2026; that of funds in place is missed in 2025.
fn targets() -> Sheet {
    const TARGETS: &[(&str, &str, &str, [&str; 3], &str)] = &[
        ("地区生产总值", "总量", "以上", ["420", "450", "500"], "亿元"),
        ("工业增加值", "总量", "以上", ["262", "288", "320"], "亿元"),
        ("规上工业总产值", "总量", "以上", ["820", "930", "1050"], "亿元"),
        ("固定资产投资", "总量", "以上", ["88", "96", "110"], "亿元"),
        ("进出口总额", "总量", "以上", ["118", "120", "130"], "亿元"),
        ("一般公共预算收入", "总量", "以上", ["8.5", "9.2", "10.1"], "亿元"),
        ("招商引资到位资金", "总量", "突破", ["45", "50", "50"], "亿元"),
        ("实际使用外资", "总量", "以上", ["2600", "3000", "3200"], "万美元"),
        ("向上争取资金", "总量", "达到", ["48000", "52000", "56000"], "万元"),
        ("四上企业", "新增", "以上", ["12", "12", "35"], "家"),
        ("规模以上工业企业", "新增", "以上", ["2", "2", "10"], "家"),
        ("高新技术企业", "新增", "以上", ["5", "6", "6"], "家"),
        ("专精特新小巨人企业", "新增", "以上", ["1", "1", "3"], "家"),
    ];
    let mut rows = Vec::new();
    for (i, year) in (2024..=2026).enumerate() {
        for (metric, kind, bound, values, unit) in TARGETS {
            let announced = format!("{year}-01-15");
            rows.push(vec![
                Cell::from(*metric),
                Cell::from(&year.to_string()),
                Cell::from(*kind),
                Cell::Int(1),
                Cell::from(*bound),
                Cell::from(values[i]),
                Cell::from(*unit),
                Cell::from(&announced),
                Cell::from(&format!("示经开发〔{year}〕1号")),
            ]);
        }
    }
    // The target of 2025 for fixed-asset investment was raised in mid-year: a second version.
    rows.push(
        ["固定资产投资", "2025", "总量", "2", "以上", "98", "亿元", "2025-07-10", "示经开发〔2025〕21号"]
            .into_iter()
            .map(Cell::from)
            .collect(),
    );
    Sheet {
        name: "年度目标".into(),
        head: text(&["指标", "年度", "目标类型", "版本", "目标口径", "目标值", "计量单位", "下达日期", "依据文件"]),
        rows,
        ..Sheet::default()
    }
}

fn institutions(firms: &[Firm]) -> Sheet {
    let kinds = ["企业技术中心", "工程研究中心", "重点实验室", "技术创新中心"];
    let rows = (0..14usize)
        .map(|i| {
            let firm = &firms[i * 3];
            let level = if i % 7 == 0 { "国家级" } else { "省级" };
            let name = format!("{}{}", firm.name.trim_end_matches("有限公司"), kinds[i % 4]);
            let on = format!("{}-09-{:02}", 2018 + i % 8, 5 + i);
            vec![Cell::from(&name), Cell::from(&firm.code), Cell::from(level), Cell::from(kinds[i % 4]), Cell::from(&on)]
        })
        .collect();
    Sheet {
        name: "研发机构".into(), head: text(&["机构名称", "依托企业", "级别", "类型", "认定日期"]), rows, ..Sheet::default()
    }
}

fn incubators() -> Sheet {
    let rows = [
        ("示例启航孵化器", "国家级", "2019-12-20", 1_240_000),
        ("示例锂谷加速器", "省级", "2021-11-05", 860_000),
        ("示例数字工坊", "省级", "2024-06-18", 420_000),
    ]
    .into_iter()
    .map(|(name, level, on, area)| vec![Cell::from(name), Cell::from(level), Cell::Hundredths(area), Cell::from(on)])
    .collect();
    Sheet {
        name: "孵化器".into(), head: text(&["孵化器名称", "级别", "面积（m²）", "认定日期"]), rows, ..Sheet::default()
    }
}
