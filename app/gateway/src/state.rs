//! What the records add up to: stations, their counters, their columns.
//!
//! A pure function of the records in their order: live and replayed it comes
//! out the same. Runs on a thread of its own, off the way to the answer.

use crate::columns::{ColumnsError, Rolling, Series, Store};
use crate::config::{DataTime, Station};
use crate::segment::{Kind, Record};
use hj212::check::Book;
use hj212::codes::SuffixUse;
use hj212::dialect::Dialect;
use hj212::frame::{self, Frame, Step};
use hj212::message::{self, Message};
use hj212::value::{Moment, Num};
use hj212::verdict::Verdict;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use validity::Settings;
use validity::mark::{Standing, of_device};
use validity::rollup::Reading;

/// What is counted for a station.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Frames acted on.
    pub frames: u64,
    /// Frames not tolerated.
    pub rejected: u64,
    /// Readings put into columns.
    pub readings: u64,
    /// Verdicts by id: dialects and faults of this station are never silent.
    pub verdicts: BTreeMap<String, u64>,
    /// Commands by code.
    pub commands: BTreeMap<u16, u64>,
    /// Realtime frames whose DataTime is far from their arrival.
    pub clock_off: u64,
    /// Last arrival, milliseconds since 1970 UTC.
    pub last_arrived_ms: i64,
    /// Last DataTime by command.
    pub last_data_time: BTreeMap<u16, String>,
    /// When each factor was last heard of, by factor.
    pub last_heard_ms: BTreeMap<String, i64>,
}

/// Frames of somebody who is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// Why: `unknown_mn`, `wrong_password`, `wrong_address`.
    pub reason: String,
    /// How many frames.
    pub frames: u64,
    /// First arrival, milliseconds since 1970 UTC.
    pub first_ms: i64,
    /// Last arrival.
    pub last_ms: i64,
    /// Address that the last came from.
    pub address: String,
    /// The last frame as it stood, at most 512 bytes of it.
    pub sample: String,
}

/// A station with its seat in the columns.
pub struct Seat {
    /// Its settings.
    pub config: Station,
    /// What is counted.
    pub counters: Counters,
    dialect: Dialect,
    /// Codes in the order in which the station sends them, with their numbers.
    hints: Vec<(Vec<u8>, u16)>,
    verdicts: [u64; 64],
    commands: Vec<(u16, u64, Option<Moment>)>,
    heard: Vec<(u16, i64)>,
}

/// What the manifest keeps beside the columns.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    stations: Vec<(String, Counters)>,
    quarantine: BTreeMap<String, Quarantined>,
}

/// Everything.
pub struct State {
    /// The columns.
    pub store: Store,
    /// Stations by number.
    pub seats: Vec<Seat>,
    /// Unknown senders by MN.
    pub quarantine: BTreeMap<String, Quarantined>,
    by_mn: HashMap<Vec<u8>, u32>,
    book: Book,
    settings: Settings,
    last_seq: u64,
}

const QUARANTINE_MOST: usize = 1_000;

impl State {
    /// Opens the state of a directory as it was when it was last written.
    ///
    /// # Errors
    /// The columns.
    pub fn open(dir: &Path, stations: &[Station]) -> Result<Self, ColumnsError> {
        Ok(Self::of(Store::open(dir)?, stations))
    }

    /// Opens the state beside the gateway that writes it: as it was last written, nothing touched.
    ///
    /// # Errors
    /// The columns.
    pub fn open_reading(dir: &Path, stations: &[Station]) -> Result<Self, ColumnsError> {
        // The writer may replace files between manifest and run: what is there then is newer.
        let store = Store::open_reading(dir).or_else(|_| Store::open_reading(dir))?;
        Ok(Self::of(store, stations))
    }

