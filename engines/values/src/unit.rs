//! Units 计量单位: what a unit measures, and exact conversion between like units.
//!
//! Factors are arithmetic (万元 = 10,000 元, 亩 = 2000/3 m²), so they stand
//! here; facts of the field (exchange rates, heat values) do not.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What a unit measures. Unlike quantities never convert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Money 人民币; base 元.
    Money,
    /// US dollars 美元; base 美元.
    Usd,
    /// Counted things; 家, 人, 项, 个 are all 1 but keep their word.
    Count,
    /// Mass; base t.
    Mass,
    /// Energy, physical; base kWh.
    Energy,
    /// Energy as coal equivalent; base tce.
    CoalEquivalent,
    /// Power; base kW.
    Power,
    /// Area; base m².
    Area,
    /// Length; base m.
    Length,
    /// Volume; base m³.
    Volume,
    /// Volume flow; base m³/h.
    VolumeFlow,
    /// Mass concentration in a fluid; base mg/L.
    Concentration,
    /// Freight turnover; base t·km.
    Turnover,
    /// Time; base day.
    Time,
    /// Temperature difference or level; °C only.
    Temperature,
    /// Share or rate; base %.
    Percent,
    /// Difference of rates 百分点.
    PercentPoint,
    /// Ratio without dimension (倍, score).
    Ratio,
    /// A quotient of two quantities, e.g. 万元/亩; converts only to itself.
    Compound,
}

impl Quantity {
    /// Digits kept after the point, in the base unit, unless a definition says otherwise.
    ///
    /// Money 2 (分), USD 2 (cents), count 0, percent 4, the rest 6.
    #[must_use]
    pub fn scale(self) -> u8 {
        match self {
            Self::Money | Self::Usd => 2,
            Self::Count => 0,
            Self::Percent | Self::PercentPoint | Self::Ratio => 4,
            _ => 6,
        }
    }
}

/// One unit: 1 of it = `num`/`den` of its quantity's base unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Unit {
    /// As printed: `万元`.
    pub name: &'static str,
    /// What it measures.
    pub quantity: Quantity,
    /// Numerator of the factor to the base unit.
    pub num: i64,
    /// Denominator of the factor to the base unit.
    pub den: i64,
}

const fn unit(name: &'static str, quantity: Quantity, num: i64, den: i64) -> Unit {
    Unit { name, quantity, num, den }
}

use Quantity as Q;

