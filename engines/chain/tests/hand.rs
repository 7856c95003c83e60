//! The hand-solved chain of twelve products: need, supply, rates, gaps, matches, stops.
//!
//! Solved on paper from `tests/data/hand`: H and L feed each other (0.8 · 0.2), K is a
//! by-product of I that D uses again, A is bought ore.

use chain::notes::Notes;
use chain::read::{Settings, read};
use chain::supply::{Question, State, Supply, supply};
use chain::table::read_text;
use chain::whatif::{Action, Line, scenario};
use chain::{Chain, Graph};

const RECIPES: &str = include_str!("data/hand/recipes.csv");
const PLANTS: &str = include_str!("data/hand/plants.csv");
const DEMANDS: &str = include_str!("data/hand/demands.csv");

fn load(files: &[(&str, &str)]) -> (Chain, Notes) {
    let mut notes = Notes::default();
    let tables: Vec<_> = files.iter().map(|(name, text)| read_text(name, text.as_bytes(), &mut notes)).collect();
    let chain = read(&tables, &Settings::default(), &mut notes);
    (chain, notes)
}

fn hand() -> (Chain, Graph, Supply) {
    let (chain, notes) = load(&[("demands.csv", DEMANDS), ("plants.csv", PLANTS), ("recipes.csv", RECIPES)]);
    assert!(notes.list.is_empty(), "{:?}", notes.list);
    let graph = Graph::new(&chain, &[]);
    let supply = supply(&chain, &graph, &Question::default());
    (chain, graph, supply)
}

fn product(chain: &Chain, name: &str) -> usize {
    chain.find(name)[0]
}

fn near(got: f64, expected: f64) {
    assert!((got - expected).abs() <= 1e-9 * expected.abs().max(1.0), "got {got}, expected {expected}");
}

#[test]
fn need_and_local_supply_as_by_hand() {
    let (chain, _, supply) = hand();
    let expected = [
        ("J", 1000.0, 1200.0),
        ("I", 1050.0, 800.0),
        ("E", 420.0, 300.0),
        ("F", 260.0, 400.0),
        ("G", 105.0, 0.0),
        ("H", 187.5, 90.0),
        ("D", 399.0, 500.0),
        ("C", 617.25, 600.0),
        ("B", 246.9, 300.0),
        ("A", 382.695, 0.0),
        ("L", 150.0, 100.0),
        ("K", 79.8, 40.0),
    ];
    assert_eq!(supply.lines.len(), 12);
    for (name, need, local) in expected {
        let line = supply.lines.iter().find(|l| l.product == product(&chain, name)).unwrap();
        near(line.need, need);
        near(line.local, local);
        near(line.rate.unwrap(), (local / need).min(1.0));
        near(line.gap, (need - local).max(0.0));
        let state = if local >= need {
            State::Enough
        } else if local > 0.0 {
            State::Short
        } else {
            State::Broken
        };
        assert_eq!(line.state, state, "{name}");
        assert_eq!(line.counted, name != "J", "{name}");
    }
    near(supply.rates.kinds.value.unwrap(), 9.0 / 11.0);
    near(supply.rates.quantity.value.unwrap(), 2835.9 / 3898.145);
    assert_eq!(supply.rates.value.reason, Some("no_prices"));
}

#[test]
fn names_in_either_language_mean_one_product() {
    let (chain, _, _) = hand();
    assert_eq!(chain.find("电芯"), chain.find("i"));
    assert_eq!(chain.products[product(&chain, "酸")].id, "B");
}

#[test]
fn the_interval_holds_the_ends_of_the_range() {
    let (chain, _, supply) = hand();
    // Only J → I has a range, 1.0 to 1.1: all needs but F's demand go with it.
    let line = supply.lines.iter().find(|l| l.product == product(&chain, "I")).unwrap();
    near(line.need_range.0, 1000.0);
    near(line.need_range.1.unwrap(), 1100.0);
    let (low, high) = supply.rates.quantity.range.unwrap();
    for factor in [1.0, 1.1] {
        let recipes = RECIPES.replace("material,1.05,t,t,1.0,1.1", &format!("material,{factor},t,t,,"));
        let (other, _) = load(&[("r.csv", &recipes), ("p.csv", PLANTS), ("d.csv", DEMANDS)]);
        let rate = supply_of(&other).rates.quantity.value.unwrap();
        assert!(low <= rate + 1e-12 && rate <= high + 1e-12, "{low} {rate} {high}");
    }
    assert!(low < high);
}

fn supply_of(chain: &Chain) -> Supply {
    supply(chain, &Graph::new(chain, &[]), &Question::default())
}

