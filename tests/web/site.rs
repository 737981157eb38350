//! A site with the original's fixture, and visitors with cookie jars.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::Duration;

use clap::Parser;
use flaskr::admin;
use flaskr::cli::Admin;
use flaskr::clock::Clock;
use flaskr::config::{Config, Loaded, PasswordSettings, ThrottleLimits};
use flaskr::db::{self, Db, Location};
use flaskr::password::PasswordPool;
use flaskr::secret_key::{self, KeyRing};
use flaskr::theme;
use flaskr::web::{self, App, Arrived, Peer};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{HeaderMap, Request};
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tempfile::TempDir;

use crate::engine::{Database, Hold, Value};

/// Users `test` and `other`, whose passwords are their names, in hashes as the original has them, but cheap: hundreds of
/// tests log in, and what is not optimised hashes for half a second with the original's 50,000 rounds. One post by the first.
const FIXTURE: &str = "
    INSERT INTO user (username, password) VALUES
      ('test', 'pbkdf2:sha256:1$w9RkQ2dT$0c716d59f556d8669c6712c09963f6af2b74a0ab0e1e5fd96bdd1fa0c78547c6'),
      ('other', 'pbkdf2:sha256:1$Zx81mPqa$42a95dfa5f265c6f68a7eca5c51c7ec2acaf4cc6a77fe9a79eae55f08e455438');
    INSERT INTO post (title, body, author_id, created) VALUES
      ('test title', 'test
body', 1, '2018-01-01 00:00:00');";

/// 2026-01-01 00:00:00 UTC.
const START: i64 = 1_767_225_600;

/// What visitors write in their address bars.
pub(crate) const HOST: &str = "localhost:8080";

/// A running site in a directory of its own.
pub(crate) struct Site {
    // Fields are dropped in this order: the app lets go of the database first.
    app: Arc<App>,
    database: Database,
    directory: TempDir,
    now: Arc<AtomicI64>,
}

impl Site {
    /// A site with the original's fixture and the default settings, except for passwords: cheap, of any kind, and tried
    /// as often as one likes.
    pub(crate) fn new() -> Self {
        Self::with(|_| ())
    }

    /// A site with other settings.
    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::made(change, "")
    }

    /// A site whose database has more rows.
    pub(crate) fn with_rows(sql: &str) -> Self {
        Self::made(|_| (), sql)
    }

    fn made(change: impl FnOnce(&mut Config), sql: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut config = Config {
            instance: directory.path().to_owned(),
            password: PasswordSettings {
                memory_kib: 8,
                iterations: 1,
                length_min: 1,
                refuse_common: false,
                ..PasswordSettings::default()
            },
            throttle: ThrottleLimits { account: 0, address: 0 },
            ..Config::default()
        };
        change(&mut config);
        let now = Arc::new(AtomicI64::new(START));
        let clock = {
            let now = Arc::clone(&now);
            Clock::new(move || Timestamp::from_second(now.load(Ordering::Relaxed)).unwrap())
        };
        let database = Database::new(&config.database_file(), &mut config.database);
        let location = Location::of(&config);
        db::init(&location, clock.now()).unwrap();
        database.execute(&format!("{FIXTURE}{sql}"));
        assert!(secret_key::generate(&config.secret_key_path(), [7; 32]).unwrap());
        let keys = KeyRing::from_file(&config.secret_key_path()).unwrap();
        let db = Db::open(&location, &config.database, clock.now()).unwrap();
        let passwords = PasswordPool::start(&config.password, [7; 16]).unwrap();
        let theme = theme::load(config.site.theme.as_deref()).unwrap();
        let app = App::new(config, theme, db, passwords, keys, clock).unwrap();
        Self { app, database, directory, now }
    }

    /// Lets time pass.
    pub(crate) fn wait_seconds(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::Relaxed);
    }

    /// The ring that signs this site's cookies.
    pub(crate) fn keys(&self) -> KeyRing {
        KeyRing::from_file(&self.path("secret_key")).unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Whether the database is a file, for what only a file can show.
    pub(crate) fn is_file(&self) -> bool {
        self.database.is_file()
    }

    /// The same, without waiting for it to show.
    pub(crate) fn execute_now(&self, sql: &str) {
        self.database.execute(sql);
    }

    /// Keeps everybody from writing, until what is returned is dropped.
    pub(crate) fn hold(&self) -> Hold {
        self.database.hold()
    }

    /// What statements with one column of text find.
    pub(crate) fn texts(&self, sql: &str) -> Vec<String> {
        self.database.texts(sql)
    }

    /// What the administrator's command, in a process of its own, needs to know.
    pub(crate) fn environment(&self) -> [(&str, String); 2] {
        let url = self.database.url().unwrap_or_default();
        [("FLASKR_INSTANCE", self.path("").display().to_string()), ("FLASKR_DATABASE_URL", url.to_owned())]
    }

    /// How many rows refer to what is not there.
    pub(crate) fn dangling(&self) -> i64 {
        self.database.dangling()
    }

    /// All rows of all tables.
    pub(crate) fn rows(&self) -> Vec<String> {
        self.database.rows()
    }

    /// Takes away what every page needs.
    pub(crate) fn break_database(&self) {
        self.execute(if self.is_file() {
            "DROP TABLE post"
        } else {
            "DROP TABLE post CASCADE; UPDATE generation SET number = number + 1"
        });
    }

    /// As if no post had ever been written: the next has the number 1.
    pub(crate) fn forget_posts(&self) {
        self.execute(if self.is_file() {
            "DELETE FROM post; DELETE FROM sqlite_sequence WHERE name = 'post'"
        } else {
            "TRUNCATE post RESTART IDENTITY CASCADE"
        });
    }

    /// Runs statements as another program would.
    pub(crate) fn execute(&self, sql: &str) {
        self.database.execute(sql);
        thread::sleep(2 * db::KNOWN_FOR); // by then it is promised to show
    }

    /// The one value of the one row that a statement finds.
    pub(crate) fn value<T: Value>(&self, sql: &str) -> T {
        self.database.value(sql)
    }

    /// Waits until a statement says yes.
    pub(crate) async fn wait_for(&self, sql: &str) {
        for _ in 0..500 {
            if self.value(sql) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{sql}");
    }

    /// What its requests share, for what is done beside them.
    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    /// The same, for what outlives the test's own turn.
    pub(crate) fn shared(&self) -> Arc<App> {
        Arc::clone(&self.app)
    }

    /// The time now, for this site.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_second(self.now.load(Ordering::Relaxed)).unwrap()
    }

    /// The settings that took effect, for the administrator's command.
    pub(crate) fn loaded(&self) -> Loaded {
        Loaded { config: self.app.config().clone(), file: None }
    }

    /// What the administrator's command says, and why it fails if it does.
    pub(crate) fn admin(&self, words: &[&str]) -> (String, Result<(), String>) {
        let args = Admin::try_parse_from(["flaskr-admin"].iter().chain(words)).unwrap();
        let (loaded, now, mut out) = (self.loaded(), self.now(), Vec::new());
        // In a thread of its own: as a program of its own it is in no runtime.
        let done = thread::scope(|scope| {
            let run =
                || admin::run(&args, Ok(loaded), &Clock::new(move || now), &mut out).map_err(|error| error.to_string());
            scope.spawn(run).join().unwrap()
        });
        (String::from_utf8(out).unwrap(), done)
    }

    /// Lets a user decide on what others wrote, as `flaskr-admin user role` does.
    pub(crate) fn make_moderator(&self, username: &str) {
        self.execute(&format!(
            "INSERT INTO moderator (user_id, username, since) SELECT id, username, 0 FROM user WHERE username = '{username}'"
        ));
    }

    /// Somebody without cookies.
    pub(crate) fn visitor(&self) -> Visitor<'_> {
        Visitor { site: self, peer: Peer(None), cookies: RefCell::default() }
    }

    /// Somebody who comes from an address.
    pub(crate) fn visitor_from(&self, address: &str) -> Visitor<'_> {
        Visitor { peer: Peer(Some(address.parse().unwrap())), ..self.visitor() }
    }

    /// Somebody with a cookie from elsewhere.
    pub(crate) fn visitor_with(&self, name: &str, value: &str) -> Visitor<'_> {
        let visitor = self.visitor();
        visitor.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
        visitor
    }

    /// Somebody new, who is logged in.
    pub(crate) async fn newcomer(&self, username: &str) -> Visitor<'_> {
        let form = [("username", username), ("password", username)];
        assert!(self.visitor().post("/auth/register", form).await.header("location").ends_with("/auth/login"));
        self.login(username).await
    }

    /// Somebody who is logged in, with their name as the password.
    pub(crate) async fn login(&self, username: &str) -> Visitor<'_> {
        let visitor = self.visitor();
        assert_eq!(visitor.login(username, username).await.status(), 303);
        visitor
    }
}

