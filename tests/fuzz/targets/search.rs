//! A search, and a text to search on the lines below it: the database answers, and what is marked is the text.
#![no_main]

use std::cell::RefCell;

use flaskr::clock::Clock;
use flaskr::db::{self, Single, search};
use flaskr::search::{Fragment, Query, tokens};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

thread_local! {
    static DATABASE: RefCell<(TempDir, Single)> = RefCell::new(database());
}

fn database() -> (TempDir, Single) {
    let directory = tempfile::tempdir().unwrap();
    let (path, now) = (directory.path().join("flaskr.sqlite"), Clock::system().now());
    db::init(&path, now).unwrap();
    (directory, Single::open(&path, now).unwrap())
}

fuzz_target!(|input: &[u8]| {
    let input = String::from_utf8_lossy(input);
    let (asked, text) = input.split_once('\n').unwrap_or((&input, ""));
    let mut is_found = true; // but by a mark alone, which nothing is
    tokens(text, |token| is_found &= Query::parse(token).is_none_or(|query| query.matches(&[text])));
    assert!(is_found, "a token of the text does not find it");
    let Some(query) = Query::parse(asked) else { return };
    let marked = query.marked(text);
    let is_marked = marked.iter().any(|fragment| matches!(fragment, Fragment::Match(_)));
    assert!(is_marked || !query.matches(&[text]));
    let parts = marked.iter().map(|fragment| match fragment {
        Fragment::Text(text) | Fragment::Match(text) => text.as_str(),
    });
    assert_eq!(parts.collect::<String>(), text);
    query.excerpt(text);
    let place = text.parse().ok();
    DATABASE.with_borrow(|(_, single)| single.transaction(|conn| search::find(conn, &query, place, 10)).unwrap());
});
