use super::*;
use crate::chart::{Bar, Bars, Contributions, LineChart, Segment, Series, SeriesKind, Shares, Sparkline};
use crate::line::Tone;
use crate::number::{Aspect, Count};
use proptest::prelude::*;
use values::{Confidence, Figure, Period};

fn number(value: f64) -> Number {
    let value = Decimal::from_str_exact(&format!("{value:.2}")).unwrap_or_default();
    let figure = Figure {
        metric: "m".into(),
        label: "指标".into(),
        zone: "demo".into(),
        subject: "zone".into(),
        slice: None,
        period: Period::year(2025).unwrap(),
        scenario: "actual".into(),
        source: "office".into(),
        value: Some(value),
        unit: "亿元".into(),
        display: value.to_string(),
        display_unit: "亿元".into(),
        bound: "eq".into(),
        status: "final".into(),
        growth: None,
        target: None,
        filed: None,
        estimated: None,
        as_of: None,
        seq: 1,
        handle: "f1:a".into(),
        confidence: Confidence::A,
        reason: None,
    };
    Number::of(&figure, Aspect::Value)
}

fn points(values: &[Option<f64>]) -> Vec<Option<Number>> {
    values.iter().map(|v| v.map(number)).collect()
}

/// Every opened tag is closed and no number is NaN or infinite.
fn check(svg: &str) {
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"), "{svg}");
    for bad in ["NaN", "inf", "<script"] {
        assert!(!svg.contains(bad), "{bad} in {svg}");
    }
    assert_eq!(svg.matches("<a ").count(), svg.matches("</a>").count());
    assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
}

#[test]
fn steps_are_round_and_few() {
    for (top, step) in [(1196.0, 400.0), (9.0, 2.5), (1.0, 0.25), (0.0, 1.0), (4.0, 1.0), (f64::NAN, 1.0)] {
        assert!((nice_step(top) - step).abs() < 1e-9, "{top} → {}", nice_step(top));
    }
}

#[test]
fn a_blank_breaks_the_line_and_is_no_zero() {
    let chart = LineChart {
        axis: ["1", "2", "3", "4", "5"].map(String::from).to_vec(),
        series: vec![Series { points: points(&[Some(1.0), Some(2.0), None, Some(4.0), Some(5.0)]), ..Series::default() }],
        ..LineChart::default()
    };
    let svg = super::chart(&Chart::Line(chart), Ink::Screen, Lang::Zh);
    check(&svg);
    assert_eq!(svg.matches("<polyline").count(), 2);
    assert_eq!(svg.matches("f-surface l-brand").count(), 4);
}

#[test]
fn contributions_keep_their_proportion_and_side() {
    let bars = [("甲", 20.0), ("乙", 10.0), ("丙", -5.0)].map(|(l, v)| Bar { label: l.into(), number: number(v) });
    let svg = super::chart(
        &Chart::Contributions(Contributions { label: "贡献".into(), unit: "亿元".into(), bars: bars.to_vec() }),
        Ink::Screen,
        Lang::Zh,
    );
    check(&svg);
    let widths: Vec<f64> =
        svg.split("<rect ").skip(1).map(|r| r.split("width=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()).collect();
    assert!((widths[0] / widths[1] - 2.0).abs() < 0.02 && (widths[1] / widths[2] - 2.0).abs() < 0.03, "{widths:?}");
    assert!(svg.contains("f-down") && svg.contains(r#"role="group""#));
}

#[test]
fn paper_has_colours_and_no_links() {
    let shares = Shares {
        label: String::new(),
        segments: vec![
            Segment { label: "已报".into(), count: Count::new(117, "/a"), tone: None },
            Segment { label: "退回".into(), count: Count::new(4, "/b"), tone: Some(Tone::Amber) },
            Segment { label: "迟报".into(), count: Count::new(7, "/c"), tone: Some(Tone::Red) },
        ],
    };
    let screen = super::chart(&Chart::Shares(shares.clone()), Ink::Screen, Lang::Zh);
    let paper = super::chart(&Chart::Shares(shares), Ink::Paper, Lang::Zh);
    check(&screen);
    check(&paper);
    assert!(screen.contains("已报 117，退回 4，迟报 7") && screen.contains("class=") && screen.contains("href"));
    assert!(!paper.contains("class=") && !paper.contains("href") && paper.contains("fill=\"#0e4a5a\""));
}

#[test]
fn hostile_words_are_escaped() {
    let bars = Bars { label: "\"><script>".into(), unit: String::new(), bars: vec![("<b>".into(), Some(number(1.0)))] };
    let svg = super::chart(&Chart::Bars(bars), Ink::Screen, Lang::Zh);
    check(&svg);
    assert!(svg.contains("&lt;b&gt;"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_values_break_a_chart(values in prop::collection::vec(prop::option::of(-1e12f64..1e12), 0..30)) {
        let points = points(&values);
        let axis: Vec<String> = (0..values.len()).map(|i| i.to_string()).collect();
        let bars = axis.iter().cloned().zip(points.clone()).collect();
        let contributions = points.iter().flatten().map(|n| Bar { label: "某".into(), number: n.clone() }).collect();
        let line = LineChart {
            axis,
            series: vec![
                Series { points: points.clone(), ..Series::default() },
                Series { points: points.clone(), kind: SeriesKind::Target, ..Series::default() },
            ],
            growth: points.clone(),
            ..LineChart::default()
        };
        for chart in [
            Chart::Line(line),
            Chart::Bars(Bars { bars, ..Bars::default() }),
            Chart::Contributions(Contributions { bars: contributions, ..Contributions::default() }),
            Chart::Spark(Sparkline { label: "走势".into(), points }),
        ] {
            for ink in [Ink::Screen, Ink::Paper] {
                check(&super::chart(&chart, ink, Lang::Zh));
            }
        }
    }
    #[test]
    fn no_progress_breaks_a_bullet(done in any::<i64>(), pace in prop::option::of(any::<i32>()), goal in 0u32..50, added in 0u32..60) {
        check(&bullet(&Bullet { done: done.into(), pace: pace.map(Into::into), ..Bullet::default() }, Ink::Screen));
        check(&tally(&Tally { done: added, pending: 3, goal }, Ink::Screen, Lang::En));
    }
}
