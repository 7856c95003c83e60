//! Source terms 源项: how much comes out of a hole, flashes, lies in a pool and
//! evaporates (HJ 169-2018 annex F; EPA where said).

pub mod flash;
pub mod gas;
pub mod liquid;
pub mod pool;
pub mod vessel;

#[cfg(test)]
mod tests;

/// Shape of a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Round or polygon.
    Round,
    /// Triangle.
    Triangle,
    /// Rectangle.
    Rectangle,
}

impl Shape {
    /// Reads `round`, `圆形`, `triangle`, `三角形`, `rectangle`, `长方形` ….
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "round" | "circle" | "polygon" | "圆" | "圆形" | "多边形" | "圆形（多边形）" => Some(Self::Round),
            "triangle" | "三角" | "三角形" => Some(Self::Triangle),
            "rectangle" | "slot" | "长方形" | "矩形" | "裂缝" => Some(Self::Rectangle),
            _ => None,
        }
    }
}
