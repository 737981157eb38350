//! The command lines explain themselves: each word has examples, and each example is right.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::Path;
use std::process::Command as Process;

use clap::error::ErrorKind;
use clap::{Command, CommandFactory, Parser};
use flaskr::cli::{Admin, Daemon};
use serde_json::Value;

/// Every command and what is below it, with the words that call it.
fn all(command: &Command, before: &str) -> Vec<(String, Command)> {
    let words = format!("{before}{}", command.get_name());
    let below = command.get_subcommands().filter(|below| below.get_name() != "help");
    let below = below.flat_map(|below| all(below, &format!("{words} "))).collect::<Vec<_>>();
    [vec![(words, command.clone())], below].concat()
}

/// The lines under "Examples:".
fn examples(command: &Command) -> Vec<String> {
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let lines = help.lines().skip_while(|line| *line != "Examples:").skip(1).take_while(|line| line.starts_with("  "));
    lines.map(|line| line.trim().to_owned()).collect()
}

/// The words of a line for the shell, without what it says about itself behind two spaces.
fn calls(line: &str) -> Vec<Vec<String>> {
    let line = line.split("  ").next().unwrap();
    let parts = line.split(" && ").map(|part| part.split(['>', '<']).next().unwrap());
    parts.filter(|part| part.starts_with("flaskr")).map(shell_words).collect()
}

fn shell_words(line: &str) -> Vec<String> {
    let output = Process::new("sh").args(["-c", &format!("printf '%s\\0' {line}")]).output().unwrap();
    let words = String::from_utf8(output.stdout).unwrap();
    words.trim_end_matches('\0').split('\0').map(str::to_owned).collect()
}

/// Each word of the command has help that ends with examples of it, which its definition takes.
#[test]
fn every_command_has_examples_that_are_right() {
    for (words, command) in all(&Admin::command(), "").into_iter().chain(all(&Daemon::command(), "")) {
        let examples = examples(&command);
        assert!(command.get_about().is_some() && !examples.is_empty(), "`{words}` has help with examples");
        assert!(examples.iter().any(|line| line.starts_with(&words)), "`{words}` is in an example of its own");
        for line in examples {
            for call in calls(&line) {
                let error = match call.as_slice() {
                    [flaskr, admin, ..] if flaskr == "flaskr" && admin == "admin" => {
                        Admin::try_parse_from(call.get(1..).unwrap()).err()
                    }
                    [flaskr, ..] if flaskr == "flaskr" => Daemon::try_parse_from(&call).err(),
                    _ => Admin::try_parse_from(&call).err(),
                };
                let wrong = error.filter(|error| error.kind() != ErrorKind::DisplayHelp);
                assert!(wrong.is_none(), "{line}: {}", wrong.unwrap());
            }
        }
    }
}

/// Where there is `--json`, the help names each field that a transcript shows.
#[test]
fn fields_for_scripts_are_documented() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/admin");
    let transcripts: String =
        fs::read_dir(folder).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let helps: Vec<_> = all(&Admin::command(), "")
        .into_iter()
        .filter(|(_, command)| command.get_arguments().any(|argument| argument.get_id() == "json"))
        .map(|(words, command)| (words, command.get_long_about().unwrap().to_string()))
        .collect();
    for (words, help) in &helps {
        if words.ends_with(" copy") {
            continue; // it needs a server: tests/system/copy reads it
        }
        let call = format!("{words} ");
        let shown = transcripts.split(call.as_str()).skip(1).filter_map(|rest| {
            let (line, rest) = rest.split_once('\n')?;
            let is_json = line.contains("--json") && rest.starts_with(['{', '[']);
            is_json
                .then(|| serde_json::Deserializer::from_str(&rest.replace(": N", ": 0")).into_iter::<Value>().next())?
        });
        let documents: Vec<Value> = shown.map(Result::unwrap).collect();
        assert!(!documents.is_empty(), "{words} --json is in a transcript");
        if words.ends_with(" config") {
            continue; // its fields are those of the config file
        }
        // What a field says may stand with the list that has it too.
        let list = words.rsplit_once(' ').map(|(group, _)| format!("{group} list"));
        let more = ["list", "show"].iter().flat_map(|word| {
            let other = list.as_deref().unwrap_or_default().replace("list", word);
            helps.iter().filter(move |(words, _)| *words == other)
        });
        let documented: String = more.map(|(_, help)| help.as_str()).chain([help.as_str()]).collect();
        for field in documents.iter().flat_map(fields) {
            assert!(documented.contains(&format!("`{field}`")), "the help of `{words}` says what {field} is");
        }
    }
}

fn fields(document: &Value) -> Vec<String> {
    match document {
        Value::Object(object) => {
            object.iter().flat_map(|(field, value)| [vec![field.clone()], fields(value)].concat()).collect()
        }
        Value::Array(array) => array.iter().flat_map(fields).collect(),
        _ => Vec::new(),
    }
}

/// Whatever goes wrong, a script can tell by the status what kind of thing it was. The help has them all.
#[test]
fn every_status_is_documented_and_seen() {
    let help = Admin::command().get_after_help().unwrap().to_string();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/admin");
    let transcripts: String =
        fs::read_dir(folder).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let documented: Vec<_> = (1..=9).filter(|status| help.contains(&format!("\n  {status}  "))).collect();
    let seen: Vec<_> = (1..=255).filter(|status| transcripts.contains(&format!("[exit {status}]\n"))).collect();
    assert_eq!(documented, seen);
}
