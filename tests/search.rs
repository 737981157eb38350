//! The search through the database: what is found, in what order, and what keeps the index as the posts are.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

mod engine;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use engine::TestDatabase;
use flaskr::config::Database;
use flaskr::content::Content;
use flaskr::db::search::{self, Place};
use flaskr::db::withdrawn::{self, By};
use flaskr::db::{Connection, Db, Error, Single, posts, users};
use flaskr::post::PostId;
use flaskr::search::{Fragment, Query, TEXT_BYTES_MAX, tokens};
use flaskr::user::{UserId, Username};
use jiff::Timestamp;
use proptest::prelude::*;

const AUTHOR: UserId = UserId(1);
const CREATED: &str = "2026-01-01 00:00:00";
/// Posts on a page, in these tests.
const PAGE: usize = 25;
/// How long the index may take to be brought up to date, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(30);

fn now() -> Timestamp {
    TestDatabase::now()
}

/// A new database with one author.
fn new_database() -> TestDatabase {
    with_author(TestDatabase::empty(Database::default()))
}

fn with_author(place: TestDatabase) -> TestDatabase {
    place.init();
    let add = |conn: Connection<'_>| users::insert(conn, &Username::parse("a".to_owned()).unwrap(), "x").map(|_| ());
    place.single_apart(|single| single.transaction(add)).unwrap();
    place
}

fn content(title: &str, body: &str) -> Content {
    Content { title: title.to_owned(), body: body.to_owned(), format: None, tags: None }
}

fn withdraw(conn: Connection<'_>, id: PostId) -> Result<bool, Error> {
    withdrawn::withdraw(conn, id, By::Author(AUTHOR), now())
}

fn insert(conn: Connection<'_>, title: &str, body: &str) -> Result<PostId, Error> {
    posts::insert(conn, AUTHOR, &content(title, body), CREATED)
}

fn queued(place: &TestDatabase) -> i64 {
    place.database.value("SELECT count(*) FROM search_queue")
}

/// Posts that have the token, in either part of the index.
fn entries(place: &TestDatabase, token: &str) -> i64 {
    place.database.value(&if place.database.is_file() {
        format!(
            "SELECT (SELECT count(*) FROM search_text WHERE search_text MATCH '\"0x{token}\"')
                  + (SELECT count(*) FROM search_title WHERE search_title MATCH '\"0x{token}\"')"
        )
    } else {
        format!(
            "SELECT (SELECT count(*) FROM search_entry WHERE text @@ '0x{token}'::tsquery)
                  + (SELECT count(*) FROM search_entry WHERE title @@ '0x{token}'::tsquery)"
        )
    })
}

