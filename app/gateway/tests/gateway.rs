//! The gateway over loopback: durable, answered, replayed, killed.

#![allow(clippy::unwrap_used, reason = "a test helper fails by panicking")]

use gateway::config::{Config, Station};
use gateway::segment::{Disk, Kind, Log, Media, Medium};
use gateway::{Handle, Running};
use hj212::crc;
use hj212::frame::{self, Step};
use hj212::message;
use hj212::value::Moment;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A directory of its own for each test, empty at its start, gone at its end.
struct Dir(PathBuf);
impl Dir {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("suyuan-gateway-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}
impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn mn(n: usize) -> String {
    format!("010000A8900016F0001{n:05}")
}

fn config(dir: &Path, stations: usize) -> Config {
    let station = |n| Station { mn: mn(n), pw: "123456".into(), minute_interval: 1, ..Station::default() };
    Config {
        listen: "127.0.0.1:0".into(),
        data: dir.to_owned(),
        segment_bytes: 256 * 1024,
        half_frame_ms: 200,
        rate: 1e9,
        burst: 1e9,
        stations: (0..stations).map(station).collect(),
        ..Config::default()
    }
}

fn wire(segment: &str) -> String {
    format!("##{:04}{segment}{:04X}\r\n", segment.len(), crc::hj212(segment.as_bytes()))
}

/// Minute data of a station: the n-th minute of 2026.
fn minute(station: usize, n: i64) -> String {
    let time = Moment(Moment::of(2026, 1, 1, 0, 0, 0).unwrap().0 + n * 60);
    let value = 40 + n % 17;
    wire(&format!(
        "QN={time}{:03};ST=32;CN=2051;PW=123456;MN={};Flag=5;CP=&&DataTime={time};w00000-Cou=0.60,w00000-Avg=10.0,w00000-Flag=N;w01018-Avg={value}.5,w01018-Flag=N&&",
        station % 1000,
        mn(station)
    ))
}

struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        Ok(Self { stream, buffer: Vec::new() })
    }
    fn send(&mut self, bytes: &str) {
        self.stream.write_all(bytes.as_bytes()).unwrap();
    }
    /// The next answer's (CN, QN); None: the link was closed or nothing came within `wait`.
    fn answer(&mut self, wait: Duration) -> Option<(u16, String)> {
        self.stream.set_read_timeout(Some(wait)).unwrap();
        loop {
            match frame::next(&self.buffer, false) {
                Step::Frame(f) => {
                    let m = message::parse(f.segment);
                    let found = (m.header.command()?, String::from_utf8_lossy(m.header.qn.unwrap_or_default()).into_owned());
                    assert!(f.verdicts.is_empty() && m.header.st == Some(b"91") || found.0 < 9000, "{f:?}");
                    let used = f.used;
                    self.buffer.drain(..used);
                    return Some(found);
                }
                Step::Blank(n) => drop(self.buffer.drain(..n)),
                Step::Noise(n) => panic!("noise from the gateway: {n:?}"),
                Step::More => {
                    let mut chunk = [0; 4096];
                    match self.stream.read(&mut chunk) {
                        Ok(0) | Err(_) => return None,
                        // A TLS alert, where the door is encrypted.
                        Ok(_) if chunk[0] == 21 => return None,
                        Ok(n) => self.buffer.extend_from_slice(&chunk[..n]),
                    }
                }
            }
        }
    }
    fn soon(&mut self) -> Option<(u16, String)> {
        self.answer(Duration::from_secs(5))
    }
    fn silent(&mut self) -> bool {
        self.answer(Duration::from_millis(300)).is_none()
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn start(rt: &tokio::runtime::Runtime, config: Config) -> Running {
    rt.block_on(gateway::start(config, None)).unwrap()
}

/// Waits until the state shows what is looked for.
fn until(handle: &Handle, what: &str, mut ready: impl FnMut(&gateway::Status) -> bool) -> gateway::Status {
    for _ in 0..1_000 {
        let status = handle.status();
        if ready(&status) {
            return status;
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    panic!("waited in vain for {what}: {:?}", handle.status());
}

#[test]
fn frames_are_answered_kept_and_read() {
    let (dir, rt) = (Dir::new("answered"), runtime());
    let running = start(&rt, config(&dir.0, 2));
    let handle = running.handle.clone();
    let mut client = Client::connect(handle.address).unwrap();
    let frame = minute(0, 0);
    client.send(&frame);
    let first = client.soon().unwrap();
    assert_eq!(first.0, 9014);
    // The same again: answered again, stored once.
    client.send(&frame);
    assert_eq!(client.soon().unwrap(), first);
    // Half frames, joined frames, noise between, a wrong length with a right check value.
    let (second, third) = (minute(0, 1), minute(0, 2));
    client.send(&second[..50]);
    client.send(&format!("{}noise{third}", &second[50..]));
    let short = minute(0, 3);
    let length: usize = short[2..6].parse().unwrap();
    client.send(&format!("##{:04}{}", length - 5, &short[6..]));
    for _ in 0..3 {
        assert_eq!(client.soon().unwrap().0, 9014);
    }
    // Wrong check value: no answer. No answer wanted: none given. Login and heartbeat: 9013.
    client.send(&minute(0, 4).replace("41", "42").replace("44.5", "99.5"));
    assert!(client.silent());
    let bare = |cn: u16, flag: u8| wire(&format!("QN=20260101000000001;ST=32;CN={cn};PW=123456;MN={};Flag={flag};CP=&&&&", mn(0)));
    client.send(&bare(2011, 4));
    assert!(client.silent());
    client.send(&bare(9021, 5));
    assert_eq!(client.soon().unwrap().0, 9013);
    client.send(&bare(2999, 5));
    assert_eq!(client.soon().unwrap().0, 9014, "unknown commands are kept whole and answered");
    // Unknown MN and wrong password: into quarantine, no answer.
    client.send(&minute(7, 0));
    client.send(&minute(1, 0).replace("PW=123456", "PW=654321"));
    assert!(client.silent());
    let mut stranger = minute(1, 0).replace("PW=123456", "PW=654321");
    stranger = wire(&stranger[6..stranger.len() - 6]);
    client.send(&stranger);
    assert!(client.silent());
    let status = until(&handle, "quarantine", |s| s.quarantine.len() == 2);
    assert_eq!(status.quarantine[&mn(7)].reason, "unknown_mn");
    assert_eq!(status.quarantine[&mn(1)].reason, "wrong_password");
    let station = &status.stations[&mn(0)];
    assert_eq!((station.repeats, station.counters.frames, station.counters.rejected), (1, 7, 1));
    assert_eq!(station.counters.verdicts["length_mismatch_crc_ok"], 1, "never silently");
    assert!(station.connected);
    assert_eq!(handle.with_state(|s| s.store.count(|n| s.rolling(n)).unwrap()), 8, "four minutes of two factors");
    rt.block_on(running.stop()).unwrap();
}

#[test]
fn the_newer_link_wins_and_a_request_reaches_it() {
    let (dir, rt) = (Dir::new("newer"), runtime());
    let mut config = config(&dir.0, 1);
    config.stations[0].set_up =
        Some(gateway::config::SetUp { realtime_interval_s: Some(60), minute_interval: None, realtime: None, equipment: None });
    let running = start(&rt, config);
    let mut old = Client::connect(running.handle.address).unwrap();
    old.send(&minute(0, 0));
    // Set-up of a first connection goes out with the first frame: clock first.
    let mut got = [old.soon().unwrap().0, old.soon().unwrap().0];
    got.sort_unstable();
    assert_eq!(got, [1012, 9014]);
    let mut new = Client::connect(running.handle.address).unwrap();
    new.send(&minute(0, 1));
    assert!(new.soon().is_some() && new.soon().is_some());
    assert_eq!(old.answer(Duration::from_secs(5)), None, "the older link is closed");
    assert!(matches!(old.stream.read(&mut [0; 8]), Ok(0) | Err(_)));
    rt.block_on(running.stop()).unwrap();
}

#[test]
fn hostile_and_silent_links_are_shed() {
    let (dir, rt) = (Dir::new("hostile"), runtime());
    let mut config = config(&dir.0, 1);
    config.max_connections = 2;
    config.silence_s = 1;
    config.max_broken = 5;
    let running = start(&rt, config);
    let mut noisy = Client::connect(running.handle.address).unwrap();
    let _quiet = Client::connect(running.handle.address).unwrap();
    until(&running.handle, "two links", |s| s.links == 2);
    let mut third = Client::connect(running.handle.address).unwrap();
    assert_eq!(third.soon(), None, "no room");
    noisy.send(&"##00x9 rubbish ".repeat(3).replace("##00x9", "##0009aaaaaaaaa0000\r\n"));
    for _ in 0..20 {
        if noisy.stream.write_all(b"##0001#0000 junk ##0001").is_err() {
            break;
        }
    }
    let status = until(&running.handle, "both shed", |s| s.links == 0);
    assert_eq!(status.shed, 3);
    rt.block_on(running.stop()).unwrap();
}

#[test]
fn a_replay_gives_the_same_state_and_late_data_the_same_hours() {
    let (dir, rt) = (Dir::new("replay"), runtime());
    let mut settings = config(&dir.0, 3);
    settings.hot_bytes = 20_000;
    let running = start(&rt, settings.clone());
    let handle = running.handle.clone();
    let mut client = Client::connect(handle.address).unwrap();
    // Out of order, with repeats and a corrected value, over several flushes.
    let order: Vec<i64> = (0..600).map(|n| (n * 7) % 600).chain([5, 6, 7]).collect();
    for chunk in order.chunks(50) {
        for station in 0..3 {
            client.send(&chunk.iter().map(|n| minute(station, *n)).collect::<String>());
            for _ in chunk {
                client.soon().unwrap();
            }
        }
    }
    let corrected = minute(0, 9).replace("49.5", "50.5");
    client.send(&wire(&corrected[6..corrected.len() - 6]));
    client.soon().unwrap();
    rt.block_on(running.stop()).unwrap();
    let again = start(&rt, settings.clone());
    let live = again.handle.with_state(|s| s.digest().unwrap());
    let day = Moment::of(2026, 1, 1, 0, 0, 0).unwrap();
    again.handle.with_state(|s| {
        let rolling = s.rolling(0);
        let hours = s.store.hours(0, gateway::columns::Series::Minute, day, Moment(day.0 + 86_400), &rolling).unwrap();
        let cod = &hours[&s.store.known_factor("w01018").unwrap()];
        assert_eq!(cod.len(), 10);
        // Brute force over the first hour: the minutes 0..60, the ninth corrected.
        let sum: f64 = (0..60).map(|n| if n == 9 { 50.5 } else { 40.5 + f64::from(n % 17) }).sum();
        let agg = cod[&day.0];
        assert_eq!((agg.valid, agg.sum.to_string()), (60, format!("{sum:.1}")));
        assert_eq!(agg.volume.to_string(), "36.00");
    });
    let into = dir.0.join("replayed");
    let (state, damage) = gateway::replay(&settings, &into, u64::MAX).unwrap();
    assert_eq!((state.digest().unwrap(), damage.len()), (live, 0));
    rt.block_on(again.stop()).unwrap();
}

#[test]
fn a_flipped_byte_is_found_and_named() {
    let (dir, rt) = (Dir::new("flipped"), runtime());
    let settings = config(&dir.0, 1);
    let running = start(&rt, settings.clone());
    let mut client = Client::connect(running.handle.address).unwrap();
    for n in 0..2_000 {
        client.send(&minute(0, n));
        if n % 20 == 19 {
            (0..20).for_each(|_| assert!(client.soon().is_some()));
        }
    }
    rt.block_on(running.stop()).unwrap();
    let segments = dir.0.join("segments");
    let mut names: Vec<PathBuf> =
        std::fs::read_dir(&segments).unwrap().flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|x| x == "hjg")).collect();
    names.sort();
    assert!(names.len() >= 2);
    for (name, at) in [(&names[0], 100_000usize), (&names[0], 250), (&names[1], 50_000)] {
        let mut bytes = std::fs::read(name).unwrap();
        bytes[at] ^= 0x40;
        std::fs::write(name, &bytes).unwrap();
        let into = dir.0.join(format!("replay-{at}"));
        let (state, damage) = gateway::replay(&settings, &into, u64::MAX).unwrap();
        let [found] = &damage[..] else { panic!("{damage:?}") };
        assert_eq!(found.segment, name.file_name().unwrap().to_string_lossy());
        assert!(found.offset <= at as u64 && (at as u64) < found.offset + found.bytes, "{found:?}");
        // Only what stood in that one record is gone.
        assert_eq!(state.store.count(|n| state.rolling(n)).unwrap(), 2 * 2_000 - 2);
        bytes[at] ^= 0x40;
        std::fs::write(name, &bytes).unwrap();
    }
    let (state, damage) = gateway::replay(&settings, &dir.0.join("replay-whole"), u64::MAX).unwrap();
    assert_eq!((damage.len(), state.store.count(|n| state.rolling(n)).unwrap()), (0, 4_000));
}

/// A disk that says it is full while the switch is on, in the middle of a write if it can.
struct Full {
    disk: Disk,
    full: Arc<AtomicBool>,
}
struct FullSegment {
    inner: Box<dyn Medium>,
    full: Arc<AtomicBool>,
}
impl Media for Full {
    fn list(&self) -> io::Result<Vec<u64>> {
        self.disk.list()
    }
    fn create(&mut self, number: u64, bytes: u64) -> io::Result<Box<dyn Medium>> {
        if self.full.load(Ordering::SeqCst) {
            return Err(ErrorKind::StorageFull.into());
        }
        let inner = self.disk.create(number, bytes)?;
        Ok(Box::new(FullSegment { inner, full: self.full.clone() }))
    }
    fn read(&self, number: u64) -> io::Result<Vec<u8>> {
        self.disk.read(number)
    }
    fn read_head(&self, number: u64) -> io::Result<Vec<u8>> {
        self.disk.read_head(number)
    }
    fn retire(&mut self, number: u64) -> io::Result<()> {
        self.disk.retire(number)
    }
}
impl Medium for FullSegment {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        if self.full.load(Ordering::SeqCst) {
            self.inner.write_at(offset, &bytes[..bytes.len() / 2])?;
            return Err(ErrorKind::StorageFull.into());
        }
        self.inner.write_at(offset, bytes)
    }
    fn sync(&mut self) -> io::Result<()> {
        self.inner.sync()
    }
}

#[test]
fn a_full_disk_answers_nothing_alarms_and_goes_on() {
    let (dir, rt) = (Dir::new("full"), runtime());
    let settings = config(&dir.0, 1);
    let full = Arc::new(AtomicBool::new(false));
    let disk = Disk::open(&dir.0.join("segments"), settings.segment_bytes).unwrap();
    let media = Box::new(Full { disk, full: full.clone() });
    let running = rt.block_on(gateway::start(settings.clone(), Some(media))).unwrap();
    let mut client = Client::connect(running.handle.address).unwrap();
    client.send(&minute(0, 0));
    assert!(client.soon().is_some());
    full.store(true, Ordering::SeqCst);
    client.send(&minute(0, 1));
    assert!(client.silent(), "no false acknowledgement");
    let status = until(&running.handle, "the alarm", |s| s.alarm.is_some());
    assert!(status.alarm.unwrap().contains("磁盘已满"));
    full.store(false, Ordering::SeqCst);
    assert_eq!(client.soon().map(|a| a.0), Some(9014), "goes on when there is room");
    until(&running.handle, "no alarm", |s| s.alarm.is_none());
    client.send(&minute(0, 2));
    assert!(client.soon().is_some());
    rt.block_on(running.stop()).unwrap();
    let (state, damage) = gateway::replay(&settings, &dir.0.join("replayed"), u64::MAX).unwrap();
    assert_eq!((damage.len(), state.store.count(|n| state.rolling(n)).unwrap()), (0, 6));
}

/// Runs the second implementation; None, said on standard error, where there is no Python.
fn second(args: &[&str]) -> Option<Child> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/second/hj212_second.py");
    let child = Command::new("python3").arg(script).args(args).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    match child {
        Ok(child) => Some(child),
        Err(e) if e.kind() == ErrorKind::NotFound => {
            eprintln!("skipped: no python3");
            None
        }
        Err(e) => panic!("{e}"),
    }
}

