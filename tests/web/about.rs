//! What a page tells those who link to it: search engines, previews of links, programs that read microformats.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};

use crate::site::{Reply, Site, between};

const BLOG: &str = "https://blog.example.org";

fn site() -> Site {
    Site::with(|config| {
        config.base_url = Some(BLOG.to_owned().try_into().unwrap());
        "Garden & Co".clone_into(&mut config.site.title);
        config.site.description = Some("On \"gardens\"".to_owned());
    })
}

/// What a page says under this name, in its first such element.
fn said(page: &Reply, name: &str) -> Option<String> {
    let at = page.text().split("<meta ").skip(1).find(|rest| rest.contains(&format!("=\"{name}\"")))?;
    between(at, "content=\"", "\"").map(str::to_owned)
}

fn canonical(page: &Reply) -> Option<&str> {
    between(page.text(), "<link rel=\"canonical\" href=\"", "\"")
}

/// Each page that is for everybody has one address, in full, whatever it was asked by; other pages have none.
#[tokio::test]
async fn one_address() {
    let site = Site::with(|config| {
        config.base_url = Some(BLOG.to_owned().try_into().unwrap());
        config.pages.posts_per_page = 1;
    });
    let test = site.login("test").await;
    test.post("/create", [("title", "t"), ("body", ""), ("tags", "a b")]).await;
    for (path, address) in [
        ("/", "/"),
        ("/?utm_source=x", "/"),
        ("/?before=2018-01-01+00:00:01.1", "/?before=2018-01-01%2000:00:01.1"),
        ("/?after=2018-01-01%2000:00:01.1", "/"),
        ("/?before=9999-01-01%2000:00:00.1", "/"),
        ("/1", "/1"),
        ("/001", "/1"),
        ("/1?x=y", "/1"),
        ("/tags", "/tags"),
        ("/tags/A%20b", "/tags/A%20b"),
        ("/users/test", "/users/test"),
        ("/users/test?before=2018-01-01%2000:00:01.1&x=y", "/users/test?before=2018-01-01%2000:00:01.1"),
    ] {
        for visitor in [&site.visitor(), &test] {
            let page = visitor.request_to("127.0.0.1", "GET", path).await;
            let address = format!("{BLOG}{address}");
            assert_eq!(canonical(&page), Some(address.as_str()), "{path}");
            assert_eq!(said(&page, "og:url"), Some(address), "{path}");
            assert!(said(&page, "robots").is_none(), "{path}");
        }
    }
    for path in ["/?q=title", "/auth/login", "/create", "/nothing"] {
        assert_eq!(canonical(&test.get(path).await), None, "{path}");
    }
}

/// The addresses in a page are those of the site that was asked, and none is kept for another.
#[tokio::test]
async fn hosts() {
    let site = Site::new();
    for host in ["a.example", "b.example", "a.example"] {
        let page = site.visitor().request_to(host, "GET", "/1").await;
        assert_eq!(canonical(&page), Some(format!("http://{host}/1").as_str()));
    }
}

/// Search engines leave out what anybody can ask for, and the ways in.
#[tokio::test]
async fn not_for_robots() {
    let site = Site::new();
    for path in ["/?q=title", "/auth/login", "/auth/register"] {
        assert_eq!(said(&site.visitor().get(path).await, "robots").as_deref(), Some("noindex"), "{path}");
    }
}

