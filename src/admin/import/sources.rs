//! What there is to import in a place.

use std::fs;
use std::path::Path;

use super::pictures::{Files, Shown};
use crate::admin::Result;
use crate::db::original::{Member, Original};
use crate::exchange::{Document, Refused, folder, wordpress};

/// The database in an instance of the tutorial's.
const DATABASE: &str = "flaskr.sqlite";
/// What else may be there, which is the old site's own.
const SETTINGS: &str = "config.py";

/// A post that was found.
pub(super) struct FoundPost {
    /// Where, for what is to be said of it.
    pub(super) place: String,
    pub(super) document: Document,
    /// Where it shows pictures of the folder.
    pub(super) shown: Vec<Shown>,
}

impl FoundPost {
    fn without_pictures(place: String, document: Document) -> Self {
        Self { place, document, shown: Vec::new() }
    }
}

/// What was found in a place.
#[derive(Default)]
pub(super) struct Found {
    pub(super) members: Vec<Member>,
    pub(super) posts: Vec<FoundPost>,
    pub(super) pictures: Files,
    pub(super) refused: Vec<Refused>,
    pub(super) notes: Vec<String>,
}

/// Reads it, whatever it is.
pub(super) fn find(path: &Path) -> Result<Found> {
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
    let posts = original.posts()?.into_iter();
    let posts = posts.map(|document| FoundPost::without_pictures(place(&document), document)).collect();
    let settings = path.with_file_name(SETTINGS);
    let ignored = format!("{} is not read: this site has its own key and settings.", settings.display());
    let notes = settings.exists().then_some(ignored).into_iter().collect();
    Ok(Found { members: original.members()?, posts, notes, ..Found::default() })
}

fn from_folder(path: &Path) -> std::io::Result<Found> {
    let mut found = Found::default();
    for (file, read) in folder::read(path)? {
        let place = file.strip_prefix(path).unwrap_or(&file).display().to_string();
        let beside = file.parent().unwrap_or(path);
        let read = read.and_then(|document| {
            let shown = found.pictures.read(path, beside, &document.written.body);
            let shown = shown.map_err(|reason| Refused { place: place.clone(), reason })?;
            Ok(FoundPost { place: place.clone(), document, shown })
        });
        match read {
            Ok(post) => found.posts.push(post),
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
            Ok(document) => {
                let place = format!("{name}, post \"{}\"", document.written.title);
                found.posts.push(FoundPost::without_pictures(place, document));
            }
            Err(refused) => found.refused.push(refused),
        }
    }
    Ok(found)
}
