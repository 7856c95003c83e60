//! The engine's station against a platform written by another hand.

#![allow(clippy::unwrap_used, reason = "a test helper fails by panicking")]

use hj212::Book;
use hj212::body::{Body, Reading};
use hj212::frame::{self, Step};
use hj212::message;
use hj212::session::Patience;
use hj212::session::station::{Logger, Out, Settings, Station};
use hj212::value::Moment;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

struct Records;

fn hour(time: Moment) -> Body {
    Body::Data { time, readings: vec![Reading::of("w01018", &[("Avg", "40.1"), ("Flag", "N")])] }
}

impl Logger for Records {
    fn history(&mut self, _: u16, begin: Moment, end: Moment) -> Vec<Body> {
        (begin.0..=end.0).step_by(3_600).map(|t| hour(Moment(t))).collect()
    }
    fn read(&mut self, cn: u16, _: &Body, now: i64) -> Option<Body> {
        (cn == 1011).then_some(Body::Clock { factor: None, time: Some(Moment(now / 1000)) })
    }
    fn execute(&mut self, _: u16, _: &Body, _: i64) -> u64 {
        1
    }
}

#[test]
fn a_platform_written_by_another_hand_is_satisfied() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/second/hj212_second.py");
    let mut child = match Command::new("python3").args([script, "platform"]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(e) if e.kind() == ErrorKind::NotFound => return eprintln!("skipped: no python3"),
        Err(e) => panic!("{e}"),
    };
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let port: u16 = lines.next().unwrap().unwrap().trim().parse().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let book = Book::embedded();
    let mut station = Station::new(Settings {
        dialect: book.dialects.get("2017").unwrap().clone(),
        mn: "010000A8900016F000169DC0".into(),
        pw: "123456".into(),
        st: "32".into(),
        patience: Patience::MOBILE,
        realtime_interval_s: 60,
        minute_interval: 10,
        realtime: true,
        equipment: false,
        wants_answer: true,
        heartbeat_ms: None,
    });
    let start = Moment::of(2026, 1, 1, 12, 0, 0).unwrap();
    let (mut now, mut out, mut buffer, mut delivered) = (start.0 * 1000, Vec::new(), Vec::new(), 0);
    station.connected(now, &mut out);
    for n in 0..3 {
        station.upload(2061, hour(Moment(start.0 + n * 3_600)), now, &mut out);
    }
    loop {
        for item in out.drain(..) {
            match item {
                Out::Send(bytes) => stream.write_all(&bytes).unwrap(),
                Out::Delivered(_) => delivered += 1,
                Out::LinkDown => panic!("the platform answers"),
            }
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => break,
            Ok(n) => buffer.extend_from_slice(&chunk[..n]),
        }
        while let Step::Frame(frame) = frame::next(&buffer, false) {
            now += 10;
            assert!(frame.verdicts.is_empty());
            station.receive(&message::parse(frame.segment), now, &book, &mut Records, &mut out);
            let used = frame.used;
            buffer.drain(..used);
        }
    }
    let report: serde_json::Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert!(child.wait().unwrap().success());
    let done = |cn: &str| report["results"][cn].clone();
    for cn in ["1012", "1000", "1011", "2061"] {
        assert_eq!(done(cn), serde_json::json!([["9011", "1"], ["9012", "1"]]), "{cn}");
    }
    // 30 s is taken, 7 s is out of the standard's range: accepted, then condition wrong.
    assert_eq!(done("1062"), serde_json::json!([["9011", "1"], ["9012", "1"], ["9011", "1"], ["9012", "3"]]));
    assert_eq!(done("3022"), serde_json::json!([["9011", "8"]]), "2017 has no 3022");
    assert_eq!(done("2012"), serde_json::json!([["9013", ""]]));
    // The clock once, three hours of history among the data of the request.
    let history: Vec<&str> = report["data"].as_array().unwrap().iter().filter(|d| d[0] == "2061").map(|d| d[1].as_str().unwrap()).collect();
    assert_eq!(history, ["20260101000000", "20260101010000", "20260101020000"]);
    assert_eq!(delivered, 6);
    assert_eq!(
        (station.settings.realtime_interval_s, station.settings.realtime, station.settings.patience.over_time_ms),
        (30, false, 5_000)
    );
}
