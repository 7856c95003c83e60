//! Filing duties 报送任务 and filings 报送: who owes which form for which period, and what came.

use crate::EnterpriseId;
use record::{Check, Record};
use values::{Date, Period};

record::id!(
    /// Id of a filing duty.
    DutyId,
    "filing_duty"
);

record::choice! {
    /// State of a filing.
    pub enum FilingState {
        Draft = "draft" "草稿",
        Submitted = "submitted" "已报待审",
        SentBack = "sent_back" "已退回",
        Accepted = "accepted" "已审",
        Locked = "locked" "已锁定",
    }
}

/// One form owed by one enterprise for one period.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(key = "filing_duty", label = "报送任务", owner = "economy", title = "form")]
pub struct FilingDuty {
    /// Form code.
    #[field(label = "报表", part)]
    pub form: String,
    /// Who owes it.
    #[field(label = "企业", part)]
    pub enterprise: EnterpriseId,
    /// Period.
    #[field(label = "报告期", part)]
    pub period: Period,
    /// Last day.
    #[field(label = "截止日期")]
    pub due: Date,
}

/// What was filed for one duty.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(key = "filing", label = "报送", owner = "economy", title = "state")]
pub struct Filing {
    /// For which duty.
    #[field(label = "报送任务", part)]
    pub duty: DutyId,
    /// Whose it is; the row scope of enterprises goes by this field.
    #[field(label = "企业")]
    pub enterprise: EnterpriseId,
    /// State.
    #[field(label = "状态")]
    pub state: FilingState,
    /// Account that filed, or that entered it for the enterprise 代录.
    #[field(label = "报送人")]
    pub filed_by: String,
    /// Day of filing.
    #[field(label = "报送日期")]
    pub filed_on: Date,
    /// Entered by an office as the enterprise filed it elsewhere 代录.
    #[field(label = "代录")]
    pub as_filed: bool,
    /// Why it was sent back.
    #[field(label = "退回原因")]
    pub reason: Option<String>,
}

impl Check for FilingDuty {}
impl Check for Filing {}
