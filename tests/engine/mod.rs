//! A database under test, as another program sees it, on either engine: statements in the dialect that both share, but
//! that `user` needs no quotes.
#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]
#![allow(dead_code, reason = "each test uses its part of it")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::{env, process, thread};

use flaskr::config::Database as Settings;
use flaskr::db::{self, Db, Location, Progress, Single};
use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::types::FromSql;
use tempfile::TempDir;
use tokio::runtime;
use tokio::sync::oneshot;
use tokio_postgres::{Client, NoTls, Row};

/// The address of a server on which all of these tests are to be run: each site gets a schema of its own there.
pub(crate) const SERVER: &str = "TEST_POSTGRES";

/// A place for a database, which is gone when this is dropped.
pub(crate) struct TestDatabase {
    // Fields are dropped in this order.
    pub(crate) database: Database,
    location: Location,
    settings: Settings,
    _directory: TempDir,
}

impl TestDatabase {
    /// One without tables.
    pub(crate) fn empty(mut settings: Settings) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("flaskr.sqlite");
        let database = Database::new(&file, &mut settings);
        let location = match &settings.url {
            Some(_) => Location::Server(Box::new(settings.clone())),
            None => Location::File(file),
        };
        Self { database, location, settings, _directory: directory }
    }

    /// One with tables, and these limits.
    pub(crate) fn with(settings: Settings) -> Self {
        let place = Self::empty(settings);
        place.init();
        place
    }

    /// One in a file, without tables, for what is true of files alone.
    pub(crate) fn in_file() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("flaskr.sqlite");
        let (database, location) = (Database::File(file.clone()), Location::File(file));
        Self { database, location, settings: Settings::default(), _directory: directory }
    }

    /// Makes the tables.
    pub(crate) fn init(&self) {
        db::init(&self.location, Self::now()).unwrap();
    }

    /// One with tables.
    pub(crate) fn new() -> Self {
        Self::with(Settings::default())
    }

    /// The time of all tests.
    pub(crate) fn now() -> Timestamp {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    /// Opens it as a daemon does.
    pub(crate) fn open(&self) -> Db {
        Db::open(&self.location, &self.settings, Self::now()).unwrap()
    }

    /// Opens it as the administrator's commands do.
    pub(crate) fn single(&self) -> Single {
        Single::open(&self.location, Self::now()).unwrap()
    }

    /// The same, in a thread that is not of a runtime, as a command's is not.
    pub(crate) fn single_apart<T: Send>(&self, work: impl FnOnce(Single) -> T + Send) -> T {
        thread::scope(|scope| scope.spawn(|| work(self.single())).join().unwrap())
    }

    /// Empties it.
    pub(crate) fn clear(&self) {
        db::clear(&self.location, Self::now(), &Progress::ignored()).unwrap();
    }
}

/// What tells the schemas of this process apart.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Where a site's rows are.
pub(crate) enum Database {
    File(PathBuf),
    Schema(String),
}

/// What a statement finds.
pub(crate) trait Value: FromSql + Send + 'static {
    fn of(row: &Row) -> Self;
}

impl Value for i64 {
    fn of(row: &Row) -> Self {
        row.try_get(0)
            .or_else(|_| row.try_get::<_, bool>(0).map(Self::from))
            .unwrap_or_else(|_| i64::from(row.get::<_, i32>(0)))
    }
}

impl Value for bool {
    fn of(row: &Row) -> Self {
        row.get(0)
    }
}

impl Value for String {
    fn of(row: &Row) -> Self {
        row.get(0)
    }
}

impl Value for Vec<u8> {
    fn of(row: &Row) -> Self {
        row.get(0)
    }
}

