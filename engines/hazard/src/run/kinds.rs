//! What can be asked.

/// A calculation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "named by NAMES below")]
pub enum Kind {
    LiquidHole,
    GasHole,
    TwoPhase,
    Flash,
    PoolArea,
    PoolWind,
    PoolEpa,
    PoolHeat,
    PoolTotal,
    Tank,
    BlowDown,
    Stability,
    Sigma,
    WindProfile,
    PlumeRise,
    DenseGas,
    Plume,
    Puff,
    Puffs,
    Winds,
    Averaging,
    Shelter,
    ToxicLoad,
    Ppm,
    Coordinates,
    Tnt,
    Overpressure,
    Fireball,
    PoolFire,
}

/// Names of each kind; the first is the one in the docs.
const NAMES: &[(Kind, &[&str])] = &[
    (Kind::LiquidHole, &["liquid hole", "liquid", "liquid jet", "liquid release", "液体泄漏"]),
    (Kind::GasHole, &["gas hole", "gas", "gas jet", "gas release", "choked flow", "critical flow", "气体泄漏"]),
    (Kind::TwoPhase, &["two-phase hole", "two-phase", "two phase flow", "两相流泄漏"]),
    (Kind::Flash, &["flash", "flash fraction", "flashing", "闪蒸"]),
    (Kind::PoolArea, &["pool area", "pool spread", "pool spreading", "pool", "液池面积"]),
    (Kind::PoolWind, &["pool evaporation", "evaporation", "mass evaporation", "wind evaporation", "质量蒸发", "液池蒸发"]),
    (Kind::PoolEpa, &["pool evaporation epa", "epa evaporation", "epa pool", "pool epa"]),
    (Kind::PoolHeat, &["heat evaporation", "pool heat", "pool boiling", "热量蒸发"]),
    (Kind::PoolTotal, &["total evaporation", "evaporated mass", "蒸发总量"]),
    (Kind::Tank, &["tank", "tank drain", "tank draining", "falling level", "liquid tank", "储罐泄空"]),
    (Kind::BlowDown, &["blowdown", "blow-down", "pressure relief", "vessel", "depressuring", "泄压"]),
    (Kind::Stability, &["stability", "stability class", "稳定度"]),
    (Kind::Sigma, &["sigma", "sigmas", "dispersion coefficient", "扩散参数"]),
    (Kind::WindProfile, &["wind profile", "wind", "wind speed", "风廓线"]),
    (Kind::PlumeRise, &["plume rise", "烟气抬升"]),
    (Kind::DenseGas, &["dense gas", "heavy gas", "dense", "britter-mcquaid", "richardson", "重气"]),
    (Kind::Plume, &["plume", "gaussian plume", "烟羽"]),
    (Kind::Puff, &["puff", "gaussian puff", "烟团"]),
    (Kind::Puffs, &["puffs", "sum of puffs", "time-varying", "puff train", "多烟团"]),
    (Kind::Winds, &["winds", "monte carlo", "many winds", "多风向"]),
    (Kind::Averaging, &["averaging", "averaging time", "平均时间"]),
    (Kind::Shelter, &["shelter", "sheltering", "indoors", "室内"]),
    (Kind::ToxicLoad, &["toxic load", "dose", "probit", "毒性负荷"]),
    (Kind::Ppm, &["ppm", "unit conversion", "concentration conversion", "浓度换算"]),
    (Kind::Coordinates, &["coordinates", "坐标转换"]),
    (Kind::Tnt, &["tnt", "tnt equivalence", "TNT当量", "explosion"]),
    (Kind::Overpressure, &["overpressure", "blast", "mills", "blast overpressure", "超压"]),
    (Kind::Fireball, &["fireball", "bleve", "火球"]),
    (Kind::PoolFire, &["pool fire", "poolfire", "池火"]),
];

/// Letters and digits only, lower case.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Kind {
    /// Reads a kind by any of its names; case, spaces and hyphens do not count.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let wanted = plain(text);
        NAMES.iter().find(|(_, names)| names.iter().any(|n| plain(n) == wanted)).map(|(kind, _)| *kind)
    }

    /// All kinds.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(kind, _)| *kind)
    }

    /// The name in the docs.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(k, _)| *k == self).map_or("", |(_, names)| names[0])
    }
}

/// All names of the docs, for a sentence.
#[must_use]
pub fn listed() -> String {
    NAMES.iter().map(|(_, names)| names[0]).collect::<Vec<_>>().join("、")
}
