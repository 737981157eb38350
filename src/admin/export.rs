//! `flaskr-admin export`: the site as Markdown files, which `flaskr-admin import` reads back.

use std::fs;
use std::io::Write;
use std::path::Path;

use jiff::Timestamp;

use super::{Result, count, owner, printable};
use crate::config::Config;
use crate::db::{Connection, Single, imports, users};
use crate::exchange::{Document, folder};
use crate::post::{DraftId, PostId};
use crate::user::UserId;

/// Posts that are read at a time.
const READ_MAX: usize = 100;

/// Writes every post and draft, of everybody or of one author, into a folder that is new or empty.
pub(super) fn run(
    config: &Config,
    directory: &Path,
    author: Option<&str>,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<()> {
    let instance = fs::canonicalize(&config.instance).unwrap_or_else(|_| config.instance.clone());
    let file = instance.join(config.database_file().file_name().unwrap_or_default());
    prepare(directory)?;
    owner::give_to_owner_of(directory, &instance)?;
    // From inside, since the owner of the site need not be let in from above.
    std::env::set_current_dir(directory)?;
    owner::become_owner_of(&instance)?;
    let database = Single::open(&file, now)?;
    let author = author.map(|name| find(&database, name)).transpose()?;
    let shown = directory.display();
    let written = database
        .read(|conn| Ok(write_posts(conn, author).and_then(|posts| Ok((posts, write_drafts(conn, author)?)))))?;
    let (posts, drafts) = written.map_err(|error| format!("{error}: what is in {shown} is not complete"))?;
    writeln!(out, "Exported {} and {} to {shown}.", count(posts, "post"), count(drafts, "draft"))?;
    Ok(())
}

fn find(database: &Single, name: &str) -> Result<UserId> {
    let account = database.read(|conn| users::find(conn, name))?;
    Ok(account.ok_or_else(|| format!("there is no user {}", printable(name)))?.user.id)
}

fn prepare(directory: &Path) -> Result<()> {
    let shown = directory.display();
    fs::create_dir_all(directory).map_err(|error| format!("cannot make the folder {shown}: {error}"))?;
    if fs::read_dir(directory)?.next().is_some() {
        return Err(format!("the folder {shown} is not empty: give one that is, or a new one").into());
    }
    Ok(())
}

fn write_posts(conn: Connection<'_>, author: Option<UserId>) -> Result<usize> {
    let (mut count, mut last) = (0, PostId(i64::MIN));
    loop {
        let posts = imports::posts_after(conn, last, author, READ_MAX)?;
        let Some(end) = posts.last().and_then(|post| post.id) else { return Ok(count) };
        last = end;
        for post in &posts {
            store(folder::POSTS, &folder::file_name(post.id.map_or(0, |id| id.0), &post.written.title), post)?;
            count += 1;
        }
    }
}

fn write_drafts(conn: Connection<'_>, author: Option<UserId>) -> Result<usize> {
    let (mut count, mut last) = (0, DraftId(0));
    loop {
        let drafts = imports::drafts_after(conn, last, author, READ_MAX)?;
        let Some((end, _)) = drafts.last() else { return Ok(count) };
        last = *end;
        for (id, draft) in &drafts {
            store(folder::DRAFTS, &folder::file_name(id.0, &draft.written.title), draft)?;
            count += 1;
        }
    }
}

fn store(folder: &str, name: &str, document: &Document) -> Result<()> {
    fs::create_dir_all(folder)?;
    let path = Path::new(folder).join(name);
    fs::write(&path, document.to_file()).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(())
}
