//! What the system says of this process. What it does not say, because `/proc` is not there, is left out.

use std::fs;
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

/// What the process uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Time on processors, in all its threads.
    pub processor_time: Option<Duration>,
    /// Memory that is there, and addresses that are taken, in bytes.
    pub resident_bytes: Option<u64>,
    /// See above.
    pub virtual_bytes: Option<u64>,
    /// Threads.
    pub threads: Option<u64>,
    /// File descriptors that are open, and most that may be.
    pub open_files: Option<u64>,
    /// See above.
    pub open_files_max: Option<u64>,
}

/// What it uses now.
pub fn usage() -> Usage {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let kib = |name| number_after(&status, name).map(|kib| kib * 1024);
    Usage {
        processor_time: processor_time(),
        resident_bytes: kib("VmRSS:"),
        virtual_bytes: kib("VmSize:"),
        threads: number_after(&status, "Threads:"),
        // One of them is the listing itself.
        open_files: fs::read_dir("/proc/self/fd").ok().map(|files| files.count().saturating_sub(1) as u64),
        open_files_max: number_after(&limits, "Max open files"),
    }
}

fn processor_time() -> Option<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_SELF).ok()?;
    Some(duration(usage.user_time()) + duration(usage.system_time()))
}

fn duration(time: TimeVal) -> Duration {
    let microseconds = time.tv_sec().saturating_mul(1_000_000).saturating_add(time.tv_usec());
    Duration::from_micros(microseconds.unsigned_abs())
}

/// The first number of the line that begins so.
fn number_after(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All of it is known on Linux, and is about this process.
    #[test]
    fn this_process() {
        let usage = usage();
        assert!(usage.processor_time.unwrap() > Duration::ZERO);
        assert!(usage.resident_bytes.unwrap() > 1_000_000 && usage.virtual_bytes > usage.resident_bytes);
        assert!(usage.threads.unwrap() >= 2);
        assert!(usage.open_files_max > usage.open_files);
        // Other tests open and close theirs meanwhile.
        let files: Vec<_> = (0..100).map(|_| fs::File::open("/proc/self/status").unwrap()).collect();
        assert!(self::usage().open_files.unwrap() > files.len() as u64);
    }

    /// A line is known by its beginning.
    #[test]
    fn numbers() {
        let text = "VmRSSx: 1 kB\nVmRSS:\t  20 kB\nMax open files            16384                524288  files\n";
        assert_eq!(number_after(text, "VmRSS:"), Some(20));
        assert_eq!(number_after(text, "Max open files"), Some(16384));
        assert_eq!(number_after(text, "Threads:"), None);
    }
}
