//! Worked by hand: the aggregates of HJ 212-2017 tables C.16–18, an outlet's day, limits, gaps, transmission.

#![allow(clippy::unwrap_used, reason = "a test helper fails by panicking")]

use hj212::value::{Moment, Num};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::str::FromStr;
use validity::check::{self, What};
use validity::fill;
use validity::limit::{self, Averaging, Comparing, Comparison, Limit, Receiver, Silent, Verdict, Wanted};
use validity::mark::Standing;
use validity::rollup::{Agg, HOUR, Put, Reading, RollUp, TEN, aggregate, volume_m3};
use validity::settings::Settings;
use validity::transmission::{DayHours, counts, rates};
use validity::valid::{Hour, Method, State, day, hour};
use values::Confidence;

fn d(text: &str) -> Decimal {
    Decimal::from_str(text).unwrap()
}
fn n(text: &str) -> Num {
    Num::read(text.as_bytes()).unwrap()
}
fn reading(time: i64, mean: &str, total: Option<&str>) -> Reading {
    Reading { time: Moment(time), mean: Some(n(mean)), min: None, max: None, total: total.map(n), standing: Standing::Valid }
}

#[test]
fn volumes_of_tables_c16_to_c18() {
    // 17.5 L/s over 10 minutes, an hour, a day.
    for (seconds, volume) in [(600, "10.5"), (3_600, "63.0"), (86_400, "1512.0")] {
        assert_eq!(volume_m3(&reading(0, "17.5", None), seconds), Some(d(volume)));
        assert_eq!(volume_m3(&reading(0, "17.5", Some(volume)), seconds), Some(d(volume)));
    }
    // The COD total printed there (10.5) does not fit 40.1 mg/L: 40.1 × 10.5 / 1000 = 0.42105 kg.
    let flow = [reading(0, "17.5", Some("10.5"))];
    let agg = aggregate(&[reading(0, "40.1", Some("10.5"))], &flow, 600);
    assert_eq!(agg.product / d("1000"), d("0.42105"));
    let found = check::series("w01018", &[reading(0, "40.1", Some("10.5"))], Some(&flow), 600, &Settings::embedded());
    assert_eq!(found.iter().map(|f| f.what).collect::<Vec<_>>(), [What::LoadDiffers]);
    let right = check::series("w01018", &[reading(0, "40.1", Some("0.421"))], Some(&flow), 600, &Settings::embedded());
    assert!(right.is_empty());
}

/// An outlet's day, hour by hour: flow 10 L/s by night, 30 by day; COD 40 by night, 55 by day;
/// hours 10 to 12 under maintenance; hours 22 and 23 without discharge.
fn outlet_day() -> RollUp {
    let mut roll = RollUp::new(Some("w00000"), 600);
    for slice in 0..144 {
        let (time, h) = (slice * TEN, slice / 6);
        let by_day = (8..20).contains(&h);
        let idle = h >= 22;
        let flow = if idle {
            "0"
        } else if by_day {
            "30"
        } else {
            "10"
        };
        roll.put("w00000", reading(time, flow, None));
        let standing = if (10..13).contains(&h) { Standing::Invalid } else { Standing::Valid };
        let cod = Reading { standing, ..reading(time, if by_day { "55" } else { "40" }, None) };
        roll.put("w01018", cod);
    }
    roll.refresh();
    roll
}

fn hours_of(roll: &RollUp, code: &str, method: Method, settings: &Settings) -> Vec<Hour> {
    let none = Agg::default();
    (0..24)
        .map(|h| {
            let at = |code: &str| roll.column(code).and_then(|c| c.hours().get(&(h * HOUR))).copied();
            hour(Moment(h * HOUR), method, &at(code).unwrap_or(none), at("w00000").as_ref(), 600, settings)
        })
        .collect()
}

