//! The command line of `flaskr-admin`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::{CommentCommand, ConfigOptions, CopyOptions, PostCommand, ShellName, ThemeCommand, UserCommand};

/// Administer the blog.
///
/// Run as root it becomes the user that owns the instance directory before it touches a file there. Every command
/// but `restore` works while the daemon runs.
#[derive(Parser, Clone, Debug)]
#[command(name = "flaskr-admin", version, after_help = EXAMPLES)]
pub struct Admin {
    /// The options that `flaskr` has too.
    #[command(flatten)]
    pub config: ConfigOptions,

    /// What to do.
    #[command(subcommand)]
    pub command: AdminCommand,
}

const EXAMPLES: &str = "Examples:
  flaskr-admin check                      what would keep the daemon from serving, and the mend
  flaskr-admin user add ada               the password is asked for
  flaskr-admin post list --author ada
  flaskr-admin user list --json           for a script

Exit status:
  0  it was done
  1  it failed
  2  the command line is wrong
  3  what was named is not there
  4  faults were found
  5  it was refused: it needs a yes, or what is there is in the way
  6  the server that has the database is away";

/// For whom the output is.
#[derive(Args, Clone, Copy, Debug)]
pub struct Output {
    /// For a script: one JSON document, with times as in RFC 3339
    #[arg(long)]
    pub json: bool,
}

/// What `flaskr-admin` does.
#[derive(Subcommand, Clone, Debug)]
pub enum AdminCommand {
    /// Create the database, or bring an existing one up to date
    ///
    /// An existing database keeps all its data. One that the tutorial's Flaskr made is taken over in place, after a
    /// backup beside it.
    #[command(after_help = "Examples:
  flaskr-admin init-db
  flaskr-admin init-db --clear            asks, and keeps a backup")]
    InitDb {
        /// Delete all data and create new tables; a file is backed up before
        #[arg(long)]
        clear: bool,

        /// Do not ask before deleting
        #[arg(long, requires = "clear")]
        yes: bool,
    },

    /// Make or replace the key that signs cookies
    #[command(subcommand)]
    SecretKey(SecretKeyCommand),

    /// Add, show, disable and delete users, and help them log in
    #[command(subcommand)]
    User(UserCommand),

    /// Print a link that lets one person register, where `registration = "invite"`
    ///
    /// The link is good once, for a week. With --json, an object: `link`.
    #[command(after_help = "Examples:
  flaskr-admin invite
  flaskr-admin invite --json")]
    Invite(Output),

    /// Look at posts, whoever wrote them, and delete one
    #[command(subcommand)]
    Post(PostCommand),

    /// Look at comments, approve and delete them
    #[command(subcommand)]
    Comment(CommentCommand),

    /// Take over posts: of the tutorial's Flaskr, of Markdown files, or of WordPress
    ///
    /// PATH is the instance folder of a Flaskr, a folder of Markdown files with front matter (of Hugo, of Jekyll, or of
    /// `flaskr-admin export`), or an export file of WordPress. All of it is stored at once, or nothing. What is there
    /// already is not stored twice.
    #[command(after_help = "Examples:
  flaskr-admin import ~/flask-tutorial/instance
  flaskr-admin import hugo/content --author ada --dry-run
  flaskr-admin import wordpress.xml --keep-going")]
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
    #[command(after_help = "Examples:
  flaskr-admin export /root/posts
  flaskr-admin export --author ada posts-of-ada")]
    Export {
        /// The folder to write them to: new, or empty
        directory: PathBuf,

        /// Of this user alone
        #[arg(long, value_name = "NAME")]
        author: Option<String>,
    },

    /// Copy the database while the daemon serves, and look the copy over
    ///
    /// One file, which has its name only when it is whole and on disk; in it is what was stored before this began, and
    /// users' password hashes. Where nothing is named it goes into the directory `backups` beside the database. It is
    /// made as the owner of the instance directory, who must be let in there. The secret key and the settings are not in
    /// it. With --json, an object: `file`, `bytes`, `schema`, `users`, `posts`, `comments`, `images`, and `deleted`, the
    /// older backups that went.
    ///
    /// The database of a server has backups of that server, by `pg_dump` or as its administrator makes them; or it is copied
    /// into a file, by `flaskr-admin copy`.
    #[command(after_help = "Examples:
  flaskr-admin backup
  flaskr-admin backup /mnt/disk/flaskr --keep 14
  flaskr-admin backup before-the-move.sqlite
  systemctl enable --now flaskr-backup.timer     each night, the last 14")]
    Backup {
        /// A directory, in which the file is named by its time, or a file
        file: Option<PathBuf>,

        /// Then delete the oldest backups in the directory, but this many
        #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
        keep: Option<u32>,

        /// Replace a file that is there
        #[arg(long)]
        force: bool,

        /// Do nothing and say so, instead of failing, where the database is on a server
        #[arg(long)]
        if_file: bool,

        /// For whom.
        #[command(flatten)]
        output: Output,
    },

    /// Say whether a backup is whole, and what is in it
    ///
    /// With --json, an object: `file`, `bytes`, `schema`, `users`, `posts`, `comments`, `images`.
    #[command(after_help = "Examples:
  flaskr-admin verify /var/lib/flaskr/backups/flaskr.sqlite.backup-20260101T030000Z")]
    Verify {
        /// The backup
        file: PathBuf,

        /// For whom.
        #[command(flatten)]
        output: Output,
    },