    fn of(store: Store, stations: &[Station]) -> Self {
        let kept: Kept = serde_json::from_value(store.more().clone()).unwrap_or_default();
        let mut state = Self {
            last_seq: store.covered(),
            store,
            seats: Vec::new(),
            quarantine: kept.quarantine,
            by_mn: HashMap::new(),
            book: Book::embedded(),
            settings: Settings::embedded(),
        };
        for (mn, counters) in kept.stations {
            let config = stations.iter().find(|s| s.mn == mn).cloned().unwrap_or_else(|| Station { mn, ..Station::default() });
            state.seat(config, counters);
        }
        for station in stations {
            if !state.by_mn.contains_key(station.mn.as_bytes()) {
                state.seat(station.clone(), Counters::default());
            }
        }
        state
    }

    fn seat(&mut self, config: Station, counters: Counters) -> u32 {
        let number = u32::try_from(self.seats.len()).unwrap_or(u32::MAX);
        let dialect = self.book.dialects.get(&config.dialect).unwrap_or(&self.book.dialects.0[0]).clone();
        self.by_mn.insert(config.mn.clone().into_bytes(), number);
        self.seats.push(Seat { config, counters, dialect, hints: Vec::new(), verdicts: [0; 64], commands: Vec::new(), heard: Vec::new() });
        number
    }

    /// Number of a station.
    #[must_use]
    pub fn number(&self, mn: &str) -> Option<u32> {
        self.by_mn.get(mn.as_bytes()).copied()
    }

    /// Last record applied.
    #[must_use]
    pub fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// How a station is rolled up.
    #[must_use]
    pub fn rolling(&self, station: u32) -> Rolling {
        rolling(&self.seats, &self.store, station)
    }

    /// Applies a record; one that was applied already changes nothing.
    pub fn apply(&mut self, record: &Record<'_>) {
        if record.seq <= self.last_seq {
            return;
        }
        self.last_seq = record.seq;
        match record.kind {
            Kind::Frame | Kind::Rejected => {
                let Step::Frame(frame) = frame::next(record.payload, true) else { return };
                let message = message::parse(frame.segment);
                self.apply_frame(record, &frame, &message);
            }
            Kind::Quarantined => self.apply_quarantined(record),
            Kind::Open | Kind::Close => {}
        }
    }

    fn apply_frame(&mut self, record: &Record<'_>, frame: &Frame<'_>, message: &Message<'_>) {
        let mn = message.header.mn.unwrap_or_default();
        let number = match self.by_mn.get(mn) {
            Some(number) => *number,
            // A station that was taken out of the settings since: its data stay its own.
            None => self.seat(Station { mn: String::from_utf8_lossy(mn).into_owned(), ..Station::default() }, Counters::default()),
        };
        let Some(seat) = self.seats.get_mut(number as usize) else { return };
        let mut found = self.book.check(message, &seat.dialect);
        found.merge(frame.verdicts);
        for verdict in found.iter() {
            seat.verdicts[verdict as usize] += 1;
        }
        seat.counters.last_arrived_ms = seat.counters.last_arrived_ms.max(record.arrived_ms);
        if record.kind == Kind::Rejected {
            seat.counters.rejected += 1;
            return;
        }
        seat.counters.frames += 1;
        let cn = message.header.command().unwrap_or(0);
        let mut items = message.items();
        let time = items.clone().find(|i| i.name == b"DataTime").and_then(|i| Moment::read(i.value.trim_ascii()));
        seat.note_command(cn, time);
        let (Some(series), Some(time)) = (Series::of(cn), time) else { return };
        if series == Series::Realtime
            && validity::check::clock(time, Moment::from_utc_seconds(record.arrived_ms / 1000), &self.settings).is_some()
        {
            seat.counters.clock_off += 1;
        }
        let start = seat.period_start(series, time);
        let mut at = 0;
        let mut taken = Taken::new(start);
        for item in items.by_ref() {
            let (code, suffix) = item.split();
            if suffix.is_empty() {
                continue;
            }
            let converted = suffix.starts_with(b"Zs");
            if taken.code != code || taken.converted != converted && suffix != b"Flag" {
                taken.finish(number, series, seat, &mut self.store, &self.book, &mut at, record.arrived_ms);
                taken = Taken { code, converted, ..Taken::new(start) };
            }
            taken.take(suffix, item.value, seat, &self.book);
        }
        taken.finish(number, series, seat, &mut self.store, &self.book, &mut at, record.arrived_ms);
    }

