//! The leader's page: targets against 序时进度, who pulls, additions, late filings.

use crate::filings::{Filings, filings};
use crate::settings::settings;
use crate::state::{one, state};
use crate::texts::{fill, t};
use hub::{Ask, Seen, View};
use page::number::{Aspect, Look};
use page::{
    Action, Bar, Bullet, Cell, Chart, Column, Columns, Contributions, Count, Empty, Head, Item, Line, Number, Page, Panel, Part, Row,
    Segment, Shares, Split, Table, Tone, Tool, Voice,
};
use values::{Figure, Lang, Period};

/// The cockpit of the last month held, with that year's targets; `period` looks at another one.
///
/// # Errors
/// The store's answer.
pub fn overview(view: &dyn View, period: Option<Period>) -> Seen<Page> {
    let lang = view.lang();
    let Some(period) = period.or_else(|| latest(view)) else { return Ok(empty(lang)) };
    let figures: Vec<Figure> =
        settings().metrics.iter().map(|m| view.figure(&at_hand(view, m, period))).filter(|f| f.target.is_some()).collect();
    let mut page = Page::new(period.chinese(), "leader").item("cockpit").wide();
    page.head = headline(&figures, lang);
    page.tools = vec![
        Tool::Age(t(lang, "cockpit.opened_on")),
        Tool::Action(Action::link(t(lang, "cockpit.report"), format!("/reports?year={}", period.first_year())).small()),
    ];
    let late = filings(view, period)?;
    page.parts = vec![
        Columns::new(Split::Main).part(targets(&figures, period, lang)).part(pulls(view, period)).into(),
        Columns::new(Split::Halves).part(added(view, period)).part(late_panel(&late, period, lang)).into(),
    ];
    Ok(page)
}

/// January to the last month held.
fn latest(view: &dyn View) -> Option<Period> {
    let month = view.latest()?;
    Period::year_to_date(month.first_year(), month.first_month())
}

/// A quarterly metric stands at its last quarter while the page says August.
fn at_hand(view: &dyn View, metric: &str, period: Period) -> Ask {
    let cycle = view.definitions().at(metric, period.last()).map_or(1, |m| m.is.cycle.months());
    let months = period.last_month() / cycle * cycle;
    let own = Period::year_to_date(period.first_year(), months.max(1)).unwrap_or(period);
    Ask::zone(metric, own)
}

fn empty(lang: Lang) -> Page {
    let empty = Empty {
        title: t(lang, "metric.no_metric"),
        line: t(lang, "metric.no_metric_line").into(),
        actions: vec![Action::link(t(lang, "metric.index"), "/metrics")],
        small: false,
    };
    Page::new(t(lang, "cockpit.title"), "leader").item("cockpit").part(empty)
}

fn headline(figures: &[Figure], lang: Lang) -> Head {
    if figures.is_empty() {
        return Head::Headline { tone: Tone::Grey, line: t(lang, "cockpit.no_target").into() };
    }
    let states: Vec<_> = figures.iter().map(|f| (f, state(f, lang))).collect();
    let mut line = Line::new().text(fill(lang, "cockpit.of_targets", &[("n", &figures.len().to_string())]));
    for tone in [Tone::Green, Tone::Amber, Tone::Red, Tone::Grey] {
        let same: Vec<_> = states.iter().filter(|(_, (l, _))| l.tone == tone).collect();
        if let Some((_, (light, _))) = same.first() {
            let mut light = light.clone();
            light.word = format!("{} {}", word(tone, lang), same.len());
            line = line.light(light);
        }
    }
    let pace = |f: &Figure| f.target.as_ref().and_then(|t| t.pace).unwrap_or_default();
    let worst = states
        .iter()
        .filter(|(f, (l, _))| matches!(l.tone, Tone::Red | Tone::Amber) && pace(f).is_sign_negative())
        .min_by_key(|(f, _)| pace(f));
    match worst {
        Some((figure, (light, reason))) => {
            let line = line.text("　").text(t(lang, "cockpit.most_urgent")).strong(figure.label.clone()).text(t(lang, "cockpit.slower"));
            let line = line.number(Number::of(figure, Aspect::Gap)).text(format!("，{reason}"));
            Head::Headline { tone: light.tone, line }
        }
        None => Head::Headline { tone: Tone::Green, line: line.text("　").text(t(lang, "cockpit.all_well")) },
    }
}

