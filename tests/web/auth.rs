//! The original's `test_auth.py`.

use crate::site::Site;

/// Who registers is sent to log in, and is in the database.
#[tokio::test]
async fn register() {
    let site = Site::new();
    assert_eq!(site.visitor().get("/auth/register").await.status(), 200);

    let reply = site.visitor().post("/auth/register", [("username", "a"), ("password", "a")]).await;
    assert_eq!((reply.status(), reply.header("location")), (303, "/auth/login"));
    assert_eq!(site.value::<i64>("SELECT count(*) FROM user WHERE username = 'a'"), 1);
}

/// A registration that cannot be is shown again with the first thing that is wrong.
#[tokio::test]
async fn register_validate_input() {
    let site = Site::new();
    for (username, password, message) in [
        ("", "", "Username is required."),
        ("a", "", "Password is required."),
        ("test", "test", "User test is already registered."),
    ] {
        let reply = site.visitor().post("/auth/register", [("username", username), ("password", password)]).await;
        assert_eq!(reply.status(), 200);
        assert!(reply.text().contains(message), "{message}");
    }
    assert_eq!(site.value::<i64>("SELECT count(*) FROM user"), 2);
}

/// Names are compared byte by byte, and nothing is trimmed from them.
#[tokio::test]
async fn register_names_apart() {
    let site = Site::new();
    for username in ["Test", " test", "test ", "te\u{301}st", "t\u{e9}st", "\0"] {
        let reply = site.visitor().post("/auth/register", [("username", username), ("password", "a")]).await;
        assert_eq!(reply.status(), 303, "{username:?}");
    }
    assert_eq!(site.value::<i64>("SELECT count(*) FROM user"), 8);
}

/// Who logs in is sent to the index, and is known from then on.
#[tokio::test]
async fn login() {
    let site = Site::new();
    let visitor = site.visitor();
    assert_eq!(visitor.get("/auth/login").await.status(), 200);

    let reply = visitor.login("test", "test").await;
    assert_eq!((reply.status(), reply.header("location")), (303, "/"));
    assert!(visitor.get("/").await.text().contains("<span>test</span>"));
    assert_eq!(site.value::<i64>("SELECT user_id FROM session"), 1);
}

/// A login that fails is shown again with what is wrong.
#[tokio::test]
async fn login_validate_input() {
    let site = Site::new();
    for (username, password, message) in
        [("a", "test", "Incorrect username."), ("test", "a", "Incorrect password."), ("", "", "Incorrect username.")]
    {
        let reply = site.visitor().login(username, password).await;
        assert_eq!(reply.status(), 200);
        assert!(reply.text().contains(message), "{message}");
        assert_eq!(reply.header("set-cookie"), "");
    }
    assert_eq!(site.value::<i64>("SELECT count(*) FROM session"), 0);
}

/// Who logs out is nobody.
#[tokio::test]
async fn logout() {
    let site = Site::new();
    let test = site.login("test").await;

    let reply = test.get("/auth/logout").await;
    assert_eq!((reply.status(), reply.header("location")), (302, "/"));
    assert_eq!(test.name().await, None);
    assert_eq!(site.value::<i64>("SELECT count(*) FROM session"), 0);
}

/// Logging out needs no login, and a form does it as well as a link.
#[tokio::test]
async fn logout_again() {
    let site = Site::new();
    assert_eq!(site.visitor().get("/auth/logout").await.status(), 302);
    assert_eq!(site.visitor().post("/auth/logout", []).await.status(), 303);
}

/// Neither form is filled in again: not the name, and never the password.
#[tokio::test]
async fn nothing_is_refilled() {
    let site = Site::new();
    for path in ["/auth/register", "/auth/login"] {
        let reply = site.visitor().post(path, [("username", "test"), ("password", "hunter2")]).await;
        assert!(!reply.text().contains("hunter2") && !reply.text().contains("value=\"test\""), "{path}");
    }
}
