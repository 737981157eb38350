//! A site leaves as files and comes back as it was.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::carried::carried;
use crate::site::{Site, between};

/// Posts of a site: more than are read at a time.
const POSTS: usize = 1000;

fn run(site: &Site, words: &[&str]) -> String {
    let (said, done) = site.admin(words);
    done.unwrap();
    said
}

/// A folder as a blog of Hugo's or Jekyll's has it.
fn write_blog(folder: &Path) {
    for number in 0..POSTS {
        let (day, month, hour) = (number % 28 + 1, number / 28 % 12 + 1, number % 24);
        let text = format!(
            "---\ntitle: \"Number {number}: <안녕> & 'all'\"\ndate: 2019-{month:02}-{day:02}T{hour:02}:00:00+09:00\n\
             author: author{}\ntags: [t{}, 태그]\n---\n\n# Heading {number}\n\n*text* with [a link](/{number}) \
             and `code`[^1]\n\n```rust\nfn main() {{}}\n```\n\n[^1]: Note {number}.\n",
            number % 7,
            number % 10,
        );
        let folder = folder.join(format!("2019/{month:02}"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("post-{number:04}.md")), text).unwrap();
    }
}

/// A picture beside a post, and one where the whole site has them, of which two posts show the same.
fn add_pictures(folder: &Path) {
    let picture = |width, height| {
        image::RgbImage::from_fn(width, height, |x, y| {
            image::Rgb([x * y, x, y].map(|n| u8::try_from(n % 256).unwrap()))
        })
    };
    fs::create_dir_all(folder.join("static/images")).unwrap();
    picture(1200, 800).save(folder.join("2019/01/cat.png")).unwrap();
    picture(2400, 100).save(folder.join("static/images/photo.jpg")).unwrap();
    for (post, text) in [
        ("post-0003", "![a cat](cat.png 'Tom')"),
        ("post-0004", "![wide](/images/photo.jpg)"),
        ("post-0005", "![cat](../01/cat.png)"),
    ] {
        let path = folder.join(format!("2019/01/{post}.md"));
        let mut file = fs::read_to_string(&path).unwrap();
        file.push_str(text);
        fs::write(path, file).unwrap();
    }
}

