//! GIFs: each picture unpacked and packed anew, with its own colours and time. Nothing else of the file goes on, and
//! nothing is scaled: the pictures of an animation are often parts that fit into each other.

use std::num::NonZeroU64;

use gif::{ColorOutput, DecodeOptions, Decoder, Encoder, Frame, MemoryLimit};

use super::{ANIMATION_PIXELS_MAX, FRAMES_MAX, PIXELS_MAX, Size, check_pixels, damaged};
use crate::problem::Problem;

/// Remakes a file.
pub(super) fn remake(file: &[u8]) -> Result<Size, Problem> {
    let mut decoder = open(file).map_err(|_| damaged())?;
    let (width, height) = (decoder.width(), decoder.height());
    check_pixels(width.into(), height.into())?;
    let mut bytes = Vec::new();
    let palette = decoder.global_palette().unwrap_or_default().to_vec();
    let mut encoder = Encoder::new(&mut bytes, width, height, &palette).map_err(|_| damaged())?;
    encoder.set_repeat(decoder.repeat()).map_err(|_| damaged())?;

    // A browser makes the whole picture of each part.
    let pixels = u64::from(width) * u64::from(height);
    let mut frames = 0;
    while decoder.next_frame_info().map_err(|_| damaged())?.is_some() {
        frames += 1;
        if frames > FRAMES_MAX || frames * pixels > ANIMATION_PIXELS_MAX {
            return Err(too_long());
        }
        let frame = unpack(&mut decoder).map_err(|_| damaged())?;
        encoder.write_frame(&frame).map_err(|_| damaged())?;
    }
    drop(encoder);
    if frames == 0 {
        return Err(damaged());
    }
    Ok(Size { width: width.into(), height: height.into(), bytes })
}

fn open(file: &[u8]) -> Result<Decoder<&[u8]>, gif::DecodingError> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.check_frame_consistency(true);
    if let Some(bytes_max) = NonZeroU64::new(PIXELS_MAX) {
        options.set_memory_limit(MemoryLimit::Bytes(bytes_max));
    }
    options.read_info(file)
}

/// The frame whose header was read.
fn unpack(decoder: &mut Decoder<&[u8]>) -> Result<Frame<'static>, gif::DecodingError> {
    let mut buffer = vec![0; decoder.buffer_size()];
    decoder.read_into_buffer(&mut buffer)?;
    let Some(frame) = decoder.current_frame_info() else { return Ok(Frame::default()) };
    // Its lines come in order from here on, and it waits for nobody.
    Ok(Frame { buffer: buffer.into(), interlaced: false, needs_user_input: false, ..frame.clone() })
}

fn too_long() -> Problem {
    Problem::new("image-too-long").with("frames", FRAMES_MAX).with("most", ANIMATION_PIXELS_MAX / 1_000_000)
}
