//! What a connection may be like, and where it may come from.

use std::io::{BufReader, ErrorKind, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::{Duration, Instant};

use crate::process::{Client, PATIENCE, Place, request};

/// A header past the limit is refused in so many words.
#[test]
fn header_too_large() {
    let place = Place::new().with("FLASKR_LIMITS_HEADER_BYTES_MAX", "8192");
    let daemon = place.start();
    let answer = daemon.request("GET", "/hello", &format!("X: {}\r\n", "x".repeat(9000)), "");
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let answer = daemon.request("GET", "/hello", &format!("X: {}\r\n", "x".repeat(7000)), "");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let answer = daemon.get(&format!("/{}", "x".repeat(9000)));
    assert!(answer.starts_with("HTTP/1.1 431 ") || answer.starts_with("HTTP/1.1 414 "), "{answer}");
}

/// A header that does not come to its end closes the connection, as does the next one that never begins.
#[test]
fn header_too_slow() {
    let place = Place::new().with("FLASKR_LIMITS_HEADER_SECONDS_MAX", "1");
    let daemon = place.start();
    for said in ["GET / HTTP/1.1\r\nHost: x\r\n", "", "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"] {
        let mut client = daemon.connect();
        client.send(said);
        let started = Instant::now();
        client.rest();
        assert!((900..4000).contains(&started.elapsed().as_millis()), "{:?} after {said:?}", started.elapsed());
    }
}

/// A form that does not come to its end is answered, and the connection closed.
#[test]
fn form_too_slow() {
    let place = Place::new().with("FLASKR_LIMITS_FORM_SECONDS_MAX", "1");
    let daemon = place.start();
    let mut client = daemon.connect();
    client.send("POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nConnection: close\r\n\r\nuser");
    let answer = client.rest();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

/// A post from somebody who is not logged in any more is read to its end, however slowly it comes: their browser would
/// not read an answer before that, and see a connection that broke.
#[test]
fn form_is_read_before_it_is_refused() {
    let place = Place::new();
    let daemon = place.start();
    for path in ["/create", "/1/update"] {
        let body = "x".repeat(900_000);
        let mut client = daemon.connect();
        client.send(&format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", body.len()));
        std::thread::sleep(Duration::from_millis(200));
        client.send(&body);
        assert!(client.header().starts_with("HTTP/1.1 303 "), "{path}");
        client.send(&request("GET", "/hello", "Connection: close\r\n", ""));
        assert!(client.rest().ends_with("Hello, World!"), "{path}");
    }
}

/// An answer of which nothing is taken for too long ends, and with it the connection.
#[test]
fn answer_not_taken() {
    const POSTS: usize = 30; // of a megabyte: more than the system holds of an answer
    let place = Place::new().with("FLASKR_LIMITS_WRITE_SECONDS_MAX", "1").with("FLASKR_PAGES_POSTS_PER_PAGE", "30");
    let daemon = place.start();
    daemon.log_in("ann");
    let database = rusqlite::Connection::open(place.instance().join("flaskr.sqlite")).unwrap();
    for _ in 0..POSTS {
        let post = "INSERT INTO post (author_id, title, body) VALUES (1, 'long', hex(zeroblob(500000)))";
        database.execute(post, []).unwrap();
    }
    let asked = Instant::now();
    let whole = daemon.get("/").len();
    let to_make_it = asked.elapsed();
    assert!(whole > POSTS * 1_000_000, "{whole}");
    let mut client = daemon.connect();
    client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    std::thread::sleep(2 * to_make_it + Duration::from_secs(3));
    let mut taken = Vec::new();
    let _ = client.0.read_to_end(&mut taken); // it may end with a reset
    assert!(!taken.is_empty() && taken.len() < whole, "{} of {whole}", taken.len());
}

/// HEAD is GET without the body.
#[test]
fn head() {
    let place = Place::new();
    let daemon = place.start();
    let (head, get) = (daemon.request("HEAD", "/hello", "", ""), daemon.get("/hello"));
    assert!(head.contains("content-length: 13\r\n") && head.ends_with("\r\n\r\n"), "{head}");
    assert!(get.ends_with("\r\n\r\nHello, World!"), "{get}");
}

/// A body in chunks is a body.
#[test]
fn chunked() {
    let place = Place::new();
    let daemon = place.start();
    let mut client = daemon.connect();
    client.send(
        "POST /auth/register HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n",
    );
    for chunk in ["username=a", "&pass", "word=kettle+on+monday"] {
        client.send(&format!("{:x}\r\n{chunk}\r\n", chunk.len()));
    }
    client.send("0\r\n\r\n");
    assert!(client.rest().starts_with("HTTP/1.1 303 "));
}

/// Several requests follow each other on one connection, in order.
#[test]
fn pipelined() {
    let place = Place::new();
    let daemon = place.start();
    let mut client = daemon.connect();
    client.send(&(request("GET", "/hello", "", "") + &request("GET", "/nothing", "Connection: close\r\n", "")));
    let answers = client.rest();
    let hello = answers.find("Hello, World!").unwrap();
    assert!(answers[hello..].contains("HTTP/1.1 404 "), "{answers}");
}

/// What is not HTTP is refused, and the daemon goes on.
#[test]
fn nonsense() {
    let place = Place::new();
    let daemon = place.start();
    for said in ["nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\0\0\0\0\r\n\r\n"] {
        let mut client = daemon.connect();
        client.send(said);
        let answer = client.rest();
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{answer}");
    }
    assert!(daemon.get("/hello").ends_with("Hello, World!"));
}

/// What asks for no page, as a proxy would be asked, is refused like any other method.
#[test]
fn no_proxy() {
    let place = Place::new();
    let daemon = place.start();
    for (said, status) in
        [("CONNECT x:80 HTTP/1.1\r\n", 405), ("OPTIONS * HTTP/1.1\r\n", 200), ("GET * HTTP/1.1\r\n", 200)]
    {
        let mut client = daemon.connect();
        client.send(&format!("{said}Host: x\r\nConnection: close\r\n\r\n"));
        let answer = client.rest();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{said} {answer}");
    }
}

/// HTTP/2 is left to a proxy: whoever begins with it gets no answer in it.
#[test]
fn no_http2() {
    let place = Place::new();
    let daemon = place.start();
    let mut client = daemon.connect();
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    let answer = client.rest();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 "), "{answer}");
}

fn hello_over(place: &Place) -> String {
    let stream = UnixStream::connect(place.path("socket")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut client = Client(BufReader::new(stream));
    client.send(&request("GET", "/hello", "Connection: close\r\n", ""));
    client.rest()
}

/// The daemon listens on a Unix socket that anybody may use who can reach it. Its file stays for the next daemon where
/// systemd keeps the socket, and goes at the end where there is no systemd.
#[test]
fn unix_socket() {
    let place = Place::new();
    let socket = format!("unix:{}", place.path("socket").display());
    let daemon = place.start_with(&["--listen", &socket]);
    assert!(hello_over(&place).ends_with("Hello, World!"));
    assert_eq!(place.path("socket").metadata().unwrap().mode() & 0o777, 0o666);
    assert!(daemon.stop());
    assert!(place.path("socket").exists());

    let place = Place::new().with("NOTIFY_SOCKET", "");
    let socket = format!("unix:{}", place.path("socket").display());
    let daemon = place.spawn(&["--listen", &socket]);
    daemon.wait_for_line("serving ");
    assert!(daemon.stop());
    assert!(!place.path("socket").exists());
}

/// A socket that a killed daemon left is replaced; one that is in use, or another file, is not.
#[test]
fn stale_socket() {
    let place = Place::new();
    let path = place.path("socket");
    let socket = format!("unix:{}", path.display());
    drop(UnixListener::bind(&path).unwrap());
    assert!(path.symlink_metadata().unwrap().file_type().is_socket());
    let first = place.start_with(&["--listen", &socket]);
    assert!(hello_over(&place).ends_with("Hello, World!"));

    let mut second = place.spawn(&["--listen", &socket]);
    assert_eq!(second.wait().code(), Some(1));
    let line = second.wait_for_line("cannot listen on ");
    assert!(line.contains(&socket), "{line}");
    assert!(hello_over(&place).ends_with("Hello, World!"), "the first one goes on");
    assert!(first.stop());

    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, "precious").unwrap();
    assert_eq!(place.spawn(&["--listen", &socket]).wait().code(), Some(1));
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
}

/// At the limit of connections a new one waits while nobody is slow; then the oldest gives way.
#[test]
fn oldest_gives_way() {
    let place = Place::new().with("FLASKR_LIMITS_CONNECTIONS_MAX", "2");
    let daemon = place.start();
    let (mut oldest, mut old, mut new) = (daemon.connect(), daemon.connect(), daemon.connect());
    oldest.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    oldest.header();
    std::thread::sleep(Duration::from_millis(10)); // ages are told apart in milliseconds
    old.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    old.header();
    new.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    new.0.get_ref().set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert_eq!(new.0.get_ref().peek(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
    new.0.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
    assert!(new.rest().ends_with("Hello, World!"));
    old.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    assert!(old.header().contains("HTTP/1.1 200 "));
    assert_eq!(oldest.rest(), "Hello, World!", "closed after its answer");
}

/// Who sends a form slowly makes room for those who do not, once memory for forms is short.
#[test]
fn slow_forms_give_way() {
    let place = Place::new()
        .with("FLASKR_LIMITS_FORM_BYTES_MAX", "1048576")
        .with("FLASKR_LIMITS_IN_FLIGHT_BYTES_MAX", "1048576");
    let daemon = place.start();
    let form = "username=a&password=".to_owned() + &"x".repeat(1_000_000);
    let head = request("POST", "/auth/login", "Content-Type: application/x-www-form-urlencoded\r\n", &form);
    let mut slow = daemon.connect();
    slow.send(&head[..head.len() - 1]);
    std::thread::sleep(Duration::from_millis(1200));
    let answer = daemon.post("/auth/login", "", &form);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(slow.0.read(&mut [0]).map_or(true, |read| read == 0), "the slow one was closed");
}
