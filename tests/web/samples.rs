//! The samples with which themes are tried (`src/theme/samples.json`) are what pages are made of.
//!
//! A theme whose every page is its own fields, as JSON, is shown to visitors who go everywhere. `UPDATE_SAMPLES=1` writes
//! what they saw, one page of each shape.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use base16ct::lower::decode_vec;
use flaskr::config::{CommentMode, Config};
use flaskr::second_factor::Secret;
use flaskr::theme::{BuiltIn, Kind, SECRET};
use serde_json::{Map, Value};
use tempfile::TempDir;

use crate::carried::carried;
use crate::site::{Reply, Site, Visitor};
use crate::{images, registration};

/// A value as JSON. It is escaped after that as everything is, and so nothing in it is taken for a mark.
const DUMP: &str = r#"{% component dump(v) -%}
{% if v is map %}{ {%- for key, value in v %}"{{ key }}":{{<dump v={value} />}}{% if not loop.last %},{% endif %}{% endfor -%} }
{%- elif v is array %}[{% for value in v %}{{<dump v={value} />}}{% if not loop.last %},{% endif %}{% endfor %}]
{%- elif v is none %}null{% elif v is string %}"{{ v | replace(from="\\", to="\\\\") | replace(from='"', to='\\"') | replace(from="\n", to="\\n") | replace(from="\r", to="\\r") | replace(from="SECRET", to="HIDDEN") }}"{% else %}{{ v }}{% endif -%}
{% endcomponent %}"#;

/// What the theme writes instead, since one that showed it to everybody would be refused.
const HIDDEN: &str = "hidden";

/// Longest text that is kept of a sample, in characters: dates, addresses and names are shorter.
const TEXT_CHARS_MAX: usize = 60;

type Samples = BTreeMap<String, BTreeMap<String, Value>>;

fn dump() -> String {
    DUMP.replace("SECRET", SECRET).replace("HIDDEN", HIDDEN)
}

/// The templates of pages: every one that the site renders.
fn pages() -> BTreeSet<&'static str> {
    let names = BuiltIn::all().into_iter().filter(|file| file.kind == Kind::Template).map(|file| file.name);
    names.filter(|name| *name != "base.html" && !name.starts_with('_') && !name.contains("/_")).collect()
}

fn theme() -> TempDir {
    let theme = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = theme.path().join("templates").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("_dump.html", &dump());
    for name in pages() {
        write(name, &format!("{name}|{{{{<dump v={{__tera_context}} />}}}}"));
    }
    theme
}

/// What visitors saw.
struct Walk {
    theme: TempDir,
    seen: Samples,
}

impl Walk {
    fn site(&self, change: impl FnOnce(&mut Config)) -> Site {
        Site::with(|config| {
            config.site.theme = Some(self.theme.path().to_owned());
            config.pages.posts_per_page = 2;
            change(config);
        })
    }

    /// Notes what a page is made of.
    fn see(&mut self, reply: &Reply) -> Value {
        let (template, json) = reply.text().split_once('|').unwrap_or_else(|| panic!("{}", reply.text()));
        let json = [("&lt;", "<"), ("&gt;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&amp;", "&"), (HIDDEN, SECRET)]
            .iter()
            .fold(json.to_owned(), |json, (from, to)| json.replace(from, to));
        let mut page: Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
        page.as_object_mut().unwrap().remove("frame"); // is made of the others
        let pages = self.seen.entry(template.to_owned()).or_default();
        pages.entry(shape(&page)).or_insert_with(|| shortened(&page));
        page
    }

    async fn get(&mut self, visitor: &Visitor<'_>, path: &str) -> Value {
        self.see(&visitor.get(path).await)
    }

    async fn post<const N: usize>(&mut self, visitor: &Visitor<'_>, path: &str, form: [(&str, &str); N]) -> Value {
        self.see(&visitor.post(path, form).await)
    }

    async fn get_all(&mut self, visitor: &Visitor<'_>, paths: &[&str]) {
        for path in paths {
            self.get(visitor, path).await;
        }
    }
}

/// What a value is made of, whatever it says. Of a list all that is in it.
fn shape(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            fields.iter().fold(String::new(), |text, (name, value)| format!("{text}{name}{{{}}}", shape(value)))
        }
        Value::Array(values) => values.iter().map(shape).collect::<BTreeSet<_>>().into_iter().collect(),
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "bool".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::String(_) => "text".to_owned(),
    }
}

fn shortened(value: &Value) -> Value {
    match value {
        Value::String(text) => text.chars().take(TEXT_CHARS_MAX).collect::<String>().into(),
        Value::Array(values) => values.iter().map(shortened).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), shortened(value))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// Waits until a search finds what there is.
async fn indexed(site: &Site) {
    site.wait_for("SELECT NOT EXISTS (SELECT 1 FROM search_queue)").await;
}

