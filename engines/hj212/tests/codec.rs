//! encode ∘ decode: every body comes back, and every message of the sample file is written as it was read.

#![allow(clippy::unwrap_used, reason = "a test helper fails by panicking")]

use hj212::body::{Body, Reading};
use hj212::command::{BodyKind, Commands};
use hj212::encode::{Outgoing, Qn, frame_of, split};
use hj212::frame::{self, Step};
use hj212::message::{self, Flag};
use hj212::value::Moment;
use proptest::prelude::*;

fn moment() -> impl Strategy<Value = Moment> {
    (1_000_000_000i64..2_000_000_000).prop_map(Moment)
}
fn factor() -> impl Strategy<Value = String> {
    proptest::sample::select(vec!["w01018", "w21003", "a21026", "011", "LA", "SB1"]).prop_map(str::to_owned)
}
fn reading() -> impl Strategy<Value = Reading> {
    let suffix = proptest::sample::select(vec!["Rtd", "Min", "Avg", "Max", "Cou", "ZsAvg", "Flag", "EFlag"]);
    let value = prop_oneof!["[0-9]{1,4}\\.[0-9]{1,3}", "[NFMSDCTB]", Just(String::new())];
    (factor(), proptest::collection::vec((suffix.prop_map(str::to_owned), value), 1..5)).prop_map(|(code, values)| Reading { code, values })
}
fn log() -> impl Strategy<Value = Reading> {
    "[更换清洗;,=#& a-z0-9]{0,40}".prop_map(|text| Reading { code: "i11001".into(), values: vec![("Info".into(), format!("//{text}//"))] })
}
fn readings() -> impl Strategy<Value = Vec<Reading>> {
    // Neighbours of one code in two groups stay two readings; that is what is on the wire.
    proptest::collection::vec(reading(), 0..8)
}

/// A body together with the command that carries it.
fn body() -> impl Strategy<Value = (u16, Body)> {
    prop_oneof![
        Just((9014, Body::Empty)),
        (1u64..100, 1u64..100).prop_map(|(o, r)| (1000, Body::Timeouts { over_time_s: o, resends: r })),
        (proptest::option::of(factor()), moment()).prop_map(|(factor, t)| (1012, Body::Clock { factor, time: Some(t) })),
        (30u64..3600).prop_map(|s| (1062, Body::RealtimeInterval(s))),
        (1u64..30).prop_map(|m| (1064, Body::MinuteInterval(m))),
        "[0-9]{6}".prop_map(|p| (1072, Body::Password(p))),
        (moment(), moment()).prop_map(|(begin, end)| (2051, Body::History { begin, end })),
        (moment(), readings()).prop_map(|(time, readings)| (2011, Body::Data { time, readings })),
        (moment(), readings()).prop_map(|(time, readings)| (2061, Body::Data { time, readings })),
        (moment(), moment()).prop_map(|(time, restarted)| (2081, Body::Restart { time, restarted })),
        (factor(), proptest::option::of(0u64..2)).prop_map(|(factor, calibration)| (3011, Body::Target { factor, calibration })),
        (moment(), 1u64..99).prop_map(|(time, bottle)| (3015, Body::KeptSample { time, bottle })),
        (factor(), 1u64..25).prop_map(|(factor, hours)| (3016, Body::SamplingCycle { factor, start: "000000".into(), hours })),
        (factor(), 1u64..121).prop_map(|(factor, minutes)| (3018, Body::SamplingTime { factor, minutes })),
        factor().prop_map(|factor| (3019, Body::Identity { factor, serial: "010000A8900016F000169DC1".into() })),
        (proptest::option::of(moment()), proptest::option::of(factor()), log()).prop_map(|(time, factor, log)| (
            3020,
            Body::SiteInfo { time, factor, info: None, begin: None, end: None, readings: vec![log] }
        )),
        Just((1014, Body::Key { created: Some("20240601085857223".into()), key: Some("0000000000000000".into()) })),
        (1u64..101).prop_map(|c| (9011, Body::RequestAnswer(c))),
        (1u64..101).prop_map(|c| (9012, Body::Result(c))),
        ("[A-Z][a-z]{2,8}", "[0-9a-z]{1,9}")
            .prop_map(|(n, v)| (2077, Body::Raw(vec![vec![(n.clone(), v.clone()), ("X".into(), v)], vec![(n, "1".into())]]))),
    ]
}

