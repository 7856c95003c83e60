//! Credit codes and working days against the reference cases, and their laws.

#![allow(clippy::unwrap_used, reason = "a test stops where it is wrong")]

use proptest::prelude::*;
use values::calendar::{Calendar, Day, Due, NotAnnounced};
use values::credit_code::{self, CreditCode, Oddity, normalise, organisation_check};
use values::{Date, Lang, Severity};

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// `reason` of the reference → how we answer: the rule of the finding, or `ok`.
///
/// Spelling is mended before the check, so lower case, blanks and full width are accepted;
/// inner check, region and kind are remarked, not refused.
fn expected_rule(reason: &str) -> &'static str {
    match reason {
        "ok" | "case" | "separator" | "fullwidth" => "ok",
        "length" => "credit_code.length",
        "empty" => "credit_code.empty",
        "alphabet" => "credit_code.alphabet",
        "check digit" => "credit_code.check",
        "organisation check" => "credit_code.organisation_check",
        "region not numeric" | "region unknown" => "credit_code.unknown_region",
        "category" | "authority" => "credit_code.unknown_kind",
        "old number" => "credit_code.registration_number",
        other => panic!("a new reason: {other}"),
    }
}

#[test]
fn every_reference_case_gets_its_finding() {
    let Some(text) = testing::shared_text("reference/economy/uscc_cases.csv") else { return };
    let mut cases = 0;
    for line in text.lines().skip(1) {
        let mut fields = line.split(',');
        let (code, _, reason) = (fields.next().unwrap(), fields.next().unwrap(), fields.next().unwrap());
        let (read, found) = credit_code::check(code, Lang::Zh);
        let refused = found.iter().any(|f| f.severity == Severity::Error);
        assert_eq!(read.is_none(), refused, "{code}");
        let rule = found.first().map_or("ok", |f| f.rule.as_str());
        assert_eq!(rule, expected_rule(reason), "{code} ({reason})");
        cases += 1;
    }
    assert_eq!(cases, 44);
}

#[test]
fn parts_and_oddities() {
    let code = CreditCode::parse(" ９1620300-ma000001\u{200b}57 ").unwrap();
    assert_eq!((code.as_str(), code.authority(), code.kind()), ("91620300MA00000157", '9', '1'));
    assert_eq!((code.region(), code.organisation()), ("620300", "MA0000015"));
    assert_eq!(code.oddities(), []);
    assert_eq!(CreditCode::parse("91990000MA0000015Q").unwrap().oddities(), [Oddity::UnknownRegion]);
    assert_eq!(organisation_check("58752778"), Some('3'));
    for bad in ["", "5875277", "5875277é", "587527 8"] {
        assert_eq!(organisation_check(bad), None, "{bad}");
    }
}

#[test]
fn other_numbers_are_named_for_what_they_are() {
    let check = |text: &str, rule: &str| assert_eq!(CreditCode::parse(text).unwrap_err().rule(), rule, "{text}");
    check("620300100000123", "credit_code.registration_number");
    check("58752778-3", "credit_code.organisation_code");
    check("9.16203E+17", "credit_code.number");
    check("916203000000000000.0", "credit_code.number");
    check("91620300MA0000015", "credit_code.length");
    check("统一社会信用代码统一社会信用代码一二", "credit_code.alphabet");
}

#[test]
fn every_finding_has_its_texts() {
    for rule in [
        "empty",
        "registration_number",
        "organisation_code",
        "number",
        "length",
        "alphabet",
        "check",
        "organisation_check",
        "unknown_region",
        "unknown_kind",
    ] {
        for part in ["expected", "remedy"] {
            assert!(values::texts().has(&format!("credit_code.{rule}.{part}")), "{rule}.{part}");
        }
    }
    assert_eq!(values::texts().untranslated().count(), 0);
}

#[test]
fn working_days_a_year() {
    let calendar = Calendar::china();
    for (year, days) in [(2019, 250), (2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)] {
        let (from, to) = (date(&format!("{year}-01-01")), date(&format!("{year}-12-31")));
        // New Year's day is off, so counting from it leaves nothing out.
        assert_eq!(calendar.working_days(from, to), Ok(days), "{year}");
    }
    assert_eq!(calendar.announced(), (2019, 2026));
}