/// The addresses of the pictures on a page.
fn pictures(page: &str) -> Vec<&str> {
    page.split("src=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// Every page of lists, posts, tags and feeds, by following what leads on.
async fn pages(site: &Site) -> Vec<(String, String)> {
    let visitor = site.visitor();
    let mut pages = Vec::new();
    for start in ["/", "/users/author3", "/tags/t4", "/tags/%ED%83%9C%EA%B7%B8", "/tags", "/feed.atom", "/feed.json"] {
        let mut path = Some(start.to_owned());
        while let Some(at) = path {
            let page = visitor.get(&at).await;
            assert_eq!(page.status(), 200, "{at}");
            path = between(page.text(), "rel=\"next\" href=\"", "\"").map(|path| path.replace("&amp;", "&"));
            pages.push((at, page.text().to_owned()));
        }
    }
    for id in 1..=POSTS + 1 {
        pages.push((format!("/{id}"), visitor.get(&format!("/{id}")).await.text().to_owned()));
    }
    pages
}

/// A thousand posts from a folder, out again, and into another site: the same pages, whose numbers are the same.
#[tokio::test]
async fn round_trip() {
    let folder = tempfile::tempdir().unwrap();
    let (blog, export) = (folder.path().join("blog"), folder.path().join("export"));
    write_blog(&blog);
    add_pictures(&blog);
    let (first, second) = (Site::new(), Site::new());
    first.execute("UPDATE post SET title = 'plain <b>', body = '*not* Markdown\r\n end ', created = 'once'");
    second.forget_posts();

    let said = run(&first, &["import", blog.to_str().unwrap()]);
    assert!(said.starts_with("Imported 1000 posts and 0 drafts.\nNew users, without a password: author0, "), "{said}");
    let said = run(&first, &["import", blog.to_str().unwrap()]);
    assert!(said.contains("There already: 1000."), "{said}");

    let reader = first.login("other").await;
    for number in [2, 500] {
        reader.post(&format!("/{number}/comments"), [("body", "*nice*\n\nand more")]).await;
        reader.post(&format!("/{number}/like"), []).await;
    }
    fs::create_dir(&export).unwrap();
    let moved = export_of(&first, &export);
    let said = run(&second, &["import", export.to_str().unwrap()]);
    assert!(said.starts_with("Imported 1001 posts"), "{said}");
    let (before, after) = (pages(&first).await, pages(&second).await);
    assert_eq!(before.len(), after.len());
    for ((path, before), (other, after)) in before.iter().zip(&after) {
        assert_eq!((path, before), (other, after));
    }
    let shown: BTreeSet<_> = before.iter().flat_map(|(_, page)| pictures(page)).collect();
    assert_eq!(shown.len(), 2, "{shown:?}");
    for path in shown {
        let (here, there) = (first.visitor().get(path).await, second.visitor().get(path).await);
        assert_eq!((here.status(), here.bytes() == there.bytes()), (200, true), "{path}");
    }
    assert!(before.len() > POSTS + 200 && moved > POSTS, "{}", before.len());
}

/// In a process of its own, since it goes into the folder.
fn export_of(site: &Site, folder: &Path) -> usize {
    let program = carried(env!("CARGO_BIN_EXE_flaskr-admin"));
    let output = std::process::Command::new(program)
        .args(["export", folder.to_str().unwrap()])
        .envs(site.environment())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    fs::read_dir(folder.join("posts")).unwrap().count()
}

/// Nothing of an import is stored where a part of it cannot be, nor of one that was only tried.
#[tokio::test]
async fn all_or_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.md"), "---\nauthor: new\ntitle: a\n---\n").unwrap();
    fs::write(folder.path().join("b.md"), "---\ntitle: b\n---\n").unwrap();
    let site = Site::new();
    let path = folder.path().to_str().unwrap();
    let (said, imported) = site.admin(&["import", path]);
    assert!(imported.is_err() && said.contains("b.md: it has no author"), "{said}");
    run(&site, &["import", path, "--author", "test", "--dry-run"]);
    assert_eq!(site.value::<i64>("SELECT count(*) FROM post"), 1);
    assert_eq!(site.value::<i64>("SELECT count(*) FROM user"), 2);
}

/// A picture that is missing, or none, stops it, or is left out with its post.
#[tokio::test]
async fn bad_pictures() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.md"), "![x](gone.png)").unwrap();
    fs::write(folder.path().join("b.md"), "![x](fake.png)").unwrap();
    fs::write(folder.path().join("c.md"), "![x](https://a.example/c.png)").unwrap();
    fs::write(folder.path().join("fake.png"), "no picture").unwrap();
    let site = Site::new();
    let path = folder.path().to_str().unwrap();
    let (said, imported) = site.admin(&["import", path, "--author", "test", "--keep-going"]);
    assert!(imported.is_err() && said.starts_with("Imported 1 post and"), "{said}");
    assert!(said.contains("a.md: the picture gone.png is not in the folder"), "{said}");
    assert!(said.contains("fake.png: This is no picture in JPEG, PNG, GIF or WebP."), "{said}");
}

/// People of a Flaskr come with their passwords, posts with their looks; whose name is taken keeps the password here.
#[tokio::test]
async fn from_the_original() {
    let (old, new) = (Site::new(), Site::new());
    if !old.is_file() {
        return; // the original has none but files
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flaskr.sqlite");
    let original = rusqlite::Connection::open(&path).unwrap();
    original.execute_batch(include_str!("../original.sql")).unwrap();
    let from = old.loaded().config.database_file();
    original
        .execute_batch(&format!(
            "ATTACH '{}' AS old; INSERT INTO user SELECT * FROM old.user; INSERT INTO post SELECT * FROM old.post;
             UPDATE user SET username = 'ann' WHERE id = 2; UPDATE user SET password = 'x' WHERE id = 1;",
            from.display()
        ))
        .unwrap();
    new.execute("UPDATE post SET title = 'another'");
    let said = run(&new, &["import", folder.path().to_str().unwrap()]);
    assert!(said.contains("Imported 1 post and 0 drafts.\nUnder a new number"), "{said}");
    let ann = new.visitor();
    assert_eq!(ann.login("ann", "other").await.status(), 303, "with the old password");
    assert_eq!(new.visitor().login("test", "test").await.status(), 303, "which is not overwritten");
    assert!(ann.get("/2").await.text().contains("<p class=\"body e-content\">test\nbody</p>"));
}
