//! The HJ 212 gateway: every frame durable before it is acknowledged.
//!
//! Reading order: [`config`], [`segment`] (raw frames on disk), [`commit`]
//! (many links, one log), [`live`] and [`link`] (who speaks, what is
//! answered), [`state`] (what the frames add up to), [`block`] and
//! [`columns`] (readings and hours), [`handover`] (monthly means, loads,
//! exceedances: all that leaves the gateway), [`clock`].
//!
//! Frames are parsed twice on purpose: the header on the way to the answer,
//! the rest behind it on a thread of its own, as a pure function of the log.

pub mod block;
pub mod clock;
pub mod columns;
pub mod commit;
pub mod config;
pub mod handover;
pub mod link;
pub mod live;
pub mod segment;
pub mod state;

pub use config::Config;

use columns::ColumnsError;
use commit::{Batch, Committer, Gathering};
use hj212::check::Book;
use hj212::frame::{self, Step};
use hj212::message;
use hj212::value::Moment;
use link::Hub;
use live::{Doors, Live, identity};
use segment::{Damage, Disk, Kind, Log, Media};
use serde::Serialize;
use state::{Counters, Quarantined, State};
use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Why the gateway cannot run.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// Its settings.
    #[error("网关设置有误")]
    Config(#[from] config::ConfigError),
    /// Its address.
    #[error("不能监听 {0}")]
    Listen(String, #[source] io::Error),
    /// Its segments.
    #[error("分段文件")]
    Segments(#[source] io::Error),
    /// Its columns.
    #[error("列文件")]
    Columns(#[from] ColumnsError),
    /// Its certificate.
    #[error("TLS 证书：{0}")]
    Tls(String),
    /// A thread.
    #[error("不能开线程")]
    Thread(#[source] io::Error),
    /// Another process writes this directory.
    #[error("目录 {0} 已有网关在用")]
    InUse(String),
}

/// What people look at.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// What keeps frames from becoming durable, while it does.
    pub alarm: Option<String>,
    /// Damaged places found in segments.
    pub damage: Vec<Damage>,
    /// Links open.
    pub links: usize,
    /// Links shed: full, silent, hostile.
    pub shed: u64,
    /// Last record parsed.
    pub last_seq: u64,
    /// Memory of readings not in files yet, bytes.
    pub hot_bytes: usize,
    /// Stations by MN.
    pub stations: BTreeMap<String, StationStatus>,
    /// Unknown senders by MN.
    pub quarantine: BTreeMap<String, Quarantined>,
}

/// One station, for people.
#[derive(Debug, Clone, Serialize)]
pub struct StationStatus {
    /// A link speaks for it.
    pub connected: bool,
    /// Repeats answered again and not stored again, since the start.
    pub repeats: u64,
    /// Factors not heard of within their cycle, with the last time.
    pub silent: Vec<(String, i64)>,
    /// What is counted.
    #[serde(flatten)]
    pub counters: Counters,
}

/// A gateway at work.
#[derive(Clone)]
pub struct Handle {
    hub: Arc<Hub>,
    state: Arc<Mutex<State>>,
    damage: Arc<Vec<Damage>>,
    /// Where it listens.
    pub address: SocketAddr,
}

/// A gateway with its threads; ends with [`Running::stop`].
pub struct Running {
    /// To ask it.
    pub handle: Handle,
    accepting: tokio::task::JoinHandle<()>,
    committing: JoinHandle<()>,
    parsing: JoinHandle<()>,
    _lock: std::fs::File,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs the gateway until `shutdown` is ready.
///
/// # Errors
/// What keeps it from starting.
pub async fn run(config: Config, shutdown: impl Future<Output = ()>) -> Result<(), GatewayError> {
    let status = config.data.join("status.json");
    let running = start(config, None).await?;
    tracing::info!(address = %running.handle.address, "gateway listens");
    let handle = running.handle.clone();
    let write = async {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            let fresh = status.with_extension("new");
            let text = serde_json::to_vec(&handle.status()).unwrap_or_default();
            if let Err(error) = std::fs::write(&fresh, text).and_then(|()| std::fs::rename(&fresh, &status)) {
                tracing::warn!(%error, "status could not be written");
            }
        }
    };
    tokio::select! {
        () = shutdown => {}
        () = write => {}
    }
    running.stop().await
}

/// Starts the gateway; `media` replaces the disk of its segments in tests.
///
/// # Errors
/// What keeps it from starting.
pub async fn start(config: Config, media: Option<Box<dyn Media>>) -> Result<Running, GatewayError> {
    config.check()?;
    std::fs::create_dir_all(&config.data).map_err(GatewayError::Segments)?;
    let lock = lock(&config.data)?;
    let book = Book::embedded();
    let stations: Stations = config
        .stations
        .iter()
        .filter_map(|s| Some((s.mn.clone().into_bytes(), Arc::new(Live::new(s.clone(), book.dialects.get(&s.dialect)?.clone())))))
        .collect();
    let (log, state, found) = recover(&config, &stations, media)?;
    let gathering = Gathering { wait: Duration::from_millis(config.commit_ms), ..Gathering::USUAL };
    let committer = Committer::new(state.last_seq().max(found.last_seq) + 1, gathering);
    let hub = Arc::new(Hub {
        stations,
        committer: committer.clone(),
        book,
        doors: Doors::default(),
        links: AtomicU64::new(0),
        shed: AtomicU64::new(0),
        ending: watch::Sender::new(false),
        config,
    });
    let listen = hub.config.listen.clone();
    let listener = TcpListener::bind(&listen).await.map_err(|e| GatewayError::Listen(listen.clone(), e))?;
    let address = listener.local_addr().map_err(|e| GatewayError::Listen(listen, e))?;
    let tls = hub.config.tls.as_ref().map(acceptor).transpose()?;
    let state = Arc::new(Mutex::new(state));
    let (committing, parsing) = threads(log, &hub, &state)?;
    let accepting = tokio::spawn(accept(listener, tls, hub.clone()));
    let handle = Handle { hub, state, damage: Arc::new(found.damage), address };
    Ok(Running { handle, accepting, committing, parsing, _lock: lock })
}

type Stations = HashMap<Vec<u8>, Arc<Live>>;

/// One writing process for a directory.
fn lock(dir: &Path) -> Result<std::fs::File, GatewayError> {
    let file = std::fs::File::create(dir.join("gateway.lock")).map_err(GatewayError::Segments)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(GatewayError::InUse(dir.display().to_string())),
    }
}

/// Reads the state and replays what the columns do not contain yet.
fn recover(config: &Config, stations: &Stations, media: Option<Box<dyn Media>>) -> Result<(Log, State, segment::Recovered), GatewayError> {
    let mut state = State::open(&config.data.join("columns"), &config.stations)?;
    let media = match media {
        Some(media) => media,
        None => Box::new(Disk::open(&config.data.join("segments"), config.segment_bytes).map_err(GatewayError::Segments)?),
    };
    let after = state.last_seq();
    let mut result = Ok(());
    let (log, found) = Log::open(media, config.segment_bytes, after, |record, _| {
        if record.kind == Kind::Frame
            && let Step::Frame(frame) = frame::next(record.payload, true)
            && let Some(live) = message::parse(frame.segment).header.mn.and_then(|mn| stations.get(mn))
        {
            locked(&live.heard).is_new(identity(frame.segment));
        }
        state.apply(record);
        if result.is_ok() && state.store.hot_bytes() > config.hot_bytes {
            result = state.flush();
        }
    })
    .map_err(GatewayError::Segments)?;
    result?;
    for damage in &found.damage {
        tracing::error!(segment = damage.segment, offset = damage.offset, bytes = damage.bytes, "a segment is damaged");
    }
    if let Some(bytes) = found.torn {
        tracing::warn!(bytes, "the last record was not whole; it was never acknowledged");
    }
    Ok((log, state, found))
}

fn threads(mut log: Log, hub: &Arc<Hub>, state: &Arc<Mutex<State>>) -> Result<(JoinHandle<()>, JoinHandle<()>), GatewayError> {
    let (parsed, batches): (SyncSender<Batch>, Receiver<Batch>) = std::sync::mpsc::sync_channel(4_096);
    let (cover, covered) = std::sync::mpsc::channel();
    let committer = hub.committer.clone();
    let keep = hub.config.retention_segments;
    let committing = std::thread::Builder::new()
        .name("commit".into())
        .spawn(move || committer.run(&mut log, &parsed, &covered, keep))
        .map_err(GatewayError::Thread)?;
    let (state, hub) = (state.clone(), hub.clone());
    let parsing = std::thread::Builder::new()
        .name("parse".into())
        .spawn(move || parse(&batches, &state, &cover, &hub.config))
        .map_err(GatewayError::Thread)?;
    Ok((committing, parsing))
}

/// The parsing thread: applies batches in their order, writes the columns from time to time.
fn parse(batches: &Receiver<Batch>, state: &Mutex<State>, cover: &Sender<u64>, config: &Config) {
    let period = Duration::from_secs(config.flush_s.max(1));
    let mut flushed = clock::instant();
    loop {
        let batch = batches.recv_timeout(Duration::from_millis(500));
        let ended = matches!(batch, Err(RecvTimeoutError::Disconnected));
        let mut state = locked(state);
        if let Ok(batch) = batch {
            let mut at = 0;
            while let Some((record, used)) = segment::decode(&batch.bytes[at..]) {
                state.apply(&record);
                at += used;
            }
        }
        let due = state.store.hot_bytes() > config.hot_bytes || flushed.elapsed() >= period;
        if due || ended {
            match state.flush() {
                Ok(()) => drop(cover.send(state.last_seq())),
                Err(error) => tracing::error!(%error, "columns could not be written; they stay in memory and in the segments"),
            }
            flushed = clock::instant();
        }
        if ended {
            return;
        }
    }
}

fn acceptor(tls: &config::Tls) -> Result<TlsAcceptor, GatewayError> {
    let wrong = |e: &dyn std::fmt::Display| GatewayError::Tls(e.to_string());
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(&tls.certificate).and_then(Iterator::collect).map_err(|e| wrong(&e))?;
    let key = PrivateKeyDer::from_pem_file(&tls.key).map_err(|e| wrong(&e))?;
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).map_err(|e| wrong(&e))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, hub: Arc<Hub>) {
    let mut ending = hub.ending.subscribe();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = ending.wait_for(|e| *e) => return,
        };
        let Ok((stream, from)) = accepted else {
            // Out of file handles, mostly: wait for links to go.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let ip = from.ip().to_canonical();
        if !hub.doors.enter(ip, hub.config.max_connections, hub.config.max_per_address) {
            hub.shed.fetch_add(1, Ordering::Relaxed);
            continue;
        }
        let _ = stream.set_nodelay(true);
        tokio::spawn(one_link(stream, tls.clone(), ip, hub.clone()));
    }
}

