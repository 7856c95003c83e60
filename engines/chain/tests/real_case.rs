//! The real case of `docs/chain-case.md`: its figures and its drawing are what the engine gives.

#![allow(clippy::unwrap_used, reason = "a test may fail this way")]

use chain::answer::Teller;
use chain::draw::{layout, picture, svg};
use chain::read::{Settings, read};
use chain::supply::{Question, Supply, supply};
use chain::table::read_text;
use chain::{Chain, Graph, Notes, definitions};
use values::Lang;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/chain/");

fn case(files: &[&str]) -> (Chain, Graph, Supply) {
    let map = definitions::maps().iter().find(|m| m.key == "new_energy_battery").unwrap();
    let keys: Vec<&str> = map.chains.iter().map(String::as_str).collect();
    let mut notes = Notes::default();
    let (mut tables, _) = definitions::tables(&keys);
    for file in files {
        tables.push(read_text(file, &std::fs::read(format!("{FOLDER}{file}")).unwrap(), &mut notes));
    }
    let chain = read(&tables, &Settings::default(), &mut notes);
    // The zone's wafers and titanium are no products of this chain; nothing else is wrong.
    assert!(notes.list.iter().all(|f| f.rule == "chain.other_chain"), "{:?}", notes.list);
    let graph = Graph::new(&chain, &[]);
    let view = map.layers.iter().flat_map(|l| &l.nodes).flat_map(|n| chain.find(n).iter().copied()).collect();
    let supply = supply(&chain, &graph, &Question { month: None, view: Some(view) });
    (chain, graph, supply)
}

#[test]
fn figures_of_the_page() {
    let (chain, _, running) = case(&["plants.csv", "demands.csv"]);
    let (_, _, with_projects) = case(&["plants.csv", "projects.csv", "demands.csv"]);
    let percent = |s: &Supply| {
        let range = s.rates.quantity.range.unwrap();
        [s.rates.kinds.value.unwrap(), s.rates.quantity.value.unwrap(), range.0, range.1].map(|v| format!("{:.1}", v * 100.0))
    };
    assert_eq!(percent(&running), ["9.7", "7.1", "5.2", "9.9"]);
    assert_eq!(percent(&with_projects), ["16.1", "13.8", "10.4", "18.2"]);
    for (name, need, local) in [
        ("磷酸铁锂", 41_400.0, 0.0),
        ("磷酸铁", 39_578.4, 0.0),
        ("碳酸锂", 10_440.7, 0.0),
        ("电解液", 24_300.0, 0.0),
        ("六氟磷酸锂", 3_061.8, 0.0),
        ("隔膜", 252e6, 0.0),
        ("石墨负极", 20_700.0, 30_000.0),
        ("电解铜箔", 11_700.0, 30_000.0),
        ("铝壳与盖板", 9_000.0, 0.0),
        ("双氧水", 4_464.4, 150_000.0),
        ("氯气", 3_572.7, 354_520.0),
        ("七水硫酸亚铁", 72_958.8, 0.0),
    ] {
        let product = chain.find(name)[0];
        let line = with_projects.lines.iter().find(|l| l.product == product).unwrap();
        assert!((line.need - need).abs() < 0.06 && (line.local - local).abs() < 0.5, "{name}: {} {}", line.need, line.local);
        assert_eq!(line.confidence.key(), "C", "{name} rests on rules of thumb");
    }
}

#[test]
fn the_drawing_is_what_the_engine_draws() {
    let (chain, graph, supply) = case(&["plants.csv", "projects.csv", "demands.csv"]);
    let map = definitions::maps().iter().find(|m| m.key == "new_energy_battery");
    let picture = picture(&chain, &graph, &supply, map);
    let caption = Teller { chain: &chain, graph: &graph, lang: Lang::Zh }.caption(&supply, "新能源电池".into());
    let drawn = svg::paint(&chain, &supply, &picture, &layout::place(&picture), &caption, Lang::Zh);
    let kept = std::fs::read_to_string(format!("{FOLDER}lfp_18gwh.svg")).unwrap();
    assert!(drawn == kept, "demo/chain/lfp_18gwh.svg is old: draw it again as docs/chain-case.md says");
}

#[test]
fn a_hundred_thousand_nodes_are_listed() {
    let mut notes = Notes::default();
    let mut recipes = String::from("product,input,kind,amount,unit_in,unit_out\n");
    for i in 0..100_000 {
        recipes += &format!("P{i},P{},material,1,t,t\n", i + 1);
    }
    let tables = [read_text("r.csv", recipes.as_bytes(), &mut notes), read_text("d.csv", b"product,demand,unit\nP0,1,t\n", &mut notes)];
    let chain = read(&tables, &Settings::default(), &mut notes);
    let graph = Graph::new(&chain, &[]);
    let supply = supply(&chain, &graph, &Question::default());
    let picture = picture(&chain, &graph, &supply, None);
    assert_eq!(picture.nodes.len(), 100_001);
    assert!(picture.edges.is_empty(), "no time is spent on edges that are not drawn");
    assert_eq!(Teller { chain: &chain, graph: &graph, lang: Lang::Zh }.list(&supply).lines().count(), 100_002);
}