    /// Put a backup in the place of the database, while the daemon is stopped
    ///
    /// The backup is looked over first, and stays as it is. The database as it was is kept beside the new one, whole.
    /// Whenever this is interrupted, the old database or the new one is there. Sessions that have ended, and
    /// passwords that were changed, since the backup are as they were then.
    #[command(after_help = "Examples:
  systemctl stop flaskr
  flaskr-admin restore /var/lib/flaskr/backups/flaskr.sqlite.backup-20260101T030000Z --force
  systemctl start flaskr")]
    Restore {
        /// The backup
        file: PathBuf,

        /// Replace a database that has users or posts
        #[arg(long)]
        force: bool,
    },

    /// Copy the whole site into another database: from the file to a PostgreSQL server, or back
    ///
    /// What is copied is the configured database, as it is when this begins, while the daemon may go on serving; where to is
    /// an empty database of a server, or a file that is not there. There is a whole copy afterwards, or nothing: all is
    /// written in one transaction, and before that ends each table is read again in both databases and compared. What is
    /// written on the site meanwhile is not in the copy: for a move, stop the daemon first. Accounts, sessions, images and
    /// the numbers of posts stay as they are. Settings and the secret key are in no database. With --json, an object: `from`,
    /// `to`, `time`, `tables`, each with `name`, `rows`, `sha256`, and `altered`, how many values a server cannot hold as
    /// they were, such as texts with a NUL.
    #[command(after_help = "Examples:
  systemctl stop flaskr
  flaskr-admin copy --to postgres://flaskr@db/flaskr --password-file /etc/flaskr/password
  flaskr-admin copy --to back.sqlite      and back, where the server is the configured one")]
    Copy(CopyOptions),

    /// Begin a theme with files of ours, and say what is wrong with one
    #[command(subcommand)]
    Theme(ThemeCommand),

    /// Have the daemon take its settings, its theme and its secret key anew, while it serves
    ///
    /// What `systemctl reload flaskr` does. Whatever is wrong is refused, and all stays as it is. Settings that take effect
    /// with the next start alone are named.
    #[command(after_help = "Examples:
  flaskr-admin reload
  flaskr-admin secret-key rotate && flaskr-admin reload")]
    Reload,

    /// Count what is there, and how much room it takes
    ///
    /// With --json, an object: `users`, of them `disabled_users` and `moderators`, `sessions`, `posts`, `drafts`,
    /// `withdrawn_posts`, `tags`, `comments`, of them `waiting_comments`, `likes`, `images`, `image_bytes`, `oldest_post`,
    /// `newest_post`, `database_bytes`, `log_bytes` (of a file: what it does not have yet), `schema`.
    #[command(after_help = "Examples:
  flaskr-admin stats
  flaskr-admin stats --json")]
    Stats(Output),

    /// Show every setting as it takes effect
    ///
    /// With --json, an object with the keys of the config file, in which a section is an object.
    #[command(after_help = "Examples:
  flaskr-admin config
  flaskr-admin config >as-it-is.toml      what is shown is a config file
  flaskr-admin config --json")]
    Config(Output),

    /// Look for everything that would keep the daemon from serving, and say the mend
    ///
    /// Settings, secret key, instance directory, theme, database, or the server that has it, certificate, room on the disk, clock, address to listen on, and
    /// where systemd runs the service. Nothing is changed, unless --mend is given. Ends with status 4 if there is a
    /// fault; a note is none. With --json, an object: `faults` (how many), and `findings`, each with `level` (ok, note,
    /// fault), `about`, `message`.
    #[command(after_help = "Examples:
  flaskr-admin check
  flaskr-admin check --full               after a crash of the machine
  flaskr-admin check && systemctl restart flaskr
  flaskr-admin check --json")]
    Check {
        /// Look at each index of the database too, which takes longer
        #[arg(long)]
        full: bool,

        /// Delete rows of the database that refer to nothing; a file is backed up before
        #[arg(long)]
        mend: bool,

        /// For whom.
        #[command(flatten)]
        output: Output,
    },

    /// Print what a shell needs to complete the words of this command
    ///
    /// The packages install this for bash, zsh and fish.
    #[command(after_help = "Examples:
  flaskr-admin completions bash >~/.local/share/bash-completion/completions/flaskr-admin
  flaskr-admin completions fish >~/.config/fish/completions/flaskr-admin.fish")]
    Completions {
        /// Which shell
        shell: ShellName,
    },
}

const SECRET_KEY_EXAMPLES: &str = "Examples:
  flaskr-admin secret-key generate
  flaskr-admin secret-key rotate && systemctl reload flaskr";

/// What `flaskr-admin secret-key` does.
#[derive(Subcommand, Clone, Copy, Debug)]
#[command(after_help = SECRET_KEY_EXAMPLES)]
pub enum SecretKeyCommand {
    /// Make a random key, unless there is one
    #[command(after_help = SECRET_KEY_EXAMPLES)]
    Generate,
    /// Put a new key in front of the old ones, which still verify
    #[command(after_help = SECRET_KEY_EXAMPLES)]
    Rotate,
}
