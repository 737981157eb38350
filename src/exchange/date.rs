//! Dates, as the programs that write posts into files write them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

/// Jekyll's way, with the offset apart, and with or without seconds.
const APART: [&str; 3] = ["%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M %z", "%Y-%m-%d %H:%M:%S %:z"];

/// The time that a text says; UTC where it does not say more.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let utc = |time: DateTime| TimeZone::UTC.to_timestamp(time).ok();
    let day = || utc(text.parse::<Date>().ok()?.at(0, 0, 0, 0));
    let apart = || APART.iter().find_map(|format| strtime::parse(format, text).ok()?.to_timestamp().ok());
    text.parse().ok().or_else(apart).or_else(|| utc(text.parse().ok()?)).or_else(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The dates of Hugo, Jekyll, WordPress and ours.
    #[test]
    fn dates() {
        for (text, seconds) in [
            ("2018-01-01", Some(1_514_764_800)),
            ("2018-01-01 00:00:00", Some(1_514_764_800)),
            ("2018-01-01 00:00", Some(1_514_764_800)),
            ("2018-01-01T00:00:00", Some(1_514_764_800)),
            ("2018-01-01T00:00:00Z", Some(1_514_764_800)),
            ("2018-01-01T09:00:00+09:00", Some(1_514_764_800)),
            ("2018-01-01 09:00:00+09:00", Some(1_514_764_800)),
            ("2018-01-01 09:00:00 +0900", Some(1_514_764_800)),
            ("2018-01-01 09:00 +0900", Some(1_514_764_800)),
            ("2018-01-01 09:00:00 +09:00", Some(1_514_764_800)),
            ("0000-00-00 00:00:00", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(parse(text).map(Timestamp::as_second), seconds, "{text}");
        }
    }
}
