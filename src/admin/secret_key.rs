//! `flaskr-admin secret-key`: makes and rotates the key that signs cookies.

use std::io::Write;
use std::path::Path;

use super::{Result, owner};
use crate::cli::SecretKeyCommand;
use crate::config::Config;
use crate::{instance, random, secret_key};

/// Does one of the two.
pub(super) fn run(config: &Config, command: SecretKeyCommand, out: &mut dyn Write) -> Result<()> {
    let path = config.secret_key_path();
    let directory = path.parent().unwrap_or(Path::new("/"));
    if let SecretKeyCommand::Generate = command {
        instance::make_directory(directory)?;
    }
    owner::become_owner_of(directory)?;
    match command {
        SecretKeyCommand::Generate => {
            if secret_key::generate(&path, random::bytes()?)? {
                writeln!(out, "Made the secret key {}.", path.display())?;
            } else {
                writeln!(out, "There is a secret key already: {}. Nothing was changed.", path.display())?;
            }
        }
        SecretKeyCommand::Rotate => {
            let keys = secret_key::rotate(&path, random::bytes()?)?;
            writeln!(
                out,
                "Put a new key in front of {}, which holds {keys} keys now. `flaskr-admin reload` has the daemon sign with it.",
                path.display()
            )?;
        }
    }
    Ok(())
}
