//! Pictures over the wire: whoever takes one slowly holds a part of it, and nobody else up.

use std::io::{Cursor, Read, Write};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use crate::process::{Client, Daemon, Place, request};

/// Readers that take nothing, each of a picture of five million bytes.
const SLOW: usize = 40;
/// What all of them may cost, in KiB: a part that is being sent, the next one, and as much again for all else. Their pictures
/// have thirteen times as much.
const SLOW_KIB_MAX: u64 = 40 * 4 * 128;

/// Noise, which no format makes smaller.
fn png() -> Vec<u8> {
    let mut state = 1_u32;
    let mut level = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        u8::try_from(state >> 24).unwrap()
    };
    let pixels = RgbImage::from_fn(1600, 1100, |_, _| Rgb([level(), level(), level()]));
    let mut file = Cursor::new(Vec::new());
    DynamicImage::from(pixels).write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

/// Sends a post with a picture, and says where that is.
fn publish(daemon: &Daemon, session: &str, file: &[u8]) -> String {
    let text =
        |name: &str, value: &str| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let head = text("title", "t")
        + &text("body", "")
        + &text("image-1-alt", "noise")
        + "--x\r\nContent-Disposition: form-data; name=\"image-1\"; filename=\"a.png\"\r\n\r\n";
    let body = [head.as_bytes(), file, b"\r\n--x--\r\n"].concat();
    let mut client = daemon.connect();
    client.send(&format!(
        "POST /create HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: multipart/form-data; boundary=x\r\n{session}\r\n",
        body.len()
    ));
    client.0.get_mut().write_all(&body).unwrap();
    let answer = client.rest();
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    let page = daemon.get("/");
    let start = page.find("/images/").unwrap_or_else(|| panic!("{page}"));
    page[start..start + "/images/.png".len() + 32].to_owned()
}

fn ask(daemon: &Daemon, path: &str) -> Client<std::net::TcpStream> {
    let mut client = daemon.connect();
    client.send(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    client
}

/// Those who take a large picture slowly hold a part of it each, and others get theirs.
#[test]
fn slow_readers() {
    let place = Place::new();
    let daemon = place.start();
    let session = daemon.log_in("ada");
    let file = png();
    let path = publish(&daemon, &session, &file);
    let before = daemon.memory_kib();
    let slow: Vec<_> = (0..SLOW).map(|_| ask(&daemon, &path)).collect();
    for _ in 0..3 {
        let mut answer = Vec::new();
        ask(&daemon, &path).0.read_to_end(&mut answer).unwrap();
        let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        let shown = image::load_from_memory(&answer[head + 4..]).unwrap();
        assert_eq!(shown, image::load_from_memory(&file).unwrap());
    }
    let after = daemon.memory_kib();
    assert!(after < before + SLOW_KIB_MAX, "{before} KiB, then {after} KiB");
    // Who was slow until now gets the rest.
    for mut client in slow.into_iter().take(3) {
        let mut answer = Vec::new();
        client.0.read_to_end(&mut answer).unwrap();
        assert!(answer.len() > 5_000_000, "{}", answer.len());
    }
}

/// A form with images has its own time to arrive, and not for ever.
#[test]
fn upload_too_slow() {
    let place =
        Place::new().with("FLASKR_LIMITS_UPLOAD_SECONDS_MAX", "1").with("FLASKR_LIMITS_FORM_SECONDS_MAX", "3600");
    let daemon = place.start();
    let session = daemon.log_in("ada");
    let head =
        request("POST", "/create", &format!("Content-Type: multipart/form-data; boundary=x\r\n{session}"), "--x--");
    let mut client = daemon.connect();
    client.send(&head[..head.len() - 3]);
    let answer = client.rest();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}
