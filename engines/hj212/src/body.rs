//! Typed bodies 数据区 of all commands, both ways; what is not understood is kept whole.
//!
//! Reading a body is for acting on it (answers, settings, test stations), not
//! for the fast path, which walks [`crate::message::Items`] without copying.

use crate::command::{BodyKind, Command};
use crate::message::{Item, Message};
use crate::value::{Moment, digits};

/// What the data area of a command says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    Empty,
    /// Time-out and re-sends 超时时间与重发次数 (1000).
    Timeouts {
        /// OverTime, seconds, 1..99.
        over_time_s: u64,
        /// ReCount, 1..99.
        resends: u64,
    },
    /// A clock, of the logger or of one instrument (1011, 1012, 1013).
    Clock {
        /// PolId: the instrument's factor; None: the logger.
        factor: Option<String>,
        /// SystemTime.
        time: Option<Moment>,
    },
    /// RtdInterval, seconds, 30..3600 (1061, 1062).
    RealtimeInterval(u64),
    /// MinInterval, minutes (1063, 1064).
    MinuteInterval(u64),
    /// NewPW (1072).
    Password(String),
    /// A span of history asked for (2031, 2041, 2051, 2061 downwards).
    History {
        /// BeginTime.
        begin: Moment,
        /// EndTime.
        end: Moment,
    },
    /// Values of one DataTime: factors, or equipment `SBn`.
    Data {
        /// DataTime.
        time: Moment,
        /// One for each factor.
        readings: Vec<Reading>,
    },
    /// The logger was switched on (2081).
    Restart {
        /// DataTime.
        time: Moment,
        /// RestartTime.
        restarted: Moment,
    },
    /// The instrument that a control command is for (3011–3014, 3022, 3024, requests of 3017–3019).
    Target {
        /// PolId.
        factor: String,
        /// CalibrationType of 2025: 0 zero, 1 span.
        calibration: Option<u64>,
    },
    /// A kept sample 超标留样 (3015 upwards).
    KeptSample {
        /// DataTime.
        time: Moment,
        /// VaseNo.
        bottle: u64,
    },
    /// Sampling cycle 采样时间周期 (3016, 3017).
    SamplingCycle {
        /// PolId.
        factor: String,
        /// CstartTime, hhmmss.
        start: String,
        /// Ctime, hours.
        hours: u64,
    },
    /// Time from sampling to result 出样时间 (3018 upwards).
    SamplingTime {
        /// PolId.
        factor: String,
        /// Stime, minutes.
        minutes: u64,
    },
    /// Identity of an instrument (3019 upwards).
    Identity {
        /// PolId.
        factor: String,
        /// `PolId-SN`.
        serial: String,
    },
    /// Site information: log, state, parameters (1001, 1002, 3020, 3021).
    SiteInfo {
        /// DataTime.
        time: Option<Moment>,
        /// PolId.
        factor: Option<String>,
        /// InfoId.
        info: Option<String>,
        /// BeginTime.
        begin: Option<Moment>,
        /// EndTime.
        end: Option<Moment>,
        /// `i…-Info` values.
        readings: Vec<Reading>,
    },
    /// Key request or issue of 2025 (1014).
    Key {
        /// SKCreateTime.
        created: Option<String>,
        /// NewSK.
        key: Option<String>,
    },
    /// QnRtn (9011).
    RequestAnswer(u64),
    /// ExeRtn (9012).
    Result(u64),
    /// Anything else, as it stood: groups of name and value.
    Raw(Vec<Vec<(String, String)>>),
}

/// The values of one factor at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Code as on the wire.
    pub code: String,
    /// Suffix and value as written, in their order.
    pub values: Vec<(String, String)>,
}

impl Reading {
    /// A reading of these values.
    #[must_use]
    pub fn of(code: &str, values: &[(&str, &str)]) -> Self {
        Self { code: code.to_owned(), values: values.iter().map(|(s, v)| ((*s).to_owned(), (*v).to_owned())).collect() }
    }
}

impl Body {
    /// Reads the body of a message of `command`. A body with more, less or
    /// other items than the command knows is [`Body::Raw`], nothing lost.
    #[must_use]
    pub fn read(message: &Message<'_>, command: Option<&Command>) -> Self {
        let raw = || Self::Raw(groups(message));
        if message.items().next().is_none() {
            return Self::Empty;
        }
        let Some(command) = command else { return raw() };
        let mut taken = Taken::of(message);
        let body = taken.read(command.body).or_else(|| Taken::of(message).read_history());
        body.filter(|_| message.verdicts.is_empty() || !matches!(command.body, BodyKind::Unknown)).unwrap_or_else(raw)
    }

