//! Whom an answer is for, as far as that is known: the request, the page of its error and the log know it together.

use std::sync::{Arc, OnceLock};

use tokio::sync::OnceCell;

use super::arrival::Arrival;
use super::error::Result;
use super::look::Look;
use crate::config::Config;
use crate::session::Session;
use crate::user::{User, UserId};

/// Whoever sent a request.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    /// How a page for them is to be.
    pub(super) look: Look,
    known: Arc<Known>,
}

#[derive(Debug)]
struct Known {
    session: OnceCell<Option<Session>>,
    /// The number of who has proven in another way who they are: by logging in, or with a token.
    proven: OnceLock<i64>,
    arrival: Arrival,
}

impl Visitor {
    /// Somebody of whom nothing is known yet but this.
    pub(super) fn new(look: Look, arrival: Arrival) -> Self {
        Self { look, known: Arc::new(Known { session: OnceCell::new(), proven: OnceLock::new(), arrival }) }
    }

    /// Somebody of whom not even this was noted.
    pub(super) fn unknown(config: &Config) -> Self {
        Self::new(Look::of_site(config), Arrival::unknown())
    }

    /// Their request, as the log knows it.
    pub(super) fn arrival(&self) -> &Arrival {
        &self.known.arrival
    }

    /// Their session, if they are logged in, which is found out when it is first asked for.
    pub(super) async fn session(
        &self,
        find: impl Future<Output = Result<Option<Session>>>,
    ) -> Result<Option<&Session>> {
        Ok(self.known.session.get_or_try_init(|| find).await?.as_ref())
    }

    /// Who they are, as far as somebody has asked.
    pub(super) fn known(&self) -> Who<'_> {
        match self.known.session.get() {
            None => Who::Unknown,
            Some(None) => Who::Nobody,
            Some(Some(session)) => Who::User(&session.user),
        }
    }

    /// They have proven that they are this user, without a session that began before: for the log.
    pub(super) fn has_proven(&self, user: UserId) {
        let _ = self.known.proven.set(user.0); // nobody is two
    }

    /// The number of the user, if they are known to be one.
    pub(super) fn user_id(&self) -> Option<i64> {
        match self.known() {
            Who::User(user) => Some(user.id.0),
            Who::Unknown | Who::Nobody => self.known.proven.get().copied(),
        }
    }
}

/// Who somebody is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Who<'a> {
    /// Nobody has asked.
    Unknown,
    /// Not logged in.
    Nobody,
    /// Logged in.
    User(&'a User),
}
