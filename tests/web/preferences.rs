//! In which language pages are, and light or dark; and what is said once.

use crate::site::Site;

const KOREAN: (&str, &str) = ("accept-language", "ko-KR,ko;q=0.9,en;q=0.5");

/// Each page is in the language that the browser asks for, errors and forms that are shown again too.
#[tokio::test]
async fn languages() {
    let site = Site::new();
    let (nobody, test) = (site.visitor(), site.login("test").await);
    for (visitor, path, words) in [
        (&nobody, "/", "<h1 class=\"p-name\">글</h1>"),
        (&nobody, "/1", "2018년 1월 1일</time>"),
        (&nobody, "/nothing", "<h1>찾을 수 없음</h1>"),
        (&nobody, "/7", "7번 글이 없습니다."),
        (&nobody, "/auth/login", "<label for=\"username\">사용자 이름</label>"),
        (&test, "/create", "<h1>새 글</h1>"),
        (&test, "/account", "2026년 1월 1일"),
    ] {
        let page = visitor.request("GET", path, &[KOREAN], "").await;
        assert!(page.text().contains("<html lang=\"ko\">") && page.text().contains(words), "{path}\n{}", page.text());
        let english = visitor.request("GET", path, &[("accept-language", "fr")], "").await;
        assert!(english.text().contains("<html lang=\"en\">") && !english.text().contains(words), "{path}");
        assert!(english.header("vary").contains("Accept-Language"), "{path}");
    }
    let form = [("content-type", "application/x-www-form-urlencoded"), KOREAN];
    let refused = nobody.request("POST", "/auth/login", &form, "username=nobody&password=x").await;
    assert!(refused.text().contains("사용자 이름이 올바르지 않습니다."), "{}", refused.text());
}

/// What is kept ready for one language or theme is not sent to those who read another.
#[tokio::test]
async fn kept_apart() {
    let site = Site::new();
    let nobody = site.visitor();
    for _ in 0..3 {
        for (fields, start) in [
            (&[][..], "<html lang=\"en\">"),
            (&[KOREAN], "<html lang=\"ko\">"),
            (&[("cookie", "flaskr-theme=dark")], "<html lang=\"en\" data-theme=\"dark\">"),
            (&[("cookie", "flaskr-theme=light"), KOREAN], "<html lang=\"ko\" data-theme=\"light\">"),
        ] {
            let page = nobody.request("GET", "/", fields, "").await;
            assert!(page.text().contains(start), "{start}\n{}", page.text());
        }
    }
}

/// A choice is kept by the browser, leads back to where it was made, and nowhere else.
#[tokio::test]
async fn chosen() {
    let site = Site::new();
    let nobody = site.visitor();
    let form = |from: &'static str| {
        [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin"), ("referer", from)]
    };
    for (from, back) in [
        ("http://localhost:8080/tags?after=x", "/tags?after=x"),
        ("http://localhost:8080", "/"),
        ("http://localhost:8080.example/1", "/"),
        ("http://localhost:8080//elsewhere.example/", "/"),
        ("https://elsewhere.example/", "/"),
        ("", "/"),
    ] {
        let reply = nobody.request("POST", "/preferences", &form(from), "language=ko").await;
        assert_eq!((reply.status(), reply.header("location")), (303, back), "{from}");
    }
    assert!(nobody.get("/").await.text().contains("<html lang=\"ko\">"));
    nobody.post("/preferences", [("theme", "dark")]).await;
    assert!(nobody.get("/").await.text().contains("<html lang=\"ko\" data-theme=\"dark\">"), "the other stays");
    for wrong in [("language", "xx"), ("theme", "pink"), ("language", "")] {
        assert_eq!(nobody.post("/preferences", [wrong]).await.status(), 400, "{wrong:?}");
    }
}

/// What a user chose comes along to each browser they log in with; another user's stays as it is.
#[tokio::test]
async fn of_an_account() {
    let site = Site::new();
    let here = site.login("test").await;
    here.post("/preferences", [("language", "ko"), ("theme", "light")]).await;
    here.post("/preferences", [("theme", "dark")]).await;
    let there = site.login("test").await;
    assert!(there.get("/").await.text().contains("<html lang=\"ko\" data-theme=\"dark\">"));
    let other = site.login("other").await;
    assert!(other.get("/").await.text().contains("<html lang=\"en\">"));
}