#[test]
fn sensitivity_is_the_slope_of_the_rate() {
    let (chain, graph, supply) = hand();
    let effects = chain::sensitivity::effects(&chain, &graph, &supply);
    for (input, of) in [("E", "I"), ("C", "D"), ("L", "H"), ("H", "L"), ("I", "J")] {
        let found = effects
            .iter()
            .find(|e| {
                let recipe = &chain.recipes[e.recipe];
                recipe.product == product(&chain, of) && recipe.rows[e.row].product == product(&chain, input)
            })
            .unwrap();
        let mut bumped = chain.clone();
        bumped.recipes[found.recipe].rows[found.row].amount *= 1.0 + 1e-6;
        let slope = (supply_of(&bumped).rates.quantity.value.unwrap() - supply.rates.quantity.value.unwrap()) / 1e-6 * 0.01;
        assert!((slope - found.per_percent).abs() < 1e-6, "{input} in {of}: {slope} {}", found.per_percent);
    }
}

#[test]
fn stopping_the_cathode_plant_as_by_hand() {
    let (chain, graph, _) = hand();
    let mut notes = Notes::default();
    let scenario = scenario(&chain, &[(Action::Stop, "丙".into())], None, &mut notes);
    assert!(notes.list.is_empty());
    let outcome = scenario.run(&graph, &Question::default());
    let of = |list: &[Line], name: &str| {
        let lines: Vec<Line> = list.iter().filter(|l| l.product == product(&chain, name)).cloned().collect();
        assert!(lines.is_empty() || lines.len() == 12, "{name}");
        lines.first().map(|l| (l.before * 12.0, l.after * 12.0))
    };
    let check = |list: &[Line], name: &str, before: f64, after: f64| {
        let (b, a) = of(list, name).unwrap_or_else(|| panic!("{name} did not change"));
        near(b, before);
        near(a, after);
    };
    // E: 300 made + 20 bought before; 20 bought after, a sixteenth of the 320 wanted.
    check(&outcome.changes, "E", 300.0, 0.0);
    check(&outcome.changes, "I", 800.0, 50.0);
    // I: 50 made + 250 bought of 1050 wanted.
    check(&outcome.changes, "J", 1000.0, 300.0 / 1050.0 * 1000.0);
    check(&outcome.met, "J", 1000.0, 300.0 / 1050.0 * 1000.0);
    // K: by-product of I; 2.5 + 17 bought of the 57 that D wants.
    check(&outcome.changes, "K", 40.0, 2.5);
    check(&outcome.changes, "D", 285.0, 285.0 * 19.5 / 57.0);
    check(&outcome.surplus, "D", 0.0, 285.0 * 19.5 / 57.0);
    // F: 210 made, 50 to the demand and 0.2 · 50 to I.
    check(&outcome.surplus, "F", 0.0, 210.0 - 60.0);
    assert!(of(&outcome.changes, "F").is_none());
    // C: 436.5 made; D takes 1.5 · 97.5, H still 9.
    check(&outcome.surplus, "C", 0.0, 436.5 - 1.5 * 97.5 - 9.0);
    // G: all bought, 80 before, 5 after.
    check(&outcome.imports, "G", 80.0, 5.0);
    near(outcome.after.rates.kinds.value.unwrap(), 8.0 / 11.0);
}

#[test]
fn one_of_two_plants_is_made_up_by_the_other() {
    let (chain, graph, _) = hand();
    let mut notes = Notes::default();
    let outcome = scenario(&chain, &[(Action::Stop, "丁".into())], None, &mut notes).run(&graph, &Question::default());
    // 210 a year are wanted of F; the other plant can make 200.
    let f = product(&chain, "F");
    let line = outcome.changes.iter().find(|l| l.product == f).unwrap();
    near(line.before * 12.0, 210.0);
    near(line.after * 12.0, 200.0);
    let cells = outcome.changes.iter().find(|l| l.product == product(&chain, "I")).unwrap();
    near(cells.after * 12.0, 800.0 * 200.0 / 210.0);
}

#[test]
fn adding_enlarging_and_delaying() {
    let (chain, _, _) = hand();
    let run = |action, text: &str| {
        let mut notes = Notes::default();
        let s = scenario(&chain, &[(action, text.to_owned())], None, &mut notes);
        assert!(notes.list.is_empty(), "{:?}", notes.list);
        (s.chain.clone(), s.run(&Graph::new(&s.chain, &[]), &Question::default()))
    };
    // A foil plant of 60: it replaces 60 of the 80 bought.
    let (_, outcome) = run(Action::Add, "子:铜箔=60t/年");
    let g = product(&chain, "G");
    let made = outcome.changes.iter().find(|l| l.product == g).unwrap();
    near(made.before, 0.0);
    near(made.after * 12.0, 60.0);
    near(outcome.after.rates.kinds.value.unwrap(), 10.0 / 11.0);
    // Cells from 800 to 1000: inputs follow, E has no more capacity and is bought.
    let (_, outcome) = run(Action::Resize, "乙=1000");
    let find =
        |list: &[Line], name: &str| list.iter().find(|l| l.product == product(&chain, name)).map(|l| (l.before * 12.0, l.after * 12.0));
    let (b, a) = find(&outcome.changes, "I").unwrap();
    near(b, 800.0);
    near(a, 1000.0);
    assert!(find(&outcome.changes, "E").is_none());
    let (b, a) = find(&outcome.imports, "E").unwrap();
    near(b, 20.0);
    near(a, 100.0);
    // A delay by three months takes the plant out of the first three.
    let (_, outcome) = run(Action::Delay, "丙=3");
    let e: Vec<&Line> = outcome.changes.iter().filter(|l| l.product == product(&chain, "E")).collect();
    assert_eq!(e.iter().map(|l| l.month.to_string()).collect::<Vec<_>>(), ["M01", "M02", "M03"]);
    let (_, outcome) = run(Action::Stop, "丙=2");
    assert_eq!(outcome.changes.iter().filter(|l| l.product == product(&chain, "E")).count(), 2);
}

