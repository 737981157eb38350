//! Themes: templates and static files that stand in the place of ours, file by file.
//!
//! A theme is a directory with `templates/` and `static/`, named by `[site] theme`. It is read whole, once, and either
//! all of it is good or none of it is taken: templates are parsed, and tried with samples of every page, so that what is
//! wrong is told with its file and line before anybody reads a page. This is below the site and the administrator's
//! command, which both want to know that. Light and dark (`preference::Theme`) are the reader's choice; a theme has both.

mod advice;
mod built_in;
mod engine;
mod fault;
mod files;
mod frame;
mod marks;
mod read;
mod refused;
mod samples;
mod spoken;

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

pub use advice::nearest;
pub use built_in::BuiltIn;
use engine::Engine;
pub use fault::{Fault, Refused};
use files::Addresses;
pub use files::{FOLDER, SVG, StaticFile};
use frame::Frame;
pub use marks::{AUDIENCES, CONTENTS};
use read::Found;
pub use read::{FILES_MAX, FOLDERS_DEEP_MAX, NAME_BYTES_MAX, STATIC_BYTES_MAX, TEMPLATE_BYTES_MAX, THEME_BYTES_MAX};
pub use samples::SECRET;

/// What a file of a theme is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Of which pages are made.
    Template,
    /// What is sent as it is.
    Static,
}

impl Kind {
    /// Every kind there is.
    pub const ALL: [Self; 2] = [Self::Template, Self::Static];

    /// The folder that they are in.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Template => "templates",
            Self::Static => "static",
        }
    }

    fn bytes_max(self) -> usize {
        match self {
            Self::Template => TEMPLATE_BYTES_MAX,
            Self::Static => STATIC_BYTES_MAX,
        }
    }
}

/// Templates and static files, ready to be used: ours, and those of a theme in their place.
#[derive(Debug)]
pub struct Theme {
    /// With the theme's templates.
    engine: Engine,
    /// With ours alone, for a page that the theme's cannot make.
    ours: Option<Engine>,
    /// Every static file. Whoever serves them takes them away.
    pub files: Vec<StaticFile>,
    /// How many files of the directory are used.
    pub files_used: usize,
    /// What is odd about the directory, and no fault.
    pub notes: Vec<Fault>,
}

/// What stands around the pages of a look.
#[derive(Debug)]
pub struct Frames {
    theme: Result<Frame, Fault>,
    /// Of our own templates, where there are others.
    ours: Option<Frame>,
}

/// A page, and what kept the theme from making it if ours had to.
#[derive(Debug)]
pub struct Made {
    /// What the template made.
    pub text: String,
    /// Why it is ours.
    pub fault: Option<Fault>,
}

/// Reads a theme, or none. It is taken whole or not at all; whoever wants to take it anew while pages are made of it
/// calls this, and keeps what they have where it fails.
pub fn load(directory: Option<&Path>) -> Result<Theme, Refused> {
    let read::Contents { files, mut faults, mut notes, .. } = directory.map(read::read).unwrap_or_default();
    notes.extend(advice::notes(&files));
    let files_used = files.len();
    for file in files.iter().filter(|file| file.kind == Kind::Template) {
        faults.extend(marks::faults(&file.path, &String::from_utf8_lossy(&file.bytes)));
    }
    let (templates, statics): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.kind == Kind::Template);
    let files = static_files(statics);
    let addresses = Arc::new(Addresses::of(&files));
    let engine = match Engine::new(&templates, &addresses) {
        Ok(engine) => engine,
        Err(more) => return Err(Refused::of(faults.into_iter().chain(more))),
    };
    if directory.is_none() {
        return Ok(Theme { engine, ours: None, files, files_used, notes });
    }
    let ours = Engine::new(&[], &addresses).map_err(Refused)?;
    faults.extend(samples::faults(&engine, &ours));
    if !faults.is_empty() {
        return Err(Refused::of(faults));
    }
    Ok(Theme { engine, ours: Some(ours), files, files_used, notes })
}

/// Ours, and the theme's in their place or beside them.
fn static_files(theme: Vec<Found>) -> Vec<StaticFile> {
    let is_overridden = |name: &str| theme.iter().any(|file| file.name == name);
    let ours = BuiltIn::all().into_iter().filter(|file| file.kind == Kind::Static && !is_overridden(file.name));
    let mut files: Vec<_> = ours.filter_map(|file| StaticFile::new(file.name, file.bytes.into())).collect();
    files.extend(theme.into_iter().filter_map(|file| StaticFile::new(&file.name, file.bytes.into())));
    files
}

impl Theme {
    /// Gives every page these fields from now on, besides its own.
    pub fn share(&mut self, fields: &impl Serialize) -> Result<(), Fault> {
        self.engine.share(fields)?;
        self.ours.as_mut().map_or(Ok(()), |ours| ours.share(fields))
    }

    /// What stands around the pages of a look, which has these fields, from now on.
    pub fn frames(&self, look: &impl Serialize) -> Result<Frames, Fault> {
        let ours = self.ours.as_ref().map(|ours| ours.frame(look)).transpose()?;
        match self.engine.frame(look) {
            Err(fault) if ours.is_none() => Err(fault),
            theme => Ok(Frames { theme, ours }),
        }
    }

    /// What a template makes of a page's fields, in its frame; where the theme's cannot, what ours does.
    pub fn render(&self, template: &str, page: &impl Serialize, frames: &Frames) -> Result<Made, Fault> {
        let frame = frames.theme.as_ref().map_err(Clone::clone);
        match (frame.and_then(|frame| self.engine.render(template, page, frame)), &self.ours, &frames.ours) {
            (Ok(text), ..) => Ok(Made { text, fault: None }),
            (Err(fault), Some(ours), Some(frame)) => {
                let text = ours.render(template, page, frame)?;
                Ok(Made { text, fault: Some(fault) })
            }
            (Err(fault), ..) => Err(fault),
        }
    }
}