async fn one_link(stream: TcpStream, tls: Option<TlsAcceptor>, ip: std::net::IpAddr, hub: Arc<Hub>) {
    match tls {
        None => drop(link::serve(stream, ip, hub.clone()).await),
        Some(tls) => {
            if let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_secs(10), tls.accept(stream)).await {
                link::serve(stream, ip, hub.clone()).await;
            }
        }
    }
    hub.doors.leave(ip);
}

impl Handle {
    /// What people look at.
    #[must_use]
    pub fn status(&self) -> Status {
        let state = locked(&self.state);
        let now = clock::now_ms();
        let station = |seat: &state::Seat, counters: Counters| {
            let live = self.hub.stations.get(seat.config.mn.as_bytes());
            let realtime_s = seat.config.set_up.and_then(|s| s.realtime_interval_s).and_then(|s| i64::try_from(s).ok()).unwrap_or(60);
            let cycle_s = if counters.commands.contains_key(&2011) { realtime_s } else { seat.config.minute_interval * 60 };
            let mut silence = validity::silence::Silence::default();
            counters.last_heard_ms.iter().for_each(|(factor, at)| silence.heard(factor, Moment(*at / 1000), cycle_s));
            let overdue = silence.overdue(Moment(now / 1000), cycle_s / 4);
            let silent = overdue.into_iter().map(|s| (s.factor, s.since.0 * 1000));
            StationStatus {
                connected: live.is_some_and(|l| l.owner.borrow().0 != 0),
                repeats: live.map_or(0, |l| l.repeats.load(Ordering::Relaxed)),
                silent: silent.collect(),
                counters,
            }
        };
        let stations = state.seats.iter().zip(state.counters()).map(|(seat, (mn, counters))| (mn, station(seat, counters))).collect();
        Status {
            alarm: self.hub.committer.alarm(),
            damage: self.damage.to_vec(),
            links: self.hub.doors.open(),
            shed: self.hub.shed.load(Ordering::Relaxed),
            last_seq: state.last_seq(),
            hot_bytes: state.store.hot_bytes(),
            quarantine: state.quarantine.clone(),
            stations,
        }
    }

