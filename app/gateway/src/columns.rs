//! Columns of readings and their hours: hot in memory, the rest in run files.
//!
//! What comes in is appended to a compact log for each block in memory. From
//! time to time all of it is merged with the blocks on disk, the hours that
//! were touched are rolled up anew, and one run file with the new blocks and
//! one manifest are written; the manifest names the last record that the
//! blocks contain, so that after a crash the segments are replayed from there.

use crate::block::{self, Columns, Hours};
use hj212::value::Moment;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use validity::rollup::{Agg, DAY, HOUR, Reading, TEN, aggregate};

/// Kind of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Series {
    /// 2011.
    Realtime,
    /// 2051.
    Minute,
    /// 2061, as the station computed it.
    Hour,
    /// 2031, as the station computed it.
    Day,
}

impl Series {
    /// The series of a command; None: not kept in columns.
    #[must_use]
    pub fn of(cn: u16) -> Option<Self> {
        match cn {
            2011 => Some(Self::Realtime),
            2051 => Some(Self::Minute),
            2061 => Some(Self::Hour),
            2031 => Some(Self::Day),
            _ => None,
        }
    }

    fn days(self) -> i64 {
        match self {
            Self::Realtime | Self::Minute => 1,
            Self::Hour | Self::Day => 32,
        }
    }

    fn start(self, time: Moment) -> i64 {
        time.floor(DAY * self.days()).0
    }
}

/// One block: station number, series, start of its span.
pub type Key = (u32, Series, i64);

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Loc {
    run: u64,
    offset: u64,
    hours: u32,
    columns: u32,
    sum: u32,
}

/// What stands in the manifest.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Manifest {
    seq: u64,
    next_run: u64,
    runs: Vec<u64>,
    factors: Vec<String>,
    /// Whatever the state keeps beside the columns.
    more: serde_json::Value,
}

/// How a station's data are rolled up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rolling {
    /// Number of the factor that weighs; None: none.
    pub flow: Option<u16>,
    /// Seconds of a slice of minute data.
    pub slice_s: i64,
}

