//! Views for whoever watches over the daemon: whether it answers, and whether it is ready to do its work.
//!
//! Both are said to anybody, in one line that tells nothing of the inside. They are neither held back nor in the access log.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;
use tokio::time::timeout;
use warp::http::StatusCode;
use warp::reply::Response;

use super::App;
use super::error::Result;
use super::request::Request;
use super::response;
use crate::db::{self, Db};

/// Longest wait for a reader and the writer. Whoever asks waits as long as a health check does at least, as a rule.
const WAIT_MAX: Duration = Duration::from_secs(2);
/// How long an answer counts: a flood of questions is a few transactions a second that write nothing.
const KEPT_FOR: Duration = Duration::from_millis(250);

/// Ready, or why not.
type Verdict = std::result::Result<(), &'static str>;

/// What is known of it.
#[derive(Debug, Default)]
pub(super) struct Health {
    is_stopping: AtomicBool,
    /// When somebody asked last, and what they heard. Locked while it is being found out.
    last: Arc<Mutex<Option<(Instant, Verdict)>>>,
}

/// What tells an answer to a health check from others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Check;

impl Health {
    /// The daemon is about to end.
    pub(super) fn stop(&self) {
        self.is_stopping.store(true, Relaxed);
    }
}

/// The process answers. Asks nobody else.
pub(super) async fn live(_: Request) -> Result<Response> {
    Ok(check(Ok(())))
}

/// A form that is sent now would be taken: a reader and the writer answer soon, and the daemon goes on.
///
/// A full queue is not ready. It is full of what clients wait for, and who is told so here can be sent elsewhere, or later.
pub(super) async fn ready(req: Request) -> Result<Response> {
    let verdict = if req.app().health.is_stopping.load(Relaxed) {
        Err("the daemon is stopping")
    } else {
        verdict(&req.shared()).await
    };
    Ok(check(verdict))
}

/// Asks the database, once for all who want to know at a time.
async fn verdict(app: &Arc<App>) -> Verdict {
    let mut last = Arc::clone(&app.health.last).lock_owned().await;
    if let Some((asked, verdict)) = *last
        && asked.elapsed() < KEPT_FOR
    {
        return verdict;
    }
    let app = Arc::clone(app);
    // A task of its own: one who goes away does not let the next ask again while the writer still has the question.
    let asked = tokio::spawn(async move {
        let verdict = ask(&app.db).await;
        *last = Some((Instant::now(), verdict));
        verdict
    });
    asked.await.unwrap_or(Err("the question was not answered"))
}

async fn ask(db: &Db) -> Verdict {
    match timeout(WAIT_MAX, db.is_ready()).await {
        Ok(Ok(())) => Ok(()),
        Err(_) => Err("the database does not answer in time"),
        Ok(Err(db::Error::Full(why) | db::Error::Busy(why))) => Err(why),
        Ok(Err(db::Error::Disk(_))) => Err("the disk cannot be written"),
        Ok(Err(db::Error::Away(_))) => Err("the database cannot be used"),
        Ok(Err(db::Error::Damaged(_))) => Err("the database is damaged"),
        Ok(Err(db::Error::Unknown(_) | db::Error::Engine(_) | db::Error::Stopped)) => Err("the database fails"),
    }
}

fn check(verdict: Verdict) -> Response {
    let text = verdict.err().unwrap_or("ok");
    let mut response = response::of_type("text/plain; charset=utf-8", format!("{text}\n"));
    if verdict.is_err() {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    response.extensions_mut().insert(Check);
    response
}
