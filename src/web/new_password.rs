//! A new password on its way to its hash, whichever form it was typed on.

use super::error::Result;
use super::request::Request;
use crate::password::Strength;
use crate::problem::Problem;
use crate::random;
use crate::user::Password;

/// The hash to store of a password that may be this user's, and how good the password is.
pub(super) async fn hash(
    req: &Request,
    password: Password,
    username: &str,
) -> Result<std::result::Result<(String, Strength), Problem>> {
    let passwords = &req.app().passwords;
    let strength = match passwords.judge(password.clone(), username.to_owned()).await? {
        Ok(strength) => strength,
        Err(problem) => return Ok(Err(problem)),
    };
    let hash = passwords.hash(password, random::bytes()?).await??;
    Ok(Ok((hash, strength)))
}
