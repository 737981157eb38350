//! What becomes of the files that authors send.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

use std::io::Cursor;

use flaskr::image::{FRAMES_MAX, Format, Picture, Size};
use image::{DynamicImage, GenericImageView, GrayImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::*;

/// What is said of a file that cannot be read.
const DAMAGED: &str = "This picture is damaged, or of a kind that cannot be read here.";

/// A picture with another colour in each of its corners: red, green, blue, white.
fn corners(width: u32, height: u32) -> DynamicImage {
    let colour = |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb([255, 0, 0]),
        (false, true) => Rgb([0, 255, 0]),
        (true, false) => Rgb([0, 0, 255]),
        (false, false) => Rgb([255, 255, 255]),
    };
    RgbImage::from_fn(width, height, colour).into()
}

/// What a camera sees, as far as this matters: every pixel is a little different from its neighbours.
fn photo(width: u32, height: u32) -> DynamicImage {
    let noise = |x: u32, y: u32| x.wrapping_mul(2_654_435_761).rotate_left(13) ^ y.wrapping_mul(2_246_822_519);
    let level = |x: u32, y: u32| u8::try_from((x + y) / 16 % 200 + noise(x, y) % 16).unwrap();
    RgbImage::from_fn(width, height, |x, y| Rgb([level(x, y), level(y, x), level(x + y, x)])).into()
}

fn file(pixels: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    pixels.write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn decode(file: &[u8]) -> Picture {
    Picture::decode(file).unwrap()
}

fn problem(file: &[u8]) -> String {
    Picture::decode(file).unwrap_err().to_string()
}

fn pixels(size: &Size) -> DynamicImage {
    image::load_from_memory(&size.bytes).unwrap()
}

fn dimensions(picture: &Picture) -> Vec<(u32, u32)> {
    picture.sizes.iter().map(|size| (size.width, size.height)).collect()
}

/// A JPEG with something in front of its picture.
fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, marker], &length, content, &jpeg[2..]].concat()
}

/// What a camera says of a photo: how it was held, and where.
fn exif(orientation: u8) -> Vec<u8> {
    let tiff = b"MM\0\x2a\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0";
    let rest = b"\0\0\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0\0\x01\0\x1b\0\x07\0\0\0\x08\0\0\0\x38\0\0\0\0GPS-HERE";
    [b"Exif\0\0", &tiff[..], &[orientation], &rest[..]].concat()
}

/// Every format that is read, and what it is kept as: JPEG and GIF as such, PNG and WebP as PNG.
#[test]
fn formats() {
    for (from, to) in
        [(ImageFormat::Jpeg, Format::Jpeg), (ImageFormat::Png, Format::Png), (ImageFormat::WebP, Format::Png)]
    {
        let picture = decode(&file(&corners(64, 48), from));
        assert_eq!((picture.format, dimensions(&picture)), (to, vec![(64, 48)]), "{from:?}");
        let Rgba([red, green, blue, alpha]) = pixels(&picture.sizes[0]).get_pixel(2, 2);
        assert!(red > 240 && green < 16 && blue < 16 && alpha == 255, "{from:?}");
        assert_eq!(picture.address().path(), format!("/images/{}.{to}", picture.hash));
        assert_eq!(picture.bytes(), picture.sizes[0].bytes.len());
    }
}

/// A file that libwebp wrote, with loss, of a red half and one that is half transparent.
const WEBP: &[u8] = include_bytes!("image/libwebp.webp");

/// What other programs write is read.
#[test]
fn webp_of_others() {
    let picture = decode(WEBP);
    assert_eq!((picture.format, dimensions(&picture)), (Format::Png, vec![(32, 16)]));
    let shown = pixels(&picture.sizes[0]);
    let (left, right) = (shown.get_pixel(4, 8).0, shown.get_pixel(28, 8).0);
    assert!(left[0] > 240 && left[2] < 16 && left[3] == 255, "{left:?}");
    assert!(right[2] > 200 && (120..136).contains(&right[3]), "{right:?}");
}

/// Photos are kept as such, whatever they came in.
#[test]
fn photos() {
    for (from, to) in
        [(ImageFormat::Jpeg, Format::Jpeg), (ImageFormat::Png, Format::Jpeg), (ImageFormat::WebP, Format::Jpeg)]
    {
        assert_eq!(decode(&file(&photo(600, 400), from)).format, to, "a photo in {from:?} is one");
    }
}

