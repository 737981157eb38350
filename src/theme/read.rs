//! Reads the directory of a theme, within limits.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::fault::Fault;
use super::files::{self, MEDIA_TYPES};
use super::{BuiltIn, Kind};

/// Largest template, in bytes: twenty times the longest of ours.
pub const TEMPLATE_BYTES_MAX: usize = 256 * 1024;

/// Largest static file, in bytes: a font with Chinese characters, and room.
pub const STATIC_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Most bytes of all files. They are kept in memory as long as the daemon runs, texts in every content coding.
pub const THEME_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Most files.
pub const FILES_MAX: usize = 500;

/// Most folders in each other below `templates` or `static`. One that is in itself, by a symbolic link, ends here.
pub const FOLDERS_DEEP_MAX: usize = 8;

/// Longest name below these, in bytes.
pub const NAME_BYTES_MAX: usize = 200;

const TEMPLATE_ENDINGS: [&str; 3] = [".html", ".xml", ".txt"];

/// A file of a theme.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) kind: Kind,
    /// Its path below the folder of its kind.
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
}

/// What is in a directory, and what is wrong with that.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) files: Vec<Found>,
    pub(super) faults: Vec<Fault>,
    /// What is there and is not read.
    pub(super) notes: Vec<Fault>,
    bytes: usize,
    is_full: bool,
}

/// Reads a theme. What cannot be read is a fault, and the rest is read all the same, so that all faults are found.
pub(super) fn read(directory: &Path) -> Contents {
    let mut contents = Contents::default();
    let names = match names(directory) {
        Ok(names) => names,
        Err(error) => {
            contents.faults.push(Fault::of(directory, format!("cannot read the directory of the theme: {error}")));
            return contents;
        }
    };
    for name in names {
        let path = directory.join(&name);
        if let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.folder() == name) {
            contents.folder(kind, &path, "", 1);
        } else if path.is_dir() {
            contents.notes.push(Fault::of(&path, "is not read: a theme is what is in templates/ and static/"));
        }
    }
    if contents.files.is_empty() && contents.faults.is_empty() {
        contents.notes.push(Fault::of(directory, "changes nothing: there is no file in templates/ or static/"));
    }
    contents
}

/// What is in a folder, sorted, without hidden files and the copies that editors leave.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    let names = entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<_> = names.filter(|name| !name.starts_with('.') && !name.ends_with('~')).collect();
    names.sort();
    Ok(names)
}

impl Contents {
    fn folder(&mut self, kind: Kind, folder: &Path, below: &str, depth: usize) {
        let names = match names(folder) {
            Ok(names) => names,
            Err(error) => return self.faults.push(Fault::of(folder, format!("cannot read the folder: {error}"))),
        };
        for name in names {
            if self.is_full {
                return;
            }
            let path = folder.join(&name);
            let name = format!("{below}{name}");
            match fs::metadata(&path) {
                Err(error) => self.faults.push(Fault::of(&path, format!("cannot read the file: {error}"))),
                Ok(metadata) if metadata.is_dir() => self.enter(kind, &path, &name, depth),
                // Nobody writes into a pipe, and what is read from it is waited for.
                Ok(metadata) if !metadata.is_file() => self.faults.push(Fault::of(&path, "is no file")),
                Ok(_) => self.file(kind, name, path),
            }
        }
    }

    fn enter(&mut self, kind: Kind, path: &Path, name: &str, depth: usize) {
        if BuiltIn::named(kind, name).is_some() {
            self.faults.push(Fault::of(path, "is a directory, where a file has to be"));
        } else if depth == FOLDERS_DEEP_MAX {
            let what = format!("is more than {FOLDERS_DEEP_MAX} folders deep: does a symbolic link lead back?");
            self.faults.push(Fault::of(path, what));
            self.is_full = true; // and so is everything else below, many times over
        } else {
            self.folder(kind, path, &format!("{name}/"), depth + 1);
        }
    }

    fn file(&mut self, kind: Kind, name: String, path: PathBuf) {
        if let Err(what) = check_name(kind, &name) {
            return self.faults.push(Fault::of(&path, what));
        }
        let bytes = match bytes(&path, kind.bytes_max()) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                let what = format!("is larger than the {} bytes that it may have", kind.bytes_max());
                return self.faults.push(Fault::of(&path, what));
            }
            Err(error) => return self.faults.push(Fault::of(&path, format!("cannot read the file: {error}"))),
        };
        self.bytes += bytes.len();
        let full = if self.files.len() == FILES_MAX {
            Some(format!("is one too many: a theme has at most {FILES_MAX} files"))
        } else if self.bytes > THEME_BYTES_MAX {
            Some(format!("is too much: a theme has at most {THEME_BYTES_MAX} bytes"))
        } else {
            None
        };
        if let Some(what) = full {
            self.faults.push(Fault::of(&path, what));
            self.is_full = true;
            return;
        }
        if (kind == Kind::Template || files::is_text(&name))
            && let Err(error) = std::str::from_utf8(&bytes)
        {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let valid = String::from_utf8_lossy(valid);
            return self.faults.push(Fault::at_byte(&path, &valid, valid.len(), "is not UTF-8 from here on"));
        }
        self.files.push(Found { kind, name, path, bytes });
    }
}

/// The bytes of a file, unless there are more than so many.
fn bytes(path: &Path, bytes_max: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let bytes_read = File::open(path)?.take(bytes_max as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes_read <= bytes_max).then_some(bytes))
}

/// Whether a file can have this name: in an address it stands as it is, and its ending says what it is.
fn check_name(kind: Kind, name: &str) -> Result<(), String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    if name.len() > NAME_BYTES_MAX {
        return Err(format!("has a name longer than {NAME_BYTES_MAX} bytes"));
    }
    if !name.chars().all(is_plain) {
        return Err("has a name with other characters than A-Z, a-z, 0-9, \".\", \"_\" and \"-\"".to_owned());
    }
    match kind {
        Kind::Template if !TEMPLATE_ENDINGS.iter().any(|ending| name.ends_with(ending)) => {
            Err(format!("is no template: the name of one ends in {}", TEMPLATE_ENDINGS.join(", ")))
        }
        Kind::Static if files::media_type(name).is_none() => {
            let endings: Vec<_> = MEDIA_TYPES.iter().map(|(ending, _)| format!(".{ending}")).collect();
            Err(format!("cannot be served: the name of a file that can ends in {}", endings.join(", ")))
        }
        _ => Ok(()),
    }
}
