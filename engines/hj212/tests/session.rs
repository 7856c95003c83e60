//! Both ends talk over a pipe that loses, reorders and doubles; nothing is lost, nothing counts twice.

#![allow(clippy::unwrap_used, reason = "a test helper fails by panicking")]

use hj212::body::{Body, Reading};
use hj212::check::Book;
use hj212::encode::Qn;
use hj212::frame::{self, Step};
use hj212::message;
use hj212::session::Patience;
use hj212::session::platform::{self, End, FirstConnection, Platform, Received};
use hj212::session::station::{self, Logger, Station};
use hj212::value::Moment;
use std::collections::{BTreeMap, BTreeSet};

const START: i64 = 1_700_000_000_000;

struct Records;
impl Logger for Records {
    fn history(&mut self, _: u16, begin: Moment, end: Moment) -> Vec<Body> {
        (begin.0..=end.0).step_by(3600).map(|t| data(Moment(t))).collect()
    }
    fn read(&mut self, cn: u16, asked: &Body, now: i64) -> Option<Body> {
        match (cn, asked) {
            (1011, _) => Some(Body::Clock { factor: None, time: Some(Moment(now / 1000)) }),
            (3019, Body::Target { factor, .. }) => {
                Some(Body::Identity { factor: factor.clone(), serial: "010000A8900016F000169DC1".into() })
            }
            _ => None,
        }
    }
    fn execute(&mut self, cn: u16, _: &Body, _: i64) -> u64 {
        u64::from(cn != 3014)
    }
}

fn data(time: Moment) -> Body {
    Body::Data { time, readings: vec![Reading::of("w01018", &[("Avg", "40.1"), ("Flag", "N")])] }
}

fn ends(book: &Book) -> (Platform, Station) {
    let dialect = book.dialects.get("2017").unwrap().clone();
    let (mn, pw, st) = ("010000A8900016F000169DC0".to_owned(), "123456".to_owned(), "32".to_owned());
    let station = station::Settings {
        dialect: dialect.clone(),
        mn: mn.clone(),
        pw: pw.clone(),
        st: st.clone(),
        patience: Patience::MOBILE,
        realtime_interval_s: 60,
        minute_interval: 10,
        realtime: false,
        equipment: false,
        wants_answer: true,
        heartbeat_ms: None,
    };
    (Platform::new(platform::Settings { dialect, mn, pw, st, patience: Patience::MOBILE }), Station::new(station))
}

/// A small generator, so that each seed is one run.
struct Dice(u64);
impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

struct Pipe {
    loss: u64,
    double: u64,
    delay: u64,
    /// Arrival time → (to the platform?, bytes).
    air: BTreeMap<(i64, u64), (bool, Vec<u8>)>,
    count: u64,
}

impl Pipe {
    fn send(&mut self, now: i64, up: bool, bytes: Vec<u8>, dice: &mut Dice) {
        let copies = if dice.roll(100) < self.double { 2 } else { 1 };
        for _ in 0..copies {
            if dice.roll(100) >= self.loss {
                self.count += 1;
                self.air.insert((now + 5 + dice.roll(self.delay + 1) as i64, self.count), (up, bytes.clone()));
            }
        }
    }
}

#[derive(Default)]
struct Kept {
    segments: BTreeSet<Vec<u8>>,
    ended: Vec<(u16, End)>,
    link_downs: usize,
}

