//! Reads what a file says about a unit: `{substances:[…], residents_500m}`.
//!
//! A substance: `name`, `cas` or `class`; its quantity as `q_t` (tonnes) or
//! `q` with `unit`; optionally `Q_t` and `beta` as the assessor states them.
//! A mixture: `mixture_of` names the pure substance, `class` its own class.

use super::book::{Class, Named, book};
use super::lookup::{self, Match};
use super::{Part, Unit, quotient};
use crate::located::Located;
use crate::words;
use serde_json::{Map, Value};
use values::{Confidence, Decimal, Finding, Findings, Lang, Severity, unit};

/// Reads a unit. With an error among the findings the unit is not to be graded.
#[must_use]
pub fn read(file: &str, doc: &Located, lang: Lang) -> (Unit, Findings) {
    let mut reader = Reader { file, doc, lang, findings: Findings::default() };
    let unit = reader.unit();
    (unit, reader.findings)
}

struct Reader<'a> {
    file: &'a str,
    doc: &'a Located,
    lang: Lang,
    findings: Findings,
}

impl Reader<'_> {
    fn unit(&mut self) -> Unit {
        let Value::Object(top) = &self.doc.root else {
            self.error("hazard.not_an_object", "", "", &[]);
            return Unit::default();
        };
        // A list that came out of a table's cell is still text.
        let list = match top.get("substances") {
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or(Value::Null),
            Some(other) => other.clone(),
            None => Value::Null,
        };
        let Value::Array(list) = list else {
            self.error("hazard.no_substances", "substances", "substances", &[]);
            return Unit::default();
        };
        if list.is_empty() {
            self.error("hazard.no_substances", "substances", "substances", &[]);
        }
        let parts = list.iter().enumerate().filter_map(|(n, item)| self.part(n, item)).collect();
        let residents = self.residents(top.get("residents_500m"));
        Unit { parts, residents }
    }

    fn residents(&mut self, value: Option<&Value>) -> Option<u32> {
        let value = value.filter(|v| !v.is_null() && v.as_str() != Some(""))?;
        let number = decimal(value).filter(|d| d.fract().is_zero() && !d.is_sign_negative());
        let residents = number.and_then(|d| u32::try_from(d.trunc().mantissa()).ok().or_else(|| d.normalize().to_string().parse().ok()));
        if residents.is_none() {
            self.error("hazard.not_a_head_count", "residents_500m", "residents_500m", &[("found", &shown(value))]);
        }
        residents
    }

    fn part(&mut self, n: usize, item: &Value) -> Option<Part> {
        let path = format!("substances/{n}");
        let Value::Object(item) = item else {
            self.error("hazard.substance_not_an_object", &path, "substances", &[("found", &shown(item))]);
            return None;
        };
        let q = self.quantity(&path, item);
        let settled = self.settle(&path, item);
        let (q, mut part) = (q?, settled?);
        part.q = q;
        if let Some(stock) = item.get("stock_t").and_then(decimal).filter(|s| *s > q) {
            let (stock, q) = (stock.to_string(), q.to_string());
            self.warn(
                "hazard.stock_over_design",
                &format!("{path}/stock_t"),
                "stock_t",
                &[("found", &stock), ("q", &q), ("name", &part.name)],
            );
        }
        self.compare_with_standard(&path, item, &mut part);
        part.ratio = quotient(part.q, part.critical);
        Some(part)
    }

    /// The design maximum in tonnes.
    fn quantity(&mut self, path: &str, item: &Map<String, Value>) -> Option<Decimal> {
        let name = name_of(item);
        let (key, value) = ["q_t", "q_kg", "q"].iter().find_map(|k| item.get(*k).map(|v| (*k, v))).or_else(|| {
            self.error("hazard.no_quantity", path, "q_t", &[("name", &name)]);
            None
        })?;
        let at = format!("{path}/{key}");
        let found = shown(value);
        let (number, written) = match value {
            Value::String(text) => split_unit(text),
            other => (decimal(other), String::new()),
        };
        let stated = item.get("unit").and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let word = match (key, written.is_empty(), stated.is_empty()) {
            ("q_t", true, _) => "t".to_owned(),
            ("q_kg", true, _) => "kg".to_owned(),
            (_, false, _) => written,
            (_, true, false) => stated,
            (_, true, true) => {
                self.error("hazard.quantity_without_unit", &at, key, &[("found", &found), ("name", &name)]);
                return None;
            }
        };
        let Some(number) = number.filter(|n| *n > Decimal::ZERO) else {
            self.error("hazard.not_a_quantity", &at, key, &[("found", &found), ("name", &name)]);
            return None;
        };
        let Some(mass) = unit::find(&word).filter(|u| u.quantity == unit::Quantity::Mass) else {
            self.error("hazard.not_a_mass_unit", &at, key, &[("found", &word), ("name", &name)]);
            return None;
        };
        let tonnes = number.checked_mul(Decimal::from(mass.num)).and_then(|x| x.checked_div(Decimal::from(mass.den)));
        if tonnes.is_none() {
            self.error("hazard.not_a_quantity", &at, key, &[("found", &found), ("name", &name)]);
        }
        tonnes
    }

    /// Settles Q and β: table 1, then the classes of table 2, then what the file states.
    fn settle(&mut self, path: &str, item: &Map<String, Value>) -> Option<Part> {
        let book = book();
        let name = name_of(item);
        let classes = self.classes(path, item)?;
        let text = |key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default();
        if let Some(pure) = item.get("mixture_of").and_then(Value::as_str) {
            return self.mixture(path, item, pure, &classes);
        }
        match lookup::by_name(book, &name, text("cas")) {
            Match::One(named) => {
                if !named.qualifier.is_empty() && lookup::plain(&name) != lookup::plain(&named.full_name()) {
                    self.note("hazard.premise", path, "name", &[("found", &name), ("premise", &named.full_name())]);
                }
                Some(self.named_part(&name, named, &classes))
            }
            Match::Several(lines) => self.several(path, item, &name, &lines),
            Match::None => {
                let class = strictest(&classes).or_else(|| lookup::class_in_name(book, &name));
                match (class, stated(item)) {
                    (Some(class), _) => Some(self.class_part(&name, class)),
                    (None, Some((critical, beta))) => {
                        self.note("hazard.not_in_table_one", path, "name", &[("found", &name)]);
                        Some(blank(&name, critical, beta, &self.text("basis.stated"), &self.text("basis.stated"), Confidence::C))
                    }
                    (None, None) => {
                        let like = lookup::similar(book, &name).join("、");
                        let rule = if like.is_empty() { "hazard.unknown_substance" } else { "hazard.unknown_substance_like" };
                        self.error(rule, path, "name", &[("found", &name), ("like", &like)]);
                        None
                    }
                }
            }
        }
    }

    /// A mixture counts as the pure substance if it falls in the same class, else by its own class.
    fn mixture(&mut self, path: &str, item: &Map<String, Value>, pure: &str, classes: &[&Class]) -> Option<Part> {
        let name = name_of(item);
        let named = match lookup::by_name(book(), pure, "") {
            Match::One(named) => named,
            Match::Several(lines) => return self.several(path, item, pure, &lines),
            Match::None => {
                self.error("hazard.unknown_substance", &format!("{path}/mixture_of"), "mixture_of", &[("found", pure)]);
                return None;
            }
        };
        let same = item
            .get("same_class")
            .and_then(Value::as_bool)
            .or_else(|| (!classes.is_empty() && !named.class.is_empty()).then(|| classes.iter().any(|c| c.key == named.class)));
        match (same, strictest(classes)) {
            (Some(true), _) => {
                let mut part = self.named_part(&name, named, classes);
                part.basis = self.text("basis.mixture_same");
                Some(part)
            }
            (Some(false), Some(class)) => {
                let mut part = self.class_part(&name, class);
                part.basis = self.text("basis.mixture_own");
                Some(part)
            }
            _ => {
                self.error("hazard.mixture_class_unknown", path, "class", &[("found", &name), ("pure", pure)]);
                None
            }
        }
    }

    /// Lines that differ by their qualifier: the Q that the file states may tell which is meant.
    fn several(&mut self, path: &str, item: &Map<String, Value>, name: &str, lines: &[&Named]) -> Option<Part> {
        let told = item.get("Q_t").and_then(decimal);
        let meant: Vec<_> = lines.iter().filter(|l| Some(l.critical_t) == told).collect();
        if let [one] = meant[..] {
            return Some(self.named_part(name, one, &[]));
        }
        if let Some((critical, beta)) = stated(item) {
            self.note("hazard.not_in_table_one", path, "name", &[("found", name)]);
            return Some(blank(name, critical, beta, &self.text("basis.stated"), &self.text("basis.stated"), Confidence::C));
        }
        let choices: Vec<String> = lines.iter().map(|l| format!("{}（{} t）", l.full_name(), l.critical_t)).collect();
        self.error("hazard.ambiguous_substance", path, "name", &[("found", name), ("choices", &choices.join("；"))]);
        None
    }

    fn classes(&mut self, path: &str, item: &Map<String, Value>) -> Option<Vec<&'static Class>> {
        let mut keys: Vec<String> = Vec::new();
        for key in ["class", "classes"] {
            match item.get(key) {
                Some(Value::String(s)) => keys.extend(s.split([',', ';', '、', '，', '；']).map(|p| p.trim().to_owned())),
                Some(Value::Array(all)) => keys.extend(all.iter().map(shown)),
                _ => {}
            }
        }
        let mut classes = Vec::new();
        for key in keys.iter().filter(|k| !k.is_empty()) {
            match book().class(key) {
                Some(class) => classes.push(class),
                None => {
                    self.error("hazard.unknown_class", &format!("{path}/class"), "class", &[("found", key)]);
                    return None;
                }
            }
        }
        Some(classes)
    }

    fn named_part(&self, name: &str, named: &Named, classes: &[&Class]) -> Part {
        let line = named.no.to_string();
        let (beta, clause, confidence) = match (named.beta_table, strictest(classes)) {
            (3, _) => (named.beta, words::text(self.lang, "basis.table_1_3", &[("no", &line)]), named.beta_confidence),
            (_, Some(class)) => {
                (class.beta, words::text(self.lang, "basis.table_1_4", &[("no", &line), ("class", &class.key)]), book().confidence)
            }
            (_, None) => (
                named.beta,
                words::text(self.lang, "basis.table_1_4_assumed", &[("no", &line), ("class", &named.class)]),
                named.beta_confidence,
            ),
        };
        let name = if name.is_empty() { &named.name } else { name };
        let mut part = blank(name, named.critical_t, beta, &clause, &self.text("basis.by_name"), confidence.lower(book().confidence));
        part.matched = named.full_name();
        part
    }

    fn class_part(&self, name: &str, class: &Class) -> Part {
        let clause = words::text(self.lang, "basis.table_2_4", &[("class", &class.key)]);
        let name = if name.is_empty() { &class.key } else { name };
        let mut part = blank(name, class.critical_t, class.beta, &clause, &self.text("basis.by_class"), book().confidence);
        part.matched = format!("{} {}", class.key, class.label.get(self.lang));
        part
    }

    /// The file's own Q and β go first, never silently: where they differ
    /// from the standard, the answer by the standard stands beside.
    fn compare_with_standard(&mut self, path: &str, item: &Map<String, Value>, part: &mut Part) {
        let critical = self.positive(path, item, "Q_t");
        let beta = self.positive(path, item, "beta");
        let (new_critical, new_beta) = (critical.unwrap_or(part.critical), beta.unwrap_or(part.beta));
        if (new_critical, new_beta) == (part.critical, part.beta) || part.matched.is_empty() {
            return;
        }
        let of_standard = format!("Q {} t, β {}", part.critical, part.beta);
        let found = format!("Q {new_critical} t, β {new_beta}");
        let args = [("found", found.as_str()), ("standard", of_standard.as_str()), ("name", part.name.as_str())];
        // β that rests on a class assumed here is the weaker of the two.
        if new_critical == part.critical && part.confidence == Confidence::C {
            self.note("hazard.beta_stated", path, "beta", &args);
        } else {
            self.warn("hazard.differs_from_standard", path, "Q_t", &args);
            part.standard = Some((part.critical, part.beta));
        }
        (part.critical, part.beta) = (new_critical, new_beta);
        part.basis = self.text("basis.stated");
    }

    fn positive(&mut self, path: &str, item: &Map<String, Value>, key: &str) -> Option<Decimal> {
        let value = item.get(key).filter(|v| !v.is_null() && v.as_str() != Some(""))?;
        let number = decimal(value).filter(|d| *d > Decimal::ZERO);
        if number.is_none() {
            self.error("hazard.not_positive", &format!("{path}/{key}"), key, &[("found", &shown(value))]);
        }
        number
    }

    fn text(&self, key: &str) -> String {
        words::text(self.lang, key, &[])
    }
    fn error(&mut self, rule: &str, path: &str, field: &str, args: &[(&str, &str)]) {
        self.say(Severity::Error, rule, path, field, args);
    }
    fn warn(&mut self, rule: &str, path: &str, field: &str, args: &[(&str, &str)]) {
        self.say(Severity::Warning, rule, path, field, args);
    }
    fn note(&mut self, rule: &str, path: &str, field: &str, args: &[(&str, &str)]) {
        self.say(Severity::Note, rule, path, field, args);
    }
    fn say(&mut self, severity: Severity, rule: &str, path: &str, field: &str, args: &[(&str, &str)]) {
        let place = format!("{}:{}", self.file, self.doc.line(path));
        let finding: Finding = words::finding(self.lang, severity, rule, args).at(place).field(field);
        self.findings.push(finding);
    }
}

