//! A form as a browser sends it without being told how.
#![no_main]

use std::sync::LazyLock;

use flaskr_fuzz::Site;
use libfuzzer_sys::fuzz_target;

static SITE: LazyLock<Site> = LazyLock::new(Site::default);

fuzz_target!(|body: &[u8]| {
    let fields: [(&str, &[u8]); 1] = [("content-type", b"application/x-www-form-urlencoded")];
    SITE.send("POST", b"/auth/register", &fields, body);
    SITE.send("POST", b"/auth/login", &fields, body);
});
