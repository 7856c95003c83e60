//! However the bytes arrive, the frames are the same; no bytes panic; nothing is allocated on the way.

#![allow(clippy::unwrap_used, reason = "a test helper fails by panicking")]

use hj212::frame::{self, FRAME_MAX, Opener, Step};
use hj212::verdict::Verdict;
use hj212::{Book, crc, message};
use proptest::prelude::*;

fn wire(segment: &str) -> String {
    format!("##{:04}{segment}{:04X}\r\n", segment.len(), crc::hj212(segment.as_bytes()))
}

const A: &str = "QN=20240601085857223;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&DataTime=20240601085857;w01018-Rtd=42.1,w01018-Flag=N;w21003-Rtd=1.20,w21003-Flag=N&&";
const LOG: &str = "QN=20240601085857224;ST=32;CN=3020;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&DataTime=20240601085857;PolId=w01018;i11001-Info=//更换##0170&&A3C1;清洗//&&";

/// What a stream holds, as (segment or noise, verdict ids).
fn read(chunks: &[&[u8]]) -> Vec<(Vec<u8>, Vec<&'static str>)> {
    let mut buffer: Vec<u8> = Vec::new();
    let mut found = Vec::new();
    let mut take = |buffer: &mut Vec<u8>, complete: bool| loop {
        let used = match frame::next(buffer, complete) {
            Step::More => break,
            Step::Blank(n) => n,
            Step::Noise(noise) => {
                found.push((noise.to_vec(), vec!["malformed"]));
                noise.len()
            }
            Step::Frame(frame) => {
                found.push((frame.segment.to_vec(), frame.verdicts.of(hj212::Group::Frame).map(Verdict::id).collect()));
                frame.used
            }
        };
        assert!(used > 0, "each step goes on");
        buffer.drain(..used);
    };
    for chunk in chunks {
        buffer.extend_from_slice(chunk);
        take(&mut buffer, false);
    }
    take(&mut buffer, true);
    assert!(buffer.is_empty());
    found
}

fn ids(stream: &[u8]) -> Vec<Vec<&'static str>> {
    read(&[stream]).into_iter().map(|(_, ids)| ids).collect()
}