    /// The data area, between the `&&` pairs.
    #[must_use]
    pub fn write(&self) -> String {
        let pairs: Vec<(&str, String)> = match self {
            Self::Empty => vec![],
            Self::Timeouts { over_time_s, resends } => vec![("OverTime", over_time_s.to_string()), ("ReCount", resends.to_string())],
            Self::Clock { factor, time } => some([("PolId", factor.clone()), ("SystemTime", time.map(|t| t.to_string()))]),
            Self::RealtimeInterval(s) => vec![("RtdInterval", s.to_string())],
            Self::MinuteInterval(m) => vec![("MinInterval", m.to_string())],
            Self::Password(new) => vec![("NewPW", new.clone())],
            Self::History { begin, end } => vec![("BeginTime", begin.to_string()), ("EndTime", end.to_string())],
            Self::Data { time, readings } => return with_readings(vec![("DataTime", time.to_string())], readings),
            Self::Restart { time, restarted } => vec![("DataTime", time.to_string()), ("RestartTime", restarted.to_string())],
            Self::Target { factor, calibration } => {
                some([("PolId", Some(factor.clone())), ("CalibrationType", calibration.map(|c| c.to_string()))])
            }
            Self::KeptSample { time, bottle } => vec![("DataTime", time.to_string()), ("VaseNo", bottle.to_string())],
            Self::SamplingCycle { factor, start, hours } => {
                vec![("PolId", factor.clone()), ("CstartTime", start.clone()), ("Ctime", hours.to_string())]
            }
            Self::SamplingTime { factor, minutes } => vec![("PolId", factor.clone()), ("Stime", minutes.to_string())],
            Self::Identity { factor, serial } => return format!("PolId={factor};{factor}-SN={serial}"),
            Self::SiteInfo { time, factor, info, begin, end, readings } => {
                let moment = |m: &Option<Moment>| m.map(|m| m.to_string());
                let head = some([
                    ("DataTime", moment(time)),
                    ("PolId", factor.clone()),
                    ("InfoId", info.clone()),
                    ("BeginTime", moment(begin)),
                    ("EndTime", moment(end)),
                ]);
                return with_readings(head, readings);
            }
            Self::Key { created, key } => some([("SKCreateTime", created.clone()), ("NewSK", key.clone())]),
            Self::RequestAnswer(code) => vec![("QnRtn", code.to_string())],
            Self::Result(code) => vec![("ExeRtn", code.to_string())],
            Self::Raw(groups) => {
                let group = |g: &Vec<(String, String)>| g.iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join(",");
                return groups.iter().map(group).collect::<Vec<_>>().join(";");
            }
        };
        pairs.iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join(";")
    }
}

