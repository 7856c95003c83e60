use super::json::{answer, dec};
use super::request::read;
use super::*;
use crate::located::Located;
use proptest::prelude::*;
use serde_json::{Value, json};

fn run(text: &str) -> (Value, Vec<String>) {
    let doc = Located::parse(text.as_bytes()).unwrap();
    let (unit, mut findings) = read("F", &doc, Lang::Zh);
    let mut rules: Vec<String> = findings.iter().map(|f| format!("{} {}", f.rule, f.place)).collect();
    if findings.has_error() {
        return (Value::Null, rules);
    }
    let got = grade(&unit, Lang::Zh);
    findings.0.extend(got.findings.0.clone());
    rules.extend(got.findings.iter().map(|f| f.rule.clone()));
    (answer(&got, Lang::Zh), rules)
}

/// S, R, grade of a list of substances and the residents.
fn check(substances: Value, residents: Value, expected: &str) {
    let (got, rules) = run(&json!({"substances": substances, "residents_500m": residents}).to_string());
    let word = |k: &str| got[k].as_str().unwrap_or("-").to_owned();
    assert_eq!(format!("{} {} {} {rules:?}", word("S"), word("R"), word("grade")), expected);
}

#[test]
fn every_case_of_the_reference() {
    let Some(text) = testing::shared_text("reference/emergency/gb18218_cases.csv") else { return };
    let mut cases = 0;
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        let row = row.unwrap();
        let input = json!({"substances": serde_json::from_str::<Value>(&row[2]).unwrap(), "residents_500m": row[3].parse::<u32>().ok()});
        let (got, rules) = run(&input.to_string());
        assert!(rules.iter().all(|r| r.starts_with("hazard.not_in_table_one") || r.starts_with("hazard.premise")), "{} {rules:?}", &row[0]);
        assert_eq!(got["S"].as_str().unwrap_or(""), row[5].trim_end_matches(".0"), "{}", &row[0]);
        assert_eq!(got["R"].as_str().unwrap_or(""), row[6].trim_end_matches(".0"), "{}", &row[0]);
        assert_eq!(got["grade"].as_str().unwrap_or(""), &row[8], "{}", &row[0]);
        assert_eq!(got["major"], json!(&row[7] == "yes"));
        cases += 1;
    }
    assert!(cases >= 8);
}

#[test]
fn by_name_cas_class_and_unit() {
    check(json!([{"name": "液氯", "q_t": 50}]), json!(0), "10 20 三级 []");
    check(json!([{"cas": "7782-50-5", "q": 50_000, "unit": "kg"}]), json!("0"), "10 20 三级 []");
    check(json!([{"name": "某新物质", "class": "J3", "q_t": "50 t"}]), json!(1), "1 2 四级 []");
    check(json!([{"name": "多类", "classes": ["W5.4", "J1"], "q_t": 5}]), json!(100), "1 8 四级 []");
}

#[test]
fn boundaries_belong_to_the_higher_grade() {
    // Thirds: 1/3 + 2/3 is one, though no decimal holds a third.
    let thirds = json!([{"name": "甲", "q_t": 1, "Q_t": 3, "beta": 1}, {"name": "乙", "q_t": 2, "Q_t": 3, "beta": 1}]);
    let (got, _) = run(&json!({"substances": thirds, "residents_500m": 0}).to_string());
    assert_eq!((&got["S"], &got["R"], &got["grade"], &got["major"]), (&json!("1"), &json!("0.5"), &json!("四级"), &json!(true)));
    check(json!([{"name": "氨", "q_t": 124.99}]), json!(100), "12.499 49.996 三级 []");
    check(json!([{"name": "氨", "q_t": 250}]), json!(100), "25 100 一级 []");
    check(json!([{"name": "氨", "q_t": 9.9999999}]), json!(100), "0.99999999 - - []");
    for (n, alpha) in [(0, "0.5"), (1, "1"), (29, "1"), (30, "1.2"), (49, "1.2"), (50, "1.5"), (99, "1.5"), (100, "2"), (9_999, "2")] {
        assert_eq!(dec(book().alpha(n)), alpha);
    }
}

