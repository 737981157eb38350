//! View: whom to tell of a weakness of the site (RFC 9116).

use std::fmt::Write;

use jiff::Timestamp;
use warp::reply::Response;

use super::answer::REVALIDATED;
use super::error::{Error, Result};
use super::request::Request;
use super::response;
use crate::config::SecurityTxt;

/// Where the file is.
const PATH: &str = "/.well-known/security.txt";

/// How long what it says holds from today on, in days: less than the year that RFC 9116, 2.5.5 recommends. As long as the site is
/// served with these settings, whoever serves it says so.
const LASTS_DAYS: i64 = 364;
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// Send the file, if somebody wants to be told.
pub(super) async fn show(req: Request) -> Result<Response> {
    let config = req.app().config();
    if config.security_txt.contacts.is_empty() {
        return Err(Error::NotFound);
    }
    let origin = config.base_url.as_ref().filter(|url| url.is_https()).map(|url| url.origin().to_owned());
    let text = file(&config.security_txt, origin.as_deref(), req.app().clock.now());
    response::text(req.headers(), "text/plain; charset=utf-8", text, REVALIDATED)
}

/// The same file all day.
fn file(settings: &SecurityTxt, origin: Option<&str>, now: Timestamp) -> String {
    let today = now.as_second().div_euclid(DAY_SECONDS) * DAY_SECONDS;
    let expires = Timestamp::from_second(today + LASTS_DAYS * DAY_SECONDS).unwrap_or(now);
    let languages: Vec<_> = settings.preferred_languages.iter().cloned().map(String::from).collect();
    let mut fields: Vec<_> = settings.contacts.iter().map(|contact| ("Contact", contact.as_str().to_owned())).collect();
    fields.push(("Expires", expires.to_string()));
    fields.extend(settings.encryption.iter().map(|key| ("Encryption", key.as_str().to_owned())));
    if !languages.is_empty() {
        fields.push(("Preferred-Languages", languages.join(", ")));
    }
    fields.extend(settings.policy.iter().map(|policy| ("Policy", policy.as_str().to_owned())));
    // Only where it is known that the file is at this address, and not only at that which this request had.
    fields.extend(origin.map(|origin| ("Canonical", format!("{origin}{PATH}"))));
    fields.into_iter().fold(String::new(), |mut text, (name, value)| {
        let _ = writeln!(text, "{name}: {value}"); // a String takes everything
        text
    })
}