/// All units with their printed name; synonyms are in [`SYNONYMS`].
pub const UNITS: &[Unit] = &[
    unit("元", Q::Money, 1, 1),
    unit("百元", Q::Money, 100, 1),
    unit("千元", Q::Money, 1_000, 1),
    unit("万元", Q::Money, 10_000, 1),
    unit("十万元", Q::Money, 100_000, 1),
    unit("百万元", Q::Money, 1_000_000, 1),
    unit("千万元", Q::Money, 10_000_000, 1),
    unit("亿元", Q::Money, 100_000_000, 1),
    unit("万亿元", Q::Money, 1_000_000_000_000, 1),
    unit("美元", Q::Usd, 1, 1),
    unit("千美元", Q::Usd, 1_000, 1),
    unit("万美元", Q::Usd, 10_000, 1),
    unit("百万美元", Q::Usd, 1_000_000, 1),
    unit("亿美元", Q::Usd, 100_000_000, 1),
    unit("个", Q::Count, 1, 1),
    unit("只", Q::Count, 1, 1),
    unit("万只", Q::Count, 10_000, 1),
    unit("亿只", Q::Count, 100_000_000, 1),
    unit("家", Q::Count, 1, 1),
    unit("户", Q::Count, 1, 1),
    unit("万户", Q::Count, 10_000, 1),
    unit("人", Q::Count, 1, 1),
    unit("万人", Q::Count, 10_000, 1),
    unit("人次", Q::Count, 1, 1),
    unit("家次", Q::Count, 1, 1),
    unit("项", Q::Count, 1, 1),
    unit("件", Q::Count, 1, 1),
    unit("万件", Q::Count, 10_000, 1),
    unit("笔", Q::Count, 1, 1),
    unit("宗", Q::Count, 1, 1),
    unit("条", Q::Count, 1, 1),
    unit("种", Q::Count, 1, 1),
    unit("次", Q::Count, 1, 1),
    unit("位", Q::Count, 1, 1),
    unit("名", Q::Count, 1, 1),
    unit("套", Q::Count, 1, 1),
    unit("万套", Q::Count, 10_000, 1),
    unit("台", Q::Count, 1, 1),
    unit("辆", Q::Count, 1, 1),
    unit("座", Q::Count, 1, 1),
    unit("所", Q::Count, 1, 1),
    unit("批", Q::Count, 1, 1),
    unit("份", Q::Count, 1, 1),
    unit("标准箱", Q::Count, 1, 1),
    unit("万标准箱", Q::Count, 10_000, 1),
    unit("t", Q::Mass, 1, 1),
    unit("万t", Q::Mass, 10_000, 1),
    unit("亿t", Q::Mass, 100_000_000, 1),
    unit("kg", Q::Mass, 1, 1_000),
    unit("g", Q::Mass, 1, 1_000_000),
    unit("mg", Q::Mass, 1, 1_000_000_000),
    unit("kWh", Q::Energy, 1, 1),
    unit("MWh", Q::Energy, 1_000, 1),
    unit("GWh", Q::Energy, 1_000_000, 1),
    unit("万kWh", Q::Energy, 10_000, 1),
    unit("亿kWh", Q::Energy, 100_000_000, 1),
    unit("MJ", Q::Energy, 5, 18),
    unit("GJ", Q::Energy, 2_500, 9),
    unit("tce", Q::CoalEquivalent, 1, 1),
    unit("万tce", Q::CoalEquivalent, 10_000, 1),
    unit("kgce", Q::CoalEquivalent, 1, 1_000),
    unit("kW", Q::Power, 1, 1),
    unit("MW", Q::Power, 1_000, 1),
    unit("GW", Q::Power, 1_000_000, 1),
    unit("万kW", Q::Power, 10_000, 1),
    unit("kVA", Q::Power, 1, 1),
    unit("m²", Q::Area, 1, 1),
    unit("万m²", Q::Area, 10_000, 1),
    unit("亩", Q::Area, 2_000, 3),
    unit("万亩", Q::Area, 20_000_000, 3),
    unit("公顷", Q::Area, 10_000, 1),
    unit("km²", Q::Area, 1_000_000, 1),
    unit("m", Q::Length, 1, 1),
    unit("km", Q::Length, 1_000, 1),
    unit("万km", Q::Length, 10_000_000, 1),
    unit("mm", Q::Length, 1, 1_000),
    unit("m³", Q::Volume, 1, 1),
    unit("万m³", Q::Volume, 10_000, 1),
    unit("亿m³", Q::Volume, 100_000_000, 1),
    unit("L", Q::Volume, 1, 1_000),
    unit("m³/h", Q::VolumeFlow, 1, 1),
    unit("m³/d", Q::VolumeFlow, 1, 24),
    unit("万m³/d", Q::VolumeFlow, 10_000, 24),
    unit("m³/s", Q::VolumeFlow, 3_600, 1),
    unit("L/s", Q::VolumeFlow, 18, 5),
    unit("mg/L", Q::Concentration, 1, 1),
    unit("μg/L", Q::Concentration, 1, 1_000),
    unit("g/L", Q::Concentration, 1_000, 1),
    unit("g/m³", Q::Concentration, 1, 1),
    unit("mg/m³", Q::Concentration, 1, 1_000),
    unit("μg/m³", Q::Concentration, 1, 1_000_000),
    unit("t·km", Q::Turnover, 1, 1),
    unit("万t·km", Q::Turnover, 10_000, 1),
    unit("亿t·km", Q::Turnover, 100_000_000, 1),
    unit("天", Q::Time, 1, 1),
    unit("小时", Q::Time, 1, 24),
    unit("min", Q::Time, 1, 1_440),
    unit("s", Q::Time, 1, 86_400),
    unit("℃", Q::Temperature, 1, 1),
    unit("%", Q::Percent, 1, 1),
    unit("‰", Q::Percent, 1, 10),
    unit("百分点", Q::PercentPoint, 1, 1),
    unit("倍", Q::Ratio, 1, 1),
    unit("分", Q::Ratio, 1, 1),
    unit("工作日", Q::Compound, 1, 1),
];

