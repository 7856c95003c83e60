//! One figure: value, growths, target, sources, course, slices, definition — and its thread to the cell.

use crate::state::{one, state};
use crate::texts::{fill, t};
use hub::{Ask, Origin, Seen, View, ViewError};
use metrics::definition::Origin as From;
use metrics::{Handle, Time};
use page::number::{Aspect, Look, escape_path};
use page::{
    Action, Bullet, Cell, Chart, Column, Columns, Count, Empty, KeyFigure, Light, Line, LineChart, Link, Number, Page, Panel, Part, Row,
    Seg, Series, SeriesKind, Sheet, SheetCell, SheetRow, Split, Table, Thread, ThreadRows, Tone, Tool, Voice,
};
use values::{Figure, Lang, Period};

/// Rows of the thread that are shown at first.
const ROWS: usize = 12;

/// What the address asks of a figure's page.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Row of the thread whose cell is shown.
    pub row: Option<usize>,
    /// Number of the subject whose row is looked for.
    pub find: Option<i64>,
    /// Dimension of the slices.
    pub by: Option<String>,
    /// True for all rows of the thread.
    pub all: bool,
}

/// The page of the figure that a handle stands for.
///
/// # Errors
/// An unknown handle, no right, or the store's answer.
pub fn figure_page(view: &dyn View, handle: &str, asked: &Asked) -> Seen<Page> {
    let parsed = Handle::parse(handle).ok_or_else(|| ViewError::Unknown(handle.to_owned()))?;
    let ask = ask_of(&parsed);
    let figure = view.figure(&ask);
    let lang = view.lang();
    let mut page = Page::new(figure.label.clone(), "leader").item("metrics").wide().crumb(Link::new(t(lang, "metric.index"), "/metrics"));
    page.height = page::Height::Flow;
    if let Some(slice) = &parsed.slice {
        page = page.crumb(Link::new(view.slice_label(&slice.0, &slice.1), ""));
    }
    page.tools = vec![Tool::Seg(periods(&parsed, &figure, lang)), Tool::Age(figure.period.chinese())];
    page.parts = vec![
        Part::KeyFigures(strip(view, &ask, &figure)),
        Columns::new(Split::Lineage).stack(left(view, &ask, &figure, asked)).part(thread(view, &figure, handle, asked)?).into(),
    ];
    Ok(page)
}

fn ask_of(handle: &Handle) -> Ask {
    Ask {
        metric: handle.metric.clone(),
        period: handle.period,
        subject: handle.subject.clone(),
        slice: handle.slice.clone(),
        source: Some(handle.source.clone()).filter(|s| !s.is_empty() && s != "computed"),
        scenario: handle.scenario.clone(),
        as_known: None,
    }
}

/// The month before and after, the year before.
fn periods(handle: &Handle, figure: &Figure, lang: Lang) -> Seg {
    let at = |period: Option<Period>| period.map(|p| Handle { period: p, ..handle.clone() }.to_string());
    let link = |label: &str, period: Option<Period>| {
        Link::new(label, at(period).map(|h| format!("/figure/{}", escape_path(&h))).unwrap_or_default())
    };
    let p = figure.period;
    let earlier = Period::year_to_date(p.first_year(), p.last_month() - 1).filter(|_| p.is_year_to_date()).or_else(|| p.back(1));
    let words = if lang == Lang::Zh { ["上年同期", "上一期", "本期"] } else { ["a year before", "before", "this"] };
    Seg::new("", vec![link(words[0], p.year_before()), link(words[1], earlier), link(words[2], Some(p)).current_if(true)])
}

