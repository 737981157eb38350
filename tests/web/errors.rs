//! Answers that are no page: their status, their words, and which of them comes first.

use crate::site::Site;

/// Every page with the methods it answers.
const PAGES: [(&str, &str); 10] = [
    ("/", "GET, HEAD, OPTIONS"),
    ("/hello", "GET, HEAD, OPTIONS"),
    ("/create", "GET, HEAD, POST, OPTIONS"),
    ("/1/update", "GET, HEAD, POST, OPTIONS"),
    ("/1/delete", "GET, HEAD, POST, OPTIONS"),
    ("/1/restore", "POST, OPTIONS"),
    ("/auth/register", "GET, HEAD, POST, OPTIONS"),
    ("/auth/login", "GET, HEAD, POST, OPTIONS"),
    ("/auth/logout", "GET, HEAD, POST, OPTIONS"),
    ("/static/style.css", "GET, HEAD, OPTIONS"),
];

/// What is on no page is not found, and said in the original's words.
#[tokio::test]
async fn not_found() {
    let site = Site::new();
    for path in [
        "/nothing",
        "/HELLO",
        "/create/",
        "/1/update/",
        "/hello/",
        "/auth",
        "/auth/",
        "/auth/login/",
        "/1/",
        "/tags/none",
        "/users/nobody",
        "/?before=x",
        "/feed.xml",
        "/1/update/x",
        "/static",
        "/static/",
        "/static/nothing.css",
        "/%2e%2e/etc/passwd",
        "/create%00",
    ] {
        let reply = site.visitor().get(path).await;
        assert_eq!(reply.status(), 404, "{path}");
        assert!(reply.text().contains("<h1>Not Found</h1>"), "{path}");
        assert!(reply.text().contains("The requested URL was not found on the server."), "{path}");
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8", "{path}");
    }
}

/// A method that a page does not answer is refused with those that it does.
#[tokio::test]
async fn method_not_allowed() {
    let site = Site::new();
    for (path, allowed) in PAGES {
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"] {
            if allowed.split(", ").all(|allowed| allowed != method) {
                let reply = site.visitor().request(method, path, &[], "").await;
                assert_eq!((reply.status(), reply.header("allow")), (405, allowed), "{method} {path}");
            }
        }
    }
}

/// A page can be asked what it answers.
#[tokio::test]
async fn options() {
    let site = Site::new();
    for (path, allowed) in PAGES {
        let reply = site.visitor().request("OPTIONS", path, &[], "").await;
        assert_eq!((reply.status(), reply.header("allow"), reply.text()), (200, allowed, ""), "{path}");
    }
}

/// HEAD is GET: the same status and the same fields.
#[tokio::test]
async fn head() {
    let site = Site::new();
    for (path, allowed) in PAGES {
        let (head, get) = (site.visitor().request("HEAD", path, &[], "").await, site.visitor().get(path).await);
        assert_eq!(head.status(), get.status(), "{path}");
        for field in ["content-type", "location", "etag", "cache-control", "allow"] {
            assert_eq!(head.header(field), get.header(field), "{path} {field} {allowed}");
        }
    }
}

/// A number is digits; one that no post can have is not found.
#[tokio::test]
async fn numbers() {
    let site = Site::new();
    let test = site.login("test").await;
    for (number, status) in [
        ("1", 200),
        ("001", 200),
        ("0", 404),
        ("2", 404),
        ("+1", 404),
        ("-1", 404),
        ("1a", 404),
        ("abc", 404),
        ("1.0", 404),
        ("9223372036854775807", 404),
        ("9223372036854775808", 404),
        ("99999999999999999999999999", 404),
    ] {
        assert_eq!(test.get(&format!("/{number}/update")).await.status(), status, "{number}");
    }
}

/// The path comes before the method, the method before the login, the login before the post, the post before its
/// author, the author before the form.
#[tokio::test]
async fn order() {
    let site = Site::new();
    let (nobody, test, other) = (site.visitor(), site.login("test").await, site.login("other").await);
    for (visitor, method, path, status) in [
        (&nobody, "PUT", "/abc/update", 404),
        (&nobody, "PUT", "/1/update", 405),
        (&nobody, "GET", "/1/restore", 405),
        (&nobody, "GET", "/abc/update", 404),
        (&nobody, "GET", "/9/update", 302),
        (&nobody, "POST", "/9/update", 303),
        (&nobody, "POST", "/9/delete", 303),
        (&other, "POST", "/9/update", 404),
        (&other, "POST", "/9/delete", 404),
        (&other, "POST", "/1/update", 403),
        (&other, "POST", "/1/delete", 403),
        (&test, "POST", "/1/update", 400),
        (&test, "POST", "/create", 400),
    ] {
        assert_eq!(visitor.request(method, path, &[], "").await.status(), status, "{method} {path}");
    }
}

