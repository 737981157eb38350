//! Who may do what: every view, asked by nobody, by somebody else, and by the author; and that reading changes nothing.

use std::collections::BTreeSet;

use crate::site::{Site, urlencoded};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Method, view, path, a form that it takes, and the status for: nobody, another user, the author of post 1.
type Row = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)], [u16; 3]);

const POST: &[(&str, &str)] = &[("title", "t"), ("body", "b")];
const PERSON: &[(&str, &str)] = &[("username", "new"), ("password", "new")];
const SESSIONS: &[(&str, &str)] = &[("session", "others"), ("password", "test")];
const TOKEN: &[(&str, &str)] = &[("name", "n"), ("scope", "read"), ("lifetime", "30"), ("password", "test")];
const SETUP: &[(&str, &str)] = &[("secret", "x"), ("code", "x"), ("password", "x")];
const LOGIN: &[(&str, &str)] = &[("username", "test"), ("password", "test")];

const COMMENT: &[(&str, &str)] = &[("body", "c")];

const MATRIX: [Row; 73] = [
    ("GET", "lists::index", "/", &[], [200, 200, 200]),
    ("GET", "lists::tags", "/tags", &[], [200, 200, 200]),
    ("GET", "lists::tagged", "/tags/none", &[], [404, 404, 404]),
    ("GET", "lists::of_user", "/users/test", &[], [200, 200, 200]),
    ("GET", "post::show", "/1", &[], [200, 200, 200]),
    ("GET", "post::titled", "/1-test-title", &[], [301, 301, 301]),
    ("GET", "feeds::of_all", "/feed.atom", &[], [200, 200, 200]),
    ("GET", "feeds::tagged", "/tags/none/feed.rss", &[], [404, 404, 404]),
    ("GET", "feeds::of_user", "/users/test/feed.json", &[], [200, 200, 200]),
    ("GET", "images::show", "/images/00000000000000000000000000000000.jpg", &[], [404, 404, 404]),
    ("GET", "robots::robots", "/robots.txt", &[], [200, 200, 200]),
    ("GET", "robots::index", "/sitemap.xml", &[], [200, 200, 200]),
    ("GET", "robots::part", "/sitemap-0.xml", &[], [200, 200, 200]),
    ("GET", "manifest::show", "/site.webmanifest", &[], [200, 200, 200]),
    ("GET", "health::live", "/healthz", &[], [200, 200, 200]),
    ("GET", "health::ready", "/readyz", &[], [200, 200, 200]),
    ("GET", "security_txt::show", "/.well-known/security.txt", &[], [404, 404, 404]),
    ("GET", "assets::favicon", "/favicon.ico", &[], [200, 200, 200]),
    ("GET", "assets::touch_icon", "/apple-touch-icon.png", &[], [200, 200, 200]),
    ("GET", "hello", "/hello", &[], [200, 200, 200]),
    ("POST", "preferences::choose", "/preferences", &[("theme", "dark")], [303, 303, 303]),
    ("GET", "blog::new", "/create", &[], [302, 200, 200]),
    ("POST", "blog::create", "/create", POST, [403, 303, 303]),
    ("GET", "blog::edit", "/1/update", &[], [302, 403, 200]),
    ("POST", "likes::like", "/1/like", &[], [303, 303, 303]),
    ("POST", "likes::unlike", "/1/unlike", &[], [303, 303, 303]),
    ("POST", "comments::create", "/1/comments", COMMENT, [403, 303, 303]),
    ("GET", "comments::feed_of_post", "/1/comments/feed.atom", &[], [200, 200, 200]),
    ("GET", "comments::feed_of_all", "/comments/feed.json", &[], [200, 200, 200]),
    ("GET", "comments::waiting", "/comments/waiting", &[], [302, 200, 200]),
    ("GET", "comments::show", "/comments/1", &[], [302, 302, 302]),
    ("GET", "comments::edit", "/comments/1/update", &[], [302, 200, 403]),
    ("POST", "comments::update", "/comments/1/update", COMMENT, [403, 303, 403]),
    ("GET", "comments::confirm", "/comments/1/delete", &[], [302, 200, 200]),
    ("POST", "comments::delete", "/comments/1/delete", &[], [303, 303, 303]),
    ("POST", "comments::approve", "/comments/1/approve", &[], [303, 403, 303]),
    ("GET", "moderation::unpublish_form", "/1/unpublish", &[], [302, 403, 403]),
    ("POST", "moderation::unpublish", "/1/unpublish", &[], [303, 403, 403]),
    ("POST", "moderation::republish", "/2/republish", &[], [303, 403, 403]),
    ("GET", "moderation::log", "/moderation", &[], [404, 404, 404]),
    ("POST", "blog::update", "/1/update", POST, [403, 403, 303]),
    ("GET", "withdrawn::delete_form", "/1/delete", &[], [302, 403, 200]),
    ("POST", "withdrawn::delete", "/1/delete", &[], [303, 403, 303]),
    ("POST", "withdrawn::restore", "/2/restore", &[], [303, 404, 303]),
    ("GET", "drafts::list", "/drafts", &[], [302, 200, 200]),
    ("GET", "drafts::edit", "/drafts/1", &[], [302, 404, 200]),
    ("POST", "drafts::update", "/drafts/1", POST, [403, 404, 303]),
    ("GET", "drafts::delete_form", "/drafts/1/delete", &[], [302, 404, 200]),
    ("POST", "drafts::delete", "/drafts/1/delete", &[], [303, 404, 303]),
    ("GET", "auth::register_form", "/auth/register", &[], [200, 200, 200]),
    ("POST", "auth::register", "/auth/register", PERSON, [303, 303, 303]),
    ("GET", "login::login_form", "/auth/login", &[], [200, 200, 200]),
    ("POST", "login::login", "/auth/login", LOGIN, [303, 303, 303]),
    ("GET", "login::code_form", "/auth/code", &[], [302, 302, 302]),
    ("POST", "login::code", "/auth/code", &[("login", "x"), ("code", "x")], [200, 200, 200]),
    ("GET", "reset::form", "/auth/reset", &[], [403, 403, 403]),
    ("POST", "reset::reset", "/auth/reset", &[("code", "x"), ("password", "x")], [403, 403, 403]),
    ("GET", "auth::logout_link", "/auth/logout", &[], [302, 302, 302]),
    ("POST", "auth::logout", "/auth/logout", &[], [303, 303, 303]),
    ("GET", "account::overview", "/account", &[], [302, 200, 200]),
    ("POST", "person::set_profile", "/account/profile", &[("line", "I write")], [303, 200, 200]),
    ("GET", "download::send", "/account/posts.zip", &[], [302, 200, 200]),
    ("GET", "person::delete_form", "/account/delete", &[], [302, 200, 200]),
    ("POST", "person::delete", "/account/delete", &[("posts", "leave"), ("password", "test")], [303, 200, 303]),
    (
        "POST",
        "account::set_password",
        "/account/password",
        &[("password", "x"), ("new_password", "y")],
        [303, 200, 200],
    ),
    ("POST", "account::end_sessions", "/account/sessions", SESSIONS, [303, 200, 303]),
    ("GET", "tokens::list", "/account/tokens", &[], [302, 200, 200]),
    ("POST", "tokens::create", "/account/tokens", TOKEN, [303, 200, 200]),
    ("POST", "tokens::revoke", "/account/tokens/revoke", &[("token", "all"), ("password", "test")], [303, 200, 303]),
    ("GET", "second_factor::form", "/account/second-factor", &[], [302, 200, 200]),
    ("POST", "second_factor::turn_on", "/account/second-factor", SETUP, [303, 400, 400]),
    ("POST", "second_factor::turn_off", "/account/second-factor/off", &[("password", "x")], [303, 200, 200]),
    ("GET", "assets::file", "/static/style.css", &[], [200, 200, 200]),
];