/// Not a test by itself: the gateway that [`killed_at_any_moment`] starts and kills, in a process of its own.
#[test]
fn gateway_in_a_process_of_its_own() {
    let Some(dir) = std::env::var_os("GATEWAY_UNDER_TEST") else { return };
    let rt = runtime();
    let mut settings = config(Path::new(&dir), 8);
    settings.hot_bytes = 200_000;
    let running = start(&rt, settings);
    println!("\nlistening {}", running.handle.address);
    let mut line = String::new();
    let _ = io::stdin().read_line(&mut line);
    rt.block_on(running.stop()).unwrap();
}

fn spawn(dir: &Path) -> (Child, SocketAddr) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["gateway_in_a_process_of_its_own", "--exact", "--nocapture", "--test-threads=1"])
        .env("GATEWAY_UNDER_TEST", dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = loop {
        let line = lines.next().unwrap().unwrap();
        if let Some(address) = line.strip_prefix("listening ") {
            break address.parse().unwrap();
        }
    };
    std::thread::spawn(move || lines.for_each(drop));
    (child, address)
}

/// Sends minutes of a station, some at a time, and notes which were acknowledged; keeps on after each kill.
fn load(station: usize, address: &std::sync::Mutex<SocketAddr>, stop: &AtomicBool) -> BTreeSet<i64> {
    let mut acked = BTreeSet::new();
    let mut next = 0i64;
    'links: while !stop.load(Ordering::SeqCst) {
        let at = *address.lock().unwrap();
        let Ok(mut client) = Client::connect(at) else {
            std::thread::park_timeout(Duration::from_millis(5));
            continue;
        };
        // What was not acknowledged goes first, under its old QN: the lowest unacknowledged minute on.
        let mut open: Vec<i64> = (0..next).filter(|n| !acked.contains(n)).collect();
        while !stop.load(Ordering::SeqCst) || !open.is_empty() {
            if !stop.load(Ordering::SeqCst) {
                open.extend(next..next + 4);
                next += 4;
            }
            let text: String = open.iter().map(|n| minute(station, *n)).collect();
            if client.stream.write_all(text.as_bytes()).is_err() {
                continue 'links;
            }
            for n in open.drain(..) {
                match client.soon() {
                    Some((9014, qn)) => {
                        assert!(minute(station, n).contains(&qn), "answers come in order");
                        acked.insert(n);
                    }
                    _ => continue 'links,
                }
            }
        }
        break;
    }
    acked
}

