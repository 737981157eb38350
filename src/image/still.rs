//! Pictures that do not move. Of an animated PNG or WebP the first picture is taken.

use std::io::Cursor;

use ::image::codecs::jpeg::JpegEncoder;
use ::image::codecs::png::{CompressionType, FilterType as RowFilter, PngEncoder};
use ::image::imageops::{self, FilterType};
use ::image::metadata::Orientation;
use ::image::{
    DynamicImage, ImageBuffer, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageReader, Limits, Pixel,
};

use super::format::Format;
use super::{DECODE_BYTES_MAX, PIXELS_MAX, Size, check_pixels, damaged};
use crate::problem::Problem;

/// The column of a page is half as wide; a dense screen shows twice as much in it.
const WIDTH_MAX: u32 = 1920;
/// As high as browsers show a picture.
const HEIGHT_MAX: u32 = 16_384;
/// Most pixels that are kept, however they are laid out.
const KEPT_PIXELS_MAX: f64 = 1920.0 * 1920.0;
/// Widths of the smaller sizes: a phone, and the column itself.
const SMALLER_WIDTHS: [u32; 2] = [960, 480];

/// Where more is not seen, and less is: libjpeg's own programs take 75, cameras 95.
const JPEG_QUALITY: u8 = 85;
/// How much larger than as a JPEG something must be as a PNG to be a photo: photos are from five times, drawings and
/// pictures of a screen up to twice.
const PHOTO_RATIO: usize = 4;

/// Longest colour profile that is kept, in bytes: those of cameras and phones have up to four thousand.
const PROFILE_BYTES_MAX: usize = 16 * 1024;

/// What is kept of a file.
struct Still {
    pixels: DynamicImage,
    /// How its colours are meant, which is part of the picture.
    profile: Option<Vec<u8>>,
}

/// Makes the sizes of a picture, the largest first.
pub(super) fn remake(file: &[u8], format: ImageFormat) -> Result<(Format, Vec<Size>), Problem> {
    let still = read(file, format)?;
    let (format, largest) = still.write_best(format)?;
    let mut sizes = vec![largest];
    let mut pixels = still.pixels;
    for width in SMALLER_WIDTHS {
        // Not if it is nearly the same.
        if u64::from(width) * 5 > u64::from(pixels.width()) * 4 {
            continue;
        }
        let height = proportional(pixels.height(), f64::from(width) / f64::from(pixels.width()));
        pixels = scaled(pixels, width, height);
        let smaller = Still { pixels, profile: still.profile.clone() };
        sizes.push(smaller.write(format)?);
        pixels = smaller.pixels;
    }
    Ok((format, sizes))
}

/// Reads a file and makes it no larger than it will be shown, upright, with 8 bits for each colour.
fn read(file: &[u8], format: ImageFormat) -> Result<Still, Problem> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(|error| unreadable(&error))?;
    let (width, height) = decoder.dimensions();
    check_pixels(width, height)?;
    decoder.set_limits(limits).map_err(|error| unreadable(&error))?;
    // These are beside the picture: one that cannot be read is none.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let pixels = DynamicImage::from_decoder(decoder).map_err(|error| unreadable(&error))?;

    // Turned afterwards, when there is less to turn.
    let (turned_width, turned_height) = if is_turned(orientation) { (height, width) } else { (width, height) };
    let scale = kept_scale(turned_width, turned_height);
    let mut pixels = scaled(plain(pixels), proportional(width, scale), proportional(height, scale));
    pixels.apply_orientation(orientation);
    let profile = profile.filter(|profile| fits(profile, &pixels));
    Ok(Still { pixels, profile })
}

fn unreadable(error: &ImageError) -> Problem {
    match error {
        // Before its width and height could be asked for.
        ImageError::Limits(_) => Problem::new("image-too-large").with("most", PIXELS_MAX / 1_000_000),
        _ => damaged(),
    }
}

