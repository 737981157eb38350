//! Pictures in posts: sent with the form, shown to everybody, and gone when nothing names them.

use std::io::Cursor;

use flaskr::db::images;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use crate::site::{Reply, Site, Visitor, between};

const DAY: i64 = 24 * 60 * 60;
const ALT: (&str, &str) = ("image-1-alt", "a bird");

/// A file in a form: its field, its name, and what is in it.
pub(crate) type File<'a> = (&'a str, &'a str, &'a [u8]);

pub(crate) fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let level = |number: u32| u8::try_from(number.wrapping_mul(2_654_435_761) >> 24).unwrap();
    let pixels = RgbImage::from_fn(width, height, |x, y| Rgb([level(x * y), level(x + 3 * y), level(x)]));
    let mut file = Cursor::new(Vec::new());
    DynamicImage::from(pixels).write_to(&mut file, format).unwrap();
    file.into_inner()
}

pub(crate) fn png() -> Vec<u8> {
    picture(40, 30, ImageFormat::Png)
}

async fn send(visitor: &Visitor<'_>, path: &str, fields: &[(&str, &str)], files: &[File<'_>]) -> Reply {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for (field, name, content) in files {
        let head = format!(
            "--x\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend([head.as_bytes(), content, b"\r\n"].concat());
    }
    body.extend(b"--x--\r\n");
    let length = body.len().to_string();
    let head = [("content-type", "multipart/form-data; boundary=x"), ("content-length", &length)];
    visitor.request("POST", path, &head, body).await
}

/// Sends a new post with these pictures.
pub(crate) async fn create(visitor: &Visitor<'_>, more: &[(&str, &str)], files: &[File<'_>]) -> Reply {
    send(visitor, "/create", &[&[("title", "a title"), ("body", "a text")], more].concat(), files).await
}

fn newest(site: &Site) -> String {
    site.value("SELECT body FROM post ORDER BY id DESC LIMIT 1")
}

fn count(site: &Site, table: &str) -> i64 {
    site.value(&format!("SELECT count(*) FROM {table}"))
}

/// Sends a post with one picture, and says where that is.
pub(crate) async fn publish(site: &Site, visitor: &Visitor<'_>, file: &[u8]) -> String {
    assert_eq!(create(visitor, &[ALT], &[("image-1", "a.png", file)]).await.status(), 303);
    site.wait_for("SELECT NOT EXISTS (SELECT 1 FROM search_queue)").await;
    let body = newest(site);
    between(&body, "a text\n\n![a bird](", ")").unwrap_or_else(|| panic!("{body}")).to_owned()
}

