//! Segment files 分段文件: raw frames, appended in batches, durable before anything is answered.
//!
//! A segment is written full of zeros and made durable before its first use,
//! so that appending changes no file size and a full disk shows when a segment
//! is made, not in the middle of one. Segments past their retention are used
//! again under a new name; what still stands in them is told apart by its
//! number (`seq` counts records for ever and never goes back).
//!
//! A record: `HJG1`, length of the payload, checksum (CRC-32 of what follows
//! and the payload), kind, `seq`, arrival in milliseconds since 1970 UTC,
//! payload. All numbers little-endian. The first record of a segment says
//! where the one before it ended, so that a damaged end is told apart from an
//! end that was never written.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Bytes before a record's payload.
pub const HEAD: usize = 32;
const MAGIC: [u8; 4] = *b"HJG1";
/// Longest payload: a frame of the longest segment, and its quarantine note.
const PAYLOAD_MAX: usize = 16 * 1024;

/// What a record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// A frame of a known station, to be acted on.
    Frame = 1,
    /// A frame of a known station whose check value or length is not tolerated.
    Rejected = 2,
    /// A frame of an unknown station, or with a wrong password or address.
    Quarantined = 3,
    /// First record of a segment.
    Open = 4,
    /// Last record of a segment that was closed in order.
    Close = 5,
}

impl Kind {
    fn of(byte: u8) -> Option<Self> {
        [Self::Frame, Self::Rejected, Self::Quarantined, Self::Open, Self::Close].into_iter().find(|k| *k as u8 == byte)
    }
}

/// One record as it stands in a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// What it holds.
    pub kind: Kind,
    /// Its number, counted for ever.
    pub seq: u64,
    /// When it arrived, milliseconds since 1970 UTC.
    pub arrived_ms: i64,
    /// The bytes.
    pub payload: &'a [u8],
}

/// Appends a record to a buffer.
pub fn encode(buffer: &mut Vec<u8>, record: &Record<'_>) {
    let mut head = [0u8; HEAD];
    head[..4].copy_from_slice(&MAGIC);
    head[4..8].copy_from_slice(&u32::try_from(record.payload.len()).unwrap_or(u32::MAX).to_le_bytes());
    head[12] = record.kind as u8;
    head[16..24].copy_from_slice(&record.seq.to_le_bytes());
    head[24..32].copy_from_slice(&record.arrived_ms.to_le_bytes());
    let sum = checksum(&head, record.payload);
    head[8..12].copy_from_slice(&sum.to_le_bytes());
    buffer.extend_from_slice(&head);
    buffer.extend_from_slice(record.payload);
}

fn checksum(head: &[u8; HEAD], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&head[4..8]);
    hasher.update(&head[12..]);
    hasher.update(payload);
    hasher.finalize()
}

/// Reads the record at the front of `bytes`; None if none stands there whole.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<(Record<'_>, usize)> {
    let head: &[u8; HEAD] = bytes.get(..HEAD)?.try_into().ok()?;
    if head[..4] != MAGIC {
        return None;
    }
    let word = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let long = |at: usize| u64::from(word(at)) | u64::from(word(at + 4)) << 32;
    let length = usize::try_from(word(4)).ok().filter(|n| *n <= PAYLOAD_MAX)?;
    let payload = bytes.get(HEAD..HEAD + length)?;
    if checksum(head, payload) != word(8) {
        return None;
    }
    let record = Record { kind: Kind::of(head[12])?, seq: long(16), arrived_ms: long(24) as i64, payload };
    Some((record, HEAD + length))
}

/// A place in a segment that does not hold what was written there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Damage {
    /// File name of the segment.
    pub segment: String,
    /// First damaged byte's record starts here.
    pub offset: u64,
    /// Bytes until the next whole record, or to the known end.
    pub bytes: u64,
    /// Number of the last whole record before it.
    pub after_seq: u64,
    /// What it is, in words.
    pub what: String,
}

/// What was found in one segment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scan {
    /// Place behind the last whole record.
    pub end: u64,
    /// Number of the last whole record.
    pub last_seq: u64,
    /// The segment was closed in order.
    pub closed: bool,
    /// Damaged places.
    pub damage: Vec<Damage>,
    /// Bytes of a last record that is not whole: never acknowledged, or damaged since.
    pub torn: Option<u64>,
}

/// Where the segment before one ended, as its first record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Opening {
    /// Number of this segment.
    pub segment: u64,
    /// Number of the segment before; 0: none.
    pub previous: u64,
    /// Place behind its last record.
    pub previous_end: u64,
}