    fn apply_quarantined(&mut self, record: &Record<'_>) {
        let mut parts = record.payload.splitn(3, |b| *b == b'\n');
        let (Some(reason), Some(address), Some(frame)) = (parts.next(), parts.next(), parts.next()) else { return };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mn = match frame::next(frame, true) {
            Step::Frame(f) => text(message::parse(f.segment).header.mn.unwrap_or_default()),
            _ => String::new(),
        };
        if self.quarantine.len() >= QUARANTINE_MOST && !self.quarantine.contains_key(&mn) {
            return;
        }
        let entry = self.quarantine.entry(mn).or_default();
        entry.first_ms = if entry.frames == 0 { record.arrived_ms } else { entry.first_ms };
        entry.frames += 1;
        entry.last_ms = record.arrived_ms;
        entry.reason = text(reason);
        entry.address = text(address);
        entry.sample = text(&frame[..frame.len().min(512)]);
    }

    /// Writes what is hot, so that a restart begins behind the last record applied.
    ///
    /// # Errors
    /// The columns.
    pub fn flush(&mut self) -> Result<(), ColumnsError> {
        let kept = Kept { stations: self.counters(), quarantine: self.quarantine.clone() };
        let more = serde_json::to_value(kept)?;
        let rollings: Vec<Rolling> = (0..self.seats.len()).map(|n| rolling(&self.seats, &self.store, n as u32)).collect();
        self.store.flush(self.last_seq, more, |n| rollings.get(n as usize).cloned().unwrap_or(Rolling { flow: None, slice_s: 600 }))
    }

    /// Counters of all stations by MN, in the order of their numbers.
    #[must_use]
    pub fn counters(&self) -> Vec<(String, Counters)> {
        self.seats.iter().map(|s| (s.config.mn.clone(), s.settled(&self.store))).collect()
    }

    /// A hash over columns and counters: equal after a replay.
    ///
    /// # Errors
    /// The columns.
    pub fn digest(&self) -> Result<String, ColumnsError> {
        let columns = self.store.digest(|n| self.rolling(n))?;
        let rest = serde_json::to_string(&(self.counters(), &self.quarantine))?;
        Ok(format!("{columns}-{:08x}", crc32fast::hash(rest.as_bytes())))
    }
}

fn rolling(seats: &[Seat], store: &Store, station: u32) -> Rolling {
    let Some(seat) = seats.get(station as usize) else { return Rolling { flow: None, slice_s: 600 } };
    let flow = if seat.config.flow.is_empty() { None } else { store.known_factor(&seat.config.flow) };
    Rolling { flow, slice_s: seat.config.minute_interval.max(1) * 60 }
}

impl Seat {
    fn note_command(&mut self, cn: u16, time: Option<Moment>) {
        match self.commands.iter_mut().find(|(c, _, _)| *c == cn) {
            Some((_, n, last)) => {
                *n += 1;
                *last = time.or(*last);
            }
            None => self.commands.push((cn, 1, time)),
        }
    }

    /// Start of the period that DataTime names.
    fn period_start(&self, series: Series, time: Moment) -> Moment {
        let length = match series {
            Series::Realtime => return time,
            Series::Minute => self.config.minute_interval.max(1) * 60,
            Series::Hour => 3_600,
            Series::Day => 86_400,
        };
        let ends = match self.config.data_time {
            Some(DataTime::End) => true,
            Some(DataTime::Start) => false,
            None => self.dialect.data_time == hj212::dialect::DataTime::End,
        };
        if ends { Moment(time.0 - length) } else { time }
    }

