//! `suyuan bench hj212`: frames of 441 bytes, found, checked, parsed and judged, on one core.

use super::Report;
use anyhow::{Result, ensure};
use hj212::check::Book;
use hj212::frame::{self, Step};
use hj212::message;
use hj212::value::{Moment, Num};
use hj212::{Verdicts, crc};
use std::fmt::Write;
use std::time::Duration;

/// A realtime frame of exactly 441 bytes with CR LF: ten factors of a CEMS.
fn frame_441(n: u32) -> Vec<u8> {
    let mut area = format!("DataTime=20240601{:02}{:02}00", n / 60 % 24, n % 60);
    for (i, code) in ["a34013", "a21026", "a21002", "a19001", "a01011", "a01012", "a01013", "a01014", "a21005"].iter().enumerate() {
        let _ = write!(area, ";{code}-Rtd={:.2},{code}-Flag=N", f64::from(n % 90) + 10.0 + i as f64 / 100.0);
    }
    let head = format!(
        "QN=20240601{:02}{:02}00{:03};ST=31;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&",
        n / 60 % 24,
        n % 60,
        n % 1000
    );
    let without = head.len() + area.len() + 2 + 12;
    // Filled up with decimals of one more value, so that every frame has the same length.
    let _ = write!(area, ";a00000-Rtd={},a00000-Flag=N", "1".repeat(441 - without - 26));
    let segment = format!("{head}{area}&&");
    let text = format!("##{:04}{segment}{:04X}\r\n", segment.len(), crc::hj212(segment.as_bytes()));
    text.into_bytes()
}

struct Counted {
    frames: usize,
    values: usize,
    sum: f64,
    found: Verdicts,
}

/// What a gateway does with a frame before it keeps it: end found, check value, header, every item, number, mark and time read and judged.
fn work(stream: &[u8], book: &Book, numbers: bool) -> Counted {
    let dialect = &book.dialects.0[1];
    let mut counted = Counted { frames: 0, values: 0, sum: 0.0, found: Verdicts::NONE };
    let mut at = 0;
    while let Step::Frame(frame) = frame::next(&stream[at..], false) {
        let message = message::parse(frame.segment);
        counted.found.merge(book.check(&message, dialect));
        counted.found.merge(frame.verdicts);
        if numbers {
            for item in message.items() {
                let (_, suffix) = item.split();
                if suffix == b"Rtd"
                    && let Some(num) = Num::read(item.value)
                {
                    counted.values += 1;
                    counted.sum += num.approximately();
                } else if suffix.is_empty() {
                    counted.values += usize::from(Moment::read(item.value).is_some());
                }
            }
        }
        counted.frames += 1;
        at += frame.used;
    }
    counted
}

/// Runs it.
///
/// # Errors
/// If a result is wrong.
pub fn run() -> Result<Report> {
    let book = Book::embedded();
    let count = 20_000;
    let mut stream = Vec::new();
    for n in 0..count {
        let frame = frame_441(n);
        ensure!(frame.len() == 441, "a frame has {} bytes", frame.len());
        stream.extend_from_slice(&frame);
    }
    let once = work(&stream, &book, true);
    ensure!(once.frames == count as usize && once.values == 11 * count as usize, "every frame and value is read");
    ensure!(once.found.of(hj212::Group::Frame).next().is_none(), "nothing is wrong with the frames");
    let mut broken = stream.clone();
    let middle = 441 * 10_000 + 200;
    broken[middle] ^= 1;
    ensure!(work(&broken, &book, false).found.has(hj212::Verdict::CrcMismatch), "a flipped bit is seen");
    let mut report = Report::new("hj212", true);
    let mut line = |work: &str, frames: f64, time: Duration| {
        report.push(work, format!("{:.2}", frames / time.as_secs_f64() / 1e6), "百万帧/秒");
    };
    line(
        "441 字节帧：找界、校验、解析、逐字段判定（一核）",
        f64::from(count),
        least_time(60, || {
            std::hint::black_box(work(&stream, &book, false));
        }),
    );
    line(
        "同上，再取出全部数值与时间",
        f64::from(count),
        least_time(60, || {
            std::hint::black_box(work(&stream, &book, true));
        }),
    );
    let segments = || stream.chunks(441).map(|f| &f[6..435]);
    let fold = || (0..100).map(|_| segments().map(|s| u64::from(crc::hj212(std::hint::black_box(s)))).sum::<u64>()).sum::<u64>();
    line(
        "只算校验码（折叠）",
        f64::from(count) * 100.0,
        least_time(5, || {
            std::hint::black_box(fold());
        }),
    );
    let letter = || segments().map(|s| u64::from(crc::hj212_by_the_letter(s))).sum::<u64>();
    line(
        "只算校验码（附录 A 逐位）",
        f64::from(count),
        least_time(5, || {
            std::hint::black_box(letter());
        }),
    );
    Ok(report)
}

/// Least time of `runs` runs of `work`, after one warm-up run: what the code needs when nothing else has the core.
fn least_time(runs: usize, mut work: impl FnMut()) -> Duration {
    work();
    let once = |work: &mut dyn FnMut()| {
        let start = ::gateway::clock::instant();
        work();
        start.elapsed()
    };
    (0..runs.max(1)).map(|_| once(&mut work)).min().unwrap_or_default()
}