#[test]
fn killed_at_any_moment() {
    let times: usize = std::env::var("SUYUAN_SOAK").ok().and_then(|n| n.parse().ok()).unwrap_or(3);
    let dir = Dir::new("killed");
    let (mut child, first) = spawn(&dir.0);
    let address = Arc::new(std::sync::Mutex::new(first));
    let stop = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..8)
        .map(|station| {
            let (address, stop) = (address.clone(), stop.clone());
            std::thread::spawn(move || load(station, &address, &stop))
        })
        .collect();
    for n in 0..times {
        std::thread::park_timeout(Duration::from_millis(250 + 97 * (n as u64 % 7)));
        child.kill().unwrap();
        child.wait().unwrap();
        let (next, at) = spawn(&dir.0);
        *address.lock().unwrap() = at;
        child = next;
    }
    std::thread::park_timeout(Duration::from_millis(300));
    stop.store(true, Ordering::SeqCst);
    let acked: Vec<BTreeSet<i64>> = clients.into_iter().map(|c| c.join().unwrap()).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    compare(&dir.0, &acked);
}

/// What the stations hold acknowledged is there, each once; the state after a restart is that of a replay.
fn compare(dir: &Path, acked: &[BTreeSet<i64>]) {
    let settings = Config { segment_bytes: 256 * 1024, ..config(dir, 8) };
    let mut raw: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    let media = Box::new(gateway::Reading(dir.join("segments")));
    let (_, found) = Log::open(media, settings.segment_bytes, 0, |record, _| {
        if record.kind == Kind::Frame {
            *raw.entry(record.payload.to_vec()).or_default() += 1;
        }
    })
    .unwrap();
    assert!(found.damage.is_empty(), "{:?}", found.damage);
    let mut total = 0;
    for (station, minutes) in acked.iter().enumerate() {
        assert!(minutes.len() > 20, "station {station} got through: {}", minutes.len());
        for n in minutes {
            assert_eq!(raw.get(minute(station, *n).as_bytes()), Some(&1), "station {station} minute {n}");
            total += 1;
        }
    }
    assert!(raw.values().all(|n| *n == 1), "nothing twice");
    let (replayed, _) = gateway::replay(&settings, &dir.join("replayed"), u64::MAX).unwrap();
    assert_eq!(replayed.store.count(|n| replayed.rolling(n)).unwrap(), raw.len() as u64 * 2);
    let rt = runtime();
    let running = start(&rt, settings);
    let live = running.handle.with_state(|s| s.digest().unwrap());
    assert_eq!(live, replayed.digest().unwrap());
    rt.block_on(running.stop()).unwrap();
    println!("{total} acknowledged, {} stored", raw.len());
}

