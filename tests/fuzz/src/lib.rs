//! A site to send anything to, and what must be true of every answer.
#![allow(missing_docs, reason = "the targets are all there is")]

use std::sync::Arc;

use flaskr::clock::Clock;
use flaskr::config::{Config, PasswordSettings, ThrottleLimits};
use flaskr::db::{self, Db};
use flaskr::password::PasswordPool;
use flaskr::secret_key::{self, KeyRing};
use flaskr::theme;
use flaskr::web::{self, App, Arrived, Peer};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{Request, StatusCode};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// Where a redirect may lead, besides the page of a post.
const PAGES: [&str; 3] = ["", "/", "/auth/login"];

fn is_page(path: &str) -> bool {
    let is_number = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    PAGES.contains(&path) || path.strip_prefix('/').is_some_and(is_number)
}

/// A site with cheap passwords, behind a proxy that it trusts.
pub struct Site {
    _directory: TempDir,
    app: Arc<App>,
    runtime: Runtime,
}

impl Default for Site {
    fn default() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let config = Config {
            instance: directory.path().to_owned(),
            password: PasswordSettings { memory_kib: 128, iterations: 1, length_min: 1, ..PasswordSettings::default() },
            throttle: ThrottleLimits { account: 0, address: 0 },
            trusted_proxies: vec!["10.0.0.0/8".to_owned().try_into().unwrap()],
            ..Config::default()
        };
        let clock = Clock::system();
        db::init(&config.database_file(), clock.now()).unwrap();
        secret_key::generate(&config.secret_key_path(), [7; 32]).unwrap();
        let keys = KeyRing::from_file(&config.secret_key_path()).unwrap();
        let db = Db::open(&config.database_file(), &config.database, clock.now()).unwrap();
        let passwords = PasswordPool::start(&config.password, [7; 16]).unwrap();
        let app = App::new(config, theme::load(None).unwrap(), db, passwords, keys, clock).unwrap();
        Self { _directory: directory, app, runtime: Builder::new_current_thread().enable_time().build().unwrap() }
    }
}

impl Site {
    /// The content coding and the body of a page, if the request is one at all.
    pub fn get(&self, target: &str, fields: &[(&str, &[u8])]) -> Option<(String, Bytes)> {
        let mut request = Request::builder().uri(target).header("host", "localhost");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::new())).ok()?;
        self.runtime.block_on(async {
            let response = web::service(&self.app)(Arrived::new(request, Peer(None))).answered().await;
            assert_eq!(response.status(), StatusCode::OK);
            let coding = response.headers().get("content-encoding").map_or("", |value| value.to_str().unwrap()).to_owned();
            Some((coding, response.into_body().collect().await.unwrap().to_bytes()))
        })
    }

    /// Sends a request, if it is one at all, and checks the answer.
    pub fn send(&self, method: &str, target: &[u8], fields: &[(&str, &[u8])], body: &[u8]) {
        let mut request = Request::builder().method(method).uri(target);
        request = request.header("host", "localhost");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let Ok(request) = request.body(Full::new(Bytes::copy_from_slice(body))) else { return };
        self.runtime.block_on(async {
            let response = web::service(&self.app)(Arrived::new(request, Peer(Some([10, 0, 0, 1].into())))).answered().await;
            assert!(response.status() < StatusCode::INTERNAL_SERVER_ERROR, "{}", response.status());
            let fields = response.headers().clone();
            let field = |name: &str| fields.get(name).map_or("", |value| value.to_str().unwrap());
            assert!(is_page(field("location")), "{}", field("location"));
            assert_eq!(field("x-content-type-options"), "nosniff");
            assert!(field("content-security-policy").starts_with("default-src 'none'"));
            let page = response.into_body().collect().await.unwrap().to_bytes();
            let page = str::from_utf8(&page).unwrap().to_ascii_lowercase();
            assert!(!page.contains("<script"), "{page}");
        });
    }
}
