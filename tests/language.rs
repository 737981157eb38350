//! What the site says: each text is there in each language, about the same things, and each is used.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use flaskr::language::Language;
use fluent_bundle::FluentArgs;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a directory that ends so.
fn files(directory: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_str().unwrap().ends_with(ending) {
            found.push(path);
        }
    }
    found
}

/// The texts of a file: of each name the variables that it is about.
fn texts(file: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut name = String::new();
    for line in fs::read_to_string(file).unwrap().lines().filter(|line| !line.starts_with('#')) {
        if let Some((start, _)) = line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase())) {
            start.clone_into(&mut name);
            assert!(texts.insert(name.clone(), BTreeSet::new()).is_none(), "{name} is twice in {}", file.display());
        }
        let variables = line.split('$').skip(1);
        let variable = |rest: &str| rest.chars().take_while(char::is_ascii_lowercase).collect::<String>();
        texts.entry(name.clone()).or_default().extend(variables.map(variable));
    }
    texts.remove("");
    texts
}

/// What stands between these in a text.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start).skip(1).filter_map(|rest| Some(rest.split_once(end)?.0)).collect()
}

/// Every language has every text, about the same things. Dates alone are written in different parts.
#[test]
fn languages_are_complete() {
    let english = texts(&root().join("locales/en.ftl"));
    let languages = files(&root().join("locales"), ".ftl");
    assert!(languages.len() > 1);
    for file in languages {
        let other = texts(&file);
        let shown = file.display();
        for (name, variables) in &english {
            let translated = other.get(name).unwrap_or_else(|| panic!("{shown} has no text {name}"));
            if !matches!(name.as_str(), "date" | "moment") {
                assert_eq!(translated, variables, "{name} in {shown}");
            }
        }
        let unknown: Vec<_> = other.keys().filter(|name| !english.contains_key(*name)).collect();
        assert!(unknown.is_empty(), "{shown} has texts that nobody says: {unknown:?}");
    }
}

/// Fluent reads every file whole.
#[test]
fn languages_are_read() {
    for file in files(&root().join("locales"), ".ftl") {
        let read = fluent_bundle::FluentResource::try_new(fs::read_to_string(&file).unwrap());
        let errors = read.err().map(|(_, errors)| errors).unwrap_or_default();
        assert!(errors.is_empty(), "{}: {errors:?}", file.display());
    }
}

/// Every text that a template or the program names is there, and every one that is there is named.
#[test]
fn texts_are_used() {
    let english = texts(&root().join("locales/en.ftl"));
    let mut named = BTreeSet::new();
    for file in files(&root().join("templates"), ".html") {
        let template = fs::read_to_string(&file).unwrap();
        for said in between(&template, "{{ \"", "\" | t") {
            assert!(said.ends_with('-') || english.contains_key(said), "{}: there is no text {said}", file.display());
            named.insert(said.to_owned());
        }
    }
    let source: String =
        files(&root().join("src"), ".rs").iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    for name in english.keys() {
        let by_part = name.starts_with("status-") || name.starts_with("theme-");
        let is_named =
            named.contains(name) || source.contains(&format!("\"{name}\"")) || by_part || name == "language-name";
        assert!(is_named, "nobody says {name}");
    }
    for said in
        ["Message::new(\"", "Problem::new(\"", "Because(\""].iter().flat_map(|start| between(&source, start, "\""))
    {
        assert!(english.contains_key(said), "src: there is no text {said}");
    }
}

/// Without what stands between these.
fn without(text: &str, start: &str, end: &str) -> String {
    let mut parts = text.split(start);
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |text, part| text + part.split_once(end).unwrap().1)
}

/// No text of a page stands in a template itself, where nobody would translate it.
#[test]
fn templates_have_no_words() {
    let attributes_alone = |file: &PathBuf| file.ends_with("_described.html");
    for file in files(&root().join("templates"), ".html").into_iter().filter(|file| !attributes_alone(file)) {
        let mut page = fs::read_to_string(&file).unwrap();
        for (start, end) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}"), ("<?", "?>")] {
            page = without(&page, start, end);
        }
        let attributes = ["aria-label=\"", "alt=\"", "title=\"", "placeholder=\""];
        let mut words: String = attributes.iter().flat_map(|start| between(&page, start, "\"")).collect();
        words.push_str(&without(&page, "<", ">"));
        let words = words.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 1);
        let own: Vec<_> = words
            .filter(|word| !["Flaskr", "flaskr", "Authorization", "Bearer", "feed", "entry"].contains(word))
            .collect();
        assert!(own.is_empty(), "{}: {own:?}", file.display());
    }
}

/// In a page the words of a text are escaped, and its arguments are HTML already.
#[test]
fn escaped_words() {
    let arguments = FluentArgs::from_iter([("title", "<b>tea</b>")]);
    let [plain, html] =
        [Language::text, Language::html].map(|say| say(Language::ENGLISH, "comments-on", Some(&arguments)));
    assert_eq!((&*plain, &*html), ("Comments on \"<b>tea</b>\"", "Comments on &#34;<b>tea</b>&#34;"));
}
