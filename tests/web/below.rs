//! A site below a path of its host (`base_url = "https://example.org/blog"`): every address it gives has that path.

use std::collections::{BTreeMap, VecDeque};

use flaskr::config::{BaseUrl, CommentMode};
use serde_json::json;

use crate::administered::said;
use crate::api::Program;
use crate::images;
use crate::site::{Reply, Site, Visitor};

const HOST: &str = "https://example.org";
const SITE: &str = "https://example.org/blog";
const PATH: &str = "/blog";

/// What an author may write of the site: as its pages are addressed here, and as a visitor sees them.
/// The last is text, and stays as it is.
const TEXT: &str = "[a](/1) [b](/blog/2) [c](1) [d](#x) [e](https://elsewhere.example/1) `<a href=\"/code\">`";

const CODE: &str = "/code";

/// Where visitors begin: what is not led to from the front page, or not by everybody's way.
const START: [&str; 20] = [
    "/blog/",
    "/blog",
    "/blog/nowhere",
    "/blog/?q=t",
    "/blog/robots.txt",
    "/blog/sitemap.xml",
    "/blog/feed.atom",
    "/blog/feed.rss",
    "/blog/feed.json",
    "/blog/comments/feed.atom",
    "/blog/comments/feed.json",
    "/blog/account",
    "/blog/1-a-title",
    "/blog/site.webmanifest",
    "/blog/api/v1/posts",
    "/blog/api/v1/posts?limit=1",
    "/blog/comments/waiting",
    "/blog/api/v1/posts/1/comments",
    "/blog/api/v1/tags?limit=1",
    "/blog/hello",
];

fn site() -> Site {
    Site::with(|config| {
        config.base_url = Some(SITE.to_owned().try_into().unwrap());
        config.comments.mode = CommentMode::Approve;
        config.pages.posts_per_page = 2;
    })
}

