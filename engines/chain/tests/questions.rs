//! Prices, purchases, routes, ramps, import limits, chains of activities: each by hand.

#![allow(clippy::unwrap_used, reason = "a test may fail this way")]

use chain::read::{Settings, read};
use chain::supply::{Question, State, supply};
use chain::table::{Table, read_text};
use chain::whatif::{Action, scenario};
use chain::{Chain, Graph, Notes, amount::Month, definitions};

const RECIPES: &str = "product,route,input,kind,amount,unit_in,unit_out,confidence\n\
A,one,B,material,2,t,t,B\nA,one,C,material,0.5,t,t,B\nA,two,D,material,1,t,t,B\n";

fn load(files: &[&str]) -> Chain {
    let mut notes = Notes::default();
    let tables: Vec<Table> = files.iter().enumerate().map(|(i, text)| read_text(&format!("f{i}"), text.as_bytes(), &mut notes)).collect();
    let chain = read(&tables, &Settings::default(), &mut notes);
    assert!(!notes.list.has_error(), "{:?}", notes.list);
    chain
}

fn near(got: f64, expected: f64) {
    assert!((got - expected).abs() < 1e-9 * expected.abs().max(1.0), "{got} {expected}");
}

#[test]
fn by_value_and_by_purchases() {
    let chain = load(&[
        RECIPES,
        "plant,product,capacity,unit\nb,B,100,t\nc,C,50,t\n",
        "product,demand,unit\nA,100,t\n",
        "product,code,name,unit,price,price_unit\nB,b1,B,t,3,元\nC,c1,C,t,0.002,万元/t\n",
        "product,purchased,local,unit\nB,200,80,t\nC,50,50,t\n",
    ]);
    let s = supply(&chain, &Graph::new(&chain, &[]), &Question::default());
    // Need: B 200, C 50. Local: B 100, C 50. Prices 3 and 20 yuan a tonne.
    near(s.rates.kinds.value.unwrap(), 1.0);
    near(s.rates.quantity.value.unwrap(), 150.0 / 250.0);
    near(s.rates.value.value.unwrap(), (300.0 + 1000.0) / (600.0 + 1000.0));
    let actual = s.actual.unwrap();
    near(actual.quantity.value.unwrap(), 130.0 / 250.0);
    near(actual.value.value.unwrap(), (240.0 + 1000.0) / 1600.0);
}

#[test]
fn routes_of_plants_mix_and_one_may_be_asked_for() {
    let plants = "plant,product,capacity,unit,route\nx,A,30,t,one\ny,A,10,t,two\n";
    let chain = load(&[RECIPES, plants, "product,demand,unit\nA,100,t\n"]);
    let need = |graph: &Graph, name: &str| graph.need(&chain::need::demands(&chain))[chain.find(name)[0]];
    let graph = Graph::new(&chain, &[]);
    near(need(&graph, "B"), 150.0);
    near(need(&graph, "D"), 25.0);
    let mut notes = Notes::default();
    let asked = chain::routes::asked(&chain, &["A=two".into(), "A=three".into()], &mut notes);
    let graph = Graph::new(&chain, &asked);
    near(need(&graph, "B"), 0.0);
    near(need(&graph, "D"), 100.0);
    assert_eq!(notes.list.iter().map(|f| f.rule.as_str()).collect::<Vec<_>>(), ["chain.unknown_route"]);
}

#[test]
fn ramps_outages_and_the_month_asked_for() {
    let plants = "plant,product,capacity,unit,from,to,ramp,outage\nb,B,1200,t,2026-03,2027-06,1:25%;3:100%,2026-06..2026-07:50%\n";
    let chain = load(&[RECIPES, plants, "product,demand,unit\nA,600,t\n"]);
    let graph = Graph::new(&chain, &[]);
    let local = |year, month| {
        let question = Question { month: Month::of(year, month), view: None };
        let s = supply(&chain, &graph, &question);
        s.lines.iter().find(|l| l.product == chain.find("B")[0]).map_or(0.0, |l| l.local)
    };
    let by_month = [(2026, 2, 0.0), (2026, 3, 300.0), (2026, 5, 1200.0), (2026, 6, 600.0), (2027, 6, 1200.0), (2027, 7, 0.0)];
    for (year, month, expected) in by_month {
        near(local(year, month), expected);
    }
}

