//! The marks between which stands what only some see (`web/rendered.rs`), as far as a theme can get them wrong.

use std::path::Path;

use super::fault::Fault;

const MARK_START: &str = "<?";
const MARK_END: &str = "?>";
const OR: &str = " or ";

/// What a mark begins with: who sees what is behind it, and what it stands for.
pub const AUDIENCES: [&str; 7] = ["everybody", "anonymous", "logged-in", "moderator", "user", "liked", "not-liked"];
/// The same, of marks in whose place something is put.
pub const CONTENTS: [&str; 2] = ["username", "flash"];
/// What begins like a mark and is none.
const XML: &str = "xml";

/// Every mark of a template that is none: what is behind it would be for everybody.
pub(super) fn faults(file: &Path, template: &str) -> Vec<Fault> {
    let starts = template.match_indices(MARK_START).map(|(at, _)| at);
    starts.filter_map(|at| Some(Fault::at_byte(file, template, at, fault(template.get(at..)?)?))).collect()
}

/// What is wrong with the mark that a text begins with.
fn fault(text: &str) -> Option<String> {
    let line = text.lines().next().unwrap_or_default();
    let Some((mark, _)) = line.trim_start_matches(MARK_START).split_once(MARK_END) else {
        return Some(format!("a mark is not ended by \"{MARK_END}\" on its line"));
    };
    let mark = without_expressions(mark);
    let names = || mark.split(OR).map(|part| part.split(' ').next().unwrap_or_default());
    let is_known = |name| AUDIENCES.contains(&name) || CONTENTS.contains(&name) || name == XML;
    let unknown = names().find(|name| !is_known(name))?;
    let known: Vec<_> = AUDIENCES.iter().chain(&CONTENTS).map(|name| format!("<?{name}?>")).collect();
    Some(format!("\"{unknown}\" is no mark, so everybody would see what is behind it: there are {}", known.join(", ")))
}

/// What a template puts in is a number.
fn without_expressions(mark: &str) -> String {
    let mut parts = mark.split("{{");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "0" + part.split_once("}}").map_or("", |(_, rest)| rest))
}

/// What of a page somebody sees who is not logged in.
pub(super) fn seen_by_nobody(page: &str) -> String {
    let mut seen = String::new();
    let (mut rest, mut is_seen) = (page, true);
    while let Some((before, from)) = rest.split_once(MARK_START) {
        let Some((mark, behind)) = from.split_once(MARK_END) else { break };
        if is_seen {
            seen.push_str(before);
        }
        let mut groups = mark.split(OR).map(|group| group.split(' ').next().unwrap_or_default());
        if groups.clone().all(|group| AUDIENCES.contains(&group)) {
            is_seen = groups.any(|group| ["everybody", "anonymous"].contains(&group));
        }
        rest = behind;
    }
    if is_seen {
        seen.push_str(rest);
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::{BuiltIn, Kind};

    fn said(template: &str) -> Vec<String> {
        faults(Path::new("a"), template).iter().map(ToString::to_string).collect()
    }

    /// Our own marks are right, and what is nearly one is told with its place.
    #[test]
    fn marks() {
        for template in BuiltIn::all().iter().filter(|file| file.kind == Kind::Template) {
            let text = std::str::from_utf8(template.bytes).unwrap();
            assert_eq!(said(text), <[String; 0]>::default(), "{}", template.name);
        }
        assert_eq!(said("<?user {{ a or b }} or user 7 or moderator?>x<?everybody?>").len(), 0);
        for (template, message) in [
            ("\n<?loged-in?>", "a:2:1: \"loged-in\" is no mark, so everybody would see"),
            ("<?user 7 or mod?>", "a:1:1: \"mod\" is no mark"),
            ("<? user 7?>", "a:1:1: \"\" is no mark"),
            ("<?{{ who }}?>", "a:1:1: \"0\" is no mark"),
            ("ab<?logged-in>\n?>", "a:1:3: a mark is not ended by \"?>\" on its line"),
        ] {
            let said = said(template);
            assert!(said.len() == 1 && said[0].starts_with(message), "{template}: {said:?}");
        }
    }

    /// Whoever is not logged in sees what is for everybody or for them.
    #[test]
    fn nobody() {
        let page = "a<?logged-in?>b<?username?>c<?anonymous?>d<?user 7 or moderator?>e<?everybody?>f<?flash?>g<?";
        assert_eq!(seen_by_nobody(page), "adfg<?");
        assert_eq!(seen_by_nobody("<?xml version=\"1.0\"?>a<?logged-in?>b"), "a");
    }
}
