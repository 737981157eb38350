//! A running daemon, what it says, and a client for it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_flaskr");

/// Longest wait for anything, after which a test has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A place for an instance, a notification socket, and settings.
pub(crate) struct Place {
    directory: TempDir,
    notifications: UnixDatagram,
    variables: Vec<(String, String)>,
}

impl Place {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let notifications = UnixDatagram::bind(directory.path().join("notify")).unwrap();
        notifications.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { directory, notifications, variables: Vec::new() }.with("FLASKR_PASSWORD_MEMORY_KIB", "128")
    }

    /// Sets a variable of the daemon's environment.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The instance of every daemon that is started here.
    pub(crate) fn instance(&self) -> PathBuf {
        self.path("instance")
    }

    /// Starts the daemon with these arguments and waits until it serves.
    pub(crate) fn start_with(&self, arguments: &[&str]) -> Daemon {
        let mut daemon = self.spawn(arguments);
        self.wait_for("READY=1");
        let line = daemon.wait_for_line("serving ");
        let address = line.split_once("http://").map(|(_, rest)| rest.split(',').next().unwrap().to_owned());
        daemon.address = address.unwrap_or_default();
        daemon
    }

    /// Starts the daemon on a free port and waits until it serves.
    pub(crate) fn start(&self) -> Daemon {
        self.start_with(&["--listen", "127.0.0.1:0"])
    }

    /// Starts the daemon with these arguments.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> Daemon {
        self.run(Command::new(PROGRAM).args(arguments).stdin(Stdio::null()))
    }

    /// The same, and hands it a socket as one that systemd has kept.
    pub(crate) fn spawn_with_kept(&self, socket: TcpListener, arguments: &[&str]) -> Daemon {
        let hand_over = r#"export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=kept-site; exec "$0" "$@" 3<&0 </dev/null"#;
        let mut shell = Command::new("/bin/sh");
        self.run(shell.args(["-c", hand_over, PROGRAM]).args(arguments).stdin(OwnedFd::from(socket)))
    }

    fn run(&self, command: &mut Command) -> Daemon {
        let mut child = command
            .current_dir(self.directory.path())
            .env_clear()
            .env("NOTIFY_SOCKET", self.path("notify"))
            .envs(self.variables.iter().cloned())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Daemon { child, lines, address: String::new() }
    }

    /// Waits until the daemon has said this to systemd, and returns what it said with it; what it said before is dropped.
    pub(crate) fn wait_for(&self, state: &str) -> String {
        let mut buffer = [0; 4096];
        loop {
            let length = self.notifications.recv(&mut buffer).unwrap_or_else(|error| panic!("no {state}: {error}"));
            let said = String::from_utf8_lossy(&buffer[..length]);
            if said.lines().any(|line| line == state) {
                return said.into_owned();
            }
        }
    }

    /// Everything the daemon has said to systemd and nobody has waited for.
    pub(crate) fn notified(&self) -> String {
        self.notifications.set_nonblocking(true).unwrap();
        let (mut said, mut buffer) = (String::new(), [0; 4096]);
        while let Ok(length) = self.notifications.recv(&mut buffer) {
            said.push_str(&String::from_utf8_lossy(&buffer[..length]));
            said.push('\n');
        }
        self.notifications.set_nonblocking(false).unwrap();
        said
    }
}

/// A daemon that was started. It is killed if the test leaves it.
pub(crate) struct Daemon {
    child: Child,
    lines: Receiver<String>,
    address: String,
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Daemon {
    /// The address it serves on.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Waits for a line of its log with this in it.
    pub(crate) fn wait_for_line(&self, part: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("no line {part:?}: {error}"));
            if line.contains(part) {
                return line;
            }
        }
    }

    /// The lines of its log that nobody has waited for, once it has ended.
    pub(crate) fn rest_of_log(&self) -> Vec<String> {
        self.lines.iter().collect()
    }

    /// The memory that is its own, in KiB.
    pub(crate) fn memory_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    /// Stops it as systemd does, and says whether it ended well.
    pub(crate) fn stop(mut self) -> bool {
        self.signal("TERM");
        self.wait().success()
    }

    /// A connection to it.
    pub(crate) fn connect(&self) -> Client<TcpStream> {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Client(BufReader::new(stream))
    }

    /// Sends one request on a connection of its own; the answer as it came.
    pub(crate) fn request(&self, method: &str, path: &str, fields: &str, body: &str) -> String {
        let mut client = self.connect();
        client.send(&request(method, path, &format!("Connection: close\r\n{fields}"), body));
        client.rest()
    }

    pub(crate) fn get(&self, path: &str) -> String {
        self.request("GET", path, "", "")
    }

    /// Sends a form.
    pub(crate) fn post(&self, path: &str, fields: &str, form: &str) -> String {
        self.request("POST", path, &format!("Content-Type: application/x-www-form-urlencoded\r\n{fields}"), form)
    }

    /// Registers a user and logs in: the field that carries the session.
    pub(crate) fn log_in(&self, username: &str) -> String {
        let form = format!("username={username}&password=kettle+on+monday");
        assert!(self.post("/auth/register", "", &form).starts_with("HTTP/1.1 303"));
        let answer = self.post("/auth/login", "", &form);
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        format!("Cookie: {}\r\n", cookie.split(';').next().unwrap())
    }
}

/// A request as text. Its body has the length it says.
pub(crate) fn request(method: &str, path: &str, fields: &str, body: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n{fields}\r\n{body}", body.len())
}

/// One end of a connection.
pub(crate) struct Client<S: Read>(pub(crate) BufReader<S>);

impl<S: Read + Write> Client<S> {
    pub(crate) fn send(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
    }

    /// Reads a header to its end.
    pub(crate) fn header(&mut self) -> String {
        let mut header = String::new();
        while !header.ends_with("\r\n\r\n") {
            assert_ne!(self.0.read_line(&mut header).unwrap(), 0, "the connection ended after {header:?}");
        }
        header
    }

    /// Reads until the daemon closes the connection.
    pub(crate) fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).unwrap();
        String::from_utf8(rest).unwrap()
    }
}

/// Every file below a directory: its path, its mode and its bytes.
pub(crate) fn files(directory: &Path) -> Vec<(PathBuf, u32, Vec<u8>)> {
    use std::os::unix::fs::MetadataExt;
    let (mut files, mut folders) = (Vec::new(), vec![directory.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let metadata = std::fs::symlink_metadata(&path).unwrap();
            let bytes = if metadata.is_file() { std::fs::read(&path).unwrap() } else { Vec::new() };
            if metadata.is_dir() {
                folders.push(path.clone());
            }
            files.push((path, metadata.mode(), bytes));
        }
    }
    files.sort();
    files
}
