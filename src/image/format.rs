//! The formats: which are read, and which are written.

use std::fmt;
use std::str::FromStr;

use ::image::ImageFormat;

/// What a picture is kept as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Photos.
    Jpeg,
    /// Drawings, and whatever can be seen through.
    Png,
    /// Whatever came as one, moving or not.
    Gif,
}

impl Format {
    /// The end of its files' names.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
        }
    }

    /// Its name for browsers.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.extension())
    }
}

/// The text is the name of no format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAFormat;

impl FromStr for Format {
    type Err = NotAFormat;

    fn from_str(extension: &str) -> Result<Self, NotAFormat> {
        [Self::Jpeg, Self::Png, Self::Gif].into_iter().find(|format| format.extension() == extension).ok_or(NotAFormat)
    }
}

/// What a file begins like, if that is something which is read here.
pub(super) fn sniff(file: &[u8]) -> Option<ImageFormat> {
    let format = ::image::guess_format(file).ok()?;
    matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Gif | ImageFormat::WebP).then_some(format)
}
