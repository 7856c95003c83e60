//! Settings of the gateway and of its stations, as a TOML file.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The gateway.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address to listen on.
    pub listen: String,
    /// Directory of segments, columns and status.
    pub data: PathBuf,
    /// Longest time a frame waits for others to be committed with it, milliseconds (at most 5).
    pub commit_ms: u64,
    /// Bytes of one segment file.
    pub segment_bytes: u64,
    /// Segments kept behind those that the columns do not cover yet.
    pub retention_segments: usize,
    /// Most connections at once.
    pub max_connections: usize,
    /// Most connections from one address.
    pub max_per_address: usize,
    /// A connection that says nothing for so long is closed, seconds.
    pub silence_s: u64,
    /// A frame that does not become whole within that time is judged as it is, milliseconds.
    pub half_frame_ms: u64,
    /// Noise and broken frames in a row after which a connection is closed.
    pub max_broken: u32,
    /// Frames a second that a station may send over a while.
    pub rate: f64,
    /// Frames that it may send at once above that (back-fill).
    pub burst: f64,
    /// Memory for readings that are not in the column files yet, bytes.
    pub hot_bytes: usize,
    /// Column files are written at least that often, seconds.
    pub flush_s: u64,
    /// TLS; None: plain.
    pub tls: Option<Tls>,
    /// Stations.
    #[serde(rename = "station")]
    pub stations: Vec<Station>,
}

/// Certificate and key, PEM.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// Certificate chain.
    pub certificate: PathBuf,
    /// Private key.
    pub key: PathBuf,
}

/// One station.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Station {
    /// MN as it sends it.
    pub mn: String,
    /// Name for people.
    pub name: String,
    /// Password.
    pub pw: String,
    /// Earlier password, taken as well while it is being changed.
    pub pw_before: Option<String>,
    /// ST of requests to it.
    pub st: String,
    /// Version: 2005, 2017, 2025, surface_water.
    pub dialect: String,
    /// Takes CRC-16/MODBUS check values; each is counted.
    pub tolerate_modbus: bool,
    /// Takes a wrong length when the check value is right up to the real end; each is counted.
    pub tolerate_length: bool,
    /// DataTime names the start or the end of a period; None: as its version has it.
    pub data_time: Option<DataTime>,
    /// Minutes of its minute data.
    pub minute_interval: i64,
    /// Code of the flow that weighs concentrations (water); empty: none.
    pub flow: String,
    /// Unit of a factor as the station sends it, where it is not the standard's.
    pub units: BTreeMap<String, String>,
    /// Addresses that it may come from (prefixes such as `10.1.2.`); empty: any.
    pub addresses: Vec<String>,
    /// What is set when it connects; None: nothing.
    pub set_up: Option<SetUp>,
    /// Where its water goes; needed for limits.
    pub receiver: Option<validity::limit::Receiver>,
    /// Limits of its permit.
    #[serde(rename = "limit")]
    pub limits: Vec<Limit>,
}

/// Start or end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DataTime {
    /// Start of the period.
    Start,
    /// End of the period.
    End,
}

/// Settings of a first connection (HJ 212-2017 6.7).
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// Seconds between realtime data.
    pub realtime_interval_s: Option<u64>,
    /// Minutes of minute data.
    pub minute_interval: Option<u64>,
    /// Realtime data on or off.
    pub realtime: Option<bool>,
    /// Equipment states on or off.
    pub equipment: Option<bool>,
}

/// A limit of a discharge permit 排污许可证.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Factor code.
    pub factor: String,
    /// Least allowed, for a range.
    pub low: Option<String>,
    /// Most allowed.
    pub high: Option<String>,
    /// Unit.
    pub unit: String,
    /// Averaging: `instant`, `hour`, `day`.
    pub averaging: validity::limit::Averaging,
    /// First day, ISO 8601.
    pub valid_from: String,
    /// Number of the permit or clause of the standard.
    pub source: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "0.0.0.0:9212".into(),
            data: "telemetry".into(),
            commit_ms: 2,
            segment_bytes: 32 << 20,
            retention_segments: 512,
            max_connections: 4_000,
            max_per_address: 2_000,
            silence_s: 1_800,
            half_frame_ms: 2_000,
            max_broken: 64,
            rate: 20.0,
            burst: 2_000.0,
            hot_bytes: 32 << 20,
            flush_s: 600,
            tls: None,
            stations: Vec::new(),
        }
    }
}

impl Default for Station {
    fn default() -> Self {
        Self {
            mn: String::new(),
            name: String::new(),
            pw: String::new(),
            pw_before: None,
            st: "32".into(),
            dialect: "2017".into(),
            tolerate_modbus: false,
            tolerate_length: true,
            data_time: None,
            minute_interval: 10,
            flow: "w00000".into(),
            units: BTreeMap::new(),
            addresses: Vec::new(),
            set_up: None,
            receiver: None,
            limits: Vec::new(),
        }
    }
}

/// Why settings could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file.
    #[error("打不开设置文件“{0}”")]
    Open(String, #[source] std::io::Error),
    /// Its content.
    #[error("设置文件有误")]
    Toml(#[from] toml::de::Error),
    /// A station's version is unknown.
    #[error("站 {0} 的版本“{1}”不认识")]
    Dialect(String, String),
    /// A station stands twice.
    #[error("站 {0} 出现两次")]
    Twice(String),
    /// The commit interval breaks the promise.
    #[error("commit_ms 应为 1–5，现为 {0}")]
    CommitMs(u64),
}

impl Config {
    /// Reads a file and checks it.
    ///
    /// # Errors
    /// The file, its shape, or a station that cannot be.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|e| ConfigError::Open(path.display().to_string(), e))?;
        let config: Self = toml::from_str(&text)?;
        config.check()?;
        Ok(config)
    }

    /// Checks what the shape cannot say.
    ///
    /// # Errors
    /// The first station that cannot be.
    pub fn check(&self) -> Result<(), ConfigError> {
        let dialects = hj212::dialect::Dialects::embedded();
        let mut seen = std::collections::BTreeSet::new();
        if !(1..=5).contains(&self.commit_ms) {
            return Err(ConfigError::CommitMs(self.commit_ms));
        }
        for station in &self.stations {
            if dialects.get(&station.dialect).is_none() {
                return Err(ConfigError::Dialect(station.mn.clone(), station.dialect.clone()));
            }
            if !seen.insert(station.mn.as_str()) {
                return Err(ConfigError::Twice(station.mn.clone()));
            }
        }
        Ok(())
    }
}
