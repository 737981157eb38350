//! Pages that are kept: never old, never somebody else's.

use std::io::Read;

use crate::site::{Reply, Site, Visitor};

async fn get_with(visitor: &Visitor<'_>, path: &str, field: (&str, &str)) -> Reply {
    visitor.request("GET", path, &[field], "").await
}

/// What was written here is on the next page, whoever asks.
#[tokio::test]
async fn own_writes_show_at_once() {
    let site = Site::new();
    let (test, nobody) = (site.login("test").await, site.visitor());
    for round in 0..20 {
        let title = format!("round {round}");
        assert!(!nobody.get("/").await.text().contains(&title));
        test.post("/create", [("title", title.as_str()), ("body", "")]).await;
        assert!(nobody.get("/").await.text().contains(&title));
        assert!(test.get("/").await.text().contains(&title));
    }
}

/// What another program has written shows within 100 ms, however often the page is asked for meanwhile.
#[tokio::test]
async fn writes_of_others_show_soon() {
    let site = Site::new();
    let nobody = site.visitor();
    for round in 0..5 {
        nobody.get("/").await;
        let title = format!("round {round}");
        site.execute_now(&format!("UPDATE post SET title = '{title}'"));
        let written = std::time::Instant::now();
        while !nobody.get("/").await.text().contains(&title) {
            assert!(written.elapsed().as_millis() < 100);
        }
    }
}

/// A page has a tag, which it keeps as long as it is the same; who has it is told so, and gets nothing.
#[tokio::test]
async fn unchanged() {
    let site = Site::new();
    let (test, nobody) = (site.login("test").await, site.visitor());
    let first = nobody.get("/").await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"') && first.header("cache-control") == "no-cache");
    for tags in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        let reply = get_with(&nobody, "/", ("if-none-match", &tags)).await;
        assert_eq!((reply.status(), reply.text(), reply.header("etag")), (304, "", tag.as_str()), "{tags}");
        assert!(!reply.names().any(|name| ["content-type", "content-length", "content-encoding"].contains(&name)));
    }
    test.post("/auth/logout", []).await;
    assert_eq!(get_with(&nobody, "/", ("if-none-match", &tag)).await.status(), 304, "nothing of it was written");

    let test = site.login("test").await;
    test.post("/1/update", [("title", "another"), ("body", "")]).await;
    let changed = get_with(&nobody, "/", ("if-none-match", &tag)).await;
    assert_eq!(changed.status(), 200);
    assert_ne!(changed.header("etag"), tag);
}

/// Every coding is of the same page, and has a tag of its own; caches on the way are told what it depends on.
#[tokio::test]
async fn codings() {
    let site = Site::new();
    let nobody = site.visitor();
    let whole = nobody.get("/").await;
    let mut tags = vec![whole.header("etag").to_owned()];
    for coding in ["gzip", "br", "zstd"] {
        for _ in 0..2 {
            let reply = get_with(&nobody, "/", ("accept-encoding", coding)).await;
            assert_eq!(reply.header("content-encoding"), coding);
            assert_eq!(reply.header("vary"), "Accept-Encoding, Accept-Language, Cookie");
            assert_eq!(decoded(coding, reply.bytes()), whole.text());
            tags.push(reply.header("etag").to_owned());
        }
        let tag = tags.last().unwrap();
        let fields = [("accept-encoding", coding), ("if-none-match", tag)];
        assert_eq!(nobody.request("GET", "/", &fields, "").await.status(), 304);
    }
    tags.dedup();
    assert_eq!(tags.len(), 4);
}

fn decoded(coding: &str, bytes: &[u8]) -> String {
    let mut text = String::new();
    let read = match coding {
        "gzip" => flate2::read::GzDecoder::new(bytes).read_to_string(&mut text),
        "br" => brotli::Decompressor::new(bytes, 4096).read_to_string(&mut text),
        _ => zstd::stream::read::Decoder::new(bytes).and_then(|mut decoder| decoder.read_to_string(&mut text)),
    };
    read.unwrap();
    text
}

