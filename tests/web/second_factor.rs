//! The second factor: set up, asked for, lost and taken away.

use base16ct::lower::decode_vec;
use flaskr::second_factor::Secret;

use crate::site::{Reply, Site, Visitor, between};

/// Turns it on: the secret that the app would have, and the codes on paper.
async fn turned_on(site: &Site, visitor: &Visitor<'_>) -> (Secret, Vec<String>) {
    let form = visitor.get("/account/second-factor").await;
    assert!(form.text().contains("<svg"), "there is a picture for the camera");
    let signed = between(form.text(), r#"name="secret" value=""#, "\"").unwrap();
    let secret = between(signed, "~", ".").unwrap();
    let secret = Secret::from_bytes(decode_vec(secret).unwrap());
    assert!(form.text().contains(&secret.to_text()), "and the same as text");
    let code = secret.code(site.now());
    let reply =
        visitor.post("/account/second-factor", [("secret", signed), ("code", &code), ("password", "test")]).await;
    let codes = reply.text().split("<li><code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned());
    (secret, codes.collect())
}

/// The name and the password are right: the form for the code.
async fn password(visitor: &Visitor<'_>) -> String {
    let reply = visitor.login("test", "test").await;
    assert_eq!((reply.status(), reply.header("set-cookie")), (200, ""));
    between(reply.text(), r#"name="login" value=""#, "\"").unwrap().to_owned()
}

async fn code(visitor: &Visitor<'_>, login: &str, code: &str) -> Reply {
    visitor.post("/auth/code", [("login", login), ("code", code)]).await
}

/// Once it is on, a password alone opens nothing; with the code it does.
#[tokio::test]
async fn login() {
    let site = Site::new();
    let (here, there) = (site.login("test").await, site.login("test").await);
    let (secret, codes) = turned_on(&site, &here).await;
    assert_eq!(codes.len(), 8);
    assert_eq!((here.name().await.as_deref(), there.name().await), (Some("test"), None), "others are logged out");
    site.wait_seconds(60);
    let visitor = site.visitor();
    let login = password(&visitor).await;
    assert_eq!(visitor.name().await, None);
    let wrong = code(&visitor, &login, "000000").await;
    assert!(wrong.text().contains("Incorrect code."));
    let reply = code(&visitor, &login, &secret.code(site.now())).await;
    assert_eq!((reply.status(), reply.header("location")), (303, "/"));
    assert_eq!(visitor.name().await.as_deref(), Some("test"));
    assert_eq!(site.visitor().login("other", "other").await.status(), 303, "others need none");
}

/// No code counts twice: not the one it was turned on with, and not one that somebody looked at.
#[tokio::test]
async fn codes_count_once() {
    let site = Site::new();
    let (secret, _) = turned_on(&site, &site.login("test").await).await;
    let login = password(&site.visitor()).await;
    assert_eq!(code(&site.visitor(), &login, &secret.code(site.now())).await.status(), 200);
    site.wait_seconds(30);
    assert_eq!(code(&site.visitor(), &login, &secret.code(site.now())).await.status(), 303);
    assert_eq!(code(&site.visitor(), &login, &secret.code(site.now())).await.status(), 200);
}

/// A code from paper stands in for the app, once.
#[tokio::test]
async fn recovery_codes() {
    let site = Site::new();
    let test = site.login("test").await;
    let (_, codes) = turned_on(&site, &test).await;
    let login = password(&site.visitor()).await;
    assert_eq!(code(&site.visitor(), &login, &codes[3].to_lowercase()).await.status(), 303);
    assert_eq!(code(&site.visitor(), &login, &codes[3]).await.status(), 200);
    assert_eq!(code(&site.visitor(), &login, &codes[4].replace(' ', "-")).await.status(), 303);
    assert!(test.get("/account").await.text().contains("You have 6 recovery codes left"));
    assert_eq!(site.value::<i64>("SELECT sum(length(code_digest)) FROM recovery_code"), 6 * 32, "digests only");
}

/// The note between password and code is ours, for five minutes, and only while the account is as it was.
#[tokio::test]
async fn pending_logins() {
    let site = Site::new();
    let (secret, _) = turned_on(&site, &site.login("test").await).await;
    site.wait_seconds(60);
    let login = password(&site.visitor()).await;
    let other = login.replacen('1', "2", 1);
    for forged in ["", ".", "1~2~3.x", &other, &login[1..]] {
        let reply = code(&site.visitor(), forged, &secret.code(site.now())).await;
        assert!(reply.text().contains("That took too long."), "{forged}");
    }
    site.wait_seconds(299);
    assert!(code(&site.visitor(), &login, "x").await.text().contains("Incorrect code."));
    site.wait_seconds(1);
    assert!(code(&site.visitor(), &login, &secret.code(site.now())).await.text().contains("That took too long."));

    for change in ["INSERT INTO disabled_user VALUES (1, 0)", "UPDATE user SET password = 'another' WHERE id = 1"] {
        let login = password(&site.visitor()).await;
        site.execute(change);
        assert_eq!(code(&site.visitor(), &login, &secret.code(site.now())).await.header("location"), "", "{change}");
        site.execute("DELETE FROM disabled_user");
    }
    assert_eq!(site.visitor().get("/auth/code").await.header("location"), "/auth/login");
}

/// It is turned on only by whoever has the password, and an app that has the secret.
#[tokio::test]
async fn turning_on() {
    let site = Site::new();
    let (test, other) = (site.login("test").await, site.login("other").await);
    let form = test.get("/account/second-factor").await;
    let signed = between(form.text(), r#"name="secret" value=""#, "\"").unwrap();
    let secret = Secret::from_bytes(decode_vec(between(signed, "~", ".").unwrap()).unwrap());
    let right = secret.code(site.now());
    for (visitor, signed, code, password, status) in [
        (&test, signed, "000000", "test", 200),
        (&test, signed, right.as_str(), "wrong", 200),
        (&test, &signed[1..], right.as_str(), "test", 400),
        (&other, signed, right.as_str(), "other", 400),
    ] {
        let fields = [("secret", signed), ("code", code), ("password", password)];
        assert_eq!(visitor.post("/account/second-factor", fields).await.status(), status, "{code} {password}");
    }
    assert_eq!(site.value::<i64>("SELECT count(*) FROM second_factor"), 0);
}

/// It is turned off with the password.
#[tokio::test]
async fn turning_off() {
    let site = Site::new();
    let test = site.login("test").await;
    turned_on(&site, &test).await;
    let reply = test.post("/account/second-factor/off", [("password", "wrong")]).await;
    assert!(reply.text().contains("Incorrect password."));
    assert_eq!(site.value::<i64>("SELECT count(*) FROM second_factor"), 1);
    test.post("/account/second-factor/off", [("password", "test")]).await;
    assert_eq!(site.value::<i64>("SELECT count(*) FROM recovery_code"), 0);
    assert_eq!(site.visitor().login("test", "test").await.status(), 303);
}

/// Codes cannot be tried one after the other, not even by many at once.
#[tokio::test]
async fn guessing() {
    let site = Site::new();
    let (secret, _) = turned_on(&site, &site.login("test").await).await;
    site.wait_seconds(60);
    let login = password(&site.visitor()).await;
    for _ in 0..10 {
        assert_eq!(code(&site.visitor(), &login, "000000").await.status(), 200);
    }
    let reply = code(&site.visitor(), &login, &secret.code(site.now())).await;
    assert_eq!((reply.status(), reply.header("retry-after")), (429, "360"));
}

/// After the tutorial's `init-db` the new user with an old number has not the old user's second factor.
#[tokio::test]
async fn never_another_users() {
    let site = Site::new();
    if !site.is_file() {
        return; // the tutorial's init-db knows no server
    }
    turned_on(&site, &site.login("test").await).await;
    site.execute("INSERT INTO disabled_user VALUES (1, 0)");
    site.execute(include_str!("../original.sql"));
    site.visitor().post("/auth/register", [("username", "new"), ("password", "new")]).await;
    assert_eq!(site.visitor().login("new", "new").await.status(), 303);
}

/// What somebody wrote while their session ended is still there behind the code.
#[tokio::test]
async fn keeps_the_text() {
    let site = Site::new();
    let (secret, _) = turned_on(&site, &site.login("test").await).await;
    site.wait_seconds(60);
    let visitor = site.visitor();
    let kept = [("kept-target", "/create"), ("kept-field-body", "what I wrote")];
    let asked = visitor.post("/auth/login", [("username", "test"), ("password", "test"), kept[0], kept[1]]).await;
    assert!(asked.text().contains("name=\"kept-field-body\" value=\"what I wrote\""));
    let login = between(asked.text(), r#"name="login" value=""#, "\"").unwrap();
    for (code, is_right) in [("000000".to_owned(), false), (secret.code(site.now()), true)] {
        let reply = visitor.post("/auth/code", [("login", login), ("code", &code), kept[0], kept[1]]).await;
        assert!(reply.text().contains("what I wrote"));
        assert_eq!(reply.text().contains("\nwhat I wrote</textarea>"), is_right);
    }
}
