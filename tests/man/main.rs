//! The man pages say what the programs' own help says, and what the shipped config file says.

#![allow(clippy::unwrap_used, reason = "tests")]

mod config;

use std::collections::BTreeSet;
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, italic, roman};
use flaskr::cli::{Admin, Daemon};

const FILES: [(&str, &str); 3] = [
    ("/etc/flaskr/config.toml", "Every setting, with its default and what it means."),
    ("/etc/flaskr/secret_key", "The keys that sign cookies, one a line: the first signs, the others still verify."),
    ("/var/lib/flaskr/flaskr.sqlite", "The site, all of it."),
];

/// Of both programs.
const ENVIRONMENT: [(&str, &str); 2] = [
    ("FLASKR_*", "Each setting, as flaskr-config(5) says, for example FLASKR_LIMITS_FORM_BYTES_MAX."),
    ("NO_COLOR", "Set to anything: no colours on a terminal."),
];

/// What systemd tells the daemon.
const FROM_SYSTEMD: [(&str, &str); 6] = [
    ("CREDENTIALS_DIRECTORY", "Where systemd hands over the secret key, which then counts instead of secret_key_file."),
    ("JOURNAL_STREAM", "Whether the log goes to the journal, with its fields, or as lines to standard error."),
    (
        "LISTEN_FDS",
        "How many sockets systemd hands over: those of a socket unit, which count instead of listen, and those it has kept.",
    ),
    ("NOTIFY_SOCKET", "Whom to tell that the daemon is ready, and what it does."),
    ("RUNTIME_DIRECTORY", "Where the socket is on which flaskr-admin reload asks."),
    ("WATCHDOG_USEC", "How often to say that it still answers."),
];

fn page(command: &Command, environment: &[(&str, &str)], others: &[(&str, &str)]) -> Vec<u8> {
    let mut page = Vec::new();
    let version = format!("Flaskr {}", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).section("8").source(version).manual("Flaskr");
    man.render_title(&mut page).unwrap();
    man.render_name_section(&mut page).unwrap();
    man.render_synopsis_section(&mut page).unwrap();
    man.render_description_section(&mut page).unwrap();
    man.render_options_section(&mut page).unwrap();
    let mut more = Roff::new();
    if command.has_subcommands() {
        more.control("SH", ["COMMANDS"]);
        commands(command, "", &mut more);
    }
    more.control("SH", ["EXIT STATUS"]);
    for line in noted(command, "Exit status:") {
        let (status, meaning) = line.trim().split_once("  ").unwrap();
        more.control("TP", []).text([bold(status)]).text([roman(meaning.trim())]);
    }
    list("ENVIRONMENT", environment, &mut more);
    list("FILES", &FILES, &mut more);
    more.control("SH", ["EXAMPLES"]).control("nf", []);
    for line in examples(command) {
        more.text([roman(line)]);
    }
    more.control("fi", []);
    see_also(others, &mut more);
    more.to_writer(&mut page).unwrap();
    without_date(page)
}

/// An empty word has to be in quotes, or the date is what comes behind it.
fn without_date(page: Vec<u8>) -> Vec<u8> {
    String::from_utf8(page).unwrap().replacen("  \"Flaskr ", " \"\" \"Flaskr ", 1).into_bytes()
}

fn list(head: &str, items: &[(&str, &str)], page: &mut Roff) {
    page.control("SH", [head]);
    for (name, meaning) in items {
        page.control("TP", []).text([bold(*name)]).text([roman(*meaning)]);
    }
}

fn see_also(others: &[(&str, &str)], page: &mut Roff) {
    page.control("SH", ["SEE ALSO"]);
    let last = others.len() - 1;
    let others = others.iter().enumerate().flat_map(|(index, (name, section))| {
        [bold(*name), roman(format!("({section}){}", if index == last { "" } else { ", " }))]
    });
    page.text(others.collect::<Vec<_>>());
}

