//! What is asked for: a path and a query.
#![no_main]

use std::sync::LazyLock;

use flaskr_fuzz::Site;
use libfuzzer_sys::fuzz_target;

static SITE: LazyLock<Site> = LazyLock::new(Site::default);

fuzz_target!(|target: &[u8]| {
    SITE.send("GET", target, &[], b"");
    SITE.send("POST", target, &[], b"");
});
