//! `hj212` and `gateway` as a script sees them: shapes, exit codes, a station and a gateway that meet.

use crate::world::folder;
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

const FRAME: &str = "##0170QN=20240601085857223;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&DataTime=20240601085857;w01018-Rtd=42.1,w01018-Flag=N;w21003-Rtd=1.20,w21003-Flag=N&&A3C1\r\n";

fn with_input(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_suyuan")).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn suyuan(data: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_suyuan")).arg("--data").arg(data).args(args).output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout).lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

#[test]
fn frames_are_decoded_and_written_back() {
    let noisy = format!("#{FRAME}{}", FRAME.replace("A3C1", "A3C0"));
    let output = with_input(&["hj212", "decode", "-", "--json"], &noisy);
    assert_eq!(output.status.code(), Some(1), "something is wrong with the frames");
    insta::assert_json_snapshot!("hj212_decode", lines(&output));
    let right = with_input(&["hj212", "decode", "-", "--json"], FRAME);
    assert_eq!(right.status.code(), Some(0));
    let again = with_input(&["hj212", "encode", "-"], &String::from_utf8_lossy(&right.stdout));
    assert_eq!(String::from_utf8_lossy(&again.stdout), FRAME);
    insta::assert_snapshot!("hj212_decode_plain", String::from_utf8_lossy(&with_input(&["hj212", "decode", "-"], &noisy).stdout));
}

struct Gateway(Child);
impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_station_and_a_gateway_meet() {
    let data = folder();
    std::fs::create_dir_all(&data).unwrap();
    // A port that was free a moment ago; the gateway says so if it is not any more.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let settings = format!(
        "listen = \"{address}\"\nflush_s = 1\ncommit_ms = 1\nsegment_bytes = 1048576\n[[station]]\nmn = \"010000A8900016F000169DC0\"\npw = \"123456\"\n\
         [[station.limit]]\nfactor = \"w01018\"\nhigh = \"30\"\nunit = \"mg/L\"\naveraging = \"day\"\nvalid_from = \"2025-01-01\"\nsource = \"permit\"\n"
    );
    std::fs::write(data.join("gateway.toml"), settings).unwrap();
    let gateway = Gateway(
        Command::new(env!("CARGO_BIN_EXE_suyuan")).arg("--data").arg(&data).args(["gateway", "run"]).stderr(Stdio::null()).spawn().unwrap(),
    );
    let station = ["hj212", "station", &address, "--from", "20260101000000", "--for", "86400", "--speed", "200000", "--json"];
    let mut sent = suyuan(&data, &station);
    for _ in 0..200 {
        if sent.status.code() == Some(0) {
            break;
        }
        // Not listening yet.
        std::thread::park_timeout(std::time::Duration::from_millis(25));
        sent = suyuan(&data, &station);
    }
    let report = &lines(&sent)[0];
    assert_eq!((report["waiting"].as_u64(), report["delivered"].as_u64()), (Some(0), Some(1_440 + 144 + 24 + 1)), "{report}");
    let mut month = suyuan(&data, &["gateway", "month", "010000A8900016F000169DC0", "2026-01"]);
    for _ in 0..400 {
        // The columns are written every second; a day of minutes makes one day of values, the first slice being of the day before.
        if lines(&month).iter().any(|f| f["factor"] == "w01018" && f["valid_days"] == 1) {
            break;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(25));
        month = suyuan(&data, &["gateway", "month", "010000A8900016F000169DC0", "2026-01"]);
    }
    assert_eq!(month.status.code(), Some(1), "above the permit");
    let cod = lines(&month).into_iter().find(|f| f["factor"] == "w01018").unwrap();
    assert!(cod["exceedances"].as_array().unwrap().iter().any(|e| e["verdict"] == "breach" && e["confidence"] == "C"));
    let keys: Vec<&String> = cod.as_object().unwrap().keys().collect();
    insta::assert_json_snapshot!("gateway_month_keys", keys);
    drop(gateway);
    let verified = suyuan(&data, &["--json", "gateway", "verify"]);
    assert_eq!((verified.status.code(), lines(&verified)[0]["damage"].as_array().map(Vec::len)), (Some(0), Some(0)));
    let replayed = suyuan(&data, &["--json", "gateway", "replay"]);
    assert_eq!(lines(&replayed)[0]["same"], true, "{replayed:?}");
}
