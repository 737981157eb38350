//! Static files, and whether what they paint can be read.

use std::collections::BTreeSet;

use crate::site::{Site, between};

const SCRIPT_BYTES_MAX: usize = 10_000;

/// The style sheet is sent as one, and may be kept as long as it is asked after.
#[tokio::test]
async fn style() {
    let site = Site::new();
    let reply = site.visitor().get("/static/style.css").await;
    assert_eq!((reply.status(), reply.header("content-type")), (200, "text/css; charset=utf-8"));
    assert_eq!(reply.text(), include_str!("../../static/style.css"));
    assert_eq!(reply.header("cache-control"), "no-cache");
    assert!(reply.header("etag").starts_with('"') && reply.header("etag").ends_with('"'));
}

/// The script is sent as one, and is small enough for somebody to read.
#[tokio::test]
async fn script() {
    let site = Site::new();
    let reply = site.visitor().get("/static/flaskr.js").await;
    assert_eq!((reply.status(), reply.header("content-type")), (200, "text/javascript; charset=utf-8"));
    assert_eq!(reply.text(), include_str!("../../static/flaskr.js"));
    assert!(reply.bytes().len() <= SCRIPT_BYTES_MAX, "{} bytes", reply.bytes().len());
}

/// Who has a file gets no second copy.
#[tokio::test]
async fn conditional() {
    let site = Site::new();
    let visitor = site.visitor();
    let etag = visitor.get("/static/style.css").await.header("etag").to_owned();
    for (condition, status) in [
        (etag.clone(), 304),
        (format!("W/{etag}"), 304),
        (format!("\"other\", {etag}"), 304),
        ("*".to_owned(), 304),
        ("\"other\"".to_owned(), 200),
        (etag.trim_matches('"').to_owned(), 200),
    ] {
        let reply = visitor.request("GET", "/static/style.css", &[("if-none-match", &condition)], "").await;
        assert_eq!((reply.status(), reply.text().is_empty()), (status, status == 304), "{condition}");
        assert_eq!(reply.header("etag"), etag);
    }
}

/// The address of a file that pages name.
async fn lasting_address(site: &Site) -> String {
    let page = site.visitor().get("/").await;
    between(page.text(), "<link rel=\"stylesheet\" href=\"", "\"").unwrap().to_owned()
}