/// What the program can be told to do, each with all it takes.
fn commands(command: &Command, before: &str, page: &mut Roff) {
    for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
        let name = format!("{before}{}", command.get_name());
        if command.has_subcommands() {
            commands(command, &format!("{name} "), page);
            continue;
        }
        let about = command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default();
        page.control("TP", []).text([bold(format!("{name}{}", arguments(command)))]).text([roman(about)]);
        for option in command.get_arguments().filter(|option| !["help", "version"].contains(&option.get_id().as_str()))
        {
            let help = option.get_help().map(ToString::to_string).unwrap_or_default();
            let values = option.get_possible_values();
            let values = values.iter().map(|value| value.get_name().to_owned()).collect::<Vec<_>>().join(", ");
            let help = if values.is_empty() || !option.get_action().takes_values() {
                help
            } else {
                format!("{help}: {values}")
            };
            page.control("RS", []).control("TP", []);
            match (option.get_long(), option.get_value_names().filter(|_| option.get_action().takes_values())) {
                (Some(long), Some([value, ..])) => {
                    page.text([bold(format!("--{long}")), roman(" "), italic(value.as_str())])
                }
                (Some(long), _) => page.text([bold(format!("--{long}"))]),
                (None, _) => page.text([italic(option.get_id().as_str().to_uppercase())]),
            };
            page.text([roman(help)]).control("RE", []);
        }
    }
}

fn arguments(command: &Command) -> String {
    let names = command.get_positionals().map(|argument| argument.get_id().as_str().to_uppercase());
    names.fold(String::new(), |list, name| list + " " + &name)
}

/// The lines under a head of what the program's help ends with.
fn noted(command: &Command, head: &str) -> Vec<String> {
    let help = command.get_after_help().unwrap().to_string();
    let lines = help.lines().skip_while(|line| *line != head).skip(1).take_while(|line| line.starts_with("  "));
    lines.map(str::to_owned).collect()
}

/// Those of the program and of all its words, each once.
fn examples(command: &Command) -> Vec<String> {
    let below = command.get_subcommands().filter(|command| command.get_name() != "help");
    let all = noted(command, "Examples:").into_iter().chain(below.flat_map(examples));
    let mut seen = BTreeSet::new();
    all.filter(|line| seen.insert(line.trim().split("  ").next().unwrap().to_owned())).collect()
}

/// Each page with its name.
fn pages() -> [(&'static str, Vec<u8>); 3] {
    let (daemon, admin, config, systemctl) =
        (("flaskr", "8"), ("flaskr-admin", "8"), ("flaskr-config", "5"), ("systemctl", "1"));
    let of_daemon = [&ENVIRONMENT[..], &FROM_SYSTEMD].concat();
    [
        ("flaskr.8", page(&Daemon::command(), &of_daemon, &[admin, config, systemctl])),
        ("flaskr-admin.8", page(&Admin::command(), &ENVIRONMENT, &[daemon, config, systemctl])),
        ("flaskr-config.5", config::page(&[daemon, admin])),
    ]
}

/// Each page in `docs/man` is the one that is made here. `UPDATE_MAN=1` writes them anew.
#[test]
fn man_pages_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/man");
    for (name, page) in pages() {
        let file = folder.join(name);
        if std::env::var_os("UPDATE_MAN").is_some() {
            std::fs::write(&file, &page).unwrap();
        }
        let stored = std::fs::read(&file).unwrap_or_default();
        assert!(stored == page, "{} is not current: run UPDATE_MAN=1 cargo test --test man", file.display());
    }
}

/// What a page names in bold, which is no word: commands, options, settings, files and other pages.
fn names(page: &str) -> BTreeSet<String> {
    let bold = page.split("\\fB").skip(1).map(|rest| rest.split("\\fR").next().unwrap().replace('\\', ""));
    bold.collect()
}

/// A translated page is about the same commands, options, settings and files, and every page is translated.
#[test]
fn translated_pages_are_complete() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/man");
    let read = |file: &Path| std::fs::read_to_string(file).unwrap();
    let version = concat!("\"Flaskr ", env!("CARGO_PKG_VERSION"), "\"");
    for (name, _) in pages() {
        let translated = folder.join("ko").join(name);
        assert!(read(&translated).contains(version), "{} is of {version}", translated.display());
        assert_eq!(names(&read(&translated)), names(&read(&folder.join(name))), "{}", translated.display());
    }
}
