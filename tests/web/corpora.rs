//! What attackers send: redirects elsewhere, injected fields, paths out of the folder.

use crate::site::{HOST, Site, urlencoded};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// <https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html>, and what got
/// past others: `/\` past Miniflux (GHSA-m999), tabs and line breaks that browsers leave out.
const ELSEWHERE: [&str; 14] = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%2fevil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "/%0a/evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "%2f%2fevil.example",
    "/.evil.example",
    "@evil.example",
];

const INJECTED: [&str; 7] = [
    "%0d%0aInjected:%20yes",
    "%0aInjected:%20yes",
    "%0d%0a%0d%0aInjected",
    "%E5%98%8A%E5%98%8DInjected:%20yes",
    "%c4%8d%c4%8aInjected:%20yes",
    "%00Injected:%20yes",
    "%u000aInjected:%20yes",
];

const OUT_OF_THE_FOLDER: [&str; 16] = [
    "../Cargo.toml",
    "../../../../etc/passwd",
    "..%2f..%2f..%2fetc/passwd",
    "%2e%2e/%2e%2e/etc/passwd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%5c..%5cetc%5cpasswd",
    "..%252f..%252fetc/passwd",
    "....//....//etc/passwd",
    "..;/etc/passwd",
    "%c0%ae%c0%ae/etc/passwd",
    "%uff0e%uff0e/etc/passwd",
    "/etc/passwd",
    "style.css%00.txt",
    "style.css/../style.css",
    "./style.css",
    "style.css/",
];

/// A redirect leads to one of our pages, whatever was asked for.
#[tokio::test]
async fn redirects_stay_here() {
    let site = Site::new();
    for elsewhere in ELSEWHERE {
        for (method, path) in [
            ("GET", format!("/{elsewhere}")),
            ("GET", format!("/create?next={elsewhere}")),
            ("POST", format!("/auth/login?next={elsewhere}")),
            ("GET", format!("/auth/logout?next={elsewhere}&url={elsewhere}")),
            ("POST", "/auth/logout".to_owned()),
        ] {
            let Ok(target) = path.parse::<hyper::Uri>() else { continue };
            let form = urlencoded(&[("username", "test"), ("password", "test"), ("next", elsewhere)]);
            let fields = [FORM, ("referer", "http://localhost:8080/"), ("x-forwarded-host", "evil.example")];
            let reply = site.visitor().request(method, &target.to_string(), &fields, form).await;
            let location = reply.header("location");
            assert!(["", "/", "/auth/login"].contains(&location), "{method} {path} leads to {location}");
            assert!(!reply.text().contains("evil.example\""), "{method} {path} links to evil.example");
        }
    }
}

/// Nothing that was sent becomes a field of the answer.
#[tokio::test]
async fn fields_are_ours() {
    let site = Site::new();
    let test = site.login("test").await;
    for injected in INJECTED {
        let decoded: Vec<u8> = percent_encoding::percent_decode_str(injected).collect();
        let decoded = String::from_utf8_lossy(&decoded).into_owned();
        for (method, path, form) in [
            ("GET", format!("/{injected}"), String::new()),
            ("GET", format!("/?{injected}"), String::new()),
            ("GET", format!("/static/{injected}"), String::new()),
            ("POST", "/auth/login".to_owned(), format!("username={injected}&password={injected}")),
            ("POST", "/auth/register".to_owned(), format!("username={injected}&password={injected}")),
            ("POST", "/create".to_owned(), format!("title={injected}&body={injected}&nonce={injected}")),
        ] {
            let reply = test.request(method, &path, &[FORM], form).await;
            let names: Vec<_> = reply.names().collect();
            assert!(!names.iter().any(|name| name.contains("injected")), "{method} {path}: {names:?}");
            assert_ne!(reply.status(), 500, "{method} {path}");
            for name in &names {
                assert!(!reply.header(name).contains(&decoded), "{method} {path}: {name}");
            }
        }
    }
}

/// No path leads out of the folder of files, and each file has one.
#[tokio::test]
async fn paths_stay_in_the_folder() {
    let site = Site::new();
    for path in OUT_OF_THE_FOLDER {
        for path in [format!("/static/{path}"), format!("/static//{path}"), format!("/{path}")] {
            let reply = site.visitor().get(&path).await;
            assert_eq!(reply.status(), 404, "{path}");
            assert!(!reply.text().contains("root:"), "{path}");
        }
    }
}

/// What only a proxy may say is not believed of anybody else: neither scheme nor host nor address.
#[tokio::test]
async fn nobody_is_a_proxy() {
    let claims = [
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-for", "203.0.113.7"),
        ("forwarded", "for=203.0.113.7;host=evil.example;proto=https"),
        ("x-real-ip", "203.0.113.7"),
        ("x-original-url", "/1/delete"),
        ("x-rewrite-url", "/1/delete"),
        ("x-http-method-override", "DELETE"),
    ];
    let site = Site::with(|config| config.trusted_proxies = vec!["192.0.2.1".to_owned().try_into().unwrap()]);
    for (peer, secure) in [("192.0.2.1", true), ("192.0.2.2", false), ("127.0.0.1", false)] {
        let mut fields = vec![FORM];
        fields.extend(claims);
        let form = urlencoded(&[("username", "test"), ("password", "test")]);
        let reply = site.visitor_from(peer).request("POST", "/auth/login", &fields, form).await;
        assert_eq!(reply.status(), 303, "{peer}");
        assert_eq!(reply.header("set-cookie").contains("; Secure"), secure, "{peer}");
        let other = [FORM, claims[1], claims[0], ("origin", "https://evil.example")];
        let status = site.visitor_from(peer).request("POST", "/auth/logout", &other, "").await.status();
        assert_eq!(status, if secure { 303 } else { 403 }, "{peer}");
    }
    assert_eq!(site.value::<i64>("SELECT count(*) FROM post"), 1);
}

/// A site with a name answers to it alone; addresses are nobody's name.
#[tokio::test]
async fn another_name() {
    let named = Site::with(|config| config.base_url = Some("https://blog.example.org".to_owned().try_into().unwrap()));
    let unnamed = Site::new();
    for (host, status) in
        [("blog.example.org", 200), (HOST, 200), ("127.0.0.1", 200), ("evil.example", 421), ("evil.example:443", 421)]
    {
        let reply = named.visitor().request_to(host, "GET", "/").await;
        assert_eq!(reply.status(), status, "{host}");
        assert_eq!(unnamed.visitor().request_to(host, "GET", "/").await.status(), 200, "{host}");
        if status == 421 {
            assert!(reply.text().contains("This one is at https://blog.example.org."), "{}", reply.text());
            assert!(!reply.text().contains("evil"), "{}", reply.text());
            assert_eq!(reply.header("x-content-type-options"), "nosniff");
        }
    }
}