fn strip(view: &dyn View, ask: &Ask, figure: &Figure) -> Vec<KeyFigure> {
    let lang = view.lang();
    let mut strip = vec![KeyFigure::number(figure.period.chinese(), Number::from(figure).look(Look::Big))];
    if let Some(growth) = &figure.growth {
        strip.push(KeyFigure::number(
            t(lang, &format!("metric.growth_{}", growth.how.key())),
            Number::of(figure, Aspect::Growth).look(Look::Mid),
        ));
    }
    if figure.target.is_some() {
        let (light, reason) = state(figure, lang);
        let label = Line::new().text(t(lang, "metric.year_target")).text(" ").number(Number::of(figure, Aspect::Target));
        let mut line = Line::new().number(Number::of(figure, Aspect::Completion).look(Look::Mid));
        if let Some(bullet) = Bullet::of(figure, light.tone, lang) {
            line = line.run(page::Run::Bullet(bullet));
        }
        strip.push(KeyFigure::new(label, line));
        strip.push(KeyFigure::new(t(lang, "metric.state"), Line::new().light(light).text(" ").text(reason)));
    }
    let any = Ask { source: None, ..ask.clone() };
    for other in view.by_source(&any).into_iter().filter(|f| f.source != figure.source && f.value.is_some()).take(2) {
        let source = t(lang, &format!("source.{}", other.source));
        strip.push(KeyFigure::number(fill(lang, "metric.source_value", &[("source", &source)]), Number::from(&other).look(Look::Mid)));
    }
    strip
}

fn left(view: &dyn View, ask: &Ask, figure: &Figure, asked: &Asked) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(trend) = trend(view, ask, figure) {
        parts.push(trend.into());
    }
    if let Some(slices) = slices(view, ask, figure, asked) {
        parts.push(slices.into());
    }
    parts.push(definition(view, figure).into());
    parts
}

/// The year's cumulated course beside the year before.
fn trend(view: &dyn View, ask: &Ask, figure: &Figure) -> Option<Panel> {
    let lang = view.lang();
    let metric = view.definitions().at(&ask.metric, figure.period.last())?;
    if !figure.period.is_year_to_date() && !figure.period.is_month() {
        return None;
    }
    let year = figure.period.first_year();
    let stock = metric.is.time == Time::Stock;
    let first = if metric.is.january == metrics::definition::January::Merged { 2 } else { 1 };
    let step = metric.is.cycle.months();
    let months: Vec<i32> = (first..=12).filter(|m| m % step == 0).collect();
    let of = |year: i32, month: i32| if stock { Period::month(year, month) } else { Period::year_to_date(year, month) };
    let course = |year: i32, last: i32| -> Vec<Option<Number>> {
        let point = |m: &i32| {
            of(year, *m).filter(|_| *m <= last).map(|p| view.figure(&Ask { period: p, ..ask.clone() })).filter(|f| f.value.is_some())
        };
        months.iter().map(|m| point(m).map(Number::from)).collect()
    };
    let (now, before) = (course(year, figure.period.last_month()), course(year - 1, 12));
    if now.iter().flatten().count() + before.iter().flatten().count() < 2 {
        return None;
    }
    let axis = months.iter().map(|m| if *m == 2 && first == 2 { "1—2月".to_owned() } else { m.to_string() }).collect();
    let series = |label: &str, kind, points| Series { label: t(lang, &format!("metric.{label}")), kind, points, end: String::new() };
    let chart = LineChart {
        label: t(lang, "metric.trend"),
        unit: figure.display_unit.clone(),
        axis,
        series: vec![series("last_year", SeriesKind::YearBefore, before), series("this_year", SeriesKind::Actual, now)],
        marked: months.iter().position(|m| *m == figure.period.last_month()),
        ..LineChart::default()
    };
    Some(Panel::new(t(lang, "metric.trend")).remark(figure.display_unit.clone()).part(Chart::Line(chart)))
}