fn word(tone: Tone, lang: Lang) -> String {
    let key = match tone {
        Tone::Green => "good",
        Tone::Amber => "slow",
        Tone::Red => "behind",
        Tone::Grey => "unknown",
    };
    t(lang, &format!("state.{key}"))
}

fn targets(figures: &[Figure], period: Period, lang: Lang) -> Panel {
    let columns = vec![
        Column::words(t(lang, "cockpit.indicator")).names_row().nowrap(),
        Column::numbers(t(lang, "cockpit.done"), ""),
        Column::numbers(t(lang, "cockpit.target"), ""),
        Column::words(t(lang, "cockpit.progress")),
        Column::numbers(t(lang, "cockpit.completion"), "").under("%"),
        Column::numbers(t(lang, "cockpit.pace"), "").under(t(lang, "cockpit.points")),
        Column::numbers(t(lang, "cockpit.growth"), ""),
        Column::words(t(lang, "cockpit.state")),
        Column::words(t(lang, "cockpit.reason")),
        Column::words(t(lang, "cockpit.as_of")),
    ];
    let mut table = Table::new(t(lang, "cockpit.targets"), columns);
    for figure in figures {
        table = table.row(target_row(figure, period, lang));
    }
    let gone = period.last_month() * 100 / 12;
    let s = settings();
    let rule = fill(lang, "cockpit.rule", &[("slow", &s.slow.to_string()), ("behind", &s.behind.to_string())]);
    Panel::new(t(lang, "cockpit.targets")).remark(format!("{gone}% {rule}")).more(t(lang, "cockpit.all"), "/ledgers/target").part(table)
}

fn target_row(figure: &Figure, period: Period, lang: Lang) -> Row {
    let (light, reason) = state(figure, lang);
    let bullet = Bullet::of(figure, light.tone, lang).map_or(Cell::Nothing, Cell::from);
    let month = figure.as_of.map_or_else(String::new, |d| fill(lang, "cockpit.month_end", &[("month", &d.month().to_string())]));
    let stale = figure.as_of.filter(|d| i32::from(d.month()) < period.last_month()).map(|_| month.clone());
    let mut done = Number::from(figure).look(Look::Key);
    if let Some(why) = &stale {
        done = done.stale(why.clone());
    }
    let growth = if figure.growth.is_some() { Cell::from(Number::of(figure, Aspect::Growth)) } else { Cell::blank("—") };
    let part = |aspect| Cell::from(Number::of(figure, aspect));
    Row::new(vec![
        Line::new().text(figure.label.clone()).say(Voice::Unit, format!(" {}", figure.display_unit)).into(),
        done.into(),
        part(Aspect::Target),
        bullet,
        part(Aspect::Completion),
        part(Aspect::Pace),
        growth,
        light.into(),
        Cell::text(reason),
        Cell::Age(month, stale),
    ])
}

/// Who pulled the filed total up and who down; the largest eight, the rest and entrants and leavers so that all adds up.
fn pulls(view: &dyn View, period: Period) -> Panel {
    let lang = view.lang();
    let ask = Ask { source: Some("enterprise".into()), ..Ask::zone(&settings().contribution, period) };
    let panel = Panel::new(t(lang, "cockpit.who_pulls"));
    let figure = view.figure(&ask);
    let Some(parts) = view.contributions(&ask).filter(|c| !c.parts.is_empty()) else {
        let empty =
            Empty { title: t(lang, "metric.no_origin"), line: t(lang, "metric.no_origin_line").into(), actions: Vec::new(), small: true };
        return panel.part(empty);
    };
    let metric = view.definitions().at(&ask.metric, period.last());
    let number = |raw: i128, subject: Option<i64>| -> Number {
        let value = metric.and_then(|m| m.decimal(raw));
        let display = value.and_then(|v| metric.and_then(|m| m.to_display(v))).map(one).unwrap_or_default();
        let one = Figure { value, display, growth: None, target: None, filed: None, ..figure.clone() };
        let number = Number::of(&one, Aspect::Signed);
        match subject {
            Some(id) => number.href(format!("/figure/{}?find={id}", page::number::escape_path(&figure.handle))),
            None => number,
        }
    };
    let stays: Vec<_> = parts.parts.iter().filter(|p| p.now.is_some() && p.before.is_some()).collect();
    let mut shown: Vec<_> = stays.clone();
    shown.sort_by_key(|p| std::cmp::Reverse(p.change.abs()));
    shown.truncate(8);
    let mut bars: Vec<(i128, Bar)> =
        shown.iter().map(|p| (p.change, Bar { label: short(&p.name), number: number(p.change, Some(p.subject)) })).collect();
    let entered = parts.parts.iter().filter(|p| p.before.is_none()).count();
    let left = parts.parts.iter().filter(|p| p.now.is_none()).count();
    let rest = stays.len() - shown.len();
    let rest_change = parts.stayed - shown.iter().map(|p| p.change).sum::<i128>();
    for (key, n, change) in [("rest", rest, rest_change), ("entered", entered, parts.entered), ("left", left, -parts.left)] {
        if n > 0 {
            bars.push((
                change,
                Bar { label: fill(lang, &format!("cockpit.{key}"), &[("n", &n.to_string())]), number: number(change, None) },
            ));
        }
    }
    bars.sort_by_key(|(change, _)| std::cmp::Reverse(*change));
    let chart = Contributions {
        label: t(lang, "cockpit.who_pulls"),
        unit: figure.display_unit.clone(),
        bars: bars.into_iter().map(|(_, b)| b).collect(),
    };
    let label = fill(lang, "cockpit.who_pulls_note", &[("label", &figure.label)]);
    let line = Line::new().say(Voice::Note, label).text(" ").number(number(parts.now - parts.before, None));
    panel.part(Part::Text(line)).part(Chart::Contributions(chart))
}

