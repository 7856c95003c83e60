//! What an alert holds, in the order of the schema. Empty text and empty
//! lists mean "not given".

use serde::{Deserialize, Serialize};

/// Namespace of CAP 1.2.
pub const NAMESPACE: &str = "urn:oasis:names:tc:emergency:cap:1.2";

/// One alert 预警消息.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names of the standard, section 3.2.1")]
pub struct Alert {
    pub identifier: String,
    pub sender: String,
    pub sent: String,
    pub status: String,
    pub msg_type: String,
    pub source: String,
    pub scope: String,
    pub restriction: String,
    pub addresses: String,
    pub code: Vec<String>,
    pub note: String,
    pub references: String,
    pub incidents: String,
    pub info: Vec<Info>,
}

/// One block of an alert, in one language 信息段.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names of the standard, section 3.2.2")]
pub struct Info {
    pub language: String,
    pub category: Vec<String>,
    pub event: String,
    pub response_type: Vec<String>,
    pub urgency: String,
    pub severity: String,
    pub certainty: String,
    pub audience: String,
    pub event_code: Vec<Pair>,
    pub effective: String,
    pub onset: String,
    pub expires: String,
    pub sender_name: String,
    pub headline: String,
    pub description: String,
    pub instruction: String,
    pub web: String,
    pub contact: String,
    pub parameter: Vec<Pair>,
    pub resource: Vec<Resource>,
    pub area: Vec<Area>,
}

/// A name and a value of an outer list: event code, parameter, geocode.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names of the standard")]
pub struct Pair {
    pub value_name: String,
    pub value: String,
}

/// A file that goes with the alert 附件.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names of the standard, section 3.2.3")]
pub struct Resource {
    pub resource_desc: String,
    pub mime_type: String,
    pub size: String,
    pub uri: String,
    pub deref_uri: String,
    pub digest: String,
}

/// Where it holds 影响区域. Polygons and circles are WGS-84, latitude first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names of the standard, section 3.2.4")]
pub struct Area {
    pub area_desc: String,
    pub polygon: Vec<String>,
    pub circle: Vec<String>,
    pub geocode: Vec<Pair>,
    pub altitude: String,
    pub ceiling: String,
}

/// Colour of a Chinese warning 预警等级.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colour {
    /// 红色, level I.
    Red,
    /// 橙色, level II.
    Orange,
    /// 黄色, level III.
    Yellow,
    /// 蓝色, level IV.
    Blue,
}

impl Colour {
    /// Reads 红, 红色, 红色预警, red, Red, Ⅰ级, I级 ….
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let word = text.trim().to_lowercase();
        let word = word.trim_end_matches("预警").trim_end_matches('色');
        Some(match word {
            "红" | "red" | "ⅰ级" | "i级" | "一级" => Self::Red,
            "橙" | "orange" | "ⅱ级" | "ii级" | "二级" => Self::Orange,
            "黄" | "yellow" | "ⅲ级" | "iii级" | "三级" => Self::Yellow,
            "蓝" | "blue" | "ⅳ级" | "iv级" | "四级" => Self::Blue,
            _ => return None,
        })
    }
    /// The CAP severity: 红 Extreme, 橙 Severe, 黄 Moderate, 蓝 Minor (practice; C).
    #[must_use]
    pub fn severity(self) -> &'static str {
        match self {
            Self::Red => "Extreme",
            Self::Orange => "Severe",
            Self::Yellow => "Moderate",
            Self::Blue => "Minor",
        }
    }
    /// `Red` … as the national warning system writes it.
    #[must_use]
    pub fn english(self) -> &'static str {
        match self {
            Self::Red => "Red",
            Self::Orange => "Orange",
            Self::Yellow => "Yellow",
            Self::Blue => "Blue",
        }
    }
}

/// Name of the parameter that carries the colour.
pub const COLOUR_PARAMETER: &str = "预警等级";

impl Info {
    /// The colour that a parameter of this block names, if any does.
    #[must_use]
    pub fn colour(&self) -> Option<Colour> {
        let names = [COLOUR_PARAMETER, "预警级别", "alertColor", "colour", "color", "awareness_level"];
        self.parameter.iter().filter(|p| names.contains(&p.value_name.as_str())).find_map(|p| {
            // awareness_level holds "2; yellow; Moderate".
            p.value.split(';').find_map(Colour::parse)
        })
    }
}
