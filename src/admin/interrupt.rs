//! A command that is asked to stop, and wants to leave nothing behind.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use tokio::runtime;
use tokio::signal::unix::{SignalKind, signal};

/// Says whether SIGINT or SIGTERM came since.
pub(super) fn watch() -> io::Result<impl Fn() -> bool> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut interrupt, mut terminate) = {
        let _runtime = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    let came = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&came);
    thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                _ = interrupt.recv() => (),
                _ = terminate.recv() => (),
            }
        });
        told.store(true, Ordering::Relaxed);
    });
    Ok(move || came.load(Ordering::Relaxed))
}