/// The site is called as it is set, wherever its name stands, and says what it is about.
#[tokio::test]
async fn name_of_the_site() {
    let site = site();
    let page = site.visitor().get("/").await;
    assert!(page.text().contains("<title>Posts - Garden &amp; Co</title>"));
    assert!(page.text().contains(r#"<a class="home" href="/">Garden &amp; Co</a>"#));
    assert_eq!(said(&page, "og:site_name").as_deref(), Some("Garden &amp; Co"));
    assert_eq!(said(&page, "description").as_deref(), Some("On &#34;gardens&#34;"));
    assert_eq!(said(&page, "og:description"), said(&page, "description"));
    assert_eq!(said(&page, "og:type").as_deref(), Some("website"));
    assert!(site.visitor().get("/nothing").await.text().contains(">Garden &amp; Co</a>"));
    for path in ["/feed.atom", "/feed.rss"] {
        assert!(site.visitor().get(path).await.text().contains("<title>Posts - Garden &amp; Co</title>"), "{path}");
    }
    let feed: serde_json::Value = serde_json::from_str(site.visitor().get("/feed.json").await.text()).unwrap();
    assert_eq!(feed["title"], "Posts - Garden & Co");
    let said = said(&Site::new().visitor().get("/").await, "description");
    assert_eq!(said.as_deref(), Some("What people write on Flaskr."));
}

/// A post says what it begins with, in words, and who wrote it, when, and about what.
#[tokio::test]
async fn post() {
    let site = site();
    let test = site.login("test").await;
    let body = format!("# Head\n\nSome *\"soft\"* [words](/1)\r\nand {}", "many more ".repeat(50));
    let form = [("title", "<b>"), ("body", &body), ("format", "markdown"), ("tags", "a b,c")];
    test.post("/create", form).await;
    let page = site.visitor().get("/2").await;
    let description = said(&page, "description").unwrap();
    assert!(description.starts_with("Head Some &#34;soft&#34; words and many more"), "{description}");
    assert!(description.ends_with(" many…") || description.ends_with(" more…"), "{description}");
    assert!((140..=175).contains(&description.chars().count()), "{description}");
    for (name, value) in [
        ("og:type", "article"),
        ("og:title", "&lt;b&gt;"),
        ("article:author", "https://blog.example.org/users/test"),
        ("article:published_time", "2026-01-01T00:00:00Z"),
        ("article:tag", "a b"),
    ] {
        assert_eq!(said(&page, name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(page.text().matches("property=\"article:tag\"").count(), 2);
    for name in ["article:modified_time", "og:image", "twitter:card"] {
        assert_eq!(said(&page, name), None, "{name}");
    }
    site.wait_seconds(60);
    test.post("/2/update", [("title", "t"), ("body", ""), ("format", "plain")]).await;
    let page = site.visitor().get("/2").await;
    assert_eq!(said(&page, "article:modified_time").as_deref(), Some("2026-01-01T00:01:00Z"));
    assert_eq!(said(&page, "og:description"), None, "an empty text says nothing");
    assert_eq!(said(&site.visitor().get("/1").await, "description").as_deref(), Some("test body"));
}

/// A time that is none is shown, and told to no program.
#[tokio::test]
async fn odd_times() {
    let site = Site::new();
    site.execute("UPDATE post SET created = 'yesterday'");
    for path in ["/", "/1"] {
        let page = site.visitor().get(path).await;
        assert!(page.text().contains("yesterday") && !page.text().contains("datetime="), "{path}");
    }
    assert_eq!(said(&site.visitor().get("/1").await, "article:published_time"), None);
    site.execute("UPDATE post SET created = '2018-01-01 00:00:00.123456'");
    let page = site.visitor().get("/1").await;
    assert_eq!(said(&page, "article:published_time").as_deref(), Some("2018-01-01T00:00:00Z"));
}

/// The first picture of a post stands for it, with what it shows in words; one that is not there does not.
#[tokio::test]
async fn picture() {
    let site = site();
    let test = site.login("test").await;
    let mut file = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(40, 30).write_to(&mut file, ImageFormat::Png).unwrap();
    let mut form = Vec::new();
    for (field, value) in
        [("title", "t"), ("format", "markdown"), ("body", "![x](/images/0.png)"), ("image-1-alt", "a \"b\"")]
    {
        form.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
    }
    form.extend(b"--x\r\nContent-Disposition: form-data; name=\"image-1\"; filename=\"x.png\"\r\n\r\n");
    form.extend([file.get_ref().as_slice(), b"\r\n--x--\r\n"].concat());
    let head = [("content-type", "multipart/form-data; boundary=x")];
    assert_eq!(test.request("POST", "/create", &head, form).await.status(), 303);
    let page = site.visitor().get("/2").await;
    let shown = between(page.text(), "<img src=\"", "\"").unwrap();
    assert_eq!(said(&page, "og:image"), Some(format!("{BLOG}{shown}")));
    for (name, value) in [("width", "40"), ("height", "30"), ("alt", "a &#34;b&#34;")] {
        assert_eq!(said(&page, &format!("og:image:{name}")).as_deref(), Some(value), "{name}");
    }
    assert_eq!(said(&page, "twitter:card").as_deref(), Some("summary_large_image"));
    assert_eq!(site.visitor().get(shown).await.header("cross-origin-resource-policy"), "cross-origin");
}

/// A first visit costs two requests: the icon stands in the page, and a manifest, which browsers fetch with its icons at
/// once, is named to those who are logged in.
#[tokio::test]
async fn first_visit() {
    let site = Site::new();
    let (nobody, test) = (site.visitor().get("/").await, site.login("test").await.get("/").await);
    let loaded = |page: &Reply| {
        let links: Vec<_> = page.text().split("<link rel=\"").skip(1).map(str::to_owned).collect();
        let loads =
            links.iter().filter(|link| ["stylesheet", "icon", "manifest"].iter().any(|rel| link.starts_with(rel)));
        loads
            .map(|link| between(link, "href=\"", "\"").unwrap().split(',').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let style = loaded(&nobody).first().unwrap().clone();
    assert_eq!(loaded(&nobody), [style.as_str(), "data:image/svg+xml"]);
    assert_eq!(loaded(&test), [style.as_str(), "data:image/svg+xml", "/site.webmanifest"]);
    assert!(
        !nobody.text().contains("<img") && nobody.header("content-security-policy").contains("img-src 'self' data:")
    );
}

/// Page and style sheet together take 12 kB at most of a first visitor's line.
#[tokio::test]
async fn weight_of_a_first_visit() {
    let site = Site::new();
    let test = site.login("test").await;
    for number in 0..5 {
        let body = "A paragraph of a post, which says what its author had to say about something. ".repeat(4);
        test.post("/create", [("title", &*format!("Post {number}")), ("body", &body), ("tags", "rust, web")]).await;
    }
    let get =
        async |path: &str| site.visitor().request("GET", path, &[("accept-encoding", "gzip, br, zstd")], "").await;
    let page = get("/").await;
    let as_it_is = site.visitor().get("/").await;
    let style = get(between(as_it_is.text(), "<link rel=\"stylesheet\" href=\"", "\"").unwrap()).await;
    let header = |reply: &Reply| reply.names().map(|name| name.len() + reply.header(name).len() + 4).sum::<usize>();
    let bytes = page.bytes().len() + style.bytes().len() + header(&page) + header(&style);
    assert!(page.header("content-encoding") == "br" && style.header("content-encoding") == "br");
    assert!(bytes <= 12_000, "{bytes}");
}