#[test]
fn an_import_limit_holds_before_and_after() {
    let files = [
        RECIPES,
        "plant,product,capacity,unit\na,A,120,t\nb,B,120,t\n",
        "product,demand,unit\nA,120,t\n",
        "product,import,unit\nC,30,t\nB,60,t\n",
    ];
    let chain = load(&files);
    let graph = Graph::new(&chain, &[]);
    let mut notes = Notes::default();
    // Before: C allows 60 of A, B (120 made + 60 bought of 240) allows 90. After the stop of b, B allows 30.
    let outcome = scenario(&chain, &[(Action::Stop, "b".into())], None, &mut notes).run(&graph, &Question::default());
    let line = outcome.changes.iter().find(|l| l.product == chain.find("A")[0]).unwrap();
    near(line.before * 12.0, 60.0);
    near(line.after * 12.0, 30.0);
}

#[test]
fn what_one_plant_cannot_use_goes_to_the_others() {
    // X and Y both take S; X also lacks T. Half of S is gone: without passing on, Y would get half.
    let recipes = "product,input,kind,amount,unit_in,unit_out\nX,S,material,1,t,t\nX,T,material,1,t,t\nY,S,material,1,t,t\n";
    let chain = load(&[
        recipes,
        "plant,product,capacity,unit\nx,X,120,t\ny,Y,120,t\ns1,S,120,t\ns2,S,120,t\nt,T,120,t\n",
        "product,demand,unit\nX,120,t\nY,120,t\n",
    ]);
    let mut notes = Notes::default();
    let changes = [(Action::Stop, "s1".into()), (Action::Stop, "t".into())];
    let outcome = scenario(&chain, &changes, None, &mut notes).run(&Graph::new(&chain, &[]), &Question::default());
    assert!(outcome.changes.iter().all(|l| l.product != chain.find("Y")[0]), "Y takes all of the other half");
    let x = outcome.changes.iter().find(|l| l.product == chain.find("X")[0]).unwrap();
    near(x.after, 0.0);
}

#[test]
fn activities_are_needed_once() {
    let mut notes = Notes::default();
    let (mut tables, _) = definitions::tables(&["data_information"]);
    tables.push(read_text("p", "plant,product,capacity,unit\n甲,数据中心,1,家\n乙,网络货运平台,3,家\n".as_bytes(), &mut notes));
    tables.push(read_text("d", "product,demand,unit\n数据应用,1,项\n".as_bytes(), &mut notes));
    let chain = read(&tables, &Settings::default(), &mut notes);
    assert!(notes.list.is_empty(), "{:?}", notes.list);
    let s = supply(&chain, &Graph::new(&chain, &[]), &Question::default());
    near(s.rates.kinds.value.unwrap(), 2.0 / 9.0);
    let broken = s.lines.iter().filter(|l| l.state == State::Broken && l.counted).count();
    assert_eq!(broken, 7);
}

#[test]
fn plants_alone_sell_what_they_do_not_use() {
    let chain = load(&[RECIPES, "plant,product,capacity,unit\na,A,100,t\nb,B,250,t\n"]);
    let s = supply(&chain, &Graph::new(&chain, &[]), &Question::default());
    let line = |name: &str| s.lines.iter().find(|l| l.product == chain.find(name)[0]).unwrap();
    assert!(s.at_capacity);
    near(line("A").need, 100.0);
    // 200 of B go into A, 50 are sold.
    near(line("B").demand, 50.0);
    near(line("B").need, 250.0);
    near(line("C").gap, 50.0);
}