/// Goes through a segment; `each` is handed every whole record that belongs to it, in order.
///
/// `known_end`: where the segment ended, if the next segment says so.
pub fn scan(name: &str, bytes: &[u8], known_end: Option<u64>, mut each: impl FnMut(&Record<'_>, u64)) -> Scan {
    let mut found = Scan::default();
    let mut at = 0usize;
    let mut first_seq = None;
    let stop = known_end.and_then(|end| usize::try_from(end).ok()).unwrap_or(bytes.len()).min(bytes.len());
    while at < stop && !found.closed {
        match decode(&bytes[at..]) {
            // A record that an earlier use of the file left behind: the end.
            Some((record, _)) if first_seq.is_some_and(|first| record.seq < first) || record.seq < found.last_seq => break,
            Some((record, used)) => {
                first_seq.get_or_insert(record.seq);
                match record.kind {
                    Kind::Open => {}
                    Kind::Close => found.closed = true,
                    _ if record.seq > found.last_seq => {
                        each(&record, at as u64);
                        found.last_seq = record.seq;
                    }
                    _ => {}
                }
                at += used;
                found.end = at as u64;
            }
            None => match next_whole(bytes, at, found.last_seq) {
                Some(next) => {
                    found.damage.push(damaged(name, at, next - at, found.last_seq));
                    at = next;
                }
                None => break,
            },
        }
    }
    if let Some(end) = known_end
        && found.end < end
    {
        found.damage.push(damaged(name, at, usize::try_from(end).unwrap_or(at).saturating_sub(at), found.last_seq));
        found.end = end;
    } else if known_end.is_none() && !found.closed {
        let began = bytes.get(at..at + 4) == Some(&MAGIC[..]) && decode(&bytes[at..]).is_none();
        let rest = bytes.get(at..).unwrap_or_default().iter().rposition(|b| *b != 0).map_or(0, |p| p + 1);
        found.torn = (began && rest > 0).then_some(rest.min(PAYLOAD_MAX) as u64);
    }
    found
}

/// The next place at which a whole record of this use of the file stands.
fn next_whole(bytes: &[u8], from: usize, last_seq: u64) -> Option<usize> {
    // Damage within one record hides at most that record; a bound keeps a file of stale bytes from being searched for ever.
    let until = bytes.len().min(from + 4 * (PAYLOAD_MAX + HEAD));
    let mut at = from + 1;
    while at + HEAD <= until {
        let step = bytes[at..until].windows(4).position(|w| w == MAGIC)?;
        at += step;
        // Numbers follow each other: behind damage only a few can be missing.
        let follows = |seq: u64| last_seq == 0 || (seq > last_seq && seq <= last_seq + 1_024);
        if decode(&bytes[at..]).is_some_and(|(r, _)| follows(r.seq) || (r.kind == Kind::Close && r.seq == last_seq)) {
            return Some(at);
        }
        at += 1;
    }
    None
}

fn damaged(name: &str, at: usize, bytes: usize, after_seq: u64) -> Damage {
    let what = format!("{name} 第 {at} 字节起 {bytes} 字节与写入时不符，在第 {after_seq} 条记录之后");
    Damage { segment: name.to_owned(), offset: at as u64, bytes: bytes as u64, after_seq, what }
}

/// Where segments are kept; injected, so that a full disk can be played.
pub trait Media: Send {
    /// Numbers of the segments there are, ascending.
    ///
    /// # Errors
    /// Of the medium.
    fn list(&self) -> io::Result<Vec<u64>>;
    /// A durable segment of `bytes` bytes under that number.
    ///
    /// # Errors
    /// Of the medium; a full disk shows here.
    fn create(&mut self, number: u64, bytes: u64) -> io::Result<Box<dyn Medium>>;
    /// All bytes of a segment.
    ///
    /// # Errors
    /// Of the medium.
    fn read(&self, number: u64) -> io::Result<Vec<u8>>;
    /// The first bytes of a segment, enough for its first record.
    ///
    /// # Errors
    /// Of the medium.
    fn read_head(&self, number: u64) -> io::Result<Vec<u8>>;
    /// Gives a segment up; its file may be used again.
    ///
    /// # Errors
    /// Of the medium.
    fn retire(&mut self, number: u64) -> io::Result<()>;
}

/// One open segment.
pub trait Medium: Send {
    /// Writes at a place.
    ///
    /// # Errors
    /// Of the medium.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Makes what was written durable.
    ///
    /// # Errors
    /// Of the medium. What was written since the last time may be lost then.
    fn sync(&mut self) -> io::Result<()>;
}

/// File name of a segment.
#[must_use]
pub fn name(number: u64) -> String {
    format!("seg-{number:012}.hjg")
}

/// Segments as files of a directory; one spare is kept ready by a thread of its own.
pub struct Disk {
    dir: PathBuf,
    spares: Receiver<io::Result<PathBuf>>,
    retired: SyncSender<PathBuf>,
    bytes: u64,
}

impl Disk {
    /// Segments of `bytes` bytes in `dir`, which is made if it is not there.
    ///
    /// # Errors
    /// If the directory cannot be made.
    pub fn open(dir: &Path, bytes: u64) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        let (send, spares) = sync_channel(1);
        let (retired, used) = sync_channel::<PathBuf>(1_024);
        let place = dir.to_owned();
        std::thread::Builder::new().name("segments".into()).spawn(move || prepare(&place, bytes, &send, &used))?;
        Ok(Self { dir: dir.to_owned(), spares, retired, bytes })
    }
}