/// What everybody reads: posts with all that they can have, and lists, feeds and files of them.
async fn readers(walk: &mut Walk) {
    let site = walk.site(|config| config.comments.mode = CommentMode::Approve);
    let (nobody, test, other) = (site.visitor(), site.login("test").await, site.login("other").await);
    indexed(&site).await;
    walk.get_all(&nobody, &["/", "/1", "/tags", "/users/test", "/users/other", "/feed.atom", "/feed.rss"]).await;
    walk.get_all(&nobody, &["/robots.txt", "/sitemap.xml", "/sitemap-0.xml", "/nothing", "/?q=test", "/?q=none"]).await;
    let form = [("title", "second"), ("body", "# a\n\n*b*"), ("tags", "one, two"), ("format", "markdown")];
    assert_eq!(test.post("/create", form).await.status(), 303);
    assert_eq!(test.post("/2/update", form).await.status(), 303);
    other.post("/create", [("title", "third"), ("body", "c"), ("tags", "one")]).await;
    site.wait_seconds(60);
    test.post("/1/update", [("title", "test title"), ("body", "changed")]).await;
    test.post("/account/profile", [("line", "me")]).await;
    test.post("/2/like", []).await;
    for body in ["shown", "shown too"] {
        test.post("/2/comments", [("body", body)]).await;
    }
    other.post("/2/comments", [("body", SECRET)]).await;
    test.post("/comments/1/update", [("body", "changed")]).await;
    indexed(&site).await;
    walk.get_all(&nobody, &["/", "/1", "/2", "/3", "/tags", "/tags/one", "/users/test", "/?q=second"]).await;
    walk.get_all(&nobody, &["/feed.atom", "/feed.rss"]).await;
    let first = walk.get(&nobody, "/").await;
    walk.get(&nobody, first["older"].as_str().unwrap()).await;
    walk.get_all(&nobody, &["/comments/feed.atom", "/comments/feed.rss", "/2/comments/feed.atom"]).await;
    walk.get_all(&test, &["/comments/waiting", "/2"]).await;
    walk.get_all(&other, &["/comments/waiting"]).await;
    site.execute("UPDATE user SET username = 'former user 2' WHERE id = 2");
    let alone = walk.site(|config| config.comments.mode = CommentMode::Off);
    walk.get_all(&alone.visitor(), &["/1"]).await;
    alone.execute("DELETE FROM post");
    walk.get_all(&alone.visitor(), &["/", "/tags", "/users/test"]).await;
    alone.break_database();
    let failed = walk.get(&alone.visitor(), "/").await;
    assert!(failed["incident"].is_string());
}

/// What authors write, and what is said of their mistakes.
async fn authors(walk: &mut Walk) {
    let site = walk.site(|_| ());
    let (nobody, test) = (site.visitor(), site.login("test").await);
    let form = |title, then| [("title", title), ("body", "a"), ("tags", "x"), ("format", "markdown"), ("then", then)];
    walk.get_all(&test, &["/create", "/drafts", "/1/delete"]).await;
    let edit = walk.get(&test, "/1/update").await;
    walk.post(&test, "/create", form("", "publish")).await;
    walk.post(&test, "/create", form("t", "preview")).await;
    walk.post(&test, "/1/update", form("t", "preview")).await;
    walk.see(&images::create(&test, &[], &[("image-1", "a.png", &images::png())]).await);
    walk.see(&images::create(&test, &[], &[("image-1", "a.png", b"none")]).await);
    test.post("/1/update", [("title", "theirs"), ("body", "b")]).await;
    let base = edit["base"].as_str().unwrap();
    walk.post(&test, "/1/update", [("title", "mine"), ("body", "c"), ("base", base)]).await;
    for title in ["", "kept", "and another"] {
        test.post("/create", form(title, "keep")).await;
    }
    walk.get_all(&test, &["/drafts", "/drafts/1", "/drafts/2", "/drafts/2/delete"]).await;
    test.post("/create", [("title", "gone"), ("body", "")]).await;
    test.post("/2/delete", []).await;
    walk.get_all(&test, &["/drafts", "/2"]).await;
    let sent = [("title", "kept"), ("body", "b"), ("tags", "a"), ("format", "markdown"), ("then", "preview")];
    walk.post(&nobody, "/create", sent).await;
    let kept = [("username", "test"), ("kept-target", "/create"), ("kept-field-title", "a"), ("kept-field-body", "b")];
    for password in ["wrong", "test"] {
        let [username, target, title, body] = kept;
        walk.post(&nobody, "/auth/login", [username, ("password", password), target, title, body]).await;
    }
    let asks = test.request("GET", "/auth/logout", &[("sec-fetch-site", "cross-site")], "").await;
    walk.see(&asks);
}

