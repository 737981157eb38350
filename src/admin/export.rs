//! `flaskr-admin export`: the site as Markdown files, which `flaskr-admin import` reads back.

use std::fs;
use std::io::Write;
use std::path::Path;

use jiff::Timestamp;

use super::failure::Failure;
use super::{Result, count, owner, progress, users};
use crate::config::Config;
use crate::db::imports::Place;
use crate::db::{Connection, Location, Single, images, imports};
use crate::exchange::folder;
use crate::image::Address;
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
    let location = Location::of(&Config { instance: instance.clone(), ..config.clone() }); // from another directory
    prepare(directory)?;
    owner::give_to_owner_of(directory, &instance)?;
    owner::enter(directory)?;
    owner::become_owner_of(&instance)?;
    let database = Single::open(&location, now)?;
    let author = author.map(|name| users::find(&database, name)).transpose()?.map(|account| account.user.id);
    let shown = directory.display();
    let written = database.read(|conn| Ok(write(conn, author)))?;
    let (posts, drafts) = written.map_err(|error| format!("{error}: what is in {shown} is not complete"))?;
    writeln!(out, "Exported {} and {} to {shown}.", count(posts, "post"), count(drafts, "draft"))?;
    Ok(())
}

fn prepare(directory: &Path) -> Result<()> {
    let shown = directory.display();
    fs::create_dir_all(directory).map_err(|error| format!("cannot make the folder {shown}: {error}"))?;
    if fs::read_dir(directory)?.next().is_some() {
        let message = format!("the folder {shown} is not empty: give one that is, or a new one");
        return Err(Failure::Refused(message).into());
    }
    Ok(())
}

/// Writes the files, and counts posts and drafts.
fn write(conn: Connection<'_>, author: Option<UserId>) -> Result<(usize, usize)> {
    let (mut posts, mut drafts) = (0, 0);
    let spinner = progress::spinner("writing posts");
    let mut place = Some(Place::START);
    while let Some(here) = place {
        let (documents, next) = imports::after(conn, here, author, READ_MAX)?;
        for (id, document) in documents {
            store(&folder::path(id, &document), document.to_file().as_bytes())?;
            let is_stored = |address: &Address| Path::new(&folder::picture(address)).exists();
            for (address, file) in images::named(conn, &document.written.body, is_stored)? {
                store(&folder::picture(&address), &file)?;
            }
            *if document.is_draft { &mut drafts } else { &mut posts } += 1;
        }
        place = next;
    }
    spinner.finish_and_clear();
    Ok((posts, drafts))
}

fn store(path: &str, bytes: &[u8]) -> Result<()> {
    let path = Path::new(path);
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, bytes));
    Ok(written.map_err(|error| format!("cannot write {}: {error}", path.display()))?)
}
