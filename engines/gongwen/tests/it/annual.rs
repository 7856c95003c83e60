//! The annual report's template: whole, printed with all figures, and with almost none.

use crate::zone::fill;
use gongwen::FrozenReport;
use gongwen::template::Filled;
use gongwen::tree::{Block, printed};

fn text(filled: &Filled) -> String {
    let line = |block: &Block| match block {
        Block::Heading(h) => format!("{}{}", h.number, printed(&h.text)),
        Block::Paragraph(p) => p.lead.as_ref().map(|h| format!("{}{}", h.number, printed(&h.text))).unwrap_or_default() + &printed(&p.text),
        Block::Table(t) => {
            t.rows.iter().map(|r| r.iter().map(|c| printed(&c.text)).collect::<Vec<_>>().join("|")).collect::<Vec<_>>().join("\n")
        }
    };
    filled.document.blocks.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_zone_with_everything_gets_all_chapters() {
    let filled = fill(None);
    let text = text(&filled);
    for words in [
        "一、经济运行情况",
        "登记在册市场主体3120户（其中工业3120户、建筑业",
        "“四上”企业118家、规模以上工业企业74家",
        "2025年，预计实现地区生产总值386.4亿元，增长7.5%，完成全年目标任务的101.2%；",
        "进出口总额154.3亿元，下降3.2%",
        "是上年的2.00倍",
        "二、推进高质量发展的主要工作",
        "（一）补链延链，扩大招商和对外开放。",
        "有色金属新材料产值1234.6亿元，增长7.5%；新能源电池",
        "三、存在的主要问题",
        "一是进出口总额未完成全年目标。",
        "四、2026年工作打算",
        "2026年，力争实现地区生产总值425.09亿元以上",
    ] {
        assert!(text.contains(words), "{words}\n---\n{text}");
    }
    assert!(filled.document.marks().len() > 120, "{}", filled.document.marks().len());
    for sign in ["，，", "，。", "；。", "。。", "：，", "（）", "、。", "；；"] {
        assert!(!text.contains(sign), "{sign}\n{text}");
    }
}

/// As of a zone of which only targets were published: they are printed, everything else is left out and listed.
#[test]
fn a_zone_with_targets_alone_prints_them_and_lists_the_rest() {
    let only: &[(&str, &str)] = &[
        ("funds_in_place", "target"),
        ("utilized_fdi", "target"),
        ("fdi_reinvestment", "target"),
        ("four_above.added", "target"),
        ("above_scale_industry.added", "target"),
    ];
    let filled = fill(Some(only));
    let text = text(&filled);
    assert!(
        text.contains(
            "2025年确定的预期目标为：招商引资到位资金67.52亿元以上，实际使用外资2354万美元以上，外商再投资616万美元以上，新增“四上”企业"
        ),
        "{text}"
    );
    assert!(!text.contains("存在的主要问题") && !text.contains("市企协同"), "{text}");
    assert!(filled.left_out.len() > 50);
    assert!(filled.left_out.iter().any(|l| l.reason.is_none() && l.label == "存在的主要问题"));
    let frozen = FrozenReport::of(&filled.document);
    assert_eq!(FrozenReport::from_json(&frozen.to_json()).expect("own JSON"), frozen);
}

/// Writes the report where `SUYUAN_SAMPLE_DIR` says, for looking at it; nothing otherwise.
#[test]
fn the_file_is_a_package_with_manifest_tags_and_bookmarks() {
    let filled = fill(None);
    let manifest = gongwen::docx::Manifest { zone: "demo".into(), ..Default::default() }.with_figures(&filled.document);
    let layout = gongwen::layout::Layout::standard();
    let bytes = gongwen::docx::write(&filled.document, Some(&manifest), &layout).expect("a file");
    assert_eq!(bytes, gongwen::docx::write(&filled.document, Some(&manifest), &layout).expect("a file"), "the same bytes each time");
    let package = ooxml::Package::open(bytes.clone(), &ooxml::Rules::default()).expect("a package");
    let text = package.text("word/document.xml").expect("text");
    for mark in filled.document.marks() {
        assert_eq!(text.matches(&format!("<w:tag w:val=\"{}\"/>", mark.id)).count(), 1);
        assert_eq!(text.matches(&format!("w:name=\"{}\"", mark.id)).count(), 1);
    }
    let custom = package.text("customXml/item1.xml").expect("manifest");
    assert_eq!(gongwen::docx::Manifest::parse(&custom), Some(manifest));
    assert!(!custom.contains("386.4"), "a manifest holds no values");
    let html = gongwen::html::write(&filled.document, &|mark| Some(format!("/figure/{}", mark.figure.handle)));
    assert!(html.contains("href=\"/figure/f1:gdp:2025:actual\">386.4</a>亿元"), "{html}");
    if let Some(folder) = std::env::var_os("SUYUAN_SAMPLE_DIR") {
        std::fs::write(std::path::Path::new(&folder).join("annual.docx"), bytes).expect("the folder can be written");
        std::fs::write(std::path::Path::new(&folder).join("annual.html"), html).expect("the folder can be written");
    }
}
