//! A file that is sent as an image: what is taken is bounded, and what is made of it can be read again.
#![no_main]

use flaskr::image::{Address, Format, Picture};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    let Ok(picture) = Picture::decode(file) else { return };
    assert!((1..=3).contains(&picture.sizes.len()));
    assert_eq!(picture.address().to_string().parse::<Address>().unwrap(), picture.address());
    for size in &picture.sizes {
        let again = Picture::decode(&size.bytes).expect("what was written can be read");
        assert_eq!((again.sizes[0].width, again.sizes[0].height), (size.width, size.height));
        assert!(picture.format == Format::Gif || (size.width <= 1920 && size.height <= 16_384));
    }
});
