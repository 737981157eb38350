//! Views: feeds of all posts, of an author's, and of those under a tag; and what every feed is: three formats with the
//! same content.

use std::str::FromStr;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde::Serialize;
use warp::reply::Response;

use super::error::{Error, Result};
use super::images::with_pictures;
use super::links::{self, Name};
use super::lists::{self, Found, Subject};
use super::look::Look;
use super::page::{self, Page};
use super::rendered::Rendered;
use super::request::Request;
use super::templates::Templates;
use crate::content;
use crate::db::{self, Connection, posts, tags};
use crate::escape::escaped;
use crate::language::Language;
use crate::markdown::{self, Place};
use crate::message::Message;
use crate::post::{Part, Post};

/// The end of a feed's address, which says what it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Format {
    /// RFC 4287.
    Atom,
    /// RSS 2.0, <https://www.rssboard.org/rss-specification>.
    Rss,
    /// <https://www.jsonfeed.org/version/1.1/>
    Json,
}

/// There is no such feed.
#[derive(Debug)]
pub(super) struct NotAFormat;

impl FromStr for Format {
    type Err = NotAFormat;

    fn from_str(text: &str) -> std::result::Result<Self, NotAFormat> {
        [Self::Atom, Self::Rss, Self::Json].into_iter().find(|format| format.name() == text).ok_or(NotAFormat)
    }
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Atom => "feed.atom",
            Self::Rss => "feed.rss",
            Self::Json => "feed.json",
        }
    }
}

/// What a feed says, whatever its format.
#[derive(Serialize)]
struct Feed {
    title: String,
    /// The list that it is of, as a URL.
    home: String,
    /// Its own URL.
    url: String,
    updated: Timestamp,
    entries: Vec<Entry>,
}

/// What is in a feed.
#[derive(Serialize)]
pub(super) struct Entry {
    /// Its address, which is also its name for ever.
    url: String,
    title: String,
    author: Author,
    published: Timestamp,
    /// The same, as RSS writes it.
    published_rss: String,
    updated: Timestamp,
    html: String,
    tags: Vec<String>,
}

#[derive(Serialize)]
struct Author {
    name: String,
    /// Where their posts are, if they are a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Atom(Feed);

impl Page for Atom {
    const TEMPLATE: &'static str = "feeds/atom.xml";
    const MEDIA_TYPE: &'static str = "application/atom+xml; charset=utf-8";
}

#[derive(Serialize)]
struct Rss(Feed);

impl Page for Rss {
    const TEMPLATE: &'static str = "feeds/rss.xml";
    const MEDIA_TYPE: &'static str = "application/rss+xml; charset=utf-8";
}

#[derive(Serialize)]
struct Json(Feed);

impl Page for Json {
    const TEMPLATE: &'static str = "";
    const MEDIA_TYPE: &'static str = "application/feed+json; charset=utf-8";

    /// JSON has its own way to escape, and no marks.
    fn render(&self, _: &Templates, _: Look) -> Result<Rendered> {
        let Self(feed) = self;
        let items: Vec<_> = feed.entries.iter().map(item).collect();
        let json = serde_json::json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title, "home_page_url": feed.home, "feed_url": feed.url, "items": items,
        });
        Ok(Rendered::plain(json.to_string()))
    }
}

fn item(entry: &Entry) -> serde_json::Value {
    serde_json::json!({
        "id": entry.url, "url": entry.url, "title": entry.title, "content_html": entry.html, "tags": entry.tags,
        "date_published": entry.published, "date_modified": entry.updated, "authors": [entry.author],
    })
}

/// Send the feed of all posts.
pub(super) async fn of_all(format: Format, req: Request) -> Result<Response> {
    send_posts(&req, format, lists::everything()).await
}

/// Send the feed of an author.
pub(super) async fn of_user(name: Name, format: Format, req: Request) -> Result<Response> {
    send_posts(&req, format, lists::author(name)).await
}

/// Send the feed of a tag.
pub(super) async fn tagged(name: Name, format: Format, req: Request) -> Result<Response> {
    send_posts(&req, format, lists::under(name)).await
}

async fn send_posts(req: &Request, format: Format, subject: Subject) -> Result<Response> {
    send(req, format, posts_of(subject, req.app().config.pages.feed_posts)).await
}

/// What a feed is of.
#[derive(Clone)]
pub(super) struct Source {
    /// The path of the page that shows the same.
    pub(super) home: String,
    /// Where the feed is, but for the end of its name.
    pub(super) folder: String,
    /// Its title and what is in it, if it is there.
    pub(super) read: ReadSource,
}