#[test]
fn the_day_of_acceptance_is_day_nought_and_each_skipped_day_is_explained() {
    let calendar = Calendar::china();
    let Some(Due::Known { date: due, skipped }) = calendar.due(date("2025-09-29"), 5) else { panic!("announced") };
    // 9-30 first, holiday 10-01..08, then 10-09, 10-10, the worked Saturday 10-11, and Monday 10-13.
    assert_eq!(due, date("2025-10-13"));
    assert_eq!(skipped.len(), 9);
    assert_eq!(skipped[0], (date("2025-10-01"), Day::Holiday { name: "国庆节".into(), in_lieu: false }));
    assert_eq!(skipped[3], (date("2025-10-04"), Day::Weekend));
    assert_eq!(skipped[7], (date("2025-10-08"), Day::Holiday { name: "国庆节".into(), in_lieu: true }));
    assert_eq!(skipped[8], (date("2025-10-12"), Day::Weekend));
    assert_eq!(calendar.day(date("2025-10-11")), Day::WorkingForHoliday("国庆节".into()));
    assert_eq!(calendar.due(date("2025-10-10"), 0).unwrap().date(), date("2025-10-10"));
    assert_eq!(calendar.due(date("2025-10-04"), 0).unwrap().date(), date("2025-10-09"));
    assert_eq!(calendar.on_or_after(date("2025-10-04")), Ok(date("2025-10-09")));
}

#[test]
fn a_year_that_is_not_announced_is_an_answer() {
    let calendar = Calendar::china();
    assert_eq!(calendar.is_working(date("2027-03-01")), Err(NotAnnounced { year: 2027 }));
    assert_eq!(calendar.day(date("2018-12-31")), Day::NotAnnounced);
    assert_eq!(calendar.due(date("2026-12-30"), 3), Some(Due::NotAnnounced { year: 2027, provisional: date("2027-01-04") }));
    assert!(matches!(calendar.due(date("2026-12-30"), 1), Some(Due::Known { .. })));
    assert_eq!(calendar.working_days(date("2026-12-30"), date("2027-01-04")), Err(NotAnnounced { year: 2027 }));
    assert_eq!(calendar.due(date("2026-12-30"), u32::MAX), None);
    assert_eq!(calendar.due(Date::MAX, 1), None);
}

#[test]
fn a_calendar_with_a_mistake_is_refused_with_its_row() {
    let check = |rows: &str, why: &str| {
        let text = format!("# announced: 2025..2025\ndate,kind,holiday,in_lieu\n{rows}");
        let error = Calendar::parse(&text).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    };
    check("2026-01-01,off,元旦,0\n", "不在已公布的年份内");
    check("2025-01-01,work,元旦,\n", "应为工作日放假");
    check("2025-01-04,off,元旦,\n", "应为工作日放假");
    check("2025-02-30,off,元旦,\n", "不是日期");
    check("2025-01-01,off,元旦,0\n2025-01-01,off,元旦,0\n", "出现两次");
    assert!(Calendar::parse("date,kind,holiday,in_lieu\n").is_err());
}

fn any_code() -> impl Strategy<Value = String> {
    "[0-9A-HJ-NP-RTUWXY]{17}".prop_filter_map("one of 31 completes it", |body| {
        "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().map(|c| format!("{body}{c}")).find(|c| CreditCode::parse(c).is_ok())
    })
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,24}") {
        let _ = credit_code::check(&text, Lang::En);
        let _ = values::Industries::china().find(&text);
        let _ = values::Industries::china().belongs(&text, "chemicals");
        let _ = values::Regions::china().standing(&text);
        let _ = values::Regions::china().full_name(&text);
    }

    #[test]
    fn reading_what_was_printed_gives_the_same(code in any_code()) {
        let read = CreditCode::parse(&code).unwrap();
        prop_assert_eq!(read.to_string(), code.clone());
        prop_assert_eq!(normalise(&code), code);
    }

    /// One wrong character, or two different neighbours swapped, is always found: 31 is prime and the weights differ.
    #[test]
    fn single_mistakes_are_found(code in any_code(), at in 0usize..17, other in 0usize..31) {
        let mut one = code.clone().into_bytes();
        one[at] = b"0123456789ABCDEFGHJKLMNPQRTUWXY"[other];
        let one = String::from_utf8(one).unwrap();
        prop_assert_eq!(CreditCode::parse(&one).is_ok(), one == code);
        let mut swapped = code.clone().into_bytes();
        swapped.swap(at, at + 1);
        let swapped = String::from_utf8(swapped).unwrap();
        prop_assert_eq!(CreditCode::parse(&swapped).is_ok(), swapped == code);
    }

    #[test]
    fn due_and_counting_agree(day in 0i32..2_500, term in 1u32..60) {
        let calendar = Calendar::china();
        let accepted = date("2019-01-01").checked_add(jiff::Span::new().days(day)).unwrap();
        if let Some(Due::Known { date: due, skipped }) = calendar.due(accepted, term) {
            prop_assert_eq!(calendar.working_days(accepted, due), Ok(term));
            prop_assert_eq!(calendar.is_working(due), Ok(true));
            let all = accepted.until(due).unwrap().get_days();
            prop_assert_eq!(all, i32::try_from(term as usize + skipped.len()).unwrap());
        }
    }
}
