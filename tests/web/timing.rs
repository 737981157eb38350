//! Nobody learns from the time an answer takes who has an account.

use std::time::{Duration, Instant};

use flaskr::config::RegistrationMode;

use crate::site::{Site, Visitor};

/// Attempts with each name.
const ATTEMPTS: usize = 50;

/// So many standard deviations come about by chance once in 15,000 times. Without the decoy there are far more.
const DEVIATIONS_MAX: f64 = 4.0;

async fn attempt(visitor: &Visitor<'_>, username: &str) -> Duration {
    let start = Instant::now();
    assert_eq!(visitor.login(username, "wrong").await.status(), 200);
    start.elapsed()
}

/// By how many standard deviations the one's times are longer than the other's: the rank sum test of Mann and Whitney,
/// which asks nothing of how times are distributed, and so does not mind a busy machine.
fn deviations(ones: &[Duration], others: &[Duration]) -> f64 {
    let pairs = ones.iter().flat_map(|one| others.iter().map(move |other| one > other));
    let longer = pairs.filter(|is_longer| *is_longer).count();
    let (n, m) = (ones.len(), others.len());
    let [longer, product, sum] = [longer, n * m, n + m + 1].map(|count| f64::from(u32::try_from(count).unwrap()));
    (longer - product / 2.0) / (product * sum / 12.0).sqrt()
}

/// A wrong password takes as long for a user and for a disabled one as for nobody. The attempts take turns in every
/// order.
#[tokio::test]
async fn known_and_unknown_names() {
    let site = Site::with(|config| {
        config.registration = RegistrationMode::Closed;
        config.password.memory_kib = 16 * 1024;
    });
    for username in ["test", "other"] {
        site.login(username).await; // whose hash is of the current kind from now on
    }
    site.execute("INSERT INTO disabled_user VALUES (2, 0)");
    let visitor = site.visitor();
    let mut times = ["test", "other", "nobody"].map(|username| (username, Vec::new()));
    for round in 0..ATTEMPTS {
        for turn in 0..times.len() {
            let (username, times) = &mut times[(round + turn) % 3];
            times.push(attempt(&visitor, username).await);
        }
    }
    let [user, disabled, nobody] = times.map(|(_, times)| times);
    for known in [user, disabled] {
        let deviations = deviations(&known, &nobody);
        assert!(deviations.abs() < DEVIATIONS_MAX, "{deviations}: {known:?} {nobody:?}");
    }
}
