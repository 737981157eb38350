//! Passwords: the original's hashes, and what becomes of them.

use flaskr::password::{Argon2id, Memory};

use crate::site::Site;

const HASH: &str = "SELECT password FROM user WHERE id = 1";

/// The password `test`, as the original hashed it before scrypt.
const BEFORE_SCRYPT: &str =
    "pbkdf2:sha256:50000$w9RkQ2dT$b85c46868aa9ae9d99088a452717e7499c78813bec56642d8b96b0d0e9309a71";

/// A hash of the original's opens the door once more, and is argon2id from then on.
#[tokio::test]
async fn upgraded_at_login() {
    let site = Site::new();
    site.execute(&format!("UPDATE user SET password = '{BEFORE_SCRYPT}' WHERE id = 1"));
    let first = site.login("test").await;
    let upgraded: String = site.value(HASH);
    assert!(upgraded.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{upgraded}");

    let second = site.login("test").await;
    assert_eq!(site.value::<String>(HASH), upgraded);
    for visitor in [first, second] {
        assert_eq!(visitor.name().await.as_deref(), Some("test"));
    }
}

/// A wrong password changes no hash.
#[tokio::test]
async fn kept_at_a_failed_login() {
    let site = Site::new();
    let before: String = site.value(HASH);
    site.visitor().login("test", "wrong").await;
    assert_eq!(site.value::<String>(HASH), before);
}

/// The hash the original makes today is taken too.
#[tokio::test]
async fn scrypt() {
    let site = Site::new();
    site.execute(
        "UPDATE user SET password = 'scrypt:32768:8:1$AbCdEfGh12345678$a40e151ba14e69c5af5070ad83a3d4831fdec420a8564063ac\
         8db3295a779cc32c8b89881a044abe960c04ed72c9c4f2076c0f1af16a174e818ab321bf472a48' WHERE id = 1",
    );
    assert_eq!(site.visitor().login("test", "correct horse ").await.status(), 200);
    assert_eq!(site.visitor().login("test", "correct horse").await.status(), 303);
}

/// A hash of another cost is replaced at login, so that a new cost reaches old users.
#[tokio::test]
async fn upgraded_to_the_configured_cost() {
    let site = Site::with(|config| config.password.memory_kib = 64);
    let cheap = flaskr::config::PasswordSettings { memory_kib: 8, iterations: 1, ..Default::default() };
    let password = flaskr::user::Password::new("test".to_owned());
    let hash = Argon2id::new(&cheap).unwrap().hash(&mut Memory::default(), &password, [1; 16]).unwrap();
    site.execute_now(&format!("UPDATE user SET password = '{hash}' WHERE id = 1"));
    site.login("test").await;
    assert!(site.value::<String>(HASH).starts_with("$argon2id$v=19$m=64,"));
}

/// Two logins at once with an old hash are two sessions.
#[tokio::test]
async fn two_at_once() {
    let site = Site::with(|config| config.password.threads = 2);
    let (first, second) = (site.visitor(), site.visitor());
    let (one, two) = tokio::join!(first.login("test", "test"), second.login("test", "test"));
    assert_eq!((one.status(), two.status()), (303, 303));
    for visitor in [first, second] {
        assert_eq!(visitor.name().await.as_deref(), Some("test"));
    }
    assert_eq!(site.value::<i64>("SELECT count(*) FROM session"), 2);
}

/// The whole password counts, whatever its length and its bytes.
#[tokio::test]
async fn whole() {
    let site = Site::new();
    let long = "x".repeat(100);
    for (username, password, nearly) in
        [("long", long.as_str(), &long[1..]), ("nul", "a\0b", "a\0c"), ("space", " ", "")]
    {
        site.visitor().post("/auth/register", [("username", username), ("password", password)]).await;
        assert_eq!(site.visitor().login(username, nearly).await.status(), 200, "{username}");
        assert_eq!(site.visitor().login(username, password).await.status(), 303, "{username}");
    }
}
