//! View: what a browser is told that puts the site on a home screen (<https://www.w3.org/TR/appmanifest/>).

use serde_json::{Value, json};
use warp::reply::Response;

use super::error::Result;
use super::links;
use super::request::Request;
use super::response::{self, FOR_A_DAY};

/// The blue of the icons, and what is around the pages (static/style.css).
const BLUE: &str = "#377ba8";
const AROUND: &str = "#eeeeee";

/// Send the manifest.
pub(super) async fn show(req: Request) -> Result<Response> {
    let site = &req.app().config().site;
    let base = req.app().config().base_path();
    let front = format!("{base}{}", links::FRONT);
    let address = |name: &str| req.app().assets.address(name).map(|path| format!("{base}{path}"));
    // What is drawn on them is in the middle, so that any mask may be laid over it.
    let picture = |pixels: u16| {
        json!({
            "src": address(&format!("icon-{pixels}.png")), "type": "image/png", "sizes": format!("{pixels}x{pixels}"),
            "purpose": "any maskable",
        })
    };
    let drawing = json!({ "src": address("icon.svg"), "type": "image/svg+xml", "sizes": "any" });
    let mut manifest = json!({
        "id": front, "start_url": front, "name": site.title, "short_name": site.title,
        "display": "minimal-ui", "theme_color": BLUE, "background_color": AROUND,
        "icons": [drawing, picture(192), picture(512)],
    });
    if let (Some(description), Value::Object(fields)) = (&site.description, &mut manifest) {
        fields.insert("description".to_owned(), description.as_str().into());
    }
    response::text(req.headers(), "application/manifest+json; charset=utf-8", manifest.to_string(), FOR_A_DAY)
}