/// A draft, and a post that was deleted, by the author of post 1; and a comment by another user under that post.
const ROWS: &str = "
    INSERT INTO draft (author_id, username, title, body, tags, format, updated)
      VALUES (1, 'test', 'draft', 'text', '', 'plain', '2026-01-01 00:00:00');
    INSERT INTO post (id, title, body, author_id) VALUES (2, 'gone', '', 1);
    INSERT INTO withdrawn_post
      (post_id, author_id, username, created, title, body, tags, format, updated, withdrawn)
      SELECT id, 1, 'test', created, title, body, '', 'plain', '', 1767225600 FROM post WHERE id = 2;
    DELETE FROM post WHERE id = 2;
    INSERT INTO discussion (id, post_id, created) SELECT 1, id, created FROM post WHERE id = 1;
    INSERT INTO comment (discussion_id, author_id, created, body) VALUES (1, 2, 0, 'said');";

/// The site at rest: its posts are indexed, and nothing is written that nobody asks for.
async fn site() -> Site {
    let site = Site::with_rows(ROWS);
    site.wait_for("SELECT 0 = (SELECT count(*) FROM search_queue)").await;
    site
}

/// Every `METHOD view` that the map of the site names.
fn views() -> BTreeSet<String> {
    let map = include_str!("../../src/web/routes.rs");
    let resources = map.split(".then(resource!(").skip(1).map(|rest| rest.split_once(')').unwrap().0);
    let views = resources.map(|resource| resource.split_once("=> ").map_or(resource, |(_, views)| views));
    views.flat_map(|views| views.split(", ")).map(str::to_owned).collect()
}

