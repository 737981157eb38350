//! A config file, and its first line as a variable: what is accepted can be written and read again.
#![no_main]

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

static DIRECTORY: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

const VARIABLES: [&str; 4] =
    ["FLASKR_LISTEN", "FLASKR_BASE_URL", "FLASKR_TRUSTED_PROXIES", "FLASKR_LIMITS_FORM_BYTES_MAX"];

fuzz_target!(|text: &[u8]| {
    let file = DIRECTORY.path().join("config.toml");
    std::fs::write(&file, text).unwrap();
    if let Err(error) = flaskr::config::load(Some(&file), [], Vec::new()) {
        let message = error.to_string();
        assert!(message.contains("config.toml") && !message.contains('\n'), "{message}");
    }
    std::fs::write(&file, "").unwrap();
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    for name in VARIABLES {
        let variable = (OsString::from(name), OsString::from_vec(line.to_vec()));
        match flaskr::config::load(Some(&file), [variable], Vec::new()) {
            Ok(loaded) => {
                // What was understood means the same when it is written as it was understood.
                for proxy in &loaded.config.trusted_proxies {
                    assert_eq!(&String::from(proxy.clone()).try_into(), &Ok(proxy.clone()));
                }
                if let Some(base_url) = loaded.config.base_url {
                    assert_eq!(String::from(base_url.clone()).try_into(), Ok(base_url));
                }
            }
            Err(error) => assert!(error.to_string().starts_with(name), "{error}"),
        }
    }
});
