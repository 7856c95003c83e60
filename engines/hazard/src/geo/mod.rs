//! On the map: coordinates of China, local metres, polygons, GeoJSON.

pub mod coordinates;
pub mod gauss_kruger;
pub mod geojson;
pub mod local;
pub mod polygon;

#[cfg(test)]
mod tests;
