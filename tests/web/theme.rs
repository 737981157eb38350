//! A site with a theme: what of it is shown, and what it cannot break.

use std::fs;

use flaskr::theme::{BuiltIn, Kind};
use tempfile::TempDir;

use crate::site::{Reply, Site, between};

/// A directory with these files.
fn theme(files: &[(&str, &str)]) -> TempDir {
    let theme = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = theme.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    theme
}

fn site(files: &[(&str, &str)]) -> Site {
    let theme = theme(files);
    Site::with(|config| config.site.theme = Some(theme.path().to_owned())) // it is read once, and not needed after
}

fn template(name: &str) -> String {
    String::from_utf8(BuiltIn::named(Kind::Template, name).unwrap().bytes.to_vec()).unwrap()
}

/// A template of ours with something in the place of something.
fn changed(name: &str, from: &str, to: &str) -> String {
    let text = template(name);
    assert!(text.contains(from), "{name} has no {from}");
    text.replacen(from, to, 1)
}

/// What is around every page is the theme's, in each language and appearance; a page may also make a part of it anew.
#[tokio::test]
async fn frame() {
    let site = site(&[
        (
            "templates/_nav.html",
            "<nav><?logged-in?><?username?><?everybody?> {{ lang }} {{ theme }} {{ \"log-in\" | t }}</nav>",
        ),
        ("templates/auth/login.html", "{% include \"_nav.html\" %}{{ frame.nav }}{{ frame.preferences }}"),
    ]);
    for (cookie, nav) in [
        ("flaskr-theme=dark", "<nav> en dark Log In</nav>"),
        ("flaskr-theme=light; flaskr-language=ko", "<nav> ko light 로그인</nav>"),
        ("", "<nav> en auto Log In</nav>"),
    ] {
        for path in ["/", "/1", "/nowhere"] {
            let page = site.visitor().request("GET", path, &[("cookie", cookie)], "").await;
            assert!(page.text().contains(nav), "{path} {cookie}: {}", page.text());
        }
        let login = site.visitor().request("GET", "/auth/login", &[("cookie", cookie)], "").await;
        assert!(
            login.text().starts_with(&nav.repeat(2)) && login.text().contains("name=\"language\""),
            "{}",
            login.text()
        );
    }
    assert!(site.login("test").await.get("/").await.text().contains("<nav>test en auto"));
}

/// One template, a style sheet with a font, and a part that is the theme's own: the rest is ours.
#[tokio::test]
async fn small_theme() {
    let index =
        changed("blog/index.html", "{%- block content %}", "{%- block content %}{% include \"own/_hello.html\" %}");
    let site = site(&[
        ("templates/blog/index.html", &index),
        ("templates/own/_hello.html", "<p class=\"hello\">{{ site.title }} & {{ heading | t }}</p>"),
        ("static/style.css", "@font-face { font-family: own; src: url(fonts/own.woff2) }"),
        ("static/fonts/own.woff2", "a font"),
    ]);
    let index = site.visitor().get("/").await;
    assert!(index.text().contains("<p class=\"hello\">Flaskr & Posts</p>"), "{}", index.text());
    assert!(index.text().contains("test title"));
    let post = site.visitor().get("/1").await;
    assert!(!post.text().contains("hello") && post.text().contains("test title"));

    let style = between(post.text(), "<link rel=\"stylesheet\" href=\"", "\"").unwrap();
    let style = site.visitor().get(style).await;
    assert!(style.text().starts_with("@font-face") && style.header("cache-control").ends_with("immutable"));
    let font = site.visitor().get("/static/fonts/own.woff2").await;
    assert_eq!((font.status(), font.header("content-type"), font.text()), (200, "font/woff2", "a font"));
    assert!(post.header("content-security-policy").contains("font-src 'self'"));
    assert!(site.visitor().get("/static/icon.svg").await.text().contains("<svg"), "what the theme has not is ours");
}

/// Another base changes every page, errors too, in every language; feeds stay what they are.
#[tokio::test]
async fn base() {
    let base = changed("base.html", "<main ", "<p>themed</p><main ");
    let site = site(&[("templates/base.html", &base)]);
    let test = site.login("test").await;
    for path in ["/", "/1", "/tags", "/nothing", "/auth/login", "/auth/register", "/create", "/account", "/drafts"] {
        for language in ["en", "ko"] {
            let page = test.request("GET", path, &[("accept-language", language)], "").await;
            assert!(page.text().contains("<p>themed</p>"), "{path}");
            assert!(page.text().contains(&format!("<html lang=\"{language}\"")), "{path}");
        }
    }
    assert!(!test.get("/feed.atom").await.text().contains("themed"));
}

