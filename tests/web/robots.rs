//! What is there for robots, browsers and those who found a weakness: lists and small files at fixed addresses.

use serde_json::Value;

use crate::site::{Site, between};

const BLOG: &str = "https://blog.example.org";

fn named() -> Site {
    Site::with(|config| config.base_url = Some(BLOG.to_owned().try_into().unwrap()))
}

/// The addresses in a list, with when they were changed.
async fn listed(site: &Site, path: &str) -> Vec<(String, Option<String>)> {
    let list = site.visitor().get(path).await;
    assert_eq!((list.status(), list.header("content-type")), (200, "application/xml; charset=utf-8"), "{path}");
    let entries = list.text().split("<loc>").skip(1);
    let entry = |rest: &str| {
        let url = rest.split_once("</loc>").unwrap().0;
        (url.strip_prefix(BLOG).unwrap().to_owned(), between(rest, "<lastmod>", "</lastmod>").map(str::to_owned))
    };
    entries.map(entry).collect()
}

async fn addresses(site: &Site, path: &str) -> Vec<String> {
    listed(site, path).await.into_iter().map(|(address, _)| address).collect()
}

/// Robots are told where the list is, in full, and what is not worth their while; the site of each name its own.
#[tokio::test]
async fn robots() {
    let robots = named().visitor().request_to("127.0.0.1", "GET", "/robots.txt").await;
    assert_eq!((robots.status(), robots.header("content-type")), (200, "text/plain; charset=utf-8"));
    let expected = "User-agent: *\nDisallow: /?q=\nDisallow: /api/\n\nSitemap: https://blog.example.org/sitemap.xml\n";
    assert_eq!(robots.text(), expected);
    let site = Site::new();
    for host in ["a.example", "b.example"] {
        let robots = site.visitor().request_to(host, "GET", "/robots.txt").await;
        assert!(robots.text().ends_with(&format!("\nSitemap: http://{host}/sitemap.xml\n")));
    }
}

/// The list has every post that everybody can see, once, with the time of its last change, and the front page.
#[tokio::test]
async fn all_posts() {
    let site = named();
    let test = site.login("test").await;
    test.post("/create", [("title", "t"), ("body", "")]).await;
    site.execute("INSERT INTO post (id, author_id, created, title, body) VALUES (2500, 1, 'yesterday', 'odd', '')");
    site.wait_seconds(60);
    test.post("/2/update", [("title", "u"), ("body", "")]).await;
    assert_eq!(addresses(&site, "/sitemap.xml").await, ["/sitemap-0.xml", "/sitemap-2.xml"]);
    let time = |text: &str| Some(text.to_owned());
    assert_eq!(
        listed(&site, "/sitemap-0.xml").await,
        [
            ("/".to_owned(), None),
            ("/1".to_owned(), time("2018-01-01T00:00:00Z")),
            ("/2".to_owned(), time("2026-01-01T00:01:00Z")),
        ]
    );
    assert_eq!(listed(&site, "/sitemap-2.xml").await, [("/2500".to_owned(), None)]);
    for path in ["/sitemap-1.xml", "/sitemap-02.xml", "/sitemap-9223372036854775807.xml", "/sitemap-x.xml"] {
        assert_eq!(site.visitor().get(path).await.status(), 404, "{path}");
    }
}

/// Nothing is in the list that not everybody may read: no draft, no post that was withdrawn, no orphan.
#[tokio::test]
async fn nothing_hidden() {
    let site = named();
    site.make_moderator("other");
    let (test, moderator) = (site.login("test").await, site.login("other").await);
    for title in ["deleted", "unpublished", "stays"] {
        test.post("/create", [("title", title), ("body", "")]).await;
    }
    test.post("/create", [("title", "draft"), ("body", ""), ("then", "keep")]).await;
    if site.is_file() {
        site.execute("INSERT INTO post (id, author_id, title, body) VALUES (9, 99, 'orphan', '')");
    }
    assert_eq!(addresses(&site, "/sitemap-0.xml").await, ["/", "/1", "/2", "/3", "/4"]);
    test.post("/2/delete", []).await;
    moderator.post("/3/unpublish", [("reason", "r")]).await;
    assert_eq!(addresses(&site, "/sitemap-0.xml").await, ["/", "/1", "/4"]);
    test.post("/2/restore", []).await;
    assert_eq!(addresses(&site, "/sitemap-0.xml").await, ["/", "/1", "/2", "/4"]);
}

/// Numbers far apart make no long list: what is between them is not looked through.
#[tokio::test]
async fn numbers_far_apart() {
    let site = named();
    site.execute(
        "INSERT INTO post (id, author_id, title, body) VALUES (-5, 1, 'x', ''), (999999, 1, 'x', ''),
           (9223372036854775807, 1, 'x', '')",
    );
    let parts = ["/sitemap-0.xml", "/sitemap-999.xml", "/sitemap-9223372036854775.xml"];
    assert_eq!(addresses(&site, "/sitemap.xml").await, parts);
    assert_eq!(addresses(&site, parts[2]).await, ["/9223372036854775807"]);
    site.execute("DELETE FROM post");
    assert_eq!(addresses(&site, "/sitemap.xml").await, ["/sitemap-0.xml"]);
    assert_eq!(addresses(&site, "/sitemap-0.xml").await, ["/"]);
}

