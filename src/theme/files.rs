//! Static files: what each is, and its address that never shows another content.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base16ct::lower::encode_string;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use sha2::{Digest, Sha256};

/// Where they are on the site.
pub const FOLDER: &str = "/static/";

/// Bytes of the digest in an address: enough that no two versions of a file have the same.
const ADDRESS_DIGEST_BYTES: usize = 8;

/// The media type of drawings.
pub const SVG: &str = "image/svg+xml";

/// What can be served: the ending of the name, and what it is then.
pub(super) const MEDIA_TYPES: [(&str, &str); 14] = [
    ("avif", "image/avif"),
    ("css", "text/css; charset=utf-8"),
    ("gif", "image/gif"),
    ("ico", "image/x-icon"), // https://html.spec.whatwg.org/#rel-icon
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json; charset=utf-8"),
    ("png", "image/png"),
    ("svg", SVG),
    ("txt", "text/plain; charset=utf-8"),
    ("webp", "image/webp"),
    ("woff", "font/woff"),
    ("woff2", "font/woff2"),
];

/// What may not stand in the middle of an address that a page names between quotes.
const IN_DATA_URL: &AsciiSet =
    &CONTROLS.add(b' ').add(b'{').add(b'}').add(b'"').add(b'\'').add(b'<').add(b'>').add(b'#').add(b'%').add(b'&');

/// A static file.
#[derive(Debug)]
pub struct StaticFile {
    /// Its path below the folder.
    pub name: String,
    /// The same with the digest of its content.
    pub lasting_name: String,
    /// What it is.
    pub media_type: &'static str,
    /// What is in it.
    pub content: Cow<'static, [u8]>,
}

impl StaticFile {
    /// A file, if its name says what it is.
    pub(super) fn new(name: &str, content: Cow<'static, [u8]>) -> Option<Self> {
        let media_type = media_type(name)?;
        let (stem, extension) = name.rsplit_once('.')?;
        let digest = Sha256::digest(&content);
        let digest = encode_string(digest.get(..ADDRESS_DIGEST_BYTES).unwrap_or_default());
        let lasting_name = format!("{stem}.{digest}.{extension}");
        Some(Self { name: name.to_owned(), lasting_name, media_type, content })
    }

    /// A drawing as an address that holds all of it.
    fn data_url(&self) -> Option<String> {
        let text = std::str::from_utf8(&self.content).ok().filter(|_| self.media_type == SVG)?;
        Some(format!("data:{SVG},{}", utf8_percent_encode(text.trim_end(), IN_DATA_URL)))
    }
}

/// What templates can ask of static files.
#[derive(Debug)]
pub(super) struct Addresses {
    lasting: BTreeMap<String, String>,
    drawings: BTreeMap<String, String>,
}

impl Addresses {
    pub(super) fn of(files: &[StaticFile]) -> Self {
        let lasting = |file: &StaticFile| (file.name.clone(), format!("{FOLDER}{}", file.lasting_name));
        let drawing = |file: &StaticFile| Some((file.name.clone(), file.data_url()?));
        Self { lasting: files.iter().map(lasting).collect(), drawings: files.iter().filter_map(drawing).collect() }
    }

    /// The address of a file.
    pub(super) fn lasting(&self, name: &str) -> Option<&str> {
        self.lasting.get(name).map(String::as_str)
    }

    /// The address that is a drawing.
    pub(super) fn drawing(&self, name: &str) -> Option<&str> {
        self.drawings.get(name).map(String::as_str)
    }
}

/// What a file of this name is, if it can be served.
pub(super) fn media_type(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    MEDIA_TYPES.iter().find_map(|(known, media_type)| (*known == ending).then_some(*media_type))
}

/// What is sent as a text, in UTF-8.
pub(super) fn is_text(name: &str) -> bool {
    media_type(name).is_some_and(|media_type| media_type.ends_with("charset=utf-8") || media_type == SVG)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::{BuiltIn, Kind};

    /// Every file of ours can be served.
    #[test]
    fn built_in_files_have_a_type() {
        let files: Vec<_> = BuiltIn::all().into_iter().filter(|file| file.kind == Kind::Static).collect();
        assert!(files.len() > 5 && files.iter().all(|file| media_type(file.name).is_some()));
    }

    /// A drawing as an address can stand between quotes, and is the drawing.
    #[test]
    fn drawings_as_addresses() {
        let icon = BuiltIn::named(Kind::Static, "icon.svg").unwrap();
        let files = [
            StaticFile::new("icon.svg", icon.bytes.into()).unwrap(),
            StaticFile::new("a.css", b"".as_slice().into()).unwrap(),
        ];
        let addresses = Addresses::of(&files);
        let url = addresses.drawing("icon.svg").unwrap();
        assert!(!url.contains(['"', '\'', '<', '>', '&', '#', '\n']), "{url}");
        let drawing = percent_encoding::percent_decode_str(url.strip_prefix("data:image/svg+xml,").unwrap());
        assert_eq!(drawing.decode_utf8().unwrap(), include_str!("../../static/icon.svg").trim_end());
        assert_eq!((addresses.drawing("none.svg"), addresses.drawing("a.css")), (None, None));
    }

    /// An address has the digest of the content before the ending, below folders too.
    #[test]
    fn lasting_names() {
        let file = |content: &'static str| StaticFile::new("a.b/c.css", content.as_bytes().into()).unwrap();
        assert_eq!(file("").lasting_name, "a.b/c.e3b0c44298fc1c14.css");
        assert_ne!(file("").lasting_name, file("x").lasting_name);
        assert!(StaticFile::new("noending", b"".as_slice().into()).is_none());
    }
}
