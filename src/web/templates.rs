//! Templates, compiled in, and what they can ask for besides what a page gives them.

use std::sync::Arc;

use include_dir::{Dir, include_dir};
use serde::Serialize;
use tera::{Context, Kwargs, State, Tera};

use super::assets::Assets;
use super::look::Look;
use super::page::Page;
use super::rendered::Rendered;
use super::spoken;
use crate::config::{Config, RegistrationMode, Site};
use crate::escape::escape;
use crate::language::Language;
use crate::preference::Theme;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// The parsed templates.
#[derive(Debug)]
pub(super) struct Templates {
    tera: Tera,
    /// Whether the site has a form for those who are nobody yet.
    can_register: bool,
    site: Site,
    /// What can be chosen at the foot of each page.
    languages: Vec<Choice>,
    themes: [&'static str; Theme::ALL.len()],
}

/// A language, as it calls itself.
#[derive(Debug, Serialize)]
struct Choice {
    tag: &'static str,
    name: String,
}

impl Templates {
    /// Those that are compiled in.
    pub(super) fn built_in(config: &Config, assets: &Arc<Assets>) -> tera::TeraResult<Self> {
        let mut tera = Tera::new();
        tera.autoescape_on([".html", ".xml"]);
        tera.set_escape_fn(escape);
        tera.register_filter("t", spoken::text);
        tera.register_filter("date", spoken::date);
        tera.register_filter("moment", spoken::moment);
        tera.register_filter("lang", spoken::lang);
        // `asset(name="style.css")` is the address of that file; `drawing(name="icon.svg")` one that holds all of it.
        let (files, drawings) = (Arc::clone(assets), Arc::clone(assets));
        tera.register_function("asset", move |args: Kwargs, _: &State<'_>| named(&args, |name| files.address(name)));
        tera.register_function("drawing", move |args: Kwargs, _: &State<'_>| {
            named(&args, |name| drawings.data_url(name))
        });
        tera.add_raw_templates(every_file(&TEMPLATES))?;
        let choice = |language: Language| Choice { tag: language.tag(), name: language.name().into_owned() };
        Ok(Self {
            tera,
            can_register: config.registration == RegistrationMode::Open,
            site: config.site.clone(),
            languages: Language::all().map(choice).collect(),
            themes: Theme::ALL.map(Theme::as_str),
        })
    }

    /// A page for everybody who wants this look.
    pub(super) fn render<P: Page>(&self, page: &P, look: Look) -> tera::TeraResult<Rendered> {
        let mut context = Context::from_serialize(page)?;
        context.insert("can_register", &self.can_register);
        context.insert("languages", &self.languages);
        context.insert("themes", &self.themes);
        context.insert(spoken::LANGUAGE, look.language.tag());
        context.insert("theme", look.theme.as_str());
        context.insert("site", &self.site);
        Ok(Rendered::new(self.tera.render(P::TEMPLATE, &context)?))
    }
}

/// Every file of a directory, by its path.
fn every_file(directory: &'static Dir<'static>) -> Vec<(&'static str, &'static str)> {
    let own = directory.files().filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)));
    own.chain(directory.dirs().flat_map(every_file)).collect()
}

fn named(args: &Kwargs, find: impl Fn(&str) -> Option<String>) -> tera::TeraResult<String> {
    let name: &str = args.must_get("name")?;
    find(name).ok_or_else(|| tera::Error::message(format!("static/ has no {name}")))
}
