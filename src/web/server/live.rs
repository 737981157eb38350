//! What the server serves at this moment, and how far it has come.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use arc_swap::{ArcSwap, ArcSwapOption};
use hyper::Response;
use hyper::body::Incoming;
use tokio_rustls::rustls::ServerConfig;
use warp::http::header::{CONNECTION, HeaderValue};

use crate::web::{Answering, App, Arrived, service};

/// The site as it is now: a reload puts another in its place, and each request gets the one of its time.
pub struct Live {
    site: ArcSwap<Site>,
    /// What connections are secured with, if they are.
    tls: ArcSwapOption<ServerConfig>,
    is_ending: AtomicBool,
}

struct Site {
    app: Arc<App>,
    service: Box<dyn Fn(Arrived<Incoming>) -> Answering + Send + Sync>,
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("is_ending", &self.is_ending).finish_non_exhaustive()
    }
}

impl Live {
    /// To serve this, secured or not.
    pub fn new(app: Arc<App>, tls: Option<Arc<ServerConfig>>) -> Self {
        Self {
            site: ArcSwap::from_pointee(Site::new(app)),
            tls: ArcSwapOption::new(tls),
            is_ending: AtomicBool::new(false),
        }
    }

    /// From the next request on, this is served, and the next connection is secured like this. What is being answered goes
    /// on with what it began with.
    pub fn replace(&self, app: Arc<App>, tls: Option<Arc<ServerConfig>>) {
        self.site.store(Arc::new(Site::new(app)));
        self.tls.store(tls);
    }

    /// What the next connection is secured with, if it is.
    pub(super) fn tls(&self) -> Option<Arc<ServerConfig>> {
        self.tls.load_full()
    }

    /// What is served now.
    pub fn app(&self) -> Arc<App> {
        Arc::clone(&self.site.load().app)
    }

    /// From now on every answer is the last of its connection.
    pub(super) fn end(&self) {
        self.is_ending.store(true, Relaxed);
    }

    /// The answer to a request, at hand or under way.
    pub(super) fn answer(&self, arrived: Arrived<Incoming>) -> Answering {
        (self.site.load().service)(arrived)
    }

    /// An answer as it is sent: clients that hear in it of its connection's end send nothing more on that, which would
    /// find nobody.
    pub(super) fn send<B>(&self, mut answer: Response<B>) -> Response<B> {
        if self.is_ending.load(Relaxed) {
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }
}

impl Site {
    fn new(app: Arc<App>) -> Self {
        Self { service: Box::new(service(&app)), app }
    }
}