fn blank(name: &str, critical: Decimal, beta: Decimal, clause: &str, basis: &str, confidence: Confidence) -> Part {
    Part {
        name: name.to_owned(),
        matched: String::new(),
        q: Decimal::ZERO,
        critical,
        beta,
        ratio: Decimal::ZERO,
        clause: clause.to_owned(),
        basis: basis.to_owned(),
        confidence,
        standard: None,
    }
}

/// The class with the lowest Q; of two with the same Q the one with the higher β.
fn strictest<'a>(classes: &[&'a Class]) -> Option<&'a Class> {
    classes.iter().copied().min_by(|a, b| a.critical_t.cmp(&b.critical_t).then(b.beta.cmp(&a.beta)))
}

/// Q and β as the file states them, both there and above zero.
fn stated(item: &Map<String, Value>) -> Option<(Decimal, Decimal)> {
    let positive = |key: &str| item.get(key).and_then(decimal).filter(|d| *d > Decimal::ZERO);
    Some((positive("Q_t")?, positive("beta")?))
}

fn name_of(item: &Map<String, Value>) -> String {
    item.get("name").or_else(|| item.get("cas")).and_then(Value::as_str).unwrap_or_default().trim().to_owned()
}

/// A number of the file, exactly as its decimal digits say; text such as `"12.5"` counts.
fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(n) => {
            let text = n.to_string();
            Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text)).ok()
        }
        Value::String(s) => Decimal::from_str_exact(s.trim()).ok(),
        _ => None,
    }
}

/// `"12.5 t"` is a number and its unit.
fn split_unit(text: &str) -> (Option<Decimal>, String) {
    let text = text.trim();
    let cut = text.find(|c: char| !(c.is_ascii_digit() || ".+-".contains(c))).unwrap_or(text.len());
    (Decimal::from_str_exact(&text[..cut]).ok(), text[cut..].trim().to_owned())
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(s) => s.clone(),
        other => other.to_string().chars().take(60).collect(),
    }
}
