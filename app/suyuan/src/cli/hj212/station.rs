//! `suyuan hj212 station`: a test station that speaks to any platform.

use super::signal::{Channel, Signal};
use crate::cli::{Global, Outcome, print};
use anyhow::{Context, Result, bail};
use hj212::Book;
use hj212::body::Body;
use hj212::frame::{self, Step};
use hj212::message;
use hj212::session::Patience;
use hj212::session::station::{Logger, Out, Settings, Station};
use hj212::value::Moment;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// `suyuan hj212 station`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 上位机地址，如 127.0.0.1:9212
    to: String,
    /// 设备唯一标识
    #[arg(long, default_value = "010000A8900016F000169DC0")]
    mn: String,
    /// 访问密码
    #[arg(long, default_value = "123456")]
    pw: String,
    /// 系统编码
    #[arg(long, default_value = "32")]
    st: String,
    /// 版本：2005、2017、2025、surface_water
    #[arg(long, default_value = "2017")]
    dialect: String,
    /// 因子与水平，可重复；位数照写
    #[arg(long = "factor", default_values = ["w00000=17.50", "w01001=7.20", "w01018=40.1", "w21003=2.15", "w21011=0.31"])]
    factors: Vec<Channel>,
    /// 噪声的种子
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 运行多少秒（站上时间）；不写则一直运行
    #[arg(long = "for")]
    seconds: Option<i64>,
    /// 时间快多少倍
    #[arg(long, default_value_t = 1)]
    speed: i64,
    /// 站上时钟的起点 YYYYMMDDhhmmss；不写则为现在
    #[arg(long)]
    from: Option<String>,
    /// 开始时补传此前多少小时的数据
    #[arg(long, default_value_t = 0)]
    backfill: i64,
    /// 上传后等待应答（A=1）
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    answer: bool,
    /// 故障，可重复：silence@秒（从此无声）、silence:因子@秒、frozen@秒、spill@秒、bad-crc@每几帧、mark:标记@秒
    #[arg(long = "fault")]
    faults: Vec<Fault>,
}

/// What goes wrong, and when (seconds of the station's time after the start).
#[derive(Debug, Clone)]
enum Fault {
    Silence { factor: Option<String>, after: i64 },
    Frozen { after: i64 },
    Spill { after: i64 },
    BadCrc { every: usize },
    Mark { mark: String, after: i64 },
}

impl std::str::FromStr for Fault {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (what, number) = text.split_once('@').unwrap_or((text, "0"));
        let number: i64 = number.parse().map_err(|_| format!("“{number}”不是数字"))?;
        match what.split_once(':').map_or((what, None), |(a, b)| (a, Some(b.to_owned()))) {
            ("silence", factor) => Ok(Self::Silence { factor, after: number }),
            ("frozen", None) => Ok(Self::Frozen { after: number }),
            ("spill", None) => Ok(Self::Spill { after: number }),
            ("bad-crc", None) => Ok(Self::BadCrc { every: usize::try_from(number).unwrap_or(1).max(1) }),
            ("mark", Some(mark)) => Ok(Self::Mark { mark, after: number }),
            _ => Err(format!("不认识的故障“{text}”")),
        }
    }
}

/// The station at work: machine, instruments, what goes wrong, the link.
struct Running<'a> {
    args: &'a Args,
    book: Book,
    machine: Station,
    instruments: Instruments,
    start: Moment,
    sent: usize,
    delivered: usize,
    refused: usize,
}

struct Instruments {
    signal: Signal,
    minute_s: i64,
}

