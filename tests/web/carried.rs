//! What the tests read or run beside themselves.

use std::env;
use std::path::{Path, PathBuf};

/// Where a file of the checkout is: there, or in the folder `CARRIED` on another machine, to which `tests/system/sandbox`
/// carries this program and what it needs.
pub(crate) fn carried(compiled: &str) -> PathBuf {
    let compiled = Path::new(compiled);
    match env::var_os("CARRIED") {
        Some(folder) => Path::new(&folder).join(compiled.file_name().unwrap()),
        None => compiled.to_owned(),
    }
}