/// Each error says in the original's words what it is.
#[tokio::test]
async fn words() {
    let site = Site::new();
    let (test, other) = (site.login("test").await, site.login("other").await);
    for (reply, name, words) in [
        (test.post("/create", []).await, "Bad Request", "The browser (or proxy) sent a request that this server could"),
        (other.post("/1/delete", []).await, "Forbidden", "You don&#39;t have the permission to access the requested"),
        (test.get("/7/update").await, "Not Found", "Post id 7 doesn&#39;t exist."),
        (test.get("/1/restore").await, "Method Not Allowed", "The method is not allowed for the requested URL."),
    ] {
        assert!(reply.text().contains(&format!("<title>{} {name}</title>", reply.status())), "{name}");
        assert!(reply.text().contains(&format!("<h1>{name}</h1>")), "{name}");
        assert!(reply.text().contains(words), "{name}");
    }
}

/// One odd row costs nobody the index.
#[tokio::test]
async fn odd_rows() {
    for odd in [
        "UPDATE post SET created = 'yesterday' WHERE id = 1",
        "UPDATE post SET created = 20180101 WHERE id = 1",
        "UPDATE post SET created = 1.5 WHERE id = 1",
        "UPDATE post SET created = x'ff00' WHERE id = 1",
        "UPDATE post SET created = '' WHERE id = 1",
        "UPDATE post SET title = CAST(x'ff' AS TEXT) WHERE id = 1",
        "UPDATE post SET body = x'00ff' WHERE id = 1",
        "UPDATE post SET title = 5 WHERE id = 1",
        "UPDATE user SET username = CAST(x'ff' AS TEXT) WHERE id = 1",
        "UPDATE post SET author_id = 99 WHERE id = 1",
        "UPDATE post SET author_id = 'nobody' WHERE id = 1",
    ] {
        let site = Site::new();
        if !site.is_file() {
            return; // a server takes nothing that is not of a column's type
        }
        site.execute("INSERT INTO post (title, body, author_id) VALUES ('the rest', '', 2)");
        site.execute(odd);
        let reply = site.visitor().get("/").await;
        assert_eq!(reply.status(), 200, "{odd}");
        assert!(reply.text().contains("the rest"), "{odd}");
    }
}

/// A post whose author is gone is on no page, and not there to be changed.
#[tokio::test]
async fn orphans() {
    let site = Site::new();
    if !site.is_file() {
        return; // a server takes no reference to what is not there
    }
    site.execute("UPDATE post SET author_id = 99");
    let test = site.login("test").await;
    assert!(!test.get("/").await.text().contains("test title"));
    assert_eq!(test.get("/1/update").await.status(), 404);
    assert_eq!(test.post("/1/delete", []).await.status(), 404);
}

/// A stored hash that nothing can be made of is a wrong password.
#[tokio::test]
async fn unusable_hash() {
    let site = Site::new();
    for hash in [
        "",
        "test",
        "plain$$test",
        "md5$x$098f6bcd4621d373cade4e832627b4f6",
        "pbkdf2:sha256:0$x$y",
        "pbkdf2:sha256:99999999999$x$y",
        "pbkdf2:nonsense:1$x$y",
        "scrypt:1073741824:8:1$x$y",
        "scrypt:0:0:0$x$y",
        "scrypt$x",
        "$argon2id$",
        "$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
    ] {
        site.execute_now(&format!("UPDATE user SET password = '{hash}' WHERE id = 1"));
        let reply = site.visitor().login("test", "test").await;
        assert_eq!(reply.status(), 200, "{hash}");
        assert!(reply.text().contains("Incorrect password."), "{hash}");
    }
}

/// Whatever fails inside is told to the administrator and not to the visitor.
#[tokio::test]
async fn internal() {
    let site = Site::new();
    site.break_database();
    let reply = site.visitor().get("/").await;
    assert_eq!(reply.status(), 500);
    assert!(reply.text().contains("The server encountered an internal error"));
    assert!(!reply.text().contains("no such table"));
    assert_eq!(site.visitor().get("/hello").await.status(), 200);
}

/// While another process holds the database a form is asked to come again, and pages are shown.
#[tokio::test]
async fn busy() {
    let site = Site::new();
    let other_process = site.hold();
    let reply = site.visitor().post("/auth/register", [("username", "a"), ("password", "a")]).await;
    assert_eq!((reply.status(), reply.header("retry-after")), (503, "1"));
    assert!(reply.text().contains("There is too much to do at the moment."));
    assert_eq!(site.visitor().get("/").await.status(), 200);
    drop(other_process);
    assert_eq!(site.value::<i64>("SELECT count(*) FROM user"), 2);
}
