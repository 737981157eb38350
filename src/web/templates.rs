//! Pages as templates make them, with what every page can ask for.

use std::sync::Arc;

use quick_cache::sync::Cache;
use serde::Serialize;
use tracing::error;

use super::below;
use super::look::Look;
use super::page::Page;
use super::rendered::Rendered;
use super::response::HTML;
use super::seldom::Seldom;
use crate::config::{Config, RegistrationMode, Site};
use crate::language::Language;
use crate::preference;
use crate::theme::{Fault, Frames, Theme};

/// More looks than there are.
const LOOKS_KEPT: usize = 100;

/// The parsed templates.
#[derive(Debug)]
pub(super) struct Templates {
    theme: Theme,
    /// What stands around pages, for each look that somebody wanted.
    frames: Cache<Look, Arc<Frames>>,
    /// What addresses in pages lack where the site is below a path of its host.
    base_path: String,
    log: Seldom,
}

/// A language, as it calls itself.
#[derive(Debug, Serialize)]
struct Choice {
    tag: &'static str,
    name: String,
}

/// What every page has besides its own fields.
#[derive(Serialize)]
struct EveryPage {
    /// Whether the site has a form for those who are nobody yet.
    can_register: bool,
    /// What can be chosen at the foot of each page.
    languages: Vec<Choice>,
    themes: [&'static str; preference::Theme::ALL.len()],
    site: Site,
}

impl Templates {
    /// Those of a theme, or ours.
    pub(super) fn new(config: &Config, mut theme: Theme) -> Result<Self, Fault> {
        let choice = |language: Language| Choice { tag: language.tag(), name: language.name().into_owned() };
        theme.share(&EveryPage {
            can_register: config.registration == RegistrationMode::Open,
            languages: Language::all().map(choice).collect(),
            themes: preference::Theme::ALL.map(preference::Theme::as_str),
            site: Site { theme: None, ..config.site.clone() }, // no page says where something is on this machine
        })?;
        let (frames, base_path) = (Cache::new(LOOKS_KEPT), config.base_path().to_owned());
        Ok(Self { theme, frames, base_path, log: Seldom::default() })
    }

    /// A page for everybody who wants this look. One that the theme cannot make is made by our own templates, and the
    /// log says why.
    pub(super) fn render<P: Page>(&self, page: &P, look: Look) -> Result<Rendered, Fault> {
        let frames = self.frames.get_or_insert_with(&look, || self.theme.frames(&look).map(Arc::new))?;
        let made = self.theme.render(P::TEMPLATE, page, &frames)?;
        if let Some(fault) = made.fault {
            self.log.say(|unsaid| error!("a page was shown without the theme, which cannot make it: {fault}{unsaid}"));
        }
        Ok(Rendered::new(match self.base_path.as_str() {
            path if !path.is_empty() && P::MEDIA_TYPE == HTML => below::html(&made.text, path),
            _ => made.text,
        }))
    }

    /// The path of the site on its host.
    pub(super) fn base_path(&self) -> &str {
        &self.base_path
    }
}
