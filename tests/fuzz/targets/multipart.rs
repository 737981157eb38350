//! A form in parts: the first line is the media type, the rest the body.
#![no_main]

use std::sync::LazyLock;

use flaskr_fuzz::Site;
use libfuzzer_sys::fuzz_target;

static SITE: LazyLock<Site> = LazyLock::new(Site::default);

fuzz_target!(|data: &[u8]| {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (media_type, body) = data.split_at(end);
    SITE.send("POST", b"/auth/login", &[("content-type", media_type)], body.get(1..).unwrap_or_default());
});
