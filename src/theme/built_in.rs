//! The templates and static files that are compiled in.

use include_dir::{Dir, include_dir};

use super::Kind;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static STATIC: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");

/// A file that is compiled in.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// What it is.
    pub kind: Kind,
    /// Its path below the folder of its kind.
    pub name: &'static str,
    /// What is in it.
    pub bytes: &'static [u8],
}

impl BuiltIn {
    /// Every file, by kind and name.
    pub fn all() -> Vec<Self> {
        let mut files = Vec::new();
        for (kind, folder) in [(Kind::Template, &TEMPLATES), (Kind::Static, &STATIC)] {
            collect(kind, folder, &mut files);
        }
        files.sort_by_key(|file| (file.kind, file.name));
        files
    }

    /// The file of this kind and name.
    pub fn named(kind: Kind, name: &str) -> Option<Self> {
        Self::all().into_iter().find(|file| file.kind == kind && file.name == name)
    }

    /// Where it is in a theme: `templates/base.html`.
    pub fn path(&self) -> String {
        format!("{}/{}", self.kind.folder(), self.name)
    }
}

fn collect(kind: Kind, folder: &'static Dir<'static>, files: &mut Vec<BuiltIn>) {
    let own = folder.files().filter_map(|file| Some((file.path().to_str()?, file.contents())));
    files.extend(own.map(|(name, bytes)| BuiltIn { kind, name, bytes }));
    folder.dirs().for_each(|folder| collect(kind, folder, files));
}