    /// Asks the state something; parsing waits meanwhile.
    pub fn with_state<T>(&self, ask: impl FnOnce(&State) -> T) -> T {
        ask(&locked(&self.state))
    }

    /// Sends a request to a station as soon as it is its turn; false if there is none of that MN.
    #[must_use]
    pub fn request(&self, mn: &str, cn: u16, body: hj212::body::Body) -> bool {
        link::request(&self.hub, mn, cn, body)
    }
}

impl Running {
    /// Ends: no more links, what came in is committed, parsed and written.
    ///
    /// # Errors
    /// None at present; kept so that a later cause does not change callers.
    pub async fn stop(self) -> Result<(), GatewayError> {
        self.handle.hub.ending.send_replace(true);
        let _ = self.accepting.await;
        self.handle.hub.committer.close();
        let wait = move || {
            let _ = self.committing.join();
            let _ = self.parsing.join();
        };
        let _ = tokio::task::spawn_blocking(wait).await;
        Ok(())
    }
}

/// Replays all segments of a directory, up to record `until`, into a state of its own, without touching what is there.
///
/// # Errors
/// The segments or the columns.
pub fn replay(config: &Config, into: &Path, until: u64) -> Result<(State, Vec<Damage>), GatewayError> {
    let mut state = State::open(into, &config.stations)?;
    let media = Box::new(Reading(config.data.join("segments")));
    let mut result = Ok(());
    let (_, found) = Log::open(media, config.segment_bytes, 0, |record, _| {
        if record.seq <= until {
            state.apply(record);
        }
        if result.is_ok() && state.store.hot_bytes() > config.hot_bytes {
            result = state.flush();
        }
    })
    .map_err(GatewayError::Segments)?;
    result?;
    Ok((state, found.damage))
}

/// Segments that are only read.
pub struct Reading(pub std::path::PathBuf);

impl Media for Reading {
    fn list(&self) -> io::Result<Vec<u64>> {
        let name = |e: std::fs::DirEntry| e.file_name().to_str()?.strip_prefix("seg-")?.strip_suffix(".hjg")?.parse().ok();
        let mut numbers: Vec<u64> = std::fs::read_dir(&self.0)?.flatten().filter_map(name).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }
    fn create(&mut self, _: u64, _: u64) -> io::Result<Box<dyn segment::Medium>> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }
    fn read(&self, number: u64) -> io::Result<Vec<u8>> {
        std::fs::read(self.0.join(segment::name(number)))
    }
    fn read_head(&self, number: u64) -> io::Result<Vec<u8>> {
        let mut bytes = self.read(number)?;
        bytes.truncate(512);
        Ok(bytes)
    }
    fn retire(&mut self, _: u64) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }
}
