//! https without a proxy.

use std::fs;
use std::io::{BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Instant;

use rcgen::{CertificateParams, KeyPair};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::process::{Client, Daemon, PATIENCE, Place, request};

/// Makes a certificate for `localhost`, and puts it where the settings say.
fn certify(place: &Place) -> CertificateDer<'static> {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    fs::write(place.path("cert.pem"), pem("CERTIFICATE", certificate.der())).unwrap();
    write_key(place, &pem("PRIVATE KEY", &key.serialize_der()), 0o600);
    certificate.der().clone()
}

fn write_key(place: &Place, text: &str, mode: u32) {
    fs::write(place.path("key.pem"), text).unwrap();
    fs::set_permissions(place.path("key.pem"), fs::Permissions::from_mode(mode)).unwrap();
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64ct::{Base64, Encoding};
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", Base64::encode_string(der))
}

const FILES: &str = "listen = \"127.0.0.1:0\"\n[tls]\ncert = \"cert.pem\"\nkey = \"key.pem\"\n";

/// A place with an instance, a certificate and these settings.
fn installed(settings: &str) -> (Place, CertificateDer<'static>) {
    let place = Place::new();
    assert!(place.start().stop());
    let certificate = certify(&place);
    fs::write(place.path("config.toml"), settings).unwrap();
    (place, certificate)
}

fn serve(place: &Place) -> Daemon {
    let daemon = place.spawn(&["--config", "config.toml"]);
    place.wait_for("READY=1");
    daemon
}

/// Where it says that it serves.
fn address(daemon: &Daemon) -> String {
    let line = daemon.wait_for_line("serving ");
    line.split_once("https://").unwrap().1.split(',').next().unwrap().to_owned()
}

type Secured = Client<StreamOwned<ClientConnection, TcpStream>>;

/// A connection of somebody who trusts this certificate alone.
fn connect(address: &str, trusted: &CertificateDer<'static>) -> Secured {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    Client(BufReader::new(StreamOwned::new(connection, stream)))
}

fn get(address: &str, trusted: &CertificateDer<'static>, path: &str) -> std::io::Result<String> {
    let mut client = connect(address, trusted);
    client.0.get_mut().write_all(request("GET", path, "Connection: close\r\n", "").as_bytes())?;
    let mut answer = String::new();
    client.0.read_to_string(&mut answer)?;
    Ok(answer)
}

/// The site is served with the certificate in the files; its cookies are for https alone, and browsers come back so.
#[test]
fn served() {
    let (place, certificate) = installed(FILES);
    let daemon = serve(&place);
    let address = address(&daemon);
    let answer = get(&address, &certificate, "/hello").unwrap();
    assert!(answer.ends_with("Hello, World!") && answer.contains("strict-transport-security: "), "{answer}");
    let body = "theme=dark";
    let fields = "Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let mut client = connect(&address, &certificate);
    client.send(&request("POST", "/preferences", fields, body));
    let answer = client.rest();
    assert!(answer.contains("set-cookie: ") && answer.contains("; Secure"), "{answer}");
    assert!(daemon.stop());
}

/// Who speaks plain HTTP where TLS is spoken gets nothing of the site, and who does not speak is let go.
#[test]
fn not_tls() {
    let (place, _) = installed(&format!("{FILES}[limits]\nheader_seconds_max = 1\n"));
    let daemon = serve(&place);
    let address = address(&daemon);
    for said in [&request("GET", "/hello", "", ""), ""] {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(said.as_bytes()).unwrap();
        let (mut answer, began) = (Vec::new(), Instant::now());
        match stream.read_to_end(&mut answer) {
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
            Ok(_) => assert!(!String::from_utf8_lossy(&answer).contains("Hello")),
        }
        assert!(began.elapsed() < PATIENCE / 2);
    }
}

/// Who comes over http is sent on, with the method and the target that they had.
#[test]
fn redirected() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (place, _) = installed(&format!("{FILES}redirect_listen = \"127.0.0.1:{port}\"\n[log]\naccess = true\n"));
    let daemon = serve(&place);
    let port_of_site = address(&daemon).rsplit(':').next().unwrap().to_owned();
    let mut client = TcpStream::connect(("127.0.0.1", port)).unwrap();
    client.write_all(request("POST", "/1?a=b", "Connection: close\r\n", "").as_bytes()).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    let place_of_site = format!("location: https://localhost:{port_of_site}/1?a=b\r\n");
    assert!(answer.starts_with("HTTP/1.1 308 ") && answer.contains(&place_of_site), "{answer}");
    assert!(!daemon.wait_for_line("POST /1 308 32 B ").contains("a=b"));
    fs::write(place.path("config.toml"), FILES).unwrap();
    place.notified();
    daemon.signal("HUP");
    place.wait_for("READY=1");
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "a reload without it closes it");
    assert!(daemon.stop());
}

/// Where one of two sockets cannot be opened a reload is refused, and the other is where it was.
#[test]
fn moved_together() {
    let (place, certificate) = installed(FILES);
    let daemon = serve(&place);
    let address = address(&daemon);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let elsewhere = FILES.replace("127.0.0.1:0", "127.0.0.2:0");
    let settings = format!("{elsewhere}redirect_listen = \"{}\"\n", taken.local_addr().unwrap());
    fs::write(place.path("config.toml"), settings).unwrap();
    place.notified();
    daemon.signal("HUP");
    let said = place.wait_for("READY=1");
    assert!(said.contains(&format!("STATUS=Serving on https://{address}; ")), "{said}");
    assert!(said.contains("Address already in use"), "{said}");
    assert!(get(&address, &certificate, "/hello").unwrap().ends_with("Hello, World!"));
    assert!(daemon.stop());
}

/// A certificate that was renewed is taken by a reload; one that is of no use is refused, and the old one stays.
#[test]
fn renewed() {
    let (place, old) = installed(FILES);
    let daemon = serve(&place);
    let address = address(&daemon);
    let key_of_old = fs::read_to_string(place.path("key.pem")).unwrap();
    let reload = || {
        place.notified();
        daemon.signal("HUP");
        place.wait_for("READY=1")
    };
    let new = certify(&place);
    let key_of_new = fs::read_to_string(place.path("key.pem")).unwrap();
    for (key, mode, message) in [
        (key_of_old.as_str(), 0o600, "key.pem: this private key does not go with the certificate"),
        ("", 0o600, "key.pem: no private key in PEM"),
        (key_of_new.as_str(), 0o604, "key.pem: others can read the private key"),
    ] {
        write_key(&place, key, mode);
        let said = reload();
        assert!(said.contains("the last reload was refused") && said.contains(message), "{said}");
        assert!(get(&address, &old, "/hello").unwrap().ends_with("Hello, World!"), "{message}");
    }
    write_key(&place, &key_of_new, 0o640);
    assert!(!reload().contains("refused"), "a group may read it");
    assert!(get(&address, &new, "/hello").unwrap().ends_with("Hello, World!"));
    assert!(get(&address, &old, "/hello").is_err());
    assert!(daemon.stop());
}
