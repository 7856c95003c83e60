//! A regular grid in local metres.

/// Values at `nx` × `ny` points; row by row, y rising, x fastest.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// x of the first column, m.
    pub x0: f64,
    /// y of the first row, m.
    pub y0: f64,
    /// Distance of columns, m.
    pub dx: f64,
    /// Distance of rows, m.
    pub dy: f64,
    /// Columns.
    pub nx: usize,
    /// Rows.
    pub ny: usize,
    /// Values, kg/m³ unless said otherwise.
    pub values: Vec<f32>,
}

impl Grid {
    /// A grid of zeros over [x0, x1] × [y0, y1]; at least 2 × 2 points.
    #[must_use]
    pub fn over(x: (f64, f64), y: (f64, f64), nx: usize, ny: usize) -> Self {
        let (nx, ny) = (nx.max(2), ny.max(2));
        Self { x0: x.0, y0: y.0, dx: (x.1 - x.0) / (nx - 1) as f64, dy: (y.1 - y.0) / (ny - 1) as f64, nx, ny, values: vec![0.0; nx * ny] }
    }
    /// x of a column.
    #[must_use]
    pub fn x(&self, i: usize) -> f64 {
        self.x0 + self.dx * i as f64
    }
    /// y of a row.
    #[must_use]
    pub fn y(&self, j: usize) -> f64 {
        self.y0 + self.dy * j as f64
    }
    /// Value of a column and row.
    #[must_use]
    pub fn at(&self, i: usize, j: usize) -> f32 {
        self.values[j * self.nx + i]
    }
    /// Sets every value to zero, keeping the memory.
    pub fn clear(&mut self) {
        self.values.fill(0.0);
    }
}
