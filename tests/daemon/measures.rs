//! The listener for measures, and what a health check hears at the end.

use std::fs;
use std::io::BufReader;
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use crate::process::{Client, Daemon, PATIENCE, Place, request};

/// A daemon that serves measures, and where.
fn started(place: &Place) -> (Daemon, String) {
    let daemon = place.spawn(&["--listen", "127.0.0.1:0"]);
    let line = daemon.wait_for_line("measures are on ");
    let address = line.split_once("http://").unwrap().1.strip_suffix("/metrics").unwrap().to_owned();
    (daemon, address)
}

fn place() -> Place {
    Place::new().with("FLASKR_METRICS_LISTEN", "127.0.0.1:0")
}

fn connect(address: &str) -> Client<TcpStream> {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    Client(BufReader::new(stream))
}

fn ask(address: &str, method: &str, path: &str, fields: &str) -> String {
    let mut client = connect(address);
    client.send(&request(method, path, fields, ""));
    client.rest()
}

/// The measures are there, in the format that was asked for, and nothing else is.
#[test]
fn measures() {
    let place = place();
    let (daemon, address) = started(&place);
    let text = ask(&address, "GET", "/metrics", "Accept: application/openmetrics-text;version=1.0.0\r\n");
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && text.ends_with("\n# EOF\n"), "{text}");
    assert!(text.contains("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"), "{text}");
    for measure in ["process_resident_memory_bytes ", "process_open_fds ", "process_cpu_seconds_total "] {
        let line = text.lines().find_map(|line| line.strip_prefix(measure)).unwrap();
        assert!(line.parse::<f64>().unwrap() > 0.0, "{measure}{line}");
    }
    let text = ask(&address, "GET", "/metrics?x", "Accept: */*\r\n");
    assert!(text.contains("content-type: text/plain; version=0.0.4; charset=utf-8\r\n"), "{text}");
    assert!(text.contains("\n# TYPE flaskr_registrations_total counter\n") && !text.contains("# EOF"), "{text}");
    for (method, path, status) in
        [("HEAD", "/metrics", "200"), ("POST", "/metrics", "405"), ("GET", "/", "404"), ("GET", "/metrics/", "404")]
    {
        let answer = ask(&address, method, path, "");
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{method} {path}: {answer}");
    }
    drop(daemon);
}

/// On a Unix socket too, which goes when the daemon does.
#[test]
fn unix_socket() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("metrics.sock");
    let place = Place::new().with("FLASKR_METRICS_LISTEN", &format!("unix:{}", path.display()));
    let daemon = place.start();
    let mut client = Client(BufReader::new(UnixStream::connect(&path).unwrap()));
    client.send(&request("GET", "/metrics", "", ""));
    assert!(client.rest().contains("flaskr_build_info{version="));
    assert!(daemon.stop());
    assert!(fs::symlink_metadata(&path).is_err());
}

/// Nobody is asked for measures unless that is set, and a place that cannot be had is named.
#[test]
fn off_by_default() {
    let place = Place::new();
    let daemon = place.start();
    assert!(daemon.get("/metrics").starts_with("HTTP/1.1 404 "));
    assert!(daemon.stop());
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let place = Place::new().with("FLASKR_METRICS_LISTEN", &address);
    let mut daemon = place.spawn(&["--listen", "127.0.0.1:0"]);
    daemon.wait_for_line(&format!("cannot serve measures on http://{address}: Address already in use"));
    assert!(!daemon.wait().success());
}

/// Four clients that say nothing hold every place, but not for long; and the site does not notice.
#[test]
fn silent_clients() {
    let place = place();
    let (daemon, address) = started(&place);
    let began = Instant::now();
    let _silent: Vec<_> = (0..4).map(|_| connect(&address)).collect(); // which are let in in turn
    let mut waiting = connect(&address);
    waiting.send(&request("GET", "/metrics", "", ""));
    let answer = waiting.rest();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let waited = began.elapsed(); // for PATIENCE at most
    assert!(waited > Duration::from_secs(9), "{waited:?}");
    drop(daemon);
}

/// A daemon that is told to end says so to whoever asks whether it is ready, and lives until it has.
#[test]
fn stopping() {
    for (path, expected) in [("/readyz", "HTTP/1.1 503 Service Unavailable\r\n"), ("/healthz", "HTTP/1.1 200 OK\r\n")] {
        let place = Place::new();
        let mut daemon = place.start();
        let mut client = daemon.connect();
        client.send(&format!("GET {path} HTTP/1.1\r\nHost: local"));
        assert!(daemon.get("/readyz").ends_with("\r\n\r\nok\n")); // connections are accepted in turn
        daemon.signal("TERM");
        place.wait_for("STOPPING=1");
        client.send("host\r\n\r\n");
        let answer = client.rest();
        assert!(answer.starts_with(expected), "{answer}");
        assert!(path == "/healthz" || answer.ends_with("\r\n\r\nthe daemon is stopping\n"), "{answer}");
        assert!(daemon.wait().success());
    }
}

/// A reload takes the level of the log and the access log; counts go on, and where measures are waits for the next start.
#[test]
fn reloaded() {
    let place = Place::new();
    assert!(place.start().stop());
    let configure = |more: &str| {
        let settings = format!("listen = \"127.0.0.1:0\"\n[metrics]\nlisten = \"127.0.0.1:0\"\n{more}");
        fs::write(place.path("config.toml"), settings).unwrap();
    };
    configure("");
    let mut daemon = place.spawn(&["--config", "config.toml"]);
    let line = daemon.wait_for_line("measures are on ");
    let address = line.split_once("http://").unwrap().1.strip_suffix("/metrics").unwrap().to_owned();
    let count = || {
        let text = ask(&address, "GET", "/metrics", "");
        let name = "flaskr_http_requests_total{method=\"GET\",status=\"2xx\",kept=\"no\"} ";
        text.lines().find_map(|line| line.strip_prefix(name)).unwrap().parse::<u64>().unwrap()
    };
    let served = daemon.wait_for_line("serving ");
    let site = served.split_once("http://").unwrap().1.split(',').next().unwrap().to_owned();
    ask(&site, "GET", "/hello", "Connection: close\r\n");
    assert_eq!(count(), 1);
    configure("[log]\naccess = true\n");
    place.wait_for("READY=1");
    daemon.signal("HUP");
    place.wait_for("READY=1");
    ask(&site, "GET", "/hello", "Connection: close\r\n");
    daemon.wait_for_line("GET /hello 200 13 B ");
    assert_eq!(count(), 2);
    fs::write(place.path("config.toml"), "listen = \"127.0.0.1:0\"\n").unwrap();
    daemon.signal("HUP");
    daemon.wait_for_line("what takes effect with the next start: [metrics] listen");
    place.wait_for("READY=1");
    configure("[log]\nlevel = \"error\"\naccess = true\n");
    daemon.signal("HUP");
    place.wait_for("READY=1");
    ask(&site, "GET", "/hello", "Connection: close\r\n");
    assert_eq!(count(), 3);
    daemon.signal("TERM");
    assert!(daemon.wait().success());
    let said = daemon.rest_of_log();
    assert!(said.is_empty(), "{said:?}");
}

/// The level of the log is the one that is set.
#[test]
fn level() {
    let place = Place::new().with("FLASKR_LOG_LEVEL", "warn");
    let mut daemon = place.spawn(&["--listen", "127.0.0.1:0"]);
    place.wait_for("READY=1");
    daemon.signal("TERM");
    assert!(daemon.wait().success());
    let said = daemon.rest_of_log();
    assert!(said.is_empty(), "{said:?}");
}
