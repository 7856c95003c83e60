//! One link: bytes in, records to the committer, answers out once they are durable.

use crate::clock;
use crate::commit::Committer;
use crate::config::Config;
use crate::live::{Doors, Live, Stranger, identity};
use crate::segment::Kind;
use hj212::body::Body;
use hj212::check::Book;
use hj212::command::Role;
use hj212::encode::answer_into;
use hj212::frame::{self, Frame, Step};
use hj212::message::{self, Message};
use hj212::session::Patience;
use hj212::session::platform::{End, FirstConnection, Out, Platform, Settings};
use std::collections::HashMap;
use std::net::IpAddr;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

/// What all links share.
pub struct Hub {
    /// Settings.
    pub config: Config,
    /// Stations by MN.
    pub stations: HashMap<Vec<u8>, Arc<Live>>,
    /// Where frames become durable.
    pub committer: Arc<Committer>,
    /// Codes and commands.
    pub book: Book,
    /// Links by address.
    pub doors: Doors,
    /// Numbers of links.
    pub links: AtomicU64,
    /// Links shed: full, silent, hostile.
    pub shed: AtomicU64,
    /// True once the gateway is to end.
    pub ending: watch::Sender<bool>,
}

/// Why a link ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The other side closed it.
    Closed,
    /// It failed.
    Failed,
    /// Nothing was heard for too long.
    Silent,
    /// Too much that is no frame.
    Hostile,
    /// A newer link speaks for its station.
    Replaced,
    /// The gateway ends.
    Ending,
}

/// What one reading of the buffer comes to.
#[derive(Default)]
struct Plan {
    records: Vec<(Kind, Payload)>,
    replies: Vec<u8>,
    used: usize,
    /// Something is to be answered that must be durable first.
    waits: bool,
    hold_s: f64,
}

enum Payload {
    /// A part of the buffer.
    Part(Range<usize>),
    /// Bytes of its own.
    Own(Vec<u8>),
}

/// A station that this link speaks for.
struct Voice {
    live: Arc<Live>,
    platform: Platform,
    owner: watch::Receiver<(u64, u64)>,
}

struct Link {
    hub: Arc<Hub>,
    number: u64,
    from: IpAddr,
    buffer: Vec<u8>,
    voices: Vec<Voice>,
    broken: u32,
}

/// Serves a link until it ends.
pub async fn serve<S: AsyncRead + AsyncWrite + Unpin>(stream: S, from: IpAddr, hub: Arc<Hub>) -> Ended {
    let number = hub.links.fetch_add(1, Ordering::Relaxed) + 1;
    let mut link = Link { hub, number, from, buffer: Vec::new(), voices: Vec::new(), broken: 0 };
    let ended = link.run(stream).await;
    for voice in &link.voices {
        voice.live.release(number);
    }
    if matches!(ended, Ended::Silent | Ended::Hostile) {
        link.hub.shed.fetch_add(1, Ordering::Relaxed);
        tracing::info!(%from, ?ended, "link shed");
    }
    ended
}

impl Link {
    async fn run<S: AsyncRead + AsyncWrite + Unpin>(&mut self, mut stream: S) -> Ended {
        let mut chunk = vec![0u8; 16 * 1024];
        let mut durable = self.hub.committer.durable();
        let mut ending = self.hub.ending.subscribe();
        let silence = Duration::from_secs(self.hub.config.silence_s);
        let half = Duration::from_millis(self.hub.config.half_frame_ms);
        let mut heard = Instant::now();
        loop {
            let quiet = if self.buffer.is_empty() { silence } else { half };
            let wake = (heard + quiet).min(self.deadline());
            let event = tokio::select! {
                read = stream.read(&mut chunk) => Event::Read(read),
                () = sleep_until(wake) => Event::Time,
                () = changed(&mut self.voices) => Event::Owner,
                _ = ending.wait_for(|e| *e) => return Ended::Ending,
            };
            let mut replies = Vec::new();
            let complete = match event {
                Event::Read(Ok(0)) => true,
                Event::Read(Err(_)) => return Ended::Failed,
                Event::Read(Ok(n)) => {
                    self.buffer.extend_from_slice(&chunk[..n]);
                    heard = Instant::now();
                    false
                }
                Event::Time => !self.buffer.is_empty() && heard.elapsed() >= half,
                Event::Owner => false,
            };
            if self.voices.iter().any(|v| v.owner.borrow().0 != self.number) {
                return Ended::Replaced;
            }
            if matches!(event, Event::Time) && !complete && heard.elapsed() >= silence {
                return Ended::Silent;
            }
            self.run_machines(&mut replies);
            let plan = self.read_buffer(complete);
            replies.extend_from_slice(&plan.replies);
            if !self.commit(&plan, &mut durable).await {
                return Ended::Ending;
            }
            self.buffer.drain(..plan.used);
            if !replies.is_empty() && !matches!(timeout(silence, stream.write_all(&replies)).await, Ok(Ok(()))) {
                return Ended::Failed;
            }
            if self.broken > self.hub.config.max_broken {
                return Ended::Hostile;
            }
            if matches!(event, Event::Read(Ok(0))) {
                return Ended::Closed;
            }
            if plan.hold_s > 0.0 {
                sleep_until(Instant::now() + Duration::from_secs_f64(plan.hold_s.min(5.0))).await;
                heard = Instant::now();
            }
        }
    }