#[test]
fn what_the_file_states_is_never_silent() {
    // Ammonia with the critical quantity of the other standard.
    let (got, rules) = run(r#"{"substances":[{"name":"氨","q_t":50,"Q_t":5,"beta":2}],"residents_500m":10}"#);
    assert_eq!(rules, ["hazard.differs_from_standard F:1"]);
    assert_eq!((&got["S"], &got["by_standard"]["S"]), (&json!("10"), &json!("5")));
    // Nitrate: the stated Q tells which of two lines is meant.
    check(json!([{"name": "硝酸铵", "q_t": 50, "Q_t": 50}]), json!(10), "1 1 四级 []");
    check(json!([{"name": "氨", "q_t": 20}]), Value::Null, "2 - - [\"hazard.residents_unknown\"]");
}

#[test]
fn mixtures_take_their_own_class_or_the_pure_substance() {
    check(json!([{"name": "粗苯", "mixture_of": "苯", "class": "W5.3", "q_t": 100}]), json!(10), "2 2 四级 []");
    check(json!([{"name": "稀释液", "mixture_of": "苯", "class": "W5.4", "q_t": 10000}]), json!(10), "2 2 四级 []");
    check(json!([{"name": "氨水", "mixture_of": "氨", "same_class": true, "q_t": 20}]), json!(10), "2 4 四级 []");
    let (_, rules) = run(r#"{"substances":[{"name":"氨水","mixture_of":"氨","q_t":20}]}"#);
    assert_eq!(rules, ["hazard.mixture_class_unknown F:1"]);
}

#[test]
fn bad_input_is_a_sentence_with_its_line() {
    let text = "{\"substances\": [\n {\"name\": \"氨\", \"q\": 5},\n {\"name\": \"丙稀腈\", \"q_t\": 5},\n {\"name\": \"zz\", \"q_t\": 1},\n\
                {\"name\": \"氯\",\n \"q_t\": -1},\n {\"name\": \"硝酸铵\", \"q_t\": 1},\n {\"name\": \"a\", \"class\": \"W99\", \"q_t\": \"3 m\"}, 7],\n \"residents_500m\": 1.5}";
    let (_, rules) = run(text);
    assert_eq!(
        rules,
        [
            "hazard.quantity_without_unit F:2",
            "hazard.unknown_substance_like F:3",
            "hazard.unknown_substance F:4",
            "hazard.not_a_quantity F:6",
            "hazard.ambiguous_substance F:7",
            "hazard.not_a_mass_unit F:8",
            "hazard.unknown_class F:8",
            "hazard.substance_not_an_object F:8",
            "hazard.not_a_head_count F:9",
        ]
    );
    assert_eq!(run("[]").1, ["hazard.not_an_object F:1"]);
    assert_eq!(run("{}").1, ["hazard.no_substances F:1"]);
}

#[test]
fn says_what_brings_it_a_grade_down() {
    let (got, _) = run(r#"{"substances":[{"name":"氯","q_t":50},{"name":"氨","q_t":1}],"residents_500m":100}"#);
    // R = 2·(4·10 + 2·0.1) = 80.4
    assert_eq!(got["lower"]["to"], "三级");
    assert_eq!(got["lower"]["each_alone"][0]["q_below"], "31");
    assert_eq!(got["lower"]["each_alone"][1]["q_below"], Value::Null);
    assert_eq!(got["lower"]["residents_500m_below"], 50);
    let (got, _) = run(r#"{"substances":[{"name":"氨","q_t":20}],"residents_500m":1}"#);
    assert_eq!((&got["lower"]["to"], &got["lower"]["each_alone"][0]["q_below"]), (&Value::Null, &json!("10")));
}

proptest! {
    /// S and R never fall when more is held, and the way down leads down.
    #[test]
    fn more_is_never_less(q in 1_u32..100_000, more in 0_u32..1_000, residents in 0_u32..200, which in 0_usize..85) {
        let name = book().substance[which].full_name();
        let ask = |q: Decimal, n: u32| {
            let doc = Located::parse(json!({"substances": [{"name": name, "q_t": q.to_string()}], "residents_500m": n}).to_string().as_bytes()).unwrap();
            let (unit, findings) = read("F", &doc, Lang::Zh);
            assert!(!findings.has_error(), "{findings:?}");
            grade(&unit, Lang::Zh)
        };
        let q = Decimal::new(i64::from(q), 1);
        let (a, b) = (ask(q, residents), ask(q + Decimal::from(more), residents));
        prop_assert!(b.s >= a.s && b.r >= a.r);
        let rank = |g: &Grading| g.r.and_then(|r| book().grade(r)).map_or(9, |(n, _)| n);
        if let Some(lower) = &a.lower {
            let step = Decimal::new(1, 9);
            if let Some(Some(below)) = lower.each.first() {
                prop_assert!(rank(&ask(*below - step, residents)) > rank(&a));
                prop_assert!(rank(&ask(*below + step, residents)) <= rank(&a));
            }
            if let Some(n) = lower.residents_below {
                prop_assert!(rank(&ask(q, n - 1)) > rank(&a) && rank(&ask(q, n)) <= rank(&a));
            }
        }
    }

    #[test]
    fn nothing_panics(text in "\\PC{0,80}", q in any::<f64>()) {
        for body in [text.clone(), json!({"substances": [{"name": text, "q": q, "Q_t": q, "unit": text, "class": text}], "residents_500m": q}).to_string()] {
            if let Ok(doc) = Located::parse(body.as_bytes()) {
                let (unit, _) = read("F", &doc, Lang::En);
                let _ = answer(&grade(&unit, Lang::En), Lang::En);
            }
        }
    }
}
