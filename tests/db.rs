//! The database layer through its public door, on either engine: what is kept, and what is refused.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

mod engine;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use engine::TestDatabase;
use flaskr::config::Database;
use flaskr::db::posts::{self, Scope};
use flaskr::db::{self, Connection, Db, Error, KNOWN_FOR, Value, sent_forms, users};
use flaskr::post::{Part, Post};
use flaskr::user::{UserId, Username};
use jiff::Timestamp;
use tokio::sync::oneshot;
use tokio::time::sleep;

/// How long 5,000 statements may take, on a machine that has much else to do: were each to look over all before it, minutes.
const PATIENCE: Duration = Duration::from_secs(20);

/// Has the server end the connection that asks, or only the statement.
const END: &str = "SELECT CAST(pg_terminate_backend(pg_backend_pid()) AS INT) AS x";
const CANCEL: &str = "SELECT CAST(pg_cancel_backend(pg_backend_pid()) AS INT) AS x";

/// The newest posts.
fn newest(conn: Connection<'_>) -> db::Result<Vec<Post>> {
    Ok(posts::list(conn, Scope::All, &Part::Newest, 5)?.posts)
}

fn open_new(limits: Database) -> (TestDatabase, Db) {
    let place = TestDatabase::with(limits);
    let db = place.open();
    (place, db)
}

fn add_user(conn: Connection<'_>, name: &str) -> Result<(), Error> {
    users::insert(conn, &Username::parse(name.to_owned()).unwrap(), "x").map(|_| ())
}

fn is_busy<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::Busy(_)))
}

fn is_full<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::Full(_)))
}

/// Keeps the writer at work until the returned sender is used, and starts `meanwhile` once it is.
async fn while_writer_works<T>(db: &Db, meanwhile: impl AsyncFnOnce(mpsc::Sender<()>) -> T) -> T {
    let (release, released) = mpsc::channel();
    let (enter, entered) = mpsc::channel();
    let blocker = db.write(move |_| {
        enter.send(()).unwrap();
        released.recv().unwrap();
        Ok(())
    });
    let meanwhile = async {
        entered.recv().unwrap();
        meanwhile(release).await
    };
    let (held, result) = tokio::join!(biased; blocker, meanwhile);
    held.unwrap();
    result
}

/// In a group of writes one that fails, or panics, leaves nothing and takes no other with it.
#[tokio::test]
async fn group_commit() {
    let (place, db) = open_new(Database::default());
    let (first, failed, panicked, last) = while_writer_works(&db, async |release| {
        let release = async { release.send(()).unwrap() };
        let (first, failed, panicked, last, ()) = tokio::join!(
            biased;
            db.write(|conn| add_user(conn, "first")),
            db.write(|conn| {
                add_user(conn, "failed")?;
                conn.execute("INSERT INTO nothing VALUES (1)", &[]).map(|_| ())
            }),
            db.write(|conn| -> Result<(), Error> {
                add_user(conn, "panicked")?;
                panic!("on purpose")
            }),
            db.write(|conn| add_user(conn, "last")),
            release,
        );
        (first, failed, panicked, last)
    })
    .await;
    assert!(first.is_ok() && last.is_ok());
    assert!(matches!(failed, Err(Error::Engine(_))) && matches!(panicked, Err(Error::Stopped)));
    assert_eq!(place.database.texts("SELECT username FROM user ORDER BY id"), ["first", "last"]);
}

/// Writes that do not fit into the queue are refused at once.
#[tokio::test]
async fn full_queue_of_writes() {
    let (place, db) = open_new(Database { write_queue_max: 1, ..Database::default() });
    let (queued, refused) = while_writer_works(&db, async |release| {
        let refused = async {
            let refused = db.write(|conn| add_user(conn, "refused")).await;
            release.send(()).unwrap();
            refused
        };
        tokio::join!(biased; db.write(|conn| add_user(conn, "queued")), refused)
    })
    .await;
    assert!(queued.is_ok() && is_full(&refused), "{refused:?}");
    assert_eq!(place.database.texts("SELECT username FROM user"), ["queued"]);
}

/// Reads that do not fit into the queue are refused at once.
#[tokio::test]
async fn full_queue_of_reads() {
    let limits = Database { readers: 1, read_queue_max: 1, ..Database::default() };
    let (_place, db) = open_new(limits);
    let (release, released) = mpsc::channel();
    let (enter, entered) = oneshot::channel();
    let once = Arc::new(Mutex::new(Some((enter, released))));
    let reading = db.read(move |_| {
        let (enter, released) = once.lock().unwrap().take().unwrap();
        enter.send(()).unwrap();
        released.recv().unwrap();
        Ok(())
    });
    let refused = async {
        let refused = db.read(newest).await;
        release.send(()).unwrap();
        refused
    };
    let others = async {
        entered.await.unwrap();
        db.generation().await.unwrap(); // then none of the two waits for anything but its turn
        tokio::join!(biased; db.read(newest), refused)
    };
    let (reading, (queued, refused)) = tokio::join!(biased; reading, others);
    assert!(reading.is_ok() && queued.is_ok() && is_full(&refused), "{refused:?}");
}

