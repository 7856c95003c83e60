//! Targets 目标任务: what a year shall reach, with versions and a monthly split.
//!
//! A target changed in mid-year is a new version of it with the day from which
//! it holds; the old one stays. 序时进度 is months/12 unless the split says otherwise.

use record::{Check, Record};
use values::{Date, Finding, Findings, Period};

record::choice! {
    /// How the target bounds the value.
    pub enum TargetBound {
        AtLeast = "ge" "以上",
        Exactly = "eq" "达到",
        MoreThan = "gt" "突破",
        AtMost = "le" "以内",
        About = "about" "左右",
        Words = "text" "文字目标",
    }
}

record::choice! {
    /// What is set: the value or its growth.
    pub enum TargetKind {
        Value = "value" "总量",
        Growth = "growth" "增速",
        Added = "added" "新增",
    }
}

/// One target of the zone for one metric and year.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(key = "target", label = "年度目标", owner = "economy", title = "metric")]
pub struct Target {
    /// Metric key or label.
    #[field(label = "指标", part, was = ["指标名称", "目标名称"])]
    pub metric: String,
    /// The year, as a period.
    #[field(label = "年度", part, was = ["年份", "目标年度"])]
    pub year: Period,
    /// Value, growth or additions.
    #[field(label = "目标类型", part)]
    pub kind: TargetKind,
    /// Version within the year, from 1.
    #[field(label = "版本", part, min = 1)]
    pub edition: Option<i64>,
    /// Lower or upper bound.
    #[field(label = "目标口径")]
    pub bound: Option<TargetBound>,
    /// The number as announced, in `unit`; blank for a target in words.
    #[field(label = "目标值")]
    pub value: Option<record::Number<4>>,
    /// Unit of the number.
    #[field(label = "计量单位", was = ["单位"])]
    pub unit: Option<String>,
    /// Cumulative split by month, e.g. `3:20;6:48;9:75` in % of the year.
    #[field(label = "分月进度", help = "累计百分比，如 3:20;6:48;9:75")]
    pub split: Option<String>,
    /// The words of a target in words.
    #[field(label = "文字目标", long)]
    pub words: Option<String>,
    /// Holds from this day on.
    #[field(label = "下达日期", was = ["发布日期"])]
    pub announced_on: Date,
    /// Document that sets it.
    #[field(label = "依据文件", was = ["文号"])]
    pub document: Option<String>,
}

impl Check for Target {
    fn check(&self, found: &mut Findings) {
        if self.value.is_none() && self.words.as_deref().unwrap_or_default().is_empty() {
            found.push(
                Finding::error("target.empty").field("value").expected("目标值或文字目标").remedy("填写目标值；没有数值的目标填写文字目标"),
            );
        }
        if self.split.as_deref().is_some_and(|s| parse_split(s).is_none()) {
            found.push(
                Finding::error("target.bad_split")
                    .field("split")
                    .found(self.split.clone().unwrap_or_default())
                    .expected("月:累计百分比，以分号隔开，逐月不减，如 3:20;6:48;9:75")
                    .remedy("按例改写分月进度，或留空按月数均分"),
            );
        }
    }
}

/// Reads a split: (month, cumulative % of the year), rising. `None` if it is none.
#[must_use]
pub fn parse_split(text: &str) -> Option<Vec<(i32, values::Decimal)>> {
    let mut split: Vec<(i32, values::Decimal)> = Vec::new();
    for part in text.split([';', '；', ',', '，']).map(str::trim).filter(|p| !p.is_empty()) {
        let (month, share) = part.split_once([':', '：'])?;
        let month: i32 = month.trim().parse().ok().filter(|m| (1..=12).contains(m))?;
        let share: values::Decimal = share.trim().trim_end_matches(['%', '％']).parse().ok()?;
        if split.last().is_some_and(|(m, s)| *m >= month || *s > share) || share.is_sign_negative() || share > values::Decimal::ONE_HUNDRED
        {
            return None;
        }
        split.push((month, share));
    }
    (!split.is_empty()).then_some(split)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_rise_and_stay_within_the_year() {
        assert_eq!(parse_split("3:20;6:48").map(|s| s.len()), Some(2));
        assert_eq!(parse_split("3：20％；6：48"), parse_split("3:20;6:48"));
        for bad in ["", "13:5", "3:20;3:30", "3:20;6:10", "3:120", "x"] {
            assert_eq!(parse_split(bad), None, "{bad}");
        }
    }
}
