//! The administrator's command: arguments → settings → one command.

use std::env;
use std::io::stdout;
use std::process::ExitCode;

use clap::Parser;

use flaskr::admin;
use flaskr::cli::Admin;
use flaskr::clock::Clock;

#[expect(clippy::print_stderr, reason = "this is where a command says why it failed")]
fn main() -> ExitCode {
    let args = Admin::parse();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("flaskr-admin: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Admin) -> admin::Result<()> {
    let loaded = args.config.load(env::vars_os(), Vec::new())?;
    admin::run(args, &loaded, &Clock::system(), &mut stdout())
}
