//! The words behind `flaskr-admin theme`.

use std::path::PathBuf;

use clap::Subcommand;

const EXAMPLES: &str = "Examples:
  flaskr-admin theme export /etc/flaskr/theme templates/base.html static/style.css
  flaskr-admin theme check /etc/flaskr/theme
  flaskr-admin theme check && systemctl reload flaskr  once `theme` in [site] names it";

/// What `flaskr-admin theme` does.
#[derive(Subcommand, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub enum ThemeCommand {
    /// Write the built-in templates and static files into a directory, to change some of them
    ///
    /// A theme is a directory of templates and static files that the setting `theme` in the section `[site]` names. A
    /// file there stands in the place of the built-in one of the same name; all others are built in. So a theme is best
    /// kept to what it changes. Without NAMES all files are written. Nothing is, if one of them is there already.
    #[command(after_help = EXAMPLES)]
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
    #[command(after_help = EXAMPLES)]
    Check {
        /// The directory of the theme, instead of the configured one
        directory: Option<PathBuf>,
    },
}
