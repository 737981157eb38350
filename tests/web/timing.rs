//! Nobody learns from the time an answer takes who has an account.

use std::time::{Duration, Instant};

use flaskr::config::RegistrationMode;

use crate::site::{Site, Visitor};

/// Attempts with each name.
const ATTEMPTS: usize = 40;

async fn attempt(visitor: &Visitor<'_>, username: &str) -> Duration {
    let start = Instant::now();
    assert_eq!(visitor.login(username, "wrong").await.status(), 200);
    start.elapsed()
}

/// The fastest tenths for a user, a disabled user and nobody are apart by less than a fifth: without the decoy, nobody's
/// is a fiftieth. The attempts take turns, and the fastest are those that nothing else on the machine got in the way of.
#[tokio::test]
async fn known_and_unknown_names() {
    let site = Site::with(|config| {
        config.registration = RegistrationMode::Closed;
        config.password.memory_kib = 19 * 1024;
    });
    for username in ["test", "other"] {
        site.login(username).await; // whose hash is of the current kind from now on
    }
    site.execute("INSERT INTO disabled_user VALUES (2, 0)");
    let visitor = site.visitor();
    let mut times = ["test", "other", "nobody"].map(|username| (username, Vec::new()));
    for _ in 0..ATTEMPTS {
        for (username, times) in &mut times {
            times.push(attempt(&visitor, username).await);
        }
    }
    let fastest = times.map(|(_, mut times)| {
        times.sort_unstable();
        times[ATTEMPTS / 10].as_secs_f64()
    });
    let spread = fastest.iter().copied().fold(0.0, f64::max) / fastest.iter().copied().fold(f64::MAX, f64::min);
    assert!(spread < 1.2, "{fastest:?}");
}
