//! Links that an administrator hands to a person: to register, and to set a new password. No mail is needed.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;

use super::{Result, output, owner};
use crate::cli::Output;
use crate::config::{Certificate, Config, RegistrationMode};
use crate::db::{Location, Single, invites, reset_links};
use crate::random;
use crate::token::Token;
use crate::user::Account;

/// Prints a link to register with.
pub(super) fn invite(config: &Config, output: Output, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    if config.registration != RegistrationMode::Invite {
        return Err("no invite is needed or taken: `registration` in the config is not \"invite\"".into());
    }
    owner::become_owner_of(&config.instance)?;
    let database = Single::open(Location::of(config), now)?;
    let code = Token::new(random::bytes()?);
    database.transaction(|conn| invites::insert(conn, &code, now))?;
    print(format!("{}/auth/register?invite={}", site(config), code.to_text()), output, out)
}

/// Prints a link to set this account's password with.
pub(super) fn reset(
    config: &Config,
    database: &Single,
    account: &Account,
    output: Output,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<()> {
    let code = Token::new(random::bytes()?);
    database.transaction(|conn| reset_links::insert(conn, &code, account, now))?;
    print(format!("{}/auth/reset?code={}", site(config), code.to_text()), output, out)
}

/// What a script is told.
#[derive(Serialize)]
struct Link {
    link: String,
}

fn print(link: String, output: Output, out: &mut dyn Write) -> Result<()> {
    if output.json { output::json(&Link { link }, out) } else { Ok(writeln!(out, "{link}")?) }
}

/// Where visitors find the site, as far as the settings say.
fn site(config: &Config) -> String {
    match (&config.base_url, &config.tls.certificate) {
        (Some(base_url), _) => base_url.url().to_owned(),
        // At the port of https, where the authority has looked.
        (None, Some(Certificate::Acme(acme))) => format!("https://{}", acme.domain),
        (None, Some(Certificate::Files { .. })) => config.listen.to_string().replacen("http:", "https:", 1),
        (None, None) => config.listen.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name that the settings have, else where it is listened, over https where that is spoken.
    #[test]
    fn sites() {
        for (settings, expected) in [
            ("", "http://127.0.0.1:8080"),
            ("base_url = \"https://example.org/blog\"\n[tls]\ndomain = \"a.b\"", "https://example.org/blog"),
            ("[tls]\ncert = \"c\"\nkey = \"k\"", "https://127.0.0.1:8080"),
            ("[tls]\ndomain = \"blog.example.org\"", "https://blog.example.org"),
        ] {
            assert_eq!(site(&toml::from_str(settings).unwrap()), expected, "{settings}");
        }
    }
}
