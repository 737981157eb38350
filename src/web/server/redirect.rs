//! Where who came over http is sent: to the same page over https.

use hyper::Request;
use warp::http::header::{HOST, HeaderValue, LOCATION};
use warp::http::uri::Authority;
use warp::http::{HeaderMap, StatusCode};
use warp::reply::Response;

use crate::config::{Certificate, Config};
use crate::web::response;

/// The port of https, which stands in no address.
const HTTPS: u16 = 443;

/// The answer to any request: the method stays what it was (308), and nothing of a form is read.
pub(super) fn answer<B>(config: &Config, site_port: Option<u16>, request: &Request<B>) -> Response {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let place =
        origin(config, site_port, request.headers()).and_then(|origin| HeaderValue::try_from(origin + target).ok());
    let mut answer = response::of_type("text/plain; charset=utf-8", "This site is served over https.\n");
    response::harden_fields(config, answer.headers_mut());
    match place {
        Some(place) => {
            *answer.status_mut() = StatusCode::PERMANENT_REDIRECT;
            answer.headers_mut().insert(LOCATION, place);
        }
        None => *answer.status_mut() = StatusCode::BAD_REQUEST,
    }
    answer
}

/// The site over https: as the settings have it, or else by the name that was asked for.
fn origin(config: &Config, site_port: Option<u16>, headers: &HeaderMap) -> Option<String> {
    if let Some(base_url) = &config.base_url {
        return Some(base_url.origin().to_owned());
    }
    let port = site_port.filter(|port| *port != HTTPS).map(|port| format!(":{port}")).unwrap_or_default();
    if let Some(Certificate::Acme(acme)) = &config.tls.certificate {
        return Some(format!("https://{}{port}", acme.domain));
    }
    let asked: Authority = headers.get(HOST)?.to_str().ok()?.parse().ok()?;
    Some(format!("https://{}{port}", asked.host()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Tls;

    fn place(config: &Config, port: u16, host: &str, target: &str) -> Option<String> {
        let request = Request::builder().uri(target).header(HOST, host).body(()).unwrap();
        let answer = answer(config, Some(port), &request);
        let place = answer.headers().get(LOCATION)?;
        assert_eq!(answer.status(), StatusCode::PERMANENT_REDIRECT);
        Some(place.to_str().unwrap().to_owned())
    }

    /// The same page, by the name and the port of the site.
    #[test]
    fn places() {
        let unnamed = Config::default();
        assert_eq!(place(&unnamed, 443, "blog:80", "/1?a=b"), Some("https://blog/1?a=b".to_owned()));
        assert_eq!(place(&unnamed, 8443, "[::1]:80", "/"), Some("https://[::1]:8443/".to_owned()));
        assert_eq!(place(&unnamed, 443, "a b", "/"), None);
        let base_url = Some("https://blog.example.org".to_owned().try_into().unwrap());
        let named = Config { base_url, ..Config::default() };
        assert_eq!(place(&named, 8443, "evil.example", "/x"), Some("https://blog.example.org/x".to_owned()));
        let tls: Tls = toml::from_str("domain = \"blog.example.org\"").unwrap();
        let of_acme = Config { tls, ..Config::default() };
        assert_eq!(place(&of_acme, 443, "evil.example", "/x"), Some("https://blog.example.org/x".to_owned()));
    }
}
