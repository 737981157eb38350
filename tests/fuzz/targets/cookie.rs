//! The field in which a browser sends cookies, ours and others'.
#![no_main]

use std::sync::LazyLock;

use flaskr_fuzz::Site;
use libfuzzer_sys::fuzz_target;

static SITE: LazyLock<Site> = LazyLock::new(Site::default);

fuzz_target!(|cookies: &[u8]| {
    SITE.send("GET", b"/auth/login", &[("cookie", cookies)], b"");
    SITE.send("POST", b"/auth/logout", &[("cookie", cookies), ("x-forwarded-proto", b"https")], b"");
});
