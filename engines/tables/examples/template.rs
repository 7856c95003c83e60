//! Writes a template with every kind of field: `… --example template OUT.xlsx`.
use tables::{ChoiceOption, FieldKind, FieldSpec};

fn main() {
    let many = (0..120).map(|i| ChoiceOption::new(format!("k{i}"), format!("第{i}类，说明"))).collect();
    let fields = vec![
        FieldSpec::new("code", "统一社会信用代码", FieldKind::CreditCode).required(),
        FieldSpec::new("name", "企业名称", FieldKind::Text).required(),
        FieldSpec::new("output", "产值", FieldKind::Money).unit("万元"),
        FieldSpec::new("opened", "成立日期", FieldKind::Date),
        FieldSpec::new("month", "报告期", FieldKind::Period),
        FieldSpec::new("class", "分类", FieldKind::Choice { options: many }),
        FieldSpec::new("above", "是否规上", FieldKind::Bool),
    ];
    let layout = tables::write::Layout {
        key: "enterprise",
        title: "企业基本情况",
        note: "红色表头必填",
        sheet: "填报",
        fields: &fields,
        rows: &[],
        fixed: &[],
    };
    std::fs::write(std::env::args().nth(1).expect("a file"), tables::write::template(&layout).expect("written")).expect("written");
}
