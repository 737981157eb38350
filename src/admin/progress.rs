//! How far long work is, on a terminal; nothing anywhere else.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::db::{Progress, Stage};

/// How often something moves while nobody can say how far the work is.
const TICK: Duration = Duration::from_millis(100);

/// A bar for so many of these.
pub(super) fn bar(what: &'static str, count: usize) -> ProgressBar {
    styled(ProgressBar::new(size(count)), what, "{bar:40} {pos}/{len} {msg}, {eta} left")
}

/// A bar for a backup, and what the database tells how far it is.
pub(super) fn backup() -> (ProgressBar, Progress) {
    let bar = styled(ProgressBar::new(100), "backing up the database", "{bar:40} {pos} % {msg}, {eta} left");
    let told = bar.clone();
    let progress = Progress::new(move |stage| {
        if let Stage::BackingUp { percent } = stage {
            told.set_position(percent.into());
        }
    });
    (bar, progress)
}

/// A bar for rows that are copied, and then compared.
pub(super) fn copy() -> (ProgressBar, Progress) {
    let bar = styled(ProgressBar::new(1), "rows copied", "{bar:40} {pos}/{len} {msg}, {eta} left");
    let told = bar.clone();
    let progress = Progress::new(move |stage| match stage {
        Stage::Copying { rows, of } => {
            told.set_length(of);
            told.set_position(rows);
        }
        Stage::Comparing { rows, of } => {
            told.set_position(rows);
            told.set_length(of);
            if rows == 0 {
                told.reset_eta();
                told.set_message("rows compared");
            }
        }
        Stage::BackingUp { .. } | Stage::Migrating { .. } => (),
    });
    (bar, progress)
}

/// Something that moves, for work of which nobody knows how much it is.
pub(super) fn spinner(what: &'static str) -> ProgressBar {
    let spinner = styled(ProgressBar::new_spinner(), what, "{spinner} {msg}, {elapsed}");
    spinner.enable_steady_tick(TICK);
    spinner
}

fn styled(bar: ProgressBar, what: &'static str, template: &str) -> ProgressBar {
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(what);
    bar
}

fn size(count: usize) -> u64 {
    count.try_into().unwrap_or(u64::MAX)
}
