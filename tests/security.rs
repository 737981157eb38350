//! Every test that `docs/security.md` names exists: a promise there is held by something.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what is wrong by failing")]

use std::fs;
use std::path::Path;

fn read(path: &str) -> Option<String> {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).ok()
}

/// Whether a name of the document is a test's, and there is none.
fn is_missing(name: &str) -> bool {
    if let Some(script) = name.strip_prefix("system/") {
        return read(&format!("tests/system/{script}")).is_none();
    }
    let Some((file, function)) = name.split_once("::") else { return false };
    let path = if file.starts_with("src/") { file.to_owned() } else { format!("tests/{file}.rs") };
    let signature = format!("fn {function}()");
    !read(&path).is_some_and(|text| {
        let mut attributed = false;
        text.lines().any(|line| {
            let found = attributed && line.contains(&signature);
            attributed = line.trim().starts_with("#[test]") || line.trim().starts_with("#[tokio::test");
            found
        })
    })
}

/// The document names its tests in backquotes.
#[test]
fn tests_exist() {
    let document = read("docs/security.md").unwrap();
    let names: Vec<_> = document.split('`').skip(1).step_by(2).collect();
    assert!(names.len() > 100);
    let missing: Vec<_> = names.into_iter().filter(|name| is_missing(name)).collect();
    assert!(missing.is_empty(), "docs/security.md names tests that do not exist: {missing:?}");
}