/// What can be seen through stays so; what could be and cannot is not; grey stays grey; 16 bits become 8.
#[test]
fn kinds_of_pixels() {
    let glass = RgbaImage::from_pixel(40, 40, Rgba([10, 20, 30, 40]));
    let kept = pixels(&decode(&file(&glass.into(), ImageFormat::Png)).sizes[0]);
    assert_eq!(kept.get_pixel(5, 5), Rgba([10, 20, 30, 40]));
    let opaque = DynamicImage::from(corners(40, 40).into_rgba8());
    assert_eq!(pixels(&decode(&file(&opaque, ImageFormat::Png)).sizes[0]).color(), image::ColorType::Rgb8);
    let grey = DynamicImage::from(GrayImage::from_pixel(40, 40, image::Luma([77])));
    assert_eq!(pixels(&decode(&file(&grey, ImageFormat::Png)).sizes[0]), grey);
    let deep = DynamicImage::from(corners(40, 40).into_rgb16());
    assert_eq!(pixels(&decode(&file(&deep, ImageFormat::Png)).sizes[0]), corners(40, 40));
}

/// At most three sizes, none larger than the picture was, none nearly as large as another.
#[test]
fn sizes() {
    for ((width, height), sizes) in [
        ((100, 50), vec![(100, 50)]),
        ((599, 10), vec![(599, 10)]),
        ((600, 300), vec![(600, 300), (480, 240)]),
        ((1200, 600), vec![(1200, 600), (960, 480), (480, 240)]),
        ((4000, 1000), vec![(1920, 480), (960, 240), (480, 120)]),
        // As much of it as of a square one, so that what is written on it can be read.
        ((1000, 5000), vec![(859, 4293), (480, 2399)]),
        ((2, 40_000), vec![(1, 16_384)]),
        ((40_000, 2), vec![(1920, 1), (960, 1), (480, 1)]),
    ] {
        let picture = decode(&file(&corners(width, height), ImageFormat::Png));
        assert_eq!(dimensions(&picture), sizes);
        assert!(picture.sizes.iter().all(|size| pixels(size).dimensions() == (size.width, size.height)));
    }
}

/// The same picture has the same name, however its file came by it.
#[test]
fn hashes() {
    let jpeg = file(&photo(200, 100), ImageFormat::Jpeg);
    let picture = decode(&jpeg);
    assert_eq!(decode(&with_segment(&jpeg, 0xe1, &exif(1))), picture);
    assert_eq!(picture.hash.len(), 32);
    assert_ne!(decode(&file(&photo(200, 101), ImageFormat::Jpeg)).hash, picture.hash);
}

/// However the camera was held, the picture stands upright, and is not told to be turned again.
#[test]
fn orientations() {
    // Where red, green, blue and white are to be seen, row by row.
    let seen = ["rgbw", "grwb", "wbgr", "bwrg", "rbgw", "brwg", "wgbr", "gwrb"];
    let jpeg = file(&corners(64, 32), ImageFormat::Jpeg);
    for (orientation, expected) in (1..).zip(seen) {
        let picture = decode(&with_segment(&jpeg, 0xe1, &exif(orientation)));
        let size = &picture.sizes[0];
        let upright = if orientation < 5 { (64, 32) } else { (32, 64) };
        assert_eq!((size.width, size.height), upright, "{orientation}");
        let (right, bottom) = (size.width - 5, size.height - 5);
        let found = [(4, 4), (right, 4), (4, bottom), (right, bottom)].map(|(x, y)| {
            match pixels(size).get_pixel(x, y).0.map(|level| level > 128) {
                [true, true, true, _] => 'w',
                [true, ..] => 'r',
                [_, true, ..] => 'g',
                _ => 'b',
            }
        });
        assert_eq!(found.iter().collect::<String>(), expected, "{orientation}");
        assert!(!size.bytes.windows(4).any(|bytes| bytes == b"Exif"), "{orientation}");
    }
}

