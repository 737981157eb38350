//! What is measured: under names that keep Prometheus's rules, of bounded number, and about no person.
#![allow(clippy::float_cmp, reason = "counts are whole numbers, which are exact")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Duration;

use flaskr::web::metrics::{Format, text};
use tokio::time::timeout;

use crate::carried::carried;
use crate::site::Site;

/// Each series with its value.
fn series(site: &Site) -> BTreeMap<String, f64> {
    let text = text(&site.shared(), Format::OpenMetrics).unwrap();
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    samples
        .map(|line| line.rsplit_once(' ').unwrap())
        .map(|(name, value)| (name.to_owned(), value.parse().unwrap()))
        .collect()
}

fn value(site: &Site, name: &str) -> f64 {
    *series(site).get(name).unwrap_or_else(|| panic!("no {name} in {:#?}", series(site)))
}

fn requests(method: &str, status: &str, kept: &str) -> String {
    format!("flaskr_http_requests_total{{method=\"{method}\",status=\"{status}\",kept=\"{kept}\"}}")
}

/// Every request is counted once, by what became of it.
#[tokio::test]
async fn requests_are_counted() {
    let site = Site::new();
    site.wait_for("SELECT NOT EXISTS (SELECT 1 FROM search_queue)").await; // which changes the database that pages are kept of
    let visitor = site.visitor();
    let etag = visitor.get("/1").await.header("etag").to_owned();
    visitor.get("/1").await;
    visitor.request("HEAD", "/1", &[], "").await;
    visitor.request("GET", "/1", &[("if-none-match", &etag)], "").await;
    visitor.get("/nothing").await;
    visitor.request("BREW", "/", &[], "").await;
    visitor.request("DELETE", "/", &[], "").await;
    visitor.get("/create").await;
    for (method, status, count) in [
        ("GET", "2xx", 2.0),
        ("GET", "3xx", 2.0),
        ("GET", "4xx", 1.0),
        ("HEAD", "2xx", 1.0),
        ("DELETE", "4xx", 1.0),
        ("other", "4xx", 1.0),
        ("POST", "2xx", 0.0),
    ] {
        // A page is kept for whoever asks within 50 ms; past it, which may be, a view is asked, and has it still.
        let of = |kept| series(&site).get(&requests(method, status, kept)).copied().unwrap_or_default();
        assert_eq!(of("no") + of("yes"), count, "{method} {status}");
    }
    let all: f64 = series(&site)
        .iter()
        .filter(|(name, _)| name.starts_with("flaskr_http_requests_total"))
        .map(|(_, count)| count)
        .sum();
    assert_eq!(all, 8.0);
    let routed: f64 =
        series(&site).iter().filter(|(name, _)| name.ends_with("kept=\"no\"}")).map(|(_, count)| count).sum();
    assert_eq!(value(&site, "flaskr_http_request_duration_seconds_count"), routed, "what was kept takes no time");
    assert_eq!(value(&site, "flaskr_cache_hits_total"), 3.0);
    assert_eq!(value(&site, "flaskr_cache_misses_total"), 1.0);
    assert_eq!(value(&site, "flaskr_cache_entries{kind=\"answers\"}"), 1.0);
    assert!(value(&site, "flaskr_cache_bytes") > 1000.0);
}

/// What is answered without a view being asked is told from the rest.
#[tokio::test]
async fn kept() {
    let site = Site::new();
    let is_kept = || value(&site, &requests("GET", "2xx", "yes")) > 0.0;
    for _ in 0..1000 {
        site.visitor().get("/1").await;
        if is_kept() {
            return;
        }
    }
    panic!("no page was kept");
}

/// A client that went away is counted as that.
#[tokio::test]
async fn abandoned() {
    let site = Site::new();
    let _other_process = site.hold();
    let visitor = site.visitor();
    let form = [("username", "new"), ("password", "new")];
    assert!(timeout(Duration::from_millis(300), visitor.post("/auth/register", form)).await.is_err());
    assert_eq!(value(&site, "flaskr_http_requests_abandoned_total"), 1.0);
}

/// Who came in, who did not, and who is new.
#[tokio::test]
async fn people_are_counted() {
    let site = Site::with(|config| config.throttle.address = 3);
    site.login("test").await;
    let guesser = site.visitor_from("192.0.2.1");
    for _ in 0..5 {
        guesser.login("test", "wrong").await;
    }
    site.newcomer("ada").await;
    for (name, count) in [
        ("flaskr_logins_total{outcome=\"succeeded\"}", 2.0),
        ("flaskr_logins_total{outcome=\"failed\"}", 3.0),
        ("flaskr_logins_total{outcome=\"throttled\"}", 2.0),
        ("flaskr_registrations_total", 1.0),
    ] {
        assert_eq!(value(&site, name), count, "{name}");
    }
}

