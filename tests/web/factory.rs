//! The original's `test_factory.py`: the part of it that is about the site.

use crate::site::Site;

/// There is a page that needs nothing, not even the database.
#[tokio::test]
async fn hello() {
    let site = Site::new();
    let reply = site.visitor().get("/hello").await;
    assert_eq!((reply.status(), reply.text()), (200, "Hello, World!"));
    assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
}
