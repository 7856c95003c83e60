//! What the links share about a station: who may speak for it, what was heard lately, how much it may send.

use crate::clock;
use crate::config::Station;
use hj212::body::Body;
use hj212::dialect::Dialect;
use hj212::frame::Tolerance;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::watch;

/// One station, as its links see it.
#[derive(Debug)]
pub struct Live {
    /// Settings.
    pub config: Station,
    /// Version.
    pub dialect: Dialect,
    /// What is taken.
    pub tolerance: Tolerance,
    /// Number of the link that speaks for it, and of requests put in line; 0: none.
    pub owner: watch::Sender<(u64, u64)>,
    /// Repeats that were answered again and not stored again.
    pub repeats: AtomicU64,
    /// QNs that came again with other content (stored: they are not repeats).
    pub heard: Mutex<Heard>,
    requests: Mutex<VecDeque<(u16, Body)>>,
    bucket: Mutex<(f64, Option<Instant>)>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Identities heard lately: 256 sets of four, the oldest of a set goes first.
///
/// A frame's identity is all of its segment: a re-send is the same bytes. The
/// same QN with other bytes is another message (loggers exist that repeat QNs).
#[derive(Debug)]
pub struct Heard {
    sets: Vec<[u64; 4]>,
    turn: Vec<u8>,
}

impl Default for Heard {
    fn default() -> Self {
        Self { sets: vec![[0; 4]; 256], turn: vec![0; 256] }
    }
}

impl Heard {
    /// Notes an identity; false if it was there.
    pub fn is_new(&mut self, identity: u64) -> bool {
        let n = (identity % 256) as usize;
        if self.sets[n].contains(&identity) {
            return false;
        }
        let turn = usize::from(self.turn[n]);
        self.sets[n][turn] = identity;
        self.turn[n] = (self.turn[n] + 1) % 4;
        true
    }
}

/// The identity of a segment: FNV-1a over words, finished so that all bits count; never 0.
#[must_use]
pub fn identity(segment: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64 ^ segment.len() as u64;
    let mut words = segment.chunks_exact(8);
    for word in &mut words {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(word);
        hash = (hash ^ u64::from_le_bytes(bytes)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    }
    for byte in words.remainder() {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
    }
    hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    (hash ^ (hash >> 32)).max(1)
}

/// Why a frame of nobody known is put aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stranger {
    /// No station has that MN.
    UnknownMn,
    /// The password is another.
    WrongPassword,
    /// The address is not in the station's list.
    WrongAddress,
}

impl Stranger {
    /// Stable id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::UnknownMn => "unknown_mn",
            Self::WrongPassword => "wrong_password",
            Self::WrongAddress => "wrong_address",
        }
    }
}

impl Live {
    /// A station without a link.
    #[must_use]
    pub fn new(config: Station, dialect: Dialect) -> Self {
        let tolerance = Tolerance { modbus: config.tolerate_modbus, length: config.tolerate_length };
        Self {
            config,
            dialect,
            tolerance,
            owner: watch::Sender::new((0, 0)),
            repeats: AtomicU64::new(0),
            heard: Mutex::default(),
            requests: Mutex::default(),
            bucket: Mutex::new((0.0, None)),
        }
    }

    /// Whether somebody who says to be this station may be.
    #[must_use]
    pub fn stranger(&self, pw: Option<&[u8]>, from: IpAddr) -> Option<Stranger> {
        let pw = pw.unwrap_or_default();
        let known = pw == self.config.pw.as_bytes() || self.config.pw_before.as_ref().is_some_and(|p| p.as_bytes() == pw);
        if !known {
            return Some(Stranger::WrongPassword);
        }
        if self.config.addresses.is_empty() {
            return None;
        }
        let from = from.to_canonical().to_string();
        let listed = |a: &String| if a.ends_with('.') || a.ends_with(':') { from.starts_with(a.as_str()) } else { from == *a };
        (!self.config.addresses.iter().any(listed)).then_some(Stranger::WrongAddress)
    }

    /// Notes a segment; false if the very same was heard lately.
    pub fn is_new(&self, identity: u64) -> bool {
        let new = locked(&self.heard).is_new(identity);
        if !new {
            self.repeats.fetch_add(1, Ordering::Relaxed);
        }
        new
    }

    /// The link `link` speaks for the station from now on; an older one sees that it does not any more.
    pub fn claim(&self, link: u64) -> watch::Receiver<(u64, u64)> {
        self.owner.send_modify(|(owner, _)| *owner = link);
        self.owner.subscribe()
    }

    /// The link is gone, if it still speaks for the station.
    pub fn release(&self, link: u64) {
        self.owner.send_if_modified(|(owner, _)| {
            let own = *owner == link;
            *owner = if own { 0 } else { *owner };
            own
        });
    }

    /// Puts a request to the station in line.
    pub fn request(&self, cn: u16, body: Body) {
        locked(&self.requests).push_back((cn, body));
        self.owner.send_modify(|(_, requests)| *requests += 1);
    }

    /// The requests in line.
    pub fn requests(&self) -> Vec<(u16, Body)> {
        locked(&self.requests).drain(..).collect()
    }

    /// Takes a frame out of the station's allowance; seconds to wait if there is none left.
    pub fn spend(&self, rate: f64, burst: f64) -> f64 {
        let now = clock::instant();
        let mut bucket = locked(&self.bucket);
        let since = bucket.1.map_or(f64::MAX, |t| (now - t).as_secs_f64());
        bucket.0 = (bucket.0 + since * rate).min(burst) - 1.0;
        bucket.1 = Some(now);
        if bucket.0 < 0.0 { -bucket.0 / rate.max(0.001) } else { 0.0 }
    }
}

/// Links by address and all together.
#[derive(Debug, Default)]
pub struct Doors {
    count: Mutex<(usize, HashMap<IpAddr, usize>)>,
}

impl Doors {
    /// Lets a link in if there is room; false: shed it.
    pub fn enter(&self, from: IpAddr, most: usize, most_per_address: usize) -> bool {
        let mut count = locked(&self.count);
        let own = count.1.get(&from).copied().unwrap_or(0);
        if count.0 >= most || own >= most_per_address {
            return false;
        }
        count.0 += 1;
        count.1.insert(from, own + 1);
        true
    }

    /// A link is gone.
    pub fn leave(&self, from: IpAddr) {
        let mut count = locked(&self.count);
        count.0 = count.0.saturating_sub(1);
        if let Some(own) = count.1.get_mut(&from) {
            *own -= 1;
            if *own == 0 {
                count.1.remove(&from);
            }
        }
    }

    /// How many links there are.
    #[must_use]
    pub fn open(&self) -> usize {
        locked(&self.count).0
    }
}