/// A part has a thousand numbers at most.
#[tokio::test]
async fn long_lists() {
    let site = named();
    site.execute(
        "WITH RECURSIVE n (id) AS (VALUES (2) UNION ALL SELECT id + 1 FROM n WHERE id < 2001)
         INSERT INTO post (id, author_id, created, title, body) SELECT id, 1, '2018-01-01 00:00:00', 't', '' FROM n",
    );
    let parts = addresses(&site, "/sitemap.xml").await;
    assert_eq!(parts.len(), 3);
    let mut lengths = Vec::new();
    for part in parts {
        lengths.push(addresses(&site, &part).await.len());
    }
    assert_eq!(lengths, [1000, 1000, 2]);
}

/// Robots have the lists as readers have pages: unchanged until something is written, and small on the line.
#[tokio::test]
async fn kept() {
    let site = named();
    for path in ["/robots.txt", "/sitemap.xml", "/sitemap-0.xml"] {
        let first = site.visitor().get(path).await;
        assert_eq!(first.header("cache-control"), "no-cache", "{path}");
        let condition = [("if-none-match", first.header("etag"))];
        assert_eq!(site.visitor().request("GET", path, &condition, "").await.status(), 304, "{path}");
        let logged_in = site.login("test").await.get(path).await;
        assert_eq!((logged_in.text(), logged_in.header("etag")), (first.text(), first.header("etag")), "{path}");
    }
}

/// Who puts the site on a home screen gets its name and icons that are there, of the size that is said.
#[tokio::test]
async fn manifest() {
    let site = Site::with(|config| {
        "Garden \"& Co\"".clone_into(&mut config.site.title);
        config.site.description = Some("On gardens".to_owned());
    });
    let reply = site.visitor().get("/site.webmanifest").await;
    assert_eq!(reply.header("content-type"), "application/manifest+json; charset=utf-8");
    assert_eq!(reply.header("cache-control"), "public, max-age=86400");
    let manifest: Value = serde_json::from_str(reply.text()).unwrap();
    for (field, value) in [
        ("name", "Garden \"& Co\""),
        ("short_name", "Garden \"& Co\""),
        ("description", "On gardens"),
        ("start_url", "/"),
        ("theme_color", "#377ba8"),
    ] {
        assert_eq!(manifest[field], value, "{field}");
    }
    for (icon, pixels) in manifest["icons"].as_array().unwrap().iter().zip([0, 192, 512]) {
        let file = site.visitor().get(icon["src"].as_str().unwrap()).await;
        assert_eq!((file.status(), file.header("content-type")), (200, icon["type"].as_str().unwrap()));
        assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
        if pixels > 0 {
            let picture = image::load_from_memory(file.bytes()).unwrap();
            assert_eq!((picture.width(), picture.height()), (pixels, pixels));
            assert_eq!(icon["sizes"], format!("{pixels}x{pixels}"));
        }
    }
    assert!(site.visitor().get("/").await.header("content-security-policy").contains("manifest-src 'self'"));
}

/// The icons that browsers ask for unasked are there, and are kept for a day.
#[tokio::test]
async fn icons() {
    let site = Site::new();
    for (path, media_type) in [("/favicon.ico", "image/x-icon"), ("/apple-touch-icon.png", "image/png")] {
        let icon = site.visitor().get(path).await;
        assert_eq!((icon.status(), icon.header("content-type")), (200, media_type), "{path}");
        assert_eq!((icon.header("cache-control"), icon.header("vary")), ("public, max-age=86400", ""), "{path}");
        assert!(icon.bytes().len() < 3000, "{path}");
        let condition = [("if-none-match", icon.header("etag"))];
        assert_eq!(site.visitor().request("GET", path, &condition, "").await.status(), 304, "{path}");
    }
}

/// Whoever found a weakness is told whom to tell, in the words of RFC 9116, if somebody wants to be told.
#[tokio::test]
async fn security_txt() {
    const PATH: &str = "/.well-known/security.txt";
    assert_eq!(Site::new().visitor().get(PATH).await.status(), 404);
    let site = Site::with(|config| {
        let text =
            "contacts = [\"mailto:a@b.example\", \"https://b.example/report\"]\npolicy = \"https://b.example/policy\"
                    encryption = \"https://b.example/key\"\npreferred_languages = [\"en\", \"ko\"]";
        config.security_txt = toml::from_str(text).unwrap();
        config.base_url = Some(BLOG.to_owned().try_into().unwrap());
    });
    let file = site.visitor().get(PATH).await;
    assert_eq!((file.status(), file.header("content-type")), (200, "text/plain; charset=utf-8"));
    let expected = "Contact: mailto:a@b.example\nContact: https://b.example/report\nExpires: 2026-12-31T00:00:00Z\n\
                    Encryption: https://b.example/key\nPreferred-Languages: en, ko\nPolicy: https://b.example/policy\n\
                    Canonical: https://blog.example.org/.well-known/security.txt\n";
    assert_eq!(file.text(), expected);
    site.wait_seconds(86_399);
    assert_eq!(site.visitor().get(PATH).await.header("etag"), file.header("etag"), "the same all day");
    site.wait_seconds(1);
    assert!(site.visitor().get(PATH).await.text().contains("\nExpires: 2027-01-01T00:00:00Z\n"));
    let local = Site::with(|config| {
        config.security_txt = toml::from_str("contacts = [\"tel:+1\"]").unwrap();
    });
    let file = local.visitor().get(PATH).await;
    assert_eq!(file.text(), "Contact: tel:+1\nExpires: 2026-12-31T00:00:00Z\n", "it is not known where it is");
}
