//! `flaskr-admin comment`: comments, whoever wrote them. What is decided here is noted where moderators see it.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;

use super::failure::Failure;
use super::output::{self, Align, printable};
use super::{Result, owner, users};
use crate::cli::{CommentCommand, Decision};
use crate::comment::{Comment, CommentId};
use crate::config::Config;
use crate::db::administrator::{self, Wanted};
use crate::db::{Location, Single, comments};
use crate::moderation::Reason;
use crate::post::PostId;

/// Does one of them.
pub(super) fn run(config: &Config, command: &CommentCommand, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    owner::become_owner_of(&config.instance)?;
    let database = Single::open(Location::of(config), now)?;
    match command {
        CommentCommand::List { post, author, waiting, part } => {
            let author = author.as_deref().map(|name| users::find(&database, name)).transpose()?;
            let wanted = Wanted {
                post: post.map(PostId),
                author: author.map(|account| account.user.id),
                is_waiting: *waiting,
                before: part.before.map(CommentId),
                rows_max: part.limit,
            };
            list(&database, wanted, part.output.json, out)
        }
        CommentCommand::Show { id, output } => show(&find(&database, *id)?, output.json, out),
        CommentCommand::Approve(Decision { id, reason }) => approve(&database, *id, &parse(reason)?, now, out),
        CommentCommand::Delete(Decision { id, reason }) => delete(&database, *id, &parse(reason)?, now, out),
    }
}

/// A comment, for a script.
#[derive(Serialize)]
struct Shown<'a> {
    id: i64,
    post: i64,
    post_title: &'a str,
    author: Option<&'a str>,
    created: String,
    updated: Option<String>,
    waiting: bool,
    body: &'a str,
}

impl<'a> Shown<'a> {
    fn new(comment: &'a Comment) -> Self {
        Self {
            id: comment.id.0,
            post: comment.post.0,
            post_title: &comment.post_title,
            author: comment.username.as_deref(),
            created: output::json_time(comment.created),
            updated: comment.updated.map(output::json_time),
            waiting: comment.is_waiting,
            body: &comment.body,
        }
    }
}

/// A part of a list, for a script.
#[derive(Serialize)]
struct List<'a> {
    comments: Vec<Shown<'a>>,
    /// For `--before`, if there is more.
    before: Option<i64>,
}

fn list(database: &Single, wanted: Wanted, json: bool, out: &mut dyn Write) -> Result<()> {
    // One more tells whether there is more.
    let one_more = Wanted { rows_max: wanted.rows_max + 1, ..wanted };
    let mut found = database.read(|conn| administrator::comments(conn, one_more))?;
    let has_more = found.len() > wanted.rows_max;
    found.truncate(wanted.rows_max);
    let before = found.last().filter(|_| has_more).map(|last| last.id.0);
    if json {
        return output::json(&List { comments: found.iter().map(Shown::new).collect(), before }, out);
    }
    let row = |comment: &Comment| {
        let state = if comment.is_waiting { "waiting" } else { "" };
        let (post, text) = (comment.post.0.to_string(), printable(&comment.body.replace('\n', " ")));
        vec![comment.id.0.to_string(), output::time(comment.created), author(comment), post, state.to_owned(), text]
    };
    let heads = [
        ("ID", Align::Right),
        ("CREATED (UTC)", Align::Left),
        ("AUTHOR", Align::Left),
        ("POST", Align::Right),
        ("STATE", Align::Left),
        ("TEXT", Align::Left),
    ];
    output::table(&heads, &found.iter().map(row).collect::<Vec<_>>(), out)?;
    before.map_or(Ok(()), |before| writeln!(out, "There are older ones: --before {before}"))?;
    Ok(())
}

fn author(comment: &Comment) -> String {
    comment.username.as_deref().map_or_else(|| "(a former user)".to_owned(), printable)
}

fn find(database: &Single, id: i64) -> Result<Comment> {
    let missing =
        || Failure::NotFound(format!("there is no comment {id}: `flaskr-admin comment list` shows those that are"));
    Ok(database.read(|conn| comments::find(conn, CommentId(id)))?.ok_or_else(missing)?)
}

fn show(comment: &Comment, json: bool, out: &mut dyn Write) -> Result<()> {
    let shown = Shown::new(comment);
    if json {
        return output::json(&shown, out);
    }
    let mut fields = vec![
        ("Comment", shown.id.to_string()),
        ("Post", format!("{}, {}", shown.post, printable(shown.post_title))),
        ("Author", author(comment)),
        ("Created", shown.created),
    ];
    fields.extend(shown.updated.map(|updated| ("Updated", updated)));
    fields.push(("State", if shown.waiting { "waits to be approved" } else { "everybody sees it" }.to_owned()));
    output::fields(&fields, out)?;
    writeln!(out, "\n{}", output::printable_lines(shown.body))?;
    Ok(())
}

fn parse(reason: &str) -> Result<Reason> {
    Reason::parse(reason).map_err(|problem| problem.to_string().into())
}

fn approve(database: &Single, id: i64, reason: &Reason, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    let comment = find(database, id)?;
    if database.transaction(|conn| administrator::approve(conn, &comment, reason, now))? {
        writeln!(out, "Approved comment {id} of {}: everybody sees it now.", author(&comment))?;
    } else {
        writeln!(out, "Comment {id} does not wait: everybody sees it already.")?;
    }
    Ok(())
}

fn delete(database: &Single, id: i64, reason: &Reason, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    let comment = find(database, id)?;
    if !database.transaction(|conn| administrator::delete(conn, &comment, reason, now))? {
        find(database, id)?; // somebody else did just now
    }
    writeln!(out, "Deleted comment {id} of {} for good.", author(&comment))?;
    Ok(())
}
