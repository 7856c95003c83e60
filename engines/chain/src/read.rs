//! Reading 读入: tables → a [`Chain`], with every fault found at once.

use crate::amount::{self, Month};
use crate::definitions;
use crate::model::{Chain, Plant, Product, ProductKind, Purchase, Quantum, Recipe, Role, Row, comparable};
use crate::names::Names;
use crate::notes::Notes;
use crate::table::{Columns, Kind, Table};
use std::collections::{HashMap, HashSet};
use values::Confidence;
use values::unit::{self, Quantity, Unit};

/// What reading may take from outside the tables.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Operating days a year for daily capacities; none = the definition's value, noted.
    pub operating_days: Option<f64>,
}

/// One row of a table with its columns and place.
struct Line<'a> {
    table: &'a Table,
    columns: &'a Columns,
    number: u32,
    cells: &'a [String],
}

impl<'a> Line<'a> {
    fn get(&self, key: &str) -> &'a str {
        self.columns.get(self.cells, key)
    }
    fn place(&self, key: &str) -> String {
        self.table.place(self.number, self.columns.at(key))
    }
    /// A number that must be there; a finding otherwise.
    fn number(&self, key: &str, notes: &mut Notes) -> Option<f64> {
        let text = self.get(key);
        let value = amount::number(text);
        if value.is_none() {
            notes.error("chain.not_a_number", &self.place(key), key, text, &[]);
        }
        value
    }
    /// A number that may be missing.
    fn optional(&self, key: &str, notes: &mut Notes) -> Option<f64> {
        if self.get(key).is_empty() { None } else { self.number(key, notes) }
    }
    fn confidence(&self) -> Confidence {
        Confidence::parse(self.get("confidence")).unwrap_or_default()
    }
}

fn lines<'a>(table: &'a Table, columns: &'a Columns) -> impl Iterator<Item = Line<'a>> {
    table.rows.iter().map(move |(number, cells)| Line { table, columns, number: *number, cells })
}

/// Reads all tables into one chain. Rows with an error are left out and named.
#[must_use]
pub fn read(tables: &[Table], settings: &Settings, notes: &mut Notes) -> Chain {
    let mut by_kind: Vec<(Kind, &Table)> = Vec::new();
    for table in tables {
        match table.kind() {
            Some(kind) => by_kind.push((kind, table)),
            None => notes.error("chain.unknown_table", &table.name, "", &table.head.join(","), &[]),
        }
    }
    let mut reader = Reader { chain: Chain::default(), names: Names::default(), settings, notes, kinds: HashMap::new(), unknown: 0 };
    for (kind, table) in &by_kind {
        reader.collect_names(*kind, table);
    }
    // What the others refer to comes first, whatever the order of the files.
    for wanted in [Kind::Products, Kind::Recipes, Kind::Plants, Kind::Demands, Kind::Imports, Kind::Stocks, Kind::Purchases] {
        for (_, table) in by_kind.iter().filter(|(kind, _)| *kind == wanted) {
            reader.table(wanted, table);
        }
    }
    reader.finish()
}

struct Reader<'a> {
    chain: Chain,
    names: Names,
    settings: &'a Settings,
    notes: &'a mut Notes,
    kinds: HashMap<usize, ProductKind>,
    unknown: usize,
}

