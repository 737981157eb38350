//! Content codings: what a client can undo, and bytes in it (RFC 9110, 8.4 and 12.5.3).

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use warp::http::HeaderMap;
use warp::http::header::ACCEPT_ENCODING;

use super::weighted;

/// How hard to try, for pages that are compressed once and sent many times: about half a millisecond for 10 KB.
const GZIP_LEVEL: u32 = 6;
const BROTLI_QUALITY: i32 = 5;
const ZSTD_LEVEL: i32 = 3;

/// Largest text that is compressed, in bytes. It would take tens of milliseconds, and is rarely asked for twice.
const TEXT_BYTES_MAX: usize = 1024 * 1024;

/// How a body is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Coding {
    /// As it is.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
    /// RFC 8878.
    Zstd,
}

impl Coding {
    /// The one that we would rather send of those that the client likes best.
    pub(super) fn accepted(headers: &HeaderMap) -> Self {
        let mut best = (Self::Identity, 1); // what has no weight is refused
        for (name, weight) in weighted::items(headers, ACCEPT_ENCODING) {
            let Some(coding) = Self::named(name) else { continue };
            if (weight, coding.preference()) > (best.1, best.0.preference()) {
                best = (coding, weight);
            }
        }
        best.0
    }

    /// Its name, in a header and in a tag.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    /// The smaller it makes a page, the better.
    fn preference(self) -> u8 {
        match self {
            Self::Identity => 0,
            Self::Gzip => 1,
            Self::Zstd => 2,
            Self::Brotli => 3,
        }
    }

    /// `*` is none: whoever means it names what they can undo as well.
    fn named(name: &str) -> Option<Self> {
        let is = |coding: &Self| name.eq_ignore_ascii_case(coding.name());
        let known = [Self::Gzip, Self::Brotli, Self::Zstd].into_iter().find(is);
        known.or_else(|| name.eq_ignore_ascii_case("x-gzip").then_some(Self::Gzip))
    }

    /// A text in this coding, unless that makes it no smaller, or it is too long to try.
    pub(super) fn encode(self, text: &[u8]) -> Option<Vec<u8>> {
        if self == Self::Identity || text.len() > TEXT_BYTES_MAX {
            return None;
        }
        let mut encoded = self.compress(text).ok().filter(|encoded| encoded.len() < text.len())?;
        encoded.shrink_to_fit(); // it may be kept, and zstd makes room for the whole text
        Some(encoded)
    }

    fn compress(self, text: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Identity => Ok(text.to_vec()),
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL));
                encoder.write_all(text)?;
                encoder.finish()
            }
            Self::Brotli => {
                let mut encoded = Vec::new();
                let settings = brotli::enc::BrotliEncoderParams {
                    quality: BROTLI_QUALITY,
                    size_hint: text.len(),
                    lgwin: window_bits(text.len()),
                    ..Default::default()
                };
                brotli::BrotliCompress(&mut &*text, &mut encoded, &settings)?;
                Ok(encoded)
            }
            Self::Zstd => zstd::bulk::compress(text, ZSTD_LEVEL),
        }
    }
}

/// The smallest window that the whole text fits in, as a power of two: a larger one costs memory and gains nothing.
fn window_bits(bytes: usize) -> i32 {
    let bits = bytes.next_power_of_two().ilog2().clamp(10, 22); // RFC 7932, 9.1: up to 24
    bits.cast_signed()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn accepted(lines: &[&str]) -> Coding {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(ACCEPT_ENCODING, line.parse().unwrap());
        }
        Coding::accepted(&headers)
    }

    /// A client gets what it asked for, and what it did not ask for never.
    #[test]
    fn negotiation() {
        for (lines, coding) in [
            (&[][..], Coding::Identity),
            (&[""], Coding::Identity),
            (&["*"], Coding::Identity),
            (&["identity"], Coding::Identity),
            (&["deflate"], Coding::Identity),
            (&["gzip, deflate, br, zstd"], Coding::Brotli),
            (&["gzip", "zstd"], Coding::Zstd),
            (&["X-GZIP"], Coding::Gzip),
            (&["br;q=0, gzip"], Coding::Gzip),
            (&["br; q=0.1 , gzip ; q = 0.9"], Coding::Gzip),
            (&["br;q=0.000,gzip;q=0.0"], Coding::Identity),
            (&["br;q=2"], Coding::Identity),
            (&["br;q=0.1234"], Coding::Identity),
            (&["br;q=x"], Coding::Identity),
            (&["brotli, gzipped"], Coding::Identity),
        ] {
            assert_eq!(accepted(lines), coding, "{lines:?}");
        }
    }

    /// What is sent can be undone, and is smaller.
    #[test]
    fn round_trip() {
        let text = "<p>안녕하세요, Flaskr. ".repeat(50).into_bytes();
        let gzip = Coding::Gzip.encode(&text).unwrap();
        let mut undone = Vec::new();
        flate2::read::GzDecoder::new(&*gzip).read_to_end(&mut undone).unwrap();
        assert_eq!(undone, text);
        undone.clear();
        brotli::Decompressor::new(&*Coding::Brotli.encode(&text).unwrap(), 4096).read_to_end(&mut undone).unwrap();
        assert_eq!(undone, text);
        assert_eq!(zstd::bulk::decompress(&Coding::Zstd.encode(&text).unwrap(), text.len()).unwrap(), text);
    }

    /// What may be kept takes no more memory than is reckoned with.
    #[test]
    fn no_room_is_left() {
        let text = "<p>안녕하세요, Flaskr. ".repeat(5000).into_bytes();
        for coding in [Coding::Gzip, Coding::Brotli, Coding::Zstd] {
            let encoded = coding.encode(&text).unwrap();
            assert_eq!(encoded.capacity(), encoded.len(), "{coding:?}");
        }
    }

    /// What would not be smaller, or takes too long, is sent as it is.
    #[test]
    fn left_as_it_is() {
        for coding in [Coding::Gzip, Coding::Brotli, Coding::Zstd] {
            assert_eq!(coding.encode(b"<p>"), None, "{coding:?}");
            assert_eq!(coding.encode(&vec![b'a'; TEXT_BYTES_MAX + 1]), None, "{coding:?}");
            assert!(coding.encode(&vec![b'a'; TEXT_BYTES_MAX]).is_some(), "{coding:?}");
        }
    }
}
