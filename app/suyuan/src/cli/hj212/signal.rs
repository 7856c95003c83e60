//! What the test station measures: made from a seed, the same for the same moment.

use hj212::body::{Body, Reading};
use hj212::value::Moment;

/// One factor that the station sends: code, level, swing, decimals.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Factor code.
    pub code: String,
    /// Mean level.
    pub level: f64,
    /// Decimals sent.
    pub decimals: usize,
}

impl std::str::FromStr for Channel {
    type Err = String;
    /// `w01018=40.1`: code and level; the decimals of the level are those sent.
    fn from_str(text: &str) -> Result<Self, String> {
        let (code, level) = text.split_once('=').ok_or_else(|| format!("“{text}”应写作 编码=水平，如 w01018=40.1"))?;
        let decimals = level.split_once('.').map_or(0, |(_, d)| d.len());
        let level = level.parse().map_err(|_| format!("“{level}”不是数字"))?;
        Ok(Self { code: code.to_owned(), level, decimals })
    }
}

/// The station's instruments.
#[derive(Debug, Clone)]
pub struct Signal {
    /// What is measured; flow first, if there is one.
    pub channels: Vec<Channel>,
    /// Seed of the noise.
    pub seed: u64,
    /// From when on values stand still.
    pub frozen_from: Option<Moment>,
    /// From when on, and how many times the level: a spill.
    pub spill: Option<(Moment, f64)>,
}

impl Signal {
    /// The value of a channel at a moment: a daily course, noise of 3 %, and what has gone wrong.
    fn value(&self, n: usize, at: Moment) -> f64 {
        let channel = &self.channels[n];
        let frozen = self.frozen_from.filter(|from| at >= *from);
        let at = frozen.unwrap_or(at);
        let day = (at.0.rem_euclid(86_400) as f64) / 86_400.0 * std::f64::consts::TAU;
        let mut mixed = self.seed ^ (at.0 as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ ((n as u64) << 32);
        mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let noise = ((mixed >> 40) as f64 / f64::from(1u32 << 24) - 0.5) * 0.06;
        let flow = matches!(channel.code.as_str(), "w00000" | "a00000" | "B01" | "B02");
        let acid = channel.code == "w01001";
        let spill = self.spill.filter(|(from, _)| at >= *from && !flow && !acid).map_or(1.0, |(_, times)| times);
        let swing = if acid { 0.02 } else { 0.15 };
        channel.level * spill * (1.0 + swing * day.sin() + if acid { noise / 6.0 } else { noise })
    }

    /// Realtime data of one moment (2011).
    pub fn realtime(&self, at: Moment) -> Body {
        let reading = |n: usize| {
            let c = &self.channels[n];
            Reading::of(&c.code, &[("Rtd", &format!("{:.*}", c.decimals, self.value(n, at))), ("Flag", "N")])
        };
        Body::Data { time: at, readings: (0..self.channels.len()).map(reading).collect() }
    }

    /// Data of a period that begins at `start` (2051, 2061, 2031): minimum, mean, maximum, total.
    ///
    /// Volume = mean flow × seconds / 1000 (m³ from L/s), load = concentration ×
    /// volume / 1000 (kg from mg/L): HJ 212-2017 annex D.
    pub fn period(&self, start: Moment, seconds: i64) -> Body {
        let samples: Vec<Moment> = (0..10).map(|k| Moment(start.0 + k * seconds / 10)).collect();
        let mean = |n: usize| samples.iter().map(|at| self.value(n, *at)).sum::<f64>() / samples.len() as f64;
        let flow = self.channels.iter().position(|c| c.code == "w00000").map(mean);
        let volume = flow.map(|f| f * seconds as f64 / 1000.0);
        let reading = |n: usize| {
            let c = &self.channels[n];
            let values: Vec<f64> = samples.iter().map(|at| self.value(n, *at)).collect();
            let print = |v: f64| format!("{v:.*}", c.decimals);
            let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
            let mut parts = Vec::new();
            if c.code == "w00000" {
                parts.push(("Cou".to_owned(), format!("{:.2}", volume.unwrap_or_default())));
            } else if c.code.starts_with("w2") || c.code == "w01018" {
                parts.extend(volume.map(|v| ("Cou".to_owned(), format!("{:.3}", mean(n) * v / 1000.0))));
            }
            parts.extend([
                ("Min".to_owned(), print(low)),
                ("Avg".to_owned(), print(mean(n))),
                ("Max".to_owned(), print(high)),
                ("Flag".to_owned(), "N".to_owned()),
            ]);
            Reading { code: c.code.clone(), values: parts }
        };
        Body::Data { time: start, readings: (0..self.channels.len()).map(reading).collect() }
    }
}
