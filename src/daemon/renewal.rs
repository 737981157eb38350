//! Has the certificate of an authority renewed in time, for as long as the settings name a domain.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;
use tracing::{error, info, warn};

use crate::clock::Clock;
use crate::config::{Acme, Certificate};
use crate::tls::{Order, Resolver, renewal};
use crate::web::server::Live;

/// Longest time until the certificate is looked at again: the clock may have been set.
const LOOK_AGAIN: Duration = Duration::from_hours(12);

/// Pauses after the first failure and, each twice as long as the one before, after the next: authorities allow few in an
/// hour.
const FIRST_PAUSE: Duration = Duration::from_mins(5);

/// Looks after the certificate of what is live, for ever.
pub(super) async fn renew_always(
    live: Arc<Live>,
    resolver: Arc<Resolver>,
    settings_changed: Arc<Notify>,
    clock: Clock,
) {
    let mut pause_after_failure = FIRST_PAUSE;
    loop {
        let app = live.app();
        let pause = match &app.config().tls.certificate {
            Some(Certificate::Acme(acme)) => match look(acme, &app.config().instance, &resolver, &clock).await {
                Ok(pause) => {
                    pause_after_failure = FIRST_PAUSE;
                    pause
                }
                Err(why) => {
                    let minutes = pause_after_failure.as_secs() / 60;
                    error!("no certificate for {}: {why}; trying again in {minutes} minutes", acme.domain);
                    let pause = pause_after_failure;
                    pause_after_failure = (pause * 2).min(LOOK_AGAIN);
                    pause
                }
            },
            _ => LOOK_AGAIN,
        };
        drop(app);
        let _ = timeout(pause, settings_changed.notified()).await; // Err: nobody has reloaded
    }
}

/// Renews a certificate if it is time to. Says when to look again.
async fn look(
    acme: &Acme,
    instance: &Path,
    resolver: &Resolver,
    clock: &Clock,
) -> Result<Duration, Box<dyn std::error::Error + Send + Sync>> {
    let order = Order::new(acme, instance);
    let kept = order.take_kept(resolver).unwrap_or_else(|error| {
        warn!("the certificate of before is of no use, and is ordered anew: {error}");
        None
    });
    let validity = if let Some(validity) = kept.filter(|validity| clock.now() < renewal(*validity)) {
        validity
    } else {
        let validity = order.renew(resolver).await?;
        info!("there is a certificate for {} until {}", acme.domain, validity.until);
        validity
    };
    let left = renewal(validity).duration_since(clock.now());
    Ok(Duration::try_from(left).unwrap_or_default().clamp(Duration::from_secs(1), LOOK_AGAIN))
}