/// A browser, as far as this site needs one.
pub(crate) struct Visitor<'a> {
    site: &'a Site,
    peer: Peer,
    cookies: RefCell<BTreeMap<String, String>>,
}

impl Visitor<'_> {
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.request("GET", path, &[], "").await
    }

    /// Sends a form as a browser does without being told how.
    pub(crate) async fn post<const N: usize>(&self, path: &str, fields: [(&str, &str); N]) -> Reply {
        self.request("POST", path, &[("content-type", "application/x-www-form-urlencoded")], urlencoded(&fields)).await
    }

    pub(crate) async fn login(&self, username: &str, password: &str) -> Reply {
        self.post("/auth/login", [("username", username), ("password", password)]).await
    }

    /// Sends any request, and keeps the cookies of the answer.
    pub(crate) async fn request(
        &self,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Reply {
        self.send(HOST, method, path, fields, body.into()).await
    }

    /// Sends a request without fields or body to another host.
    pub(crate) async fn request_to(&self, host: &str, method: &str, path: &str) -> Reply {
        self.send(host, method, path, &[], Bytes::new()).await
    }

    async fn send(&self, host: &str, method: &str, path: &str, fields: &[(&str, &str)], body: Bytes) -> Reply {
        let mut request = Request::builder().method(method).uri(path).header("host", host);
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        if let Some(cookies) = self.cookie_field() {
            request = request.header("cookie", cookies);
        }
        let request = request.body(Full::new(body)).unwrap();
        let response = web::service(&self.site.app)(Arrived::new(request, self.peer)).answered().await;
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let reply = Reply { status: head.status.as_u16(), headers: head.headers, body };
        self.keep_cookies(&reply);
        reply
    }

    /// Whom the site takes this visitor for.
    pub(crate) async fn name(&self) -> Option<String> {
        let page = self.get("/auth/login").await;
        Some(between(page.text(), "<span>", "</span>")?.to_owned())
    }

    /// The value of a cookie in the jar.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().get(name).cloned()
    }

    fn cookie_field(&self) -> Option<String> {
        let cookies = self.cookies.borrow();
        let pairs: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Some(pairs.join("; ")).filter(|field| !field.is_empty())
    }

    fn keep_cookies(&self, reply: &Reply) {
        for field in reply.headers.get_all("set-cookie") {
            let (pair, attributes) = field.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let mut cookies = self.cookies.borrow_mut();
            if attributes.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// An answer, read to its end.
pub(crate) struct Reply {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Reply {
    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    /// A field of the header, empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Every field of this name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.get_all(name).iter().map(|value| value.to_str().unwrap())
    }

    /// The names of the header's fields.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.headers.keys().map(hyper::header::HeaderName::as_str)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.body
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// Fields as the body of a form.
pub(crate) fn urlencoded(fields: &[(&str, &str)]) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
        write!(body, "{}{name}={value}", if body.is_empty() { "" } else { "&" }).unwrap();
    }
    body
}

/// What stands between two texts, where the first of them first appears.
pub(crate) fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split_once(end)?.0)
}

/// The titles on a page of posts, in their order.
pub(crate) fn titles(page: &Reply) -> Vec<String> {
    let headings = page.text().split("<h2>").skip(1);
    headings.map(|rest| between(rest, "\">", "</a></h2>").unwrap().to_owned()).collect()
}
