//! The completions in `docs/completions` are those of the programs' own definitions.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use clap::CommandFactory;
use flaskr::cli::{Admin, Daemon, ShellName, completions};

/// Each file is current. `UPDATE_COMPLETIONS=1` writes them anew.
#[test]
fn completions_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/completions");
    for command in [Daemon::command(), Admin::command()] {
        let program = command.get_name();
        for (shell, name) in [
            (ShellName::Bash, format!("{program}.bash")),
            (ShellName::Zsh, format!("_{program}")),
            (ShellName::Fish, format!("{program}.fish")),
        ] {
            let script = completions(shell, command.clone());
            let file = folder.join(name);
            if std::env::var_os("UPDATE_COMPLETIONS").is_some() {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(&file, &script).unwrap();
            }
            let stored = std::fs::read_to_string(&file).unwrap_or_default();
            let how = "run UPDATE_COMPLETIONS=1 cargo test --test completions";
            assert!(stored == script, "{} is not current: {how}", file.display());
        }
    }
}
