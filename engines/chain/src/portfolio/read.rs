//! Reading 读入: a table of candidates with their limits, or JSON.
//!
//! Table: a column of names, one of worth, one for each limit; a row whose name
//! is `cap` (上限) or `floor` (下限) gives the limits; a row `unit` (单位) is
//! skipped. `must`, `group`, `needs` are optional columns. Limits may also stand
//! in a table of their own: `limit,cap` or `limit,floor`.

use super::{Limit, Problem, Project, Side};
use crate::amount;
use crate::model::comparable;
use crate::notes::Notes;
use crate::table::Table;
use serde_json::Value;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Worth,
    Must,
    Group,
    Needs,
    /// Words: investor, note, unit …
    Words,
    /// Position among the limits' columns.
    Limit(usize),
}

fn column_of(head: &str) -> Option<Column> {
    let clean: String = head.chars().map(values::unit::half_width).filter(|c| !c.is_whitespace()).collect();
    let clean = clean.split(['(', '[', '/']).next().unwrap_or_default().to_lowercase();
    Some(match clean.as_str() {
        "project" | "name" | "项目" | "项目名称" | "名称" | "id" => Column::Name,
        "value" | "worth" | "benefit" | "score" | "价值" | "收益" | "效益" | "评分" | "得分" | "目标值" => Column::Worth,
        "must" | "required" | "mandatory" | "必选" => Column::Must,
        "group" | "exclusive" | "互斥" | "互斥组" => Column::Group,
        "needs" | "requires" | "前置" => Column::Needs,
        "note" | "备注" | "owner" | "业主" | "企业" | "source" | "来源" | "confidence" | "可信度" | "chain" | "产业链" => {
            Column::Words
        }
        _ => return None,
    })
}

/// What a special row says.
fn row_side(name: &str) -> Option<Option<Side>> {
    match comparable(name).as_str() {
        "cap" | "caps" | "limit" | "limits" | "max" | "budget" | "上限" | "限额" | "指标" | "总量" => Some(Some(Side::Cap)),
        "floor" | "floors" | "min" | "minimum" | "下限" | "最低" => Some(Some(Side::Floor)),
        "unit" | "units" | "单位" => Some(None),
        _ => None,
    }
}

/// Reads tables: one of candidates, and any of limits.
#[must_use]
pub fn read_tables(tables: &[Table], notes: &mut Notes) -> Problem {
    let mut reader = Reader::default();
    let is_limits = |t: &Table| t.head.iter().any(|h| matches!(comparable(h).as_str(), "limit" | "resource" | "要素" | "限制"));
    for table in tables.iter().filter(|t| !is_limits(t)) {
        reader.candidates(table, notes);
    }
    for table in tables.iter().filter(|t| is_limits(t)) {
        reader.limits(table, notes);
    }
    reader.finish(notes)
}

#[derive(Default)]
struct Reader {
    problem: Problem,
    columns: Vec<String>,
    needs: Vec<(usize, String)>,
}

impl Reader {
    fn column(&mut self, name: &str) -> usize {
        let wanted = comparable(name);
        if let Some(at) = self.columns.iter().position(|c| comparable(c) == wanted) {
            return at;
        }
        self.columns.push(name.trim().to_owned());
        for project in &mut self.problem.projects {
            project.uses.push(0.0);
        }
        self.columns.len() - 1
    }

    fn candidates(&mut self, table: &Table, notes: &mut Notes) {
        let columns: Vec<Column> = table.head.iter().map(|h| column_of(h).unwrap_or_else(|| Column::Limit(self.column(h)))).collect();
        let Some(name_at) = columns.iter().position(|c| *c == Column::Name) else {
            return notes.error("chain.bad_portfolio", &table.name, "project", &table.head.join(","), &[]);
        };
        if !columns.contains(&Column::Worth) {
            return notes.error("chain.no_worth", &table.name, "value", &table.head.join(","), &[]);
        }
        for (row, cells) in &table.rows {
            let name = cells.get(name_at).map_or("", |c| c.trim());
            match row_side(name) {
                Some(None) => {}
                Some(Some(side)) => self.limit_row(table, *row, cells, &columns, side, notes),
                None if name.is_empty() => notes.error("chain.no_name", &table.place(*row, Some(name_at)), "project", "", &[]),
                None => self.candidate(table, *row, cells, &columns, name, notes),
            }
        }
    }

    fn limit_row(&mut self, table: &Table, row: u32, cells: &[String], columns: &[Column], side: Side, notes: &mut Notes) {
        for (at, column) in columns.iter().enumerate() {
            let Column::Limit(index) = column else { continue };
            let text = cells.get(at).map_or("", |c| c.trim());
            if text.is_empty() {
                continue;
            }
            let place = table.place(row, Some(at));
            match amount::number(text) {
                Some(limit) => self.problem.limits.push(Limit { name: self.columns[*index].clone(), side, limit, column: *index, place }),
                None => notes.error("chain.not_a_number", &place, &self.columns[*index], text, &[]),
            }
        }
    }

