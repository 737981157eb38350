//! `flaskr-admin import`: posts from the tutorial's Flaskr, from Markdown files, or from WordPress.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{Result, count, owner, printable, progress};
use crate::clock;
use crate::config::Config;
use crate::content::Content;
use crate::db::imports::{self, Inserted};
use crate::db::original::{Member, Original};
use crate::db::{self, Connection, Single};
use crate::exchange::{Document, Refused, folder, wordpress};
use crate::user::{User, Username};

/// The database in an instance of the tutorial's.
const DATABASE: &str = "flaskr.sqlite";
/// What else may be there, which is the old site's own.
const SETTINGS: &str = "config.py";
/// Reasons that are shown; what has more of them has one cause.
const REFUSED_SHOWN_MAX: usize = 20;

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

/// What was found in a place.
#[derive(Default)]
struct Found {
    members: Vec<Member>,
    /// Each with the place it was read from, for what is to be said of it.
    documents: Vec<(String, Document)>,
    refused: Vec<Refused>,
    notes: Vec<String>,
}

/// What came of it.
#[derive(Default)]
struct Imported {
    posts: usize,
    drafts: usize,
    already: usize,
    renumbered: usize,
    new_users: BTreeSet<String>,
    refused: Vec<Refused>,
}

/// Reads all of it, and then stores all of it at once, or nothing.
pub(super) fn run(config: &Config, wanted: Wanted<'_>, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    // As root, if this is root: the files need not be readable for the owner of the site.
    let found = find(wanted.path)?;
    let instance = config.instance.clone();
    owner::become_owner_of(&instance)?;
    let database = Single::open(&config.database_file(), now)?;
    for note in &found.notes {
        writeln!(out, "{note}")?;
    }
    if !wanted.keeps_going && !found.refused.is_empty() {
        return Err(stopped(&found.refused, out)?.into());
    }
    let is_kept = |stored: &std::result::Result<Imported, Refused>| stored.is_ok() && !wanted.is_rehearsal;
    let imported = match database.transaction_if(is_kept, |conn| store(conn, &found, wanted, now))? {
        Ok(imported) => imported,
        Err(refused) => return Err(stopped(&[refused], out)?.into()),
    };
    report(&imported, wanted.is_rehearsal, out)
}

fn find(path: &Path) -> Result<Found> {
    let because = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
    let is_folder = fs::metadata(path).map_err(because)?.is_dir();
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    match (is_folder, ending) {
        (true, _) if path.join(DATABASE).exists() => from_original(&path.join(DATABASE)),
        (true, _) => from_folder(path).map_err(|error| because(error).into()),
        (false, "sqlite" | "sqlite3" | "db") => from_original(path),
        (false, "xml") => from_wordpress(path),
        (false, _) => Err(format!(
            "{} is nothing to import: give the instance folder of a Flaskr (with {DATABASE}), a folder of Markdown files, \
             or an export file of WordPress (.xml)",
            path.display()
        )
        .into()),
    }
}

fn from_original(path: &Path) -> Result<Found> {
    let shown = path.display();
    let original = Original::open(path)?.ok_or_else(|| {
        format!(
            "{shown} is no database of the tutorial's Flaskr: one of this program is copied as it is, see README.md"
        )
    })?;
    let place = |document: &Document| format!("{shown}, post {}", document.id.map_or(0, |id| id.0));
    let documents = original.posts()?.into_iter().map(|document| (place(&document), document)).collect();
    let settings = path.with_file_name(SETTINGS);
    let ignored = format!("{} is not read: this site has its own key and settings.", settings.display());
    let notes = settings.exists().then_some(ignored).into_iter().collect();
    Ok(Found { members: original.members()?, documents, notes, ..Found::default() })
}

fn from_folder(path: &Path) -> std::io::Result<Found> {
    let mut found = Found::default();
    let place = |file: PathBuf| file.strip_prefix(path).unwrap_or(&file).display().to_string();
    for (file, read) in folder::read(path)? {
        match read {
            Ok(document) => found.documents.push((place(file), document)),
            Err(refused) => found.refused.push(refused),
        }
    }
    Ok(found)
}

