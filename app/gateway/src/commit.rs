//! Group commit 组提交: many connections append, one thread makes durable.
//!
//! A batch is what came in while the one before was being written, plus what
//! comes in within a short gathering time. Nobody is answered before the batch
//! that holds the frame is durable. While the disk is full nothing is
//! answered, an alarm stands, what has come in waits, and when there is room
//! it goes on; a bound on what waits turns into back-pressure on the links.

use crate::clock;
use crate::segment::{self, Kind, Log, Record};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

/// How a batch is gathered.
#[derive(Debug, Clone, Copy)]
pub struct Gathering {
    /// Longest time that the first record waits for others.
    pub wait: Duration,
    /// Bytes at which it waits no longer.
    pub bytes: usize,
    /// Most bytes that wait while the disk is slow or full.
    pub most: usize,
}

impl Gathering {
    /// 2 ms or 256 KiB; 16 MiB may wait.
    pub const USUAL: Self = Self { wait: Duration::from_millis(2), bytes: 256 * 1024, most: 16 * 1024 * 1024 };
}

#[derive(Debug, Default)]
struct Pending {
    buffer: Vec<u8>,
    ticket: u64,
    first_seq: u64,
    next_seq: u64,
    since: Option<Instant>,
    closing: bool,
}

/// The end that connections see.
#[derive(Debug)]
pub struct Committer {
    pending: Mutex<Pending>,
    wake: Condvar,
    durable: watch::Sender<u64>,
    alarm: Mutex<Option<String>>,
    room: Notify,
    gathering: Gathering,
}

/// A batch that is durable, for the thread that parses.
#[derive(Debug)]
pub struct Batch {
    /// Encoded records.
    pub bytes: Vec<u8>,
    /// Number of the last of them.
    pub last_seq: u64,
}

/// What the parsing thread tells the log: records up to there are in the columns.
pub type Covered = std::sync::mpsc::Receiver<u64>;

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Committer {
    /// A committer whose next record has the number `next_seq`.
    #[must_use]
    pub fn new(next_seq: u64, gathering: Gathering) -> Arc<Self> {
        let pending = Pending { ticket: 1, first_seq: next_seq, next_seq, ..Pending::default() };
        Arc::new(Self {
            pending: Mutex::new(pending),
            wake: Condvar::new(),
            durable: watch::Sender::new(0),
            alarm: Mutex::new(None),
            room: Notify::new(),
            gathering,
        })
    }

    /// Appends records; gives the ticket of the batch they are in. None while too much waits.
    pub fn append<'a>(&self, records: impl Iterator<Item = (Kind, &'a [u8])>, arrived_ms: i64) -> Option<u64> {
        let mut pending = locked(&self.pending);
        if pending.buffer.len() > self.gathering.most || pending.closing {
            return None;
        }
        let was = pending.buffer.len();
        for (kind, payload) in records {
            let seq = pending.next_seq;
            pending.next_seq += 1;
            segment::encode(&mut pending.buffer, &Record { kind, seq, arrived_ms, payload });
        }
        if was == 0 && !pending.buffer.is_empty() {
            pending.since = Some(clock::instant());
            self.wake.notify_one();
        } else if was < self.gathering.bytes && pending.buffer.len() >= self.gathering.bytes {
            self.wake.notify_one();
        }
        Some(pending.ticket)
    }

    /// The ticket that covers all that was appended so far.
    #[must_use]
    pub fn ticket(&self) -> u64 {
        let pending = locked(&self.pending);
        if pending.buffer.is_empty() { pending.ticket - 1 } else { pending.ticket }
    }

    /// Tells when batches become durable.
    #[must_use]
    pub fn durable(&self) -> watch::Receiver<u64> {
        self.durable.subscribe()
    }

    /// Waits until there is room to append again.
    pub async fn room(&self) {
        let _ = tokio::time::timeout(Duration::from_millis(100), self.room.notified()).await;
    }

    /// What keeps frames from becoming durable, while it does.
    #[must_use]
    pub fn alarm(&self) -> Option<String> {
        locked(&self.alarm).clone()
    }

    /// Commits what waits and ends; nothing can be appended any more.
    pub fn close(&self) {
        locked(&self.pending).closing = true;
        self.wake.notify_all();
    }

    /// The committing thread: runs until [`Self::close`].
    pub fn run(&self, log: &mut Log, parsed: &SyncSender<Batch>, covered: &Covered, retention_segments: usize) {
        while let Some((bytes, ticket, first_seq, last_seq)) = self.gather() {
            if !self.write(log, &bytes, first_seq, last_seq) {
                break;
            }
            self.durable.send_replace(ticket);
            self.room.notify_waiters();
            if parsed.send(Batch { bytes, last_seq }).is_err() {
                break;
            }
            if let Some(until) = covered.try_iter().last()
                && let Err(error) = log.retire(until, retention_segments)
            {
                tracing::warn!(%error, "old segments could not be given up");
            }
        }
        let last = locked(&self.pending).next_seq.saturating_sub(1);
        if let Err(error) = log.close(last, clock::now_ms()) {
            tracing::warn!(%error, "the last segment could not be closed");
        }
    }

    fn gather(&self) -> Option<(Vec<u8>, u64, u64, u64)> {
        let mut pending = locked(&self.pending);
        loop {
            let waited = pending.since.map(|since| since.elapsed());
            match waited {
                None if pending.closing => return None,
                None => pending = self.wake.wait(pending).unwrap_or_else(PoisonError::into_inner),
                Some(t) if t >= self.gathering.wait || pending.buffer.len() >= self.gathering.bytes || pending.closing => break,
                Some(t) => {
                    let rest = self.gathering.wait - t;
                    pending = self.wake.wait_timeout(pending, rest).unwrap_or_else(PoisonError::into_inner).0;
                }
            }
        }
        let capacity = pending.buffer.len();
        let bytes = std::mem::replace(&mut pending.buffer, Vec::with_capacity(capacity));
        let (ticket, first, last) = (pending.ticket, pending.first_seq, pending.next_seq - 1);
        pending.ticket += 1;
        pending.first_seq = pending.next_seq;
        pending.since = None;
        Some((bytes, ticket, first, last))
    }

    /// Writes until it works; false if it never did and the gateway is to end.
    fn write(&self, log: &mut Log, bytes: &[u8], first_seq: u64, last_seq: u64) -> bool {
        loop {
            match log.write(bytes, first_seq, last_seq, clock::now_ms()) {
                Ok(()) => {
                    if locked(&self.alarm).take().is_some() {
                        tracing::info!("frames are durable again");
                    }
                    return true;
                }
                Err(error) => {
                    let text = if error.kind() == std::io::ErrorKind::StorageFull {
                        format!("磁盘已满，报文未保存，不应答：{error}")
                    } else {
                        format!("报文写不进磁盘，不应答：{error}")
                    };
                    tracing::error!(%error, "frames cannot be made durable; nothing is answered");
                    *locked(&self.alarm) = Some(text);
                }
            }
            let pending = locked(&self.pending);
            let (pending, _) = self.wake.wait_timeout(pending, Duration::from_millis(200)).unwrap_or_else(PoisonError::into_inner);
            if pending.closing {
                return false;
            }
        }
    }
}