#[test]
fn a_station_written_by_another_hand_is_served() {
    let (dir, rt) = (Dir::new("second-station"), runtime());
    let mut settings = config(&dir.0, 1);
    settings.stations[0].set_up = Some(gateway::config::SetUp {
        realtime_interval_s: Some(60),
        minute_interval: Some(1),
        realtime: Some(true),
        equipment: Some(false),
    });
    let running = start(&rt, settings);
    let address = running.handle.address;
    let Some(child) = second(&["station", "127.0.0.1", &address.port().to_string(), &mn(0), "20"]) else { return };
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    // Twenty minutes, one of them in two packets, one sent twice and acknowledged twice.
    assert_eq!(report["acked"].as_array().unwrap().len(), 22);
    // The first connection is set up in the standard's order.
    assert_eq!(report["served"], serde_json::json!(["1012", "1000", "1062", "1064", "2011", "2022"]));
    let status = until(&running.handle, "all frames", |s| s.stations[&mn(0)].counters.commands.get(&2051) == Some(&21));
    assert_eq!(status.stations[&mn(0)].repeats, 1);
    assert_eq!(running.handle.with_state(|s| s.store.count(|n| s.rolling(n)).unwrap()), 40);
    assert_eq!(status.stations[&mn(0)].counters.commands[&9012], 5, "each request was carried out");
    rt.block_on(running.stop()).unwrap();
}

