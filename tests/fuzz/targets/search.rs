//! A search, and a text to search on the lines below it: the database answers, and what is marked is the text.
#![no_main]

use std::cell::RefCell;

use flaskr::clock::Clock;
use flaskr::db::{self, Single, search};
use flaskr::search::{Fragment, Query, Term, tokens};
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

fn is_indexed(query: &Query, text: &str) -> bool {
    let mut indexed = Vec::new();
    tokens(text, |token| indexed.push(token.to_owned()));
    query.terms().iter().all(|term| match term {
        Term::Token(term) => indexed.contains(term),
        Term::Beginning(term) => indexed.iter().any(|token| token.starts_with(term.as_str())),
    })
}

fuzz_target!(|input: &[u8]| {
    let input = String::from_utf8_lossy(input);
    let (asked, text) = input.split_once('\n').unwrap_or((&input, ""));
    let Some(query) = Query::parse(asked) else { return };
    let is_whole = asked.len() <= 512; // of a longer one the beginning counts, which may end within a syllable
    assert!(!is_whole || query.matches(&[asked]), "a text does not find itself");
    assert!(!query.matches(&[text]) || is_indexed(&query, text), "what matches has not all of its tokens in the index");
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
