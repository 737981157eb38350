//! What the log says.

use serde::{Deserialize, Serialize};

/// The log: `[log]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// Least important lines that are written.
    pub level: LogLevel,
    /// Whether there is a line for each request.
    pub access: bool,
}

/// How important a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Something is broken.
    Error,
    /// Something may break, or is not as it should be.
    Warn,
    /// What happened.
    #[default]
    Info,
    /// For whoever looks for a fault of the program.
    Debug,
}

#[cfg(test)]
mod tests {
    use crate::config::load::parse;

    /// A level that there is not is refused with those that there are.
    #[test]
    fn levels() {
        for level in ["error", "warn", "info", "debug"] {
            assert!(parse(&format!("[log]\nlevel = \"{level}\"")).is_ok(), "{level}");
        }
        let error = parse("[log]\nlevel = \"notice\"").unwrap_err();
        let expected =
            "config.toml:2: log.level: unknown variant `notice`, expected one of `error`, `warn`, `info`, `debug`";
        assert_eq!(error, expected);
    }
}
