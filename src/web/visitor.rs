//! Whom an answer is for, as far as that is known: the request and the page of its error know it together.

use std::sync::Arc;

use tokio::sync::OnceCell;

use super::error::Result;
use super::look::Look;
use crate::session::Session;
use crate::user::User;

/// Whoever sent a request.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    /// How a page for them is to be.
    pub(super) look: Look,
    session: Arc<OnceCell<Option<Session>>>,
}

impl Visitor {
    /// Somebody of whom nothing else is known yet.
    pub(super) fn new(look: Look) -> Self {
        Self { look, session: Arc::default() }
    }

    /// Their session, if they are logged in, which is found out when it is first asked for.
    pub(super) async fn session(
        &self,
        find: impl Future<Output = Result<Option<Session>>>,
    ) -> Result<Option<&Session>> {
        Ok(self.session.get_or_try_init(|| find).await?.as_ref())
    }

    /// Who they are, as far as somebody has asked.
    pub(super) fn known(&self) -> Who<'_> {
        match self.session.get() {
            None => Who::Unknown,
            Some(None) => Who::Nobody,
            Some(Some(session)) => Who::User(&session.user),
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