type ReadSource = Arc<dyn Fn(Connection<'_>, &Home) -> db::Result<Option<(Message, Vec<Entry>)>> + Send + Sync>;

/// Where a feed comes from.
#[derive(Clone)]
pub(super) struct Home {
    /// The site's address.
    pub(super) site: String,
    /// The language of all its feeds.
    pub(super) language: Language,
    /// What the site is called.
    title: String,
}

/// The newest posts of a list.
fn posts_of(Subject { path, find }: Subject, posts_max: usize) -> Source {
    let read = move |conn: Connection<'_>, home: &Home| {
        let Some(Found { scope, heading, .. }) = find(conn)? else { return Ok(None) };
        let found = posts::list(conn, scope, &Part::Newest, posts_max)?.posts;
        let entries = found.iter().map(|post| entry(conn, post, home)).collect::<db::Result<_>>()?;
        Ok(Some((heading, entries)))
    };
    Source { home: path.clone(), folder: path, read: Arc::new(read) }
}

/// Sends a feed.
pub(super) async fn send(req: &Request, format: Format, source: Source) -> Result<Response> {
    // What asks without saying of whom cannot be told an address.
    let site = req.client().site.clone().ok_or(Error::BadRequest)?;
    let target = links::below(&source.folder, format.name());
    let url = format!("{site}{target}");
    let config = req.app().config();
    let home = Home { site, language: config.pages.language, title: config.site.title.clone() };
    let read = move |conn: Connection<'_>| read(conn, &source, &home, url);
    let sent = match format {
        Format::Atom => page::shared_alike(req, &target, |conn| Ok(read(conn)?.map(Atom))).await,
        Format::Rss => page::shared_alike(req, &target, |conn| Ok(read(conn)?.map(Rss))).await,
        Format::Json => page::shared_alike(req, &target, |conn| Ok(read(conn)?.map(Json))).await,
    };
    sent?.ok_or(Error::NotFound)
}

fn read(conn: Connection<'_>, source: &Source, home: &Home, url: String) -> db::Result<Option<Feed>> {
    let Some((heading, entries)) = (source.read)(conn, home)? else { return Ok(None) };
    let updated = entries.iter().map(|entry| entry.updated).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let title = clean(&format!("{} - {}", heading.in_language(home.language), home.title));
    Ok(Some(Feed { title, home: format!("{}{}", home.site, source.home), url, updated, entries }))
}

fn entry(conn: Connection<'_>, post: &Post, home: &Home) -> db::Result<Entry> {
    let tags = tags::of_post(conn, post.id)?.into_iter().map(|tag| clean(&tag.name)).collect();
    let url = format!("{}{}", home.site, links::post(post.id));
    let html = html(conn, post, &url)?;
    let entry = Entry::new(url, &post.title, Some(&post.username), home, post.created_at(), html);
    Ok(Entry { tags, ..entry.updated_at(post.updated_at()) })
}

impl Entry {
    /// What was written at this time and never changed, under no tag.
    pub(super) fn new(
        url: String,
        title: &str,
        username: Option<&str>,
        home: &Home,
        published: Timestamp,
        html: String,
    ) -> Self {
        let author = Author {
            name: username.map_or_else(|| home.language.text("former-user", None).into_owned(), clean),
            url: username.map(|name| format!("{}{}", home.site, links::user(name))),
        };
        let published_rss = DateTimePrinter::new().timestamp_to_rfc9110_string(&published).unwrap_or_default();
        let (title, tags) = (clean(title), Vec::new());
        Self { url, title, author, published, published_rss, updated: published, html, tags }
    }

    /// The same, changed at this time.
    pub(super) fn updated_at(self, updated: Option<Timestamp>) -> Self {
        Self { updated: updated.unwrap_or(self.published), ..self }
    }
}

/// Without the characters that XML has no way to write (XML 1.0, 2.2).
pub(super) fn clean(text: &str) -> String {
    let is_char = |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..);
    text.chars().filter(is_char).collect()
}

/// The text as it looks on its page.
pub(super) fn html(conn: Connection<'_>, post: &Post, page: &str) -> db::Result<String> {
    let text = clean(&post.body);
    match post.format {
        content::Format::Plain => Ok(lines(&text)),
        content::Format::Markdown => with_pictures(conn, |pictures| {
            // A reader may show many texts on one page: their footnotes are to have names of their own.
            markdown::post(&text, Place { heading: 1, prefix: &format!("p{}-", post.id.0), page, pictures })
        }),
    }
}

fn lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(escaped).collect();
    format!("<p>{}</p>", lines.join("<br>\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What XML cannot write is left out, and nothing else.
    #[test]
    fn control_characters() {
        assert_eq!(clean("a\u{0}\u{8}b\t\r\n\u{1f}안\u{FFFE}\u{FFFF}\u{10FFFF}"), "ab\t\r\n안\u{10FFFF}");
    }

    /// Lines stay lines, and nothing that was typed is markup.
    #[test]
    fn text_as_html() {
        assert_eq!(lines("a <b>\r\n& c\n"), "<p>a &lt;b&gt;<br>\n&amp; c</p>");
    }
}
