//! `flaskr-admin user list` and `user show`: who there is, and what is known of one.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;

use super::find;
use crate::admin::Result;
use crate::admin::output::{self, Align, printable};
use crate::config::Config;
use crate::db::statistics::{self, OfUser};
use crate::db::{Single, api_tokens, departures, second_factors, sessions, users};
use crate::post;
use crate::user::{Account, User};

/// A user in a list, for a script.
#[derive(Serialize)]
struct Listed<'a> {
    id: i64,
    username: &'a str,
    role: &'static str,
    disabled: bool,
}

impl<'a> Listed<'a> {
    fn new(user: &'a User, disabled: bool) -> Self {
        let role = if user.is_moderator() { "moderator" } else { "author" };
        Self { id: user.id.0, username: &user.username, role, disabled }
    }
}

/// Lists everybody.
pub(super) fn list(database: &Single, json: bool, out: &mut dyn Write) -> Result<()> {
    let all = database.read(users::all)?;
    let listed: Vec<_> = all.iter().map(|(user, is_disabled)| Listed::new(user, *is_disabled)).collect();
    if json {
        return output::json(&listed, out);
    }
    let row = |user: &Listed<'_>| {
        let state = if user.disabled { "disabled" } else { "" };
        vec![user.id.to_string(), printable(user.username), user.role.to_owned(), state.to_owned()]
    };
    let heads = [("ID", Align::Right), ("USERNAME", Align::Left), ("ROLE", Align::Left), ("STATE", Align::Left)];
    Ok(output::table(&heads, &listed.iter().map(row).collect::<Vec<_>>(), out)?)
}

/// A user, for a script.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    listed: Listed<'a>,
    has_password: bool,
    disabled_since: Option<String>,
    former: bool,
    second_factor_since: Option<String>,
    recovery_codes_left: i64,
    sessions: usize,
    last_seen: Option<String>,
    api_tokens: usize,
    posts: i64,
    newest_post: Option<String>,
    drafts: i64,
    withdrawn_posts: i64,
    comments: i64,
    likes: i64,
}

/// Shows what is known of one.
pub(super) fn show(
    config: &Config,
    database: &Single,
    name: &str,
    json: bool,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<()> {
    let account = find(database, name)?;
    let id = account.user.id;
    let (counted, sessions, tokens, codes) = database.read(|conn| {
        Ok((
            statistics::of_user(conn, id)?,
            sessions::of_user(conn, id, config.session.expiry(now))?,
            api_tokens::of_user(conn, id, now)?.len(),
            second_factors::recovery_codes_left(conn, id)?,
        ))
    })?;
    let counted = counted.ok_or("the database counted nothing")?;
    let whole = Whole {
        last_seen: sessions.first().map(|session| output::json_time(session.seen)),
        sessions: sessions.len(),
        api_tokens: tokens,
        recovery_codes_left: codes,
        ..whole(&account, &counted)
    };
    if json { output::json(&whole, out) } else { show_fields(&whole, out) }
}

fn whole<'a>(account: &'a Account, counted: &OfUser) -> Whole<'a> {
    Whole {
        listed: Listed::new(&account.user, account.is_disabled),
        has_password: users::has_password(account),
        disabled_since: counted.disabled_since.map(output::json_time),
        former: departures::is_former(account),
        second_factor_since: counted.second_factor_since.map(output::json_time),
        recovery_codes_left: 0,
        sessions: 0,
        last_seen: None,
        api_tokens: 0,
        posts: counted.posts,
        newest_post: post::time(&counted.newest_post).map(output::json_time),
        drafts: counted.drafts,
        withdrawn_posts: counted.withdrawn_posts,
        comments: counted.comments,
        likes: counted.likes,
    }
}

fn show_fields(user: &Whole<'_>, out: &mut dyn Write) -> Result<()> {
    let since = |time: &Option<String>| time.as_deref().map(|time| format!(" since {time}")).unwrap_or_default();
    let state = match (user.former, user.listed.disabled) {
        (true, _) => format!("left{}", since(&user.disabled_since)),
        (false, true) => format!("disabled{}", since(&user.disabled_since)),
        (false, false) if !user.has_password => {
            "has no password: `flaskr-admin user reset-link` lets one in".to_owned()
        }
        (false, false) => "can log in".to_owned(),
    };
    let second_factor = match &user.second_factor_since {
        Some(_) => format!("on{}, {} recovery codes left", since(&user.second_factor_since), user.recovery_codes_left),
        None => "off".to_owned(),
    };
    let and =
        |text: &str, time: &Option<String>| time.as_deref().map(|time| format!("{text}{time}")).unwrap_or_default();
    output::fields(
        &[
            ("User", user.listed.id.to_string()),
            ("Username", printable(user.listed.username)),
            ("Role", user.listed.role.to_owned()),
            ("State", state),
            ("Second factor", second_factor),
            ("Sessions", format!("{}{}", user.sessions, and(", last seen ", &user.last_seen))),
            ("API tokens", user.api_tokens.to_string()),
            ("Posts", format!("{}{}", user.posts, and(", the newest of ", &user.newest_post))),
            ("Drafts", user.drafts.to_string()),
            ("Withdrawn posts", user.withdrawn_posts.to_string()),
            ("Comments", user.comments.to_string()),
            ("Likes", user.likes.to_string()),
        ],
        out,
    )?;
    Ok(())
}
