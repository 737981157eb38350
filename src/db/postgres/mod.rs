//! The engine of a site that has outgrown one machine: any number of nodes on one server.
//!
//! Whoever writes first locks the one row of `generation`, so that writers come one after the other as they do with SQLite,
//! whatever node they are on, and statements need not know of each other. It counts the commits, which is how a node
//! hears of those of others.

mod bulk;
mod check;
mod error;
mod filling;
mod line;
mod migrate;
mod outage;
mod reader;
mod server;
mod session;
mod store;
mod throttles;
mod values;
mod version;

pub(super) use bulk::Load;
pub use check::{ServerContents, ServerState};
pub(super) use check::{contents, delete_dangling, state};
pub(super) use error::Refused;
pub(super) use filling::{Filling, PATIENT};
pub(super) use migrate::{Standing, bring_up, clear, standing};
pub(super) use reader::Reader;
pub(super) use server::Server;
pub(super) use session::Session;
pub(super) use store::Store;
pub use throttles::Throttles;
pub(super) use values::integer;
