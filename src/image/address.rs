//! Where a picture is: its hash, perhaps a width, and its format, as in `/images/<hash>-480.jpg`.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::format::Format;

/// Hexadecimal digits of a hash.
pub(super) const HASH_LENGTH: usize = 32;

/// What stands before the address of a picture, in paths and in texts.
const FOLDER: &str = "/images/";

/// Most pictures of one text. What it names beyond them counts as not used.
const NAMED_MAX: usize = 1000;

/// The address of a picture, or of a smaller size of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The name of the picture.
    pub hash: String,
    /// The width of the size, if it is not the largest.
    pub width: Option<u32>,
    /// What it is.
    pub format: Format,
}

/// The text is the address of no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAddress;

impl Address {
    /// The path of the picture on this site.
    pub fn path(&self) -> String {
        format!("{FOLDER}{self}")
    }

    /// The address of a path of this site, if it is one of a picture.
    pub fn from_path(path: &str) -> Option<Self> {
        path.strip_prefix(FOLDER)?.parse().ok()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.width {
            Some(width) => write!(f, "{}-{width}.{}", self.hash, self.format),
            None => write!(f, "{}.{}", self.hash, self.format),
        }
    }
}

impl FromStr for Address {
    type Err = NotAnAddress;

    /// Reads what [`fmt::Display`] writes, and nothing else, so that each picture has one address.
    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let (name, extension) = text.rsplit_once('.').ok_or(NotAnAddress)?;
        let (hash, width) = match name.split_once('-') {
            Some((hash, width)) => (hash, Some(width.parse().map_err(|_| NotAnAddress)?)),
            None => (name, None),
        };
        let format = extension.parse().map_err(|_| NotAnAddress)?;
        let address = Self { hash: hash.to_owned(), width, format };
        if is_hash(hash) && width != Some(0) && address.to_string() == text { Ok(address) } else { Err(NotAnAddress) }
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == HASH_LENGTH && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The hashes of the pictures that a text names, in whatever way.
pub fn named_in(text: &str) -> BTreeSet<&str> {
    let names = text.split(FOLDER).skip(1).filter_map(|rest| rest.get(..HASH_LENGTH)).filter(|hash| is_hash(hash));
    names.take(NAMED_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "0123456789abcdef0123456789abcdef";

    /// Each picture has one address.
    #[test]
    fn written_and_read() {
        for text in [format!("{HASH}.jpg"), format!("{HASH}-480.png"), format!("{HASH}.gif")] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.to_string(), text);
            assert_eq!(Address::from_path(&address.path()), Some(address));
        }
        let upper = HASH.to_uppercase();
        for text in
            ["", ".jpg", "x.jpg", HASH, &format!("{HASH}.jpeg"), &format!("{HASH}.svg"), &format!("{upper}.jpg")]
        {
            assert_eq!(text.parse::<Address>(), Err(NotAnAddress), "{text}");
        }
        for width in ["", "0", "0480", "+480", "-1", "4e2", "99999999999"] {
            assert_eq!(format!("{HASH}-{width}.jpg").parse::<Address>(), Err(NotAnAddress), "{width}");
        }
    }

    /// A text uses the pictures that it names: in Markdown, in HTML, or anywhere.
    #[test]
    fn named() {
        let other = HASH.replace('0', "f");
        let text = format!("![a](/images/{HASH}.jpg) <img src=\"https://x/images/{other}-480.png\">/images/{HASH}");
        assert_eq!(named_in(&text), BTreeSet::from([HASH, other.as_str()]));
        for none in ["", "/images/", "/images/x", "/images/안안안안안안안안안안안안안안안", HASH] {
            assert!(named_in(none).is_empty(), "{none}");
        }
        let many: Vec<_> = (0..2000).map(|n| format!("/images/{n:032x}")).collect();
        let many = many.concat();
        assert_eq!(named_in(&many).len(), NAMED_MAX);
    }
}
