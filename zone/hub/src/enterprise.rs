//! Enterprises 市场主体: every registered entity that the zone keeps a file of 一企一档.
//!
//! Size, kind (工业, 建筑业, 服务业 …) and titles are not fields: the kind is
//! derived from the industry code, titles and chains are dated links.

use record::{Check, CreditCode, IndustryCode, Number, Record};
use values::{Date, Finding, Findings};

record::id!(
    /// Id of an enterprise in its zone.
    EnterpriseId,
    "enterprise"
);

record::choice! {
    /// Legal form 主体性质: a branch has a credit code of its own but is no legal person.
    pub enum EntityForm {
        LegalPerson = "legal_person" "法人",
        Branch = "branch" "分支机构",
        Individual = "individual" "个体工商户",
        Cooperative = "cooperative" "农民专业合作社",
    }
}

/// One registered entity.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(key = "enterprise", label = "企业", owner = "economy", title = "name")]
pub struct Enterprise {
    /// Unified social credit code 统一社会信用代码, GB 32100.
    #[field(label = "统一社会信用代码", unique, was = ["信用代码", "社会信用代码", "机构代码", "统一信用代码"])]
    pub credit_code: CreditCode,
    /// Registered name.
    #[field(label = "企业名称", was = ["单位名称", "单位详细名称", "名称", "公司名称", "企业全称", "企业"])]
    pub name: String,
    /// Short name in daily use.
    #[field(label = "简称")]
    pub short_name: Option<String>,
    /// Name before the last renaming.
    #[field(label = "曾用名", was = ["原名称"])]
    pub former_name: Option<String>,
    /// Industry by GB/T 4754-2017; decides the kind.
    #[field(label = "行业代码", was = ["国民经济行业代码", "行业"])]
    pub industry: IndustryCode,
    /// Legal form.
    #[field(label = "主体性质")]
    pub form: Option<EntityForm>,
    /// Day of registration.
    #[field(label = "成立日期", was = ["注册日期", "注册时间"])]
    pub registered_on: Option<Date>,
    /// In the zone from this day on (registered or moved in).
    #[field(label = "入园日期", was = ["迁入日期"])]
    pub joined_on: Option<Date>,
    /// No longer in the zone from this day on (moved out or struck off).
    #[field(label = "离园日期", was = ["迁出日期", "注销日期"])]
    pub left_on: Option<Date>,
    /// Land in use, in 亩.
    #[field(label = "占地面积", unit = "亩", min = 0)]
    pub land: Option<Number<4>>,
    /// Address in the zone.
    #[field(label = "地址", long)]
    pub address: Option<String>,
    /// Whom to call; personal.
    #[field(label = "联系人", personal)]
    pub contact: Option<String>,
    /// Telephone of the contact; personal.
    #[field(label = "联系电话", personal, was = ["电话", "手机"])]
    pub phone: Option<String>,
}

impl Check for Enterprise {
    fn check(&self, found: &mut Findings) {
        if let (Some(joined), Some(left)) = (self.joined_on, self.left_on)
            && left < joined
        {
            found.push(
                Finding::error("enterprise.left_before_joined")
                    .field("left_on")
                    .found(left.to_string())
                    .expected(format!("不早于入园日期 {joined}"))
                    .remedy("核对入园日期和离园日期"),
            );
        }
    }
}
