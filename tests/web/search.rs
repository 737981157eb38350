//! The search: what is found, how it is shown, and that nothing typed breaks it.

use crate::site::{Reply, Site, Visitor, between};

/// The page of what is found, once everything that was written is in the index.
async fn search(site: &Site, visitor: &Visitor<'_>, query: &str) -> Reply {
    site.wait_for("SELECT count(*) = 0 FROM search_queue").await;
    visitor.get(&format!("/?q={query}")).await
}

/// The posts on a page of results.
fn found(page: &Reply) -> Vec<String> {
    let headings = page.text().split("<h2><a href=\"").skip(1);
    headings.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

async fn write(visitor: &Visitor<'_>, title: &str, body: &str) {
    assert_eq!(visitor.post("/create", [("title", title), ("body", body)]).await.status(), 303);
}

/// Words are found in titles and in texts, titles first, in Korean as in English, and are marked.
#[tokio::test]
async fn words() {
    let site = Site::new();
    let test = site.login("test").await;
    write(&test, "플라스크 블로그를 운영에 배포하기", "a guide to <b>deploying</b> Flaskr").await;
    write(&test, "other", "about 배포").await;
    for (query, posts) in [
        ("%EB%B0%B0%ED%8F%AC", &["/2", "/3"][..]),
        ("%EB%B0%B0", &["/2", "/3"]),
        ("%EB%B8%94%EB%A1%9C%EA%B7%B8", &["/2"]),
        ("deploy", &["/2"]),
        ("DEPLOYING+flask", &["/2"]),
        ("a", &["/3", "/2"]),
        ("test+title", &["/1"]),
        ("nothing", &[]),
    ] {
        assert_eq!(found(&search(&site, &site.visitor(), query).await), posts, "{query}");
    }
    let page = search(&site, &test, "deploy").await;
    assert!(
        page.text().contains("a guide to &lt;b&gt;<mark>deploy") && page.text().contains("<h1>Search: deploy</h1>")
    );
    assert!(page.text().contains(r#"value="deploy""#) && page.text().contains("<span>test</span>"));
}

/// What is typed is text: no operator, no markup, and nothing that makes an error.
#[tokio::test]
async fn anything_typed() {
    let site = Site::new();
    for query in [
        "%22",
        "*",
        "AND",
        "a+OR+b",
        "NEAR(a+b)",
        "title:x",
        "-x",
        "%00",
        "(",
        "%25",
        "_",
        "'",
        "%FF",
        "%3C%3Fuser+2%3F%3E",
    ] {
        let page = search(&site, &site.visitor(), query).await;
        assert_eq!(page.status(), 200, "{query}");
    }
    let page = search(&site, &site.visitor(), "%3Cscript%3Ex").await;
    assert!(page.text().contains("<h1>Search: &lt;script&gt;x</h1>") && !page.text().contains("<script>"));
    assert_eq!(site.visitor().get("/?q=x&from=nowhere").await.status(), 404);
    assert!(search(&site, &site.visitor(), "+%21").await.text().contains(">Posts</h1>"), "nothing to look for");
}

/// Results come page by page, each post once.
#[tokio::test]
async fn paging() {
    let site = Site::new();
    let test = site.login("test").await;
    for number in 0..12 {
        write(&test, "common", &number.to_string()).await;
    }
    let (mut all, mut page) = (Vec::new(), search(&site, &test, "common").await);
    loop {
        all.extend(found(&page));
        let Some(next) = between(page.text(), "rel=\"next\" href=\"", "\"") else { break };
        page = test.get(&next.replace("&amp;", "&")).await;
    }
    let posts: Vec<_> = (2..14).rev().map(|id| format!("/{id}")).collect();
    assert_eq!(all, posts);
}
