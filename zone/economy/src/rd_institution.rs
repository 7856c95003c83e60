//! R&D institutions 研发机构 by level, with the day of recognition.

use hub::EnterpriseId;
use record::{Check, Record};
use values::Date;

record::choice! {
    /// Level of recognition 级别.
    pub enum Level {
        National = "national" "国家级",
        Provincial = "provincial" "省级",
        Municipal = "municipal" "市级",
    }
}

/// One R&D institution.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(key = "rd_institution", label = "研发机构", owner = "economy", title = "name")]
pub struct RdInstitution {
    /// Name.
    #[field(label = "机构名称", unique, was = ["名称", "平台名称"])]
    pub name: String,
    /// Enterprise that runs it.
    #[field(label = "依托企业", was = ["依托单位", "企业名称"])]
    pub enterprise: Option<EnterpriseId>,
    /// Level.
    #[field(label = "级别")]
    pub level: Level,
    /// Kind, e.g. 企业技术中心.
    #[field(label = "类型")]
    pub kind: Option<String>,
    /// Recognised on.
    #[field(label = "认定日期")]
    pub recognised_on: Date,
    /// Withdrawn from this day on.
    #[field(label = "撤销日期")]
    pub valid_until: Option<Date>,
    /// Document.
    #[field(label = "依据文件", was = ["文号"])]
    pub document: Option<String>,
}

impl Check for RdInstitution {}