#[test]
fn an_outlets_day_by_hand() {
    let settings = Settings::embedded();
    let roll = outlet_day();
    let hours = hours_of(&roll, "w01018", Method::WaterWeighted, &settings);
    assert_eq!(hours[9].value, Some(d("55")));
    assert_eq!(hours[9].volume, d("108")); // 30 L/s × 3600 s / 1000
    assert_eq!(hours[11].state, State::NoValidData);
    assert_eq!(hours[23].state, State::NoDischarge);
    let day = day(Method::WaterWeighted, &hours, &settings);
    // By day 9 of 12 hours count: 9 × 108 m³ at 55; by night 10 hours × 36 m³ at 40.
    // (972 × 55 + 360 × 40) / 1332 = 67860 / 1332 = 50.945945…
    assert_eq!((day.valid_hours, day.due_hours, day.state, day.weighted), (19, 22, State::Valid, true));
    assert_eq!((day.load, day.volume), (Some(d("67860")), d("1332")));
    assert_eq!(day.value.unwrap().round_dp(6), d("50.945946"));
    assert_eq!(day.confidence, Confidence::C, "three quarters of the hours is from memory: provisional");
    // Without weighting it would be (9 × 55 + 10 × 40) / 19 = 47.1: below a limit of 50 that the day in truth breaks.
    let limit = permit("50");
    let judged = limit::judge(day.value, "mg/L", Averaging::Day, &limit, Comparison::Full, day.confidence);
    assert_eq!((judged.verdict, judged.confidence), (Verdict::Breach, Confidence::C));
    let hourly = limit::judge(hours[9].value, "mg/L", Averaging::Hour, &limit, Comparison::Full, Confidence::A);
    assert_eq!(hourly.verdict, Verdict::Warning, "an hour above a day's limit warns");
}

#[test]
fn too_few_hours_give_no_value_and_no_old_one() {
    let settings = Settings::embedded();
    let valid = |h: i64| Hour {
        start: Moment(h * HOUR),
        state: State::Valid,
        value: Some(d("10")),
        volume: d("1"),
        weighted: true,
        valid: 6,
        due: 6,
        in_check: 0,
        confidence: Confidence::A,
    };
    let none = |h: i64| Hour { state: State::NoValidData, value: None, ..valid(h) };
    let with = |count: i64| -> Vec<Hour> { (0..24).map(|h| if h < count { valid(h) } else { none(h) }).collect() };
    assert_eq!(day(Method::WaterWeighted, &with(18), &settings).state, State::Valid);
    assert_eq!(day(Method::WaterWeighted, &with(17), &settings).state, State::TooFew);
    assert_eq!(day(Method::Gas, &with(20), &settings).state, State::Valid);
    assert_eq!(day(Method::Gas, &with(19), &settings).value, None);
    let empty = day(Method::Gas, &with(0), &settings);
    assert_eq!(empty.state, State::NoValidData);
    assert_eq!(
        limit::judge(empty.value, "mg/L", Averaging::Day, &permit("50"), Comparison::Full, Confidence::A).verdict,
        Verdict::NoValidData
    );
}

#[test]
fn gas_hours_need_45_minutes() {
    let settings = Settings::embedded();
    let with = |minutes: u32| {
        let rows: Vec<Reading> = (0..60)
            .map(|m| Reading {
                standing: if m < i64::from(minutes) { Standing::Valid } else { Standing::Invalid },
                ..reading(m * 60, "30", None)
            })
            .collect();
        hour(Moment(0), Method::Gas, &aggregate(&rows, &[], 60), None, 60, &settings)
    };
    assert_eq!((with(45).state, with(45).value), (State::Valid, Some(d("30"))));
    assert_eq!((with(44).state, with(44).value), (State::TooFew, None));
    assert_eq!(with(45).confidence, Confidence::A);
}

fn permit(high: &str) -> Limit {
    Limit {
        key: "permit".into(),
        standard: "排污许可证".into(),
        class: String::new(),
        factor: "w01018".into(),
        zh: "化学需氧量".into(),
        kind: String::new(),
        low: None,
        high: Some(d(high)),
        unit: "mg/L".into(),
        point: "outlet".into(),
        receiver: "park_works".into(),
        averaging: Some(Averaging::Day),
        valid_from: "2025-01-01".into(),
        valid_to: String::new(),
        source: "permit".into(),
        confidence: Confidence::A,
        note: String::new(),
    }
}