#[test]
fn links_may_be_encrypted() {
    let (dir, rt) = (Dir::new("tls"), runtime());
    let (certificate, key) = (dir.0.join("c.pem"), dir.0.join("k.pem"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .stderr(Stdio::null())
        .status();
    if !made.is_ok_and(|s| s.success()) {
        return eprintln!("skipped: no openssl to make a certificate");
    }
    let mut settings = config(&dir.0, 1);
    settings.tls = Some(gateway::config::Tls { certificate, key });
    let running = start(&rt, settings);
    let Some(child) = second(&["station", "127.0.0.1", &running.handle.address.port().to_string(), &mn(0), "5", "tls"]) else { return };
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout).matches("2026").count(), 6, "five minutes, one in two packets");
    // Plain bytes at the encrypted door are nobody's frames.
    let mut plain = Client::connect(running.handle.address).unwrap();
    plain.send(&minute(0, 9));
    assert_eq!(plain.soon().map(|a| a.0), None);
    rt.block_on(running.stop()).unwrap();
}

#[test]
fn a_month_is_handed_over_and_checks_notice() {
    let (dir, rt) = (Dir::new("month"), runtime());
    let mut settings = config(&dir.0, 1);
    settings.stations[0].limits.push(gateway::config::Limit {
        factor: "w01018".into(),
        low: None,
        high: Some("48".into()),
        unit: "mg/L".into(),
        averaging: validity::limit::Averaging::Day,
        valid_from: "2025-01-01".into(),
        source: "permit".into(),
    });
    let running = start(&rt, settings);
    let mut client = Client::connect(running.handle.address).unwrap();
    // Two days of minutes; an hour is missing on the second.
    for n in (0..2_880i64).filter(|n| !(2_000..2_060).contains(n)).collect::<Vec<_>>().chunks(60) {
        client.send(&n.iter().map(|n| minute(0, *n)).collect::<String>());
        n.iter().for_each(|_| assert!(client.soon().is_some()));
    }
    let last = running.handle.status().stations[&mn(0)].counters.frames;
    assert!(last <= 2_820);
    until(&running.handle, "all", |s| s.stations[&mn(0)].counters.frames == 2_820);
    let (codes, rules) = (hj212::codes::Codes::embedded(), validity::Settings::embedded());
    let handed = running.handle.with_state(|s| gateway::handover::month(s, 0, 2026, 1, &codes, &rules).unwrap());
    let cod = handed.iter().find(|h| h.factor == "w01018").unwrap();
    // By hand: every minute counts 0.60 m³, so the mean is plain; kg = Σ (mg/L × m³) / 1000.
    let values: Vec<i64> = (0..2_880i64).filter(|n| !(2_000..2_060).contains(n)).map(|n| 405 + n % 17 * 10).collect();
    let sum: i64 = values.iter().sum();
    let kg = sum as f64 / 10.0 * 0.6 / 1000.0;
    assert!((cod.load_kg.as_ref().unwrap().parse::<f64>().unwrap() - kg).abs() < 1e-9, "{cod:?} {kg}");
    let mean = sum as f64 / 10.0 / values.len() as f64;
    assert!((cod.mean.as_ref().unwrap().parse::<f64>().unwrap() - mean).abs() < 1e-9);
    assert_eq!((cod.valid_days, cod.confidence.as_str()), (2, "C"));
    // Both days' means are above 48, provisionally; hours above it warn.
    let breaches: Vec<&str> = cod.exceedances.iter().filter(|e| e.verdict == "breach").map(|e| e.start.as_str()).collect();
    assert_eq!(breaches, ["20260101000000", "20260102000000"]);
    assert!(cod.exceedances.iter().any(|e| e.verdict == "warning" && e.over == "hour"));
    let from = Moment::of(2026, 1, 1, 0, 0, 0).unwrap();
    let noticed =
        running.handle.with_state(|s| gateway::handover::checks(s, 0, from, Moment(from.0 + 2 * 86_400), &codes, &rules).unwrap());
    let of = |factor: &str| noticed.iter().filter(|n| n.factor == factor).map(|n| (n.check.as_str(), n.from.as_str())).collect::<Vec<_>>();
    assert_eq!(of("w01018"), [("check.gap", "20260102092000")]);
    assert!(of("w00000").contains(&("check.frozen", "20260101000000")));
    rt.block_on(running.stop()).unwrap();
}