    fn candidate(&mut self, table: &Table, row: u32, cells: &[String], columns: &[Column], name: &str, notes: &mut Notes) {
        let place = |at: usize| table.place(row, Some(at));
        if self.problem.projects.iter().any(|p| comparable(&p.name) == comparable(name)) {
            return notes.error("chain.duplicate", &place(0), "project", name, &[("of", &table.name)]);
        }
        let mut project = Project {
            name: name.to_owned(),
            value: 0.0,
            uses: vec![0.0; self.columns.len()],
            must: false,
            group: String::new(),
            needs: Vec::new(),
            place: place(0),
        };
        let index = self.problem.projects.len();
        let mut words = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            let text = cells.get(at).map_or("", |c| c.trim());
            match column {
                Column::Name | Column::Words => {}
                Column::Must => project.must = matches!(comparable(text).as_str(), "1" | "yes" | "true" | "y" | "是" | "必选"),
                Column::Group => project.group = text.to_owned(),
                Column::Needs => {
                    words.extend(text.split([';', '；', '|', '、']).map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned))
                }
                Column::Worth => match amount::number(text) {
                    Some(value) => project.value = value,
                    None => return notes.error("chain.not_a_number", &place(at), "value", text, &[]),
                },
                // An empty cell takes nothing; one that is no number in a limit's column is judged when all limits are known.
                Column::Limit(c) if !text.is_empty() => match amount::number(text) {
                    Some(value) => project.uses[*c] = value,
                    None => project.uses[*c] = f64::NAN,
                },
                Column::Limit(_) => {}
            }
        }
        self.needs.extend(words.into_iter().map(|n| (index, n)));
        self.problem.projects.push(project);
    }

    /// A table of limits: `limit,cap` and, or, `limit,floor`.
    fn limits(&mut self, table: &Table, notes: &mut Notes) {
        let find = |names: &[&str]| table.head.iter().position(|h| names.contains(&comparable(h).as_str()));
        let Some(name_at) = find(&["limit", "resource", "要素", "限制"]) else { return };
        let sides = [(Side::Cap, find(&["cap", "max", "value", "amount", "上限"])), (Side::Floor, find(&["floor", "min", "下限"]))];
        for (row, cells) in &table.rows {
            let name = cells.get(name_at).map_or("", |c| c.trim());
            for (side, at) in sides {
                let Some(at) = at else { continue };
                let text = cells.get(at).map_or("", |c| c.trim());
                if text.is_empty() {
                    continue;
                }
                let place = table.place(*row, Some(at));
                let known = self.columns.iter().any(|c| comparable(c) == comparable(name));
                match amount::number(text) {
                    Some(limit) if known => {
                        let column = self.column(name);
                        self.problem.limits.push(Limit { name: self.columns[column].clone(), side, limit, column, place });
                    }
                    Some(_) => notes.error("chain.unknown_limit", &place, "limit", name, &[("known", &self.columns.join("、"))]),
                    None => notes.error("chain.not_a_number", &place, name, text, &[]),
                }
            }
        }
    }

    fn finish(mut self, notes: &mut Notes) -> Problem {
        for (index, need) in std::mem::take(&mut self.needs) {
            match self.problem.projects.iter().position(|p| comparable(&p.name) == comparable(&need)) {
                Some(at) => self.problem.projects[index].needs.push(at),
                None => {
                    let place = self.problem.projects[index].place.clone();
                    let known: Vec<&str> = self.problem.projects.iter().take(20).map(|p| p.name.as_str()).collect();
                    notes.error("chain.unknown_project", &place, "needs", &need, &[("known", &known.join("、"))]);
                }
            }
        }
        let limited: Vec<bool> = (0..self.columns.len()).map(|c| self.problem.limits.iter().any(|l| l.column == c)).collect();
        for project in &mut self.problem.projects {
            for (c, used) in project.uses.iter_mut().enumerate() {
                if used.is_nan() {
                    *used = 0.0;
                    if limited[c] {
                        notes.error("chain.not_a_number", &project.place, &self.columns[c], "", &[]);
                    }
                }
            }
        }
        if self.problem.limits.is_empty() && !self.problem.projects.is_empty() {
            notes.warn("chain.no_limits", &self.problem.projects[0].place, "cap", "", &[]);
        }
        self.problem
    }
}