    fn deadline(&self) -> Instant {
        let now = clock::civil_ms(clock::now_ms());
        let next = self.voices.iter().filter_map(|v| v.platform.deadline()).min();
        let ms = next.map_or(3_600_000, |at| (at - now).clamp(1, 3_600_000));
        Instant::now() + Duration::from_millis(u64::try_from(ms).unwrap_or(1))
    }

    /// Appends the records of a plan and waits until they are durable; false if the gateway ends first.
    async fn commit(&self, plan: &Plan, durable: &mut watch::Receiver<u64>) -> bool {
        if plan.records.is_empty() && !plan.waits {
            return true;
        }
        let committer = &self.hub.committer;
        let bytes = |payload: &'_ Payload| -> Range<usize> {
            match payload {
                Payload::Part(range) => range.clone(),
                Payload::Own(_) => 0..0,
            }
        };
        let arrived = clock::now_ms();
        let ticket = loop {
            if plan.records.is_empty() {
                break committer.ticket();
            }
            let records = plan.records.iter().map(|(kind, payload)| match payload {
                Payload::Part(_) => (*kind, &self.buffer[bytes(payload)]),
                Payload::Own(own) => (*kind, own.as_slice()),
            });
            match committer.append(records, arrived) {
                Some(ticket) => break ticket,
                None if *self.hub.ending.borrow() => return false,
                None => committer.room().await,
            }
        };
        let mut ending = self.hub.ending.subscribe();
        tokio::select! {
            done = durable.wait_for(|d| *d >= ticket) => done.is_ok(),
            // What was appended is still committed; only the answer is lost, and the station sends again.
            _ = async { let _ = ending.wait_for(|e| *e).await; tokio::time::sleep(Duration::from_secs(2)).await } => false,
        }
    }

    fn read_buffer(&mut self, complete: bool) -> Plan {
        let mut plan = Plan::default();
        let buffer = std::mem::take(&mut self.buffer);
        while plan.used < buffer.len() {
            match frame::next(&buffer[plan.used..], complete) {
                Step::More => break,
                Step::Blank(n) => plan.used += n,
                Step::Noise(noise) => {
                    self.broken += 1;
                    plan.used += noise.len();
                }
                Step::Frame(frame) => {
                    let range = plan.used..plan.used + frame.used;
                    self.take(&frame, range, &buffer, &mut plan);
                    plan.used += frame.used.max(1);
                }
            }
        }
        self.buffer = buffer;
        plan
    }

    fn take(&mut self, frame: &Frame<'_>, range: Range<usize>, buffer: &[u8], plan: &mut Plan) {
        let message = message::parse(frame.segment);
        let mn = message.header.mn.unwrap_or_default();
        let live = self.hub.stations.get(mn).cloned();
        let stranger = match &live {
            None => Some(Stranger::UnknownMn),
            Some(live) => live.stranger(message.header.pw, self.from),
        };
        let Some(live) = live.filter(|_| stranger.is_none()) else {
            self.broken += 1;
            let reason = stranger.unwrap_or(Stranger::UnknownMn).id();
            let mut own = format!("{reason}\n{}\n", self.from).into_bytes();
            own.extend_from_slice(&buffer[range]);
            return plan.records.push((Kind::Quarantined, Payload::Own(own)));
        };
        if !live.tolerance.takes(frame) {
            self.broken += 1;
            return plan.records.push((Kind::Rejected, Payload::Part(range)));
        }
        self.broken = 0;
        plan.hold_s = plan.hold_s.max(live.spend(self.hub.config.rate, self.hub.config.burst));
        if live.is_new(identity(frame.segment)) {
            plan.records.push((Kind::Frame, Payload::Part(range)));
        }
        plan.waits = true;
        let voice = self.voice(&live, &mut plan.replies);
        Self::reply(&self.hub, &mut self.voices[voice], &message, &mut plan.replies);
    }

    /// The place of the station among those that this link speaks for; claims it the first time.
    fn voice(&mut self, live: &Arc<Live>, replies: &mut Vec<u8>) -> usize {
        if let Some(n) = self.voices.iter().position(|v| Arc::ptr_eq(&v.live, live)) {
            return n;
        }
        let mut owner = live.claim(self.number);
        owner.mark_unchanged();
        let settings = Settings {
            dialect: live.dialect.clone(),
            mn: live.config.mn.clone(),
            pw: live.config.pw.clone(),
            st: live.config.st.clone(),
            patience: Patience::MOBILE,
        };
        let mut platform = Platform::new(settings);
        let mut out = Vec::new();
        let now = clock::civil_ms(clock::now_ms());
        if let Some(first) = live.config.set_up {
            let first = FirstConnection {
                realtime_interval_s: first.realtime_interval_s,
                minute_interval: first.minute_interval,
                realtime: first.realtime,
                equipment: first.equipment,
            };
            platform.set_up(first, now, &self.hub.book, &mut out);
        }
        for (cn, body) in live.requests() {
            platform.request(cn, body, now, &mut out);
        }
        send(&out, &live.config.mn, replies);
        self.voices.push(Voice { live: live.clone(), platform, owner });
        self.voices.len() - 1
    }

    fn reply(hub: &Hub, voice: &mut Voice, message: &Message<'_>, replies: &mut Vec<u8>) {
        let cn = message.header.command().unwrap_or(0);
        let role = hub.book.commands.get(cn).map_or(Role::None, |c| c.up);
        if role == Role::Upload && voice.platform.is_idle() {
            // Nothing is awaited from this station: the answer is all there is to do.
            if message.header.wants_answer() {
                answer_into(replies, message, 9014, voice.live.dialect.version);
            }
            return;
        }
        let mut out = Vec::new();
        voice.platform.receive(message, clock::civil_ms(clock::now_ms()), &hub.book, &mut out);
        send(&out, &voice.live.config.mn, replies);
    }

    /// Lets the machines' time pass and takes new requests of the operator in.
    fn run_machines(&mut self, replies: &mut Vec<u8>) {
        let now = clock::civil_ms(clock::now_ms());
        for voice in &mut self.voices {
            let mut out = Vec::new();
            for (cn, body) in voice.live.requests() {
                voice.platform.request(cn, body, now, &mut out);
            }
            if voice.platform.deadline().is_some_and(|at| at <= now) {
                voice.platform.tick(now, &mut out);
            }
            send(&out, &voice.live.config.mn, replies);
        }
    }
}

