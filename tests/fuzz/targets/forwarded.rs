//! What a trusted proxy says of a client, and what a browser says of itself: a line for each.
#![no_main]

use std::sync::LazyLock;

use flaskr_fuzz::Site;
use libfuzzer_sys::fuzz_target;

static SITE: LazyLock<Site> = LazyLock::new(Site::default);

const FIELDS: [&str; 6] =
    ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "origin", "referer", "sec-fetch-site"];

fuzz_target!(|data: &[u8]| {
    let fields: Vec<_> = FIELDS.into_iter().zip(data.split(|byte| *byte == b'\n')).collect();
    SITE.send("POST", b"/auth/logout", &fields, b"");
});