fn slices(view: &dyn View, ask: &Ask, figure: &Figure, asked: &Asked) -> Option<Panel> {
    let lang = view.lang();
    let metric = view.definitions().at(&ask.metric, figure.period.last())?;
    if ask.slice.is_some() || ask.subject != "zone" {
        return None;
    }
    let dimensions: Vec<&String> = metric.is.slices.iter().filter(|d| !view.slices(&ask.metric, d).is_empty()).collect();
    let chosen = asked.by.as_ref().filter(|by| dimensions.contains(by)).or(dimensions.first().copied())?;
    let mut rows: Vec<(String, Figure)> = view
        .slices(&ask.metric, chosen)
        .into_iter()
        .map(|(value, label)| (label, view.figure(&Ask { source: None, ..ask.clone() }.slice(chosen, &value))))
        .filter(|(_, f)| f.value.is_some() || f.reason == Some(values::Reason::Secret))
        .collect();
    if rows.is_empty() {
        return None;
    }
    rows.sort_by_key(|r| std::cmp::Reverse(r.1.value));
    let total: values::Decimal = rows.iter().filter_map(|(_, f)| f.value).sum();
    let columns = vec![
        Column::words(t(lang, "metric.who")).names_row(),
        Column::numbers(t(lang, "metric.value"), figure.display_unit.clone()),
        Column::words(t(lang, "metric.share")),
        Column::numbers(t(lang, "cockpit.growth"), ""),
    ];
    let mut table = Table::new(t(lang, "metric.slices"), columns);
    for (label, slice) in rows.iter().take(20) {
        let share = slice.value.filter(|_| !total.is_zero()).map(|v| v / total);
        let growth = if slice.growth.is_some() { Cell::from(Number::of(slice, Aspect::Growth)) } else { Cell::blank("—") };
        table = table.row(Row::new(vec![
            Cell::text(label.clone()),
            Number::from(slice).into(),
            share.map_or(Cell::Nothing, Cell::Share),
            growth,
        ]));
    }
    let href = |by: &str| format!("/figure/{}?by={by}", escape_path(&figure.handle));
    let links = dimensions.iter().map(|d| Link::new(dimension(d, lang), href(d)).current_if(*d == chosen)).collect();
    let mut panel = Panel::new(t(lang, "metric.slices"));
    panel.views = Some(Seg::new(t(lang, "metric.slices"), links));
    Some(panel.part(table))
}

fn dimension(key: &str, lang: Lang) -> String {
    let (zh, en) = match key {
        "chain" => ("产业链", "chain"),
        "industry" => ("行业", "industry"),
        "kind" => ("类别", "kind"),
        "part" => ("服务业", "services"),
        "size" => ("规模", "size"),
        "title" => ("资质", "title"),
        other => (other, other),
    };
    if lang == Lang::Zh { zh } else { en }.to_owned()
}

fn definition(view: &dyn View, figure: &Figure) -> Panel {
    let lang = view.lang();
    let panel = Panel::new(t(lang, "metric.scope"));
    let Some(metric) = view.definitions().at(&figure.metric, figure.period.last()) else { return panel };
    let used: Vec<String> = view.definitions().used_by(&figure.metric).into_iter().map(str::to_owned).collect();
    let mut rows = vec![
        (t(lang, "metric.meaning"), metric.is.definition.get(lang).to_owned().into()),
        (t(lang, "metric.basis"), format!("{} · {}", metric.is.source, metric.is.valid_from).into()),
        (t(lang, "metric.confidence"), confidence(figure.confidence, lang).into()),
    ];
    if !used.is_empty() {
        let names: Vec<String> =
            used.iter().map(|k| view.definitions().versions(k).last().map_or(k.clone(), |m| m.is.label.get(lang).to_owned())).collect();
        rows.push((t(lang, "metric.used"), names.join("、").into()));
    }
    panel.part(Part::KeyValues(rows))
}

fn confidence(confidence: values::Confidence, lang: Lang) -> String {
    let words = match (confidence, lang) {
        (values::Confidence::A, Lang::Zh) => "A 原文或计算",
        (values::Confidence::B, Lang::Zh) => "B 二手文本",
        (values::Confidence::C, Lang::Zh) => "C 待核实",
        (values::Confidence::A, Lang::En) => "A primary text or computed",
        (values::Confidence::B, Lang::En) => "B secondary text",
        (values::Confidence::C, Lang::En) => "C unconfirmed",
    };
    words.to_owned()
}

