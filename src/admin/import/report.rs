//! What came of an import, in words.

use std::collections::BTreeSet;
use std::io::Write;

use crate::admin::{Result, count, printable};
use crate::exchange::Refused;

/// Reasons that are shown; what has more of them has one cause.
const REFUSED_SHOWN_MAX: usize = 20;

/// What came of it.
#[derive(Default)]
pub(super) struct Imported {
    pub(super) posts: usize,
    pub(super) drafts: usize,
    pub(super) already: usize,
    pub(super) renumbered: usize,
    pub(super) new_users: BTreeSet<String>,
    pub(super) refused: Vec<Refused>,
}

/// Says what was refused, and what to do.
pub(super) fn stopped(refused: &[Refused], out: &mut dyn Write) -> Result<String> {
    show(refused, out)?;
    Ok("nothing was imported: mend it, or add --keep-going to leave out what cannot be read".to_owned())
}

fn show(refused: &[Refused], out: &mut dyn Write) -> Result<()> {
    for Refused { place, reason } in refused.iter().take(REFUSED_SHOWN_MAX) {
        writeln!(out, "{}: {}", printable(place), printable(reason))?;
    }
    if refused.len() > REFUSED_SHOWN_MAX {
        writeln!(out, "and {} more", refused.len() - REFUSED_SHOWN_MAX)?;
    }
    Ok(())
}

/// Says what was done, and fails if something was left out.
pub(super) fn done(imported: &Imported, is_rehearsal: bool, out: &mut dyn Write) -> Result<()> {
    let Imported { posts, drafts, already, renumbered, new_users, refused } = imported;
    let did = if is_rehearsal { "Would import" } else { "Imported" };
    writeln!(out, "{did} {} and {}.", count(*posts, "post"), count(*drafts, "draft"))?;
    if *already > 0 {
        writeln!(out, "There already: {already}.")?;
    }
    if *renumbered > 0 {
        writeln!(
            out,
            "Under a new number, since another post has the old one: {renumbered}. Links to them lead elsewhere."
        )?;
    }
    if !new_users.is_empty() {
        let names: Vec<_> = new_users.iter().map(|name| printable(name)).collect();
        writeln!(
            out,
            "New users, without a password: {}. `flaskr-admin user reset-link NAME` lets one in.",
            names.join(", ")
        )?;
    }
    show(refused, out)?;
    match refused.len() {
        0 => Ok(()),
        count => Err(format!("left out {count} that could not be read").into()),
    }
}
