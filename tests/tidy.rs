//! The invariants of the source: who may know whom, and how long anything may be.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

use std::fs;
use std::path::Path;

const FILE_LINES_MAX: usize = 300;
const FUNCTION_LINES_MAX: usize = 60;

/// A source file: its path below the crate, and its text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// Lines of code with their numbers: without comments, and without the tests at the end.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        lines.take_while(|(_, line)| *line != "#[cfg(test)]").filter_map(|(number, line)| {
            let code = line.split("// ").next().unwrap();
            (!code.trim_start().starts_with("//")).then_some((number, code))
        })
    }

    fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path == *place || (place.ends_with('/') && self.path.starts_with(place)))
    }
}

/// Every Rust file below a folder of the crate.
fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut found, mut folders) = (Vec::new(), vec![root.join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push(Source { path: path.strip_prefix(root).unwrap().display().to_string(), text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty());
    found
}

/// Whether a name stands in a line on its own.
fn names(line: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name)
        .any(|(at, _)| !line[..at].ends_with(is_part) && !line[at + name.len()..].starts_with(is_part))
}

/// Fails with the invariant and every place where it does not hold.
fn assert_nowhere(invariant: &str, sources: &[Source], breaks: impl Fn(&Source, &str) -> bool) {
    let mut places = Vec::new();
    for source in sources {
        let lines = source.code().filter(|(_, line)| breaks(source, line));
        places.extend(lines.map(|(number, line)| format!("{}:{number}: {}", source.path, line.trim())));
    }
    assert!(places.is_empty(), "{invariant}\n{}", places.join("\n"));
}

/// warp routes, and does nothing else: the rest of the site uses its types for HTTP only.
#[test]
fn warp_only_routes() {
    let invariant = "Only the server, the routes and the request know warp's filters; others use warp::http and \
                     warp::reply::Response, the assets warp::path::Tail, and the response warp::reply::stream.";
    assert_nowhere(invariant, &sources("src"), |source, line| {
        let mut rest = line.to_owned();
        if source.path == "src/web/response.rs" {
            rest = rest.replace("warp::reply::stream", "").replace("warp::Reply", "");
        }
        let filters = ["Filter", "Rejection", "Reply"].iter().any(|name| names(&rest, name));
        for allowed in ["warp::http", "warp::reply::Response"] {
            rest = rest.replace(allowed, "");
        }
        if source.path == "src/web/assets.rs" {
            rest = rest.replace("warp::path::Tail", "");
        }
        let free = [
            "src/web/server/",
            "src/web/service.rs",
            "src/web/routes.rs",
            "src/web/api/routes.rs",
            "src/web/request.rs",
        ];
        !source.is_in(&free) && (filters || names(&rest, "warp"))
    });
}

/// Statements are in one folder.
#[test]
fn sql_only_in_db() {
    let invariant = "SQL is written in src/db and nowhere else.";
    assert_nowhere(invariant, &sources("src"), |source, line| {
        let keywords = ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", "CREATE TABLE", "PRAGMA "];
        !source.is_in(&["src/db/"]) && keywords.iter().any(|keyword| line.contains(keyword))
    });
}

/// rusqlite is behind one door.
#[test]
fn sqlite_only_in_db() {
    let invariant = "Only src/db knows rusqlite.";
    assert_nowhere(invariant, &sources("src"), |source, line| !source.is_in(&["src/db/"]) && names(line, "rusqlite"));
}

/// The database does not know who uses it.
#[test]
fn db_knows_no_web() {
    let invariant = "src/db knows neither the web nor HTTP.";
    let forbidden = ["web", "warp", "http", "hyper", "tera"];
    assert_nowhere(invariant, &sources("src/db"), |_, line| forbidden.iter().any(|name| names(line, name)));
}

/// The administrator's command works without the site.
#[test]
fn admin_knows_no_web() {
    let invariant = "src/admin does not know the web.";
    let forbidden = ["web", "warp", "hyper", "tera"];
    assert_nowhere(invariant, &sources("src/admin"), |_, line| forbidden.iter().any(|name| names(line, name)));
}

/// A theme is the same for the site and for the administrator's command.
#[test]
fn themes_know_neither_side() {
    let invariant =
        "src/theme knows neither the web nor the administrator's command nor the database, and it alone knows tera.";
    let forbidden = ["web", "admin", "db", "warp", "hyper"];
    assert_nowhere(invariant, &sources("src/theme"), |_, line| {
        let code = line.split('"').step_by(2).collect::<String>();
        forbidden.iter().any(|name| names(&code, name))
    });
    assert_nowhere(invariant, &sources("src"), |source, line| !source.is_in(&["src/theme/"]) && names(line, "tera"));
}

/// The values depend on nothing but each other.
#[test]
fn values_know_each_other_only() {
    let invariant = "user, post, content, comment, moderation, tag, session, api_token, preference, message, problem, language, escape and search use \
                     nothing of ours but each other.";
    let domain = [
        "src/user.rs",
        "src/post.rs",
        "src/content.rs",
        "src/comment.rs",
        "src/moderation.rs",
        "src/tag.rs",
        "src/api_token.rs",
        "src/problem.rs",
        "src/message.rs",
        "src/preference.rs",
        "src/language/",
        "src/escape.rs",
        "src/session.rs",
        "src/search/",
    ];
    let own = [
        "crate::user",
        "crate::post",
        "crate::comment",
        "crate::moderation",
        "crate::content",
        "crate::tag",
        "crate::problem",
        "crate::message",
        "crate::language",
        "crate::escape",
        "crate::session",
        "crate::search",
    ];
    assert_nowhere(invariant, &sources("src"), |source, line| {
        let rest = own.iter().fold(line.replace("pub(super)", ""), |rest, module| rest.replace(module, ""));
        source.is_in(&domain) && (names(&rest, "crate") || names(&rest, "super"))
    });
}

/// What a function does is in its arguments: environment, randomness and time come in at one place each.
#[test]
fn the_world_comes_in_at_the_edge() {
    for (name, places, invariant) in [
        (
            "env::",
            &["src/bin/", "src/log.rs", "src/systemd.rs"][..],
            "Only the programs and log, systemd read the environment.",
        ),
        (
            "std::env",
            &["src/bin/", "src/log.rs", "src/systemd.rs"],
            "Only the programs and log, systemd read the environment.",
        ),
        ("getrandom::", &["src/random.rs"], "Only src/random.rs asks the kernel for random bytes."),
        ("Timestamp::now", &["src/clock.rs"], "Only src/clock.rs reads the clock."),
        ("SystemTime::now", &[], "Only src/clock.rs reads the clock."),
        ("println!", &[], "Only a program's main says something on its own, and that on standard error."),
        ("process::exit", &[], "Nothing ends the program from the middle."),
    ] {
        assert_nowhere(invariant, &sources("src"), |source, line| {
            let found = if name == "println!" { names(line, "println") } else { line.contains(name) };
            !source.is_in(places) && found
        });
    }
}

/// Every file is read in one sitting.
#[test]
fn files_are_short() {
    for source in sources("src").into_iter().chain(sources("tests")) {
        let lines = source.text.lines().count();
        let limit = if source.path.starts_with("src/") { FILE_LINES_MAX } else { 2 * FILE_LINES_MAX };
        assert!(lines <= limit, "No file has more than {limit} lines, and {} has {lines}.", source.path);
    }
}

/// Every function is seen at one glance.
#[test]
fn functions_are_short() {
    for source in sources("src").into_iter().chain(sources("tests")) {
        let lines: Vec<_> = source.text.lines().collect();
        for (start, line) in lines.iter().enumerate().filter(|(_, line)| is_function(line)) {
            let indent = &line[..line.len() - line.trim_start().len()];
            let ends =
                |line: &&str| line.strip_prefix(indent).is_some_and(|rest| rest == "}" || rest.starts_with("} "));
            let one_line = line.ends_with('}') || line.ends_with(';');
            let length = if one_line { 1 } else { lines[start..].iter().position(ends).unwrap() + 1 };
            assert!(
                length <= FUNCTION_LINES_MAX,
                "No function has more than {FUNCTION_LINES_MAX} lines, and {}:{} has {length}.",
                source.path,
                start + 1
            );
        }
    }
}

fn is_function(line: &str) -> bool {
    let mut words = line.split_whitespace().skip_while(|word| {
        word.starts_with("pub") || ["async", "const", "unsafe", "extern"].contains(word) || *word == "super)"
    });
    words.next() == Some("fn")
}

/// What is there is finished, and every test runs.
#[test]
fn nothing_is_unfinished() {
    let unfinished = [
        concat!("to", "do!"),
        concat!("unimple", "mented!"),
        concat!("#[ig", "nore"),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
    ];
    for source in sources("src").into_iter().chain(sources("tests")) {
        for (number, line) in source.text.lines().enumerate() {
            let found = unfinished.iter().find(|mark| line.contains(**mark));
            assert!(
                found.is_none(),
                "Nothing is left unfinished, and no test is left out: {}:{}",
                source.path,
                number + 1
            );
        }
    }
}

/// Every module says what it is for.
#[test]
fn modules_are_introduced() {
    for source in sources("src").into_iter().chain(sources("tests")) {
        assert!(
            source.text.starts_with("//! "),
            "Every file begins with what it is for, and {} does not.",
            source.path
        );
    }
}
