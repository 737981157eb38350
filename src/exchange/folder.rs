//! A folder of Markdown files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Document, Refused, Source};
use crate::image::Address;

/// Endings of files that are posts.
const ENDINGS: [&str; 2] = ["md", "markdown"];
/// Hugo's name for the page of a section, which is no post.
const SECTION: &str = "_index";
/// Hugo's name for a post that has a folder of its own.
const BUNDLE: &str = "index";

/// Where an export has posts.
const POSTS: &str = "posts";
/// Where it has drafts.
const DRAFTS: &str = "drafts";
/// Longest part of a name that is from a title, in characters.
const SLUG_CHARS_MAX: usize = 40;

/// Where a document of this number stands in a folder that is exported.
pub fn path(id: i64, document: &Document) -> String {
    format!("{}/{}", if document.is_draft { DRAFTS } else { POSTS }, file_name(id, &document.written.title))
}

/// Where a picture stands in it.
pub fn picture(address: &Address) -> String {
    address.path().trim_start_matches('/').to_owned()
}

/// The name of a file: the number, and the words of the title for whoever looks for it.
fn file_name(id: i64, title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let slug: String = words.collect::<Vec<_>>().join("-").to_lowercase().chars().take(SLUG_CHARS_MAX).collect();
    if slug.is_empty() { format!("{id:08}.md") } else { format!("{id:08}-{slug}.md") }
}

/// A post, or why it is none, with the file it is in.
pub type Read = (PathBuf, Result<Document, Refused>);

/// Every post in a folder and those below it, in the order of their names. What begins with a dot is left out.
pub fn read(folder: &Path) -> io::Result<Vec<Read>> {
    let mut files = Vec::new();
    find(folder, &mut files)?;
    Ok(files.into_iter().map(|file| (file.clone(), read_file(folder, &file))).collect())
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries: Vec<_> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        // Not where a link leads: it may lead back.
        if path.is_dir() && !path.is_symlink() {
            find(&path, files)?;
        } else if is_post(&path) {
            files.push(path);
        }
    }
    Ok(())
}

fn is_post(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ENDINGS.contains(&ending) && path.is_file() && stem(path) != SECTION
}

fn read_file(folder: &Path, file: &Path) -> Result<Document, Refused> {
    let refused = |reason: String| {
        let place = file.strip_prefix(folder).unwrap_or(file).display().to_string();
        Refused { place, reason }
    };
    let bytes = fs::read(file).map_err(|error| refused(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count() + 1;
        refused(format!("line {line} is not UTF-8: save the file in that encoding"))
    })?;
    let name = match stem(file) {
        BUNDLE => file.parent().map(stem).unwrap_or_default(),
        name => name,
    };
    Document::parse(&text, Source { name }).map_err(refused)
}

fn stem(path: &Path) -> &str {
    path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name is a number and words, whatever the title is.
    #[test]
    fn names() {
        for (title, name) in [
            ("Hello, World!", "00000007-hello-world.md"),
            ("../../etc/passwd\0", "00000007-etc-passwd.md"),
            ("플라스크 블로그", "00000007-플라스크-블로그.md"),
            ("", "00000007.md"),
            ("…", "00000007.md"),
        ] {
            assert_eq!(file_name(7, title), name);
        }
        assert!(file_name(7, &"가".repeat(1000)).len() < 255);
    }

    /// Posts are found wherever they are, in order; what is none is left, and what cannot be read is said.
    #[test]
    fn files() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &[u8]| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("b.md", b"b");
        write("a/index.md", b"a");
        write("a/_index.md", b"section");
        write("a/photo.jpg", b"no text");
        write("c.markdown", b"line\n\xff");
        write("d.md", b"---\ntitle: [\n---\n");
        write(".git/e.md", b"hidden");
        let read = read(folder.path()).unwrap();
        let titles: Vec<_> =
            read.iter().filter_map(|(_, read)| Some(read.as_ref().ok()?.written.title.as_str())).collect();
        assert_eq!(titles, ["a", "b"]);
        let refused: Vec<_> = read.iter().filter_map(|(_, read)| read.as_ref().err()).collect();
        assert_eq!((refused.len(), refused[0].place.as_str()), (2, "c.markdown"));
        assert_eq!(refused[0].reason, "line 2 is not UTF-8: save the file in that encoding");
        assert!(refused[1].reason.contains("YAML"), "{refused:?}");
    }
}
