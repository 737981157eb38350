//! Walks a database up the numbered files in `schema/sqlite/`, each in a transaction of its own.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::identity::{APPLICATION_ID, Identity, identify};
use super::progress::{Progress, Stage};

/// Every migration, in order. `user_version` counts those that were done.
const MIGRATIONS: [&str; 11] = [
    include_str!("../schema/sqlite/0001_user_and_post.sql"),
    include_str!("../schema/sqlite/0002_session.sql"),
    include_str!("../schema/sqlite/0003_account.sql"),
    include_str!("../schema/sqlite/0004_search.sql"),
    include_str!("../schema/sqlite/0005_tag.sql"),
    include_str!("../schema/sqlite/0006_draft.sql"),
    include_str!("../schema/sqlite/0007_comment.sql"),
    include_str!("../schema/sqlite/0008_image.sql"),
    include_str!("../schema/sqlite/0009_profile.sql"),
    include_str!("../schema/sqlite/0010_api_token.sql"),
    include_str!("../schema/sqlite/0011_preference.sql"),
];

/// The schema this program knows, and brings a database to when it opens it.
pub const LATEST: usize = MIGRATIONS.len();

/// How many migrations a database needs no more. The tutorial's Flaskr has done the first.
pub(super) fn done(identity: &Identity) -> usize {
    match identity {
        Identity::Ours(version) => *version,
        Identity::Original => 1,
        Identity::Empty | Identity::Foreign(_) => 0,
    }
}

/// Does what is left to do. Two processes at once do each migration once.
pub(super) fn migrate(connection: &mut Connection, progress: &Progress) -> rusqlite::Result<()> {
    let migrated = migrate_each(connection, progress);
    connection.progress_handler(0, None::<fn() -> bool>)?;
    migrated
}

fn migrate_each(connection: &mut Connection, progress: &Progress) -> rusqlite::Result<()> {
    loop {
        let version = done(&identify(connection)?);
        if version < LATEST {
            progress.tell_while(connection, Stage::Migrating { step: version + 1, of: LATEST })?;
        }
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let version = done(&identify(&transaction)?);
        let Some(migration) = MIGRATIONS.get(version) else {
            put_triggers(&transaction)?;
            return transaction.commit();
        };
        transaction.execute_batch(migration)?;
        mark(&transaction, version + 1)?;
        transaction.commit()?;
    }
}

/// Makes the triggers of the search unless they are there. The tutorial's init-db drops them with the table they are of.
fn put_triggers(connection: &Connection) -> rusqlite::Result<()> {
    let count = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name IN
                   ('search_inserted', 'search_updated', 'search_deleted')";
    match connection.query_row(count, [], |row| row.get::<_, i64>(0))? {
        3 => Ok(()),
        _ => connection.execute_batch(include_str!("../schema/sqlite/search_triggers.sql")),
    }
}

/// Drops every table and makes them anew.
pub(super) fn clear(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(include_str!("../schema/sqlite/clear.sql"))?;
    for migration in MIGRATIONS {
        transaction.execute_batch(migration)?;
    }
    put_triggers(transaction)?;
    mark(transaction, LATEST)
}

fn mark(connection: &Connection, version: usize) -> rusqlite::Result<()> {
    let version = i64::try_from(version).unwrap_or(i64::MAX);
    connection.pragma_update(None, "user_version", version)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)
}
