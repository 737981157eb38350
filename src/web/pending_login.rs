//! Between the password and the code: a signed note in the form says whose password was right, and when.

use jiff::Timestamp;

use super::error::Result;
use super::request::Request;
use crate::db::users;
use crate::session::password_digest;
use crate::user::{Account, UserId};

/// What the note's signature is for.
const PURPOSE: &str = "pending login";

/// How long the code may take to type, in seconds.
const PENDING_SECONDS_MAX: i64 = 5 * 60;

/// A note that this account's password was right just now.
pub(super) fn sign(req: &Request, account: &Account) -> String {
    let note = note(account, req.app().clock.now().as_second());
    format!("{note}.{}", req.app().keys.sign(PURPOSE, &note))
}

/// The account of a note, if it is ours, not too old, and the account is as it was.
pub(super) async fn read(req: &Request, signed: &str) -> Result<Option<Account>> {
    let Some((text, user, time)) = parse(req, signed) else { return Ok(None) };
    let age = req.app().clock.now().duration_since(time).as_secs();
    if !(0..PENDING_SECONDS_MAX).contains(&age) {
        return Ok(None);
    }
    let account = req.db().read(move |conn| users::get(conn, user)).await?;
    Ok(account.filter(|account| !account.is_disabled && note(account, time.as_second()) == text))
}

fn parse<'a>(req: &Request, signed: &'a str) -> Option<(&'a str, UserId, Timestamp)> {
    let (note, signature) = signed.split_once('.')?;
    if !req.app().keys.verify(PURPOSE, note, signature) {
        return None;
    }
    let mut parts = note.split('~');
    let user = UserId(parts.next()?.parse().ok()?);
    let time = Timestamp::from_second(parts.next()?.parse().ok()?).ok()?;
    Some((note, user, time))
}

fn note(account: &Account, second: i64) -> String {
    let password = base16ct::lower::encode_string(&password_digest(&account.password_hash));
    format!("{}~{second}~{password}", account.user.id.0)
}
