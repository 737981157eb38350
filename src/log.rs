//! Where log lines go: to the journal with their fields, or to standard error as lines to read.

use std::env;
use std::io::{IsTerminal, stderr};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::sync::OnceLock;

use tracing::error;
use tracing_journald::{Priority, PriorityMappings};
use tracing_subscriber::Registry;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::reload::{self, Handle};
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::LogLevel;

/// What decides which lines are written, so that it can be set once the settings are known.
static FILTER: OnceLock<Handle<Targets, Registry>> = OnceLock::new();

/// Sends the program's log where it belongs. Until [`set_level`] says otherwise, lines are written as by default.
pub fn init() {
    let (filter, handle) = reload::Layer::new(filter(LogLevel::default()));
    let lines = || tracing_subscriber::fmt::layer().with_writer(stderr).with_target(false);
    let registry = tracing_subscriber::registry().with(filter);
    match journal() {
        Some(journal) => registry.with(journal).init(),
        None if stderr().is_terminal() => registry.with(lines().without_time()).init(),
        None => registry.with(lines().with_ansi(false)).init(),
    }
    let _ = FILTER.set(handle); // there is one log, which `init` above has made sure of
    std::panic::set_hook(Box::new(|panic| error!("{panic}")));
}

/// From now on writes lines of this level, and more important ones.
pub fn set_level(level: LogLevel) {
    if let Some(handle) = FILTER.get()
        && let Err(error) = handle.reload(filter(level))
    {
        error!(%error, "cannot set the level of the log");
    }
}

/// Of the crates that this program is made of nothing below a warning is written: what they say in detail may be what a
/// client sent.
fn filter(level: LogLevel) -> Targets {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    Targets::new().with_default(level.min(LevelFilter::WARN)).with_target(env!("CARGO_PKG_NAME"), level)
}

/// The journal, if standard error is connected to it: a redirected one is where the user wants the lines.
/// <https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#%24JOURNAL_STREAM>
fn journal() -> Option<tracing_journald::Layer> {
    let stream = env::var("JOURNAL_STREAM").ok()?;
    let file = std::fs::File::from(stderr().as_fd().try_clone_to_owned().ok()?).metadata().ok()?;
    if stream != format!("{}:{}", file.dev(), file.ino()) {
        return None;
    }
    let priorities = PriorityMappings {
        error: Priority::Error,
        warn: Priority::Warning,
        info: Priority::Informational,
        debug: Priority::Debug,
        trace: Priority::Debug,
    };
    let layer = tracing_journald::layer().ok()?;
    Some(layer.with_field_prefix(None).with_syslog_identifier("flaskr".to_owned()).with_priority_mappings(priorities))
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    /// Others' lines are written from a warning on, ours as is set.
    #[test]
    fn levels() {
        let writes = |set, target, level: Level| filter(set).would_enable(target, &level);
        assert!(writes(LogLevel::Debug, "flaskr::web", Level::DEBUG));
        assert!(!writes(LogLevel::Debug, "warp::filters", Level::INFO));
        assert!(writes(LogLevel::Info, "warp::filters", Level::WARN));
        assert!(writes(LogLevel::Info, "flaskr", Level::INFO));
        assert!(!writes(LogLevel::Warn, "flaskr::web", Level::INFO));
        assert!(!writes(LogLevel::Error, "flaskr::web", Level::WARN));
        assert!(!writes(LogLevel::Error, "warp::filters", Level::WARN));
    }
}