/// Keeps a spare ready until nobody takes it any more.
fn prepare(dir: &Path, bytes: u64, spares: &SyncSender<io::Result<PathBuf>>, retired: &Receiver<PathBuf>) {
    let left = fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path());
    let mut ready: Vec<PathBuf> = left.filter(|p| p.extension().is_some_and(|x| x == "spare")).collect();
    let mut count = 0u64;
    loop {
        ready.extend(retired.try_iter());
        let spare = match ready.pop() {
            Some(path) => Ok(path),
            None => {
                count += 1;
                zeros(&dir.join(format!("new-{}-{count}.spare", std::process::id())), bytes)
            }
        };
        if spares.send(spare).is_err() {
            return;
        }
    }
}

/// A durable file of zeros. On failure what was written is removed again.
fn zeros(path: &Path, bytes: u64) -> io::Result<PathBuf> {
    let make = || -> io::Result<()> {
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
        let block = vec![0u8; 1 << 20];
        let mut at = 0;
        while at < bytes {
            let n = (bytes - at).min(block.len() as u64);
            file.write_all_at(&block[..usize::try_from(n).unwrap_or(block.len())], at)?;
            at += n;
        }
        file.sync_all()
    };
    match make() {
        Ok(()) => Ok(path.to_owned()),
        Err(e) => {
            let _ = fs::remove_file(path);
            Err(e)
        }
    }
}

impl Media for Disk {
    fn list(&self) -> io::Result<Vec<u64>> {
        let mut numbers: Vec<u64> = fs::read_dir(&self.dir)?
            .flatten()
            .filter_map(|e| e.file_name().to_str()?.strip_prefix("seg-")?.strip_suffix(".hjg")?.parse().ok())
            .collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn create(&mut self, number: u64, _bytes: u64) -> io::Result<Box<dyn Medium>> {
        let spare = self.spares.recv().map_err(|_| io::Error::other("the thread that prepares segments has ended"))??;
        let path = self.dir.join(name(number));
        fs::rename(&spare, &path)?;
        File::open(&self.dir)?.sync_all()?;
        Ok(Box::new(DiskSegment(OpenOptions::new().write(true).open(path)?)))
    }

    fn read(&self, number: u64) -> io::Result<Vec<u8>> {
        fs::read(self.dir.join(name(number)))
    }

    fn read_head(&self, number: u64) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; 512];
        let n = File::open(self.dir.join(name(number)))?.read_at(&mut bytes, 0)?;
        bytes.truncate(n);
        Ok(bytes)
    }

    fn retire(&mut self, number: u64) -> io::Result<()> {
        let path = self.dir.join(name(number));
        let spare = path.with_extension("spare");
        fs::rename(&path, &spare)?;
        let usable = fs::metadata(&spare)?.len() == self.bytes;
        if !usable || self.retired.try_send(spare.clone()).is_err() {
            fs::remove_file(spare)?;
        }
        Ok(())
    }
}

struct DiskSegment(File);

impl Medium for DiskSegment {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all_at(bytes, offset)
    }
    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }
}

/// The segments as one log: the newest is written, all are read.
pub struct Log {
    media: Box<dyn Media>,
    bytes: u64,
    open: Option<(u64, Box<dyn Medium>, u64)>,
    previous: (u64, u64),
    /// Last record number of each segment that is not written any more.
    sealed: BTreeMap<u64, u64>,
}

/// What opening a log found.
#[derive(Debug, Clone, Default)]
pub struct Recovered {
    /// Number of the last record.
    pub last_seq: u64,
    /// Damaged places.
    pub damage: Vec<Damage>,
    /// Torn bytes at the very end.
    pub torn: Option<u64>,
}

