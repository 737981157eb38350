//! What users take away.

use std::io::{Cursor, Read};

use image::ImageFormat;

use crate::images::{picture, publish};
use crate::site::{Reply, Site};

/// The files of a download, by their paths.
fn files(reply: &Reply) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(reply.bytes().to_vec())).unwrap();
    let mut files: Vec<_> = (0..archive.len())
        .map(|number| {
            let mut content = Vec::new();
            let mut file = archive.by_index(number).unwrap();
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        })
        .collect();
    files.sort();
    files
}

/// A download has one's own posts and drafts, as they were typed, and nobody else's.
#[tokio::test]
async fn own() {
    let site = Site::new();
    let (test, other) = (site.login("test").await, site.login("other").await);
    let body = "**bold**\r\nline ";
    let fields = [("title", "Mine"), ("body", body), ("format", "markdown"), ("then", "publish")];
    assert_eq!(test.post("/create", fields).await.status(), 303);
    test.post("/create", [("title", "A draft"), ("body", "later"), ("then", "keep")]).await;
    other.post("/create", [("title", "Theirs"), ("body", "theirs")]).await;

    let reply = test.get("/account/posts.zip").await;
    assert_eq!(reply.header("content-type"), "application/zip");
    assert_eq!(reply.header("content-disposition"), "attachment; filename=\"posts.zip\"");
    assert_eq!(reply.header("cache-control"), "no-store");
    let files = files(&reply);
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["drafts/00000001-a-draft.md", "posts/00000001-test-title.md", "posts/00000002-mine.md"]);
    assert!(files[2].1.ends_with(format!("---\n{body}").as_bytes()));
}

/// It is read a few posts at a time, and misses none; a picture that many of them show is in it, and counts, once.
#[tokio::test]
async fn many() {
    let site = Site::new();
    let test = site.login("test").await;
    let path = publish(&site, &test, &picture(1600, 1600, ImageFormat::Png)).await;
    site.execute(&format!(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 40)
         INSERT INTO post (author_id, title, body) SELECT 1, 'post', '![]({path})' FROM n"
    ));
    site.execute(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12)
         INSERT INTO draft (author_id, username, title, body, tags, format, updated)
         SELECT 1, 'test', 'draft', '', '', 'plain', '2026-01-01 00:00:00' FROM n",
    );
    let reply = test.get("/account/posts.zip").await;
    assert_eq!(reply.status(), 200);
    let files = files(&reply);
    let count = |folder: &str| files.iter().filter(|(name, _)| name.starts_with(folder)).count();
    assert_eq!((count("posts/"), count("drafts/"), count("images/")), (1 + 1 + 40, 12, 1));
    assert_eq!(files.len(), 55);
    let picture = &files[12].1;
    assert!(10 * picture.len() > 16 * 1024 * 1024, "{}: those of ten posts have to be too much", picture.len());
}

/// Who wrote more than one download holds is told so, and what to do.
#[tokio::test]
async fn too_much() {
    let site = Site::new();
    let test = site.login("test").await;
    let body = "0".repeat(100 * 1024);
    site.execute(&format!(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 170)
         INSERT INTO post (author_id, title, body) SELECT 1, 'long', '{body}' FROM n"
    ));
    let reply = test.get("/account/posts.zip").await;
    assert_eq!(reply.status(), 403);
    assert!(reply.text().contains("flaskr-admin export has no limit"));
}

/// Each is held in memory, so that there is one at a time: who waits too long is asked to come again.
#[tokio::test(start_paused = true)]
async fn one_at_a_time() {
    let site = Site::new();
    let test = site.login("test").await;
    site.execute(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 200)
         INSERT INTO post (author_id, title, body) SELECT 1, '', '' FROM n",
    );
    // The clock runs on by itself where all that is waited for is the database, as often as some of them are read.
    let (one, other) = tokio::join!(test.get("/account/posts.zip"), test.get("/account/posts.zip"));
    let (sent, refused) = if one.status() == 200 { (one, other) } else { (other, one) };
    assert_eq!((sent.status(), refused.status(), refused.header("retry-after")), (200, 503, "1"));
    assert_eq!(test.get("/account/posts.zip").await.status(), 200);
}
