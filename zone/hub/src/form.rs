//! Forms 报表: which metrics are filed together, by whom, how often, by when.

use record::{Check, Record};
use values::{Date, Finding, Findings};

record::choice! {
    /// How often a form is filed.
    pub enum Cycle {
        Monthly = "monthly" "月报",
        Quarterly = "quarterly" "季报",
        Yearly = "yearly" "年报",
    }
}

/// One form.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(key = "form", label = "报表", owner = "economy", title = "name")]
pub struct Form {
    /// Stable key.
    #[field(label = "报表代码", unique)]
    pub code: String,
    /// Name.
    #[field(label = "报表名称")]
    pub name: String,
    /// Metric keys, separated by blanks.
    #[field(label = "指标项", long)]
    pub items: String,
    /// Month, quarter or year.
    #[field(label = "报送周期")]
    pub cycle: Cycle,
    /// January and February are filed as one period 1—2月.
    #[field(label = "一二月合并")]
    pub january_merged: bool,
    /// Who files: title key, or `all`.
    #[field(label = "报送范围")]
    pub filers: String,
    /// Due on this day of the month after the period.
    #[field(label = "截止日", help = "次月几日前", min = 1, max = 28)]
    pub due_day: i64,
    /// In use from this day on.
    #[field(label = "启用日期")]
    pub valid_from: Date,
    /// Legal basis.
    #[field(label = "制度依据")]
    pub basis: Option<String>,
}

impl Check for Form {
    fn check(&self, found: &mut Findings) {
        if self.items.split_whitespace().next().is_none() {
            found.push(Finding::error("form.no_items").field("items").expected("至少一个指标").remedy("填写指标代码，以空格隔开"));
        }
    }
}