/// The values of all attributes of a page that are addresses.
fn attributes(page: &str) -> Vec<String> {
    let values = ["href", "src", "action", "formaction", "srcset"].into_iter().flat_map(|name| {
        let start = format!(" {name}=\"");
        page.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect::<Vec<_>>()
    });
    values.flat_map(|value| value.split(", ").map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// The addresses in full that stand in any text.
fn whole(text: &str) -> Vec<String> {
    let rests = text.split(HOST).skip(1);
    rests.map(|rest| rest.split(['"', '<', '>', '&', ' ', '\n', '\'', '\\']).next().unwrap().to_owned()).collect()
}

/// The paths of this site that a reply names, each of which has the site's own; anything else fails.
fn paths(asked: &str, reply: &Reply) -> Vec<String> {
    let is_right = |path: &str| path == PATH || path.starts_with("/blog/") || path.starts_with("/blog#");
    let mut found: Vec<String> =
        reply.names().filter(|name| *name == "location").map(|_| reply.header("location")).map(str::to_owned).collect();
    let text = String::from_utf8_lossy(reply.bytes());
    if reply.header("content-type").starts_with("text/html") {
        found.extend(attributes(&text));
    }
    found.retain(|address| !address.starts_with(HOST));
    found.extend(whole(&text));
    found.extend(whole(reply.header("location")));
    found.extend(whole(reply.header("link")));
    found.retain(|address| {
        let elsewhere =
            ["#", "?", "data:", "https://elsewhere.example/", "1", CODE].iter().any(|start| address.starts_with(start));
        assert!(elsewhere || is_right(address), "{asked} leads to {address}");
        !elsewhere
    });
    for cookie in reply.all("set-cookie") {
        assert!(cookie.contains("; Path=/blog;") || cookie.ends_with("; Path=/blog"), "{asked}: {cookie}");
        assert!(cookie.contains("Secure") && !cookie.contains("__Host-"), "{asked}: {cookie}");
    }
    found
}

/// Follows every address from these on, and says what answered at each path.
async fn crawl(visitor: &Visitor<'_>, from: &[&str]) -> BTreeMap<String, u16> {
    let mut waiting: VecDeque<String> = from.iter().map(|path| (*path).to_owned()).collect();
    let mut seen = BTreeMap::new();
    while let Some(path) = waiting.pop_front() {
        let path = path.split(['#', ' ']).next().unwrap().replace("&amp;", "&");
        if seen.contains_key(&path) {
            continue;
        }
        let reply = visitor.get(&path).await;
        waiting.extend(paths(&path, &reply));
        seen.insert(path, reply.status());
        assert!(seen.len() < 1000, "the site does not end");
    }
    seen
}

/// A site with what there is to link to. The last of those who are logged in there is a moderator.
async fn furnish(site: &Site) -> [Visitor<'_>; 3] {
    let [test, other, ann] = [site.login("test").await, site.login("other").await, site.newcomer("ann").await];
    site.make_moderator("ann");
    images::create(
        &test,
        &[("format", "markdown"), ("image-1-alt", "a bird")],
        &[("image-1", "a.png", &images::png())],
    )
    .await;
    let form = [("title", "t"), ("body", TEXT), ("tags", "one, two"), ("format", "markdown")];
    for _ in 0..3 {
        assert_eq!(test.post("/blog/create", form).await.status(), 303);
    }
    let [title, body, tags, format] = form;
    test.post("/blog/create", [title, body, tags, format, ("then", "keep")]).await;
    for visitor in [&other, &ann] {
        assert_eq!(visitor.post("/blog/1/comments", [("body", TEXT)]).await.status(), 303);
    }
    test.post("/blog/comments/1/approve", []).await;
    other.post("/blog/account/profile", [("line", "me")]).await;
    test.post("/blog/5/delete", []).await;
    ann.post("/blog/3/unpublish", [("reason", "x")]).await;
    site.wait_for("SELECT NOT EXISTS (SELECT 1 FROM search_queue)").await;
    [test, other, ann]
}

/// Wherever visitors go, no address lacks the path, and each that there is leads to a page.
#[tokio::test]
async fn every_address() {
    let site = site();
    let users = furnish(&site).await;
    let nobody = site.visitor();
    let mut seen = crawl(&nobody, &START).await;
    let moved_on = |(path, status): (&String, &u16)| (*status == 404 || *status >= 500).then(|| path.clone());
    let lost: Vec<_> = seen.iter().filter_map(moved_on).filter(|path| !path.ends_with("nowhere")).collect();
    // The post that was deleted, the one that was unpublished, and what an author wrote that is not there.
    assert!(lost.iter().all(|path| ["/blog/3", "/blog/5"].contains(&path.as_str())), "{lost:?}");
    for user in &users {
        seen.extend(crawl(user, &START).await);
    }
    for path in [
        "/blog/1",
        "/blog/1/update",
        "/blog/auth/login",
        "/blog/auth/register",
        "/blog/drafts",
        "/blog/drafts/1",
        "/blog/account/tokens",
        "/blog/account/second-factor",
        "/blog/account/delete",
        "/blog/account/posts.zip",
        "/blog/moderation",
        "/blog/tags/one",
        "/blog/tags/one/feed.atom",
        "/blog/users/test/feed.json",
        "/blog/1/comments/feed.rss",
        "/blog/comments/1",
        "/blog/comments/1/update",
        "/blog/sitemap-0.xml",
        "/blog/site.webmanifest",
    ] {
        assert!(seen.contains_key(path), "{path} was not come upon, of {} pages", seen.len());
    }
    assert!(seen.keys().any(|path| path.starts_with("/blog/images/")), "no picture");
    assert!(seen.keys().any(|path| path.starts_with("/blog/static/style.")), "no style sheet");
    assert!(seen.keys().any(|path| path.contains("?before=")), "no second page");
}

/// What forms are answered with has it too: redirects, what they say, cookies, and the form again.
#[tokio::test]
async fn forms() {
    let site = site();
    let [test, other, _] = furnish(&site).await;
    let nobody = site.visitor();
    let writing = [("title", ""), ("body", TEXT), ("format", "markdown"), ("then", "preview")];
    for (visitor, path) in [(&nobody, "/create"), (&test, "/create"), (&test, "/1/update")] {
        let reply = visitor.post(&format!("/blog{path}"), writing).await;
        assert!(!paths(path, &reply).is_empty());
    }
    for (visitor, path, leads_to) in [
        (&test, "/1/like", "/blog/1"),
        (&other, "/1/like", "/blog/1"),
        (&test, "/4/delete", "/blog/"),
        (&test, "/4/restore", "/blog/4"),
        (&test, "/account/sessions", ""),
        (&nobody, "/1/like", "/blog/auth/login"),
        (&nobody, "/preferences", "/blog/"),
        (&other, "/auth/logout", "/blog/"),
    ] {
        let reply = visitor.post(&format!("/blog{path}"), []).await;
        paths(path, &reply);
        if !leads_to.is_empty() {
            assert_eq!(reply.header("location"), leads_to, "{path}");
            assert!(
                reply.text().contains(&format!("<a href=\"{leads_to}\">{leads_to}</a>")),
                "{path}: {}",
                reply.text()
            );
        }
    }
    for password in ["wrong", "test"] {
        paths("login", &nobody.post("/blog/auth/login", [("username", "test"), ("password", password)]).await);
    }
    assert!(nobody.cookie("__Secure-flaskr").is_some(), "a session");
    let fields = [("referer", "https://example.org/blog/1?a"), ("content-type", "application/x-www-form-urlencoded")];
    let back = nobody.request("POST", "/blog/preferences", &fields, "theme=dark").await;
    assert_eq!(back.header("location"), "/blog/1?a");
    let other_site = [("origin", "https://example.com"), ("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(nobody.request("POST", "/blog/1/like", &other_site, "").await.status(), 403);
    let own = [("origin", HOST), ("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(nobody.request("POST", "/blog/1/like", &own, "").await.status(), 303);
}

/// Programs are told whole addresses, and where the paths of the description begin; so is who asks by a wrong name.
#[tokio::test]
async fn programs() {
    let site = site();
    let program = Program::of(&site, "test", "write").await;
    let made = program.json("POST", "/api/v1/posts", &json!({"title": "a", "body": TEXT, "format": "markdown"})).await;
    assert_eq!((made.status(), made.header("location")), (201, "/blog/api/v1/posts/2"));
    paths("a new post", &made);
    assert!(made.text().contains("href=\\\"https://example.org/blog/1\\\""), "{}", made.text());
    assert!(made.text().contains("href=\\\"https://example.org/blog/2\\\""), "{}", made.text());
    let visitor = site.visitor();
    let description: serde_json::Value =
        serde_json::from_str(visitor.get("/blog/api/v1/openapi.json").await.text()).unwrap();
    assert_eq!(description["servers"], json!([{ "url": "/blog" }]));
    let manifest: serde_json::Value = serde_json::from_str(visitor.get("/blog/site.webmanifest").await.text()).unwrap();
    assert_eq!((&manifest["id"], &manifest["start_url"]), (&json!("/blog/"), &json!("/blog/")));
    for icon in manifest["icons"].as_array().unwrap() {
        assert_eq!(visitor.get(icon["src"].as_str().unwrap()).await.status(), 200, "{icon}");
        assert!(icon["src"].as_str().unwrap().starts_with("/blog/static/"), "{icon}");
    }
    let lost = visitor.request_to("example.com", "GET", "/blog/1").await;
    assert_eq!(lost.status(), 421);
    assert!(lost.text().contains(SITE));
    let security = visitor.get("/.well-known/security.txt").await;
    assert!(!security.text().contains(SITE), "it is at the root of a host (RFC 9116, 3)");
    let link = said(&site, &["user", "reset-link", "other"]);
    assert!(link.starts_with("https://example.org/blog/auth/reset?code="), "{link}");
}

/// The proxy may leave the path on, or take it off; checks by address need none.
#[tokio::test]
async fn with_and_without() {
    let site = site();
    let visitor = site.visitor();
    for (path, same) in [
        ("/1", "/blog/1"),
        ("/", "/blog/"),
        ("/", "/blog"),
        ("/1", "/%62log/1"),
        ("/1", "//blog/1"),
        ("/?q=a", "/blog?q=a"),
    ] {
        let (bare, whole) = (visitor.get(path).await, visitor.get(same).await);
        assert_eq!((bare.status(), bare.text()), (200, whole.text()), "{path} {same}");
    }
    for (path, status) in [
        ("/healthz", 200),
        ("/readyz", 200),
        ("/blog/healthz", 200),
        ("/blogs", 404),
        ("/blog/blog/1", 404),
        ("/blog/1/", 404),
        ("/blog/auth/login", 200),
    ] {
        assert_eq!(visitor.get(path).await.status(), status, "{path}");
    }
    assert_eq!(visitor.request_to("example.com", "GET", "/blog/static/style.css").await.status(), 200);
}

/// No site is below a name of which its own paths begin: neither could be told from the other.
#[test]
fn own_names() {
    let map = [include_str!("../../src/web/routes.rs"), "path!(\"api\")"].concat();
    let names = map.split("path!(\"").chain(map.split("path(\"")).skip(1).map(|rest| rest.split('"').next().unwrap());
    let names: Vec<_> = names.filter(|name| name.len() < 30 && !name.contains(char::is_whitespace)).collect();
    assert!(names.len() > 15, "{names:?}");
    for name in names {
        assert!(BaseUrl::try_from(format!("{HOST}/{name}")).is_err(), "{name}");
        assert!(BaseUrl::try_from(format!("{HOST}/{name}/x")).is_err(), "{name}");
    }
}
