//! The derive's schema and conversions, over every field type.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use jiff::civil::date;
use record::{Cny, CreditCode, IndustryCode, Kind, Ledger, Number, Record, Usd, Value, json};
use values::Period;

record::choice! {
    /// Grade 等级.
    pub enum Grade { General = "general" "一般", Major = "major" "重大" }
}
record::id!(/// Id of a thing.
    ThingId, "thing");

/// All field types at once.
#[derive(Debug, PartialEq, Record)]
#[record(key = "sample", label = "样例", owner = "economy", title = "name")]
struct Sample {
    #[field(label = "名称", was = ["单位名称"])]
    name: String,
    #[field(label = "代码", unique)]
    code: CreditCode,
    #[field(label = "行业")]
    industry: Option<IndustryCode>,
    #[field(label = "等级")]
    grade: Grade,
    #[field(label = "金额", unit = "亿元", min = 0)]
    amount: Option<Cny>,
    #[field(label = "外资")]
    capital: Usd,
    #[field(label = "面积", unit = "亩")]
    area: Number<4>,
    #[field(label = "日期")]
    on: jiff::civil::Date,
    #[field(label = "期")]
    period: Period,
    #[field(label = "是否")]
    yes: bool,
    #[field(label = "所属")]
    thing: ThingId,
    #[field(label = "电话", personal)]
    phone: Option<String>,
}

fn sample() -> Sample {
    Sample {
        name: "示例".into(),
        code: CreditCode("91620300MA00000157".into()),
        industry: None,
        grade: Grade::Other("new".into()),
        amount: Some(Cny(12_345_678_900)),
        capital: Usd(100),
        area: Number(12_3456),
        on: date(2025, 3, 1),
        period: Period::parse("2025-01..02").unwrap(),
        yes: true,
        thing: ThingId(7),
        phone: None,
    }
}

#[test]
fn rows_and_json_come_back_equal() {
    let ledger = Ledger::from(Sample::SCHEMA);
    let row = sample().to_row();
    assert_eq!(Sample::from_row(&row).unwrap(), sample());
    assert_eq!(json::row_from_json(&ledger, &json::row_to_json(&ledger, &row)), row);
}

#[test]
fn schema_says_what_was_declared() {
    let ledger = Ledger::from(Sample::SCHEMA);
    let (_, name) = ledger.field("name").unwrap();
    assert!(name.required && name.was == ["单位名称"]);
    let (_, industry) = ledger.field("industry").unwrap();
    assert!(!industry.required && industry.kind == Kind::Industry);
    assert_eq!(ledger.unique().unwrap().1.key, "code");
    assert_eq!(ledger.field("capital").unwrap().1.unit, "万美元");
    assert!(ledger.field("phone").unwrap().1.personal);
}

#[test]
fn values_are_shown_in_the_fields_unit() {
    let ledger = Ledger::from(Sample::SCHEMA);
    let row = sample().to_row();
    let shown: Vec<String> = ledger.fields.iter().zip(&row).map(|(f, v)| f.show(v)).collect();
    assert_eq!(
        shown,
        ["示例", "91620300MA00000157", "", "new", "1.23456789", "0.0001", "12.3456", "2025-03-01", "2025-01..02", "是", "7", ""]
    );
}

#[test]
fn a_row_that_does_not_fit_names_its_field() {
    let mut row = sample().to_row();
    row[7] = Value::Text("2025-02-30".into());
    let error = Sample::from_row(&row).unwrap_err();
    assert_eq!((error.ledger, error.field), ("sample", "on"));
    assert!(Sample::from_row(&[]).is_err());
}
