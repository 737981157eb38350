//! Settings, theme and keys are taken anew while the site is served, and refused whole where something is wrong.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::os::unix::net::UnixStream;
use std::process::{Command, Output};

use flaskr::control::KEYS_BYTES_MAX;

use crate::process::{Daemon, Place, request};

/// A place with an instance, a runtime directory, and a config file with these lines that serves it.
fn installed(settings: &str) -> Place {
    let place = Place::new();
    assert!(place.start().stop());
    fs::create_dir(place.path("run")).unwrap();
    let runtime_directory = place.path("run").display().to_string();
    let place = place.with("RUNTIME_DIRECTORY", &runtime_directory);
    configure(&place, settings);
    place
}

fn configure(place: &Place, settings: &str) {
    fs::write(place.path("config.toml"), settings).unwrap();
}

fn serve(place: &Place) -> Daemon {
    place.start_with(&["--config", "config.toml"])
}

/// Reloads by the signal, and waits until it is over; what systemd heard then.
fn hang_up(place: &Place, daemon: &Daemon) -> String {
    place.notified();
    daemon.signal("HUP");
    let said = place.wait_for("RELOADING=1");
    assert!(said.contains("MONOTONIC_USEC="), "systemd 253 and later ask for it: {said}");
    place.wait_for("READY=1")
}

/// Reloads by the command.
fn ask(place: &Place) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flaskr-admin"));
    command.current_dir(place.path(".")).args(["--config", "config.toml", "reload"]);
    command.env_clear().env("RUNTIME_DIRECTORY", place.path("run")).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const ANY_PORT: &str = "listen = \"127.0.0.1:0\"\n";

/// The next request is answered by the new settings and the new theme, on a connection of before too.
#[test]
fn taken() {
    let place = installed(ANY_PORT);
    let daemon = serve(&place);
    let mut open = daemon.connect();
    open.send(&request("GET", "/hello", "", ""));
    open.header();
    fs::create_dir_all(place.path("theme/templates")).unwrap();
    fs::write(place.path("theme/templates/error.html"), "nothing at {{ site.title }}").unwrap();
    configure(&place, &format!("{ANY_PORT}[site]\ntitle = \"Gardens\"\ntheme = \"theme\"\n"));
    let said = hang_up(&place, &daemon);
    assert!(said.contains("STATUS=Serving on http://127.0.0.1:"), "{said}");
    daemon.wait_for_line("reloaded, settings from config.toml");
    assert!(daemon.get("/").contains("<title>"));
    assert!(daemon.get("/").contains("Gardens"));
    let mut body = String::new();
    open.send(&request("GET", "/nowhere", "Connection: close\r\n", ""));
    body.push_str(&open.rest());
    assert!(body.ends_with("nothing at Gardens"), "{body}");
    assert!(daemon.stop());
}

/// A bad setting, a bad theme and a bad key are refused, each with its place; all stays as it was, and what stays says so.
#[test]
fn refused() {
    let place = installed(&format!("{ANY_PORT}[site]\ntitle = \"Gardens\"\n"));
    let daemon = serve(&place);
    let key = fs::read(place.path("instance/secret_key")).unwrap();
    fs::create_dir_all(place.path("theme/templates")).unwrap();
    fs::write(place.path("theme/templates/error.html"), "{{ 1 | shout }}").unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let elsewhere = format!("listen = \"{}\"\n", taken.local_addr().unwrap());
    for (settings, key, message) in [
        ("\nlistne = 1", &key[..], "config.toml:2: listne: unknown field `listne`"),
        (&format!("{ANY_PORT}[site]\ntheme = \"theme\""), &key, "theme/templates/error.html:1:8: Unknown filter"),
        (&format!("{ANY_PORT}[site]\ntitle = \"x\""), b"short", "secret_key:1: the key is shorter than 32 bytes"),
        (&elsewhere, &key, "Address already in use"),
    ] {
        configure(&place, settings);
        fs::write(place.path("instance/secret_key"), key).unwrap();
        let said = hang_up(&place, &daemon);
        assert!(said.contains("the last reload was refused") && said.contains(message), "{message}: {said}");
        let line = daemon.wait_for_line(message);
        assert!(line.contains("reload refused, all is as before: "), "{message}: {line}");
        let output = ask(&place);
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert!(text(&output.stderr).contains(message), "{message}: {}", text(&output.stderr));
        assert!(daemon.get("/").contains("Gardens"), "{message}");
    }
    assert!(daemon.stop());
}

