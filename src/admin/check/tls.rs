//! Whether there is a certificate to serve the site over https with, and for how long.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::finding::Finding;
use crate::admin::output;
use crate::config::{Certificate, Config};
use crate::tls::{self, Order, Resolver, Validity};

const ABOUT: &str = "tls";

/// What is left of a certificate when somebody has to hear of it: those who renew have done so long before.
const LEFT_MIN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Looks at it as the daemon's user.
pub(super) fn look(config: &Config, now: Timestamp) -> Option<Finding> {
    Some(match config.tls.certificate.as_ref()? {
        Certificate::Files { cert, .. } => {
            let read = tls::server_config(&config.tls, &Arc::default()).and_then(|_| tls::validity_of(cert));
            match read {
                Ok(validity) => lasts(validity, now, "renew it, then `systemctl reload flaskr`"),
                Err(error) => Finding::fault(ABOUT, format!("{error}; mend it, or change `cert` and `key`")),
            }
        }
        // What is of no use there the daemon orders anew.
        Certificate::Acme(acme) => match Order::new(acme, &config.instance).take_kept(&Resolver::default()) {
            Ok(Some(validity)) => lasts(validity, now, "`journalctl -u flaskr` says why the daemon has got no other"),
            _ => Finding::note(ABOUT, format!("no certificate for {} yet: the daemon orders one", acme.domain)),
        },
    })
}

fn lasts(Validity { from, until }: Validity, now: Timestamp, mend: &str) -> Finding {
    let (good_from, good_until) = (output::time(from), output::time(until));
    if now < from {
        Finding::fault(ABOUT, format!("the certificate is good from {good_from} UTC on: look at the clock, or {mend}"))
    } else if now >= until {
        Finding::fault(ABOUT, format!("the certificate was good until {good_until} UTC: {mend}"))
    } else if until.duration_since(now) < LEFT_MIN {
        Finding::note(ABOUT, format!("the certificate is good until {good_until} UTC and no longer: {mend}"))
    } else {
        Finding::well(ABOUT, format!("a certificate until {good_until} UTC"))
    }
}