impl Reader<'_> {
    fn collect_names(&mut self, kind: Kind, table: &Table) {
        let columns = table.columns();
        for line in lines(table, &columns) {
            match kind {
                Kind::Recipes => {
                    self.names.join(line.get("product"), line.get("product_zh"));
                    self.names.join(line.get("input"), line.get("input_zh"));
                }
                Kind::Products => {
                    let name = if line.get("name").is_empty() { line.get("product") } else { line.get("name") };
                    for other in [line.get("product"), line.get("code"), line.get("name_en")] {
                        self.names.join(name, other);
                    }
                    for alias in line.get("aliases").split(['|', '；', ';']) {
                        self.names.join(name, alias);
                    }
                }
                _ => {}
            }
        }
    }

    fn table(&mut self, kind: Kind, table: &Table) {
        let columns = table.columns();
        let mut seen = HashSet::new();
        let mut recipes: HashMap<(String, String), usize> = HashMap::new();
        for line in lines(table, &columns) {
            match kind {
                Kind::Recipes => self.recipe_row(&line, &mut recipes, &mut seen),
                Kind::Products => self.product_row(&line, &mut seen),
                Kind::Plants => self.plant(&line, &mut seen),
                Kind::Demands => {
                    if let Some(q) = self.quantum(&line, "demand", &mut seen) {
                        self.chain.demands.push(q);
                    }
                }
                Kind::Imports => {
                    if let Some(q) = self.quantum(&line, "import", &mut seen) {
                        self.chain.imports.push(q);
                    }
                }
                Kind::Stocks => {
                    if let Some(q) = self.quantum(&line, "stock", &mut seen) {
                        self.chain.stocks.push(q);
                    }
                }
                Kind::Purchases => self.purchase(&line, &mut seen),
            }
        }
    }

    /// The product of a name measured in `quantity`; made when new.
    fn product(&mut self, written: &str, zh: &str, unit: &'static Unit, kind: ProductKind, place: &str) -> usize {
        let group = self.names.group(written);
        if let Some(&known) = group.and_then(|g| self.names.products(g).iter().find(|p| self.chain.products[**p].quantity == unit.quantity))
        {
            let entry = self.kinds.entry(known).or_insert(kind);
            *entry = (*entry).max(kind);
            if self.chain.products[known].zh.is_empty() {
                self.chain.products[known].zh = zh.to_owned();
            }
            return known;
        }
        let others: Vec<&'static Unit> =
            group.map(|g| self.names.products(g).iter().map(|p| self.chain.products[*p].unit).collect()).unwrap_or_default();
        if let Some(other) = others.first() {
            self.notes.warn("chain.unit_mismatch", place, "unit", unit.name, &[("product", written), ("unit", other.name)]);
        }
        let known = definitions::known(written).or_else(|| definitions::known(zh));
        let index = self.chain.products.len();
        self.chain.products.push(Product {
            id: written.to_owned(),
            zh: zh.to_owned(),
            code: String::new(),
            kind,
            quantity: unit.quantity,
            unit,
            formula: known.map(|k| k.formula.clone()).unwrap_or_default(),
            content: known.is_some_and(|k| k.content),
            price: None,
            invest: None,
            stage: known.map(|k| k.stage.clone()).unwrap_or_default(),
            place: place.to_owned(),
        });
        self.kinds.insert(index, known.and_then(|k| ProductKind::parse(&k.kind)).map_or(kind, |k| k.max(kind)));
        let group = group.unwrap_or_else(|| self.names.join(written, zh));
        self.names.add_product(group, index);
        index
    }

    fn unit_of(&mut self, line: &Line, key: &str) -> Option<&'static Unit> {
        let text = line.get(key);
        let found = unit::find(text).filter(|u| amount::base_unit(u.quantity).is_some());
        if found.is_none() {
            let rule = if text.is_empty() { "chain.no_unit" } else { "chain.unknown_unit" };
            self.notes.error(rule, &line.place(key), key, text, &[]);
        }
        found
    }

    fn recipe_row(&mut self, line: &Line, recipes: &mut HashMap<(String, String), usize>, seen: &mut HashSet<String>) {
        let (product, input) = (line.get("product"), line.get("input"));
        for (key, text) in [("product", product), ("input", input)] {
            if text.is_empty() {
                self.notes.error("chain.no_name", &line.place(key), key, "", &[]);
                return;
            }
        }
        let route = line.get("route");
        if !seen.insert([comparable(product), comparable(route), comparable(input), line.get("kind").to_owned()].join("\u{1}")) {
            self.notes.error("chain.duplicate", &line.place("input"), "input", input, &[("of", product)]);
            return;
        }
        let (Some(unit_out), Some(unit_in)) = (self.unit_of(line, "unit_out"), self.unit_of(line, "unit_in")) else { return };
        let Some((amount, role, kind)) = self.row_amount(line) else { return };
        let made = self.product(product, line.get("product_zh"), unit_out, ProductKind::Waste, &line.place("unit_out"));
        let recipe = *recipes.entry((comparable(product), comparable(route))).or_insert_with(|| {
            self.chain.recipes.push(Recipe {
                product: made,
                written: product.to_owned(),
                unit: unit_out,
                route: route.to_owned(),
                rows: Vec::new(),
                share: None,
                default: false,
                confidence: Confidence::A,
                place: line.place("product"),
            });
            self.chain.recipes.len() - 1
        });
        if self.chain.recipes[recipe].product != made {
            let expected = self.chain.products[self.chain.recipes[recipe].product].unit.name;
            self.notes.error(
                "chain.unit_mismatch",
                &line.place("unit_out"),
                "unit_out",
                unit_out.name,
                &[("product", product), ("unit", expected)],
            );
            return;
        }
        let used = self.product(input, line.get("input_zh"), unit_in, kind, &line.place("unit_in"));
        let loss = 1.0 - self.loss(line);
        let convert = |x: f64| amount::per_base(x.abs(), unit_in, unit_out) / loss;
        let (low, high) = (line.optional("low", self.notes), line.optional("high", self.notes));
        let (low, high) = if amount < 0.0 { (high, low) } else { (low, high) };
        let row = Row {
            product: used,
            role,
            unit: unit_in,
            amount: convert(amount),
            low: low.map(convert),
            high: high.map(convert),
            confidence: line.confidence(),
            basis: line.get("basis").to_owned(),
            written: input.to_owned(),
            source: line.get("source").to_owned(),
            place: line.place("amount"),
        };
        let share = line.optional("share", self.notes).map(|s| if s > 1.0 { s / 100.0 } else { s });
        let recipe = &mut self.chain.recipes[recipe];
        recipe.confidence = recipe.confidence.lower(row.confidence);
        recipe.share = share.or(recipe.share);
        recipe.default |= matches!(line.get("default"), "1" | "是" | "true" | "yes");
        recipe.rows.push(row);
    }

    /// Amount as written, role and kind of a recipe row; a finding if they do not go together.
    fn row_amount(&mut self, line: &Line) -> Option<(f64, Role, ProductKind)> {
        let amount = line.number("amount", self.notes)?;
        let written = line.get("kind");
        let kind = ProductKind::parse(written).unwrap_or_else(|| {
            if !written.is_empty() {
                self.notes.warn("chain.unknown_kind", &line.place("kind"), "kind", written, &[]);
            }
            ProductKind::Material
        });
        let role = match written.to_lowercase().as_str() {
            "byproduct" | "副产" | "副产品" => Role::Byproduct,
            _ if kind == ProductKind::Waste => Role::Waste,
            _ => Role::Input,
        };
        if amount == 0.0 {
            self.notes.error("chain.zero_amount", &line.place("amount"), "amount", line.get("amount"), &[]);
            return None;
        }
        if amount < 0.0 && role != Role::Waste {
            self.notes.error("chain.negative_amount", &line.place("amount"), "amount", line.get("amount"), &[]);
            return None;
        }
        Some((amount, role, kind))
    }

    /// Loss of an input as a share, 0 where none is given.
    fn loss(&mut self, line: &Line) -> f64 {
        let text = line.get("loss").trim_end_matches('%');
        if text.is_empty() {
            return 0.0;
        }
        match amount::number(text) {
            Some(percent) if (0.0..100.0).contains(&percent) => percent / 100.0,
            _ => {
                self.notes.error("chain.bad_loss", &line.place("loss"), "loss", line.get("loss"), &[]);
                0.0
            }
        }
    }

    fn product_row(&mut self, line: &Line, seen: &mut HashSet<String>) {
        let name = [line.get("name"), line.get("product")].into_iter().find(|n| !n.is_empty()).unwrap_or_default();
        if name.is_empty() {
            self.notes.error("chain.no_name", &line.place("name"), "name", "", &[]);
            return;
        }
        for (key, text) in [("code", line.get("code")), ("name", name)] {
            if !text.is_empty() && !seen.insert(format!("{key}\u{1}{}", comparable(text))) {
                self.notes.error("chain.duplicate_code", &line.place(key), key, text, &[]);
                return;
            }
        }
        let Some(unit) = self.unit_of(line, "unit") else { return };
        let written = [line.get("product"), line.get("code"), name].into_iter().find(|n| !n.is_empty()).unwrap_or(name);
        let kind = ProductKind::parse(line.get("kind")).unwrap_or(ProductKind::Waste);
        let index = self.product(written, line.get("name"), unit, kind, &line.place("unit"));
        let price = line.optional("price", self.notes).and_then(|price| self.money(line, "price_unit", price, unit));
        let invest = line.optional("invest", self.notes).and_then(|price| self.money(line, "price_unit", price, unit));
        let product = &mut self.chain.products[index];
        product.code = line.get("code").to_owned();
        if !line.get("formula").is_empty() {
            product.formula = line.get("formula").to_owned();
        }
        if !line.get("stage").is_empty() {
            product.stage = line.get("stage").to_owned();
        }
        product.price = price;
        product.invest = invest;
    }

    /// Yuan for one base unit, from a price in `元`, `万元` … for one `unit` or as `万元/t`.
    fn money(&mut self, line: &Line, key: &str, price: f64, unit: &'static Unit) -> Option<f64> {
        let text = line.get(key);
        let (money, per) = text.split_once('/').map_or((text, unit), |(m, per)| (m, unit::find(per).unwrap_or(unit)));
        let money = if money.is_empty() { unit::find("元") } else { unit::find(money) };
        let money = money.filter(|m| m.quantity == Quantity::Money && per.quantity == unit.quantity);
        if money.is_none() || price < 0.0 {
            self.notes.error("chain.bad_price", &line.place(key), key, text, &[]);
            return None;
        }
        money.map(|m| price * amount::to_base(m) / amount::to_base(per))
    }

    /// The product that a plant or demand names; a finding with likely names otherwise.
    fn named(&mut self, line: &Line, unit: Option<&'static Unit>, activity: bool) -> Option<usize> {
        let name = line.get("product");
        let candidates: Vec<usize> = self.names.group(name).map(|g| self.names.products(g).to_vec()).unwrap_or_default();
        if candidates.is_empty() {
            if let (true, Some(unit)) = (activity && self.chain.recipes.is_empty() && !name.is_empty(), unit) {
                return Some(self.product(name, "", unit, ProductKind::Material, &line.place("product")));
            }
            if definitions::known(name).is_some() {
                // A product of another chain of the zone: nothing is wrong with the row.
                self.notes.note("chain.other_chain", &line.place("product"), "product", name, &[]);
                return None;
            }
            // Likeness is looked up for the first few only: a wrong column would ask a million times.
            self.unknown += 1;
            let like = if self.unknown <= 20 { self.names.like(name) } else { String::new() };
            self.notes.error("chain.unknown_product", &line.place("product"), "product", name, &[("like", &like)]);
            return None;
        }
        let unit = unit?;
        let found = candidates.iter().copied().find(|p| self.chain.products[*p].quantity == unit.quantity);
        if found.is_none() {
            let expected = self.chain.products[candidates[0]].unit.name;
            self.notes.error("chain.unit_mismatch", &line.place("unit"), "unit", unit.name, &[("product", name), ("unit", expected)]);
        }
        found
    }

    /// A yearly unit; a finding where it is missing or unknown.
    fn yearly(&mut self, line: &Line) -> Option<amount::YearlyUnit> {
        let text = line.get("unit");
        let days = self.settings.operating_days.unwrap_or_else(|| definitions::assumptions().operating_days.value);
        let found = amount::yearly_unit(text, days);
        match &found {
            None => {
                let rule = if text.is_empty() { "chain.no_unit" } else { "chain.unknown_unit" };
                self.notes.error(rule, &line.place("unit"), "unit", text, &[]);
            }
            Some(u) if u.by_days && self.settings.operating_days.is_none() => {
                self.notes.note("chain.operating_days", &line.place("unit"), "unit", text, &[("days", &amount::decimal(days))]);
            }
            Some(_) => {}
        }
        found
    }

    fn plant(&mut self, line: &Line, seen: &mut HashSet<String>) {
        let name = line.get("plant");
        if name.is_empty() {
            self.notes.error("chain.no_name", &line.place("plant"), "plant", "", &[]);
            return;
        }
        let unit = self.yearly(line);
        let product = self.named(line, unit.map(|u| u.unit), true);
        let capacity = line.number("capacity", self.notes);
        let (Some(unit), Some(product), Some(capacity)) = (unit, product, capacity) else { return };
        if capacity < 0.0 {
            self.notes.error("chain.negative_capacity", &line.place("capacity"), "capacity", line.get("capacity"), &[]);
            return;
        }
        let key = [comparable(name), product.to_string(), comparable(line.get("route")), line.get("from").to_owned()].join("\u{1}");
        if !seen.insert(key) {
            self.notes.error("chain.duplicate", &line.place("plant"), "plant", name, &[("of", line.get("product"))]);
            return;
        }
        let (from, to) = (self.month(line, "from", false), self.month(line, "to", true));
        if let (Some(f), Some(t)) = (from, to)
            && t < f
        {
            self.notes.error("chain.ends_before_start", &line.place("to"), "to", line.get("to"), &[("from", &f.to_string())]);
            return;
        }
        let recipe = self.plant_route(line, product);
        let guessed = unit.by_days && self.settings.operating_days.is_none();
        let (ramp, outages) = (self.ramp(line), self.outages(line));
        self.chain.plants.push(Plant {
            name: name.to_owned(),
            product,
            recipe,
            capacity: capacity * amount::to_base(unit.unit) * unit.per_year,
            unit: unit.unit,
            from,
            to,
            ramp,
            outages,
            confidence: if guessed { Confidence::C } else { line.confidence() },
            place: line.place("capacity"),
        });
    }

    fn plant_route(&mut self, line: &Line, product: usize) -> Option<usize> {
        let route = line.get("route");
        if route.is_empty() {
            return None;
        }
        let wanted = comparable(route);
        let found = self.chain.recipes_of(product).find(|r| comparable(&self.chain.recipes[*r].route) == wanted);
        if found.is_none() {
            let known: Vec<&str> = self.chain.recipes_of(product).map(|r| self.chain.recipes[r].route.as_str()).collect();
            self.notes.error("chain.unknown_route", &line.place("route"), "route", route, &[("known", &known.join("、"))]);
        }
        found
    }

    fn month(&mut self, line: &Line, key: &str, last: bool) -> Option<Month> {
        let text = line.get(key);
        if text.is_empty() {
            return None;
        }
        let month = Month::parse(text, last);
        if month.is_none() {
            self.notes.error("chain.bad_month", &line.place(key), key, text, &[]);
        }
        month
    }

    /// `1:30%;4:70%;7:100%`: share of capacity from the n-th month of production on.
    fn ramp(&mut self, line: &Line) -> Vec<(i32, f64)> {
        let text = line.get("ramp");
        let mut ramp = Vec::new();
        for part in text.split([';', '；', '|']).map(str::trim).filter(|p| !p.is_empty()) {
            let step = part.split_once([':', '：']).and_then(|(n, share)| Some((n.trim().parse::<i32>().ok()?, share_of(share)?)));
            match step.filter(|(n, share)| *n >= 1 && (0.0..=1.0).contains(share)) {
                Some(step) => ramp.push(step),
                None => self.notes.error("chain.bad_ramp", &line.place("ramp"), "ramp", part, &[]),
            }
        }
        ramp.sort_by_key(|(n, _)| *n);
        ramp
    }

    /// `2026-03..2026-05` (stands still) or `2026-03..2026-05:40%` (40 % still runs).
    fn outages(&mut self, line: &Line) -> Vec<(Month, Month, f64)> {
        let text = line.get("outage");
        let mut outages = Vec::new();
        for part in text.split([';', '；', '|']).map(str::trim).filter(|p| !p.is_empty()) {
            let (span, left) = part.split_once([':', '：']).map_or((part, Some(0.0)), |(span, left)| (span, share_of(left)));
            let (a, b) = span.split_once("..").unwrap_or((span, span));
            match (Month::parse(a, false), Month::parse(b, true), left) {
                (Some(a), Some(b), Some(left)) if a <= b && (0.0..=1.0).contains(&left) => outages.push((a, b, left)),
                _ => self.notes.error("chain.bad_outage", &line.place("outage"), "outage", part, &[]),
            }
        }
        outages
    }

    fn quantum(&mut self, line: &Line, key: &str, seen: &mut HashSet<String>) -> Option<Quantum> {
        let unit = self.yearly(line);
        let product = self.named(line, unit.map(|u| u.unit), false);
        let amount = line.number(key, self.notes);
        let (unit, product, amount) = (unit?, product?, amount?);
        if amount < 0.0 {
            self.notes.error("chain.negative_amount", &line.place(key), key, line.get(key), &[]);
            return None;
        }
        if !seen.insert(product.to_string()) {
            self.notes.error("chain.duplicate", &line.place("product"), "product", line.get("product"), &[("of", key)]);
            return None;
        }
        if key == "demand" {
            self.chain.products[product].unit = unit.unit;
        }
        Some(Quantum { product, amount: amount * amount::to_base(unit.unit) * unit.per_year, place: line.place(key) })
    }

    fn purchase(&mut self, line: &Line, seen: &mut HashSet<String>) {
        let local = line.number("local", self.notes);
        let (Some(q), Some(local)) = (self.quantum(line, "purchased", seen), local) else { return };
        let total = line.number("purchased", self.notes).unwrap_or_default();
        if local < 0.0 || local > total {
            self.notes.error("chain.local_above_total", &line.place("local"), "local", line.get("local"), &[]);
            return;
        }
        let share = if total > 0.0 { local / total } else { 0.0 };
        self.chain.purchases.push(Purchase { product: q.product, total: q.amount, local: q.amount * share, place: q.place });
    }

    fn finish(mut self) -> Chain {
        for (product, kind) in &self.kinds {
            self.chain.products[*product].kind = *kind;
        }
        for recipe in &self.chain.recipes {
            // Made by a recipe and never used: a product all the same.
            let kind = &mut self.chain.products[recipe.product].kind;
            if *kind == ProductKind::Waste {
                *kind = ProductKind::Material;
            }
        }
        crate::names::print_units(&mut self.chain);
        crate::names::print_names(&mut self.chain);
        for (name, group) in self.names.all() {
            self.chain.names.insert(name, self.names.products(group).to_vec());
        }
        self.chain
    }
}

fn share_of(text: &str) -> Option<f64> {
    let text = text.trim();
    text.strip_suffix('%').map_or_else(|| amount::number(text), |p| amount::number(p).map(|p| p / 100.0))
}