/// Plays until nothing is to be done or the time is over.
fn play(
    book: &Book,
    platform: &mut Platform,
    station: &mut Station,
    pipe: &mut Pipe,
    mut work: Vec<(i64, Work)>,
    seed: u64,
) -> (Kept, BTreeSet<Qn>) {
    let mut dice = Dice(seed);
    let (mut now, mut kept, mut delivered) = (START, Kept::default(), BTreeSet::new());
    let (mut down, mut up) = (Vec::new(), Vec::new());
    station.connected(now, &mut up);
    work.sort_by_key(|(at, _)| *at);
    work.reverse();
    let mut reconnect: Option<i64> = None;
    for _ in 0..200_000 {
        for out in down.drain(..) {
            match out {
                platform::Out::Send(bytes) => pipe.send(now, false, bytes, &mut dice),
                platform::Out::Ended { cn, end, .. } => kept.ended.push((cn, end)),
                platform::Out::LinkDown => kept.link_downs += 1,
            }
        }
        for out in up.drain(..) {
            match out {
                station::Out::Send(bytes) => pipe.send(now, true, bytes, &mut dice),
                station::Out::Delivered(qn) => assert!(delivered.insert(qn), "delivered once"),
                station::Out::LinkDown => {
                    kept.link_downs += 1;
                    pipe.air.clear();
                    reconnect = Some(now + 30_000);
                }
            }
        }
        let next = [
            pipe.air.keys().next().map(|(at, _)| *at),
            platform.deadline(),
            station.deadline(),
            work.last().map(|(at, _)| START + at),
            reconnect,
        ];
        let Some(at) = next.into_iter().flatten().min() else { break };
        now = now.max(at);
        if reconnect.is_some_and(|r| r <= now) {
            reconnect = None;
            // A new link has a new platform machine; what it asked for on the old one is over.
            *platform = Platform::new(platform.settings().clone());
            station.connected(now, &mut up);
        }
        while work.last().is_some_and(|(at, _)| START + at <= now) {
            match work.pop().unwrap().1 {
                Work::Upload(cn, body) => drop(station.upload(cn, body, now, &mut up)),
                Work::Ask(cn, body) => platform.request(cn, body, now, &mut down),
                Work::SetUp(first) => platform.set_up(first, now, book, &mut down),
            }
        }
        while let Some(entry) = pipe.air.first_entry().filter(|e| e.key().0 <= now) {
            let (to_platform, bytes) = entry.remove();
            let Step::Frame(frame) = frame::next(&bytes, true) else { panic!("whole frames travel") };
            let message = message::parse(frame.segment);
            if to_platform {
                if platform.receive(&message, now, book, &mut down) == Received::Upload {
                    kept.segments.insert(frame.segment.to_vec());
                }
            } else {
                station.receive(&message, now, book, &mut Records, &mut up);
            }
        }
        platform.tick(now, &mut down);
        station.tick(now, &mut up);
    }
    (kept, delivered)
}

enum Work {
    Upload(u16, Body),
    Ask(u16, Body),
    SetUp(FirstConnection),
}

const ALL: FirstConnection =
    FirstConnection { realtime_interval_s: Some(30), minute_interval: Some(10), realtime: Some(true), equipment: Some(false) };

#[test]
fn a_good_link_does_everything_in_order() {
    let book = Book::embedded();
    let (mut platform, mut station) = ends(&book);
    let mut pipe = Pipe { loss: 0, double: 0, delay: 0, air: BTreeMap::new(), count: 0 };
    let history = Body::History { begin: Moment(1_700_000_000), end: Moment(1_700_000_000 + 4 * 3600) };
    let work = vec![
        (0, Work::SetUp(ALL)),
        (1_000, Work::Ask(1011, Body::Empty)),
        (1_100, Work::Ask(2061, history)),
        (1_200, Work::Ask(3014, Body::Target { factor: "w01018".into(), calibration: None })),
        (1_300, Work::Ask(3022, Body::Empty)),
        (1_400, Work::Ask(1062, Body::RealtimeInterval(7))),
        (2_000, Work::Upload(1013, Body::Empty)),
        (3_000, Work::Upload(2051, data(Moment(1_700_000_000)))),
    ];
    let (kept, delivered) = play(&book, &mut platform, &mut station, &mut pipe, work, 1);
    let order: Vec<u16> = kept.ended.iter().map(|(cn, _)| *cn).collect();
    assert_eq!(order, [1012, 1000, 1062, 1064, 2011, 2022, 1011, 2061, 3014, 3022, 1062, 1012]);
    let odd: Vec<&(u16, End)> = kept.ended.iter().filter(|(_, end)| *end != End::Result(1)).collect();
    // 3014 fails by itself, 3022 is unknown to 2017, 7 s is below the least interval.
    assert_eq!(odd, [&(3014, End::Result(0)), &(3022, End::Refused(8)), &(1062, End::Result(3))]);
    assert_eq!((station.settings.realtime_interval_s, station.settings.realtime, station.settings.equipment), (30, true, false));
    assert_eq!((delivered.len(), kept.link_downs, station.waiting()), (7, 0, 0));
    // Five hours of history, one upload, and the clock read by 1011, each kept once.
    assert_eq!(kept.segments.len(), 7);
}

