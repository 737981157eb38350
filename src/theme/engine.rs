//! Templates, parsed, and what they can ask for besides what a page gives them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use tera::{Context, ErrorKind, Kwargs, ReportError, State, Tera};

use super::fault::{BUILT_IN, Fault};
use super::files::Addresses;
use super::frame::Frame;
use super::read::Found;
use super::{BuiltIn, Kind, refused, spoken};
use crate::escape::escape;

/// Templates that make pages.
#[derive(Debug)]
pub(super) struct Engine {
    tera: Tera,
    origins: Origins,
}

/// Where the templates of a theme come from, and what is in them. Any other is ours.
pub(super) type Origins = BTreeMap<String, (PathBuf, String)>;

impl Engine {
    /// Ours, with those of a theme in their place or beside them.
    pub(super) fn new(theme: &[Found], addresses: &Arc<Addresses>) -> Result<Self, Vec<Fault>> {
        let mut origins = Origins::new();
        for Found { name, path, bytes, .. } in theme.iter().filter(|file| file.kind == Kind::Template) {
            origins.insert(name.clone(), (path.clone(), String::from_utf8_lossy(bytes).into_owned()));
        }
        let unreadable: Vec<_> = origins.iter().filter_map(|(name, origin)| syntax_fault(name, origin)).collect();
        if !unreadable.is_empty() {
            return Err(unreadable);
        }
        let mut templates: BTreeMap<&str, &str> = BTreeMap::new();
        let built_in = BuiltIn::all();
        for file in built_in.iter().filter(|file| file.kind == Kind::Template) {
            templates.insert(file.name, std::str::from_utf8(file.bytes).unwrap_or_default());
        }
        templates.extend(origins.iter().map(|(name, (_, text))| (name.as_str(), text.as_str())));
        let mut tera = with_ours(addresses);
        if let Err(error) = tera.add_raw_templates(&templates) {
            return Err(refused::faults(error.kind(), &origins));
        }
        Ok(Self { tera, origins })
    }

    /// The templates of the theme.
    pub(super) fn origins(&self) -> &Origins {
        &self.origins
    }

    /// Gives every page these fields from now on, besides its own.
    pub(super) fn share(&mut self, fields: &impl Serialize) -> Result<(), Fault> {
        let fields = Context::from_serialize(fields).map_err(|error| self.fault("", error.kind()))?;
        self.tera.global_context().extend(fields);
        Ok(())
    }

    /// What stands around the pages of a look, which has these fields.
    pub(super) fn frame(&self, look: &impl Serialize) -> Result<Frame, Fault> {
        Frame::new(&self.tera, look).map_err(|error| self.fault("", error.kind()))
    }

    /// What a template makes of a page's fields, in this frame.
    pub(super) fn render(&self, template: &str, page: &impl Serialize, frame: &Frame) -> Result<String, Fault> {
        let made = frame.around(page).and_then(|fields| self.tera.render(template, &fields));
        made.map_err(|error| self.fault(template, error.kind()))
    }

    fn fault(&self, template: &str, error: &ErrorKind) -> Fault {
        match error {
            ErrorKind::RenderingError(report) => of_report(report, &self.origins),
            other => Fault::of(&file(template, &self.origins), other.to_string()),
        }
    }
}

/// Without templates: what those of a page can ask for.
fn with_ours(addresses: &Arc<Addresses>) -> Tera {
    let mut tera = Tera::new();
    tera.autoescape_on([".html", ".xml"]);
    tera.set_escape_fn(escape);
    tera.register_filter("t", spoken::text);
    tera.register_filter("date", spoken::date);
    tera.register_filter("moment", spoken::moment);
    tera.register_filter("lang", spoken::lang);
    // `asset(name="style.css")` is the address of that file; `drawing(name="icon.svg")` one that holds all of it.
    let (files, drawings) = (Arc::clone(addresses), Arc::clone(addresses));
    tera.register_function("asset", move |args: Kwargs, _: &State<'_>| {
        named(&args, "there is no file", |name| files.lasting(name))
    });
    tera.register_function("drawing", move |args: Kwargs, _: &State<'_>| {
        named(&args, "there is no drawing", |name| drawings.drawing(name))
    });
    tera
}

fn named<'a>(args: &Kwargs, missing: &str, find: impl Fn(&str) -> Option<&'a str>) -> tera::TeraResult<String> {
    let name: &str = args.must_get("name")?;
    find(name).map(str::to_owned).ok_or_else(|| tera::Error::message(format!("{missing} {name} in static/")))
}

/// What keeps a template from being read, whatever others there are.
fn syntax_fault(name: &str, (path, text): &(PathBuf, String)) -> Option<Fault> {
    match Tera::new().add_raw_template(name, text).as_ref().err()?.kind() {
        ErrorKind::SyntaxError(report) => Some(Fault::at(path, place(report), report.message())),
        _ => None,
    }
}

fn of_report(report: &ReportError, origins: &Origins) -> Fault {
    Fault::at(&file(report.filename(), origins), place(report), report.message())
}

/// tera counts columns from 0.
fn place(report: &ReportError) -> (usize, usize) {
    (report.span().start_line, report.span().start_col + 1)
}

/// The file of a template, for a message.
pub(super) fn file(template: &str, origins: &Origins) -> PathBuf {
    let ours = || Path::new(BUILT_IN).join(Kind::Template.folder()).join(template);
    origins.get(template).map_or_else(ours, |(path, _)| path.clone())
}
