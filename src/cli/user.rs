//! The words behind `flaskr-admin user`.

use clap::{Subcommand, ValueEnum};

use super::Output;

/// What a user can be.
#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum RoleName {
    /// Deletes and approves any comment, unpublishes any post, and sees what other moderators did
    Moderator,
    /// Decides on what is their own
    Author,
}

const EXAMPLES: &str = "Examples:
  flaskr-admin user add ada
  flaskr-admin user show ada
  flaskr-admin user disable mallory       the posts stay
  flaskr-admin user delete mallory --with-posts";

/// What `flaskr-admin user` does.
#[derive(Subcommand, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub enum UserCommand {
    /// Add a user; the password is asked for, or read from standard input
    #[command(after_help = "Examples:
  flaskr-admin user add ada
  flaskr-admin user add ada <password-of-ada")]
    Add {
        /// The name to log in with
        username: String,
    },
    /// List the users
    ///
    /// With --json, an array of objects: `id`, `username`, `role` (author, moderator), `disabled`.
    #[command(after_help = "Examples:
  flaskr-admin user list
  flaskr-admin user list --json")]
    List(Output),
    /// Show what is known of a user: role, state, second factor, sessions, and how much they wrote
    ///
    /// With --json, an object: what the list has of them, and `has_password`, `disabled_since`, `former` (they left, and what they wrote
    /// stays), `second_factor_since`, `recovery_codes_left`, `sessions`, `last_seen`, `api_tokens`, `posts`,
    /// `newest_post`, `drafts`, `withdrawn_posts`, `comments`, `likes`. What there is not is null.
    #[command(after_help = "Examples:
  flaskr-admin user show ada
  flaskr-admin user show ada --json")]
    Show {
        /// Whom
        username: String,

        /// For whom.
        #[command(flatten)]
        output: Output,
    },
    /// Set a user's password, which ends their sessions; it is asked for, or read from standard input
    #[command(after_help = "Examples:
  flaskr-admin user password ada
  flaskr-admin user password ada <password-of-ada")]
    Password {
        /// Whose
        username: String,
    },
    /// Print a link with which a user sets a new password, good once, for a day
    ///
    /// With --json, an object: `link`.
    #[command(after_help = "Examples:
  flaskr-admin user reset-link ada
  flaskr-admin user reset-link ada --json")]
    ResetLink {
        /// Whose
        username: String,

        /// For whom.
        #[command(flatten)]
        output: Output,
    },
    /// Keep a user from logging in, and end their sessions
    #[command(after_help = "Examples:
  flaskr-admin user disable mallory")]
    Disable {
        /// Whom
        username: String,
    },
    /// Let a disabled user log in again
    #[command(after_help = "Examples:
  flaskr-admin user enable ada")]
    Enable {
        /// Whom
        username: String,
    },
    /// Let a user decide on what others wrote, or no longer
    #[command(after_help = "Examples:
  flaskr-admin user role ada moderator
  flaskr-admin user role ada author")]
    Role {
        /// Whom
        username: String,

        /// What they are
        role: RoleName,
    },
    /// List a user's sessions, the one that was used last first, or end one
    ///
    /// With --json, an array of objects: `id`, `created`, `seen` (to the hour), `address`, `agent` (what the browser says
    /// it is).
    #[command(after_help = "Examples:
  flaskr-admin user sessions ada
  flaskr-admin user sessions ada --end 5f0c2a9be714
  flaskr-admin user sessions ada --json")]
    Sessions {
        /// Whose
        username: String,

        /// End this one, by the beginning of what the list calls it
        #[arg(long, value_name = "ID", conflicts_with = "json")]
        end: Option<String>,

        /// For whom.
        #[command(flatten)]
        output: Output,
    },
    /// End every session of a user, or of all
    #[command(after_help = "Examples:
  flaskr-admin user logout ada
  flaskr-admin user logout --all")]
    Logout {
        /// Whose
        #[arg(required_unless_present = "all")]
        username: Option<String>,

        /// Of every user
        #[arg(long, conflicts_with = "username")]
        all: bool,
    },
    /// Take away the second factor of a user who lost it
    #[command(after_help = "Examples:
  flaskr-admin user second-factor-off ada")]
    SecondFactorOff {
        /// Whose
        username: String,
    },
    /// Delete an account for good, as its user can on their own page
    ///
    /// Posts and comments stay, under the name of a former user, unless --with-posts takes them along. Drafts, deleted
    /// posts, sessions and tokens are gone either way.
    #[command(after_help = "Examples:
  flaskr-admin user delete ada            asks
  flaskr-admin user delete mallory --with-posts --yes")]
    Delete {
        /// Whom
        username: String,

        /// Delete what they wrote too, and what others said to it
        #[arg(long)]
        with_posts: bool,

        /// Do not ask before deleting
        #[arg(long)]
        yes: bool,
    },
}