/// Nobody gets another's page: not the name in it, not the links of its author, not its compressed form.
#[tokio::test]
async fn nothing_personal() {
    let site = Site::new();
    let (test, other, nobody) = (site.login("test").await, site.login("other").await, site.visitor());
    for _ in 0..2 {
        for (visitor, name, edits) in
            [(&test, "<span>test<", true), (&other, "<span>other<", false), (&nobody, "Log In", false)]
        {
            let page = get_with(visitor, "/", ("accept-encoding", "gzip")).await;
            let shown = match page.header("content-encoding") {
                "" => page.text().to_owned(),
                coding => decoded(coding, page.bytes()),
            };
            assert!(shown.contains(name), "{name}");
            assert_eq!(shown.contains(r#"href="/1/update""#), edits, "{name}");
            assert_eq!(shown.contains("Log Out"), name != "Log In");
            assert_eq!(page.header("etag").is_empty(), name != "Log In", "{name}");
        }
    }
    test.post("/auth/logout", []).await;
    assert!(test.get("/").await.text().contains("Log In"));
}

/// Nobody writes into a page what only some see, or who reads it.
#[tokio::test]
async fn marks_are_not_written() {
    let site = Site::new();
    let test = site.login("test").await;
    let marks = "<?user 2?>hidden<?everybody?><?username?>";
    test.post("/create", [("title", marks), ("body", marks)]).await;
    for visitor in [&site.visitor(), &site.login("other").await, &test] {
        let page = visitor.get("/").await;
        assert_eq!(page.text().matches("&lt;?user 2?&gt;hidden&lt;?everybody?&gt;&lt;?username?&gt;").count(), 2);
    }
}

/// A page is kept for the host it was asked of, and another host is refused whatever is kept.
#[tokio::test]
async fn hosts() {
    let site = Site::with(|config| config.base_url = Some("http://blog.example.org".to_owned().try_into().unwrap()));
    let nobody = site.visitor();
    for _ in 0..2 {
        assert_eq!(nobody.request_to("blog.example.org", "GET", "/").await.status(), 200);
        assert_eq!(nobody.request_to("evil.example", "GET", "/").await.status(), 421);
    }
}

/// However a client writes the target, and whatever it adds to it, it is one page.
#[tokio::test]
async fn targets() {
    let site = Site::new();
    let nobody = site.visitor();
    let tag = nobody.get("/").await.header("etag").to_owned();
    for target in ["/?utm_source=x", "//", "/?", "/?a=1&a=2"] {
        for _ in 0..2 {
            assert_eq!(nobody.get(target).await.header("etag"), tag, "{target}");
        }
    }
}

/// HEAD says what GET would; what is not safe is never answered from what is kept.
#[tokio::test]
async fn methods() {
    let site = Site::new();
    let nobody = site.visitor();
    let got = nobody.get("/").await;
    let head = nobody.request("HEAD", "/", &[], "").await;
    assert_eq!((head.status(), head.header("etag")), (200, got.header("etag")));
    assert_eq!(nobody.request("POST", "/", &[], "").await.status(), 405);
    assert_eq!(nobody.request("OPTIONS", "/", &[], "").await.header("allow"), "GET, HEAD, OPTIONS");
}

/// Without memory for it nothing is kept, and all is as before.
#[tokio::test]
async fn nothing_kept() {
    let site = Site::with(|config| config.limits.cache_bytes_max = 0);
    let nobody = site.visitor();
    let tag = nobody.get("/").await.header("etag").to_owned();
    assert_eq!(get_with(&nobody, "/", ("if-none-match", &tag)).await.status(), 304);
    assert_eq!(get_with(&nobody, "/", ("accept-encoding", "br")).await.header("content-encoding"), "br");
}