/// Waits until the daemon has indexed all there is.
async fn indexed(place: &TestDatabase) {
    let begun = Instant::now();
    while queued(place) > 0 {
        assert!(begun.elapsed() < PATIENCE, "{} posts wait", queued(place));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Indexes all there is, here and now.
fn index_all(single: &Single) {
    while single.transaction(|conn| search::index_some(conn, 100)).unwrap() > 0 {}
}

/// The ids on every page, the pages one after the other.
fn ids_on_pages(single: &Single, query: &str, posts_max: usize) -> Vec<i64> {
    let query = Query::parse(query).unwrap();
    let (mut ids, mut from) = (Vec::new(), None);
    loop {
        let page = single.transaction(|conn| search::find(conn, &query, from, posts_max)).unwrap();
        assert!(page.posts.len() <= posts_max);
        ids.extend(page.posts.iter().map(|post| post.id.0));
        match page.next {
            // As it goes through an address.
            Some(next) => from = Some(next.to_string().parse().unwrap()),
            None => return ids,
        }
    }
}

fn ids(single: &Single, query: &str) -> Vec<i64> {
    ids_on_pages(single, query, PAGE)
}

async fn ids_of(db: &Db, query: &'static str) -> Vec<i64> {
    let query = Query::parse(query).unwrap();
    let page = db.read(move |conn| search::find(conn, &query, None, PAGE)).await.unwrap();
    page.posts.iter().map(|post| post.id.0).collect()
}

/// A post is found once it is written, by what it says now, until it is deleted.
#[tokio::test]
async fn follows_the_posts() {
    let place = new_database();
    let db = place.open();
    db.write(|conn| insert(conn, "제목", "배포하기 before")).await.unwrap();
    indexed(&place).await;
    assert_eq!(ids_of(&db, "포하").await, [1]);
    assert_eq!(ids_of(&db, "제목 bef").await, [1], "one word of the title, one of the text");

    db.write(|conn| posts::update(conn, PostId(1), AUTHOR, &content("t", "after"), "2026-01-01 00:00:00"))
        .await
        .unwrap();
    assert!(ids_of(&db, "before").await.is_empty(), "not even before it is indexed");
    indexed(&place).await;
    assert_eq!(ids_of(&db, "after").await, [1]);
    assert!(ids_of(&db, "before").await.is_empty() && ids_of(&db, "제목").await.is_empty());

    db.write(|conn| withdraw(conn, PostId(1))).await.unwrap();
    assert!(ids_of(&db, "after").await.is_empty());
    indexed(&place).await;
    assert!(ids_of(&db, "after").await.is_empty());
}

/// The index holds nothing of what was changed or deleted.
#[test]
fn index_forgets() {
    let place = new_database();
    let single = place.single();
    single.transaction(|conn| insert(conn, "one", "two")).unwrap();
    index_all(&single);
    let entries = |token| entries(&place, token);
    assert_eq!((entries("one"), entries("two")), (2, 1));
    single
        .transaction(|conn| posts::update(conn, PostId(1), AUTHOR, &content("six", "two"), "2026-01-01 00:00:00"))
        .unwrap();
    index_all(&single);
    assert_eq!((entries("one"), entries("two"), entries("six")), (0, 1, 2));
    single.transaction(|conn| withdraw(conn, PostId(1))).unwrap();
    index_all(&single);
    assert_eq!((entries("one"), entries("two"), entries("six")), (0, 0, 0));
}

/// Posts with the words in their title come first; each part is newest first, and no post comes twice.
#[test]
fn ranking() {
    let place = new_database();
    let single = place.single();
    for (title, body) in [("blog", "x"), ("x", "blog"), ("blog", "blog"), ("x", "x"), ("y", "a blog"), ("blogs", "")] {
        single.transaction(|conn| insert(conn, title, body)).unwrap();
    }
    index_all(&single);
    assert_eq!(ids(&single, "blog"), [6, 3, 1, 5, 2]);
    for posts_max in 1..7 {
        assert_eq!(ids_on_pages(&single, "blog", posts_max), [6, 3, 1, 5, 2], "pages of {posts_max}");
    }
    assert_eq!(ids_on_pages(&single, "absent", 1), [0; 0]);
}

/// A run of characters is found where they stand together, not where each pair of them stands somewhere.
#[test]
fn runs_are_verified() {
    let place = new_database();
    let single = place.single();
    for _ in 0..40 {
        single.transaction(|conn| insert(conn, "t", "배포 포하 하기")).unwrap();
    }
    single.transaction(|conn| insert(conn, "t", "재배포하기")).unwrap();
    for _ in 0..40 {
        single.transaction(|conn| insert(conn, "t", "배포 포하 하기")).unwrap();
    }
    index_all(&single);
    assert_eq!(ids_on_pages(&single, "배포하기", 3), [41]);
}

/// Pages go over the borders of what one statement searches, however far apart the ids are.
#[test]
fn pages_over_eras() {
    let place = new_database();
    let far = [1, 65_535, 65_536, 65_537, 1 << 40, i64::MAX - 1, i64::MAX];
    for id in far {
        place
            .database
            .execute(&format!("INSERT INTO post (id, author_id, title, body) VALUES ({id}, 1, '배포하기', 'word')"));
    }
    let single = place.single();
    index_all(&single);
    let newest_first: Vec<_> = far.into_iter().rev().collect();
    for posts_max in 1..8 {
        assert_eq!(ids_on_pages(&single, "word", posts_max), newest_first);
        assert_eq!(ids_on_pages(&single, "포하기", posts_max), newest_first);
    }
}

/// However many posts have a word, all of them are found, on pages of any size: where the newest are looked at one by one, where
/// the index is asked, on both sides of a border, and where entries have no post any more.
#[test]
fn words_of_any_frequency() {
    let place = new_database();
    let ids = 8_100..8_250; // a server's era ends at 8,191
    let body = |id: i64| [Some("common"), (id % 9 == 0).then_some("some"), (id == 8_105).then_some("rare")];
    for id in ids.clone() {
        let body: Vec<_> = body(id).into_iter().flatten().collect();
        let post =
            format!("INSERT INTO post (id, author_id, title, body) VALUES ({id}, 1, '제목', '{}')", body.join(" "));
        place.database.execute(&post);
    }
    let single = place.single();
    index_all(&single);
    let is_deleted = |id: i64| id % 7 == 0;
    place.database.execute("DELETE FROM post WHERE id % 7 = 0"); // and not from the index
    for word in ["common", "some", "rare", "제목", "제"] {
        let has = |id: i64| word.starts_with('제') || body(id).contains(&Some(word));
        let expected: Vec<_> = ids.clone().rev().filter(|id| has(*id) && !is_deleted(*id)).collect();
        for posts_max in [1, 2, 5, 40, 200] {
            assert_eq!(ids_on_pages(&single, word, posts_max), expected, "{word}, {posts_max} on a page");
        }
    }
}

/// While posts are added, changed and deleted, pages neither leave out nor repeat one that stays.
#[test]
fn pages_while_posts_are_written() {
    let place = new_database();
    let single = place.single();
    for number in 0..20 {
        single.transaction(|conn| insert(conn, if number % 2 == 0 { "word" } else { "t" }, "a word")).unwrap();
    }
    index_all(&single);
    let query = Query::parse("word").unwrap();
    let (mut seen, mut from) = (Vec::new(), None::<Place>);
    loop {
        let page = single.transaction(|conn| search::find(conn, &query, from, 3)).unwrap();
        seen.extend(page.posts.iter().map(|post| post.id.0).filter(|id| *id <= 20));
        single.transaction(|conn| insert(conn, "word", "new")).unwrap();
        single.transaction(|conn| withdraw(conn, page.posts[0].id)).unwrap();
        index_all(&single);
        let Some(next) = page.next else { break };
        from = Some(next);
    }
    let expected: Vec<i64> =
        (1..=20).rev().filter(|id| id % 2 == 1).chain((1..=20).rev().filter(|id| id % 2 == 0)).collect();
    assert_eq!(seen, expected);
}

/// A post without an author is on no page, and leaves none short.
#[test]
fn orphans() {
    let place = new_database();
    place.database.without_foreign_keys();
    for author in [1, 99, 99, 1, 99, 1] {
        place.database.execute(&format!("INSERT INTO post (author_id, title, body) VALUES ({author}, 'word', '')"));
    }
    let single = place.single();
    index_all(&single);
    let query = Query::parse("word").unwrap();
    let page = single.transaction(|conn| search::find(conn, &query, None, 2)).unwrap();
    assert_eq!(page.posts.iter().map(|post| post.id.0).collect::<Vec<_>>(), [6, 4]);
    assert_eq!(ids_on_pages(&single, "word", 2), [6, 4, 1]);
}

/// What the tutorial's Flaskr writes is found, whatever its statements say of conflicts.
#[tokio::test]
async fn written_by_the_original() {
    let place = new_database();
    let db = place.open();
    let ways: &[_] = if place.database.is_file() {
        &["INSERT", "INSERT OR REPLACE", "INSERT OR FAIL", "INSERT OR ABORT", "INSERT OR IGNORE", "REPLACE"]
    } else {
        &["INSERT"; 6]
    };
    place.database.execute("INSERT INTO post (id, title, body, author_id) VALUES (1, 'first', '', 1)");
    for how in ways {
        place.database.execute(&format!("{how} INTO post (title, body, author_id) VALUES ('first', '', 1)"));
    }
    let [abort, fail] = if place.database.is_file() { [" OR ABORT", " OR FAIL"] } else { [""; 2] };
    place.database.execute(&format!("UPDATE{abort} post SET title = 'changed', body = '바뀐 글' WHERE id = 1"));
    place.database.execute(&format!("UPDATE{fail} post SET title = 'changed' WHERE id = 1"));
    place.database.execute("DELETE FROM post WHERE id = 2");
    indexed(&place).await;
    assert_eq!(ids_of(&db, "바뀐").await, [1]);
    assert_eq!(ids_of(&db, "first").await, [7, 6, 5, 4, 3]);
}

/// The tutorial's init-db drops the triggers with its tables: the next start puts them back, and forgets the old posts.
#[tokio::test]
async fn after_init_db_of_the_original() {
    let place = with_author(TestDatabase::in_file());
    let db = place.open();
    for _ in 0..5 {
        db.write(|conn| insert(conn, "old", "")).await.unwrap();
    }
    indexed(&place).await;
    drop(db);
    place.database.execute(include_str!("original.sql"));
    place.database.execute(
        "INSERT INTO user (username, password) VALUES ('a', 'x');
         INSERT INTO post (title, body, author_id) VALUES ('unnoticed', '', 1)",
    );

    let db = place.open();
    indexed(&place).await;
    assert_eq!(ids_of(&db, "unnoticed").await, [1]);
    place.database.execute("INSERT INTO post (title, body, author_id) VALUES ('noticed', '', 1)");
    indexed(&place).await;
    assert_eq!(ids_of(&db, "noticed").await, [2]);
    assert_eq!(entries(&place, "old"), 0, "ids begin anew");
}

/// A database of the schema before this one becomes searchable by being opened.
#[tokio::test]
async fn migrated() {
    let place = TestDatabase::in_file();
    for migration in [
        include_str!("../src/db/schema/sqlite/0001_user_and_post.sql"),
        include_str!("../src/db/schema/sqlite/0002_session.sql"),
        include_str!("../src/db/schema/sqlite/0003_account.sql"),
        "PRAGMA user_version = 3; PRAGMA application_id = 0x466c736b;
         INSERT INTO user (username, password) VALUES ('a', 'x');
         INSERT INTO post (author_id, title, body) VALUES (1, '오래된 글', 'old text'), (1, 'b', '');",
    ] {
        place.database.execute(migration);
    }
    let db = place.open();
    indexed(&place).await;
    assert_eq!(ids_of(&db, "오래된").await, [1]);
    assert_eq!(ids_of(&db, "tex").await, [1]);
}

/// Clearing takes the index with it, under a running daemon too.
#[tokio::test]
async fn cleared() {
    let place = new_database();
    let db = place.open();
    db.write(|conn| insert(conn, "word", "")).await.unwrap();
    indexed(&place).await;
    place.clear();
    place.database.execute("INSERT INTO user (username, password) VALUES ('a', 'x')");
    assert!(ids_of(&db, "word").await.is_empty());
    db.write(|conn| insert(conn, "another", "")).await.unwrap();
    indexed(&place).await;
    assert_eq!(ids_of(&db, "another").await, [1]);
    assert!(ids_of(&db, "word").await.is_empty());
}

/// Under writes without a pause posts are indexed all the same, and all of them once there is one.
#[tokio::test(flavor = "multi_thread")]
async fn under_load() {
    let place = new_database();
    let db = Arc::new(place.open());
    let is_over = Arc::new(AtomicBool::new(false));
    let writers = (0..8).map(|_| {
        let (db, is_over) = (Arc::clone(&db), Arc::clone(&is_over));
        tokio::spawn(async move {
            while !is_over.load(Ordering::Relaxed) {
                db.write(|conn| insert(conn, "word", "배포하기")).await.unwrap();
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    let begun = Instant::now();
    while ids_of(&db, "배포하기").await.is_empty() {
        assert!(begun.elapsed() < PATIENCE, "nothing is indexed as long as somebody writes");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    is_over.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    indexed(&place).await;
    let all: i64 = place.database.value("SELECT count(*) FROM post");
    drop(db);
    let found = place.single_apart(|single| ids(&single, "포하기").len());
    assert_eq!(i64::try_from(found), Ok(all));
}

/// However many posts wait to be indexed, the daemon ends at once, and the next one goes on.
#[test]
fn ends_with_posts_waiting() {
    let place = new_database();
    let posts = "WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 20000)
                 INSERT INTO post (id, author_id, title, body) SELECT id, 1, 'word', '배포하기' FROM n";
    place.database.execute(posts);
    let before = queued(&place);
    drop(place.open());
    assert!(queued(&place) > 0);
    let db = place.open();
    let begun = Instant::now();
    while queued(&place) == before {
        assert!(begun.elapsed() < PATIENCE, "nothing is indexed");
    }
    drop(db);
    assert!(queued(&place) > 0);
}

/// While another process holds the database the index waits, not the daemon; afterwards it is brought up to date.
#[tokio::test]
async fn another_process_holds_it() {
    let place = new_database();
    let db = place.open();
    place.database.execute("INSERT INTO post (title, body, author_id) VALUES ('word', '', 1)");
    let other = place.database.hold();
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let release = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        drop(other);
    };
    let (written, ()) = tokio::join!(db.write(|conn| insert(conn, "word", "")), release);
    written.unwrap();
    indexed(&place).await;
    assert_eq!(ids_of(&db, "word").await, [2, 1]);
}

/// Of a long text the beginning is found; what is behind it is not, and does no harm.
#[test]
fn long_text() {
    let place = new_database();
    let single = place.single();
    let body = format!("beginning {} behind", "가나다 ".repeat(TEXT_BYTES_MAX / 10 + 1));
    single.transaction(|conn| insert(conn, "t", &body)).unwrap();
    index_all(&single);
    assert_eq!(ids(&single, "beginning 나다"), [1]);
    assert!(ids(&single, "behind").is_empty());
}

/// However much text waits, one transaction takes a bounded part of it.
#[test]
fn bounded_transaction() {
    let place = new_database();
    let single = place.single();
    let body = "가나다 ".repeat(TEXT_BYTES_MAX / 10 + 1);
    for _ in 0..20 {
        single.transaction(|conn| insert(conn, "t", &body)).unwrap();
    }
    let indexed = single.transaction(|conn| search::index_some(conn, 100)).unwrap();
    assert!((1..=5).contains(&indexed), "{indexed}");
}

/// A place is its text, and any other text is none.
#[test]
fn places() {
    for text in ["title-1", "text-9223372036854775807", "text--1"] {
        assert_eq!(text.parse::<Place>().unwrap().to_string(), text);
    }
    for text in ["", "-", "title", "title-", "body-1", "text-9223372036854775808", "text-1 ", "text-'"] {
        assert!(text.parse::<Place>().is_err(), "{text}");
    }
}

/// A database with one post, for what must hold for any.
fn with_post(title: &str, body: &str) -> (TestDatabase, Single) {
    let place = new_database();
    let single = place.single();
    single.transaction(|conn| insert(conn, title, body)).unwrap();
    index_all(&single);
    (place, single)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A text without spaces is found by any part of it, whatever is around it.
    #[test]
    fn found_by_any_part(
        run in "[가-힣一-龥ぁ-んァ-ヶ]{1,30}", start in 0..30_usize, length in 1..30_usize,
        before in "\\PC{0,20}", after in "\\PC{0,20}",
    ) {
        let (_place, single) = with_post("t", &format!("{before} {run} {after}"));
        let chars: Vec<char> = run.chars().collect();
        let start = start % chars.len();
        let part: String = chars[start..].iter().take(length).collect();
        prop_assert_eq!(ids(&single, &part), [1], "{}", part);
    }

    /// A word is found by any beginning of it, in any case.
    #[test]
    fn found_by_any_beginning(
        word in "[a-zA-Z0-9äöüßéа-яα-ω]{1,30}", length in 1..30_usize, upper: bool,
        before in "\\PC{0,20}", after in "\\PC{0,20}",
    ) {
        let (_place, single) = with_post(&format!("{before} {word} {after}"), "");
        let beginning: String = word.chars().take(length).collect();
        let beginning = if upper { beginning.to_uppercase() } else { beginning };
        prop_assert_eq!(ids(&single, &beginning), [1], "{}", beginning);
    }

    /// Whatever is asked for, in whatever text: there is an answer, and the marked text is the text.
    #[test]
    fn anything_is_answered(query: String, signs in "[\"*^:(){}+\\-'\\\\,. \0aAND가]{0,20}", text: String) {
        let (_place, single) = with_post(&text, &format!("{text}{query}{signs}"));
        for query in [&query, &signs, &format!("{query}{signs}")] {
            tokens(query, |token| assert!(token.chars().all(|char| !char.is_ascii_punctuation() && char != ' ')));
            let Some(parsed) = Query::parse(query) else { continue };
            single.transaction(|conn| search::find(conn, &parsed, None, PAGE)).unwrap();
            let marked: String = parsed.marked(&text).into_iter().map(|fragment| match fragment {
                Fragment::Text(text) | Fragment::Match(text) => text,
            }).collect();
            prop_assert_eq!(&marked, &text);
            parsed.excerpt(&text);
        }
    }
}