/// What an author sends with a post, everybody sees, for good.
#[tokio::test]
async fn sent_and_shown() {
    let site = Site::new();
    let test = site.login("test").await;
    for (format, media_type) in
        [(ImageFormat::Png, "image/png"), (ImageFormat::Jpeg, "image/jpeg"), (ImageFormat::WebP, "image/png")]
    {
        let path = publish(&site, &test, &picture(45, 30, format)).await;
        let reply = site.visitor().get(&path).await;
        assert_eq!((reply.status(), reply.header("content-type")), (200, media_type));
        let shown = image::load_from_memory(reply.bytes()).unwrap();
        assert_eq!((shown.width(), shown.height()), (45, 30));
        for (name, value) in [
            ("cache-control", "public, max-age=31536000, immutable"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; sandbox"),
            ("content-disposition", "inline"),
            ("cross-origin-resource-policy", "cross-origin"),
            ("content-length", &reply.bytes().len().to_string()),
            ("vary", ""),
        ] {
            assert_eq!(reply.header(name), value, "{name}");
        }
        let etag = reply.header("etag").to_owned();
        let again = site.visitor().request("GET", &path, &[("if-none-match", &etag)], "").await;
        assert_eq!((again.status(), again.bytes().len(), again.header("etag")), (304, 0, etag.as_str()));
        let head = site.visitor().request("HEAD", &path, &[], "").await;
        assert_eq!((head.status(), head.bytes().len()), (200, 0));
        assert_eq!(head.header("content-length"), reply.header("content-length"));
        assert_eq!(site.visitor().request("POST", &path, &[], "").await.status(), 405);
    }
}

/// A large picture comes in parts, and in smaller sizes; each has one address.
#[tokio::test]
async fn sizes() {
    let site = Site::new();
    let test = site.login("test").await;
    let path = publish(&site, &test, &picture(1600, 700, ImageFormat::Png)).await;
    let (stem, extension) = path.rsplit_once('.').unwrap();
    let largest = test.get(&path).await;
    assert!(largest.bytes().len() > 3 * flaskr::db::images::PART_BYTES, "{}", largest.bytes().len());
    for (path, width) in
        [(path.clone(), 1600), (format!("{stem}-960.{extension}"), 960), (format!("{stem}-480.{extension}"), 480)]
    {
        let reply = test.get(&path).await;
        assert_eq!(reply.header("content-length"), reply.bytes().len().to_string());
        assert_eq!(image::load_from_memory(reply.bytes()).unwrap().width(), width);
    }
    let other = if extension == "jpg" { "png" } else { "jpg" };
    for path in [
        format!("{stem}-1600.{extension}"),
        format!("{stem}-0.{extension}"),
        format!("{stem}-481.{extension}"),
        format!("{stem}.{other}"),
        stem.to_owned(),
        format!("{path}/"),
        "/images/".to_owned(),
        "/images/00000000000000000000000000000000.png".to_owned(),
    ] {
        assert_eq!(test.get(&path).await.status(), 404, "{path}");
    }
}

/// The same picture is stored once, whoever sends it; a form that is sent again makes no second post.
#[tokio::test]
async fn stored_once() {
    let site = Site::new();
    let (test, other) = (site.login("test").await, site.login("other").await);
    assert_eq!(publish(&site, &test, &png()).await, publish(&site, &other, &png()).await);
    assert_eq!(count(&site, "image"), 1);
    let before = count(&site, "post");
    for _ in 0..2 {
        let reply = create(&test, &[ALT, ("nonce", "once")], &[("image-1", "a.png", &png())]).await;
        assert_eq!(reply.status(), 303);
    }
    assert_eq!(count(&site, "post"), before + 1);
}

/// Whatever else is wrong, the pictures that were fine are in the text, and need not be sent again.
#[tokio::test]
async fn form_keeps_what_was_sent() {
    let site = Site::new();
    let test = site.login("test").await;
    for path in ["/create", "/1/update"] {
        let fields = [("title", ""), ("body", "a <text>"), ALT, ("image-2-alt", "none")];
        let file = png();
        let files: [File<'_>; 2] = [("image-1", "a.png", &file), ("image-2", "<b>.svg", b"<svg/>")];
        let reply = send(&test, path, &fields, &files).await;
        assert_eq!(reply.status(), 200);
        let page = reply.text();
        assert!(page.contains("Title is required."), "{page}");
        assert!(page.contains("a &lt;text&gt;\n\n![a bird](/images/"), "{page}");
        assert!(page.contains("&lt;b&gt;.svg: This is no picture in JPEG, PNG, GIF or WebP."), "{page}");
        assert!(!page.contains("<b>"));
        // What was taken is not asked for again, and what was not is.
        assert!(page.contains("id=\"image-1-alt\" value=\"\">"), "{page}");
        assert!(page.contains("id=\"image-2-alt\" value=\"none\" aria-invalid=\"true\""), "{page}");
        assert!(page.contains("<details class=\"images\" open>"), "what is wrong is in sight");
        assert_eq!((count(&site, "post"), count(&site, "image")), (1, 1));
    }
}

/// A picture needs a description, or somebody who says that it needs none. Until then it waits.
#[tokio::test]
async fn description() {
    let site = Site::new();
    let test = site.login("test").await;
    assert!(test.get("/create").await.text().contains("<details class=\"images\">"), "closed until it is wanted");
    let reply = create(&test, &[("image-1-alt", "  ")], &[("image-1", "a.png", &png())]).await;
    assert!(reply.text().contains("Describe the image for those who cannot see it"), "{}", reply.text());
    assert!(reply.text().contains("Not every image could be taken"));
    let waiting = between(reply.text(), "name=\"image-1-waiting\" value=\"", "\"").unwrap().to_owned();
    assert_eq!(test.get(&waiting).await.status(), 200);
    assert_eq!(count(&site, "post"), 1);
    let field = ("image-1-waiting", waiting.as_str());
    assert!(create(&test, &[field], &[]).await.text().contains(&format!("value=\"{waiting}\"")));
    assert_eq!(create(&test, &[field, ("image-1-alt", "a [b] *c*\n<d>\\")], &[]).await.status(), 303);
    assert_eq!(newest(&site), format!("a text\n\n![a \\[b\\] \\*c\\* \\<d>\\\\]({waiting})"));
    assert_eq!(create(&test, &[field, ("image-1-decorative", "on")], &[]).await.status(), 303);
    assert_eq!(newest(&site), format!("a text\n\n![]({waiting})"));
    let long = "안".repeat(1001);
    assert!(create(&test, &[field, ("image-1-alt", &long)], &[]).await.text().contains("1000 characters"));
    let gone = "/images/00000000000000000000000000000000.png";
    let reply = create(&test, &[("image-1-waiting", gone), ALT], &[]).await;
    assert!(reply.text().contains("sent too long ago"), "{}", reply.text());
    // What is no address of ours is nothing.
    assert_eq!(create(&test, &[("image-1-waiting", "javascript:1"), ALT], &[]).await.status(), 303);
    assert_eq!(newest(&site), "a text");
}

/// Nothing chosen is nothing sent; three are taken, and a fourth is named.
#[tokio::test]
async fn how_many() {
    let site = Site::new();
    let test = site.login("test").await;
    assert_eq!(create(&test, &[], &[("image-1", "", b""), ("image-2", "", b"")]).await.status(), 303);
    assert_eq!(newest(&site), "a text");
    let files: Vec<_> = (1..=4).map(|number| picture(20 + number, 20, ImageFormat::Png)).collect();
    let names = ["image-1", "image-2", "image-3", "image-4"];
    let files: Vec<File<'_>> = names.iter().zip(&files).map(|(name, file)| (*name, "a.png", &file[..])).collect();
    let fields = [ALT, ("image-2-alt", "2"), ("image-3-alt", "3"), ("image-4-alt", "4")];
    assert_eq!(create(&test, &fields, &files[..3]).await.status(), 303);
    assert_eq!(newest(&site).matches("](/images/").count(), 3);
    let reply = create(&test, &fields, &files).await;
    assert!(reply.text().contains("A form takes 3 images; the others were left out."), "{}", reply.text());
    assert_eq!(count(&site, "image"), 3);
}

/// Files may have so many bytes together, and texts as many as in any form.
#[tokio::test]
async fn too_large() {
    let site = Site::with(|config| {
        config.limits.upload_bytes_max = 2 * 1024 * 1024;
        config.limits.form_bytes_max = 10_000;
    });
    let test = site.login("test").await;
    let (large, small) = (vec![0; 2 * 1024 * 1024 + 1], png());
    let files: [File<'_>; 2] = [("image-1", "large.png", &large), ("image-2", "small.png", &small)];
    let reply = create(&test, &[ALT, ("image-2-alt", "small")], &files).await;
    assert_eq!(reply.status(), 200);
    let said = "large.png: All images of a form together may have 2 MiB.";
    assert!(reply.text().contains(said), "{}", reply.text());
    assert!(reply.text().contains("a text\n\n![small](/images/"), "{}", reply.text());

    let long = "x".repeat(10_001);
    assert_eq!(send(&test, "/create", &[("title", "t"), ("body", &long)], &[]).await.status(), 413);
    let huge = vec![0; 9 * 2 * 1024 * 1024];
    assert_eq!(create(&test, &[ALT], &[("image-1", "huge.png", &huge)]).await.status(), 413);
    assert_eq!(count(&site, "post"), 1);
}

/// Nobody but a user makes the site read more than any form, and nobody but the author sends pictures to a post.
#[tokio::test]
async fn strangers() {
    let site = Site::new();
    let file = png();
    let files: [File<'_>; 1] = [("image-1", "a.png", &file)];
    let reply = create(&site.visitor(), &[ALT], &files).await;
    assert_eq!(reply.status(), 403);
    assert!(reply.text().contains("What you wrote is kept"), "{}", reply.text());
    let large = vec![0; 1024 * 1024];
    for visitor in [site.visitor(), site.visitor_with("flaskr", "forged")] {
        assert_eq!(create(&visitor, &[ALT], &[("image-1", "a.png", &large)]).await.status(), 413);
    }
    let other = site.login("other").await;
    assert_eq!(send(&other, "/1/update", &[("title", "t"), ("body", "b"), ALT], &files).await.status(), 403);
    assert_eq!(count(&site, "image"), 0);
}

async fn is_there(site: &Site, path: &str) -> bool {
    flaskr::web::sweep(site.app()).await;
    site.visitor().get(path).await.status() == 200
}

/// A picture of a form that nobody finishes goes after a day; one in a post stays with it, whoever wrote the post.
#[tokio::test]
async fn unused_ones_go() {
    let site = Site::new();
    let test = site.login("test").await;
    let used = publish(&site, &test, &picture(30, 30, ImageFormat::Png)).await;
    let reply = create(&test, &[], &[("image-1", "a.png", &picture(31, 30, ImageFormat::Png))]).await;
    let unused = between(reply.text(), "name=\"image-1-waiting\" value=\"", "\"").unwrap().to_owned();
    let reply = create(&test, &[], &[("image-1", "a.png", &picture(32, 30, ImageFormat::Png))]).await;
    let of_other_program = between(reply.text(), "name=\"image-1-waiting\" value=\"", "\"").unwrap().to_owned();
    site.execute(&format!("UPDATE post SET body = 'see {of_other_program}' WHERE id = 1"));
    site.wait_for("SELECT NOT EXISTS (SELECT 1 FROM search_queue)").await;

    site.wait_seconds(DAY - 1);
    assert!(is_there(&site, &unused).await);
    site.wait_seconds(1);
    assert!(!is_there(&site, &unused).await);
    site.wait_seconds(100 * DAY);
    assert!(is_there(&site, &used).await && is_there(&site, &of_other_program).await);

    // It goes a day after the last text that named it.
    site.execute("DELETE FROM post WHERE id = 1; UPDATE post SET body = 'nothing'");
    site.wait_for("SELECT NOT EXISTS (SELECT 1 FROM search_queue)").await;
    assert!(is_there(&site, &used).await && is_there(&site, &of_other_program).await);
    site.wait_seconds(DAY);
    assert!(!is_there(&site, &used).await && !is_there(&site, &of_other_program).await);
    for table in ["image", "image_size", "image_part", "image_use"] {
        assert_eq!(count(&site, table), 0, "{table}");
    }
}

/// A user may send so much that is in no post.
#[tokio::test]
async fn too_many_unused() {
    for (rows, bytes) in [(100, 1), (1, 100 * 1024 * 1024)] {
        let site = Site::new();
        let (test, other) = (site.login("test").await, site.login("other").await);
        site.execute(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
             INSERT INTO image (hash, format, bytes, user_id, unused_since) SELECT i, 'png', {bytes}, 1, 1767225600 FROM n"
        ));
        let reply = create(&test, &[ALT], &[("image-1", "a.png", &png())]).await;
        assert!(
            reply.text().contains("You have sent 100 images, or 100 MiB, that are in no post."),
            "{}",
            reply.text()
        );
        publish(&site, &other, &png()).await;
        site.wait_seconds(DAY);
        flaskr::web::sweep(site.app()).await;
        publish(&site, &test, &picture(50, 50, ImageFormat::Png)).await;
    }
}

/// A draft, and a post that was deleted and may come back, keep their pictures, and let go of them with their own end.
#[tokio::test]
async fn other_holders() {
    let site = Site::new();
    let test = site.login("test").await;
    let file = picture(20, 30, ImageFormat::Png);
    let kept = create(&test, &[ALT, ("then", "keep")], &[("image-1", "a.png", &file)]).await;
    let draft = kept.header("location").to_owned();
    let page = test.get(&draft).await;
    let path = between(page.text(), "![a bird](", ")").unwrap().to_owned();
    site.wait_seconds(2 * DAY);
    assert!(is_there(&site, &path).await, "kept by a draft");
    assert_eq!(test.post(&format!("{draft}/delete"), []).await.status(), 303);
    assert!(is_there(&site, &path).await);
    site.wait_seconds(DAY);
    assert!(!is_there(&site, &path).await);

    let path = publish(&site, &test, &file).await;
    let id: i64 = site.value("SELECT max(id) FROM post");
    assert_eq!(test.post(&format!("/{id}/delete"), []).await.status(), 303);
    site.wait_for("SELECT NOT EXISTS (SELECT 1 FROM search_queue)").await;
    assert!(is_there(&site, &path).await);
    site.wait_seconds(2 * DAY);
    assert!(is_there(&site, &path).await, "kept by a withdrawn post");
    assert_eq!(test.post(&format!("/{id}/restore"), []).await.status(), 303);
    site.wait_for("SELECT NOT EXISTS (SELECT 1 FROM search_queue)").await;
    assert!(is_there(&site, &path).await);
    site.wait_seconds(2 * DAY);
    assert!(is_there(&site, &path).await, "kept by the post that is back");
}

/// A page shows a picture in the size that fits, and so does a feed, with the site's address.
#[tokio::test]
async fn in_a_text() {
    let site = Site::new();
    let test = site.login("test").await;
    let file = picture(1000, 500, ImageFormat::Png);
    let preview =
        create(&test, &[ALT, ("format", "markdown"), ("then", "preview")], &[("image-1", "a.png", &file)]).await;
    let path = between(preview.text(), "<img src=\"", "\"").unwrap().to_owned();
    let body = between(preview.text(), "id=\"body\">\n", "</textarea>").unwrap().to_owned();
    assert_eq!(test.post("/create", [("title", "t"), ("body", &body), ("format", "markdown")]).await.status(), 303);
    let small = path.replace('.', "-480.");
    let tag = |site: &str| {
        format!(
            "<img src=\"{site}{path}\" srcset=\"{site}{small} 480w, {site}{path} 1000w\" sizes=\"(max-width: 44rem) 100vw, \
             42rem\" alt=\"a bird\" width=\"1000\" height=\"500\" loading=\"lazy\" decoding=\"async\">"
        )
    };
    assert!(preview.text().contains(&tag("")), "{}", preview.text());
    let page = site.visitor().get("/").await;
    assert!(page.text().contains(&tag("")), "{}", page.text());
    let feed = site.visitor().get("/feed.json").await;
    assert!(feed.text().replace("\\\"", "\"").contains(&tag("http://localhost:8080")), "{}", feed.text());
}

/// What a page needs to show a picture in the size that fits.
#[tokio::test]
async fn sizes_for_pages() {
    let site = Site::new();
    let test = site.login("test").await;
    let path = publish(&site, &test, &picture(1000, 500, ImageFormat::Png)).await;
    let hash = path[8..40].to_owned();
    let of = |hash: &str| {
        let hash = hash.to_owned();
        site.app().db().read(move |conn| images::find_sizes(conn, &hash))
    };
    let sizes = of(&hash).await.unwrap().unwrap();
    let found: Vec<_> = sizes.addresses(&hash).iter().map(|(address, ..)| address.path()).collect();
    assert_eq!(found, [path.replace('.', "-480."), path]);
    assert_eq!(sizes.sizes, [(480, 240), (1000, 500)]);
    assert_eq!(of(&hash.replace(|digit: char| digit.is_ascii_digit(), "a")).await.unwrap(), None);
}
