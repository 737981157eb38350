//! The words behind `flaskr-admin post` and `flaskr-admin comment`.

use clap::builder::RangedU64ValueParser;
use clap::{Args, Subcommand};

use super::Output;

/// Most rows of a list at a time: what is read at once is held in memory.
const ROWS_MAX: u64 = 1000;

/// Which part of a list.
#[derive(Args, Clone, Copy, Debug)]
pub struct ListPart {
    /// From behind this one on: the last of the list before
    #[arg(long, value_name = "ID", value_parser = id())]
    pub before: Option<i64>,

    /// At most so many, up to 1000
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = rows())]
    pub limit: usize,

    /// For whom.
    #[command(flatten)]
    pub output: Output,
}

/// On which comment something is decided, and why.
#[derive(Args, Clone, Debug)]
pub struct Decision {
    /// Which: the number in its address
    #[arg(value_parser = id())]
    pub id: i64,

    /// Why, for the log of moderators
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub reason: String,
}

const POST_EXAMPLES: &str = "Examples:
  flaskr-admin post list --author ada
  flaskr-admin post show 7
  flaskr-admin post delete 7";

/// What `flaskr-admin post` does.
#[derive(Subcommand, Clone, Debug)]
#[command(after_help = POST_EXAMPLES)]
pub enum PostCommand {
    /// List posts, the newest first
    ///
    /// With --json, an object: `posts`, each with `id`, `author`, `created`, `updated`, `title`; and `before`, which is the
    /// number for --before, or null where the list ends.
    #[command(after_help = "Examples:
  flaskr-admin post list
  flaskr-admin post list --author ada --limit 100
  flaskr-admin post list --before 17      those that stand below post 17
  flaskr-admin post list --json")]
    List {
        /// Of this user alone
        #[arg(long, value_name = "NAME")]
        author: Option<String>,

        /// Which of them.
        #[command(flatten)]
        part: ListPart,
    },
    /// Show a post, with its text as it was typed
    ///
    /// With --json, an object: what the list has of it, and `format` (plain, markdown), `tags`, `likes`, `body`.
    #[command(after_help = "Examples:
  flaskr-admin post show 7
  flaskr-admin post show 7 --json")]
    Show {
        /// Which: the number in its address
        #[arg(value_parser = id())]
        id: i64,

        /// For whom.
        #[command(flatten)]
        output: Output,
    },
    /// Take a post out of the site, as its author does
    ///
    /// For 30 days the author can bring it back, with the comments and likes it had.
    #[command(after_help = "Examples:
  flaskr-admin post delete 7")]
    Delete {
        /// Which: the number in its address
        #[arg(value_parser = id())]
        id: i64,
    },
}

const COMMENT_EXAMPLES: &str = "Examples:
  flaskr-admin comment list --waiting
  flaskr-admin comment approve 12
  flaskr-admin comment delete 12 --reason spam";

/// What `flaskr-admin comment` does.
#[derive(Subcommand, Clone, Debug)]
#[command(after_help = COMMENT_EXAMPLES)]
pub enum CommentCommand {
    /// List comments, the newest first, those that wait to be approved too
    ///
    /// With --json, an object: `comments`, each as `comment show` has it; and `before`, which is the number for --before,
    /// or null where the list ends.
    #[command(after_help = "Examples:
  flaskr-admin comment list --waiting
  flaskr-admin comment list --post 7 --limit 100
  flaskr-admin comment list --author mallory --json")]
    List {
        /// Under this post alone
        #[arg(long, value_name = "ID", value_parser = id())]
        post: Option<i64>,

        /// Of this user alone
        #[arg(long, value_name = "NAME")]
        author: Option<String>,

        /// Those alone that wait to be approved
        #[arg(long)]
        waiting: bool,

        /// Which of them.
        #[command(flatten)]
        part: ListPart,
    },
    /// Show a comment, with its text as it was typed
    ///
    /// With --json, an object: `id`, `post`, `post_title`, `author` (null if they left with their account), `created`,
    /// `updated`, `waiting` (to be approved), `body`.
    #[command(after_help = "Examples:
  flaskr-admin comment show 12
  flaskr-admin comment show 12 --json")]
    Show {
        /// Which: the number in its address
        #[arg(value_parser = id())]
        id: i64,

        /// For whom.
        #[command(flatten)]
        output: Output,
    },
    /// Let everybody see a comment that waits
    ///
    /// Moderators see in their log that it was done here.
    #[command(after_help = "Examples:
  flaskr-admin comment approve 12
  flaskr-admin comment approve 12 --reason \"a fair question\"")]
    Approve(Decision),
    /// Delete a comment for good
    ///
    /// Moderators see in their log that it was done here, and how the comment began.
    #[command(after_help = "Examples:
  flaskr-admin comment delete 12
  flaskr-admin comment delete 12 --reason spam")]
    Delete(Decision),
}

fn id() -> clap::builder::RangedI64ValueParser<i64> {
    clap::value_parser!(i64).range(0..)
}

fn rows() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=ROWS_MAX)
}