enum Event {
    Read(std::io::Result<usize>),
    Time,
    Owner,
}

/// Waits until another link claims one of the stations, or a request is put in line.
async fn changed(voices: &mut [Voice]) {
    match voices {
        [] => std::future::pending().await,
        [one] => drop(one.owner.changed().await),
        many => {
            // A relay that speaks for many stations: looked at by turns, which is soon enough for it.
            tokio::time::sleep(Duration::from_millis(500)).await;
            let _ = many;
        }
    }
}

fn send(out: &[Out], mn: &str, replies: &mut Vec<u8>) {
    for item in out {
        match item {
            Out::Send(bytes) => replies.extend_from_slice(bytes),
            Out::Ended { cn, end: End::Result(1), .. } => tracing::debug!(mn, cn, "request done"),
            Out::Ended { cn, end, .. } => tracing::warn!(mn, cn, ?end, "request failed"),
            Out::LinkDown => tracing::warn!(mn, "station does not answer"),
        }
    }
}

/// Puts a request to a station in line; false if there is none of that MN.
#[must_use]
pub fn request(hub: &Hub, mn: &str, cn: u16, body: Body) -> bool {
    let found = hub.stations.get(mn.as_bytes());
    if let Some(live) = found {
        live.request(cn, body);
    }
    found.is_some()
}