/// Nothing of the file goes on but its picture: not where it was taken, not what was said of it, not what stood behind it.
#[test]
fn nothing_else_goes_on() {
    let jpeg = file(&photo(100, 100), ImageFormat::Jpeg);
    let jpeg = with_segment(&with_segment(&jpeg, 0xe1, &exif(1)), 0xfe, b"SECRET comment");
    let jpeg = with_segment(&jpeg, 0xed, b"Photoshop 3.0\0SECRET");
    assert!(jpeg.windows(8).any(|bytes| bytes == b"GPS-HERE"));
    let png = file(&corners(100, 100), ImageFormat::Png);
    let text = png_chunk(*b"tEXt", b"Comment\0SECRET");
    let png = [&png[..33], &text, &png[33..]].concat();
    let gif = animation(3, 20, 20);
    let at = gif.len() - 1;
    let gif = [&gif[..at], b"\x21\xfe\x06SECRET\0", &gif[at..]].concat();
    for (name, file) in [("JPEG", jpeg), ("PNG", png), ("GIF", gif)] {
        let polyglot = [&file[..], b"<html><script>alert(1)</script>SECRET"].concat();
        let picture = decode(&polyglot);
        assert_eq!(picture, decode(&file), "{name}");
        for hidden in [&b"GPS-HERE"[..], b"SECRET", b"Exif", b"script", b"Photoshop"] {
            let is_there = |size: &Size| size.bytes.windows(hidden.len()).any(|bytes| bytes == hidden);
            assert!(!picture.sizes.iter().any(is_there), "{name}");
        }
    }
}

/// A colour profile is part of the picture, if it is of its colours and no cargo.
#[test]
fn colour_profiles() {
    let profile = |length: usize, colours: &[u8; 4]| {
        let mut profile = vec![b'p'; length];
        profile[16..20].copy_from_slice(colours);
        profile
    };
    for (length, colours, is_kept) in [
        (600, b"RGB ", true),
        (600, b"CMYK", false),
        (600, b"GRAY", false),
        (20_000, b"RGB ", false),
        (20, b"RGB ", true),
    ] {
        let profile = profile(length, colours);
        let segment = [b"ICC_PROFILE\0\x01\x01", &profile[..]].concat();
        let jpeg = with_segment(&file(&photo(700, 100), ImageFormat::Jpeg), 0xe2, &segment);
        let picture = decode(&jpeg);
        assert_eq!(picture.sizes.len(), 2);
        for size in &picture.sizes {
            assert_eq!(size.bytes.windows(length).any(|bytes| bytes == profile), is_kept, "{length} {colours:?}");
        }
    }
}

fn png_chunk(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut checked = flate2::Crc::new();
    checked.update(&kind);
    checked.update(content);
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length, &kind[..], content, &checked.sum().to_be_bytes()].concat()
}

/// A PNG of this size, whatever it holds.
fn png(width: u32, height: u32, kind: u8, packed: &[u8]) -> Vec<u8> {
    let header = [&width.to_be_bytes(), &height.to_be_bytes()[..], &[8, kind, 0, 0, 0]].concat();
    let chunks = [png_chunk(*b"IHDR", &header), png_chunk(*b"IDAT", packed), png_chunk(*b"IEND", b"")].concat();
    [&b"\x89PNG\r\n\x1a\n"[..], &chunks].concat()
}

fn animation(frames: usize, width: u16, height: u16) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = gif::Encoder::new(&mut file, width, height, &[0, 0, 0, 255, 0, 0, 0, 255, 0]).unwrap();
    encoder.set_repeat(gif::Repeat::Infinite).unwrap();
    for number in 0..frames {
        let indices = vec![u8::try_from(number % 3).unwrap(); usize::from(width) * usize::from(height)];
        let mut frame = gif::Frame::from_indexed_pixels(width, height, indices, None);
        frame.delay = u16::try_from(number).unwrap();
        encoder.write_frame(&frame).unwrap();
    }
    drop(encoder);
    file
}

/// A GIF moves on as it did, interlaced or not.
#[test]
fn animations() {
    use gif::{DisposalMethod, Encoder, Frame};
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 4, 9, &[0, 0, 0, 255, 0, 0]).unwrap();
    encoder.set_repeat(gif::Repeat::Finite(3)).unwrap();
    let buffer: Vec<u8> = (0..36).map(|index| index / 4 % 2).collect();
    encoder.write_frame(&Frame { width: 4, height: 9, buffer: buffer.into(), delay: 7, ..Frame::default() }).unwrap();
    let part = Frame { left: 1, top: 2, width: 2, height: 3, transparent: Some(1), ..Frame::default() };
    let palette = Some(vec![9, 9, 9, 8, 8, 8]);
    let dispose = DisposalMethod::Previous;
    encoder.write_frame(&Frame { buffer: vec![0, 1, 0, 1, 0, 1].into(), palette, dispose, ..part }).unwrap();
    drop(encoder);

    let picture = decode(&file);
    assert_eq!((picture.format, dimensions(&picture)), (Format::Gif, vec![(4, 9)]));
    let frames = |file: &[u8]| {
        let mut decoder = gif::DecodeOptions::new().read_info(Cursor::new(file.to_vec())).unwrap();
        let repeat = decoder.repeat();
        let mut frames = Vec::new();
        while let Some(frame) = decoder.read_next_frame().unwrap() {
            frames.push(format!("{frame:?}"));
        }
        (repeat, frames)
    };
    assert_eq!(frames(&picture.sizes[0].bytes), frames(&file));
    assert_eq!(frames(&file).1.len(), 2);
}