#[test]
fn split_anywhere_joined_anyhow() {
    let stream = format!("{}{}\r\n{}", wire(A), wire(LOG), wire(A));
    let bytes = stream.as_bytes();
    let whole = read(&[bytes]);
    assert_eq!(
        whole.iter().map(|(s, v)| (s.as_slice(), v.len())).collect::<Vec<_>>(),
        [(A.as_bytes(), 0), (LOG.as_bytes(), 0), (A.as_bytes(), 0)]
    );
    for cut in 0..bytes.len() {
        assert_eq!(read(&[&bytes[..cut], &bytes[cut..]]), whole, "cut at {cut}");
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(read(&single), whole);
}

#[test]
fn noise_does_not_cost_a_frame() {
    let a = wire(A);
    assert_eq!(ids(format!("#{a}").as_bytes()), [vec!["malformed"], vec![]]);
    assert_eq!(ids(format!("\0\0junk{a}").as_bytes()), [vec!["malformed"], vec![]]);
    assert_eq!(ids(format!("{a}##12{a}").as_bytes()), [vec![], vec!["malformed"], vec![]]);
    assert_eq!(ids(format!("{a}junk").as_bytes()), [vec![], vec!["malformed"]]);
    // A station that began anew in the middle of a frame.
    assert_eq!(ids(format!("{}{a}", &a[..90]).as_bytes()), [vec!["truncated_or_length_too_long"], vec![]]);
}

#[test]
fn wrong_length_is_read_up_to_the_real_end() {
    let a = wire(A);
    for wrong in ["0000", "0001", "0087", "0165", "0169", "0171", "0180", "0500", "9999"] {
        let frame = a.replacen("0170", wrong, 1);
        assert_eq!(ids(frame.as_bytes()), [vec!["length_mismatch_crc_ok"]], "{wrong}");
        let two = format!("{frame}{a}");
        assert_eq!(ids(two.as_bytes()), [vec!["length_mismatch_crc_ok"], vec![]], "{wrong}");
        let bad = frame.replace("A3C1", "A3C0");
        assert_eq!(ids(format!("{bad}{a}").as_bytes()), [vec!["length_mismatch_crc_bad"], vec![]], "{wrong}");
    }
    let log = wire(LOG).replacen(&format!("{:04}", LOG.len()), "0100", 1);
    assert_eq!(ids(log.as_bytes()), [vec!["length_mismatch_crc_ok"]], "a head and an end inside the log");
}

#[test]
fn check_values() {
    let swapped = format!("##0170{A}{:04X}\r\n", crc::modbus(A.as_bytes()).swap_bytes());
    let high = format!("##0170{A}{:04X}\r\n", crc::modbus(A.as_bytes()));
    assert_eq!(ids(swapped.as_bytes()), [vec!["crc_modbus_swapped"]]);
    assert_eq!(ids(high.as_bytes()), [vec!["crc_modbus"]]);
    assert_eq!(ids(wire(A).replace("A3C1", "a3c1").as_bytes()), [Vec::<&str>::new()]);
    assert_eq!(ids(wire(A).replace("A3C1", "A3G1").as_bytes()), [vec!["crc_mismatch"]]);
    assert_eq!(ids(wire(A).replace("42.1", "42.2").as_bytes()), [vec!["crc_mismatch"]]);
}

#[test]
fn the_longest_segment_is_taken() {
    let values = format!("{}{}", "w01018-Rtd=1.0;".repeat(700), "w01018-Rtd=1.00000");
    let head = A.split("DataTime").next().unwrap();
    let segment = format!("{head}{}&&", &values[..9999 - head.len() - 2]);
    let frame = wire(&segment);
    assert_eq!(frame.len(), FRAME_MAX);
    assert_eq!(ids(frame.as_bytes()), [Vec::<&str>::new()]);
}

struct Xor;
impl Opener for Xor {
    fn open(&self, wire: &[u8], plain: &mut Vec<u8>) -> bool {
        plain.extend(wire.iter().enumerate().map(|(i, b)| if i < wire.len() / 16 * 16 { b ^ 0x23 } else { *b }));
        true
    }
}

#[test]
fn encrypted_segments_pass_the_hook() {
    let mut sealed = Vec::new();
    Xor.open(A.as_bytes(), &mut sealed);
    let mut stream = format!("##{:04}", A.len()).into_bytes();
    stream.extend_from_slice(&sealed);
    stream.extend_from_slice(b"A3C1\r\n");
    let mut plain = Vec::new();
    for cut in 1..stream.len() {
        assert_eq!(frame::next_encrypted(&stream[..cut], false, &Xor, &mut plain), Step::More);
    }
    let Step::Frame(frame) = frame::next_encrypted(&stream, false, &Xor, &mut plain) else { panic!() };
    assert_eq!((plain.as_slice(), frame.used, frame.verdicts.is_empty()), (A.as_bytes(), stream.len(), true));
}

#[test]
fn nothing_is_allocated_between_bytes_and_verdicts() {
    let book = Book::embedded();
    let dialect = book.dialects.get("2017").unwrap();
    let stream = format!("{}{}{}", wire(A), wire(LOG), wire(A).replacen("0170", "0160", 1));
    let (mut frames, mut items) = (0, 0);
    let counted = allocation_counter::measure(|| {
        let mut at = 0;
        loop {
            match frame::next(&stream.as_bytes()[at..], true) {
                Step::Frame(frame) => {
                    let message = message::parse(frame.segment);
                    let found = book.check(&message, dialect);
                    items += message.items().filter(|i| i.split().1 == b"Rtd").filter_map(|i| hj212::Num::read(i.value)).count();
                    frames += usize::from(message.data_time().is_some() && !found.has(Verdict::CpMissing));
                    at += frame.used;
                }
                Step::Blank(n) => at += n,
                _ => break,
            }
        }
    });
    assert_eq!((frames, items), (3, 4));
    assert_eq!(counted.count_total, 0, "allocations on the parse path");
}

/// Pieces that frames are made of, and what breaks them.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let fixed: Vec<Vec<u8>> = [
        "##",
        "#",
        "0170",
        "&&",
        "CP=",
        "QN=",
        "//",
        ";",
        ",",
        "=",
        "\r\n",
        "A3C1",
        "##0005",
        "w01018-Rtd=",
        "Flag=",
        "DataTime=",
        "20240601085857",
        "NaN",
        "-",
        "PNUM=2;PNO=3;",
    ]
    .iter()
    .map(|s| s.as_bytes().to_vec())
    .chain([wire(A).into_bytes(), wire(LOG).into_bytes()])
    .collect();
    prop_oneof![4 => proptest::sample::select(fixed), 1 => proptest::collection::vec(any::<u8>(), 0..12)]
}