fn is_turned(orientation: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

/// How much smaller a picture is kept; never larger.
fn kept_scale(width: u32, height: u32) -> f64 {
    let (width, height) = (f64::from(width), f64::from(height));
    let scales =
        [f64::from(WIDTH_MAX) / width, f64::from(HEIGHT_MAX) / height, (KEPT_PIXELS_MAX / (width * height)).sqrt()];
    scales.into_iter().fold(1.0, f64::min)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to the edge, times 1 at most")]
fn proportional(edge: u32, scale: f64) -> u32 {
    (f64::from(edge) * scale).round().max(1.0) as u32
}

fn scaled(pixels: DynamicImage, width: u32, height: u32) -> DynamicImage {
    match pixels {
        DynamicImage::ImageLuma8(pixels) => scaled_buffer(pixels, width, height).into(),
        DynamicImage::ImageRgb8(pixels) => scaled_buffer(pixels, width, height).into(),
        DynamicImage::ImageRgba8(pixels) => scaled_buffer(pixels, width, height).into(),
        other => other, // there is no other kind here, and the crate's own code for all of them is large
    }
}

/// Takes averages down to twice the size, which is quick and needs no copy of the whole in floating point, and then
/// weighs neighbours.
fn scaled_buffer<P>(mut pixels: ImageBuffer<P, Vec<u8>>, width: u32, height: u32) -> ImageBuffer<P, Vec<u8>>
where
    P: Pixel<Subpixel = u8> + 'static,
{
    if pixels.dimensions() == (width, height) {
        return pixels;
    }
    let (twice_width, twice_height) = (width.saturating_mul(2), height.saturating_mul(2));
    if pixels.width() > twice_width && pixels.height() > twice_height {
        pixels = imageops::thumbnail(&pixels, twice_width, twice_height); // the large one is gone from here on
    }
    imageops::resize(&pixels, width, height, FilterType::CatmullRom)
}

/// One of the kinds that are written: 8 bits, and transparency only where there is some.
fn plain(pixels: DynamicImage) -> DynamicImage {
    let has_colour = pixels.color().has_color();
    if pixels.has_alpha() {
        let pixels = pixels.into_rgba8();
        if pixels.pixels().any(|pixel| pixel.0[3] != u8::MAX) {
            return pixels.into();
        }
        let pixels = DynamicImage::from(pixels);
        return if has_colour { pixels.into_rgb8().into() } else { pixels.into_luma8().into() };
    }
    if has_colour { pixels.into_rgb8().into() } else { pixels.into_luma8().into() }
}

/// Whether a profile is one of such colours: of the inks of a CMYK picture it means nothing any more. Bytes 16 to 19 of a
/// profile name what it is for (ICC.1:2022, 7.2.6).
fn fits(profile: &[u8], pixels: &DynamicImage) -> bool {
    let colours: &[u8] = if pixels.color().has_color() { b"RGB " } else { b"GRAY" };
    profile.len() <= PROFILE_BYTES_MAX && profile.get(16..20) == Some(colours)
}

impl Still {
    /// A JPEG stays one. Else it is a PNG, unless it is a photo.
    fn write_best(&self, from: ImageFormat) -> Result<(Format, Size), Problem> {
        if self.pixels.has_alpha() {
            return Ok((Format::Png, self.write(Format::Png)?));
        }
        let jpeg = self.write(Format::Jpeg)?;
        if from == ImageFormat::Jpeg {
            return Ok((Format::Jpeg, jpeg));
        }
        let png = self.write(Format::Png)?;
        let is_photo = png.bytes.len() / PHOTO_RATIO > jpeg.bytes.len();
        Ok(if is_photo { (Format::Jpeg, jpeg) } else { (Format::Png, png) })
    }

    fn write(&self, format: Format) -> Result<Size, Problem> {
        let mut bytes = Vec::new();
        let written = match format {
            Format::Jpeg => self.write_to(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)),
            Format::Png | Format::Gif => {
                self.write_to(PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, RowFilter::Adaptive))
            }
        };
        written.map_err(|_| damaged())?;
        Ok(Size { width: self.pixels.width(), height: self.pixels.height(), bytes })
    }

    fn write_to(&self, mut encoder: impl ImageEncoder) -> ::image::ImageResult<()> {
        if let Some(profile) = &self.profile {
            // One that cannot be written is left out: the picture is still one.
            let _ = encoder.set_icc_profile(profile.clone());
        }
        let pixels = &self.pixels;
        encoder.write_image(pixels.as_bytes(), pixels.width(), pixels.height(), pixels.color().into())
    }
}
