//! Whether the clock can be right.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::finding::Finding;
use crate::admin::output;

/// The year of this version, before which no clock is right.
const RELEASED_YEAR: i16 = 2026;

/// How far a session may be in the future, in seconds: clocks are set by less than that.
const FUTURE_SECONDS_MAX: i64 = 60 * 60;

/// Looks at the clock itself.
pub(super) fn look(now: Timestamp) -> Finding {
    if now.to_zoned(TimeZone::UTC).year() >= RELEASED_YEAR {
        return Finding::well("clock", format!("{} UTC", output::time(now)));
    }
    let message = format!(
        "it says {} UTC, which is before this program was made: set it, for example with `timedatectl set-ntp true`",
        output::time(now)
    );
    Finding::fault("clock", message)
}

/// Looks at what was written while it was wrong.
pub(super) fn in_the_future(
    now: Timestamp,
    newest_session: Option<Timestamp>,
    newest_post: Option<Timestamp>,
) -> Vec<Finding> {
    let is_future = |time: &Timestamp| time.as_second() - now.as_second() > FUTURE_SECONDS_MAX;
    let session = newest_session.filter(is_future).map(|time| {
        let message = format!(
            "somebody was seen at {} UTC, which is still to come: the clock is wrong (`timedatectl set-ntp true`), or was \
             wrong then; `flaskr-admin user logout --all` ends the sessions of that time, which else last too long",
            output::time(time)
        );
        Finding::fault("clock", message)
    });
    let post = newest_post.filter(is_future).map(|time| {
        let message = format!(
            "a post is of {} UTC, which is still to come: it stays the first until then; `flaskr-admin post list` shows it",
            output::time(time)
        );
        Finding::note("clock", message)
    });
    session.into_iter().chain(post).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The year is the one of the last entry in the changelog.
    #[test]
    fn year_of_this_version() {
        let changelog = include_str!("../../../debian/changelog");
        let signed = changelog.lines().find(|line| line.starts_with(" -- ")).unwrap();
        assert!(signed.contains(&format!(" {RELEASED_YEAR} ")), "{signed}");
    }
}