/// No view is left out.
#[test]
fn matrix_is_complete() {
    let listed: BTreeSet<_> = MATRIX.iter().map(|(method, view, ..)| format!("{method} {view}")).collect();
    assert_eq!(listed, views());
}

/// Everybody may do what they may, and nobody else; what is refused changes nothing.
#[tokio::test]
async fn authorisation() {
    for (method, view, path, form, statuses) in MATRIX {
        for (who, status) in ["", "other", "test"].into_iter().zip(statuses) {
            let site = site().await;
            let visitor = if who.is_empty() { site.visitor() } else { site.login(who).await };
            let before = site.rows();
            let reply = visitor.request(method, path, &[FORM], urlencoded(form)).await;
            assert_eq!(reply.status(), status, "{view} by {who:?}");
            let sent_away = reply.header("location") == "/auth/login" && view != "auth::register";
            if status == 403 || sent_away {
                assert_eq!(site.rows(), before, "{view} by {who:?}");
            }
        }
    }
}

/// Every link, action and file that a page names.
fn links(page: &str) -> Vec<String> {
    let attribute = |name: &str| {
        let parts: Vec<_> = page.split(&format!(" {name}=\"")).skip(1).collect();
        parts.into_iter().map(|rest| rest.split('"').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let links = ["href", "src", "action"].into_iter().flat_map(attribute);
    links.filter(|link| !link.starts_with("data:image/svg+xml,")).collect() // the icon, which is all there
}

/// Reading changes nothing: whoever follows every link there is, logged in, finds all as it was. Logging out by a
/// link is what the original does, and only a link of ours can.
#[tokio::test]
async fn reading_changes_nothing() {
    let site = site().await;
    let test = site.login("test").await;
    let before = site.rows();
    let mut to_see: Vec<_> = MATRIX.iter().map(|row| row.2.to_owned()).collect();
    let mut seen = BTreeSet::new();
    while let Some(path) = to_see.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let path = path.strip_prefix("http://localhost:8080").unwrap_or(&path); // as feeds have it
        if path.starts_with('#') {
            continue; // on the same page
        }
        assert!(path.starts_with('/'), "{path} leads elsewhere");
        for method in ["GET", "HEAD", "OPTIONS"] {
            let reply = test.request(method, path, &[("sec-fetch-site", "cross-site")], "").await;
            assert_eq!(site.rows(), before, "{method} {path}");
            to_see.extend(links(&String::from_utf8_lossy(reply.bytes())));
        }
    }
    assert!(seen.len() >= 9, "{seen:?}");
}

/// An unsafe method that does not say what it is, by any name, is held to the same rule.
#[tokio::test]
async fn cross_site_by_method() {
    for (method, view, path, form, [.., by_author]) in MATRIX {
        for (site_field, own) in [("same-origin", true), ("none", true), ("same-site", false), ("cross-site", false)] {
            let site = site().await;
            let test = site.login("test").await;
            let before = site.rows();
            let reply = test.request(method, path, &[FORM, ("sec-fetch-site", site_field)], urlencoded(form)).await;
            if method == "GET" {
                // From elsewhere, the link to log out asks first.
                let status = if view == "auth::logout_link" && !own { 200 } else { by_author };
                assert_eq!(reply.status(), status, "{view} {site_field}");
            } else {
                assert_eq!(reply.status(), if own { by_author } else { 403 }, "{view} {site_field}");
            }
            if !own {
                assert_eq!(site.rows(), before, "{view} {site_field}");
            }
        }
    }
}
