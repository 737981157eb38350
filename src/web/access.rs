//! The access log: one line for each request that was answered here, if the settings want it.

use std::fmt;
use std::time::Duration;

use hyper::Response;
use hyper::body::Body;
use tracing::info;
use warp::http::Method;
use warp::http::header::CONTENT_LENGTH;

use super::arrival::Arrival;
use super::client;

/// What became of a request, as its line says it.
struct Outcome {
    status: Option<u16>,
    /// Bytes of the body that is sent, if they are known before it is.
    bytes: Option<u64>,
    took: Duration,
}

/// Writes the line of a request of this user's; without a response the client has gone away before there was one.
pub(super) fn log<B: Body>(arrival: &Arrival, user_id: Option<i64>, response: Option<&Response<B>>) {
    let outcome = Outcome {
        status: response.map(|response| response.status().as_u16()),
        bytes: response.and_then(|response| bytes_sent(&arrival.method, response)),
        took: arrival.at.elapsed(),
    };
    info!(
        request_id = arrival.id(),
        client = arrival.client.map(tracing::field::display),
        user_id,
        method = %arrival.method(),
        path = %arrival.path(),
        status = outcome.status,
        duration_us = u64::try_from(outcome.took.as_micros()).unwrap_or(u64::MAX),
        "{} {} {outcome} {}",
        arrival.method(),
        arrival.path(),
        client::shown(arrival.client),
    );
}

fn bytes_sent<B: Body>(method: &Method, response: &Response<B>) -> Option<u64> {
    if *method == Method::HEAD {
        return Some(0);
    }
    let announced = || response.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok();
    response.body().size_hint().exact().or_else(announced)
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            Some(status) => write!(f, "{status} ")?,
            None => f.write_str("gone ")?,
        }
        match self.bytes {
            Some(bytes) => write!(f, "{bytes} B ")?,
            None => f.write_str("- B ")?,
        }
        // To the tenth of a millisecond.
        let tenths = self.took.as_micros() / 100;
        write!(f, "{}.{} ms", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Status, length and time, or what is known of them.
    #[test]
    fn outcomes() {
        let outcome = |status, bytes, us| Outcome { status, bytes, took: Duration::from_micros(us) }.to_string();
        assert_eq!(outcome(Some(200), Some(1234), 450), "200 1234 B 0.4 ms");
        assert_eq!(outcome(Some(304), Some(0), 99), "304 0 B 0.0 ms");
        assert_eq!(outcome(Some(200), None, 1_234_567), "200 - B 1234.5 ms");
        assert_eq!(outcome(None, None, 10_000), "gone - B 10.0 ms");
    }
}
