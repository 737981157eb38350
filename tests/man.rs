//! The man pages say what the programs' own help says.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::path::Path;

use clap::CommandFactory;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use flaskr::cli::{Admin, Daemon};

const FILES: [(&str, &str); 3] = [
    ("/etc/flaskr/config.toml", "Every setting, with its default and what it means."),
    ("/etc/flaskr/secret_key", "The keys that sign cookies, one a line: the first signs, the others still verify."),
    ("/var/lib/flaskr/flaskr.sqlite", "The site, all of it."),
];

fn page(command: &clap::Command, other: &str) -> Vec<u8> {
    let mut page = Vec::new();
    let version = format!("Flaskr {}", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).section("8").source(version).manual("Flaskr");
    man.render_title(&mut page).unwrap();
    man.render_name_section(&mut page).unwrap();
    man.render_synopsis_section(&mut page).unwrap();
    man.render_description_section(&mut page).unwrap();
    man.render_options_section(&mut page).unwrap();
    let mut more = Roff::new();
    commands(command, &mut more);
    notes(command, &mut more);
    more.control("SH", ["FILES"]);
    for (file, meaning) in FILES {
        more.control("TP", []).text([bold(file)]).text([roman(meaning)]);
    }
    more.control("SH", ["SEE ALSO"]).text([bold(other), roman("(8), "), bold("systemctl"), roman("(1)")]);
    more.to_writer(&mut page).unwrap();
    page
}

/// What the program can be told to do, each with its options, as one list.
fn commands(program: &clap::Command, page: &mut Roff) {
    if program.has_subcommands() {
        page.control("SH", ["COMMANDS"]);
        list(program, "", page);
    }
}

fn list(command: &clap::Command, before: &str, page: &mut Roff) {
    for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
        let name = format!("{before}{}", command.get_name());
        if command.has_subcommands() {
            list(command, &format!("{name} "), page);
            continue;
        }
        let about = command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default();
        page.control("TP", []).text([bold(format!("{name}{}", arguments(command)))]).text([roman(about)]);
        for option in command.get_arguments().filter(|option| option.get_long().is_some()) {
            let help = option.get_help().map(ToString::to_string).unwrap_or_default();
            page.control("RS", []).control("TP", []);
            page.text([bold(format!("--{}", option.get_long().unwrap()))]).text([roman(help)]).control("RE", []);
        }
    }
}

fn arguments(command: &clap::Command) -> String {
    let names = command.get_positionals().map(|argument| argument.get_id().as_str().to_uppercase());
    names.fold(String::new(), |list, name| list + " " + &name)
}

/// What the program's help ends with, line by line.
fn notes(command: &clap::Command, page: &mut Roff) {
    page.control("SH", ["NOTES"]).control("nf", []);
    for line in command.get_after_help().unwrap().to_string().lines() {
        page.text([roman(line)]);
    }
    page.control("fi", []);
}

/// Each page in `docs/man` is the one that its program's definition makes. `UPDATE_MAN=1` writes them anew.
#[test]
fn man_pages_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/man");
    for (name, other, command) in
        [("flaskr", "flaskr-admin", Daemon::command()), ("flaskr-admin", "flaskr", Admin::command())]
    {
        let file = folder.join(format!("{name}.8"));
        let page = page(&command, other);
        if std::env::var_os("UPDATE_MAN").is_some() {
            std::fs::write(&file, &page).unwrap();
        }
        let stored = std::fs::read(&file).unwrap();
        assert!(stored == page, "{} is not current: run UPDATE_MAN=1 cargo test --test man", file.display());
    }
}

/// What a page names in bold, which is no word: commands, options, files and other pages.
fn names(page: &str) -> BTreeSet<String> {
    let bold = page.split("\\fB").skip(1).map(|rest| rest.split("\\fR").next().unwrap().replace('\\', ""));
    bold.collect()
}

/// A translated page is about the same commands, options and files, and every page is translated.
#[test]
fn translated_pages_are_complete() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/man");
    let read = |file: &Path| std::fs::read_to_string(file).unwrap();
    for name in ["flaskr.8", "flaskr-admin.8"] {
        let translated = folder.join("ko").join(name);
        assert_eq!(names(&read(&translated)), names(&read(&folder.join(name))), "{}", translated.display());
    }
}
