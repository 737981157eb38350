//! `flaskr-admin import`: posts from the tutorial's Flaskr, from Markdown files, or from WordPress.

mod pictures;
mod report;
mod sources;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Result, owner, progress};
use crate::clock;
use crate::comment::CommentText;
use crate::config::Config;
use crate::content::Content;
use crate::db::imports::{self, Inserted};
use crate::db::original::Member;
use crate::db::{self, Connection, Location, Single};
use crate::exchange::{Comment, Document, Refused};
use crate::image::Picture;
use crate::post::PostId;
use crate::user::{User, Username};
use report::Imported;
use sources::{Found, FoundPost};

/// What the command line says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    /// From where.
    pub(super) path: &'a Path,
    /// Whose posts are that say no author.
    pub(super) author: Option<&'a str>,
    /// Whether nothing is to be stored.
    pub(super) is_rehearsal: bool,
    /// Whether what cannot be read is to be left out.
    pub(super) keeps_going: bool,
}

/// Reads all of it, and then stores all of it at once, or nothing.
pub(super) fn run(config: &Config, wanted: Wanted<'_>, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    // As root, if this is root: the files need not be readable for the owner of the site.
    let found = sources::find(wanted.path)?;
    let instance = config.instance.clone();
    owner::become_owner_of(&instance)?;
    let database = Single::open(Location::of(config), now)?;
    for note in &found.notes {
        writeln!(out, "{note}")?;
    }
    let found = prepare(found);
    if !wanted.keeps_going && !found.refused.is_empty() {
        return Err(report::stopped(&found.refused, out)?.into());
    }
    let is_kept = |stored: &std::result::Result<Imported, Refused>| stored.is_ok() && !wanted.is_rehearsal;
    let imported = match database.transaction_if(is_kept, |conn| store(conn, &found, wanted, now))? {
        Ok(imported) => imported,
        Err(refused) => return Err(report::stopped(&[refused], out)?.into()),
    };
    report::done(&imported, wanted.is_rehearsal, out)
}

/// All that is ready to be stored.
struct Prepared {
    members: Vec<Member>,
    posts: Vec<PreparedPost>,
    refused: Vec<Refused>,
}

struct PreparedPost {
    place: String,
    document: Document,
    pictures: Vec<Arc<Picture>>,
}

/// Makes the pictures, which takes longest, before anybody is kept from writing.
fn prepare(found: Found) -> Prepared {
    let made = found.pictures.into_pictures();
    let (mut posts, mut refused) = (Vec::new(), found.refused);
    for FoundPost { place, mut document, shown } in found.posts {
        match pictures::place(&mut document, &shown, &made) {
            Ok(pictures) => posts.push(PreparedPost { place, document, pictures }),
            Err(one) => refused.push(one),
        }
    }
    Prepared { members: found.members, posts, refused }
}

/// Stores what was found; or says what was refused first, where that is to end it.
fn store(
    conn: Connection<'_>,
    found: &Prepared,
    wanted: Wanted<'_>,
    now: Timestamp,
) -> db::Result<std::result::Result<Imported, Refused>> {
    let mut imported = Imported { refused: found.refused.clone(), ..Imported::default() };
    for Member { username, password_hash } in &found.members {
        if let Ok(name) = Username::parse(username.clone()) {
            imports::user(conn, &name, Some(password_hash))?;
        }
    }
    let bar = progress::bar("posts", found.posts.len());
    for post in &found.posts {
        bar.inc(1);
        let refused = |reason: String| Refused { place: post.place.clone(), reason };
        match one(conn, post, wanted.author, now, &mut imported)? {
            Ok(()) => (),
            Err(reason) if wanted.keeps_going => imported.refused.push(refused(reason)),
            Err(reason) => return Ok(Err(refused(reason))),
        }
    }
    bar.finish_and_clear();
    Ok(Ok(imported))
}

/// Stores one post, or says why not; then nothing of it is stored.
fn one(
    conn: Connection<'_>,
    PreparedPost { document, pictures, .. }: &PreparedPost,
    author: Option<&str>,
    now: Timestamp,
    imported: &mut Imported,
) -> db::Result<std::result::Result<(), String>> {
    let written = &document.written;
    let Some(author) = document.author.as_deref().or(author) else {
        return Ok(Err("it has no author: say whose it is with --author NAME".to_owned()));
    };
    let content =
        Content::parse(written.title.clone(), written.body.clone(), Some(&written.tags), Some(written.format));
    let content = match (content, document.is_draft) {
        (Ok(content), _) => Some(content),
        (Err(_), true) => None, // what is no post yet may lack a title
        (Err(problem), false) => return Ok(Err(problem.to_string())),
    };
    let Ok(username) = Username::parse(author.to_owned()) else { return Ok(Err("its author has no name".to_owned())) };
    let (comments, likers) = match readers(document) {
        Ok(readers) => readers,
        Err(reason) => return Ok(Err(reason)),
    };
    let user = add_user(conn, &username, imported)?;
    imports::pictures(conn, user.id, pictures, now)?;
    match content {
        Some(content) if !document.is_draft => {
            if let Some(id) = post(conn, document, &user, &content, now, imported)? {
                let mut add = |name: &Username| add_user(conn, name, imported).map(|user| user.id);
                let comments: Vec<_> = comments
                    .into_iter()
                    .map(|(name, text, created)| Ok((add(&name)?, text, created)))
                    .collect::<db::Result<_>>()?;
                let likers: Vec<_> = likers.iter().map(add).collect::<db::Result<_>>()?;
                imports::discussion(conn, id, &comments, &likers)?;
            }
        }
        _ if imports::draft(conn, &user, written, &clock::as_text(now))? => imported.drafts += 1,
        _ => imported.already += 1,
    }
    Ok(Ok(()))
}

/// Stores a post, and returns its number if it was not there.
fn post(
    conn: Connection<'_>,
    document: &Document,
    author: &User,
    content: &Content,
    now: Timestamp,
    imported: &mut Imported,
) -> db::Result<Option<PostId>> {
    let created = document.created.clone().unwrap_or_else(|| clock::as_text(now));
    let inserted = imports::post(conn, document, author.id, content, &created)?;
    imported.renumbered += usize::from(matches!(inserted, Inserted::Renumbered(_)));
    match inserted {
        Inserted::AsItWas(id) | Inserted::Renumbered(id) => {
            imported.posts += 1;
            Ok(Some(id))
        }
        Inserted::Already(_) => {
            imported.already += 1;
            Ok(None)
        }
    }
}

fn add_user(conn: Connection<'_>, name: &Username, imported: &mut Imported) -> db::Result<User> {
    let (user, is_new) = imports::user(conn, name, None)?;
    if is_new {
        imported.new_users.insert(user.username.clone());
    }
    Ok(user)
}

type Readers = (Vec<(Username, CommentText, Timestamp)>, Vec<Username>);

/// Who commented on a post, and who likes it.
fn readers(document: &Document) -> std::result::Result<Readers, String> {
    let name = |name: &String| {
        Username::parse(name.clone()).map_err(|_| "somebody in its comments or likes has no name".to_owned())
    };
    let comment = |comment: &Comment| {
        let text = CommentText::parse(&comment.body)
            .map_err(|problem| format!("a comment of {}: {problem}", comment.author))?;
        Ok::<_, String>((name(&comment.author)?, text, comment.created))
    };
    let comments = document.comments.iter().map(comment).collect::<std::result::Result<_, _>>()?;
    let likers = document.likes.iter().map(name).collect::<std::result::Result<_, _>>()?;
    Ok((comments, likers))
}
