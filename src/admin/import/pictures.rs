//! The pictures that texts in a folder show: files beside them, or below the folder, as Hugo and Jekyll have them, and as
//! `flaskr-admin export` writes them.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use crate::admin::progress;
use crate::exchange::{Document, Refused};
use crate::image::{Address, Picture};
use crate::markdown::pictures_in;

/// Largest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Most bytes of all files together: they are read by whoever calls this, and made into pictures by the owner of the site.
const ALL_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// Folders whose content others serve from the top of a site.
const TOPS: [&str; 3] = ["", "static", "assets"];

/// The files of pictures that were found.
pub(super) struct Files {
    files: BTreeMap<PathBuf, Vec<u8>>,
    /// Bytes that may still come.
    left: u64,
}

impl Default for Files {
    fn default() -> Self {
        Self { files: BTreeMap::new(), left: ALL_BYTES_MAX }
    }
}

/// A place in a text that shows a file.
pub(super) struct Shown {
    range: Range<usize>,
    file: PathBuf,
}

impl Files {
    /// Reads the pictures that a text shows; what is of another site stays there.
    pub(super) fn read(&mut self, folder: &Path, beside: &Path, text: &str) -> Result<Vec<Shown>, String> {
        let mut shown = Vec::new();
        for (range, url) in pictures_in(text).into_iter().filter(|(_, url)| is_here(url)) {
            let file = find(folder, beside, &url).ok_or_else(|| format!("the picture {url} is not in the folder"))?;
            self.read_file(&file).map_err(|reason| format!("the picture {url}: {reason}"))?;
            shown.push(Shown { range, file });
        }
        Ok(shown)
    }

    fn read_file(&mut self, file: &Path) -> Result<(), String> {
        if self.files.contains_key(file) {
            return Ok(());
        }
        let bytes = fs::metadata(file).map_err(|error| error.to_string())?.len();
        if bytes > FILE_BYTES_MAX {
            return Err(format!("it has {bytes} bytes; it may have {FILE_BYTES_MAX}"));
        }
        self.left = self
            .left
            .checked_sub(bytes)
            .ok_or_else(|| format!("all together may have {ALL_BYTES_MAX} bytes: import the folder in parts"))?;
        self.files.insert(file.to_owned(), fs::read(file).map_err(|error| error.to_string())?);
        Ok(())
    }

    /// Makes the pictures ready to be stored.
    pub(super) fn into_pictures(self) -> BTreeMap<PathBuf, Result<Arc<Picture>, String>> {
        let bar = progress::bar("pictures", self.files.len());
        let picture = |(path, bytes): (PathBuf, Vec<u8>)| {
            bar.inc(1);
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let kept = name.parse::<Address>().ok().and_then(|address| Picture::of_site(&bytes, &address));
            let picture = kept.unwrap_or_else(|| Picture::decode(&bytes));
            let picture = picture.map(Arc::new).map_err(|problem| problem.to_string());
            (path, picture)
        };
        self.files.into_iter().map(picture).collect()
    }
}

/// Puts the addresses that the pictures have here into a text, and says which they are; or why one is none.
pub(super) fn place(
    document: &mut Document,
    shown: &[Shown],
    pictures: &BTreeMap<PathBuf, Result<Arc<Picture>, String>>,
) -> Result<Vec<Arc<Picture>>, Refused> {
    let mut placed = Vec::new();
    for Shown { range, file } in shown.iter().rev() {
        match pictures.get(file) {
            Some(Ok(picture)) => {
                document.written.body.replace_range(range.clone(), &picture.address().path());
                placed.push(Arc::clone(picture));
            }
            Some(Err(reason)) => return Err(Refused { place: file.display().to_string(), reason: reason.clone() }),
            None => (),
        }
    }
    Ok(placed)
}

/// Whether a link leads to a file of the folder.
fn is_here(url: &str) -> bool {
    !url.starts_with("//") && url.find(':').is_none_or(|colon| url.find('/').is_some_and(|slash| slash < colon))
}

/// The file behind a link, which is nowhere but in the folder, wherever links in it lead.
fn find(folder: &Path, beside: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let inside = folder.canonicalize().ok()?;
    let tops = TOPS.map(|top| folder.join(top));
    let places = match path.strip_prefix('/') {
        Some(path) => tops.map(|top| top.join(path)).to_vec(),
        None => [beside].into_iter().chain(tops.iter().map(PathBuf::as_path)).map(|top| top.join(&*path)).collect(),
    };
    let mut files = places.iter().filter_map(|place| place.canonicalize().ok());
    files.find(|file| file.starts_with(&inside) && file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that is too large is not read, nor are more than are bearable together.
    #[test]
    fn limits() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, bytes| fs::File::create(folder.path().join(name)).unwrap().set_len(bytes).unwrap();
        file("huge.png", FILE_BYTES_MAX + 1);
        file("a.png", 6);
        file("b.png", 6);
        let read = |files: &mut Files, name: &str| {
            let text = format!("![x]({name})");
            files.read(folder.path(), folder.path(), &text).map(|shown| shown.len())
        };
        assert!(read(&mut Files::default(), "huge.png").unwrap_err().contains("it may have 33554432"));
        let mut files = Files { left: 10, ..Files::default() };
        assert_eq!(read(&mut files, "a.png"), Ok(1));
        assert_eq!(read(&mut files, "a.png"), Ok(1), "it is read once");
        assert!(read(&mut files, "b.png").unwrap_err().contains("import the folder in parts"));
    }

    /// A link leads to a file of the folder, and to nothing outside.
    #[test]
    fn files() {
        let all = tempfile::tempdir().unwrap();
        let folder = all.path().join("blog");
        fs::create_dir_all(folder.join("posts/a")).unwrap();
        fs::create_dir_all(folder.join("static/images")).unwrap();
        for file in ["blog/posts/a/x y.png", "blog/static/images/b.png", "outside.png"] {
            fs::write(all.path().join(file), "").unwrap();
        }
        std::os::unix::fs::symlink(all.path().join("outside.png"), folder.join("link.png")).unwrap();
        let beside = folder.join("posts/a");
        for (url, is_found) in [
            ("x%20y.png", true),
            ("x y.png?size=1#a", true),
            ("/images/b.png", true),
            ("images/b.png", true),
            ("/posts/a/x y.png", true),
            ("../../../outside.png", false),
            ("/../outside.png", false),
            ("/link.png", false),
            ("c.png", false),
            ("", false),
        ] {
            assert_eq!(find(&folder, &beside, url).is_some(), is_found, "{url}");
        }
        for (url, here) in
            [("a.png", true), ("/a:b.png", true), ("https://a/b.png", false), ("//a/b.png", false), ("data:x", false)]
        {
            assert_eq!(is_here(url), here, "{url}");
        }
    }
}
