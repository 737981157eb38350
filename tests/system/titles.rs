//! Opens each database whose path comes in on a line, as it is after a crash, and says in a line what is in it: the
//! posts' titles between tabs, or what is wrong. Tests of crashes ask this, because the SQLite of others is not ours.
#![allow(clippy::print_stdout, reason = "it answers on standard output")]

use std::error::Error;
use std::io::stdin;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

fn main() -> Result<(), Box<dyn Error>> {
    for path in stdin().lines() {
        match titles(&path?) {
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
