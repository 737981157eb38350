//! Where the database is, and how much is asked of it at a time.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tokio_postgres::config::Host;

use super::limits::between;

/// The database: `[database]`. Without an address it is a file in the instance directory.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// The server that has it, for a site that has outgrown one machine.
    #[serde(deserialize_with = "unless_empty")]
    pub url: Option<DatabaseUrl>,
    /// A server that follows it, to read from as long as it is not behind.
    #[serde(deserialize_with = "unless_empty")]
    pub replica_url: Option<DatabaseUrl>,
    /// The file whose first line is the password, where the address has none.
    #[serde(deserialize_with = "unless_empty")]
    pub password_file: Option<PathBuf>,
    /// The certificates, in PEM, that the server's own is checked by, instead of the system's.
    #[serde(deserialize_with = "unless_empty")]
    pub ca: Option<PathBuf>,
    /// Connections that read.
    #[serde(deserialize_with = "between::<1, 64, _, _>")]
    pub readers: usize,
    /// Most reads that wait for a connection. Past it: 503.
    #[serde(deserialize_with = "between::<1, 65_536, _, _>")]
    pub read_queue_max: usize,
    /// Longest time for one read, in seconds. Past it: 503.
    #[serde(deserialize_with = "between::<1, 60, _, _>")]
    pub read_seconds_max: u64,
    /// Most writes that wait for the writer. Past it: 503.
    #[serde(deserialize_with = "between::<1, 65_536, _, _>")]
    pub write_queue_max: usize,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: None,
            replica_url: None,
            password_file: None,
            ca: None,
            readers: 4,
            read_queue_max: 1024,
            read_seconds_max: 1,
            write_queue_max: 1024,
        }
    }
}

/// A value, unless it is empty: a variable of the environment cannot be anything else that means none.
fn unless_empty<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: TryFrom<String, Error: fmt::Display>,
    D: Deserializer<'de>,
{
    let text = String::deserialize(deserializer)?;
    if text.is_empty() { Ok(None) } else { text.try_into().map(Some).map_err(D::Error::custom) }
}

/// The address of a server, as libpq writes it: `postgres://USER:PASSWORD@HOST:PORT,HOST:PORT/NAME?sslmode=require`.
/// <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS>
///
/// What is shown of it has no password.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct DatabaseUrl {
    parsed: Box<tokio_postgres::Config>,
    /// The same without the password.
    shown: String,
}

impl DatabaseUrl {
    /// What it says.
    pub fn parsed(&self) -> &tokio_postgres::Config {
        &self.parsed
    }
}

impl TryFrom<String> for DatabaseUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let expected = "expected \"postgres://USER@HOST/NAME\"";
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(expected.to_owned());
        }
        // The parser's own message may have a part of the password in it.
        let parsed =
            tokio_postgres::Config::from_str(&text).map_err(|error| match std::error::Error::source(&error) {
                Some(source) if source.to_string().starts_with("unknown option") && without_at(&text) => {
                    format!("{expected}: {source}")
                }
                _ => expected.to_owned(),
            })?;
        let lacks = |what| format!("{expected}, found none of {what}");
        if parsed.get_user().is_none() {
            return Err(lacks("USER"));
        }
        if parsed.get_dbname().is_none() {
            return Err(lacks("NAME"));
        }
        if parsed.get_hosts().is_empty() {
            return Err(lacks("HOST"));
        }
        if parsed.get_hosts().iter().any(|host| matches!(host, Host::Tcp(name) if name.contains('@'))) {
            return Err(format!("{expected}: write an @ in the password as %40"));
        }
        let shown = without_password(&text);
        Ok(Self { parsed: Box::new(parsed), shown })
    }
}

/// Whether what comes behind the question mark can be no part of a password.
fn without_at(url: &str) -> bool {
    url.split_once('?').is_some_and(|(_, options)| !options.contains('@'))
}

/// The address as it was written, but for the password, which may be in two places.
fn without_password(url: &str) -> String {
    let (address, options) = url.split_once('?').unwrap_or((url, ""));
    let shown = match address.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.split_once('@')?))) {
        Some((scheme, (user, rest))) => {
            format!("{scheme}://{}@{rest}", user.split_once(':').map_or(user, |(user, _)| user))
        }
        None => address.to_owned(),
    };
    let options: Vec<_> = options.split('&').filter(|option| !option.starts_with("password=")).collect();
    match options.join("&") {
        none if none.is_empty() => shown,
        options => format!("{shown}?{options}"),
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use crate::config::load::parse;

    /// What is shown of an address has no password, and neither have errors.
    #[test]
    fn passwords() {
        for (url, shown) in [
            ("postgres://flaskr:hidden@db.example.org/flaskr", "postgres://flaskr@db.example.org/flaskr"),
            (
                "postgresql://flaskr:hidden@a:5433,b:5434/blog?sslmode=require",
                "postgresql://flaskr@a:5433,b:5434/blog?sslmode=require",
            ),
            ("postgres://flaskr@%2Frun%2Fpostgresql/flaskr", "postgres://flaskr@%2Frun%2Fpostgresql/flaskr"),
            ("postgres://flaskr@/flaskr?host=/run/postgresql", "postgres://flaskr@/flaskr?host=/run/postgresql"),
            (
                "postgres://flaskr@db/flaskr?password=hidden&sslmode=disable",
                "postgres://flaskr@db/flaskr?sslmode=disable",
            ),
            ("postgres://flaskr:hid%40den@db/flaskr", "postgres://flaskr@db/flaskr"),
        ] {
            let config = parse(&format!("[database]\nurl = \"{url}\"")).unwrap();
            let found = config.database.url.unwrap();
            assert_eq!((found.to_string().as_str(), format!("{found:?}").as_str()), (shown, shown));
            let again = parse(&format!("[database]\nurl = \"{shown}\"")).unwrap().database.url.unwrap();
            assert_eq!(again.parsed().get_hosts(), found.parsed().get_hosts());
        }
        for (url, expected) in [
            ("sqlite:hidden", "expected \"postgres://USER@HOST/NAME\""),
            ("postgres://flaskr:hidden@db:port/flaskr", "expected \"postgres://USER@HOST/NAME\""),
            ("postgres://flaskr:p@hidden@db/flaskr", "write an @ in the password as %40"),
            ("postgres://flaskr:p@hidden?hidden=x@db/flaskr", "expected \"postgres://USER@HOST/NAME\""),
            ("postgres://db/flaskr", "found none of USER"),
            ("postgres://flaskr:hidden@db", "found none of NAME"),
            ("postgres://flaskr@db/flaskr?sslrootcert=x", "unknown option `sslrootcert`"),
        ] {
            let error = parse(&format!("[database]\nurl = \"{url}\"")).unwrap_err();
            assert!(error.contains(expected) && !error.contains("hidden"), "{url}: {error}");
        }
    }
}
