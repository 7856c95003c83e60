//! Chain membership 产业链归属: which enterprise counts for which chain, from when to when.

use crate::EnterpriseId;
use record::{Check, Number, Record};
use values::{Date, Finding, Findings};

record::choice! {
    /// The zone's industry chains 产业链.
    pub enum Chain {
        Battery = "battery" "新能源电池",
        Nonferrous = "nonferrous" "有色金属新材料",
        Chemical = "chemical" "化工循环",
        Recycling = "recycling" "资源综合利用",
        Data = "data" "数据信息",
        Equipment = "equipment" "智能制造",
    }
}

/// One enterprise in one chain.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(key = "chain_link", label = "产业链归属", owner = "invest", title = "chain")]
pub struct ChainLink {
    /// Who.
    #[field(label = "企业", part, was = ["企业名称", "统一社会信用代码"])]
    pub enterprise: EnterpriseId,
    /// Which chain.
    #[field(label = "产业链", part)]
    pub chain: Chain,
    /// Share of its figures that counts for this chain, in %; an enterprise's shares add up to 100.
    #[field(label = "权重", unit = "%", min = 0, max = 100)]
    pub weight: Option<Number<2>>,
    /// Counts from this day on.
    #[field(label = "起始日期", part)]
    pub valid_from: Date,
    /// Counts no longer from this day on.
    #[field(label = "终止日期")]
    pub valid_until: Option<Date>,
}

impl Check for ChainLink {
    fn check(&self, found: &mut Findings) {
        if self.valid_until.is_some_and(|until| until <= self.valid_from) {
            found.push(
                Finding::error("chain_link.ends_before_it_begins")
                    .field("valid_until")
                    .expected(format!("晚于起始日期 {}", self.valid_from))
                    .remedy("核对起止日期"),
            );
        }
    }
}
