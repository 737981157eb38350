//! What a health check is told, and that it costs nobody anything.

use std::time::Duration;

use crate::site::{HOST, Site};

/// Both say "ok" in plain text that nobody keeps, to HEAD too, and under an address where the site has a name.
#[tokio::test]
async fn healthy() {
    let site = Site::with(|config| config.base_url = Some("https://blog.example.org".to_owned().try_into().unwrap()));
    for path in ["/healthz", "/readyz"] {
        for host in ["127.0.0.1:8080", "[::1]:8080", HOST, "blog.example.org"] {
            let reply = site.visitor().request_to(host, "GET", path).await;
            assert_eq!((reply.status(), reply.text()), (200, "ok\n"), "{path} {host}");
            assert_eq!(reply.header("content-type"), "text/plain; charset=utf-8");
            assert_eq!(reply.header("cache-control"), "no-store");
            assert_eq!(reply.header("x-content-type-options"), "nosniff");
        }
        assert_eq!(site.visitor().request_to("evil.example", "GET", path).await.status(), 421);
        assert_eq!(site.visitor().request_to(HOST, "HEAD", path).await.status(), 200);
        assert_eq!(site.visitor().request_to(HOST, "POST", path).await.status(), 405);
    }
}

/// While nothing can be written the daemon is alive and not ready, and says why, however many ask; then it is
/// ready again.
#[tokio::test]
async fn not_ready() {
    let site = Site::new();
    let other_process = site.hold();
    let visitor = site.visitor();
    let ask = || visitor.get("/readyz");
    let (first, second, third, fourth) = tokio::join!(ask(), ask(), ask(), ask());
    for reply in [first, second, third, fourth] {
        assert_eq!((reply.status(), reply.text()), (503, "the database does not answer in time\n"));
        assert_eq!(reply.header("cache-control"), "no-store");
    }
    assert_eq!(visitor.get("/healthz").await.status(), 200);
    drop(other_process);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(visitor.get("/readyz").await.status(), 200);
    assert_eq!(site.app().db().measures().group_jobs.sum, 2, "one has asked for four, and one for itself");
}

/// A queue that is full takes no form: that is not ready, and is said without waiting.
#[tokio::test]
async fn full_queue() {
    let site = Site::with(|config| config.database.write_queue_max = 1);
    let other_process = site.hold();
    let visitor = site.visitor();
    let write = || site.app().db().write(|_| Ok(()));
    let waiting = async |writes| {
        while site.app().db().measures().write_queue != [writes, 1] {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let check = async {
        waiting(0).await; // the writer has taken the first, and waits for the other process
        let _second = tokio::spawn({
            let app = site.shared();
            async move { app.db().write(|_| Ok(())).await }
        });
        waiting(1).await;
        let reply = visitor.get("/readyz").await;
        drop(other_process);
        reply
    };
    let (_, reply) = tokio::join!(write(), check);
    assert_eq!((reply.status(), reply.text()), (503, "the queue of writes is full\n"));
}