#[test]
fn a_bad_link_loses_nothing_and_ends_everything() {
    let book = Book::embedded();
    let (mut total_downs, mut total_resent) = (0, 0);
    for seed in 0..60u64 {
        let (mut platform, mut station) = ends(&book);
        let mut pipe = Pipe { loss: 5 + seed % 40, double: 20, delay: 15_000 * (seed % 2), air: BTreeMap::new(), count: 0 };
        let mut work: Vec<(i64, Work)> = (0..30).map(|n| (n * 20_000, Work::Upload(2051, data(Moment(1_700_000_000 + n * 600))))).collect();
        work.push((0, Work::SetUp(ALL)));
        work.extend((0..5).map(|n| (50_000 + n * 40_000, Work::Ask(1011, Body::Empty))));
        work.push((250_000, Work::Ask(2061, Body::History { begin: Moment(1_700_000_000), end: Moment(1_700_020_000) })));
        let (kept, delivered) = play(&book, &mut platform, &mut station, &mut pipe, work, seed);
        assert_eq!(station.waiting(), 0, "seed {seed}: all is through in the end");
        let uploads: BTreeSet<Qn> = kept
            .segments
            .iter()
            .filter_map(|s| {
                let m = message::parse(s);
                m.header.wants_answer().then(|| Qn::read(m.header.qn.unwrap()).unwrap())
            })
            .collect();
        // All that the station holds acknowledged was kept, and the other way round, each once.
        assert_eq!(delivered, uploads, "seed {seed}");
        assert!(delivered.len() >= 30, "seed {seed}: {}", delivered.len());
        let results = kept.ended.iter().filter(|(_, end)| matches!(end, End::Result(1))).count();
        total_resent += usize::from(results < 11);
        total_downs += kept.link_downs;
    }
    assert!(total_downs > 5 && total_resent > 0, "the pipe was bad enough to matter: {total_downs} {total_resent}");
}

#[test]
fn requests_give_up_as_table_1_says() {
    let book = Book::embedded();
    let (mut platform, _) = ends(&book);
    let mut out = Vec::new();
    platform.request(1011, Body::Empty, START, &mut out);
    let mut sent = 0;
    let mut now = START;
    while let Some(at) = platform.deadline() {
        assert_eq!(at - now, 10_000);
        now = at;
        platform.tick(now, &mut out);
    }
    for o in &out {
        sent += usize::from(matches!(o, platform::Out::Send(_)));
    }
    assert_eq!(sent, 4, "once and three re-sends");
    assert!(matches!(out[4..], [platform::Out::Ended { end: End::NoAnswer, .. }, platform::Out::LinkDown]));
}

#[test]
fn a_request_that_was_accepted_is_not_sent_again() {
    let book = Book::embedded();
    let (mut platform, _) = ends(&book);
    let mut out = Vec::new();
    platform.request(2061, Body::Empty, START, &mut out);
    let platform::Out::Send(bytes) = &out[0] else { panic!() };
    let Step::Frame(frame) = frame::next(bytes, true) else { panic!() };
    let yes = hj212::encode::answer(&message::parse(frame.segment), 9011, Body::RequestAnswer(1), &platform.settings().dialect).segment();
    out.clear();
    platform.receive(&message::parse(yes.as_bytes()), START + 100, &book, &mut out);
    platform.tick(START + 10_100, &mut out);
    assert!(matches!(out[..], [platform::Out::Ended { end: End::NoResult, .. }]));
}

#[test]
fn heartbeats_logins_and_unknown_commands_keep_the_link() {
    let book = Book::embedded();
    let (mut platform, mut station) = ends(&book);
    station.settings.heartbeat_ms = Some(60_000);
    let mut up = Vec::new();
    station.connected(START, &mut up);
    station.tick(START + 60_000, &mut up);
    assert_eq!(up.len(), 1);
    for (cn, answered, received) in
        [("9021", "CN=9013", Received::Notice), ("9015", "CN=9013", Received::Notice), ("2999", "CN=9014", Received::Unknown)]
    {
        let text = format!("QN=20240601085857223;ST=21;CN={cn};PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&&&");
        let mut out = Vec::new();
        assert_eq!(platform.receive(&message::parse(text.as_bytes()), START, &book, &mut out), received);
        let [platform::Out::Send(bytes)] = &out[..] else { panic!("{cn}") };
        let bytes = String::from_utf8_lossy(bytes);
        assert!(
            bytes.contains(answered) && bytes.contains("ST=91") && bytes.contains("Flag=4;") && bytes.contains("QN=20240601085857223"),
            "{bytes}"
        );
    }
}
