//! Pictures that authors send: read, freed of all that is not picture, and made in the sizes that pages show.
//!
//! What a file is, its bytes say, never its name or the type that came with it. Nothing of the file itself is kept: each
//! size is written anew from its pixels, so that neither the place where a photo was taken nor anything that was hidden
//! behind it goes on.

mod address;
mod animation;
mod format;
mod pool;
mod still;

use sha2::{Digest, Sha256};

use crate::problem::Problem;

pub use address::{Address, NotAnAddress, named_in};
pub use format::Format;
pub use pool::ImagePool;

/// Most pixels of a picture: the largest that phones make, and 150 MB once they are unpacked.
pub const PIXELS_MAX: u64 = 50_000_000;
/// Most pixels of all pictures of an animation together.
pub const ANIMATION_PIXELS_MAX: u64 = 100_000_000;
/// Most pictures of an animation.
pub const FRAMES_MAX: u64 = 1000;
/// Most bytes that reading a picture takes, beside those of the file: `PIXELS_MAX` of four times 16 bits, which become four
/// times 8. (A progressive JPEG of four inks has coefficients of as many bits, and becomes three times 8.)
pub const DECODE_BYTES_MAX: u64 = PIXELS_MAX * (8 + 4);

/// A picture that is ready to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What all of its sizes are.
    pub format: Format,
    /// Its sizes, the largest first; there is at least one.
    pub sizes: Vec<Size>,
    /// The name of the picture: what the bytes of its largest size hash to.
    pub hash: String,
}

/// A picture in one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Size {
    /// Pixels from side to side.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Picture {
    /// Reads a file, whatever anybody says that it is.
    ///
    /// Its size is looked at before it is unpacked, and what it takes is bounded by [`DECODE_BYTES_MAX`].
    pub fn decode(file: &[u8]) -> Result<Self, Problem> {
        let (format, sizes) = match format::sniff(file) {
            Some(::image::ImageFormat::Gif) => (Format::Gif, vec![animation::remake(file)?]),
            Some(format) => still::remake(file, format)?,
            None => return Err(Problem::new("image-no-picture")),
        };
        let hash = sizes.first().map(|largest| hash(&largest.bytes)).unwrap_or_default();
        Ok(Self { format, sizes, hash })
    }

    /// Reads the largest size of a picture that was on such a site before, and leaves it as it is to the byte: written
    /// anew, it would have another address. `None` if it is not what its address says.
    pub fn of_site(file: &[u8], address: &Address) -> Option<Result<Self, Problem>> {
        if address.width.is_some() || hash(file) != address.hash {
            return None;
        }
        let mut picture = match Self::decode(file) {
            Ok(picture) => picture,
            Err(problem) => return Some(Err(problem)),
        };
        let largest = picture.sizes.first_mut().filter(|_| picture.format == address.format)?;
        file.clone_into(&mut largest.bytes);
        picture.hash.clone_from(&address.hash);
        Some(Ok(picture))
    }

    /// Where its largest size is.
    pub fn address(&self) -> Address {
        Address { hash: self.hash.clone(), width: None, format: self.format }
    }

    /// Bytes of all its sizes.
    pub fn bytes(&self) -> usize {
        self.sizes.iter().map(|size| size.bytes.len()).sum()
    }
}

/// Refuses what would take too much memory or time, before it does.
fn check_pixels(width: u32, height: u32) -> Result<(), Problem> {
    if u64::from(width) * u64::from(height) <= PIXELS_MAX {
        return Ok(());
    }
    let problem = Problem::new("image-too-many-pixels").with("width", width).with("height", height);
    Err(problem.with("most", PIXELS_MAX / 1_000_000))
}

fn damaged() -> Problem {
    Problem::new("image-damaged")
}

/// Half of a SHA-256: nobody makes two pictures with the same, by chance or on purpose, in fewer than 2^64 attempts.
fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    base16ct::lower::encode_string(digest.get(..address::HASH_LENGTH / 2).unwrap_or_default())
}
