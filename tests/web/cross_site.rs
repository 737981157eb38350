//! Other sites cannot act in a visitor's name.

use crate::site::{HOST, Site, urlencoded};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Every page that changes something, with a form that it would take.
const POSTS: [(&str, &[(&str, &str)]); 6] = [
    ("/auth/register", &[("username", "new"), ("password", "new")]),
    ("/auth/login", &[("username", "test"), ("password", "test")]),
    ("/create", &[("title", "t"), ("body", "b")]),
    ("/1/update", &[("title", "t"), ("body", "b")]),
    ("/1/delete", &[]),
    ("/auth/logout", &[]),
];

/// A form counts if it comes from a page of ours, from the visitor's own hand, or from no browser.
#[tokio::test]
async fn matrix() {
    let own = format!("http://{HOST}");
    for (site_field, origin, status) in [
        (None, None, 303),
        (None, Some(own.as_str()), 303),
        (None, Some("http://localhost:8081"), 403),
        (None, Some("https://localhost:8080"), 403),
        (None, Some("http://evil.example"), 403),
        (None, Some("null"), 403),
        (Some("same-origin"), Some(own.as_str()), 303),
        (Some("none"), None, 303),
        (Some("same-site"), Some(own.as_str()), 403),
        (Some("cross-site"), Some("http://evil.example"), 403),
        (Some("cross-site"), None, 403),
    ] {
        let site = Site::new();
        let test = site.login("test").await;
        let mut fields = vec![FORM];
        fields.extend(site_field.map(|value| ("sec-fetch-site", value)));
        fields.extend(origin.map(|value| ("origin", value)));
        for (path, form) in POSTS {
            let reply = test.request("POST", path, &fields, urlencoded(form)).await;
            assert_eq!(reply.status(), status, "{path} {site_field:?} {origin:?}");
        }
    }
}

/// What another site sent changes nothing, and ends no session.
#[tokio::test]
async fn nothing_is_changed() {
    let site = Site::new();
    let test = site.login("test").await;
    for (path, form) in POSTS {
        test.request("POST", path, &[FORM, ("sec-fetch-site", "cross-site")], urlencoded(form)).await;
    }
    assert_eq!(site.value::<String>("SELECT title FROM post"), "test title");
    assert_eq!(site.value::<i64>("SELECT count(*) FROM user"), 2);
    assert_eq!(test.name().await.as_deref(), Some("test"));
}

/// A link on another site asks before it logs out, and shows pages as any link does.
#[tokio::test]
async fn links() {
    let site = Site::new();
    let test = site.login("test").await;
    let cross_site = [("sec-fetch-site", "cross-site")];
    let page = test.request("GET", "/auth/logout", &cross_site, "").await;
    assert_eq!(page.status(), 200);
    assert!(page.text().contains("Do you want to log out?"));
    assert_eq!(test.name().await.as_deref(), Some("test"));
    for path in ["/", "/create", "/1/update"] {
        assert_eq!(test.request("GET", path, &cross_site, "").await.status(), 200, "{path}");
    }
}

/// With a base URL that alone is our origin, whatever host the request names.
#[tokio::test]
async fn base_url() {
    let site = Site::with(|config| config.base_url = Some("https://blog.example.org".to_owned().try_into().unwrap()));
    let own = format!("http://{HOST}");
    for (origin, status) in [("https://blog.example.org", 303), ("https://blog.example.org:444", 403), (&own, 403)] {
        let reply = site.visitor().request("POST", "/auth/logout", &[FORM, ("origin", origin)], "").await;
        assert_eq!(reply.status(), status, "{origin}");
    }
}

/// A trusted proxy says what our origin is; nobody else does.
#[tokio::test]
async fn behind_a_proxy() {
    let site = Site::with(|config| config.trusted_proxies = vec!["192.0.2.1".to_owned().try_into().unwrap()]);
    let fields = [
        FORM,
        ("origin", "https://blog.example.org"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "blog.example.org"),
    ];
    for (peer, status) in [("192.0.2.1", 303), ("192.0.2.2", 403)] {
        let reply = site.visitor_from(peer).request("POST", "/auth/logout", &fields, "").await;
        assert_eq!(reply.status(), status, "{peer}");
    }
}
