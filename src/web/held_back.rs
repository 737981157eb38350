//! Answers that are not sent at once, since whoever gets them would ask anew at once.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use warp::http::StatusCode;
use warp::reply::Response;

use super::outcome;

/// How long an answer that there is too much to do, or were too many attempts, is held back: one second, or up to two.
/// Whoever is told to come back later is told later, else a flood of them would do nothing but ask anew; and not all at
/// once, else they would come back so. Nothing but the connection waits.
pub(super) fn pause() -> Duration {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    // 37 and 64 have no common factor: those who come together are spread out.
    let share = COUNT.fetch_add(37, Ordering::Relaxed) % 64;
    Duration::from_secs(1) + Duration::from_secs(1) * share / 64
}

/// Whether it says that there is too much to do, or were too many attempts. A health check is told at once: it comes
/// again when it comes.
pub(super) fn is(response: &Response) -> bool {
    matches!(response.status(), StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS)
        && !outcome::is_check(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::health::Check;

    /// Who is told to come back waits for that, and a health check does not.
    #[test]
    fn who_waits() {
        let response = |status| {
            let mut response = Response::default();
            *response.status_mut() = status;
            response
        };
        assert!(is(&response(StatusCode::SERVICE_UNAVAILABLE)) && is(&response(StatusCode::TOO_MANY_REQUESTS)));
        assert!(!is(&response(StatusCode::INTERNAL_SERVER_ERROR)));
        let mut check = response(StatusCode::SERVICE_UNAVAILABLE);
        check.extensions_mut().insert(Check);
        assert!(!is(&check));
    }
}
