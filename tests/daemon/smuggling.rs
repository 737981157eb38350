//! Requests whose end a proxy may see elsewhere than we do: each is refused, or ends the connection, so that what
//! follows is never taken for a request of its own. <https://portswigger.net/web-security/request-smuggling>

use crate::process::{Daemon, Place};

/// What would be answered with 404 if it were taken for a request.
const SMUGGLED: &str = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

/// Field lines of a POST, and what follows the header.
const CORPUS: [(&str, &str); 35] = [
    // Two lengths
    ("Content-Length: 4\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
    ("Transfer-Encoding: chunked\r\nContent-Length: 4", "0\r\n\r\n"),
    ("Content-Length: 0\r\nContent-Length: 40", ""),
    ("Content-Length: 0, 40", ""),
    // Lengths that are no number
    ("Content-Length: +0", ""),
    ("Content-Length: -1", ""),
    ("Content-Length: 0x0", ""),
    ("Content-Length: 0 0", ""),
    ("Content-Length: ", ""),
    ("Content-Length: 99999999999999999999999999", ""),
    // Encodings that are not chunked alone
    ("Transfer-Encoding: xchunked", "0\r\n\r\n"),
    ("Transfer-Encoding: chunked, identity", "0\r\n\r\n"),
    ("Transfer-Encoding: identity", ""),
    ("Transfer-Encoding: \"chunked\"", "0\r\n\r\n"),
    ("Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "0\r\n\r\n"),
    ("Transfer-Encoding: \x0bchunked", "0\r\n\r\n"),
    ("Transfer-Encoding:\r\n chunked", "0\r\n\r\n"),
    ("Transfer-Encoding: cow\r\n , chunked", "0\r\n\r\n"),
    // Fields that a proxy may read otherwise
    ("Content-Length : 0", ""),
    ("Transfer-Encoding : chunked", "0\r\n\r\n"),
    ("X: y\r\n Content-Length: 40", ""),
    ("X: y\rContent-Length: 40", ""),
    ("X: y\0", ""),
    ("Content\x00-Length: 40", ""),
    (" Content-Length: 0", ""),
    ("Content-Length\t: 0", ""),
    ("no colon", ""),
    (": no name", ""),
    // Chunks
    ("Transfer-Encoding: chunked", "-1\r\n\r\n"),
    ("Transfer-Encoding: chunked", "0x0\r\n\r\n"),
    ("Transfer-Encoding: chunked", "10000000000000000\r\n\r\n"),
    ("Transfer-Encoding: chunked", " 0\r\n\r\n"),
    ("Transfer-Encoding: chunked", "1\r\nab0\r\n\r\n"),
    ("Transfer-Encoding: chunked", "2;a\nb\r\nab\r\n0\r\n\r\n"),
    ("Transfer-Encoding: chunked", "g\r\n\r\n"),
];

/// The statuses that are answered to a form with these fields and this body, and another request after it.
fn answers(daemon: &Daemon, fields: &str, body: &str) -> Vec<String> {
    let mut client = daemon.connect();
    let form = "Content-Type: application/x-www-form-urlencoded";
    client.send(&format!("POST /auth/login HTTP/1.1\r\nHost: x\r\n{form}\r\n{fields}\r\n\r\n{body}{SMUGGLED}"));
    client.rest().split("HTTP/1.1 ").skip(1).map(|answer| answer[..3].to_owned()).collect()
}

/// Nothing is smuggled past whoever stands before us. A form without fields is 400 too; what tells is what comes next.
#[test]
fn corpus() {
    let place = Place::new().with("FLASKR_LIMITS_HEADER_SECONDS_MAX", "1");
    let daemon = place.start();
    for (fields, body) in CORPUS {
        let answers = answers(&daemon, fields, body);
        assert!(answers.is_empty() || answers == ["400"], "{fields:?} {body:?}: {answers:?}");
    }
    for (fields, body) in [("Content-Length: 0", ""), ("Transfer-Encoding: chunked", "1;a=b\r\nx\r\n0\r\n\r\n")] {
        assert_eq!(answers(&daemon, fields, body), ["400", "404"], "{fields:?}");
    }
}

/// A request names one host, and a length in HTTP/1.0 is no chunk's.
#[test]
fn request_lines() {
    let place = Place::new();
    let daemon = place.start();
    for (said, status) in [
        ("GET / HTTP/1.1\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400"),
        ("GET  / HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
        ("GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
        ("GET / HTTP/1.2\r\nHost: x\r\n\r\n", "400"),
        ("G\0T / HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
        ("GET / HTTP/1.0\r\n\r\n", "200"),
        ("POST /auth/logout HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"),
    ] {
        let mut client = daemon.connect();
        client.send(&said.replacen("\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1));
        let answer = client.rest();
        let version = if answer.starts_with("HTTP/1.0") { "HTTP/1.0" } else { "HTTP/1.1" };
        assert!(answer.starts_with(&format!("{version} {status} ")), "{said:?}: {answer}");
    }
}
