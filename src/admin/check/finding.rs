//! What a look found, and how it is said.

use std::io::Write;

use console::{StyledObject, style};
use serde::Serialize;

use crate::admin::{Result, output};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    /// All is well with this.
    Ok,
    /// Worth knowing, and no fault.
    Note,
    /// What is not well.
    Fault,
}

/// What one look found, and what to do about it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Finding {
    level: Level,
    /// What was looked at.
    about: &'static str,
    /// In words, with the mend.
    message: String,
}

/// What a script is told.
#[derive(Serialize)]
struct Report<'a> {
    faults: usize,
    findings: &'a [Finding],
}

impl Finding {
    /// All is well with this.
    pub(super) fn well(about: &'static str, message: String) -> Self {
        Self { level: Level::Ok, about, message }
    }

    /// Worth knowing, and no fault.
    pub(super) fn note(about: &'static str, message: String) -> Self {
        Self { level: Level::Note, about, message }
    }

    /// What is not well, with its mend.
    pub(super) fn fault(about: &'static str, message: String) -> Self {
        Self { level: Level::Fault, about, message }
    }

    /// Whether it is one.
    pub(super) fn is_fault(&self) -> bool {
        self.level == Level::Fault
    }
}

/// Says them all.
pub(super) fn show(findings: &[Finding], json: bool, out: &mut dyn Write) -> Result<()> {
    if json {
        let faults = findings.iter().filter(|finding| finding.is_fault()).count();
        return output::json(&Report { faults, findings }, out);
    }
    for Finding { level, about, message } in findings {
        let begins = "FAULT  ".len() + "secret key  ".len();
        writeln!(out, "{}  {about:<10}  {}", word(*level), output::hanging(begins, message))?;
    }
    Ok(())
}

fn word(level: Level) -> StyledObject<&'static str> {
    match level {
        Level::Ok => style("ok   ").green(),
        Level::Note => style("note ").yellow(),
        Level::Fault => style("FAULT").red().bold(),
    }
}
