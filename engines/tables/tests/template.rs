//! Template → fill → import loses nothing, for every kind of field.

use proptest::prelude::*;
use rust_decimal::Decimal;
use tables::parse::{Context, Value, parse};
use tables::write::{Layout, list, template};
use tables::{ChoiceOption, FieldKind, FieldSpec, Limits};
use values::{Date, Period};

fn fields() -> Vec<FieldSpec> {
    let options = vec![ChoiceOption::new("industry", "工业"), ChoiceOption::new("building", "建筑业")];
    let many = (0..120).map(|i| ChoiceOption::new(format!("k{i}"), format!("第{i}类，说明"))).collect();
    vec![
        FieldSpec::new("code", "统一社会信用代码", FieldKind::CreditCode).required(),
        FieldSpec::new("name", "企业名称", FieldKind::Text).required(),
        FieldSpec::new("output", "产值", FieldKind::Money).unit("万元"),
        FieldSpec::new("usd", "合同外资", FieldKind::Money).unit("万美元"),
        FieldSpec::new("rate", "增速", FieldKind::Number { scale: 4 }).unit("%"),
        FieldSpec::new("staff", "从业人员", FieldKind::Count).unit("人"),
        FieldSpec::new("opened", "成立日期", FieldKind::Date),
        FieldSpec::new("month", "报告期", FieldKind::Period),
        FieldSpec::new("postcode", "行业代码", FieldKind::Code),
        FieldSpec::new("kind", "类型", FieldKind::Choice { options }),
        FieldSpec::new("class", "分类", FieldKind::Choice { options: many }),
        FieldSpec::new("above", "是否规上", FieldKind::Bool),
    ]
}

fn read_back(bytes: &[u8], fields: &[FieldSpec]) -> Vec<Vec<Option<Value>>> {
    let book = tables::read(bytes, "模板.xlsx", &Limits::default()).expect("our own file");
    assert!(book.sheets.iter().all(tables::Sheet::is_balanced));
    let (sheet, table) = book.tables().next().expect("a table");
    assert_eq!(book.tables().count(), 1);
    assert_eq!(table.template.as_deref(), Some("enterprise@2025-03"));
    let proposed = tables::mapping::propose(sheet, table, fields, &Default::default());
    let read = |row: &tables::Row, field: &FieldSpec| {
        let column = proposed
            .iter()
            .find(|p| p.field.as_ref() == Some(&field.key))
            .map(|p| &table.head[p.column])
            .expect("every field has its column");
        let unit = table.unit_at(sheet, row, column);
        let parsed = parse(&table.cell(sheet, row, column), field, &Context { sheet: &sheet.name, unit: unit.as_ref(), year: None });
        assert!(parsed.findings.is_empty() || parsed.value.is_none() && field.required, "{:?}", parsed.findings);
        parsed.value
    };
    table.rows.iter().map(|row| fields.iter().map(|f| read(row, f)).collect()).collect()
}

fn value(field: &FieldSpec) -> BoxedStrategy<Option<Value>> {
    let text = "[\u{4e00}-\u{9fa5}a-zA-Z][\u{4e00}-\u{9fa5}a-zA-Z0-9=+@(),.-]{0,20}".prop_map(Value::Text);
    let some: BoxedStrategy<Value> = match &field.kind {
        FieldKind::Text => prop_oneof![text, Just(Value::Text("=1+1".into())), Just(Value::Text("-甲".into()))].boxed(),
        FieldKind::Money => (-9_000_000_000_000i64..9_000_000_000_000).prop_map(|n| Value::Number(Decimal::new(n, 6).normalize())).boxed(),
        FieldKind::Number { scale } => {
            let scale = u32::from(*scale);
            (-9_000_000i64..9_000_000).prop_map(move |n| Value::Number(Decimal::new(n, scale).normalize())).boxed()
        }
        FieldKind::Count => (0i64..10_000_000).prop_map(|n| Value::Number(Decimal::from(n))).boxed(),
        FieldKind::Date => {
            (1901i16..2199, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| Value::Date(Date::new(y, m, d).expect("a day"))).boxed()
        }
        FieldKind::Period => (1950i32..2100, 1i32..=12, 0i32..24)
            .prop_map(|(y, m, n)| Value::Period(Period::from_months(y * 12 + m - 1, (y * 12 + m - 1 + n).min(2100 * 12)).expect("a span")))
            .boxed(),
        FieldKind::Code => "[0-9]{4,20}".prop_map(Value::Text).boxed(),
        FieldKind::CreditCode => "[0-9ABCDEFGHJKLMNPQRTUWXY]{18}".prop_map(Value::Text).boxed(),
        FieldKind::Choice { options } => proptest::sample::select(options.clone()).prop_map(|o| Value::Choice(o.key)).boxed(),
        FieldKind::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
    };
    if field.required { some.prop_map(Some).boxed() } else { proptest::option::weighted(0.8, some).boxed() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn nothing_is_lost(rows in proptest::collection::vec(fields().iter().map(value).collect::<Vec<_>>(), 0..12)) {
        let fields = fields();
        let layout = Layout { key: "enterprise@2025-03", title: "企业基本情况", note: "红色表头必填。单位：见表头", sheet: "填报", fields: &fields, rows: &rows, fixed: &[] };
        prop_assert_eq!(&read_back(&template(&layout).expect("written"), &fields), &rows);
        prop_assert_eq!(&read_back(&list(&layout).expect("written"), &fields), &rows);
    }
}
