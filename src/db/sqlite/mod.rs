//! The engine that is there by default, and complete: a file, and this process.
//!
//! SQLite is the bundled one, always: distributions carry versions that can corrupt a database in WAL mode
//! (<https://sqlite.org/wal.html#walresetbug>).

mod backup;
mod check;
mod damage;
mod file;
mod files;
mod identity;
mod made;
mod migrate;
pub mod original;
mod progress;
mod reader;
mod restore;
mod retention;
mod snapshot;
mod statements;
mod store;
mod wal;

pub use check::{Dangling, Findings};
pub(super) use damage::Damage;
pub use file::{Initialized, delete_dangling, look_over};
pub(super) use file::{bring_up_to_date, clear, init, open};
pub use files::log_of;
pub(super) use made::make;
pub use migrate::LATEST as SCHEMA_VERSION;
pub use progress::{Progress, Stage};
pub(super) use reader::{Reader, Source};
pub use restore::{Restored, open_backup, restore};
pub use retention::delete_old_backups;
pub use snapshot::{Counts, Place, Replace, Verified, back_up, verify};
pub(super) use statements::{each, execute, query, query_row, text};
pub(super) use store::Store;
