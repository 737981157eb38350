//! Templates, and what every page is given.

use std::io::{self, Write};

use serde::Serialize;
use tera::{Context, Tera};
use warp::http::header::{CACHE_CONTROL, HeaderValue};
use warp::reply::Response;

use super::error::Result;
use super::request::Request;
use super::response;
use crate::config::RegistrationMode;
use crate::user::User;

/// Every template, compiled in.
const TEMPLATES: [(&str, &str); 12] = [
    ("base.html", include_str!("../../templates/base.html")),
    ("error.html", include_str!("../../templates/error.html")),
    ("account/overview.html", include_str!("../../templates/account/overview.html")),
    ("account/recovery_codes.html", include_str!("../../templates/account/recovery_codes.html")),
    ("account/second_factor.html", include_str!("../../templates/account/second_factor.html")),
    ("auth/code.html", include_str!("../../templates/auth/code.html")),
    ("auth/login.html", include_str!("../../templates/auth/login.html")),
    ("auth/logout.html", include_str!("../../templates/auth/logout.html")),
    ("auth/register.html", include_str!("../../templates/auth/register.html")),
    ("auth/reset.html", include_str!("../../templates/auth/reset.html")),
    ("blog/edit.html", include_str!("../../templates/blog/edit.html")),
    ("blog/index.html", include_str!("../../templates/blog/index.html")),
];

/// What a template shows: its fields are exactly the template's variables.
pub(super) trait Page: Serialize {
    /// The template's name.
    const TEMPLATE: &'static str;
}

/// The parsed templates.
#[derive(Debug)]
pub(super) struct Templates(Tera);

impl Templates {
    /// Those that are compiled in.
    pub(super) fn built_in() -> tera::TeraResult<Self> {
        let mut tera = Tera::new();
        tera.autoescape_on([".html"]);
        tera.set_escape_fn(escape);
        tera.add_raw_templates(TEMPLATES)?;
        Ok(Self(tera))
    }

    /// A page as its reader sees it.
    pub(super) fn render<P: Page>(&self, page: &P, reader: &Reader<'_>) -> tera::TeraResult<String> {
        let mut context = Context::from_serialize(page)?;
        context.insert("user", &reader.user.map(|user| &user.username));
        context.insert("can_register", &reader.can_register);
        self.0.render(P::TEMPLATE, &context)
    }
}

/// Whom a page is for.
#[derive(Default)]
pub(super) struct Reader<'a> {
    /// Who is logged in.
    pub(super) user: Option<&'a User>,
    /// Whether the site has a form for those who are nobody yet.
    pub(super) can_register: bool,
}

/// Answers with a page, which only its reader may keep if it shows who that is.
pub(super) async fn show<P: Page>(req: &Request, page: P) -> Result<Response> {
    let user = req.user().await?;
    show_to(req, &page, user).await
}

/// Answers with a page for this user, who may be another now than when the request came.
pub(super) async fn show_to<P: Page>(req: &Request, page: &P, user: Option<&User>) -> Result<Response> {
    let can_register = req.app().config.registration == RegistrationMode::Open;
    let html = req.app().templates.render(page, &Reader { user, can_register })?;
    let mut response = response::html(req.body_of(html).await?);
    let cache = if user.is_some() { "no-store" } else { "no-cache" };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    Ok(response)
}

/// Escapes as the original does: the same five characters, quotes as decimal references.
fn escape(mut text: &str, html: &mut dyn Write) -> io::Result<()> {
    while let Some(at) = text.find(['&', '<', '>', '"', '\'']) {
        let (plain, special) = text.split_at(at);
        html.write_all(plain.as_bytes())?;
        let (special, rest) = special.split_at(1);
        html.write_all(match special {
            "&" => b"&amp;",
            "<" => b"&lt;",
            ">" => b"&gt;",
            "\"" => b"&#34;",
            _ => b"&#39;",
        })?;
        text = rest;
    }
    html.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nothing a person wrote becomes markup, in text or in an attribute.
    #[test]
    fn escaping() {
        let mut html = Vec::new();
        escape("<b a=\"1\" c='2'>&안</b>", &mut html).unwrap();
        assert_eq!(html, "&lt;b a=&#34;1&#34; c=&#39;2&#39;&gt;&amp;안&lt;/b&gt;".as_bytes());
    }

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