#[test]
fn limits_convert_units_or_say_nothing() {
    let limit = Limit { unit: "mg/L".into(), ..permit("0.05") };
    let at = |value: &str, unit: &str| limit::compare(d(value), unit, &limit, Comparison::Full);
    assert_eq!(at("50", "μg/L"), Comparing::Within, "50 µg/L is 0.05 mg/L");
    assert_eq!(at("51", "ug/L"), Comparing::Above { times: Some(d("0.02")) });
    assert_eq!(at("0.051", "mg/L"), Comparing::Above { times: Some(d("0.02")) });
    assert_eq!(at("1", "倍"), Comparing::UnitsDiffer);
    assert_eq!(at("1", "ng/m³"), Comparing::UnitUnknown);
    assert_eq!(at("1", "mg/m³"), Comparing::Within, "1 mg/m³ is 0.001 mg/L");
}

#[test]
fn rounding_is_a_setting() {
    let limit = permit("50");
    let at = |value: &str, how| limit::compare(d(value), "mg/L", &limit, how);
    assert!(matches!(at("50.4", Comparison::Full), Comparing::Above { .. }));
    assert_eq!(at("50.4", Comparison::Rounded), Comparing::Within);
    assert_eq!(at("50.5", Comparison::Rounded), Comparing::Within, "half to even: 50.5 → 50");
    assert!(matches!(at("50.51", Comparison::Rounded), Comparing::Above { .. }));
    let ph = Limit { low: Some(d("6")), high: Some(d("9")), unit: String::new(), averaging: Some(Averaging::Instant), ..permit("9") };
    assert_eq!(limit::compare(d("5.9"), "", &ph, Comparison::Full), Comparing::Below);
    let out = limit::out_of_range(&[Some(d("9.1")), Some(d("9.2")), None, Some(d("5")), Some(d("7"))], 120, &ph);
    assert_eq!((out.longest_minutes, out.minutes), (d("4"), d("6")));
}

#[test]
fn rows_that_lack_something_judge_nothing() {
    let limits = limit::embedded();
    assert_eq!(limits.len(), 432);
    for limit in &limits {
        let complete =
            limit.averaging.is_some() && !limit.receiver.is_empty() && !limit.valid_from.is_empty() && limit.confidence != Confidence::C;
        let judged = limit::judge(Some(d("1000000")), &limit.unit, Averaging::Instant, limit, Comparison::Full, Confidence::A);
        assert_eq!(complete && limit.high.is_some(), judged.verdict != Verdict::NeedsPerson, "{}", limit.key);
    }
    let cod = limits.iter().find(|l| l.standard == "GB 18918-2002" && l.class == "一级A" && l.factor == "w01018").unwrap();
    assert_eq!(cod.silent(), [Silent::NoValidFrom], "the day's mean alone is not the whole rule since 2026-03-01");
}

#[test]
fn receiver_and_day_choose_the_limit() {
    let limits = limit::embedded();
    let find = |standard, class, kind, point, receiver, factor, day| {
        let wanted = Wanted { standard, class, kind, point, receiver, factor, day };
        limits.iter().filter(|l| l.applies(&wanted)).map(|l| (l.averaging, l.high)).collect::<Vec<_>>()
    };
    // pH of GB 18918 turned from a day's mean to an instant on 2026-03-01.
    let ph = |day| find("GB 18918-2002", "一级A", "", "outlet", Receiver::WaterBody, "w01001", day);
    assert_eq!(ph("2026-02-28"), [(Some(Averaging::Day), Some(d("9")))]);
    assert_eq!(ph("2026-03-01"), [(Some(Averaging::Instant), Some(d("9")))]);
    // GB 31573: into a park's works the indirect limit, into a town's works the direct one.
    let cod = |class, receiver| find("GB 31573-2015", class, "", "outlet", receiver, "w01018", "2026-01-01").len();
    assert_eq!((cod("间接排放", Receiver::ParkWorks), cod("间接排放", Receiver::TownWorks)), (1, 0));
    assert_eq!((cod("直接排放", Receiver::TownWorks), cod("直接排放", Receiver::ParkWorks)), (1, 0));
    // Total chromium holds for named kinds of compound only.
    let chromium = |kind| {
        limits
            .iter()
            .filter(|l| l.standard == "GB 31573-2015" && l.zh == "总铬" && l.kind == kind)
            .map(|l| l.high.unwrap())
            .collect::<Vec<_>>()
    };
    assert!(chromium("涉锰镍钼铜").contains(&d("0.5")) && chromium("氯酸盐, 涉铬").contains(&d("1")));
}

