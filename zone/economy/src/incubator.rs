//! Incubators 孵化器 by level.

use crate::rd_institution::Level;
use record::{Check, Number, Record};
use values::Date;

/// One incubator.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(key = "incubator", label = "孵化器", owner = "economy", title = "name")]
pub struct Incubator {
    /// Name.
    #[field(label = "孵化器名称", unique, was = ["名称"])]
    pub name: String,
    /// Operator.
    #[field(label = "运营单位")]
    pub operator: Option<String>,
    /// Level.
    #[field(label = "级别")]
    pub level: Level,
    /// Floor area in m².
    #[field(label = "面积", unit = "m²", min = 0)]
    pub area: Option<Number<2>>,
    /// Recognised on.
    #[field(label = "认定日期")]
    pub recognised_on: Date,
    /// Withdrawn from this day on.
    #[field(label = "撤销日期")]
    pub valid_until: Option<Date>,
}

impl Check for Incubator {}