proptest! {

    #[test]
    fn no_bytes_panic_and_none_is_lost(pieces in proptest::collection::vec(piece(), 0..40)) {
        let stream: Vec<u8> = pieces.concat();
        let book = Book::embedded();
        let mut total = 0;
        for line in hj212::line::lines(&stream, &book, None) {
            prop_assert!(line.at >= total);
            prop_assert!(stream[total as usize..line.at as usize].iter().all(|b| matches!(b, b'\r' | b'\n')));
            total = line.at + line.bytes as u64;
        }
        prop_assert!(stream[total as usize..].iter().all(|b| matches!(b, b'\r' | b'\n')));
        let mut chunks: Vec<&[u8]> = stream.chunks(7).collect();
        chunks.push(b"");
        read(&chunks);
    }
}

#[test]
fn every_verdict_has_its_texts() {
    let texts = hj212::texts();
    assert_eq!(texts.untranslated().count(), 0);
    for verdict in Verdict::ALL {
        assert!(texts.has(&format!("verdict.{}.what", verdict.id())), "{}", verdict.id());
    }
}

/// What the judge says of one segment, by the dialect that it seems to speak.
fn remarks(segment: &str) -> Vec<&'static str> {
    let book = Book::embedded();
    let message = message::parse(segment.as_bytes());
    book.check(&message, book.dialect_of(&message)).iter().map(Verdict::id).collect()
}

#[test]
fn departures_are_named() {
    let head = "QN=20240601085857223;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;";
    let whole = |area: &str| remarks(&format!("{head}CP=&&DataTime=20240601085857;{area}&&"));
    assert_eq!(whole("w01018-Rtd=42.1,w01018-Flag=N"), Vec::<&str>::new());
    for (area, found) in [
        ("w01018-Rtd=,w01018-Flag=N", "value_empty"),
        ("w01018-Rtd=NaN", "value_not_number"),
        ("w01018-Rtd=42.12345", "value_digits"),
        ("w01018-Flag=X", "mark_unknown"),
        ("w01018-Flag=P", "mark_unknown"),
        ("w99999-Rtd=1", "name_unknown"),
        ("011-Rtd=1", "factor_old"),
        ("01018-Rtd=2.2", "factor_no_letter"),
        ("a21026-Rtd=1", "factor_medium"),
        ("w01018-Min=2,w01018-Avg=1,w01018-Max=3", "min_avg_max"),
        ("w01018-Rtd=1;w01018-Rtd=2", "data_twice"),
        ("rubbish", "data_shape"),
        ("w01018-SampleTime=20240231000000", "time_shape"),
        ("SB1-RS=6", "value_range"),
        ("i11001-Info=//open", "log_open"),
    ] {
        assert!(whole(area).contains(&found), "{area}: {:?}", whole(area));
    }
    let header = |from: &str, to: &str| remarks(&format!("{}CP=&&DataTime=20240601085857&&", head.replace(from, to)));
    for (from, to, found) in [
        ("QN=20240601085857223;", "", "qn_missing"),
        ("20240601085857223", "1717203537223", "qn_unix_millis"),
        ("20240601085857223", "20240601085857", "qn_shape"),
        ("ST=32", "ST=101", "st_unknown"),
        ("CN=2011", "CN=2999", "cn_unknown"),
        ("PW=123456", "PW=", "pw_length"),
        ("MN=010000A8900016F000169DC0", "MN=", "mn_missing"),
        ("MN=010000A8900016F000169DC0", "MN=NJGDKYYC202101q0001w0001", "mn_characters"),
        ("Flag=5", "FLAG=5", "name_case"),
        ("Flag=5", "Flag=300", "flag_shape"),
        ("Flag=5", "Flag=7", "split_missing"),
        ("Flag=5;", "Flag=7;PNO=3;PNUM=2;", "split_range"),
        ("Flag=5;", "Flag=7;PNO=0001;PNUM=0002;", "header_order"),
        ("Flag=5;", "Flag=5", "header_separator"),
        (";ST", ",ST", "header_comma"),
        (";ST", "; ST", "header_blank"),
    ] {
        assert!(header(from, to).contains(&found), "{to}: {:?}", header(from, to));
    }
    // The surface-water dialect took version 2 first: ST 21 decides when no setting does.
    let water = "QN=20201030000000437;ST=21;CN=2061;PW=123456;MN=NM100000_0005;Flag=9;CP=&&DataTime=20201129210001;w01010-Avg=23.1&&";
    assert_eq!(remarks(water), Vec::<&str>::new());
    assert!(remarks(&water.replace("ST=21", "ST=32")).contains(&"mn_characters"));
}