impl Database {
    /// A new one on the server, which the settings then name, if there is one; else there is a file, in this place.
    pub(crate) fn new(file: &Path, settings: &mut Settings) -> Self {
        let Ok(url) = env::var(SERVER) else { return Self::File(file.to_owned()) };
        let schema = format!("t{}_{}", process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        on_server(&url, {
            let create = format!("CREATE SCHEMA {schema}");
            async move |client| client.batch_execute(&create).await.unwrap()
        });
        let url = format!("{url}?options=-csearch_path%3D{schema}");
        settings.url = Some(url.clone().try_into().unwrap());
        Self::Schema(url)
    }

    /// Whether it is a file, for what only a file can show.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }

    /// The server's address, if it is one.
    pub(crate) fn url(&self) -> Option<&str> {
        match self {
            Self::File(_) => None,
            Self::Schema(url) => Some(url),
        }
    }

    /// Lets rows refer to nothing, as the tutorial's Flaskr does. Another program's connection to a file has no foreign keys.
    pub(crate) fn without_foreign_keys(&self) {
        if !self.is_file() {
            self.execute("ALTER TABLE post DROP CONSTRAINT post_author_id_fkey");
        }
    }

    /// Runs statements.
    pub(crate) fn execute(&self, sql: &str) {
        match self {
            Self::File(path) => {
                let connection = Connection::open(path).unwrap();
                connection.pragma_update(None, "foreign_keys", false).unwrap(); // as the original's
                connection.execute_batch(sql).unwrap();
            }
            Self::Schema(url) => {
                let sql = quoted(sql);
                on_server(url, async move |client| {
                    client.batch_execute(&sql).await.unwrap();
                });
            }
        }
    }

    /// The one value of the one row that a statement finds.
    pub(crate) fn value<T: Value>(&self, sql: &str) -> T {
        match self {
            Self::File(path) => Connection::open(path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap(),
            Self::Schema(url) => {
                let sql = quoted(sql);
                on_server(url, async move |client| T::of(&client.query_one(&sql, &[]).await.unwrap()))
            }
        }
    }

    /// Runs a statement that finds texts.
    pub(crate) fn texts(&self, sql: &str) -> Vec<String> {
        match self {
            Self::File(path) => {
                let connection = Connection::open(path).unwrap();
                let mut statement = connection.prepare(sql).unwrap();
                statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
            }
            Self::Schema(url) => {
                let sql = quoted(sql);
                on_server(url, async move |client| {
                    client.query(&sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
                })
            }
        }
    }

    /// How many rows refer to what is not there. A server has none: it asks at each statement.
    pub(crate) fn dangling(&self) -> i64 {
        if self.is_file() { self.value("SELECT count(*) FROM pragma_foreign_key_check") } else { 0 }
    }

    /// All rows of all tables.
    pub(crate) fn rows(&self) -> Vec<String> {
        match self {
            Self::File(path) => rows_of_file(&Connection::open(path).unwrap()),
            Self::Schema(_) => {
                // One statement, since there are many tables, and a test may ask often.
                let of_each = "SELECT string_agg(format('SELECT %L || t::text FROM %I t', tablename || ' ', tablename), ' UNION ALL ')
                                 FROM pg_tables WHERE schemaname = current_schema()";
                self.texts(&format!("SELECT * FROM ({}) rows ORDER BY 1", self.value::<String>(of_each)))
            }
        }
    }

    /// Keeps everybody else from writing, until what is returned is dropped.
    pub(crate) fn hold(&self) -> Hold {
        match self {
            Self::File(path) => {
                let connection = Connection::open(path).unwrap();
                connection.execute_batch("BEGIN EXCLUSIVE").unwrap();
                Hold { _connection: Some(connection), release: None }
            }
            Self::Schema(url) => {
                let (held, is_held) = mpsc::channel();
                let (release, released) = oneshot::channel::<()>();
                let url = url.clone();
                thread::spawn(move || {
                    on_server(&url, async move |client| {
                        client.batch_execute("BEGIN; SELECT 1 FROM generation FOR UPDATE").await.unwrap();
                        held.send(()).unwrap();
                        let _ = released.await; // Err: it is dropped
                    });
                });
                is_held.recv().unwrap();
                Hold { _connection: None, release: Some(release) }
            }
        }
    }
}

/// Some hundred schemas make each statement slow that asks what tables there are.
impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Schema(url) = self {
            on_server(url, async move |client| {
                let drop = "DO $$ BEGIN EXECUTE format('DROP SCHEMA %I CASCADE', current_schema()); END $$";
                client.batch_execute(drop).await.unwrap();
            });
        }
    }
}

/// Another program that holds the database.
pub(crate) struct Hold {
    _connection: Option<Connection>,
    release: Option<oneshot::Sender<()>>,
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.release.take();
    }
}

fn rows_of_file(database: &Connection) -> Vec<String> {
    let mut names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let rows = |name: &String| -> Vec<String> {
        let mut table = database.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns = table.column_count();
        let rows = table.query_map([], |row| {
            let values: rusqlite::Result<Vec<rusqlite::types::Value>> =
                (0..columns).map(|column| row.get(column)).collect();
            Ok(format!("{name} {:?}", values?))
        });
        rows.unwrap().map(Result::unwrap).collect()
    };
    names.iter().flat_map(rows).collect()
}

fn quoted(sql: &str) -> String {
    let quoted = |sql: String, word| sql.replace(&format!("{word} user"), &format!("{word} \"user\""));
    ["FROM", "INTO", "UPDATE", "JOIN"].into_iter().fold(sql.to_owned(), quoted)
}

/// Does something on a connection of its own, in a thread of its own, since a test may be within a runtime.
fn on_server<T: Send + 'static>(url: &str, work: impl AsyncFnOnce(Client) -> T + Send + 'static) -> T {
    let url = url.to_owned();
    let connected = move || {
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
            tokio::spawn(connection);
            work(client).await
        })
    };
    thread::spawn(connected).join().unwrap()
}
