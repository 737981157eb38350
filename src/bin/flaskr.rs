//! The daemon, or else the administrator's command, which is `flaskr admin`.

use std::env;
use std::process::ExitCode;

use flaskr::{admin, daemon};

/// The word before those of the administrator's command. It is in this program too, so that a package carries the
/// database engine, and all else that both need, once.
const ADMIN: &str = "admin";

fn main() -> ExitCode {
    let mut words = env::args_os().skip(1);
    if words.next().is_some_and(|word| word == ADMIN) {
        return admin::main(words, env::vars_os());
    }
    daemon::main(env::vars_os())
}
