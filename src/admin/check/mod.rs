//! `flaskr-admin check`: looks at everything the daemon needs, and changes nothing.

mod clock;
mod database;
mod finding;
mod listen;
mod places;
mod process;
mod server;
mod service;
mod tls;

use std::io::Write;
use std::iter;
use std::path::Path;

use jiff::Timestamp;

use super::failure::Failure;
use super::{Result, owner};
use crate::config::{self, BaseUrl, Loaded};
use crate::db::Location;
use crate::theme;
use finding::Finding;

/// What the command line says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// Whether each index of the database is looked at.
    pub(super) is_full: bool,
    /// Whether rows that refer to nothing are deleted.
    pub(super) mends: bool,
    /// Whether a script reads it.
    pub(super) json: bool,
}

/// Looks at all, says what it saw, and fails if anything was wrong.
pub(super) fn run(
    loaded: std::result::Result<Loaded, config::Error>,
    wanted: Wanted,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<()> {
    let findings = match loaded {
        Ok(loaded) => look(&loaded, wanted, now)?,
        // Nobody knows where to look.
        Err(error) => vec![Finding::fault("settings", error.to_string())],
    };
    finding::show(&findings, wanted.json, out)?;
    match findings.iter().filter(|finding| finding.is_fault()).count() {
        0 => Ok(()),
        faults => Err(Failure::Faults(faults).into()),
    }
}

fn look(loaded: &Loaded, wanted: Wanted, now: Timestamp) -> Result<Vec<Finding>> {
    let config = &loaded.config;
    let mut findings = vec![Finding::well("settings", loaded.file_name())];
    findings.extend(proxies(loaded));
    // What only root sees of other processes and files comes first.
    findings.push(places::key(config));
    findings.push(places::instance(loaded));
    let location = Location::of(config);
    let files = match &location {
        Location::File(_) => places::database_files(config),
        Location::Server(settings) => places::password(loaded, settings),
    };
    let metrics = &config.metrics.listen;
    let places: Vec<_> = iter::once(&config.listen).chain(&config.tls.redirect_listen).chain(metrics).collect();
    let holders: Vec<_> = places.iter().map(|place| process::holder(place)).collect();
    owner::become_owner_of(&config.instance)?;
    findings.extend(config.site.theme.iter().flat_map(|directory| theme(directory)));
    // A database that cannot be written would be found again, in less clear words.
    let has_bad_files = files.iter().any(Finding::is_fault);
    findings.extend(files);
    if !has_bad_files {
        findings.extend(match &location {
            Location::File(path) => database::look(path, wanted, now),
            Location::Server(settings) => server::look(settings, wanted, now),
        });
    }
    findings.extend(tls::look(config, now));
    findings.extend(places::room(config));
    findings.push(clock::look(now));
    findings.extend(places.iter().zip(&holders).map(|(place, holder)| listen::look(loaded, place, holder.as_ref())));
    findings.extend(service::look(loaded));
    Ok(findings)
}

/// What would make every visitor look like one.
fn proxies(loaded: &Loaded) -> Option<Finding> {
    let config = &loaded.config;
    if config.tls.is_on() {
        return None;
    }
    let is_https = config.base_url.as_ref().is_some_and(BaseUrl::is_https);
    let message = "base_url is https, so a proxy is before the daemon, and trusted_proxies is empty: until the proxy is \
                   in it, all visitors have the proxy's address, and share its limits";
    (is_https && config.trusted_proxies.is_empty()).then(|| Finding::note("settings", message.to_owned()))
}

fn theme(directory: &Path) -> Vec<Finding> {
    match theme::load(Some(directory)) {
        Err(theme::Refused(faults)) => faults.iter().map(|fault| Finding::fault("theme", fault.to_string())).collect(),
        Ok(theme) => {
            let well = Finding::well("theme", directory.display().to_string());
            iter::once(well).chain(theme.notes.iter().map(|note| Finding::note("theme", note.to_string()))).collect()
        }
    }
}