/// The command says what was done when it is done, and brings the keys: what the old one signed still counts.
#[test]
fn asked() {
    let place = installed(ANY_PORT);
    let daemon = serve(&place);
    let session = daemon.log_in("ann");
    let mut admin = Command::new(env!("CARGO_BIN_EXE_flaskr-admin"));
    admin.current_dir(place.path(".")).args(["--config", "config.toml", "secret-key", "rotate"]);
    assert!(admin.env_clear().output().unwrap().status.success());
    configure(&place, &format!("{ANY_PORT}[site]\ntitle = \"Gardens\"\n[database]\nreaders = 2\n"));
    let output = ask(&place);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = "reloaded, settings from config.toml; what takes effect with the next start: [database]\n";
    assert_eq!(text(&output.stdout), said);
    let page = daemon.request("GET", "/", &session, "");
    assert!(page.contains("<span>ann</span>") && page.contains("Gardens"));
    fs::write(place.path("instance/secret_key"), "k".repeat(64)).unwrap();
    assert!(ask(&place).status.success());
    assert!(!daemon.request("GET", "/", &session, "").contains("<span>ann</span>"), "the key is gone");
    assert!(daemon.stop());
    let output = ask(&place);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("no daemon to reload"), "{}", text(&output.stderr));
}

/// Nobody but the daemon's user may ask.
#[test]
fn control_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let place = installed(ANY_PORT);
    let _daemon = serve(&place);
    assert_eq!(fs::metadata(place.path("run/control")).unwrap().permissions().mode() & 0o777, 0o600);
}

/// Who asks and does not say it whole is refused, and keeps others waiting for 5 s at most.
#[test]
fn not_said_whole() {
    let place = installed(ANY_PORT);
    let daemon = serve(&place);
    let ask_with = |keys: &[u8]| {
        let mut stream = UnixStream::connect(place.path("run/control")).unwrap();
        stream.write_all(keys).unwrap();
        stream
    };
    let said_by = |mut stream: UnixStream| {
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        said
    };
    let silent = ask_with(b"");
    assert!(ask(&place).status.success());
    assert!(said_by(silent).starts_with("refused\nthe keys did not come whole: "));
    for (bytes, outcome) in [(KEYS_BYTES_MAX, "done\n"), (KEYS_BYTES_MAX + 1, "refused\nthe keys did not come whole: ")]
    {
        let stream = ask_with(&vec![b'k'; bytes]);
        stream.shutdown(Shutdown::Write).unwrap();
        let said = said_by(stream);
        assert!(said.starts_with(outcome), "{bytes}: {said}");
    }
    assert!(daemon.stop());
}

/// Another address is listened on at once, and the one of before no more; also where they have the port in common.
#[test]
fn listens_elsewhere() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let place = installed(&format!("listen = \"127.0.0.1:{port}\"\n"));
    let daemon = serve(&place);
    configure(&place, &format!("listen = \"0.0.0.0:{port}\"\n"));
    let said = hang_up(&place, &daemon);
    assert!(said.contains(&format!("STATUS=Serving on http://0.0.0.0:{port}\n")), "{said}");
    assert!(daemon.get("/hello").ends_with("Hello, World!"));
    configure(&place, &format!("listen = \"127.0.0.2:{port}\"\n"));
    assert!(hang_up(&place, &daemon).contains("127.0.0.2"));
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
    assert!(std::net::TcpStream::connect(("127.0.0.2", port)).is_ok());
    configure(&place, "listen = \"192.0.2.1:80\"\n");
    assert!(hang_up(&place, &daemon).contains("Cannot assign requested address"));
    assert!(std::net::TcpStream::connect(("127.0.0.2", port)).is_ok(), "the one of before stays");
    assert!(daemon.stop());
}

/// Who failed to log in too often has to wait, whatever is reloaded.
#[test]
fn failures_are_remembered() {
    let place = installed(&format!("{ANY_PORT}[throttle]\naddress = 2\n"));
    let daemon = serve(&place);
    let log_in = || daemon.post("/auth/login", "", "username=ann&password=wrong");
    assert!(log_in().starts_with("HTTP/1.1 200 ") && log_in().starts_with("HTTP/1.1 200 "));
    configure(&place, &format!("{ANY_PORT}[throttle]\naddress = 2\n[site]\ntitle = \"Gardens\"\n"));
    hang_up(&place, &daemon);
    assert!(log_in().starts_with("HTTP/1.1 429 "));
}