#[test]
fn stocks_are_used_up_first() {
    let stock = "product,stock,unit\nE,50,t\n";
    let (chain, _) = load(&[("r.csv", RECIPES), ("p.csv", PLANTS), ("d.csv", DEMANDS), ("s.csv", stock)]);
    let graph = Graph::new(&chain, &[]);
    let mut notes = Notes::default();
    let outcome = scenario(&chain, &[(Action::Stop, "丙".into())], None, &mut notes).run(&graph, &Question::default());
    // 25 a month are missing: two months of stock.
    let i = product(&chain, "I");
    let months: Vec<String> = outcome.changes.iter().filter(|l| l.product == i).map(|l| l.month.to_string()).collect();
    assert_eq!(months.len(), 10);
    assert_eq!(months[0], "M03");
}

#[test]
fn gaps_weak_links_and_dependence() {
    let (chain, graph, supply) = hand();
    let weak = chain::gaps::weak_links(&chain, &graph, &supply);
    let why = |name: &str| weak.iter().find(|w| w.product == product(&chain, name)).map(|w| w.why.key());
    assert_eq!((why("G"), why("E"), why("F")), (Some("import_only"), Some("single_supplier"), None));
    let list = chain::gaps::dependence(&chain, &graph, &supply);
    assert_eq!(list.len(), 10);
    // J is 1000 of the 1050 t demanded: its own plant, 甲, costs all of it.
    assert_eq!(list[0].plant, "甲");
    near(list[0].lost, 1000.0 / 1050.0);
    let e = list.iter().find(|d| d.plant == "丙").unwrap();
    near(e.lost, (1.0 - 300.0 / 1050.0) * 1000.0 / 1050.0);
    let unlocks = chain::gaps::unlocks(&chain, &graph, &supply);
    assert!(unlocks.iter().any(|u| u.product == product(&chain, "G") && (u.gains[0].unwrap() - 1.0 / 11.0).abs() < 1e-12));
}

#[test]
fn matches_sell_no_unit_twice() {
    let (chain, graph, supply) = hand();
    let pairs = chain::matches::matches(&chain, &graph, &supply);
    let sold = |name: &str| pairs.iter().filter(|p| p.product == product(&chain, name)).map(|p| p.quantity).sum::<f64>();
    // D has 500; 丙 takes 285, the cathodes that are missing (120 t) would take 114.
    near(sold("D"), 285.0 + 114.0);
    near(sold("E"), 300.0);
    assert!(pairs.iter().any(|p| p.kind.key() == "byproduct" && p.product == product(&chain, "K")));
}

#[test]
fn faults_are_named_with_file_and_row() {
    let recipes = RECIPES.to_owned()
        + "hand,L,溶剂,main,A,矿石,material,0,t,t,,,,,,,\nhand,L,溶剂,main,B,酸,material,-1,t,t,,,,,,,\n\
           hand,L,溶剂,main,H,电解液,material,0.2,t,t,,,,,,,\nhand,L,溶剂,main,C,盐,material,1,斗,t,,,,,,,\n";
    let plants = PLANTS.to_owned() + "子,F,10,,,\n丑,Q,10,t,,\n寅,F,10,m²,,\n卯,F,十,t,2026-13,\n戊,F,1,t,,\n";
    let (chain, notes) = load(&[("r.csv", &recipes), ("p.csv", &plants), ("d.csv", DEMANDS)]);
    let rules: Vec<(String, String)> = notes.list.iter().map(|f| (f.rule.clone(), f.place.clone())).collect();
    for (rule, place) in [
        ("chain.zero_amount", "r.csv:17"),
        ("chain.negative_amount", "r.csv:18"),
        ("chain.duplicate", "r.csv:19"),
        ("chain.unknown_unit", "r.csv:20"),
        ("chain.no_unit", "p.csv:12"),
        ("chain.unknown_product", "p.csv:13"),
        ("chain.unit_mismatch", "p.csv:14"),
        ("chain.not_a_number", "p.csv:15"),
        ("chain.duplicate", "p.csv:16"),
    ] {
        assert!(rules.contains(&(rule.into(), place.into())), "{rule} {place} in {rules:?}");
    }
    assert!(notes.list.iter().all(|f| !f.expected.is_empty() && !f.expected.starts_with("chain.")));
    assert_eq!(chain.plants.len(), 10);
}
