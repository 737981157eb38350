//! What tera says of templates that do not fit each other, as faults of the theme's files.

use std::iter;

use tera::ErrorKind;

use super::engine::{Origins, file};
use super::fault::Fault;
use super::{BuiltIn, Kind};

/// How a report of tera begins, and what stands before its place.
const REPORT: &str = "error: ";
const PLACE: &str = "--> ";

/// What a report says of a block that nobody shows.
const BLOCK: (&str, &str) = ("Block `", "` is not defined in any parent template");

/// Every fault that tera has found.
pub(super) fn faults(error: &ErrorKind, origins: &Origins) -> Vec<Fault> {
    match error {
        ErrorKind::MissingParent { current, parent } => {
            vec![quoted(current, parent, &format!("there is no template {parent} to extend"), origins)]
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain: chain } => vec![circle(tpl, chain, "extends", origins)],
        ErrorKind::CircularInclude { tpl, include_chain: chain } => vec![circle(tpl, chain, "includes", origins)],
        other => {
            let text = other.to_string();
            let reports: Vec<_> = text.split("\n\n").filter_map(|report| of_report(report, origins)).collect();
            if reports.is_empty() { vec![elsewhere(&text, origins)] } else { reports }
        }
    }
}

/// Templates that lead back to themselves. The chain may begin with ours: the fault is the theme's, which is in it too.
fn circle(first: &String, chain: &[String], verb: &str, origins: &Origins) -> Fault {
    let from = iter::once(first).chain(chain);
    let (from, to) = from.zip(chain).find(|(from, _)| origins.contains_key(*from)).unwrap_or((first, first));
    quoted(from, to, &format!("{verb} itself, by {}", chain.join(", ")), origins)
}

/// At the place where a template names another.
fn quoted(template: &str, other: &str, what: &str, origins: &Origins) -> Fault {
    let (path, text) = (file(template, origins), text(template, origins));
    let places = [format!("\"{other}\""), format!("'{other}'"), format!("`{other}`")];
    match places.iter().find_map(|place| text.find(place)) {
        Some(at) => Fault::at_byte(&path, &text, at, what),
        None => Fault::of(&path, what),
    }
}

/// A report: `error: WHAT`, and in the next line `--> TEMPLATE:LINE:COLUMN`.
fn of_report(report: &str, origins: &Origins) -> Option<Fault> {
    let mut lines = report.lines();
    let what = lines.next()?.strip_prefix(REPORT)?;
    let mut place = lines.next()?.trim_start().strip_prefix(PLACE)?.rsplitn(3, ':');
    let (column, line) = (place.next()?.parse().ok()?, place.next()?.parse().ok()?);
    let template = place.next()?;
    let block = what.strip_prefix(BLOCK.0).and_then(|rest| rest.strip_suffix(BLOCK.1));
    if let Some(block) = block.filter(|_| !origins.contains_key(template))
        && let Some(parent) = overridden_parent(template, origins)
    {
        let what = format!(
            "has no block `{block}`, which templates of ours fill: add {{% block {block} %}}{{% endblock {block} %}}, \
             where it is to be shown"
        );
        return Some(Fault::of(&file(&parent, origins), what));
    }
    Some(Fault::at(&file(template, origins), (line, column), what))
}

/// The template of the theme that one of ours extends.
fn overridden_parent(template: &str, origins: &Origins) -> Option<String> {
    let text = text(template, origins);
    let parent = text.split_once("extends \"")?.1.split_once('"')?.0.to_owned();
    if origins.contains_key(&parent) { Some(parent) } else { overridden_parent(&parent, origins) }
}

fn text(template: &str, origins: &Origins) -> String {
    let ours = || BuiltIn::named(Kind::Template, template).map(|file| String::from_utf8_lossy(file.bytes).into_owned());
    origins.get(template).map(|(_, text)| text.clone()).or_else(ours).unwrap_or_default()
}

/// What has no place: of the first of the theme's templates that it names.
fn elsewhere(what: &str, origins: &Origins) -> Fault {
    let named = origins.keys().find(|name| what.contains(name.as_str())).or(origins.keys().next());
    Fault::of(&file(named.map_or("", String::as_str), origins), what)
}
