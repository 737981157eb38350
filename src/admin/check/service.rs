//! What systemd says of the packaged service.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use super::finding::Finding;
use crate::config::Loaded;

/// There while systemd runs: `sd_booted(3)`.
const SYSTEMD: &str = "/run/systemd/system";

/// File descriptors that the daemon needs beside connections.
const OTHER_FILES: usize = 256;

/// Asks systemd, if it runs and the settings are the packaged service's.
pub(super) fn look(loaded: &Loaded) -> Vec<Finding> {
    if !loaded.is_packaged() || !Path::new(SYSTEMD).exists() {
        return Vec::new();
    }
    let asked = ["show", "flaskr.service", "--property=LoadState,ActiveState,UnitFileState,LimitNOFILE"];
    let Ok(output) = Command::new("systemctl").args(asked).output() else { return Vec::new() };
    let said = String::from_utf8_lossy(&output.stdout);
    findings(&said.lines().filter_map(|line| line.split_once('=')).collect(), loaded.config.limits.connections_max)
}

fn findings(unit: &HashMap<&str, &str>, connections_max: usize) -> Vec<Finding> {
    let said = |property: &str| unit.get(property).copied().unwrap_or_default();
    let note = |message: &str| Finding::note("service", message.to_owned());
    let mut findings = vec![match (said("LoadState"), said("ActiveState")) {
        ("masked", _) => note("it is masked, and never starts: `systemctl unmask flaskr`"),
        ("not-found", _) => note("systemd does not know flaskr.service: install the package anew"),
        (_, "active") => Finding::well("service", "it runs".to_owned()),
        (_, "failed") => note("it has failed: `journalctl -u flaskr` says why; then `systemctl restart flaskr`"),
        (_, state) => note(&format!("it does not run ({state}): `systemctl start flaskr`")),
    }];
    if said("UnitFileState") == "disabled" {
        findings.push(note("it does not start with the machine: `systemctl enable flaskr`"));
    }
    let files: usize = said("LimitNOFILE").parse().unwrap_or(usize::MAX);
    if files < connections_max.saturating_add(OTHER_FILES) {
        let message = format!(
            "LimitNOFILE={files} is less than connections_max = {connections_max} and {OTHER_FILES} more: raise it with \
             `systemctl edit flaskr`, or lower connections_max"
        );
        findings.push(note(&message));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(unit: &[(&'static str, &'static str)]) -> String {
        let shown = findings(&unit.iter().copied().collect(), 12_000);
        shown.iter().map(|finding| format!("{finding:?}")).collect::<Vec<_>>().join("\n")
    }

    /// Each state of the service has a mend.
    #[test]
    fn states() {
        let running = [("LoadState", "loaded"), ("ActiveState", "active"), ("LimitNOFILE", "16384")];
        assert!(said(&running).contains("it runs") && !said(&running).contains("Note"));
        for (property, value, mend) in [
            ("LoadState", "masked", "systemctl unmask"),
            ("LoadState", "not-found", "install"),
            ("ActiveState", "failed", "journalctl"),
            ("ActiveState", "inactive", "systemctl start"),
            ("UnitFileState", "disabled", "systemctl enable"),
            ("LimitNOFILE", "12255", "systemctl edit"),
        ] {
            let mut unit = running.to_vec();
            unit.push((property, value));
            assert!(said(&unit).contains(mend), "{value}: {}", said(&unit));
        }
    }
}
