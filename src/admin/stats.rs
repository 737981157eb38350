//! `flaskr-admin stats`: how much of what is there, and how much room it takes.

use std::fs;
use std::io::Write;
use std::path::Path;

use indicatif::HumanBytes;
use jiff::Timestamp;
use serde::Serialize;

use super::{Result, output, owner};
use crate::cli::Output;
use crate::config::Config;
use crate::db::statistics::{self, Site};
use crate::db::{Location, SCHEMA_VERSION, Single};
use crate::post;

/// What a script is told.
#[derive(Serialize)]
struct Stats {
    #[serde(flatten)]
    site: Site,
    oldest_post: Option<String>,
    newest_post: Option<String>,
    database_bytes: u64,
    /// Of a file: a server has one for all of its databases.
    #[serde(skip_serializing_if = "Option::is_none")]
    log_bytes: Option<u64>,
    schema: usize,
}

/// Counts, and says it.
pub(super) fn run(config: &Config, output: Output, now: Timestamp, out: &mut dyn Write) -> Result<()> {
    owner::become_owner_of(&config.instance)?;
    let location = Location::of(config);
    let database = Single::open(&location, now)?;
    let site = database.read(statistics::of_site)?.ok_or("the database counted nothing")?;
    let time = |text: &str| post::time(text).map(output::json_time);
    let (database_bytes, log_bytes) = match &location {
        Location::File(path) => (bytes(path), Some(bytes(&crate::db::log_of(path)))),
        Location::Server(_) => (database.read(statistics::bytes_on_server)?, None),
    };
    let stats = Stats {
        oldest_post: time(&site.oldest_post),
        newest_post: time(&site.newest_post),
        database_bytes,
        log_bytes,
        schema: SCHEMA_VERSION,
        site,
    };
    if output.json { output::json(&stats, out) } else { show(&stats, &location, out) }
}

fn bytes(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

fn show(stats: &Stats, location: &Location, out: &mut dyn Write) -> Result<()> {
    let site = &stats.site;
    let of_them = |number: i64, what: &str| if number == 0 { String::new() } else { format!(", {number} {what}") };
    let day = |time: &Option<String>| time.clone().unwrap_or_else(|| "-".to_owned());
    let log = stats.log_bytes.map(|bytes| ("Write-ahead log", HumanBytes(bytes).to_string()));
    let fields = [
        (
            "Users",
            format!(
                "{}{}{}",
                site.users,
                of_them(site.moderators, "of them moderators"),
                of_them(site.disabled_users, "disabled")
            ),
        ),
        ("Sessions", site.sessions.to_string()),
        ("Posts", site.posts.to_string()),
        ("Oldest post", day(&stats.oldest_post)),
        ("Newest post", day(&stats.newest_post)),
        ("Drafts", site.drafts.to_string()),
        ("Withdrawn posts", site.withdrawn_posts.to_string()),
        ("Tags", site.tags.to_string()),
        ("Comments", format!("{}{}", site.comments, of_them(site.waiting_comments, "of them waiting"))),
        ("Likes", site.likes.to_string()),
        ("Images", format!("{}, {}", site.images, HumanBytes(site.image_bytes.try_into().unwrap_or(0)))),
        ("Database", format!("{location}, {}", HumanBytes(stats.database_bytes))),
        ("Schema", stats.schema.to_string()),
    ];
    output::fields(&fields.into_iter().chain(log).collect::<Vec<_>>(), out)?;
    Ok(())
}
