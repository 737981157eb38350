//! What systemd is told, and how the daemon ends.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::process::{Place, request};

/// A stop that waits for nobody takes no longer than this.
const SOON: Duration = Duration::from_secs(2);

/// READY is said when it is so: a request that is sent then is answered.
#[test]
fn ready() {
    let place = Place::new();
    let daemon = place.spawn(&["--listen", "127.0.0.1:0"]);
    place.wait_for("READY=1");
    let line = daemon.wait_for_line("serving ");
    let address = line.split_once("http://").unwrap().1.split(',').next().unwrap();
    assert!(std::net::TcpStream::connect(address).is_ok());
}

/// Both signals end the daemon well, and systemd hears of it.
#[test]
fn stopping() {
    for signal in ["TERM", "INT"] {
        let place = Place::new();
        let mut daemon = place.start();
        daemon.signal(signal);
        place.wait_for("STOPPING=1");
        assert!(daemon.wait().success(), "{signal}");
    }
}

/// systemd hears that all is well as often as it wants to.
#[test]
fn watchdog() {
    let place = Place::new().with("WATCHDOG_USEC", "200000");
    let daemon = place.start();
    for _ in 0..3 {
        place.wait_for("WATCHDOG=1");
    }
    assert!(daemon.stop());
}

/// A request that is under way at the end is answered.
#[test]
fn drained() {
    let place = Place::new();
    let mut daemon = place.start();
    let body = "username=ann&password=kettle+on+monday";
    let (half, other_half) = body.split_at(10);
    let fields = "Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n";
    let mut client = daemon.connect();
    client.send(request("POST", "/auth/register", fields, body).strip_suffix(body).unwrap());
    assert!(client.header().starts_with("HTTP/1.1 100 "));
    client.send(half);
    daemon.signal("TERM");
    place.wait_for("STOPPING=1");
    client.send(other_half);
    let answer = client.rest();
    assert!(answer.starts_with("HTTP/1.1 303 See Other\r\n"), "{answer}");
    assert!(answer.contains("connection: close\r\n"), "{answer}");
    assert!(daemon.wait().success());
    daemon.wait_for_line("stopped, all requests finished");
}

/// While a request is under way at the end, others are answered, and told that the connection ends: nobody waits for the
/// slow, and nobody sends to a connection that is about to be closed.
#[test]
fn announced() {
    let place = Place::new();
    let mut daemon = place.start();
    let mut idle = daemon.connect();
    idle.send(&request("GET", "/hello", "", ""));
    assert!(!idle.header().contains("connection: close"));
    let mut slow = daemon.connect();
    let fields = "Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n";
    let body = "username=ann&password=wrong";
    slow.send(request("POST", "/auth/login", fields, body).strip_suffix(body).unwrap());
    assert!(slow.header().starts_with("HTTP/1.1 100 "));
    daemon.signal("TERM");
    place.wait_for("STOPPING=1");
    std::thread::sleep(Duration::from_millis(500));
    for mut client in [idle, daemon.connect()] {
        client.send(&request("GET", "/hello", "", ""));
        let answer = client.rest();
        assert!(answer.contains("connection: close\r\n") && answer.ends_with("Hello, World!"), "{answer}");
    }
    slow.send(body);
    let answer = slow.rest();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(daemon.wait().success());
}

/// systemd is given the socket to keep, under a name.
#[test]
fn socket_is_kept() {
    let place = Place::new();
    let daemon = place.spawn(&["--listen", "127.0.0.1:0"]);
    assert!(place.wait_for("FDSTORE=1").contains("FDNAME=kept-site"));
    daemon.wait_for_line("serving ");
}

/// Where the settings now want another socket with the port of the one that systemd has kept, that is waited for: systemd
/// closes its own a moment after it says so.
#[test]
fn socket_is_closed_late() {
    let place = Place::new();
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = format!("0.0.0.0:{}", socket.local_addr().unwrap().port());
    let daemon = place.spawn_with_kept(socket.try_clone().unwrap(), &["--listen", &listen]);
    place.wait_for("BARRIER=1");
    std::thread::sleep(Duration::from_millis(200));
    drop(socket);
    assert!(daemon.wait_for_line("serving ").contains(&listen));
}