impl Logger for Instruments {
    fn history(&mut self, cn: u16, begin: Moment, end: Moment) -> Vec<Body> {
        let step = match cn {
            2031 | 2041 => 86_400,
            2061 => 3_600,
            _ => self.minute_s,
        };
        let first = begin.floor(step).0;
        (first..=end.0).step_by(usize::try_from(step).unwrap_or(60)).take(5_000).map(|t| self.signal.period(Moment(t), step)).collect()
    }
    fn read(&mut self, cn: u16, asked: &Body, now: i64) -> Option<Body> {
        match (cn, asked) {
            (1011, Body::Clock { factor, .. }) => Some(Body::Clock { factor: factor.clone(), time: Some(Moment(now.div_euclid(1000))) }),
            (1011, _) => Some(Body::Clock { factor: None, time: Some(Moment(now.div_euclid(1000))) }),
            (3018, Body::Target { factor, .. }) => Some(Body::SamplingTime { factor: factor.clone(), minutes: 30 }),
            (3019, Body::Target { factor, .. }) => {
                Some(Body::Identity { factor: factor.clone(), serial: "010000A8900016F000169DC1".to_owned() })
            }
            (3015, _) => Some(Body::KeptSample { time: Moment(now.div_euclid(1000)), bottle: 1 }),
            _ => None,
        }
    }
    fn execute(&mut self, _: u16, _: &Body, _: i64) -> u64 {
        1
    }
}

/// Runs the station until its time is over.
///
/// # Errors
/// An unknown dialect, a wrong time, or a platform that cannot be reached.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    let book = Book::embedded();
    let Some(dialect) = book.dialects.get(&args.dialect).cloned() else { bail!("没有名为“{}”的版本", args.dialect) };
    let start = match &args.from {
        Some(text) => Moment::read(text.as_bytes()).with_context(|| format!("“{text}”不是时间"))?,
        None => Moment::from_utc_seconds(clock().as_secs().try_into().unwrap_or_default()),
    };
    let settings = Settings {
        dialect,
        mn: args.mn.clone(),
        pw: args.pw.clone(),
        st: args.st.clone(),
        patience: Patience::MOBILE,
        realtime_interval_s: 60,
        minute_interval: 10,
        realtime: true,
        equipment: false,
        wants_answer: args.answer,
        heartbeat_ms: (args.dialect == "2025").then_some(60_000),
    };
    let frozen_from = args.faults.iter().find_map(|f| if let Fault::Frozen { after } = f { Some(Moment(start.0 + after)) } else { None });
    let spill = args.faults.iter().find_map(|f| if let Fault::Spill { after } = f { Some((Moment(start.0 + after), 8.0)) } else { None });
    let signal = Signal { channels: args.factors.clone(), seed: args.seed, frozen_from, spill };
    let instruments = Instruments { signal, minute_s: 600 };
    let mut running = Running { args, book, machine: Station::new(settings), instruments, start, sent: 0, delivered: 0, refused: 0 };
    running.go()?;
    let Running { sent, delivered, refused, .. } = running;
    let waiting = running.machine.waiting();
    if global.json {
        print(&serde_json::json!({"sent": sent, "delivered": delivered, "waiting": waiting, "refused": refused}).to_string())?;
    } else {
        print(&format!("发出 {sent} 帧，送达 {delivered} 条，未送达 {waiting} 条，故意发错 {refused} 帧"))?;
    }
    Ok(if waiting == 0 { Outcome::Done } else { Outcome::Findings })
}

#[allow(clippy::disallowed_methods, reason = "the shell asks the clock")]
fn clock() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

