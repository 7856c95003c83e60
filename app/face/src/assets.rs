//! Stylesheet and script, embedded in the binary.
//!
//! `make web` puts the bundles into `web/dist`; a debug build reads them from
//! there at run time. Without them the stylesheet's source serves as it is and
//! there is no script: pages work without.

use rust_embed::RustEmbed;
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

/// One file for the browser.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Its bytes.
    pub bytes: Cow<'static, [u8]>,
    /// Its media type.
    pub mime: &'static str,
    /// Changes when the bytes do: for `ETag` and for the address.
    pub version: String,
}

/// The file of this name, if there is one.
#[must_use]
pub fn get(name: &str) -> Option<Asset> {
    // Hidden files (the placeholder) are not for browsers.
    if let Some(file) = Dist::get(name).filter(|_| !name.starts_with('.')) {
        let version = file.metadata.sha256_hash().iter().take(6).map(|b| format!("{b:02x}")).collect();
        return Some(Asset { bytes: file.data, mime: mime(name), version });
    }
    let source: &'static [u8] = match name {
        "suyuan.css" => include_bytes!("../../../web/src/suyuan.css"),
        "favicon.svg" => include_bytes!("../../../web/src/favicon.svg"),
        _ => return None,
    };
    Some(Asset { bytes: Cow::Borrowed(source), mime: mime(name), version: "source".to_owned() })
}

/// Address of a file: `/assets/suyuan.css?v=…`, so that browsers may keep it for ever.
#[must_use]
pub fn address(name: &str) -> Option<String> {
    get(name).map(|asset| format!("/assets/{name}?v={}", asset.version))
}

fn mime(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn there_is_always_a_stylesheet() {
        let css = super::get("suyuan.css").unwrap();
        assert_eq!(css.mime, "text/css; charset=utf-8");
        assert!(css.bytes.len() > 10_000);
        assert_eq!(super::get("favicon.svg").unwrap().mime, "image/svg+xml");
        assert!(super::address("suyuan.css").unwrap().starts_with("/assets/suyuan.css?v="));
        assert!(super::get("../Cargo.toml").is_none() && super::get(".keep").is_none());
    }
}