/// The language of the site is for those who ask for none that there is, and for feeds.
#[tokio::test]
async fn of_the_site() {
    let site = Site::with(|config| config.pages.language = "ko".parse().unwrap());
    let nobody = site.visitor();
    let feed = nobody.request("GET", "/feed.atom", &[("accept-language", "en")], "").await;
    assert!(feed.text().contains("글 - Flaskr"), "{}", feed.text());
    assert!(nobody.get("/").await.text().contains("<html lang=\"ko\">"));
    let english = nobody.request("GET", "/", &[("accept-language", "en")], "").await;
    assert!(english.text().contains("<html lang=\"en\">"));
}

/// Whoever did something is told so on the next page, once, and nobody else is, with whatever cookie.
#[tokio::test]
async fn said_once() {
    let site = Site::new();
    let test = site.login("test").await;
    let said = "<div class=\"flash\" role=\"status\">Published.</div>";
    test.post("/create", [("title", "a"), ("body", "b")]).await;
    let first = test.get("/").await;
    assert!(first.text().contains(said), "{}", first.text());
    assert_eq!(first.header("cache-control"), "no-store");
    assert!(!test.get("/").await.text().contains(said));
    assert!(!site.visitor().get("/").await.text().contains(said));

    let nobody = site.visitor();
    nobody.get("/").await;
    test.get("/auth/logout").await;
    let left = test.get("/").await;
    assert!(left.text().contains("You are logged out."), "{}", left.text());
    assert!(!nobody.get("/").await.text().contains("You are logged out."), "it is not kept for others");
    for forged in ["saved", "saved.x", "saved.MxYJTaSbzSRyqaDBPW4Zim7QyI1WJtFge3HdB6TgLE8"] {
        let page = site.visitor_with("flaskr-flash", forged).get("/").await;
        assert!(!page.text().contains("role=\"status\""), "{forged}");
    }
}

/// An empty site says how to begin, to whoever may.
#[tokio::test]
async fn beginning() {
    let site = Site::new();
    let test = site.login("test").await;
    test.post("/1/delete", []).await;
    let page = |reply: crate::site::Reply| reply.text().to_owned();
    assert!(page(test.get("/").await).contains("<a href=\"/create\">Write the first post</a>"));
    assert!(
        page(site.visitor().get("/").await).contains("<a href=\"/auth/register\">Register</a> to write the first one.")
    );
    assert!(page(site.visitor().get("/users/test").await).contains("There are no posts yet.</p>"));
}

/// An error names who is logged in, where that is known, and nobody where it is not.
#[tokio::test]
async fn errors_know_their_reader() {
    let site = Site::new();
    let test = site.login("test").await;
    let known = test.get("/7/update").await;
    assert!(known.text().contains("<span>test</span>") && !known.text().contains("/auth/login"), "{}", known.text());
    let unknown = test.get("/nothing").await;
    assert!(!unknown.text().contains("<span>test</span>") && !unknown.text().contains("/auth/login"));
}

/// What is written in other letters than the page says so, for those who listen to it.
#[tokio::test]
async fn parts() {
    let site = Site::new();
    let test = site.login("test").await;
    test.post("/create", [("title", "안녕하세요"), ("body", "반갑습니다"), ("format", "plain")]).await;
    test.post("/1/comments", [("body", "좋은 글입니다")]).await;
    let nobody = site.visitor();
    for (path, english, korean) in [
        ("/2", "<h1 class=\"p-name\" lang=\"ko\">안녕하세요</h1>", "<h1 class=\"p-name\">안녕하세요</h1>"),
        ("/2", "<p class=\"body e-content\" lang=\"ko\">", "<p class=\"body e-content\">"),
        ("/1", "<p class=\"body e-content\">", "<p class=\"body e-content\" lang=\"\">"),
        ("/1", "<div class=\"body e-content\" lang=\"ko\">", "<div class=\"body e-content\">"),
        ("/", "href=\"/2\" lang=\"ko\">", "href=\"/1\" lang=\"\">"),
    ] {
        let page = nobody.get(path).await;
        assert!(page.text().contains(english), "{path} {english}\n{}", page.text());
        let page = nobody.request("GET", path, &[KOREAN], "").await;
        assert!(page.text().contains(korean), "{path} {korean}\n{}", page.text());
    }
}
