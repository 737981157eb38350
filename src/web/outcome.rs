//! What becomes of a request: it is counted, and told in the access log where there is one.

use std::sync::Arc;

use hyper::body::Body;
use warp::http::Method;
use warp::reply::Response;

use super::arrival::Arrival;
use super::health::Check;
use super::visitor::Visitor;
use super::{App, access};

/// A request that a view, or the page of an error, is about to answer. Dropped before, its client has gone away.
#[derive(Debug)]
pub(super) struct Pending {
    app: Arc<App>,
    visitor: Visitor,
    is_answered: bool,
}

impl Pending {
    /// A request of this visitor's.
    pub(super) fn new(app: Arc<App>, visitor: Visitor) -> Self {
        Self { app, visitor, is_answered: false }
    }

    /// This is the answer.
    pub(super) fn answered(mut self, response: &Response) {
        self.is_answered = true;
        let Self { app, visitor, .. } = &self;
        let arrival = visitor.arrival();
        app.meters.routed(&arrival.method, response.status());
        app.meters.duration.observe_time(arrival.at.elapsed());
        if app.config.log.access && !is_check(response) {
            access::log(arrival, visitor.user_id(), Some(response));
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if self.is_answered {
            return;
        }
        self.app.meters.abandoned.count();
        if self.app.config.log.access {
            access::log(self.visitor.arrival(), self.visitor.user_id(), None::<&Response>);
        }
    }
}

/// A request was answered with what was kept. It was noted when it came if it is to be in the access log.
pub(super) fn kept<B: Body>(app: &App, noted: Option<&Arrival>, response: &hyper::Response<B>, method: &Method) {
    app.meters.kept(method, response.status());
    if let Some(arrival) = noted {
        access::log(arrival, None, Some(response));
    }
}

/// A request over http was answered with the address over https.
pub(super) fn sent_on(app: &App, arrival: &Arrival, response: &Response) {
    app.meters.routed(&arrival.method, response.status());
    if app.config.log.access {
        access::log(arrival, None, Some(response));
    }
}

/// Whether it answers a health check, which comes every few seconds and is nobody's visit.
pub(super) fn is_check(response: &Response) -> bool {
    response.extensions().get::<Check>().is_some()
}