#[test]
fn gaps_are_filled_beside() {
    let settings = Settings::embedded();
    let values: Vec<Option<Decimal>> = ["10", "20", "40"].iter().map(|v| Some(d(v))).collect();
    assert_eq!(fill::water_2007(&values, 2, false).unwrap().value, d("30"));
    assert_eq!(fill::water_2007(&values, 3, true).unwrap().value, d("20"));
    assert_eq!(fill::water_2007(&[None], 1, false), None);
    let before: Vec<Option<Decimal>> = (0..3_000).map(|h| Some(Decimal::from(3_000 - h))).collect();
    let gas = |gap, alpha: &str| fill::gas_mass(&before, gap, d(alpha), &settings).map(|f| f.value);
    assert_eq!(gas(24, "0.95"), Some(d("180")), "the maximum of 180 hours, not the mean");
    assert_eq!(gas(25, "0.95"), Some(d("720")));
    assert_eq!(gas(1, "0.80"), Some(d("2160")));
    assert_eq!(gas(1, "0.74"), None);
    assert_eq!(fill::capture_rate(2160, 160, 200), Some(d("0.9")));
}

#[test]
fn transmission_from_four_counts() {
    let settings = Settings::embedded();
    let full = DayHours { received: 24, valid: 23, stopped: 0, in_check: 1 };
    let water = rates(&counts(&[full], true, &settings), &settings);
    assert_eq!(water.efficiency, Some(Decimal::ONE), "23 of 24 count as full for water");
    let gas = rates(&counts(&[full], false, &settings), &settings);
    assert_eq!(gas.validity.unwrap().round_dp(4), d("0.9583"));
    let half = DayHours { received: 12, valid: 12, stopped: 12, in_check: 0 };
    assert_eq!(rates(&counts(&[half], true, &settings), &settings).efficiency, Some(Decimal::ONE), "stopped hours leave the count");
    assert_eq!(rates(&counts(&[], true, &settings), &settings).efficiency, None);
}

#[test]
fn checks_find_what_they_are_for() {
    let settings = Settings::embedded();
    let at = |values: &[&str]| -> Vec<Reading> { values.iter().enumerate().map(|(i, v)| reading(i as i64 * 600, v, None)).collect() };
    let whats = |rows: &[Reading], flow: Option<&[Reading]>| {
        check::series("w01018", rows, flow, 600, &settings).iter().map(|f| f.what).collect::<Vec<_>>()
    };
    let frozen = at(&["7.10"; 12]);
    assert_eq!(whats(&frozen, None), [What::Frozen]);
    assert_eq!(whats(&at(&["7.10"; 11]), None), []);
    let flow = at(&["1", "2", "1", "2", "1", "2", "1", "2", "1", "2", "1", "2"]);
    assert_eq!(whats(&frozen, Some(&flow)), [What::FrozenWhileFlowing]);
    assert_eq!(whats(&at(&["1", "2"]), Some(&at(&["0", "0"]))), [What::MovesWithoutFlow]);
    assert_eq!(whats(&at(&["1", "6"]), None), [What::Jump]);
    assert_eq!(whats(&at(&["-1"]), None), [What::OutOfRange]);
    assert!(check::is_impossible("w01001", d("15.294"), &settings) && !check::is_impossible("w01001", d("14"), &settings));
    let mut gap = at(&["1", "1", "1"]);
    gap.remove(1);
    assert_eq!(whats(&gap, None), [What::Gap]);
    assert_eq!(check::impossible_pairs(&[("w21001", d("1")), ("w21003", d("2"))], &settings).len(), 1);
    assert_eq!(check::clock(Moment(0), Moment(301), &settings), Some(What::ClockOff));
    assert_eq!(check::clock(Moment(301), Moment(0), &settings), Some(What::Future));
    assert_eq!(check::clock(Moment(0), Moment(300), &settings), None);
}

