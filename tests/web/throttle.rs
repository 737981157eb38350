//! Guessing is slow, and slows nobody else.

use flaskr::config::ThrottleLimits;

use crate::site::{Site, Visitor};

fn site(account: u32, address: u32) -> Site {
    Site::with(|config| config.throttle = ThrottleLimits { account, address })
}

async fn guess(visitor: &Visitor<'_>, username: &str) -> u16 {
    visitor.login(username, "wrong").await.status()
}

/// So many failures a minute for one account, existing or not, wherever they come from; then one may wait.
#[tokio::test]
async fn account() {
    for username in ["test", "nobody"] {
        let site = site(3, 0);
        for last in 0..3 {
            assert_eq!(guess(&site.visitor_from(&format!("192.0.2.{last}")), username).await, 200);
        }
        let first = site.visitor_from("192.0.2.0");
        assert_eq!(guess(&first, username).await, 200, "the first failure did not count as this address's own");
        let reply = first.login(username, "wrong").await;
        assert_eq!((reply.status(), reply.header("retry-after")), (429, "20"), "{username}");
        assert!(reply.text().contains("There were too many failed attempts."));
        assert_eq!(guess(&site.visitor_from("192.0.2.0"), "other").await, 200, "other accounts are open");
        site.wait_seconds(20);
        assert_eq!(guess(&first, username).await, 200);
        assert_eq!(guess(&first, username).await, 429);
    }
}

/// So many failures a minute from one address, for IPv6 from one network, whatever the account.
#[tokio::test]
async fn address() {
    let site = site(0, 3);
    for (address, neighbour, stranger) in
        [("192.0.2.1", "192.0.2.1", "192.0.2.2"), ("2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1")]
    {
        for username in ["a", "b", "c"] {
            assert_eq!(guess(&site.visitor_from(address), username).await, 200);
        }
        assert_eq!(guess(&site.visitor_from(neighbour), "d").await, 429);
        let form = [("username", "new"), ("password", "new")];
        assert_eq!(site.visitor_from(neighbour).post("/auth/register", form).await.status(), 429);
        assert_eq!(guess(&site.visitor_from(stranger), "d").await, 200);
    }
}

/// A login that succeeds is no failure, however often.
#[tokio::test]
async fn successes() {
    let site = site(1, 1);
    for _ in 0..5 {
        assert_eq!(site.visitor_from("192.0.2.1").login("test", "test").await.status(), 303);
    }
}

/// A password that the rules refuse is no failure; a name that is taken is one, since it tells who has an account.
#[tokio::test]
async fn registrations() {
    let site = Site::with(|config| {
        config.throttle = ThrottleLimits { account: 0, address: 1 };
        config.password.length_min = 8;
    });
    let visitor = site.visitor_from("192.0.2.1");
    let register =
        |password: &'static str| visitor.post("/auth/register", [("username", "test"), ("password", password)]);
    for (password, status) in [("short", 200), ("short", 200), ("qwhdkzme", 200), ("qwhdkzme", 429)] {
        assert_eq!(register(password).await.status(), status, "{password}");
    }
}

/// Where there is too much to do, nothing is tried, and so nothing fails.
#[tokio::test]
async fn busy() {
    let site = Site::with(|config| {
        config.throttle = ThrottleLimits { account: 0, address: 5 };
        config.password.queue_max = 1;
        config.password.memory_kib = 64 * 1024;
    });
    site.visitor_from("192.0.2.9").post("/auth/register", [("username", "a"), ("password", "a")]).await;
    let visitor = site.visitor_from("192.0.2.1");
    let login = || visitor.login("a", "a");
    let replies = tokio::join!(login(), login(), login(), login(), login());
    let statuses = [replies.0, replies.1, replies.2, replies.3, replies.4].map(|reply| reply.status());
    assert!(statuses.contains(&503) && statuses.contains(&303), "{statuses:?}");
    for _ in 0..5 {
        assert_eq!(guess(&visitor, "nobody").await, 200);
    }
}

/// Many attempts at once are all counted.
#[tokio::test]
async fn at_once() {
    let site = site(0, 3);
    let visitor = site.visitor_from("192.0.2.1");
    let guess = || guess(&visitor, "test");
    let statuses: [u16; 5] = tokio::join!(guess(), guess(), guess(), guess(), guess()).into();
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 2, "{statuses:?}");
}

/// Nobody is locked out of their account by others: a browser that was logged in before, and an address that did not
/// fail here, still come in, even from the address of whoever guesses.
#[tokio::test]
async fn no_lockout() {
    let site = site(2, 4);
    let known = site.visitor_from("192.0.2.1");
    known.login("test", "test").await;
    known.get("/auth/logout").await;
    for last in 1..=4 {
        for _ in 0..=4 / last {
            guess(&site.visitor_from(&format!("192.0.2.{last}")), "test").await;
        }
    }
    assert_eq!(site.visitor_from("192.0.2.1").login("test", "test").await.status(), 429);
    assert_eq!(known.login("test", "test").await.status(), 303, "known browser, guessing address");
    assert_eq!(site.visitor_from("192.0.2.99").login("test", "test").await.status(), 303, "new browser and address");
}

/// A browser that was logged in may guess no faster than others, and its cookie is for its own account.
#[tokio::test]
async fn known_browser() {
    let site = site(2, 0);
    let known = site.visitor_from("192.0.2.1");
    known.login("test", "test").await;
    assert_eq!(
        [guess(&known, "test").await, guess(&known, "test").await, guess(&known, "test").await],
        [200, 200, 429]
    );
    for _ in 0..3 {
        guess(&site.visitor_from("192.0.2.2"), "other").await;
    }
    assert_eq!([guess(&known, "other").await, guess(&known, "other").await], [200, 429]);
    let forged = site.visitor_with("flaskr-device", "x~y.z");
    for _ in 0..4 {
        guess(&forged, "other").await;
    }
    assert_eq!(guess(&forged, "other").await, 429);
}

/// The account's own page is no way around.
#[tokio::test]
async fn account_page() {
    let site = site(2, 0);
    let test = site.login("test").await;
    let change = [("password", "wrong"), ("new_password", "x")];
    for status in [200, 200, 429] {
        assert_eq!(test.post("/account/password", change).await.status(), status);
    }
    assert_eq!(test.post("/account/second-factor/off", [("password", "wrong")]).await.status(), 429);
}

/// 0 is no limit.
#[tokio::test]
async fn unlimited() {
    let site = site(0, 0);
    for _ in 0..50 {
        assert_eq!(guess(&site.visitor_from("192.0.2.1"), "test").await, 200);
    }
}
