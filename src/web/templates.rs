//! Templates, compiled in.

use std::sync::Arc;

use tera::{Context, Kwargs, State, Tera};

use super::assets::Assets;
use super::escape::escape;
use super::page::Page;
use super::rendered::Rendered;
use crate::config::{Config, RegistrationMode, Site};

/// Every template, compiled in.
const TEMPLATES: [(&str, &str); 40] = [
    ("_about.html", include_str!("../../templates/_about.html")),
    ("_head.html", include_str!("../../templates/_head.html")),
    ("base.html", include_str!("../../templates/base.html")),
    ("error.html", include_str!("../../templates/error.html")),
    ("account/delete.html", include_str!("../../templates/account/delete.html")),
    ("account/overview.html", include_str!("../../templates/account/overview.html")),
    ("account/recovery_codes.html", include_str!("../../templates/account/recovery_codes.html")),
    ("account/tokens.html", include_str!("../../templates/account/tokens.html")),
    ("account/second_factor.html", include_str!("../../templates/account/second_factor.html")),
    ("auth/code.html", include_str!("../../templates/auth/code.html")),
    ("auth/login.html", include_str!("../../templates/auth/login.html")),
    ("auth/logout.html", include_str!("../../templates/auth/logout.html")),
    ("auth/register.html", include_str!("../../templates/auth/register.html")),
    ("auth/_kept.html", include_str!("../../templates/auth/_kept.html")),
    ("auth/resume.html", include_str!("../../templates/auth/resume.html")),
    ("auth/reset.html", include_str!("../../templates/auth/reset.html")),
    ("blog/_images.html", include_str!("../../templates/blog/_images.html")),
    ("blog/_search.html", include_str!("../../templates/blog/_search.html")),
    ("blog/_tags.html", include_str!("../../templates/blog/_tags.html")),
    ("blog/_text.html", include_str!("../../templates/blog/_text.html")),
    ("blog/delete.html", include_str!("../../templates/blog/delete.html")),
    ("blog/drafts.html", include_str!("../../templates/blog/drafts.html")),
    ("blog/edit.html", include_str!("../../templates/blog/edit.html")),
    ("blog/index.html", include_str!("../../templates/blog/index.html")),
    ("blog/post.html", include_str!("../../templates/blog/post.html")),
    ("blog/search.html", include_str!("../../templates/blog/search.html")),
    ("blog/tags.html", include_str!("../../templates/blog/tags.html")),
    ("comments/_comment.html", include_str!("../../templates/comments/_comment.html")),
    ("comments/_thread.html", include_str!("../../templates/comments/_thread.html")),
    ("comments/delete.html", include_str!("../../templates/comments/delete.html")),
    ("comments/edit.html", include_str!("../../templates/comments/edit.html")),
    ("comments/waiting.html", include_str!("../../templates/comments/waiting.html")),
    ("feeds/atom.xml", include_str!("../../templates/feeds/atom.xml")),
    ("feeds/rss.xml", include_str!("../../templates/feeds/rss.xml")),
    ("robots/robots.txt", include_str!("../../templates/robots/robots.txt")),
    ("robots/sitemap.xml", include_str!("../../templates/robots/sitemap.xml")),
    ("robots/sitemap_part.xml", include_str!("../../templates/robots/sitemap_part.xml")),
    ("moderation/_reason.html", include_str!("../../templates/moderation/_reason.html")),
    ("moderation/log.html", include_str!("../../templates/moderation/log.html")),
    ("moderation/unpublish.html", include_str!("../../templates/moderation/unpublish.html")),
];

/// The parsed templates.
#[derive(Debug)]
pub(super) struct Templates {
    tera: Tera,
    /// Whether the site has a form for those who are nobody yet.
    can_register: bool,
    site: Site,
}

impl Templates {
    /// Those that are compiled in.
    pub(super) fn built_in(config: &Config, assets: &Arc<Assets>) -> tera::TeraResult<Self> {
        let mut tera = Tera::new();
        tera.autoescape_on([".html", ".xml"]);
        tera.set_escape_fn(escape);
        // `asset(name="style.css")` is the address of that file; `drawing(name="icon.svg")` one that holds all of it.
        let (files, drawings) = (Arc::clone(assets), Arc::clone(assets));
        tera.register_function("asset", move |args: Kwargs, _: &State<'_>| named(&args, |name| files.address(name)));
        tera.register_function("drawing", move |args: Kwargs, _: &State<'_>| {
            named(&args, |name| drawings.data_url(name))
        });
        tera.add_raw_templates(TEMPLATES)?;
        let can_register = config.registration == RegistrationMode::Open;
        Ok(Self { tera, can_register, site: config.site.clone() })
    }

    /// A page for everybody.
    pub(super) fn render<P: Page>(&self, page: &P) -> tera::TeraResult<Rendered> {
        let mut context = Context::from_serialize(page)?;
        context.insert("can_register", &self.can_register);
        context.insert("site", &self.site);
        Ok(Rendered::new(self.tera.render(P::TEMPLATE, &context)?))
    }
}

fn named(args: &Kwargs, find: impl Fn(&str) -> Option<String>) -> tera::TeraResult<String> {
    let name: &str = args.must_get("name")?;
    find(name).ok_or_else(|| tera::Error::message(format!("static/ has no {name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every template in the folder is compiled in, and every one that is compiled in is in the folder.
    #[test]
    fn all_templates_are_built_in() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let mut files = Vec::new();
        let mut folders = vec![folder.clone()];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push(path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        files.sort();
        let mut built_in: Vec<_> = TEMPLATES.iter().map(|(name, _)| (*name).to_owned()).collect();
        built_in.sort();
        assert_eq!(files, built_in);
    }
}
