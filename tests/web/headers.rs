//! What every answer carries.

use crate::site::{Reply, Site};

const FIELDS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

/// One answer of every kind, with its status.
async fn every_kind(site: &Site) -> Vec<(u16, Reply)> {
    let (nobody, other) = (site.visitor(), site.login("other").await);
    let etag = nobody.get("/static/style.css").await.header("etag").to_owned();
    let form = ("content-type", "application/x-www-form-urlencoded");
    let mut replies = Vec::new();
    for (status, visitor, method, path, field) in [
        (200, &nobody, "GET", "/", form),
        (200, &other, "GET", "/create", form),
        (200, &nobody, "GET", "/hello", form),
        (200, &nobody, "GET", "/static/style.css", form),
        (200, &nobody, "OPTIONS", "/create", form),
        (302, &nobody, "GET", "/create", form),
        (303, &nobody, "POST", "/create", form),
        (304, &nobody, "GET", "/static/style.css", ("if-none-match", etag.as_str())),
        (400, &other, "POST", "/create", form),
        (403, &other, "POST", "/1/delete", form),
        (403, &other, "POST", "/create", ("sec-fetch-site", "cross-site")),
        (404, &nobody, "GET", "/nothing", form),
        (405, &nobody, "PUT", "/", form),
        (413, &other, "POST", "/create", ("content-length", "999999999")),
    ] {
        let reply = visitor.request(method, path, &[field], "").await;
        assert_eq!(reply.status(), status, "{method} {path}");
        replies.push((status, reply));
    }
    site.break_database();
    replies.push((500, nobody.get("/").await));
    replies
}

/// Errors, redirects and files are as guarded as pages are.
#[tokio::test]
async fn on_every_answer() {
    let site = Site::new();
    for (status, reply) in every_kind(&site).await {
        assert_eq!(reply.status(), status);
        for (name, value) in FIELDS {
            assert_eq!(reply.header(name), value, "{name} of a {status}");
        }
        assert!(reply.header("vary").ends_with("Cookie"), "{status}");
        assert_ne!(reply.header("cache-control"), "", "{status}");
        assert_eq!(reply.header("strict-transport-security"), "", "{status}");
        assert_eq!(reply.header("server"), "", "{status}");
    }
}

/// No script runs but ours, nothing is loaded from elsewhere or asked of others, and nobody frames us.
#[tokio::test]
async fn content_security_policy() {
    let site = Site::new();
    for (status, reply) in every_kind(&site).await {
        let policy: Vec<_> = reply.header("content-security-policy").split("; ").collect();
        for directive in [
            "default-src 'none'",
            "script-src 'self'",
            "connect-src 'self'",
            "style-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(&directive), "{directive} of a {status}");
        }
        let icon = "img-src 'self' data:"; // which stands in each page
        let sources =
            policy.iter().filter(|directive| **directive != icon).flat_map(|directive| directive.split(' ').skip(1));
        assert!(sources.into_iter().all(|source| ["'none'", "'self'"].contains(&source)), "{policy:?}");
    }
}

/// Only a site that visitors reach over https tells them to stay there.
#[tokio::test]
async fn transport_security() {
    for (base_url, value) in [("https://blog.example.org", "max-age=63072000"), ("http://blog.example.org", "")] {
        let site = Site::with(|config| config.base_url = Some(base_url.to_owned().try_into().unwrap()));
        for (status, reply) in every_kind(&site).await {
            assert_eq!(reply.header("strict-transport-security"), value, "{base_url} {status}");
        }
    }
}

/// A page that shows who is logged in is in no cache.
#[tokio::test]
async fn private_pages() {
    let site = Site::new();
    let test = site.login("test").await;
    for path in ["/", "/create", "/1/update", "/auth/login", "/auth/register", "/9/update"] {
        assert_eq!(test.get(path).await.header("cache-control"), "no-store", "{path}");
    }
    assert_eq!(test.post("/create", [("title", ""), ("body", "")]).await.header("cache-control"), "no-store");
    assert_eq!(site.visitor().login("test", "test").await.header("cache-control"), "no-store");
}
