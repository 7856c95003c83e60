//! Titles held 企业资质: dated links, never flags, so that "规上企业 in 2021" uses 2021's list.

use crate::EnterpriseId;
use record::{Check, Record};
use values::{Date, Finding, Findings};

record::choice! {
    /// A title or status that an enterprise may hold.
    pub enum Title {
        FourAbove = "four_above" "四上企业",
        AboveScaleIndustry = "above_scale_industry" "规模以上工业企业",
        TechSme = "tech_sme" "科技型中小企业",
        HighTech = "high_tech_enterprise" "高新技术企业",
        InnovativeSme = "innovative_sme" "创新型中小企业",
        Srdi = "srdi" "专精特新企业",
        LittleGiant = "little_giant" "专精特新小巨人企业",
        Champion = "champion" "单项冠军企业",
        Eaglet = "eaglet" "雏鹰企业",
        Gazelle = "gazelle" "瞪羚企业",
        ChainLeader = "chain_leader" "链主企业",
        ForeignInvested = "foreign_invested_enterprise" "外资企业",
        Listed = "listed" "上市企业",
    }
}

/// One title held by one enterprise over a span of days.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(key = "title_link", label = "企业资质", owner = "economy", title = "title")]
pub struct TitleLink {
    /// Who holds it.
    #[field(label = "企业", part, was = ["企业名称", "单位名称", "统一社会信用代码"])]
    pub enterprise: EnterpriseId,
    /// Which title.
    #[field(label = "资质", part, was = ["称号", "类别"])]
    pub title: Title,
    /// Holds from this day on (认定 or 入库 day).
    #[field(label = "认定日期", part, was = ["入库日期", "起始日期"])]
    pub valid_from: Date,
    /// Holds no longer from this day on; blank while it holds.
    #[field(label = "失效日期", was = ["退库日期", "终止日期", "有效期至"])]
    pub valid_until: Option<Date>,
    /// Document or list that it rests on.
    #[field(label = "依据文件", was = ["文号", "证书编号"])]
    pub document: Option<String>,
}

impl Check for TitleLink {
    fn check(&self, found: &mut Findings) {
        if self.valid_until.is_some_and(|until| until <= self.valid_from) {
            found.push(
                Finding::error("title_link.ends_before_it_begins")
                    .field("valid_until")
                    .found(self.valid_until.map(|d| d.to_string()).unwrap_or_default())
                    .expected(format!("晚于认定日期 {}", self.valid_from))
                    .remedy("核对认定日期和失效日期"),
            );
        }
    }
}
