use crate::alert::{Alert, Area, Colour, Info, Pair, Resource};
use crate::chain::{Reference, State, references, states};
use crate::compose::compose;
use crate::read::read;
use crate::time::{instant, is_valid};
use crate::{polygon, write};
use proptest::prelude::*;
use serde_json::{Value, json};
use values::Lang;

fn rules(xml: &str) -> Vec<String> {
    read("F", xml.as_bytes(), Lang::Zh).findings.iter().map(|f| format!("{}@{}", f.rule, f.place)).collect()
}

fn draft() -> Value {
    json!({
        "sender": "ying-ji@park.gov.cn", "sent": "2026-01-20T09:00:00+08:00", "status": "Exercise", "colour": "橙色",
        "info": {
            "category": "Safety", "event": "氯气泄漏", "responseType": ["Shelter", "Avoid"], "urgency": "Immediate", "certainty": "Observed",
            "expires": "2026-01-20T12:00:00+08:00", "headline": "请下风向人员进入室内 <关窗> & 关空调",
            "area": {"areaDesc": "园区东侧", "geometry": {"type": "Polygon", "coordinates": [[[118.1, 32.2], [118.12, 32.2], [118.12, 32.21], [118.1, 32.2]]]}, "geocode": {"GB/T 2260": 320_117}}
        }
    })
}

/// Longitude 1 is GCJ-02's stand-in shift in these tests.
fn shift(system: &str, lon: f64, lat: f64) -> Option<(f64, f64)> {
    match system {
        "WGS-84" => Some((lon, lat)),
        "GCJ-02" => Some((lon - 0.005, lat)),
        _ => None,
    }
}

fn make(draft: &Value) -> crate::compose::Composed {
    compose("D", draft.to_string().as_bytes(), "2026-01-20T09:30:00+08:00", &shift, Lang::Zh)
}

#[test]
fn a_draft_becomes_a_valid_alert() {
    let made = make(&draft());
    assert_eq!(made.findings.0, []);
    let back = read("F", made.xml.as_bytes(), Lang::Zh);
    assert!(back.is_valid());
    assert_eq!(back.alerts, std::slice::from_ref(&made.alert));
    let info = &made.alert.info[0];
    assert_eq!((info.severity.as_str(), info.colour(), info.language.as_str()), ("Severe", Some(Colour::Orange), "zh-CN"));
    assert_eq!(info.area[0].polygon, ["32.200000,118.100000 32.200000,118.120000 32.210000,118.120000 32.200000,118.100000"]);
    assert!(made.alert.identifier.starts_with("ying-ji@park.gov.cn-20260120090000-"));
    assert!(made.xml.contains("&lt;关窗&gt; &amp; 关空调"));
}

#[test]
fn updates_and_cancellations_name_what_they_change() {
    let first = make(&draft()).alert;
    let mut next = draft();
    next["update"] = json!(Reference::to(&first).text());
    next["sent"] = json!("2026-01-20T02:00:00.250Z");
    let update = make(&next);
    assert_eq!(update.findings.0, []);
    assert_eq!((update.alert.msg_type.as_str(), update.alert.sent.as_str()), ("Update", "2026-01-20T02:00:00+00:00"));
    assert_eq!(references(&update.alert.references), [Ok(Reference::to(&first))]);
    let cancel = make(&json!({"sender": "ying-ji@park.gov.cn", "status": "Exercise", "sent": "2026-01-20T11:00:00+08:00",
        "cancel": {"sender": update.alert.sender, "identifier": update.alert.identifier, "sent": update.alert.sent}}));
    assert_eq!(cancel.findings.0, []);
    let all = [cancel.alert.clone(), first.clone(), update.alert.clone()];
    let (got, found) = states("F", &all, Lang::Zh);
    assert_eq!((got, found.len()), (vec![State::Message, State::Replaced, State::Cancelled], 0));
    // An update after the cancellation is wrong, and so is one identifier twice.
    let late = Alert { identifier: "late".into(), sent: "2026-01-20T12:00:00+08:00".into(), ..update.alert.clone() };
    let late = Alert { references: Reference::to(&update.alert).text(), ..late };
    let (_, found) = states("F", &[all[0].clone(), all[1].clone(), all[2].clone(), late, first], Lang::Zh);
    let mut rules: Vec<&str> = found.iter().map(|f| f.rule.as_str()).collect();
    rules.sort_unstable();
    assert_eq!(rules, ["cap.after_cancel", "cap.identifier_twice"]);
}