fn thread(view: &dyn View, figure: &Figure, handle: &str, asked: &Asked) -> Seen<Panel> {
    let lang = view.lang();
    let panel = Panel::new(t(lang, "metric.where_from")).remark(t(lang, "metric.where_from_note"));
    let copy = Action::copy(if lang == Lang::Zh { "复制溯源链接" } else { "Copy link" }, format!("/figure/{}", escape_path(handle)));
    let panel = Panel { more: Some(copy), ..panel };
    let limit = if asked.all || asked.find.is_some() { 5_000 } else { ROWS };
    let found = match view.origins(handle, limit) {
        Ok(found) if found.1 > 0 => found,
        Ok(_) | Err(ViewError::Forbidden) => {
            let empty = Empty {
                title: t(lang, "metric.no_origin"),
                line: t(lang, "metric.no_origin_line").into(),
                actions: Vec::new(),
                small: true,
            };
            return Ok(panel.part(empty));
        }
        Err(other) => return Err(other),
    };
    let (rows, total) = found;
    let chosen =
        asked.row.or_else(|| asked.find.and_then(|n| rows.iter().position(|r| r.subject_key.ends_with(&format!(":{n}"))))).unwrap_or(0);
    let thread = Thread {
        figure: Number::from(figure).look(Look::Strong),
        about: Line::new()
            .text(format!("{} · {}", figure.label, figure.period.chinese()))
            .say(Voice::Remark, format!(" {}", source_word(figure, lang))),
        formula: formula(view, figure, total, lang),
        detail: detail(figure, lang),
        rows: row_list(&rows, total, figure, chosen, asked, lang),
        source: match rows.get(chosen) {
            Some(origin) => Some(source(view, origin, figure)?),
            None => None,
        },
        after: Vec::new(),
    };
    Ok(panel.part(thread))
}

fn source_word(figure: &Figure, lang: Lang) -> String {
    let word = t(lang, &format!("source.{}", figure.source));
    fill(lang, "metric.source_value", &[("source", &word)])
}

fn formula(view: &dyn View, figure: &Figure, total: usize, lang: Lang) -> Line {
    let unrounded = figure.value.map(|v| format!("{} {}", page::number::grouped(&v.to_string()), figure.unit)).unwrap_or_default();
    let metric = view.definitions().at(&figure.metric, figure.period.last());
    let words = match metric.map(|m| m.origin()) {
        Some(From::Formula(text)) => fill(lang, "metric.formula", &[("formula", &named(view, text, lang))]),
        Some(From::Count(_) | From::Sum(..)) if figure.source == "computed" => t(lang, "metric.counted"),
        _ if total > 1 => fill(lang, "metric.sum_of", &[("n", &total.to_string())]),
        _ => t(lang, "metric.single"),
    };
    Line::new().strong(words).text(" ").say(Voice::Plain, unrounded)
}

/// A formula with the labels of its metrics in place of their keys.
fn named(view: &dyn View, formula: &str, lang: Lang) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for c in formula.chars().chain([' ']) {
        if c.is_ascii_alphanumeric() || c == '_' || c == '.' {
            word.push(c);
            continue;
        }
        match view.definitions().versions(&word).last() {
            Some(metric) => out.push_str(metric.is.label.get(lang)),
            None => out.push_str(&word),
        }
        word.clear();
        out.push(c);
    }
    out.trim_end().replace('/', "÷").replace('*', "×")
}

fn detail(figure: &Figure, lang: Lang) -> Line {
    let mut line = Line::new();
    if let Some((filed, of)) = figure.filed {
        line = line.text(fill(lang, "metric.filed_of", &[("filed", &filed.to_string()), ("of", &of.to_string())]));
    }
    if let Some(estimated) = figure.estimated {
        line = line.text("　").text(fill(
            lang,
            "metric.estimated",
            &[("value", &page::number::grouped(&one(estimated))), ("unit", &figure.unit)],
        ));
    }
    line
}