/// A read without end is ended, and the reader is well afterwards.
#[tokio::test]
async fn read_past_its_deadline() {
    let limits = Database { readers: 1, read_seconds_max: 1, ..Database::default() };
    let (_place, db) = open_new(limits);
    let endless = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) AS x FROM n";
    let runs = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&runs);
    let late = db.read(move |conn| {
        count.fetch_add(1, Ordering::Relaxed);
        conn.query(endless, &[], |row| row.integer("x"))
    });
    let late = late.await;
    assert!(is_busy(&late), "{late:?}");
    assert_eq!(runs.load(Ordering::Relaxed), 1, "there is no time for another");
    assert!(db.read(newest).await.is_ok());
}

/// A read that a server ends in the middle is run once more, and no more often.
#[tokio::test]
async fn read_that_is_cut_off() {
    let (place, db) = open_new(Database { readers: 1, ..Database::default() });
    if place.database.is_file() {
        return;
    }
    for (end, times) in [(END, 1), (END, 2), (CANCEL, 1), (CANCEL, 2)] {
        let runs = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&runs);
        let read = move |conn: Connection<'_>| {
            if count.fetch_add(1, Ordering::Relaxed) < times {
                conn.query_row(end, &[], |row| row.integer("x"))?;
            }
            newest(conn)
        };
        let answer = db.read(read).await;
        assert_eq!((answer.is_ok(), runs.load(Ordering::Relaxed)), (times == 1, 2), "{end}: {answer:?}");
    }
    assert!(db.read(newest).await.is_ok());
}

/// Where something could not be written, nothing is taken for ready until something can; which is tried though nobody
/// writes, and leaves nothing.
#[tokio::test]
async fn tried_until_it_can_be_written() {
    let (place, db) = open_new(Database::default());
    if place.database.is_file() {
        return;
    }
    let before = place.database.rows();
    let failed = db.write(|conn| conn.query_row(END, &[], |row| row.integer("x"))).await;
    assert!(matches!(failed, Err(Error::Away(_))), "{failed:?}");
    assert!(matches!(db.is_ready().await, Err(Error::Away(_))));
    let begun = Instant::now();
    while let Err(error) = db.is_ready().await {
        assert!(begun.elapsed() < PATIENCE, "{error}");
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(place.database.rows(), before);
}

/// While another process holds the database a write is busy, a read goes on, and afterwards all is well.
#[tokio::test]
async fn another_process_holds_it() {
    let (place, db) = open_new(Database::default());
    let other = place.database.hold();
    let write = db.write(|conn| add_user(conn, "a")).await;
    assert!(is_busy(&write), "{write:?}");
    assert!(db.read(newest).await.is_ok());
    assert!(db.answers().await, "busy is an answer");
    drop(other);
    assert!(db.write(|conn| add_user(conn, "a")).await.is_ok());
}

/// A form is remembered for a day; not less when the clock jumps on by years while its answer is under way.
#[tokio::test]
async fn forms_are_remembered() {
    let (place, db) = open_new(Database::default());
    db.write(|conn| add_user(conn, "a")).await.unwrap();
    let insert = async |form: u8, seconds: i64| {
        let time = Timestamp::from_second(seconds).unwrap();
        db.write(move |conn| sent_forms::insert(conn, UserId(1), &[form], time)).await.unwrap()
    };
    for form in 0..10 {
        assert!(insert(form, i64::from(form)).await);
    }
    let jump = 4_000_000_000;
    assert!(!insert(9, jump).await, "the same form, sent again");
    assert!(insert(10, jump).await);
    assert!(!insert(9, jump).await, "and again");
    for form in 11..20 {
        assert!(insert(form, jump).await);
    }
    assert_eq!(
        place.database.value::<i64>("SELECT count(*) FROM sent_form WHERE created < 10"),
        0,
        "the old ones are forgotten"
    );
    assert_eq!(place.database.value::<i64>("SELECT count(*) FROM sent_form"), 10);
}

/// What another program writes is seen by the next read.
#[tokio::test]
async fn written_by_another_program() {
    let (place, db) = open_new(Database::default());
    for count in 1..10 {
        place.database.execute(&format!("INSERT INTO user (username, password) VALUES ('{count}', '')"));
        assert_eq!(db.read(users::all).await.unwrap().len(), count);
    }
}

/// While requests come, none of them waits to hear whether another program has written, and all hear of it.
#[tokio::test]
async fn known_ahead() {
    let (place, db) = open_new(Database::default());
    let before = db.generation().await.unwrap();
    let is_always_known = async || {
        db.generation().await.unwrap();
        let end = Instant::now() + 4 * KNOWN_FOR;
        while Instant::now() < end {
            if db.known_generation(Instant::now()).is_none() {
                return false;
            }
            sleep(Duration::from_millis(1)).await;
        }
        true
    };
    let ask_for_long = async || {
        for _ in 0..50 {
            if is_always_known().await {
                return;
            }
            // The machine may have stood still for a moment.
        }
        panic!("who comes at the end of {KNOWN_FOR:?} waits");
    };
    ask_for_long().await;
    assert_eq!(db.generation().await.unwrap(), before);
    place.database.execute("INSERT INTO user (username, password) VALUES ('ada', '')");
    ask_for_long().await;
    assert_ne!(db.generation().await.unwrap(), before);
}

/// What was written is read at once by every reader.
#[tokio::test]
async fn own_writes_are_read() {
    let (_place, db) = open_new(Database::default());
    for count in 1..50 {
        db.write(move |conn| add_user(conn, &count.to_string())).await.unwrap();
        assert_eq!(db.read(users::all).await.unwrap().len(), count);
    }
}

/// A reader cannot write.
#[tokio::test]
async fn readers_only_read() {
    let (_place, db) = open_new(Database::default());
    assert!(db.read(|conn| add_user(conn, "a")).await.is_err());
}

/// Where a connection of a server's ends, who asks next is answered all the same; nobody waits for the end of a read, but it comes;
/// and nothing is stored behind a statement that was refused.
#[tokio::test]
async fn connection_of_a_server() {
    let (place, db) = open_new(Database { readers: 1, ..Database::default() });
    if place.database.is_file() {
        return;
    }
    let process =
        async || db.read(|conn| conn.query_row("SELECT pg_backend_pid() AS pid", &[], |row| row.integer("pid"))).await;
    let first = process().await.unwrap().unwrap();
    for _ in 0..20 {
        assert_eq!(process().await.unwrap(), Some(first), "one after the other, none in the transaction before");
    }
    let state = format!("SELECT state FROM pg_stat_activity WHERE pid = {first}");
    let end = Instant::now() + Duration::from_secs(1); // a server ends what is left open after five
    while place.database.value::<String>(&state) != "idle" {
        assert!(Instant::now() < end, "the last read is still open");
    }
    let mut last = first;
    for pause in [0, 200] {
        assert_eq!(process().await.unwrap(), Some(last));
        place.database.execute(&format!("SELECT pg_terminate_backend({last}, 1000)")); // once it is gone
        sleep(Duration::from_millis(pause)).await;
        let next = process().await.unwrap().unwrap();
        assert_ne!(next, last);
        last = next;
    }
    assert_eq!(db.read(|_| Ok(7)).await.unwrap(), 7, "to ask nothing is answered too");
    let hides_an_error = |conn: Connection<'_>| {
        add_user(conn, "a")?;
        let _ = conn.execute("SELECT 1 / 0", &[]); // after which a server takes no more in this transaction
        Ok(())
    };
    assert!(
        matches!(db.write(hides_an_error).await, Err(Error::Away(_))),
        "what was sent ahead is refused, and is heard"
    );
    db.write(|conn| add_user(conn, "b")).await.unwrap();
    assert_eq!(db.read(users::all).await.unwrap().len(), 1);
}