/// What the database does shows, and what it does not.
#[tokio::test]
async fn database() {
    let site = Site::new();
    let before = series(&site);
    let test = site.login("test").await;
    test.post("/create", [("title", "t"), ("body", "b")]).await;
    let after = series(&site);
    let grown = |name: &str| after[name] - before[name];
    assert!(grown("flaskr_commit_duration_seconds_count") >= 2.0);
    assert!(grown("flaskr_commit_duration_seconds_sum") > 0.0);
    assert!(grown("flaskr_write_group_size_count") >= 2.0 && grown("flaskr_write_group_size_sum") >= 2.0);
    assert!(grown("flaskr_read_wait_seconds_count") >= 2.0);
    assert_eq!(grown("flaskr_failed_transactions_total"), 0.0);
    let now = f64::from(i32::try_from(site.now().as_second()).unwrap());
    assert!((now..now + 60.0).contains(&after["flaskr_last_commit_timestamp_seconds"]));
    if site.is_file() {
        assert!(after["flaskr_database_bytes"] >= 4096.0 && after["flaskr_wal_bytes"] > 0.0);
    }
    assert_eq!((after["flaskr_write_queue_length"], after["flaskr_write_queue_limit"]), (0.0, 1024.0));

    let _other_process = site.hold();
    assert_eq!(test.post("/create", [("title", "t"), ("body", "b")]).await.status(), 503);
    assert!(value(&site, "flaskr_failed_transactions_total") >= 1.0);
}

/// Whatever clients send, there are no more series than before; and none of them is about anybody.
#[tokio::test]
async fn bounded_and_impersonal() {
    let site = Site::new();
    let names = |site: &Site| series(site).into_keys().collect::<BTreeSet<_>>();
    let before = names(&site);
    assert!((100..300).contains(&before.len()), "{}", before.len());
    site.newcomer("adalovelace").await.get("/account").await;
    let visitor = site.visitor_from("203.0.113.77");
    for number in 0..50 {
        visitor.request(&format!("BREW{number}"), &format!("/{number}?q={number}"), &[("host", "x")], "").await;
        visitor.login("adalovelace", "wrong").await;
    }
    assert_eq!(names(&site), before);
    for format in [Format::OpenMetrics, Format::Prometheus] {
        let text = text(&site.shared(), format).unwrap();
        for private in ["adalovelace", "203.0.113.77", "BREW", "/1"] {
            assert!(!text.contains(private), "{private}");
        }
    }
}

/// Names say what they are of and in which unit; each has a line of help; the text ends as the format wants it.
#[tokio::test]
async fn names() {
    let site = Site::new();
    let text = text(&site.shared(), Format::OpenMetrics).unwrap();
    assert!(text.ends_with("\n# EOF\n"));
    let types: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' ')).collect();
    assert!(types.len() > 30, "{types:?}");
    let mut seen = BTreeSet::new();
    for (name, kind) in types {
        assert!(seen.insert(name), "{name} twice");
        assert!(name.starts_with("flaskr_") || name.starts_with("process_"), "{name}");
        assert!(!name.ends_with("_total") && text.contains(&format!("# HELP {name} ")), "{name}");
        let unit = text.lines().find_map(|line| line.strip_prefix(&format!("# UNIT {name} ")));
        assert!(unit.is_none_or(|unit| name.ends_with(unit)), "{name}");
        let sample = match kind {
            "counter" => format!("\n{name}_total"),
            "histogram" => format!("\n{name}_bucket{{le=\"+Inf\"}}"),
            _ => format!("\n{name}"),
        };
        assert!(text.contains(&sample), "{sample}");
        assert!(["counter", "gauge", "histogram"].contains(&kind));
    }
}

fn example(name: &str) -> String {
    fs::read_to_string(carried(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/examples")).join(name)).unwrap()
}

/// The names of measures in a text.
fn named(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| word.starts_with("flaskr_") || word.starts_with("process_")).map(str::to_owned).collect()
}

/// The dashboard and the alerts ask for what there is, and the dashboard shows most of it.
#[tokio::test]
async fn examples_name_what_there_is() {
    let site = Site::new();
    let there: BTreeSet<_> = series(&site).into_keys().map(|name| name.split('{').next().unwrap().to_owned()).collect();
    let dashboard: serde_json::Value = serde_json::from_str(&example("grafana-dashboard.json")).unwrap();
    let targets = dashboard["panels"].as_array().unwrap().iter().filter_map(|panel| panel["targets"].as_array());
    let queries: Vec<_> = targets.flatten().map(|target| target["expr"].as_str().unwrap()).collect();
    assert!(queries.len() > 20);
    let shown = named(&queries.join(" "));
    let of_files = ["flaskr_database_bytes".to_owned(), "flaskr_wal_bytes".to_owned()];
    let there = if site.is_file() { there } else { there.into_iter().chain(of_files).collect() };
    for (place, names) in [("dashboard", &shown), ("alerts", &named(&example("prometheus-alerts.yml")))] {
        let missing: Vec<_> = names.difference(&there).collect();
        assert!(missing.is_empty() && !names.is_empty(), "{place}: {missing:?}");
    }
    assert!(shown.len() >= 25, "{shown:?}");
}
