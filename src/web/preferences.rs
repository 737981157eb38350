//! View: choosing the language of pages, and light or dark. A browser keeps that in cookies; a user's account keeps it too,
//! for every browser that they log in with.

use std::str::FromStr;

use cookie::time::Duration;
use warp::http::header::REFERER;
use warp::reply::Response;

use super::error::{Error, Result};
use super::form::Form;
use super::look::{LANGUAGE_COOKIE, Look, THEME_COOKIE};
use super::request::Request;
use super::response::redirect;
use super::{cookies, links};
use crate::db::preferences;
use crate::preference::Preference;
use crate::user::User;

/// How long a browser keeps it: as long as it would keep anything.
const KEPT: Duration = Duration::days(400);

/// Keep what was chosen, and lead back.
pub(super) async fn choose(mut req: Request) -> Result<Response> {
    let mut form = req.form().await?; // before any answer: see blog::create
    let (Look { language, theme }, user) = (req.look(), req.user().await?.cloned());
    let language = field(&mut form, "language")?.unwrap_or(language);
    let theme = field(&mut form, "theme")?.unwrap_or(theme);
    let preference = Preference { language, theme };
    if let Some(user) = user {
        req.db().write(move |conn| preferences::set(conn, &user, preference)).await?;
    }
    let mut response = redirect(req.method(), &back(&req));
    set_cookies(&req, &mut response, preference)?;
    Ok(response)
}

/// What a field names; nothing if it is not there.
fn field<T: FromStr>(form: &mut Form, name: &str) -> Result<Option<T>> {
    form.take_optional(name).map(|text| text.parse().map_err(|_| Error::BadRequest)).transpose()
}

/// The page of ours that the form stood on.
fn back(req: &Request) -> String {
    let from = req.headers().get(REFERER).and_then(|from| from.to_str().ok()).unwrap_or_default();
    let path = req.client().site.as_deref().and_then(|site| from.strip_prefix(site));
    path.filter(|path| links::is_path(path)).unwrap_or(links::FRONT).to_owned()
}

/// Puts what a user chose anywhere into this browser, too.
pub(super) async fn bring(req: &Request, response: &mut Response, user: &User) -> Result<()> {
    let user = user.clone();
    match req.db().read(move |conn| preferences::find(conn, &user)).await? {
        Some(preference) => set_cookies(req, response, preference),
        None => Ok(()),
    }
}

fn set_cookies(req: &Request, response: &mut Response, preference: Preference) -> Result<()> {
    for (name, value) in [(LANGUAGE_COOKIE, preference.language.tag()), (THEME_COOKIE, preference.theme.as_str())] {
        cookies::set(response, cookies::of_choice(req, name, value, KEPT)?);
    }
    Ok(())
}
