//! Who listens where, as the kernel shows it in `/proc`.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use crate::config::Listen;

/// A process that listens at some place. Whoever is not root sees only their own.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    /// Its number and its name, where they can be seen.
    pub(super) process: Option<(u32, String)>,
}

impl Holder {
    /// Whether it is the daemon, or systemd, which listens for it.
    pub(super) fn is_daemon(&self) -> bool {
        self.process.as_ref().is_some_and(|(_, name)| name == "flaskr" || name == "systemd")
    }
}

/// Who listens at this place, if anybody does.
pub(super) fn holder(listen: &Listen) -> Option<Holder> {
    let inode = match listen {
        Listen::Tcp(address) => ["/proc/net/tcp", "/proc/net/tcp6"]
            .into_iter()
            .find_map(|table| fs::read_to_string(table).ok()?.lines().find_map(|line| listening(line, *address))),
        Listen::Unix(path) => fs::read_to_string("/proc/net/unix").ok()?.lines().find_map(|line| unix(line, path)),
    };
    inode.map(|inode| Holder { process: process_with(&format!("socket:[{inode}]")) })
}

/// The number of the socket in a line of `/proc/net/tcp`, if it listens there: address and port in hexadecimal, the state
/// `0A`, and the tenth word.
fn listening(line: &str, wanted: SocketAddr) -> Option<String> {
    let words: Vec<_> = line.split_whitespace().collect();
    let (Some(local), Some(&"0A"), Some(inode)) = (words.get(1), words.get(3), words.get(9)) else { return None };
    let (address, port) = local.split_once(':')?;
    let address = address_of(address)?;
    let is_same = address == wanted.ip() || address.is_unspecified() || wanted.ip().is_unspecified();
    (is_same && u16::from_str_radix(port, 16).ok()? == wanted.port()).then(|| (*inode).to_owned())
}

/// An address as the kernel writes it: words of four bytes in this machine's order.
fn address_of(hexadecimal: &str) -> Option<IpAddr> {
    let word = |from: usize| u32::from_str_radix(hexadecimal.get(from..from + 8)?, 16).map(u32::to_ne_bytes).ok();
    if hexadecimal.len() == 8 {
        return word(0).map(|bytes| IpAddr::from(Ipv4Addr::from(bytes)));
    }
    let mut bytes = [0; 16];
    for (index, part) in bytes.chunks_exact_mut(4).enumerate() {
        part.copy_from_slice(&word(index * 8)?);
    }
    Some(Ipv6Addr::from(bytes).to_canonical())
}

/// The number of the socket in a line of `/proc/net/unix`, if it listens there: the sixth word is its state, `01`.
fn unix(line: &str, path: &Path) -> Option<String> {
    let words: Vec<_> = line.split_whitespace().collect();
    let (Some(&"01"), Some(inode), Some(place)) = (words.get(5), words.get(6), words.get(7)) else { return None };
    (Path::new(place) == path).then(|| (*inode).to_owned())
}

/// The process that has this open.
fn process_with(open: &str) -> Option<(u32, String)> {
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let mut numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let number = numbers.find(|number| {
        let files = fs::read_dir(format!("/proc/{number}/fd")).into_iter().flatten().flatten();
        files.filter_map(|file| fs::read_link(file.path()).ok()).any(|link| link == Path::new(open))
    })?;
    let name = fs::read_to_string(format!("/proc/{number}/comm")).ok()?;
    Some((number, name.trim_end().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the kernel writes them on a machine that stores the low byte first, as all that are supported do.
    #[test]
    fn lines_of_the_kernel() {
        let line =
            "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000   0  0 4711 1 0 100 0 0 10 0";
        let at = |text: &str, line: &str| listening(line, text.parse().unwrap());
        assert_eq!(at("127.0.0.1:8080", line), Some("4711".to_owned()));
        assert_eq!(at("0.0.0.0:8080", line), Some("4711".to_owned()));
        assert_eq!(at("127.0.0.1:8081", line), None);
        assert_eq!(at("127.0.0.2:8080", line), None);
        assert_eq!(at("127.0.0.1:8080", &line.replace(" 0A ", " 01 ")), None, "a connection");
        let loopback = line.replace("0100007F", "00000000000000000000000001000000");
        assert_eq!(at("[::1]:8080", &loopback), Some("4711".to_owned()));
        assert_eq!(at("[::2]:8080", &loopback), None);
        let line = "0000000000000000: 00000002 00000000 00010000 0001 01 4712 /run/flaskr/flaskr.sock";
        assert_eq!(unix(line, Path::new("/run/flaskr/flaskr.sock")), Some("4712".to_owned()));
        assert_eq!(unix(line, Path::new("/run/flaskr.sock")), None);
    }
}
