//! The command line of `flaskr`.

use clap::Parser;

use super::ConfigOptions;
use crate::config::Override;

/// Serve the blog.
///
/// Without a config file, the blog is served on 127.0.0.1:8080 from the directory `instance`, which is made on the
/// first start.
///
/// Every setting can also come from the environment, for example `FLASKR_LISTEN` or
/// `FLASKR_LIMITS_FORM_BYTES_MAX`. SIGHUP takes settings and theme anew, and keys unless systemd has handed them
/// over, and leaves all as it is if something is wrong; `flaskr-admin reload` takes keys anyway, and says how it went.
#[derive(Parser, Clone, Debug)]
#[command(name = "flaskr", version, after_help = EXAMPLES)]
pub struct Daemon {
    /// The options that `flaskr-admin` has too.
    #[command(flatten)]
    pub config: ConfigOptions,

    /// Where to listen, instead of the configured place: ADDRESS:PORT or a socket, `unix:PATH`
    #[arg(long, value_name = "WHERE")]
    pub listen: Option<String>,
}

const EXAMPLES: &str = "Examples:
  flaskr                                   without a config file: ./instance on http://127.0.0.1:8080
  flaskr --listen '[::]:80'                serve to everybody
  flaskr --config /etc/flaskr/config.toml  serve as the packaged service does
  flaskr admin --help                      the administrator's command, flaskr-admin(8)

Exit status:
  0  SIGTERM or SIGINT came: the requests under way were finished
  1  it failed
  2  the command line is wrong
  78  it failed, and will until somebody mends a setting, the key or the database";

impl Daemon {
    /// The settings among the options.
    pub fn overrides(&self) -> Vec<Override> {
        self.listen.iter().map(|listen| Override::option("listen", listen.clone())).collect()
    }
}