/// Other ways of writing a unit, after blanks are dropped and full-width made half-width.
pub const SYNONYMS: &[(&str, &str)] = &[
    ("人民币元", "元"),
    ("圆", "元"),
    ("RMB", "元"),
    ("CNY", "元"),
    ("人民币万元", "万元"),
    ("人民币亿元", "亿元"),
    ("万", "万元"),
    ("亿", "亿元"),
    ("$", "美元"),
    ("USD", "美元"),
    ("US$", "美元"),
    ("万USD", "万美元"),
    ("万$", "万美元"),
    ("吨", "t"),
    ("T", "t"),
    ("万吨", "万t"),
    ("亿吨", "亿t"),
    ("千克", "kg"),
    ("公斤", "kg"),
    ("克", "g"),
    ("毫克", "mg"),
    ("千瓦时", "kWh"),
    ("度", "kWh"),
    ("kwh", "kWh"),
    ("KWH", "kWh"),
    ("kW·h", "kWh"),
    ("兆瓦时", "MWh"),
    ("吉瓦时", "GWh"),
    ("万千瓦时", "万kWh"),
    ("万度", "万kWh"),
    ("亿千瓦时", "亿kWh"),
    ("亿度", "亿kWh"),
    ("吨标准煤", "tce"),
    ("吨标煤", "tce"),
    ("万吨标准煤", "万tce"),
    ("万吨标煤", "万tce"),
    ("千克标准煤", "kgce"),
    ("兆焦", "MJ"),
    ("吉焦", "GJ"),
    ("千瓦", "kW"),
    ("KW", "kW"),
    ("兆瓦", "MW"),
    ("吉瓦", "GW"),
    ("万千瓦", "万kW"),
    ("千伏安", "kVA"),
    ("平方米", "m²"),
    ("m2", "m²"),
    ("㎡", "m²"),
    ("M2", "m²"),
    ("平米", "m²"),
    ("万平方米", "万m²"),
    ("万平米", "万m²"),
    ("万㎡", "万m²"),
    ("平方公里", "km²"),
    ("平方千米", "km²"),
    ("km2", "km²"),
    ("hm²", "公顷"),
    ("ha", "公顷"),
    ("米", "m"),
    ("千米", "km"),
    ("公里", "km"),
    ("万公里", "万km"),
    ("毫米", "mm"),
    ("立方米", "m³"),
    ("m3", "m³"),
    ("方", "m³"),
    ("万立方米", "万m³"),
    ("万方", "万m³"),
    ("亿立方米", "亿m³"),
    ("升", "L"),
    ("l", "L"),
    ("立方米/小时", "m³/h"),
    ("m3/h", "m³/h"),
    ("立方米/日", "m³/d"),
    ("m3/d", "m³/d"),
    ("m³/日", "m³/d"),
    ("吨/日", "m³/d"),
    ("万立方米/日", "万m³/d"),
    ("万吨/日", "万m³/d"),
    ("m3/s", "m³/s"),
    ("升/秒", "L/s"),
    ("l/s", "L/s"),
    ("毫克/升", "mg/L"),
    ("mg/l", "mg/L"),
    ("微克/升", "μg/L"),
    ("ug/L", "μg/L"),
    ("ug/l", "μg/L"),
    ("µg/L", "μg/L"),
    ("μg/l", "μg/L"),
    ("g/l", "g/L"),
    ("g/m3", "g/m³"),
    ("mg/m3", "mg/m³"),
    ("ug/m3", "μg/m³"),
    ("µg/m³", "μg/m³"),
    ("吨公里", "t·km"),
    ("万吨公里", "万t·km"),
    ("亿吨公里", "亿t·km"),
    ("日", "天"),
    ("d", "天"),
    ("h", "小时"),
    ("时", "小时"),
    ("分钟", "min"),
    ("秒", "s"),
    ("°C", "℃"),
    ("摄氏度", "℃"),
    ("百分比", "%"),
    ("pct", "%"),
    ("％", "%"),
    ("个百分点", "百分点"),
    ("TEU", "标准箱"),
    ("pcs", "只"),
    ("支", "只"),
    ("万支", "万只"),
    ("万TEU", "万标准箱"),
    ("企业数", "家"),
    ("间", "家"),
];

