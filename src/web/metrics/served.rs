//! The listener for measures: nothing but `GET /metrics`, for few clients at a time, each for a short time.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};
use tracing::{error, warn};

use super::{Format, text};
use crate::web::App;
use crate::web::seldom::Seldom;
use crate::web::server::{ACCEPT_RETRY, Listener, Live, Stream};
use crate::web::weighted;

/// Connections at a time: two servers that collect, and two who look. Further ones wait in the system's queue.
const CONNECTIONS_MAX: usize = 4;
/// Longest time of a connection, which has one request: whoever is slower makes room for the next.
const CONNECTION_MAX: Duration = Duration::from_secs(10);

const PATH: &str = "/metrics";

const OPEN_METRICS: &str = "application/openmetrics-text";
const OPEN_METRICS_TYPE: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
const PROMETHEUS_TYPE: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

/// Serves the measures of what is live, for ever.
pub async fn serve(listener: Listener, live: Arc<Live>) {
    let (room, failures) = (Arc::new(Semaphore::new(CONNECTIONS_MAX)), Seldom::default());
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { return }; // nobody closes it
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                failures.say(|unsaid| warn!("cannot accept connections for the measures: {error}{unsaid}"));
                sleep(ACCEPT_RETRY).await;
                continue;
            }
        };
        let app = live.app();
        tokio::spawn(async move {
            let _place = place;
            match stream {
                Stream::Tcp(stream) => serve_one(stream, app).await,
                Stream::Unix(stream) => serve_one(stream, app).await,
            }
        });
    }
}

async fn serve_one(stream: impl AsyncRead + AsyncWrite + Unpin, app: Arc<App>) {
    let service = service_fn(move |request| {
        let app = Arc::clone(&app);
        async move { Ok::<_, Infallible>(answer(&app, &request).await) }
    });
    let connection = http1::Builder::new()
        .keep_alive(false)
        .timer(TokioTimer::new())
        .header_read_timeout(CONNECTION_MAX)
        .serve_connection(TokioIo::new(stream), service);
    // An error here is the client's: it went away, or does not speak HTTP. hyper has answered it.
    let _ = timeout(CONNECTION_MAX, connection).await;
}

async fn answer<B>(app: &Arc<App>, request: &Request<B>) -> Response<Full<Bytes>> {
    if request.uri().path() != PATH {
        return said(StatusCode::NOT_FOUND, "The measures are at /metrics.\n");
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = said(StatusCode::METHOD_NOT_ALLOWED, "Measures can only be read.\n");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let (app, format) = (Arc::clone(app), format_for(request.headers()));
    // Away from the threads that serve the site: it looks at files.
    let Ok(Ok(text)) = spawn_blocking(move || text(&app, format)).await else {
        error!("the measures could not be written"); // a panic was logged, and else there is nothing that can fail
        return said(StatusCode::INTERNAL_SERVER_ERROR, "The measures could not be written.\n");
    };
    let media_type = if format == Format::OpenMetrics { OPEN_METRICS_TYPE } else { PROMETHEUS_TYPE };
    of_type(StatusCode::OK, media_type, text.into())
}

/// The newer one for whoever names it, as Prometheus does.
fn format_for(headers: &HeaderMap) -> Format {
    let names_it = weighted::items(headers, ACCEPT).any(|(name, weight)| name == OPEN_METRICS && weight > 0);
    if names_it { Format::OpenMetrics } else { Format::Prometheus }
}

fn said(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    of_type(status, HeaderValue::from_static("text/plain; charset=utf-8"), Bytes::from_static(text.as_bytes()))
}

fn of_type(status: StatusCode, media_type: HeaderValue, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever names the newer format gets it; a person with curl or a browser gets the older one.
    #[test]
    fn formats() {
        for (accept, expected) in [
            (
                "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,\
                 text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                Format::OpenMetrics,
            ),
            ("application/openmetrics-text", Format::OpenMetrics),
            ("application/openmetrics-text;q=0, text/plain", Format::Prometheus),
            ("text/plain;version=0.0.4", Format::Prometheus),
            ("*/*", Format::Prometheus),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(format_for(&headers), expected, "{accept}");
        }
        assert_eq!(format_for(&HeaderMap::new()), Format::Prometheus);
    }
}
