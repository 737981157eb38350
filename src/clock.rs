//! The time, as a parameter: read at the edge, so that a test can set it.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;

/// Tells the time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::new(Timestamp::now)
    }

    /// A clock that a test sets.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// A time as the column `created` of a post has it: UTC, like SQLite's `CURRENT_TIMESTAMP`.
pub fn as_text(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A time for programs, to the second (RFC 3339).
pub fn as_rfc3339(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Whether this is a time for the name of a file, or one with a number behind it, where that name was taken.
pub fn is_file_name(text: &str) -> bool {
    let (time, number) = text.split_once('-').map_or((text, None), |(time, number)| (time, Some(number)));
    let is_time = time.len() == 16 && DateTime::strptime("%Y%m%dT%H%M%SZ", time).is_ok();
    is_time && number.is_none_or(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A time for the name of a file.
pub fn as_file_name(time: Timestamp) -> String {
    time.strftime("%Y%m%dT%H%M%SZ").to_string()
}
