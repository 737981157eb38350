//! How long the parts take, one at a time: requests in process, statements, a password's hash.
#![allow(clippy::unwrap_used, reason = "a benchmark says what is wrong by failing")]

mod site;

use std::cell::Cell;

use divan::Bencher;
use flaskr::config::PasswordSettings;
use flaskr::content::Content;
use flaskr::db::posts::{self, Scope};
use flaskr::password::{Argon2id, Memory};
use flaskr::post::{Part, PostId};
use flaskr::user::{Password, UserId};
use site::{Site, database};

const FRONT_PAGE_POSTS: usize = 5;
const DATABASE_POSTS: usize = 10_000;

fn main() {
    divan::main();
}

/// What this site answers as it should.
fn asked() -> Vec<&'static str> {
    Site::new(FRONT_PAGE_POSTS).asks().iter().map(|ask| ask.name).collect()
}

/// A request through the whole site but the connection.
#[divan::bench(args = asked())]
fn request(bencher: Bencher<'_, '_>, name: &str) {
    let site = Site::new(FRONT_PAGE_POSTS);
    let ask = site.asks().into_iter().find(|ask| ask.name == name).unwrap();
    bencher.bench_local(|| site.answer(&ask).body);
}

/// One post of many, each time another.
#[divan::bench]
fn find_post(bencher: Bencher<'_, '_>) {
    let (directory, id) = (tempfile::tempdir().unwrap(), Cell::new(0));
    let next = || {
        id.set(id.get() % DATABASE_POSTS + 1);
        PostId(i64::try_from(id.get()).unwrap())
    };
    let read = database(directory.path(), DATABASE_POSTS).transaction(|conn| {
        bencher.bench_local(|| posts::find(conn, next()).unwrap().unwrap());
        Ok(())
    });
    read.unwrap();
}

/// The posts of the front page, and of a page in the middle.
#[divan::bench(args = ["newest", "middle"])]
fn list_posts(bencher: Bencher<'_, '_>, part: &str) {
    let directory = tempfile::tempdir().unwrap();
    let read = database(directory.path(), DATABASE_POSTS).transaction(|conn| {
        let middle = posts::find(conn, PostId(i64::try_from(DATABASE_POSTS / 2).unwrap()))?.unwrap().place();
        let part = if part == "middle" { Part::Before(middle) } else { Part::Newest };
        bencher.bench_local(|| posts::list(conn, Scope::All, &part, FRONT_PAGE_POSTS).unwrap());
        Ok(())
    });
    read.unwrap();
}

/// A post more, in a transaction that goes on.
#[divan::bench]
fn insert_post(bencher: Bencher<'_, '_>) {
    let directory = tempfile::tempdir().unwrap();
    let draft = Content::parse("A kettle".to_owned(), "It sings on monday. ".repeat(15), None, None).unwrap();
    let written = database(directory.path(), DATABASE_POSTS).transaction(|conn| {
        bencher.bench_local(|| posts::insert(conn, UserId(1), &draft, "2026-01-01 00:00:01").unwrap());
        Ok(())
    });
    written.unwrap();
}

/// The hash of a password, at the default cost.
#[divan::bench]
fn argon2id(bencher: Bencher<'_, '_>) {
    let argon2id = Argon2id::new(&PasswordSettings::default()).unwrap();
    let password = Password::new("kettle-on-monday".to_owned());
    let mut memory = Memory::default();
    bencher.bench_local(|| argon2id.hash(&mut memory, &password, [7; 16]).unwrap());
}
