//! The command line of `flaskr-admin`.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use super::ConfigOptions;

/// Administer the blog.
///
/// Run as root it becomes the user that owns the instance directory before it touches a file there. Every command
/// works while the daemon runs.
#[derive(Parser, Clone, Debug)]
#[command(name = "flaskr-admin", version, after_help = EXIT_CODES, after_long_help = EXIT_CODES)]
pub struct Admin {
    /// The options that `flaskr` has too.
    #[command(flatten)]
    pub config: ConfigOptions,

    /// What to do.
    #[command(subcommand)]
    pub command: AdminCommand,
}

const EXIT_CODES: &str = "Exit status: 0 if it was done, 1 if it failed, 2 if the command line is wrong.";

/// What `flaskr-admin` does.
#[derive(Subcommand, Clone, Debug)]
pub enum AdminCommand {
    /// Create the database, or bring an existing one up to date
    ///
    /// An existing database keeps all its data. One that the tutorial's Flaskr made is taken over in place, after a
    /// backup beside it.
    InitDb {
        /// Delete all data and create new tables, after a backup
        #[arg(long)]
        clear: bool,

        /// Do not ask before deleting
        #[arg(long, requires = "clear")]
        yes: bool,
    },

    /// Make or replace the key that signs cookies
    #[command(subcommand)]
    SecretKey(SecretKeyCommand),

    /// Add, list, disable and enable users, and help them log in
    #[command(subcommand)]
    User(UserCommand),

    /// Print a link that lets one person register, where `registration = "invite"`
    ///
    /// The link is good once, for a week.
    Invite,

    /// Take over posts: of the tutorial's Flaskr, of Markdown files, or of WordPress
    ///
    /// PATH is the instance folder of a Flaskr, a folder of Markdown files with front matter (of Hugo, of Jekyll, or of
    /// `flaskr-admin export`), or an export file of WordPress. All of it is stored at once, or nothing. What is there
    /// already is not stored twice.
    Import {
        /// From where
        path: PathBuf,

        /// Whose posts are that say no author
        #[arg(long, value_name = "NAME")]
        author: Option<String>,

        /// Say what would be done, and store nothing
        #[arg(long)]
        dry_run: bool,

        /// Leave out what cannot be read, instead of stopping
        #[arg(long)]
        keep_going: bool,
    },

    /// Write all posts and drafts as Markdown files, which `import` reads back
    Export {
        /// The folder to write them to: new, or empty
        directory: PathBuf,

        /// Of this user alone
        #[arg(long, value_name = "NAME")]
        author: Option<String>,
    },

    /// Begin a theme with files of ours, and say what is wrong with one
    #[command(subcommand)]
    Theme(ThemeCommand),

    /// Have the daemon take its settings, its theme and its secret key anew, while it serves
    ///
    /// What `systemctl reload flaskr` does. Whatever is wrong is refused, and all stays as it is. Settings that take effect
    /// with the next start alone are named.
    #[command(after_help = RELOAD_EXAMPLES)]
    Reload,

    /// Show every setting as it takes effect
    Config,

    /// Look for everything that would keep the daemon from serving
    Check,
}

/// What `flaskr-admin secret-key` does.
#[derive(Subcommand, Clone, Copy, Debug)]
pub enum SecretKeyCommand {
    /// Make a random key, unless there is one
    Generate,
    /// Put a new key in front of the old ones, which still verify
    Rotate,
}

const RELOAD_EXAMPLES: &str = "Examples:
  flaskr-admin reload
  flaskr-admin secret-key rotate && flaskr-admin reload";

const THEME_EXAMPLES: &str = "Examples:
  flaskr-admin theme export /etc/flaskr/theme templates/base.html static/style.css
  flaskr-admin theme check /etc/flaskr/theme
  flaskr-admin theme check && systemctl reload flaskr  once `theme` in [site] names it";

/// What `flaskr-admin theme` does.
#[derive(Subcommand, Clone, Debug)]
#[command(after_help = THEME_EXAMPLES)]
pub enum ThemeCommand {
    /// Write the built-in templates and static files into a directory, to change some of them
    ///
    /// A theme is a directory of templates and static files that the setting `theme` in the section `[site]` names. A
    /// file there stands in the place of the built-in one of the same name; all others are built in. So a theme is best
    /// kept to what it changes. Without NAMES all files are written. Nothing is, if one of them is there already.
    #[command(after_help = THEME_EXAMPLES)]
    Export {
        /// The directory of the theme
        directory: PathBuf,

        /// Of these files alone, such as templates/base.html
        names: Vec<String>,

        /// Overwrite what is there
        #[arg(long)]
        force: bool,
    },
    /// Say everything that is wrong with a theme, with its file and line
    ///
    /// Each template is read, and tried with samples of every page. A theme with a fault is refused when the daemon
    /// starts. What is odd and no fault is noted: a file that is the same as the built-in one, or that nothing uses.
    #[command(after_help = THEME_EXAMPLES)]
    Check {
        /// The directory of the theme, instead of the configured one
        directory: Option<PathBuf>,
    },
}

/// What a user can be.
#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum RoleName {
    /// Deletes and approves any comment, unpublishes any post, and sees what other moderators did
    Moderator,
    /// Decides on what is their own
    Author,
}

/// What `flaskr-admin user` does.
#[derive(Subcommand, Clone, Debug)]
pub enum UserCommand {
    /// Add a user; the password is asked for, or read from standard input
    Add {
        /// The name to log in with
        username: String,
    },
    /// List the users
    List,
    /// Set a user's password, which ends their sessions; it is asked for, or read from standard input
    Password {
        /// Whose
        username: String,
    },
    /// Print a link with which a user sets a new password, good once, for a day
    ResetLink {
        /// Whose
        username: String,
    },
    /// Keep a user from logging in, and end their sessions
    Disable {
        /// Whom
        username: String,
    },
    /// Let a disabled user log in again
    Enable {
        /// Whom
        username: String,
    },
    /// Let a user decide on what others wrote, or no longer
    Role {
        /// Whom
        username: String,

        /// What they are
        role: RoleName,
    },
    /// End every session of a user, or of all
    Logout {
        /// Whose
        #[arg(required_unless_present = "all")]
        username: Option<String>,

        /// Of every user
        #[arg(long, conflicts_with = "username")]
        all: bool,
    },
    /// Take away the second factor of a user who lost it
    SecondFactorOff {
        /// Whose
        username: String,
    },
}
