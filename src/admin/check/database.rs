//! What is in the database, without changing it unless that is asked for.

use std::path::Path;

use jiff::Timestamp;

use super::finding::Finding;
use super::{Wanted, clock};
use crate::admin::{count, progress};
use crate::db::{self, Dangling, Findings, OpenError};

const ABOUT: &str = "database";

/// Looks at all of it.
pub(super) fn look(path: &Path, wanted: Wanted, now: Timestamp) -> Vec<Finding> {
    let mended = match wanted.mends.then(|| mend(path, now)).transpose() {
        Ok(mended) => mended.flatten(),
        Err(error) => return vec![refused(&error)],
    };
    let spinner = progress::spinner("looking at every page of the database");
    let looked = db::look_over(path, wanted.is_full);
    spinner.finish_and_clear();
    let Findings { faults, dangling, notes, newest_session, newest_post } = match looked {
        Ok(found) => found,
        Err(error) => return vec![refused(&error)],
    };
    let shown = path.display();
    let mut findings: Vec<_> = mended.into_iter().collect();
    findings.extend(faults.iter().map(|fault| Finding::fault(ABOUT, format!("{shown}: {fault}"))));
    findings.extend(
        dangling.iter().map(|rows| {
            Finding::fault(ABOUT, format!("{shown}: {} deletes them, after a backup", without_parent(rows)))
        }),
    );
    if !findings.iter().any(Finding::is_fault) {
        findings.push(Finding::well(ABOUT, shown.to_string()));
    }
    findings.extend(notes.iter().map(|note| Finding::note(ABOUT, format!("{shown}: {note}"))));
    findings.extend(clock::in_the_future(now, newest_session, newest_post));
    findings
}

pub(super) fn refused(error: &OpenError) -> Finding {
    let advice = error.advice().map(|advice| format!("; {advice}")).unwrap_or_default();
    Finding::fault(ABOUT, format!("{error}{advice}"))
}

/// What is wrong with rows that refer to nothing, and the mend.
pub(super) fn without_parent(Dangling { table, parent, rows }: &Dangling) -> String {
    let (rows, refer) =
        (count((*rows).try_into().unwrap_or_default(), "row"), if *rows == 1 { "refers" } else { "refer" });
    format!("{rows} of {table} {refer} to what is not in {parent}: `flaskr-admin check --mend`")
}

/// Deletes rows that refer to nothing, if there are any.
fn mend(path: &Path, now: Timestamp) -> Result<Option<Finding>, OpenError> {
    if db::look_over(path, false)?.dangling.is_empty() {
        return Ok(None);
    }
    let (bar, progress) = progress::backup();
    let (backup, rows) = db::delete_dangling(path, now, &progress)?;
    bar.finish_and_clear();
    let message =
        format!("deleted {} that referred to nothing; as it was before: {}", count(rows, "row"), backup.display());
    Ok(Some(Finding::note(ABOUT, message)))
}