/// Reads `{"projects": [{"project", "value", "uses": {…}, "must", "group", "needs"}], "caps": {…}, "floors": {…}}`.
///
/// What a project takes may also stand beside its name: `{"project": "A", "value": 3, "land": 10}`.
#[must_use]
pub fn read_json(name: &str, bytes: &[u8], notes: &mut Notes) -> Problem {
    let Ok(Value::Object(whole)) = serde_json::from_slice::<Value>(bytes) else {
        notes.error("chain.bad_portfolio", name, "", "", &[]);
        return Problem::default();
    };
    if !whole.get("projects").is_some_and(Value::is_array) {
        notes.error("chain.bad_portfolio", name, "projects", "", &[]);
    }
    let mut reader = Reader::default();
    for (key, side) in [("caps", Side::Cap), ("limits", Side::Cap), ("floors", Side::Floor), ("minimums", Side::Floor)] {
        let pairs: Vec<(String, Value)> = match whole.get(key) {
            Some(Value::Object(map)) => map.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
            Some(Value::Array(list)) => list.iter().filter_map(limit_item).collect(),
            _ => continue,
        };
        for (limit_name, value) in pairs {
            match number(&value) {
                Some(limit) => {
                    let column = reader.column(&limit_name);
                    reader.problem.limits.push(Limit { name: limit_name, side, limit, column, place: format!("{name}/{key}") });
                }
                None => notes.error("chain.not_a_number", &format!("{name}/{key}"), &limit_name, &value.to_string(), &[]),
            }
        }
    }
    let empty = Vec::new();
    for (i, item) in whole.get("projects").and_then(Value::as_array).unwrap_or(&empty).iter().enumerate() {
        json_project(&mut reader, &format!("{name}/projects[{i}]"), item, notes);
    }
    reader.finish(notes)
}

fn limit_item(item: &Value) -> Option<(String, Value)> {
    let name = ["name", "limit", "cap", "resource"].iter().find_map(|k| item.get(k)?.as_str())?;
    let value = ["limit", "cap", "value", "max", "amount"].iter().find_map(|k| item.get(k).filter(|v| number(v).is_some()))?;
    Some((name.to_owned(), value.clone()))
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(n) => n.as_f64().filter(|n| n.abs() <= 1e15),
        Value::String(text) => amount::number(text),
        _ => None,
    }
}

fn json_project(reader: &mut Reader, place: &str, item: &Value, notes: &mut Notes) {
    let text = |keys: &[&str]| keys.iter().find_map(|k| item.get(k)).and_then(Value::as_str).unwrap_or_default().to_owned();
    let name = text(&["project", "name", "id"]);
    if name.is_empty() {
        return notes.error("chain.no_name", place, "project", "", &[]);
    }
    if reader.problem.projects.iter().any(|p| p.name == name) {
        return notes.error("chain.duplicate", place, "project", &name, &[("of", "projects")]);
    }
    let Some(value) = item.get("value").and_then(number) else {
        return notes.error("chain.not_a_number", place, "value", &item.get("value").map(Value::to_string).unwrap_or_default(), &[]);
    };
    let uses = item.get("uses").or_else(|| item.get("use")).unwrap_or(item);
    let mut taken = vec![0.0; reader.columns.len()];
    for (c, column) in reader.columns.iter().enumerate() {
        if let Some(found) = uses.get(column) {
            match number(found) {
                Some(n) => taken[c] = n,
                None => notes.error("chain.not_a_number", place, column, &found.to_string(), &[]),
            }
        }
    }
    let index = reader.problem.projects.len();
    for need in item.get("needs").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        reader.needs.push((index, need.to_owned()));
    }
    let must = item.get("must").and_then(Value::as_bool).unwrap_or(false);
    reader.problem.projects.push(Project {
        name,
        value,
        uses: taken,
        must,
        group: text(&["group"]),
        needs: Vec::new(),
        place: place.to_owned(),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::read_text;

    #[test]
    fn a_table_with_its_limits() {
        let mut notes = Notes::default();
        let text = "项目,价值,土地（亩）,用水,互斥,前置,备注\n单位,,亩,万t,,,\n上限,,100,50,,,\n下限,,,5,,,\n甲,10,60,20,g,,x\n乙,8,50,,g,甲,\n丙,a,1,1,,,\n甲,1,1,1,,,\n丁,1,1,1,,戊,\n";
        let problem = read_tables(&[read_text("f.csv", text.as_bytes(), &mut notes)], &mut notes);
        assert_eq!(problem.projects.len(), 3);
        assert_eq!(problem.projects[1].needs, [0]);
        assert_eq!(
            problem.limits.iter().map(|l| (l.side, l.limit)).collect::<Vec<_>>(),
            [(Side::Cap, 100.0), (Side::Cap, 50.0), (Side::Floor, 5.0)]
        );
        let found: Vec<(&str, &str)> = notes.list.iter().map(|f| (f.rule.as_str(), f.place.as_str())).collect();
        assert_eq!(found, [("chain.not_a_number", "f.csv:7"), ("chain.duplicate", "f.csv:8"), ("chain.unknown_project", "f.csv:9")]);
    }

    #[test]
    fn json_with_uses_beside_the_name() {
        let mut notes = Notes::default();
        let text = r#"{"caps":{"land":100,"water":"5"},"projects":[{"project":"A","value":3,"land":10},{"name":"B","value":"4","uses":{"water":2},"needs":["A"],"must":true}]}"#;
        let problem = read_json("f.json", text.as_bytes(), &mut notes);
        assert!(notes.list.is_empty(), "{:?}", notes.list);
        assert_eq!(problem.projects[1].uses.iter().sum::<f64>(), 2.0);
        assert!(problem.projects[1].must);
        assert_eq!(problem.projects[1].needs, [0]);
    }
}