#[test]
fn other_coordinates_are_converted_not_assumed() {
    let mut moved = draft();
    moved["info"]["area"]["coordinates"] = json!("GCJ-02");
    assert!(make(&moved).alert.info[0].area[0].polygon[0].starts_with("32.200000,118.095000"));
    let found = |d: &Value| make(d).findings.iter().map(|f| f.rule.clone()).collect::<Vec<_>>();
    moved["info"]["area"]["coordinates"] = json!("Mars");
    assert_eq!(found(&moved), ["cap.unknown_coordinates"]);
    moved["info"]["area"] = json!({"areaDesc": "x", "coordinates": "GCJ-02", "polygon": "1,1 1,2 2,2 1,1"});
    assert_eq!(found(&moved), ["cap.polygon_not_wgs84"]);
}

#[test]
fn bad_drafts_are_sentences() {
    let found = |change: fn(&mut Value)| {
        let mut d = draft();
        change(&mut d);
        make(&d).findings.iter().map(|f| f.rule.clone()).collect::<Vec<_>>()
    };
    assert_eq!(found(|d| d["colour"] = json!("紫")), ["cap.unknown_colour"]);
    assert_eq!(found(|d| d["statuss"] = json!("Test")), ["cap.draft_field"]);
    assert_eq!(found(|d| d["status"] = json!("Real")), ["cap.bad_value"]);
    assert_eq!(found(|d| d["sender"] = json!("应急 局")), ["cap.name_form"]);
    assert_eq!(found(|d| d["scope"] = json!("Restricted")), ["cap.scope_needs"]);
    assert_eq!(found(|d| d["msgType"] = json!("Update")), ["cap.needs_references"]);
    assert_eq!(found(|d| d["info"]["expires"] = json!("2026-01-19T12:00:00+08:00")), ["cap.expires_before"]);
    assert_eq!(found(|d| d["info"]["expires"] = json!("tomorrow")), ["cap.bad_time"]);
    assert_eq!(found(|d| d["info"]["area"]["polygon"] = json!("118.1,32.2 1,1 2,2 118.1,32.2")), ["cap.point_out_of_range"]);
    assert_eq!(found(|d| d["info"]["area"]["polygon"] = json!("0,0 1,1 1,0 0,1 0,0")), ["cap.polygon_crosses_itself"]);
    assert_eq!(found(|d| *d = json!(3)), ["cap.draft_not_json"]);
}

