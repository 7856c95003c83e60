//! `suyuan bench hazard`: plume, puffs, many winds on a 500 × 500 grid, one core.
//!
//! Checked first against plain 64-bit evaluation, point by point, and the
//! contours against exact ones within 0.5 %.

use super::{Report, median_time};
use anyhow::{Result, ensure};
use hazard::air::plume::Plume;
use hazard::air::sigma::{Curves, Terrain};
use hazard::air::stability::{Class, Stability};
use hazard::field::grid::Grid;
use hazard::field::puffs::Blob;
use hazard::field::trajectory::{Release, SourceStep, WindStep};
use hazard::field::{contour, plume as plumes, puffs, winds};
use hazard::geo::polygon;
use std::hint::black_box;
use std::time::Duration;

const SIDE: usize = 500;
/// Level of interest, kg/m³ (about AEGL-2 of chlorine).
const LEVEL: f64 = 5.8e-6;

/// Runs it.
///
/// # Errors
/// A field or contour that does not agree with plain evaluation.
pub fn run() -> Result<Report> {
    let plume = Plume { q: 1.0, u: 3.0, height: 5.0, terrain: Terrain::Rural, stability: Stability::one(Class::D) };
    let mut report = Report::new("hazard", true);

    let mut grid = Grid::over((10.0, 5000.0), (-600.0, 600.0), SIDE, SIDE);
    plumes::fill(&mut grid, &plume, 1.5);
    check(&grid, 7, |x, y| plume.at(x, y, 1.5), 1e-5, 1e-12)?;
    check_contour(&grid, &plume)?;
    let time = median_time(101, || plumes::fill(black_box(&mut grid), black_box(&plume), 1.5));
    report.push("plume on 500 x 500", milliseconds(time), "ms");
    let time = median_time(31, || drop(black_box(contour::of_field(black_box(&grid), LEVEL))));
    report.push("contour of it by marching squares", milliseconds(time), "ms");
    let time = median_time(31, || drop(black_box(contour::of_plume(black_box(&plume), 1.5, LEVEL))));
    report.push("exact contour of the plume", milliseconds(time), "ms");

    let wind = vec![WindStep { from: 0.0, u: 3.0, direction: 270.0 }, WindStep { from: 600.0, u: 2.0, direction: 225.0 }];
    let release = Release {
        source: vec![SourceStep { from: 0.0, q: 1.0 }],
        end: 1200.0,
        wind,
        height: 5.0,
        curves: Curves::Plume(Terrain::Rural),
        stability: Stability::one(Class::D),
    };
    let blobs = release.blobs(1200.0, 60, 1.5);
    ensure!(blobs.len() == 60, "expected 60 puffs, got {}", blobs.len());
    let mut field = Grid::over((-300.0, 3700.0), (-1500.0, 2500.0), SIDE, SIDE);
    puffs::fill(&mut field, &blobs, LEVEL);
    check(&field, 7, |x, y| blobs.iter().map(|b| b.at(x, y)).sum(), 1e-5, 1.1e-3 * LEVEL)?;
    let time = median_time(101, || puffs::fill(black_box(&mut field), black_box(&blobs), LEVEL));
    report.push("60 puffs on 500 x 500", milliseconds(time), "ms");
    // Old, wide puffs: each reaches every point of the grid, nothing can be clipped.
    let wide: Vec<Blob> = blobs.iter().map(|b| Blob { sigma: 900.0, ..*b }).collect();
    puffs::fill(&mut field, &wide, 0.0);
    check(&field, 7, |x, y| wide.iter().map(|b| b.at(x, y)).sum(), 1e-5, 1e-20)?;
    let time = median_time(31, || puffs::fill(black_box(&mut field), black_box(&wide), 0.0));
    report.push("60 puffs on 500 x 500, each over the whole grid", milliseconds(time), "ms");

    let set = winds::spread(3.0, 250.0, 15.0, 0.2, 100);
    let mut mean = Grid::over((-1000.0, 4000.0), (-2500.0, 2500.0), SIDE, SIDE);
    let mut share = mean.clone();
    winds::fill(&mut mean, &mut share, &plume, &set, 1.5, LEVEL);
    check(&mean, 23, |x, y| if x.hypot(y) < 100.0 { f64::NAN } else { mean_of(&plume, &set, x, y) }, 5e-3, 1e-4 * LEVEL)?;
    let time = median_time(31, || winds::fill(black_box(&mut mean), black_box(&mut share), &plume, black_box(&set), 1.5, LEVEL));
    report.push("100 winds on 500 x 500, mean and share above a level", milliseconds(time), "ms");
    Ok(report)
}

fn mean_of(plume: &Plume, set: &[winds::Wind], x: f64, y: f64) -> f64 {
    let one = |w: &winds::Wind| {
        let (s, c) = (w.direction + 180.0).to_radians().sin_cos();
        Plume { u: w.u, ..*plume }.at(x * s + y * c, -x * c + y * s, 1.5)
    };
    set.iter().map(one).sum::<f64>() / set.len() as f64
}

/// Every `stride`th point agrees with `plain`; NaN there means "not compared".
fn check(grid: &Grid, stride: usize, plain: impl Fn(f64, f64) -> f64, relative: f64, absolute: f64) -> Result<()> {
    for j in (0..grid.ny).step_by(stride) {
        for i in (0..grid.nx).step_by(stride) {
            let (want, got) = (plain(grid.x(i), grid.y(j)), f64::from(grid.at(i, j)));
            ensure!(want.is_nan() || (got - want).abs() <= relative * want + absolute, "at {i}, {j}: {got}, plainly {want}");
        }
    }
    Ok(())
}

fn check_contour(grid: &Grid, plume: &Plume) -> Result<()> {
    let exact = contour::of_plume(plume, 1.5, LEVEL).unwrap_or_default();
    let rings = contour::of_field(grid, LEVEL);
    let area: f64 = rings.iter().map(|r| polygon::area(r)).sum();
    let share = area / polygon::area(&exact);
    ensure!((share - 1.0).abs() < 0.005, "contour's area is {share} of the exact one");
    Ok(())
}

fn milliseconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64() * 1e3)
}