fn row_list(rows: &[Origin], total: usize, figure: &Figure, chosen: usize, asked: &Asked, lang: Lang) -> ThreadRows {
    let columns = vec![
        Column::words(t(lang, "metric.who")).names_row(),
        Column::numbers(t(lang, "metric.value"), ""),
        Column::words(t(lang, "metric.cell")),
    ];
    let mut table = Table::new(t(lang, "metric.where_from"), columns);
    let base = format!("/figure/{}", escape_path(&figure.handle));
    let shown = if asked.all { rows.len() } else { ROWS.max(chosen + 1).min(rows.len()) };
    for (n, row) in rows.iter().take(shown).enumerate() {
        let all = if asked.all { "&all=1" } else { "" };
        let href = format!("{base}?row={n}{all}#cell");
        let value = row.value.map(|v| format!("{} {}", page::number::grouped(&v.to_string()), row.unit)).unwrap_or_default();
        let place = if row.cell.is_empty() { t(lang, "metric.entry") } else { format!("{} › {}!{}", row.file, row.sheet, row.cell) };
        table = table.row(
            Row::new(vec![Cell::link(row.subject.clone(), href.clone()), Cell::text(value), Cell::link(place, href)]).on_if(n == chosen),
        );
    }
    let many = i64::try_from(total).unwrap_or(i64::MAX);
    let remark = if total > shown { fill(lang, "metric.rows", &[("n", &shown.to_string())]) } else { t(lang, "metric.rows_few") };
    let more = (total > shown).then(|| Link::new(fill(lang, "metric.rows_all", &[("n", &total.to_string())]), format!("{base}?all=1")));
    ThreadRows { total: Count::new(many, format!("{base}?all=1")).unit(t(lang, "metric.unit_rows")), remark, more, find: None, table }
}

fn source(view: &dyn View, origin: &Origin, figure: &Figure) -> Seen<page::Source> {
    let lang = view.lang();
    let conversion = conversion(origin, figure);
    let Some(window) = view.window(origin)? else {
        let sheet = Sheet { label: origin.place.clone(), raw: origin.raw.clone(), ..Sheet::default() };
        let form = if origin.file.is_empty() { t(lang, "metric.entry") } else { origin.file.clone() };
        return Ok(page::Source::Entry { form, about: origin.place.clone().into(), sheet, conversion });
    };
    let (at, who) = &window.uploaded;
    let about = fill(lang, "metric.uploaded", &[("sheet", &origin.sheet), ("cell", &origin.cell), ("at", at), ("who", who)]);
    let rows = (window.first_row..)
        .zip(&window.lines)
        .map(|(n, line)| SheetRow {
            number: n + 1,
            cells: line
                .iter()
                .map(|text| {
                    let numeric =
                        text.chars().any(|c| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || ",.-−%".contains(c));
                    if numeric { SheetCell::number(text.clone()) } else { SheetCell::words(text.clone()) }
                })
                .collect(),
        })
        .collect();
    let sheet = Sheet {
        label: format!("{} › {}", origin.file, origin.sheet),
        first_column: window.first_column,
        rows,
        hit: Some((window.hit.0 + 1, window.hit.1)),
        raw: origin.raw.clone(),
        ringed: true,
        tabs: window.tabs.iter().map(|tab| Link::new(tab.clone(), "").current_if(*tab == origin.sheet)).collect(),
        loading: false,
    };
    let sha: String =
        if origin.sha256.len() > 16 { format!("{}…{}", &origin.sha256[..8], &origin.sha256[56..]) } else { origin.sha256.clone() };
    let light =
        if window.intact { Light::new(Tone::Green, t(lang, "metric.intact")) } else { Light::new(Tone::Red, t(lang, "metric.not_intact")) };
    Ok(page::Source::Cell {
        file: origin.file.clone(),
        about: about.into(),
        download: Some(Action::link(t(lang, "metric.download"), format!("/files/{}", origin.sha256))),
        sheet,
        conversion,
        sha,
        light,
    })
}

/// 964,183.27 万元 ÷ 10,000 ＝ 96.42 亿元, where the printed unit is another one.
fn conversion(origin: &Origin, figure: &Figure) -> Line {
    let Some(value) = origin.value.filter(|_| origin.unit != figure.display_unit) else { return Line::new() };
    let units = values::unit::find(&origin.unit).zip(values::unit::find(&figure.display_unit));
    let Some(shown) = units.and_then(|(from, to)| values::unit::convert(value, from, to)) else { return Line::new() };
    let text = format!("{} {} ＝ ", page::number::grouped(&value.to_string()), origin.unit);
    Line::new().say(Voice::Note, text).strong(format!("{} {}", values::fixed::round(shown, 4).normalize(), figure.display_unit))
}