impl Log {
    /// Opens a log and hands the records to `each`, oldest first.
    ///
    /// Segments that hold nothing above `after` are not read, the last four
    /// excepted (`after` = 0 reads and verifies all of them). Records of a
    /// segment that is read are all handed over, those up to `after` too.
    ///
    /// # Errors
    /// Of the medium. Damage is no error: it is named.
    pub fn open(media: Box<dyn Media>, bytes: u64, after: u64, mut each: impl FnMut(&Record<'_>, &str)) -> io::Result<(Self, Recovered)> {
        let numbers = media.list()?;
        let openings: Vec<Option<(Opening, u64)>> =
            numbers.iter().map(|n| media.read_head(*n).map(|head| opening(&head))).collect::<io::Result<_>>()?;
        let mut found = Recovered::default();
        let mut sealed = BTreeMap::new();
        let mut previous = (0, 0);
        for (n, number) in numbers.iter().enumerate() {
            let next = openings.get(n + 1).copied().flatten();
            if let Some((_, first_seq)) = next
                && first_seq <= after + 1
                && after > 0
                && n + 4 < numbers.len()
            {
                sealed.insert(*number, first_seq - 1);
                found.last_seq = found.last_seq.max(first_seq - 1);
                continue;
            }
            let content = media.read(*number)?;
            let known_end = next.map(|(o, _)| o).filter(|o| o.previous == *number).map(|o| o.previous_end);
            let name = name(*number);
            let last = found.last_seq;
            let scan = scan(&name, &content, known_end, |record, _| {
                if record.seq > last {
                    each(record, &name);
                }
            });
            found.last_seq = found.last_seq.max(scan.last_seq);
            found.damage.extend(scan.damage);
            found.torn = scan.torn;
            sealed.insert(*number, found.last_seq);
            previous = (*number, scan.end);
        }
        Ok((Self { media, bytes, open: None, previous, sealed }, found))
    }

    /// Writes a batch of encoded records and makes it durable.
    ///
    /// After an error the batch has to be written again, whole; it then goes to
    /// a fresh segment, because nothing is known of the old one's pages any more.
    ///
    /// # Errors
    /// Of the medium.
    pub fn write(&mut self, batch: &[u8], first_seq: u64, last_seq: u64, now_ms: i64) -> io::Result<()> {
        let full = |(_, _, at): &(u64, Box<dyn Medium>, u64)| at + batch.len() as u64 + 256 > self.bytes;
        if self.open.as_ref().is_some_and(full) {
            self.close(first_seq.saturating_sub(1), now_ms)?;
        }
        let open = match self.open.take() {
            Some(open) => open,
            None => self.next(first_seq, now_ms)?,
        };
        let (number, mut medium, at) = open;
        medium.write_at(at, batch)?;
        medium.sync()?;
        let end = at + batch.len() as u64;
        self.sealed.insert(number, last_seq);
        self.previous = (number, end);
        self.open = Some((number, medium, end));
        Ok(())
    }

    fn next(&mut self, first_seq: u64, now_ms: i64) -> io::Result<(u64, Box<dyn Medium>, u64)> {
        let number = self.sealed.keys().next_back().map_or(1, |last| last + 1);
        let mut medium = self.media.create(number, self.bytes)?;
        // From here on the number is taken, even if the first batch fails.
        self.sealed.insert(number, first_seq.saturating_sub(1));
        let opening = Opening { segment: number, previous: self.previous.0, previous_end: self.previous.1 };
        let mut first = Vec::new();
        let payload = serde_json::to_vec(&opening).unwrap_or_default();
        encode(&mut first, &Record { kind: Kind::Open, seq: first_seq, arrived_ms: now_ms, payload: &payload });
        medium.write_at(0, &first)?;
        Ok((number, medium, first.len() as u64))
    }

    /// Closes the segment that is being written, in order.
    ///
    /// # Errors
    /// Of the medium.
    pub fn close(&mut self, last_seq: u64, now_ms: i64) -> io::Result<()> {
        if let Some((number, mut medium, at)) = self.open.take() {
            let mut last = Vec::new();
            encode(&mut last, &Record { kind: Kind::Close, seq: last_seq, arrived_ms: now_ms, payload: b"" });
            medium.write_at(at, &last)?;
            medium.sync()?;
            self.previous = (number, at + last.len() as u64);
        }
        Ok(())
    }

    /// Gives up segments whose last record is at or below `until_seq`, the newest `keep` excepted.
    ///
    /// # Errors
    /// Of the medium.
    pub fn retire(&mut self, until_seq: u64, keep: usize) -> io::Result<usize> {
        let old: Vec<u64> = self.sealed.iter().filter(|(_, last)| **last <= until_seq).map(|(n, _)| *n).collect();
        let most = self.sealed.len().saturating_sub(keep.max(1));
        let open = self.open.as_ref().map(|(n, _, _)| *n);
        let mut count = 0;
        for number in old.into_iter().take(most).filter(|n| Some(*n) != open) {
            self.media.retire(number)?;
            self.sealed.remove(&number);
            count += 1;
        }
        Ok(count)
    }

    /// How many segments there are.
    #[must_use]
    pub fn segments(&self) -> usize {
        self.sealed.len()
    }
}

/// The opening of a segment and the number of its first record.
fn opening(bytes: &[u8]) -> Option<(Opening, u64)> {
    let (first, _) = decode(bytes).filter(|(r, _)| r.kind == Kind::Open)?;
    Some((serde_json::from_slice(first.payload).ok()?, first.seq))
}
