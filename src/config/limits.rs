//! Numbers that can be set, each within a range that works.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// What one client, and all of them, may use: `[limits]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Most bytes of a request's line and header. Past it: 431.
    #[serde(deserialize_with = "between::<8192, 1_048_576, _, _>")]
    pub header_bytes_max: usize,
    /// Most bytes of a submitted form. Past it: 413.
    #[serde(deserialize_with = "between::<1024, 1_073_741_824, _, _>")]
    pub form_bytes_max: usize,
    /// Most bytes of the files in a form of a user's. Of one that is too much, the form shows it.
    #[serde(deserialize_with = "between::<1024, 1_073_741_824, _, _>")]
    pub upload_bytes_max: usize,
    /// Most bytes of forms that arrive and answers that leave, all together. Past it the slowest give way, else: 503.
    #[serde(deserialize_with = "between::<1_048_576, 4_294_967_295, _, _>")]
    pub in_flight_bytes_max: u32,
    /// Most bytes of pages that are kept for those who ask next. 0 keeps none.
    #[serde(deserialize_with = "between::<0, 4_294_967_296, _, _>")]
    pub cache_bytes_max: usize,
    /// Most connections at a time. For further ones the oldest give way.
    #[serde(deserialize_with = "between::<1, 1_000_000, _, _>")]
    pub connections_max: usize,
    /// Most connections of one address (IPv6: one /64) at a time. Further ones are closed.
    #[serde(deserialize_with = "between::<1, 1_000_000, _, _>")]
    pub connections_per_client_max: usize,
    /// Longest wait for a whole header, and for the next request, in seconds.
    #[serde(deserialize_with = "between::<1, 3600, _, _>")]
    pub header_seconds_max: u64,
    /// Longest wait for a whole form, in seconds. Past it: 408.
    #[serde(deserialize_with = "between::<1, 3600, _, _>")]
    pub form_seconds_max: u64,
    /// Longest wait for a whole form with files, in seconds. Past it: 408.
    #[serde(deserialize_with = "between::<1, 3600, _, _>")]
    pub upload_seconds_max: u64,
    /// Longest wait for a client that takes nothing of its answer, in seconds.
    #[serde(deserialize_with = "between::<1, 3600, _, _>")]
    pub write_seconds_max: u64,
    /// Longest wait for requests under way when the daemon stops, in seconds.
    #[serde(deserialize_with = "between::<0, 3600, _, _>")]
    pub drain_seconds_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_bytes_max: 16 * 1024,
            form_bytes_max: 1024 * 1024,
            upload_bytes_max: 20 * 1024 * 1024,
            in_flight_bytes_max: 128 * 1024 * 1024,
            cache_bytes_max: 16 * 1024 * 1024,
            connections_max: 12_000,
            connections_per_client_max: 256,
            header_seconds_max: 10,
            form_seconds_max: 30,
            upload_seconds_max: 300,
            write_seconds_max: 30,
            drain_seconds_max: 10,
        }
    }
}

/// Reads a whole number within a range.
pub(super) fn between<'de, const MIN: u64, const MAX: u64, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: TryFrom<u64>,
    D: Deserializer<'de>,
{
    let number = deserializer.deserialize_i64(Between::<MIN, MAX>)?;
    T::try_from(number).map_err(|_| D::Error::invalid_value(Unexpected::Unsigned(number), &Between::<MIN, MAX>))
}

struct Between<const MIN: u64, const MAX: u64>;

impl<const MIN: u64, const MAX: u64> Visitor<'_> for Between<MIN, MAX> {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from {MIN} to {MAX}")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<u64, E> {
        let wrong = || E::invalid_value(Unexpected::Signed(number), &self);
        u64::try_from(number).ok().filter(|number| (MIN..=MAX).contains(number)).ok_or_else(wrong)
    }
}
