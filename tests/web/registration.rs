//! Who may register, with what password; and links to set a new one.

use flaskr::config::RegistrationMode;

use crate::administered::said;
use crate::site::{Reply, Site, Visitor};

/// The path of a link that `flaskr-admin` prints, and its code.
pub(crate) fn link(site: &Site, words: &[&str]) -> (String, String) {
    let url = said(site, words);
    let path = url.trim().strip_prefix("http://127.0.0.1:8080").unwrap().to_owned();
    let code = path.split('=').nth(1).unwrap().to_owned();
    (path, code)
}

async fn register(visitor: &Visitor<'_>, username: &str, password: &str, invite: &str) -> Reply {
    visitor.post("/auth/register", [("username", username), ("password", password), ("invite", invite)]).await
}

/// Without a setting, a password is long and not common; the original's order of mistakes is kept.
#[tokio::test]
async fn rules() {
    let site = Site::with(|config| config.password = flaskr::config::PasswordSettings::default());
    for (username, password, problem) in [
        ("", "", "Username is required."),
        ("a", "", "Password is required."),
        ("a", "a", "Password must have at least 8 characters."),
        ("a", "12345678", "Password is among the first to be guessed."),
        ("charlotte7", "charlotte7", "Password is among the first to be guessed."),
    ] {
        let reply = register(&site.visitor(), username, password, "").await;
        assert_eq!(reply.status(), 200);
        assert!(reply.text().contains(problem), "{problem}");
    }
    assert_eq!(site.value::<i64>("SELECT count(*) FROM user"), 2);
    assert_eq!(register(&site.visitor(), "a", "qwhdkzme", "").await.status(), 303);
    assert_eq!(site.visitor().login("test", "test").await.status(), 303, "an old short password opens its account");
}

/// A closed site has no form and no link to it, and a login does not tell who has an account.
#[tokio::test]
async fn closed() {
    let site = Site::with(|config| config.registration = RegistrationMode::Closed);
    assert!(!site.visitor().get("/").await.text().contains("/auth/register"));
    assert_eq!(site.visitor().get("/auth/register").await.status(), 403);
    let reply = register(&site.visitor(), "a", "a", "").await;
    assert_eq!(reply.status(), 403);
    assert!(reply.text().contains("Registration is closed."));
    assert_eq!(site.value::<i64>("SELECT count(*) FROM user"), 2);
    let pages = [site.visitor().login("test", "wrong").await, site.visitor().login("nobody", "wrong").await];
    assert!(pages[0].text().contains("Incorrect username or password."));
    assert_eq!(pages[0].text(), pages[1].text());
}

/// An invite lets one person in, within a week.
#[tokio::test]
async fn invites() {
    let site = Site::with(|config| config.registration = RegistrationMode::Invite);
    for path in ["/auth/register", "/auth/register?invite=", "/auth/register?invite=x"] {
        assert_eq!(site.visitor().get(path).await.status(), 403, "{path}");
    }
    let (path, code) = link(&site, &["invite"]);
    let form = site.visitor().get(&path).await;
    assert!(form.text().contains(&format!(r#"<input type="hidden" name="invite" value="{code}">"#)));
    assert_eq!(register(&site.visitor(), "a", "a", "").await.status(), 403);
    let taken = register(&site.visitor(), "test", "a", &code).await;
    assert!(taken.text().contains("User test is already registered.") && taken.text().contains(&code));
    assert_eq!(register(&site.visitor(), "a", "a", &code).await.status(), 303);
    assert_eq!(register(&site.visitor(), "b", "b", &code).await.status(), 403, "once");
    assert_eq!(site.value::<i64>("SELECT count(*) FROM user"), 3);

    let (path, _) = link(&site, &["invite"]);
    site.wait_seconds(7 * 24 * 60 * 60 - 1);
    assert_eq!(site.visitor().get(&path).await.status(), 200);
    site.wait_seconds(1);
    assert_eq!(site.visitor().get(&path).await.status(), 403);
}

/// Two who use one invite at once: one gets in.
#[tokio::test]
async fn one_invite_for_two() {
    let site = Site::with(|config| {
        config.registration = RegistrationMode::Invite;
        config.password.threads = 2;
    });
    let (_, code) = link(&site, &["invite"]);
    let (one, two) = (site.visitor(), site.visitor());
    let (one, two) = tokio::join!(register(&one, "a", "a", &code), register(&two, "b", "b", &code));
    let mut statuses = [one.status(), two.status()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 403]);
    assert_eq!(site.value::<i64>("SELECT count(*) FROM user"), 3);
}

/// A link sets a new password once, ends the sessions, and is void after a day, or once the password was changed.
#[tokio::test]
async fn reset_links() {
    let site = Site::new();
    let test = site.login("test").await;
    let (path, code) = link(&site, &["user", "reset-link", "test"]);
    assert!(site.visitor().get(&path).await.text().contains("<b>test</b>"));
    let reset = |code: String, password: &'static str| {
        let visitor = site.visitor();
        async move { visitor.post("/auth/reset", [("code", code.as_str()), ("password", password)]).await }
    };
    let reply = reset(code.clone(), "new").await;
    assert_eq!((reply.status(), reply.header("location")), (303, "/auth/login"));
    assert_eq!(test.name().await, None);
    assert_eq!(site.visitor().login("test", "new").await.status(), 303);
    assert_eq!(reset(code, "newer").await.status(), 403, "once");

    let (path, _) = link(&site, &["user", "reset-link", "test"]);
    site.wait_seconds(24 * 60 * 60 - 1);
    assert_eq!(site.visitor().get(&path).await.status(), 200);
    site.wait_seconds(1);
    assert_eq!(site.visitor().get(&path).await.status(), 403);

    let (older, _) = link(&site, &["user", "reset-link", "test"]);
    let (newer, _) = link(&site, &["user", "reset-link", "test"]);
    assert_eq!(site.visitor().get(&older).await.status(), 403, "the last one counts");
    site.execute("UPDATE user SET password = 'x' WHERE id = 1");
    assert_eq!(site.visitor().get(&newer).await.status(), 403);
    for path in ["/auth/reset", "/auth/reset?code=", "/auth/reset?code=%FF"] {
        assert_eq!(site.visitor().get(path).await.status(), 403, "{path}");
    }
}

/// A new password by a link keeps the rules too, and a mistake does not use the link up.
#[tokio::test]
async fn reset_links_keep_the_rules() {
    let site = Site::with(|config| config.password.length_min = 8);
    let (_, code) = link(&site, &["user", "reset-link", "test"]);
    let reply = site.visitor().post("/auth/reset", [("code", &code), ("password", "short")]).await;
    assert!(reply.text().contains("Password must have at least 8 characters.") && reply.text().contains(&code));
    let reply = site.visitor().post("/auth/reset", [("code", &code), ("password", "qwhdkzme")]).await;
    assert_eq!(reply.status(), 303);
}