proptest! {
    #[test]
    fn every_body_comes_back((cn, body) in body(), qn in 946_684_800_000i64..4_102_444_800_000, version in 0u8..3, answer: bool, packet in proptest::option::of((1u32..5, 5u32..9))) {
        let commands = Commands::embedded();
        let out = Outgoing {
            qn: Some(Qn(qn).to_string()), st: "32".into(), cn, pw: "123456".into(), mn: "010000A8900016F000169DC0".into(),
            flag: Some(Flag::of(version, packet.is_some(), answer)), packet, body,
        };
        let bytes = out.frame().unwrap();
        let Step::Frame(frame) = frame::next(&bytes, false) else { panic!("a frame") };
        prop_assert!(frame.verdicts.is_empty());
        prop_assert_eq!(frame.used, bytes.len());
        let back = Outgoing::of(&message::parse(frame.segment), &commands).unwrap();
        prop_assert_eq!(Qn::read(back.qn.as_deref().unwrap().as_bytes()), Some(Qn(qn)));
        prop_assert_eq!(back, out);
    }

    #[test]
    fn packets_hold_whole_items_and_all_of_them(time in moment(), readings in proptest::collection::vec(reading(), 1..60)) {
        let packets = split(time, &readings, 950);
        let mut joined = Vec::new();
        for packet in &packets {
            prop_assert!(packet.write().len() <= 950);
            let Body::Data { time: t, readings } = packet else { panic!() };
            prop_assert_eq!(*t, time);
            joined.extend(readings.clone());
        }
        prop_assert_eq!(joined, readings);
    }
}

#[test]
fn sample_messages_are_written_as_they_were_read() {
    let Some(text) = testing::shared_text("reference/environment/hj212_samples.csv") else { return };
    let commands = Commands::embedded();
    let (mut same, mut raw) = (0, Vec::new());
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        let row = row.unwrap();
        let bytes = row[1].as_bytes();
        let Step::Frame(frame) = frame::next(bytes, true) else { continue };
        if frame.verdicts.of(hj212::Group::Frame).next().is_some() {
            continue;
        }
        let message = message::parse(frame.segment);
        let Some(out) = Outgoing::of(&message, &commands) else { continue };
        if matches!(out.body, Body::Raw(_)) {
            raw.push(row[0].to_owned());
        }
        if out.segment().as_bytes() == frame.segment {
            same += 1;
            assert_eq!(frame_of(frame.segment).unwrap()[..], out.frame().unwrap()[..]);
        }
    }
    // What differs writes blanks, commas or the fields' order in its own way; what stays raw has a name of its own or a 17-digit time.
    assert!(same >= 90, "{same}");
    assert!(raw.len() <= 6, "{raw:?}");
}

#[test]
fn every_command_has_a_body_that_reads_its_fields() {
    for command in Commands::embedded().all() {
        assert!(command.number() >= 1000 && command.cn.len() == 4);
        assert!(!command.dialects.is_empty() && !command.zh.is_empty() && !command.en.is_empty() && !command.source.is_empty());
        assert_eq!(command.body == BodyKind::Unknown, command.confidence == values::Confidence::C, "{}", command.cn);
    }
}

proptest! {
    #[test]
    fn the_fast_answer_is_the_answer(qn in proptest::option::of("[0-9]{13,17}"), pw in "[0-9]{6}", mn in "[0-9A-F]{24}", version in 0u8..64, cn in proptest::sample::select(vec![9013u16, 9014])) {
        let head = qn.map_or(String::new(), |q| format!("QN={q};"));
        let text = format!("{head}ST=32;CN=2011;PW={pw};MN={mn};Flag=5;CP=&&&&");
        let to = message::parse(text.as_bytes());
        let dialect = hj212::dialect::Dialect { version, ..hj212::dialect::Dialects::embedded().get("2017").unwrap().clone() };
        let mut fast = b"before".to_vec();
        hj212::encode::answer_into(&mut fast, &to, cn, version);
        let slow = hj212::encode::answer(&to, cn, Body::Empty, &dialect).frame().unwrap();
        prop_assert_eq!(&fast[6..], &slow[..]);
    }
}
