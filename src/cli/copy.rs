//! The words behind `flaskr-admin copy`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::Output;

/// Where a site is copied to.
#[derive(Args, Clone, Debug)]
pub struct CopyOptions {
    /// The address of a server, as in `[database] url`, or a file
    #[arg(long, value_name = "URL|FILE", value_hint = ValueHint::FilePath)]
    pub to: String,

    /// The file whose first line is the password there; in the address others would see it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub password_file: Option<PathBuf>,

    /// The certificates, in PEM, that the server's own is checked by, instead of the system's
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ca: Option<PathBuf>,

    /// For whom.
    #[command(flatten)]
    pub output: Output,
}
