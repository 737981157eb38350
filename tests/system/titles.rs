//! Opens each database whose path comes in on a line, as it is after a crash, and says in a line what is in it: the
//! posts' titles between tabs, or what is wrong. After `found WORD PATH` it is opened as a daemon does that, and what is
//! said is what the search finds once all is indexed. Tests of crashes ask this, because the SQLite of others is not ours.
#![allow(clippy::print_stdout, reason = "it answers on standard output")]

use std::error::Error;
use std::io::stdin;
use std::path::Path;

use flaskr::clock::Clock;
use flaskr::db::{Single, search};
use flaskr::search::Query;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

fn main() -> Result<(), Box<dyn Error>> {
    for line in stdin().lines() {
        let line = line?;
        let said = match line.strip_prefix("found ").and_then(|asked| asked.split_once(' ')) {
            Some((word, path)) => found(word, path),
            None => titles(&line),
        };
        match said {
            Ok(titles) => println!("ok\t{}", titles.join("\t")),
            Err(error) => println!("{}", error.to_string().replace('\n', " ")),
        }
    }
    Ok(())
}

fn titles(path: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let connection = Connection::open(path)?;
    // What was recovered is for the next look too: nothing is copied from the log when this ends.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    let check: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if check != "ok" {
        return Err(check.into());
    }
    let mut statement = connection.prepare("SELECT title FROM post")?;
    let titles = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(titles)
}

/// Posts that one transaction indexes.
const INDEXED_POSTS_MAX: usize = 100;
/// Posts on a page of results.
const POSTS_MAX: usize = 100;

fn found(word: &str, path: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let query = Query::parse(word).ok_or("no word")?;
    let single = Single::open(Path::new(path), Clock::system().now())?;
    while single.transaction(|conn| search::index_some(conn, INDEXED_POSTS_MAX))? > 0 {}
    let (mut titles, mut from) = (Vec::new(), None);
    loop {
        let page = single.transaction(|conn| search::find(conn, &query, from, POSTS_MAX))?;
        titles.extend(page.posts.into_iter().map(|post| post.title));
        from = page.next;
        if from.is_none() {
            return Ok(titles);
        }
    }
}
