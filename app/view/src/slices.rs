//! Values of a dimension that people may slice a metric by, with their labels.

use crate::ZoneView;
use hub::View;
use metrics::SubjectKind;
use values::industry::Industries;

/// Values of a dimension that any enterprise of the zone belongs to: key and label.
#[must_use]
pub fn values(view: &ZoneView, metric: &str, dimension: &str) -> Vec<(String, String)> {
    let Some(definition) = view.catalogue().metrics.versions(metric).last() else { return Vec::new() };
    if !definition.is.slices.iter().any(|s| s == dimension) {
        return Vec::new();
    }
    let kind = SubjectKind::parse(&definition.is.subjects).unwrap_or(SubjectKind::Enterprise);
    let membership = &view.resident().facts.ground().membership;
    let found = membership.dimension(kind, dimension);
    found.map(|(_, d)| d.values.iter().map(|v| (v.clone(), label(view, dimension, v))).collect()).unwrap_or_default()
}

/// Label of one value of a dimension; the key itself if it has none.
#[must_use]
pub fn label(view: &ZoneView, dimension: &str, value: &str) -> String {
    let of_field =
        |ledger: &str, field: &str| view.ledger(ledger).and_then(|l| l.field(field)).map(|(_, f)| f.option_label(value).to_owned());
    let found = match dimension {
        "chain" => of_field("chain_link", "chain"),
        "title" => of_field("title_link", "title"),
        "industry" => Industries::china().find(value).map(|i| i.name.clone()),
        "kind" | "part" => Industries::china().class(value).map(|c| c.label.get(view.lang()).to_owned()),
        _ => None,
    };
    found.unwrap_or_else(|| value.to_owned())
}

/// Label of a dimension itself.
#[must_use]
pub fn dimension_label(dimension: &str) -> &str {
    match dimension {
        "chain" => "产业链",
        "title" => "资质",
        "industry" => "行业",
        "kind" => "类别",
        "part" => "服务业细类",
        "size" => "规模",
        "origin" => "资金来源地",
        other => other,
    }
}
