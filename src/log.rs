//! Where log lines go: to the journal with their fields, or to standard error as lines to read.

use std::env;
use std::io::{IsTerminal, stderr};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;

use tracing::{Level, error};
use tracing_journald::{Priority, PriorityMappings};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Least important level that is logged.
const LEVEL: Level = Level::INFO;

/// Sends the program's log where it belongs.
pub fn init() {
    let filter = LevelFilter::from_level(LEVEL);
    match journal() {
        Some(journal) => tracing_subscriber::registry().with(filter).with(journal).init(),
        None if stderr().is_terminal() => {
            tracing_subscriber::fmt()
                .with_max_level(LEVEL)
                .with_writer(stderr)
                .with_target(false)
                .without_time()
                .init();
        }
        None => tracing_subscriber::fmt()
            .with_max_level(LEVEL)
            .with_writer(stderr)
            .with_target(false)
            .with_ansi(false)
            .init(),
    }
    std::panic::set_hook(Box::new(|panic| error!("{panic}")));
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
