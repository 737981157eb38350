//! What a form may be, and what is made of it.

use crate::site::{Site, Visitor, between, urlencoded};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

async fn create(visitor: &Visitor<'_>, content_type: &str, body: impl Into<hyper::body::Bytes>) -> u16 {
    visitor.request("POST", "/create", &[("content-type", content_type)], body).await.status()
}

fn multipart(fields: &[(&str, &str)]) -> String {
    let part = |(name, value): &(&str, &str)| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    fields.iter().map(part).collect::<String>() + "--x--\r\n"
}

/// Title and body of the newest post.
fn newest(site: &Site) -> (String, String) {
    (
        site.value("SELECT title FROM post ORDER BY id DESC LIMIT 1"),
        site.value("SELECT body FROM post ORDER BY id DESC LIMIT 1"),
    )
}

/// Of a field that was sent twice the first counts.
#[tokio::test]
async fn first_value_wins() {
    let site = Site::new();
    let test = site.login("test").await;
    assert_eq!(create(&test, FORM.1, "title=1&body=2&title=3&body=4").await, 303);
    assert_eq!(newest(&site), ("1".into(), "2".into()));
}

/// A form without one of its fields is none of ours; an empty field is there.
#[tokio::test]
async fn missing_field() {
    let site = Site::new();
    let test = site.login("test").await;
    for path in ["/create", "/1/update"] {
        for (body, status) in
            [("", 400), ("title=t", 400), ("body=b", 400), ("Title=t&body=b", 400), ("title&body", 200)]
        {
            assert_eq!(test.request("POST", path, &[FORM], body).await.status(), status, "{path} {body}");
        }
    }
    for path in ["/auth/register", "/auth/login"] {
        for (body, status) in [("", 400), ("username=a", 400), ("password=a", 400), ("username&password", 200)] {
            assert_eq!(test.request("POST", path, &[FORM], body).await.status(), status, "{path} {body}");
        }
    }
}

/// Only the two encodings of forms are read.
#[tokio::test]
async fn wrong_content_type() {
    let site = Site::new();
    let test = site.login("test").await;
    for content_type in ["application/json", "text/plain", "", "multipart/form-data"] {
        assert_eq!(create(&test, content_type, "title=t&body=b").await, 400, "{content_type:?}");
    }
    assert_eq!(test.request("POST", "/create", &[], "title=t&body=b").await.status(), 400);
}

/// Both encodings carry the same text, whatever is in it.
#[tokio::test]
async fn both_encodings() {
    let site = Site::new();
    let test = site.login("test").await;
    let fields = [("title", " 안녕 & <b> 100% \0"), ("body", "a\r\nb\nc\rd\0e\r\n\r\n")];
    // A server has no NUL in its texts.
    let nul = if site.is_file() { "\0" } else { "\u{fffd}" };
    let verbatim = (fields[0].1.replace('\0', nul), fields[1].1.replace('\0', nul));
    for (content_type, body) in [
        (FORM.1, urlencoded(&fields)),
        ("Application/X-WWW-Form-URLEncoded; charset=latin-1", urlencoded(&fields)),
        ("multipart/form-data; boundary=x", multipart(&fields)),
    ] {
        assert_eq!(create(&test, content_type, body).await, 303, "{content_type}");
        assert_eq!(newest(&site), verbatim, "{content_type}");
    }
    assert_eq!(site.value::<i64>("SELECT count(*) FROM post"), 4);
}

/// Escapes that are no UTF-8 stay as they were written; bytes that are none empty the form.
#[tokio::test]
async fn invalid_utf8() {
    let site = Site::new();
    let test = site.login("test").await;
    assert_eq!(create(&test, FORM.1, "title=%FF%FE&body=100%").await, 303);
    assert_eq!(newest(&site), ("%FF%FE".into(), "100%".into()));
    assert_eq!(create(&test, FORM.1, &b"title=\xff&body=b"[..]).await, 400);
}

/// A form past the limit is refused, whether it says so or not; one at the limit is taken.
#[tokio::test]
async fn too_large() {
    let site = Site::with(|config| config.limits.form_bytes_max = 1024);
    let test = site.login("test").await;
    let body = |bytes: usize| format!("title=t&body={}", "x".repeat(bytes - "title=t&body=".len()));
    assert_eq!(create(&test, FORM.1, body(1024)).await, 303);
    assert_eq!(create(&test, FORM.1, body(1025)).await, 413);
    let announced = test.request("POST", "/create", &[FORM, ("content-length", "1025")], "").await;
    assert_eq!(announced.status(), 413);
    assert!(announced.text().contains("The data value transmitted exceeds the capacity limit."));
    assert_eq!(site.value::<i64>("SELECT count(*) FROM post"), 2);
}

