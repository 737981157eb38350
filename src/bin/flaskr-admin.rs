//! The administrator's command, for a checkout. In a package `flaskr admin` has this name.

use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    flaskr::admin::main(env::args_os().skip(1), env::vars_os())
}