/// A request that does not end is given up when its time is over.
#[test]
fn drained_no_longer_than_allowed() {
    let place = Place::new().with("FLASKR_LIMITS_DRAIN_SECONDS_MAX", "1");
    let mut daemon = place.start();
    let mut endless = daemon.connect();
    endless.send("POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
    assert!(endless.header().starts_with("HTTP/1.1 100 "));
    daemon.signal("TERM");
    let started = Instant::now();
    assert!(daemon.wait().success());
    assert!(started.elapsed() < SOON + Duration::from_secs(1), "{:?}", started.elapsed());
    daemon.wait_for_line("stopped, with requests that did not finish in time");
}

/// Who fails too often is told from where, and what it means if that is a proxy.
#[test]
fn throttled() {
    let place = Place::new();
    let daemon = place.start();
    for _ in 0..7 {
        daemon.post("/auth/login", "", "username=hunter2&password=hunter2");
    }
    daemon.wait_for_line(
        "too many failed attempts, the last from 127.0.0.1 (if that is a proxy, name it in trusted_proxies)",
    );
}

/// An answer that is held back when the daemon is told to stop is given all the same.
#[test]
fn held_back() {
    let place = Place::new().with("FLASKR_THROTTLE_ADDRESS", "1");
    let mut daemon = place.start();
    let body = "username=ann&password=wrong";
    let fields = "Content-Type: application/x-www-form-urlencoded\r\n";
    daemon.post("/auth/login", "", body);
    let mut client = daemon.connect();
    client.send(&request("POST", "/auth/login", fields, body));
    daemon.wait_for_line("too many failed attempts");
    daemon.signal("TERM");
    let answer = client.rest();
    assert!(answer.starts_with("HTTP/1.1 429 "), "{answer}");
    assert!(daemon.wait().success());
}

/// A failed login is one line with the client's address, and without what was typed, which nobody is called.
#[test]
fn failed_login() {
    let place = Place::new();
    let daemon = place.start();
    let body = "username=hunter2&password=hunter2";
    let length = body.len();
    let mut client = daemon.connect();
    client.send(&format!(
        "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    ));
    assert!(client.header().starts_with("HTTP/1.1 200 "));
    let line = daemon.wait_for_line("failed login for an unknown name from 127.0.0.1");
    assert!(!line.contains("hunter2"), "{line}");
}

/// How long a stop takes while a connection is open on which this was said, and answered if it is a request.
fn stop_beside(said: &str, place: &Place) -> Duration {
    let mut daemon = place.start();
    let mut silent = daemon.connect();
    silent.send(said);
    if said.ends_with("\r\n\r\n") {
        silent.header();
    }
    daemon.get("/hello"); // connections are accepted in turn: the silent one has been
    let started = Instant::now();
    daemon.signal("TERM");
    assert!(daemon.wait().success());
    started.elapsed()
}

/// Connections on which nothing happens do not hold up the end, new ones and used ones.
#[test]
fn silent_connections() {
    for said in ["", "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"] {
        let took = stop_beside(said, &Place::new());
        assert!(took < SOON, "{took:?} after {said:?}");
    }
}

/// Half a header is not waited for as long as a request is.
#[test]
fn half_a_header() {
    let took = stop_beside("GET / HTTP/1.1\r\nHo", &Place::new());
    assert!(took < SOON, "{took:?}");
}

/// After the end the port is free again.
#[test]
fn restarted_at_once() {
    let place = Place::new();
    let daemon = place.start();
    let address = daemon.address().to_owned();
    let mut open = daemon.connect();
    open.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    open.header();
    assert!(daemon.stop());
    let daemon = place.start_with(&["--listen", &address]);
    assert!(daemon.get("/hello").ends_with("Hello, World!"));
}