/// Ways in, and what people see of their account.
async fn accounts(walk: &mut Walk) {
    let site = walk.site(|_| ());
    let (nobody, test) = (site.visitor(), site.login("test").await);
    walk.get_all(&nobody, &["/auth/login", "/auth/register"]).await;
    walk.post(&nobody, "/auth/login", [("username", "test"), ("password", "x")]).await;
    walk.post(&nobody, "/auth/register", [("username", "test"), ("password", "x")]).await;
    let (path, code) = registration::link(&site, &["user", "reset-link", "other"]);
    walk.get(&nobody, &path).await;
    walk.post(&nobody, "/auth/reset", [("code", &code), ("password", "")]).await;
    walk.get_all(&test, &["/account", "/account/delete", "/account/tokens"]).await;
    walk.post(&test, "/account/delete", [("password", "x")]).await;
    walk.post(&test, "/account/password", [("password", "x"), ("new_password", "x")]).await;
    let token = [("name", "n"), ("scope", "write"), ("lifetime", "30"), ("password", "test")];
    walk.post(&test, "/account/tokens", token).await;
    walk.post(&test, "/account/tokens", [("name", ""), ("scope", "read"), ("lifetime", "0"), ("password", "x")]).await;
    walk.get(&test, "/account/tokens").await;
    test.post("/account/profile", [("line", "me")]).await;
    let setup = walk.get(&test, "/account/second-factor").await;
    let signed = setup["signed_secret"].as_str().unwrap();
    walk.post(&test, "/account/second-factor", [("secret", signed), ("code", "x"), ("password", "test")]).await;
    let bytes = signed.split(['~', '.']).nth(1).unwrap();
    let code = Secret::from_bytes(decode_vec(bytes).unwrap()).code(site.now());
    walk.post(&test, "/account/second-factor", [("secret", signed), ("code", &code), ("password", "test")]).await;
    walk.get_all(&test, &["/account", "/account/second-factor"]).await;
    let asked = walk.post(&nobody, "/auth/login", [("username", "test"), ("password", "test")]).await;
    let login = asked["login"].as_str().unwrap();
    walk.post(&nobody, "/auth/code", [("login", login), ("code", "000000")]).await;
}

/// Comments as their authors change them, and what moderators do.
async fn moderators(walk: &mut Walk) {
    let site = walk.site(|_| ());
    let (test, other, moderator) = (site.login("test").await, site.login("other").await, site.newcomer("ann").await);
    site.make_moderator("ann");
    walk.get(&moderator, "/moderation").await;
    let long = "x".repeat(501);
    for body in ["one", "two"] {
        other.post("/1/comments", [("body", body)]).await;
    }
    walk.get_all(&other, &["/comments/1/update", "/comments/1/delete", "/comments/waiting", "/account"]).await;
    walk.get_all(&test, &["/comments/1/delete"]).await;
    walk.post(&other, "/1/comments", [("body", "")]).await;
    walk.post(&other, "/comments/1/update", [("body", "")]).await;
    walk.get_all(&moderator, &["/comments/1/delete", "/1/unpublish", "/account"]).await;
    walk.post(&moderator, "/comments/1/delete", [("reason", &long)]).await;
    moderator.post("/comments/1/delete", [("reason", "why")]).await;
    walk.post(&moderator, "/1/unpublish", [("reason", &long)]).await;
    moderator.post("/1/unpublish", [("reason", "")]).await;
    walk.get_all(&moderator, &["/moderation", "/drafts"]).await;
    walk.get_all(&test, &["/drafts"]).await;
}

/// The file of samples, a line each. One of a shape that was kept already stays as it is.
fn written(seen: &Samples, kept: &BTreeMap<String, Vec<Value>>) -> String {
    let template = |(name, pages): (&String, &BTreeMap<String, Value>)| {
        let same = |of: &String| kept.get(name).into_iter().flatten().find(|page| shape(page) == *of);
        let lines: Vec<_> = pages.iter().map(|(of, page)| format!("  {}", same(of).unwrap_or(page))).collect();
        format!("\"{name}\": [\n{}\n]", lines.join(",\n"))
    };
    format!("{{\n{}\n}}\n", seen.iter().map(template).collect::<Vec<_>>().join(",\n"))
}

/// Every page has samples, and those in the program have the shapes that pages have.
#[tokio::test]
async fn current() {
    let mut walk = Walk { theme: theme(), seen: Samples::new() };
    readers(&mut walk).await;
    authors(&mut walk).await;
    accounts(&mut walk).await;
    moderators(&mut walk).await;
    let missing: Vec<_> = pages().into_iter().filter(|name| !walk.seen.contains_key(*name)).collect();
    assert!(missing.is_empty(), "no visitor sees {missing:?}");

    let file = carried(concat!(env!("CARGO_MANIFEST_DIR"), "/src/theme/samples.json"));
    let read = || serde_json::from_str::<BTreeMap<String, Vec<Value>>>(&fs::read_to_string(&file).unwrap()).unwrap();
    if std::env::var_os("UPDATE_SAMPLES").is_some() {
        fs::write(&file, written(&walk.seen, &read())).unwrap();
    }
    let kept = read();
    for (name, pages) in &walk.seen {
        let shapes: BTreeSet<_> = kept.get(name).into_iter().flatten().map(shape).collect();
        let seen: BTreeSet<_> = pages.keys().cloned().collect();
        assert!(
            shapes == seen,
            "samples of {name} are not current: run UPDATE_SAMPLES=1 cargo test --test web samples"
        );
    }
}
