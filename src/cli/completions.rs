//! What a shell needs to complete the words of a program.

use clap::{Command, ValueEnum};
use clap_complete::{Shell, generate};

/// A shell that completes words.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShellName {
    /// The usual one of Debian and Fedora
    Bash,
    /// With completions in its `fpath`
    Zsh,
    /// From version 3 on
    Fish,
}

/// The script for one of them, made of a program's definition.
pub fn completions(shell: ShellName, mut program: Command) -> String {
    let name = program.get_name().to_owned();
    let generator = match shell {
        ShellName::Bash => Shell::Bash,
        ShellName::Zsh => Shell::Zsh,
        ShellName::Fish => Shell::Fish,
    };
    let mut script = Vec::new();
    generate(generator, &mut program, &name, &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    if shell == ShellName::Bash { with_hyphen(&script, &name) } else { script }
}

/// Mends what `clap_complete` makes for bash of a program with a hyphen in its name, which it writes in two ways, so that
/// nothing behind the first word is completed (<https://github.com/clap-rs/clap/issues/6421>).
fn with_hyphen(script: &str, name: &str) -> String {
    script.replace(&name.replace('-', "__subcmd__"), &name.replace('-', "__"))
}
