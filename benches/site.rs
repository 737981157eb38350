//! A site in process, with posts, and what the benchmarks ask of it.

use std::path::Path;
use std::sync::Arc;

use flaskr::clock::Clock;
use flaskr::config::{Config, PasswordSettings, ThrottleLimits};
use flaskr::db::{self, Db};
use flaskr::password::{Argon2id, Memory, PasswordPool};
use flaskr::secret_key::{self, KeyRing};
use flaskr::theme;
use flaskr::user::Password;
use flaskr::web::{self, App, Arrived, Peer};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{HeaderMap, Request, StatusCode};
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::runtime;

/// Who writes everything, and their password too.
const AUTHOR: &str = "ada";

/// The body of every post: about 300 characters.
const SENTENCE: &str = "The kettle sings on monday, and 주전자는 월요일에 노래한다. ";
const SENTENCES_PER_POST: usize = 6;

const POST: &str = "INSERT INTO post (author_id, created, title, body) VALUES (1, '2026-01-01 00:00:00', ?1, ?2)";

/// A site in a directory of its own, served on the thread that asks.
pub(crate) struct Site {
    _directory: TempDir,
    serve: Box<dyn Fn(Request<Full<Bytes>>) -> Answer>,
}

/// A request, and the status that answers it.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) name: &'static str,
    path: &'static str,
    header: Option<(&'static str, String)>,
    status: StatusCode,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Site {
    /// A site with so many posts by one author.
    pub(crate) fn new(posts: usize) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let config = config_in(directory.path());
        let clock = Clock::system();
        drop(furnished(&config, posts));
        assert!(secret_key::generate(&config.secret_key_path(), [7; 32]).unwrap());
        let keys = KeyRing::from_file(&config.secret_key_path()).unwrap();
        let db = Db::open(&config.database_file(), &config.database, clock.now()).unwrap();
        let passwords = PasswordPool::start(&config.password, [7; 16]).unwrap();
        let app = App::new(config, theme::load(None).unwrap(), db, passwords, keys, clock).unwrap();
        Self { _directory: directory, serve: Box::new(server(&app)) }
    }

    /// What is measured, of which what this site does not have is left out.
    pub(crate) fn asks(&self) -> Vec<Ask> {
        let cookie = self.log_in();
        let front = Ask { name: "front_page", path: "/", header: None, status: StatusCode::OK };
        let tag = self.answer(&front).headers.get("etag").map(|tag| tag.to_str().unwrap().to_owned());
        let with = |name, header: &'static str, value: &str| Ask {
            name,
            header: Some((header, value.to_owned())),
            ..front.clone()
        };
        let mut asks = vec![
            front.clone(),
            with("front_page_gzip", "accept-encoding", "gzip"),
            with("front_page_br", "accept-encoding", "br"),
            with("front_page_logged_in", "cookie", &cookie),
            Ask { name: "post_page", path: "/1", ..front.clone() },
            Ask { name: "post_page_logged_in", path: "/1", ..with("", "cookie", &cookie) },
        ];
        asks.extend(tag.map(|tag| Ask {
            status: StatusCode::NOT_MODIFIED,
            ..with("front_page_not_modified", "if-none-match", &tag)
        }));
        asks.retain(|ask| self.answers(ask));
        asks
    }

    /// Whether the answer is what was asked for.
    fn answers(&self, ask: &Ask) -> bool {
        let answer = self.answer(ask);
        let encoding = answer.headers.get("content-encoding").and_then(|encoding| encoding.to_str().ok());
        let asked = ask.header.as_ref().filter(|(name, _)| *name == "accept-encoding").map(|(_, value)| value.as_str());
        answer.status == ask.status && encoding == asked
    }

    /// Asks, and reads the answer.
    pub(crate) fn answer(&self, ask: &Ask) -> Answer {
        let mut request = Request::builder().uri(ask.path);
        if let Some((name, value)) = &ask.header {
            request = request.header(*name, value);
        }
        self.send(request, String::new())
    }

    fn send(&self, request: hyper::http::request::Builder, body: String) -> Answer {
        let request = request.header("host", "localhost");
        (self.serve)(request.body(Full::<Bytes>::from(body)).unwrap())
    }

    /// The cookie of somebody who is logged in.
    fn log_in(&self) -> String {
        let request = Request::builder()
            .method("POST")
            .uri("/auth/login")
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = self.send(request, format!("username={AUTHOR}&password={AUTHOR}"));
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
        cookies.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ")
    }
}

/// The site as a function, on a runtime of its own.
fn server(app: &Arc<App>) -> impl Fn(Request<Full<Bytes>>) -> Answer + use<> {
    let service = web::service(app);
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    move |request| {
        runtime.block_on(async {
            let response = service(Arrived::new(request, Peer(None))).answered().await;
            let (head, body) = response.into_parts();
            Answer { status: head.status, headers: head.headers, body: body.collect().await.unwrap().to_bytes() }
        })
    }
}

/// A database in this directory, with so many posts.
#[allow(dead_code, reason = "for the statements, which are not in each of the programs that this file is part of")]
pub(crate) fn database(directory: &Path, posts: usize) -> db::Single {
    furnished(&config_in(directory), posts)
}

/// The default settings, but for passwords, which are cheap.
fn config_in(directory: &Path) -> Config {
    Config {
        instance: directory.to_owned(),
        password: PasswordSettings { memory_kib: 8, iterations: 1, ..PasswordSettings::default() },
        throttle: ThrottleLimits { account: 0, address: 0 },
        ..Config::default()
    }
}

fn furnished(config: &Config, count: usize) -> db::Single {
    let now = Clock::system().now();
    db::init(&config.database_file(), now).unwrap();
    let argon2id = Argon2id::new(&config.password).unwrap();
    let hash = argon2id.hash(&mut Memory::default(), &Password::new(AUTHOR.to_owned()), [7; 16]).unwrap();
    let mut rows = Connection::open(config.database_file()).unwrap();
    let rows = rows.transaction().unwrap();
    rows.execute("INSERT INTO user (username, password) VALUES (?1, ?2)", [AUTHOR, &hash]).unwrap();
    let mut post = rows.prepare(POST).unwrap();
    let body = SENTENCE.repeat(SENTENCES_PER_POST);
    for number in 1..=count {
        post.execute((format!("Post {number}"), &body)).unwrap();
    }
    drop(post);
    rows.commit().unwrap();
    db::Single::open(&config.database_file(), now).unwrap()
}
