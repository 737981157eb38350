//! What a client can undo: an answer comes in a coding that was named, and undone it is the page.
#![no_main]

use std::io::Read;
use std::sync::LazyLock;

use flaskr_fuzz::Site;
use libfuzzer_sys::fuzz_target;

static SITE: LazyLock<Site> = LazyLock::new(Site::default);

fuzz_target!(|accepted: &[u8]| {
    let Some((coding, body)) = SITE.get("/", &[("accept-encoding", accepted)]) else { return };
    let accepted = String::from_utf8_lossy(accepted).to_ascii_lowercase();
    assert!(coding.is_empty() || accepted.contains(&coding), "{coding} was not asked for: {accepted}");
    let mut page = Vec::new();
    match coding.as_str() {
        "" => page = body.to_vec(),
        "gzip" => {
            flate2::read::GzDecoder::new(&*body).read_to_end(&mut page).unwrap();
        }
        "br" => {
            brotli::Decompressor::new(&*body, 4096).read_to_end(&mut page).unwrap();
        }
        "zstd" => page = zstd::stream::decode_all(&*body).unwrap(),
        other => panic!("{other} is none of ours"),
    }
    let (_, plain) = SITE.get("/", &[]).unwrap();
    assert_eq!(page, plain);
});