fn some<const N: usize>(pairs: [(&'static str, Option<String>); N]) -> Vec<(&'static str, String)> {
    pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn with_readings(head: Vec<(&str, String)>, readings: &[Reading]) -> String {
    let head = head.iter().map(|(n, v)| format!("{n}={v}"));
    let readings = readings
        .iter()
        .map(|r| r.values.iter().map(|(suffix, value)| format!("{}-{suffix}={value}", r.code)).collect::<Vec<_>>().join(","));
    head.chain(readings).collect::<Vec<_>>().join(";")
}

fn groups(message: &Message<'_>) -> Vec<Vec<(String, String)>> {
    let mut groups: Vec<Vec<(String, String)>> = Vec::new();
    let mut last = None;
    for item in message.items() {
        if last != Some(item.group) {
            groups.push(Vec::new());
            last = Some(item.group);
        }
        if let Some(group) = groups.last_mut() {
            group.push((text(item.name), text(item.value)));
        }
    }
    groups
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Items of a message, taken out one by one; a body is read only if nothing is left over.
struct Taken<'a> {
    items: Vec<Item<'a>>,
}

impl<'a> Taken<'a> {
    fn of(message: &Message<'a>) -> Self {
        Self { items: message.items().collect() }
    }

    fn text(&mut self, names: &[&str]) -> Option<String> {
        let at = self.items.iter().position(|i| names.iter().any(|n| n.as_bytes() == i.name))?;
        Some(text(self.items.remove(at).value.trim_ascii()))
    }
    fn number(&mut self, names: &[&str]) -> Option<u64> {
        digits(self.text(names)?.as_bytes())
    }
    fn moment(&mut self, name: &str) -> Option<Moment> {
        let at = self.items.iter().position(|i| i.name == name.as_bytes() && i.value.trim_ascii().len() == 14)?;
        let time = Moment::read(self.items[at].value.trim_ascii())?;
        self.items.remove(at);
        Some(time)
    }
    /// The rest as readings, neighbours of one code and one group together; None if one has no suffix.
    fn readings(&mut self) -> Option<Vec<Reading>> {
        let mut readings: Vec<Reading> = Vec::new();
        let mut last: Option<(u16, &[u8])> = None;
        for item in self.items.drain(..) {
            let (code, suffix) = item.split();
            if suffix.is_empty() || std::str::from_utf8(item.value).is_err() {
                return None;
            }
            if last != Some((item.group, code)) {
                readings.push(Reading { code: text(code), values: Vec::new() });
                last = Some((item.group, code));
            }
            readings.last_mut()?.values.push((text(suffix), text(item.value)));
        }
        Some(readings)
    }

    fn read_history(&mut self) -> Option<Body> {
        let (begin, end) = (self.moment("BeginTime")?, self.moment("EndTime")?);
        self.items.is_empty().then_some(Body::History { begin, end })
    }

    fn read(&mut self, kind: BodyKind) -> Option<Body> {
        let body = match kind {
            BodyKind::Timeouts => Body::Timeouts { over_time_s: self.number(&["OverTime"])?, resends: self.number(&["ReCount"])? },
            BodyKind::Clock => Body::Clock { factor: self.text(&["PolId"]), time: self.moment("SystemTime") },
            BodyKind::RealtimeInterval => Body::RealtimeInterval(self.number(&["RtdInterval"])?),
            BodyKind::MinuteInterval => Body::MinuteInterval(self.number(&["MinInterval"])?),
            BodyKind::Password => Body::Password(self.text(&["NewPW"])?),
            BodyKind::Realtime | BodyKind::Period | BodyKind::EquipmentState | BodyKind::EquipmentHours => {
                Body::Data { time: self.moment("DataTime")?, readings: self.readings()? }
            }
            BodyKind::Restart => Body::Restart { time: self.moment("DataTime")?, restarted: self.moment("RestartTime")? },
            BodyKind::KeptSample => Body::KeptSample { time: self.moment("DataTime")?, bottle: self.number(&["VaseNo"])? },
            BodyKind::Target => self.target()?,
            BodyKind::SamplingCycle => self.cycle()?,
            BodyKind::SamplingTime => match (self.text(&["PolId"])?, self.number(&["Stime"])) {
                (factor, Some(minutes)) => Body::SamplingTime { factor, minutes },
                (factor, None) => Body::Target { factor, calibration: None },
            },
            BodyKind::Identity => {
                let factor = self.text(&["PolId"])?;
                match self.text(&[&format!("{factor}-SN")]) {
                    Some(serial) => Body::Identity { factor, serial },
                    None => Body::Target { factor, calibration: None },
                }
            }
            BodyKind::SiteInfo => Body::SiteInfo {
                time: self.moment("DataTime"),
                factor: self.text(&["PolId"]),
                info: self.text(&["InfoId"]),
                begin: self.moment("BeginTime"),
                end: self.moment("EndTime"),
                readings: self.readings()?,
            },
            BodyKind::Key => Body::Key { created: self.text(&["SKCreateTime"]), key: self.text(&["NewSK"]) },
            BodyKind::RequestAnswer => Body::RequestAnswer(self.number(&["QnRtn"])?),
            BodyKind::Result => Body::Result(self.number(&["ExeRtn"])?),
            BodyKind::Empty | BodyKind::Unknown => return None,
        };
        self.items.is_empty().then_some(body)
    }

    fn target(&mut self) -> Option<Body> {
        let factor = self.text(&["PolId"])?;
        let calibration = self.number(&["CalibrationType"]);
        Some(Body::Target { factor, calibration })
    }

    fn cycle(&mut self) -> Option<Body> {
        let factor = self.text(&["PolId"])?;
        // Annex C writes CTime where table 9 writes Ctime.
        match (self.text(&["CstartTime"]), self.number(&["Ctime", "CTime"])) {
            (Some(start), Some(hours)) => Some(Body::SamplingCycle { factor, start, hours }),
            (None, None) => Some(Body::Target { factor, calibration: None }),
            _ => None,
        }
    }
}