/// Values are values, whatever they say.
#[tokio::test]
async fn values() {
    let (place, db) = open_new(Database::default());
    let is_file = place.database.is_file();
    let name = "'; DROP TABLE user; --\0안";
    db.write(move |conn| add_user(conn, name)).await.unwrap();
    let found = db.read(move |conn| users::find(conn, name)).await.unwrap().unwrap();
    // PostgreSQL has no NUL.
    assert_eq!(found.user.username, if is_file { name.to_owned() } else { name.replace('\0', "\u{fffd}") });
    let bytes = if is_file { "BLOB" } else { "BYTEA" };
    let select = format!("SELECT CAST($1 AS BIGINT) AS i, CAST($2 AS TEXT) AS t, CAST($3 AS {bytes}) AS b");
    let all = [Value::Integer(i64::MIN), Value::Text("t"), Value::Blob(b"\0\xff")];
    let stored = move |conn: Connection<'_>| {
        conn.query_row(&select, &all, |row| Ok((row.integer("i")?, row.text("t")?, row.blob("b")?)))
    };
    assert_eq!(db.read(stored).await.unwrap(), Some((i64::MIN, "t".to_owned(), b"\0\xff".to_vec())));
}

/// What changes much at once takes no longer for each of its statements, and what is undone has moved nothing.
#[tokio::test]
async fn many_statements_at_once() {
    let (place, db) = open_new(Database::default());
    let begun = Instant::now();
    let fill = |conn: Connection<'_>| (0..5_000).try_for_each(|number| add_user(conn, &number.to_string()));
    place.single_apart(|single| single.transaction(fill)).unwrap();
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    let before = db.generation().await.unwrap();
    let undone = db.write(|conn| add_user(conn, "undone").and(Err::<(), _>(Error::Busy("on purpose")))).await;
    assert!(is_busy(&undone));
    if !place.database.is_file() {
        assert_eq!(db.generation().await.unwrap(), before);
    }
    db.write(|conn| add_user(conn, "done")).await.unwrap();
    assert_ne!(db.generation().await.unwrap(), before);
}