/// With the default limit a text of 600 000 bytes is a post, as it is in the original.
#[tokio::test]
async fn large() {
    let site = Site::new();
    let test = site.login("test").await;
    assert_eq!(create(&test, FORM.1, format!("title=t&body={}", "x".repeat(600_000))).await, 303);
    assert_eq!(newest(&site).1.len(), 600_000);
}

/// A form that is sent again, because its answer was lost, creates one post.
#[tokio::test]
async fn sent_again() {
    let site = Site::new();
    let test = site.login("test").await;
    let page = test.get("/create").await;
    let nonce = between(page.text(), r#"name="nonce" value=""#, "\"").unwrap();
    for _ in 0..3 {
        let reply = test.post("/create", [("nonce", nonce), ("title", "once"), ("body", "")]).await;
        assert_eq!((reply.status(), reply.header("location")), (303, "/"));
    }
    assert_eq!(site.value::<i64>("SELECT count(*) FROM post WHERE title = 'once'"), 1);
}

/// A step back in the browser brings the old form: with another text it is another post.
#[tokio::test]
async fn sent_again_with_another_text() {
    let site = Site::new();
    let test = site.login("test").await;
    for (title, body) in [("first", ""), ("second", ""), ("first", "longer"), ("first", "")] {
        test.post("/create", [("nonce", "same"), ("title", title), ("body", body)]).await;
    }
    assert_eq!(site.value::<i64>("SELECT count(*) FROM post WHERE title IN ('first', 'second')"), 3);
}

/// Two forms are two posts, though they say the same; one without a nonce is a post each time.
#[tokio::test]
async fn sent_twice() {
    let site = Site::new();
    let test = site.login("test").await;
    for nonce in ["a", "b", "", "", &"x".repeat(1000)] {
        test.post("/create", [("nonce", nonce), ("title", "twice"), ("body", "")]).await;
    }
    test.post("/create", [("title", "twice"), ("body", "")]).await;
    assert_eq!(site.value::<i64>("SELECT count(*) FROM post WHERE title = 'twice'"), 6);
}

/// A form that came back with a mistake is not spent by it.
#[tokio::test]
async fn corrected() {
    let site = Site::new();
    let test = site.login("test").await;
    for title in ["", "corrected"] {
        test.post("/create", [("nonce", "a"), ("title", title), ("body", "")]).await;
    }
    assert_eq!(newest(&site).0, "corrected");
}

/// A mistake is told first of all, where the browser goes, and again at the field, for those who listen too.
#[tokio::test]
async fn mistakes() {
    let site = Site::with(|config| config.password.length_min = 8);
    let (nobody, test) = (site.visitor(), site.login("test").await);
    site.login("test").await; // another session to end
    let long_tag = "x".repeat(51);
    for (visitor, path, fields, field) in [
        (&nobody, "/auth/register", &[("username", ""), ("password", "x")][..], "username"),
        (&nobody, "/auth/register", &[("username", "new"), ("password", "x")], "password"),
        (&nobody, "/auth/login", &[("username", "test"), ("password", "x")], "password"),
        (&test, "/create", &[("title", ""), ("body", "x")], "title"),
        (&test, "/create", &[("title", "x"), ("body", "x"), ("tags", &long_tag)], "tags"),
        (&test, "/1/comments", &[("body", "")], "body"),
        (&test, "/account/profile", &[("line", &"x".repeat(201))], "line"),
        (&test, "/account/password", &[("password", "x"), ("new_password", "x")], "password"),
        (&test, "/account/password", &[("password", "test"), ("new_password", "x")], "new_password"),
        (&test, "/account/sessions", &[("password", "x"), ("session", "others")], "sessions_password"),
        (&test, "/account/delete", &[("password", "x"), ("posts", "leave")], "password"),
        (&test, "/account/tokens", &[("name", ""), ("scope", "read"), ("lifetime", "30"), ("password", "x")], "name"),
    ] {
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let page = visitor.request("POST", path, &form, urlencoded(fields)).await;
        let page = page.text();
        let summary = format!("<div class=\"flash\" role=\"alert\" tabindex=\"-1\" autofocus><a href=\"#{field}\">");
        assert!(page.contains(&summary), "{path} {field}\n{page}");
        assert!(page.contains(&format!("<p class=\"problem\" id=\"{field}-problem\">")), "{path} {field}\n{page}");
        let described = format!(" aria-invalid=\"true\" aria-describedby=\"{field}-problem");
        let control = page.split('<').find(|tag| tag.contains(&format!(" id=\"{field}\""))).unwrap();
        assert!(control.contains(&described), "{path} {field}: {control}");
        assert_eq!(page.matches("aria-invalid").count(), 1, "{path} {field}");
    }
}