impl Running<'_> {
    fn go(&mut self) -> Result<()> {
        let began = clock();
        let mut next = self.start.0;
        let mut out = Vec::new();
        for hour in (1..=self.args.backfill).rev() {
            let at = Moment(self.start.0 - hour * 3600).floor(3600);
            let body = self.instruments.signal.period(at, 3600);
            self.machine.upload(2061, body, at.0 * 1000, &mut out);
        }
        let mut link = None;
        let mut buffer = Vec::new();
        loop {
            // The link's time-outs run by the wall, the instruments by the station's faster clock.
            let waited = (clock() - began).as_millis() as i64;
            let elapsed = waited * self.args.speed;
            let now = self.start.0 * 1000 + waited;
            let shown = self.start.0 * 1000 + elapsed;
            let over = self.args.seconds.is_some_and(|s| elapsed >= s * 1000);
            let long_over = self.args.seconds.is_some_and(|s| elapsed >= s * 1000 + 60_000 * self.args.speed.max(1));
            if (over && self.machine.waiting() == 0) || long_over {
                self.delivered += out.iter().filter(|o| matches!(o, Out::Delivered(_))).count();
                return Ok(());
            }
            if link.is_none() {
                link = Some(self.connect(now, &mut out)?);
                buffer.clear();
            }
            let until = self.args.seconds.map_or(shown, |s| shown.min((self.start.0 + s) * 1000));
            while next * 1000 < until {
                next = self.due(Moment(next), now, &mut out);
            }
            self.machine.tick(now, &mut out);
            if let Some(stream) = &mut link
                && !self.exchange(stream, &mut buffer, now, &mut out)?
            {
                self.machine.disconnected();
                link = None;
            }
        }
    }

    fn connect(&mut self, now: i64, out: &mut Vec<Out>) -> Result<TcpStream> {
        let stream = TcpStream::connect(&self.args.to).with_context(|| format!("连不上 {}", self.args.to))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_millis(20)))?;
        self.machine.connected(now, out);
        Ok(stream)
    }

    /// Puts what is due at `at` in line; gives the next moment at which something is.
    fn due(&mut self, at: Moment, now: i64, out: &mut Vec<Out>) -> i64 {
        let realtime = i64::try_from(self.machine.settings.realtime_interval_s).unwrap_or(60);
        let minute = i64::try_from(self.machine.settings.minute_interval).unwrap_or(10) * 60;
        self.instruments.minute_s = minute;
        if self.machine.settings.realtime && at.0 % realtime == 0 {
            let body = self.instruments.signal.realtime(at);
            self.send(2011, body, at, now, out);
        }
        for (cn, seconds) in [(2051, minute), (2061, 3_600), (2031, 86_400)] {
            if at.0 % seconds == 0 {
                let body = self.instruments.signal.period(Moment(at.0 - seconds), seconds);
                self.send(cn, body, at, now, out);
            }
        }
        at.0 + 1
    }

    fn send(&mut self, cn: u16, mut body: Body, at: Moment, now: i64, out: &mut Vec<Out>) {
        let since = at.0 - self.start.0;
        if let Body::Data { readings, .. } = &mut body {
            for fault in &self.args.faults {
                match fault {
                    Fault::Silence { factor: Some(factor), after } if since >= *after => readings.retain(|r| r.code != *factor),
                    Fault::Silence { factor: None, after } if since >= *after => return,
                    Fault::Mark { mark, after } if since >= *after => {
                        let flags = readings.iter_mut().flat_map(|r| &mut r.values).filter(|(suffix, _)| suffix == "Flag");
                        flags.for_each(|(_, value)| value.clone_from(mark));
                    }
                    _ => {}
                }
            }
        }
        self.machine.upload(cn, body, now, out);
    }

    /// Writes what is to be sent, reads what has come; false: the link is gone.
    fn exchange(&mut self, stream: &mut TcpStream, buffer: &mut Vec<u8>, now: i64, out: &mut Vec<Out>) -> Result<bool> {
        for item in std::mem::take(out) {
            match item {
                Out::Send(mut bytes) => {
                    self.sent += 1;
                    let every = self.args.faults.iter().find_map(|f| if let Fault::BadCrc { every } = f { Some(*every) } else { None });
                    if every.is_some_and(|n| self.sent.is_multiple_of(n)) {
                        let at = bytes.len().saturating_sub(6);
                        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
                        self.refused += 1;
                    }
                    if stream.write_all(&bytes).is_err() {
                        return Ok(false);
                    }
                }
                Out::Delivered(_) => self.delivered += 1,
                Out::LinkDown => return Ok(false),
            }
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk) {
            Ok(0) => return Ok(false),
            Ok(n) => buffer.extend_from_slice(&chunk[..n]),
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => return Ok(false),
        }
        loop {
            let used = match frame::next(buffer, false) {
                Step::More => break,
                Step::Blank(n) => n,
                Step::Noise(noise) => noise.len(),
                Step::Frame(frame) => {
                    let message = message::parse(frame.segment);
                    self.machine.receive(&message, now, &self.book, &mut self.instruments, out);
                    frame.used
                }
            };
            buffer.drain(..used.max(1));
        }
        Ok(true)
    }
}
