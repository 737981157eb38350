//! Lists whose items have weights: what a client accepts, and how gladly (RFC 9110, 12.4.2).

use warp::http::header::{AsHeaderName, HeaderMap};

/// The items of such a field, with their weights in thousandths. What has no weight that can be read is left out.
pub(super) fn items(headers: &HeaderMap, name: impl AsHeaderName) -> impl Iterator<Item = (&str, u16)> {
    let lines = headers.get_all(name).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).filter_map(item)
}

fn item(item: &str) -> Option<(&str, u16)> {
    let (name, parameter) = item.split_once(';').unwrap_or((item, ""));
    let weight = match parameter.trim().strip_prefix(['q', 'Q']) {
        Some(weight) => thousandths(weight.trim_start().strip_prefix('=')?.trim_start())?,
        None => 1000,
    };
    Some((name.trim(), weight))
}

/// `0.5` is 500.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, part) = weight.split_once('.').unwrap_or((weight, ""));
    if part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part: u16 = format!("{part:0<3}").parse().ok()?;
    match whole {
        "0" => Some(part),
        "1" if part == 0 => Some(1000),
        _ => None,
    }
}