/// What is kept of a page by a browser is not taken for the same page in another theme, nor is a file.
#[tokio::test]
async fn tags_follow() {
    let plain = Site::new();
    let themed = site(&[("static/style.css", "a {}"), ("static/own.txt", &"long ".repeat(100))]);
    let tag = |reply: Reply| reply.header("etag").to_owned();
    for path in ["/", "/1", "/static/style.css"] {
        let before = tag(plain.visitor().get(path).await);
        let asked = themed.visitor().request("GET", path, &[("if-none-match", &before)], "").await;
        assert_eq!(asked.status(), 200, "{path}");
        let now = tag(asked);
        let again = themed.visitor().request("GET", path, &[("if-none-match", &now)], "").await;
        assert_eq!(again.status(), 304, "{path}");
    }
    let packed = themed.visitor().request("GET", "/static/own.txt", &[("accept-encoding", "br")], "").await;
    assert_eq!((packed.header("content-encoding"), packed.header("content-type")), ("br", "text/plain; charset=utf-8"));
    let page = plain.visitor().get("/").await;
    let old = between(page.text(), "<link rel=\"stylesheet\" href=\"", "\"").unwrap();
    assert_eq!(themed.visitor().get(old).await.status(), 404, "an address never shows another content");
}

/// A page that the theme cannot make, where no sample showed it, is made without the theme.
#[tokio::test]
async fn falls_back() {
    let post = changed(
        "blog/post.html",
        "{%- block content %}",
        "{%- block content %}<p>themed</p>{% if heading == \"odd\" %}{{ gone }}{% endif %}",
    );
    let error =
        changed("error.html", "{%- block content %}", "{%- block content %}{% if code == 405 %}{{ gone }}{% endif %}");
    let site = site(&[("templates/blog/post.html", &post), ("templates/error.html", &error)]);
    let test = site.login("test").await;
    assert_eq!(test.post("/create", [("title", "odd"), ("body", "there")]).await.status(), 303);
    for visitor in [&site.visitor(), &test] {
        let (themed, plain) = (visitor.get("/1").await, visitor.get("/2").await);
        assert!(themed.text().contains("<p>themed</p>"));
        assert_eq!(plain.status(), 200);
        assert!(!plain.text().contains("themed") && plain.text().contains("there"), "{}", plain.text());
    }
    let error = test.request("DELETE", "/1", &[], "").await;
    assert_eq!(error.status(), 405);
    assert!(error.text().contains("<h1>Method Not Allowed</h1>"), "{}", error.text());

    let nav = "<nav>themed</nav>{% if lang == \"ko\" %}{{ gone }}{% endif %}";
    let site = self::site(&[("templates/_nav.html", nav)]);
    for (language, is_themed) in [("en", true), ("ko", false)] {
        let page = site.visitor().request("GET", "/1", &[("accept-language", language)], "").await;
        assert_eq!((page.status(), page.text().contains("themed")), (200, is_themed), "{}", page.text());
    }
}

/// What a theme is given is escaped in all it has, parts that are no HTML by their name too.
#[tokio::test]
async fn escaping() {
    let index = changed(
        "blog/index.html",
        "{%- block content %}",
        "{%- block content %}{% for post in posts %}<i>{{ post.title }}</i>{% include \"own.txt\" %}{{<own post={post} />}}{% endfor %}",
    );
    let site = site(&[
        ("templates/blog/index.html", &index),
        ("templates/own.txt", "<i>{{ post.title }}</i>"),
        ("templates/own.xml", "{% component own(post) %}<i>{{ post.title }}</i>{% endcomponent %}"),
    ]);
    let test = site.login("test").await;
    test.post("/create", [("title", "<script>&<?logged-in?>"), ("body", "")]).await;
    let page = site.visitor().get("/").await;
    let title = "<i>&lt;script&gt;&amp;&lt;?logged-in?&gt;</i>";
    assert_eq!(page.text().matches(title).count(), 3, "{}", page.text());
    assert!(!page.text().contains("<script>&"));
}

/// A mark that a theme does not end hides what is behind it, and shows nobody more than was meant for them.
#[tokio::test]
async fn unended_marks() {
    let nav = changed("_nav.html", "<?everybody?></ul>", "</ul>");
    let site = site(&[("templates/_nav.html", &nav)]);
    let (nobody, test) = (site.visitor(), site.login("test").await);
    assert!(!test.get("/1").await.text().contains("Log In"), "what is for others stays theirs");
    let page = nobody.get("/1").await;
    assert!(page.text().contains("Log In") && !page.text().contains("/account"), "{}", page.text());

    let nav = changed("_nav.html", "<?anonymous?>", "").replacen("<?everybody?></ul>", "</ul>", 1);
    let site = self::site(&[("templates/_nav.html", &nav)]);
    let page = site.visitor().get("/create").await;
    assert!(!page.text().contains("Log Out") && !page.text().contains("Log In"), "{}", page.text());
}

/// No page tells where the theme is on the machine.
#[tokio::test]
async fn place_is_not_told() {
    let base = changed("base.html", "<main ", "<p>{{ site }}</p><main ");
    let page = site(&[("templates/base.html", &base)]).visitor().get("/").await;
    let told = between(page.text(), "<p>{", "}</p>").unwrap();
    assert!(told.contains("Flaskr") && !told.contains('/'), "{told}");
}