/// Why columns cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ColumnsError {
    /// The disk.
    #[error("列文件 {0}")]
    Io(PathBuf, #[source] io::Error),
    /// The manifest.
    #[error("列清单有误")]
    Manifest(#[from] serde_json::Error),
    /// A block whose checksum does not fit.
    #[error("列文件 {run} 第 {offset} 字节起的一块与写入时不符")]
    Damaged {
        /// Run file.
        run: String,
        /// Place.
        offset: u64,
    },
}

/// The columns of all stations.
pub struct Store {
    dir: PathBuf,
    hot: HashMap<Key, Vec<u8>>,
    hot_bytes: usize,
    index: BTreeMap<Key, Loc>,
    files: HashMap<u64, File>,
    manifest: Manifest,
    numbers: HashMap<String, u16>,
}

fn run_name(run: u64) -> String {
    format!("run-{run:08}.hjr")
}

impl Store {
    /// Opens the columns of a directory, which is made if it is not there.
    ///
    /// # Errors
    /// The disk, or a manifest that cannot be read.
    pub fn open(dir: &Path) -> Result<Self, ColumnsError> {
        fs::create_dir_all(dir).map_err(|e| ColumnsError::Io(dir.to_owned(), e))?;
        let store = Self::open_reading(dir)?;
        store.drop_strays();
        Ok(store)
    }

    /// Opens the columns beside the process that writes them: nothing on disk is touched.
    ///
    /// # Errors
    /// The disk, or a manifest that cannot be read. While the writer replaces
    /// files one of them may be gone; asking again helps then.
    pub fn open_reading(dir: &Path) -> Result<Self, ColumnsError> {
        let at = |e| ColumnsError::Io(dir.to_owned(), e);
        let manifest = match fs::read(dir.join("manifest.json")) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(e) if e.kind() == io::ErrorKind::NotFound => Manifest { next_run: 1, ..Manifest::default() },
            Err(e) => return Err(at(e)),
        };
        let numbers = manifest.factors.iter().enumerate().map(|(n, f)| (f.clone(), n as u16)).collect();
        let mut store = Self {
            dir: dir.to_owned(),
            hot: HashMap::new(),
            hot_bytes: 0,
            index: BTreeMap::new(),
            files: HashMap::new(),
            manifest,
            numbers,
        };
        for run in store.manifest.runs.clone() {
            store.open_run(run)?;
        }
        Ok(store)
    }

    fn open_run(&mut self, run: u64) -> Result<(), ColumnsError> {
        let path = self.dir.join(run_name(run));
        let at = |e| ColumnsError::Io(path.clone(), e);
        let file = File::open(&path).map_err(at)?;
        let length = file.metadata().map_err(at)?.len();
        let mut tail = [0u8; 12];
        file.read_exact_at(&mut tail, length.saturating_sub(12)).map_err(at)?;
        let size = u64::from_le_bytes([tail[0], tail[1], tail[2], tail[3], tail[4], tail[5], tail[6], tail[7]]);
        let sum = u32::from_le_bytes([tail[8], tail[9], tail[10], tail[11]]);
        let from = length.checked_sub(12 + size).ok_or_else(|| damaged(run, length))?;
        let mut bytes = vec![0u8; usize::try_from(size).unwrap_or(0)];
        file.read_exact_at(&mut bytes, from).map_err(at)?;
        if crc32fast::hash(&bytes) != sum {
            return Err(damaged(run, from));
        }
        let entries: Vec<(Key, Loc)> = serde_json::from_slice(&bytes)?;
        self.index.extend(entries);
        self.files.insert(run, file);
        Ok(())
    }

    /// Run files that no manifest names are left over from a write that did not end.
    fn drop_strays(&self) {
        for entry in fs::read_dir(&self.dir).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let number = name.strip_prefix("run-").and_then(|n| n.strip_suffix(".hjr")).and_then(|n| n.parse::<u64>().ok());
            if number.is_some_and(|n| !self.manifest.runs.contains(&n)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Last record that the files contain.
    #[must_use]
    pub fn covered(&self) -> u64 {
        self.manifest.seq
    }

    /// What was kept beside the columns at that record.
    #[must_use]
    pub fn more(&self) -> &serde_json::Value {
        &self.manifest.more
    }

    /// The number of a factor code, given to it if it has none.
    pub fn factor(&mut self, code: &str) -> u16 {
        if let Some(n) = self.numbers.get(code) {
            return *n;
        }
        let n = u16::try_from(self.manifest.factors.len()).unwrap_or(u16::MAX);
        self.manifest.factors.push(code.to_owned());
        self.numbers.insert(code.to_owned(), n);
        n
    }

    /// The number of a factor code that has one.
    #[must_use]
    pub fn known_factor(&self, code: &str) -> Option<u16> {
        self.numbers.get(code).copied()
    }

    /// The code of a factor number.
    #[must_use]
    pub fn code(&self, factor: u16) -> &str {
        self.manifest.factors.get(usize::from(factor)).map_or("", String::as_str)
    }

    /// How many factors are known.
    #[must_use]
    pub fn factors(&self) -> usize {
        self.manifest.factors.len()
    }

    /// Puts a reading in.
    pub fn put(&mut self, station: u32, series: Series, factor: u16, reading: &Reading) {
        let start = series.start(reading.time);
        let log = self.hot.entry((station, series, start)).or_default();
        let was = log.capacity();
        block::push_hot(log, factor, start, reading);
        self.hot_bytes += log.capacity() - was;
    }

    /// Bytes of memory that readings not on disk yet take.
    #[must_use]
    pub fn hot_bytes(&self) -> usize {
        self.hot_bytes + self.hot.len() * 96
    }

    /// Bytes on disk, and how many of them are in use.
    #[must_use]
    pub fn disk_bytes(&self) -> (u64, u64) {
        let all = self.files.values().filter_map(|f| f.metadata().ok()).map(|m| m.len()).sum();
        let used = self.index.values().map(|l| u64::from(l.hours) + u64::from(l.columns)).sum();
        (all, used)
    }

    fn read(&self, loc: &Loc, offset: u64, length: u32) -> Result<Vec<u8>, ColumnsError> {
        let file = self.files.get(&loc.run).ok_or_else(|| damaged(loc.run, loc.offset))?;
        let mut bytes = vec![0u8; length as usize];
        file.read_exact_at(&mut bytes, offset).map_err(|e| ColumnsError::Io(self.dir.join(run_name(loc.run)), e))?;
        Ok(bytes)
    }

    fn block(&self, key: &Key) -> Result<(Hours, Columns), ColumnsError> {
        let Some(loc) = self.index.get(key) else { return Ok(Default::default()) };
        let bytes = self.read(loc, loc.offset, loc.hours + loc.columns)?;
        let (hours, columns) = bytes.split_at(loc.hours as usize);
        if crc32fast::hash(&bytes) != loc.sum {
            return Err(damaged(loc.run, loc.offset));
        }
        let hours = block::decode_hours(hours).ok_or_else(|| damaged(loc.run, loc.offset))?;
        let columns = block::decode_columns(columns, key.2).ok_or_else(|| damaged(loc.run, loc.offset))?;
        Ok((hours, columns))
    }

    /// A block with what is hot merged in and the hours it touches rolled up anew.
    fn merged(&self, key: &Key, rolling: &Rolling) -> Result<(Hours, Columns), ColumnsError> {
        let (mut hours, mut columns) = self.block(key)?;
        let Some(hot) = self.hot.get(key) else { return Ok((hours, columns)) };
        let mut fresh = Columns::new();
        let mut touched: BTreeSet<(u16, i64)> = BTreeSet::new();
        let mut flow_touched: BTreeSet<i64> = BTreeSet::new();
        let mut last = None;
        for (factor, reading) in block::hot_rows(hot, key.2) {
            let hour = reading.time.floor(HOUR).0;
            fresh.entry(factor).or_default().push(reading);
            if last != Some((factor, hour)) {
                last = Some((factor, hour));
                touched.insert((factor, hour));
                if rolling.flow == Some(factor) {
                    flow_touched.insert(hour);
                }
            }
        }
        for (factor, rows) in fresh {
            block::merge(columns.entry(factor).or_default(), rows);
        }
        if matches!(key.1, Series::Minute | Series::Realtime) {
            touched.extend(flow_touched.iter().flat_map(|hour| columns.keys().map(move |f| (*f, *hour))));
            roll(&columns, &mut hours, &touched, key.1, rolling);
        }
        Ok((hours, columns))
    }

    /// Writes what is hot to a run file; `seq` is the last record that it contains.
    ///
    /// # Errors
    /// The disk. What is hot stays hot then, and the manifest is as it was.
    pub fn flush(&mut self, seq: u64, more: serde_json::Value, rolling: impl Fn(u32) -> Rolling) -> Result<(), ColumnsError> {
        let mut keys: Vec<Key> = self.hot.keys().copied().collect();
        keys.sort_unstable();
        let run = self.manifest.next_run;
        let mut manifest = Manifest { seq, more, next_run: run + 1, ..self.manifest.clone() };
        if !keys.is_empty() {
            let mut writer = RunWriter::create(&self.dir, run)?;
            for key in keys {
                let (hours, columns) = self.merged(&key, &rolling(key.0))?;
                writer.push(key, &block::encode_hours(&hours), &block::encode_columns(&columns, key.2))?;
            }
            for (key, loc) in self.worth_moving(&writer) {
                let bytes = self.read(&loc, loc.offset, loc.hours + loc.columns)?;
                let (hours, columns) = bytes.split_at(loc.hours as usize);
                writer.push(key, hours, columns)?;
            }
            let (entries, file) = writer.finish()?;
            self.index.extend(entries);
            self.files.insert(run, file);
            manifest.runs.push(run);
        }
        let used: BTreeSet<u64> = self.index.values().map(|l| l.run).collect();
        manifest.runs.retain(|r| used.contains(r));
        write_manifest(&self.dir, &manifest)?;
        let gone: Vec<u64> = self.files.keys().filter(|r| !used.contains(r)).copied().collect();
        for run in gone {
            self.files.remove(&run);
            let _ = fs::remove_file(self.dir.join(run_name(run)));
        }
        self.manifest = manifest;
        self.hot.clear();
        self.hot.shrink_to_fit();
        self.hot_bytes = 0;
        Ok(())
    }

    /// Blocks that are still in use in files that mostly are not.
    fn worth_moving(&self, writer: &RunWriter) -> Vec<(Key, Loc)> {
        let mut used: HashMap<u64, u64> = HashMap::new();
        let fresh: BTreeSet<Key> = writer.entries.iter().map(|(k, _)| *k).collect();
        let kept = || self.index.iter().filter(|(k, _)| !fresh.contains(*k));
        for (_, loc) in kept() {
            *used.entry(loc.run).or_default() += u64::from(loc.hours) + u64::from(loc.columns);
        }
        let sparse = |run: &u64| {
            let size = self.files.get(run).and_then(|f| f.metadata().ok()).map_or(0, |m| m.len());
            used.get(run).is_some_and(|u| u * 3 < size)
        };
        kept().filter(|(_, loc)| sparse(&loc.run)).map(|(k, l)| (*k, *l)).collect()
    }

    /// Hours of a station between two moments, by factor number: roll-ups of minute (or realtime) data.
    ///
    /// # Errors
    /// The disk, or a damaged block.
    pub fn hours(&self, station: u32, series: Series, from: Moment, until: Moment, rolling: &Rolling) -> Result<Hours, ColumnsError> {
        let mut found = Hours::new();
        let mut start = series.start(from);
        while start < until.0 {
            let key = (station, series, start);
            let hours = if self.hot.contains_key(&key) {
                self.merged(&key, rolling)?.0
            } else if let Some(loc) = self.index.get(&key) {
                let bytes = self.read(loc, loc.offset, loc.hours)?;
                block::decode_hours(&bytes).ok_or_else(|| damaged(loc.run, loc.offset))?
            } else {
                Hours::new()
            };
            for (factor, of) in hours {
                found.entry(factor).or_default().extend(of.range(from.0..until.0).map(|(at, agg)| (*at, *agg)));
            }
            start += DAY * series.days();
        }
        Ok(found)
    }

    /// Readings of a station between two moments, by factor number.
    ///
    /// # Errors
    /// The disk, or a damaged block.
    pub fn readings(&self, station: u32, series: Series, from: Moment, until: Moment, rolling: &Rolling) -> Result<Columns, ColumnsError> {
        let mut found = Columns::new();
        let mut start = series.start(from);
        while start < until.0 {
            let key = (station, series, start);
            if self.hot.contains_key(&key) || self.index.contains_key(&key) {
                for (factor, rows) in self.merged(&key, rolling)?.1 {
                    found.entry(factor).or_default().extend(rows.into_iter().filter(|r| from <= r.time && r.time < until));
                }
            }
            start += DAY * series.days();
        }
        Ok(found)
    }

    /// A hash over everything that the columns and hours hold, in a fixed order.
    ///
    /// # Errors
    /// The disk, or a damaged block.
    pub fn digest(&self, rolling: impl Fn(u32) -> Rolling) -> Result<String, ColumnsError> {
        let keys: BTreeSet<Key> = self.index.keys().chain(self.hot.keys()).copied().collect();
        let mut hasher = Sha256::new();
        for key in keys {
            let (hours, columns) = self.merged(&key, &rolling(key.0))?;
            let mut parts: Vec<(&str, String)> = columns.iter().map(|(f, rows)| (self.code(*f), format!("{rows:?}"))).collect();
            parts.extend(hours.iter().map(|(f, of)| (self.code(*f), format!("{of:?}"))));
            parts.sort();
            hasher.update(format!("{key:?}{parts:?}"));
        }
        Ok(hasher.finalize().iter().map(|b| format!("{b:02x}")).collect())
    }

    /// How many readings there are.
    ///
    /// # Errors
    /// The disk, or a damaged block.
    pub fn count(&self, rolling: impl Fn(u32) -> Rolling) -> Result<u64, ColumnsError> {
        let keys: BTreeSet<Key> = self.index.keys().chain(self.hot.keys()).copied().collect();
        let mut n = 0;
        for key in keys {
            n += self.merged(&key, &rolling(key.0))?.1.values().map(|rows| rows.len() as u64).sum::<u64>();
        }
        Ok(n)
    }
}

/// Rolls up the hours that were touched, by their ten minutes.
fn roll(columns: &Columns, hours: &mut Hours, touched: &BTreeSet<(u16, i64)>, series: Series, rolling: &Rolling) {
    let flow = rolling.flow.and_then(|f| columns.get(&f)).map(Vec::as_slice).unwrap_or_default();
    let slice_s = if series == Series::Minute { rolling.slice_s } else { 60 };
    for (factor, hour) in touched {
        let Some(rows) = columns.get(factor) else { continue };
        let within = |from: i64, until: i64| {
            let a = rows.partition_point(|r| r.time.0 < from);
            let b = rows.partition_point(|r| r.time.0 < until);
            &rows[a..b.max(a)]
        };
        let tens = (0..HOUR / TEN).map(|n| aggregate(within(hour + n * TEN, hour + (n + 1) * TEN), flow, slice_s));
        let sum = tens.fold(Agg::default(), |a, b| a.merged(&b));
        if sum.count > 0 {
            hours.entry(*factor).or_default().insert(*hour, sum);
        }
    }
}

fn damaged(run: u64, offset: u64) -> ColumnsError {
    ColumnsError::Damaged { run: run_name(run), offset }
}

fn write_manifest(dir: &Path, manifest: &Manifest) -> Result<(), ColumnsError> {
    let path = dir.join("manifest.json");
    let fresh = dir.join("manifest.new");
    let write = || -> io::Result<()> {
        let mut file = File::create(&fresh)?;
        file.write_all(&serde_json::to_vec(manifest)?)?;
        file.sync_all()?;
        fs::rename(&fresh, &path)?;
        File::open(dir)?.sync_all()
    };
    write().map_err(|e| ColumnsError::Io(path.clone(), e))
}

struct RunWriter {
    run: u64,
    path: PathBuf,
    out: BufWriter<File>,
    at: u64,
    entries: Vec<(Key, Loc)>,
}

impl RunWriter {
    fn create(dir: &Path, run: u64) -> Result<Self, ColumnsError> {
        let path = dir.join(run_name(run));
        let file = File::options().read(true).write(true).create(true).truncate(true).open(&path);
        let file = file.map_err(|e| ColumnsError::Io(path.clone(), e))?;
        Ok(Self { run, path, out: BufWriter::with_capacity(1 << 20, file), at: 0, entries: Vec::new() })
    }

    fn push(&mut self, key: Key, hours: &[u8], columns: &[u8]) -> Result<(), ColumnsError> {
        let mut sum = crc32fast::Hasher::new();
        sum.update(hours);
        sum.update(columns);
        let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let loc = Loc { run: self.run, offset: self.at, hours: size(hours), columns: size(columns), sum: sum.finalize() };
        self.out.write_all(hours).and_then(|()| self.out.write_all(columns)).map_err(|e| ColumnsError::Io(self.path.clone(), e))?;
        self.at += (hours.len() + columns.len()) as u64;
        self.entries.push((key, loc));
        Ok(())
    }

    fn finish(mut self) -> Result<(Vec<(Key, Loc)>, File), ColumnsError> {
        let index = serde_json::to_vec(&self.entries)?;
        let mut tail = index.len().to_le_bytes().to_vec();
        tail.extend_from_slice(&crc32fast::hash(&index).to_le_bytes());
        let path = self.path.clone();
        let at = |e| ColumnsError::Io(path.clone(), e);
        self.out.write_all(&index).and_then(|()| self.out.write_all(&tail)).map_err(at)?;
        let file = self.out.into_inner().map_err(|e| at(e.into_error()))?;
        file.sync_all().map_err(at)?;
        Ok((self.entries, file))
    }
}