/// Finds a unit by any way of writing it; blanks and brackets around it are dropped.
///
/// Returns `None` for unknown units; never guesses.
#[must_use]
pub fn find(text: &str) -> Option<&'static Unit> {
    let clean: String = text.chars().filter(|c| !c.is_whitespace()).map(half_width).collect();
    let clean = clean.trim_matches(|c| matches!(c, '(' | ')' | '[' | ']' | ':'));
    let clean = clean.strip_prefix("单位:").unwrap_or(clean);
    let name = SYNONYMS.iter().find(|(s, _)| *s == clean).map_or(clean, |(_, n)| *n);
    UNITS.iter().find(|u| u.name == name)
}

/// Full-width ASCII to half-width; other characters stay.
#[must_use]
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// Converts exactly, to the 28 digits of a decimal.
///
/// Returns `None` if the units measure different things or the result overflows.
#[must_use]
pub fn convert(value: Decimal, from: &Unit, to: &Unit) -> Option<Decimal> {
    if from.quantity != to.quantity || from.quantity == Quantity::Compound && from != to {
        return None;
    }
    if from == to {
        return Some(value);
    }
    let num = Decimal::from(i128::from(from.num) * i128::from(to.den));
    let den = Decimal::from(i128::from(from.den) * i128::from(to.num));
    // Divide first where that is exact, so that large values do not overflow.
    let factor = num.checked_div(den)?;
    if factor.checked_mul(den)? == num {
        value.checked_mul(factor).map(|v| v.normalize())
    } else {
        value.checked_mul(num)?.checked_div(den).map(|v| v.normalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    fn check(value: &str, from: &str, to: &str, expected: Option<&str>) {
        let got = convert(Decimal::from_str(value).unwrap(), find(from).unwrap(), find(to).unwrap());
        assert_eq!(got, expected.map(|e| Decimal::from_str(e).unwrap()), "{value} {from} → {to}");
    }

    #[test]
    fn money_converts_exactly() {
        check("964183.27", "万元", "亿元", Some("96.418327"));
        check("1", "亿元", "元", Some("100000000"));
        check("1", "万美元", "万元", None);
    }

    #[test]
    fn areas_and_energy() {
        check("15", "亩", "公顷", Some("1"));
        check("3", "亩", "平方米", Some("2000"));
        check("3.6", "MJ", "kWh", Some("1"));
        check("1000", "ug/L", "mg/L", Some("1"));
    }

    #[test]
    fn every_synonym_names_a_unit_and_no_name_stands_twice() {
        for (synonym, name) in SYNONYMS {
            assert!(find(synonym).is_some_and(|u| u.name == *name), "{synonym}");
        }
        for (i, u) in UNITS.iter().enumerate() {
            assert!(UNITS[i + 1..].iter().all(|v| v.name != u.name), "{}", u.name);
        }
        assert_eq!(find("（万元）").map(|u| u.name), Some("万元"));
        assert_eq!(find("斗"), None);
    }
}
