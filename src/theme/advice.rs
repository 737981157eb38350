//! What is odd about a theme and no fault: files that change nothing, most likely because a name is misspelt.

use super::fault::Fault;
use super::read::Found;
use super::{BuiltIn, Kind};

/// Files of other names are said to be meant where not more than one character in so many differs.
const CHARACTERS_OF_A_SLIP: usize = 4;

/// A note for each file that could as well not be there.
pub(super) fn notes(theme: &[Found]) -> Vec<Fault> {
    let built_in = BuiltIn::all();
    let note = |file: &Found| {
        let ours = built_in.iter().find(|ours| ours.kind == file.kind && ours.name == file.name);
        let what = match ours {
            Some(ours) => (ours.bytes == file.bytes).then(|| "is the same as the built-in one, and can go".to_owned()),
            None if file.kind == Kind::Template && !is_used(file, theme) => Some(unused(&file.name)),
            None => None,
        };
        what.map(|what| Fault::of(&file.path, what))
    };
    theme.iter().filter_map(note).collect()
}

/// Whether another template names this one, or has what it defines.
fn is_used(file: &Found, theme: &[Found]) -> bool {
    let others = theme.iter().filter(|other| other.kind == Kind::Template && other.name != file.name);
    let names = [format!("\"{}\"", file.name), format!("'{}'", file.name), format!("`{}`", file.name)];
    let mut texts = others.map(|other| String::from_utf8_lossy(&other.bytes));
    let defines = String::from_utf8_lossy(&file.bytes).contains("endcomponent");
    defines || texts.any(|text| names.iter().any(|name| text.contains(name.as_str())))
}

fn unused(name: &str) -> String {
    match nearest(Kind::Template, name) {
        Some(meant) => format!("is used by nothing: is {meant} meant?"),
        None => "is used by nothing: there is no page of this name, and no template includes it".to_owned(),
    }
}

/// The built-in file whose name is nearest, if it is near.
pub fn nearest(kind: Kind, name: &str) -> Option<&'static str> {
    let names = BuiltIn::all().into_iter().filter(|file| file.kind == kind).map(|file| file.name);
    let distance = |other: &str| strsim::damerau_levenshtein(name, other);
    names.min_by_key(|other| distance(other)).filter(|other| distance(other) <= other.len() / CHARACTERS_OF_A_SLIP)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A slip is recognised, another name is not.
    #[test]
    fn slips() {
        for (name, meant) in [
            ("blog/idnex.html", Some("blog/index.html")),
            ("blog/index.htm", Some("blog/index.html")),
            ("bog/_tag.html", Some("blog/_tags.html")),
            ("sidebar.html", None),
        ] {
            assert_eq!(nearest(Kind::Template, name), meant, "{name}");
        }
    }
}
