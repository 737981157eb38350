//! Reads the settings from all their sources.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::{Config, Loaded};

/// The config file that is read when none is named and this one exists.
pub(super) const SYSTEM_FILE: &str = "/etc/flaskr/config.toml";

/// What the names of environment variables begin with.
const ENVIRONMENT_PREFIX: &str = "FLASKR_";

/// A setting that is wrong: one line that says where, what, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// A setting from outside the config file.
#[derive(Clone, Debug)]
pub struct Override {
    /// What the user wrote, for messages: `FLASKR_LISTEN`, `--listen`.
    origin: String,
    /// The key, after its section if it has one: `limits.form_bytes_max`.
    key: String,
    value: String,
}

impl Override {
    /// A setting from the command line.
    pub fn option(key: &str, value: String) -> Self {
        Self { origin: format!("--{key}"), key: key.to_owned(), value }
    }

    /// A setting from the environment, if the variable is one.
    fn variable(name: &str, value: String) -> Option<Self> {
        let name_of_key = name.strip_prefix(ENVIRONMENT_PREFIX)?.to_ascii_lowercase();
        let in_section = |section: &str| {
            let key = name_of_key.strip_prefix(section)?.strip_prefix('_')?;
            Some(format!("{section}.{key}"))
        };
        let defaults = Table::try_from(Config::default()).unwrap_or_default();
        let mut sections = defaults.iter().filter(|(_, value)| value.is_table());
        let key = sections.find_map(|(section, _)| in_section(section)).unwrap_or(name_of_key);
        Some(Self { origin: name.to_owned(), key, value })
    }
}

/// Loads the settings: from `file` if one is named, else from the system's if it exists, then the environment's
/// `FLASKR_*`, then the command line's `options`.
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    options: Vec<Override>,
) -> Result<Loaded, Error> {
    let file = file.map(Path::to_owned).or_else(|| Some(PathBuf::from(SYSTEM_FILE)).filter(|file| file.exists()));
    let table = file.as_deref().map(read).transpose()?.unwrap_or_default();
    let mut variables =
        environment.into_iter().filter_map(|(name, value)| variable(&name, value)).collect::<Result<Vec<_>, _>>()?;
    variables.sort_by(|a, b| a.origin.cmp(&b.origin)); // the environment has no order, messages should
    variables.extend(options);
    let config = overlay(table, &variables)?;
    Ok(Loaded { config, file })
}

/// A variable of the environment as a setting, if its name says it is one.
fn variable(name: &OsStr, value: OsString) -> Option<Result<Override, Error>> {
    let name = name.to_str()?;
    match value.into_string() {
        Ok(value) => Override::variable(name, value).map(Ok),
        Err(_) if name.starts_with(ENVIRONMENT_PREFIX) => Some(Err(Error(format!("{name}: expected text in UTF-8")))),
        Err(_) => None,
    }
}

/// Reads a config file, and checks it on its own, while a mistake still has a line.
fn read(file: &Path) -> Result<Table, Error> {
    let text = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
    check(file, &text)?;
    text.parse().map_err(|error: toml::de::Error| at(file, &text, "", &error))
}

fn unreadable(file: &Path, error: &io::Error) -> Error {
    Error(format!("cannot read the config file {}: {error}", file.display()))
}

fn check(file: &Path, text: &str) -> Result<Config, Error> {
    let deserializer = toml::Deserializer::parse(text).map_err(|error| at(file, text, "", &error))?;
    serde_path_to_error::deserialize(deserializer)
        .map_err(|error| at(file, text, &error.path().to_string(), error.inner()))
}

/// A mistake in a file: `FILE:LINE: KEY: MESSAGE`.
fn at(file: &Path, text: &str, key: &str, error: &toml::de::Error) -> Error {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
    let key = Some(key).filter(|key| !key.is_empty() && *key != ".").map(|key| format!("{key}: ")).unwrap_or_default();
    Error(format!("{}:{line}: {key}{}", file.display(), one_line(error.message())))
}

fn one_line(message: &str) -> String {
    message.lines().collect::<Vec<_>>().join(", ")
}

fn overlay(mut table: Table, overrides: &[Override]) -> Result<Config, Error> {
    for setting in overrides {
        put(&mut table, setting);
    }
    serde_path_to_error::deserialize(table).map_err(|error| {
        let path = error.path().to_string();
        let blamed = |setting: &&Override| path == setting.key || path.starts_with(&format!("{}[", setting.key));
        let origin = overrides.iter().rev().find(blamed).map_or(path.as_str(), |setting| &setting.origin);
        Error(format!("{origin}: {}", one_line(error.inner().message())))
    })
}

/// Puts a setting in its place, as a value of the type that its default has.
fn put(table: &mut Table, setting: &Override) {
    let defaults = Table::try_from(Config::default()).unwrap_or_default();
    match setting.key.split_once('.') {
        None => {
            table.insert(setting.key.clone(), typed(&setting.value, defaults.get(&setting.key)));
        }
        Some((section, key)) => {
            let default = defaults.get(section).and_then(|section| section.get(key));
            let section = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(section) = section {
                section.insert(key.to_owned(), typed(&setting.value, default));
            }
        }
    }
}