/// Pages name a file by an address that never shows another content, and so is kept without asking.
#[tokio::test]
async fn lasting_addresses() {
    let site = Site::new();
    let address = lasting_address(&site).await;
    let digest = address.strip_prefix("/static/style.").and_then(|rest| rest.strip_suffix(".css")).unwrap();
    assert!(digest.len() == 16 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{address}");
    let file = site.visitor().get(&address).await;
    assert_eq!((file.status(), file.text()), (200, include_str!("../../static/style.css")));
    assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(file.header("vary"), "Accept-Encoding");
    assert!(site.login("test").await.get("/nothing").await.text().contains(&address), "on error pages too");
    for other in [address.replace(digest, &"0".repeat(16)), address.replace("style", "icon"), format!("{address}x")] {
        assert_eq!(site.visitor().get(&other).await.status(), 404, "{other}");
    }
}

/// A text is sent in the coding that the client likes best, each with a tag of its own; a picture as it is.
#[tokio::test]
async fn codings() {
    let site = Site::new();
    let mut tags = BTreeSet::new();
    for path in ["/static/style.css", &lasting_address(&site).await] {
        let whole = site.visitor().get(path).await.bytes().len();
        for coding in ["br", "zstd", "gzip"] {
            let reply = site.visitor().request("GET", path, &[("accept-encoding", coding)], "").await;
            assert_eq!(reply.header("content-encoding"), coding, "{path}");
            assert!(reply.bytes().len() * 2 < whole && reply.header("vary").contains("Accept-Encoding"), "{path}");
            tags.insert(reply.header("etag").to_owned());
            let fields = [("accept-encoding", coding), ("if-none-match", reply.header("etag"))];
            assert_eq!(site.visitor().request("GET", path, &fields, "").await.status(), 304);
        }
    }
    assert_eq!(tags.len(), 3);
    let icon = site.visitor().request("GET", "/static/icon-192.png", &[("accept-encoding", "br")], "").await;
    assert_eq!((icon.header("content-encoding"), icon.header("content-type")), ("", "image/png"));
}

/// A drawing may have the style that is in it, and nothing else, where it is opened as a page.
#[tokio::test]
async fn drawings() {
    let icon = Site::new().visitor().get("/static/icon.svg").await.header("content-security-policy").to_owned();
    assert_eq!(icon, "default-src 'none'; style-src 'unsafe-inline'; sandbox");
}

/// No path leads out of the folder.
#[tokio::test]
async fn traversal() {
    let site = Site::new();
    for path in [
        "/static/../secret_key",
        "/static/..%2fsecret_key",
        "/static/%2e%2e/secret_key",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/./style.css",
        "/static/style.css/",
        "/static/style.css%00",
        "/static/STYLE.css",
    ] {
        assert_eq!(site.visitor().get(path).await.status(), 404, "{path}");
    }
}

/// The value that a rule of the style sheet gives a property, with variables resolved.
fn style_value(selector: &str, property: &str) -> String {
    let css = include_str!("../../static/style.css");
    let rules = css.split('}').filter_map(|rule| rule.split_once('{'));
    let selects = |selectors: &str| {
        let selectors = selectors.rsplit("*/").next().unwrap();
        selectors.trim() == selector || selectors.split(',').any(|one| one.trim() == selector)
    };
    let declarations = rules.filter(|(selectors, _)| selects(selectors)).flat_map(|(_, body)| body.split(';'));
    let value = declarations
        .map(|declaration| declaration.rsplit("*/").next().unwrap())
        .filter_map(|declaration| declaration.split_once(':'))
        .find_map(|(name, value)| (name.trim() == property).then_some(value.trim()))
        .unwrap_or_else(|| panic!("style.css gives {selector} no {property}"));
    match value.strip_prefix("var(").and_then(|variable| variable.strip_suffix(')')) {
        Some(variable) => style_value(":root", variable),
        None => value.to_owned(),
    }
}

/// The same, on a light page and on a dark one.
fn colours(selector: &str, property: &str) -> [String; 2] {
    let value = style_value(selector, property);
    let both = value.strip_prefix("light-dark(").and_then(|both| both.strip_suffix(')')?.split_once(", "));
    let (light, dark) = both.unwrap_or_else(|| panic!("{selector} has {value} for {property}, for one page alone"));
    [light.to_owned(), dark.to_owned()]
}

/// <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>
fn luminance(colour: &str) -> f64 {
    let digits = colour.strip_prefix('#').unwrap_or_else(|| panic!("{colour} is not written as digits"));
    let digits = if digits.len() == 3 { digits.chars().flat_map(|c| [c, c]).collect() } else { digits.to_owned() };
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

fn contrast_of(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Every text can be read by people with weak eyes, on a light page and on a dark one (WCAG 2.2, 1.4.3), and every field
/// be seen (1.4.11).
#[test]
fn contrast() {
    for (text, ground, least) in [
        ("body", "body", 4.5),
        ("h1", "body", 4.5),
        ("h2", "body", 4.5),
        ("a", "body", 4.5),
        ("body", "nav", 4.5),
        ("nav a", "nav", 4.5),
        ("nav input[type=submit]", "nav", 4.5),
        ("nav.pages a", "body", 4.5),
        (".about", "body", 4.5),
        (".content .hint", "body", 4.5),
        (".preferences button", "body", 4.5),
        ("body", ".body pre", 4.5),
        (".hl-comment", ".body pre", 4.5),
        (".hl-string", ".body pre", 4.5),
        (".hl-digit", ".body pre", 4.5),
        (".hl-keyword", ".body pre", 4.5),
        (".hl-function", ".body pre", 4.5),
        ("body", ".flash", 4.5),
        ("body", "mark", 4.5),
        ("a", "mark", 3.0), // of a title, which is large
        ("body", ".flash[role=alert]", 4.5),
        (".flash[role=alert] a", ".flash[role=alert]", 4.5),
        ("body", ".content :is(input, textarea, select, button)", 4.5),
        ("body", ".content :is(input[type=submit], button)", 4.5),
        (".content .danger", "body", 4.5),
        (".content .danger", ".content :is(input[type=submit], button)", 4.5),
        (".content .problem", "body", 4.5),
        (".buttons button:first-child", ".buttons button:first-child", 4.5),
    ] {
        let (text_colours, grounds) = (colours(text, "color"), colours(ground, "background"));
        for (colour, ground_colour) in text_colours.iter().zip(&grounds) {
            let ratio = contrast_of(colour, ground_colour);
            assert!(ratio >= least, "{text}, {colour}, on {ground}, {ground_colour}, is {ratio:.2}:1");
        }
    }
    let (edges, pages) = (colours(":root", "--edge"), colours("body", "background"));
    assert!(edges.iter().zip(&pages).all(|(edge, page)| contrast_of(edge, page) >= 3.0));
}