    /// The counters with what is counted in arrays on the fast path.
    fn settled(&self, store: &Store) -> Counters {
        let mut counters = self.counters.clone();
        for (verdict, n) in Verdict::ALL.iter().zip(self.verdicts).filter(|(_, n)| *n > 0) {
            *counters.verdicts.entry(verdict.id().to_owned()).or_default() += n;
        }
        for (cn, n, last) in &self.commands {
            *counters.commands.entry(*cn).or_default() += n;
            if let Some(time) = last {
                counters.last_data_time.insert(*cn, time.to_string());
            }
        }
        for (factor, at) in &self.heard {
            counters.last_heard_ms.insert(store.code(*factor).to_owned(), *at);
        }
        counters
    }

    /// Number of a code; stations send the same codes in the same order, so the next hint is nearly always right.
    fn factor(&mut self, code: &[u8], converted: bool, store: &mut Store, book: &Book, at: &mut usize) -> u16 {
        let matches = |hint: &(Vec<u8>, u16)| {
            let plain = if converted { hint.0.strip_suffix(b"-Zs") } else { Some(hint.0.as_slice()) };
            plain == Some(code)
        };
        if let Some(hint) = self.hints.get(*at).filter(|h| matches(h)) {
            *at += 1;
            return hint.1;
        }
        if let Some(n) = self.hints.iter().position(&matches) {
            *at = n + 1;
            return self.hints[n].1;
        }
        // 2005 codes and codes without their letter go under the code of 2017; running numbers stay.
        let known = book.codes.factor(code).and_then(|(id, _)| book.codes.of(id)).filter(|f| !f.code.ends_with('x'));
        let name = known.map_or_else(|| String::from_utf8_lossy(code).into_owned(), |f| f.code.clone());
        let suffix = if converted { "-Zs" } else { "" };
        let n = store.factor(&format!("{name}{suffix}"));
        if self.hints.len() < 512 {
            self.hints.push(([code, suffix.as_bytes()].concat(), n));
        }
        n
    }
}

/// The reading of one factor while its items go by.
struct Taken<'a> {
    code: &'a [u8],
    converted: bool,
    reading: Reading,
    something: bool,
}

impl<'a> Taken<'a> {
    fn new(start: Moment) -> Self {
        // A value without a mark counts: stations that send none would have no data otherwise.
        let reading = Reading { time: start, mean: None, min: None, max: None, total: None, standing: Standing::Valid };
        Self { code: &[], converted: false, reading, something: false }
    }

    fn take(&mut self, suffix: &[u8], value: &[u8], seat: &Seat, book: &Book) {
        let suffix = if self.converted { suffix.strip_prefix(b"Zs").unwrap_or(suffix) } else { suffix };
        let slot = match suffix {
            b"Rtd" | b"Avg" | b"Data" => &mut self.reading.mean,
            b"Min" => &mut self.reading.min,
            b"Max" => &mut self.reading.max,
            b"Cou" => &mut self.reading.total,
            b"Flag" => {
                self.reading.standing = of_device(book.codes.mark(value.trim_ascii(), &seat.dialect.key));
                return;
            }
            other => {
                let is_value = book.codes.suffix(other).is_some_and(|s| matches!(s.usage, SuffixUse::State | SuffixUse::Hours));
                if !is_value {
                    return;
                }
                &mut self.reading.mean
            }
        };
        *slot = Num::read(value);
        self.something = true;
    }

    #[allow(clippy::too_many_arguments, reason = "the places that one reading goes to")]
    fn finish(&self, number: u32, series: Series, seat: &mut Seat, store: &mut Store, book: &Book, at: &mut usize, arrived_ms: i64) {
        if !self.something {
            return;
        }
        let factor = seat.factor(self.code, self.converted, store, book, at);
        store.put(number, series, factor, &self.reading);
        seat.counters.readings += 1;
        if self.reading.mean.is_some() {
            match seat.heard.iter_mut().find(|(f, _)| *f == factor) {
                Some((_, last)) => *last = arrived_ms.max(*last),
                None => seat.heard.push((factor, arrived_ms)),
            }
        }
    }
}
