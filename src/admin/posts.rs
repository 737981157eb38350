//! `flaskr-admin post`: posts, whoever wrote them.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;

use super::failure::Failure;
use super::output::{self, Align, printable};
use super::{Result, owner, users};
use crate::cli::{ListPart, PostCommand};
use crate::config::Config;
use crate::db::posts::Scope;
use crate::db::withdrawn::{self, By, WITHDRAWN_DAYS_MAX};
use crate::db::{Location, Single, discussions, posts, tags};
use crate::post::{self, Part, Post, PostId};

/// Does one of them.
pub(super) fn run(config: &Config, command: &PostCommand, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    owner::become_owner_of(&config.instance)?;
    let database = Single::open(Location::of(config), now)?;
    match command {
        PostCommand::List { author, part } => list(&database, author.as_deref(), *part, out),
        PostCommand::Show { id, output } => show(&database, PostId(*id), output.json, out),
        PostCommand::Delete { id } => delete(&database, PostId(*id), now, out),
    }
}

/// A post in a list, for a script.
#[derive(Serialize)]
struct Listed<'a> {
    id: i64,
    author: &'a str,
    created: Option<String>,
    updated: Option<String>,
    title: &'a str,
}

impl<'a> Listed<'a> {
    fn new(post: &'a Post) -> Self {
        Self {
            id: post.id.0,
            author: &post.username,
            created: post::time(&post.created).map(output::json_time),
            updated: post.updated_at().map(output::json_time),
            title: &post.title,
        }
    }
}

/// A part of a list, for a script.
#[derive(Serialize)]
struct List<'a> {
    posts: Vec<Listed<'a>>,
    /// For `--before`, if there is more.
    before: Option<i64>,
}

fn list(database: &Single, author: Option<&str>, part: ListPart, out: &mut dyn Write) -> Result<()> {
    let ListPart { before, limit, output } = part;
    let scope = author.map(|name| users::find(database, name)).transpose()?.map(|account| account.user.id);
    let part = before.map(|id| find(database, PostId(id))).transpose()?.map(|post| Part::Before(post.place()));
    let list = database
        .read(|conn| posts::list(conn, scope.map_or(Scope::All, Scope::Of), &part.unwrap_or(Part::Newest), limit))?;
    let before = list.older.and(list.posts.last()).map(|last| last.id.0);
    if output.json {
        return output::json(&List { posts: list.posts.iter().map(Listed::new).collect(), before }, out);
    }
    let row = |post: &Post| {
        let created = post::time(&post.created).map_or_else(|| printable(&post.created), output::time);
        vec![post.id.0.to_string(), created, printable(&post.username), printable(&post.title)]
    };
    let heads = [("ID", Align::Right), ("CREATED (UTC)", Align::Left), ("AUTHOR", Align::Left), ("TITLE", Align::Left)];
    output::table(&heads, &list.posts.iter().map(row).collect::<Vec<_>>(), out)?;
    before.map_or(Ok(()), |before| writeln!(out, "There are older ones: --before {before}"))?;
    Ok(())
}

fn find(database: &Single, id: PostId) -> Result<Post> {
    let missing =
        || Failure::NotFound(format!("there is no post {}: `flaskr-admin post list` shows those that are", id.0));
    Ok(database.read(|conn| posts::find(conn, id))?.ok_or_else(missing)?)
}

/// A post, for a script.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    listed: Listed<'a>,
    format: &'a str,
    tags: &'a [String],
    likes: i64,
    body: &'a str,
}

fn show(database: &Single, id: PostId, json: bool, out: &mut dyn Write) -> Result<()> {
    let post = find(database, id)?;
    let (tags, discussion) = database.read(|conn| Ok((tags::of_post(conn, id)?, discussions::find(conn, id)?)))?;
    let tags: Vec<_> = tags.into_iter().map(|tag| tag.name).collect();
    let likes = discussion.map_or(0, |discussion| discussion.likes);
    let listed = Listed::new(&post);
    if json {
        let whole = Whole { listed, format: post.format.as_str(), tags: &tags, likes, body: &post.body };
        return output::json(&whole, out);
    }
    let mut fields = vec![
        ("Post", id.0.to_string()),
        ("Title", printable(&post.title)),
        ("Author", printable(&post.username)),
        ("Created", listed.created.unwrap_or_else(|| printable(&post.created))),
    ];
    fields.extend(listed.updated.map(|updated| ("Updated", updated)));
    fields.extend([
        ("Format", post.format.as_str().to_owned()),
        ("Tags", printable(&tags.join(", "))),
        ("Likes", likes.to_string()),
    ]);
    output::fields(&fields, out)?;
    writeln!(out, "\n{}", output::printable_lines(&post.body))?;
    Ok(())
}

/// As its author does, who can bring it back.
fn delete(database: &Single, id: PostId, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    let post = find(database, id)?;
    let withdrawn = database.transaction(|conn| withdrawn::withdraw(conn, id, By::Author(post.author_id), now))?;
    if !withdrawn {
        find(database, id)?; // somebody else did just now
    }
    writeln!(
        out,
        "Deleted post {}, {}. For {WITHDRAWN_DAYS_MAX} days its author, {}, can bring it back.",
        id.0,
        printable(&post.title),
        printable(&post.username)
    )?;
    Ok(())
}