/// What would take too much is refused by what its header says, in words that name the limit.
#[test]
fn bombs() {
    let most = "pixels; it may have 50 million.";
    assert_eq!(problem(&png(10_000, 5001, 2, b"")), format!("This picture is 10000 by 5001 {most}"));
    assert_eq!(problem(&png(100_000, 100_000, 2, b"")), format!("This picture is 100000 by 100000 {most}"));
    assert!(Picture::decode(&png(u32::MAX >> 1, u32::MAX >> 1, 6, b"")).is_err());
    let mut jpeg = file(&photo(64, 64), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|bytes| bytes == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    assert!(problem(&jpeg).ends_with(most));
    let mut gif = animation(1, 10, 10);
    gif[6..10].copy_from_slice(&[0xff; 4]);
    assert!(problem(&gif).ends_with(most));
    // A million lines that are not there: nothing waits for them.
    assert_eq!(problem(&png(50, 1_000_000, 2, b"\x78\x9c")), DAMAGED);
}

/// What is small and unpacks to much is held to what it says of itself.
#[test]
fn packed_bomb() {
    let mut bomb = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut bomb, &vec![0; 100_000_000]).unwrap();
    let packed = bomb.finish().unwrap();
    assert!(packed.len() < 200_000);
    // It may be read as the small picture that it says it is, or be refused.
    if let Ok(picture) = Picture::decode(&png(10, 10, 0, &packed)) {
        assert_eq!(dimensions(&picture), [(10, 10)]);
    }
}

/// An animation may be so long, and so large.
#[test]
fn long_animations() {
    let most = usize::try_from(FRAMES_MAX).unwrap();
    assert_eq!(decode(&animation(most, 2, 2)).sizes.len(), 1);
    let too_long = "This animation is too long: it may have 1000 pictures, and 100 million pixels in all of them.";
    assert_eq!(problem(&animation(most + 1, 2, 2)), too_long);
    // Parts count as the whole that each makes.
    let mut large = animation(101, 10, 10);
    large[6..10].copy_from_slice(&[0xe8, 0x03, 0xe8, 0x03]);
    assert_eq!(problem(&large), too_long);
}

/// What is no picture is none, whatever it looks like.
#[test]
fn no_pictures() {
    let none = "This is no picture in JPEG, PNG, GIF or WebP.";
    for file in [&b""[..], b"GIF", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", b"BM\0\0\0\0", b"II*\0", b"%PDF-1.7"]
    {
        assert_eq!(problem(file), none);
    }
    let heads = [&b"GIF89a"[..], b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"GIF89a<script>"];
    for head in heads {
        assert_eq!(problem(head), DAMAGED, "{head:?}");
    }
}

/// A file that was cut off is refused; a JPEG shows what came of it.
#[test]
fn cut_off() {
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Jpeg] {
        let whole = file(&photo(100, 100), format);
        let half = Picture::decode(&whole[..whole.len() / 2]);
        assert_eq!(half.is_ok(), format == ImageFormat::Jpeg, "{format:?}");
    }
    let whole = animation(3, 50, 50);
    assert!(Picture::decode(&whole[..whole.len() / 2]).is_err());
}

proptest! {
    /// No file makes it panic, or comes out as anything else than what it says.
    #[test]
    fn any_file(at in any::<prop::sample::Index>(), noise in prop::collection::vec(any::<u8>(), 1..8), kind in 0..4) {
        let mut file = match kind {
            0 => file(&photo(20, 20), ImageFormat::Jpeg),
            1 => file(&corners(20, 20), ImageFormat::Png),
            2 => file(&corners(20, 20), ImageFormat::WebP),
            _ => animation(2, 20, 20),
        };
        let at = at.index(file.len() - noise.len());
        file[at..at + noise.len()].copy_from_slice(&noise);
        if let Ok(picture) = Picture::decode(&file) {
            for size in &picture.sizes {
                let found = match picture.format {
                    Format::Gif => dimensions(&decode(&size.bytes))[0],
                    Format::Jpeg | Format::Png => pixels(size).dimensions(),
                };
                prop_assert_eq!(found, (size.width, size.height));
            }
        }
    }
}
