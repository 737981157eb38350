//! A connection that is made when it is needed, and made anew when it is gone.

use std::sync::Arc;
use std::time::Duration;

use super::error::lost;
use super::server::Server;
use super::session::Session;
use crate::db::error::Result;

/// The connection of one thread.
#[derive(Debug)]
pub(super) struct Line {
    server: Arc<Server>,
    session: Option<Session>,
    /// How many successions the server had seen when that was made.
    successions: u64,
    /// How much time the statements of a transaction have together.
    time: Duration,
}

impl Line {
    /// One that is not made yet. The statements of a transaction have that much time together.
    pub(super) fn new(server: Arc<Server>, time: Duration) -> Self {
        Self { server, session: None, successions: 0, time }
    }

    /// Begins a transaction by these statements.
    pub(super) fn begin(&mut self, sql: &str) -> Result<&Session> {
        let is_of_another = self.successions != self.server.outage().successions();
        self.session.take_if(|session| session.is_lost() || is_of_another);
        if let Some(session) = self.session.take() {
            session.allow(self.time);
            match session.begin(sql) {
                Ok(()) => return Ok(self.session.insert(session)),
                // To wait for another connection too would be too long for whoever is told so.
                Err(error) if session.is_out_of_step() => return Err(error),
                // A server that was started anew says so to the first who asks.
                Err(_) if session.is_lost() => (),
                Err(error) => return Err(error),
            }
        }
        let session = self.reach()?;
        session.allow(self.time);
        session.batch(sql)?;
        Ok(self.session.insert(session))
    }

    /// Whether there is no connection to be used any more.
    pub(super) fn is_lost(&self) -> bool {
        self.session.as_ref().is_none_or(Session::is_lost)
    }

    /// The server at its other end.
    pub(super) fn server(&self) -> &Server {
        &self.server
    }

    /// The connection, which was used last.
    pub(super) fn session(&self) -> Result<&Session> {
        self.session.as_ref().ok_or_else(|| lost("it was closed"))
    }

    /// Lets go of the connection, for what was said on it: a server that takes no writes any more has a successor.
    pub(super) fn close(&mut self) {
        self.session = None;
    }

    fn reach(&mut self) -> Result<Session> {
        let outage = self.server.outage();
        self.successions = outage.successions();
        outage.enter().map_err(|why| lost(&why))?;
        match Session::reach_for(&self.server, self.time) {
            Ok(session) => {
                outage.over(&self.server);
                Ok(session)
            }
            Err(refused) => {
                let why = refused.to_string();
                outage.goes_on(&self.server, &why);
                Err(lost(&why))
            }
        }
    }
}
