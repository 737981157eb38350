//! The shipped files agree with the program and with each other.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::Path;

use flaskr::config::{self, Certificate, Config, Database, Limits, Metrics, SecurityTxt, Site, Tls};
use flaskr::image::DECODE_BYTES_MAX;
use flaskr::theme::THEME_BYTES_MAX;

fn shipped(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// `#key = value`, which shows a default or an example, with `#key` as the name of the key.
fn setting(line: &str) -> Option<&str> {
    let (key, _) = line.strip_prefix('#')?.split_once(" = ")?;
    key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_').then_some(key)
}

fn load(text: &str) -> Config {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("config.toml");
    fs::write(&file, text).unwrap();
    config::load(Some(&file), [], Vec::new()).unwrap().config
}

/// The config file shows every setting, with the default that the program has.
#[test]
fn config_shows_every_default() {
    let text = shipped("systemd/config.toml");
    let uncommented: String = text
        .lines()
        .map(|line| if setting(line).is_some() { line.trim_start_matches('#') } else { line })
        .fold(String::new(), |text, line| text + line + "\n");
    let without = |keys: &[&str]| -> String {
        let is_left_out = |line: &&str| keys.iter().any(|key| line.starts_with(&format!("{key} = ")));
        uncommented.lines().filter(|line| !is_left_out(line)).fold(String::new(), |text, line| text + line + "\n")
    };
    let of_acme = ["domain", "acme_directory", "acme_contact", "acme_ca"];
    assert!(load(&without(&of_acme)).tls.is_on(), "a certificate in files has an example");
    let shown = load(&without(&["cert", "key"]));
    let Some(Certificate::Acme(acme)) = &shown.tls.certificate else { panic!("one of an authority has an example") };
    assert!(acme.acme_contact.is_some() && acme.acme_ca.is_some() && shown.tls.redirect_listen.is_some());
    let default_directory = toml::from_str::<Tls>("domain = \"a.b\"").unwrap();
    let Some(Certificate::Acme(by_default)) = default_directory.certificate else { panic!() };
    assert_eq!(acme.acme_directory, by_default.acme_directory);
    assert!(shown.base_url.is_some() && shown.secret_key_file.is_some(), "each optional setting has an example");
    let (site, security) = (&shown.site, &shown.security_txt);
    assert!(
        site.description.is_some()
            && site.theme.is_some()
            && security.policy.is_some()
            && security.encryption.is_some()
            && shown.metrics.listen.is_some()
    );
    let database = &shown.database;
    assert!(database.url.is_some() && database.replica_url.is_some());
    assert!(database.password_file.is_some() && database.ca.is_some());
    let defaults = Config::default();
    let site = Site { description: None, theme: None, ..shown.site };
    let security_txt = SecurityTxt { policy: None, encryption: None, ..shown.security_txt };
    let shown = Config {
        instance: defaults.instance.clone(),
        secret_key_file: None,
        base_url: None,
        tls: Tls::default(),
        site,
        security_txt,
        metrics: Metrics::default(),
        database: Database { url: None, replica_url: None, password_file: None, ca: None, ..shown.database },
        ..shown
    };
    assert_eq!(shown, defaults);

    let documented = |key: &str| uncommented.lines().any(|line| line.starts_with(&format!("{key} = ")));
    let keys = toml::Table::try_from(&defaults).unwrap();
    for (key, value) in &keys {
        match value.as_table() {
            Some(section) => assert!(section.keys().all(|key| documented(key)), "every key of [{key}] is documented"),
            None => assert!(documented(key), "{key} is documented"),
        }
    }
}

/// As shipped, only the places differ from the built-in defaults.
#[test]
fn shipped_config_is_the_default() {
    let defaults = Config::default();
    let config = load(&shipped("systemd/config.toml"));
    assert_eq!(config.instance, Path::new("/var/lib/flaskr"));
    assert_eq!(config.secret_key_file.as_deref(), Some(Path::new("/etc/flaskr/secret_key")));
    assert_eq!(Config { instance: defaults.instance.clone(), secret_key_file: None, ..config }, defaults);
}

/// The unit leaves room for the limits of the default config.
#[test]
fn unit_leaves_room_for_the_limits() {
    let unit = shipped("systemd/flaskr.service");
    let number = |key: &str| -> u64 {
        unit.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).unwrap().parse().unwrap()
    };
    assert!(unit.contains("\nMemoryMax=2G\n"));
    let limits = Limits::default();
    // Of a connection: what it costs itself, and a header; of what is in flight: it, and as much while it is made.
    let connections = limits.connections_max * (limits.header_bytes_max + 20 * 1024);
    let twice = 2 * (connections + 2 * limits.in_flight_bytes_max as usize);
    // And once what one picture takes, which is bounded more closely, with a copy of its file.
    let picture = usize::try_from(DECODE_BYTES_MAX).unwrap() + limits.upload_bytes_max;
    // And a theme, of which texts are kept in each of four codings.
    let theme = 4 * THEME_BYTES_MAX;
    assert!(twice + picture + theme < 2 * 1024 * 1024 * 1024);
    assert!(number("LimitNOFILE") > u64::try_from(limits.connections_max).unwrap() + 256);
    assert!(number("TimeoutStopSec") > limits.drain_seconds_max);
}

/// A proxy takes all that the site takes, so that the site says what is too large, and gives up a kept connection before
/// the site does.
#[test]
fn proxies_agree_with_limits() {
    let limits = Limits::default();
    let number = |file: &str, name: &str| -> usize {
        let text = shipped(&format!("docs/examples/{file}"));
        let value = text.lines().find_map(|line| line.trim().strip_prefix(name)).unwrap();
        value.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap()
    };
    let form = limits.upload_bytes_max + limits.form_bytes_max;
    for file in ["nginx.conf", "nginx-path.conf"] {
        assert!(number(file, "client_max_body_size ") * 1024 * 1024 > form, "{file}");
    }
    assert!(number("apache.conf", "LimitRequestBody ") > form);
    for (file, name) in [("nginx.conf", "keepalive_timeout "), ("Caddyfile", "keepalive ")] {
        assert!((number(file, name) as u64) < limits.header_seconds_max, "{file}");
    }
}

/// Every line of the unit's hardening stands below a comment of its own.
#[test]
fn hardening_is_commented() {
    let unit = shipped("systemd/flaskr.service");
    let hardening =
        unit.lines().skip_while(|line| !line.starts_with("# Hardening")).take_while(|line| !line.is_empty());
    let lines: Vec<_> = hardening.skip(1).collect();
    assert!(lines.len() > 40);
    for pair in lines.chunks(2) {
        let [comment, setting] = pair else { panic!("{pair:?}") };
        assert!(comment.starts_with("# ") && setting.contains('='), "{comment} / {setting}");
    }
}

/// One version, in the manifest and in the changelog that both packages carry.
#[test]
fn versions_agree() {
    let changelog = shipped("debian/changelog");
    assert!(changelog.starts_with(&format!("flaskr ({})", env!("CARGO_PKG_VERSION"))), "{changelog}");
}