/// Text as the type of `like`; a list is written with commas. What does not fit stays text, and is refused later.
fn typed(text: &str, like: Option<&Value>) -> Value {
    let string = || Value::String(text.to_owned());
    match like {
        Some(Value::Integer(_)) => text.parse().map_or_else(|_| string(), Value::Integer),
        Some(Value::Boolean(_)) => text.parse().map_or_else(|_| string(), Value::Boolean),
        Some(Value::Array(_)) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Value::Array(items.map(|item| Value::String(item.to_owned())).collect())
        }
        _ => string(),
    }
}

/// Checks the text of a config file as [`load`] would, without the environment.
#[cfg(test)]
pub(super) fn parse(text: &str) -> Result<Config, String> {
    check(Path::new("config.toml"), text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Listen;

    fn from_environment(pairs: &[(&str, &str)]) -> Result<Config, String> {
        let overrides: Vec<_> =
            pairs.iter().filter_map(|(name, value)| Override::variable(name, (*value).to_owned())).collect();
        overlay(Table::new(), &overrides).map_err(|error| error.to_string())
    }

    /// Each mistake is told with its line, its key and what was expected.
    #[test]
    fn mistakes_in_a_file() {
        for (text, message) in [
            ("listen = 8080", "config.toml:1: listen: invalid type: integer `8080`, expected a string"),
            (
                "\nlisten = \"8080\"",
                "config.toml:2: listen: expected \"ADDRESS:PORT\", \"[IPV6]:PORT\" or \"unix:/PATH\", found \"8080\" (names are not looked up)",
            ),
            (
                "trusted_proxies = [\n\"::1\",\n\"10.0.0.0/33\"]",
                "config.toml:1: trusted_proxies[1]: expected an address, a network such as \"10.0.0.0/8\", or \"unix\", found \"10.0.0.0/33\"",
            ),
            (
                "[limits]\nform_bytes_max = 5",
                "config.toml:2: limits.form_bytes_max: invalid value: integer `5`, expected a whole number from 1024 to 1073741824",
            ),
            (
                "[limits]\nform_bytes_max = \"1 MB\"",
                "config.toml:2: limits.form_bytes_max: invalid type: string \"1 MB\", expected a whole number from 1024 to 1073741824",
            ),
            ("listen = ", "config.toml:1: string values must be quoted, expected literal string"),
        ] {
            assert_eq!(parse(text), Err(message.to_owned()));
        }
        let unknown = parse("listne = \"x\"").unwrap_err();
        assert!(
            unknown.starts_with("config.toml:1: listne: unknown field `listne`, expected one of `listen`"),
            "{unknown}"
        );
    }

    /// A variable sets any key, in a section too.
    #[test]
    fn environment() {
        let config = from_environment(&[
            ("FLASKR_LISTEN", "[::1]:80"),
            ("FLASKR_INSTANCE", "2024"),
            ("FLASKR_TRUSTED_PROXIES", "10.0.0.0/8, unix"),
            ("FLASKR_LIMITS_FORM_BYTES_MAX", "2048"),
            ("OTHER", "x"),
        ])
        .unwrap();
        assert_eq!(config.listen, Listen::Tcp("[::1]:80".parse().unwrap()));
        assert_eq!(config.instance, Path::new("2024"));
        assert_eq!(config.trusted_proxies.len(), 2);
        assert_eq!(config.limits.form_bytes_max, 2048);
    }

    /// A mistake in a variable is told with the variable's name.
    #[test]
    fn mistakes_in_the_environment() {
        for (name, value, message) in [
            ("FLASKR_LIMITS_FORM_BYTES_MAX", "1 MB", "FLASKR_LIMITS_FORM_BYTES_MAX: invalid type: string \"1 MB\""),
            ("FLASKR_LISTNE", "x", "FLASKR_LISTNE: unknown field `listne`"),
            ("FLASKR_TRUSTED_PROXIES", "::1,x", "FLASKR_TRUSTED_PROXIES: expected an address"),
            ("FLASKR_BASE_URL", "", "FLASKR_BASE_URL: expected \"https://HOST\""),
        ] {
            let error = from_environment(&[(name, value)]).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }

    /// The command line wins over the environment, the environment over the file.
    #[test]
    fn later_wins() {
        let file = "listen = \"unix:/file\"\ninstance = \"file\"\nsecret_key_file = \"file\"".parse().unwrap();
        let overrides = [
            Override::variable("FLASKR_LISTEN", "unix:/variable".into()).unwrap(),
            Override::variable("FLASKR_INSTANCE", "variable".into()).unwrap(),
            Override::option("listen", "unix:/option".into()),
        ];
        let config = overlay(file, &overrides).unwrap();
        assert_eq!(config.listen, Listen::Unix("/option".into()));
        assert_eq!(config.instance, Path::new("variable"));
        assert_eq!(config.secret_key_file.as_deref(), Some(Path::new("file")));
    }
}