/// Brute force: the last reading for each time, straight into its bucket.
fn brute(events: &[(usize, Reading)], bucket: i64) -> BTreeMap<(usize, i64), Agg> {
    let mut last: BTreeMap<(usize, i64), Reading> = BTreeMap::new();
    for (factor, r) in events {
        last.insert((*factor, r.time.0), *r);
    }
    let mut out: BTreeMap<(usize, i64), Agg> = BTreeMap::new();
    for ((factor, time), r) in &last {
        let volume = last.get(&(0, *time)).and_then(|f| volume_m3(f, 60));
        out.entry((*factor, time - time.rem_euclid(bucket))).or_default().add(r, volume);
    }
    out
}

proptest! {

    #[test]
    fn rollups_equal_brute_force(
        events in proptest::collection::vec((0usize..3, 0i64..400, 0i64..100_000, 0u8..4, 0u8..10), 1..500),
        refresh_every in 1usize..50,
    ) {
        let codes = ["w00000", "w01018", "w21003"];
        let standing = |s| if s < 7 { Standing::Valid } else if s == 7 { Standing::AboveRange } else { Standing::Invalid };
        let events: Vec<(usize, Reading)> = events.iter().map(|(f, minute, value, scale, s)| {
            (*f, Reading { time: Moment(minute * 60), mean: Some(Num { mantissa: *value, scale: *scale }), min: None, max: None, total: None, standing: standing(*s) })
        }).collect();
        let mut roll = RollUp::new(Some("w00000"), 60);
        for (n, (factor, r)) in events.iter().enumerate() {
            roll.put(codes[*factor], *r);
            if n % refresh_every == 0 {
                roll.refresh();
            }
        }
        roll.refresh();
        for (bucket, hours) in [(TEN, false), (HOUR, true)] {
            let wanted = brute(&events, bucket);
            let mut found = BTreeMap::new();
            for (factor, code) in codes.iter().enumerate() {
                let Some(column) = roll.column(code) else { continue };
                let map = if hours { column.hours() } else { column.tens() };
                found.extend(map.iter().map(|(at, agg)| ((factor, *at), *agg)));
            }
            prop_assert_eq!(found, wanted);
        }
    }
}

#[test]
fn late_data_re_roll_only_what_they_touch() {
    let mut roll = RollUp::new(Some("w00000"), 60);
    for minute in 0..1_440 {
        roll.put("w00000", reading(minute * 60, "10", None));
        roll.put("w01018", reading(minute * 60, "40", None));
    }
    roll.refresh();
    let before = roll.rerolled();
    assert_eq!(roll.put("w01018", reading(300 * 60, "41", None)), Put::Replaced);
    assert_eq!(roll.put("w01018", reading(300 * 60, "41", None)), Put::Same);
    assert_eq!(roll.refresh(), [("w01018".to_owned(), Moment(5 * HOUR))]);
    assert_eq!(roll.rerolled() - before, 1);
    roll.put("w00000", reading(300 * 60, "11", None));
    assert_eq!(roll.refresh().len(), 2, "the flow of a time weighs every factor of that time");
}

#[test]
fn the_page_for_stations_names_every_check() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/hj212.md")).unwrap();
    for what in What::ALL {
        assert!(page.contains(&format!("`{}`", what.id())), "{}", what.id());
    }
}
