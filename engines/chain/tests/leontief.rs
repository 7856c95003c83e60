//! The 42-sector table: total output for its final demand, and multipliers of a random graph.

#![allow(clippy::unwrap_used, reason = "a test may fail this way")]

use chain::Graph;
use chain::read::{Settings, read};
use chain::supply::{Question, supply};
use chain::table::read_text;
use chain::{Chain, Notes};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Coefficients from the table's flows (yuan per yuan); final demand is what other sectors
/// do not use (negative where more is imported than finally used). The Leontief inverse must
/// give the published total outputs back.
#[test]
fn output_of_the_42_sectors() {
    let Some(table) = testing::shared_text("data/io/io_table.csv") else { return };
    let mut notes = Notes::default();
    let flows = read_text("t", table.as_bytes(), &mut notes);
    let (mut output, mut flow) = (BTreeMap::new(), BTreeMap::new());
    for (_, cells) in &flows.rows {
        let value: f64 = cells[5].parse().unwrap();
        let sector = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_digit());
        if sector(&cells[1]) && sector(&cells[3]) {
            flow.insert((cells[1].clone(), cells[3].clone()), value);
        } else if sector(&cells[1]) && cells[3] == "GO" {
            output.insert(cells[1].clone(), value);
        }
    }
    assert_eq!(output.len(), 42);
    let mut recipes = String::from("product,input,kind,amount,unit_in,unit_out\n");
    for ((from, to), value) in flow.iter().filter(|(_, v)| **v > 0.0) {
        writeln!(recipes, "S{to},S{from},material,{:e},万元,万元", value / output[to]).unwrap();
    }
    let chain = load(&[("r.csv", &recipes)]);
    let graph = Graph::new(&chain, &[]);
    assert!(graph.unproductive().is_empty());
    let at = |sector: &String| chain.find(&format!("S{sector}"))[0];
    let mut demand = vec![0.0; chain.products.len()];
    for (sector, made) in &output {
        let used: f64 = output.keys().map(|to| flow.get(&(sector.clone(), to.clone())).copied().unwrap_or(0.0)).sum();
        demand[at(sector)] = made - used;
    }
    let need = graph.need(&demand);
    for (sector, made) in &output {
        assert!((need[at(sector)] - made).abs() <= 1e-9 * made, "{sector}: {} {made}", need[at(sector)]);
    }
}

fn load(files: &[(&str, &str)]) -> Chain {
    let mut notes = Notes::default();
    let tables: Vec<_> = files.iter().map(|(name, text)| read_text(name, text.as_bytes(), &mut notes)).collect();
    let chain = read(&tables, &Settings::default(), &mut notes);
    assert!(!notes.list.has_error(), "{:?}", notes.list.0.first());
    chain
}

mod laws {
    //! What holds for every chain.
    use super::*;
    use proptest::prelude::*;

    /// A random layered chain with a few recycles: recipes, plants, one demand.
    fn any_chain() -> impl Strategy<Value = (String, Vec<f64>, f64)> {
        (3usize..14, proptest::collection::vec(0.01f64..0.9, 60), proptest::collection::vec(0.0f64..200.0, 14), 1.0f64..500.0).prop_map(
            |(n, amounts, capacities, demand)| {
                let mut recipes = String::from("product,input,kind,amount,unit_in,unit_out\n");
                let mut next = amounts.into_iter();
                for q in 0..n {
                    for p in q + 1..n.min(q + 4) {
                        writeln!(recipes, "P{q},P{p},material,{},t,t", next.next().unwrap_or(0.5)).unwrap();
                    }
                }
                writeln!(recipes, "P{},P{},material,0.05,t,t", n - 1, n - 2).unwrap();
                (recipes, capacities[..n].to_vec(), demand)
            },
        )
    }

    fn chain(recipes: &str, capacities: &[f64], demand: f64, unit: &str, per: f64) -> Chain {
        let mut plants = String::from("plant,product,capacity,unit\n");
        for (i, c) in capacities.iter().enumerate() {
            writeln!(plants, "W{i},P{i},{},{unit}", c * per).unwrap();
        }
        let demands = format!("product,demand,unit\nP0,{},{unit}\n", demand * per);
        load(&[("r.csv", recipes), ("p.csv", &plants), ("d.csv", &demands)])
    }

    fn rate(chain: &Chain) -> f64 {
        supply(chain, &Graph::new(chain, &[]), &Question::default()).rates.quantity.value.unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn more_capacity_never_lowers_the_rate((recipes, capacities, demand) in any_chain(), which in 0usize..14, more in 0.0f64..300.0) {
            let before = rate(&chain(&recipes, &capacities, demand, "t", 1.0));
            let mut larger = capacities.clone();
            let at = which % larger.len();
            larger[at] += more;
            prop_assert!(rate(&chain(&recipes, &larger, demand, "t", 1.0)) >= before - 1e-12);
        }

        #[test]
        fn units_rescale((recipes, capacities, demand) in any_chain()) {
            let tonnes = chain(&recipes, &capacities, demand, "t", 1.0);
            let kilos = chain(&recipes, &capacities, demand, "kg", 1000.0);
            prop_assert!((rate(&tonnes) - rate(&kilos)).abs() < 1e-9);
        }

        #[test]
        fn a_stop_never_makes_more_and_uses_no_more_than_there_is((recipes, capacities, demand) in any_chain(), which in 0usize..14) {
            use chain::whatif::{Action, scenario};
            let c = chain(&recipes, &capacities, demand, "t", 1.0);
            let graph = Graph::new(&c, &[]);
            let mut notes = Notes::default();
            let name = format!("W{}", which % capacities.len());
            let outcome = scenario(&c, &[(Action::Stop, name)], None, &mut notes).run(&graph, &Question::default());
            for line in &outcome.changes {
                prop_assert!(line.after <= line.before * (1.0 + 1e-9), "{line:?}");
                prop_assert!(line.after >= -1e-12);
            }
            for line in &outcome.met {
                prop_assert!(line.after <= line.before * (1.0 + 1e-9));
            }
        }
    }
}