/// A name without its legal form, so that bars have room.
fn short(name: &str) -> String {
    name.trim_end_matches("有限公司").trim_end_matches("股份").chars().take(9).collect()
}

fn added(view: &dyn View, period: Period) -> Panel {
    let lang = view.lang();
    let columns = vec![
        Column::words(t(lang, "cockpit.indicator")).names_row(),
        Column::numbers(t(lang, "cockpit.done"), ""),
        Column::numbers(t(lang, "cockpit.target"), ""),
        Column::words(t(lang, "cockpit.progress")),
        Column::words(t(lang, "cockpit.state")),
    ];
    let mut table = Table::new(t(lang, "cockpit.added"), columns);
    for key in &settings().added {
        let figure = view.figure(&Ask::zone(key, period));
        let (light, _) = state(&figure, lang);
        let bullet = Bullet::of(&figure, light.tone, lang).map_or(Cell::Nothing, Cell::from);
        table = table.row(Row::new(vec![
            Cell::text(figure.label.clone()),
            Number::from(&figure).look(Look::Key).into(),
            Cell::from(Number::of(&figure, Aspect::Target)),
            bullet,
            light.into(),
        ]));
    }
    Panel::new(t(lang, "cockpit.added")).more(t(lang, "cockpit.all"), "/ledgers/title_link").part(table)
}

fn late_panel(late: &Filings, period: Period, lang: Lang) -> Panel {
    let href = |id: i64| format!("/ledgers/enterprise?id={id}");
    let all = format!("/ledgers/filing_duty?f.period={period}");
    let panel = Panel::new(t(lang, "cockpit.late")).more(t(lang, "cockpit.all"), all.clone());
    if late.due == 0 {
        let empty = Empty { title: t(lang, "cockpit.no_duties"), line: Line::new(), actions: Vec::new(), small: true };
        return panel.part(empty);
    }
    let n = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let segment =
        |key: &str, many: usize, tone| Segment { label: t(lang, &format!("cockpit.{key}")), count: Count::new(n(many), all.clone()), tone };
    let shares = Shares {
        label: String::new(),
        segments: vec![
            segment("filed", late.filed, None),
            segment("filed_late", late.filed_late, Some(Tone::Amber)),
            segment("not_filed", late.missing.len() + late.open, Some(Tone::Red)),
        ],
    };
    let note = Line::new()
        .say(Voice::Remark, fill(lang, "cockpit.late_note", &[("period", &period.chinese())]))
        .count(Count::new(n(late.due), all.clone()).unit(t(lang, "cockpit.units")));
    let items = late
        .missing
        .iter()
        .take(5)
        .map(|m| Item {
            light: None,
            line: Line::new().link(m.name.clone(), href(m.enterprise)),
            aside: Line::new().text(t(lang, "cockpit.late_by")).count(Count::new(m.days, href(m.enterprise)).unit(t(lang, "cockpit.days"))),
            actions: Vec::new(),
        })
        .collect::<Vec<_>>();
    let panel = panel.remark(note).part(Chart::Shares(shares));
    if items.is_empty() {
        return panel.part(Part::Text(t(lang, "cockpit.nobody_late").into()));
    }
    panel.part(Part::Items(items))
}