/// Cases and verdicts were made with the OASIS schema by `scripts/oracles/cap_schema.py`.
#[test]
fn the_table_says_what_the_schema_says() {
    let mut cases = 0;
    let mut valid = 0;
    let mut full = String::new();
    let mut wrong = Vec::new();
    for row in csv::Reader::from_reader(include_str!("../tests/schema_cases.csv").as_bytes()).records() {
        let row = row.unwrap();
        let (from, to): (usize, usize) = (row[2].parse().unwrap(), row[3].parse().unwrap());
        let xml = format!("{}{}{}", &full[..from], &row[4], &full[to..]);
        if cases == 0 {
            full.clone_from(&xml);
        }
        let root = crate::tree::parse(xml.as_bytes());
        let got = root.as_ref().is_ok_and(|r| r.name == "alert" && !crate::schema::check("F", r, Lang::Zh).has_error());
        if got != (&row[1] == "valid") {
            wrong.push(row[0].to_owned());
        }
        cases += 1;
        valid += usize::from(got);
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(cases >= 90 && valid >= 20, "{cases} {valid}");
}

#[test]
fn foreign_forms_are_read() {
    let body = "<identifier>a</identifier><sender>b</sender><sent>2024-01-01T00:00:00-00:00</sent><status>Test</status><msgType>Ack</msgType><scope>Public</scope><references>x,y,2023-12-31T00:00:00-00:00</references>";
    let ns = "urn:oasis:names:tc:emergency:cap:1.2";
    let plain = format!("<alert xmlns=\"{ns}\">{body}</alert>");
    assert_eq!(rules(&plain), Vec::<String>::new());
    assert_eq!(rules(&format!("\u{feff}{plain}")), Vec::<String>::new());
    let prefixed = format!(
        "<cap:alert xmlns:cap=\"{ns}\">{}</cap:alert>",
        body.replace("</", "</cap:").replace("<cap:/", "</").replace('<', "<cap:").replace("<cap:/cap:", "</cap:")
    );
    assert_eq!(rules(&prefixed), Vec::<String>::new());
    let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>a</identifier><sender>b</sender><sent>2024-01-01T00:00:00-00:00</sent><status>Test</status><msgType>Alert</msgType><scope>Public</scope><info><category>Geo</category><event>caf\xe9</event><urgency>Past</urgency><severity>Minor</severity><certainty>Observed</certainty></info></alert>";
    assert_eq!(read("F", latin, Lang::Zh).alerts[0].info[0].event, "café");
    let older = plain.replace(":1.2", ":1.1");
    assert_eq!(rules(&older), ["cap.older_version@F:1"]);
    let two = format!("<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<entry>{plain}</entry>\n<entry>{plain}</entry></feed>");
    assert_eq!((read("F", two.as_bytes(), Lang::Zh).alerts.len(), rules(&two)), (2, vec!["cap.in_envelope@F:1".to_owned()]));
    assert_eq!(rules("<rss/>"), ["cap.no_alert@F:1"]);
    assert_eq!(rules("<!DOCTYPE a [<!ENTITY x \"y\">]><alert>&x;</alert>"), ["cap.not_xml@F:1"]);
    assert_eq!(rules("<alert>\n<a>\n</alert>"), ["cap.not_xml@F:3"]);
    let lines = plain.replace("<status>Test", "\n\n<status>Real");
    assert_eq!(rules(&lines), ["cap.bad_value@F:3"]);
}

#[test]
fn times_are_strict() {
    for (text, fits) in [
        ("2024-06-01T08:00:00+08:00", true),
        ("2024-06-01T08:00:00-00:00", true),
        ("2024-02-30T08:00:00+08:00", false),
        ("2024-06-01T08:00:00Z", false),
        ("2024-06-01T08:00:00.5+08:00", false),
        ("2024-06-01T24:00:00+08:00", true),
        ("2024-06-01T08:00:00+14:30", false),
        ("2024-06-01T08:00:60+08:00", false),
        ("2024-06-01 08:00:00+08:00", false),
        ("", false),
    ] {
        assert_eq!(is_valid(text), fits, "{text}");
    }
    assert_eq!(instant("2024-06-01T24:00:00+08:00"), instant("2024-06-01T16:00:00+00:00"));
    assert!(instant("2024-06-01T08:00:00+08:00") < instant("2024-06-01T08:00:00-05:00"));
}

#[test]
fn colours_are_read_in_every_form() {
    for text in ["红", "红色", "红色预警", "Red", "I级", "一级"] {
        assert_eq!(Colour::parse(text), Some(Colour::Red), "{text}");
    }
    assert_eq!(Colour::parse("绿"), None);
    assert!(polygon::read_circle("32.2,118.1 0").is_ok() && polygon::read_circle("32.2,118.1").is_err());
}

fn words() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9 <>&\"'\u{4e00}-\u{4e20}\u{1F525}]{0,12}".prop_map(|s| s.trim().to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// What is written is read back, whatever the texts hold.
    #[test]
    fn writing_and_reading_are_one(a in words(), b in words(), c in words(), n in 0_usize..3) {
        let pair = || Pair { value_name: a.clone(), value: b.clone() };
        let info = Info {
            language: "zh-CN".into(), category: vec!["Fire".into(), "Env".into()], event: format!("e{a}"), urgency: "Past".into(), severity: "Minor".into(),
            certainty: "Likely".into(), headline: b.clone(), description: c.clone(), event_code: vec![pair(); n], parameter: vec![pair(); n],
            resource: vec![Resource { resource_desc: format!("r{c}"), mime_type: "image/png".into(), size: "3".into(), ..Resource::default() }; n],
            area: vec![Area { area_desc: format!("x{a}"), polygon: vec!["1,1 1,2 2,2 1,1".into()], circle: vec!["1,1 2".into()], geocode: vec![pair()], altitude: "1.5".into(), ceiling: "9".into() }; n],
            ..Info::default()
        };
        let alert = Alert {
            identifier: "id".into(), sender: "s".into(), sent: "2024-06-01T08:00:00+08:00".into(), status: "Test".into(), msg_type: "Alert".into(), scope: "Private".into(),
            addresses: "x".into(), note: c.clone(), code: vec![format!("c{b}")], info: vec![info; n], ..Alert::default()
        };
        let back = read("F", write::write(&alert).as_bytes(), Lang::Zh);
        prop_assert!(!back.findings.has_error(), "{:?}", back.findings);
        prop_assert_eq!(&back.alerts[0], &alert);
    }

    #[test]
    fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "[<>/a-z=\"'&;!\\[\\]\\-\\? ]{0,80}") {
        let _ = read("F", &bytes, Lang::En);
        let _ = read("F", text.as_bytes(), Lang::En);
        let _ = compose("F", &bytes, "x", &shift, Lang::En);
        let _ = is_valid(&text);
        let _ = instant(&String::from_utf8_lossy(&bytes));
        let _ = polygon::read(&text);
    }
}