fn from_wordpress(path: &Path) -> Result<Found> {
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut found = Found::default();
    let read = wordpress::read(&text, &name).map_err(|refused| format!("{}: {}", refused.place, refused.reason))?;
    for read in read {
        match read {
            Ok(document) => found.documents.push((format!("{name}, post \"{}\"", document.written.title), document)),
            Err(refused) => found.refused.push(refused),
        }
    }
    Ok(found)
}

/// Stores what was found; or says what was refused first, where that is to end it.
fn store(
    conn: Connection<'_>,
    found: &Found,
    wanted: Wanted<'_>,
    now: Timestamp,
) -> db::Result<std::result::Result<Imported, Refused>> {
    let mut imported = Imported { refused: found.refused.clone(), ..Imported::default() };
    for Member { username, password_hash } in &found.members {
        if let Ok(name) = Username::parse(username.clone()) {
            imports::user(conn, &name, Some(password_hash))?;
        }
    }
    let bar = progress::bar("posts", found.documents.len());
    for (place, document) in &found.documents {
        bar.inc(1);
        let refused = |reason: String| Refused { place: place.clone(), reason };
        match one(conn, document, wanted.author, now, &mut imported)? {
            Ok(()) => (),
            Err(reason) if wanted.keeps_going => imported.refused.push(refused(reason)),
            Err(reason) => return Ok(Err(refused(reason))),
        }
    }
    Ok(Ok(imported))
}

/// Stores one post, or says why not; then nothing of it is stored.
fn one(
    conn: Connection<'_>,
    document: &Document,
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
    let (user, is_new) = imports::user(conn, &username, None)?;
    if is_new {
        imported.new_users.insert(user.username.clone());
    }
    match content {
        Some(content) if !document.is_draft => post(conn, document, &user, &content, now, imported)?,
        _ if imports::draft(conn, &user, written, &clock::as_text(now))? => imported.drafts += 1,
        _ => imported.already += 1,
    }
    Ok(Ok(()))
}

fn post(
    conn: Connection<'_>,
    document: &Document,
    author: &User,
    content: &Content,
    now: Timestamp,
    imported: &mut Imported,
) -> db::Result<()> {
    let created = document.created.clone().unwrap_or_else(|| clock::as_text(now));
    match imports::post(conn, document, author.id, content, &created)? {
        Inserted::AsItWas(_) => imported.posts += 1,
        Inserted::Renumbered(_) => {
            imported.posts += 1;
            imported.renumbered += 1;
        }
        Inserted::Already(_) => imported.already += 1,
    }
    Ok(())
}

fn stopped(refused: &[Refused], out: &mut dyn Write) -> Result<String> {
    show(refused, out)?;
    Ok("nothing was imported: mend it, or add --keep-going to leave out what cannot be read".to_owned())
}

fn show(refused: &[Refused], out: &mut dyn Write) -> Result<()> {
    for Refused { place, reason } in refused.iter().take(REFUSED_SHOWN_MAX) {
        writeln!(out, "{}: {}", printable(place), printable(reason))?;
    }
    if refused.len() > REFUSED_SHOWN_MAX {
        writeln!(out, "and {} more", refused.len() - REFUSED_SHOWN_MAX)?;
    }
    Ok(())
}

fn report(imported: &Imported, is_rehearsal: bool, out: &mut dyn Write) -> Result<()> {
    let Imported { posts, drafts, already, renumbered, new_users, refused } = imported;
    let did = if is_rehearsal { "Would import" } else { "Imported" };
    writeln!(out, "{did} {} and {}.", count(*posts, "post"), count(*drafts, "draft"))?;
    if *already > 0 {
        writeln!(out, "There already: {already}.")?;
    }
    if *renumbered > 0 {
        writeln!(
            out,
            "Under a new number, since another post has the old one: {renumbered}. Links to them lead elsewhere."
        )?;
    }
    if !new_users.is_empty() {
        let names: Vec<_> = new_users.iter().map(|name| printable(name)).collect();
        writeln!(
            out,
            "New users, without a password: {}. `flaskr-admin user reset-link NAME` lets one in.",
            names.join(", ")
        )?;
    }
    show(refused, out)?;
    match refused.len() {
        0 => Ok(()),
        count => Err(format!("left out {count} that could not be read").into()),
    }
}
